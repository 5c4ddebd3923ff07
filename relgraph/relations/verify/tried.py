"""What an equation about arrays is tried with: shapes and attributes, simplest first, and the fills of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from ..uses import LENGTHS
from .fills import FILLS
from .samples import KNOWN
from .shapes import Plan, Search, elements

__all__ = ["FEW", "Trial", "find_trials", "later"]

Trial: TypeAlias = tuple[Plan, Sequence[str]]  # a plan and the fills it is tried with
_SOME: tuple[str, ...] = ("mild", "steps", "singular", "all singular", "hostile")
FEW: tuple[str, ...] = ("mild",)
_ONES: tuple[str, ...] = ("mild", "steps", "positive", "mild", "steps")  # one number of each sign
_NONE: tuple[str, ...] = ("mild", "positive", "integers", "nan")  # a number beside none: of bool, true and false
_ALL: tuple[str, ...] = (*FILLS[: FILLS.index("dominant")], "steps", "huge", "steps", "tiny", "nan", "inf", "minus", "singular",
                         "all singular", "absorbed", "nan")
_PLANS = 24
_SHARED = 4  # choices of attributes that are tried at the most axes too
_SQUARE, _LENGTH, _LARGER, _SMALLER = 4, 4, 5, 2


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
        trials.append((plan, _ALL if i == 0 else FEW))
        more = search.batched(plan)
        if more is not None and more.right is None:
            wrong.append(more)
        elif more is not None:
            trials.append((more, _SOME if i == 0 else FEW))
    trials += [(plan, ("mild",)) for plan in first[4:]]  # other axes and shapes, once each
    largest = {plan.attrs: plan for plan in good}  # of the most axes that were found: what is broadcast where it should not be
    trials += [(largest[plan.attrs], FEW) for plan in first[:_SHARED] if largest[plan.attrs] is not plan]
    rest = [p for p in good if p not in first]
    trials += [(rest[int(k)], FEW) for k in dict.fromkeys(np.linspace(0, len(rest) - 1, 2).astype(int))] if rest else []
    trials += _other_sizes(search, first[0])
    empty = search.resized(first[0], 0)
    if empty is not None and empty.right is None and elements(empty.left):  # of nothing the left side makes something
        wrong.append(empty)
    trials += _equal_sizes(search, other)
    trials += _short_attributes(search, first) + _to_itself(search, first[0])
    if any(g.predicate.scope == "matrix" for g in search.guards):  # of few cycles are small ones, of little NaN the least
        for size, fills in ((_LARGER, ("mild", *KNOWN)), (_SMALLER, FEW)):
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
    shapes = [v for v in search.attrs if search.use_of(v) == "shape"]
    found: dict[object, Plan] = {}
    for plan in other[:_PLANS]:
        if plan.attrs not in found and len(found) < _SQUARE:
            equal = tuple([(v, (_LENGTH,) * len(a) if v in shapes else a) for v, a in plan.attrs])
            for attrs in (plan.attrs, equal)[:1 + bool(shapes)]:
                again = search.concrete({v: (_LENGTH,) * len(s) for v, s in plan.shapes if v.sort == "term"}, dict(attrs))
                if again is not None and again.right is not None:
                    found[plan.attrs] = again
    return [(p, FEW) for p in found.values()]


def _short_attributes(search: Search, first: Sequence[Plan]) -> list[Trial]:
    """Plans whose attributes that are lengths are 1: what they make broadcasts; of shapes also 0: copies that are none."""
    used = {v: search.use_of(v) for v in search.attrs}
    lengths = [v for v, use in used.items() if use in LENGTHS]
    shapes = [v for v, use in used.items() if use == "shape"]
    found: list[Plan | None] = []
    for n, some in ((0, shapes), (1, [*shapes, *lengths])):
        plans = [search.concrete({v: s for v, s in p.shapes if v.sort == "term"},
                                 dict(p.attrs) | {v: (n,) * len(dict(p.attrs)[v]) if v in shapes else n for v in some})
                 for p in first] if some else []
        found += [p for p in plans if p is not None and p.right is not None][:_SQUARE]
    return [(p, FEW) for p in found if p is not None]


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


def later(search: Search, trials: Sequence[Trial], again: int) -> Sequence[Trial]:
    """What a later dtype is tried with: the first trials, and a plan without scalars whose casts are to that dtype itself."""
    full = next((p for p, _ in trials if all(s for v, s in p.shapes if v.sort == "term")), trials[0][0])
    return [*trials[:again], *_to_itself(search, full)]


def _to_itself(search: Search, plan: Plan) -> list[Trial]:
    """A plan whose casts are to the dtype that is tried: of complex numbers nothing is lost."""
    cast = {v: search.result for v, value in plan.attrs if isinstance(value, np.dtype)}
    own = search.concrete({v: s for v, s in plan.shapes if v.sort == "term"}, dict(plan.attrs) | cast) if cast else None
    return [(own, FEW)] if own is not None and own.right is not None else []
