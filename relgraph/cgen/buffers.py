"""Scratch memory by liveness: buffers whose lives do not overlap share a slot."""

from __future__ import annotations

from dataclasses import replace

from ..terms import dims
from ..terms.dims import Dim
from .ir import Buffer, Call, Let, Load, Step, Store, Update, walk

__all__ = ["assign_slots", "touched"]


def touched(step: Step) -> list[int]:
    """The buffers a step reads or writes, in order of appearance."""
    out: dict[int, None] = {}
    if isinstance(step, Call):
        out.update((v.buffer, None) for v in (*step.operands, *step.results))
        return list(out)
    out.update((b, None) for b in step.zero)
    for s in walk(step.body):
        if isinstance(s, Let) and isinstance(s.value, Load):
            out[s.value.buffer] = None
        elif isinstance(s, Store) or (isinstance(s, Update) and s.buffer >= 0):
            out[s.buffer] = None
    return list(out)


def assign_slots(buffers: list[Buffer], steps: list[Step]) -> tuple[tuple[Buffer, ...], tuple[Dim, ...]]:
    """The buffers with slots, and the bytes of each slot."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    order = [touched(s) for s in steps]
    for i, found in enumerate(order):
        for b in found:
            first.setdefault(b, i)
            last[b] = i
    slots: list[Dim] = []
    free: dict[Dim, list[int]] = {}
    out = list(buffers)
    for i, found in enumerate(order):
        mine = [b for b in found if buffers[b].kind == "scratch"]
        for b in mine:
            if first[b] == i:
                size = dims.mul(dims.product(buffers[b].shape), buffers[b].dtype.itemsize)
                spare = free.get(size)
                if spare:
                    slot = spare.pop()
                else:
                    slot = len(slots)
                    slots.append(size)
                out[b] = replace(buffers[b], position=slot)
        for b in mine:
            if last[b] == i:
                size = slots[out[b].position]
                free.setdefault(size, []).append(out[b].position)
    return tuple(out), tuple(slots)

