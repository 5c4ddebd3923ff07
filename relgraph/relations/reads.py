"""Attribute functions about reads and writes: where in operands a read of a result reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..terms import dims
from ..terms.indexing import index_, place_
from ..terms.joining import concat_, full
from ..terms.reduction import softmax_
from ..terms.structure import arange_, size_term, without
from ..terms.term import Term, attr, const, make
from .arranging import entry, expand, of_operand, read, spread, squeeze, turn, whole_order
from .attributes import attribute_function, term_function
from .axes import expanded_shape
from .layouts import entries, kept, opened_at, part_read

__all__ = ["axes_after", "axes_under", "axis_length", "axis_size", "counted", "diagonal_element", "dropped",
           "flipped", "joined_slices", "last_position", "merged", "negated", "place_placed", "placed_zeros", "read_dropped",
           "read_expanded", "read_joined", "read_opened", "read_part", "read_softmax", "read_spread", "read_squeezed",
           "read_transposed", "read_under", "tail"]


@term_function
def merged(x: Term, first: Term, second: Term) -> Term:
    """``x`` read by ``first`` and then by ``second``, in one read."""
    outer = entries(x.type.shape, first.data)
    inner = iter(entries(tuple(e[2] for e in outer if e[2] is not None), second.data))
    return read(x, [e if e[2] is None else entry(e, next(inner)) for e in outer])


@term_function
def read_part(x: Term, spec: Term) -> Term:
    """What of an operand an elementwise op needs for a read of its result."""
    return of_operand(x, spec.data)


@term_function
def read_transposed(x: Term, axes: Term, spec: Term) -> Term:
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


@term_function
def read_expanded(x: Term, axes: Term, spec: Term) -> Term:
    """A read of an array with new axes as new axes of a read."""
    n = x.type.ndim + len(axes.data)
    shape = expanded_shape(attr(x.type.shape), axes).data
    found = entries(shape, spec.data)
    left = kept(found)
    y = read(x, [e for k, e in enumerate(found) if k - n not in axes.data])
    y = expand(y, [j - len(left) for j, k in enumerate(left) if k - n in axes.data])
    return spread(y, tuple(found[k][2] for k in left))


@term_function
def read_squeezed(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a squeezed array as a read, squeezed."""
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = [(0, 1, 1) if k - n in axes.data else next(rest) for k in range(n)]
    left = kept(tuple(found))
    return squeeze(read(x, found), [j - len(left) for j, k in enumerate(left) if k - n in axes.data])


@term_function
def read_spread(x: Term, shape: Term, spec: Term) -> Term:
    """A read of a broadcast as the broadcast of a read."""
    found = entries(shape.data, spec.data)
    return spread(of_operand(x, found), tuple(found[k][2] for k in kept(found)))


def _under_reduction(x: Term, axes: Term, spec: Term) -> tuple[Term, tuple[int, ...]]:
    n = x.type.ndim
    rest = iter(entries(without(x.type.shape, axes.data), spec.data))
    found = tuple((0, 1, x.type.shape[k]) if k - n in axes.data else next(rest) for k in range(n))
    left = kept(found)
    return read(x, found), tuple(j - len(left) for j, k in enumerate(left) if k - n in axes.data)


@term_function
def read_under(x: Term, axes: Term, spec: Term) -> Term:
    """What of its operand a reduction over axes needs for a read of its result; see `axes_under`."""
    return _under_reduction(x, axes, spec)[0]


@attribute_function
def axes_under(x: Term, axes: Term, spec: Term) -> Term:
    """The axes that are reduced then."""
    return attr(_under_reduction(x, axes, spec)[1])


@attribute_function
def axes_after(x: Term, axes: Term, spec: Term) -> Term:
    """Axes that are read whole, counted in what is read."""
    n = x.type.ndim
    left = kept(entries(x.type.shape, spec.data))
    return attr(tuple(j - len(left) for j, k in enumerate(left) if k - n in axes.data))


@term_function
def read_softmax(x: Term, axes: Term, spec: Term) -> Term:
    """A read of a softmax: what is of other axes is read first, then what is of its own."""
    n, shape = x.type.ndim, x.type.shape
    found = entries(shape, spec.data)
    others = tuple((0, 1, shape[k]) if k - n in axes.data else e for k, e in enumerate(found))
    own = [e if k - n in axes.data else (0, 1, e[2]) for k, e in enumerate(found) if k - n in axes.data or e[2] is not None]
    return read(make(softmax_, (read(x, others), axes_after(x, axes, attr(others)))), own)


@term_function
def read_joined(x: Term, y: Term, axis: Term, spec: Term) -> Term:
    """A read of two joined arrays as a read of one, or as the join of reads; see the predicate `joined_read`."""
    a, n = axis.data[0], x.type.ndim
    p, q = x.type.shape[a], y.type.shape[a]
    total = dims.add(p, q)
    found = list(entries((*x.type.shape[:a], total, *x.type.shape[n + a + 1:]), spec.data))
    start, step, length = found[a]
    left = kept(tuple(found))
    if length == 0:
        found[a] = (0, 1, 0)
        return read(x, found)
    if (start, step, length) == (0, 1, total):
        parts = [(x, (0, 1, p)), (y, (0, 1, q))]
    elif (alone := part_read(p, start, step, length)) is not None:
        found[a] = (dims.sub(start, p) if alone else start, step, length)
        return read(y if alone else x, found)
    else:  # some of both: those before the other part, and the rest
        before = -(-(p - start) // step) if step > 0 else (start - p) // -step + 1
        rest = start + step * before
        parts = [(x, (start, step, before)), (y, (rest - p, step, length - before))] if step > 0 else \
            [(y, (start - p, step, before)), (x, (rest, step, length - before))]
    at = left.index(n + a) - len(left)
    return make(concat_, (*[read(t, [e if k != n + a else own for k, e in enumerate(found)]) for t, own in parts], attr((at,))))


@term_function
def read_dropped(x: Term, spec: Term, axes: Term) -> Term:
    """A read that drops axes of length 1 of it too."""
    found = list(entries(x.type.shape, spec.data))
    left = kept(tuple(found))
    for a in axes.data:
        found[left[a]] = (found[left[a]][0], 0, None)
    return read(x, found)


@attribute_function
def dropped(x: Term, spec: Term) -> Term:
    """The axes that a read drops."""
    found = entries(x.type.shape, spec.data)
    return attr(tuple(k - len(found) for k, e in enumerate(found) if e[2] is None))


@term_function
def read_opened(x: Term, spec: Term, axis: Term) -> Term:
    """A read that keeps the axis which is inserted into it again, with length 1."""
    found = list(entries(x.type.shape, spec.data))
    k = opened_at(x.type.shape, spec.data, axis.data)
    if k is None:
        raise ShapeError(f"no axis was dropped where axis {axis.data} is inserted")
    found[k] = (found[k][0], 1, 1)
    return read(x, found)


@term_function
def joined_slices(x: Term, first: Term, second: Term, axis: Term) -> Term:
    """Two adjacent slices in one read."""
    a, b = (list(entries(x.type.shape, s.data)) for s in (first, second))
    k = axis.data[0]
    a[k] = (a[k][0], 1, dims.add(a[k][2], b[k][2]))
    return read(x, a)


@term_function
def counted(n: Term, spec: Term) -> Term:
    """A read of 0, 1, …, n-1."""
    (start, step, length), = spec.data or ((0, 1, n.data),)
    if length is None:
        return const(start) if isinstance(start, int) else size_term(start)
    out = make(arange_, (attr(length),))
    out = out * step if step != 1 else out
    return out if start == 0 else out + size_term(start)


@term_function
def diagonal_element(x: Term, spec: Term) -> Term:
    """One element of the matrix with ``x`` on its diagonal."""
    (i, _, _), (j, _, _) = spec.data
    y = make(index_, (x, attr(((i, 0, None),))))
    return y if i == j else full(y.type.shape, 0, y.type.dtype)


@attribute_function
def tail(x: Term, spec: Term) -> Term:
    """The lengths of the axes that have entries."""
    return attr(x.type.shape[x.type.ndim - len(spec.data):])


@term_function
def placed_zeros(x: Term, shape: Term, spec: Term) -> Term:
    """The zeros that zeros are placed in."""
    lead = x.type.shape[:x.type.ndim - sum(e[2] is not None for e in spec.data)]
    return full((*lead, *shape.data), 0, x.type.dtype)


@term_function
def place_placed(x: Term, other: Term, first: Term, shape: Term, second: Term) -> Term:
    """``x`` placed by ``first`` and then by ``second``, in one go."""
    lengths = [e[2] for e in second.data if e[2] is not None]
    inner = [(0, 1, d) for d in lengths[:max(0, len(lengths) - len(first.data))]] + list(first.data)
    front = len(inner) - len(lengths)  # axes in front of those that the second one places in
    rest = iter(inner[front:])
    spec = [*inner[:front], *[e if e[2] is None else entry(e, next(rest)) for e in second.data]]
    return make(place_, (x, attr((*other.data[:front], *shape.data)), attr(tuple(spec))))


@term_function
def axis_length(x: Term, axis: Term) -> Term:
    """How many elements an axis has, as an integer."""
    n: Any = size_term(x.type.shape[axis.data[0]])
    return const(np.int64(n)) if isinstance(n, int) else n


@attribute_function
def axis_size(x: Term, axis: Term) -> Term:
    """How many elements an axis has, as an attribute."""
    return attr(x.type.shape[axis.data[0]])


@term_function
def flipped(x: Term) -> Term:
    """The last axis in reverse."""
    n = x.type.shape[-1]
    return make(index_, (x, attr(((dims.sub(n, 1), -1, n),))))


@term_function
def last_position(n: Term) -> Term:
    """n - 1, the last position of n."""
    d = dims.sub(n.data, 1)
    return const(np.int64(d)) if isinstance(d, int) else size_term(d)


@attribute_function
def negated(k: Term) -> Term:
    """The negative of an integer."""
    return attr(-k.data)
