"""Arrays for the variables of an equation whose ops are not elementwise: of the guards' structure, in several scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...terms.evaluate import evaluate
from ...terms.term import CONST, LVar, Term
from ..matrices import normal
from ..predicates import READ_OFF, Guard, Predicate
from ..template import variables
from .shapes import Plan, typed_or_attr
from .values import pool

__all__ = ["FILLS", "admitted", "all_admitted", "fill"]

Array: TypeAlias = np.ndarray[Any, Any]
_Asked: TypeAlias = tuple[Predicate, list[Any]]  # a predicate, and its operands: terms, and values of attributes

FILLS: tuple[str, ...] = ("mild", "steps", "positive", "integers", "nan", "inf", "zeros", "huge", "tiny", "hostile",
                          "dominant", "outside", "beyond", "ties", "equals", "long",
                          "minus")
_OUTSIDE = {"outside": 0, "beyond": -1}  # which position is made one of no axis: of every variable, or of the first alone
_LITERALS = np.array((2.0, 0.5, -1.0, 3.0, 1.0, 0.0, -2.5))
_SHARES = {"positive": 0.8, "integers": 0.2}  # of bool that are true
_STEPS = {8: np.array((1.0, -1.0, 37.0, -37.0, 709.0, -709.0, 745.0, 1000.0, -1000.0)),
          4: np.array((1.0, -1.0, 37.0, 88.0, -88.0, 103.0, -103.0))}


def admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> Any:
    """Whether the guards hold: a mask over points, or one bool."""
    out: Any = True
    for mask in _masks(_asked(guards, binding), values):
        out = out & mask
    return out


def all_admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> bool:
    """Whether the guards hold of every element."""
    return all(bool(np.all(mask)) for mask in _masks(_asked(guards, binding), values))


def _asked(guards: Sequence[Guard], binding: Mapping[LVar, Term]) -> list[_Asked]:
    """What the guards ask of values: those about types hold of every value of a plan's types, or of none."""
    return [(g.predicate, [typed_or_attr(a, binding) for a in g.args])
            for g in guards if g.predicate.scope not in READ_OFF]


def _masks(guards: Sequence[_Asked], values: Mapping[Term, Array]) -> Iterator[Array]:
    for predicate, operands in guards:
        args = [a if not isinstance(a, Term) else values[a] if a in values else evaluate([a], values)[0] for a in operands]
        with np.errstate(all="ignore"):
            mask = np.asarray(predicate.admits(*args))
        yield mask


def fill(plan: Plan, guards: Sequence[Guard], kind: str, seed: int,
         given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    """Values for the inputs of a plan at which the guards hold, or None if none were found; some may be given."""
    wanted = plan.known.get("wanted")
    if wanted is None or wanted.of is not guards:
        wanted = plan.known["wanted"] = _wanted(plan, guards)
    if given or wanted.key is None:
        return _filled(plan, wanted, kind, seed, given)
    key = (kind, seed, wanted.key)
    if key not in _filled_before:
        found = _filled(plan, wanted, kind, seed)
        if len(_filled_before) >= _KEPT:
            _filled_before.clear()
        _filled_before[key] = None if found is None else tuple(found.values())
        for a in found.values() if found is not None else ():
            a.flags.writeable = False
    arrays = _filled_before[key]
    return None if arrays is None else {t: a for (_, t, _), a in zip(wanted.order, arrays, strict=True)}


_KEPT = 16384
_filled_before: dict[Any, tuple[Array, ...] | None] = {}  # by types and by what the guards ask of each variable


@dataclass(frozen=True)
class _Wanted:
    """What arrays a plan wants, for some guards: its inputs, constants first; those about values; a key of all that, if any."""

    of: Sequence[Guard]
    order: list[tuple[LVar, Term, tuple[int, ...]]]
    guards: list[Guard]
    conditions: list[_Asked]
    key: tuple[Any, ...] | None  # None where a guard speaks of several variables


def _wanted(plan: Plan, guards: Sequence[Guard]) -> _Wanted:
    order = [(v, plan.binding[v], shape) for v, shape in sorted(plan.shapes, key=lambda s: s[0].sort != "literal")]
    of, guards = guards, [g for g in guards if g.predicate.scope not in READ_OFF]
    key = None
    if all(g.args[0] in plan.binding and not any(map(variables, g.args[1:])) for g in guards):
        about = tuple([tuple([(g.predicate, *[(type(a.data), a.data) for a in g.args[1:]]) for g in guards if g.args[0] is v])
                       for v, _, _ in order])
        key = (about, *[(v.sort, shape, t.type.dtype) for v, t, shape in order])
    return _Wanted(of, order, guards, _asked(guards, plan.binding), key)


def _filled(plan: Plan, wanted: _Wanted, kind: str, seed: int,
            given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    rng = np.random.Generator(np.random.PCG64(_seed(seed, kind)))
    for attempt in range(8):
        if attempt and kind in _OUTSIDE:
            kind = "mild"
        values: dict[Term, Array] = dict(given or {})
        for v, t, shape in wanted.order:
            if t in values:
                continue
            values[t] = np.asarray(_variable(v, shape, t.type.dtype, plan, wanted.guards, kind, rng, values), t.type.dtype)
        if all(bool(np.all(mask)) for mask in _masks(wanted.conditions, values)):
            return values
    return None


@lru_cache(4096)
def _seed(seed: int, kind: str) -> np.random.SeedSequence:
    """What `default_rng` makes of the two, which takes longer than to draw the numbers."""
    return np.random.SeedSequence([seed, FILLS.index(kind)])


def _variable(v: LVar, shape: tuple[int, ...], dtype: np.dtype[Any], plan: Plan, guards: Sequence[Guard], kind: str,
              rng: np.random.Generator, values: Mapping[Term, Array]) -> Array:
    own = [g for g in guards if g.args and g.args[0] is v]
    structured = [g for g in own if g.predicate.sample is not None]
    others = [(w, plan.binding[w].type.dtype.kind) for w, _ in plan.shapes if w.sort == "term"] if dtype.kind in "iu" else []
    positions = any([k in "fc" for _, k in others])
    apart = v if kind != "beyond" else next((w for w, k in others if k == dtype.kind), v)  # whose positions are outside
    for g in structured:
        numbers = [_operand(a, plan, values) for a in g.args[1:]]
        if any(n is None for n in numbers):
            continue
        x = g.predicate.sample(rng, shape, dtype, *numbers)  # type: ignore[misc]
        if x is None:
            continue
        x = np.asarray(x, dtype)
        other = _outside(x, kind) if positions and v is apart else _scaled(x, kind, exactly=g.predicate.rounded)
        for scaled in (*(_tied(shape, dtype) if kind == "ties" else ()), other, x):
            if all(bool(np.all(h.predicate.holds(scaled, *[_operand(a, plan, values) for a in h.args[1:]])))
                   for h in structured if len(h.args) == 1 + h.predicate.numbers):
                return scaled
    x = _numbers(v, shape, dtype, kind, rng, positions)
    if positions:
        x = _outside(x, kind) if v is apart else x * 0
    for g in own:
        if g.predicate.scope == "element":
            others = [_operand(a, plan, values) for a in g.args[1:]]
            if None not in [None if o is None else 0 for o in others]:
                x = _only(x, lambda a, g=g, others=others: g.predicate.admits(a, *others), dtype, rng)
    return x


def _operand(a: Term, plan: Plan, values: Mapping[Term, Array]) -> Any:
    found = typed_or_attr(a, plan.binding)
    if isinstance(found, Term):
        return values.get(found, found.data if found.op is CONST else None)
    return found


def _only(x: Array, holds: Any, dtype: np.dtype[Any], rng: np.random.Generator) -> Array:
    """The elements that do not satisfy a predicate replaced: by their absolute values, else by hostile ones that do."""
    with np.errstate(all="ignore"):
        for better in (np.abs(x), -np.abs(x) if dtype.kind in "fic" else x, np.floor(np.real(x))):
            x = np.where(holds(x), x, np.asarray(better, dtype))
        good = pool(dtype)
        good = good[np.asarray(holds(good), bool) & (np.isfinite(good) if dtype.kind in "fc" else True)]
        if not len(good):
            return x
        return np.where(holds(x), x, good[rng.integers(0, len(good), x.shape)])


def _scaled(x: Array, kind: str, exactly: bool = False) -> Array:
    """Much larger or smaller; exactly so, that dependent rows stay dependent."""
    far = 15 if x.dtype.name in ("float32", "complex64") else 120
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


def _numbers(v: LVar, shape: tuple[int, ...], dtype: np.dtype[Any], kind: str, rng: np.random.Generator,
             positions: bool) -> Array:
    if v.sort == "literal":
        choice = _LITERALS[rng.integers(0, len(_LITERALS), shape)]
        return np.asarray(np.abs(np.round(choice)) if dtype.kind in "bu" else choice).astype(dtype)
    x = normal(rng, shape, dtype)
    if positions:  # in the others, which have at least two elements along an axis
        return np.asarray(rng.integers(0 if dtype.kind == "u" else -2, 2, shape), dtype)
    if dtype.kind == "b" and kind in _SHARES:
        return rng.random(shape) < _SHARES[kind]
    if dtype.kind not in "fc":
        hostile = pool(dtype)
        return hostile[rng.integers(0, len(hostile), shape)] if kind in ("hostile", "huge") else x * (kind != "zeros")
    if kind == "minus":
        return np.full(shape, -0.0, dtype)
    if kind == "zeros":
        return np.asarray(np.copysign(np.zeros(shape), rng.integers(-1, 1, shape)), dtype)  # of both signs
    if kind == "dominant":  # what a factorisation that reads a half of a matrix takes, though it is not symmetric
        return np.asarray(x + shape[-1] * np.eye(shape[-1]) if len(shape) > 1 and shape[-1] == shape[-2] else x, dtype)
    if kind == "ties":
        return next(_tied(shape, dtype), x)
    if kind == "positive":
        return np.asarray(np.abs(x) + 0.1, dtype)
    if kind == "integers":
        return np.asarray(np.round(2 * x), dtype)
    if kind == "equals":
        return np.asarray(rng.choice([0.0, -0.0, 1.0, np.nan], shape, p=[0.3, 0.3, 0.3, 0.1]), dtype)
    if kind == "steps":
        steps = _STEPS[4 if np.finfo(dtype).bits == 32 else 8]
        return np.asarray(steps[rng.integers(0, len(steps), shape)], dtype)
    if kind == "hostile":
        good = pool(dtype)
        good = good[np.isfinite(good)]
        return good[rng.integers(0, len(good), shape)]
    if kind in ("nan", "inf") and x.size:
        x = np.array(x)
        x.flat[int(rng.integers(0, x.size))] = np.nan if kind == "nan" else (-np.inf, np.inf)[rng.integers(0, 2)]
        return x
    return _scaled(x, kind)


