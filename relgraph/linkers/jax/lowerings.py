"""The functions rows name in their ``lower["jax"]`` column: operands, then attribute values, to a JAX array.

Operands arrive in the dtypes the row computes with; the result is converted to the dtype of its type by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy import special
from jax.scipy.linalg import solve_triangular as _solve_triangular

from .checks import require

Axes = tuple[int, ...]


# -- elementwise --------------------------------------------------------------------------------------------------------

def astype(x: Any, dtype: Any) -> Any:
    """NumPy's conversion: complex to real drops the imaginary part, out-of-range floats wrap as C does."""
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = x.real
    if x.dtype.kind == "f" and dtype.kind in "iu":
        wide = jnp.int64 if dtype.itemsize == 8 else jnp.int32
        return x.astype(dtype) if dtype == np.uint64 else x.astype(wide).astype(dtype)
    return x.astype(dtype)


def identity(x: Any, *facts: Any) -> Any:
    return x


def floor_divide(a: Any, b: Any) -> Any:
    """Division by zero is 0 for integers, as in NumPy."""
    if a.dtype.kind not in "iu":
        q = jnp.floor_divide(a, b)
        return jnp.where(b == 0, a / b, q)
    return jnp.where(b == 0, 0, jnp.floor_divide(a, jnp.where(b == 0, 1, b)))


def remainder(a: Any, b: Any) -> Any:
    if a.dtype.kind not in "iu":
        return jnp.remainder(a, b)
    return jnp.where(b == 0, 0, jnp.remainder(a, jnp.where(b == 0, 1, b)))


def abs(x: Any) -> Any:
    """The least integer is its own absolute value; XLA takes for granted that there is no negative one."""
    return jnp.where(x < 0, -x, x) if x.dtype.kind == "i" else jnp.abs(x)


def power(x: Any, p: Any) -> Any:
    """Integer powers by repeated squaring; a negative one is an error, as in NumPy."""
    if x.dtype.kind == "c":
        zero = jnp.where(p == 0, 1, jnp.where(p.real > 0, 0, complex("nan+nanj")))
        # XLA's own multiplies a modulus by exp(-p.imag*angle), which is infinite where the result is near 0
        return jnp.where(x == 0, zero, jnp.exp(p * jnp.log(jnp.where(x == 0, 1, x))))
    if x.dtype.kind == "f":
        return lax.pow(*jnp.broadcast_arrays(x, p))
    if p.dtype.kind == "i":
        require(jnp.all(p >= 0), "integers to negative integer powers are not allowed; convert with x.astype('float64')")
    bits = p.dtype.itemsize * 8 - (p.dtype.kind == "i")
    x, p = jnp.broadcast_arrays(x, p)
    out = jnp.ones_like(x)
    for k in range(bits):
        out = jnp.where((p >> k) & 1 == 1, out * x, out)
        x = x * x
    return out


def sinh(x: Any) -> Any:
    """By parts for complex numbers: the difference of exponentials loses small ones."""
    if x.dtype.kind != "c":
        return jnp.sinh(x)
    return lax.complex(jnp.sinh(x.real) * jnp.cos(x.imag), jnp.cosh(x.real) * jnp.sin(x.imag))


def exp2(x: Any) -> Any:
    """By the whole part in the exponent: XLA computes exp(x log 2), which rounds large x."""
    whole = jnp.where(jnp.isfinite(x), jnp.clip(jnp.round(x), -2000, 2000), 0)
    return jnp.ldexp(jnp.exp2(x - whole), whole.astype(jnp.int32))


# -- reductions ---------------------------------------------------------------------------------------------------------

def sum(x: Any, axes: Axes) -> Any:
    return jnp.sum(x, axis=axes)


def prod(x: Any, axes: Axes) -> Any:
    return jnp.prod(x, axis=axes)


def max(x: Any, axes: Axes) -> Any:
    return jnp.max(x, axis=axes)


def max_or_lowest(x: Any, axes: Axes) -> Any:
    return jnp.max(x, axis=axes, initial=-jnp.inf)


def min(x: Any, axes: Axes) -> Any:
    return jnp.min(x, axis=axes)


def all(x: Any, axes: Axes) -> Any:
    return jnp.all(x, axis=axes)


def any(x: Any, axes: Axes) -> Any:
    return jnp.any(x, axis=axes)


def mean(x: Any, axes: Axes) -> Any:
    return jnp.mean(x, axis=axes)


def logsumexp(x: Any, axes: Axes) -> Any:
    return special.logsumexp(x, axis=axes)


# -- structure ----------------------------------------------------------------------------------------------------------

def dim(size: int) -> Any:
    return jnp.asarray(size)


def transpose(x: Any, perm: Axes) -> Any:
    lead = x.ndim - len(perm)
    return jnp.transpose(x, (*range(lead), *(p + x.ndim for p in perm)))


def concat(*operands: Any) -> Any:
    *xs, axis = operands
    return jnp.concatenate(xs, axis=axis[0])


def diag(v: Any) -> Any:
    """No product with the identity: infinities off the diagonal would be NaN."""
    n = v.shape[-1]
    return jnp.where(jnp.eye(n, dtype=bool), v[..., None], jnp.zeros((), v.dtype))


def diagonal(x: Any, offset: int) -> Any:
    return jnp.diagonal(x, offset, -2, -1)


# -- indexing -----------------------------------------------------------------------------------------------------------

def slices(spec: Sequence[Any]) -> tuple[Any, ...]:
    """The index that NumPy takes for the attribute of `index`."""
    out: list[Any] = [Ellipsis]
    for start, step, length in spec:
        if length is None:
            out.append(start)
        else:
            stop = start + step * length
            out.append(slice(start, stop if stop >= 0 else None, step) if length else slice(0, 0))
    return tuple(out)


def index(x: Any, spec: Any) -> Any:
    return x[slices(spec)]


def place(g: Any, shape: tuple[int, ...], spec: Any) -> Any:
    kept = len([e for e in spec if e[2] is not None])
    out = jnp.zeros((*g.shape[: g.ndim - kept], *shape), g.dtype)
    return out.at[slices(spec)].set(g)


def _positions(i: Any, n: int) -> Any:
    """Positions counted from the start; one that is out of range is reported and becomes n."""
    i = i.astype(jnp.int64 if i.dtype.itemsize > 4 or i.dtype == np.uint32 else jnp.int32)
    ok = (i >= -n) & (i < n)
    require(jnp.all(ok), f"an index is out of range for an axis of length {n}")
    return jnp.where(ok, jnp.where(i < 0, i + n, i), n)


def take(x: Any, i: Any, axis: Axes) -> Any:
    """Out of range is NaN (the least integer for integers) where the caller does not ask for the check."""
    return jnp.take(x, _positions(i, x.shape[axis[0]]), axis=axis[0], mode="fill")


def take_add(g: Any, i: Any, axis: Axes, size: int) -> Any:
    at = g.ndim - i.ndim + 1 + axis[0]
    out = jnp.zeros((*g.shape[:at], size, *g.shape[at + i.ndim:]), g.dtype)
    rows = out.at[(slice(None),) * at + (_positions(i, size),)]
    return rows.max(g, mode="drop") if g.dtype == bool else rows.add(g, mode="drop")


def put(x: Any, v: Any, spec: Any) -> Any:
    return x.at[slices(spec)].set(v)


def take_along(x: Any, i: Any) -> Any:
    lead = jnp.broadcast_shapes(x.shape[:-1], i.shape[:-1])
    x, i = (jnp.broadcast_to(a, lead + a.shape[-1:]) for a in (x, _positions(i, x.shape[-1])))
    return jnp.take_along_axis(x, i, axis=-1, mode="fill")


# -- along the last axis --------------------------------------------------------------------------------------------------

def cumsum(x: Any) -> Any:
    return jnp.cumsum(x, axis=-1)


def cumprod(x: Any) -> Any:
    return jnp.cumprod(x, axis=-1)


def sort(x: Any) -> Any:
    return jnp.sort(x, axis=-1, stable=True)


def argsort(x: Any) -> Any:
    return jnp.argsort(x, axis=-1, stable=True)


def argmax(x: Any) -> Any:
    return jnp.argmax(x, axis=-1)


def argmin(x: Any) -> Any:
    return jnp.argmin(x, axis=-1)


# -- linear algebra -----------------------------------------------------------------------------------------------------

def matmul(a: Any, b: Any) -> Any:
    return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)


def matvec(a: Any, v: Any) -> Any:
    return matmul(a, v[..., None])[..., 0]


def vecmat(v: Any, a: Any) -> Any:
    return matmul(v[..., None, :], a)[..., 0, :]


def vecdot(a: Any, b: Any) -> Any:
    return matmul(a[..., None, :], b[..., None])[..., 0, 0]


def nth(x: Any, part: int) -> Any:
    return x[part]


def _batched(a: Any, b: Any) -> tuple[Any, Any]:
    lead = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return jnp.broadcast_to(a, lead + a.shape[-2:]), jnp.broadcast_to(b, lead + b.shape[-2:])


def _or_nan(x: Any) -> Any:
    """A whole matrix of NaN where elimination met a zero pivot."""
    bad = ~jnp.all(jnp.isfinite(x), axis=(-2, -1), keepdims=True)
    return jnp.where(bad, jnp.nan, x)


def solve(a: Any, b: Any) -> Any:
    return _or_nan(jnp.linalg.solve(*_batched(a, b)))


def inv(a: Any) -> Any:
    return _or_nan(jnp.linalg.inv(a))


def solve_triangular(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    a, b = _batched(a, b)
    if b.size == 0:
        return b
    return _solve_triangular(a, b, lower=lower, unit_diagonal=unit)


def cholesky(a: Any) -> Any:
    """Only the lower triangle is read; NaN where a matrix is not positive definite."""
    lower = jnp.tril(a)
    full = lower + jnp.conj(jnp.swapaxes(jnp.tril(a, -1), -1, -2))
    return jnp.linalg.cholesky(full, symmetrize_input=False)


def trace(x: Any) -> Any:
    return jnp.trace(x, axis1=-2, axis2=-1)
