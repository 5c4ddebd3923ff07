"""Matrices of a known structure: whether an array has it (up to rounding), and random arrays that do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np

__all__ = ["STRUCTURES", "distinct", "generator", "is_unique", "normal", "whole"]

Array: TypeAlias = np.ndarray[Any, Any]
Rng: TypeAlias = "np.random.Generator"  # as text: NumPy imports its generators when they are first asked for
Shape: TypeAlias = tuple[int, ...]
Sample: TypeAlias = Callable[[Rng, Shape, np.dtype[Any]], Any]


class _Seed:
    """What a generator is started from: NumPy's own way takes longer than to draw the numbers."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Array:
        return np.frombuffer(blake2b(self.text, digest_size=n_words * np.dtype(dtype).itemsize).digest(), dtype)


@cache
def _seeding() -> Callable[[bytes], Any]:
    np.random.bit_generator.ISeedSequence.register(_Seed)
    return _Seed


def generator(*seed: int) -> Rng:
    """A generator of random numbers: the same ones for the same seed."""
    return np.random.Generator(np.random.PCG64(_seeding()(repr(seed).encode())))


def whole(rng: Rng, low: int, high: int, shape: Shape) -> Array:
    """Random whole numbers from ``low`` to before ``high``, in a third of the time of ``rng.integers``."""
    return (rng.random(shape) * (high - low)).astype("int64") + low


def normal(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Moderate random numbers of a dtype."""
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind in "iu":
        return whole(rng, 0 if dtype.kind == "u" else -4, 5, shape).astype(dtype)
    x = rng.standard_normal(shape)
    return np.asarray(x + 1j * rng.standard_normal(shape) if dtype.kind == "c" else x, dtype)


def _h(x: Array) -> Array:
    return np.conj(np.swapaxes(x, -1, -2))


def _t(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def _near(a: Any, b: Any) -> bool:
    """Equal up to the rounding of the worse dtype, in the size of the larger array."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    if not a.size:
        return True
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    if a.dtype.kind not in "fc":
        return bool((a == b).all())
    size = max(float(np.abs(a).max()), float(np.abs(b).max()))
    return float(np.abs(a - b).max()) <= 100 * a.shape[-1] * _eps(a.dtype) * size


@cache
def _eps(dtype: np.dtype[Any]) -> float:
    return float(np.finfo(dtype).eps)


def _square(x: Array) -> bool:
    return x.ndim >= 2 and x.shape[-1] == x.shape[-2]


def _eye(x: Array) -> Array:
    return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), (*x.shape[:-2], x.shape[-1], x.shape[-1]))


def _eigenvalues(x: Array) -> Any:
    """In units of the largest element, so that huge and tiny matrices count alike."""
    size = float(np.max(np.abs(x))) if x.size else 0
    return np.linalg.eigvalsh(x / size) if size else np.zeros(x.shape[:-1])


def _is_psd(x: Array) -> bool:
    return _square(x) and _near(x, _h(x)) and bool(np.all(_eigenvalues(x) >= -1e-5))


def _is_pd(x: Array) -> bool:
    return _square(x) and _near(x, _h(x)) and bool(np.all(_eigenvalues(x) > 1e-6))


def _is_permutation(x: Array) -> bool:
    return (_square(x) and bool(np.all((x == 0) | (x == 1))) and bool(np.all(np.sum(x != 0, -1) == 1))
            and bool(np.all(np.sum(x != 0, -2) == 1)))


def _is_invertible(x: Array) -> bool:
    if not _square(x) or not np.all(np.isfinite(x)):
        return False
    s = np.linalg.svd(x, compute_uv=False)
    return bool(np.all(s[..., -1:] > 1e-5 * s[..., :1])) if x.size else True


def _is_triangular(fn: Callable[[Array], Array]) -> Callable[[Array], bool]:
    return lambda x: x.ndim >= 2 and bool((fn(x) == x).all())


def _is_unit_triangular(x: Array) -> bool:
    ones = _square(x) and bool(np.all(np.diagonal(x, 0, -2, -1) == 1))
    return ones and bool(np.all(np.tril(x) == x) or np.all(np.triu(x) == x))


# -- random ones ----------------------------------------------------------------------------------------------------------

def _squares(fn: Callable[[Rng, Shape, np.dtype[Any]], Any], kinds: str = "biufc") -> Sample:
    """A sampler of square matrices; None for other shapes and dtypes."""
    def sample(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
        if len(shape) < 2 or shape[-1] != shape[-2] or dtype.kind not in kinds:
            return None
        return np.asarray(fn(rng, shape, dtype), dtype)
    return sample


def _symmetric(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    x = np.triu(normal(rng, shape, dtype))
    return x + _t(np.triu(x, 1))


def _hermitian(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    x = np.triu(normal(rng, shape, dtype), 1)
    return x + _h(x) + _diagonal_of(np.real(normal(rng, shape, dtype)))


def _diagonal_of(x: Array) -> Array:
    return np.where(np.eye(*x.shape[-2:], dtype=bool), x, np.zeros((), x.dtype))


def _pd(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    x = normal(rng, shape, dtype)
    x = np.matmul(x, _h(x)) + 2 * _eye(x)
    return (x + _h(x)) / 2  # products of halves may round differently


def _psd(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Mostly definite; sometimes of low rank, of whole numbers, so that it is singular exactly."""
    if shape[-1] < 2 or rng.random() < 0.75:
        return _pd(rng, shape, dtype)
    x = rng.integers(-2, 3, (*shape[:-1], rng.choice([shape[-1] - 1, 1]))).astype("int64")
    return np.matmul(x, _t(x))


def _unitary(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    return np.linalg.qr(normal(rng, shape, dtype))[0]


def _orthogonal(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Cayley's transform of a skew matrix: orthogonal, not unitary, over the complex numbers."""
    x = normal(rng, shape, dtype) / (16 if dtype.kind == "c" else 4)  # complex ones have any norm: moderate ones
    skew = x - _t(x)
    one = np.eye(shape[-1])
    flip = np.where(np.arange(shape[-1]) == 0, rng.choice([-1, 1]), 1)  # determinants of both signs
    return np.linalg.solve(one + skew, one - skew) * flip


def _semi_orthogonal(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
    if len(shape) < 2 or shape[-2] < shape[-1] or dtype.kind not in "fc":
        return None
    wide = (*shape[:-1], shape[-2])
    return np.asarray(_orthogonal(rng, wide, dtype)[..., : shape[-1]], dtype)


def _permutation(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    out = np.zeros(shape, dtype)
    for i in np.ndindex(shape[:-2]):
        out[(*i, np.arange(shape[-1]), rng.permutation(shape[-1]))] = 1
    return out


def _invertible(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """A permuted matrix of dominant diagonal: well conditioned, and a determinant of either sign."""
    x = normal(rng, shape, dtype) / 2
    return np.matmul(_permutation(rng, shape, dtype), x + (shape[-1] + 1) * _eye(x))


def _triangle(fn: Callable[[Array], Array]) -> Sample:
    def sample(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
        return fn(normal(rng, shape, dtype)) if len(shape) >= 2 else None
    return sample


def _unit_triangular(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    x = np.tril(normal(rng, shape, dtype), -1)
    x = x if rng.random() < 0.5 else _t(x)
    return x + _eye(x)


def _tridiagonal(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    return np.triu(np.tril(normal(rng, shape, dtype), 1), -1)


def _skew(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    x = np.triu(normal(rng, shape, dtype), 1)
    return x - _t(x)


def _circulant(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    n = shape[-1]
    row = normal(rng, shape[:-1], dtype)
    return row[..., (np.arange(n) - np.arange(n)[:, None]) % max(n, 1)]


def _is_circulant(x: Array) -> bool:
    return _square(x) and _near(np.roll(x, (1, 1), (-2, -1)), x)


def _idempotent(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """An oblique projection on half of the space."""
    s = _invertible(rng, shape, dtype)
    half = _diagonal_of(np.broadcast_to(np.arange(shape[-1]) < (shape[-1] + 1) // 2, shape).astype(dtype))
    return np.matmul(np.matmul(s, half), np.linalg.inv(s)) if shape[-1] else s


# -- positions --------------------------------------------------------------------------------------------------------------

def is_unique(x: Array) -> bool:
    """Distinct integers that are no less than zero, over the whole array."""
    x = np.asarray(x)
    return x.dtype.kind in "iu" and bool(np.all(x >= 0)) and len(np.unique(x)) == x.size


def distinct(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Any:
    """The first positions of an axis, in some order; None for other dtypes than integers."""
    return rng.permutation(int(np.prod(shape))).reshape(shape).astype(dtype) if dtype.kind in "iu" else None
def _is_positive_diagonal(x: Array) -> bool:
    if not _square(x):
        return False
    d = np.diagonal(x, 0, -2, -1)
    return bool(np.all((np.real(d) > 0) & (np.imag(d) == 0)))


def _positive_diagonal(rng: Rng, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Often a triangle, since the two are asked for together."""
    x = normal(rng, shape, dtype)
    kind = int(rng.integers(0, 3))
    x = np.tril(x) if kind == 0 else np.triu(x) if kind == 1 else x
    return np.where(np.eye(shape[-1], dtype=bool), np.abs(x) + 0.5, x)


STRUCTURES: dict[str, tuple[Callable[[Array], bool], Sample]] = {
    "symmetric": (lambda x: _square(x) and _near(x, _t(x)), _squares(_symmetric)),
    "hermitian": (lambda x: _square(x) and _near(x, _h(x)), _squares(_hermitian)),
    "psd": (_is_psd, _squares(_psd, "fc")),
    "pd": (_is_pd, _squares(_pd, "fc")),
    "diagonal": (lambda x: x.ndim >= 2 and bool((_diagonal_of(x) == x).all()), _triangle(_diagonal_of)),
    "lower_triangular": (_is_triangular(np.tril), _triangle(np.tril)),
    "upper_triangular": (_is_triangular(np.triu), _triangle(np.triu)),
    "unit_triangular": (_is_unit_triangular, _squares(_unit_triangular)),
    "orthogonal": (lambda x: _square(x) and _near(np.matmul(_t(x), x), _eye(x)), _squares(_orthogonal, "fc")),
    "unitary": (lambda x: _square(x) and _near(np.matmul(_h(x), x), _eye(x)), _squares(_unitary, "fc")),
    "semi_orthogonal": (lambda x: x.ndim >= 2 and _near(np.matmul(_t(x), x), _eye(x)), _semi_orthogonal),
    "permutation": (_is_permutation, _squares(_permutation)),
    "invertible": (_is_invertible, _squares(_invertible, "fc")),
    "tridiagonal": (lambda x: _square(x) and bool(np.all(np.triu(np.tril(x, 1), -1) == x)), _squares(_tridiagonal)),
    "skew_symmetric": (lambda x: _square(x) and x.dtype.kind != "b" and _near(x, -_t(x)), _squares(_skew, "ifc")),
    "circulant": (_is_circulant, _squares(_circulant)),
    "idempotent": (lambda x: _square(x) and _near(np.matmul(x, x), x), _squares(_idempotent, "fc")),
    "positive_diagonal": (_is_positive_diagonal, _squares(_positive_diagonal, "fc")),
}
