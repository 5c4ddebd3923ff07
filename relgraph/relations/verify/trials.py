"""What a clause about arrays is tried with: plans of many shapes, and values at which its premises hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term
from ..facts import Clause
from ..predicates import Guard
from .admission import all_admitted
from .samples import fill
from .shapes import Plan, Search, numbers_of, typed_or_attr

__all__ = ["Trial", "filled", "trials_of", "typed"]

Array: TypeAlias = np.ndarray[Any, Any]
Trial: TypeAlias = tuple[Plan, Sequence[str]]  # a plan and the fills it is tried with
_FEW, _SOME = ("mild", "integers"), ("mild", "zeros", "integers", "hostile")
_ALL = (*_SOME, "positive", "inf", "nan", "huge", "tiny", "steps")
_SIMPLER = ("mild", "zeros", "integers")  # fills from whose values simpler ones are made
_NUMBERS = (-1, 0, 2, 3)  # that every constant of a clause is tried at
_WIDTHS, _WIDER = (0, 1, 2, -1), (2, 3)  # that the numbers of matrices are tried at, every combination; of many rows
_MANY, _LARGEST = 7, 12


def trials_of(c: Clause, search: Search) -> Iterator[Trial]:
    """Plans of every kind of shape: batched, square, of length one, empty, with more rows than usual; and their fills."""
    matrices = {g.args[0] for g in c.body if g.predicate.scope == "matrix"}
    if c.head.predicate.scope == "matrix":
        matrices |= {c.head.args[0]}
    every = (*islice(search.plans(), 60), *_same_lengths(search, 3))
    plans = [p for p in every if all(len(s) >= 2 for v, s in p.shapes if v in matrices)]
    by_attrs: dict[Any, list[Plan]] = {}
    for p in plans:
        by_attrs.setdefault(p.attrs, []).append(p)
    seen: set[Any] = set()
    marked = ("marked",) if search.marks else ()

    def new(p: Plan | None) -> bool:
        if p is None or (p.shapes, p.attrs) in seen or not typed(p, c.body):
            return False
        seen.add((p.shapes, p.attrs))
        return True
    for i, some in enumerate(list(by_attrs.values())[:6]):
        for j, p in enumerate(some[: 5 if i == 0 else 2]):
            square = search.resized(p, 3)
            fills = (*(_ALL if i == j == 0 else _FEW), *(marked if j == 0 else ()))
            found: list[tuple[Plan | None, Sequence[str]]] = [(p, fills), (square, fills)]
            if j == 0:
                found += [(search.batched(p), _FEW), (search.resized(p, 0), _FEW[:1]), (search.resized(p, 1), _FEW)]
                found += [(search.concrete({v: of(s) for v, s in p.shapes if v.sort == "term"}, dict(p.attrs)), _FEW)
                          for of in (_tall, lambda s: (*s[:-1], 0) if s else s)]  # rows of nothing
                if square is not None:
                    found += [(search.batched(square), _FEW)]
                    found += [(search.resized(square, 1, only=v), _SOME) for v in search.terms if len(search.terms) > 1]
            if i == j == 0 and matrices:
                found += [(search.resized(p, _many(c)), _FEW[:1])]
            for q, kinds in found:
                if new(q):
                    assert q is not None
                    yield q, kinds


def _many(c: Clause) -> int:
    """More rows than numbers that a clause mentions, which may be true of smaller matrices alone."""
    mentioned = numbers_of(*[a for g in (c.head, *c.body) for a in g.args])
    return int(min(_LARGEST, max(_MANY, *[number + 2 for number in mentioned], 0)))


def _same_lengths(search: Search, size: int) -> list[Plan]:
    """Plans in which all axes have one length: premises may ask for square matrices where the head does not."""
    shapes = [{v: (size,) * r for v, r in zip(search.terms, ranks, strict=True)} for ranks in search.ranks]
    return [p for attrs in search.attr_choices() for s in shapes if (p := search.concrete(s, attrs)) is not None]


def _tall(shape: tuple[int, ...]) -> tuple[int, ...]:
    """More rows than columns."""
    return (*shape[:-2], *sorted(shape[-2:], reverse=True))


def typed(plan: Plan, premises: Sequence[Guard]) -> bool:
    """Whether what premises speak of has a type at the shapes of a plan."""
    return all(typed_or_attr(a, plan.binding) is not None for g in premises if g.predicate.scope == "element"
               for a in g.args if a.args)


def filled(plan: Plan, guards: Sequence[Guard], kind: str, all_widths: bool) -> Iterator[dict[Term, Array]]:
    """Values at which the premises hold; also simpler ones, and the same array, and its negative, for two variables."""
    values = fill(plan, guards, kind, 0)
    if values is not None:
        yield values
        yield from _like(values, plan, guards, kind) if kind in _SIMPLER else ()
    if kind == "mild" and any(g.predicate.scope == "matrix" and g.predicate.numbers for g in guards):
        longest = max([n for v, s in plan.shapes if v.sort == "term" for n in s], default=0)
        if longest >= _MANY or (all_widths and longest > 1):
            yield from _of_widths(plan, guards, _WIDER if longest >= _MANY else _WIDTHS)


def _like(values: dict[Term, Array], plan: Plan, guards: Sequence[Guard], kind: str) -> Iterator[dict[Term, Array]]:
    others: list[dict[Term, Array]] = []
    if kind in ("zeros", "integers"):  # what samples of a structure never are: all of them, and one alone
        others = [{t: _simple(a, kind) for t, a in values.items()}]
        others += [{**values, t: _simple(a, kind)} for t, a in values.items() if len(values) > 1 and kind == "zeros"]
    if kind == "mild":
        others = [{**values, t: np.asarray(number).astype(t.type.dtype)} for t in _literals(plan) for number in _NUMBERS]
    if kind in ("mild", "zeros") and len(values) == 2:
        (s, a), (t, b) = values.items()
        if a.shape == b.shape and a.dtype == b.dtype and a.dtype.kind in "ifc":
            others += [{s: a, t: a}, {s: a, t: -a}]
    new = [o for o in others if any(a is not o[t] and a.tobytes() != o[t].tobytes() for t, a in values.items())]
    yield from (other for other in new if all_admitted(guards, plan.binding, other))


def _of_widths(plan: Plan, guards: Sequence[Guard], widths: Sequence[int]) -> Iterator[dict[Term, Array]]:
    """Values for many choices of the constants."""
    literals = _literals(plan)
    for numbers in islice(product(widths, repeat=len(literals)), len(_WIDTHS)**2):
        given = {t: np.asarray(n).astype(t.type.dtype) for t, n in zip(literals, numbers, strict=True)}
        if (found := fill(plan, guards, "mild", 0, given)) is not None:
            yield found


def _literals(plan: Plan) -> list[Term]:
    return [plan.binding[v] for v, _ in plan.shapes if v.sort == "literal"]


def _simple(a: Array, kind: str) -> Array:
    return np.zeros_like(a) if kind == "zeros" else np.asarray(np.round(a), a.dtype) if a.dtype.kind in "fc" else a
