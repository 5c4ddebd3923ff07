"""Equations about arrays: small instances of every shape that has a type, batched, of length one, empty, permuted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term, toposort
from ...terms.type import TupleType, Type
from .compare import all_close, close, same_bits
from .crowd import CROWD, SHOWN, Crowd
from .evidence import Evidence
from .fills import ALONE
from .findings import Counterexample
from .flat import both_sides, castable, in_blocks
from .samples import fill, telling
from .shapes import Plan, Search, elements
from .tried import FEW, Trial, later

__all__ = ["try_shaped", "type_example"]

Array: TypeAlias = np.ndarray[Any, Any]
_LATER: tuple[str, ...] = ("mild", "nan", "steps", "huge")
_WRAPPING: tuple[str, ...] = ("mild", "hostile")
_BITS: tuple[str, ...] = ("mild", "positive", "integers", "mild")  # one array of bool is one of eight
_MOVED: tuple[str, ...] = ("mild", "positive", "integers", "nan", "minus")  # of numbers that are moved only
_MIXED: tuple[str, ...] = ("mild", "hostile", "steps")  # what wraps in one dtype does not in another
_SIGNED: tuple[str, ...] = ("dominant", "definite", "negative")
_NANS: tuple[str, ...] = ("nan in zeros", *ALONE)  # of which a routine may see nothing
_MARKED = 3  # fills of numbers beside those that the equation mentions
_AGAIN = 3  # trials that every dtype after the first one has
_LONG: tuple[str, ...] = ("mild", "steps", "tiny", "hostile", "equals")
_UNMARKED = ("singular", "all singular", "crowd")
_LENGTHS, _MANY = (1, 300, 40, 14), 10000  # along every axis, by how many there are; in all


def try_shaped(search: Search, evidence: Evidence, trials: Sequence[Trial], wrong: Sequence[Plan], budget: int,
               first: bool) -> bool:
    """Enter the evidence of all trials; False if there is none."""
    for plan in wrong[:1]:
        evidence.lower("false", type_example(plan), "->")
    done = False
    equals = any(search.use_of(v) == "places" for v in search.attrs)
    again = _AGAIN if not search.moves or search.result.kind == "b" else 1
    for seed, (plan, fills) in enumerate(trials if first else later(search, trials, again)):
        here = plan if first else search.again(plan)
        if here is None or here.right is None:
            continue
        if here.left.type.dtype.kind in "fc":
            evidence.computes = here.left.type.dtype
        chosen = _fills(search, here, fills if first else None, seed, evidence.normwise)
        if equals and (seed < 6 if first else seed == 0):
            chosen = (*chosen, *("equals",) * 4)
        if seed == 0 and search.marks and not search.moves:
            chosen = (*chosen, *("marked",) * _MARKED)
        for k, kind in enumerate(chosen):
            done |= _instance(search, evidence, here, kind, 64 * seed + k, budget)
        whole = here.left.type.dtype.kind in "iub" and search.result.kind in "iub"
        if seed == 0 and done and not search.moves and (whole or (first and not evidence.normwise)):
            _try_crowd(search, evidence, here, budget)
    evidence.settle_doubt()
    if first and done and search.result.kind in "fc" and not search.moves:
        _try_long(search, evidence, [p for p, _ in trials])
    return done


def _try_long(search: Search, evidence: Evidence, plans: Sequence[Plan]) -> None:
    """Whether sides of which not a bit was seen to differ are the same at many numbers: NumPy rounds in blocks."""
    plan = plans[0]
    assert plan.right is not None
    rounded = [{t for t in toposort(side) if in_blocks(t)} for side in (plan.left, plan.right)]
    if rounded[0] != rounded[1] and "exact" in evidence.level.values():
        values = fill(plan, search.guards, "mild", 0)
        if values is not None:
            why = "the last bit of a function or a product depends on where in which array a number lies"
            evidence.lower("real", evidence.why(plan, values, *both_sides(plan, values), why=why))
    for plan in [*plans[:1], *[p for p in plans[1:] if all(s for v, s in p.shapes if v.sort == "term")][:1]]:
        long = search.resized(plan, _LENGTHS[min(3, max(len(t.type.shape) for t in plan.order if type(t.type) is Type))])
        if long is None or long.right is None or max(map(elements, long.order)) > _MANY:
            continue
        for k, kind in enumerate(_LONG):
            if "exact" in evidence.level.values():
                _instance(search, evidence, long, kind, k, 0)


def _try_crowd(search: Search, evidence: Evidence, plan: Plan, budget: int) -> None:
    """Hundreds of arrays at once: numbers that wrap, cancel, tie or vanish are met by chance only."""
    crowd = Crowd.of(search, plan)
    if crowd is None or crowd.plan.right is None or not castable(crowd.plan):
        return
    for values in crowd.values():
        left, right = both_sides(crowd.plan, values)
        if right.shape[:1] == (CROWD,):
            right = right.reshape(CROWD, *[1] * (left.ndim - right.ndim), *right.shape[1:])
        if left.shape[:1] != (CROWD,):
            return
        evidence.points += CROWD
        evidence.admitted += CROWD
        right = right.astype(left.dtype)
        differ = ~(same_bits if "exact" in evidence.level.values() else close)(left, right)
        for own in crowd.some(values, differ):
            _enter(search, evidence, plan, "crowd", own, budget + 2 * SHOWN)


def _fills(search: Search, plan: Plan, first: Sequence[str] | None, seed: int, factors: bool) -> Sequence[str]:
    """The fills of a trial; ``first``: those for the first dtype, after which a later one need show only what differs.

    Whether a position is outside of an axis no dtype changes but that of the positions.
    """
    kind = search.result.kind
    if search.apart:
        return FEW if search.moves else _MIXED
    chosen = first or (FEW if seed or search.moves else _LATER if kind in "fc" else _WRAPPING)
    if search.moves and len(chosen) > 1:
        chosen = _MOVED
    if kind == "b" and len(chosen) == 1:
        return _BITS
    if first and seed < 2 and kind in "fc" and plan.left.type.dtype.kind in "biu" and not search.moves:
        chosen = (*chosen, "overflow")  # what is decided of numbers: of those that overflow all are alike
    if first and seed < 2:
        if factors:
            chosen = (*chosen, *_SIGNED, "ties") if _factorises(plan) else (*chosen, *_SIGNED)
            return chosen if seed else (*chosen, *_NANS)
        if search.positions:
            return (*chosen, "outside", "beyond")
    return chosen


def _instance(search: Search, evidence: Evidence, plan: Plan, kind: str, seed: int, budget: int) -> bool:
    values = fill(plan, search.guards, kind, seed) if not search.apart or castable(plan) else None
    evidence.points += 1
    if values is None:
        return False
    evidence.admitted += 1
    if not search.apart and kind == "mild":
        evidence.casts(plan, values)
    _enter(search, evidence, plan, kind, values, budget)
    return telling(plan, values)


def _enter(search: Search, evidence: Evidence, plan: Plan, kind: str, values: dict[Term, Any], budget: int) -> None:
    left, right = both_sides(plan, values)
    if left.shape != right.shape:
        left, right = np.broadcast_arrays(left, right)
    right = right.astype(left.dtype) if search.apart else right
    ties = kind == "ties"  # where LAPACK has a choice, both sides may owe it that they are equal
    if left.dtype == right.dtype and left.tobytes() == right.tobytes() and not ties:
        return
    if "exact" in evidence.level.values() and not bool(np.all(same_bits(left, right))):
        evidence.lower("real", evidence.why(plan, values, left, right))
    undecided_yet = evidence.judged < budget and evidence.undecided < budget and not evidence.enough
    if ties:
        evidence.compare(plan, values, left, right)
    elif undecided_yet and not all_close(left, right, normwise=evidence.normwise):
        near = evidence.better, evidence.worse
        evidence.compare(plan, values, left, right)
        if kind in _UNMARKED:  # how near to the zero of a determinant a side comes is chance; a crowd would outvote all
            evidence.better, evidence.worse = near
        return
    if not search.apart and kind not in _UNMARKED:
        evidence.doubt(plan, values, left, right)


def _factorises(plan: Plan) -> bool:
    """Whether some op has several results: factors, which are not determined where numbers repeat."""
    return any(type(t.type) is TupleType for t in plan.order)


def type_example(plan: Plan) -> Counterexample:
    """Types of the inputs at which the right side has another type than the left one, or none."""
    inputs = [(str(v.data[0]), repr(plan.binding[v].type)) for v, _ in plan.shapes]
    inputs += [(str(v.data[0]), str(value)) for v, value in plan.attrs]
    return Counterexample(tuple(inputs), repr(plan.left.type), str(plan.reason),
                          why=f"the right side cannot stand for the left one here; {_remedy(plan)}")


def _remedy(plan: Plan) -> str:
    """What to write instead where the right side has another type."""
    empty = [v.data[0] for v, shape in plan.shapes if 0 in shape]
    if empty:
        return f"add a guard such as nonempty({empty[0]})"
    if str(plan.reason).rpartition("the right side ")[2].startswith("complex"):
        return "take the real part of it, or its absolute value"
    return "name the axes it means, or add a guard such as square(x) or at_most_rank(x, 2)"
