"""Attribute functions about reads and writes: where in the operands of an op a read of its result reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..terms import dims
from ..terms.indexing import index_, place_
from ..terms.joining import concat_, full
from ..terms.linalg import matmul_, matvec, vecdot, vecmat
from ..terms.structure import arange_, size_term, without
from ..terms.term import Term, attr, const, make
from .arranging import entry, expand, of_operand, read, spread, squeeze, turn, whole_order
from .attributes import attribute_function
from .axes import expanded_shape
from .layouts import Spec, entries, kept

__all__ = ["axes_after", "axes_under", "axis_length", "axis_size", "counted", "diagonal_element", "first_of", "flipped",
           "joined_slices", "last_position", "merged", "negated", "place_placed", "placed_zeros", "read_expanded",
           "read_joined", "read_matmul", "read_part", "read_spread", "read_squeezed", "read_transposed", "read_under",
           "tail"]


def _merged(x: Term, first: Term, second: Term) -> Term:
    """``x`` read by ``first`` and then by ``second``, in one read."""
    outer = entries(x.type.shape, first.data)
    inner = iter(entries(tuple(e[2] for e in outer if e[2] is not None), second.data))
    return read(x, [e if e[2] is None else entry(e, next(inner)) for e in outer])


def _read_part(x: Term, spec: Term) -> Term:
    """What of an operand an elementwise op needs for a read of its result."""
    return of_operand(x, spec.data)


def _read_transposed(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a transpose as the transpose of a read."""
    n = x.type.ndim
    order = whole_order(axes.data, n)
    found = entries(tuple(x.type.shape[p] for p in order), spec.data)
    source: list[Any] = [None] * n
    for e, p in zip(found, order, strict=True):
        source[p] = e
    left = [p for e, p in zip(found, order, strict=True) if e[2] is not None]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    return turn(read(x, source), [ranks[p] for p in left])


def _read_expanded(x: Term, axes: Term, spec: Term) -> Term:
    """A read of an array with new axes as new axes of a read."""
    n = x.type.ndim + len(axes.data)
    shape = expanded_shape(attr(x.type.shape), axes).data
    found = entries(shape, spec.data)
    left = kept(found)
    y = read(x, [e for k, e in enumerate(found) if k - n not in axes.data])
    y = expand(y, [j - len(left) for j, k in enumerate(left) if k - n in axes.data])
    return spread(y, tuple(found[k][2] for k in left))


def _read_squeezed(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a squeezed array as a read, squeezed."""
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = [(0, 1, 1) if k - n in axes.data else next(rest) for k in range(n)]
    left = kept(tuple(found))
    return squeeze(read(x, found), [j - len(left) for j, k in enumerate(left) if k - n in axes.data])


def _read_spread(x: Term, shape: Term, spec: Term) -> Term:
    """A read of a broadcast as the broadcast of a read."""
    found = entries(shape.data, spec.data)
    return spread(of_operand(x, found), tuple(found[k][2] for k in kept(found)))


def _under_reduction(x: Term, axes: Term, spec: Term) -> tuple[Term, tuple[int, ...]]:
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = tuple((0, 1, x.type.shape[k]) if k - n in axes.data else next(rest) for k in range(n))
    left = kept(found)
    return read(x, found), tuple(j - len(left) for j, k in enumerate(left) if k - n in axes.data)


def _read_under(x: Term, axes: Term, spec: Term) -> Term:
    """What of its operand a reduction over axes needs for a read of its result; see `axes_under`."""
    return _under_reduction(x, axes, spec)[0]


def _axes_under(x: Term, axes: Term, spec: Term) -> Term:
    """The axes that are reduced then."""
    return attr(_under_reduction(x, axes, spec)[1])


def _axes_after(x: Term, axes: Term, spec: Term) -> Term:
    """Axes that are read whole, counted in what is read."""
    n = x.type.ndim
    left = kept(entries(x.type.shape, spec.data))
    return attr(tuple(j - len(left) for j, k in enumerate(left) if k - n in axes.data))


def _read_matmul(x: Term, y: Term, spec: Term) -> Term:
    """A read of a matrix product as the product of rows and columns."""
    n = max(x.type.ndim, y.type.ndim)
    rows, columns = x.type.shape[-2], y.type.shape[-1]
    inner = x.type.shape[-1]
    lead = tuple(a if a != 1 else b for a, b in zip(_lead(x, n), _lead(y, n), strict=True))
    found = entries((*lead, rows, columns), spec.data)
    batch, row, column = found[:-2], found[-2], found[-1]
    a, b = _batch_read(x, (*batch, row, (0, 1, inner))), _batch_read(y, (*batch, (0, 1, inner), column))
    op = {(False, False): matmul_, (True, False): vecmat, (False, True): matvec, (True, True): vecdot}[
        row[2] is None, column[2] is None]
    return make(op, (a, b))


def _lead(x: Term, n: int) -> tuple[Any, ...]:
    return (1,) * (n - x.type.ndim) + x.type.shape[:-2]


def _batch_read(x: Term, spec: Spec) -> Term:
    """A read in which leading axes are broadcast and the last two are the operand's own."""
    shape = x.type.shape
    found = list(spec[len(spec) - len(shape):])
    for k, d in enumerate(shape[:-2]):
        start, _, length = found[k]
        if d == 1 and (start, length) != (0, 1):
            found[k] = (0, 0, None) if length is None else (0, 1, 0 if length == 0 else 1)
    return read(x, found)


def _read_joined(x: Term, y: Term, axis: Term, spec: Term) -> Term:
    """A read of two joined arrays as a read of one, or as the join of reads; see the predicate `joined_read`."""
    a, n = axis.data[0], x.type.ndim
    p, q = x.type.shape[a], y.type.shape[a]
    total = dims.add(p, q)
    found = list(entries((*x.type.shape[:a], total, *x.type.shape[n + a + 1:]), spec.data))
    start, step, length = found[a]
    left = kept(tuple(found))
    if length is None:
        found[a] = (start, 0, None) if start < p else (start - p, 0, None)
        return read(x if start < p else y, found)
    if (start, step, length) == (0, 1, total):
        first, second = (0, 1, p), (0, 1, q)
    else:
        before = min(length, max(0, -(-(p - start) // step)))
        first = (start, step, before) if before else (0, 1, 0)
        second = (start + step * before - p, step, length - before) if length > before else (0, 1, 0)
        if not second[2] or not first[2]:
            found[a] = first if not second[2] else second
            return read(x if not second[2] else y, found)
    at = left.index(n + a) - len(left)
    parts = [read(t, [e if k != n + a else own for k, e in enumerate(found)]) for t, own in ((x, first), (y, second))]
    return make(concat_, (*parts, attr((at,))))


def _joined_slices(x: Term, first: Term, second: Term, axis: Term) -> Term:
    """Two adjacent slices in one read."""
    a, b = (list(entries(x.type.shape, s.data)) for s in (first, second))
    k = axis.data[0]
    a[k] = (a[k][0], 1, dims.add(a[k][2], b[k][2]))
    return read(x, a)


def _counted(n: Term, spec: Term) -> Term:
    """A read of 0, 1, …, n-1."""
    (start, step, length), = spec.data or ((0, 1, n.data),)
    if length is None:
        return const(start) if isinstance(start, int) else size_term(start)
    out = make(arange_, (attr(length),))
    out = out * step if step != 1 else out
    return out if start == 0 else out + size_term(start)


def _first_of(x: Term, axis: Term, n: Term) -> Term:
    """The first ``n`` of an axis."""
    found = list(entries(x.type.shape, ()))
    found[axis.data[0]] = (0, 1, n.data)
    return read(x, found)


def _diagonal_element(x: Term, spec: Term) -> Term:
    """One element of the matrix with ``x`` on its diagonal."""
    (i, _, _), (j, _, _) = spec.data
    y = make(index_, (x, attr(((i, 0, None),))))
    return y if i == j else full(y.type.shape, 0, y.type.dtype)


def _tail(x: Term, spec: Term) -> Term:
    """The lengths of the axes that have entries."""
    return attr(x.type.shape[x.type.ndim - len(spec.data):])


def _placed_zeros(x: Term, shape: Term, spec: Term) -> Term:
    """The zeros that zeros are placed in."""
    lead = x.type.shape[:x.type.ndim - sum(e[2] is not None for e in spec.data)]
    return full((*lead, *shape.data), 0, x.type.dtype)


def _place_placed(x: Term, other: Term, first: Term, shape: Term, second: Term) -> Term:
    """``x`` placed by ``first`` and then by ``second``, in one go."""
    lengths = [e[2] for e in second.data if e[2] is not None]
    inner = [(0, 1, d) for d in lengths[:max(0, len(lengths) - len(first.data))]] + list(first.data)
    front = len(inner) - len(lengths)  # axes in front of those that the second one places in
    rest = iter(inner[front:])
    spec = [*inner[:front], *[e if e[2] is None else entry(e, next(rest)) for e in second.data]]
    return make(place_, (x, attr((*other.data[:front], *shape.data)), attr(tuple(spec))))


def _axis_length(x: Term, axis: Term) -> Term:
    """How many elements an axis has, as an integer."""
    n: Any = size_term(x.type.shape[axis.data[0]])
    return const(np.int64(n)) if isinstance(n, int) else n


def _axis_size(x: Term, axis: Term) -> Term:
    """How many elements an axis has, as an attribute."""
    return attr(x.type.shape[axis.data[0]])


def _flipped(x: Term) -> Term:
    """The last axis in reverse."""
    n = x.type.shape[-1]
    return make(index_, (x, attr(((dims.sub(n, 1), -1, n),))))


def _last_position(n: Term) -> Term:
    """n - 1, the last position of n."""
    d = dims.sub(n.data, 1)
    return const(np.int64(d)) if isinstance(d, int) else size_term(d)


def _negated(k: Term) -> Term:
    """The negative of an integer."""
    return attr(-k.data)


merged = attribute_function(_merged, "term")
read_part = attribute_function(_read_part, "term")
read_transposed = attribute_function(_read_transposed, "term")
read_expanded = attribute_function(_read_expanded, "term")
read_squeezed = attribute_function(_read_squeezed, "term")
read_spread = attribute_function(_read_spread, "term")
read_under = attribute_function(_read_under, "term")
axes_under = attribute_function(_axes_under)
axes_after = attribute_function(_axes_after)
read_matmul = attribute_function(_read_matmul, "term")
read_joined = attribute_function(_read_joined, "term")
joined_slices = attribute_function(_joined_slices, "term")
counted = attribute_function(_counted, "term")
first_of = attribute_function(_first_of, "term")
diagonal_element = attribute_function(_diagonal_element, "term")
tail = attribute_function(_tail)
placed_zeros = attribute_function(_placed_zeros, "term")
place_placed = attribute_function(_place_placed, "term")
axis_length = attribute_function(_axis_length, "term")
axis_size = attribute_function(_axis_size)
flipped = attribute_function(_flipped, "term")
last_position = attribute_function(_last_position, "term")
negated = attribute_function(_negated)
