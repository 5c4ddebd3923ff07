"""Term functions of reads at positions that are known: slices, diagonals, parts of joins, what a write left behind."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..terms import dims
from ..terms.elementwise import astype_
from ..terms.indexing import take_, take_add_
from ..terms.joining import concat_, diagonal_, full
from ..terms.structure import expand_dims_, size_term
from ..terms.term import Term, attr, const, make
from ..terms.type import promote
from ..terms.writes import take_set_
from .arranging import place, put, read, spread, turn
from .attributes import term_function
from .known import entry_of, values_of
from .layouts import entries
from .places import along, diagonal_run, pieces, places, sized

__all__ = ["added_at", "added_beside", "columns_of", "diagonal_taken", "one_taken", "place_counted", "placed_at", "put_at",
           "put_counted", "read_counted", "rows_beside",
           "rows_of", "set_at", "slice_of_added", "slice_of_set", "taken_further", "taken_parts"]


def _known(found: Any) -> Any:
    """What is known of positions; a right side has no value where its guard does not hold."""
    if found is None:
        raise ValueError("positions that are not known, or out of range")
    return found


def _read_along(x: Term, a: int, entry: Any) -> Term:
    found = list(entries(x.type.shape, ()))
    found[a] = entry
    return read(x, found)


def _take(x: Term, i: Any, a: int) -> Term:
    """Elements at known positions along an axis, counted from the right; itself where these are all of them in order."""
    n = x.type.shape[a]
    if len(i) == n and bool(np.all(i == np.arange(n))):
        return x
    return make(take_, (x, const(np.asarray(i, "int64")), attr((a,))))


@term_function
def read_counted(x: Term, i: Term, axis: Term) -> Term:
    """A read at positions that count evenly as a slice."""
    return _read_along(x, axis.data[0], _known(entry_of(i, x.type.shape[axis.data[0]])))


@term_function
def put_counted(x: Term, i: Term, v: Term, axis: Term) -> Term:
    """A write at positions that count evenly as a write of a slice."""
    found = list(entries(x.type.shape, ()))
    found[axis.data[0]] = _known(entry_of(i, x.type.shape[axis.data[0]]))
    return put(x, v, found)


@term_function
def place_counted(x: Term, i: Term, axis: Term, size: Term) -> Term:
    """An addition at positions that count evenly as zeros around a slice."""
    at = x.type.ndim - i.type.ndim + 1 + axis.data[0]
    shape = (*x.type.shape[:at], size.data, *x.type.shape[at + i.type.ndim:])
    found = list(entries(shape, ()))
    found[at] = _known(entry_of(i, size.data))
    return place(x, shape, found)


@term_function
def one_taken(x: Term, i: Term, axis: Term) -> Term:
    """Copies of the only element along an axis."""
    return spread(x, sized(x.type, axis.data, i.type.shape[0]).shape)


@term_function
def taken_further(x: Term, j: Term, spec: Term, axis: Term) -> Term:
    """A read at known positions of a slice as one read."""
    start, step, length = entries(x.type.shape, spec.data)[axis.data[0]]
    return _take(x, start + step * _known(values_of(j, length)), axis.data[0])


@term_function
def diagonal_taken(x: Term, i: Term, shape: Term, axis: Term) -> Term:
    """A read of a flattened matrix down a diagonal, as a part of this diagonal."""
    a, offset, start, length = _known(diagonal_run(i, x.type, shape.data, axis.data))
    n = x.type.ndim
    along_it = make(diagonal_, (turn(x, [*range(a), *range(a + 2, n), a, a + 1]), attr(offset)))
    part = _read_along(along_it, -1, (start, 1, length))
    return turn(part, [*range(a), n - 2, *range(a, n - 2)])


@term_function
def rows_of(i: Term, x: Term) -> Term:
    """The rows of a matrix in which positions in the flattened matrix lie."""
    return i // size_term(x.type.shape[-1])


@term_function
def columns_of(i: Term, x: Term) -> Term:
    """The columns of a matrix in which positions in the flattened matrix lie."""
    return i % size_term(x.type.shape[-1])


@term_function
def taken_parts(x: Term, y: Term, i: Term, axis: Term) -> Term:
    """A read of two joined arrays at known positions as a join of reads of each."""
    a = axis.data[0]
    first: Any = x.type.shape[a]
    values = _known(values_of(i, dims.add(first, y.type.shape[a])))
    found = [_take(y if part else x, at, a) for part, at in pieces(values, first)]
    return found[0] if len(found) == 1 else make(concat_, (*found, axis))


def _positions(x: Any, axis: Term, *positions: Term) -> list[Any]:
    return [_known(values_of(i, x.type.shape[axis.data[0]])) for i in positions]


def _as_written(t: Term, x: Term, v: Term) -> Term:
    """A part of what was written into x, in the dtype that writing v gave it."""
    dtype = promote(x.type.dtype, v.type.dtype)
    return t if t.type.dtype == dtype else make(astype_, (t, attr(dtype)))


def _mixed(before: Term, v: Term, i: Any, j: Any, a: int) -> Term:
    """What positions j read where v was written at positions i; ``before``: what they read before."""
    here, which = places(i, j)
    if not len(here):
        return _as_written(before, before, v)
    written = _take(v, which, a)
    if len(here) == len(j):
        return _as_written(written, before, v)
    return make(take_set_, (before, const(here), written, attr((a,))))


def _summed(x: Term, i: Any, j: Any, a: int) -> Term:
    """What distinct positions j read of zeros to which x was added at positions i."""
    where = {int(v): k for k, v in enumerate(j)}
    found = [(k, where[int(v)]) for k, v in enumerate(i) if int(v) in where]
    if not found:
        return full(sized(x.type, (a,), len(j)).shape, 0, x.type.dtype)
    which, here = map(np.array, zip(*found, strict=True))
    if len(here) == len(j) == len(set(here.tolist())):  # each once
        return _take(x, which[np.argsort(here)], a)
    return make(take_add_, (_take(x, which, a), const(here), attr((a,)), attr(len(j))))


@term_function
def set_at(x: Term, i: Term, v: Term, j: Term, axis: Term) -> Term:
    """A read at known positions of what was written at known ones."""
    written, wanted = _positions(x, axis, i, j)
    return _mixed(_take(x, wanted, axis.data[0]), v, written, wanted, axis.data[0])


@term_function
def added_at(x: Term, i: Term, j: Term, axis: Term, size: Term) -> Term:
    """A read at known positions of what was added at known ones."""
    return _summed(x, _known(values_of(i, size.data)), _known(values_of(j, size.data)), axis.data[0])


def _one_axis(spec: Any, a: int) -> tuple[Any, Any, int]:
    """Entries with one position as a slice along an axis; those beside it; where the axis is in what they read."""
    own, beside = list(spec), list(spec)
    start, step, length = spec[a]
    own[a] = (start, 1, 1) if length is None else (start, step, length)
    return own, beside, -1 - sum(e[2] is not None for e in spec[len(spec) + a + 1:])


def _dropped(t: Term, entry: Any, a: int) -> Term:
    return t if entry[2] is not None else _read_along(t, a, (0, 0, None))


@term_function
def slice_of_set(x: Term, i: Term, v: Term, spec: Term, axis: Term) -> Term:
    """A read by slices of what was written at known positions."""
    a, found = axis.data[0], entries(x.type.shape, spec.data)
    (written,), wanted = _positions(x, axis, i), along(x.type, axis.data, spec.data)
    own, beside, at = _one_axis(found, a)
    beside[a] = (0, 1, v.type.shape[a])
    return _dropped(_mixed(read(x, own), read(v, beside), written, wanted, at), found[a], at)


@term_function
def slice_of_added(x: Term, i: Term, spec: Term, axis: Term, size: Term) -> Term:
    """A read by slices of what was added at known positions."""
    a, whole = axis.data[0], sized(x.type, axis.data, size.data)
    found, wanted = entries(whole.shape, spec.data), along(whole, axis.data, spec.data)
    _, beside, at = _one_axis(found, a)
    beside[a] = (0, 1, x.type.shape[a])
    return _dropped(_summed(read(x, beside), _known(values_of(i, size.data)), wanted, at), found[a], at)


@term_function
def rows_beside(x: Term, i: Term, v: Term, spec: Term, axis: Term) -> Term:
    """A read of other axes of what was written at positions, as a write into a read."""
    a, found = axis.data[0], list(entries(x.type.shape, spec.data))
    _, beside, at = _one_axis(found, a)
    beside[a] = (0, 1, v.type.shape[a])
    return make(take_set_, (read(x, found), i, read(v, beside), attr((at,))))


@term_function
def added_beside(x: Term, i: Term, spec: Term, axis: Term, size: Term) -> Term:
    """A read of other axes of what was added at positions, as an addition of a read."""
    a = axis.data[0]
    _, beside, at = _one_axis(entries(sized(x.type, axis.data, size.data).shape, spec.data), a)
    beside[a] = (0, 1, x.type.shape[a])
    return make(take_add_, (read(x, beside), i, attr((at,)), size))


@term_function
def put_at(x: Term, v: Term, j: Term, spec: Term, axis: Term) -> Term:
    """A read at known positions of what was written by slices along the same axis."""
    a = axis.data[0]
    written, (wanted,) = along(x.type, axis.data, spec.data), _positions(x, axis, j)
    rows = v if v.type.ndim == x.type.ndim else make(expand_dims_, (v, axis))
    return _mixed(_take(x, wanted, a), rows, written, wanted, a)


@term_function
def placed_at(v: Term, j: Term, shape: Term, spec: Term, axis: Term) -> Term:
    """A read at known positions of zeros among which an array was placed along the same axis."""
    a, n = axis.data[0], len(shape.data)
    size = shape.data[n + a]
    start, step, length = spec.data[n + a]
    rows = v if length is not None else make(expand_dims_, (v, axis))
    return _summed(rows, start + step * np.arange(1 if length is None else length), _known(values_of(j, size)), a)
