"""Modified Bessel functions of orders 0 and 1 for Numba, with the series that their rows name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...terms import bessel
from .helpers import jit

__all__ = ["rg_i0e", "rg_i1e", "rg_k0e", "rg_k1e"]

I0_NEAR, I0_FAR, I1_NEAR, I1_FAR, K0_NEAR, K0_FAR, K1_NEAR, K1_FAR = map(np.array, (
    bessel.I0_NEAR, bessel.I0_FAR, bessel.I1_NEAR, bessel.I1_FAR, bessel.K0_NEAR, bessel.K0_FAR, bessel.K1_NEAR, bessel.K1_FAR))


@jit
def _chebyshev(c: Any, t: Any) -> Any:
    one = 0.0
    two = 0.0
    for k in range(len(c) - 1, 0, -1):
        one, two = c[k] + 2 * t * one - two, one
    return c[0] + t * one - two


@jit
def _i(near: Any, far: Any, size: Any, power: Any) -> Any:
    if size <= 8:
        return power * _chebyshev(near, size / 4 - 1)
    return _chebyshev(far, 16 / size - 1) / math.sqrt(size)


@jit
def _k(near: Any, far: Any, inner: Any, x: Any, power: Any, sign: Any) -> Any:
    if x == 0:
        return math.inf
    if not x > 0:
        return math.nan
    if x > 2:
        return _chebyshev(far, 4 / x - 1) / math.sqrt(x)
    grown = math.exp(x)
    singular = (math.log(x) - math.log(2.0)) * (power * _chebyshev(inner, x / 4 - 1)) * grown
    return grown * (_chebyshev(near, 0.5 * x * x - 1) / power + sign * singular)


@jit
def rg_i0e(x: Any) -> Any:
    return _i(I0_NEAR, I0_FAR, abs(float(x)), 1.0)


@jit
def rg_i1e(x: Any) -> Any:
    size = abs(float(x))
    return math.copysign(1.0, x) * _i(I1_NEAR, I1_FAR, size, size)


@jit
def rg_k0e(a: Any) -> Any:
    return _k(K0_NEAR, K0_FAR, I0_NEAR, float(a), 1.0, -1.0)


@jit
def rg_k1e(a: Any) -> Any:
    x = float(a)
    return _k(K1_NEAR, K1_FAR, I1_NEAR, x, x, 1.0)
