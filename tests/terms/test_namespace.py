"""Every constructor of `relgraph.numpy` evaluates to what NumPy's function of that name gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError

x = rg.vector("x", "n")
X = rg.matrix("X", ("n", "m"))
T = rg.tensor("T", ("p", "n", "m"))
S = rg.matrix("S", ("n", "n"))
rng = np.random.default_rng(0)
A: dict[rg.Term, Any] = {x: rng.normal(size=4), X: rng.normal(size=(4, 3)), T: rng.normal(size=(2, 4, 3)),
                         S: (lambda m: m @ m.T + 4 * np.eye(4))(rng.normal(size=(4, 4)))}

SAME: dict[str, Callable[[Any, Any, Any, Any, Any], Any]] = {
    "asarray": lambda np, x, X, T, S: np.asarray([[1, 2], [3, 4]]) * 1.0,
    "asarray dtype": lambda np, x, X, T, S: np.asarray([1, 2], dtype="float32"),
    "array": lambda np, x, X, T, S: np.array([1.5, 2]),
    "arange": lambda np, x, X, T, S: np.arange(5), "arange 2": lambda np, x, X, T, S: np.arange(2, 7),
    "arange 3": lambda np, x, X, T, S: np.arange(7, -2, -3), "arange float": lambda np, x, X, T, S: np.arange(0.5, 3, 0.5),
    "arange dtype": lambda np, x, X, T, S: np.arange(3, dtype="float32"),
    "arange empty": lambda np, x, X, T, S: np.arange(3, 1),
    "eye": lambda np, x, X, T, S: np.eye(3), "eye k": lambda np, x, X, T, S: np.eye(3, 4, k=1, dtype="int8"),
    "zeros": lambda np, x, X, T, S: np.zeros((2, 3)), "ones": lambda np, x, X, T, S: np.ones(4, dtype="bool"),
    "full": lambda np, x, X, T, S: np.full((2, 2), 7), "full float": lambda np, x, X, T, S: np.full(3, 0.5, dtype="float32"),
    "zeros_like": lambda np, x, X, T, S: np.zeros_like(X), "ones_like": lambda np, x, X, T, S: np.ones_like(X, dtype="int16"),
    "full_like": lambda np, x, X, T, S: np.full_like(x, 3),
    "diag of vector": lambda np, x, X, T, S: np.diag(x), "diag of matrix": lambda np, x, X, T, S: np.diag(X, -1),
    "diagonal": lambda np, x, X, T, S: np.diagonal(T, 1), "diagonal axes": lambda np, x, X, T, S: np.diagonal(T, 0, 2, 1),
    "trace": lambda np, x, X, T, S: np.trace(T), "trace offset": lambda np, x, X, T, S: np.trace(X, 1),
    "tril": lambda np, x, X, T, S: np.tril(X), "triu": lambda np, x, X, T, S: np.triu(T, 1),
    "swapaxes": lambda np, x, X, T, S: np.swapaxes(T, 0, 2), "moveaxis": lambda np, x, X, T, S: np.moveaxis(T, 0, -1),
    "ravel": lambda np, x, X, T, S: np.ravel(T), "transpose": lambda np, x, X, T, S: np.transpose(T, (2, 0, 1)),
    "permute_dims": lambda np, x, X, T, S: np.permute_dims(T, (0, 2, 1)), "T": lambda np, x, X, T, S: np.transpose(T),
    "matrix_transpose": lambda np, x, X, T, S: np.matrix_transpose(T), "reshape": lambda np, x, X, T, S: np.reshape(X, (3, 4)),
    "expand_dims": lambda np, x, X, T, S: np.expand_dims(X, (0, -1)),
    "squeeze": lambda np, x, X, T, S: np.squeeze(X[None, :, None]),
    "broadcast_to": lambda np, x, X, T, S: np.broadcast_to(X, (2, 4, 3)),
    "concat": lambda np, x, X, T, S: np.concat([X, X * 2], axis=1),
    "stack": lambda np, x, X, T, S: np.stack([x, x + 1], axis=-1), "take": lambda np, x, X, T, S: np.take(X, [2, 0], axis=1),
    "take flat": lambda np, x, X, T, S: np.take(X, [[5, -1]]), "where": lambda np, x, X, T, S: np.where(X > 0, X, 0),
    "angle": lambda np, x, X, T, S: np.angle(X - 1j * X**2) + np.angle(X),
    "shifts": lambda np, x, X, T, S: np.bitwise_right_shift(np.arange(5) << 3, 2) + (np.arange(5) >> 1) + (1 << np.arange(5)),
    "clip": lambda np, x, X, T, S: np.clip(X, -0.5, 0.5), "clip one side": lambda np, x, X, T, S: np.clip(X, None, 0.5),
    "var": lambda np, x, X, T, S: np.var(X, axis=0), "std": lambda np, x, X, T, S: np.std(T, axis=(0, 2)),
    "var correction": lambda np, x, X, T, S: np.var(X, axis=0, correction=1),
    "var complex": lambda np, x, X, T, S: np.var(X + 2j * X),
    "keepdims": lambda np, x, X, T, S: np.sum(T, axis=(0, 2), keepdims=True) + np.max(T, axis=1, keepdims=True),
    "sum dtype": lambda np, x, X, T, S: np.sum(X > 0, dtype="float32"),
    "mean dtype": lambda np, x, X, T, S: np.mean(X, dtype="float32"),
    "matmul": lambda np, x, X, T, S: np.matmul(np.matrix_transpose(T), T), "matmul vector": lambda np, x, X, T, S: x @ T,
    "matvec": lambda np, x, X, T, S: np.matvec(np.matrix_transpose(T), x), "vecmat": lambda np, x, X, T, S: np.vecmat(x, T),
    "vecdot": lambda np, x, X, T, S: np.vecdot(T, X), "vecdot complex": lambda np, x, X, T, S: np.vecdot(T + 1j * X, X - 1j),
    "vecmat complex": lambda np, x, X, T, S: np.vecmat(1j * x, T),
    "vecdot axis": lambda np, x, X, T, S: np.vecdot(T, X, axis=-2), "dot": lambda np, x, X, T, S: np.dot(S, X) + np.dot(2.0, X),
    "outer": lambda np, x, X, T, S: np.outer(x, x), "logical_not": lambda np, x, X, T, S: np.logical_not(X > 0),
    "power": lambda np, x, X, T, S: np.power(X, 2) + np.pow(X, 3), "square": lambda np, x, X, T, S: np.square(X),
    "linalg.cholesky": lambda np, x, X, T, S: np.linalg.cholesky(S),
    "linalg.cholesky upper": lambda np, x, X, T, S: np.linalg.cholesky(S, upper=True),
    "linalg.det": lambda np, x, X, T, S: np.linalg.det(S), "linalg.inv": lambda np, x, X, T, S: np.linalg.inv(S),
    "linalg.solve vector": lambda np, x, X, T, S: np.linalg.solve(S, x),
    "linalg.solve": lambda np, x, X, T, S: np.linalg.solve(S, X),
    "linalg.slogdet": lambda np, x, X, T, S: np.stack(list(np.linalg.slogdet(S))),
    "linalg.qr": lambda np, x, X, T, S: np.abs(np.linalg.qr(X)[0]) @ np.abs(np.linalg.qr(X)[1]),
    "linalg.diagonal": lambda np, x, X, T, S: np.linalg.diagonal(T), "linalg.trace": lambda np, x, X, T, S: np.linalg.trace(T),
    "linalg.matrix_transpose": lambda np, x, X, T, S: np.linalg.matrix_transpose(T),
    "linalg.multi_dot": lambda np, x, X, T, S: np.linalg.multi_dot([S, X, X.T, X]),
    "linalg.multi_dot of vectors": lambda np, x, X, T, S: np.linalg.multi_dot([x, X, X.T, x]),
    "linalg.outer": lambda np, x, X, T, S: np.linalg.outer(x, x),
    "linalg.vecdot": lambda np, x, X, T, S: np.linalg.vecdot(X, X),
    "inverse circular": lambda np, x, X, T, S: np.arcsin(np.sin(X)) + np.arccos(np.cos(X)) + np.arctan2(X, X + 1),
    "inverse hyperbolic": lambda np, x, X, T, S: np.arcsinh(X) + np.arccosh(1 + np.abs(X)) + np.arctanh(np.tanh(X)),
    "array API names": lambda np, x, X, T, S: np.asin(np.sin(X)) + np.acos(np.cos(X)) + np.atan(X) + np.atan2(X, 2.0),
    "array API hyperbolic": lambda np, x, X, T, S: np.asinh(X) + np.acosh(1 + np.abs(X)) + np.atanh(np.tanh(X)),
    "angles": lambda np, x, X, T, S: np.deg2rad(X) + np.rad2deg(X) + np.radians(X) + np.degrees(X),
    "roots": lambda np, x, X, T, S: np.cbrt(X) + np.hypot(X, 2.0) + np.exp2(X) + np.copysign(X, -1.0),
    "rounding": lambda np, x, X, T, S: np.trunc(10 * X) + np.rint(10 * X) + np.round(X) + np.round(X, 2),
    "round whole": lambda np, x, X, T, S: np.round(np.arange(4)),
    "constants": lambda np, x, X, T, S: x * np.pi + np.e - np.inf,
    "newaxis": lambda np, x, X, T, S: x[:, np.newaxis] * X,
    "einsum": lambda np, x, X, T, S: np.einsum("i,pij,ij->pj", x, T, X), "inner": lambda np, x, X, T, S: np.inner(T, X),
    "tensordot": lambda np, x, X, T, S: np.tensordot(T, X, axes=([1, 2], [0, 1])),
    "atleast": lambda np, x, X, T, S: np.atleast_1d(x[0]) + np.atleast_2d(x) + np.atleast_3d(x) + np.atleast_3d(X[:, :1]),
    "atleast of several": lambda np, x, X, T, S: np.concat(np.atleast_2d(x[:3], X)),
    "hstack": lambda np, x, X, T, S: np.hstack([X, S]),
    "hstack of vectors": lambda np, x, X, T, S: np.hstack([x, 2 * x, x[0]]),
    "vstack": lambda np, x, X, T, S: np.vstack([x, S]), "dstack": lambda np, x, X, T, S: np.dstack([X, 2 * X]),
    "column_stack": lambda np, x, X, T, S: np.column_stack([x, X, x]),
    "stack of slices": lambda np, x, X, T, S: np.vstack(np.reshape(T, (2, 4, 3))),
    "unstack": lambda np, x, X, T, S: np.unstack(np.reshape(T, (2, 4, 3)), axis=1)[2],
    "array_split": lambda np, x, X, T, S: np.concat(np.array_split(np.reshape(X, 12), 5)[1:3]),
    "array_split at": lambda np, x, X, T, S: np.array_split(X, [1, 3])[1],
    "count_nonzero": lambda np, x, X, T, S: np.count_nonzero(np.maximum(T, 0), axis=1),
    "count_nonzero bool": lambda np, x, X, T, S: np.count_nonzero(X > 0), "ptp": lambda np, x, X, T, S: np.ptp(T, axis=0),
    "average": lambda np, x, X, T, S: np.average(X, axis=0),
    "average of all": lambda np, x, X, T, S: np.average(X, weights=X**2),
    "average along": lambda np, x, X, T, S: np.average(X, axis=0, weights=x**2),
    "average weighted": lambda np, x, X, T, S: np.average(X, axis=1, weights=X**2, keepdims=True),
    "average whole": lambda np, x, X, T, S: np.average(np.arange(4), weights=np.arange(4)),
    "median": lambda np, x, X, T, S: np.median(X), "median even": lambda np, x, X, T, S: np.median(X, axis=0),
    "median odd": lambda np, x, X, T, S: np.median(T, axis=-1, keepdims=True),
    "median axes": lambda np, x, X, T, S: np.median(T, axis=(0, 2)),
    "median whole": lambda np, x, X, T, S: np.median(np.arange(4)),
    "median nan": lambda np, x, X, T, S: np.median(X * np.asarray([1, np.nan, np.inf]), axis=0),
    "median large": lambda np, x, X, T, S: np.median(np.asarray([1e308, 1.5e308, 1.7e308]), axis=0),
    "isclose": lambda np, x, X, T, S: np.isclose(X, X * (1 + np.asarray([0.9e-5, 1.2e-5, 0.0]))),
    "isclose edges": lambda np, x, X, T, S: np.isclose(np.asarray([np.inf, np.inf, np.nan, 1.0, -np.inf]),
                                                      np.asarray([np.inf, -np.inf, np.nan, np.inf, 2.0])),
    "isclose nan": lambda np, x, X, T, S: np.isclose(X * np.nan, X * np.nan, equal_nan=True),
    "isclose whole": lambda np, x, X, T, S: np.isclose(np.asarray([0, 255], dtype="uint8"), np.asarray(255, dtype="uint8")),
    "allclose": lambda np, x, X, T, S: np.allclose(X, X + 1e-9),
    "allclose not": lambda np, x, X, T, S: np.allclose(X, X + 1e-3),
    "array_equal": lambda np, x, X, T, S: np.array_equal(X, X + 0),
    "array_equal not": lambda np, x, X, T, S: np.array_equal(X, x),
    "array_equal nan": lambda np, x, X, T, S: np.array_equal(X * np.nan, X * np.nan, equal_nan=True),
    "nan_to_num": lambda np, x, X, T, S: np.nan_to_num(np.asarray([np.nan, np.inf, -np.inf, 1.0])),
    "nan_to_num float32": lambda np, x, X, T, S: np.nan_to_num(np.asarray([np.inf, -np.inf], dtype="float32"), neginf=-1),
    "nan_to_num whole": lambda np, x, X, T, S: np.nan_to_num(np.arange(4)),
}


@pytest.mark.parametrize("name", SAME)
def test_the_value_shape_and_dtype_are_numpys(name: str) -> None:
    t = SAME[name](rnp, x, X, T, S)
    expected = np.asarray(SAME[name](np, *A.values()))
    found = t.eval(A)
    np.testing.assert_allclose(found, expected, rtol=1e-6 if found.dtype.itemsize == 4 else 1e-12, atol=1e-12)
    assert found.dtype == expected.dtype == t.type.dtype and found.shape == expected.shape


SCIPY: dict[str, tuple[Callable[[], rg.Term], Callable[[], Any]]] = {
    "erf": (lambda: rnp.special.erf(X), lambda: scipy.special.erf(A[X])),
    "erfc": (lambda: rnp.special.erfc(X), lambda: scipy.special.erfc(A[X])),
    "expit": (lambda: rnp.special.expit(X), lambda: scipy.special.expit(A[X])),
    "gammaln": (lambda: rnp.special.gammaln(X), lambda: scipy.special.gammaln(A[X])),
    "digamma": (lambda: rnp.special.digamma(X), lambda: scipy.special.digamma(A[X])),
    "logsumexp": (lambda: rnp.special.logsumexp(T, axis=(0, 2)), lambda: scipy.special.logsumexp(A[T], axis=(0, 2))),
    "logsumexp keepdims": (lambda: rnp.special.logsumexp(X, axis=1, keepdims=True),
                           lambda: scipy.special.logsumexp(A[X], axis=1, keepdims=True)),
    "softmax": (lambda: rnp.special.softmax(X, axis=0), lambda: scipy.special.softmax(A[X], axis=0)),
    "softmax of all": (lambda: rnp.special.softmax(X), lambda: scipy.special.softmax(A[X])),
    "log1mexp": (lambda: rnp.special.log1mexp(-abs(X)), lambda: np.log(-np.expm1(-abs(A[X])))),
    **{name: (lambda name=name: getattr(rnp.special, name)(X / 4), lambda name=name: getattr(scipy.special, name)(A[X] / 4))
       for name in ("i0", "i0e", "i1", "i1e", "erfcx", "erfinv", "log_ndtr", "ndtr", "log_expit", "exp2", "cbrt")},
    **{name: (lambda name=name: getattr(rnp.special, name)(abs(X)), lambda name=name: getattr(scipy.special, name)(abs(A[X])))
       for name in ("k0", "k0e", "k1", "k1e")},
    **{name: (lambda name=name: getattr(rnp.special, name)(2.5, abs(X)),
              lambda name=name: getattr(scipy.special, name)(2.5, abs(A[X]))) for name in ("iv", "ive", "kv", "kve")},
    "logit": (lambda: rnp.special.logit(rnp.special.expit(X)), lambda: scipy.special.logit(scipy.special.expit(A[X]))),
    "xlogy": (lambda: rnp.special.xlogy(X, abs(X)), lambda: scipy.special.xlogy(A[X], abs(A[X]))),
    "xlog1py": (lambda: rnp.special.xlog1py(X, abs(X)), lambda: scipy.special.xlog1py(A[X], abs(A[X]))),
    "betaln": (lambda: rnp.special.betaln(abs(X), 2.0), lambda: scipy.special.betaln(abs(A[X]), 2.0)),
    "log_softmax": (lambda: rnp.special.log_softmax(X, axis=1), lambda: scipy.special.log_softmax(A[X], axis=1)),
    "polygamma": (lambda: rnp.special.polygamma(2, abs(X)), lambda: scipy.special.polygamma(2, abs(A[X]))),
    "polygamma of order zero": (lambda: rnp.special.polygamma(0, X), lambda: scipy.special.digamma(A[X])),
    "softplus": (lambda: rnp.softplus(X), lambda: np.log1p(np.exp(A[X]))),
    "solve_triangular": (lambda: rnp.linalg.solve_triangular(S, X, lower=True),
                         lambda: scipy.linalg.solve_triangular(A[S], A[X], lower=True)),
    "solve_triangular vector": (lambda: rnp.linalg.solve_triangular(S, x, unit_diagonal=True),
                                lambda: scipy.linalg.solve_triangular(A[S], A[x], unit_diagonal=True)),
}


@pytest.mark.parametrize("name", SCIPY)
def test_special_functions_and_solvers_are_scipys(name: str) -> None:
    ours, theirs = SCIPY[name]
    np.testing.assert_allclose(ours().eval(A), theirs(), rtol=1e-12)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "all", "any"])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), ()], ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
def test_reductions_take_numpys_arguments(name: str, axis: Any, keepdims: bool) -> None:
    found = getattr(rnp, name)(T, axis=axis, keepdims=keepdims).eval(A)
    np.testing.assert_allclose(found, getattr(np, name)(A[T], axis=axis, keepdims=keepdims), rtol=1e-12)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)], ids=str)
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "all", "any"])
def test_reductions_of_nothing(name: str, shape: tuple[int, ...]) -> None:
    """What NumPy gives, and where NumPy raises so do we."""
    t, a = rg.tensor("t", tuple(f"d{k}" for k in range(len(shape)))), np.zeros(shape)
    try:
        expected = getattr(np, name)(a, axis=0)
    except ValueError:
        with pytest.raises(RelgraphError):
            getattr(rnp, name)(t, axis=0).eval({t: a})
        return
    np.testing.assert_array_equal(getattr(rnp, name)(t, axis=0).eval({t: a}), expected)


def test_lists_of_terms_are_stacked() -> None:
    np.testing.assert_array_equal(rnp.asarray([[x, x + 1], [x * 2, x]]).eval(A)[1, 0], 2 * A[x])
    np.testing.assert_array_equal(rnp.asarray([x[0], 1.0]).eval(A), [A[x][0], 1.0])


def test_astype_is_numpys() -> None:
    a = np.array([-1.5, 0.0, 300.0])
    v = rg.vector("v", 3)
    for dtype in ("bool", "int16", "float32", "complex64"):
        np.testing.assert_array_equal(v.astype(dtype).eval({v: a}), a.astype(dtype))
    assert v.astype("float64") is v and rnp.asarray(v) is v


def test_a_definition_serves_every_linker() -> None:
    """A row that has a definition and no JAX name is not looked up in `jax.numpy`."""
    for op in (rnp.special.erfcx, rnp.special.log_ndtr):
        assert op.definition is not None and not op.lower
        f = rg.function([x], op(x), linker="jax")
        np.testing.assert_allclose(f(A[x]), op(x).eval(A), rtol=1e-13)
