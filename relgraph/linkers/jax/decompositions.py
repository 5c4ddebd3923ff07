"""What rows of products, decompositions and Fourier transforms name in their ``lower["jax"]`` column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax

from ...terms.exponential import exponential

# -- products -------------------------------------------------------------------------------------------------------------


def block_diag(a: Any, b: Any) -> Any:
    (m, n), (p, q) = a.shape[-2:], b.shape[-2:]
    lead = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = jnp.zeros((*lead, m + p, n + q), a.dtype)
    return out.at[..., :m, :n].set(a).at[..., m:, n:].set(b)


def circulant(c: Any) -> Any:
    n = c.shape[-1]
    return c[..., (jnp.arange(n)[:, None] - jnp.arange(n)) % max(n, 1)]


def toeplitz(c: Any, r: Any) -> Any:
    i, j = jnp.arange(c.shape[-1])[:, None], jnp.arange(r.shape[-1])
    if not i.size or not j.size:
        return jnp.zeros((*jnp.broadcast_shapes(c.shape[:-1], r.shape[:-1]), i.size, j.size), c.dtype)
    return jnp.where(i >= j, c[..., jnp.maximum(i - j, 0)], r[..., jnp.maximum(j - i, 0)])


# -- decompositions -------------------------------------------------------------------------------------------------------

def _nan_if_refused(a: Any, fn: Callable[[Any], Any]) -> Any:
    """A matrix with NaN or infinity has a result of NaN."""
    ok = jnp.all(jnp.isfinite(a), axis=(-2, -1))
    out = fn(jnp.where(ok[..., None, None], a, 0))
    parts = [jnp.where(ok.reshape(ok.shape + (1,) * (y.ndim - ok.ndim)), y, jnp.nan)
             for y in (out if isinstance(out, tuple) else (out,))]
    return tuple(parts) if isinstance(out, tuple) else parts[0]


def _mirrored(a: Any) -> Any:
    """The Hermitian matrix of a lower triangle."""
    low = jnp.tril(a, -1)
    i = jnp.arange(a.shape[-1])
    diagonal = jnp.zeros_like(a).at[..., i, i].set(jnp.real(a[..., i, i]).astype(a.dtype))
    return low + jnp.conj(jnp.swapaxes(low, -1, -2)) + diagonal


def eigh(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: tuple(jnp.linalg.eigh(_mirrored(x), symmetrize_input=False)))


def eigvalsh(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: jnp.linalg.eigvalsh(_mirrored(x), symmetrize_input=False))


def svd(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: tuple(jnp.linalg.svd(x, full_matrices=False)))


def svdvals(a: Any) -> Any:
    return _nan_if_refused(a, lambda x: jnp.linalg.svd(x, compute_uv=False))


def pinv(a: Any) -> Any:
    rtol = max(a.shape[-2:]) * float(jnp.finfo(a.dtype).eps)
    return _nan_if_refused(a, lambda x: jnp.linalg.pinv(x, rtol=rtol)) if a.size else jnp.swapaxes(a, -1, -2)


def expm(a: Any) -> Any:
    if not a.size:
        return a
    return _nan_if_refused(a, lambda x: exponential(jnp, x, lambda n, step, y: lax.fori_loop(0, n, step, y)))


def lu(a: Any) -> Any:
    n = a.shape[-1]
    packed, _, rows = lax.linalg.lu(a)
    i = jnp.arange(n)
    p = (rows[..., None, :] == i[:, None]).astype(a.dtype)
    return p, jnp.tril(packed, -1) + jnp.eye(n, dtype=a.dtype), jnp.triu(packed)


# -- Fourier transforms ---------------------------------------------------------------------------------------------------

def fft(x: Any) -> Any:
    return jnp.fft.fft(x) if x.size else x


def ifft(x: Any) -> Any:
    return jnp.fft.ifft(x) if x.size else x
