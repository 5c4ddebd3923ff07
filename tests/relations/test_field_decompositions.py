"""The field's equations of determinants and decompositions: a row for each, named by its law."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph.numpy as rnp
from relations_library import general
from relations_library.decompositions import factorised, signs_of_determinants
from relations_library.general import qz_forms, qz_of_diagonals
from relations_library.pipelines import everything, linear_algebra
from relations_library.products import diagonal_quotients
from relations_library.selections import order_sign, selections
from relgraph.relations import theory
from relgraph.terms.joining import diag_

from . import matrices as m
from .field import Row, holds, table

la, t, mul = rnp.linalg, rnp.matrix_transpose, rnp.matmul
det, inv, diag_of, cholesky = la.det, la.inv, la.diagonal, la.cholesky
eye = rnp.broadcast_to(rnp.eye(3), (2, 3, 3))
regular = m.any_("regular", 2, 3, 3)
with_negative = m.given("with_negative", [1.0, -3.0, 2.0])[0]
scales, scales_ = m.given("scales", [0.5, 2.0, 3.0], positive=True)
z3 = m.any_("z3", 3, 3)
pairs = theory(everything, diagonal_quotients, name="pairs")


def column(x: Any) -> Any:
    return rnp.expand_dims(x, -1)


def row(x: Any) -> Any:
    return rnp.expand_dims(x, -2)


DETERMINANTS: dict[str, Row] = {
    "of a permutation": (det(m.M_), order_sign(m.M), selections),
    "of a lower triangle": (det(m.L_), rnp.prod(diag_of(m.L), axis=-1), linear_algebra),
    "of an upper triangle": (det(m.R_), rnp.prod(diag_of(m.R), axis=-1), linear_algebra),
    "of a diagonal": (det(m.E_), rnp.prod(diag_of(m.E), axis=-1), linear_algebra),
    "of diag": (det(rnp.diag(m.v)), rnp.prod(m.v)),
    "of an inverse": (det(inv(m.I)), 1 / det(m.I)),
    "of a transpose": (det(t(m.X)), det(m.X)),
    "of a product": (det(mul(m.X, m.A)), det(m.A) * det(m.X)),
    "of a Cholesky factor": (det(cholesky(m.P_)), rnp.prod(diag_of(cholesky(m.P)), axis=-1), linear_algebra),
    "of the lower factor of LU": (det(la.lu(m.X)[1]), rnp.ones(2), linear_algebra),
    "of the upper factor of LU": (det(la.lu(m.X)[2]), rnp.prod(diag_of(la.lu(m.X)[2]), axis=-1), linear_algebra),
    "of the permutation of LU": (det(la.lu(m.X)[0]), order_sign(la.lu(m.X)[0]), linear_algebra),
    "of the orthogonal factor of QR": (abs(det(la.qr(m.X)[0])), rnp.ones(2), linear_algebra),
    "of the triangular factor of QR": (det(la.qr(m.X)[1]), rnp.prod(diag_of(la.qr(m.X)[1]), axis=-1), linear_algebra),
    "by a Cholesky factor": (det(m.P_), rnp.prod(diag_of(cholesky(m.P)), axis=-1) ** 2, theory(factorised["det_by_cholesky"])),
    "by LU": (det(m.X), order_sign(la.lu(m.X)[0]) * rnp.prod(diag_of(la.lu(m.X)[2]), axis=-1),
              theory(factorised["det_by_lu"])),
    "by QR": (abs(det(m.X)), abs(rnp.prod(diag_of(la.qr(m.X)[1]), axis=-1)), theory(factorised["det_by_qr"])),
    "by singular values": (abs(det(m.X)), rnp.prod(la.svd(m.X)[1], axis=-1), theory(factorised["det_by_svd"])),
    "by eigenvalues": (det(m.S_), rnp.prod(la.eigh(m.S)[0], axis=-1), theory(factorised["det_by_eigh"])),
    "its logarithm": (rnp.log(det(m.P)), rnp.where(la.slogdet(m.P)[0] < 0, np.nan, la.slogdet(m.P)[1]), signs_of_determinants),
    "the logarithm of its size": (rnp.log(abs(det(m.X))), la.slogdet(m.X)[1]),
    "its sign": (rnp.sign(det(m.X)), la.slogdet(m.X)[0], signs_of_determinants),
    "its logarithm, positive definite": (rnp.log(det(m.P_)), 2 * rnp.sum(rnp.log(diag_of(cholesky(m.P))), axis=-1)),
    "its logarithm, a triangle of positive diagonal": (rnp.log(det(m.L1_)), rnp.sum(rnp.log(diag_of(m.L1)), axis=-1)),
    "its logarithm, unit triangle": (rnp.log(det(m.T1_)), la.slogdet(m.T1)[1]),
    "its logarithm, an exponential": (rnp.log(det(la.expm(m.X))), la.trace(m.X)),
    "slogdet of positive definite": (la.slogdet(m.P_)[1], 2 * rnp.sum(rnp.log(diag_of(cholesky(m.P))), axis=-1)),
    "the logarithm of a square of a product": (rnp.log(rnp.prod(m.v) ** 2), 2 * rnp.log(abs(rnp.prod(m.v)))),
    "the logarithm of a product of squares": (rnp.log(rnp.prod(m.v**2)), 2 * rnp.sum(rnp.log(abs(m.v)))),
    "the logarithm of a product": (rnp.log(rnp.prod(scales_)), rnp.sum(rnp.log(scales))),
}

CHOLESKY: dict[str, Row] = {
    "of L L'": (cholesky(mul(m.L1_, t(m.L1_))), m.L1),
    "upper, of U' U": (cholesky(mul(t(m.R1_), m.R1_), upper=True), m.R1),
    "of U' U": (cholesky(mul(t(m.R1_), m.R1_)), t(m.R1)),
    "of a diagonal": (cholesky(diag_(m.positive_)), diag_(rnp.sqrt(m.positive))),
    "of a known diagonal": (cholesky(m.DP_), diag_(rnp.sqrt(diag_of(m.DP)))),
    "of a number": (cholesky(m.one_pos_), rnp.sqrt(m.one_pos)),
    "times its transpose": (mul(cholesky(m.P_), t(cholesky(m.P_))), m.P),
}

DECOMPOSITIONS: dict[str, Row] = {
    "singular values of a diagonal": (la.svdvals(diag_(m.v2)), rnp.flip(rnp.sort(abs(m.v2)), -1)),
    "singular values of a known diagonal": (la.svdvals(m.E_), rnp.flip(rnp.sort(abs(diag_of(m.E))), -1)),
    "svd of a diagonal": (la.svd(diag_(m.v2))[1], rnp.flip(rnp.sort(abs(m.v2)), -1)),
    "eigenvalues of a diagonal": (la.eigvalsh(diag_(m.v2)), rnp.sort(m.v2)),
    "eigenvalues of a known diagonal": (la.eigvalsh(m.E_), rnp.sort(diag_of(m.E))),
    "eigh of a diagonal": (la.eigh(diag_(m.v2))[0], rnp.sort(m.v2)),
    "eigenvalues of a pair of diagonals": (la.eigvalsh(rnp.diag(m.v), b=rnp.diag(scales_)), rnp.sort(m.v / scales), pairs),
    "eigh of a pair of diagonals": (la.eigh(rnp.diag(m.v), b=rnp.diag(scales_))[0], rnp.sort(m.v / scales), pairs),
    "p of a diagonal": (la.lu(diag_(m.v2))[0], eye),
    "l of a diagonal": (la.lu(m.E_)[1], eye),
    "u of a diagonal": (la.lu(m.E_)[2], m.E),
    "q of a diagonal, also with zeros": (la.qr(rnp.diag(m.with_zero))[0], rnp.eye(3)),
    "r of a diagonal": (la.qr(rnp.diag(with_negative))[1], rnp.diag(with_negative)),
    "packed LU of a diagonal": (la.lu_factor(m.E_)[0], m.E, linear_algebra),
    "exchanges of a diagonal": (la.lu_factor(m.E_)[1], rnp.broadcast_to(rnp.arange(3, dtype="int32"), (2, 3)), linear_algebra),
    "Schur's form of a diagonal": (la.schur(diag_(m.v2))[0], diag_(m.v2), linear_algebra),
    "Schur's form of an upper triangle": (la.schur(m.R_)[0], m.R, linear_algebra),
    "Schur's vectors of an upper triangle": (la.schur(m.R_)[1], eye, linear_algebra),
    # qz_of_diag, and what the peers leave
    "qz of a pair of triangles": (la.qz(m.R_, m.R1_)[0], m.R, linear_algebra),
    "qz of a pair of triangles, the other": (la.qz(m.R_, m.R1_)[1], m.R1, linear_algebra),
    "qz of a pair of triangles, left": (la.qz(m.R_, m.R1_)[2], eye, linear_algebra),
    "qz of a pair of triangles, right": (la.qz(m.R_, m.R1_)[3], eye, linear_algebra),
    "qz of a pair of diagonals": (la.qz(rnp.diag(m.v), diag_(scales_))[0], rnp.diag(m.v), linear_algebra),
    "qz of a pair of diagonals of any sign": (la.qz(rnp.diag(m.v), rnp.diag(m.w))[0],
                                              rnp.diag(rnp.where(m.w < 0, -m.v, m.v)), qz_of_diagonals),
    "qz of a pair of diagonals of any sign, the other": (la.qz(rnp.diag(m.v), rnp.diag(m.w))[1], rnp.diag(abs(m.w)),
                                                         qz_of_diagonals),
    "the first of its qz": (mul(la.qz(m.X, m.Y)[2], mul(la.qz(m.X, m.Y)[0], t(la.qz(m.X, m.Y)[3]))), m.X, linear_algebra),
    "the second of its qz": (mul(la.qz(m.X, m.Y)[2], mul(la.qz(m.X, m.Y)[1], t(la.qz(m.X, m.Y)[3]))), m.Y, linear_algebra),
    "the size of the determinant by qz": (abs(det(la.qz(m.X, m.Y)[0])), abs(det(m.X)), linear_algebra),
    "the product of generalised eigenvalues": (det(la.qz(m.X, m.Y)[0]) / det(la.qz(m.X, m.Y)[1]), det(m.X) / det(m.Y),
                                               theory(qz_forms["qz_det_quotient"])),
    "the sum of generalised eigenvalues": (
        rnp.sum(diag_of(la.qz(m.U, m.V, output="complex")[0]) / diag_of(la.qz(m.U, m.V, output="complex")[1]), -1),
        la.trace(la.solve(m.V, m.U)), linear_algebra),
    "eig of a symmetric matrix": (rnp.sort(la.eigvals(m.S_).real), la.eigvalsh(m.S), linear_algebra),
    "the sum of eigenvalues": (rnp.sum(la.eigvals(m.X), axis=-1).real, la.trace(m.X), linear_algebra),
    "x of its eigenvectors": (mul(la.eigh(m.S_)[1] * row(la.eigh(m.S_)[0]), t(la.eigh(m.S_)[1])), m.S, linear_algebra),
    "x of its singular vectors": (mul(la.svd(m.Z)[0] * row(la.svd(m.Z)[1]), la.svd(m.Z)[2]), m.Z, linear_algebra),
    "x of its QR": (mul(*la.qr(m.Z)), m.Z, linear_algebra),
    "x of its LU": (mul(la.lu(m.X)[0], mul(la.lu(m.X)[1], la.lu(m.X)[2])), m.X, linear_algebra),
    "x of its Schur form": (mul(la.schur(m.X)[1], mul(la.schur(m.X)[0], t(la.schur(m.X)[1]))), m.X, linear_algebra),
    "one decomposition for svdvals and svd": (la.svdvals(m.Z), la.svd(m.Z)[1], theory(factorised["svdvals_by_svd"])),
    "the exponential of a diagonal": (la.expm(diag_(m.v2)), diag_(rnp.exp(m.v2)), linear_algebra),
    "the exponential of a known diagonal": (la.expm(m.E_), diag_(rnp.exp(diag_of(m.E))), linear_algebra),
    "the exponential of a number": (la.expm(m.one), rnp.exp(m.one), linear_algebra),
}

EQUATIONS: dict[str, Row] = {
    "Sylvester of diagonals": (la.solve_sylvester(rnp.diag(scales_), rnp.diag(scales_), m.X),
                               m.X / (column(scales) + row(scales)), linear_algebra),
    "Sylvester's residual": (mul(m.A, la.solve_sylvester(m.A, m.B, m.X)) + mul(la.solve_sylvester(m.A, m.B, m.X), m.B), m.X,
                             general.sylvester_equations),
    "the transpose of Sylvester's equation": (t(la.solve_sylvester(t(m.A), t(m.B), m.X)), la.solve_sylvester(m.B, m.A, t(m.X)),
                                              general.sylvester_equations),
    "Sylvester's equation as one system": (la.solve_sylvester(m.A, m.B, z3), rnp.reshape(la.solve(
        la.kron(m.A, rnp.eye(3)) + la.kron(rnp.eye(3), t(m.B)), rnp.reshape(z3, (9, 1))), (3, 3)), general.direct),
}


@table(DETERMINANTS | CHOLESKY | DECOMPOSITIONS | EQUATIONS)
def test_the_equation_holds(row: Row) -> None:
    holds(row, m.VALUES)
