"""Rows that join arrays and rows that make them from nothing: concat, stack, arange, eye, full, diag."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import AxisError, MisuseError, ShapeError
from . import dims
from .access import Compare, Number, Read, Select
from .batching import batched_concat
from .dims import Dim
from .elementwise import astype, where
from .indexing import index_axis, place
from .laws import Associative
from .structure import arange_, as_dim, as_shape, axes_operand, broadcast_to, expand_dims, known_ndim, size_term, without
from .term import Op, Term, _short, as_term, attr
from .type import ATTR, UNKNOWN, Sizes, Type, as_dtype, default_float, promote

__all__ = ["arange", "arange_", "concat", "concat_", "diag_", "eye", "eye_", "full", "ones", "stack", "zeros"]


def _joined(sizes: Sizes, *operands: Any) -> Type:
    *types, axis = operands
    if len(axis) != 1:
        raise AxisError(f"concat: joins along one axis, got {axis}")
    first = types[0]
    a = axis[0]
    if any(t.ndim != first.ndim for t in types) or -a > first.ndim:
        raise ShapeError(f"operands have {', '.join(str(t.ndim) for t in types)} axes, "
                         f"all need the same number, at least {-a}")
    rest = without(first.shape, axis)
    for t in types[1:]:
        rest = tuple(sizes.meet(x, y) for x, y in zip(rest, without(t.shape, axis), strict=True))
    total: Dim = 0
    for t in types:
        total = dims.add(total, t.shape[a])
    at = first.ndim + a
    return Type(promote(*[t.dtype for t in types]), (*rest[:at], total, *rest[at:]))


def _concat_access(index: tuple[Dim, ...], shapes: Any, axis: tuple[int, ...]) -> Any:
    a = len(index) + axis[0]
    starts: list[Dim] = [0]
    for s in shapes[:-1]:
        starts.append(dims.add(starts[-1], s[a]))
    out: Any = None
    for k in reversed(range(len(shapes))):
        here = Read(k, (*index[:a], dims.sub(index[a], starts[k]), *index[a + 1:]))
        out = here if out is None else Select((Compare("<", index[a], starts[k + 1]),), here, out)
    return out


def _concat_pullback(g: Term, y: Term, *operands: Term) -> tuple[Term, ...]:
    *xs, axis = operands
    a = axis.data[0]
    out, start = [], 0
    for x in xs:
        out.append(index_axis(g, a, start, x.type.shape[a]))
        start = dims.add(start, x.type.shape[a])
    return tuple(out)


def _to_promoted(out: Any, *dtypes: Any) -> Any:
    return (out,) * len(dtypes)


concat_ = Op(name="concat", attrs=("axis",), variadic=True, kind="access", operands=_to_promoted, infer=_joined,
             numpy=lambda *xs: np.concatenate(xs[:-1], axis=xs[-1][0]), pullback=_concat_pullback, access=_concat_access,
             batch=batched_concat, lower={"jax": "relgraph.linkers.jax.concat"}, laws=(Associative(),),
             doc="Join along an existing axis.")


def _check_listed(name: str, arrays: Any, axis: Any) -> None:
    """Refuse arrays that are no list: one, perhaps with another in the place of the axis."""
    second = isinstance(axis, Term) and axis.type is not ATTR
    if second or (isinstance(arrays, Term) and arrays.type is UNKNOWN):
        both = [arrays, axis] if second else [arrays]
        shown = ", ".join(_short(x) if isinstance(x, Term) else repr(x) for x in both)
        raise MisuseError(f"{name}: the arrays are one list, found {shown}; write rnp.{name}([x, y], axis=-1)")


def concat(arrays: Any, axis: Any = 0) -> Term:
    """Join arrays along an existing axis, as ``numpy.concat``."""
    _check_listed("concat", arrays, axis)
    xs = [as_term(x) for x in arrays]
    if not xs:
        raise MisuseError("concat: needs at least one array, got none")
    if isinstance(axis, Term):
        return concat_(*xs, axis)
    if xs[0].type is not UNKNOWN and known_ndim("concat", xs[0]) == 0:
        raise ShapeError("concat: scalars have no axis to join; write rnp.stack")
    return concat_(*xs, axes_operand("concat", xs[0], axis))


def stack(arrays: Any, axis: int = 0) -> Term:
    """Join arrays along a new axis, as ``numpy.stack``."""
    _check_listed("stack", arrays, axis)
    xs = [as_term(x) for x in arrays]
    if not xs:
        raise MisuseError("stack: needs at least one array, got none")
    for x in xs:
        if x.type is UNKNOWN:
            axes_operand("stack", x, axis)
    shapes = {x.type.shape for x in xs if x.type is not UNKNOWN}
    if len({len(s) for s in shapes}) > 1:
        raise ShapeError(f"stack: operands need one shape, got {', '.join(repr(x.type) for x in xs)}")
    return concat([expand_dims(x, axis) for x in xs], axis)


# -- from nothing -----------------------------------------------------------------------------------------------------------

def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Term:
    """Evenly spaced numbers in ``[start, stop)``, as ``numpy.arange``; integer bounds may be sizes."""
    if stop is None:
        start, stop = 0, start
    if isinstance(start, float) or isinstance(stop, float) or isinstance(step, float):
        if not all(isinstance(v, (int, float)) for v in (start, stop, step)):
            raise MisuseError("arange: float bounds must all be numbers; write start + step * rnp.arange(n)")
        n: Dim = max(0, math.ceil((stop - start) / step))
        found = as_dtype(dtype or float)
    else:
        if not isinstance(step, int) or step == 0:
            raise MisuseError(f"arange: step {step!r} is no non-zero integer")
        first, last = as_dim("arange", start), as_dim("arange", stop)
        span = dims.sub(last, first) if step > 0 else dims.sub(first, last)
        n = dims.maximum(dims.floordiv(dims.add(span, abs(step) - 1), abs(step)), 0)
        found = as_dtype(dtype or "int64")
        if isinstance(first, int):
            start = first
    out: Term = arange_(attr(n))
    if step != 1:
        out = out * step if isinstance(step, int) else astype(out, found) * step
    if not (isinstance(start, (int, float)) and start == 0):
        out = out + (start if isinstance(start, (int, float, Term)) else _size(start))
    return astype(out, found)


def _size(d: Any) -> Any:
    return size_term(as_dim("arange", d))


def _on_diagonal(index: tuple[Dim, ...], k: int) -> Compare:
    return Compare("==", dims.add(index[-2], k), index[-1])


eye_ = Op(name="eye", attrs=("rows", "columns", "offset", "dtype"), signature="->()", kind="access",
          infer=lambda sizes, n, m, k, dtype: Type(dtype, (n, m)),
          numpy=lambda n, m, k, dtype: np.eye(n, m, k, dtype), pullback=lambda g, y, *a: (),
          access=lambda index, shapes, n, m, k, dtype: Select((_on_diagonal(index, k),), Number(1), Number(0)),
          lower={"jax": "jax.numpy.eye"}, doc="Ones on a diagonal.")


def eye(n_rows: Any, n_cols: Any = None, *, k: int = 0, dtype: Any = None) -> Term:
    """Ones on the ``k``-th diagonal and zeros elsewhere, as ``numpy.eye``."""
    n = as_dim("eye", n_rows)
    m = n if n_cols is None else as_dim("eye", n_cols)
    return eye_(attr(n), attr(m), attr(k), attr(as_dtype(dtype or default_float())))


diag_ = Op(name="diag", signature="(n)->(n,n)", kind="access", operands=lambda out, d: (d,), numpy=lambda v: _diag(v),
           pullback=lambda g, y, v: (diagonal(g),),
           access=lambda index, shapes: Select((_on_diagonal(index, 0),), Read(0, index[:-1]), Number(0)),
           lower={"jax": "relgraph.linkers.jax.diag"}, doc="A matrix with a vector on its diagonal; leading axes are batches.")


def _diag(v: Any) -> Any:
    out = np.zeros((*v.shape, v.shape[-1]), v.dtype)
    i = np.arange(v.shape[-1])
    out[..., i, i] = v
    return out


def _diagonal_type(sizes: Sizes, x: Type, offset: int) -> Type:
    if x.ndim < 2:
        raise ShapeError(f"operand has {x.ndim} axes, at least 2 are needed")
    n, m = x.shape[-2:]
    length = dims.minimum(dims.sub(n, max(-offset, 0)), dims.sub(m, max(offset, 0)))
    return Type(x.dtype, (*x.shape[:-2], dims.maximum(length, 0)))


def _diagonal_pullback(g: Term, y: Term, x: Term, offset: Term) -> tuple[Term]:
    n, m = x.type.shape[-2:]
    k = offset.data
    if k == 0 and n == m:
        return (diag_(g),)
    return (where(eye(n, m, k=k, dtype="bool"), expand_dims(_along(g, n, k), -1), 0),)


def _along(g: Term, n: Dim, k: int) -> Term:
    """A diagonal's cotangent by row: row i holds element i - max(-k, 0)."""
    return place(g, -1, max(-k, 0), n)


diagonal_ = Op(name="diagonal", attrs=("offset",), kind="access", operands=lambda out, d: (d,), infer=_diagonal_type,
               numpy=lambda x, k: np.diagonal(x, k, -2, -1), pullback=_diagonal_pullback,
               access=lambda index, shapes, k: Read(0, (*index, dims.add(index[-1], k)) if k >= 0 else
                                                    (*index[:-1], dims.sub(index[-1], k), index[-1])),
               lower={"jax": "relgraph.linkers.jax.diagonal"}, cost=0, doc="A diagonal of the last two axes.")


def diagonal(x: Any, offset: int = 0) -> Term:
    """The ``offset``-th diagonal of the last two axes, as ``numpy.linalg.diagonal``."""
    return diagonal_(as_term(x), attr(offset))


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Term:
    """An array of one value, as ``numpy.full``."""
    value = as_term(fill_value, as_dtype(dtype) if dtype is not None else None)
    return broadcast_to(value if dtype is None else astype(value, dtype), as_shape("full", shape))


def zeros(shape: Any, dtype: Any = None) -> Term:
    """An array of zeros, of the default float dtype unless said, as ``numpy.zeros``."""
    return full(shape, 0, dtype or default_float())


def ones(shape: Any, dtype: Any = None) -> Term:
    """An array of ones, of the default float dtype unless said, as ``numpy.ones``."""
    return full(shape, 1, dtype or default_float())
