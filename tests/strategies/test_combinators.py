"""How combinators print, compare and travel, and what they say when they are misused."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from small_rules import X, Y, never, same, sin_of_exp, to_vector, x_to_y

from relgraph import strategies as s
from relgraph.errors import MisuseError
from relgraph.strategies import (
    all_,
    alltd,
    attempt,
    bottomup,
    choice,
    congruence,
    fail,
    identity,
    innermost,
    limit,
    not_,
    oncebu,
    oncetd,
    one,
    outermost,
    repeat,
    rule,
    seq,
    some,
    topdown,
    where,
)
from relgraph.terms.elementwise import add, exp
from relgraph.terms.joining import concat_
from relgraph.terms.term import Term, lvar

a, b = sin_of_exp, x_to_y
law = rule("law", never)
WRITTEN = """
identity
fail
seq(sin_of_exp, attempt(x_to_y))
choice(sin_of_exp, seq(law, fail), identity)
attempt(law)
repeat(oncetd(law))
all_(law)
one(law)
some(law)
where(not_(law))
topdown(attempt(bottomup(law)))
innermost(choice(law, sin_of_exp))
outermost(law)
oncebu(alltd(law))
congruence(add, law, identity)
limit(10, repeat(law))
""".split("\n")[1:-1]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_strategy_prints_as_it_was_written(text: str) -> None:
    names: dict[str, Any] = {n: getattr(s, n) for n in dir(s)} | {"sin_of_exp": a, "x_to_y": b, "law": law, "add": add}
    strategy = eval(text, names)
    assert repr(strategy) == text
    assert strategy == eval(text, names) and hash(strategy) == hash(eval(text, names))
    assert repr(pickle.loads(pickle.dumps(strategy))) == text


def test_strategies_differ_by_kind_and_parts() -> None:
    assert topdown(a) != bottomup(a) and topdown(a) != topdown(b) and seq(a, b) != seq(b, a)
    assert len({f(law) for f in (all_, one, some, topdown, bottomup, alltd, oncetd, oncebu, innermost, outermost, repeat,
                                 attempt, where, not_)}) == 14


@pytest.mark.parametrize(("strategy", "term", "expected"), [
    (identity, X, X), (fail, X, None), (seq(), X, X), (choice(), X, None),
    (seq(a, b), exp(X), None), (choice(a, b), X, Y), (attempt(a), X, X), (where(b), X, X), (where(b), Y, None),
    (not_(b), X, None), (not_(b), Y, Y), (repeat(b), X, Y), (repeat(same), X, X), (repeat(never), X, X),
    (limit(0, attempt(b)), X, X), (limit(0, b), X, None), (limit(1, b), X, Y), (rule("named", x_to_y), X, Y),
    (congruence(concat_, b, identity), X, None),
])
def test_on_one_term(strategy: Any, term: Term, expected: Term | None) -> None:
    assert strategy(term) is expected


def test_congruence_wants_a_strategy_per_operand() -> None:
    with pytest.raises(MisuseError) as e:
        congruence(add, a)
    assert str(e.value) == "congruence: add has 2 operands, found 1 strategies; write identity for an operand that stays"
    with pytest.raises(MisuseError, match=r"the first argument is the op, found topdown\(law\)"):
        congruence(topdown(law), a)  # pyright: ignore[reportArgumentType]


def test_a_rule_that_returns_no_term_is_named() -> None:
    with pytest.raises(MisuseError) as e:
        topdown(rule("wrong", lambda t: 3))(exp(X))  # pyright: ignore[reportArgumentType]
    assert str(e.value) == "wrong: returned 3 for exp(x); a strategy returns a term, or None where it does not apply"


def test_an_error_in_a_rule_says_where() -> None:
    def broken(t: Term) -> Term | None:
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError) as e:
        topdown(broken)(exp(X))
    assert e.value.__notes__ == ["while broken was applied to exp(x): float64"]


def test_terms_with_logic_variables_may_gain_a_type() -> None:
    """The type of a pattern is not known, so none is lost."""
    v = lvar("v")
    pattern = exp(v)
    assert all_(rule("instance", lambda t: X if t is v else None))(pattern) is exp(X)


def test_the_class_is_not_needed_to_nest() -> None:
    """A plain function may call strategies itself; they are then rules to the ones around."""
    def by_hand(t: Term) -> Term | None:
        return topdown(attempt(x_to_y))(t)
    assert seq(by_hand, not_(to_vector))(exp(X)) is exp(Y)
