"""Typed instances of patterns: fresh inputs of which the guards are assumed, numbers for literals, attributes that fit."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import RelgraphError
from ...terms.elementwise import assume_
from ...terms.term import LVar, Term, attr, const, make
from ...terms.type import ATTR, Type
from ..predicates import Guard
from ..template import variables
from ..verify.pattern import instantiate
from ..verify.samples import admitted
from ..verify.shapes import Plan, Search, typed_or_attr
from ..verify.verifier import groups_of

__all__ = ["NUMBERS", "WHOLE", "ground"]

NUMBERS = (0.375, -2.5, 7.0, -5.0, 11.0, 6.0)  # that no equation is about
WHOLE = (7.0, 5.0, 6.0, -3.0, 0.375, -2.5)
_TRIED = 40
_ERRORS = (RelgraphError, ValueError, TypeError, IndexError, AttributeError)


def ground(pattern: Term, guards: Sequence[Guard], numbers: Sequence[float] = WHOLE, nth: int = 0) -> Term | None:
    """An instance of a pattern for which the guards about its variables are known to hold; None if no type was found.

    ``numbers``: what literals stand for, the first ones that the guards allow; ``nth``: which choice of attributes.
    """
    search = Search(pattern, pattern, guards, groups_of(pattern, pattern)[0])
    plan = _plan(search, nth)
    if plan is None:
        return None
    binding: dict[Any, Term] = {}
    for v, _ in plan.shapes:
        facts = tuple(sorted({f for g in guards if g.args[0] is v and g.predicate.scope in ("element", "matrix")
                              and (f := _fact(g, plan)) is not None}, key=str))
        t = plan.binding[v]
        t = make(t.op, t.args) if t.args else t
        if v.sort == "term":
            binding[v] = make(assume_, (t, attr(facts))) if facts else t
    binding |= {v: attr(value) for v, value in plan.attrs}
    chosen = _numbers(search.literals, guards, plan, numbers)
    if chosen is None:
        return None
    binding |= chosen
    try:
        t = instantiate(pattern, binding, search.result)
    except _ERRORS:
        return None
    return t if type(t.type) is Type else None


def _fact(g: Guard, plan: Plan) -> Any:
    """A guard as a fact to be assumed, with its number if that is an attribute; None where it is another variable."""
    if len(g.args) == 1:
        return g.name
    number = typed_or_attr(g.args[1], plan.binding)
    return (g.name, number) if g.predicate.numbers == 1 and isinstance(number, int) else None


def _plan(search: Search, nth: int) -> Plan | None:
    """The first plan: vectors for elementwise patterns, else the least ranks that have a type; ``nth`` other attributes."""
    if search.flat:
        return search.concrete({v: (3,) for v in search.terms}, {}) if nth == 0 else None
    seen: set[Any] = set()
    for p in itertools.islice(search.plans(), _TRIED):
        if p.right is not None and p.attrs not in seen:
            seen.add(p.attrs)
            if len(seen) > nth:
                return p
    return None


def _numbers(literals: Sequence[LVar], guards: Sequence[Guard], plan: Plan,
             numbers: Sequence[float]) -> Mapping[Any, Term] | None:
    """Numbers for the literals of which the guards about literals alone are true, different ones if possible."""
    about = [g for g in guards if (vs := [v for a in g.args for v in variables(a) if v.type is not ATTR])
             and all(v in literals for v in vs)]
    for choice in itertools.permutations(numbers, len(literals)):
        values: dict[Term, Any] = {plan.binding[v]: const(n, plan.binding[v].type.dtype).data
                                   for v, n in zip(literals, choice, strict=True)}
        if not about or bool(admitted(about, plan.binding, values)):
            return {v: const(n, plan.binding[v].type.dtype) for v, n in zip(literals, choice, strict=True)}
    return None
