"""The field's equations of linear systems and of changes of low rank: a row for each, named by its law."""

from __future__ import annotations

from typing import Any

import relgraph.numpy as rnp
from relations_library.circulant import circulants, toeplitz_products
from relations_library.pipelines import linear_algebra, specialize
from relgraph.terms.joining import diag_

from . import matrices as m
from .field import Row, holds, table

la, t, mul = rnp.linalg, rnp.matrix_transpose, rnp.matmul
det, inv, solve, diag_of, block = la.det, la.inv, la.solve, la.diagonal, la.block_diag
Z5, systems = m.any_("Z5", 2, 5, 4), m.any_("systems", 7, 3, 1)
scale, scale_ = m.given("scale", [0.5, 2.0, 3.0, 1.5, 4.0, 1.2], positive=True)
left, right, up, down = m.any_("left", 6, 2), m.any_("right", 2, 6), m.any_("up", 6), m.any_("down", 6)
matrix6 = m.any_("matrix6", 6, 3)
rfft, irfft = rnp.fft.rfft, rnp.fft.irfft


def column(x: Any) -> Any:
    return rnp.expand_dims(x, -1)


def row(x: Any) -> Any:
    return rnp.expand_dims(x, -2)


def lower(a: Any, y: Any) -> Any:
    return la.solve_triangular(a, y, lower=True)


def upper(a: Any, y: Any) -> Any:
    return la.solve_triangular(a, y)


factor = la.cholesky(m.P)
SOLVES: dict[str, Row] = {
    "inverse times right sides": (mul(inv(m.X), m.Z), solve(m.X, m.Z)),
    "right sides times inverse": (mul(t(m.Z), inv(m.X)), t(solve(t(m.X), m.Z))),
    "inverse times a vector": (mul(inv(m.A), m.v), solve(m.A, m.v)),
    "a vector times inverse": (mul(m.v, inv(m.A)), solve(t(m.A), m.v)),
    "a system with an inverse": (solve(inv(m.I_), m.Z), mul(m.I, m.Z)),
    "a Cholesky factor": (solve(la.cholesky(m.P_), m.Z), lower(factor, m.Z)),
    "the transpose of a Cholesky factor": (solve(t(la.cholesky(m.P_)), m.Z), upper(t(factor), m.Z)),
    "a lower triangle": (solve(m.L_, m.Z), lower(m.L, m.Z)),
    "an upper triangle": (solve(m.R_, m.Z), upper(m.R, m.Z)),
    "positive definite": (solve(m.P_, m.Z), upper(t(factor), lower(factor, m.Z))),
    "positive definite, as cho_solve": (solve(m.P_, m.Z), la.cho_solve((factor, True), m.Z)),
    "a number": (solve(m.one, m.b1), m.b1 / m.one),
    "cho_solve of a number": (la.cho_solve((m.one, True), m.b1), m.b1 / m.one / m.one),
    "a diagonal": (solve(diag_(m.nonzero_), m.Z), m.Z / column(m.nonzero)),
    "a known diagonal": (solve(m.DI_, m.b), m.b / column(diag_of(m.DI))),
    "cho_solve of a diagonal": (la.cho_solve((diag_(m.nonzero_), True), m.Z), m.Z / column(m.nonzero) / column(m.nonzero)),
    "a triangle of ones on the diagonal that is diagonal": (la.solve_triangular(rnp.diag(m.v), m.b, unit_diagonal=True), m.b),
    "blocks": (solve(block(m.A, m.F), Z5), rnp.concat([solve(m.A, Z5[:, :3]), solve(m.F, Z5[:, 3:])], -2), linear_algebra),
    "orthogonal": (solve(m.Q_, m.Z), mul(t(m.Q), m.Z)),
    "unitary": (solve(m.U_, m.b_complex), mul(rnp.conj(t(m.U)), m.b_complex)),
    "a batch of right sides": (solve(m.A, systems), rnp.moveaxis(rnp.reshape(
        solve(m.A, rnp.reshape(rnp.moveaxis(systems, -2, 0), (3, 7))), (3, 7, 1)), 0, -2), specialize),
    "a matrix times its solution": (mul(m.I_, solve(m.I_, m.Z)), m.Z),
    "the solution of a product": (solve(m.I_, mul(m.I_, m.Z)), m.Z),
}

small = rnp.eye(2) + mul(right, left / column(scale))
LOW_RANK: dict[str, Row] = {
    "Woodbury": (inv(rnp.diag(scale_) + mul(left, right)),
                 rnp.diag(1 / scale) - mul(left / column(scale), solve(small, right / row(scale))), linear_algebra),
    "Woodbury, a system": (solve(rnp.diag(scale_) + mul(left, right), matrix6),
                           matrix6 / column(scale)
                           - mul(left / column(scale), solve(small, mul(right, matrix6 / column(scale)))),
                           linear_algebra),
    "the determinant lemma": (det(rnp.diag(scale_) + mul(left, right)), det(small) * rnp.prod(scale), linear_algebra),
    "Sylvester's determinant": (det(rnp.eye(6) + mul(left, right)), det(rnp.eye(2) + mul(right, left)), linear_algebra),
    "Sherman and Morrison": (inv(rnp.diag(scale_) + column(up) * row(down)),
                             rnp.diag(1 / scale) - row(down / scale) * column(up / scale)
                             / column(column(1 + rnp.sum(down * up / scale))), linear_algebra),
    "the determinant of a change of rank one": (det(rnp.diag(scale_) + column(up) * row(down)),
                                                (1 + rnp.sum(down * up / scale)) * rnp.prod(scale), linear_algebra),
    "a change of the identity": (det(rnp.eye(6) + column(up) * row(down)), 1 + mul(up, down), linear_algebra),
}

CIRCULANT: dict[str, Row] = {
    "a circulant product": (mul(la.circulant(up), down), irfft(rfft(down) * rfft(up), 6), circulants),
    "a circulant system": (solve(la.circulant(scale), matrix6), t(irfft(rfft(t(matrix6)) / row(rfft(scale)), 6)), circulants),
    "the inverse of a circulant": (inv(la.circulant(scale)), la.circulant(irfft(1 / rfft(scale), 6)), circulants),
    "the determinant of a circulant": (det(la.circulant(up)), rnp.prod(rnp.fft.fft(up)).real, circulants),
    "circulants": (mul(la.circulant(up), la.circulant(down)), la.circulant(irfft(rfft(down) * rfft(up), 6)), circulants),
    "a Toeplitz product": (mul(la.toeplitz(m.v, up), down), irfft(
        rfft(rnp.concat([down, rnp.zeros(2)])) * rfft(rnp.concat([m.v, rnp.zeros(0), up[:0:-1]])), 8)[:3], toeplitz_products),
}


@table(SOLVES | LOW_RANK | CIRCULANT)
def test_the_equation_holds(row: Row) -> None:
    holds(row, m.VALUES)
