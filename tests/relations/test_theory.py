"""Theories as values: what is refused and with which words, what joining and leaving out mean, what is shared."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any, cast

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError, RefusedRelation, RelgraphError, TheoryError
from relgraph.relations import Relation, Theory, attrs, clause, literals, lvars, relation, theory
from relgraph.relations.precedence import precedence_of
from relgraph.relations.predicates import Predicate, at_least, positive, size_one
from relgraph.strategies import normalize
from relgraph.terms import rows

x, y = lvars("x y")
c, = literals("c")
axis, = attrs("axis")
log, exp, log1p = rnp.log, rnp.exp, rnp.log1p
sin_, cos_ = rnp.sin(x), rnp.cos(x)
v, mistaken = rg.vector("v"), rg.vector("mistaken")


def made() -> Theory:
    return theory(name="stable", log_one_plus=(log(1 + x), log1p(x)), log_exp=(log(exp(x)), x),
                  log_mul=(log(x * y), log(x) + log(y), positive(x)))


stable = made()

MESSAGES: dict[str, tuple[Callable[[], Any], str]] = {
    "no direction left": (lambda: theory(r=(exp(x), exp(y))),
                          r"r: no direction is left, x, y cannot be found from the other side "
                          r"in r: exp\(x\) = exp\(y\); let both sides have the same variables, or compute one with an"),
    "a variable for a side": (lambda: theory(r=(x, y)), "r: no direction is left"),
    "no variable": (lambda: theory(r=(log(rnp.asarray(1.0)), rnp.asarray(0.0))), "r: no direction is left"),
    "a name twice": (lambda: theory(stable, log_exp=(exp(log(x)), x)),
                     "a relation called log_exp is there already: log_exp: log"),
    "a name twice in parts": (lambda: theory(stable, theory(log_exp=(exp(log(x)), x))),
                              "two relations are called log_exp: log_exp: log"),
    "a name twice in a sum": (lambda: stable + theory(log_exp=(exp(log(x)), x)), r"stable \+ theory: two relations are called"),
    "a relation twice": (lambda: theory(stable, theory(log_exp=(exp(log(x)), x))["log_exp"]), "two relations are called log"),
    "no tuple": (lambda: theory(r=log(x)), r"r: .* is no equation; write r=\(lhs, rhs\) or r=\(lhs, rhs, guard\)"),
    "one side": (lambda: theory(r=(log(x),)), "r: .* is no equation"),
    "no term": (lambda: theory(r=(log(x), "one")), "r: 'one' is no side of an equation"),
    "a guard by itself": (lambda: theory(r=(log(x), x), guard=positive(x)),
        r"guard=positive\(x\) is no equation; a guard stands behind .* as in theory\(log_mul=\(lhs, rhs, positive\(x\)\)\)"),
    "an attribute": (lambda: theory(r=(axis, axis)), "r: a side is an attribute, not a term"),
    "a class that is none": (lambda: theory(r=(log(x), x, "reel")),
                             "r: 'reel' is no safety class; use 'exact', 'real' or 'domain'"),
    "a guard that is none": (lambda: theory(r=(log(x), exp(x), 3)), r"r: guard: 3 is no guard; write positive\(x\)"),
    "a guard of Python's": (lambda: theory(r=(log(x), exp(x), True)), r"r: guard: True is no guard; write positive\(x\)"),
    "a guard that is a term": (lambda: theory(r=(log(x), exp(x), x > 0)), r"r: guard: x > 0 is no guard"),
    "a guard that is text": (lambda: theory(r=(log(x), exp(x), "positive(x)")),
                             r"r: 'positive\(x\)' is no safety class; .*; a guard is no text: write positive\(x\)"),
    "a guard about a variable that is nowhere": (lambda: theory(r=(log(x**2), 2 * log(x), positive(y))),
                                                 r"r: a guard speaks of y, which neither side has: .*; write it about x"),
    "a guard of too many operands": (lambda: positive(x, y), r"positive: takes 1 operand, found 2; write positive\(x\)"),
    "a guard of no operand": (lambda: positive(), r"positive: takes 1 operand, found 0; write positive\(x\)"),
    "a guard without its number": (lambda: at_least(x), r"at_least: takes 2 operands, found 1; write at_least\(x, c\)"),
    "an input": (lambda: theory(r=(log(mistaken * x), log(mistaken) + log(x))),
                 r"r: mistaken: float64\[.*\] is an input made at .*test_theory.py:\d+, not a variable .*; write mistaken, = "
                 r"lvars\('mistaken'\)"),
    "an input in a guard": (lambda: theory(r=(log(x), exp(x), positive(v))), "r: v: .* is an input"),
    "one name of two variables": (lambda: theory(r=(exp(x) + lvars("x", kinds="iu")[0], x)),
                                  "r: two different variables are called x"),
    "one attribute of two kinds": (lambda: theory(r=(rnp.sum(rnp.broadcast_to(x, axis), axis), rnp.sum(x, axis))),
                                   "r: axis is 'shape' of one op and 'axis' of another in r: .*; write two variables"),
    "a theory with a name": (lambda: theory(r=cast(Any, stable)), r"theory: r=.* has a name already, or needs none; write it"),
    "a clause with a name": (lambda: theory(r=cast(Any, clause(positive(exp(x))))),
        r"theory: r=positive\(exp\(x\)\) has a name"),
    "a clause without a fact": (lambda: clause(cast(Any, True)),
        r"clause: True is no fact about a term; write clause\(positive"),
    "a relation without a name": (lambda: relation(cast(Any, log(exp(x))), x),
        r"relation: log\(exp\(x\)\) is no name, or a side"),
    "a name with a blank": (lambda: relation("my rule", log(exp(x)), x), "relation: 'my rule' is no name"),
    "kinds that are none": (lambda: lvars("x", kinds="float64"), "lvars: kinds='float64'; kinds are letters of b"),
    "a list of names": (lambda: lvars(cast(Any, ["x", "y"])), r"lvars: \['x', 'y'\] is no text with names; write x, y = lvars"),
    "a name that is none": (lambda: literals("c-d"), r"literals: 'c-d' is no name in 'c-d'"),
    "a variable twice": (lambda: attrs("axis axis"), "attrs: 'axis' stands twice in 'axis axis'"),
    "an op that is none": (lambda: theory(precedence="tnah > sinh"), r"precedence: there is no op 'tnah' in .*mean tanh"),
    "no chain": (lambda: theory(precedence="tanh sinh"), "precedence: there is no op 'tanh sinh'"),
    "a chain the other way": (lambda: theory(precedence="sin < cos"), "precedence: 'sin < cos' .*; write 'cos > sin'"),
    "a list of ops": (lambda: theory(precedence=cast(Any, ["tanh", "sinh"])),
        r"precedence: \['tanh', 'sinh'\] is no text; write"),
    "a negated guard": (lambda: theory(r=(log(x), exp(x), ~positive(x))), "~positive: negated guards are refused"),
    "no part": (lambda: theory(cast(Any, "stable")), "theory: 'stable' is no theory, relation or clause"),
    "no name": (lambda: stable["log_exq"], r"stable: has no relation 'log_exq'; did you mean log_exp\?"),
    "no name like it": (lambda: stable["zzz"], "stable: has no relation 'zzz'; did you mean log_one_plus, log_exp, log_mul"),
    "only": (lambda: stable.only("log_ex"), "did you mean log_exp"),
    "without": (lambda: stable.without("log_ex"), "did you mean log_exp"),
    "no names of variables": (lambda: lvars(" "), "lvars: ' ' is no text with names"),
    "a clause about something else": (lambda: clause(positive(exp(x)), positive(y)),
                                      "speaks of y, which the head does not bind"),
    "a circle of precedence": (lambda: theory(precedence="log > exp, exp > log"), "precedence: .* stands above itself"),
    "precedences that disagree": (lambda: theory(precedence="log > exp") + theory(precedence="exp > log"), "above itself"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name: str) -> None:
    make, message = MESSAGES[name]
    with pytest.raises(TheoryError, match=message):
        make()


loose: dict[str, Callable[..., Any]] = {f.__name__: f for f in (lvars, literals, attrs, relation)}  # untyped
log_exp: Any = stable["log_exp"]
ARGUMENTS: list[tuple[Callable[[], Any], str]] = [
    (lambda: loose["relation"]("r", log(exp(x)), x, guard=positive(x)), r"relation: .* 'guard'; write guards after the sides"),
    (lambda: loose["lvars"]("x", dtype="float64"), r"lvars: .* 'dtype'; write lvars\('n', kinds='f'\) for a kind of dtypes"),
    (lambda: loose["literals"]("c", kinds="f"), "literals: .* 'kinds'; a literal matches a constant at any dtype; say more"),
    (lambda: loose["attrs"]("c", kinds="f"), "attrs: .* 'kinds'; attrs takes names"),
    (lambda: log_exp.check("domain"), r"check: takes no argument, found 'domain'; .* as in relation\('log_exp'"),
    (lambda: log_exp.directions("->"), r"directions: takes no argument, found '->'; write '->' in"),
    (lambda: relation("a", log(x * axis), x), r"multiply: operand 2, axis, is an attribute, .*; write lvars"),
]


@pytest.mark.parametrize(("do", "message"), ARGUMENTS)
def test_arguments_that_are_none(do: Callable[[], Any], message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        do()


def test_guards_print_all_their_axes() -> None:
    r = relation("inv_scale", rnp.linalg.inv(x * y), rnp.linalg.inv(x) / y, size_one(y, (-1, -2)))
    assert str(r).endswith("if size_one(y, (-1, -2))") and str(size_one(y, (-1,))) == "size_one(y, -1)"
    assert str(size_one(y, axis)) == "size_one(y, axis)"


def test_an_impossible_type_is_refused_when_it_is_checked() -> None:
    with pytest.raises(RelgraphError, match="type"):
        theory(r=(rnp.linalg.det(x), rnp.matmul(x, x))).check()


def test_a_false_relation_is_refused_with_a_counterexample() -> None:
    with pytest.raises(RefusedRelation, match=r"root: sqrt\(x\*\*2\) = x\n"):
        theory(root=(rnp.sqrt(x**2), x)).check()


def test_check_gives_verdicts() -> None:
    verdicts = stable.check("log_exp")
    assert list(verdicts) == ["log_exp"] and verdicts["log_exp"].safety() == "real"


def test_verdicts_print_as_their_tables() -> None:
    """A mapping still; printed, shown and in a notebook it is what the verdicts print."""
    both = stable.check("log_exp", "log_mul")
    assert str(both) == repr(both) == f"{both['log_exp']}\n{both['log_mul']}" and "log_exp: log(exp(x)) = x\n" in str(both)
    assert "<pre>" in both._repr_html_() and "-&gt;" in both._repr_html_()
    assert dict(both) == both and list(both) == ["log_exp", "log_mul"]
    facts = theory(clause(positive(exp(x)))).check_facts()
    assert list(facts) == ["positive(exp(x))"] and str(facts).startswith("positive(exp(x)): ")
    assert str(theory(clause(positive(exp(x)))).check()) == "nothing to check"


# -- as a collection -------------------------------------------------------------------------------------------------------

def test_a_theory_is_a_collection() -> None:
    assert len(stable) == 3 and "log_exp" in stable and "other" not in stable
    assert [r.name for r in stable] == ["log_one_plus", "log_exp", "log_mul"]
    assert isinstance(stable["log_exp"], Relation)
    assert repr(stable) == "Theory(stable: 3 relations)"


def test_only_without_plus_reversed_named() -> None:
    assert [r.name for r in stable.only("log_mul", "log_exp")] == ["log_mul", "log_exp"]
    assert [r.name for r in stable.without("log_exp")] == ["log_one_plus", "log_mul"]
    both = stable.only("log_exp") + stable.without("log_exp")
    assert sorted(r.name for r in both) == sorted(r.name for r in stable)
    assert (stable + stable).digest() == stable.digest()
    back = stable.reversed()
    assert [str(r) for r in back] == ["log_one_plus: log1p(x) = log(1 + x)",
                                      "log_mul: log(x) + log(y) = log(x*y)   if positive(x)"]
    assert back.reversed()["log_one_plus"].lhs is stable["log_one_plus"].lhs
    assert stable.named("other").name == "other" and stable.name == "stable"


def test_a_theory_is_made_of_theories_relations_and_clauses() -> None:
    t = theory(stable.only("log_exp"), stable["log_mul"], clause(positive(exp(x))), [clause(positive(rnp.cosh(x)))],
               r=(sin_, cos_))
    assert [r.name for r in t] == ["log_exp", "log_mul", "r"] and len(t.clauses) == 2


@pytest.mark.parametrize(("equation", "directions"), [
    ((log(1 + x), log1p(x)), ("->", "<-")), ((x * 0, 0), ("->",)), ((log(exp(x)), x), ("->",)),
    ((x - x + y, y), ("->",)), ((rnp.sum(x, axis), rnp.sum(x * 1, axis)), ("->", "<-")),
    ((log(x), exp(x), positive(x)), ("->", "<-")), ((x * y * 0, y * 0), ("->",)),
])
def test_directions(equation: Any, directions: tuple[str, ...]) -> None:
    r = theory(r=equation)["r"]
    assert r.directions() == directions
    assert str(theory(r=equation)).startswith("|".join(directions))


# -- by content ------------------------------------------------------------------------------------------------------------

def test_the_digest_is_the_content() -> None:
    assert made().digest() == stable.digest()
    others = [stable.without("log_exp"), stable.only("log_exp", "log_one_plus", "log_mul"),
              theory(stable, clause(positive(exp(x)))),
              theory(stable.without("log_mul"), log_mul=(log(x * y), log(x) + log(y))),
              theory(stable.without("log_mul"), log_mul=(log(x * y), log(x) + log(y), positive(y)))]
    digests = {t.digest() for t in (stable, *others)}
    assert len(digests) == 6


def test_equal_theories_share_what_was_compiled() -> None:
    first, second = made(), made()
    assert first.compiled() is second.compiled()
    assert first.compiled("exact") is not first.compiled("real")
    assert normalize(first).run(log(1 + v)) is normalize(second).run(log(1 + v))


def test_what_was_compiled_dies_with_the_last_theory() -> None:
    t = theory(only_here=(rnp.sinh(rnp.cosh(x)), x))
    t.compiled()
    key = (t.digest(), "real")
    store = sys.modules["relgraph.relations.theory"]._compiled
    assert key in store
    del t
    gc.collect()
    assert key not in store


def test_predicates_of_one_name_are_told_apart() -> None:
    """Theories are shared by content: a guard's meaning is part of it."""
    yes, no = (Predicate("sometimes", lambda value, b=b: b) for b in (True, False))
    one, two = theory(r=(rnp.sin(c * x), rnp.cos(x), yes(c))), theory(r=(rnp.sin(c * x), rnp.cos(x), no(c)))
    t = rnp.sin(2 * v)
    assert rg.rewrite(t, one) is rnp.cos(v) and rg.rewrite(t, two) is not rnp.cos(v)


# -- precedence ------------------------------------------------------------------------------------------------------------

def test_precedence() -> None:
    p = precedence_of("log > sum > multiply, max = min > abs, reciprocal > exp")
    ops = rows()
    greater = [("log", "sum"), ("log", "multiply"), ("max", "abs"), ("min", "abs"), ("reciprocal", "exp"), ("sin", "add"),
               ("multiply", "add"), ("add", "reciprocal"), ("reciprocal", "negative"), ("exp", "negative"),
               ("sin", "reciprocal")]
    for a, b in greater:
        assert p.greater(ops[a], ops[b]) and not p.greater(ops[b], ops[a]), (a, b)
    assert p.same(ops["max"], ops["min"]) and not p.greater(ops["max"], ops["min"])
    assert not p.greater(ops["sin"], ops["exp"]) and not p.greater(ops["exp"], ops["sin"])


def test_termination_arguments() -> None:
    t = theory(shrinks=(log(exp(x)), x), copies=(rnp.sinh(x), exp(x) - exp(-x)), sign=(rnp.tan(-x), -rnp.tan(x)),
               grows=(rnp.cosh(x), rnp.cosh(rnp.tanh(x))), precedence="sinh > exp")
    assert t.termination() == {"shrinks": "shrinks", "copies": "precedence", "sign": "precedence", "grows": ""}


def test_a_cast_in_a_pattern_has_the_dtype_that_it_states() -> None:
    """``real(x) = x`` of real numbers does not reduce the left side that takes the real part of a cast to complex."""
    z, = lvars("z")
    t = theory(same=(rnp.real(z), z), real_cast=(rnp.real(rnp.astype(z, "complex128")), rnp.astype(z, "float64")))
    assert "real_cast" not in t.compiled().reduced
    single = rg.vector("single", dtype="float32")
    assert rg.rewrite(rnp.real(rnp.astype(single, "complex128")), t) is rnp.astype(single, "float64")
