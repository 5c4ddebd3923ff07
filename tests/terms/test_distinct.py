"""Distinct elements: NumPy's, cut off or filled up to the user's size, in every linker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import DTypeError, MisuseError, RelgraphError, ShapeError

x, empty = rg.vector("x"), rg.vector("empty", shape=0)
ARRAYS: dict[str, Any] = {
    "floats": np.array([3.0, 1.0, -0.0, 1.0, np.nan, 0.0, np.nan, -np.inf]),
    "small integers": np.array([5, 5, -1, 3, 2, 2], "int8"),
    "bool": np.array([True, False, True]), "a matrix": np.array([[2.0, 1.0, 2.0], [1.0, 3.0, 2.0]]), "a scalar": np.array(2.5),
}


def filled(found: Any, size: int, fill: Any) -> Any:
    return np.concatenate([found[:size], np.full(max(size - len(found), 0), fill, found.dtype)])


@pytest.mark.parametrize("linker", ["numpy", "c", "numba", "jax"])
@pytest.mark.parametrize("given", ARRAYS.values(), ids=ARRAYS.keys())
def test_numpys_distinct_elements(given: Any, linker: str) -> None:
    t = rg.tensor("t", dtype=given.dtype, shape=tuple(f"n{k}" for k in range(given.ndim)))
    values, index, inverse, counts = np.unique(given, return_index=True, return_inverse=True, return_counts=True)
    for size in (2, 9):
        asked = *rnp.unique(t, True, True, True, size=size), rnp.unique_values(t, size=size, fill_value=given.dtype.type(1))
        f = rg.function([t], list(asked), linker=linker)
        wanted = (filled(values, size, values[0]), filled(index, size, index[0]), np.reshape(inverse, given.shape),
                  filled(counts, size, 0), filled(values, size, 1))
        for found, want in zip(f(given), wanted, strict=True):
            np.testing.assert_array_equal(found, want)


def test_a_size_may_be_a_name_and_the_result_none() -> None:
    f = rg.function([x], rnp.unique(x, size=x.shape[0]))
    np.testing.assert_array_equal(f(np.array([2.0, 1.0, 2.0])), [1.0, 2.0, 1.0])
    assert rnp.unique(x, size=0).eval({x: np.ones(3)}).shape == (0,)
    np.testing.assert_array_equal(rnp.unique(empty, size=2, fill_value=7).eval({empty: np.zeros(0)}), [7.0, 7.0])
    with pytest.raises(RelgraphError, match="at least 1"):
        f(np.zeros(0))


def test_the_gradient_goes_to_what_stands_first() -> None:
    y = rnp.sum(rnp.unique(x, size=4) * np.arange(1.0, 5.0))
    np.testing.assert_array_equal(rg.grad(y, x).eval({x: np.array([3.0, 1.0, 2.0, 1.0])}), [3.0, 1.0 + 4.0, 2.0, 0.0])


def test_it_prints_as_it_is_written() -> None:
    assert str(rnp.unique(x, size=3)) == "rnp.unique(rg.vector('x'), size=3)"


REFUSED: list[tuple[Callable[[], Any], type[RelgraphError], str]] = [
    (lambda: rnp.unique(x), MisuseError, r"depends on the values, .* write rnp.unique\(x, size=n\)"),
    (lambda: rnp.unique_values(x), MisuseError, "size=n"),
    (lambda: rnp.unique(x, size=-1), ShapeError, "negative"),
    (lambda: rnp.unique(x, size=2.5), MisuseError, "is no size"),
    (lambda: rnp.unique(x, size=rnp.sum(x)), MisuseError, "depends on values"),
    (lambda: rnp.unique(empty, size=2), ShapeError, "write fill_value="),
    (lambda: rnp.unique(rg.vector("k", dtype="int64"), size=2, fill_value=0.5), DTypeError, "fill_value is float64"),
    (lambda: rnp.unique(x, size=2, fill_value=x), DTypeError, "a number of dtype float64 was expected"),
    (lambda: rnp.unique(rg.vector("z", dtype="complex128"), size=2), DTypeError, "defined for real numbers"),
]


@pytest.mark.parametrize(("build", "error", "said"), REFUSED, ids=[said for *_, said in REFUSED])
def test_what_is_refused(build: Callable[[], Any], error: type[RelgraphError], said: str) -> None:
    with pytest.raises(error, match=said):
        build()
