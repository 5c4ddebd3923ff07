"""Equations about arrays: small instances of every shape that has a type, batched, of length one, empty, permuted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...terms.type import TupleType
from .compare import close, same_bits
from .evidence import Evidence
from .findings import Counterexample
from .flat import both_sides, castable
from .samples import FILLS, fill
from .shapes import Plan, Search, use_of

__all__ = ["Trial", "find_trials", "try_shaped", "type_example"]

Trial = tuple[Plan, Sequence[str]]  # a plan and the fills it is tried with
_SOME: tuple[str, ...] = ("mild", "steps", "integers", "hostile")
_FEW: tuple[str, ...] = ("mild",)
_LATER: tuple[str, ...] = ("mild", "nan", "steps", "huge")
_WRAPPING: tuple[str, ...] = ("mild", "hostile", "huge")  # integers of every width wrap at numbers of their own
_BITS: tuple[str, ...] = ("mild", "positive", "integers", "mild")  # one array of bool is one of eight, or of four
_MIXED: tuple[str, ...] = ("mild", "hostile")  # what wraps in one dtype does not in another
_ALL: tuple[str, ...] = (*FILLS[: FILLS.index("dominant")], "steps", "huge", "steps", "tiny", "nan", "inf", "minus")
_PLANS = 24
_AGAIN = 3  # trials that every dtype after the first one has
_SQUARE, _LENGTH = 4, 3
_LONG = 20  # elements along an axis from which on NumPy adds in another order than one after the other


def find_trials(search: Search, *, only: int | None = None) -> tuple[list[Trial], list[Plan]]:
    """What to try, simplest first, and plans at which the right side fails although the left side has a type.

    ``only``: no more than so many trials, and none where the right side fails somewhere.
    """
    most = _PLANS if len(search.terms) < 4 else _PLANS // 3  # of four arrays there are ten times as many ranks to go through
    good: list[Plan] = []
    wrong: list[Plan] = []
    other: list[Plan] = []
    of_attrs: dict[object, int] = {}
    for plan in search.plans():
        of_attrs[plan.attrs] = of_attrs.get(plan.attrs, 0) + (plan.right is not None)
        if of_attrs[plan.attrs] > 4 and len(plan.attrs) > 1:
            continue
        (good if plan.right is not None else wrong if plan.narrower else other).append(plan)
        if len(good) >= most or (only is not None and good and wrong):
            break
    if not good:
        return [], [p for p in other if str(p.reason).startswith("the left side is")]
    trials: list[Trial] = []
    simplest: dict[object, Plan] = {}
    for plan in good:
        if plan.attrs not in simplest:
            simplest[plan.attrs] = plan
    first = sorted(simplest.values(), key=_degenerate)
    for i, plan in enumerate(first[:6]):
        trials.append((plan, _ALL if i == 0 else _FEW))
        more = search.batched(plan)
        if more is not None and more.right is None:
            wrong.append(more)
        elif more is not None:
            trials.append((more, _SOME if i == 0 else _FEW))
    if only is not None and (wrong or len(trials) >= only):
        return trials[:only], wrong
    trials += [(plan, ("mild",)) for plan in first[4:]]  # other axes and shapes, once each
    rest = [p for p in good if p not in first]
    trials += [(rest[int(k)], _FEW) for k in dict.fromkeys(np.linspace(0, len(rest) - 1, 2).astype(int))] if rest else []
    trials += _other_sizes(search, first[0])
    trials += _equal_sizes(search, other)
    trials += _empty_shapes(search, first)
    full = next((p for p in good if all(s for v, s in p.shapes if v.sort == "term")), first[0])
    if search.result.kind in "fc" and any(t.op.kind in ("reduction", "composite", "call") for t in full.order):
        long = search.resized(full, _LONG)
        trials += [(long, ("long",))] if long is not None and long.right is not None else []
    if full is not first[0]:  # where no variable is a scalar, one of length 1 may broadcast
        trials += _other_sizes(search, full)
    return trials[:only], wrong


def _degenerate(plan: Plan) -> bool:
    """Whether some axis is of length one: such a plan shows less."""
    return any(n == 1 for _, shape in plan.shapes for n in shape)


def _equal_sizes(search: Search, other: Sequence[Plan]) -> list[Trial]:
    """Plans at which the right side has another type, with all axes of one length, where it may have the same type."""
    found: dict[object, Plan] = {}
    for plan in other[:_PLANS]:
        if plan.attrs not in found and len(found) < _SQUARE:
            again = search.resized(plan, _LENGTH)
            if again is not None and again.right is not None:
                found[plan.attrs] = again
    return [(p, _FEW) for p in found.values()]


def _empty_shapes(search: Search, first: Sequence[Plan]) -> list[Trial]:
    """Plans whose attributes that are shapes have axes of length 0 only: copies that are none."""
    shapes = [v for v in search.attrs if use_of(v, search.left, search.right, search.guards) == "shape"]
    found = [search.concrete({v: s for v, s in p.shapes if v.sort == "term"},
                             dict(p.attrs) | {v: (0,) * len(dict(p.attrs)[v]) for v in shapes})
             for p in first] if shapes else []
    typed = [p for p in found if p is not None and p.right is not None]
    return [(p, _FEW) for p in typed[:_SQUARE]]


def _other_sizes(search: Search, plan: Plan) -> list[Trial]:
    """Axes of length one, all of them or those of one variable; empty arrays."""
    found: list[tuple[Plan | None, Sequence[str]]] = [(search.resized(plan, 1), _FEW), (search.resized(plan, 0), ("mild",))]
    if len(search.terms) > 1:
        found += [(search.resized(plan, 1, only=v), ("mild",)) for v in search.terms]
    return [(p, fills) for p, fills in found if p is not None and p.right is not None]


def try_shaped(search: Search, evidence: Evidence, trials: Sequence[Trial], wrong: Sequence[Plan], budget: int,
               first: bool) -> bool:
    """Enter the evidence of all trials; False if there is none."""
    for plan in wrong[:1]:
        evidence.lower("false", type_example(plan), "->")
    done = evidence.decided
    equals = any(use_of(v, search.left, search.right, search.guards) == "places" for v in search.attrs)
    for seed, (plan, fills) in enumerate(trials if first else trials[:_AGAIN]):
        here = plan if first else search.again(plan)
        if here is None or here.right is None:
            continue
        chosen = _fills(search, here, fills if first else None, seed, evidence.normwise)
        if equals and (seed < 6 if first else seed == 0):
            chosen = (*chosen, *("equals",) * 4)
        for k, kind in enumerate(chosen):
            if evidence.decided:
                return True
            done |= _instance(search, evidence, here, kind, 64 * seed + k, budget)
    return done


def _fills(search: Search, plan: Plan, first: Sequence[str] | None, seed: int, factors: bool) -> Sequence[str]:
    """The fills of a trial; ``first``: those for the first dtype, after which a later one need show only what differs.

    Whether a position is outside of an axis no dtype changes but that of the positions.
    """
    kind = search.result.kind
    if search.apart:
        return _MIXED[seed > 0:]
    chosen = first or (_FEW if seed else _LATER if kind in "fc" else _WRAPPING)
    if kind == "b" and len(chosen) == 1:
        return _BITS
    if first and seed < 2:
        if factors:
            return (*chosen, "dominant", "ties") if _factorises(plan) else (*chosen, "dominant")
        if search.positions:
            return (*chosen, "outside", "beyond")
    return chosen


def _instance(search: Search, evidence: Evidence, plan: Plan, kind: str, seed: int, budget: int) -> bool:
    values = fill(plan, search.guards, kind, seed) if not search.apart or castable(plan) else None
    evidence.points += 1
    if values is None:
        return False
    evidence.admitted += 1
    left, right = both_sides(plan, values)
    if left.shape != right.shape:
        left, right = np.broadcast_arrays(left, right)
    right = right.astype(left.dtype) if search.apart else right
    ties = kind == "ties"  # where LAPACK has a choice, both sides may owe it that they are equal
    if left.dtype == right.dtype and left.tobytes() == right.tobytes() and not ties:
        return True
    if "exact" in evidence.level.values() and not bool(np.all(same_bits(left, right))):
        evidence.lower("real", evidence.why(plan, values, left, right))
    if kind == "long":  # of many numbers, for which the reference takes its time
        return True
    undecided_yet = evidence.judged < budget and evidence.undecided < budget and not evidence.enough
    if ties:
        evidence.compare(plan, values, left, right)
    elif undecided_yet and not bool(np.all(close(left, right, normwise=evidence.normwise))):
        evidence.compare(plan, values, left, right)
    return True


def _factorises(plan: Plan) -> bool:
    """Whether some op has several results: factors, which are not determined where numbers repeat."""
    return any(type(t.type) is TupleType for t in plan.order)


def type_example(plan: Plan) -> Counterexample:
    """Types of the inputs at which the right side has another type than the left one, or none."""
    inputs = [(str(v.data[0]), repr(plan.binding[v].type)) for v, _ in plan.shapes]
    inputs += [(str(v.data[0]), str(value)) for v, value in plan.attrs]
    return Counterexample(tuple(inputs), repr(plan.left.type), str(plan.reason), why="the right side cannot stand for the left "
                          "one here; name the axes it means, or add a guard such as square(x) or at_most_rank(x, 2)")
