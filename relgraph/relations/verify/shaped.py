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
from .fills import FILLS
from .findings import Counterexample
from .flat import both_sides, castable
from .samples import KNOWN, fill, telling
from .shapes import Plan, Search, elements, use_of

__all__ = ["Trial", "find_trials", "try_shaped", "type_example"]

Array: TypeAlias = np.ndarray[Any, Any]
Trial: TypeAlias = tuple[Plan, Sequence[str]]  # a plan and the fills it is tried with
_SOME: tuple[str, ...] = ("mild", "steps", "singular", "all singular", "hostile")
_FEW: tuple[str, ...] = ("mild",)
_LATER: tuple[str, ...] = ("mild", "nan", "steps", "huge")
_WRAPPING: tuple[str, ...] = ("mild", "hostile")
_BITS: tuple[str, ...] = ("mild", "positive", "integers", "mild")  # one array of bool is one of eight
_MOVED: tuple[str, ...] = ("mild", "positive", "integers", "nan", "minus")  # of numbers that are moved only
_MIXED: tuple[str, ...] = ("mild", "hostile", "steps")  # what wraps in one dtype does not in another
_ONES: tuple[str, ...] = ("mild", "steps", "positive", "mild", "steps")  # one number of each sign
_NONE: tuple[str, ...] = ("mild", "positive", "integers")  # a number beside none: of bool, true and false
_ALL: tuple[str, ...] = (*FILLS[: FILLS.index("dominant")], "steps", "huge", "steps", "tiny", "nan", "inf", "minus", "singular",
                         "all singular", "absorbed", "nan")
_SIGNED: tuple[str, ...] = ("dominant", "definite", "negative")
_PLANS = 24
_SHARED = 4  # choices of attributes that are tried at the most axes too
_MARKED = 3  # fills of numbers beside those that the equation mentions
_AGAIN = 3  # trials that every dtype after the first one has
_SQUARE, _LENGTH, _LARGER, _SMALLER = 4, 4, 5, 2
_COUNTS = ("n", "rows", "columns", "size")  # attributes that are the length of an axis
_LONG: tuple[str, ...] = ("mild", "steps", "tiny", "hostile", "equals")
_UNMARKED = ("singular", "all singular", "crowd")
_STEPS = 15  # the cost from which on a function is computed in blocks
_LENGTHS, _MANY = (1, 300, 40, 14), 10000  # along every axis, by how many there are; in all


def find_trials(search: Search) -> tuple[list[Trial], list[Plan]]:
    """What to try, simplest first, and plans at which the right side fails although the left side has a type."""
    most = _PLANS if len(search.terms) < 4 else _PLANS // 3  # of four arrays there are ten times as many ranks to go through
    good: list[Plan] = []
    wrong: list[Plan] = []
    other: list[Plan] = []
    of_attrs: dict[object, int] = {}
    for plan in search.plans():
        of_attrs[plan.attrs] = of_attrs.get(plan.attrs, 0) + (plan.right is not None)
        if of_attrs[plan.attrs] > (4 if len(plan.attrs) > 1 else most // 3) and plan.attrs:  # others have their turn
            continue
        (good if plan.right is not None else wrong if plan.narrower else other).append(plan)
        if len(good) >= most:
            break
    if not good:
        typed = [p for p in other if str(p.reason).startswith("the left side is")]
        return [], typed or (other if _equal_sizes(search, other) else [])
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
    trials += [(plan, ("mild",)) for plan in first[4:]]  # other axes and shapes, once each
    largest = {plan.attrs: plan for plan in good}  # of the most axes that were found: what is broadcast where it should not be
    trials += [(largest[plan.attrs], _FEW) for plan in first[:_SHARED] if largest[plan.attrs] is not plan]
    rest = [p for p in good if p not in first]
    trials += [(rest[int(k)], _FEW) for k in dict.fromkeys(np.linspace(0, len(rest) - 1, 2).astype(int))] if rest else []
    trials += _other_sizes(search, first[0])
    empty = search.resized(first[0], 0)
    if empty is not None and empty.right is None and elements(empty.left):  # of nothing the left side makes something
        wrong.append(empty)
    trials += _equal_sizes(search, other)
    trials += _short_attributes(search, first) + _to_itself(search, first[0])
    if any(g.predicate.scope == "matrix" for g in search.guards):  # of few cycles are small ones, of little NaN the least
        for size, fills in ((_LARGER, ("mild", *KNOWN)), (_SMALLER, _FEW)):
            sized = search.resized(first[0], size)
            trials += [(sized, fills)] if sized is not None and sized.right is not None else []
    full = next((p for p in good if all(s for v, s in p.shapes if v.sort == "term")), first[0])
    if full is not first[0]:  # where no variable is a scalar, one of length 1 may broadcast
        trials += _other_sizes(search, full)
    return _once(trials), wrong


def _once(trials: Sequence[Trial]) -> list[Trial]:
    """No plan twice with one fill: what other numbers would show the other fills do."""
    found: dict[object, Trial] = {}
    for plan, fills in trials:
        key = plan.shapes, plan.attrs
        before = found[key][1] if key in found else ()
        found[key] = (found[key][0] if before else plan, (*before, *[f for f in fills if f not in before]) if before else fills)
    return list(found.values())


def _degenerate(plan: Plan) -> bool:
    """Whether some axis is of length one: such a plan shows less."""
    return any(n == 1 for _, shape in plan.shapes for n in shape)


def _equal_sizes(search: Search, other: Sequence[Plan]) -> list[Trial]:
    """Plans at which the right side has another type, with all axes of one length, where it may have the same type."""
    shapes = [v for v in search.attrs if use_of(v, search.left, search.right, search.guards) == "shape"]
    found: dict[object, Plan] = {}
    for plan in other[:_PLANS]:
        if plan.attrs not in found and len(found) < _SQUARE:
            equal = tuple([(v, (_LENGTH,) * len(a) if v in shapes else a) for v, a in plan.attrs])
            for attrs in (plan.attrs, equal)[:1 + bool(shapes)]:
                again = search.concrete({v: (_LENGTH,) * len(s) for v, s in plan.shapes if v.sort == "term"}, dict(attrs))
                if again is not None and again.right is not None:
                    found[plan.attrs] = again
    return [(p, _FEW) for p in found.values()]


def _short_attributes(search: Search, first: Sequence[Plan]) -> list[Trial]:
    """Plans whose attributes that are lengths are 1: what they make broadcasts; of shapes also 0: copies that are none."""
    used = {v: use_of(v, search.left, search.right, search.guards) for v in search.attrs}
    lengths = [v for v, use in used.items() if use in _COUNTS]
    shapes = [v for v, use in used.items() if use == "shape"]
    found: list[Plan | None] = []
    for n, some in ((0, shapes), (1, [*shapes, *lengths])):
        plans = [search.concrete({v: s for v, s in p.shapes if v.sort == "term"},
                                 dict(p.attrs) | {v: (n,) * len(dict(p.attrs)[v]) if v in shapes else n for v in some})
                 for p in first] if some else []
        found += [p for p in plans if p is not None and p.right is not None][:_SQUARE]
    return [(p, _FEW) for p in found if p is not None]


def _other_sizes(search: Search, plan: Plan) -> list[Trial]:
    """Axes of length one, all of them, those of one variable or of one size; empty arrays; tall where it was wide."""
    found: list[tuple[Plan | None, Sequence[str]]] = [(search.resized(plan, 1), _ONES), (search.resized(plan, 0), ("mild",))]
    if len(search.terms) > 1:
        found += [(search.resized(plan, 1, only=v), ("mild",)) for v in search.terms]
        found += [(search.without_elements(plan, v), _NONE) for v in search.terms]
    sizes = sorted({n for v, s in plan.shapes for n in s if v.sort == "term" and n > 1})
    if len(sizes) > 1:
        found += [(search.renamed(plan, dict(zip(sizes, reversed(sizes), strict=True))), ("mild",))]
        found += [(search.renamed(plan, {n: k}), ("mild",)) for n in sizes for k in (1, 0)]
    found += [(search.with_one(plan, v, k), ("mild",)) for v, s in plan.shapes if v.sort == "term" and len(s) > 1
              for k in range(len(s))]
    return [(p, fills) for p, fills in found if p is not None and p.right is not None]


def try_shaped(search: Search, evidence: Evidence, trials: Sequence[Trial], wrong: Sequence[Plan], budget: int,
               first: bool) -> bool:
    """Enter the evidence of all trials; False if there is none."""
    for plan in wrong[:1]:
        evidence.lower("false", type_example(plan), "->")
    done = False
    equals = any(use_of(v, search.left, search.right, search.guards) == "places" for v in search.attrs)
    again = _AGAIN if not search.moves or search.result.kind == "b" else 1
    for seed, (plan, fills) in enumerate(trials if first else _later(search, trials, again)):
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


def _later(search: Search, trials: Sequence[Trial], again: int) -> Sequence[Trial]:
    """What a later dtype is tried with: the first trials, and a plan without scalars whose casts are to that dtype itself."""
    full = next((p for p, _ in trials if all(s for v, s in p.shapes if v.sort == "term")), trials[0][0])
    return [*trials[:again], *_to_itself(search, full)]


def _to_itself(search: Search, plan: Plan) -> list[Trial]:
    """A plan whose casts are to the dtype that is tried: of complex numbers nothing is lost."""
    cast = {v: search.result for v, value in plan.attrs if isinstance(value, np.dtype)}
    own = search.concrete({v: s for v, s in plan.shapes if v.sort == "term"}, dict(plan.attrs) | cast) if cast else None
    return [(own, _FEW)] if own is not None and own.right is not None else []


def _try_long(search: Search, evidence: Evidence, plans: Sequence[Plan]) -> None:
    """Whether sides of which not a bit was seen to differ are the same at many numbers: NumPy rounds in blocks."""
    plan = plans[0]
    assert plan.right is not None
    rounded = [{t for t in toposort(side) if _in_blocks(t)} for side in (plan.left, plan.right)]
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


def _in_blocks(t: Term) -> bool:
    """Whether NumPy computes an op in blocks, in each of which it rounds in its own way."""
    return t.op.kind == "call" or (t.op.kind == "elementwise" and not callable(t.op.cost) and t.op.cost >= _STEPS)


def _fills(search: Search, plan: Plan, first: Sequence[str] | None, seed: int, factors: bool) -> Sequence[str]:
    """The fills of a trial; ``first``: those for the first dtype, after which a later one need show only what differs.

    Whether a position is outside of an axis no dtype changes but that of the positions.
    """
    kind = search.result.kind
    if search.apart:
        return _FEW if search.moves else _MIXED
    chosen = first or (_FEW if seed or search.moves else _LATER if kind in "fc" else _WRAPPING)
    if search.moves and len(chosen) > 1:
        chosen = _MOVED
    if kind == "b" and len(chosen) == 1:
        return _BITS
    if first and seed < 2 and kind in "fc" and plan.left.type.dtype.kind in "biu" and not search.moves:
        chosen = (*chosen, "overflow")  # what is decided of numbers: of those that overflow all are alike
    if first and seed < 2:
        if factors:
            return (*chosen, *_SIGNED, "ties") if _factorises(plan) else (*chosen, *_SIGNED)
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
