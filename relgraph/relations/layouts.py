"""What guards ask about shapes and reads: pure functions of a type (or array) and of attribute values.

An entry of a ``spec`` is (start, step, length), or (position, 0, None) for an axis that is dropped; entries belong to the
last axes, and an axis without one is read whole, as the row `index` has it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..terms import dims

__all__ = ["adjacent", "cheap_left", "cheap_right", "complement", "element_read", "empty_along", "entries",
           "has_shape", "in_range", "joined_read", "kept",
           "last_read", "neighbours", "prefix_read", "reverses", "sized_along", "sized_as", "untouched",
           "whole"]

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


def neighbours(x: Any, second: Spec, first: Spec) -> bool:
    """Two reads of the last axis: all elements but the first, and all but the last."""
    n = dims.sub(x.shape[-1], 1) if x.ndim else 0
    return x.ndim > 0 and tuple(second) == ((1, 1, n),) and tuple(first) == ((0, 1, n),)


def has_shape(x: Any, shape: tuple[Any, ...]) -> bool:
    """Of this shape already."""
    return tuple(x.shape) == tuple(shape)


def empty_along(x: Any, axis: tuple[int, ...]) -> bool:
    """No elements along an axis."""
    return len(axis) == 1 and -axis[0] <= x.ndim and x.shape[axis[0]] == 0


def sized_along(x: Any, axis: tuple[int, ...], n: Any) -> bool:
    """An axis of at least so many elements, both known, or exactly as many."""
    if len(axis) != 1 or -axis[0] > x.ndim:
        return False
    d = x.shape[axis[0]]
    return d == n or (isinstance(d, int) and isinstance(n, int) and n <= d)


def sized_as(x: Any, axis: tuple[int, ...], n: Any, size: Any) -> bool:
    """An axis of exactly so many elements, said twice."""
    return len(axis) == 1 and -axis[0] <= x.ndim and x.shape[axis[0]] == n == size


def joined_read(x: Any, y: Any, axis: tuple[int, ...], spec: Spec) -> bool:
    """A read of two joined arrays that is made of a read of each: known lengths along the axis, a positive step."""
    a = axis[0] if len(axis) == 1 else 0
    if a == 0 or x.ndim != y.ndim or -a > x.ndim or len(spec) > x.ndim:
        return False
    total = dims.add(x.shape[a], y.shape[a])
    start, step, length = entries((*x.shape[:a], total, *x.shape[x.ndim + a + 1:]), spec)[a]
    if (start, step, length) == (0, 1, total):
        return True
    known = all(isinstance(d, int) for d in (x.shape[a], y.shape[a], start, length or 0))
    return known and (length is None or step > 0)


def in_range(i: Any, n: Any) -> bool:
    """Every element is a position of an axis of this length; negative ones count from the end."""
    return bool(np.all(np.greater_equal(i, -int(n))) and np.all(np.less(i, int(n))))


# -- about products of three matrices ----------------------------------------------------------------------------------------

def cheap_right(x: Any, y: Any, z: Any) -> bool:
    """``x @ (y @ z)`` takes at most half the multiplications of ``(x @ y) @ z``: less is not worth another rounding."""
    left, right = _multiplications(x.shape, y.shape, z.shape)
    return 0 < 2 * right <= left


def cheap_left(x: Any, y: Any, z: Any) -> bool:
    """``(x @ y) @ z`` takes at most half the multiplications of ``x @ (y @ z)``."""
    left, right = _multiplications(x.shape, y.shape, z.shape)
    return 0 < 2 * left <= right


def _multiplications(x: Any, y: Any, z: Any) -> tuple[int, int]:
    """Of the product from the left and from the right; equal where a size is not known."""
    if min(map(len, (x, y, z))) < 2 or not all(isinstance(d, int) for d in (*x, *y, *z)):
        return 0, 0
    (m, k), (n, p) = x[-2:], z[-2:]
    xy, yz = (np.broadcast_shapes(a[:-2], b[:-2]) for a, b in ((x, y), (y, z)))
    every = math.prod(np.broadcast_shapes(xy, z[:-2]))
    return math.prod(xy) * m * k * n + every * m * n * p, math.prod(yz) * k * n * p + every * m * k * p
