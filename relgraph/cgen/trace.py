"""What the elements of a root are computed from, down to values that lie in memory or in other roots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..terms import dims
from ..terms.access import Read, Select
from ..terms.dims import Dim
from ..terms.term import CONST, INPUT, Term
from .layout import access, has_call, index_names, linear, operands, reads, same_memory
from .roots import CHEAP, COSTLY, Roots, flops, is_total

__all__ = ["Index", "Trace", "broadcast_index", "operand_index", "scatter_read", "trace"]

Index = tuple[Dim, ...]


@dataclass(slots=True, eq=False)
class Trace:
    """Reads of other roots (index None: by position), statements, terms that should be roots, joins that stand alone."""

    reads: list[tuple[Term, Index | None]]
    size: int
    below: list[Term]
    alone: list[Term]


def trace(roots: Roots, root: Term, index: Index, loops: int) -> Trace:
    """Follow the elements of a root at an index of so many loop variables."""
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
        _below(roots, root, index, stack, branchy, violators)
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
                _below(roots, t, at, stack, branchy, violators)
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
        _below(roots, t, at, stack, branchy, violators)
    alone = [t for t in branchy if t is not root] if costly else []
    violators.update(dict.fromkeys(alone))
    return Trace(list(found), count, list(violators), alone)


def _below(roots: Roots, t: Term, at: Index, stack: list[tuple[Term, Index]], branchy: dict[Term, None],
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
        if partial and not roots.stops(a) and (roots.branchy[a] or roots.cost[a] > CHEAP):
            violators[a] = None
        else:
            stack.append((a, tuple(_data_name(i) if isinstance(i, Read) else i for i in r.index)))


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
    shapes = (t.type.shape, operands(t)[1].type.shape)
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
