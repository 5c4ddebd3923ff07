"""Which order of two products of matrices takes fewer multiplications: pure functions of types (or arrays)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["cheap_left", "cheap_right"]


def cheap_right(x: Any, y: Any, z: Any) -> bool:
    """``x @ (y @ z)`` takes at most half the multiplications of ``(x @ y) @ z``: less is not worth another rounding."""
    left, right = _multiplications(x.shape, y.shape, z.shape)
    return 0 < 2 * right <= left


def cheap_left(x: Any, y: Any, z: Any) -> bool:
    """``(x @ y) @ z`` takes at most half the multiplications of ``x @ (y @ z)``."""
    left, right = _multiplications(x.shape, y.shape, z.shape)
    return 0 < 2 * left <= right


def _multiplications(x: Any, y: Any, z: Any) -> tuple[int, int]:
    """Of the product from the left and from the right; equal where a size is not known."""
    if min(map(len, (x, y, z))) < 2 or not all(isinstance(d, int) for d in (*x, *y, *z)):
        return 0, 0
    (m, k), (n, p) = x[-2:], z[-2:]
    xy, yz = (np.broadcast_shapes(a[:-2], b[:-2]) for a, b in ((x, y), (y, z)))
    every = math.prod(np.broadcast_shapes(xy, z[:-2]))
    return math.prod(xy) * m * k * n + every * m * n * p, math.prod(yz) * k * n * p + every * m * k * p
