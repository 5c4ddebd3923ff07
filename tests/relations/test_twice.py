"""What is rewritten stays as it is when it is rewritten again: terms that did not."""

from __future__ import annotations

from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp

s = rg.scalar("s")
BENT = [rnp.sin(s) / s, rnp.log(rnp.sqrt(s)), 1 / rnp.tanh(s) - 1 / s, s / rnp.sqrt(s**2)]


@pytest.mark.parametrize("y", BENT, ids=repr)
def test_second_derivatives(y: Any) -> None:
    """Of equal divisors, and of a node that is built again of reduced operands and met once more."""
    once = rg.rewrite(rg.grad(rg.grad(y, s), s))
    assert rg.rewrite(once) is once


@pytest.mark.parametrize("y", [-s - 0.5, s - 0.5, 0.5 - s, -rnp.abs(s) - 0.5], ids=repr)
def test_negative_numbers_at_exact(y: Any) -> None:
    once = rg.rewrite(y, safety="exact")
    assert rg.rewrite(once, safety="exact") is once


@pytest.mark.parametrize("y", [-rg.vector("b", 3, "uint8") - 2, -rg.vector("c", 3, "complex128") - 2,
                               (-(rg.vector("p", 3, "bool") * 1))[1:], (127 - rg.vector("p", 3, "bool") * -1)[::-1]], ids=repr)
def test_negatives_of_what_has_no_sign_at_exact(y: Any) -> None:
    once = rg.rewrite(y, safety="exact")
    assert rg.rewrite(once, safety="exact") is once


x, y, p, t = rg.vector("x", 4), rg.vector("y", 4), rg.vector("p", 3), rg.scalar("t")
PAIRS = x[:, None] - p[None, :]


@pytest.mark.parametrize("y", [rnp.abs(PAIRS), rnp.tanh(PAIRS), rnp.min(PAIRS, axis=1), x**2 / rnp.sqrt(1 + x**2)**3,
                               rg.grad(s / rnp.sqrt(s**2 + t**2), s), x**3 / rnp.sqrt(1 + x**2)**4], ids=repr)
def test_differences_turned_and_powers_of_quotients(y: Any) -> None:
    once = rg.rewrite(y)
    assert rg.rewrite(once) is once


m, n, u = rg.matrix("m", (3, 3)), rg.matrix("n", (3, 3)), rg.matrix("u", (3, 3), "complex128")
MET = [m.T**2 * n.T**2, m.T**2 / n.T**3, n * m.T**4 * n.T**4 / (m + n).T**4, rnp.abs(m)**3 * rnp.abs(n)**3, u**3 / (u + 1)**4,
       rnp.reshape(m, (9,))**2 * rnp.reshape(n, (9,))**2, x[:, None]**2 * p[None, :]**2, p[:, None]**2 / s[None]**3]


@pytest.mark.parametrize("y", MET, ids=repr)
def test_products_that_are_seen_once_powers_are_read_together(y: Any) -> None:
    once = rg.rewrite(y)
    assert rg.rewrite(once) is once


def test_powers_read_together_are_rewritten() -> None:
    assert rg.rewrite(m.T**2 * n.T**2) is (m * n).T**2


@pytest.mark.parametrize("y", [m + rnp.exp(n) - rnp.exp(n), rnp.exp(m) - rnp.exp(m) - n], ids=repr)
def test_merged_terms_at_real(y: Any) -> None:
    """What two terms are merged into, ``0*abs(exp(n))``, is reduced with its operands."""
    once = rg.rewrite(y, safety="real")
    assert rg.rewrite(once, safety="real") is once


nonzero = rg.assume(s, nonzero=True)
LEFT = [m + 0.5 * (m + n) + 0.5 * (m + n), nonzero * s / (nonzero * s) / s]


@pytest.mark.parametrize("y", LEFT, ids=repr)
def test_sums_and_products_that_rules_leave(y: Any) -> None:
    """A sum that like terms were merged into, in a sum; and the factors that are left where one cancels."""
    once = rg.rewrite(y)
    assert rg.rewrite(once) is once


ONES, AFTER = rnp.broadcast_to(rnp.asarray(1.0), (3, 3)), rnp.asarray([1.0, 2.0, 3.0])
CONSTANTS = [((ONES @ ONES) * (m + m) + ((ONES @ ONES) * n + (ONES @ ONES) * n), "domain"),
             (0 / p * AFTER * p + 0 / p * AFTER, "real"), (AFTER / s / 3 + AFTER / t / 3, "domain"),
             (-(p - p) * p / (p * -0.5) + -(p - p) * p / (p * -0.5) / p, "domain")]


@pytest.mark.parametrize(("y", "safety"), CONSTANTS, ids=repr)
def test_constants_beside_one_another(y: Any, safety: str) -> None:
    """A number and an array, or -0.0, of which a product that two terms have in common would be folded."""
    once = rg.rewrite(y, safety=safety)
    assert rg.rewrite(once, safety=safety) is once


DIVIDED = [s**2 * (s / rnp.sin(s) / rnp.sin(s) * rnp.cos(s)) + s**3 * rnp.cos(s) * (s / rnp.sin(s) / rnp.sin(s)),
           rnp.cosh(p) * rnp.sign(rnp.sinh(p)) / rnp.sinh(p) / rnp.sinh(p) + rnp.cosh(p) * (1 / rnp.sinh(p) / rnp.sinh(p))]


@pytest.mark.parametrize("y", DIVIDED, ids=repr)
def test_quotients_that_repeated_divisions_share(y: Any) -> None:
    """``cos(s)/sin(s)``, a part of two terms that are divided by ``sin(s)`` again, is ``1/tan(s)``."""
    once = rg.rewrite(y)
    assert rg.rewrite(once) is once


f = rg.vector("f", 3, "float32")
MORE = [-f * rnp.astype(0.0, "float32") - f * rnp.astype(0.0, "float32") + f * (f + rnp.astype(-0.0, "float32")),
        rnp.astype(rnp.astype(-f, "float64"), "float32") + rnp.astype(rnp.astype(-f, "float64"), "float32")]


@pytest.mark.parametrize("y", MORE, ids=repr)
def test_negative_zeros_and_casts_to_the_dtype_itself(y: Any) -> None:
    once = rg.rewrite(y)
    assert rg.rewrite(once) is once


def test_what_is_cast_there_and_back_is_itself() -> None:
    assert rg.rewrite(rnp.astype(rnp.astype(f, "float64"), "float32")) is f
