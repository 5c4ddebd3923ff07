"""Elementwise equations: thousands of hostile points in flat arrays, a dozen of which the reference decides."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from ...errors import RelgraphError
from ...terms.term import Term, toposort
from .admission import admitted
from .compare import close, same_bits
from .evidence import Evidence
from .shapes import Plan, Search
from .values import adjacent, mildness, points

__all__ = ["both_sides", "castable", "chosen", "computed", "in_blocks", "try_flat"]

Array: TypeAlias = np.ndarray[Any, Any]
_ALONE = 300  # points that are computed one by one
_STEPS = 15  # the cost from which on a function is computed in blocks


def try_flat(search: Search, evidence: Evidence, budget: int) -> bool:
    """Enter the evidence of all points; False if there is none, for want of a type or of points that guards admit."""
    order = search.terms + search.literals
    arrays = points(tuple(search.dtypes[v] for v in order), len(search.literals), search.marks)
    n = len(arrays[0]) if arrays else 1
    # Literals are tried many at once: as arrays, which elementwise ops cannot tell from numbers.
    plan = search.concrete({v: (n,) for v in order}, {})
    if plan is not None and plan.left.type.dtype.kind == "b" and [search.dtypes[v] for v in order] == [search.result] * 2:
        if search.result.kind == "f":  # what decides of two floats: of those next to one another, too
            arrays = tuple([np.concatenate([a, b]) for a, b in zip(arrays, adjacent(search.result), strict=True)])
            n = len(arrays[0])
            plan = search.concrete({v: (n,) for v in order}, {})
    if plan is not None and plan.right is None:
        search.mistyped.append(plan)
    if plan is None or plan.right is None or (search.apart and not castable(plan)):
        return False
    values = {plan.binding[v]: a for v, a in zip(order, arrays, strict=True)}
    known = computed(plan, values)
    if plan.left not in known and plan.right not in known:
        return _one_by_one(search, evidence, plan, values, n)
    left, right = (np.broadcast_to(v, (n,)) for v in _sides(plan, known))
    evidence.casts(plan, {t: a[:1] for t, a in values.items()})
    if search.apart:
        right = right.astype(left.dtype)
    mask = np.broadcast_to(admitted(search.guards, plan.binding, values), (n,))
    evidence.points += n
    evidence.admitted += int(np.count_nonzero(mask))
    moved = np.flatnonzero(mask & ~same_bits(left, right))
    why = "" if len(moved) else _rounded_apart(plan)
    if why:
        moved = np.flatnonzero(mask)
    if len(moved) and "exact" in evidence.level.values():
        i = moved[np.argmin(mildness(tuple(a[moved] for a in arrays)))]
        evidence.lower("real", evidence.why(plan, {t: a[i] for t, a in values.items()}, left[i], right[i], why=why))
    bad = mask & ~close(left, right)
    for i in chosen(arrays, left, right, bad, budget):
        if not evidence.enough:
            evidence.compare(plan, {t: a[i] for t, a in values.items()}, left[i], right[i])
    if evidence.doubts and not search.apart and left.dtype.kind in "fc":
        for i in _apart_most(left, right, mask & ~bad):
            if not evidence.enough:
                evidence.compare(plan, {t: a[i] for t, a in values.items()}, left[i], right[i])
    numbers = [np.isnan(a) for a in arrays if a.dtype.kind in "fc"]
    return bool(np.any(mask & ~np.any(numbers, axis=0) if numbers else mask))


def in_blocks(t: Term) -> bool:
    """Whether NumPy computes an op in blocks, in each of which it rounds in its own way."""
    return t.op.kind == "call" or (t.op.kind == "elementwise" and not callable(t.op.cost) and t.op.cost >= _STEPS)


def _rounded_apart(plan: Plan) -> str:
    """Why sides that were the same at all points may differ elsewhere, or on another processor."""
    assert plan.right is not None
    left, right = [{t.op for t in toposort(side) if in_blocks(t)} for side in (plan.left, plan.right)]
    other = left and right and left != right and plan.left.type.dtype.kind in "fc"
    return "the last bit of different functions is rounded in different ways" if other else ""


def _apart_most(left: Array, right: Array, where: Array) -> list[int]:
    """Points at which sides that are near to one another are as far apart as anywhere, and as half of those that differ."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(left), np.abs(right))
        far = np.abs(left - right) / size
        at = np.flatnonzero(where & (far > 0) & (size > np.finfo(left.dtype).tiny) & (size < np.inf))
    at = at[np.argsort(far[at], kind="stable")]
    return [int(at[-1]), int(at[len(at) // 2])] if len(at) else []


def castable(plan: Plan) -> bool:
    """Whether a rewrite may cast the right side to the dtype of the left one."""
    return plan.right is not None and np.can_cast(plan.right.type.dtype, plan.left.type.dtype)


def both_sides(plan: Plan, values: Mapping[Term, Array]) -> tuple[Array, Array]:
    """What NumPy computes; NaN where it raises, as for a singular matrix, of integers where only one side does."""
    return _sides(plan, computed(plan, values))


def _sides(plan: Plan, known: Mapping[Term, Any]) -> tuple[Array, Array]:
    assert plan.right is not None
    whole = plan.left not in known and plan.right not in known
    return _value(plan.left, known, whole), _value(plan.right, known, whole)


def _one_by_one(search: Search, evidence: Evidence, plan: Plan, values: Mapping[Term, Array], n: int) -> bool:
    """Some points one after the other, where for all at once NumPy raises on both sides: a negative power of an integer."""
    mask = np.broadcast_to(admitted(search.guards, plan.binding, values), (n,))
    some = [i for i in range(0, n, max(1, n // _ALONE)) if mask[i]]
    evidence.points += len(some)
    evidence.admitted += len(some)
    for i in some:
        left, right = both_sides(plan, {t: a[i:i + 1] for t, a in values.items()})
        if not evidence.enough and not same_bits(left, right).all():
            evidence.compare(plan, {t: a[i] for t, a in values.items()}, left.ravel()[0], right.ravel()[0])
    return bool(some)


def computed(plan: Plan, values: Mapping[Term, Array]) -> dict[Term, Any]:
    """The values of all parts of both sides, but for those at which NumPy raises.

    The caller tells NumPy to ignore overflow and the like: to do so takes as long as a small op.
    """
    if plan.full:
        return _computed(plan, values)
    with warnings.catch_warnings():  # NumPy warns of the mean of nothing
        warnings.simplefilter("ignore", RuntimeWarning)
        return _computed(plan, values)


def _computed(plan: Plan, values: Mapping[Term, Array]) -> dict[Term, Any]:
    """As `evaluate` does, without asking what a plan knows: sizes are numbers, and every input has a value of its type."""
    leaves, steps = plan.steps
    known: dict[Term, Any] = {**leaves, **values}
    failed: set[Term] = set()
    for t, computes, operands, attrs in steps:
        if t in values:
            continue
        if failed and not failed.isdisjoint(t.args):
            failed.add(t)
            continue
        try:
            known[t] = computes([known[a] for a in operands], attrs)
        except _FAILURES:
            failed.add(t)
    return known


# Of uint64 a position is more than a C long holds.
_FAILURES = (RelgraphError, ValueError, IndexError, TypeError, OverflowError)


def _value(t: Term, known: Mapping[Term, Any], whole: bool) -> Array:
    """``whole``: where there is no value, an integer stands for it if the type is one of integers."""
    if t in known:
        return known[t]
    number = t.type.dtype.kind in "fc"
    return np.full(t.type.shape, np.nan if number or not whole else 0, t.type.dtype if number or whole else float)


def chosen(arrays: Sequence[Array], left: Array, right: Array, bad: Array, budget: int) -> list[int]:
    """Points that differ: the mildest of each kind (which side is what, signs of inputs), then some from all over."""
    at = np.flatnonzero(bad)
    if not len(at):
        return []
    at = at[np.argsort(mildness(tuple(a[at] for a in arrays)), kind="stable")]
    code, nan, inf = np.zeros(len(at), "int64"), np.zeros(len(at), bool), np.zeros(len(at), bool)
    for a in (left[at], right[at], *[a[at] for a in arrays]):
        code = code * 6 + _kind(a)
    for a in arrays:
        if a.dtype.kind in "fc":
            nan |= np.isnan(a[at])
            inf |= np.isinf(a[at])
    out: list[int] = []
    for part, limit in ((~nan & ~inf, budget), (nan, 2), (inf & ~nan, 6)):
        here = np.flatnonzero(part)
        firsts = np.sort(np.unique(code[here], return_index=True)[1])
        picked = [int(here[k]) for k in firsts[: limit - limit // 4]]
        picked += [int(here[int(k)]) for k in np.linspace(0, len(here) - 1, limit)] if len(here) else []
        out += [int(at[k]) for k in list(dict.fromkeys(picked))[:limit]]
    return out


def _kind(a: Array) -> Any:
    """0 to 5: NaN, minus infinity, negative, zero, positive, infinity."""
    a = np.real(a).astype(float)
    finite = np.sign(np.where(np.isfinite(a), a, 0)) + 3
    return np.where(np.isnan(a), 0, np.where(np.isinf(a), np.where(a > 0, 5, 1), finite)).astype("int64")
