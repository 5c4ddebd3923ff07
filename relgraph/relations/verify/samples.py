"""Arrays for the variables of an equation whose ops are not elementwise: of the guards' structure, in several scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import LVar, Term
from ..matrices import generator, whole
from ..predicates import Guard
from .admission import Asked, asked_of, hold
from .fills import FILLS, OUTSIDE, drawn, outside, scaled, tied
from .gallery import gallery
from .shapes import Plan
from .values import beside, pool

__all__ = ["KNOWN", "fill", "telling"]

Array: TypeAlias = np.ndarray[Any, Any]
KNOWN = ("integers", "minus", "zeros")  # fills that have known matrices where a structure is asked for
_Kinds: TypeAlias = tuple[tuple[str, np.dtype[Any], tuple[int, ...]], ...]  # sorts, dtypes and shapes, constants first
_Made: TypeAlias = dict[tuple[Any, ...], Array | None]  # the arrays of a variable, by fill, seed, attempt, and operands


def fill(plan: Plan, guards: Sequence[Guard], kind: str, seed: int,
         given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    """Values for the inputs of a plan at which the guards hold, or None if none were found; some may be given."""
    wanted = plan.known.get("wanted")
    if wanted is None or wanted.of is not guards:
        wanted = plan.known["wanted"] = _wanted(plan, guards)
    if wanted.free is not None:
        arrays = _free(wanted.free[1], kind, seed, plan.marks if kind == "marked" else ())
        return dict(zip(wanted.free[0], arrays, strict=True)) | dict(given or {})
    if given and not all(hold(v.alone, given) for v in wanted.variables if v.term in given):
        return None
    for attempt in range(8):
        if attempt and kind in OUTSIDE:
            kind = "mild"
        values: dict[Term, Array] = dict(given or {})
        for v in wanted.variables:
            x = values[v.term] if v.term in values else _array(v, kind, seed, attempt, values)
            if x is None:
                break
            values[v.term] = x
        else:
            if hold(wanted.conditions, values):
                return values
    return None


def telling(plan: Plan, values: Mapping[Term, Array]) -> bool:
    """Whether what is asked of values holds of some number: of NaN, and of the elements of nothing, everything does."""
    return not any([a.size == 0 or (a.dtype.kind in "fc" and bool(np.isnan(a).all()))
                    for v in plan.known["wanted"].variables if v.alone for a in (values[v.term],)])


@dataclass(slots=True)
class _Drawn:
    """What an array is to be: of a shape and a dtype, at a place in the order of variables; what is asked of it."""

    place: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    literal: bool
    positions: bool  # in others
    outside: tuple[str, ...]  # the fills in which some positions are outside of an axis
    marks: tuple[float, ...]  # numbers that the equation mentions
    structured: Sequence[Asked] = ()  # about the whole array, with its other operands, of which one can be made
    elements: Sequence[Asked] = ()


@dataclass(slots=True, kw_only=True)
class _Variable(_Drawn):
    """The same for the input that a variable stands for, at which what is asked of it holds."""

    term: Term
    alone: list[Asked]  # what is asked of this variable and no other
    joint: bool  # whether something is asked of several
    others: list[Term]  # operands of what is asked, whose values matter
    made: _Made  # what was made of all that


@dataclass(slots=True)
class _Wanted:
    """What arrays a plan wants, for some guards: its variables, constants first; what is asked of several at once."""

    of: Sequence[Guard]
    variables: list[_Variable]
    conditions: list[Asked]
    free: tuple[list[Term], _Kinds] | None = None  # where nothing is asked of values: the inputs, and of what kinds they are


def _wanted(plan: Plan, guards: Sequence[Guard]) -> _Wanted:
    order = [(v, plan.binding[v], shape) for v, shape in sorted(plan.shapes, key=_literals_first)]
    kinds = tuple([(v.sort, t.type.dtype, shape) for v, t, shape in order])
    asked = asked_of(guards, plan.binding) if guards else []
    if not asked:
        return _Wanted(guards, [], [], ([t for _, t, _ in order], kinds))
    own: dict[Term, list[Asked]] = {t: [] for _, t, _ in order}
    conditions: list[Asked] = []
    for predicate, operands in asked:
        alone = operands and operands[0] in own and not any(isinstance(a, Term) for a in operands[1:])
        (own[operands[0]] if alone else conditions).append((predicate, operands))
    found = []
    for place, (v, t, shape) in enumerate(order):
        first = [(p, o[1:]) for p, o in asked if o and o[0] is t]
        dtype = t.type.dtype
        positions, leads = _positions(place, kinds)
        outside = tuple(OUTSIDE)[: positions + leads]
        others = [a for _, o in first for a in o if isinstance(a, Term)]
        made = _made((place, shape, dtype, v.sort == "literal", positions, leads, plan.marks, bool(conditions),
                      *[(p, *[None if isinstance(a, Term) else (type(a), _hashed(a)) for a in o]) for p, o in first]))
        found.append(_Variable(place, shape, dtype, v.sort == "literal", positions, outside, plan.marks,
                               [(p, o) for p, o in first if p.sample is not None],
                               [(p, o) for p, o in first if p.scope == "element"],
                               term=t, alone=own[t], joint=bool(conditions), others=others, made=made))
    return _Wanted(guards, found, conditions)


def _literals_first(of: tuple[LVar, Any]) -> bool:
    return of[0].sort != "literal"


@lru_cache(16384)
def _free(kinds: _Kinds, kind: str, seed: int, marks: tuple[float, ...]) -> list[Array]:
    """Arrays for inputs of which nothing is asked."""
    return [_alone(place, *kinds[place], *_positions(place, kinds), kind, seed, marks) for place in range(len(kinds))]


@lru_cache(16384)
def _alone(place: int, sort: str, dtype: np.dtype[Any], shape: tuple[int, ...], positions: bool, leads: bool, kind: str,
           seed: int, marks: tuple[float, ...]) -> Array:
    v = _Drawn(place, shape, dtype, sort == "literal", positions, tuple(OUTSIDE)[: positions + leads], marks)
    x = np.asarray(_drawn(v, kind, generator(seed, FILLS.index(kind), place, 0), {}, False), dtype)
    x.flags.writeable = False
    return x


def _positions(place: int, kinds: _Kinds) -> tuple[bool, bool]:
    """Whether an input holds positions in others, which are of floats, and whether it is the first one that does."""
    own = kinds[place][1].kind
    if own not in "iu" or not any([s == "term" and d.kind in "fc" for s, d, _ in kinds]):
        return False, False
    return True, place == next((k for k, (s, d, _) in enumerate(kinds) if s == "term" and d.kind == own), place)


def _hashed(a: Any) -> Any:
    return (a.dtype.str, a.shape, a.tobytes()) if isinstance(a, np.ndarray) else a


@lru_cache(maxsize=4096)
def _made(asked: tuple[Any, ...]) -> _Made:
    """The arrays that were made before for a variable of which the same is asked at the same place in their order."""
    return {}


def _array(v: _Variable, kind: str, seed: int, attempt: int, values: Mapping[Term, Array]) -> Array | None:
    """An array for a variable, None where what is asked of it alone does not hold."""
    key = (kind, seed, attempt, *[_hashed(values.get(t)) for t in v.others])
    if key not in v.made:
        x = v.made[key] = _checked(v, kind, seed, attempt, values)
        if x is not None:
            x.flags.writeable = False
    return v.made[key]


def _checked(v: _Variable, kind: str, seed: int, attempt: int, values: Mapping[Term, Array]) -> Array | None:
    rng = generator(seed, FILLS.index(kind), v.place, attempt)
    if v.joint and attempt > 2 and len(v.shape) > 1 and v.shape[-1] == v.shape[-2]:  # of negative definite factors
        x = np.asarray((-1.0) ** attempt * next(_simple(rng, v)), v.dtype)
    else:
        x = np.asarray(_drawn(v, kind, rng, values, attempt > 1), v.dtype)
    return x if hold(v.alone, {v.term: x}) else None


def _drawn(v: _Drawn, kind: str, rng: np.random.Generator, values: Mapping[Term, Array], again: bool) -> Array:
    x = _made_of(v, kind, rng, values, again)
    return np.where(x == 0, np.asarray(-0.0, v.dtype), x) if kind == "minus" and v.structured and v.dtype.kind == "f" else x


def _made_of(v: _Drawn, kind: str, rng: np.random.Generator, values: Mapping[Term, Array], again: bool) -> Array:
    several = len(v.structured) + len(v.elements) > 1
    if v.structured and kind != "ties" and (kind in KNOWN or (several and (again or rng.random() < 0.5))):
        known = _from_gallery(v, rng, values)
        if known is not None:
            return known
    for predicate, operands in v.structured:
        numbers = _numbers(operands, values)
        x = None if numbers is None else predicate.sample(rng, v.shape, v.dtype, *numbers)  # type: ignore[misc]
        if x is None:
            continue
        x = np.asarray(x, v.dtype)
        other = outside(x, kind) if kind in v.outside else scaled(x, kind, exactly=predicate.rounded)
        simple = _simple(rng, v) if again and len(v.structured) > 1 else ()  # which many structures have in common
        for tried in (*(tied(v.shape, v.dtype) if kind == "ties" else ()), other, x, *simple):
            if _has(tried, v.structured, values):
                return tried
    x = drawn(v.shape, v.dtype, kind, rng, place=v.place, literal=v.literal, positions=v.positions, marks=v.marks)
    if v.positions:
        x = outside(x, kind) if kind not in OUTSIDE or kind in v.outside else x * 0
    for predicate, operands in v.elements:
        numbers = _numbers(operands, values)
        if numbers is not None:
            x = _only(x, lambda a, p=predicate, n=numbers: p.admits(a, *n), v.dtype, rng, v.marks)
    return x


def _has(x: Array, asked: Sequence[Asked], values: Mapping[Term, Array]) -> bool:
    """Whether an array has what is asked of it, as far as the numbers that are asked for are known."""
    return all(_every(p.holds(x, *n)) for p, o in asked if len(o) == p.numbers and (n := _numbers(o, values)) is not None)


def _from_gallery(v: _Drawn, rng: np.random.Generator, values: Mapping[Term, Array]) -> Array | None:
    """A known matrix that has all that is asked."""
    if len(v.shape) < 2 or v.shape[-1] != v.shape[-2]:
        return None
    known = gallery(v.shape[-1], v.dtype)
    for k in rng.permutation(len(known)):
        x = np.array(np.broadcast_to(known[k], v.shape))
        if _has(x, v.structured, values) and _has(x, v.elements, values):
            return x
    return None


def _every(holds: Any) -> bool:
    return holds if isinstance(holds, bool) else bool(holds.all())


def _numbers(operands: Sequence[Any], values: Mapping[Term, Array]) -> list[Any] | None:
    """The values of operands; None where they are not known yet."""
    found = [values.get(a) if isinstance(a, Term) else a for a in operands]
    return None if any(n is None for n in found) else found


def _simple(rng: np.random.Generator, v: _Drawn) -> Iterator[Array]:
    """A matrix with a positive diagonal and nothing else; triangles whose diagonals are constant."""
    if len(v.shape) >= 2:
        x = np.eye(v.shape[-2], v.shape[-1]) * whole(rng, 1, 9, v.shape) / (1 if v.dtype.kind in "biu" else 4)
        yield np.asarray(x, v.dtype)
        for triangle in (np.tril, np.triu):
            yield np.asarray(triangle(np.ones(v.shape, v.dtype)) * whole(rng, 1, 4, ()), v.dtype)


def _only(x: Array, holds: Any, dtype: np.dtype[Any], rng: np.random.Generator, marks: tuple[float, ...]) -> Array:
    """The elements that do not satisfy a predicate replaced: by their absolute values, else by hostile ones that do."""
    with np.errstate(all="ignore"):
        for better in (np.abs(x), -np.abs(x) if dtype.kind in "fic" else x, np.floor(np.real(x))):
            x = np.where(holds(x), x, np.asarray(better, dtype))
        good = np.concatenate([pool(dtype), beside(dtype, marks)]) if marks else pool(dtype)
        good = good[np.asarray(holds(good), bool) & (np.isfinite(good) if dtype.kind in "fc" else True)]
        if not len(good):
            return x
        return np.where(holds(x), x, good[whole(rng, 0, len(good), x.shape)])
