"""What has no inverse gives NaN in every linker, matrix by matrix of a batch; nothing stops."""

from __future__ import annotations

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.strategies import identity

A = rg.tensor("A", (3, "n", "n"))
REGULAR = np.array([[3.0, 1.0], [2.0, 4.0]])
SINGULAR = [np.array([[1.0, 2.0], [2.0, 4.0]]), np.zeros((2, 2)), np.array([[1.0, np.nan], [2.0, 4.0]])]


@pytest.mark.parametrize("linker", ["numpy", "c", "numba", "jax"])
def test_singular_matrices_give_nan(linker: str) -> None:
    f = rg.function([A], [rnp.linalg.inv(A), rnp.linalg.solve(A, A[..., :1]), rnp.linalg.cholesky(A)], linker=linker,
                    rewrite=identity)
    for bad in SINGULAR:
        inverse, solution, factor = f(np.stack([REGULAR, bad, REGULAR]))
        np.testing.assert_allclose(inverse[[0, 2]] @ REGULAR, np.broadcast_to(np.eye(2), (2, 2, 2)), atol=1e-14)
        np.testing.assert_allclose(solution[0], [[1], [0]], atol=1e-14)
        assert np.isnan(inverse[1]).all() and np.isnan(solution[1]).all() and np.isnan(factor[1, 1, 1])
        assert np.isfinite(factor[0]).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numba_solves_the_columns_that_are_finite(bad: float) -> None:
    a, b = rg.matrix("a", shape=(2, 2)), rg.matrix("b", shape=(2, 2))
    both = [rg.function([a, b], rnp.linalg.solve(a, b), linker=name) for name in ("numba", "numpy")]
    found, wanted = (f(REGULAR, np.array([[bad, 1.0], [1.0, 1.0]])) for f in both)
    np.testing.assert_allclose(found, wanted, rtol=1e-14)
    assert np.isfinite(found[:, 1]).all() and not np.isfinite(found[:, 0]).any()
