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
s, t, u = rg.scalar("s"), rg.scalar("t"), rg.scalar("u")
v, w = rg.vector("v", shape="n"), rg.vector("w", shape="n")
f, g = (rg.scalar(name, dtype="float32") for name in "fg")
LARGEST = rnp.max(rnp.abs(v))

SCALED: dict[str, tuple[Any, dict[Any, Any]]] = {
    "square of a quotient": ((f / g)**2, {f: 3e20, g: 4e20}),
    "square of a small quotient": ((f / g)**2, {f: 3e-25, g: 4e-25}),
    "square of a small multiple": ((1e-200*s)**2, {s: 3e200}),
    "two small factors": (s / 1e200 / 1e200, {s: 1e300}),
    "two large factors": (s * 1e200 * 1e200, {s: 1e-300}),
    "two large multiples": (1e308*s + 1e308*s, {s: 0.5}),
    "two large terms": (s + 1e308 + 1e308, {s: -1e308}),
    "square of a product": ((s*t)**2, {s: 1e200, t: 1e-200}),
    "third power of a product": ((s*t*u)**3, {s: 1e120, t: 1e-120, u: 1.0}),
    "square of a scaled difference": (rnp.square((s - t)*u), {s: 1e200, t: 0.0, u: 1e-200}),
    "two equal quotients": ((s/u)*(t/u), {s: 1e200, t: 1e200, u: 1e200}),
    "two equal quotients of small numbers": ((s/u)*(t/u), {s: 1e-170, t: 1e-170, u: 1e-170}),
    "divided twice": (s/t/t, {s: 1e200, t: 1e160}),
    "divided thrice": (s/t/t/t, {s: 1e300, t: 1e110}),
    "determinant of a product of Kronecker": (la.det(rnp.kron(s*rnp.eye(3), t*rnp.eye(3))), {s: 1e-40, t: 1e40}),
    "a small number beside a difference": (rnp.sqrt((s - t) + 1e-12), {s: 1e5, t: 1e5}),
    "one beside a difference": (1 / (1 + (s - t)), {s: 1e17, t: 1e17}),
    "slope of softsign": (rg.grad(s / (1 + rnp.abs(s)), s), {s: 1e160}),
    "slope of a Gaussian": (rg.grad(-0.5*(s/t)**2 - rnp.log(t), t), {s: 0.0, t: 1e-200}),
    "slope of a logarithm": (rg.grad(rnp.log(s*t), s), {s: 1e-300, t: 1e300}),
    "slope of tanh": (rg.grad((rnp.exp(s) - rnp.exp(-s)) / (rnp.exp(s) + rnp.exp(-s)), s), {s: 400.0}),
    "slope of tanh in single precision": (rg.grad((rnp.exp(f) - rnp.exp(-f)) / (rnp.exp(f) + rnp.exp(-f)), f), {f: 50.0}),
    "bend of a hypotenuse": (rg.grad(rg.grad(rnp.sqrt(1 + s**2), s), s), {s: 1e160}),
    "bend of a root": (rg.grad(rg.grad(rnp.sqrt(rnp.exp(s)), s), s), {s: -700.0}),
    "slope of a share": (rg.grad(rnp.exp(s) / (rnp.exp(s) + rnp.exp(t)), t), {s: 400.0, t: 400.0}),
    "norm of large numbers": (LARGEST * rnp.sqrt(rnp.sum((v/LARGEST)**2)), {v: [3e200, -4e200]}),
    "norm of small numbers": (LARGEST * rnp.linalg.vector_norm(v/LARGEST), {v: [3e-200, -4e-200]}),
    "slope of a norm": (rg.grad(LARGEST * rnp.sqrt(rnp.sum((v/LARGEST)**2)), v), {v: [3e200, -4e200]}),
    "logarithm of a square": (rnp.log((s * 1e200)**2), {s: 1e-200}),
}


@pytest.mark.parametrize("linker", ["numpy", "c"])
@pytest.mark.parametrize("name", SCALED)
def test_a_scaled_formula_stays_one(name: str, linker: str) -> None:
    y, at = SCALED[name]
    written, rewritten = (rg.function(list(at), y, rewrite=r, linker=linker)(*at.values()) for r in (identity, default))
    assert np.isfinite(written).all()
    np.testing.assert_allclose(rewritten, written, rtol=1e-6, atol=1e-300)


def test_the_slope_of_a_cross_entropy_by_hand() -> None:
    """One label of three, as written it overflows; at the default level no worse than at "real"."""
    slope = rg.grad(-rnp.log(rnp.exp(v) / rnp.sum(rnp.exp(v)))[0], v)
    for at in ([800.0, 801.0, 802.0], [-800.0, -801.0, -802.0], [400.0, 0.0, -400.0], [1.0, 2.0, 3.0]):
        share = np.exp(np.array(at) - np.max(at)) / np.sum(np.exp(np.array(at) - np.max(at)))
        np.testing.assert_allclose(rg.function([v], slope)(np.array(at)), share - [1, 0, 0], rtol=1e-9, atol=1e-12)


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
