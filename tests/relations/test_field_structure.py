"""What the field infers of matrices, a row for each kind and op; and two of its inferences that are false."""

from __future__ import annotations

from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import general
from relations_library.decompositions import structure
from relations_library.facts import matrices, signs
from relgraph.errors import RefusedRelation
from relgraph.relations import Clause, clause, lvars, theory
from relgraph.relations import predicates as p
from relgraph.relations.verify import check_clause
from relgraph.terms.decompositions import eigh_
from relgraph.terms.general import schur_
from relgraph.terms.linalg import nth, solve_triangular_
from relgraph.terms.term import attr

from . import matrices as m

la, t, mul = rnp.linalg, rnp.matrix_transpose, rnp.matmul
known = theory(matrices, signs, structure, general.structure, name="known")
KEPT = ("diagonal", "lower_triangular", "upper_triangular", "symmetric", "pd", "orthogonal", "permutation")
OTHER = {"lower_triangular": "upper_triangular", "upper_triangular": "lower_triangular"}


def some(name: str, kind: str) -> Any:
    return rg.assume(rg.tensor(name, shape=(2, 3, 3)), **{kind: True})


FACTS: dict[str, tuple[str, Any]] = {
    **{f"inverse, {k}": (k, la.inv(some("K", k))) for k in KEPT},
    **{f"transpose, {k}": (OTHER.get(k, k), t(some("K", k))) for k in KEPT},
    **{f"product, {k}": (k, mul(some("K", k), some("N", k))) for k in KEPT if k not in ("symmetric", "pd")},
    **{f"sum, {k}": (k, some("K", k) + some("N", k)) for k in KEPT if k not in ("orthogonal", "permutation")},
    **{f"multiple, {k}": (k, 2.5 * some("K", k)) for k in KEPT if k not in ("orthogonal", "permutation")},
    **{f"negative, {k}": (k, -some("K", k)) for k in KEPT if k not in ("pd", "permutation")},
    "diagonal is lower": ("lower_triangular", m.D_), "diagonal is upper": ("upper_triangular", m.D_),
    "diagonal is symmetric": ("symmetric", m.D_), "pd is symmetric": ("symmetric", m.P_),
    "a permutation is orthogonal": ("orthogonal", m.M_),
    "the square of symmetric": ("symmetric", mul(m.S_, m.S_)),
    "a congruence": ("symmetric", mul(mul(m.X, m.S_), t(m.X))),
    "a gram matrix is semidefinite": ("psd", mul(m.Z, t(m.Z))),
    "a gram matrix of invertible is definite": ("pd", mul(m.I_, t(m.I_))),
    "an outer product is semidefinite": ("psd", rnp.outer(m.v, m.v)),
    "the Cholesky factor": ("lower_triangular", la.cholesky(m.X)),
    "l of LU": ("lower_triangular", la.lu(m.X)[1]), "u of LU": ("upper_triangular", la.lu(m.X)[2]),
    "p of LU": ("permutation", la.lu(m.X)[0]),
    "q of QR": ("orthogonal", la.qr(m.X)[0]), "r of QR": ("upper_triangular", la.qr(m.X)[1]),
    "eigenvectors": ("orthogonal", la.eigh(m.S_)[1]),
    "Schur's vectors": ("orthogonal", la.schur(m.X)[1]),
    "Schur's vectors of complex": ("unitary", la.schur(m.U)[1]),
    "Schur's form of complex": ("upper_triangular", la.schur(m.U)[0]),
    "vectors of a pair": ("orthogonal", la.qz(m.X, m.Y)[2]), "vectors of a pair, right": ("unitary", la.qz(m.U, m.V)[3]),
    "Schur's form of a pair": ("upper_triangular", la.qz(m.U, m.V)[0]),
    "Schur's form of a pair, the other": ("upper_triangular", la.qz(m.X, m.Y)[1]),
    "rows of the identity": ("selection", rnp.take(rnp.eye(3), m.positions, 0)),
    "columns of the identity": ("semi_orthogonal", rnp.take(rnp.eye(3), rnp.arange(2), 1)),
    "a product of selections": ("selection", m.M_ @ m.N_), "a part of a selection": ("selection", m.N_[1:3]),
    "selections, one under the other": ("selection", rnp.concat([m.N_, rnp.eye(3)])),
    "the Gram matrix of a selection": ("diagonal", m.N_.T @ m.N_), "a permutation selects": ("selection", m.M_),
    "a Kronecker product of selections": ("selection", la.kron(m.N_, m.M_)),
    "blocks of selections": ("selection", la.block_diag(m.N_, m.M_)),
    "copies of a selection": ("selection", rnp.broadcast_to(m.N_, (2, 4, 3))),
    "the identity": ("permutation", rnp.eye(3)), "diag": ("diagonal", rnp.diag(m.v)),
    "diag of positive numbers": ("pd", rnp.diag(rg.assume(m.v, positive=True))),
    "tril": ("lower_triangular", rnp.tril(m.X)), "triu": ("upper_triangular", rnp.triu(m.X)),
}


@pytest.mark.parametrize(("kind", "term"), FACTS.values(), ids=FACTS.keys())
def test_the_fact_is_proved(kind: str, term: Any) -> None:
    proof = rg.why_fact(kind, term, theory=known)
    assert proof, proof


x, y = lvars("x y")
q, = lvars("q", kinds="c")
low = la.cholesky(y)


def lower(a: Any, b: Any) -> Any:
    return solve_triangular_(a, b, attr(True), attr(False))


of_pair = solve_triangular_(t(low), nth(eigh_(lower(low, t(lower(low, x)))), 1), attr(False), attr(False))
FALSE: dict[str, Clause] = {
    "eigenvectors of a pair are orthogonal": clause(p.orthogonal(of_pair), p.symmetric(x), p.pd(y)),
    "Schur's vectors of complex are orthogonal": clause(p.orthogonal(nth(schur_(q), 1))),
    "eigenvectors of complex are orthogonal": clause(p.orthogonal(nth(eigh_(q), 1)), p.hermitian(q)),
    "a gram matrix is definite": clause(p.pd(mul(x, t(x)))),
}


@pytest.mark.parametrize("name", FALSE)
def test_refused(name: str) -> None:
    with pytest.raises(RefusedRelation, match=r"is false for .*\nat "):
        check_clause(FALSE[name])
