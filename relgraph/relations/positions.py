"""Attribute functions about positions and diagonals: what of operands a read at positions, or of a diagonal, needs."""

from __future__ import annotations

from ..terms import dims
from ..terms.dims import Dim
from ..terms.indexing import take_
from ..terms.joining import diagonal_, full
from ..terms.term import Term, attr, make
from .arranging import read, spread, squeeze, turn, whole_order
from .attributes import attribute_function, term_function
from .layouts import entries, kept, taken_entries

__all__ = ["diagonal_part", "diagonal_spread", "eye_diagonal", "no_diagonal", "read_taken", "source_axis",
           "spread_taken", "take_part", "transposed_take"]


def _take(x: Term, i: Term, axis: int) -> Term:
    return make(take_, (x, i, attr((axis,))))


@term_function
def take_part(x: Term, y: Term, i: Term, axis: Term) -> Term:
    """What of an operand an elementwise op with another one needs where its result is read at positions."""
    a = axis.data[0]
    varies = -a <= x.type.ndim and x.type.shape[a] != 1
    both = -a <= y.type.ndim and y.type.shape[a] != 1
    return _take(x, i, a) if varies or (not both and -a <= x.type.ndim) else x


@attribute_function
def source_axis(x: Term, axes: Term, axis: Term) -> Term:
    """The axis of an operand that an axis of its reduction over axes is."""
    left = [a for a in range(-x.type.ndim, 0) if a not in axes.data]
    return attr((left[axis.data[0]],))


@term_function
def transposed_take(x: Term, axes: Term, i: Term, axis: Term) -> Term:
    """A transpose of a read at positions."""
    order = whole_order(axes.data, x.type.ndim)
    return turn(_take(x, i, order[axis.data[0]] - x.type.ndim), order)


@term_function
def spread_taken(x: Term, shape: Term, i: Term, axis: Term) -> Term:
    """The broadcast of a read at positions; of copies any are the same."""
    a = axis.data[0]
    wide = list(shape.data)
    wide[a] = i.type.shape[0]
    own = -a <= x.type.ndim and x.type.shape[a] != 1
    return spread(_take(x, i, a) if own else x, tuple(wide))


@term_function
def read_taken(x: Term, i: Term, axis: Term, spec: Term) -> Term:
    """A read of what is read at positions: of fewer positions, and of less of the array."""
    before, here, after = taken_entries(x, i, axis.data, spec.data)
    y = read(x, [*before, (0, 1, x.type.shape[axis.data[0]]), *after])
    return _take(y, read(i, here), -1 - len(kept(after)))


def _length(rows: Dim, columns: Dim, k: int) -> Dim:
    return dims.maximum(dims.minimum(dims.sub(rows, max(-k, 0)), dims.sub(columns, max(k, 0))), 0)


def _along(x: Term, k: int, length: Dim) -> Term:
    """What of an operand that is broadcast to a matrix stands along a diagonal of this: its own, or a part of it."""
    found = list(entries(x.type.shape, ()))
    varies = [a for a in (-2, -1) if -a <= x.type.ndim and x.type.shape[a] != 1]
    if len(varies) == 2:
        return make(diagonal_, (x, attr(k)))
    for a in varies:
        found[a] = (max(k, 0) if a == -1 else max(-k, 0), 1, length)
    rest = [a for a in (-2, -1) if -a <= x.type.ndim and a not in varies]
    return squeeze(read(x, found), rest[:1] if len(varies) + len(rest) == 2 else [])


@term_function
def diagonal_spread(x: Term, shape: Term, offset: Term) -> Term:
    """A diagonal of a broadcast matrix as a broadcast."""
    length = _length(shape.data[-2], shape.data[-1], offset.data)
    return spread(_along(x, offset.data, length), (*shape.data[:-2], length))


@term_function
def diagonal_part(x: Term, y: Term, offset: Term) -> Term:
    """What of an operand an elementwise op with another one needs along a diagonal of its result."""
    rows, columns = (next((d for d in (t.type.shape[a] for t in (x, y) if -a <= t.type.ndim) if d != 1), 1) for a in (-2, -1))
    return _along(x, offset.data, _length(rows, columns, offset.data))


@term_function
def eye_diagonal(rows: Term, columns: Term, offset: Term, dtype: Term, other: Term) -> Term:
    """A diagonal of ones on a diagonal: ones or zeros."""
    k = other.data
    return full((_length(rows.data, columns.data, k),), int(k == offset.data), dtype.data)


@term_function
def no_diagonal(x: Term, offset: Term) -> Term:
    """Another diagonal of the matrix with ``x`` on its main one."""
    n = dims.maximum(dims.sub(x.type.shape[-1], abs(offset.data)), 0)
    return full((*x.type.shape[:-1], n), 0, x.type.dtype)
