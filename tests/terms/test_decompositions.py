"""Decompositions and products: names, sizes that are not known, gradients free of phases, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError
from relgraph.terms.evaluate import evaluate

la = rnp.linalg
numpy_fft: Any = np.fft
numpy_linalg: Any = np.linalg
RNG = np.random.default_rng(5)
A, B, V, W = RNG.normal(size=(4, 4)), RNG.normal(size=(2, 3)), RNG.normal(size=6), RNG.normal(size=4)
S = A @ A.T + np.eye(4)
Z = RNG.normal(size=(4, 4)) + 1j * RNG.normal(size=(4, 4))

NAMES: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
    "kron": (rnp.kron, np.kron, (A, B)),
    "kron of vectors": (rnp.kron, np.kron, (V, W)),
    "kron of a vector and a matrix": (rnp.kron, np.kron, (V, A)),
    "block_diag": (la.block_diag, scipy.linalg.block_diag, (A, B, S)),
    "circulant": (la.circulant, scipy.linalg.circulant, (V,)),
    "toeplitz": (la.toeplitz, scipy.linalg.toeplitz, (V, W)),
    "toeplitz of one": (la.toeplitz, scipy.linalg.toeplitz, (Z[0],)),
    "expm": (la.expm, scipy.linalg.expm, (A,)),
    "pinv": (la.pinv, np.linalg.pinv, (B,)),
    "svdvals": (lambda x: la.svd(x, compute_uv=False), np.linalg.svdvals, (B,)),
    "eigvalsh": (la.eigvalsh, np.linalg.eigvalsh, (S,)),
    "cho_solve": (lambda x, y: la.cho_solve((la.cholesky(x), True), y), np.linalg.solve, (S, A)),
    "cho_solve upper, a vector": (lambda x, y: la.cho_solve((la.cholesky(x, upper=True), False), y), np.linalg.solve, (S, W)),
    "lu_factor": (lambda x: la.lu_factor(x)[0], lambda x: scipy.linalg.lu_factor(x)[0], (A,)),
    "lu_solve": (lambda x, y: la.lu_solve(la.lu_factor(x), y), np.linalg.solve, (A, S)),
    "lu_solve, a vector": (lambda x, y: la.lu_solve(la.lu_factor(x), y), np.linalg.solve, (A, W)),
    "schur": (lambda x: la.schur(x)[0], lambda x: scipy.linalg.schur(x)[0], (A,)),
    "schur, complex": (lambda x: abs(la.schur(x, output="complex")[0]), lambda x: abs(scipy.linalg.schur(x, "complex")[0]),
                       (A,)),
    "eigvals": (la.eigvals, np.linalg.eigvals, (A,)),
    "eigvalsh of a pair": (lambda x, y: la.eigvalsh(x, b=y), scipy.linalg.eigvalsh, (A + A.T, S)),
    "eigh of a pair": (lambda x, y: abs(la.eigh(x, b=y)[1]), lambda x, y: abs(scipy.linalg.eigh(x, y)[1]), (A + A.T, S)),
    "solve_sylvester": (la.solve_sylvester, scipy.linalg.solve_sylvester, (A, S, A)),
    "solve_continuous_lyapunov": (la.solve_continuous_lyapunov, scipy.linalg.solve_continuous_lyapunov, (A, S)),
    "solve_discrete_lyapunov": (la.solve_discrete_lyapunov,
                                lambda x, y: scipy.linalg.solve_discrete_lyapunov(x, y, "direct"), (A / 9, S)),
    "vector_norm": (la.vector_norm, np.linalg.vector_norm, (A,)),
    **{f"matrix_power {n}": (lambda x, n=n: la.matrix_power(x, n), lambda x, n=n: np.linalg.matrix_power(x, n), (A,))
       for n in (-3, -1, 0, 1, 2, 7)},
    **{f"vector_norm {p}": (lambda x, p=p: la.vector_norm(x, axis=1, ord=p),
                            lambda x, p=p: np.linalg.vector_norm(x, axis=1, ord=p), (A,))
       for p in (0, 1, 2, 3, np.inf, -np.inf)},
    **{f"matrix_norm {p}": (lambda x, p=p: la.matrix_norm(x, p), lambda x, p=p: numpy_linalg.matrix_norm(x, ord=p), (B,))
       for p in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)},
    **{f"fft {n} {axis} {norm}": (lambda x, n=n, a=axis, m=norm: rnp.fft.fft(x, n, a, m),
                                  lambda x, n=n, a=axis, m=norm: numpy_fft.fft(x, n, a, m), (Z,))
       for n in (None, 3, 6) for axis in (-1, 0) for norm in (None, "ortho", "forward")},
    **{f"ifft {norm}": (lambda x, m=norm: rnp.fft.ifft(x, 6, 0, m), lambda x, m=norm: numpy_fft.ifft(x, 6, 0, m), (Z,))
       for norm in (None, "ortho", "forward")},
    **{f"rfft {n}": (lambda x, n=n: rnp.fft.rfft(x, n, 0), lambda x, n=n: np.fft.rfft(x, n, 0), (A,)) for n in (None, 3, 6)},
    **{f"irfft {n}": (lambda x, n=n: rnp.fft.irfft(x, n), lambda x, n=n: np.fft.irfft(x, n), (Z,)) for n in (None, 3, 6)},
}


@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_names_mean_what_numpy_or_scipy_means(name: str, symbolic: bool) -> None:
    ours, theirs, arrays = NAMES[name]
    if symbolic and name.split()[0] in ("fft", "ifft", "rfft", "irfft") and name not in (
            "fft None -1 None", "fft None 0 ortho", "rfft None", "irfft None"):
        pytest.skip("whether a length cuts or fills is known of known sizes only")
    inputs = [rg.tensor(f"x{k}", shape=tuple(f"n{k}{d}" for d in range(a.ndim)) if symbolic else a.shape, dtype=a.dtype.name)
              for k, a in enumerate(arrays)]
    found = evaluate([ours(*inputs)], dict(zip(inputs, arrays, strict=True)))[0]
    wanted = theirs(*arrays)
    assert found.shape == np.shape(wanted)
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("shape", [(4, 4), (3, 4, 4)])
def test_decompositions_compose_to_the_matrix(shape: tuple[int, ...]) -> None:
    x = rg.tensor("x", shape=shape, dtype="complex128")
    a = RNG.normal(size=shape) + 1j * RNG.normal(size=shape)
    w, v = la.eigh(x)
    u, s, vh = la.svd(x)
    p, low, up = la.lu(x)
    h = rnp.tril(x, -1) + rnp.conj(rnp.matrix_transpose(rnp.tril(x, -1))) + la.diagonal(x).real[..., None] * rnp.eye(4)
    pairs = [(v * w[..., None, :] @ rnp.conj(rnp.matrix_transpose(v)), h), (u * s[..., None, :] @ vh, x), (p @ low @ up, x),
             (x @ la.pinv(x) @ x, x)]
    t, z = la.schur(x)
    e, f = la.eig(x)
    other = rnp.eye(4) + x.mT * x
    s, u2, q, r = la.qz(x, other)
    pairs += [(q @ s @ rnp.conj(rnp.matrix_transpose(r)), x), (q @ u2 @ rnp.conj(rnp.matrix_transpose(r)), other)]
    pairs += [(z @ t @ rnp.conj(rnp.matrix_transpose(z)), x), (f * e[..., None, :] @ la.inv(f), x)]
    for left, right in pairs:
        found, wanted = evaluate([left, right], {x: a})
        np.testing.assert_allclose(found, wanted, atol=1e-10)


# Of complex matrices: what does not change when a vector is turned by a phase.
FREE: dict[str, Callable[[Any], Any]] = {
    "weights of eigenvectors": lambda h: rnp.sum(rnp.abs(la.eigh(h)[1]) ** 2 * W),
    "a function of a Hermitian matrix": lambda h: rnp.sum(rnp.abs(
        la.eigh(h)[1] * rnp.exp(la.eigh(h)[0])[None, :] @ rnp.conj(la.eigh(h)[1]).T) ** 2 * W),
    "a function of any matrix": lambda h: rnp.sum(rnp.abs(
        la.eig(h * Z)[1] * rnp.exp(la.eig(h * Z)[0] / 9)[None, :] @ la.inv(la.eig(h * Z)[1])) ** 2 * W),
    "weights of eigenvectors of any matrix": lambda h: rnp.sum(rnp.abs(la.eig(h * Z)[1]) ** 2 * W[:, None]),
    "the unitary factor": lambda h: rnp.sum(rnp.abs(la.svd(h)[0] @ la.svd(h)[2] + Z) ** 2 * W),
    "weights of singular vectors": lambda h: rnp.sum(rnp.abs(la.svd(h)[0]) ** 2 * W + rnp.abs(la.svd(h)[2]) ** 2 * W[:, None]),
}


@pytest.mark.parametrize("name", FREE)
def test_complex_gradients_of_what_is_free_of_phases(name: str) -> None:
    x = rg.tensor("x", shape=(4, 4), dtype="complex128")
    h = Z + Z.conj().T + np.diag([0.0, 9, 20, 30])
    y = FREE[name]((x + rnp.conj(x.T)) / 2)
    g = rg.grad(y, x)
    d = RNG.normal(size=(4, 4)) + 1j * RNG.normal(size=(4, 4))
    up, down = (float(evaluate([y], {x: h + e * d})[0]) for e in (1e-5, -1e-5))
    found = float(np.sum(np.real(np.conj(evaluate([g], {x: h})[0]) * d)))
    np.testing.assert_allclose(found, (up - down) / 2e-5, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("linker", ["numpy", "c", "numba", "jax"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
def test_schurs_form_of_a_pair(dtype: str, linker: str) -> None:
    x, y = rg.tensor("x", shape=(3, "n", "n"), dtype=dtype), rg.matrix("y", shape=("n", "n"), dtype=dtype)
    a, b = RNG.normal(size=(3, 4, 4)).astype(dtype), RNG.normal(size=(4, 4)).astype(dtype)
    a[2, 1, 1] = np.nan
    found = rg.function([x, y], list(la.qz(x, y)), linker=linker)(a, b)
    for k in range(2):
        wanted = scipy.linalg.qz(a[k], b, output="complex" if dtype.startswith("c") else "real")
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one[k], other, atol=float(1e3 * np.finfo(dtype).eps))
    assert all(np.all(np.isnan(one[2])) for one in found)


def test_the_triangular_form_of_real_pairs() -> None:
    x, y = rg.matrix("x", shape=(3, 3)), rg.matrix("y", shape=(3, 3))
    s, t_, *_ = evaluate(list(la.qz(x, y, output="complex")), {x: np.roll(np.eye(3), 1, 0), y: np.eye(3)})
    assert not np.any(np.tril(s, -1))
    np.testing.assert_allclose(np.sort(np.diag(s) / np.diag(t_)), np.sort(np.roots([1, 0, 0, -1])), atol=1e-12)


@pytest.mark.parametrize("name", ["eigh", "eigvalsh", "svd", "svdvals", "pinv", "expm", "eig", "eigvals", "schur"])
@pytest.mark.parametrize("linker", ["numpy", "c"])
def test_a_matrix_with_nan_spoils_itself_only(name: str, linker: str) -> None:
    x = rg.tensor("x", shape=(2, 3, 3))
    y = getattr(la, name)(x)
    parts = list(y) if isinstance(y, tuple) else [y]
    a = np.stack([np.full((3, 3), np.nan), np.diag([1.0, 2.0, 3.0])])
    for found in rg.function([x], parts, linker=linker)(a):
        assert np.all(np.isnan(found[0])) and np.all(np.isfinite(found[1])), name


some_n: Any = rg.scalar("n")
X3, x1 = rg.tensor("X3", shape=(2, 3, 3)), rg.vector("x1", shape=3)
REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    ("kron of three axes", lambda: rnp.kron(X3, x1), "rnp.linalg.kron"),
    ("full svd", lambda: la.svd(X3, full_matrices=True), "reduced"),
    ("norm of no order", lambda: la.matrix_norm(X3, 3), "no order 3"),
    ("power of a term", lambda: la.matrix_power(X3, some_n), "no int"),
    ("Schur's form of no kind", lambda: la.schur(X3, output="quaternion"), "choose 'real' or 'complex'"),
    ("qz of no kind", lambda: la.qz(X3, X3, output="quaternion"), "choose 'real' or 'complex'"),
    ("qz of other sizes", lambda: la.qz(X3, rnp.eye(2)), "3 and 2"),
    ("Sylvester's equation of other sizes", lambda: la.solve_sylvester(X3, X3, x1), "at least 2 are needed"),
    ("power of a vector", lambda: la.matrix_power(x1, 2), "no matrix"),
    ("nothing on the diagonal", lambda: la.block_diag(), "at least one matrix"),
    ("a vector on the diagonal", lambda: la.block_diag(x1, x1), "at least 2 are needed"),
    ("eigenvalues of no square", lambda: la.eigvalsh(rnp.ones((2, 3))), "2 and 3"),
    ("rfft of complex numbers", lambda: rnp.fft.rfft(rnp.ones(3, "complex128")), "rnp.fft.fft"),
    ("a norm of transforms", lambda: rnp.fft.fft(x1, norm="unit"), "'unit'"),
    ("an unknown length", lambda: rnp.fft.fft(rg.vector("v"), n=4), "cuts or fills"),
    ("no axis", lambda: rnp.fft.fft(x1, axis=1), "axis 1 is out of range"),
]


@pytest.mark.parametrize(("name", "make", "said"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_is_refused_says_what_to_write(name: str, make: Callable[[], Any], said: str) -> None:
    with pytest.raises(RelgraphError, match=said):
        make()


@pytest.mark.parametrize("linker", ["numpy", "c", "numba"])
def test_routines_read_what_is_reshaped(linker: str) -> None:
    """Of an argument that has any strides, and of what was computed before."""
    x, b = rg.tensor("x", shape=(3, 4, 3, 4)), rg.matrix("b", shape=(4, 4))
    a = RNG.normal(size=(3, 4, 4, 3)).swapaxes(-1, -2)
    flat = a.reshape(12, 12)
    f = rg.function([x, b], [la.det(rnp.reshape(x, (12, 12))), la.det(rnp.reshape(x + 1, (12, 12))),
                             la.svdvals(la.kron(b, b)), la.inv(b)[:1]], linker=linker)
    wanted = [np.linalg.det(flat), np.linalg.det(flat + 1), np.linalg.svdvals(np.kron(S, S)), np.linalg.inv(S)[:1]]
    for found, value in zip(f(a, S), wanted, strict=True):
        np.testing.assert_allclose(found, value, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("linker", ["numpy", "c", "numba", "jax"])
def test_no_solution_of_sylvester_is_nan(linker: str) -> None:
    """Where an eigenvalue of a is minus one of b: alone in its batch."""
    x, q = rg.tensor("x", shape=(2, 2, 2)), rg.matrix("q", shape=(2, 2))
    f = rg.function([x, q], la.solve_sylvester(x, -np.diag([1.0, 2.0]), q), linker=linker)
    found = f(np.stack([np.diag([1.0, 3.0]), np.diag([5.0, 6.0])]), np.ones((2, 2)))
    assert np.all(np.isnan(found[0])), found
    np.testing.assert_allclose(found[1], 1 / (np.array([[5.0], [6.0]]) - [1.0, 2.0]))


def test_lyapunov_by_two_ways() -> None:
    """The bilinear transform, and one system for all elements."""
    x, q = rg.matrix("x", shape=(4, 4)), rg.matrix("q", shape=(4, 4))
    whole = rnp.eye(16) - la.kron(x, x)
    direct = rnp.reshape(la.solve(whole, rnp.reshape(q, (16, 1))), (4, 4))
    found, wanted = evaluate([la.solve_discrete_lyapunov(x, q), direct], {x: A / 9, q: S})
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-10)
