"""Which roots share a loop nest: greedy, in topological order, never moving a root before what it reads.

A group has outer loops and, inside, phases: values per outer index at time 0, then the inner loops of phase 1, then
values at time 1, and so on.  Row-wise softmax is one group: loops over rows; maximum, sum and quotient are its phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..terms.access import Read
from ..terms.dims import Dim
from ..terms.term import CONST, INPUT, Term
from .layout import index_names, loops_of, operands
from .roots import Roots
from .trace import Index, operand_index, scatter_read, trace

__all__ = ["Group", "Item", "group"]

LARGEST_GROUP = 800  # statements
WINDOW = 8  # how many of the latest groups a root may join


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

    @property
    def accumulates(self) -> bool:
        """Does it fold a loop?  Over axes of length 1 there is none: each element is one of the operand."""
        return self.fold and self.kept < len(self.loops)

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
            for v in below:
                self.roots.demand(v)
            # one of two that were demanded together may read the other, which is not placed yet
            below += [v for v in dict.fromkeys(_owner(m) for m, _ in item.reads) if v not in self.item and v not in below]
            if below:
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
        item.reads, item.size = [], 0
        if t.op.kind == "call":
            item.reads = [(b, None) for b in self.call_bases(t)]
            return []
        if t.op.kind != "scatter":
            return self._read(item, t, item.index)
        roots = self.roots
        out: list[Term] = []
        for a, at in zip(operands(t), self.scatter_indices(item), strict=True):
            if roots.stops(a):
                if a.op is not INPUT and a.op is not CONST:
                    item.reads.append((a, at))
                continue
            out += self._read(item, a, at)
        return out

    def _read(self, item: Item, t: Term, at: Index) -> list[Term]:
        """Note what an item reads through a term; the terms that must be placed before it."""
        found = trace(self.roots, t, at, len(item.loops))
        item.reads += found.reads
        item.size += found.size
        self.alone.update(found.alone)
        return found.below

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
        tile = item.accumulates and _keeps_last(t) and item.kept > 0
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
        if item.accumulates:
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
            if o.inner(k) and not o.accumulates:
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
