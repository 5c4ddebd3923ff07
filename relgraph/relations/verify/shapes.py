"""The type search: which ranks, sizes and attributes give both sides one type (over 300 lines because it is one search).

Ranks are tried with a name per size; what the left side then assumes to be equal is written down, and every class of
sizes gets a number of its own, so that matrices are square only where they must be.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...terms import dims
from ...terms.evaluate import computing
from ...terms.structure import arange_
from ...terms.term import ATTRIBUTE, CONST, INPUT, LVar, Op, Term, attr, const, infer_with, make, toposort
from ...terms.type import Sizes, Type, parse_signature
from ..matrices import generator
from ..predicates import OF_TYPES, Guard, Predicate
from ..template import moves, variables
from ..uses import use_of
from .pattern import ERRORS, FUNCTION, Instances, NoType, instantiate
from .values import GROUPS

__all__ = ["CANDIDATES", "CONCRETE", "SPECIAL", "Plan", "Search", "elements", "has_sample", "least_rank", "numbers_of",
           "typed_or_attr", "types_admit"]

DType: TypeAlias = np.dtype[Any]
Shape: TypeAlias = tuple[int, ...]

# What an attribute variable may stand for, by the name of the attribute it is used as (digits at the end are dropped).
CANDIDATES: Mapping[str, tuple[Any, ...]] = {
    "axis": ((-1,), (-2,), (-2, -1), (-3,), (-3, -1), ()),
    "axes": ((-1, -2), (-1, -2, -3), (-2, -1, -3), (-1, -3, -2), (-2, -3, -1)),
    "dtype": tuple(np.dtype(n) for n in ("float64", "int64", "float32", "complex128", "bool")),
    "offset": (0, 1, -1), "k": (0, 1, -1), "n": (4, 1), "rows": (4,), "columns": (4, 3), "size": (3, 4), "part": (0, 1),
    "places": (2, 5, 3, 1, 0),
    "shape": ((12,), (3, 4), (4, 3), (4, 4), (1, 12), (2, 3, 4), (24,), (), (4, 4, 4)),
    "spec": (((1, 1, 2),), ((0, 0, None),), ((2, -1, 3),), ((0, 1, 1), (0, 2, 2)), ((2, 0, None),), ((0, 1, 2),), ((0, 1, 1),),
             ((1, 0, None), (2, -1, 2)), ((2, 0, None), (1, 0, None)), ((0, 1, 3),), ((1, 0, None), (0, 1, 4))),
    "lower": (False, True), "unit": (False, True), "facts": ((),)}


@lru_cache(1)
def known_positions() -> tuple[Term, ...]:
    """What positions may stand for that are known beforehand: in order or not, from the end, twice, all, one, none."""
    found = ([0, 2], 1, [1, 2], [2, 0, -2], [2, 1, 0], [0, 0, 1, 2], [-1], [0, 4, 8], [1, 3, 0], [], [3, 1, 2, 2, 6, 5])
    counted = (make(arange_, (attr(3),)), make(arange_, (attr(2),)) * 2 + 1, const(-2))
    return (*[const(np.array(a, "int64")) for a in found], *counted)


SIZES = (3, 4, 5, 6, 7, 8)
SMALLER, LARGE = (2, 3, 4, 2, 1, 3), 1000  # where with those some array has so many elements, as products of Kronecker have
_USUAL = frozenset(s * n for s in (1, -1) for n in (0, 0.25, 0.5, 1, 2, 3, 4))
_TRIES = 50_000  # no relation of the library needs half of them, an overlap of two rules may have millions
POSITIONS = 2  # elements along an axis of an array of positions, so that there are no more than an axis has elements
# For equations whose sizes are no names, as of reshape, or whose guards ask for more than the sides.
CONCRETE = ((12,), (3, 4), (4, 3), (4,), (4, 1), (2, 3, 4), (24,), (), (3, 3), (2, 2), (2, 2, 2), (3, 1), (1, 3), (1, 1), (3,),
            (2,))
SPECIAL = ((0,), (3,), (0, 4), (3, 0), (3, 4))  # for equations whose guards hold of no arrays with all sizes different


Step: TypeAlias = tuple[Term, Any, Sequence[Term], Sequence[Any]]  # a part, what computes it, of which operands and attributes


@dataclass(frozen=True)
class Plan:
    """An assignment under which the left side has a type: a shape per variable, a value per attribute variable."""

    shapes: tuple[tuple[LVar, Shape], ...]
    attrs: tuple[tuple[LVar, Any], ...]
    binding: Mapping[LVar, Term]
    left: Term
    right: Term | None  # None: no type, or another one
    reason: str | NoType = ""  # what is wrong with the right side
    narrower: bool = False  # the right side has a type only if more sizes are equal than the left side needs
    marks: tuple[float, ...] = ()  # numbers that the equation mentions

    @cached_property
    def full(self) -> bool:
        """Whether every array has elements."""
        return not any([0 in t.type.shape for t in self.order if type(t.type) is Type])

    @cached_property
    def known(self) -> dict[Any, Any]:
        """What was found out about it before."""
        return {}

    @cached_property
    def order(self) -> list[Term]:
        """All parts of both sides, operands first."""
        return toposort(self.left, *([] if self.right is None else [self.right]))

    @cached_property
    def steps(self) -> tuple[dict[Term, Any], list[Step]]:
        """What constants and attributes are, and how each other part comes from its operands and attributes."""
        steps: list[Step] = []
        leaves: dict[Term, Any] = {}
        for t in self.order:
            args = t.args
            if args:
                n = len(args) - len(t.op.attrs)
                operands = args[:n]
                steps.append((t, computing(t.op, t.type, [a.type for a in operands]), operands, [leaves[a] for a in args[n:]]))
            elif t.op is not INPUT:
                leaves[t] = t.data
        return leaves, steps


def _dtype(v: LVar, group: DType) -> DType:
    """The group's dtype where the kinds of a variable allow it, else the first that they allow."""
    kinds = v.data[2] if v.sort == "term" else "biufc"
    return group if group.kind in kinds else next(d for d in GROUPS if d.kind in kinds)


def _elementwise_only(*patterns: Term) -> bool:
    return all(not t.args or (t.op.kind in ("elementwise", "identity") and all(a.op is ATTRIBUTE for a in _attrs(t)))
               for t in toposort(*patterns))


def _attrs(t: Term) -> tuple[Term, ...]:
    return t.args[len(t.args) - len(t.op.attrs):]


class _Notes(Sizes):
    """Sizes that were assumed to be equal while types were inferred."""

    __slots__ = ("equal", "opaque")

    def __init__(self) -> None:
        self.equal: list[tuple[Any, Any]] = []
        self.opaque = False  # an assumption about an expression over names, which is not solved

    def meet(self, a: Any, b: Any) -> Any:
        if a != b:
            self.equal.append((a, b))
            self.opaque |= isinstance(a, dims.DimExpr) or isinstance(b, dims.DimExpr)
        return super().meet(a, b)


_Known: TypeAlias = dict[tuple[Any, ...], bool]


@dataclass(frozen=True)
class _Part:
    """A part of the left side, the variables it speaks of, and whether it has no type: by attributes, then by shapes."""

    term: Term
    terms: tuple[LVar, ...]
    attrs: tuple[LVar, ...]
    known: dict[tuple[Any, ...], _Known]

    def of_attributes(self, attrs: Mapping[Any, Any]) -> _Known:
        return self.known.setdefault(tuple([attrs[v] for v in self.attrs]), {})


@dataclass(frozen=True)
class _Condition:
    """A guard, the variables it speaks of, and whether it holds: by shapes and attributes."""

    guard: Guard
    terms: tuple[LVar, ...]
    attrs: tuple[LVar, ...]
    known: dict[tuple[Any, ...], bool]


class Search:
    """The assignments of an equation's variables for one dtype, found once and cut into plans."""

    def __init__(self, left: Term, right: Term, guards: Sequence[Guard], dtype: DType, apart: Any = (),
                 made: Instances | None = None) -> None:
        self.left, self.right, self.guards, self.apart = left, right, guards, bool(apart)
        self.made = Instances() if made is None else made  # of the equation, which other searches may share
        found: tuple[Any, ...] = self.made.variables(left, right, *[a for g in guards for a in g.args])
        self.known = {a for g in guards for a in g.args[:g.predicate.known]}
        self.terms = [v for v in found if v.sort == "term" and v not in self.known]
        self.literals = [v for v in found if v.sort == "literal"]
        self.attrs = [v for v in found if v.sort == "attr" or v in self.known]  # what is not a value at run time
        self.dtypes: dict[Any, DType] = {v: _dtype(v, dtype) for v in self.terms + self.literals} | dict(apart)
        self.result, self.reasons = dtype, list[NoType]()
        self.mistyped: list[Plan] = []  # of an elementwise equation, what gives its right side another type
        self._tries = 0  # shapes of variables that were tried from a list
        self._variables = self.terms + self.literals
        self._attrs: tuple[Any, dict[LVar, Term]] = ({}, {})  # the attributes that were bound last

    @property
    def positions(self) -> frozenset[Any]:
        """The variables that stand for positions in others: integers beside floats."""
        whole = {v for v in self.terms if self.dtypes[v].kind in "iu"}
        return frozenset(whole) if len(whole) < len(self.terms) else frozenset()

    @property
    def flat(self) -> bool:
        """Whether only elementwise ops occur: such an equation is judged on flat arrays of points."""
        return (not self.attrs and _elementwise_only(self.left, self.right)
                and all(g.predicate.scope in ("element", "dtype") for g in self.guards))

    @cached_property
    def moves(self) -> bool:
        """Whether both sides do nothing but move numbers: what holds of some that are all different holds of any."""
        return all(moves(t.op) for t in toposort(self.left, self.right))

    @cached_property
    def marks(self) -> tuple[float, ...]:
        """The numbers that the sides and the guards mention, if any is one that hostile arrays do not hold anyway."""
        found = numbers_of(self.left, self.right, *[a for g in self.guards for a in g.args])
        return found if set(found) - _USUAL else ()

    def plans(self) -> Iterator[Plan]:
        """Every plan whose left side has a type and whose guards on dtypes and shapes hold; deterministic order."""
        seen: set[Any] = set()
        ranked = [{v: tuple([f"{v.data[0]}{i}" for i in range(r)]) for v, r in zip(self.terms, ranks, strict=True)}
                  for ranks in self.ranks]
        for attrs in self.attr_choices():
            parts = [(part, part.of_attributes(attrs)) for part in self._parts]
            for named in ranked:
                if self.reasons and self._fails(parts, named, attrs):  # of the first one it is asked why
                    continue
                for plan in self._solve(named, attrs):
                    key = (plan.shapes, plan.attrs)
                    if key not in seen:
                        seen.add(key)
                        yield plan
        if not seen and len(self.terms) <= 2:
            for attrs in self.attr_choices():
                for shapes in itertools.product(SPECIAL, repeat=len(self.terms)):
                    plan = self.concrete(dict(zip(self.terms, shapes, strict=True)), attrs)
                    if plan is not None:
                        yield plan

    def batched(self, plan: Plan) -> Plan | None:
        """The same equation with one more leading axis on every variable."""
        return self.concrete({v: (2, *s) for v, s in plan.shapes if v.sort == "term"}, dict(plan.attrs))

    def resized(self, plan: Plan, size: int, only: LVar | None = None) -> Plan | None:
        """The same ranks with every axis (of one variable) of another length."""
        return self.concrete({v: (size,) * len(s) if only in (None, v) else s for v, s in plan.shapes if v.sort == "term"},
                             dict(plan.attrs))

    def without_elements(self, plan: Plan, of: LVar) -> Plan | None:
        """The same ranks with all axes of one variable of length one, and of the others without an element."""
        return self.concrete({v: (1 if v is of else 0,) * len(s) for v, s in plan.shapes if v.sort == "term"}, dict(plan.attrs))

    def renamed(self, plan: Plan, sizes: Mapping[int, int]) -> Plan | None:
        """The same ranks with other sizes for some sizes."""
        return self.concrete({v: tuple([sizes.get(n, n) for n in s]) for v, s in plan.shapes if v.sort == "term"},
                             dict(plan.attrs))

    def with_one(self, plan: Plan, of: LVar, axis: int) -> Plan | None:
        """The same shapes, one axis of one variable of length one: it may be broadcast."""
        return self.concrete({v: tuple([1 if v is of and k == axis else n for k, n in enumerate(s)])
                              for v, s in plan.shapes if v.sort == "term"}, dict(plan.attrs))

    def again(self, plan: Plan) -> Plan | None:
        """A plan of a search for another dtype in this one's."""
        return self.concrete(dict(plan.shapes), dict(plan.attrs))

    def _binding(self, shapes: Mapping[Any, tuple[Any, ...]], attrs: Mapping[Any, Any]) -> dict[LVar, Term]:
        """An input for each variable, and the attributes."""
        if attrs is not self._attrs[0]:
            self._attrs = attrs, {v: value if isinstance(value, Term) else attr(value) for v, value in attrs.items()}
        made, dtypes = self.made, self.dtypes
        return {v: made.input(v, dtypes[v], shapes.get(v, ())) for v in self._variables} | self._attrs[1]

    def concrete(self, shapes: Mapping[Any, Shape], attrs: Mapping[Any, Any]) -> Plan | None:
        """The plan of given shapes, or None if the left side has no type or a guard on types does not hold."""
        binding = self._binding(shapes, attrs)
        left = self.made.typed(self.left, binding, self.result)
        if isinstance(left, NoType):
            self.reasons.append(left)
            return None
        if self._refused(self._conditions, shapes, attrs):
            return None
        right = self.made.typed(self.right, binding, left.type.dtype)
        reason = right if isinstance(right, NoType) else _mismatch(self.left, left, self.right, right)
        return Plan(tuple((v, tuple(binding[v].type.shape)) for v in self.terms + self.literals),
                    tuple(attrs.items()), binding, left,
                    None if isinstance(right, NoType) or reason else right, reason, marks=self.marks)

    def _sampled(self, plan: Plan) -> bool:
        """Whether there are matrices of these shapes for which the guards hold: none is positive definite and not square."""
        shapes = dict(plan.shapes)
        return all(has_sample(g.predicate, shapes[v], self.dtypes[v])
                   for g in self.guards if g.predicate.sample is not None for v in g.args[:1]
                   if isinstance(v, LVar) and v in shapes)

    def _solve(self, named: Mapping[Any, tuple[str, ...]], attrs: Mapping[Any, Any]) -> Iterator[Plan]:
        binding = self._binding(named, attrs)
        left = self.made.typed(self.left, binding, self.result)
        if isinstance(left, NoType):
            self.reasons.append(left)
            return
        notes = _Notes()
        if not self._note(notes, left):
            return
        plan = None if notes.opaque else self._sized(named, notes.equal, attrs)
        shaped = any(g.predicate.scope == "shape" for g in self.guards)
        if notes.opaque or (plan is None and shaped) or (plan is not None and not self._sampled(plan)):
            yield from self._numbered(named, attrs)
            return
        if plan is not None and plan.right is not None:
            yield plan
            return
        first = plan  # if any, the left side has a type at sizes for which the right side has none
        right = self.made.typed(self.right, binding, left.type.dtype)
        if not isinstance(right, NoType) and self._note(notes, right) and not notes.opaque:
            plan = self._sized(named, notes.equal, attrs)
            if plan is not None and plan.right is not None:
                if first is not None:
                    yield replace(first, narrower=True)
                yield plan
                return
        if first is not None:
            yield first

    def _note(self, notes: _Notes, t: Term) -> bool:
        """Infer types again, writing down assumptions; False if a type does not exist under them."""
        known = self.made.noted
        for node in toposort(t):
            if node.args:
                if node not in known:
                    known[node] = _noted(node.op, node.args)
                found = known[node]
                if found is None:
                    return False
                notes.equal += found.equal
                notes.opaque |= found.opaque
        return True

    def _sized(self, named: Mapping[Any, tuple[str, ...]], equal: Sequence[tuple[Any, Any]],
               attrs: Mapping[Any, Any]) -> Plan | None:
        """The plan of the usual sizes, or of smaller ones where arrays would be large."""
        plan = self.concrete(_sized(named, equal, self.positions, SIZES), attrs)
        if plan is not None and max(map(elements, plan.order)) > LARGE:
            return self.concrete(_sized(named, equal, self.positions, SMALLER), attrs)
        return plan

    def _numbered(self, named: Mapping[Any, tuple[str, ...]], attrs: Mapping[Any, Any]) -> Iterator[Plan]:
        """The plans of given ranks with sizes from a list; made as they are asked for, since there may be thousands."""
        waiting: list[Plan] | None = []  # until it is known whether the right side has a type at these ranks at all
        for shapes in self._choices([[s for s in CONCRETE if len(s) == len(named[v])] for v in self.terms], attrs):
            plan = self.concrete(shapes, attrs)
            if plan is None or not self._sampled(plan):
                continue
            if plan.right is not None and waiting is not None:
                yield from (replace(p, narrower=True) for p in waiting)
                waiting = None
            if waiting is not None:
                waiting.append(plan)
            else:
                yield plan if plan.right is not None else replace(plan, narrower=True)
        yield from waiting or ()

    def _choices(self, options: Sequence[Sequence[Shape]], attrs: Mapping[Any, Any]) -> Iterator[dict[LVar, Shape]]:
        """The shapes at which every part of the left side may have a type, in the order of a product of the options.

        A part, or a guard about shapes, is asked as soon as its variables have shapes: most choices end early.
        """
        chosen: dict[LVar, Shape] = {}
        order = {v: k for k, v in enumerate(self.terms)}
        parts: list[list[tuple[_Part, _Known]]] = [[] for _ in self.terms]
        for part in self._parts:
            if part.terms:
                parts[max([order[v] for v in part.terms])].append((part, part.of_attributes(attrs)))
        left = [iter(options[0])] if options else []
        while left:
            k = len(left) - 1
            shape = next(left[-1], None)
            if shape is None:
                left.pop()
                continue
            chosen[self.terms[k]] = shape
            self._tries += 1
            if self.exhausted:
                return
            if self._fails(parts[k], chosen, attrs) or self._refused(self._asked[k], chosen, attrs):
                continue
            if len(left) < len(options):
                left.append(iter(options[len(left)]))
            else:
                yield dict(chosen)

    @property
    def exhausted(self) -> bool:
        """Whether more shapes were tried than a search may try: there may be plans that it has not found."""
        return self._tries > _TRIES

    def _fails(self, parts: Sequence[tuple[_Part, _Known]], shapes: Mapping[Any, tuple[Any, ...]],
               attrs: Mapping[Any, Any]) -> bool:
        """Whether some part has no type, whatever the variables are that it does not speak of."""
        for part, known in parts:
            key = tuple([shapes[v] for v in part.terms])
            fails = known.get(key)
            if fails is None:
                fails = known[key] = self.made.typeless(part.term, self._binding(shapes, attrs))
            if fails:
                return True
        return False

    @cached_property
    def _parts(self) -> list[_Part]:
        """The parts of the left side, of those that speak of the same variables the outermost ones.

        What was found out about them another search, without the guards, need not find out again.
        """
        key = (self.left, *[(v, self.dtypes[v]) for v in self.terms], *self.attrs)
        if key in self.made.parts:
            return self.made.parts[key]
        spoken = {t: frozenset(variables(t)) for t in toposort(self.left)}
        inner = {a for t in spoken for a in t.args if spoken[a] == spoken[t]}
        self.made.parts[key] = found = [
            _Part(t, tuple([v for v in self.terms if v in s]), tuple([v for v in self.attrs if v in s]), {})
            for t, s in spoken.items() if t.args and t not in inner]
        return found

    def _refused(self, conditions: Sequence[_Condition], shapes: Mapping[Any, tuple[Any, ...]],
                 attrs: Mapping[Any, Any]) -> bool:
        """Whether some guard does not hold of these types, whatever the variables are that it does not speak of."""
        for c in conditions:
            key = (tuple([shapes.get(v, ()) for v in c.terms]), *[attrs[v] for v in c.attrs])
            admits = c.known.get(key)
            if admits is None:
                admits = c.known[key] = types_admit((c.guard,), self._binding(shapes, attrs), self.made)
            if not admits:
                return True
        return False

    @cached_property
    def _conditions(self) -> list[_Condition]:
        """The guards that types decide."""
        found = [(g, frozenset(variables(*g.args))) for g in self.guards if g.predicate.scope != "element"]
        return [_Condition(g, tuple([v for v in self._variables if v in s]), tuple([v for v in self.attrs if v in s]), {})
                for g, s in found]

    @cached_property
    def _asked(self) -> list[list[_Condition]]:
        """For each variable the guards that speak of no later one."""
        asked: list[list[_Condition]] = [[] for _ in self.terms]
        for c in self._conditions:
            places = [k for k, v in enumerate(self.terms) if v in c.terms]
            if places:
                asked[places[-1]].append(c)
        return asked

    @cached_property
    def ranks(self) -> list[tuple[int, ...]]:
        """How many axes the variables have, few first."""
        least = [least_rank(v, self.left) for v in self.terms]
        k = len(self.terms)
        most = 3 if k <= 2 else 2
        tuples = list(itertools.product(*[range(lo, max(most, lo) + 1) for lo in least]))
        if k > 2:
            tuples += [(3,) * k]
        if len(tuples) > 60:
            tuples = [r for r in tuples if len(set(r)) <= 2]
        return sorted(set(tuples), key=lambda r: (sum(r), r))

    def use_of(self, v: LVar) -> str:
        """The name of the attribute that a variable stands for."""
        return use_of(v, self.left, self.right, *[a for g in self.guards for a in g.args])

    def attr_choices(self) -> list[dict[Any, Any]]:
        """Some of the combinations of attribute values; of several attributes, values of every one among the first."""
        options = [known_positions() if v in self.known else CANDIDATES.get(self.use_of(v), (0,)) for v in self.attrs]
        count = math.prod(map(len, options))
        step = next(k for k in range(max(1, round(0.38 * count)), count + 2) if math.gcd(k, count) == 1)
        if len(options) < 2:
            step = 1
        return [dict(zip(self.attrs, _nth(options, k * step % count), strict=True)) for k in range(min(count, 800))]


def _nth(options: Sequence[Sequence[Any]], k: int) -> list[Any]:
    """The k-th combination of their product, of which there may be millions."""
    chosen = []
    for values in reversed(options):
        k, at = divmod(k, len(values))
        chosen.append(values[at])
    return chosen[::-1]


@lru_cache(4096)
def has_sample(predicate: Predicate, shape: Shape, dtype: DType) -> bool:
    """Whether there are arrays of a shape and a dtype of which a predicate holds that makes some."""
    assert predicate.sample is not None
    return predicate.sample(generator(0), shape, dtype) is not None


def numbers_of(*patterns: Term) -> tuple[float, ...]:
    """The finite real numbers that patterns mention, in order."""
    found = [t.data for t in toposort(*patterns) if t.op is CONST and np.ndim(t.data) == 0 and np.isrealobj(t.data)]
    return tuple(sorted({float(a) for a in found if np.isfinite(a)}))


def elements(t: Term) -> int:
    """How many numbers a term has."""
    shape: Any = t.type.shape if type(t.type) is Type else (0,)
    return math.prod(shape)


def _noted(op: Op, args: tuple[Term, ...]) -> _Notes | None:
    """What one op assumes of its operands; None if it has no type."""
    notes = _Notes()
    try:
        infer_with(notes, op, args)
    except ERRORS:
        return None
    return notes


def _sized(named: Mapping[Any, tuple[str, ...]], equal: Sequence[tuple[Any, Any]],
           positions: frozenset[Any], sizes: Sequence[int]) -> dict[Any, Shape]:
    """A number for each class of equal names, in the order of their first appearance; those of ``positions`` are small."""
    parent: dict[Any, Any] = {}

    def root(d: Any) -> Any:
        while parent.get(d, d) != d:
            d = parent[d]
        return d
    for a, b in equal:
        a, b = root(a), root(b)
        if a != b:
            parent.update({b: a} if isinstance(a, int) else {a: b})
    numbers: dict[Any, int] = {root(d): POSITIONS for v in positions for d in named[v]}
    fresh = itertools.cycle(sizes)

    def size(d: str) -> int:
        r = root(d)
        if isinstance(r, int):
            return r
        if r not in numbers:
            numbers[r] = next(fresh)
        return numbers[r]
    return {v: tuple(size(d) for d in names) for v, names in named.items()}


def _mismatch(left_pattern: Term, left: Term, right_pattern: Term, right: Term) -> str:
    """Why the right side cannot stand for the left one: another shape or kind of number, and no rewrite may mend it."""
    a, b = left.type.shape, right.type.shape
    cast = left.type.dtype.kind == "c" or right.type.dtype.kind != "c"  # no cast makes complex numbers real
    if a == b and cast:
        return ""
    dropped = set(variables(left_pattern)) - set(variables(right_pattern))
    may_broadcast = left_pattern.op.kind == "elementwise" and (dropped or _elementwise_only(left_pattern))
    may_broadcast = may_broadcast or not variables(right_pattern)
    if may_broadcast and cast:
        try:
            if np.broadcast_shapes(a, b) == a:
                return ""
        except ValueError:
            pass
    return f"the left side is {_written(left.type)}, the right side {_written(right.type)}"


@lru_cache(4096)
def _written(type_: Type) -> str:
    return repr(type_)


def typed_or_attr(a: Term, binding: Mapping[LVar, Term], made: Instances | None = None) -> Any:
    """A guard's operand: a typed term, an attribute value, a number; None if it has no type."""
    if isinstance(a, LVar) and (found := binding.get(a)) is not None:
        return found.data if found.op is ATTRIBUTE else found
    if not a.args and not isinstance(a, LVar):
        return a.data
    if a.op.kind == FUNCTION and all(v in binding and binding[v].op is ATTRIBUTE for v in variables(a) if isinstance(v, LVar)):
        try:
            return instantiate(a, binding).data
        except ERRORS:  # as the length of an axis that a number does not have
            return None
    t = (made or Instances()).typed(a, binding, None)
    return None if isinstance(t, NoType) else t


def types_admit(guards: Sequence[Guard], binding: Mapping[LVar, Term], made: Instances | None = None) -> bool:
    """Whether the guards about shapes and dtypes hold, and what the others speak of has a type."""
    for g in guards:
        if g.predicate.scope != "element":
            args = [typed_or_attr(a, binding, made) for a in g.args]
            if None in args:
                return False
            if g.predicate.scope in OF_TYPES and not g.predicate.holds(*[_dummy(a) for a in args]):
                return False
            if g.predicate.scope == "term" and not g.predicate.holds(*args):
                return False
    return True


def _dummy(a: Any) -> Any:
    return _zeros(a.type) if isinstance(a, Term) else a


@lru_cache(4096)
def _zeros(type_: Type) -> Any:
    shape: Any = type_.shape
    return np.broadcast_to(np.zeros((), type_.dtype), shape)


def least_rank(v: LVar, *patterns: Term) -> int:
    """How many axes a variable needs at least where it is a direct operand."""
    least = 0
    for t in toposort(*patterns):
        if v in t.args and t.op.infer is None and t.op.kind not in ("elementwise", FUNCTION):
            left, _ = parse_signature(t.op.signature)
            least = max([least, *[len(core) for core, a in zip(left, t.args, strict=False) if a is v]])
    return least
