"""Sums in sums and products in products: which nodes become operands of their parent, and which stay, marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..terms.elementwise import shared
from ..terms.term import Term, make, toposort
from ..terms.type import UNKNOWN
from .algebra import GroupOf, algebra
from .occurring import as_bits, operators

__all__ = ["down_to", "flattened", "inner_nodes", "unmarked"]


def down_to(roots: Sequence[Term], normal: Callable[[Term], bool]) -> list[Term]:
    """Terms below the roots, operands before what uses them, without what is below normal ones."""
    out: dict[Term, None] = {}
    stack = [(t, False) for t in reversed(roots)]
    while stack:
        t, ready = stack.pop()
        if ready or not t.args or normal(t):
            out[t] = None
        elif t not in out:
            stack.append((t, True))
            stack.extend([(a, False) for a in reversed(t.args)])
    return [*out]


def inner_nodes(order: list[Term], roots: list[Term]) -> frozenset[Term]:
    """Nodes of a group's family whose one parent is of that family and dtype: they become operands of the parent."""
    family = algebra().families
    parent: dict[Term, Term | None] = {}
    for t in order:
        for a in t.args:
            if a.op in family:
                parent[a] = None if a in parent else t
    for r in roots:
        parent[r] = None
    out = []
    for a, p in parent.items():
        if p is None:
            continue
        g = family[a.op]
        if family.get(p.op) is g and p.type is not UNKNOWN and a.type is not UNKNOWN \
                and p.type.dtype is a.type.dtype and a.type.dtype.kind in g.kinds:
            out.append(a)
    return frozenset(out)


def flattened(t: Term, g: GroupOf, inner: frozenset[Term], done: dict[Term, Term]) -> list[tuple[Term, int]]:
    """The operands of a node and of the inner nodes below it, with signs carried down."""
    out: list[tuple[Term, int]] = []
    stack = [(t, 1)]
    while stack:
        x, s = stack.pop()
        if x is not t and x not in inner:
            out.append((done[x], s))
        elif x.op is g.inverse:
            stack.append((x.args[0], -s))
        elif x.op is g.difference:
            stack.append((x.args[1], -s))
            stack.append((x.args[0], s))
        else:
            stack.extend([(a, s) for a in reversed(x.args)])
    return out


def unmarked(roots: list[Term]) -> tuple[list[Term], bool]:
    """Terms without marks, and whether a marked node has one parent now, so that another pass would flatten it."""
    marked = as_bits((shared,))
    if not any([operators(r) & marked for r in roots]):
        return roots, False
    order = toposort(*roots)
    parents: dict[Term, int] = {}
    for t in order:
        for a in t.args:
            parents[a] = parents.get(a, 0) + 1
    again = any(t.op is shared and parents.get(t, 0) == 1 and parents.get(t.args[0], 0) == 1 for t in order)
    done: dict[Term, Term] = {}
    for t in order:
        if t.op is shared:
            done[t] = done[t.args[0]]
        elif not t.args:
            done[t] = t
        else:
            args = tuple([done[a] for a in t.args])
            if all(a is b for a, b in zip(args, t.args, strict=True)):
                done[t] = t
            else:
                done[t] = t.op.binder(t, args) if t.op.binder is not None else make(t.op, args, t.origin)
    return [done[r] for r in roots], again
