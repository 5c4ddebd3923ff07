"""Which roots share a loop nest: greedy, in topological order, never moving a root before what it reads.

A group has outer loops and, inside, phases: values per outer index at time 0, then the inner loops of phase 1, then
values at time 1, and so on.  Row-wise softmax is one group: loops over rows; maximum, sum and quotient are its phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..terms import dims
from ..terms.access import Read, Select
from ..terms.dims import Dim
from ..terms.term import CONST, INPUT, Term
from .layout import access, has_call, index_names, linear, loops_of, operands, reads, same_memory
from .roots import CHEAP, COSTLY, Roots, flops, is_total

__all__ = ["Group", "Item", "group", "operand_index"]

LARGEST_GROUP = 800  # statements
WINDOW = 8  # how many of the latest groups a root may join

Index = tuple[Dim, ...]


@dataclass(slots=True, eq=False)
class Item:
    """A root in a group: its loops, the index it is evaluated at, and what it reads (index None: by position)."""

    term: Term
    loops: tuple[Dim, ...]
    kept: int  # loops that stay: all but those a reduction folds
    index: Index  # of the term, or of the operand of a reduction
    reads: list[tuple[Term, Index | None]]
    size: int
    group: Group
    time: int = 0

    @property
    def fold(self) -> bool:
        return self.term.op.kind == "reduction"

    def inner(self, outer: int) -> bool:
        return len(self.loops) > outer


@dataclass(slots=True, eq=False)
class Group:
    """Roots under the same outer loops, or one root on its own (a routine, a scatter, a join of parts)."""

    number: int
    outer: tuple[Dim, ...]
    tile: bool = False
    alone: bool = False
    size: int = 0
    items: list[Item] = field(default_factory=list)


class _Grouping:
    def __init__(self, roots: Roots) -> None:
        self.roots = roots
        self.groups: list[Group] = []
        self.item: dict[Term, Item] = {}
        self.alone: set[Term] = set()

    # -- what a root reads ----------------------------------------------------------------------------------------------

    def trace(self, root: Term, index: Index, loops: int) -> tuple[list[tuple[Term, Index | None]], int, dict[Term, None]]:
        """Reads of other roots, statements, and terms below that should be roots themselves."""
        roots = self.roots
        found: dict[tuple[Term, Index | None], None] = {}
        violators: dict[Term, None] = {}
        branchy: dict[Term, None] = {}
        costly = False
        first: dict[Term, Index] = {}
        seen: set[tuple[Term, Index]] = set()
        names = {f"%i{k}": k for k in range(loops)}
        stack: list[tuple[Term, Index]] = []
        start = operands(root)[:1] if root.op.kind == "reduction" else ()
        stack.extend((a, index) for a in start)
        if not start:
            self._below(root, index, stack, branchy, violators)
            costly = flops(root) >= COSTLY
        count = 1
        while stack:
            t, at = stack.pop()
            if (t, at) in seen:
                continue
            seen.add((t, at))
            if t.op is INPUT or t.op is CONST:
                continue
            if t in roots.chosen or t.op.kind == "projection":
                found[(t, at)] = None
                continue
            count += 1
            if any(map(has_call, at)):
                base = same_memory(t, roots.memory)
                if roots.stops(base):
                    if base.op is not INPUT and base.op is not CONST:
                        found[(base, None)] = None
                elif has_call(linear(t.type.shape, at)) or roots.cost[t] > 0:
                    violators[base] = None
                else:
                    self._below(t, at, stack, branchy, violators)
                continue
            used = _loops_used(at, names)
            if flops(t) >= COSTLY:
                costly = True
                if used is None or used != set(range(len(used))):
                    violators[t] = None
                    continue
            if first.setdefault(t, at) != at and roots.cost[t] > CHEAP:
                violators[t] = None
                continue
            self._below(t, at, stack, branchy, violators)
        if costly:
            for t in branchy:
                if t is not root:
                    violators[t] = None
                    self.alone.add(t)
        return list(found), count, violators

    def _below(self, t: Term, at: Index, stack: list[tuple[Term, Index]], branchy: dict[Term, None],
               violators: dict[Term, None]) -> None:
        if t.op.kind != "access":
            for a in reversed(operands(t)):
                stack.append((a, broadcast_index(at, a.type.shape)))
            return
        tree = access(t, at)
        partial = isinstance(tree, Select) and not is_total(t, access(t, index_names(t.type.shape)))
        if partial:
            branchy[t] = None
        for r in reads(tree):
            a = operands(t)[r.operand]
            if partial and not self.roots.stops(a) and (self.roots.branchy[a] or self.roots.cost[a] > CHEAP):
                violators[a] = None
            else:
                stack.append((a, tuple(_data_name(i) if isinstance(i, Read) else i for i in r.index)))

    # -- where a root goes -----------------------------------------------------------------------------------------------

    def place(self, root: Term) -> None:
        """Put a root, and first whatever below it turns out to need a place of its own, into groups."""
        pending = [root]
        while pending:
            t = pending[-1]
            if t in self.item:
                pending.pop()
                continue
            item = self._new_item(t)
            below = [v for v in self._trace_into(item) if v not in self.item]
            if below:
                for v in below:
                    self.roots.demand(v)
                pending.extend(reversed(below))
                continue
            pending.pop()
            self._assign(item)

    def _new_item(self, t: Term) -> Item:
        if t.op.kind == "reduction":
            index, loops, kept = operand_index(t)
        elif t.op.kind == "scatter":
            shape = operands(t)[0].type.shape
            index, loops, kept = index_names(shape), loops_of(shape), len(loops_of(shape))
        elif t.op.kind == "call":
            index, loops, kept = (), (), 0
        else:
            index, loops, kept = index_names(t.type.shape), loops_of(t.type.shape), len(loops_of(t.type.shape))
        return Item(t, loops, kept, index, [], 1, _NOWHERE)

    def _trace_into(self, item: Item) -> list[Term]:
        t = item.term
        if t.op.kind == "call":
            item.reads = [(b, None) for b in self.call_bases(t)]
            return []
        if t.op.kind != "scatter":
            item.reads, item.size, below = self.trace(t, item.index, len(item.loops))
            return list(below)
        roots = self.roots
        out: list[Term] = []
        n = len(item.loops)
        for a, at in zip(operands(t), self.scatter_indices(item), strict=True):
            if roots.stops(a):
                if a.op is not INPUT and a.op is not CONST:
                    item.reads.append((a, at))
                continue
            found, size, below = self.trace(a, at, n)
            item.reads += found
            item.size += size
            out += below
        return out

    def scatter_indices(self, item: Item) -> tuple[Index, Index]:
        """The index of the values and of the positions of a scatter, in its loops."""
        t = item.term
        read = scatter_read(t, item.index)
        inner = next(r for r in read.index if isinstance(r, Read))
        return item.index, inner.index  # type: ignore[return-value]

    def call_bases(self, t: Term) -> list[Term]:
        """The roots whose memory the operands of a routine are views of."""
        out = []
        for a in operands(t):
            while not self.roots.stops(a):
                a = operands(a)[0]
            if a.op is not INPUT and a.op is not CONST:
                out.append(a)
        return out

    def _assign(self, item: Item) -> None:
        t = item.term
        lowest = max((self.item[_owner(m)].group.number for m, _ in item.reads), default=-1)
        if t.op.kind not in ("call", "scatter") and t not in self.alone:
            last = len(self.groups) - 1
            numbers = ([lowest] if lowest >= 0 else []) + list(range(last, max(lowest, last - WINDOW), -1))
            for number in numbers:
                g = self.groups[number]
                if g.alone or g.size + item.size > LARGEST_GROUP:
                    continue
                if self._join(item, g, depends=number == lowest):
                    return
        tile = item.fold and _keeps_last(t) and 0 < item.kept < len(item.loops)
        alone = t.op.kind in ("call", "scatter") or t in self.alone
        g = Group(len(self.groups), item.loops[:item.kept], tile, alone)
        self.groups.append(g)
        item.time = 1 if item.inner(len(g.outer)) else 0
        self._add(item, g)

    def _add(self, item: Item, g: Group) -> None:
        item.group = g
        g.items.append(item)
        g.size += item.size
        self.item[item.term] = item

    def _join(self, item: Item, g: Group, depends: bool) -> bool:
        k = len(g.outer)
        kept = item.loops[:item.kept]
        same = any(o.loops == item.loops for o in g.items)
        if item.fold and item.kept < len(item.loops):
            tile = _keeps_last(item.term) and item.kept > 0
            if g.outer == kept and g.tile == tile and (not kept or depends or same):
                return self._at(item, g)
            if g.outer == item.loops and not tile and not g.tile and all(o.loops == g.outer for o in g.items):
                before = g.outer, [o.time for o in g.items]
                g.outer = kept
                for o in g.items:
                    o.time = 1
                if self._at(item, g):
                    return True
                g.outer = before[0]
                for o, time in zip(g.items, before[1], strict=True):
                    o.time = time
            return False
        if g.outer == kept:
            pure = not any(o.inner(k) for o in g.items)
            return (pure or not kept or depends) and self._at(item, g)
        return not g.tile and len(kept) > k and kept[:k] == g.outer and same and self._at(item, g)

    def _at(self, item: Item, g: Group) -> bool:
        time = self._time(item, g)
        if time is None:
            return False
        item.time = time
        self._add(item, g)
        return True

    def _time(self, item: Item, g: Group) -> int | None:
        """The earliest phase at which an item can run in a group; None where a value it reads would not be there."""
        k = len(g.outer)
        inner = item.inner(k)
        time = int(inner)
        for m, at in item.reads:
            o = self.item[_owner(m)]
            if o.group is not g:
                continue
            if at != index_names(m.type.shape):
                return None
            if o.inner(k) and not o.fold:
                if o.loops != item.loops:
                    return None
                time = max(time, o.time)
            else:
                time = max(time, o.time + inner)
        return time


_NOWHERE = Group(-1, ())


def group(roots: Roots, outputs: Sequence[Term]) -> tuple[list[Group], dict[Term, Item]]:
    """Groups in an order in which they can run, and the item of each root."""
    g = _Grouping(roots)
    for t in roots.order:
        if t in roots.chosen:
            g.place(t)
    return g.groups, g.item


def _owner(t: Term) -> Term:
    return operands(t)[0] if t.op.kind == "projection" else t


def _keeps_last(t: Term) -> bool:
    """Whether a reduction keeps the axis along which memory is contiguous."""
    x, axes = operands(t)[0], t.args[-1].data
    shape = x.type.shape
    last = next((i for i in reversed(range(len(shape))) if shape[i] != 1), None)
    return last is not None and last - len(shape) not in axes


def operand_index(t: Term) -> tuple[Index, tuple[Dim, ...], int]:
    """For a reduction: its operand's index, loops (kept axes first) and how many of them are kept."""
    shape, axes = operands(t)[0].type.shape, t.args[-1].data
    n = len(shape)
    kept = [i for i in range(n) if i - n not in axes and shape[i] != 1]
    folded = [i for i in range(n) if i - n in axes and shape[i] != 1]
    name: dict[int, Dim] = {axis: f"%i{k}" for k, axis in enumerate(kept + folded)}
    return tuple(name.get(i, 0) for i in range(n)), tuple(shape[i] for i in kept + folded), len(kept)


def scatter_read(t: Term, index: Index) -> Any:
    """Which element of its result a scatter adds the value at an index to."""
    values, positions, *_ = operands(t)
    shapes = (t.type.shape, positions.type.shape)
    assert t.op.access is not None
    return t.op.access(index, shapes, *[a.data for a in t.args[2:]])


def broadcast_index(at: Index, shape: tuple[Dim, ...]) -> Index:
    """The index of an operand that is broadcast, for an index of the result."""
    at = at[len(at) - len(shape):]
    return tuple([0 if d == 1 else i for i, d in zip(at, shape, strict=True)]) if 1 in shape else at


def _data_name(r: Read) -> str:
    return f"%g{r.operand}{r.index!r}"


def _loops_used(at: Index, names: dict[str, int]) -> set[int] | None:
    """The loops an index depends on; None if it depends on data."""
    out: set[int] = set()
    for i in at:
        if i.__class__ is str:
            k = names.get(i)  # type: ignore[arg-type]
            if k is None:
                if i.startswith("%"):  # type: ignore[union-attr]
                    return None
            else:
                out.add(k)
        elif i.__class__ is not int:
            from_names = dims.names(i)
            if any(n.startswith("%g") for n in from_names):
                return None
            out.update(names[n] for n in from_names if n in names)
    return out
