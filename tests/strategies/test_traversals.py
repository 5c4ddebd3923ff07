"""What traversals do to a term, how often they call the strategy they are given, and what they refuse."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from small_rules import (
    Counted,
    V,
    X,
    Y,
    chain_of,
    different,
    never,
    no_sin,
    same,
    sin_of_exp,
    text,
    to_scalar,
    to_vector,
    twice,
    x_to_y,
)

import relgraph as rg
import relgraph.numpy as rnp
from relgraph import strategies as s
from relgraph.errors import BudgetError, TypeNotPreserved
from relgraph.terms.elementwise import add, exp, multiply, sin
from relgraph.terms.structure import sum_
from relgraph.terms.term import Term, toposort

# -- how it looks on a term ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("strategy", "term", "expected"), [
    (s.topdown(s.attempt(x_to_y)), lambda: sin(X) + exp(X), "add(sin(y), exp(y))"),
    (s.topdown(x_to_y), lambda: sin(X), None),
    (s.alltd(sin_of_exp), lambda: exp(exp(X)) + exp(Y), "add(sin(exp(x)), sin(y))"),
    (s.oncetd(sin_of_exp), lambda: exp(exp(X)) + exp(Y), "add(sin(exp(x)), exp(y))"),
    (s.oncebu(sin_of_exp), lambda: exp(exp(X)) + exp(Y), "add(exp(sin(x)), exp(y))"),
    (s.oncetd(x_to_y), lambda: X + X, "add(y, x)"),
    (s.one(x_to_y), lambda: Y + X, "add(y, y)"),
    (s.some(x_to_y), lambda: Y + X, "add(y, y)"),
    (s.some(x_to_y), lambda: X + Y, "add(y, y)"),
    (s.some(x_to_y), lambda: Y + Y, None),
    (s.all_(x_to_y), lambda: Y + X, None),
    (s.all_(never), lambda: X, "x"),
    (s.one(same), lambda: X, None),
    (s.outermost(s.choice(x_to_y, different)), lambda: X + X, "add(y, y)"),
    (s.outermost(s.choice(x_to_y, twice)), lambda: X + Y, "multiply(y, y)"),
    (s.outermost(to_vector), lambda: Y, "v"),
    (s.repeat(s.oncetd(s.choice(x_to_y, different))), lambda: X + X, "y"),
    (s.innermost(s.choice(sin_of_exp, no_sin)), lambda: exp(exp(X) + sin(Y)), "add(x, y)"),
    (s.congruence(add, x_to_y, s.identity), lambda: X + X, "add(y, x)"),
    (s.congruence(sum_, s.all_(s.attempt(x_to_y))), lambda: rnp.sum(V * X), "sum(multiply(v, y))"),
])
def test_on_a_term(strategy: Any, term: Callable[[], Term], expected: str | None) -> None:
    found = strategy(term())
    assert (found if found is None else text(found)) == expected


def test_outermost_prefers_the_root() -> None:
    """An operand that would never end is thrown away first."""
    def first(t: Term) -> Term | None:
        return t.args[0] if t.op is multiply else None
    endless = s.rule("endless", lambda t: exp(t) if t is X else None)
    assert s.outermost(s.choice(first, endless))(multiply(Y, X)) is Y
    with pytest.raises(BudgetError):
        s.innermost(s.choice(first, endless))(multiply(Y, X))


# -- binders ------------------------------------------------------------------------------------------------------------------

def test_bodies_are_visited() -> None:
    f = rg.lam([X.type], lambda a: exp(a) + X)
    assert s.topdown(s.attempt(x_to_y))(f) is rg.lam([X.type], lambda a: exp(a) + Y)
    assert s.bottomup(s.attempt(sin_of_exp))(f) is rg.lam([X.type], lambda a: sin(a) + X)
    assert s.congruence(f.op, s.one(sin_of_exp))(f) is rg.lam([X.type], lambda a: sin(a) + X)


def test_the_binder_is_renumbered_without_capture() -> None:
    """The body gets a deeper nest of binders inside, in which the outer variable must stay itself."""
    inner = rg.lam([X.type], lambda b: exp(b))

    def deeper(t: Term) -> Term | None:
        return rg.lam([X.type], lambda b: sin(b)) if t is inner else None

    def nest(t: Term) -> Term | None:
        return rg.lam([X.type], lambda c: rg.lam([X.type], lambda d: d + c * X)) if t is nested else None

    f = rg.lam([X.type], lambda a: rg.lam([X.type], lambda b: a + exp(b)))
    assert s.topdown(s.attempt(sin_of_exp))(f) is rg.lam([X.type], lambda a: rg.lam([X.type], lambda b: a + sin(b)))
    assert s.topdown(s.attempt(deeper))(inner) is rg.lam([X.type], lambda b: sin(b))
    nested = rg.lam([X.type], lambda c: rg.lam([X.type], lambda d: d * c))
    g = rg.lam([X.type], lambda a: rg.lam([X.type], lambda c: rg.lam([X.type], lambda d: d * c)))
    assert s.oncetd(nest)(g) is rg.lam(
        [X.type], lambda a: rg.lam([X.type], lambda c: rg.lam([X.type], lambda d: d + c * X)))


# -- how often the strategy is called -----------------------------------------------------------------------------------------

@cache
def chain() -> Term:
    return chain_of(100_000)


@cache
def doubled(n: int = 60) -> Term:
    """A graph of n + 1 nodes and 2**n paths."""
    t = X
    for _ in range(n):
        t = t + t
    return t


@pytest.mark.parametrize("build", [chain, doubled])
@pytest.mark.parametrize(("traversal", "per_node"), [
    (lambda r: s.topdown(s.attempt(r)), 1), (lambda r: s.bottomup(s.attempt(r)), 1), (s.alltd, 1), (s.oncetd, 1), (s.oncebu, 1),
    (lambda r: s.topdown(s.not_(s.where(s.fail))), 0),
    (lambda r: s.bottomup(s.attempt(s.topdown(s.attempt(r)))), 2),
    (s.innermost, 1), (s.outermost, 1),
])
def test_every_node_once(build: Any, traversal: Any, per_node: int) -> None:
    """The strategy applies at the one node furthest from the root."""
    t = build()
    nodes = len(toposort(t))
    r = Counted(x_to_y)
    found = traversal(r)(t)
    assert found is not None and (found is t) == (per_node == 0)
    slack = nodes if traversal is s.outermost else 0  # what stands above a change is tried again
    assert r.calls <= per_node * nodes + slack + 1


@pytest.mark.parametrize("traversal", [s.alltd, s.oncetd, s.oncebu, s.innermost, s.outermost, s.topdown, s.bottomup])
def test_failing_is_remembered(traversal: Any) -> None:
    r = Counted(never)
    traversal(r)(doubled())
    assert r.calls <= 61


def test_rewriting_a_long_chain_is_linear() -> None:
    n = 20_000
    r = Counted(s.choice(no_sin, sin_of_exp))
    assert s.innermost(r)(chain_of(n)) is X
    assert r.calls <= 2 * n + 1


@pytest.mark.parametrize("fixpoint", [s.innermost, s.outermost])
def test_no_term_is_tried_again_in_vain(fixpoint: Any) -> None:
    """Also not the parts of a normal form whose roots the rule never touched."""
    t = X
    for _ in range(50):
        t = exp(t + Y)
    tried: list[Term] = []

    def rule(u: Term) -> Term | None:
        found = sin_of_exp(u)
        if found is None:
            tried.append(u)
        return found
    fixpoint(rule)(t)
    assert len(tried) == len(set(tried))


def test_nothing_is_kept() -> None:
    def marked() -> Any:
        t = s.topdown(s.attempt(sin_of_exp))(exp(rg.scalar("only here")))
        assert t is not None
        return weakref.ref(t)
    gone = marked()
    gc.collect()
    assert gone() is None


# -- types --------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("strategy", [
    s.topdown(s.attempt(to_vector)), s.bottomup(s.attempt(to_vector)), s.alltd(to_vector), s.oncetd(to_vector),
    s.oncebu(to_vector), s.innermost(to_vector), s.outermost(to_vector), s.all_(s.attempt(to_vector)), s.one(to_vector),
    s.some(to_vector), s.congruence(exp, to_vector)], ids=repr)
def test_a_type_that_changes_is_refused(strategy: Any) -> None:
    with pytest.raises(TypeNotPreserved) as e:
        strategy(exp(Y))
    assert str(e.value) == (f"{strategy!r}: put v: float64[3] in the place of y: float64 in exp(y); "
                            "a strategy keeps dtype and shape: add astype, broadcast_to or reshape to the rule")


def test_a_type_may_change_on_the_way() -> None:
    assert s.all_(s.seq(to_vector, to_scalar))(exp(Y)) is exp(Y)
    assert s.seq(to_vector, to_scalar)(Y) is Y
    with pytest.raises(TypeNotPreserved, match=r"^to_vector: put v"):
        s.run_strategy(to_vector, Y)
