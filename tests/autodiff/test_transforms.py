"""`jvp`, `jacobian`, `hessian`, `vectorize`."""

from __future__ import annotations

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import GradientError, MisuseError, ShapeError
from relgraph.terms.term import Op, toposort
from relgraph.terms.type import Type

x, s = rg.vector("x", shape="n"), rg.scalar("s")
M = rg.matrix("M", shape=("n", "n"))
AT = np.array([[2.0, 0.5], [0.3, 1.5]])


def test_jvp() -> None:
    assert rg.jvp(x**2, x, rnp.ones(x.shape)).eval({x: [1.0, 2.0]}).tolist() == [2.0, 4.0]
    a, b = rg.jvp([x * s, rnp.sum(x)], [x, s], [np.array([1.0, 1.0]), 2.0])
    assert a.eval({x: [1.0, 2.0], s: 3.0}).tolist() == [5.0, 7.0] and b.eval({x: [1.0, 2.0]}) == 2.0
    assert rg.jvp(x * s, [x, s], [None, 1.0]).eval({x: [1.0, 2.0]}).tolist() == [1.0, 2.0]


def test_jvp_through_an_intermediate() -> None:
    z = rnp.exp(x)
    t = rg.jvp(rnp.sum(z), [z, x], [rnp.ones(z.shape), rnp.ones(x.shape)])
    assert t.eval({x: [0.0, 0.0]}) == 4.0


def test_jvp_leaves_nothing_behind() -> None:
    for y in (rnp.linalg.inv(M), rnp.linalg.qr(rnp.reshape(M, (2, 2)))[0], rnp.special.softmax(M, -1), rnp.prod(M, axis=0),
              rnp.linalg.cholesky(M @ M.mT), M[0], rnp.max(M, axis=1)):
        t = rg.jvp(y, M, rnp.ones(M.shape))
        assert rg.free_inputs(t) == [M] or rg.free_inputs(t) == []


def test_jvp_is_as_long_as_the_program() -> None:
    t = s
    for _ in range(2000):
        t = rnp.sin(t) * t
    assert len(toposort(rg.jvp(t, s, 1.0))) < 20_000


def test_jvp_errors() -> None:
    with pytest.raises(GradientError, match="does not depend on"):
        rg.jvp(s * 1.0, x, rnp.ones(x.shape))
    assert rg.jvp(rnp.floor(x), x, rnp.ones(x.shape)).eval({x: [1.5]}).tolist() == [0.0]
    with pytest.raises(ShapeError, match="must have the shape of x"):
        rg.jvp(x * 2, x, 1.0)


@pytest.mark.parametrize("y", [rnp.linalg.inv(M), M @ M, rnp.sum(M, axis=0), rnp.sin(M)[0], rnp.linalg.det(M), M[:, None] * M,
                               rnp.reshape(M, -1), rnp.concat([M, M * M]), M])
def test_jacobian(y: rg.Term) -> None:
    J = rg.jacobian(y, M)
    assert J.type.shape == y.type.shape + M.type.shape
    found, base, h = J.eval({M: AT}), y.eval({M: AT}), 1e-6
    for i in np.ndindex(2, 2):
        up, down = AT.copy(), AT.copy()
        up[i] += h
        down[i] -= h
        wanted = (y.eval({M: up}) - y.eval({M: down})) / (2 * h)
        np.testing.assert_allclose(found[(..., *i)], wanted, rtol=1e-6, atol=1e-8)
    assert found.shape == base.shape + (2, 2)


def test_jacobian_takes_the_shorter_way() -> None:
    a = rg.vector("a", shape=2)
    wide = rg.jacobian(rnp.concat([rnp.sin(a)] * 5), a)
    narrow = rg.jacobian(rnp.stack([rnp.sum(rnp.sin(a))]), a)
    for J, wanted in ((wide, (10, 2)), (narrow, (1, 2))):
        assert J.eval({a: [1.0, 2.0]}).shape == wanted
    assert any(t.type == Type("float64", (2, 10)) for t in toposort(wide))


def test_jacobian_of_complex_functions() -> None:
    z = rg.vector("z", shape=2, dtype="complex128")
    at = np.array([1 + 2j, 0.5 - 1j])
    np.testing.assert_allclose(rg.jacobian(z * z, z).eval({z: at}), np.diag(2 * at))
    np.testing.assert_allclose(rg.jacobian(x * 1j, x).eval({x: [1.0, 2.0]}), 1j * np.eye(2))


def test_jacobian_structures() -> None:
    J = rg.jacobian(x * s, {"x": x, "s": s})
    assert J["x"].eval({x: [1.0, 2.0], s: 3.0}).tolist() == [[3.0, 0.0], [0.0, 3.0]]
    assert J["s"].eval({x: [1.0, 2.0], s: 3.0}).tolist() == [1.0, 2.0]


def test_hessian() -> None:
    H = rg.hessian(rnp.sum(x**3) * s, [x, s])
    values = {x: [1.0, 2.0], s: 2.0}
    assert H[0][0].eval(values).tolist() == [[12.0, 0.0], [0.0, 24.0]]
    assert H[0][1].eval(values).tolist() == H[1][0].eval(values).tolist() == [3.0, 12.0]
    assert H[1][1].eval(values) == 0.0
    assert rg.hessian(rnp.sum(x), x).eval({x: [1.0, 2.0]}).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_hessian_of_a_log_determinant() -> None:
    H = rg.hessian(rnp.linalg.slogdet(M)[1], M).eval({M: AT})
    inv = np.linalg.inv(AT)
    np.testing.assert_allclose(H, -np.einsum("jk,li->ijkl", inv, inv))


# -- vectorize --------------------------------------------------------------------------------------------------------------

def test_vectorize() -> None:
    X = rg.matrix("X")
    assert rg.vectorize(rnp.sum(x**2), {x: X}).eval({X: np.arange(6.0).reshape(2, 3)}).tolist() == [5.0, 50.0]


def test_vectorize_lines_up_ranks() -> None:
    S, X = rg.vector("S", shape="b"), rg.tensor("X", shape=("b", "n"))
    y = rg.vectorize(M * x + s, {s: S, x: X})
    assert y.type.shape == ("b", "n", "n")
    v, w = np.arange(3.0), np.arange(6.0).reshape(3, 2)
    found = y.eval({M: AT, S: v, X: w})
    np.testing.assert_array_equal(found, np.stack([AT * b + a for a, b in zip(v, w, strict=True)]))


def test_vectorize_broadcasts_new_axes() -> None:
    S, X = rg.tensor("S", shape=("a", 1)), rg.tensor("X", shape=("b", "n"))
    y = rg.vectorize(rnp.sum(x) * s, {s: S, x: X})
    assert y.type.shape == ("a", "b")
    assert y.eval({S: [[1.0], [2.0]], X: np.ones((3, 4))}).tolist() == [[4.0] * 3, [8.0] * 3]


def test_vectorize_renames_sizes() -> None:
    X = rg.tensor("X", shape=("b", "m"))
    y = rg.vectorize(rnp.reshape(x, (1, -1)) + rnp.arange(x.shape[0]) / x.shape[0], {x: X})
    assert y.type.shape == ("b", 1, "m")
    assert y.eval({X: np.zeros((2, 4))}).shape == (2, 1, 4)


def test_vectorize_what_does_not_depend() -> None:
    X = rg.tensor("X", shape=(5, "n"))
    same, other = rg.vectorize([s * 2, x], {x: X})
    assert same.type.shape == (5,) and other is X


def test_vectorize_indices() -> None:
    i = rg.vector("i", dtype="int64")
    I, X = rg.matrix("I", dtype="int64"), rg.tensor("X", shape=("I0", "n"))
    y = rg.vectorize(x[i], {i: I, x: X})
    v, k = np.arange(6.0).reshape(2, 3), np.array([[0, -1], [2, 1]])
    assert y.eval({X: v, I: k}).tolist() == [[0.0, 2.0], [5.0, 4.0]]
    with pytest.raises(IndexError):
        y.eval({X: v, I: np.array([[0, 0], [-4, 0]])})


def test_vectorize_errors() -> None:
    with pytest.raises(ShapeError, match="needs the same axes"):
        rg.vectorize(x, {x: s})
    with pytest.raises(MisuseError, match=r"astype\('float64'\)"):
        rg.vectorize(x, {x: rg.matrix("F", dtype="float32")})
    two = Op(name="two", signature="(),()->()", module=__name__, infer=lambda sizes, a, b: a)
    with pytest.raises(MisuseError, match="`batch` column"):
        rg.vectorize(two(x, x), {x: rg.matrix("X")})
