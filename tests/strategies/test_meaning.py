"""Every combinator and traversal against its literal recursive meaning, on small terms with sharing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import RULES, Fn, V, X, Y, never, no_sin, same, sin_of_exp, to_scalar, to_vector, x_to_y

import relgraph.numpy as rnp
from relgraph import strategies as s
from relgraph.errors import TypeNotPreserved
from relgraph.strategies.combinators import operands
from relgraph.terms.binders import close_over
from relgraph.terms.elementwise import add, exp, multiply, sin
from relgraph.terms.structure import sum_
from relgraph.terms.term import Term, rebuild

# -- the literal meaning ------------------------------------------------------------------------------------------------------


class Endless(Exception):
    pass


def put(t: Term, made: list[Term]) -> Term:
    for old, new in zip(operands(t), made, strict=True):
        if new.type is not old.type:
            raise TypeNotPreserved
    return t if tuple(made) == operands(t) else rebuild(t, (*made, *t.args[len(made):]))


def seq(*parts: Fn) -> Fn:
    def apply(t: Term) -> Term | None:
        for p in parts:
            r = p(t)
            if r is None:
                return None
            t = r
        return t
    return apply


def choice(*parts: Fn) -> Fn:
    return lambda t: next((r for p in parts if (r := p(t)) is not None), None)


def attempt(p: Fn) -> Fn:
    return choice(p, lambda t: t)


def progress(p: Fn) -> Fn:
    return lambda t: None if (r := p(t)) is t else r


def all_(p: Fn) -> Fn:
    def apply(t: Term) -> Term | None:
        made = []
        for a in operands(t):
            r = p(a)
            if r is None:
                return None
            made.append(r)
        return put(t, made)
    return apply


def one(p: Fn) -> Fn:
    def apply(t: Term) -> Term | None:
        a = operands(t)
        return next((put(t, [*a[:i], r, *a[i + 1:]]) for i in range(len(a)) if (r := p(a[i])) is not None), None)
    return apply


def some(p: Fn) -> Fn:
    def apply(t: Term) -> Term | None:
        made = [p(a) for a in operands(t)]
        if all(r is None for r in made):
            return None
        return put(t, [a if r is None else r for a, r in zip(operands(t), made, strict=True)])
    return apply


def congruence(op: Any, *parts: Fn) -> Fn:
    def apply(t: Term) -> Term | None:
        if t.op is not op:
            return None
        made = []
        for p, a in zip(parts, operands(t), strict=True):
            r = p(a)
            if r is None:
                return None
            made.append(r)
        return put(t, made)
    return apply


def later(f: Callable[[Fn], Fn], p: Fn) -> Fn:
    return lambda t: f(p)(t)


def repeat(p: Fn) -> Fn:
    return attempt(seq(progress(p), later(repeat, p)))


def topdown(p: Fn) -> Fn:
    return seq(p, all_(later(topdown, p)))


def bottomup(p: Fn) -> Fn:
    return seq(all_(later(bottomup, p)), p)


def alltd(p: Fn) -> Fn:
    return choice(p, all_(later(alltd, p)))


def oncetd(p: Fn) -> Fn:
    return choice(p, one(later(oncetd, p)))


def oncebu(p: Fn) -> Fn:
    return choice(one(later(oncebu, p)), p)


def innermost(p: Fn) -> Fn:
    return bottomup(attempt(seq(progress(p), later(innermost, p))))


def oncetd_everywhere(p: Fn) -> Fn:
    """`oncetd` on a graph: what it changes, it changes wherever it occurs."""
    def redex(t: Term) -> tuple[Term, Term] | None:
        r = p(t)
        return (t, r) if r is not None else next((f for a in operands(t) if (f := redex(a)) is not None), None)

    def replaced(t: Term, old: Term, new: Term) -> Term:
        return new if t is old else put(t, [replaced(a, old, new) for a in operands(t)])

    def apply(t: Term) -> Term | None:
        found = redex(t)
        return None if found is None else replaced(t, *found)
    return apply


def outermost(p: Fn) -> Fn:
    return repeat(oncetd_everywhere(progress(p)))


MEANING: dict[str, Callable[..., Fn]] = {
    "seq": seq, "choice": choice, "attempt": attempt, "repeat": repeat, "all_": all_, "one": one, "some": some,
    "topdown": topdown, "bottomup": bottomup, "alltd": alltd, "oncetd": oncetd, "oncebu": oncebu, "innermost": innermost,
    "outermost": outermost,
    "where": lambda p: lambda t: None if p(t) is None else t,
    "not_": lambda p: lambda t: t if p(t) is None else None,
    "congruence_add": lambda p, q: congruence(add, p, q),
    "congruence_sum": lambda p: congruence(sum_, p),
}
OURS: dict[str, Any] = {n: getattr(s, n) for n in MEANING if hasattr(s, n)} | {
    "congruence_add": lambda p, q: s.congruence(add, p, q), "congruence_sum": lambda p: s.congruence(sum_, p)}


def literal(spec: Any, fuel: int = 1000) -> Fn:
    left = [fuel]

    def rule(f: Fn) -> Fn:
        def apply(t: Term) -> Term | None:
            left[0] -= 1
            if left[0] < 0:
                raise Endless
            return f(t)
        return apply

    def build(spec: Any) -> Fn:
        return MEANING[spec[0]](*map(build, spec[1:])) if isinstance(spec, tuple) else rule(spec)
    return build(spec)


def ours(spec: Any) -> Any:
    return OURS[spec[0]](*map(ours, spec[1:])) if isinstance(spec, tuple) else spec


def result(f: Fn, t: Term) -> Any:
    try:
        return f(t)
    except (Endless, RecursionError):
        return Endless
    except TypeNotPreserved:
        return TypeNotPreserved


# -- small terms and strategies -----------------------------------------------------------------------------------------------

@st.composite
def terms(draw: Any) -> Term:
    """A term of a few ops, whose later nodes take any earlier ones: shared at random; sometimes under one or two `lam`."""
    pool: list[Term] = [rnp.sum(V), Y, X, exp(X)]
    for _ in range(draw(st.integers(2, 8))):
        op = draw(st.sampled_from([add, add, add, multiply, exp, exp, sin, "sum"]))
        a = draw(st.sampled_from(pool[-4:]))
        if op == "sum":
            pool.append(rnp.sum(V * a))
        else:
            pool.append(op(a, draw(st.sampled_from(pool[-4:]))) if op.arity == 2 else op(a))
    t = pool[-1]
    for name in draw(st.sampled_from(["", "", "", "", "", "", "", "x", "y", "xy"])):
        t = close_over(t, [X if name == "x" else Y])
    return t


UNARY = [n for n in MEANING if n not in ("seq", "choice", "congruence_add")]
A_RULE = st.sampled_from([r for r in RULES for _ in range(1 if r in (never, same, to_vector, to_scalar) else 3)])
SEVERAL = st.tuples(st.just("choice"), A_RULE, A_RULE, A_RULE)
SPECS = st.recursive(st.one_of(A_RULE, SEVERAL, SEVERAL, st.tuples(st.just("attempt"), SEVERAL)), lambda inner: st.one_of(
    st.tuples(st.sampled_from(UNARY), inner),
    st.tuples(st.sampled_from(["innermost", "outermost", "repeat"]), st.tuples(st.sampled_from(UNARY), inner)),
    st.tuples(st.sampled_from(["seq", "choice", "congruence_add"]), inner, inner)), max_leaves=4)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(SPECS, terms())
def test_the_literal_meaning(spec: Any, t: Term) -> None:
    expected = result(literal(spec), t)
    if expected is Endless:
        try:
            assert s.run_strategy(ours(spec), t, budget=40).steps <= 40
        except TypeNotPreserved:
            pass
        return
    strategy = ours(spec)
    assert result(strategy, t) is expected, strategy
    if expected is not TypeNotPreserved and (expected is None or expected.type is t.type):
        outcome = s.run_strategy(strategy, t)
        assert outcome.term is (t if expected is None else expected)
        assert outcome.applied == (expected is not None) and outcome.stopped == "done"


@pytest.mark.parametrize("name", UNARY)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEVERAL, A_RULE, terms())
def test_the_literal_meaning_of_each(name: str, a: Any, b: Fn, t: Term) -> None:
    for spec in ((name, b), (name, a), (name, ("attempt", a)), (name, ("seq", b, ("attempt", a)))):
        expected = result(literal(spec), t)
        if expected is not Endless:
            assert result(ours(spec), t) is expected, spec


@settings(max_examples=200, deadline=None, derandomize=True)
@given(terms())
def test_any_order_reaches_the_normal_form(t: Term) -> None:
    """Of rules that end and commute: also place by place, as Stratego's outermost."""
    rules = s.choice(x_to_y, sin_of_exp, no_sin)
    forms = [s.innermost(rules), s.outermost(rules), s.repeat(s.oncetd(rules)), s.repeat(s.oncebu(rules))]
    assert len({f(t) for f in forms}) == 1
