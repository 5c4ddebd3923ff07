"""Bands, ranks, Kronecker products and blocks: what is proved of a matrix, and which equations ask for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relations_library.pipelines import linear_algebra
from relgraph.relations import predicates as P
from relgraph.relations.facts import FactBase
from relgraph.relations.forms import normal
from relgraph.relations.predicates import Predicate, lower_band, rank_at_most, upper_band
from relgraph.terms.term import Term, weak

FACTS = FactBase((*library.signs, *library.matrices))
A, B, M = (rg.matrix(n, shape=(4, 4)) for n in "ABM")
v, w = rg.vector("v", shape=4), rg.vector("w", shape=4)
band, tri, one = rg.assume(A, banded=(1, 2)), rg.assume(B, tridiagonal=True), rg.assume(A, rank_at_most=1)
low, up = rg.assume(A, lower_triangular=True), rg.assume(B, upper_triangular=True)
S = rg.assume(rg.assume(A, symmetric=True), lower_band=2)
T, C = rg.assume(A, toeplitz=True), rg.assume(B, circulant=True)
P1, P2 = rg.assume(A, stochastic=True), rg.assume(B, permutation=True)
kron, block, inv, det = rnp.linalg.kron, rnp.linalg.block_diag, rnp.linalg.inv, rnp.linalg.det


@pytest.mark.parametrize(("term", "lower", "upper", "rank"), [
    (A, None, None, None), (band, 1, 2, None), (band.T, 2, 1, None), (tri, 1, 1, None), (band @ tri, 2, 3, None),
    (band @ band @ band, 3, 6, None), (band + tri, 1, 2, None), (-3 * band, 1, 2, None), (band * M, None, None, None),
    (band * rg.assume(M, finite=True), 1, 2, None), (band * tri, 1, 1, None), (S, 2, 2, None), (low, None, 0, None),
    (inv(low), None, 0, None), (low @ up, None, None, 4), (low @ low.T, None, None, 4), (rnp.diag(v), 0, 0, None),
    (rnp.diag(v) @ band, 1, 2, None), (rnp.linalg.cholesky(S), 2, 0, None), (rnp.tril(A, 1), None, 1, None),
    (rnp.linalg.solve(up, band), 1, None, None), (kron(band, tri), 5, 9, None), (block(band, tri), 1, 2, None),
    (rg.matrix("H", shape=(4, 2)) @ rg.matrix("G", shape=(2, 4)), None, None, 2), (rnp.outer(v, w), None, None, 1),
    (one + rnp.outer(v, w) + rnp.outer(w, v), None, None, 3), (M @ one @ M, None, None, 1),
    (one * rnp.outer(v, w), None, None, 1), (kron(one, rnp.outer(v, w)), None, None, 1),
    (one[1:, ::2], None, None, 1), (rnp.concat([one, rnp.outer(v, w)], -1), None, None, 2),
    (rnp.linalg.pinv(one), None, None, 1), (rnp.broadcast_to(v, (4, 4)) * one, None, None, 1),
    (block(one, rnp.outer(v, w)), None, None, 2), (one.T - one, None, None, 2),
    (rg.assume(np.diag([1.0, 2.0], 1), finite=True), -1, 1, None),
])
def test_widths_and_ranks(term: Any, lower: int | None, upper: int | None, rank: int | None) -> None:
    t = normal(rnp.asarray(term))
    found = [FACTS.number(p, t) for p in (lower_band, upper_band, rank_at_most)]
    assert found[:2] == [lower, upper] and (rank is None or found[2] == rank)


@pytest.mark.parametrize(("predicate", "term", "numbers", "known"), [
    (P.banded, band, (1, 2), True), (P.banded, band, (2, 5), True), (P.banded, band, (0, 2), False),
    (P.tridiagonal, band, (), False), (P.tridiagonal, rg.assume(A, banded=(1, 1)), (), True),
    (P.diagonal, rg.assume(A, banded=(0, 0)), (), True), (P.upper_triangular, rg.assume(A, lower_band=0), (), True),
    (P.diagonal, low * up, (), False), (P.singular, one, (), True), (P.singular, M @ one, (), True),
    (P.singular, rg.assume(A, rank_at_most=4), (), False), (P.singular, rnp.tril(low, -1), (), True),
    (P.singular, rg.assume(A, upper_band=-1), (), True), (P.toeplitz, T + 2 * C, (), True), (P.toeplitz, T @ C, (), False),
    (P.toeplitz, inv(rg.assume(low, toeplitz=True)), (), True), (P.stochastic, P1 @ P2, (), True),
    (P.stochastic, P1 + P2, (), False), (P.stochastic, rnp.special.softmax(M, axis=-1) @ P1, (), True),
    (P.stochastic, rnp.special.softmax(M, axis=-2), (), False), (P.between_0_1, P1 @ P2, (), True),
    (P.pd, kron(rg.assume(A, pd=True), rg.assume(B, pd=True)), (), True), (P.singular, kron(one, B), (), True),
    (P.singular, kron(one, rg.matrix("E", shape=(0, 0))), (), False),  # of no elements
    (P.split_at, block(M, A) @ block(B, M), (4,), True), (P.split_at, inv(block(M, A)).T, (4,), True),
    (P.split_at, block(M, A) @ block(B, M), (3,), False), (P.split_at, rg.assume(A, split_at=1) + rnp.diag(v), (1,), True),
    (P.split_at, rg.assume(A, split_at=1), (2,), False), (P.split_at, block(M, block(A, B)), (8,), True),
    (P.split_at, rnp.diag(v), (5,), False), (P.pd, rg.assume(A, pd=True)[1:3, 1:3], (), True),
    (P.pd, rg.assume(A, pd=True)[1:3, :2], (), False), (P.lower_triangular, low[::-1, ::-1], (), False),
    (P.lower_triangular, low[::2, ::2], (), True), (P.invertible, rg.assume(low, positive_diagonal=True), (), True),
    (P.orthogonal, block(rg.assume(A, orthogonal=True), P2), (), True), (P.symmetric, kron(A + A.T, B), (), False),
])
def test_structures(predicate: Predicate, term: Term, numbers: tuple[int, ...], known: bool) -> None:
    assert FACTS.holds(predicate, (normal(term), *map(weak, numbers))) == known


@pytest.mark.parametrize(("term", "expected"), [
    (rnp.linalg.solve(rg.assume(A, banded=(0, 1)), B), rnp.linalg.solve_triangular(A, B, lower=False)),
    (det(rg.assume(A, banded=(0, 2))), rnp.prod(rnp.linalg.diagonal(A))), (det(one), rnp.asarray(0.0)),
    (rnp.tril(band, 2), A), (rnp.tril(band, 1), rnp.tril(A, 1)), (rnp.triu(band @ tri, -2), A @ B),
    (rnp.linalg.trace(A - A.T), rnp.asarray(0.0)), (rnp.sum(P1 @ P2, axis=-1), rnp.ones(4)),
    (rg.assume(A, idempotent=True) @ A, A @ A), (rg.assume(A, idempotent=True) @ rg.assume(A, idempotent=True), A),
    (rg.assume(A, banded=(0, 0)) @ B, rnp.linalg.diagonal(A)[:, None] * B),
])
def test_equations_that_ask(term: Term, expected: Term) -> None:
    assert rg.rewrite(term, strategy=linear_algebra) is rg.rewrite(expected, strategy=linear_algebra)


def test_a_number_that_is_not_enough_says_what_is_proved() -> None:
    first = str(rg.why_fact(rank_at_most, one + rnp.outer(v, w), 1)).splitlines()[0]
    assert "is unknown; what is proved is rank_at_most 2 by rank_at_most(A + B, c + d) if " in first


def test_deep_products() -> None:
    t = band
    for _ in range(500):
        t = t @ band
    assert FACTS.number(lower_band, normal(t)) == 501


def test_claimed_blocks() -> None:
    """What is claimed of blocks is asked block by block, and what was claimed of the whole is known of each."""
    x = rg.assume(A, pd=True, block_diagonal=(1, 3))
    big = A[1:, 1:]
    assert rg.rewrite(det(x), strategy=linear_algebra) is rg.rewrite(det(A[:1, :1]) * det(big), strategy=linear_algebra)
    assert rg.rewrite(inv(rg.assume(A, block_diagonal=(1, 3))), strategy=linear_algebra).op.name == "block_diag"
    factor = rg.rewrite(rnp.linalg.cholesky(x), strategy=linear_algebra)
    assert factor.op.name == "block_diag" and factor.args[1] is rnp.linalg.cholesky(big)
