"""What NumPy says about arrays in few words: counts, ranges, averages, medians, and whether two are equal or close."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import MisuseError, ShapeError
from . import dims
from .elementwise import abs_, add, astype, equal, isfinite, isnan, less_equal, logical_and, logical_or, not_equal, where
from .indexing import index_
from .ordering import sort
from .rearranging import one_axis
from .reduction import all, max, mean, min
from .structure import axes_operand, broadcast_to, expand_dims, known_ndim, known_type, normal_axes, permute_dims, reshape, sum
from .term import Term, _short, as_term, attr, const, make
from .type import divided, promote

__all__ = ["allclose", "array_equal", "average", "count_nonzero", "isclose", "median", "nan_to_num", "ptp"]


def count_nonzero(x: Any, axis: Any = None, *, keepdims: bool = False) -> Term:
    """How many elements along ``axis`` are not zero, as ``numpy.count_nonzero``."""
    x = as_term(x)
    known_type("count_nonzero", x)
    return sum(x if x.type.dtype.kind == "b" else not_equal(x, 0), axis, keepdims=keepdims)


def ptp(x: Any, axis: Any = None, *, keepdims: bool = False) -> Term:
    """The greatest element less the least one, "peak to peak", as ``numpy.ptp``."""
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)


def average(x: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False) -> Term:
    """The mean over ``axis``, weighted by ``weights`` of the shape of ``x`` or of its one axis, as ``numpy.average``.

    Of weights that sum to zero the average is NaN or infinite; NumPy raises.
    """
    x = as_term(x)
    if weights is None:
        return mean(x, axis, keepdims=keepdims)
    w = as_term(weights)
    if w.type.ndim != x.type.ndim:
        if isinstance(axis, (tuple, list)) or axis is None or w.type.ndim != 1:
            raise ShapeError(f"average: the weights are {w.type!r}, {_short(x)} is {x.type!r}; write weights of its shape, "
                             "or a vector and the one axis that it belongs to, as in axis=-1")
        a = one_axis("average", x, axis)
        w = expand_dims(w, tuple(range(a + 1, 0)))
    dtype = divided(promote(x.type.dtype, w.type.dtype))
    w = broadcast_to(astype(w, dtype), x.type.shape)
    axes = axes_operand("average", x, axis)
    found = sum(astype(x, dtype) * w, axes) / sum(w, axes)
    return expand_dims(found, axes.data) if keepdims else found


def median(x: Any, axis: Any = None, *, keepdims: bool = False) -> Term:
    """The middle one of the sorted elements, or the mean of the two in the middle, as ``numpy.median``; NaN if there is one."""
    x = as_term(x)
    n = known_ndim("median", x)
    axes = normal_axes("median", axis, n)
    rest = [k for k in range(n) if k - n not in axes]
    flat = reshape(permute_dims(x, (*rest, *[a + n for a in axes])),
                   (*[x.type.shape[k] for k in rest], dims.product(tuple(x.type.shape[a] for a in axes))))
    ordered = sort(astype(flat, divided(x.type.dtype)))
    m = ordered.type.shape[-1]
    if m == 0:
        raise ShapeError(f"median: {_short(x)}: {x.type!r} has no elements along axis {axis}, and so no median")
    low, high, last = (make(index_, (ordered, attr(((d, 0, None),))))
                       for d in (dims.floordiv(dims.sub(m, 1), 2), dims.floordiv(m, 2), dims.sub(m, 1)))
    middle = low if low is high else where(equal(low, high), low, (low + high) / 2)  # twice a large one is infinite
    found = where(isnan(last), last, middle)
    return expand_dims(found, axes) if keepdims else found


def isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Term:
    """Is ``|a - b| <= atol + rtol*|b|``, or are both the same infinity, as ``numpy.isclose``.

    >>> rnp.isclose(rg.scalar("x"), rg.scalar("y")).dtype
    dtype('bool')
    """
    a, b = as_term(a), as_term(b)
    if promote(a.type.dtype, b.type.dtype).kind in "biu":  # differences of integers wrap
        a, b = astype(a, "float64"), astype(b, "float64")
    near = less_equal(abs_(a - b), add(atol, rtol * abs_(b)))
    close = logical_or(logical_and(near, isfinite(b)), equal(a, b))
    return logical_or(close, logical_and(isnan(a), isnan(b))) if equal_nan else close


def allclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Term:
    """Is every element close, as `isclose` says, as ``numpy.allclose``."""
    return all(isclose(a, b, rtol, atol, equal_nan))


def array_equal(a: Any, b: Any, equal_nan: bool = False) -> Term:
    """Have two arrays one shape and equal elements, as ``numpy.array_equal``."""
    a, b = as_term(a), as_term(b)
    known_type("array_equal", a, b)
    s, t = a.type.shape, b.type.shape
    if len(s) != len(t) or any(isinstance(d, int) and isinstance(e, int) and d != e for d, e in zip(s, t, strict=True)):
        return const(False)
    if s != t:
        raise ShapeError(f"array_equal: {_short(a)}: {a.type!r} and {_short(b)}: {b.type!r} "
                         "may have different shapes; declare both with one name for a size, or with numbers")
    floats = a.type.dtype.kind in "fc" and b.type.dtype.kind in "fc"
    same = equal(a, b)
    return all(logical_or(same, logical_and(isnan(a), isnan(b))) if equal_nan and floats else same)


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Term:
    """Numbers in place of NaN and infinities (the largest ones, unless said), as ``numpy.nan_to_num``."""
    x = as_term(x)
    known_type("nan_to_num", x)
    if x.type.dtype.kind in "biu":
        return x
    if x.type.dtype.kind == "c":
        raise MisuseError(f"nan_to_num: {_short(x)}: {x.type!r} is complex; apply it to rnp.real(x) and rnp.imag(x)")
    info = np.finfo(x.type.dtype)
    high, low = (float(d) if v is None else v for v, d in ((posinf, info.max), (neginf, info.min)))
    return where(isnan(x), nan, where(equal(x, np.inf), high, where(equal(x, -np.inf), low, x)))
