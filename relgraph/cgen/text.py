"""One line per step of a program."""

from __future__ import annotations

from collections.abc import Container

from ..terms import dims
from ..terms.term import Term
from ..terms.type import Type
from .groups import Group

__all__ = ["call_text", "kernel_text"]


def kernel_text(g: Group, stored: Container[Term] = ()) -> str:
    """The loops of a group and, in order, what they fold and what they store."""
    k = len(g.outer)
    items = [item for item in g.items if item.fold or item.term in stored or len(g.items) == 1]
    parts: list[str] = []
    for time in range(max(item.time for item in items) + 1):
        nests: dict[tuple[object, ...], list[str]] = {}
        for item in items:
            if item.time == time and item.inner(k):
                nests.setdefault(item.loops, []).append(_shown(item.term))
        for loops, names in nests.items():
            inner = ", ".join(dims.show(d) for d in loops[k:])
            parts.append(f"for [{inner}]: {', '.join(names)}")
        parts += [_shown(item.term) for item in items if item.time == time and not item.inner(k)]
    body = "; ".join(parts)
    return f"for [{', '.join(map(dims.show, g.outer))}]: {{{body}}}" if k else body


def call_text(t: Term) -> str:
    """A routine and the types it is called with."""
    return f"call {_shown(t)}"


def _shown(t: Term) -> str:
    operands = ", ".join(repr(a.type) for a in t.args if type(a.type) is Type)
    return f"{t.op.name}({operands})"
