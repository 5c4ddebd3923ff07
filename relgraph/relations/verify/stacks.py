"""All known small matrices at once, on one more axis: a claim that random matrices bear out fails for some of whole numbers.

Of one variable there is every matrix of the collection that has what is asked of it; of two, pairs that are related (the same,
opposite, transposed, inverse, of product zero) and others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from ...terms.evaluate import evaluate
from ...terms.term import Term
from ..predicates import Guard, Predicate
from .admission import Asked, asked_of
from .gallery import collection
from .shapes import Plan, Search
from .trials import typed

__all__ = ["Stack", "each", "stacks"]

Array: TypeAlias = np.ndarray[Any, Any]
_ROWS, _AMONG_NUMBERS = (2, 3, 4), (3,)  # of the matrices; where constants occur, which are tried at several numbers
_NUMBERS = {1: ((0,), (1,), (2,), (-1,), (0.5,)), 2: ((1, 1), (0, 1), (2, 0), (-1, 2))}  # that the constants of a clause are
_PAIRS = 150  # that are related to one another, and as many that need not be
_ATTRIBUTES = 8  # choices of them that are tried
_NAMED = Predicate("named", lambda *x: True, nan=False)


@dataclass(frozen=True, eq=False)
class Stack:
    """A plan of square matrices, the same plan with one more leading axis, and matrices for it at which the guards hold."""

    one: Plan
    plan: Plan
    values: Mapping[Term, Array]
    admitted: Array  # of which places the guards hold

    def at(self, i: int) -> dict[Term, Array]:
        """The matrices at one place."""
        pairs = [(self.one.binding[v], self.values[self.plan.binding[v]], v.sort) for v, _ in self.one.shapes]
        return {t: a[i] if sort == "term" else a for t, a, sort in pairs}


def stacks(search: Search) -> Iterator[Stack]:
    """The stacks of matrices of two rows, of three and of four, for some numbers where constants occur."""
    if search.positions or not search.terms:
        return
    named = [Guard(_NAMED, (v,)) for v in search.terms + search.literals]
    free = Search(search.left, search.left, named, search.result, made=search.made)  # the guards speak of single matrices
    rows = _ROWS[:2] if search.result.kind == "c" else _ROWS  # most complex matrices that are known are real
    for n in _AMONG_NUMBERS if search.literals else rows:
        choices = (search.concrete({v: (n, n) for v in search.terms}, a) for a in search.attr_choices()[:_ATTRIBUTES])
        one = next((plan for plan in choices if plan is not None and typed(plan, search.guards)), None)
        for numbers in _NUMBERS.get(len(search.literals), ((0,) * len(search.literals),)) if one is not None else ():
            assert one is not None
            if (found := _stacked(search, free, one, n, numbers)) is not None:
                yield found


def _stacked(search: Search, free: Search, one: Plan, n: int, numbers: Sequence[float]) -> Stack | None:
    given = {one.binding[v]: k for v, k in zip(search.literals, numbers, strict=True)}
    matrices = [one.binding[v] for v in search.terms]
    alone: dict[Term, list[tuple[Predicate, tuple[Any, ...]]]] = {t: [] for t in matrices}
    conditions: list[int] = []
    for place, (predicate, operands) in enumerate(asked_of(search.guards, one.binding)):
        rest = _numbers(operands[1:], given)
        if rest is None or not operands or not isinstance(operands[0], Term) or operands[0] not in alone:
            conditions.append(place)
        else:
            alone[operands[0]].append((predicate, rest))
    fitting = [_fitting(n, t.type.dtype, tuple(alone[t])) for t in matrices]
    places = _places(n, tuple([t.type.dtype for t in matrices]), fitting)
    count = len(places[0])
    plan = free.concrete({v: (count, n, n) for v in search.terms}, dict(one.attrs)) if count else None
    if plan is None:
        return None
    values: dict[Term, Array] = {plan.binding[v]: np.asarray(k).astype(plan.binding[v].type.dtype)
                                 for v, k in zip(search.literals, numbers, strict=True)}
    for v, at in zip(search.terms, places, strict=True):
        values[plan.binding[v]] = _together(n, plan.binding[v].type.dtype)[at]
    asked = asked_of(search.guards, plan.binding) if conditions else []
    admitted = np.ones(count, bool)
    for place in conditions:
        admitted &= _admitted(asked[place], values, count)
    return Stack(one, plan, values, admitted) if admitted.any() else None


def _numbers(operands: Sequence[Any], given: Mapping[Term, float]) -> tuple[Any, ...] | None:
    """The operands of a predicate beside its first one, None if they are not all known or cannot be looked up."""
    found = tuple([given.get(a, a) if isinstance(a, Term) else a.item() if isinstance(a, np.generic) else a for a in operands])
    return None if any(isinstance(a, (Term, np.ndarray)) for a in found) else found


def _admitted(asked: Asked, values: Mapping[Term, Array], count: int) -> Array:
    """At which places of a stack something holds; nowhere, where that cannot be told."""
    predicate, operands = asked
    args = [a if not isinstance(a, Term) else values[a] if a in values else evaluate([a], values)[0] for a in operands]
    if any(np.ndim(a) for a in args[1:]):
        return np.zeros(count, bool)
    return each(predicate, np.asarray(args[0]), args[1:], count)


def each(predicate: Predicate, value: Array, others: Sequence[Any], count: int) -> Array:
    """For which places of a stack of values a predicate holds, or nothing can be said."""
    if predicate.scope == "element":
        holds = np.asarray(predicate.admits(value, *others))
        return np.asarray(holds.reshape(count, -1).all(axis=1) if holds.shape[:1] == (count,) else [bool(holds.all())] * count)
    out = np.ones(count, bool)
    if value.shape[:1] != (count,):
        return out & bool(predicate.admits(value, *others))
    defined = np.isfinite(value).reshape(count, -1).all(axis=1)
    if not predicate.admits(value[defined], *others):
        for i in np.flatnonzero(defined):
            out[i] = bool(predicate.admits(value[i], *others))
    return out


# -- which matrices ----------------------------------------------------------------------------------------------------------

@lru_cache(64)
def _together(n: int, dtype: np.dtype[Any]) -> Array:
    return np.array(collection(n, dtype), dtype)


@lru_cache(4096)
def _fitting(n: int, dtype: np.dtype[Any], asked: tuple[tuple[Predicate, tuple[Any, ...]], ...]) -> Array:
    """The places in the collection of the matrices that have all that is asked."""
    out = np.ones(len(collection(n, dtype)), bool)
    for predicate, numbers in asked:
        out &= _having(n, dtype, predicate, numbers)
    return np.flatnonzero(out)


@lru_cache(4096)
def _having(n: int, dtype: np.dtype[Any], predicate: Predicate, numbers: tuple[Any, ...]) -> Array:
    return np.array([bool(np.all(predicate.admits(x, *numbers))) for x in collection(n, dtype)], bool)


def _places(n: int, dtypes: tuple[np.dtype[Any], ...], fitting: Sequence[Array]) -> Sequence[Array]:
    """Choices of a matrix for every variable."""
    if len(fitting) == 1 or not all(map(len, fitting)):
        return fitting
    first, second, *_ = fitting
    if len(fitting) > 2:
        at = np.random.default_rng(331)
        return [f[at.integers(0, len(f), _PAIRS)] for f in fitting]
    if len(first) * len(second) <= 2 * _PAIRS:
        return [*np.array([*product(first, second)]).T]
    a, b = np.array([*_related(n, *dtypes)]).T if dtypes[0] == dtypes[1] else np.zeros((2, 0), int)
    both = np.isin(a, first) & np.isin(b, second)
    k = np.arange(_PAIRS)  # one beside the other turned further every time round
    return [np.concatenate([a[both][:_PAIRS], first[k % len(first)]]),
            np.concatenate([b[both][:_PAIRS], second[(k + k // len(first) * 7) % len(second)]])]


@lru_cache(64)
def _related(n: int, dtype: np.dtype[Any], _: Any) -> tuple[tuple[int, int], ...]:
    """Pairs of places of which one matrix is the other, minus it, its transpose or inverse; of which the product is zero."""
    known = _together(n, dtype)
    products = known[:, None] @ known
    found = [[(i, i) for i in range(len(known))]]
    for other, beside in ((known, -known), (known, np.swapaxes(known, -1, -2))):
        found.append([*zip(*map(list, np.nonzero((other[:, None] == beside).all((-1, -2)))), strict=True)])
    for wanted in (np.eye(n), np.zeros((n, n))):
        found.append([*zip(*map(list, np.nonzero((products == wanted).all((-1, -2)))), strict=True)])
    return tuple(dict.fromkeys([(int(i), int(j)) for some in found for i, j in some]))
