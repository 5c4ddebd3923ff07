"""Small matrices that have several structures at once, which random matrices of any one of them never have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

__all__ = ["collection", "gallery"]

Array: TypeAlias = np.ndarray[Any, Any]


@lru_cache(64)
def gallery(n: int, dtype: np.dtype[Any]) -> tuple[Array, ...]:
    """The square matrices of a size that a dtype has exactly."""
    out = _exact([*_real(n)] if n > 1 else [], dtype)
    if dtype.kind == "c" and n > 1:
        turned = np.array(np.eye(n), dtype)
        turned[:2, :2] = [[0, -1j], [1j, 0]]  # Hermitian, and unitary
        out += (turned, 1j * np.eye(n, dtype=dtype), turned + 2 * np.eye(n, dtype=dtype))
    return out


@lru_cache(64)
def collection(n: int, dtype: np.dtype[Any]) -> tuple[Array, ...]:
    """Those of the gallery, and more, for who tries them all: of the gallery one is drawn, which is to be a telling one."""
    return (*gallery(n, dtype), *_exact([*_embedded(_CORNERS, n)], dtype))


def _exact(matrices: Sequence[Any], dtype: np.dtype[Any]) -> tuple[Array, ...]:
    with np.errstate(all="ignore"):
        pairs = [(np.asarray(x, float), np.asarray(x, float).astype(dtype)) for x in matrices]
    return tuple([y for x, y in pairs if np.array_equal(y, x)])


_Corners: TypeAlias = tuple[list[list[float]], ...]
_FIRST: _Corners = ([[2, 1], [1, 2]], [[1, 2], [2, 5]], [[0, 1], [1, 0]], [[0, -1], [1, 0]], [[0.5, 0.5], [0.5, 0.5]],
                    [[0.6, 0.8], [0.8, -0.6]], [[1, 2], [2, 1]])
_CORNERS: _Corners = (
    [[0, 1], [-1, 0]],
    [[1, 1], [1, 1]], [[1, -1], [-1, 1]], [[1, -1], [1, -1]],  # singular; the last one is zero when squared
    [[1, 1], [1, -1]],  # squares of its elements are dependent
    [[1, 2], [2, 3]], [[0, 1], [1, 2]],  # rows that differ by one number: their exponentials are dependent
    [[1, 2], [3, 4]], [[1, 1], [0, 1]], [[-1, 1], [0, 1]], [[2, -1], [0, 1]],
    [[3, 2, 0], [2, 3, 2], [0, 2, 3]],  # positive definite, the roots of its elements are not
    [[3, 2, 0, -2], [2, 3, 2, 0], [0, 2, 3, 2], [-2, 0, 2, 3]],  # nor are the sizes of these
)


def _embedded(corners: _Corners, n: int) -> Iterator[Array]:
    """Identity matrices with a corner of others, the first and the last."""
    for corner in corners:
        size = len(corner)
        for at in dict.fromkeys((0, n - size)) if size <= n else ():
            x = np.eye(n)
            x[at:at + size, at:at + size] = corner
            yield x


def _real(n: int) -> Iterator[Any]:
    one, ones, along = np.eye(n), np.ones((n, n)), np.arange(n)
    turn = np.roll(one, 1, axis=0)
    below = np.diag(np.ones(n - 1), -1)
    alternating = np.diag((-1.0) ** along)
    yield from _embedded(_FIRST, n)
    yield from (turn, turn.T, one[::-1], alternating, -one, np.diag(along + 1.0), np.diag(along % 2.0))
    yield from (below, below.T, one + below, one + below.T, np.tril(ones), np.triu(ones), one - below)
    for off in (1, -1):
        yield 2 * one + off * (below + below.T)  # positive definite, tridiagonal, Toeplitz
    yield from (below + below.T, below - below.T, turn + turn.T, turn - turn.T, 3 * one + turn + turn.T)
    yield from (ones, one + ones, ones / n, one - 2 / n * ones, (one + one[::-1]) / 2, (one + turn) / 2, (turn + turn.T) / 2)
    pairs = np.zeros((n, n))
    for k in range(0, n - 1, 2):
        pairs[k, k + 1], pairs[k + 1, k] = -1, 1
    yield pairs  # skew-symmetric, and of even size orthogonal
