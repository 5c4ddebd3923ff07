"""Attribute functions about axes and reads: what the right sides of structural equations compute from attributes and types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..terms import dims
from ..terms.indexing import index_, place_
from ..terms.joining import concat_, full
from ..terms.linalg import matmul_, matvec, vecdot, vecmat
from ..terms.structure import arange_, broadcast_, expand_dims_, reshape_, size_term, squeeze_, transpose_, without
from ..terms.term import Term, attr, const, make
from .attributes import attribute_function
from .layouts import Spec, entries, kept

__all__ = ["all_axes_of", "as_read", "axes_after", "axes_under", "axis_size", "copies", "counted", "diagonal_element",
           "expanded_shape", "first_of", "flipped", "joined_slices", "last_position", "axis_length", "merged", "moved_axes",
           "negated", "opened", "own_axes", "place_placed", "placed_zeros", "read_expanded", "read_joined", "read_matmul", "read_part",
           "read_spread", "read_squeezed", "read_transposed", "read_under", "repeated", "reshaped", "rest_axes", "shape_without",
           "spread_expanded", "spread_squeezed", "spread_transposed", "tail", "transposed"]


# -- shorthands ---------------------------------------------------------------------------------------------------------------

def _read(x: Term, spec: Spec) -> Term:
    """``x`` read by entries for every axis; itself where they read everything."""
    shape, out = x.type.shape, list(spec)
    while out and out[0] == (0, 1, shape[len(shape) - len(out)]):
        out = out[1:]
    return make(index_, (x, attr(tuple(out)))) if out else x


def _turn(x: Term, order: Sequence[int]) -> Term:
    """``x`` with its axes in another order, counted from the left; itself where nothing changes."""
    n = len(order)
    perm = [k - n for k in order]
    while perm and perm[0] == -len(perm):
        perm = perm[1:]
    return make(transpose_, (x, attr(tuple(perm)))) if perm else x


def _expand(x: Term, axes: Iterable[int]) -> Term:
    found = tuple(sorted(axes))
    return make(expand_dims_, (x, attr(found))) if found else x


def _squeeze(x: Term, axes: Iterable[int]) -> Term:
    found = tuple(sorted(axes))
    return make(squeeze_, (x, attr(found))) if found else x


def _spread(x: Term, shape: tuple[Any, ...]) -> Term:
    return make(broadcast_, (x, attr(tuple(shape)))) if x.type.shape != tuple(shape) else x


def _reshape(x: Term, shape: tuple[Any, ...]) -> Term:
    return make(reshape_, (x, attr(tuple(shape)))) if x.type.shape != tuple(shape) else x


def _whole_order(perm: Sequence[int], n: int) -> list[int]:
    """A permutation of the last axes as one of all axes, counted from the left."""
    return [*range(n - len(perm)), *[p + n for p in perm]]


def _entry(outer: Any, inner: Any) -> Any:
    """A read of a read along one axis."""
    start = dims.add(outer[0], dims.mul(outer[1], inner[0]))
    if inner[2] is None:
        return start, 0, None
    if inner[2] == 0:
        return 0, 1, 0
    return (start, 1, 1) if inner[2] == 1 else (start, outer[1] * inner[1], inner[2])


def _of_operand(x: Term, spec: Spec) -> Term:
    """What of an operand an elementwise op reads where its result is read: an axis of length 1 is read at 0."""
    shape = x.type.shape
    out = list(entries(shape, spec[len(spec) - min(len(spec), len(shape)):] if shape else ()))
    for k, d in enumerate(shape):
        start, _, length = out[k]
        if d == 1 and (start, length) != (0, 1):
            out[k] = (0, 0, None) if length is None else (0, 1, 0 if length == 0 else 1)
    return _read(x, out)


# -- axes -----------------------------------------------------------------------------------------------------------------------

def _opened(first: Term, second: Term) -> Term:
    """The axes of the result that inserting ``first`` and then ``second`` makes."""
    n = max([0, *[-a for a in (*first.data, *second.data)]]) + len(first.data) + len(second.data)
    rest = iter([a for a in range(-1, -n - 1, -1) if a not in second.data])
    inside = {k: next(rest) for k in range(-1, -n + len(second.data) - 1, -1)}
    return attr(tuple(sorted({*second.data, *[inside[a] for a in first.data]})))


def _rest_axes(axes: Term, reduced: Term) -> Term:
    """The permutation of what a reduction over ``reduced`` leaves of an array permuted by ``axes``; see `moved_axes`."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = _whole_order(axes.data, n)
    left = [p for k, p in enumerate(order) if k - n not in reduced.data]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    out = [ranks[p] - len(left) for p in left]
    while out and out[0] == -len(out):
        out = out[1:]
    return attr(tuple(out))


def _moved_axes(axes: Term, reduced: Term) -> Term:
    """The axes of an array that axes ``reduced`` of it, permuted by ``axes``, are."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = _whole_order(axes.data, n)
    return attr(tuple(sorted(order[a] - n for a in reduced.data)))


def _transposed(x: Term, axes: Term) -> Term:
    """``x`` permuted, or itself if that changes nothing."""
    return _turn(x, _whole_order(axes.data, x.type.ndim))


def _all_axes_of(x: Term) -> Term:
    """Every axis."""
    return attr(tuple(range(-x.type.ndim, 0)))


def _reshaped(x: Term, shape: Term) -> Term:
    """``x`` in another shape, or itself if that is its own."""
    return _reshape(x, shape.data)


def _expanded_shape(shape: Term, axes: Term) -> Term:
    """A shape with axes of length 1."""
    rest, n = iter(shape.data), len(shape.data) + len(axes.data)
    return attr(tuple(1 if k - n in axes.data else next(rest) for k in range(n)))


def _shape_without(shape: Term, axes: Term) -> Term:
    """A shape without axes."""
    return attr(without(shape.data, axes.data))


def _spread_expanded(x: Term, shape: Term, axes: Term) -> Term:
    """``expand_dims(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    full_rank = _expand(x, range(-len(shape.data), -x.type.ndim))
    return _spread(_expand(full_rank, axes.data), _expanded_shape(shape, axes).data)


def _spread_squeezed(x: Term, shape: Term, axes: Term) -> Term:
    """``squeeze(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    return _spread(_squeeze(x, [a for a in axes.data if -a <= x.type.ndim]), without(shape.data, axes.data))


def _spread_transposed(x: Term, shape: Term, axes: Term) -> Term:
    """``transpose(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    n = len(shape.data)
    order = _whole_order(axes.data, n)
    return _spread(_turn(_expand(x, range(-n, -x.type.ndim)), order), tuple(shape.data[k] for k in order))


def _repeated(x: Term, shape: Term) -> Term:
    """``x`` broadcast to a shape, or itself if that is its own."""
    return _spread(x, shape.data)


def _as_read(y: Term, x: Term, spec: Term) -> Term:
    """``y`` broadcast to the shape of a read of ``x``."""
    found = entries(x.type.shape, spec.data)
    return _spread(y, tuple(found[k][2] for k in kept(found)))


def _own_axes(x: Term, axes: Term) -> Term:
    """Those of the axes that an operand has."""
    return attr(tuple(a for a in axes.data if -a <= x.type.ndim))


def _copies(x: Term, shape: Term, axes: Term) -> Term:
    """How often each element of ``x`` occurs along axes of ``x`` broadcast to a shape, as a number of its dtype."""
    own = x.type.shape
    repeated = [shape.data[a] for a in axes.data if -a > len(own) or own[a] == 1]
    n = size_term(dims.product(tuple(repeated)))
    return const(n, x.type.dtype) if isinstance(n, int) else n


# -- reads --------------------------------------------------------------------------------------------------------------------

def _merged(x: Term, first: Term, second: Term) -> Term:
    """``x`` read by ``first`` and then by ``second``, in one read."""
    outer = entries(x.type.shape, first.data)
    inner = iter(entries(tuple(e[2] for e in outer if e[2] is not None), second.data))
    return _read(x, [e if e[2] is None else _entry(e, next(inner)) for e in outer])


def _read_part(x: Term, spec: Term) -> Term:
    """What of an operand an elementwise op needs for a read of its result."""
    return _of_operand(x, spec.data)


def _read_transposed(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a transpose as the transpose of a read."""
    n = x.type.ndim
    order = _whole_order(axes.data, n)
    found = entries(tuple(x.type.shape[p] for p in order), spec.data)
    source: list[Any] = [None] * n
    for e, p in zip(found, order, strict=True):
        source[p] = e
    left = [p for e, p in zip(found, order, strict=True) if e[2] is not None]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    return _turn(_read(x, source), [ranks[p] for p in left])


def _read_expanded(x: Term, axes: Term, spec: Term) -> Term:
    """A read of an array with new axes as new axes of a read."""
    n = x.type.ndim + len(axes.data)
    shape = _expanded_shape(attr(x.type.shape), axes).data
    found = entries(shape, spec.data)
    left = kept(found)
    y = _read(x, [e for k, e in enumerate(found) if k - n not in axes.data])
    y = _expand(y, [j - len(left) for j, k in enumerate(left) if k - n in axes.data])
    return _spread(y, tuple(found[k][2] for k in left))


def _read_squeezed(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a squeezed array as a read, squeezed."""
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = [(0, 1, 1) if k - n in axes.data else next(rest) for k in range(n)]
    left = kept(tuple(found))
    return _squeeze(_read(x, found), [j - len(left) for j, k in enumerate(left) if k - n in axes.data])


def _read_spread(x: Term, shape: Term, spec: Term) -> Term:
    """A read of a broadcast as the broadcast of a read."""
    found = entries(shape.data, spec.data)
    return _spread(_of_operand(x, found), tuple(found[k][2] for k in kept(found)))


def _under_reduction(x: Term, axes: Term, spec: Term) -> tuple[Term, tuple[int, ...]]:
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = tuple((0, 1, x.type.shape[k]) if k - n in axes.data else next(rest) for k in range(n))
    left = kept(found)
    return _read(x, found), tuple(j - len(left) for j, k in enumerate(left) if k - n in axes.data)


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
    return _read(x, found)


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
        return _read(x if start < p else y, found)
    if (start, step, length) == (0, 1, total):
        first, second = (0, 1, p), (0, 1, q)
    else:
        before = min(length, max(0, -(-(p - start) // step)))
        first = (start, step, before) if before else (0, 1, 0)
        second = (start + step * before - p, step, length - before) if length > before else (0, 1, 0)
        if not second[2] or not first[2]:
            found[a] = first if not second[2] else second
            return _read(x if not second[2] else y, found)
    at = left.index(n + a) - len(left)
    parts = [_read(t, [e if k != n + a else own for k, e in enumerate(found)]) for t, own in ((x, first), (y, second))]
    return make(concat_, (*parts, attr((at,))))


def _joined_slices(x: Term, first: Term, second: Term, axis: Term) -> Term:
    """Two adjacent slices in one read."""
    a, b = (list(entries(x.type.shape, s.data)) for s in (first, second))
    k = axis.data[0]
    a[k] = (a[k][0], 1, dims.add(a[k][2], b[k][2]))
    return _read(x, a)


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
    return _read(x, found)


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
    spec = [*inner[:front], *[e if e[2] is None else _entry(e, next(rest)) for e in second.data]]
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


opened = attribute_function(_opened)
rest_axes = attribute_function(_rest_axes)
moved_axes = attribute_function(_moved_axes)
all_axes_of = attribute_function(_all_axes_of)
expanded_shape = attribute_function(_expanded_shape)
shape_without = attribute_function(_shape_without)
own_axes = attribute_function(_own_axes)
axes_under = attribute_function(_axes_under)
axes_after = attribute_function(_axes_after)
tail = attribute_function(_tail)
axis_size = attribute_function(_axis_size)
negated = attribute_function(_negated)

transposed = attribute_function(_transposed, "term")
reshaped = attribute_function(_reshaped, "term")
spread_expanded = attribute_function(_spread_expanded, "term")
spread_squeezed = attribute_function(_spread_squeezed, "term")
spread_transposed = attribute_function(_spread_transposed, "term")
repeated = attribute_function(_repeated, "term")
as_read = attribute_function(_as_read, "term")
copies = attribute_function(_copies, "term")
merged = attribute_function(_merged, "term")
read_part = attribute_function(_read_part, "term")
read_transposed = attribute_function(_read_transposed, "term")
read_expanded = attribute_function(_read_expanded, "term")
read_squeezed = attribute_function(_read_squeezed, "term")
read_spread = attribute_function(_read_spread, "term")
read_under = attribute_function(_read_under, "term")
read_matmul = attribute_function(_read_matmul, "term")
read_joined = attribute_function(_read_joined, "term")
joined_slices = attribute_function(_joined_slices, "term")
counted = attribute_function(_counted, "term")
first_of = attribute_function(_first_of, "term")
diagonal_element = attribute_function(_diagonal_element, "term")
placed_zeros = attribute_function(_placed_zeros, "term")
axis_length = attribute_function(_axis_length, "term")
flipped = attribute_function(_flipped, "term")
place_placed = attribute_function(_place_placed, "term")
last_position = attribute_function(_last_position, "term")
