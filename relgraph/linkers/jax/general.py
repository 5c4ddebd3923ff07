"""What rows of `terms.general` name in their ``lower["jax"]`` column; JAX has eig and Schur's form on CPUs only."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy import linalg as jsl

from ...terms.pencils import qz_
from .decompositions import _nan_if_refused

__all__ = ["eig", "eigvals", "lu_factor", "pivot_order", "qz", "schur", "solve_sylvester"]


def _finite(a: Any) -> Any:
    return jnp.all(jnp.isfinite(a), axis=(-2, -1))


def lu_factor(a: Any) -> Any:
    ok = _finite(a)
    packed, pivots, _ = lax.linalg.lu(jnp.where(ok[..., None, None], a, 0))
    return jnp.where(ok[..., None, None], packed, jnp.nan), jnp.where(ok[..., None], pivots, 0)


def pivot_order(p: Any) -> Any:
    return lax.linalg.lu_pivots_to_permutation(p.astype("int32"), p.shape[-1]).astype(p.dtype)


def schur(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: tuple(lax.linalg.schur(x)))


def eig(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: tuple(jnp.linalg.eig(x)))


def eigvals(a: Any) -> Any:
    return _nan_if_refused(a, jnp.linalg.eigvals)


def _bits(x: Any) -> Any:
    """Numbers as words of 32 bits, on a new last axis."""
    parts = jnp.stack([jnp.real(x), jnp.imag(x)], -1) if jnp.iscomplexobj(x) else x[..., None]
    return lax.bitcast_convert_type(parts, "uint32").reshape((*x.shape, x.dtype.itemsize // 4))


def _of_bits(bits: Any, dtype: Any) -> Any:
    """The numbers whose words these are."""
    real = np.dtype(dtype.char.lower())
    words = bits.reshape((*bits.shape[:-1], dtype.itemsize // real.itemsize, real.itemsize // 4))
    parts = lax.bitcast_convert_type(words if real.itemsize > 4 else words[..., 0], real)
    return lax.complex(parts[..., 0], parts[..., 1]) if dtype.kind == "c" else parts[..., 0]


def _numbers(bits: Any, dtype: Any) -> Any:
    return np.ascontiguousarray(np.asarray(bits)).view(dtype)[..., 0]


def qz(a: Any, b: Any) -> Any:
    """JAX has none: the host computes it, by LAPACK.

    Numbers go there and come back as bits, since the thread that is called back may have 64 bits switched off, and would
    round them.
    """
    meant: Any = qz_.numpy
    lead, dtype = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2]), np.dtype(a.dtype)

    def called(x: Any, y: Any) -> tuple[Any, ...]:
        found = meant(_numbers(x, dtype), _numbers(y, dtype))
        return tuple(np.ascontiguousarray(m[..., None], dtype).view("uint32") for m in found)
    one = jax.ShapeDtypeStruct((*lead, *a.shape[-2:], dtype.itemsize // 4), "uint32")
    found = jax.pure_callback(called, (one,) * 4, _bits(a), _bits(b), vmap_method="broadcast_all")
    return tuple(_of_bits(m, dtype) for m in found)


def solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    lead = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2], q.shape[:-2])
    a, b, q = (jnp.broadcast_to(x, (*lead, *x.shape[-2:])) for x in (a, b, q))
    if not q.size:
        return q
    ok = (_finite(a) & _finite(b) & _finite(q))[..., None, None]
    a, b, q = (jnp.where(ok, x, 0) for x in (a, b, q))
    return jnp.where(ok, jsl.solve_sylvester(a, b, q), jnp.nan)
