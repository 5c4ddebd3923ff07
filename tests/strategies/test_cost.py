"""What terms cost, and which of two equal ones is cheaper."""

from __future__ import annotations

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError
from relgraph.strategies import Cost, cost
from relgraph.terms import rows
from relgraph.terms.linalg import cholesky, det, inv, qr, slogdet, solve, solve_triangular
from relgraph.terms.term import Term, lvar

A, B = rg.matrix("A", shape=(4, 5)), rg.matrix("B", shape=(5, 6))
S, T = rg.matrix("S", shape=(6, 6)), rg.tensor("T", shape=(7, 6, 6))
x, y, u = rg.vector("x", shape=10), rg.vector("y", shape=10), rg.vector("u", shape=6)
f = rg.vector("f", shape=10, dtype="float32")
n = rg.vector("n", shape="n")


@pytest.mark.parametrize(("term", "flops", "doubles"), [
    (x, 0, 0), (x + y, 10, 30), (x + x, 10, 30), (x + 1, 10, 21), (rnp.exp(x), 150, 20),
    ((x + y) * (x + y), 20, 60), (rnp.sum(x), 10, 11), (rnp.expand_dims(x, 0) + rnp.expand_dims(y, 1), 100, 120),
    (A @ B, 2 * 4 * 5 * 6, 20 + 30 + 24), (T @ S, 7 * 2 * 6**3, 7 * 36 * 2 + 36), (B @ u, 2 * 5 * 6, 30 + 6 + 5),
    (x @ y, 20, 21), (S.T, 0, 0), (x[1:3], 0, 0), (rg.stop_gradient(x), 0, 0),
    (inv(S), 2 * 6**3, 72), (inv(T), 7 * 2 * 6**3, 7 * 72), (det(S), 2 / 3 * 6**3, 37), (cholesky(S), 6**3 / 3, 72),
    (solve_triangular(S, u), 6**2, 36 + 12), (solve(S, u), 2 / 3 * 6**3 + 2 * 6**2, 36 + 12),
    (slogdet(S)[1], 2 / 3 * 6**3, 38), (qr(rg.matrix("M", shape=(8, 3)))[0], 4 * 8 * 3 * 3, 24 + 24 + 9),
])
def test_flops_and_bytes(term: Term, flops: float, doubles: int) -> None:
    found = cost(term)
    assert found.flops == pytest.approx(flops)
    assert found.bytes == 8 * doubles


def test_bytes_are_of_the_dtype() -> None:
    assert cost(f + f) == Cost(10, 30 * 4)
    assert cost(rnp.equal(x, y)) == Cost(10, 20 * 8 + 10)


def test_named_sizes() -> None:
    assert cost(n + n).flops == 1000
    assert cost(n + n, default=7).flops == 7
    assert cost(n + n, sizes={"n": 20, "m": 3}).flops == 20
    assert cost(n[1:] - n[:-1], sizes={"n": 20}).flops == 19


def test_several_terms_share() -> None:
    assert cost(x + y, (x + y) * x) == cost((x + y) * x)
    assert cost() == Cost(0, 0)


def test_a_shared_node_counts_once() -> None:
    t = x
    for _ in range(60):
        t = t + t
    assert cost(t).flops == 600


def test_a_body_counts_once() -> None:
    assert cost(rg.lam([x.type], lambda a: a + a)) == cost(x + x)


P, Q, v = rg.matrix("P", shape=("n", "n")), rg.matrix("Q", shape=("n", "n")), rg.vector("v", shape="n")


@pytest.mark.parametrize(("dear", "cheap"), [
    ((P @ Q) @ v, P @ (Q @ v)),
    (inv(P) @ v, solve(P, v)),
    (rnp.sum(rnp.exp(v) * 2), rnp.sum(rnp.exp(v)) * 2),
    (rnp.log(det(P)), 2 * rnp.sum(rnp.log(rnp.diagonal(cholesky(P))))),
    (rnp.trace(P @ Q), rnp.sum(P * Q.T)),
])
def test_alternatives_compare(dear: Term, cheap: Term) -> None:
    assert cost(dear) > cost(cheap) and cost(cheap) < cost(dear) and not cost(dear) <= cost(cheap)


def test_views_cost_nothing() -> None:
    assert cost(P.T @ Q.T) == cost(Q @ P)


def test_costs_add_and_sort() -> None:
    assert Cost(1, 2) + Cost(3, 4) == Cost(4, 6)
    assert sorted([Cost(5, 0), Cost(0, 1), Cost(1, 0)]) == [Cost(1, 0), Cost(0, 1), Cost(5, 0)]
    assert Cost(0, 1) != Cost(2, 0) and Cost(0, 1) < Cost(2, 0)


def test_a_pattern_has_no_cost() -> None:
    with pytest.raises(MisuseError, match="its shape is not known"):
        cost(rnp.exp(lvar("p")))


def test_every_row_says_its_cost() -> None:
    for op in rows().values():
        assert callable(op.cost) or op.cost >= 0
