"""The loops of a group: outer loops, phases of inner loops, values between them."""

from __future__ import annotations

from ..terms import dims
from ..terms.access import Read
from ..terms.dims import Dim
from ..terms.term import Term, _where
from .collapse import collapse
from .elements import Elements
from .groups import Group, Item
from .ir import Acc, Failure, For, Kernel, Stmt, Store, Update
from .layout import index_names, linear, loops_of, operands
from .storage import Storage
from .text import kernel_text
from .trace import scatter_read

__all__ = ["Nests"]


class Nests:
    """Writes kernels for groups, given where values lie; failures join ``failures``."""

    def __init__(self, storage: Storage, failures: list[Failure]) -> None:
        self._storage, self._failures = storage, failures
        self._readable: set[Term] | None = None  # of the item that is being written

    def _elements(self) -> Elements:
        return Elements(self._buffer, self._place, self._storage.roots.memory, self._out_of_range, 0)

    def _buffer(self, t: Term) -> int | None:
        """The buffer of a value that the item being written was found to read; what became a value later is computed here."""
        b = self._storage.buffer.get(t)
        if b is None or self._readable is None or t not in self._storage.item or t in self._readable:
            return b
        return None

    def _place(self, t: Term, at: tuple[Dim, ...]) -> Dim | None:
        k = self._storage.local.get(t)
        if k is None:
            return None
        inner = self._storage.item[t].loops[k:]
        return linear(inner, tuple(f"%i{k + j}" for j in range(len(inner))))

    def _out_of_range(self, t: Term, size: Dim) -> int:
        at = _where(t.origin)
        text = f"{t.op.name}: an index is out of range for an axis of length {dims.show(size)}"
        text += f", built at {at}" if at else ""
        failure = Failure("index", text)
        if failure not in self._failures:
            self._failures.append(failure)
        return self._failures.index(failure) + 1

    def kernel(self, g: Group) -> Kernel:
        """The kernel of a group."""
        e = self._elements()
        if g.items[0].term.op.kind == "scatter":
            return self._scatter(g.items[0], e)
        k = len(g.outer)
        for d in range(k):
            e.enter(f"%i{d}")
        for time in range(max(item.time for item in g.items) + 1):
            nests: dict[tuple[Dim, ...], list[Item]] = {}
            for item in g.items:
                if item.time == time and item.inner(k):
                    nests.setdefault(item.loops, []).append(item)
            for loops, items in nests.items():
                self._nest(e, k, loops, items)
            for item in g.items:
                if item.time == time and not item.inner(k):
                    self._element(e, item)
        return Kernel(self._close(e, g.outer, 0, g.tile), kernel_text(g, self._storage.buffer))

    def _close(self, e: Elements, extents: tuple[Dim, ...], first: int, tile: bool,
               accs: tuple[Acc, ...] = ()) -> tuple[Stmt, ...]:
        """Leave the loops that are open, innermost first."""
        if not extents:
            return tuple(e.scopes[0].block)
        for d in reversed(range(first, first + len(extents))):
            body = e.leave(f"%i{d}")
            last = d == first + len(extents) - 1
            e.emit(collapse(For(f"%i{d}", extents[d - first], body, accs if d == first else (), tile and last)))
        return tuple(e.scopes[0].block)

    def _nest(self, e: Elements, k: int, loops: tuple[Dim, ...], items: list[Item]) -> None:
        for d in range(k, len(loops)):
            e.enter(f"%i{d}")
        accs: list[tuple[Item, Acc]] = []
        for item in items:
            if item.accumulates:
                value = self._folded(e, item)
                acc = Acc(e.fresh(), item.term.type.dtype, item.term.op.reduce)
                accs.append((item, acc))
                e.emit(Update(acc.name, value))
            else:
                self._element(e, item)
        self._close(e, loops[k:], k, False, tuple(acc for _, acc in accs))
        for item, acc in accs:
            at = index_names(item.term.type.shape)
            e.know(item.term, at, acc.name, k)
            self._store(e, item.term, acc.name, at)

    def _folded(self, e: Elements, item: Item) -> str:
        """The value that a reduction combines, in the dtype it combines in."""
        self._readable = {m for m, _ in item.reads}
        t = item.term
        x = operands(t)[0]
        dtype = x.type.dtype if t.op.operands is None else t.op.operands(t.type.dtype, x.type.dtype)[0]
        return e.converted(e.converted(e.value(x, item.index), x.type.dtype, dtype), dtype, t.type.dtype)

    def _element(self, e: Elements, item: Item) -> None:
        """One element of what is not accumulated, at the index of the loops that are open."""
        self._readable = {m for m, _ in item.reads}
        t = item.term
        if item.fold:  # over axes of length 1 only
            name = self._folded(e, item)
            e.know(t, index_names(t.type.shape), name, len(e.scopes) - 1)
        else:
            name = e.value(t, item.index, own=True)
        self._store(e, t, name, index_names(t.type.shape))

    def _store(self, e: Elements, t: Term, name: str, at: tuple[Dim, ...]) -> None:
        b = self._storage.buffer.get(t)
        if b is not None:
            place = self._place(t, at)
            e.emit(Store(b, linear(t.type.shape, at) if place is None else place, name))

    def _scatter(self, item: Item, e: Elements) -> Kernel:
        self._readable = {m for m, _ in item.reads}
        t = item.term
        values, positions, *_ = operands(t)
        for d in range(len(item.loops)):
            e.enter(f"%i{d}")
        at: list[Dim] = []
        for i, size in zip(scatter_read(t, item.index).index, t.type.shape, strict=True):
            if isinstance(i, Read):
                raw = e.value(positions, i.index)  # type: ignore[arg-type]
                i = e.position(t, raw, positions.type.dtype, size)
            at.append(i)
        value = e.converted(e.value(values, item.index), values.type.dtype, t.type.dtype)
        b = self._storage.buffer[t]
        e.emit(Update("", value, b, linear(t.type.shape, tuple(at))))
        return Kernel(self._close(e, item.loops, 0, False), kernel_text(item.group, self._storage.buffer), zero=(b,))

    def copy(self, buffer: int, t: Term) -> Kernel:
        """A result that is an argument, a constant, or another result's memory."""
        e = self._elements()
        self._readable = None
        index, loops = index_names(t.type.shape), loops_of(t.type.shape)
        for d in range(len(loops)):
            e.enter(f"%i{d}")
        e.emit(Store(buffer, linear(t.type.shape, index), e.value(t, index)))
        return Kernel(self._close(e, loops, 0, False), f"copy -> out{self._storage.buffers[buffer].position}")
