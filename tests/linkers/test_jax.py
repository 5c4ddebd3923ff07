"""The JAX linker: functions that JAX can trace, functions of NumPy arrays, and the flags it leaves alone."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import AxisError, InputError, LinkError, ShapeError
from relgraph.linkers.jax import link, missing, to_jax
from relgraph.terms.term import Op, const

jax = pytest.importorskip("jax")
x, s = rg.vector("x"), rg.scalar("s")
loss = rnp.sum(rnp.where(x > 0, rnp.log(x), 0)) * s


@pytest.fixture
def x64() -> Iterator[None]:
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def test_link_runs_in_64_bits_and_leaves_the_flag() -> None:
    before = jax.config.jax_enable_x64
    f = link([x, s], [loss, rg.grad(loss, x)])
    value, slope = f(np.array([1.0, 0.0, np.e]), np.array(2.0))
    assert type(value) is np.ndarray and value.dtype == slope.dtype == np.float64
    assert value == pytest.approx(2.0, rel=1e-15)
    np.testing.assert_allclose(slope, [2.0, 0.0, 2 / np.e], rtol=1e-15)
    assert jax.config.jax_enable_x64 == before


def test_results_are_fresh_and_writeable() -> None:
    f = link([x], [x, x + 1])
    a = np.array([1.0, 2.0])
    same, _ = f(a)
    same[0] = 9
    assert a[0] == 1.0 and f(a)[0][0] == 1.0


def test_other_shapes_are_traced_again() -> None:
    f = link([x], [rnp.mean(x) + x.shape[0]])
    assert f(np.ones(3))[0] == 4.0 and f(np.ones(5))[0] == 6.0


def test_arguments_of_other_strides_and_dtypes() -> None:
    f = link([x], [x * 2])
    assert f(np.arange(6)[::2])[0].tolist() == [0.0, 4.0, 8.0]
    with pytest.raises(InputError, match="takes 1 arrays, got 2"):
        f(np.ones(2), np.ones(2))
    with pytest.raises(InputError, match="1 axes"):
        f(np.ones((2, 2)))


def test_sizes_that_differ() -> None:
    a, b = rg.vector("a", shape="n"), rg.vector("b", shape="n")
    with pytest.raises(ShapeError, match="dim 'n'"):
        link([a, b], [a + b])(np.ones(2), np.ones(3))


@pytest.mark.parametrize("index", [[0, -1], [2]])
def test_an_index_in_range(index: list[int]) -> None:
    i = rg.vector("i", dtype="int64")
    f = link([x, i], [x[i], rg.grad(rnp.sum(x[i] ** 2), x)])
    a = np.array([1.0, 2.0, 3.0])
    picked, slope = f(a, np.array(index))
    assert picked.tolist() == a[index].tolist()
    assert slope[index].tolist() == (2 * a[index]).tolist()


@pytest.mark.parametrize("index", [[3], [-4], [0, 5]])
def test_an_index_out_of_range_raises(index: list[int]) -> None:
    i = rg.vector("position", dtype="int64")  # of no other file, which the message would name
    f = link([x, i], [x[i]])
    with pytest.raises(AxisError, match=r"take: an index is out of range for an axis of length 3.* at test_jax.py"):
        f(np.ones(3), np.array(index))


def test_an_index_out_of_range_is_nan_in_a_traced_function(x64: None) -> None:
    i = rg.vector("i", dtype="int64")
    assert np.isnan(jax.jit(to_jax(x[i], [x, i]))(np.ones(3), np.array([0, 3]))).tolist() == [False, True]


def test_a_negative_power_of_integers_raises() -> None:
    i = rg.vector("i", dtype="int64")
    with pytest.raises(AxisError, match="negative integer powers"):
        link([i], [rnp.power(2, i)])(np.array([1, -1]))


def test_to_jax_can_be_transformed(x64: None) -> None:
    f = to_jax(loss, [x, s])
    a = np.array([1.0, 2.0])
    assert jax.jit(f)(a, 3.0) == pytest.approx(3 * np.log(2))
    np.testing.assert_allclose(jax.grad(f)(a, 3.0), 3 / a)
    np.testing.assert_allclose(jax.vmap(f, (0, None))(np.stack([a, a]), 3.0), [3 * np.log(2)] * 2)
    both = to_jax([loss, rg.grad(loss, x)], [x, s])(a, 3.0)
    assert isinstance(both, tuple) and len(both) == 2


def test_to_jax_says_what_64_bits_need() -> None:
    if jax.config.jax_enable_x64:
        pytest.skip("64 bits are switched on in this process")
    with pytest.raises(LinkError, match="jax_enable_x64"):
        to_jax(loss, [x, s])(np.ones(2), 1.0)
    f = rg.vector("f", dtype="float32")
    assert to_jax(rnp.sum(f * f), [f])(np.ones(2, "float32")).dtype == np.float32


def test_missing_lowerings() -> None:
    odd = Op(name="odd", module=__name__, kind="elementwise", numpy=np.abs)
    half = Op(name="half", module=__name__, kind="elementwise", numpy=lambda v: v / 2, definition=lambda v: v * 0.5)
    assert missing([odd(x), half(x)]) == ["odd"]
    with pytest.raises(LinkError, match="no lowering for odd"):
        link([x], [odd(x)])
    assert link([x], [half(half(x))])(np.array([4.0]))[0].tolist() == [1.0]


def test_inputs_that_are_not_arguments() -> None:
    with pytest.raises(LinkError, match="s: float64 is used but is no argument"):
        link([x], [loss])


def test_large_arrays_are_arguments() -> None:
    data = const(np.arange(1000.0))
    f = link([s], [rnp.sum(data) * s])
    assert f(np.array(2.0))[0] == 999000.0
    assert "999.0" not in f.source and f.captured[0].shape == (1000,)


def test_source_name_program_and_pickle() -> None:
    f = link([x], [rnp.exp(x)])
    assert "exp" in f.source and f.name == "jax" and f.program is None
    again = pickle.loads(pickle.dumps(f))
    assert again(np.zeros(2))[0].tolist() == [1.0, 1.0]


def test_gradients_agree_with_those_of_jax(x64: None) -> None:
    M = rg.matrix("M", shape=("n", "n"))
    at = np.array([[3.0, 0.5, 0.2], [0.1, 2.0, 0.3], [0.4, 0.2, 2.5]])
    K = M @ M.mT
    for y in (rnp.linalg.slogdet(M)[1], rnp.sum(rnp.linalg.cholesky(K)), rnp.sum(rnp.linalg.solve(M, rnp.sin(M))),
              rnp.sum(rnp.special.softmax(M, -1)[0]), rnp.special.logsumexp(M), rnp.sum(rnp.linalg.qr(M)[0] * M),
              rnp.prod(M), rnp.var(M), rnp.sum(rnp.special.gammaln(M))):
        ours = rg.grad(y, M).eval({M: at})
        theirs = jax.grad(to_jax(y, [M]))(at)
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)


def test_the_descent_convention_is_the_conjugate_of_jax(x64: None) -> None:
    z = rg.scalar("z", dtype="complex128")
    y = rnp.square(rnp.abs(z * (1 + 2j) - 3))
    at = np.array(0.5 - 1j)
    assert rg.grad(y, z).eval({z: at}) == pytest.approx(complex(np.conj(jax.grad(to_jax(y, [z]))(at))))


def test_jax_is_imported_on_first_use() -> None:
    code = "import sys, relgraph, relgraph.linkers.jax; assert 'jax' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
