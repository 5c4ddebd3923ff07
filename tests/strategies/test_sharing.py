"""Relations that pay where a factorisation is there already: the context that an equation by itself does not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, shared
from relations_library.selections import order_sign
from relgraph.strategies import checker, seq
from relgraph.strategies.levels import at_level
from relgraph.strategies.pack import pack, unpack
from relgraph.terms.evaluate import evaluate

la = rnp.linalg
X, P = rg.tensor("X", shape=(2, 3, 3)), rg.tensor("P", shape=(3, 3))
P_ = rg.assume(P, pd=True)
A = np.random.default_rng(3).normal(size=(2, 3, 3))
VALUES = {X: A, P: A[0] @ A[0].T + np.eye(3)}
factor, (p, low, up), (q, r), (u, s, vh) = la.cholesky(P), la.lu(X), la.qr(X), la.svd(X)

# what is asked beside a decomposition, and what it becomes
SHARED: dict[str, tuple[Any, Any, Any]] = {
    "determinant and Cholesky": (la.cholesky(P_), la.det(P_), rnp.prod(la.diagonal(factor), axis=-1) ** 2),
    "determinant and LU": (up, la.det(X), order_sign(p) * rnp.prod(la.diagonal(up), axis=-1)),
    "the size of the determinant and QR": (q, abs(la.det(X)), abs(rnp.prod(la.diagonal(r), axis=-1))),
    "the size of the determinant and svd": (u, abs(la.det(X)), rnp.prod(s, axis=-1)),
    "singular values and svd": (vh, la.svdvals(X), s),
    "eigenvalues and eigh": (la.eigh(P)[1], la.eigvalsh(P), la.eigh(P)[0]),
}


@pytest.mark.parametrize(("there", "asked", "wanted"), SHARED.values(), ids=SHARED.keys())
def test_a_decomposition_is_shared(there: Any, asked: Any, wanted: Any) -> None:
    found = unpack(rg.rewrite(pack([there, asked]), shared))[1]
    assert found is wanted, found
    one, other = evaluate([asked, found], VALUES)
    np.testing.assert_allclose(one, other, rtol=1e-10)


@pytest.mark.parametrize("asked", [row[1] for row in SHARED.values()], ids=SHARED.keys())
def test_none_is_made_for_it(asked: Any) -> None:
    assert rg.rewrite(asked, shared) is asked


def test_a_function_factorises_once() -> None:
    f = rg.function([P], [la.cholesky(P_), la.det(P_)], rewrite=seq(shared, default), linker="numpy")
    assert "det(" not in str(f.term[1])
    checker.replay(f.derivation)
    np.testing.assert_allclose(f(VALUES[P])[1], np.linalg.det(VALUES[P]))


def test_a_level_cuts_it_down() -> None:
    """Nothing of it keeps every bit of a determinant; the singular values of svd are those of svdvals but for rounding."""
    both = pack([la.cholesky(P_), la.det(P_)])
    assert rg.rewrite(both, at_level(shared, "real")) is rg.rewrite(both, shared)
    assert unpack(rg.rewrite(both, at_level(shared, "exact")))[1] is la.det(P_)
