"""`x[...]` is NumPy's: integers, slices, ``None``, ``...``, integer arrays; for fixed and for named sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import AxisError, MisuseError, RelgraphError, ShapeError
from relgraph.terms.indexing import take_add_
from relgraph.terms.term import attr, make


def symbolic(a: np.ndarray[Any, Any], named: bool) -> rg.Term:
    return rg.tensor("a", tuple(f"d{k}" if named else d for k, d in enumerate(a.shape)), dtype=a.dtype)


@st.composite
def indexed(draw: Any) -> tuple[np.ndarray[Any, Any], Any]:
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5))
    key = draw(hnp.basic_indices(shape, min_dims=0, max_dims=5, allow_newaxis=True))
    return np.arange(int(np.prod(shape)), dtype="int64").reshape(shape), key


@given(indexed(), st.booleans())
def test_basic_indexing_is_numpys(case: Any, named: bool) -> None:
    a, key = case
    x = symbolic(a, named)
    np.testing.assert_array_equal(x[key].eval({x: a}), a[key])


@given(st.data(), st.booleans())
def test_an_integer_array_along_one_axis_is_numpys(data: Any, named: bool) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4))
    axis = data.draw(st.integers(0, len(shape) - 1))
    i = data.draw(hnp.arrays("int64", hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3),
                             elements=st.integers(-shape[axis], shape[axis] - 1)))
    a = np.arange(int(np.prod(shape))).reshape(shape)
    x = symbolic(a, named)
    key = (slice(None),) * axis
    j = rg.tensor("j", i.shape, dtype="int64")
    np.testing.assert_array_equal(x[(*key, i)].eval({x: a}), a[(*key, i)])
    np.testing.assert_array_equal(x[(*key, j)].eval({x: a, j: i}), a[(*key, i)])
    np.testing.assert_array_equal(rnp.take(x, j, axis=axis).eval({x: a, j: i}), np.take(a, i, axis=axis))


A = np.arange(60).reshape(3, 4, 5)
I, J = np.array([2, -1, 0]), np.array([[1], [-4]])
KEYS = [(I,), (slice(None), I), (I, I), (I, J), (I[None], J), (slice(1, None), I, I), (I, 0), (0, I), (I, None), (None, I),
        (..., I), (I, ..., slice(1, 3)), (0, I, slice(None, None, -1)), ([0, 1],),
        (I, I, I), (slice(None), I, 1), (np.int64(1), slice(None), np.array(2)),
        (np.array(1), slice(None), np.array(-2)), (np.int64(1), np.uint8(2)), (abs(I).astype("uint8"), abs(I).astype("uint8"))]


@pytest.mark.parametrize("named", [False, True], ids=["fixed", "named"])
@pytest.mark.parametrize("key", KEYS, ids=str)
def test_several_indices_are_numpys_or_refused(key: Any, named: bool) -> None:
    x = symbolic(A, named)
    found = x[key].eval({x: A})
    np.testing.assert_array_equal(found, A[key])
    assert found.shape == A[key].shape


def test_sizes_are_indices() -> None:
    x, y = rg.vector("x", "n"), rg.vector("y", "m")
    n = x.shape[0]
    a, b = np.arange(6.0), np.arange(9.0)
    np.testing.assert_array_equal(y[:n].eval({x: a, y: b}), b[:6])
    np.testing.assert_array_equal(y[n:].eval({x: a, y: b}), b[6:])
    np.testing.assert_array_equal(x[n // 2:].eval({x: a}), a[3:])
    assert y[n].eval({x: a, y: b}) == 6.0 and x[n - 1].eval({x: a}) == 5.0


@pytest.mark.parametrize(("build", "error", "message"), [
    (lambda x: x[4], AxisError, r"index 4 is out of range for axis 0 of length 3 of x: float64\[3\]"),
    (lambda x: x[-4], AxisError, "index -4 is out of range"),
    (lambda x: x[0, 0], AxisError, r"2 indices for x: float64\[3\]"),
    (lambda x: x[::0], MisuseError, "step is 0"),
    (lambda x: x["a"], MisuseError, "is no index"),
    (lambda x: x[1.0], MisuseError, "of type float is no index"),
    (lambda x: x[np.array([0.5])], MisuseError, r"integers were expected; write i\.astype"),
    (lambda x: x[np.array([3])], AxisError, r"indices run from 3 to 3, axis 0 of x: float64\[3\] has length 3"),
    (lambda x: x[x > 0], MisuseError, r"boolean mask.*write rnp\.where\(mask, x, 0\)"),
    (lambda x: x[np.array([True, False, True])], MisuseError, "boolean mask"),
    (lambda x: x[True], MisuseError, "boolean mask"),
    (lambda x: rg.tensor("t", (3, 3, 3))[[0], :, [1]], MisuseError, "side by side"),
    (lambda x: rg.tensor("t", (3, 3, 3))[0, :, [1]], MisuseError, r"index in two steps, x\[i\]\[:, j\]"),
    (lambda x: rnp.take(x, x), MisuseError, "integers were expected"),
    (lambda x: make(take_add_, (x, rnp.arange(3), attr((-2,)), attr(4))), AxisError,
     r"axis -2 is out of range for the 1 axes of what float64\[3\] is added to; use -1 to -1"),
])
def test_an_index_that_cannot_be_is_refused_when_it_is_written(build: Any, error: type[RelgraphError], message: str) -> None:
    with pytest.raises(error, match=message):
        build(rg.vector("x", 3))


def test_an_index_out_of_a_named_range_is_refused_when_it_is_evaluated() -> None:
    x, i = rg.vector("x", "n"), rg.scalar("i", "int64")
    for t in (x[5], x[-5], x[i]):
        with pytest.raises((ShapeError, AxisError), match="out of bounds"):
            t.eval({x: np.zeros(3), i: 3})
