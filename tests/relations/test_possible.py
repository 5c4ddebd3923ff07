"""What operators exclude is never proved: asked with and without the upper bound, facts of matrices are the same."""

from __future__ import annotations

import random
from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relations_library.decompositions import structure
from relations_library.pipelines import default
from relgraph.relations import clause, lvars
from relgraph.relations.facts import FactBase
from relgraph.relations.forms import normal
from relgraph.relations.possible import Possible
from relgraph.relations.predicates import PREDICATES, diagonal, invertible, lower_triangular, symmetric
from relgraph.terms.term import Term, const, weak

CLAUSES = (*library.signs, *library.matrices, *structure)
FACTS, UNPRUNED = FactBase(CLAUSES), FactBase(CLAUSES)
STRUCTURES = [p for p in PREDICATES.values() if p.scope == "matrix"]
A, B, v = rg.matrix("A", shape=(3, 3)), rg.matrix("B", shape=(3, 3)), rg.vector("v", shape=3)
C = rg.matrix("C", shape=(3, 3), dtype="complex128")
LEAVES: tuple[Term, ...] = (
    A, B, C, rnp.eye(3), rnp.diag(v), rnp.diag(rnp.exp(v)), rnp.outer(v, v), const([[1.0, 0, 0], [0, 2.0, 0], [0] * 3]),
    *[rg.assume(rg.matrix(f"S{p}", shape=(3, 3)), **{p.name: (True, 1, (1, 0))[p.numbers]}) for p in STRUCTURES],
    rg.assume(C, unitary=True), rg.assume(rg.assume(C, hermitian=True), invertible=True))
t, inv = rnp.matrix_transpose, rnp.linalg.inv
STEPS: tuple[Any, ...] = (
    lambda x, y: x @ y, lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: t(x), lambda x, y: inv(x),
    lambda x, y: -x, lambda x, y: 2 * x, lambda x, y: x @ t(x), lambda x, y: x @ y @ t(x), lambda x, y: x + t(x),
    lambda x, y: rnp.conj(x), lambda x, y: rnp.tril(x), lambda x, y: rnp.triu(x), lambda x, y: rnp.linalg.cholesky(x),
    lambda x, y: rnp.linalg.solve(x, y), lambda x, y: rnp.exp(v[0]) * x, lambda x, y: rnp.linalg.qr(x)[0],
    lambda x, y: rnp.linalg.qr(x)[1], lambda x, y: t(x) @ x, lambda x, y: rnp.sum(x) * y, lambda x, y: rnp.tanh(x))


class _Everything(Possible):
    def structure(self, name: str, t: Term) -> bool:
        return True


UNPRUNED._possible = _Everything(UNPRUNED._about_matrices(), 0)


@pytest.mark.parametrize("seed", range(40))
def test_the_same_facts(seed: int) -> None:
    rng = random.Random(seed)
    x = rng.choice(LEAVES)
    for _ in range(rng.randint(1, 5)):
        x = rng.choice(STEPS)(x, rng.choice(LEAVES))
        u = normal(x)
        for p in STRUCTURES:
            numbers = (weak(1),) * p.numbers
            assert FACTS.holds(p, (u, *numbers)) == UNPRUNED.holds(p, (u, *numbers)), p


def test_a_network_asks_for_no_proof() -> None:
    """A question that must fail costs one look: no goal is tried."""
    facts = FactBase(CLAUSES)
    x = rg.matrix("x", shape=("n", "n"))
    for i in range(20):
        x = rnp.tanh(x @ rg.matrix(f"W{i}", shape=("n", "n")) + rg.vector(f"b{i}", shape="n"))
    g = normal(rg.grad(rnp.sum(x * x), rg.free_inputs(x)[0]))
    facts._inner = None  # type: ignore[assignment]
    assert not any(facts.holds(p, (u,)) for u in (normal(x), g) for p in (diagonal, invertible, lower_triangular))


def test_deep_and_wide() -> None:
    x: Term = A
    for i in range(5000):
        x = t(x) @ A + x if i % 2 else rnp.tanh(x) @ x
    assert not FACTS.holds(diagonal, (normal(x),))


def test_operands_in_either_order() -> None:
    x, y = lvars("x y")
    facts = FactBase([clause(symmetric(rnp.maximum(x, y)), diagonal(x))])
    d = rnp.diag(v)
    assert not facts.holds(symmetric, (normal(rnp.maximum(d, A)),))  # nothing says that d is diagonal
    facts = FactBase([clause(symmetric(rnp.maximum(x, y)), diagonal(x)), clause(diagonal(rnp.diag(x)))])
    assert all(facts.holds(symmetric, (normal(m),)) for m in (rnp.maximum(d, A), rnp.maximum(A, d)))


def test_products_with_diagonals_are_found_by_default() -> None:
    D = rg.assume(A, diagonal=True)
    assert rg.rewrite(D @ B, strategy=default) is rg.rewrite(rnp.expand_dims(rnp.linalg.diagonal(A), -1) * B)
