"""Small matrices that have several structures at once, which random matrices of any one of them never have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

__all__ = ["gallery"]

Array: TypeAlias = np.ndarray[Any, Any]


@lru_cache(64)
def gallery(n: int, dtype: np.dtype[Any]) -> tuple[Array, ...]:
    """The square matrices of a size that a dtype has exactly."""
    found = [np.asarray(x, float) for x in _real(n)] if n > 1 else []
    with np.errstate(all="ignore"):
        out = [x.astype(dtype) for x in found]
    if dtype.kind == "c" and n > 1:
        turned = np.array(np.eye(n), dtype)
        turned[:2, :2] = [[0, -1j], [1j, 0]]  # Hermitian, and unitary
        out += [turned, 1j * np.eye(n, dtype=dtype), turned + 2 * np.eye(n, dtype=dtype)]
    return tuple([y for y, x in zip(out, found, strict=False) if np.array_equal(y, x)] + out[len(found):])


def _real(n: int) -> Iterator[Any]:
    one, ones, along = np.eye(n), np.ones((n, n)), np.arange(n)
    turn = np.roll(one, 1, axis=0)
    below = np.diag(np.ones(n - 1), -1)
    alternating = np.diag((-1.0) ** along)
    for corner in ([[2, 1], [1, 2]], [[1, 2], [2, 5]], [[0, 1], [1, 0]], [[0, -1], [1, 0]], [[0.5, 0.5], [0.5, 0.5]],
                   [[0.6, 0.8], [0.8, -0.6]], [[1, 2], [2, 1]]):
        for at in dict.fromkeys((0, n - 2)):  # first, and last
            x = np.array(one)
            x[at:at + 2, at:at + 2] = corner
            yield x
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
