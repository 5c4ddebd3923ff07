"""Arrays for the variables of an equation whose ops are not elementwise: of the guards' structure, in several scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from ...terms.evaluate import evaluate
from ...terms.term import LVar, Term
from ..matrices import normal
from ..predicates import Guard
from ..template import variables
from .shapes import Plan, typed_or_attr
from .values import pool

__all__ = ["FILLS", "admitted", "all_admitted", "fill"]

Array: TypeAlias = np.ndarray[Any, Any]

FILLS = ("mild", "steps", "positive", "integers", "nan", "inf", "zeros", "huge", "tiny", "hostile", "dominant", "outside",
         "equals")
_LITERALS = (2.0, 0.5, -1.0, 3.0, 1.0, 0.0, -2.5)
_SHARES = {"positive": 0.8, "integers": 0.2}  # of bool that are true
_STEPS = {8: (1.0, -1.0, 37.0, -37.0, 709.0, -709.0, 745.0, 1000.0, -1000.0), 4: (1.0, -1.0, 37.0, 88.0, -88.0, 103.0, -103.0)}


def admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> Any:
    """Whether the guards hold: a mask over points, or one bool."""
    out: Any = True
    for mask in _masks(guards, binding, values):
        out = out & mask
    return out


def all_admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> bool:
    """Whether the guards hold of every element."""
    return all(bool(np.all(mask)) for mask in _masks(guards, binding, values))


def _masks(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> Iterator[Array]:
    for g in guards:
        if g.predicate.scope in ("shape", "dtype"):  # of every value of a plan's types, or of none
            continue
        args = []
        for a in g.args:
            found = typed_or_attr(a, binding)
            if isinstance(found, Term):
                found = values[found] if found in values else evaluate([found], values)[0]
            args.append(found)
        with np.errstate(all="ignore"):
            mask = np.asarray(g.predicate.admits(*args))
        yield mask


def fill(plan: Plan, guards: Sequence[Guard], kind: str, seed: int,
         given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    """Values for the inputs of a plan at which the guards hold, or None if none were found; some may be given."""
    order = [(v, plan.binding[v], shape) for v, shape in sorted(plan.shapes, key=lambda s: s[0].sort != "literal")]
    asked = [g for g in guards if g.predicate.scope not in ("shape", "dtype")]
    if given or not all(g.args[0] in plan.binding and not any(map(variables, g.args[1:])) for g in asked):
        return _filled(plan, order, asked, kind, seed, given)
    about = tuple([tuple([(g.predicate, *[(type(a.data), a.data) for a in g.args[1:]]) for g in asked if g.args[0] is v])
                   for v, _, _ in order])
    key = (kind, seed, about, *[(v.sort, shape, t.type.dtype) for v, t, shape in order])
    if key not in _filled_before:
        found = _filled(plan, order, asked, kind, seed)
        if len(_filled_before) >= _KEPT:
            _filled_before.clear()
        _filled_before[key] = None if found is None else tuple(found.values())
        for a in found.values() if found is not None else ():
            a.flags.writeable = False
    arrays = _filled_before[key]
    return None if arrays is None else {t: a for (_, t, _), a in zip(order, arrays, strict=True)}


_KEPT = 4096
_filled_before: dict[Any, tuple[Array, ...] | None] = {}  # by types and by what the guards ask of each variable


def _filled(plan: Plan, order: Sequence[tuple[LVar, Term, tuple[int, ...]]], guards: Sequence[Guard], kind: str,
            seed: int, given: Mapping[Term, Array] | None = None) -> dict[Term, Array] | None:
    rng = np.random.default_rng([seed, FILLS.index(kind)])
    for _ in range(8):
        values: dict[Term, Array] = dict(given or {})
        for v, t, shape in order:
            if t in values:
                continue
            values[t] = np.asarray(_variable(v, shape, t.type.dtype, plan, guards, kind, rng, values), t.type.dtype)
        if all_admitted(guards, plan.binding, values):
            return values
    return None


def _variable(v: LVar, shape: tuple[int, ...], dtype: np.dtype[Any], plan: Plan, guards: Sequence[Guard], kind: str,
              rng: np.random.Generator, values: Mapping[Term, Array]) -> Array:
    own = [g for g in guards if g.args and g.args[0] is v]
    structured = [g for g in own if g.predicate.sample is not None]
    for g in structured:
        numbers = [_operand(a, plan, values) for a in g.args[1:]]
        if any(n is None for n in numbers):
            continue
        x = g.predicate.sample(rng, shape, dtype, *numbers)  # type: ignore[misc]
        if x is None:
            continue
        x = np.asarray(x, dtype)
        for scaled in (_scaled(x, kind, exactly=g.predicate.rounded), x):
            if all(bool(np.all(h.predicate.holds(scaled, *[_operand(a, plan, values) for a in h.args[1:]])))
                   for h in structured if len(h.args) == 1 + h.predicate.numbers):
                return scaled
    beside_floats = any(w.sort == "term" and plan.binding[w].type.dtype.kind in "fc" for w, _ in plan.shapes)
    x = _numbers(v, shape, dtype, kind, rng, beside_floats)
    for g in own:
        if g.predicate.scope == "element":
            others = [_operand(a, plan, values) for a in g.args[1:]]
            if None not in [None if o is None else 0 for o in others]:
                x = _only(x, lambda a, g=g, others=others: g.predicate.admits(a, *others), dtype, rng)
    return x


def _operand(a: Term, plan: Plan, values: Mapping[Term, Array]) -> Any:
    found = typed_or_attr(a, plan.binding)
    if isinstance(found, Term):
        return values.get(found)
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


def _numbers(v: LVar, shape: tuple[int, ...], dtype: np.dtype[Any], kind: str, rng: np.random.Generator,
             beside_floats: bool) -> Array:
    if v.sort == "literal":
        choice = np.asarray(_LITERALS)[rng.integers(0, len(_LITERALS), shape)]
        return np.asarray(np.abs(np.round(choice)) if dtype.kind in "bu" else choice).astype(dtype)
    x = normal(rng, shape, dtype)
    if dtype.kind in "iu" and beside_floats:  # positions in the others, which have at least two elements along an axis
        far = 9 if kind == "outside" else 2
        return np.asarray(rng.integers(0 if dtype.kind == "u" else -far, far, shape), dtype)
    if dtype.kind == "b" and kind in _SHARES:
        return rng.random(shape) < _SHARES[kind]
    if dtype.kind not in "fc":
        hostile = pool(dtype)
        return hostile[rng.integers(0, len(hostile), shape)] if kind in ("hostile", "huge") else x * (kind != "zeros")
    if kind == "zeros":
        return np.zeros(shape, dtype)
    if kind == "dominant":  # what a factorisation that reads a half of a matrix takes, though it is not symmetric
        return np.asarray(x + shape[-1] * np.eye(shape[-1]) if len(shape) > 1 and shape[-1] == shape[-2] else x, dtype)
    if kind == "positive":
        return np.asarray(np.abs(x) + 0.1, dtype)
    if kind == "integers":
        return np.asarray(np.round(2 * x), dtype)
    if kind == "equals":
        return np.asarray(rng.choice([0.0, -0.0, 1.0, np.nan], shape, p=[0.3, 0.3, 0.3, 0.1]), dtype)
    if kind == "steps":
        return np.asarray(rng.choice(_STEPS[4 if np.finfo(dtype).bits == 32 else 8], shape), dtype)
    if kind == "hostile":
        good = pool(dtype)
        good = good[np.isfinite(good)]
        return good[rng.integers(0, len(good), shape)]
    if kind in ("nan", "inf") and x.size:
        x = np.array(x)
        x.flat[int(rng.integers(0, x.size))] = np.nan if kind == "nan" else rng.choice([-np.inf, np.inf])
        return x
    return _scaled(x, kind)


