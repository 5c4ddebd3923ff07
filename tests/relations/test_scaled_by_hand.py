"""What is written so that nothing overflows does not overflow after rewriting, and no digits are lost to a narrower dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, linear_algebra
from relgraph.strategies import identity

la, special = rnp.linalg, rnp.special
s, t = rg.scalar("s"), rg.scalar("t")
v, w = rg.vector("v", shape="n"), rg.vector("w", shape="n")
f, g = rg.scalar("f", dtype="float32"), rg.scalar("g", dtype="float32")

SCALED: dict[str, tuple[Any, dict[Any, Any]]] = {
    "square of a quotient": ((f / g)**2, {f: 3e20, g: 4e20}),
    "square of a small quotient": ((f / g)**2, {f: 3e-25, g: 4e-25}),
    "square of a small multiple": ((1e-200*s)**2, {s: 3e200}),
    "two small factors": (s / 1e200 / 1e200, {s: 1e300}),
    "two large factors": (s * 1e200 * 1e200, {s: 1e-300}),
    "two large multiples": (1e308*s + 1e308*s, {s: 0.5}),
    "two large terms": (s + 1e308 + 1e308, {s: -1e308}),
    "logarithm of a square": (rnp.log((s * 1e200)**2), {s: 1e-200}),
}


@pytest.mark.parametrize("linker", ["numpy", "c"])
@pytest.mark.parametrize("name", SCALED)
def test_a_scaled_formula_stays_one(name: str, linker: str) -> None:
    y, at = SCALED[name]
    written, rewritten = (rg.function(list(at), y, rewrite=r, linker=linker)(*at.values()) for r in (identity, default))
    assert np.isfinite(written)
    np.testing.assert_allclose(rewritten, written, rtol=1e-6, atol=1e-12)


def test_nan_of_a_power_that_is_no_float() -> None:
    assert np.isnan(rg.function([s], (1e-200*s)**2)(np.nan))


@pytest.mark.parametrize("safety", ["exact", "real", "domain"])
def test_a_difference_of_equals_is_a_zero_without_sign(safety: Any) -> None:
    """Of the sign of a zero arctan2 makes pi or -pi, and a division one of two infinities."""
    at = np.array([-3.0, 4.0])
    assert rg.function([v, w], rnp.arctan2(v - v, w), safety=safety)(at, -np.abs(at)) == pytest.approx([np.pi, np.pi])
    assert rg.function([v], 1 / (v - v), safety=safety)(at).tolist() == [np.inf, np.inf]


# -- float32 beside float64 ---------------------------------------------------------------------------------------------------

A, B = rg.tensor("A", (3, 3), "float32"), rg.tensor("B", (3, 3))
X, Y = rg.tensor("X", (4,), "float32"), rg.tensor("Y", (1,))
rng = np.random.default_rng(0)
VALUES = {A: (rng.standard_normal((3, 3)) + 3 * np.eye(3)).astype("float32"), B: rng.standard_normal((3, 3)) + 3 * np.eye(3),
          X: rng.random(4).astype("float32"), Y: rng.random(1)}
MIXED = [
    la.det(A @ B), rnp.log(la.det(A @ B)), la.inv(A @ B), la.slogdet(A @ B)[1], la.solve(A, B @ B), la.trace(A @ B),
    la.det(rnp.kron(A, B)), rnp.sum(rnp.kron(A, B)), la.inv(rnp.kron(A, B)), la.trace(rnp.kron(A, B)), la.pinv(rnp.kron(A, B)),
    la.inv(la.block_diag(A, B)), la.det(la.block_diag(A, B)), la.trace(la.block_diag(A, B)), la.expm(la.block_diag(A, B)),
    rnp.sum(rnp.concat([X, Y])), rnp.prod(rnp.concat([X, Y])), special.logsumexp(rnp.concat([X, Y])), rnp.sum(X * Y)]


@pytest.mark.parametrize("pipeline", [default, linear_algebra], ids=["default", "linear_algebra"])
def test_no_digits_are_lost_to_single_precision(pipeline: Any) -> None:
    written, rewritten = (rg.function(list(VALUES), MIXED, rewrite=r, linker="numpy")(*VALUES.values())
                          for r in (identity, pipeline))
    for y, a, b in zip(MIXED, written, rewritten, strict=True):
        assert np.max(np.abs(a - b)) <= 1e-12 * np.max(np.abs(a)), y


def test_a_sum_of_parts_is_added_in_double_precision() -> None:
    total = rg.function([X, Y], rnp.sum(rnp.concat([X, Y])))
    assert total(np.array([2.0**24, 1, 1, 1], "float32"), np.zeros(1)) == 2**24 + 3
