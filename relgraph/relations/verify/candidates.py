"""Single conditions that can be suggested for an equation, and points at which they are told apart and both sides compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, islice
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import LVar, Term, attr, toposort
from ...terms.type import ATTR, parse_signature
from .. import predicates as p
from ..predicates import Guard
from ..template import variables
from ..uses import use_of
from .admission import admitted
from .compare import close, same_bits
from .evidence import Evidence
from .findings import Counterexample
from .flat import both_sides, chosen
from .samples import fill
from .second import refutes
from .shaped import type_example
from .shapes import Plan, Search, has_sample, least_rank, numbers_of, types_admit
from .tried import find_trials
from .values import points

__all__ = ["BOUNDS", "RANGES", "STRUCTURES", "Points", "atoms", "gather"]

Array: TypeAlias = np.ndarray[Any, Any]
_FILLS = ("mild", "positive", "integers", "zeros", "steps", "nan", "inf")
_FEWER = ("mild", "steps")
_TYPED = 12  # plans from which it is seen which variables are matrices
_NUMBERS = 6  # of the equation that are tried as bounds
_SIGNS = (p.nonzero, p.nonnegative, p.nonpositive, p.positive, p.negative, p.finite)
BOUNDS = (p.at_least, p.at_most, p.greater_than, p.less_than)
RANGES = (*BOUNDS, p.differs)
_OTHERS = (p.integer, p.even, p.odd, p.between_0_1, p.inside_0_1, p.between_minus_1_1, p.inside_minus_1_1)
STRUCTURES = (p.invertible, p.symmetric, p.hermitian, p.psd, p.pd, p.lower_triangular, p.upper_triangular, p.diagonal,
              p.unit_triangular, p.orthogonal, p.unitary, p.semi_orthogonal, p.permutation, p.skew_symmetric, p.idempotent)


def atoms(left: Term, right: Term, dtype: Any, extra: Sequence[Guard] = ()) -> list[Guard]:
    """The single conditions of the vocabulary about the variables of the left side, plain ones first."""
    found: tuple[Any, ...] = variables(left)
    terms = [v for v in found if v.type is not ATTR]
    axes = [v for v in found if v.type is ATTR and use_of(v, left, right) == "axis"]
    ranks = _ranks(left, right, dtype)
    matrices = [v for v in terms if max(least_rank(v, left, right), ranks.get(v, 0)) > 1]  # elements say little about these
    scalars = [v for v in terms if v not in matrices]
    out = [q(v) for v in scalars for q in _SIGNS]
    out += [q(v, c) for v in scalars for q in RANGES for c in dict.fromkeys((1, -1, *numbers_of(left, right)[:_NUMBERS]))]
    out += [q(v) for v in scalars for q in _OTHERS]
    out += [q(v) for v in terms if v.sort == "term" and len(v.data[2]) > 1 for q in (p.real, p.floating, p.integral)]
    numbers = [v for v in terms if v.sort == "literal"]
    out += [q(a * b) for a, b in combinations(numbers, 2) for q in (p.positive, p.nonnegative)]
    if matrices:
        out += [q(v) for v in matrices for q in (p.square, *STRUCTURES, p.finite)]
        out += [p.square(t) for t in toposort(left) if t.args and t is not left and any(len(c) > 1 for c in _cores(t, 1))]
    flat = not axes and Search(left, right, (), dtype).flat
    if not flat:
        out += [p.same_shape(a, b) for a, b in combinations(terms, 2)]
        out += [] if axes else [p.size_one(v, attr((-1,))) for v in terms]
    if matrices or axes:
        out += [q(v, a) for v in terms for a in axes for q in (p.size_one, p.all_axes, p.new_leading)]
        out += [p.at_most_rank(v, n) for v in terms for n in (1, 2)]
    return list(dict.fromkeys([*extra, *out]))


def _ranks(left: Term, right: Term, dtype: Any) -> dict[Any, int]:
    """How many axes each variable has at least where the left side has a type."""
    search = Search(left, right, (), dtype)
    found = [p.shapes for p in islice(search.plans(), _TYPED)] if not search.flat else []
    return {v: min(len(dict(shapes)[v]) for shapes in found) for v in search.terms if found}


def _cores(t: Term, side: int) -> Any:
    """The core axes of the operands (0) or of the results (1) of an op."""
    return parse_signature(t.op.signature)[side] if t.op.signature and t.args else ()


@dataclass(eq=False)
class Points:
    """Points of all kinds: at each both sides were computed; whether one refutes the equation is decided when it is asked."""

    declared: str
    masks: list[Array] = field(default_factory=list)  # a row per atom: at which points it holds
    suspect: Array = field(default_factory=lambda: np.zeros(0, bool))  # where the sides differ
    nan: Array = field(default_factory=lambda: np.zeros(0, bool))  # points that say nothing about a condition
    spread: list[Callable[[Array], list[int]]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    judges: list[Callable[[int], Counterexample | None]] = field(default_factory=list)
    known: dict[int, Counterexample | None] = field(default_factory=dict)

    def refutation(self, i: int) -> Counterexample | None:
        """What the reference says of a suspect point: the counterexample, or None if rounding explains it."""
        if i not in self.known:
            block = int(np.searchsorted(self.starts, i, side="right")) - 1
            self.known[i] = self.judges[block](i - self.starts[block])
        return self.known[i]

    def suspects(self, mask: Array) -> list[int]:
        """Some of the suspect points of a mask, of every kind."""
        out: list[int] = []
        here = mask & self.suspect
        for k, start in enumerate(self.starts):
            end = self.starts[k + 1] if k + 1 < len(self.starts) else len(mask)
            out += [start + i for i in self.spread[k](here[start:end])]
        return out

    def add(self, masks: Sequence[Array], suspect: Array, nan: Array, spread_: Any, judge: Any) -> None:
        """Another block of points."""
        self.starts.append(len(self.suspect))
        self.suspect, self.nan = np.concatenate([self.suspect, suspect]), np.concatenate([self.nan, nan])
        before = self.masks or [np.zeros(0, bool)] * len(masks)
        self.masks = [np.concatenate([a, b]) for a, b in zip(before, masks, strict=True)]
        self.spread.append(spread_)
        self.judges.append(judge)


@np.errstate(all="ignore")
def gather(left: Term, right: Term, conditions: Sequence[Guard], groups: Sequence[Any], declared: str,
           make: Callable[[Any], Evidence]) -> Points:
    """The points of an equation, with the mask of each condition.

    Elementwise equations have their hostile points; others small instances, of each condition's own structure too.
    """
    out = Points(declared)
    for dtype in groups:
        search = Search(left, right, (), dtype)
        (_flat if search.flat else _shaped)(search, conditions, out, partial(make, dtype))
    return out


def _flat(search: Search, conditions: Sequence[Guard], out: Points, make: Callable[[], Evidence]) -> None:
    order = search.terms + search.literals
    arrays = points(tuple(search.dtypes[v] for v in order), len(search.literals), search.marks)
    n = len(arrays[0]) if arrays else 1
    plan = search.concrete({v: (n,) for v in order}, {})
    if plan is None or plan.right is None:
        return
    values = {plan.binding[v]: a for v, a in zip(order, arrays, strict=True)}
    left, right = (np.broadcast_to(v, (n,)) for v in both_sides(plan, values))
    masks = [np.broadcast_to(admitted([g], plan.binding, values) & types_admit([g], plan.binding), (n,)) for g in conditions]
    exact = out.declared == "exact"

    def judge(i: int) -> Counterexample | None:
        evidence, at = make(), {t: a[i] for t, a in values.items()}
        if exact:
            return evidence.counterexample(plan, at, left[i], right[i], why="the sides differ in a bit")
        evidence.compare(plan, at, left[i], right[i])
        return refutes(evidence, out.declared)
    nan = np.any([np.isnan(a) for a in arrays if a.dtype.kind in "fc"] or [np.zeros(n, bool)], axis=0)
    suspect = ~(same_bits(left, right) if exact else close(left, right))
    out.add(masks, suspect, nan, lambda bad: chosen(arrays, left, right, bad, 12), judge)


@dataclass(frozen=True, eq=False)
class _Instance:
    """A plan with values and both sides, or (without values) types under which the right side has none."""

    plan: Plan
    values: dict[Any, Array]
    left: Any = None
    right: Any = None


def _shaped(search: Search, conditions: Sequence[Guard], out: Points, make: Callable[[], Evidence]) -> None:
    made: list[_Instance] = []
    seen: set[Any] = set()
    normwise = make().normwise
    for k, g in enumerate((None, *conditions)):
        if g is not None and g.predicate.scope == "element" and g.predicate not in (*_SIGNS, *_OTHERS):
            continue
        own = Search(search.left, search.right, () if g is None else (g,), search.result)
        trials, wrong = find_trials(own)
        if g is None:
            made += [_Instance(w, {}) for w in wrong]
        for j, (plan, _) in enumerate(trials[: 6 if g is None else 2]):
            for kind in _FILLS if j == 0 else _FEWER:
                key = (plan.shapes, plan.attrs, kind, g if g is not None and g.predicate.scope != "shape" else None)
                values = fill(plan, own.guards, kind, 64 * k + j) if key not in seen else None
                seen.add(key)
                if values is not None:
                    made.append(_Instance(plan, values, *np.broadcast_arrays(*both_sides(plan, values))))
    if not made:
        return
    masks = [np.array([_holds(g, m) for m in made]) for g in conditions]
    suspect = np.array([not m.values or not bool(np.all(
        same_bits(m.left, m.right) if out.declared == "exact" else close(m.left, m.right, normwise=normwise))) for m in made])
    nan = np.array([any(a.dtype.kind in "fc" and bool(np.any(np.isnan(a))) for a in m.values.values()) for m in made])

    def judge(i: int) -> Counterexample | None:
        m = made[i]
        if not m.values:
            return type_example(m.plan)
        evidence = make()
        if out.declared == "exact":
            return evidence.counterexample(m.plan, m.values, m.left, m.right, why="the sides differ in a bit")
        evidence.compare(m.plan, m.values, m.left, m.right)
        return refutes(evidence, out.declared)
    out.add(masks, suspect, nan, lambda bad: [int(i) for i in np.flatnonzero(bad)[:24]], judge)


def _holds(g: Guard, m: _Instance) -> bool:
    """Does a condition admit an instance?  Types that do not fit are excluded by conditions on shapes and dtypes only."""
    if not types_admit([g], m.plan.binding):
        return False
    if not m.values:
        types = [m.plan.binding[v].type for v in g.args[:1] if isinstance(v, LVar) and v in m.plan.binding]
        return g.predicate.sample is None or all(has_sample(g.predicate, t.shape, t.dtype) for t in types)
    return bool(np.all(admitted([g], m.plan.binding, m.values)))
