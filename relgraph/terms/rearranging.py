"""Functions that arrange elements anew, made of slices, joins and broadcasts: flip, roll, repeat, tile, split, meshgrid."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import MisuseError, ShapeError
from . import dims
from .dims import Dim
from .elementwise import astype
from .indexing import index_axis, take
from .joining import concat
from .structure import READS, arange_, broadcast_to, expand_dims, known_ndim, known_type, normal_axes, permute_dims, reshape
from .term import Term, _short, as_term, attr, const
from .type import UNKNOWN, default_float

__all__ = ["along", "flip", "linspace", "meshgrid", "one_axis", "repeat", "roll", "split", "tile"]


def one_axis(name: str, x: Term, axis: Any, in_pattern: str = "") -> int:
    """An axis counted from the right; AxisError if there is no such axis."""
    if isinstance(axis, (Term, tuple, list)):
        raise MisuseError(f"{name}: axis {axis!r} is no integer; one static axis is expected, as in axis=-1")
    if known_ndim(name, x, in_pattern) == 0:
        raise ShapeError(f"{name}: {_short(x)}: {x.type!r} has no axes; write rnp.reshape(x, 1) for an array of one element")
    return normal_axes(name, axis, x.type.ndim)[0]


def along(name: str, op: Callable[[Term], Term], x: Any, axis: Any) -> Term:
    """A function of the last axis, applied to another one; ``None`` is the flattened array."""
    x = as_term(x)
    if x.type is UNKNOWN:
        if not isinstance(axis, int) or axis != -1:
            known_ndim(name, x, f"axis=-1, the last one; found axis={_short(axis) if isinstance(axis, Term) else repr(axis)}")
        return op(x)
    if axis is None:
        return op(reshape(x, -1))
    if x.type.shape is None or (a := one_axis(name, x, axis)) == -1:
        return op(x)
    y = op(to_last(x, a))
    return from_last(y, a) if y.type.ndim == x.type.ndim else y


def to_last(x: Term, axis: int) -> Term:
    """The array with one axis, counted from the right, moved behind the others."""
    order = list(range(x.type.ndim))
    order.append(order.pop(axis))
    return permute_dims(x, order)


def from_last(x: Term, axis: int) -> Term:
    """The inverse of `to_last`."""
    order = list(range(x.type.ndim - 1))
    order.insert(x.type.ndim + axis, x.type.ndim - 1)
    return permute_dims(x, order)


def flip(x: Any, axis: Any = None) -> Term:
    """The elements in reverse order along axes (``None``: all), as ``numpy.flip``.

    >>> rnp.flip(rg.vector("x", shape=3))
    x[::-1]  float64[3]
    """
    x = as_term(x)
    in_pattern = f"index_(x, spec), {READS}spec, = attrs('spec') and the guard reverses(x, spec, (-1,))"
    for a in normal_axes("flip", axis, known_ndim("flip", x, in_pattern)):
        n = x.type.shape[a]
        x = index_axis(x, a, dims.sub(n, 1), n, -1)
    return x


def roll(x: Any, shift: Any, axis: Any = None) -> Term:
    """The elements moved along axes, those that leave at one end enter at the other, as ``numpy.roll``."""
    x = as_term(x)
    known_ndim("roll", x, f"concat_(index_(x, first), index_(x, second), axis), of relgraph.terms.joining and {READS}"
               "first, second, axis = attrs('first second axis') and the guard complement(x, first, second, axis)")
    if axis is None:
        return reshape(roll(reshape(x, -1), shift, 0), x.type.shape)
    axes = [one_axis("roll", x, a) for a in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    shifts = [_integer("roll: shift", s) for s in (shift if isinstance(shift, (tuple, list)) else (shift,) * len(axes))]
    if len(shifts) != len(axes):
        raise MisuseError(f"roll: {len(shifts)} shifts for {len(axes)} axes; write one for each, or one for all")
    for a, s in zip(axes, shifts, strict=True):
        n = x.type.shape[a]
        if n == 0 or s == 0:
            continue
        behind = dims.mod(s, dims.maximum(n, 1))  # an axis that is empty at run time stays as it is
        front = dims.sub(n, behind)
        if front != n:
            x = concat([index_axis(x, a, front, behind), index_axis(x, a, 0, front)], a)
    return x


def _integer(what: str, value: Any) -> int:
    try:
        return operator.index(value)
    except (TypeError, MisuseError):
        raise MisuseError(f"{what} {value!r} is no integer; it is static, write an int") from None


def repeat(x: Any, repeats: Any, axis: Any = None) -> Term:
    """Each element (or slice along ``axis``) several times, as ``numpy.repeat``; a count per element must be constant."""
    x = as_term(x)
    known_ndim("repeat", x)
    if axis is None:
        x, axis = reshape(x, -1), 0
    a = one_axis("repeat", x, axis)
    n = x.type.shape[a]
    if not isinstance(repeats, Term) and np.ndim(repeats):
        counts = np.asarray(repeats)
        if not isinstance(n, int) or counts.shape != (n,) or counts.dtype.kind not in "iu" or counts.min(initial=0) < 0:
            raise ShapeError(f"repeat: counts {repeats!r} for an axis of length {dims.show(n)}; "
                             "write one non-negative integer for each element, or one for all")
        return take(x, np.repeat(np.arange(n), counts), a)
    k = _integer("repeat: the count", repeats)
    if k < 0:
        raise ShapeError(f"repeat: the count {k} is negative")
    shape = x.type.shape
    at = len(shape) + a
    wide = broadcast_to(expand_dims(x, at + 1), (*shape[:at + 1], k, *shape[at + 1:]))
    return reshape(wide, (*shape[:at], dims.mul(n, k), *shape[at + 1:]))


def tile(x: Any, reps: Any) -> Term:
    """The array side by side with itself, so many times along each of the last axes, as ``numpy.tile``."""
    x = as_term(x)
    counts = [_integer("tile: the count", r) for r in (reps if isinstance(reps, (tuple, list)) else (reps,))]
    if any(r < 0 for r in counts):
        raise ShapeError(f"tile: counts {reps!r} are negative")
    ndim = max(known_ndim("tile", x), len(counts))
    counts = [1] * (ndim - len(counts)) + counts
    shape: tuple[Dim, ...] = (1,) * (ndim - x.type.ndim) + x.type.shape
    between = [d for r, n in zip(counts, shape, strict=True) for d in (r, n)]
    x = reshape(x, tuple(d for n in shape for d in (1, n)))
    return reshape(broadcast_to(x, tuple(between)), tuple(dims.mul(r, n) for r, n in zip(counts, shape, strict=True)))


def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Term]:
    """Parts of equal length, or between given positions, as ``numpy.split``."""
    x = as_term(x)
    a = one_axis("split", x, axis)
    n = x.type.shape[a]
    if isinstance(indices_or_sections, (tuple, list, np.ndarray)):
        at: list[Dim] = [_integer("split: position", i) for i in indices_or_sections]
        if any(i < 0 for i in at):  # type: ignore[operator]
            raise MisuseError(f"split: positions {indices_or_sections!r} are counted from the start; none may be negative")
    else:
        k = _integer("split: the number of parts", indices_or_sections)
        if k < 1 or not isinstance(n, int) or n % k:
            raise ShapeError(f"split: an axis of length {dims.show(n)} has no {k} equal parts known to be equal; "
                             "write the positions, as in rnp.split(x, [2, 5])")
        at = [j * (n // k) for j in range(1, k)]
    starts = [0, *[dims.minimum(i, n) for i in at]]
    stops = [*starts[1:], n]
    return [index_axis(x, a, i, dims.maximum(dims.sub(j, i), 0)) for i, j in zip(starts, stops, strict=True)]


def meshgrid(*xs: Any, indexing: str = "xy") -> list[Term]:
    """Coordinate arrays of a grid with these vectors as its axes, as ``numpy.meshgrid``."""
    if indexing not in ("xy", "ij"):
        raise MisuseError(f"meshgrid: indexing={indexing!r} is neither 'xy' nor 'ij'")
    vectors = [reshape(as_term(x), -1) for x in xs]
    shape = tuple(v.type.shape[0] for v in vectors)
    n = len(vectors)
    out = [broadcast_to(expand_dims(v, tuple(j for j in range(n) if j != i)), shape) for i, v in enumerate(vectors)]
    swap = (1, 0, *range(2, n))
    return [permute_dims(t, swap) for t in out] if indexing == "xy" and n > 1 else out


def linspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None) -> Term:
    """``num`` evenly spaced numbers from ``start`` to ``stop``, which are scalars, as ``numpy.linspace``."""
    a, b = as_term(start), as_term(stop)
    known_type("linspace", a, b)
    if a.type.ndim or b.type.ndim:
        raise ShapeError(f"linspace: bounds are {a.type!r} and {b.type!r}, scalars were expected; "
                         "write start[..., None] + step[..., None] * rnp.arange(n)")
    k = _integer("linspace: num", num)
    if k < 0:
        raise ShapeError(f"linspace: num={k} is negative")
    a, b = (t if t.type.dtype.kind in "fc" else astype(t, default_float()) for t in (a, b))
    gaps = k - 1 if endpoint else k
    if k == 0:
        out = broadcast_to(a, (0,))
    elif k == 1:
        out = broadcast_to(a, (1,))
    else:
        steps = astype(arange_(attr(k)), a.type.dtype) if gaps else const(0, a.type.dtype)
        out = a + steps * ((b - a) / gaps)
        if endpoint:  # the last one is stop itself, whatever the steps round to
            out = concat([index_axis(out, -1, 0, k - 1), reshape(b, 1)], -1)
    return out if dtype is None else astype(out, dtype)
