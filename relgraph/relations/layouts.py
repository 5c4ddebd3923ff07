"""What guards ask about shapes and reads, of a type (or array) and attribute values (over 300 lines because it is one table).

An entry of a ``spec`` is (start, step, length), or (position, 0, None) for an axis that is dropped; entries belong to the
last axes, and an axis without one is read whole, as the row `index` has it.
"""

from __future__ import annotations

from typing import Any

from ..terms import dims
from ..terms.structure import without

__all__ = ["adjacent", "at_least_as_long", "complement", "copied", "differs_by_ones", "element_read", "empty_along", "entries",
           "has_shape", "joined_read", "kept", "last_read", "neighbours", "no_longer", "off_main", "ones_between", "opened_at",
           "own_axis", "part_read", "partly", "prefix_alone", "prefix_read", "principal", "readable", "reads_ones", "reopens",
           "repeated_axis", "repeated_before", "reverses", "same_matrices", "same_positions", "spread_across", "spread_along",
           "submatrix", "taken_entries", "turned", "untouched", "whole"]

Spec = tuple[Any, ...]


def entries(shape: tuple[Any, ...], spec: Spec) -> Spec:
    """An entry for every axis."""
    return tuple((0, 1, d) for d in shape[:len(shape) - len(spec)]) + tuple(spec)


def kept(spec: Spec) -> list[int]:
    """The axes that are not dropped, of entries for every axis."""
    return [k for k, e in enumerate(spec) if e[2] is not None]


def whole(x: Any, spec: Spec) -> bool:
    """Reads everything."""
    return len(spec) <= x.ndim and entries(x.shape, spec) == entries(x.shape, ())


def untouched(x: Any, spec: Spec, axes: tuple[int, ...]) -> bool:
    """Reads these axes whole."""
    found = entries(x.shape, spec)
    return len(spec) <= x.ndim and all(-a <= x.ndim and found[a] == (0, 1, x.shape[a]) for a in axes)


def prefix_read(x: Any, spec: Spec) -> bool:
    """Reads the last axis from its start on."""
    return bool(spec) and len(spec) <= x.ndim and spec[-1][2] is not None and spec[-1][:2] == (0, 1)


def prefix_alone(x: Any, spec: Spec) -> bool:
    """Reads the last axis from its start on, and the others whole."""
    return prefix_read(x, spec) and whole(x, (*spec[:-1], (0, 1, x.shape[-1])))


def submatrix(x: Any, spec: Spec) -> bool:
    """Reads some rows and some columns of each matrix, and drops neither axis."""
    return x.ndim >= 2 and len(spec) <= x.ndim and all(e[2] is not None for e in entries(x.shape, spec)[-2:])


def principal(x: Any, spec: Spec) -> bool:
    """Reads the columns of a square matrix that stand where the rows do that it reads, in their order."""
    if not submatrix(x, spec) or x.shape[-1] != x.shape[-2]:
        return False
    rows, columns = entries(x.shape, spec)[-2:]
    return rows == columns and rows[1] >= 1


def last_read(x: Any, spec: Spec) -> bool:
    """Reads the last element of the last axis, and the others whole."""
    return x.ndim > 0 and tuple(spec) == ((dims.sub(x.shape[-1], 1), 0, None),)


def element_read(x: Any, spec: Spec) -> bool:
    """Reads one element of the last two axes."""
    return len(spec) == 2 and all(e[2] is None for e in spec)


def adjacent(x: Any, first: Spec, second: Spec, axis: tuple[int, ...]) -> bool:
    """Two slices of which the second begins where the first ends, along one axis, and which agree along the others."""
    a, b = entries(x.shape, first), entries(x.shape, second)
    if len(axis) != 1 or not len(a) == len(b) == len(kept(a)) == len(kept(b)) == x.ndim:
        return False
    k = axis[0] + x.ndim
    others = all(p == q for i, (p, q) in enumerate(zip(a, b, strict=True)) if i != k)
    return k >= 0 and others and a[k][1] == b[k][1] == 1 and dims.add(a[k][0], a[k][2]) == b[k][0]


def complement(x: Any, first: Spec, second: Spec, axis: tuple[int, ...]) -> bool:
    """Two slices that are the two parts of an axis, in either order, and read the others whole."""
    return any(adjacent(x, p, q, axis) and _covers(x, p, q, axis[0]) for p, q in ((first, second), (second, first)))


def _covers(x: Any, first: Spec, second: Spec, axis: int) -> bool:
    a, b = entries(x.shape, first), entries(x.shape, second)
    rest = all(e == (0, 1, d) for i, (e, d) in enumerate(zip(a, x.shape, strict=True)) if i != axis + x.ndim)
    return rest and a[axis][0] == 0 and dims.add(b[axis][0], b[axis][2]) == x.shape[axis]


def reverses(x: Any, spec: Spec, axes: tuple[int, ...]) -> bool:
    """Reads every element of these axes, forwards or backwards, and the others whole."""
    for k, (e, d) in enumerate(zip(entries(x.shape, spec), x.shape, strict=True)):
        if e != (0, 1, d) and (k - x.ndim not in axes or e != (dims.sub(d, 1), -1, d)):
            return False
    return len(spec) <= x.ndim


def turned(x: Any, spec: Spec) -> bool:
    """Reads every element, each axis forwards or backwards."""
    return reverses(x, spec, tuple(range(-x.ndim, 0)))


def neighbours(x: Any, second: Spec, first: Spec) -> bool:
    """Two reads of the last axis: all elements but the first, and all but the last."""
    n = dims.sub(x.shape[-1], 1) if x.ndim else 0
    return x.ndim > 0 and tuple(second) == ((1, 1, n),) and tuple(first) == ((0, 1, n),)


def ones_between(have: tuple[Any, ...], wanted: tuple[Any, ...]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The axes of length 1 to remove and then to insert, counted from the right; None if more than these differ."""
    removed, added, j = [], [], 0
    for i, d in enumerate(have):
        while j < len(wanted) and wanted[j] == 1 != d:
            added.append(j - len(wanted))
            j += 1
        if j < len(wanted) and wanted[j] == d:
            j += 1
        elif d == 1:
            removed.append(i - len(have))
        else:
            return None
    added += range(j - len(wanted), 0)
    return (tuple(removed), tuple(added)) if all(wanted[a] == 1 for a in added) else None


def differs_by_ones(x: Any, shape: tuple[Any, ...]) -> bool:
    """Of another shape that only has more, or only has fewer axes of length 1."""
    found = ones_between(tuple(x.shape), tuple(shape))
    return found is not None and (bool(found[0]) != bool(found[1]))


def spread_across(x: Any, y: Any, shape: tuple[Any, ...], other: tuple[Any, ...], axis: tuple[int, ...]) -> bool:
    """Two operands that differ along an axis that both have whole, broadcast to two shapes that differ there only."""
    a = axis[0] if len(axis) == 1 else 0
    if a == 0 or x.ndim != y.ndim or -a > x.ndim or len(shape) != len(other):
        return False
    pairs = ((tuple(x.shape), tuple(y.shape)), (tuple(shape), tuple(other)))
    return x.shape[a] == shape[a] and y.shape[a] == other[a] and all(without(s, axis) == without(t, axis) for s, t in pairs)


def spread_along(x: Any, shape: tuple[Any, ...], other: tuple[Any, ...], axis: tuple[int, ...]) -> bool:
    """Broadcast along an axis, to two shapes that differ in this axis only."""
    a = axis[0] if len(axis) == 1 else 0
    if a == 0 or len(shape) != len(other) or -a > len(shape):
        return False
    return (-a > x.ndim or x.shape[a] == 1) and without(tuple(shape), axis) == without(tuple(other), axis)


def reopens(x: Any, spec: Spec, axis: tuple[int, ...]) -> bool:
    """A new axis stands where the read has dropped one."""
    return len(spec) <= x.ndim and opened_at(x.shape, spec, axis) is not None


def opened_at(shape: tuple[Any, ...], spec: Spec, axis: tuple[int, ...]) -> int | None:
    """The axis that was dropped where one new axis is inserted into what is read."""
    found = entries(shape, spec)
    left = kept(found)
    if len(axis) != 1 or -axis[0] > len(left) + 1:
        return None
    p = axis[0] + len(left) + 1
    between = range(left[p - 1] + 1 if p else 0, left[p] if p < len(left) else len(found))
    return between[0] if len(between) else None


def reads_ones(x: Any, spec: Spec) -> bool:
    """Drops axes of length 1 and reads the others whole."""
    if len(spec) > x.ndim:
        return False
    found = entries(x.shape, spec)
    return all(e == (0, 1, d) or (e == (0, 0, None) and d == 1) for e, d in zip(found, x.shape, strict=True)) \
        and len(kept(found)) < x.ndim


def taken_entries(x: Any, i: Any, axis: tuple[int, ...], spec: Spec) -> tuple[Spec, Spec, Spec]:
    """The entries of a read of ``take(x, i, axis)``: of the axes in front, of the positions, of the axes behind."""
    x, i = getattr(x, "type", x), getattr(i, "type", i)
    at = x.ndim + axis[0]
    shape = (*x.shape[:at], *i.shape, *x.shape[at + 1:])
    found = entries(shape, spec)
    return found[:at], found[at:at + i.ndim], found[at + i.ndim:]


def _of_take(x: Any, i: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    return len(axis) == 1 and -axis[0] <= x.ndim and len(spec) <= x.ndim - 1 + i.ndim


def same_positions(x: Any, i: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """A read of what is read at positions that reads all of these, and less of the array."""
    if not _of_take(x, i, axis, spec):
        return False
    before, here, after = taken_entries(x, i, axis, spec)
    rest = (*x.shape[:x.ndim + axis[0]], *x.shape[x.ndim + axis[0] + 1:])
    return here == entries(tuple(i.shape), ()) and (*before, *after) != entries(rest, ())


def readable(x: Any, i: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """A read of what is read at positions."""
    return _of_take(x, i, axis, spec)


def no_longer(i: Any, x: Any, axis: tuple[int, ...]) -> bool:
    """Positions in an axis of x, not more of them than it has elements."""
    if -axis[0] > x.ndim:
        return False
    n, d = dims.product(i.shape), x.shape[axis[0]]
    return n == d or (isinstance(n, int) and isinstance(d, int) and n <= d)


def own_axis(x: Any, shape: tuple[Any, ...], axis: tuple[int, ...]) -> bool:
    """An axis that x has before it is broadcast."""
    return len(axis) == 1 and -axis[0] <= min(x.ndim, len(shape)) and x.shape[axis[0]] == shape[axis[0]] != 1


def copied(x: Any, shape: tuple[Any, ...]) -> bool:
    """Along each axis that x lacks a known number of copies, one at least."""
    own = (1,) * (len(shape) - x.ndim) + tuple(x.shape)
    return all(d == n or (isinstance(n, int) and n > 0) for d, n in zip(own, shape, strict=True))


def repeated_axis(x: Any, shape: tuple[Any, ...], axis: tuple[int, ...]) -> bool:
    """An axis that x lacks before it is broadcast."""
    return len(axis) == 1 and -axis[0] <= len(shape) and (-axis[0] > x.ndim or x.shape[axis[0]] == 1)


def off_main(x: Any, offset: Any) -> bool:
    """A diagonal that is not the main one."""
    return offset != 0


def partly(x: Any, spec: Spec, axes: tuple[int, ...]) -> bool:
    """Reads a part of these axes, and a part of the others."""
    if len(spec) > x.ndim or any(-a > x.ndim for a in axes):
        return False
    parts = {k - x.ndim for k, (e, d) in enumerate(zip(entries(x.shape, spec), x.shape, strict=True)) if e != (0, 1, d)}
    return bool(parts & set(axes)) and bool(parts - set(axes))


def repeated_before(x: Any, shape: tuple[Any, ...], other: tuple[Any, ...], axis: tuple[int, ...]) -> bool:
    """Broadcast to copies one behind the other along the first axis, which are then made one axis."""
    if len(axis) != 1 or -axis[0] != x.ndim or len(shape) != x.ndim + 1 or len(other) != x.ndim:
        return False
    return tuple(shape[1:]) == tuple(x.shape) and tuple(other) == (dims.mul(shape[0], shape[1]), *shape[2:])


def same_matrices(x: Any, shape: tuple[Any, ...]) -> bool:
    """Broadcast along leading axes only: each matrix of the batch is one of x."""
    return x.ndim >= 2 and tuple(x.shape[-2:]) == tuple(shape[-2:]) and tuple(x.shape) != tuple(shape)


def has_shape(x: Any, shape: tuple[Any, ...]) -> bool:
    """Of this shape already."""
    return tuple(x.shape) == tuple(shape)


def empty_along(x: Any, axis: tuple[int, ...]) -> bool:
    """No elements along an axis."""
    return len(axis) == 1 and -axis[0] <= x.ndim and x.shape[axis[0]] == 0


def at_least_as_long(x: Any, y: Any) -> bool:
    """A last axis of at least as many elements as that of another, both known, or of exactly as many."""
    if not (x.ndim and y.ndim):
        return False
    m, n = x.shape[-1], y.shape[-1]
    return m == n or (isinstance(m, int) and isinstance(n, int) and m >= n)


def joined_read(x: Any, y: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """A read of two joined arrays that is made of a read of each: known lengths along the axis, or a read of one part."""
    a = axis[0] if len(axis) == 1 else 0
    if a == 0 or x.ndim != y.ndim or -a > x.ndim or len(spec) > x.ndim:
        return False
    total = dims.add(x.shape[a], y.shape[a])
    start, step, length = entries((*x.shape[:a], total, *x.shape[x.ndim + a + 1:]), spec)[a]
    if (start, step, length) == (0, 1, total) or part_read(x.shape[a], start, step, length) is not None:
        return True
    return all(isinstance(d, int) for d in (x.shape[a], y.shape[a], start, length or 0))


def part_read(p: Any, start: Any, step: int, length: Any) -> int | None:
    """Which of two joined parts, of which the first has length p, is read alone; None if that is not known."""
    last = start if length is None else dims.add(start, dims.mul(step, dims.sub(length, 1)))
    low, high = (start, last) if length is None or step > 0 else (last, start)
    if dims.at_least(dims.sub(low, p), 0):
        return 1
    return 0 if dims.at_least(dims.sub(p, high), 1) else None


def merges_matrices(x: Any, shape: tuple[Any, ...]) -> bool:
    """A shape in which rows and columns are one axis, row by row."""
    return x.ndim >= 2 and tuple(shape) == (*x.shape[:-2], dims.mul(x.shape[-2], x.shape[-1]))


# -- about products of three matrices ----------------------------------------------------------------------------------------
