"""Matrices of a band, of low rank, of equal diagonals, and of probabilities: whether an array is one, and random ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .matrices import Array, Rng, Sample, Shape, _near, _square, _squares, _t, normal

__all__ = ["MEASURED", "WIDTHS", "ZEROS_AND_SUMS", "banded", "is_banded", "is_split", "split"]


def _toeplitz(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    n = shape[-1]
    row = normal(rng, (*shape[:-2], max(2 * n - 1, 0)), dtype)
    return row[..., np.arange(n) - np.arange(n)[:, None] + n - 1] if n else normal(rng, shape, dtype)


def _is_stochastic(x: Array) -> bool:
    return x.ndim >= 2 and x.dtype.kind != "c" and bool(np.all(x >= 0)) and _near(np.sum(x, -1), np.ones(x.shape[:-1], x.dtype))


def _stochastic(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
    """Often with zeros, sometimes with a row that is all in one place."""
    if len(shape) < 2 or dtype.kind != "f" or shape[-1] == 0 != shape[-2]:
        return None
    x = rng.random(shape) * (rng.random(shape) < 0.7)
    x[..., :1] += 1e-3
    return np.asarray(x / np.sum(x, -1, keepdims=True), dtype)


def _is_singular(x: Array) -> bool:
    return _square(x) and x.shape[-1] > 0 and _has_rank(x, x.shape[-1] - 1)


def _singular(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
    return _low_rank(rng, shape, dtype, shape[-1] - 1) if shape[-1] else None


# -- with a number ----------------------------------------------------------------------------------------------------------

def _distance(x: Array) -> Any:
    """How far each element lies below the main diagonal."""
    return np.arange(x.shape[-2])[:, None] - np.arange(x.shape[-1])


def _below(x: Array, k: Any) -> bool:
    return x.ndim >= 2 and bool(((x == 0) | (_distance(x) <= np.real(k))).all())


def _above(x: Array, k: Any) -> bool:
    return x.ndim >= 2 and bool(((x == 0) | (-_distance(x) <= np.real(k))).all())


def is_banded(x: Array, lower: Any, upper: Any) -> bool:
    """Nothing beyond so many diagonals under the main one, and so many over it."""
    return _below(x, lower) and _above(x, upper)


def banded(rng: Rng, shape: Shape, dtype: np.dtype[Any], lower: Any = 1, upper: Any = 0) -> Any:
    """A matrix of such a band."""
    if len(shape) < 2:
        return None
    x = normal(rng, shape, dtype)
    return np.where((_distance(x) <= np.real(lower)) & (-_distance(x) <= np.real(upper)), x, np.zeros((), dtype))


def _lower_band(rng: Rng, shape: Shape, dtype: np.dtype[Any], k: Any = 1) -> Any:
    return banded(rng, shape, dtype, k, np.inf)


def _upper_band(rng: Rng, shape: Shape, dtype: np.dtype[Any], k: Any = 1) -> Any:
    return banded(rng, shape, dtype, np.inf, k)


def is_split(x: Array, k: Any) -> bool:
    """Nothing where a row before the k-th meets a column from it on, nor where a row from it on meets a column before."""
    k = int(np.real(k))
    return _square(x) and 0 <= k <= x.shape[-1] and not np.any(x[..., :k, k:]) and not np.any(x[..., k:, :k])


def split(rng: Rng, shape: Shape, dtype: np.dtype[Any], k: Any = 1) -> Any:
    """A matrix of two blocks."""
    k = int(np.real(k))
    if len(shape) < 2 or shape[-1] != shape[-2] or not 0 <= k <= shape[-1]:
        return None
    first = np.arange(shape[-1]) < k
    return np.where(first == first[:, None], normal(rng, shape, dtype), np.zeros((), dtype))


def _widest(x: Array) -> Any:
    """How far the lowest element that is not zero lies below the main diagonal; of zeros, as far above it as there is."""
    at = np.broadcast_to(_distance(x), x.shape)[x != 0]
    return int(np.max(at)) if at.size else -x.shape[-1]


def _has_rank(x: Array, k: Any) -> bool:
    if x.ndim < 2 or not np.isfinite(x).all():
        return False
    if not x.size:
        return bool(np.real(k) >= 0)
    s = np.linalg.svd(x.astype(np.result_type(x.dtype, "float32")), compute_uv=False)
    eps = float(np.finfo(s.dtype).eps)
    return bool(((s > 1e3 * max(x.shape[-2:]) * eps * s[..., :1]).sum(-1) <= np.real(k)).all())


def _low_rank(rng: Rng, shape: Shape, dtype: np.dtype[Any], k: Any = 1) -> Any:
    """Of small whole numbers, so that it has the rank exactly."""
    if len(shape) < 2 or np.real(k) < 0:
        return None
    k = min(int(np.real(k)), *shape[-2:])
    left, right = rng.integers(-2, 3, (*shape[:-1], k)), rng.integers(-2, 3, (*shape[:-2], k, shape[-1]))
    return np.asarray(np.matmul(left, right), dtype) if dtype.kind in "fc" else None


def _is_selection(x: Array) -> bool:
    return x.ndim >= 2 and bool(np.all((x == 0) | (x == 1)) and np.all(np.sum(x, -1) == 1))


def _selection(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
    """Rows of an identity matrix, some of them more than once."""
    if len(shape) < 2 or not shape[-1]:
        return None
    return (rng.integers(0, shape[-1], shape[:-1])[..., None] == np.arange(shape[-1])).astype(dtype)


ZEROS_AND_SUMS: dict[str, tuple[Callable[[Array], bool], Sample]] = {
    "toeplitz": (lambda x: _square(x) and _near(x[..., 1:, 1:], x[..., :-1, :-1]), _squares(_toeplitz)),
    "stochastic": (_is_stochastic, _stochastic),
    "selection": (_is_selection, _selection),
    "singular": (_is_singular, _squares(_singular, "fc")),
}

MEASURED: dict[str, tuple[Callable[..., bool], Callable[..., Any]]] = {
    "lower_band": (_below, _lower_band), "upper_band": (_above, _upper_band), "rank_at_most": (_has_rank, _low_rank)}
WIDTHS: dict[str, Callable[[Array], Any]] = {"lower_band": _widest, "upper_band": lambda x: _widest(_t(x))}
