"""Where elements stand in memory: linear positions, and terms that are other terms' memory seen differently."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..terms import dims
from ..terms.access import Read, Select
from ..terms.dims import Dim, DimCall, DimExpr
from ..terms.term import Term
from ..terms.type import ATTR

__all__ = ["access", "affine", "has_call", "index_names", "linear", "loops_of", "operands", "reads", "recombine",
           "same_memory", "split_affine", "strides"]


def operands(t: Term) -> tuple[Term, ...]:
    """The tensor operands."""
    return t.args[:len(t.args) - len(t.op.attrs)] if t.op.attrs else t.args


def loops_of(shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The axes that need a loop: all but those known to have length 1."""
    return tuple(d for d in shape if d != 1)


@lru_cache(8192)
def index_names(shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The index of an element by loop variables, ``%i0`` first; 0 along axes of length 1."""
    out: list[Dim] = []
    k = 0
    for d in shape:
        if d == 1:
            out.append(0)
        else:
            out.append(f"%i{k}")
            k += 1
    return tuple(out)


@lru_cache(8192)
def strides(shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """Strides in elements of an array in C order."""
    out: list[Dim] = []
    step: Dim = 1
    for d in reversed(shape):
        out.append(step)
        step = dims.mul(step, d)
    return tuple(reversed(out))


@lru_cache(8192)
def linear(shape: tuple[Dim, ...], index: tuple[Dim, ...]) -> Dim:
    """The position of an element in C order."""
    at: Dim = 0
    for i, s in zip(index, strides(shape), strict=True):
        at = dims.add(at, dims.mul(i, s))
    return recombine(at)


def has_call(d: Dim) -> bool:
    """Whether a division, a remainder or a maximum stands in a dim."""
    return isinstance(d, DimExpr) and any(isinstance(a, DimCall) for m, _ in d.terms for a in m)


def recombine(d: Dim) -> Dim:
    """``f // m * m + f % m`` is ``f``, which undoes what reshaping does to an index."""
    while isinstance(d, DimExpr):
        new = _recombined(d)
        if new is None:
            return d
        d = new
    return d


def _recombined(d: DimExpr) -> Dim | None:
    present = dict(d.terms)
    for atoms, c in d.terms:
        for k, a in enumerate(atoms):
            if not isinstance(a, DimCall) or a.name != "mod":
                continue
            f, m = a.args
            rest: Dim = DimExpr(((atoms[:k] + atoms[k + 1:], c),)) if len(atoms) > 1 or c != 1 else 1
            rest = dims.mul(rest, 1)
            high = dims.mul(rest, dims.mul(m, dims.floordiv(f, m)))
            found = high.terms if isinstance(high, DimExpr) else ()
            if found and all(present.get(n) == e for n, e in found):
                low = DimExpr(((atoms, c),))
                return dims.add(dims.sub(dims.sub(d, high), low), dims.mul(rest, f))
    return None


def access(t: Term, index: tuple[Dim, ...]) -> Any:
    """What stands at an index of a term of an access op."""
    n = len(t.args) - len(t.op.attrs)
    shapes = tuple([a.type.shape for a in t.args[:n]])
    return t.op.access(index, shapes, *[a.data for a in t.args[n:]])  # type: ignore[misc]


def _plain(t: Term) -> tuple[Term, tuple[Dim, ...], tuple[Dim, ...]] | None:
    """For a term that shows one operand in another arrangement: the operand, the index read, the index it is for."""
    if t.op.kind != "access" or not t.args or t.args[0].type is ATTR:
        return None
    index = index_names(t.type.shape)
    read = access(t, index)
    if not isinstance(read, Read) or any(isinstance(i, Read) for i in read.index):
        return None
    return operands(t)[read.operand], read.index, index  # type: ignore[return-value]


def same_memory(t: Term, memo: dict[Term, Term]) -> Term:
    """The term whose elements, in C order, are those of ``t``: through reshapes and axes of length 1."""
    path = []
    while t not in memo:
        path.append(t)
        found = _plain(t)
        if found is None or dims.product(found[0].type.shape) != dims.product(t.type.shape) \
                or linear(found[0].type.shape, found[1]) != linear(t.type.shape, found[2]):
            memo[t] = t
            break
        t = found[0]
    base = memo[t]
    for p in path:
        memo[p] = base
    return base


def affine(t: Term, stop: Callable[[Term], bool]) -> tuple[Term, tuple[Dim, ...]] | None:
    """The term that ``stop`` holds for and the index of it that is read for each element of ``t``, if affine."""
    at: tuple[Dim, ...] = index_names(t.type.shape)
    base = t
    while not stop(base):
        if base.op.kind != "access" or not operands(base):
            return None
        read = access(base, at)
        if not isinstance(read, Read) or any(isinstance(i, Read) for i in read.index):
            return None
        base, at = operands(base)[read.operand], read.index  # type: ignore[assignment]
    return (base, at) if split_affine(linear(base.type.shape, at), index_names(t.type.shape)) else None


def split_affine(position: Dim, index: tuple[Dim, ...]) -> tuple[Dim, tuple[Dim, ...]] | None:
    """Offset and strides of a position that is affine in the loop variables of an index, else None."""
    offset: dict[tuple[Any, ...], int] = {}
    parts: dict[str, dict[tuple[Any, ...], int]] = {}
    for m, c in position.terms if isinstance(position, DimExpr) else _one(position):
        loops = [a for a in m if isinstance(a, str) and a in index]
        if len(loops) > 1 or any(isinstance(a, DimCall) and any(n in index for n in _names(a)) for a in m):
            return None
        if loops:
            rest = list(m)
            rest.remove(loops[0])
            parts.setdefault(loops[0], {})[tuple(rest)] = c
        else:
            offset[m] = c
    return _sum(offset), tuple(_sum(parts.get(i, {})) if isinstance(i, str) else 0 for i in index)


def _one(d: Dim) -> tuple[tuple[tuple[Any, ...], int], ...]:
    return (((d,), 1),) if isinstance(d, str) else (((), d),) if d else ()  # type: ignore[return-value]


def _names(a: DimCall) -> tuple[str, ...]:
    return dims.names(a.args[0]) + dims.names(a.args[1])


def _sum(p: dict[tuple[Any, ...], int]) -> Dim:
    out: Dim = 0
    for m, c in p.items():
        out = dims.add(out, DimExpr(((m, c),)) if m else c)
    return out


def reads(tree: Any) -> list[Read]:
    """Every element an access may read, those inside indices too."""
    out: list[Read] = []
    stack = [tree]
    while stack:
        x = stack.pop()
        if isinstance(x, Select):
            stack += [x.otherwise, x.then]
        elif isinstance(x, Read):
            out.append(x)
            stack.extend(i for i in reversed(x.index) if isinstance(i, Read))
    return out
