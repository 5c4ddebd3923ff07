"""From terms to a program: expand, choose roots, group them, write the loops, assign memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import LinkError
from ..terms import dims
from ..terms.access import Read
from ..terms.dims import Dim
from ..terms.term import CONST, INPUT, Term, _where, toposort
from ..terms.type import Type, parse_signature
from .buffers import assign_slots
from .checks import read_sizes, trusted
from .collapse import collapse
from .elements import INT64, Elements, uniform
from .expand import expand
from .groups import Group, Item, group, scatter_read
from .ir import Acc, Buffer, Call, Failure, For, Kernel, Program, Step, Stmt, Store, Update, View, walk
from .ir import Load as LoadExpr
from .layout import affine, index_names, linear, loops_of, operands, same_memory, split_affine
from .roots import Roots
from .text import call_text, kernel_text

__all__ = ["program"]


def program(inputs: Sequence[Term], outputs: Sequence[Term], target: str = "c", name: str = "program") -> Program:
    """The program that computes terms from inputs; the same terms give the same program."""
    failures: list[Failure] = []
    sizes, checks = read_sizes(inputs, failures)
    roots_of = expand(outputs, target)
    order = list(dict.fromkeys([*toposort(*outputs), *toposort(*roots_of)]))
    declared = set(inputs)
    for t in order:
        if t.op is INPUT and t not in declared:
            raise LinkError(f"{t.data}: {t.type!r} is used but is no input of the function; add it to the inputs")
    known = {n for n, _, _ in sizes}
    for t in order:
        for d in t.type.shape if type(t.type) is Type else ():
            for n in () if isinstance(d, int) else dims.names(d):
                if n not in known:
                    raise LinkError(f"the size {n} of {t!r} is read off no argument; make it an axis of an input")
    checks += trusted(order, failures)
    return _Schedule(inputs, outputs, roots_of, failures).program(name, sizes, tuple(checks))


class _Schedule:
    def __init__(self, inputs: Sequence[Term], outputs: Sequence[Term], expanded: list[Term],
                 failures: list[Failure]) -> None:
        self.inputs, self.outputs, self.expanded, self.failures = inputs, outputs, expanded, failures
        self.roots = Roots(expanded)
        self.groups, self.item = group(self.roots, expanded)
        self.buffers: list[Buffer] = []
        self.buffer: dict[Term, int] = {}  # where a term's elements lie
        self.local: dict[Term, int] = {}  # how many outer loops a buffer within one kernel leaves out
        self.constants: list[Any] = []
        self.copies: list[tuple[int, Term]] = []

    def program(self, name: str, sizes: Any, checks: Any) -> Program:
        self._declare()
        steps: list[Step | None] = [None if g.items[0].term.op.kind == "call" else self._kernel(g) for g in self.groups]
        steps += [self._copy(position, t) for position, t in self.copies]
        loaded = {e.buffer for s in steps if s is not None and isinstance(s, Kernel) for x in walk(s.body)
                  if isinstance(e := getattr(x, "value", None), LoadExpr)}
        for i in range(len(self.inputs)):
            b = self.buffers[i]
            if i not in loaded:
                self.buffers[i] = Buffer(b.kind, b.dtype, b.shape, b.position, strided=True)
        done = [self._call(g) if s is None else s for g, s in zip([*self.groups, *self.groups[:0]], steps, strict=False)]
        done += [s for s in steps[len(self.groups):] if s is not None]
        buffers, slots = assign_slots(self.buffers, done)
        return Program(name, tuple(t.type for t in self.inputs), tuple(t.type for t in self.outputs), sizes, checks,
                       tuple(self.failures), tuple(self.constants), buffers, slots, tuple(done))

    # -- buffers ----------------------------------------------------------------------------------------------------------

    def _new(self, kind: Any, dtype: Any, shape: tuple[Dim, ...], position: int = -1) -> int:
        self.buffers.append(Buffer(kind, dtype, shape, position))
        return len(self.buffers) - 1

    def _declare(self) -> None:
        for i, t in enumerate(self.inputs):
            self.buffer[t] = self._new("input", t.type.dtype, t.type.shape, i)
        for t in self.roots.order:
            if t.op is CONST and (uniform(t) is None or self._viewed(t)):
                self.buffer[t] = self._new("const", t.type.dtype, t.type.shape, len(self.constants))
                self.constants.append(t.data)
        for k, (t, x) in enumerate(zip(self.outputs, self.expanded, strict=True)):
            base = same_memory(x, self.roots.memory)
            b = self._new("output", t.type.dtype, t.type.shape, k)
            if base in self.buffer or not (base in self.roots.chosen or base.op.kind == "projection"):
                self.copies.append((b, x))
            else:
                self.buffer[base] = b
        for t in self._stored():
            if t not in self.buffer:
                self.buffer[t] = self._new("scratch", t.type.dtype, t.type.shape)
        for g in self.groups:
            k = len(g.outer)
            for item in g.items:
                for m, _ in item.reads:
                    o = self.item.get(m)
                    if o is not None and o.group is g and not o.fold and o.inner(k) and o.time < item.time \
                            and m not in self.buffer:
                        self.buffer[m] = self._new("scratch", m.type.dtype, o.loops[k:])
                        self.local[m] = k

    def _viewed(self, t: Term) -> bool:
        return self._views is not None and t in self._views

    @property
    def _views(self) -> set[Term]:
        found = getattr(self, "_found_views", None)
        if found is None:
            found = set()
            for t in self.roots.order:
                if t.op.kind == "call":
                    for a in operands(t):
                        view = affine(a, self.roots.stops)
                        if view is not None:
                            found.add(view[0])
            self._found_views = found
        return found

    def _stored(self) -> list[Term]:
        """Every value that another step reads."""
        out: dict[Term, None] = {}
        for g in self.groups:
            for item in g.items:
                for m, _ in item.reads:
                    o = self.item.get(m)
                    if o is None or o.group is not g:
                        out[m] = None
                if g.items[0].term.op.kind in ("call", "scatter"):
                    t = g.items[0].term
                    parts = [p for p in self.roots.order if p.op.kind == "projection" and operands(p)[0] is t] \
                        if type(t.type) is not Type else [t]
                    out.update(dict.fromkeys(parts))
        for _, x in self.copies:
            base = same_memory(x, self.roots.memory)
            if base not in self.buffer and base in self.roots.chosen:
                out[base] = None
        return list(out)

    # -- loops --------------------------------------------------------------------------------------------------------------

    def _elements(self) -> Elements:
        return Elements(self.buffer.get, self._place, self.roots.memory, self._out_of_range, 0)

    def _place(self, t: Term, at: tuple[Dim, ...]) -> Dim | None:
        k = self.local.get(t)
        if k is None:
            return None
        inner = self.item[t].loops[k:]
        return linear(inner, tuple(f"%i{k + j}" for j in range(len(inner))))

    def _out_of_range(self, t: Term, size: Dim) -> int:
        at = _where(t.origin)
        text = f"{t.op.name}: an index is out of range for an axis of length {dims.show(size)}{f', built at {at}' if at else ''}"
        failure = Failure("index", text)
        if failure not in self.failures:
            self.failures.append(failure)
        return self.failures.index(failure) + 1

    def _kernel(self, g: Group) -> Kernel:
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
                    self._outer_item(e, item)
        return Kernel(self._close(e, g.outer, 0, g.tile), kernel_text(g, self.buffer))

    def _close(self, e: Elements, extents: tuple[Dim, ...], first: int, tile: bool, accs: tuple[Acc, ...] = ()) -> tuple[Stmt, ...]:
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
            if item.fold:
                value = self._folded(e, item)
                acc = Acc(e.fresh(), item.term.type.dtype, item.term.op.reduce)
                accs.append((item, acc))
                e.emit(Update(acc.name, value))
            else:
                self._store(e, item.term, e.value(item.term, item.index, own=True), item.index)
        self._close(e, loops[k:], k, False, tuple(acc for _, acc in accs))
        for item, acc in accs:
            at = index_names(item.term.type.shape)
            e.know(item.term, at, acc.name, k)
            self._store(e, item.term, acc.name, at)

    def _folded(self, e: Elements, item: Item) -> str:
        """The value that a reduction combines, in the dtype it combines in."""
        t = item.term
        x = operands(t)[0]
        dtype = x.type.dtype if t.op.operands is None else t.op.operands(t.type.dtype, x.type.dtype)[0]
        return e.converted(e.converted(e.value(x, item.index), x.type.dtype, dtype), dtype, t.type.dtype)

    def _outer_item(self, e: Elements, item: Item) -> None:
        t = item.term
        if item.fold:  # over axes of length 1 only
            name = self._folded(e, item)
            e.know(t, index_names(t.type.shape), name, len(e.scopes) - 1)
        else:
            name = e.value(t, item.index, own=True)
        self._store(e, t, name, index_names(t.type.shape))

    def _store(self, e: Elements, t: Term, name: str, at: tuple[Dim, ...]) -> None:
        b = self.buffer.get(t)
        if b is not None:
            place = self._place(t, at)
            e.emit(Store(b, linear(t.type.shape, at) if place is None else place, name))

    def _scatter(self, item: Item, e: Elements) -> Kernel:
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
        b = self.buffer[t]
        e.emit(Update("", value, b, linear(t.type.shape, tuple(at))))
        return Kernel(self._close(e, item.loops, 0, False), kernel_text(item.group, self.buffer), zero=(b,))

    def _copy(self, buffer: int, t: Term) -> Kernel:
        """A result that is an argument, a constant, or another result's memory."""
        e = self._elements()
        index, loops = index_names(t.type.shape), loops_of(t.type.shape)
        for d in range(len(loops)):
            e.enter(f"%i{d}")
        e.emit(Store(buffer, linear(t.type.shape, index), e.value(t, index)))
        return Kernel(self._close(e, loops, 0, False), f"copy -> out{self.buffers[buffer].position}")

    # -- routines -------------------------------------------------------------------------------------------------------------

    def _call(self, g: Group) -> Call:
        t = g.items[0].term
        left, right = parse_signature(t.op.signature)
        xs = operands(t)
        types = [t.type] if type(t.type) is Type else list(t.type.items)
        core: dict[str, Dim] = {}
        for names, shape in [*zip(left, [x.type.shape for x in xs], strict=True), *zip(right, [y.shape for y in types], strict=True)]:
            core.update((n, d) for n, d in zip(names, shape[len(shape) - len(names):], strict=True) if n not in core)
        batch = types[0].shape[:types[0].ndim - len(right[0])]
        results = []
        for k, y in enumerate(types):
            b = self._part(t, k, y)
            results.append(View(b, 0, y.shape, _contiguous(y.shape)))
        attrs = tuple(a.data for a in t.args[len(xs):])
        at = _where(t.origin)
        self.failures.append(Failure("linalg", f"{t.op.name}: singular matrix{f', built at {at}' if at else ''}"))
        routine = t.op.lower["c"]
        return Call(routine, xs[0].type.dtype, tuple(core.values()), tuple(self._view(x) for x in xs), tuple(results), attrs,
                    batch, tuple(map(len, left + right)), call_text(t), len(self.failures))

    def _part(self, t: Term, k: int, y: Type) -> int:
        if type(t.type) is Type:
            return self.buffer[t]
        for p, b in self.buffer.items():
            if p.op.kind == "projection" and operands(p)[0] is t and p.args[1].data == k:
                return b
        return self._new("scratch", y.dtype, y.shape)

    def _view(self, x: Term) -> View:
        found = affine(x, lambda t: t in self.buffer)
        if found is None:
            found = x, index_names(x.type.shape)
        base, at = found
        b = self.buffer[base]
        steps = strided_names(b, len(at)) if self.buffers[b].strided else _contiguous(base.type.shape)
        position: Dim = 0
        for i, s in zip(at, steps, strict=True):
            position = dims.add(position, dims.mul(i, s))
        split = split_affine(position, index_names(x.type.shape))
        assert split is not None
        return View(b, split[0], x.type.shape, split[1])


def strided_names(argument: int, ndim: int) -> tuple[Dim, ...]:
    """The strides of an argument, as names."""
    return tuple(f"%s{argument}_{k}" for k in range(ndim))


def _contiguous(shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    out: list[Dim] = []
    step: Dim = 1
    for d in reversed(shape):
        out.append(step)
        step = dims.mul(step, d)
    return tuple(reversed(out))
