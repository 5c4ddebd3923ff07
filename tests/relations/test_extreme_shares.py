"""Gradients, as written, of shares of exponentials and of other ratios that are finite where their parts are not."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp

exp, special = rnp.exp, rnp.special
s = rg.scalar("s")
mp: Any = mpmath.mp
LINKERS = ("numpy", "c", "numba", "jax")
POINTS = (-700.0, -300.0, -40.0, -3.0, 0.5, 3.0, 20.0, 40.0, 187.0, 250.0, 350.0, 700.0)

TABLE: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "tanh of s": ((exp(2*s) - 1) / (exp(2*s) + 1), mp.tanh),
    "tanh of half of s": ((exp(s) - 1) / (exp(s) + 1), lambda x: mp.tanh(x / 2)),
    "the same of a negative exponent": ((1 - exp(-s)) / (1 + exp(-s)), lambda x: mp.tanh(x / 2)),
    "a square of it": ((exp(s) - 1)**2 / (exp(s) + 1)**2, lambda x: mp.tanh(x / 2)**2),
    "a square of a share": (exp(2*s) / (1 + exp(s))**2, lambda x: 1 / (1 + mp.exp(-x))**2),
    "Planck": (exp(2*s) / (exp(s) - 1)**2, lambda x: 1 / mp.expm1(-x)**2),
    "a hazard": (exp(-s**2/2) / special.erfc(s / 2**0.5), lambda x: mp.exp(-x**2/2) / mp.erfc(x / mp.sqrt(2))),
    "a third power": (exp(s) / (1 + exp(s))**3, lambda x: mp.exp(x) / (1 + mp.exp(x))**3),
    "tanh of ratios": (rnp.log((1 + rnp.tanh(s)) / (1 - rnp.tanh(s))), lambda x: 2 * x),
    "hyperbolic": (rnp.sinh(s) / (1 + rnp.cosh(s)), lambda x: mp.tanh(x / 2)),
}
TINY = 1e-14  # beside the slope at 0


def slope(fn: Callable[[Any], Any], at: float) -> float:
    with mpmath.workprec(6000):
        return float(mpmath.diff(fn, mpmath.mpf(at)))


@pytest.mark.parametrize("linker", LINKERS)
@pytest.mark.parametrize("name", TABLE)
def test_gradient(name: str, linker: str) -> None:
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    y, fn = TABLE[name]
    g = rg.function([s], rg.grad(y, s), linker=linker)
    points = [x for x in POINTS if name != "a hazard" or abs(x) < 36]
    found, true = [float(g(x)) for x in points], [slope(fn, x) for x in points]
    np.testing.assert_allclose(found, true, rtol=1e-9, atol=TINY)
