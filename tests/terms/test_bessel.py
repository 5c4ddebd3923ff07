"""Modified Bessel functions: which orders compile, and their derivatives far out."""

from __future__ import annotations

import importlib
from typing import Any

import mpmath
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import LinkError, MisuseError

x = rg.vector("x", shape=(3,))


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_an_order_without_a_lowering_is_said_before_compiling(linker: str) -> None:
    module = importlib.import_module(f"relgraph.linkers.{linker}")
    with pytest.raises(LinkError, match=r"kve: of order 0.3 compiled linkers have nothing.*use linker='numpy'"):
        module.link([x], [rnp.special.kve(0.3, x)])
    with pytest.raises(LinkError, match=r"ive: of order 2 compiled linkers have nothing"):
        module.link([x], [rnp.special.ive(2, x)])


@pytest.mark.parametrize("order", [0, 1, -1, 0.5])
def test_orders_that_compile_have_derivatives_that_compile(order: float) -> None:
    at = np.array([0.3, 2.0, 40.0])
    slope = rg.grad(rnp.sum(rnp.special.ive(order, x)), x)
    module = importlib.import_module("relgraph.linkers.c")
    wanted = [float(mpmath.diff(lambda v: mpmath.besseli(order, v) * mpmath.exp(-v), v)) for v in at]
    np.testing.assert_allclose(module.link([x], [slope])(at)[0], wanted, 1e-10)


@pytest.mark.parametrize("order", [x, "1", None])
def test_an_order_is_a_number(order: Any) -> None:
    with pytest.raises(MisuseError, match=r"the order is .* it is a number, as in rnp.special.kve"):
        rnp.special.kve(order, x)


@pytest.mark.parametrize("order", [0, 1.5, x])
def test_the_order_of_a_repeated_integral_is_a_whole_number(order: Any) -> None:
    with pytest.raises(MisuseError, match=r"order=.* is no order; write a whole number from 1 on"):
        rnp.special.erfc_ratio(x, order)


FAR: dict[str, tuple[Any, Any]] = {
    "i0e": (rnp.special.i0e, lambda v: mpmath.besseli(0, v) * mpmath.exp(-abs(v))),
    "i1e": (rnp.special.i1e, lambda v: mpmath.besseli(1, v) * mpmath.exp(-abs(v))),
    "k0e": (rnp.special.k0e, lambda v: mpmath.besselk(0, v) * mpmath.exp(v)),
    "k1e": (rnp.special.k1e, lambda v: mpmath.besselk(1, v) * mpmath.exp(v)),
    "ive": (lambda t: rnp.special.ive(2.5, t), lambda v: mpmath.besseli(2.5, v) * mpmath.exp(-abs(v))),
    "kve": (lambda t: rnp.special.kve(2.5, t), lambda v: mpmath.besselk(2.5, v) * mpmath.exp(v)),
}


@pytest.mark.parametrize("name", FAR)
def test_derivatives_keep_their_digits_far_out(name: str) -> None:
    """Two terms that are equal to ``1/x`` are not subtracted."""
    fn, truth = FAR[name]
    at = np.array([30.0, 5e3, 7.4e4, 3e5])
    t = rg.vector("t", shape=(4,))
    found = rg.grad(rnp.sum(fn(t)), t).eval({t: at})
    with mpmath.workdps(60):
        np.testing.assert_allclose(found, [float(mpmath.diff(truth, mpmath.mpf(v), h=mpmath.mpf(10)**-20)) for v in at], 1e-9)
