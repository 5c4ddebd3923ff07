"""Whole programs: what compiled linkers compute is what NumPy computes, for every layout of the arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.linkers import find
from relgraph.terms import elementwise, linalg
from relgraph.terms.indexing import take_add_
from relgraph.terms.reference import gammaln
from relgraph.terms.term import INPUT, Term, attr, const, make, toposort

n, m, k = "n", "m", "k"
x, y, u = (rg.vector(name, shape=n) for name in "xyu")
v = rg.vector("v", shape=m)
X, Y = (rg.matrix(name, shape=(n, m)) for name in "XY")
S = rg.matrix("S", shape=(n, n))
Z = rg.matrix("Z", shape=(m, k))
T = rg.tensor("T", shape=(n, m, k))
a, b = rg.scalar("a"), rg.scalar("b")
i = rg.vector("i", shape=k, dtype="int64")
f32 = rg.vector("f", shape=n, dtype="float32")
i8 = rg.vector("j", shape=n, dtype="int8")
C = rg.matrix("C", shape=(n, m), dtype="complex128")
P = rnp.matmul(S, rnp.matrix_transpose(S)) + 5.0 * rnp.eye(n)

SIZES = {"n": 5, "m": 4, "k": 3}


def chain(t: Term, length: int) -> Term:
    for _ in range(length):
        t = rnp.tanh(t) + 0.1 * t
    return t


def scattered(values: Term, positions: Term, size: Any) -> Term:
    return make(take_add_, (values, positions, attr((-1,)), attr(size)))


PROGRAMS: dict[str, Callable[[], Any]] = {
    "scalar": lambda: [a + b],
    "constant": lambda: [rnp.exp(x), const(np.arange(6.0).reshape(2, 3)), rnp.ones((2, 2))],
    "broadcast": lambda: [X + v, X * rnp.expand_dims(x, 1), rnp.expand_dims(x, 1) * v, a * X + b],
    "costly broadcast": lambda: [rnp.exp(v) * X, rnp.exp(rnp.expand_dims(x, 1)) * X],
    "inputs returned": lambda: [x, x, X, rnp.matrix_transpose(X)],
    "one result twice": lambda: [rnp.exp(x), rnp.exp(x), rnp.reshape(rnp.exp(x), (n, 1))],
    "shared": lambda: [(e := rnp.exp(x)) + 1, e * 2, rnp.sum(e), e],
    "transpose": lambda: [rnp.exp(rnp.matrix_transpose(X)) + 1, rnp.sum(rnp.matrix_transpose(X), axis=0)],
    "permute": lambda: [rnp.permute_dims(T, (2, 0, 1)) * 2, rnp.sum(rnp.permute_dims(T, (2, 0, 1)), axis=(0, 2))],
    "reshape": lambda: [rnp.exp(rnp.reshape(X, (-1,))), rnp.reshape(rnp.exp(X), (m, n)),
                        rnp.sum(rnp.reshape(T, (n, -1)), axis=1)],
    "reshape of transpose": lambda: [rnp.reshape(rnp.matrix_transpose(X), (-1,)) * 2,
                                     rnp.reshape(rnp.exp(rnp.matrix_transpose(X)), (-1,))],
    "slices": lambda: [x[1:] - x[:-1], x[::-1] + x, x[::2], X[1:, ::-2], X[0], X[:, -1], rnp.exp(x)[1:] + rnp.exp(x)[:-1]],
    "concat": lambda: [rnp.concat([x, v, rnp.exp(x)]), rnp.concat([X, Y], axis=1), rnp.stack([x, y, x * y], axis=1)],
    "math of concat": lambda: [rnp.exp(rnp.concat([x, v])) + 1, rnp.sum(rnp.tanh(rnp.concat([x, rnp.exp(x)])))],
    "rolls": lambda: [roll(roll(roll(roll(x))))],
    "take": lambda: [x[i], X[i], X[:, i], rnp.exp(x)[i] * 2, rnp.take(x, i % 2)],
    "scatter": lambda: [scattered(x[i], i, n), scattered(rnp.exp(rg.vector("q", shape=k)), i, n)],
    "triangles": lambda: [linalg.tril(S), linalg.triu(rnp.exp(S), 1), rnp.eye(n) * 3 + S, linalg.diagonal(S) * 2],
    "diag": lambda: [linalg.diag_(rnp.exp(x)), rnp.sum(linalg.diag_(x), axis=0)],
    "arange": lambda: [rnp.arange(5) * 2.5, rnp.astype(rnp.arange(x.shape[0]), "float64") * x],
    "place": lambda: [rnp.concat([rnp.zeros(2), x[1:]]) + rnp.concat([x[1:], rnp.zeros(2)])],
    "full reductions": lambda: [rnp.sum(X), rnp.prod(X), rnp.max(X), rnp.min(T), rnp.mean(X), rnp.var(X),
                                rnp.any(X > 1), rnp.all(X > 1)],
    "row reductions": lambda: [rnp.sum(X, axis=1), rnp.max(X, axis=1), rnp.var(X, axis=1),
                               rnp.sum(rnp.exp(X - rnp.max(X, axis=1, keepdims=True)), axis=1)],
    "column reductions": lambda: [rnp.sum(X, axis=0), rnp.max(X, axis=0), rnp.var(X, axis=0),
                                  (X - rnp.mean(X, axis=0)) / rnp.std(X, axis=0)],
    "middle reductions": lambda: [rnp.sum(T, axis=1), rnp.sum(T, axis=(0, 2)), rnp.mean(T, axis=(0, 1)), rnp.max(T, axis=0)],
    "weighted columns": lambda: [rnp.sum(rnp.expand_dims(rnp.exp(x), 1) * X, axis=0), rnp.sum(rnp.exp(v) * X, axis=0)],
    "softmax": lambda: [rnp.special.softmax(X, axis=-1), rnp.special.softmax(X, axis=0), rnp.special.logsumexp(X, axis=0),
                        rnp.special.logsumexp(X, axis=1), rnp.special.logsumexp(X)],
    "reduction of reduction": lambda: [rnp.sum(rnp.exp(rnp.sum(X, axis=1))), rnp.max(rnp.sum(X * X, axis=0))],
    "normalised": lambda: [(e := rnp.exp(X)) / rnp.sum(e), e],
    "logistic": lambda: [rnp.sum(elementwise.softplus(z := X @ v) - x * z),
                         rnp.matrix_transpose(X) @ (elementwise.sigmoid(z) - x)],
    "products": lambda: [X @ v, x @ X, x @ y, X @ Z, rnp.matrix_transpose(X) @ X, X @ rnp.matrix_transpose(Y)],
    "views in products": lambda: [X[1:, ::-1] @ v, X[:, 1:] @ Z[1:], rnp.matrix_transpose(X[::-1]) @ x],
    "layer": lambda: [rnp.tanh(X @ Z + rnp.expand_dims(a, 0))],
    "batches": lambda: [T @ rg.tensor("W", shape=(n, k, m)), rnp.matmul(T, rg.matrix("V", shape=(k, 2))),
                        T @ rg.vector("w", shape=k)],
    "complex": lambda: [C * C + 1, rnp.sum(C, axis=0), rnp.conj(rnp.matrix_transpose(C)) @ C, abs(C), rnp.real(rnp.exp(C))],
    "mixed dtypes": lambda: [f32 * 2 + x, rnp.sum(f32), f32 @ f32, i8 * i8, rnp.sum(i8), i8 @ i8, i8 / i8, rnp.mean(i8)],
    "solve": lambda: [rnp.linalg.solve(P, x), rnp.linalg.solve(P, S), rnp.linalg.inv(P), rnp.linalg.det(P), *linalg.slogdet(P)],
    "cholesky": lambda: [L := rnp.linalg.cholesky(P), linalg.solve_triangular(L, x, lower=True),
                         linalg.solve_triangular(rnp.matrix_transpose(L), S, lower=False)],
    "qr": lambda: [rnp.abs(linalg.qr(S)[1]), linalg.qr(X)[0] @ linalg.qr(X)[1]],
    "trace": lambda: [linalg.trace(S @ P), linalg.trace(S)],
    "chain": lambda: [chain(x, 60), chain(a, 60)],
    "nothing shared": lambda: [rnp.exp(x) + y, rnp.sum(v), rnp.sum(X, axis=1) + u, rnp.log(a * a)],
}


def roll(t: Term) -> Term:
    return rnp.concat([t[1:], t[:1]])


def value(t: Term, rng: np.random.Generator, sizes: dict[str, int]) -> np.ndarray[Any, Any]:
    shape = tuple(d if isinstance(d, int) else sizes[d] for d in t.type.shape)
    if t.type.dtype.kind in "iu":
        return rng.integers(0, max(1, min(3, sizes["n"])), shape).astype(t.type.dtype)
    out = rng.normal(size=shape)
    return (out + 1j * rng.normal(size=shape) if t.type.dtype.kind == "c" else out).astype(t.type.dtype)


def in_layout(array: np.ndarray[Any, Any], layout: str) -> np.ndarray[Any, Any]:
    """The same values, in memory otherwise arranged."""
    if array.ndim == 0:
        return array
    if layout == "fortran":
        return np.asfortranarray(array)
    if layout == "reversed":
        return np.ascontiguousarray(array[(slice(None, None, -1),) * array.ndim])[(slice(None, None, -1),) * array.ndim]
    if layout == "strided":
        wide = np.zeros(tuple(2 * s + 1 for s in array.shape), array.dtype)
        part = wide[tuple(slice(0, 2 * s, 2) for s in array.shape)]
        part[...] = array
        return part
    return array


def check(linker: str, outputs: list[Term], sizes: dict[str, int], layouts: tuple[str, ...]) -> None:
    inputs = [t for t in toposort(*outputs) if t.op is INPUT]
    compiled, reference = find(linker).link(inputs, outputs), find("numpy").link(inputs, outputs)
    values = [value(t, np.random.default_rng(3), sizes) for t in inputs]
    wanted = reference(*values)
    for layout in layouts:
        given = [in_layout(w, layout) for w in values]
        before = [w.copy() for w in given]
        got = compiled(*given)
        assert len(got) == len(wanted)
        for g, w in zip(got, wanted, strict=True):
            assert g.dtype == w.dtype
            assert g.shape == w.shape
            single = w.dtype.name in ("float32", "complex64")
            np.testing.assert_allclose(g, w, rtol=2e-5 if single else 1e-10, atol=1e-5 if single else 1e-11, err_msg=layout)
        for g, w in zip(given, before, strict=True):
            np.testing.assert_array_equal(g, w)
        for p, g in enumerate(got):
            assert not any(np.may_share_memory(g, o) for o in (*given, *got[:p]))


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_in_every_layout(name: str) -> None:
    check("c", PROGRAMS[name](), SIZES, ("plain", "fortran", "reversed", "strided"))


LARGE = ("full reductions", "row reductions", "column reductions", "softmax", "products", "slices", "solve", "cholesky", "qr",
         "logistic",
         "middle reductions", "complex", "mixed dtypes", "views in products", "batches")


@pytest.mark.parametrize("name", LARGE)
def test_program_of_sizes_beyond_one_chunk_and_one_strip(name: str) -> None:
    wide = "reductions" in name or name == "softmax"
    check("c", PROGRAMS[name](), {"n": 37, "m": 1100 if wide else 41, "k": 19}, ("plain", "fortran"))


EMPTY = ("broadcast", "inputs returned", "shared", "transpose", "concat", "products", "column reductions", "weighted columns",
         "logistic", "layer", "complex", "triangles", "diag")


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("axis", ["m", "k"])
def test_program_of_empty_arrays(name: str, axis: str) -> None:
    check("c", PROGRAMS[name](), {**SIZES, axis: 0}, ("plain",))


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_in_numba(name: str) -> None:
    pytest.importorskip("numba")
    check("numba", PROGRAMS[name](), SIZES, ("plain", "strided"))


@pytest.mark.parametrize("name", ["products", "row reductions", "column reductions", "concat"])
def test_program_of_empty_arrays_in_numba(name: str) -> None:
    pytest.importorskip("numba")
    check("numba", PROGRAMS[name](), {**SIZES, "k": 0}, ("plain",))


j, J = rg.vector("j", shape=3, dtype="int64"), rg.matrix("J", shape=(3, 3), dtype="int64")
OUT_OF_RANGE = np.array([[2**62, 4, -2**63], [2**33, 2**40, 7], [-2**63, -2**63, 1]])
WRAPPED = [j * j, j**2, rnp.square(j), j + j, j - 1, -j, abs(j), rnp.prod(J, axis=1), rnp.sum(J, axis=1),
           rnp.cumprod(J, axis=1), rnp.cumsum(J, axis=1), J @ J, J @ j, j @ J, j @ j, rnp.trace(J),
           scattered(j, const(np.array([0, 0, 1])), 2)]


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_integers_out_of_range_wrap(linker: str) -> None:
    """Also where a comparison follows, of which compilers conclude much: without wrapping, j*j is 0 only where j is."""
    if linker != "c":
        pytest.importorskip(linker)
    outputs = [*WRAPPED, *[rnp.not_equal(t, 0) for t in WRAPPED], *[rnp.less(t, 0) for t in WRAPPED], rnp.less(j - 1, j)]
    for row in OUT_OF_RANGE:
        wanted, got = (find(n).link([j, J], outputs)(row, OUT_OF_RANGE) for n in ("numpy", linker))
        for t, v, w in zip(outputs, got, wanted, strict=True):
            assert v.dtype == w.dtype and v.tolist() == w.tolist(), t


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_complex_powers_near_zero(linker: str) -> None:
    """By the modulus and the angle apart they are 0 times an infinity."""
    if linker != "c":
        pytest.importorskip(linker)
    z, p = (rg.vector(name, shape=3, dtype="complex128") for name in "zp")
    got = find(linker).link([z, p], [z**p])(np.array([1e8 + 5e7j, 2, 1 + 1j]), np.array([-2e8 - 1e8j, 0.5, 2]))[0]
    np.testing.assert_allclose(got, [0, 2**0.5, 2j], rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gammaln_keeps_its_digits_about_its_zeros(linker: str, dtype: str) -> None:
    if linker != "c":
        pytest.importorskip(linker)
    steps = np.array([0, 1e-6, -1e-6, 1e-3, -1e-3, 0.1, -0.1, 0.41, -0.41])
    points = np.concatenate([1 + steps, 2 + steps, 3 + steps]).astype(dtype)
    t = rg.vector("t", shape=len(points), dtype=dtype)
    wanted = [float(gammaln(mpmath.mpf(float(value)))) for value in points]
    got = find(linker).link([t], [rnp.special.gammaln(t)])(points)[0]
    np.testing.assert_allclose(got, wanted, rtol=8 * float(np.finfo(dtype).eps), atol=0)


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_erfcx_grows_until_it_overflows(linker: str, dtype: str) -> None:
    """SciPy's to the last finite number of float32 near -9.38 and of float64 near -26.63, and infinity from there on."""
    if linker != "c":
        pytest.importorskip(linker)
    points = np.unique(np.concatenate([np.linspace(-1000, 1000, 2001), np.linspace(-9.5, -9.3, 201),
                                       np.linspace(-27.1, -26.5, 601), [-np.inf, np.inf]])).astype(dtype)
    t = rg.vector("t", shape=len(points), dtype=dtype)
    outputs = [rnp.special.erfcx(t), rnp.special.erfc_ratio(t, 1), rnp.special.erfc_ratio(t, 2)]
    wanted, got = (find(name).link([t], outputs)(points) for name in ("numpy", linker))
    for v, w in zip(got, wanted, strict=True):
        np.testing.assert_allclose(v, w, rtol=1e-12 + 2 * float(np.finfo(dtype).eps), atol=0)
    assert np.isinf(got[0][0]) and np.isfinite(got[0][-1])


s = rg.scalar("s")
TAILS: list[tuple[Term, float]] = [
    (rg.grad(rnp.log(rnp.special.erfc(s)), s), -27.0), (rnp.exp(-s**2) / rnp.special.erfc(s), -27.0),
    (rg.grad(rnp.log(1 + rnp.special.erf(s)), s), 27.0), (rg.grad(rnp.log(0.5 * rnp.special.erfc(s / 2**0.5)), s), -38.18),
    (rg.grad(rnp.special.erfc_ratio(s, 1), s) + 1, -26.8)]


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_slopes_vanish_in_the_tails_of_error_functions(linker: str) -> None:
    """Where `erfcx` overflows, and the square's exponential in it already does."""
    if linker != "c":
        pytest.importorskip(linker)
    for t, point in TAILS:
        assert abs(float(rg.function([s], t, linker=linker)(point))) < 1e-300, t


PIVOTS: list[tuple[str, list[Any], complex]] = [
    ("float64", [1e20] * 20 + [1e-20] * 20, 1), ("float64", [1e-20] * 20 + [1e20] * 20, 1),
    ("float64", [-1e200, 1e200, 1e-300, 1], -1e100), ("float64", [1e200, 1e200, 1e200, 0], 0),
    ("float64", [-1e200, 1e200, 1, 1], -np.inf), ("float32", [1e15] * 3 + [1e-15] * 3, 1),
    ("complex128", [1e200j, 1e200, 1e-300j, 1], -1e100), ("complex64", [1e-15j] * 4 + [1e15] * 4, 1)]


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_determinants_of_pivots_whose_products_overflow(linker: str) -> None:
    if linker != "c":
        pytest.importorskip(linker)
    for dtype, pivots, wanted in PIVOTS:
        M = rg.matrix("M", shape=(len(pivots), len(pivots)), dtype=dtype)
        got = find(linker).link([M], [rnp.linalg.det(M)])(np.diag(np.array(pivots, dtype)))[0]
        np.testing.assert_allclose(got, wanted, rtol=512 * float(np.finfo(dtype).eps), atol=0, err_msg=str(pivots))
