"""Arrays for the variables of an equation whose ops are not elementwise: of the guards' structure, in several scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term
from ..matrices import generator, normal, whole
from ..predicates import Guard
from .admission import Asked, asked_of, masks
from .shapes import Plan
from .values import SINGLE, pool

__all__ = ["FILLS", "fill"]

Array: TypeAlias = np.ndarray[Any, Any]
_Made: TypeAlias = dict[tuple[Any, ...], Array | None]  # the arrays of a variable, by fill, seed, attempt, and operands

FILLS: tuple[str, ...] = ("mild", "steps", "positive", "integers", "nan", "inf", "zeros", "huge", "tiny", "hostile",
                          "dominant", "outside", "beyond", "ties", "equals", "minus", "singular", "all singular", "absorbed",
                          "crowd")
_OUTSIDE = {"outside": 0, "beyond": -1}  # which position is made one of no axis: of every variable, or of the first alone
_LITERALS = np.array((2.0, 0.5, -1.0, 3.0, 1.0, 0.0, -2.5))
_EQUALS = np.array((0.0, 0.0, 0.0, -0.0, -0.0, -0.0, 1.0, 1.0, 1.0, np.nan))
_SHARES = {"positive": 0.8, "integers": 0.2}  # of bool that are true
_STEPS = {8: np.array((1.0, -1.0, 37.0, -37.0, 709.0, -709.0, 745.0, 1000.0, -1000.0)),
          4: np.array((1.0, -1.0, 37.0, 88.0, -88.0, 103.0, -103.0))}


def fill(plan: Plan, guards: Sequence[Guard], kind: str, seed: int,
         given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    """Values for the inputs of a plan at which the guards hold, or None if none were found; some may be given."""
    wanted = plan.known.get("wanted")
    if wanted is None or wanted.of is not guards:
        wanted = plan.known["wanted"] = _wanted(plan, guards)
    if given and not all(bool(m.all()) for v in wanted.variables if v.term in given for m in masks(v.alone, given)):
        return None
    for attempt in range(8):
        if attempt and kind in _OUTSIDE:
            kind = "mild"
        values: dict[Term, Array] = dict(given or {})
        for v in wanted.variables:
            x = values[v.term] if v.term in values else _array(v, kind, seed, attempt, values)
            if x is None:
                break
            values[v.term] = x
        else:
            if all(bool(m.all()) for m in masks(wanted.conditions, values)):
                return values
    return None


@dataclass(slots=True)
class _Variable:
    """What the array of a variable is to be: of a shape and a dtype, at which what is asked of it holds."""

    place: int
    term: Term
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    literal: bool
    positions: bool  # in others
    outside: tuple[str, ...]  # the fills in which some positions are outside of an axis
    structured: list[Asked]  # about the whole array, with its other operands, of which one can be made
    elements: list[Asked]
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


def _wanted(plan: Plan, guards: Sequence[Guard]) -> _Wanted:
    order = [(v, plan.binding[v], shape) for v, shape in sorted(plan.shapes, key=lambda s: s[0].sort != "literal")]
    asked = asked_of(guards, plan.binding) if guards else []
    own: dict[Term, list[Asked]] = {t: [] for _, t, _ in order}
    conditions: list[Asked] = []
    for predicate, operands in asked:
        alone = operands and operands[0] in own and not any(isinstance(a, Term) for a in operands[1:])
        (own[operands[0]] if alone else conditions).append((predicate, operands))
    kinds = {v: t.type.dtype.kind for v, t, _ in order if v.sort == "term"}
    found = []
    for place, (v, t, shape) in enumerate(order):
        first = [(p, o[1:]) for p, o in asked if o and o[0] is t]
        dtype = t.type.dtype
        positions = dtype.kind in "iu" and any(k in "fc" for w, k in kinds.items() if w is not v)
        leads = positions and v is next((w for w, k in kinds.items() if k == dtype.kind), v)
        outside = ("outside", "beyond")[: positions + leads]
        others = [a for _, o in first for a in o if isinstance(a, Term)]
        made = _made((place, shape, dtype, v.sort == "literal", positions, leads, bool(conditions),
                      *[(p, *[None if isinstance(a, Term) else (type(a), _hashed(a)) for a in o]) for p, o in first]))
        found.append(_Variable(place, t, shape, dtype, v.sort == "literal", positions, outside,
                               [(p, o) for p, o in first if p.sample is not None],
                               [(p, o) for p, o in first if p.scope == "element"], own[t], bool(conditions), others, made))
    return _Wanted(guards, found, conditions)


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
    return x if all(bool(m.all()) for m in masks(v.alone, {v.term: x})) else None


def _drawn(v: _Variable, kind: str, rng: np.random.Generator, values: Mapping[Term, Array], again: bool) -> Array:
    for predicate, operands in v.structured:
        numbers = _numbers(operands, values)
        x = None if numbers is None else predicate.sample(rng, v.shape, v.dtype, *numbers)  # type: ignore[misc]
        if x is None:
            continue
        x = np.asarray(x, v.dtype)
        other = _outside(x, kind) if kind in v.outside else _scaled(x, kind, exactly=predicate.rounded)
        simple = _simple(rng, v) if again and len(v.structured) > 1 else ()  # which many structures have in common
        for scaled in (*(_tied(v.shape, v.dtype) if kind == "ties" else ()), other, x, *simple):
            if all(_every(p.holds(scaled, *n)) for p, o in v.structured
                   if len(o) == p.numbers and (n := _numbers(o, values)) is not None):
                return scaled
    x = _elements(v, kind, rng)
    if v.positions:
        x = _outside(x, kind) if kind not in _OUTSIDE or kind in v.outside else x * 0
    for predicate, operands in v.elements:
        numbers = _numbers(operands, values)
        if numbers is not None:
            x = _only(x, lambda a, p=predicate, n=numbers: p.admits(a, *n), v.dtype, rng)
    return x


def _every(holds: Any) -> bool:
    return holds if isinstance(holds, bool) else bool(holds.all())


def _numbers(operands: Sequence[Any], values: Mapping[Term, Array]) -> list[Any] | None:
    """The values of operands; None where they are not known yet."""
    found = [values.get(a) if isinstance(a, Term) else a for a in operands]
    return None if any(n is None for n in found) else found


def _simple(rng: np.random.Generator, v: _Variable) -> Iterator[Array]:
    """A matrix with a positive diagonal and nothing else; triangles whose diagonals are constant."""
    if len(v.shape) >= 2:
        x = np.eye(v.shape[-2], v.shape[-1]) * whole(rng, 1, 9, v.shape) / (1 if v.dtype.kind in "biu" else 4)
        yield np.asarray(x, v.dtype)
        for triangle in (np.tril, np.triu):
            yield np.asarray(triangle(np.ones(v.shape, v.dtype)) * whole(rng, 1, 4, ()), v.dtype)


def _only(x: Array, holds: Any, dtype: np.dtype[Any], rng: np.random.Generator) -> Array:
    """The elements that do not satisfy a predicate replaced: by their absolute values, else by hostile ones that do."""
    with np.errstate(all="ignore"):
        for better in (np.abs(x), -np.abs(x) if dtype.kind in "fic" else x, np.floor(np.real(x))):
            x = np.where(holds(x), x, np.asarray(better, dtype))
        good = pool(dtype)
        good = good[np.asarray(holds(good), bool) & (np.isfinite(good) if dtype.kind in "fc" else True)]
        if not len(good):
            return x
        return np.where(holds(x), x, good[whole(rng, 0, len(good), x.shape)])


def _scaled(x: Array, kind: str, exactly: bool = False) -> Array:
    """Much larger or smaller; exactly so, that dependent rows stay dependent."""
    far = 15 if x.dtype in SINGLE else 120
    factor = {"huge": 10.0**far, "tiny": 10.0**-far}
    if exactly:
        factor = {k: 2.0 ** np.round(np.log2(f)) for k, f in factor.items()}
    with np.errstate(all="ignore"):
        return np.asarray(x * factor[kind], x.dtype) if kind in factor and x.dtype.kind in "fc" else x


def _tied(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Iterator[Array]:
    """Arrays with repeated numbers, of which the last is the least; matrices with repeated eigenvalues and singular values.

    Of several structures, that one may be what a guard asks for: positive definite, orthogonal, diagonal, the identity.
    """
    if len(shape) < 2:
        yield np.array([*[1] * (shape[-1] - 1), 0.5], dtype) if shape and shape[-1] else np.ones(shape, dtype)
        return
    one = np.eye(*shape[-2:], dtype=dtype)
    swap = np.array(one)
    swap[:2] = one[1::-1]
    least = np.array(one)
    least[:1] *= 2
    for x in (3 * one + swap, swap, least, one):
        yield np.array(np.broadcast_to(x, shape), dtype)


def _outside(x: Array, kind: str) -> Array:
    """Positions of which one is outside of every axis that is tried, the others where they were."""
    if kind not in _OUTSIDE or not x.size:
        return x
    x = np.array(x)
    x.flat[_OUTSIDE[kind]] = -99 if x.dtype.kind == "i" and kind == "beyond" else 99
    return x


@cache
def _hostile(dtype: np.dtype[Any]) -> dict[str, Array]:
    """Of which numbers an array that is not of floats is made, by fill: of those, most often, at which integers wrap."""
    if dtype.kind == "b":
        return {"hostile": pool(dtype)}
    info = np.iinfo(dtype)
    half, root = info.max // 2 + 1, int(info.max**0.5) + 1
    zero_doubled, zero_squared = info.min or half, 2 ** (info.bits // 2)
    some = {"huge": (info.min, info.max, half), "steps": (0, zero_doubled), "absorbed": (0, zero_squared, zero_doubled),
            "tiny": (half, 3), "inf": (root, 3, 0)}
    return {**dict.fromkeys(("hostile", "nan", "minus"), pool(dtype)), **{k: np.array(v, dtype) for k, v in some.items()}}


def _crowd(shape: tuple[int, ...], dtype: np.dtype[Any], rng: np.random.Generator) -> Array:
    """Along the first axis arrays of every kind: of one number; of those of a fill, of any, of powers of two, of small ones."""
    row = (-1, *[1] * (len(shape) - 1))
    if dtype.kind == "b":
        return rng.random(shape) < rng.random(shape[0]).reshape(row)
    info, whole_pool = np.iinfo(dtype), pool(dtype)
    kinds = [*_hostile(dtype).values(), rng.integers(info.min, info.max, 64, dtype, endpoint=True),
             np.array([2**k for k in range(info.bits - 1)], dtype), np.arange(4).astype(dtype),
             np.array([info.max, 0, *whole_pool[whole_pool == -1], 1], dtype)]
    out = np.empty(shape, dtype)
    for k, numbers in enumerate(kinds, 1):
        here = out[k::len(kinds) + 1]
        out[k::len(kinds) + 1] = numbers[whole(rng, 0, len(numbers), here.shape)]
    same = out[::len(kinds) + 1]
    same[:] = np.resize(rng.permutation(whole_pool), len(same)).reshape(row)
    return out


def _elements(v: _Variable, kind: str, rng: np.random.Generator) -> Array:
    shape, dtype = v.shape, v.dtype
    if v.literal:
        choice = _LITERALS[whole(rng, 0, len(_LITERALS), shape)]
        return np.asarray(np.abs(np.round(choice)) if dtype.kind in "bu" else choice).astype(dtype)
    if v.positions:  # in the others, which have at least two elements along an axis
        return np.asarray(whole(rng, 0 if dtype.kind == "u" else -2, 2, shape), dtype)
    if kind == "crowd" and dtype.kind not in "fc":
        return _crowd(shape, dtype, rng)
    x = normal(rng, shape, dtype)
    if dtype.kind == "b" and kind in _SHARES:
        return rng.random(shape) < _SHARES[kind]
    if dtype.kind not in "fc":
        chosen = _hostile(dtype).get(kind)
        return x * (kind != "zeros") if chosen is None else chosen[whole(rng, 0, len(chosen), shape)]
    if kind == "absorbed":
        return np.asarray(x * (1e9 if np.finfo(dtype).bits == 32 else 1e18) ** v.place, dtype)
    if kind in ("zeros", "minus"):
        return np.full(shape, 0.0 if kind == "zeros" else -0.0, dtype)
    if kind == "dominant":  # what a factorisation that reads a half of a matrix takes, though it is not symmetric
        return np.asarray(x + shape[-1] * np.eye(shape[-1]) if len(shape) > 1 and shape[-1] == shape[-2] else x, dtype)
    if kind == "ties":
        return next(_tied(shape, dtype), x)
    if kind == "positive":
        return np.asarray(np.abs(x) + 0.1, dtype)
    if kind in ("integers", "singular", "all singular"):
        x = np.asarray(np.round(2 * x), dtype)
        if kind != "integers" and (not v.place or kind == "all singular") and len(shape) > 1 and x.size:
            x[(0,) * (len(shape) - 2)][-1] = x[(0,) * (len(shape) - 2)][0]  # of a batch, the first one
        return x
    if kind == "equals":
        return np.asarray(_EQUALS[whole(rng, 0, len(_EQUALS), shape)], dtype)
    if kind == "steps":
        steps = _STEPS[4 if np.finfo(dtype).bits == 32 else 8]
        return np.asarray(steps[whole(rng, 0, len(steps), shape)], dtype)
    if kind == "hostile":
        good = pool(dtype)
        good = good[np.isfinite(good)]
        return good[whole(rng, 0, len(good), shape)]
    if kind in ("nan", "inf") and x.size:
        x = np.array(x)
        x.flat[int(rng.random() * x.size)] = np.nan if kind == "nan" else (-np.inf, np.inf)[rng.random() < 0.5]
        return x
    return _scaled(x, kind)
