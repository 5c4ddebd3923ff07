"""What is known of positions in axes: whether they run down a diagonal, lie in a part, or were written before."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ..terms import dims
from ..terms.dims import Dim
from ..terms.term import CONST
from ..terms.type import Type
from .known import affine, entry_of, run_of_values, values_of
from .layouts import Spec, entries
from .matrices import whole

__all__ = ["added_rows", "along", "counts", "counts_in", "diagonal_run", "in_range", "known", "parted", "pieces", "places",
           "positions_in", "read_apart", "rows_placed", "rows_put", "rows_read", "runs_diagonally", "sized", "written_before",
           "written_rows"]

Array: TypeAlias = np.ndarray[Any, Any]

_PIECES = 16  # a join of more pieces than this is dearer than the read it replaces


def _axis(x: Any, axis: tuple[int, ...]) -> Dim | None:
    """The length of one axis."""
    return x.shape[axis[0]] if len(axis) == 1 and -axis[0] <= x.ndim else None


def counts(i: Any, x: Any, axis: tuple[int, ...]) -> bool:
    """One position, or positions that are known to count evenly, up or down, within an axis of x."""
    n = _axis(x.type, axis)
    return n is not None and entry_of(i, n) is not None


def counts_in(i: Any, n: Dim) -> bool:
    """One position, or positions that are known to count evenly, within an axis of this length."""
    return entry_of(i, n) is not None


def known(i: Any, x: Any, axis: tuple[int, ...]) -> bool:
    """Positions in an axis of x whose values are known, none of them out of range."""
    n = _axis(x.type, axis)
    return n is not None and i.type.ndim == 1 and values_of(i, n) is not None


def diagonal_run(i: Any, x: Any, shape: tuple[Dim, ...], axis: tuple[int, ...]) -> tuple[int, Dim, Dim, Dim] | None:
    """Where positions in two axes of x that are one axis of a shape run down a diagonal: axis, offset, start, length."""
    a = len(shape) + axis[0] if len(axis) == 1 else -1
    if a < 0 or i.type.ndim != 1 or x.ndim != len(shape) + 1 or shape[:a] + shape[a + 1:] != x.shape[:a] + x.shape[a + 2:]:
        return None
    rows: Dim = x.shape[a]
    columns: Dim = x.shape[a + 1]
    found = affine(i)
    if i.op is CONST:
        values = values_of(i, shape[a])
        found = None if values is None else run_of_values(values)
    if found is None or dims.sub(found[1], columns) != 1:
        return None
    start, _, length = found
    if length in (None, 0) or not isinstance(start, int):
        return None
    if not isinstance(columns, int) and start:
        return None  # a start may lie in a later row
    row, column = divmod(start, columns) if isinstance(columns, int) and columns else (0, start)
    left = dims.sub(rows, dims.add(row, length)), dims.sub(columns, dims.add(column, length))  # below it, and beside it
    return (a, column - row, min(row, column), length) if all(dims.at_least(d, 0) for d in left) else None


def runs_diagonally(i: Any, x: Any, shape: tuple[Dim, ...], axis: tuple[int, ...]) -> bool:
    """Positions in a flattened matrix that are known to run down one of its diagonals."""
    return diagonal_run(i, x.type, shape, axis) is not None


def pieces(i: Array, first: int) -> list[tuple[int, Array]]:
    """Positions in two joined arrays, the first of so many elements, as runs of positions in one of them."""
    part = (i >= first).astype(int)
    runs = np.split(np.arange(len(i)), np.flatnonzero(np.diff(part)) + 1)
    return [(int(part[k[0]]), i[k] - first * int(part[k[0]])) for k in runs if len(k)]


def parted(i: Any, x: Any, y: Any, axis: tuple[int, ...]) -> bool:
    """Known positions in two joined arrays that are few runs of positions in one of them."""
    p, q = _axis(x.type, axis), _axis(y.type, axis)
    if not isinstance(p, int) or not isinstance(q, int) or i.type.ndim != 1 or x.type.ndim != y.type.ndim:
        return False
    values = values_of(i, p + q)
    return values is not None and len(values) > 0 and len(pieces(values, p)) <= _PIECES


def places(i: Array, j: Array) -> tuple[Array, Array]:
    """Where positions j are among positions i: which of j are, and the last of i that each of them is."""
    last = {int(v): k for k, v in enumerate(i)}
    found = np.array([last.get(int(v), -1) for v in j], dtype="int64")
    here = np.flatnonzero(found >= 0)
    return here, found[here]


def along(x: Any, axis: tuple[int, ...], spec: Spec) -> Array | None:
    """The known positions along an axis that a read by slices reads."""
    n = _axis(x, axis)
    if not isinstance(n, int) or len(spec) > x.ndim:
        return None
    start, step, length = entries(x.shape, spec)[axis[0]]
    if not isinstance(start, int) or not isinstance(length or 0, int):
        return None
    return start + step * np.arange(1 if length is None else length)


def _partly_along(x: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """Known positions along an axis, not all of them."""
    return along(x, axis, spec) is not None and entries(x.shape, spec)[axis[0]] != (0, 1, x.shape[axis[0]])


def written_rows(i: Any, x: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """Known positions in an axis of x of which a read by slices reads a part."""
    return known(i, x, axis) and _partly_along(x.type, axis, spec)


def sized(x: Any, axis: tuple[int, ...], size: Dim) -> Any:
    """A type with an axis of another length."""
    a = x.ndim + axis[0]
    return Type(x.dtype, (*x.shape[:a], size, *x.shape[a + 1:]))


def added_rows(i: Any, x: Any, axis: tuple[int, ...], size: Dim, spec: Spec) -> bool:
    """Known positions in an axis of this length at which x is added, of which a read by slices reads a part."""
    return _axis(x.type, axis) is not None and i.type.ndim == 1 and values_of(i, size) is not None \
        and _partly_along(sized(x.type, axis, size), axis, spec)


def written_before(i: Any, j: Any, x: Any, axis: tuple[int, ...]) -> bool:
    """Known positions in an axis of x, all of which are among other known ones."""
    n = _axis(x.type, axis)
    a, b = (None, None) if n is None or i.type.ndim != 1 or j.type.ndim != 1 else (values_of(i, n), values_of(j, n))
    return a is not None and b is not None and set(a.tolist()) <= set(b.tolist())


def _apart_in(j: Any, n: Any) -> bool:
    """Known distinct positions in an axis of this length."""
    values = values_of(j, n) if j.type.ndim == 1 else None
    return values is not None and len(set(values.tolist())) == len(values)


def read_apart(i: Any, j: Any, n: Any) -> bool:
    """Known positions in an axis of this length, and others that are distinct."""
    return i.type.ndim == 1 and values_of(i, n) is not None and _apart_in(j, n)


def rows_put(j: Any, x: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """Known positions along the one axis of x that a write by slices does not write as a whole."""
    if not known(j, x, axis) or along(x.type, axis, spec) is None:
        return False
    return _only_along(entries(x.type.shape, spec), x.type.shape, x.type.ndim + axis[0])


def rows_read(j: Any, x: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """Known positions in what is read by slices along the one axis of x that is not read as a whole, nor dropped."""
    n = _axis(x.type, axis)
    if n is None or len(spec) > x.type.ndim:
        return False
    found, at = entries(x.type.shape, spec), x.type.ndim + axis[0]
    inside = isinstance(found[at][0], int) and isinstance(found[at][2], int) and values_of(j, found[at][2]) is not None
    return inside and j.type.ndim == 1 and _only_along(found, x.type.shape, at)


def _only_along(found: Spec, shape: tuple[Dim, ...], at: int) -> bool:
    """Everything of the other axes."""
    return all(e == (0, 1, d) for k, (e, d) in enumerate(zip(found, shape, strict=True)) if k != at)


def rows_placed(j: Any, shape: tuple[Dim, ...], axis: tuple[int, ...], spec: Spec) -> bool:
    """Known distinct positions along the one axis of zeros among which something is placed along this axis only."""
    if len(axis) != 1 or -axis[0] > len(shape) or len(spec) != len(shape) or not _apart_in(j, shape[axis[0]]):
        return False
    at = len(shape) + axis[0]
    start, _, length = spec[at]
    return isinstance(start, int) and isinstance(length or 0, int) and _only_along(spec, shape, at)


def in_range(i: Any, n: Any) -> bool:
    """Every element is a position of an axis of this length; negative ones count from the end."""
    return bool(np.all(np.greater_equal(i, -int(n))) and np.all(np.less(i, int(n))))


def positions_in(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any], n: Any = 1) -> Any:
    """Positions of an axis of this length, some of them from its end; None where it has none."""
    n = int(n)
    return whole(rng, 0 if dtype.kind == "u" else -n, n, shape).astype(dtype) if n else np.zeros(shape, dtype)
