"""Where values lie: arguments, constants, results, and scratch memory for what another step or phase reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..terms.dims import Dim
from ..terms.term import CONST, Term
from ..terms.type import Type
from .elements import uniform
from .groups import Group, Item
from .ir import Buffer
from .layout import affine, operands, same_memory
from .roots import Roots

__all__ = ["Storage"]


class Storage:
    """The buffers of a program, before slots are assigned."""

    def __init__(self, inputs: Sequence[Term], outputs: Sequence[Term], expanded: Sequence[Term], roots: Roots,
                 groups: Sequence[Group], item: dict[Term, Item]) -> None:
        self.inputs, self.outputs, self.expanded = inputs, outputs, expanded
        self.roots, self.groups, self.item = roots, groups, item
        self.buffers: list[Buffer] = []
        self.buffer: dict[Term, int] = {}  # where a term's elements lie
        self.local: dict[Term, int] = {}  # how many outer loops a buffer within one kernel leaves out
        self.constants: list[Any] = []
        self.copies: list[tuple[int, Term]] = []  # results that are arguments, constants or other results
        self._declare()

    def new(self, kind: Any, dtype: Any, shape: tuple[Dim, ...], position: int = -1) -> int:
        """One more buffer."""
        self.buffers.append(Buffer(kind, dtype, shape, position))
        return len(self.buffers) - 1

    def _declare(self) -> None:
        for i, t in enumerate(self.inputs):
            self.buffer[t] = self.new("input", t.type.dtype, t.type.shape, i)
        viewed = self._viewed()
        for t in self.roots.order:
            if t.op is CONST and (uniform(t) is None or t in viewed):
                self.buffer[t] = self.new("const", t.type.dtype, t.type.shape, len(self.constants))
                self.constants.append(t.data)
        for k, (t, x) in enumerate(zip(self.outputs, self.expanded, strict=True)):
            base = same_memory(x, self.roots.memory)
            b = self.new("output", t.type.dtype, t.type.shape, k)
            if base in self.buffer or not (base in self.roots.chosen or base.op.kind == "projection"):
                self.copies.append((b, x))
            else:
                self.buffer[base] = b
        for t in self._stored():
            if t not in self.buffer:
                self.buffer[t] = self.new("scratch", t.type.dtype, t.type.shape)
        for g in self.groups:
            k = len(g.outer)
            for item in g.items:
                for m, _ in item.reads:
                    o = self.item.get(m)
                    if o is not None and o.group is g and not o.accumulates and o.inner(k) and o.time < item.time \
                            and m not in self.buffer:
                        self.buffer[m] = self.new("scratch", m.type.dtype, o.loops[k:])
                        self.local[m] = k

    def _viewed(self) -> set[Term]:
        """What routines read through views."""
        found = (affine(a, self.roots.stops) for t in self.roots.order if t.op.kind == "call" for a in operands(t))
        return {view[0] for view in found if view is not None}

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
