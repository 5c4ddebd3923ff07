"""Typed instances of patterns: fresh inputs of which the guards are assumed, numbers for literals, attributes that fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...errors import RelgraphError
from ...terms.elementwise import assume_
from ...terms.term import LVar, Term, attr, const, make
from ...terms.type import ATTR, Type
from ..known import run_of_values
from ..predicates import Guard
from ..template import variables
from ..verify.admission import admitted
from ..verify.pattern import instantiate
from ..verify.samples import fill
from ..verify.shapes import Plan, Search, typed_or_attr
from ..verify.verifier import groups_of

__all__ = ["NUMBERS", "TRIED", "WHOLE", "gave_up", "ground"]

NUMBERS = (0.375, -2.5, 7.0, -5.0, 11.0, 6.0)  # that no equation is about
WHOLE = (7.0, 5.0, 6.0, -3.0, 0.375, -2.5)
TRIED = 40
_SMALL, _CHOICES = (1.0, 2.0, 3.0, -1.0, -2.0), 700
_ERRORS = (RelgraphError, ValueError, TypeError, IndexError, AttributeError)


def ground(pattern: Term, guards: Sequence[Guard], numbers: Sequence[float] = WHOLE, nth: int = 0) -> Term | None:
    """An instance of a pattern for which the guards about its variables are known to hold; None if no type was found.

    ``numbers``: what literals stand for, the first ones that the guards allow; ``nth``: which choice of attributes and ranks.
    Positions of which a guard speaks, as that none occurs twice, are numbers too: of those of an input nothing is known.
    """
    return _ground(pattern, tuple(guards), tuple(numbers), nth)


@lru_cache(8192)  # a relation is looked at alone, and again in each theory that holds it
def _ground(pattern: Term, guards: tuple[Guard, ...], numbers: tuple[float, ...], nth: int) -> Term | None:
    search, found, others = _plans(pattern, guards)
    while len(found) <= nth:
        more = next(others, None)
        if more is None:
            return None
        found.append(more)
    plan = found[nth]
    binding: dict[Any, Term] = {}
    for v, _ in plan.shapes:
        facts = tuple(sorted({f for g in guards if g.args[0] is v and g.predicate.scope in ("element", "matrix")
                              and (f := _fact(g, plan)) is not None}, key=str))
        t = plan.binding[v]
        t = make(t.op, t.args) if t.args else t
        if v.sort == "term":
            binding[v] = make(assume_, (t, attr(facts))) if facts else t
            if t.type.dtype.kind in "iu" and any(g.args[0] is v and g.predicate.scope == "array" for g in guards):
                tried = [values[plan.binding[v]] for k in range(1, 9) if (values := fill(plan, guards, "mild", k)) is not None]
                tried.sort(key=lambda a: run_of_values(a) is not None)  # what is a slice is rewritten to one before
                binding[v] = const(tried[0]) if tried else binding[v]
    binding |= {v: value if isinstance(value, Term) else attr(value) for v, value in plan.attrs}
    chosen = _numbers(search.literals, guards, plan, numbers)
    if chosen is None:
        return None
    binding |= chosen
    try:
        t = instantiate(pattern, binding, search.result)
    except _ERRORS:
        return None
    return t if type(t.type) is Type else None


def gave_up(pattern: Term, guards: Sequence[Guard]) -> bool:
    """Whether the search for types of a pattern, of which `ground` found no instance, ended before it had tried all."""
    return _plans(pattern, tuple(guards))[0].exhausted


def _fact(g: Guard, plan: Plan) -> Any:
    """A guard as a fact to be assumed, with its number if that is an attribute; None where it is another variable."""
    if len(g.args) == 1:
        return g.name
    number = typed_or_attr(g.args[1], plan.binding)
    return (g.name, number) if g.predicate.numbers == 1 and isinstance(number, int) else None


@lru_cache(64)  # one relation after the other is asked for several instances
def _plans(pattern: Term, guards: tuple[Guard, ...]) -> tuple[Search, list[Plan], Iterator[Plan]]:
    """The search for a pattern, what it found, and what it will find."""
    search = Search(pattern, pattern, guards, groups_of(pattern, pattern)[0])
    return search, [], _typed(search)


def _typed(search: Search) -> Iterator[Plan]:
    """Vectors for elementwise patterns, else what has a type, of the least ranks first."""
    if search.flat:
        plan = search.concrete({v: (3,) for v in search.terms}, {})
        yield from [] if plan is None else [plan]
        return
    for p in itertools.islice(search.plans(), TRIED):
        if p.right is not None:
            yield p


def _numbers(literals: Sequence[LVar], guards: Sequence[Guard], plan: Plan,
             numbers: Sequence[float]) -> Mapping[Any, Term] | None:
    """Numbers for the literals of which the guards about literals alone are true, different ones if possible.

    Else small ones, that may be equal: a guard may ask that one is the sum or the negative of another.
    """
    about = [g for g in guards if (vs := [v for a in g.args for v in variables(a) if v.type is not ATTR])
             and all(v in literals for v in vs)]
    small = itertools.product(_SMALL, repeat=len(literals)) if about else ()
    for choice in itertools.chain(itertools.permutations(numbers, len(literals)), itertools.islice(small, _CHOICES)):
        values: dict[Term, Any] = {plan.binding[v]: const(n, plan.binding[v].type.dtype).data
                                   for v, n in zip(literals, choice, strict=True)}
        if not about or bool(admitted(about, plan.binding, values)):
            return {v: const(n, plan.binding[v].type.dtype) for v, n in zip(literals, choice, strict=True)}
    return None
