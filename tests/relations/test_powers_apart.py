"""A power and its divisor stay together, whatever moved one of them: a square alone is often no float."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.terms.evaluate import evaluate

x, y, s, t, R = rg.vector("x", 4), rg.vector("y", 4), rg.scalar("s"), rg.scalar("t"), rg.matrix("R", (1, 4))
HUGE = {x: np.full(4, 2e160), y: np.full(4, 1e160), s: np.asarray(1e160), t: np.asarray(1e-160), R: np.full((1, 4), 1e160)}
PROGRAMS = {
    "read": ((x / y)**2)[1:], "taken": rnp.take((x / y)**2, np.array([0, 2])),
    "density, read": (-0.5 * (x / y)**2 - rnp.log(y))[1:], "share of a sum": rg.grad(rnp.sum(rnp.cumsum(x) / rnp.sum(x)), x),
    "square of a product": 1 / (s * t)**2, "two scales": ((x / x) / (s * t))**2, "harmonic": rg.grad(4 / rnp.sum(1 / x), x)}


def computed(term: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return evaluate([term], HUGE)[0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_quotient_is_squared_not_squares_divided(name: str) -> None:
    term = PROGRAMS[name]
    once = rg.rewrite(term)
    np.testing.assert_allclose(computed(once), computed(term) if name != "harmonic" else np.full(4, 0.25), rtol=1e-9)
    assert rg.rewrite(once) is once


@pytest.mark.parametrize("term", [rnp.var(R, axis=0), (x - x)**2, rnp.sqrt(rnp.sum((x - x)**2))], ids=repr)
def test_the_square_of_zero_does_not_overflow(term: Any) -> None:
    np.testing.assert_array_equal(computed(rg.rewrite(term, safety="real")), computed(term))


C, D = (rg.vector(name, 2, "complex128") for name in "CD")
i, j = (rg.vector(name, 3, "uint8") for name in "ij")


@pytest.mark.parametrize(("term", "expected"), [
    ((C + D) - (C + D), 0 * C), ((C + D) - (D + C), 0 * C), (2*C + 3*C, 5*C), (C*D - D*C, 0 * C),
    ((i + j) - (j + i), 0 * i), (2*i + 3*i, 5*i), (i*j - j*i, 0 * i), (i + 255*i, 0 * i)], ids=repr)
def test_what_is_no_float_is_collected_too(term: Any, expected: Any) -> None:
    assert rg.rewrite(term) is rg.rewrite(expected)


def test_a_read_quotient_is_a_quotient_of_reads() -> None:
    assert rg.rewrite((x / y)[1:]) is rg.rewrite(x[1:] / y[1:])
    assert rg.rewrite(x / rnp.max(y, keepdims=True)) is rg.rewrite(x / rnp.max(y))
    assert rg.rewrite(x - rnp.max(y, keepdims=True)) is rg.rewrite(x - rnp.max(y))
