"""The field's equations of matrix products, inverses, blocks and Kronecker products: a row for each, named by its law."""

from __future__ import annotations

from typing import Any

import relgraph.numpy as rnp
from relations_library.blocks import dense_products
from relations_library.chains import chains
from relations_library.facts import choices
from relations_library.matrices import products
from relations_library.pipelines import linear_algebra, specialize
from relations_library.selections import known_selections, selections, zero_products
from relgraph.relations import theory
from relgraph.terms.indexing import take_add_
from relgraph.terms.joining import diag_
from relgraph.terms.term import attr

from . import matrices as m
from .field import Row, holds, table

la, t, mul = rnp.linalg, rnp.matrix_transpose, rnp.matmul
det, inv, pinv, diag_of, block, kron = la.det, la.inv, la.pinv, la.diagonal, la.block_diag, la.kron
eye = rnp.broadcast_to(rnp.eye(3), (2, 3, 3))
five, five_columns, four = m.any_("five", 5, 2), m.any_("five_columns", 4, 5), m.any_("four", 4)
batch, batch_row, batch_column = m.any_("batch", 5, 2, 3), m.any_("batch_row", 5, 3), m.any_("batch_column", 2, 5, 3)
known = theory(known_selections, *choices)
chosen, picked = rnp.eye(3)[:, m.positions], rnp.eye(3)[m.positions]
tall, wide, small = m.any_("tall", 8, 2), m.any_("wide", 2, 8), m.any_("small", 8, 2)
c4, r1, r4 = m.any_("c4", 2, 4, 1), m.any_("r1", 1, 3), m.any_("r4", 4, 3)


def column(x: Any) -> Any:
    return rnp.expand_dims(x, -1)


def row(x: Any) -> Any:
    return rnp.expand_dims(x, -2)


def reversed_(name: str, *of: Any) -> Any:
    """A theory of one relation, from right to left."""
    return theory(*[r.reversed() for th in of for r in th.equations() if r.name == name], name=f"{name}_reversed")


PRODUCTS: dict[str, Row] = {
    "nothing times x": (mul(rnp.zeros((2, 3)), m.X), rnp.zeros((2, 2, 3)), zero_products),
    "x times nothing": (mul(m.X, rnp.zeros((3, 2))), rnp.zeros((2, 3, 2)), zero_products),
    "nothing times a vector": (mul(rnp.zeros((2, 3)), m.v), rnp.zeros(2), zero_products),
    "x times no vector": (mul(m.A, rnp.zeros(3)), rnp.zeros(3), zero_products),
    "transposes of a product": (mul(t(m.X), t(m.A)), t(mul(m.A, m.X))),
    "transpose of a product": (t(mul(m.A, m.X)), mul(t(m.X), t(m.A)), reversed_("transpose_prod", products)),
    "diagonal times diagonal": (mul(rnp.diag(m.v), rnp.diag(m.w)), rnp.diag(m.v * m.w)),
    "diagonal times x": (mul(rnp.diag(m.v), m.X), column(m.v) * m.X),
    "x times diagonal": (mul(m.X, rnp.diag(m.v)), m.v * m.X),
    "batches of diagonals times x": (mul(diag_(m.v2), m.A), m.A * column(m.v2)),
    "known diagonal times x": (mul(m.E_, m.X), column(diag_of(m.E)) * m.X, linear_algebra),
    "x times known diagonal": (mul(m.A, m.D_), row(diag_of(m.D)) * m.A, linear_algebra),
    "known diagonals": (mul(m.D_, m.DI_), column(diag_of(m.D)) * m.DI, linear_algebra),
    "diagonal times a vector": (mul(rnp.diag(m.v), m.w), m.v * m.w),
    "blocks times rows": (mul(block(m.F, m.A), five), rnp.concat([mul(m.F, five[:2]), mul(m.A, five[2:])], -2), dense_products),
    "columns times blocks": (mul(five_columns, block(m.F, m.A)),
                             rnp.concat([mul(five_columns[:, :2], m.F), mul(five_columns[:, 2:], m.A)], -1), dense_products),
    "blocks times blocks": (mul(block(m.F, m.X), block(m.G, m.A)), block(mul(m.F, m.G), mul(m.X, m.A)), linear_algebra),
    "a batch times one matrix": (mul(batch, m.A), rnp.reshape(mul(rnp.reshape(batch, (10, 3)), m.A), (5, 2, 3)), specialize),
    "a batch of rows": (mul(row(batch_row), m.A), row(mul(batch_row, m.A)), specialize),
    "a batch of columns": (mul(m.A, column(batch_row)), column(mul(batch_row, t(m.A))), specialize),
    "a column times a row": (mul(c4, r1), r1 * c4, linear_algebra),
    "an outer product": (mul(column(m.v), row(m.w)), column(m.v) * row(m.w), linear_algebra),
    "scaled products": (2 * mul(3 * m.A, 5 * m.X), 30 * mul(m.A, m.X), linear_algebra),
    "a sum of products": (mul(m.A, m.X) + mul(m.B, m.X), mul(m.A + m.B, m.X), linear_algebra),
    "a product and a vector": (mul(mul(m.A, m.B), m.v), mul(m.A, mul(m.B, m.v))),
    "a vector and a product": (mul(m.v, mul(m.A, m.B)), mul(mul(m.v, m.A), m.B)),
    "a chain from the right": (mul(mul(tall, wide), small), mul(tall, mul(wide, small)), chains),
    "a chain from the left": (mul(wide, mul(small, wide)), mul(mul(wide, small), wide), chains),
    "a chain of five": (mul(mul(mul(mul(tall, wide), small), wide), tall),
                        mul(mul(tall, mul(wide, small)), mul(wide, tall)), chains),
    "columns by positions": (mul(m.X, chosen), rnp.take(m.X, m.positions, -1), selections),
    "rows by positions": (mul(picked, m.A), rnp.take(m.A, m.positions, -2), selections),
    "rows by a transpose": (mul(t(chosen), m.A), rnp.take(m.A, m.positions, -2), selections),
    "elements by positions": (mul(picked, m.v), rnp.take(m.v, m.positions, -1), selections),
    "rows by a known selection": (mul(m.N_, m.A), rnp.take(m.A, rnp.argmax(m.N, -1), -2), known),
    "columns by a known selection": (mul(m.X, t(m.N_)), rnp.take(m.X, rnp.argmax(m.N, -1), -1), known),
    "elements by a known selection": (mul(m.N_, m.v), rnp.take(m.v, rnp.argmax(m.N, -1), -1), known),
    "rows added by a known selection": (mul(t(m.N_), r4), take_add_(r4, rnp.argmax(m.N, -1), attr((-2,)), attr(3)),
                                        known),
    "columns added by a known selection": (mul(t(r4), m.N_), take_add_(t(r4), rnp.argmax(m.N, -1), attr((-1,)), attr(3)),
                                           known),
    "elements added by a known selection": (mul(four, m.N_), take_add_(four, rnp.argmax(m.N, -1), attr((-1,)), attr(3)),
                                            known),
    "rows of a permuted matrix": (mul(m.M_, r4), rnp.take(r4, rnp.argmax(m.M, -1), -2), known),
    "row sums of a selection": (rnp.sum(m.N_, -1), rnp.full(4, 1.0), linear_algebra),
    "rows added at positions": (mul(chosen, r4), take_add_(r4, m.positions, attr((-2,)), attr(3)), selections),
    "elements added at positions": (mul(chosen, four), take_add_(four, m.positions, attr((-1,)), attr(3)), selections),
    "the trace of a product": (la.trace(mul(m.X, m.Y)), rnp.sum(m.X * t(m.Y), axis=(-2, -1))),
    "the trace of a product with a diagonal": (la.trace(mul(rnp.diag(m.v), m.A)), rnp.sum(m.v * diag_of(m.A))),
    "the trace of a product with a diagonal on the right": (la.trace(mul(m.X, rnp.diag(m.v))),
                                                            rnp.sum(m.v * diag_of(m.X), axis=-1), linear_algebra),
    "the diagonal of a product": (diag_of(mul(m.X, m.Y)), rnp.sum(m.X * t(m.Y), axis=-1)),
    "a quadratic form in a diagonal": (mul(mul(m.v, rnp.diag(m.w)), m.v), mul(m.v * m.w, m.v)),
}

STRUCTURE: dict[str, Row] = {
    "transpose of symmetric": (t(m.S_), m.S),
    "a diagonal of a transpose": (diag_of(t(m.Z), 1), diag_of(m.Z, -1)),
    "the transpose of a transpose": (t(t(m.X)), m.X),
    "orthogonal times its transpose": (mul(m.Q_, t(m.Q_)), eye),
    "its transpose times orthogonal": (mul(t(m.Q_), m.Q_), eye),
    "semi-orthogonal from the left": (mul(t(m.H_), m.H_), eye),
    "unitary and its conjugate transpose": (mul(m.U_, rnp.conj(t(m.U_))), rnp.eye(3, dtype="complex128")),
}

INVERSES: dict[str, Row] = {
    "transpose of an inverse": (t(inv(t(m.X))), inv(m.X)),
    "inverse of a transpose": (inv(t(m.X)), t(inv(m.X))),
    "inverse of an inverse": (inv(inv(m.I_)), m.I),
    "inverse of a pseudo-inverse": (inv(pinv(m.I_)), m.I, linear_algebra),
    "pseudo-inverse of an inverse": (pinv(inv(m.I_)), m.I, linear_algebra),
    "pseudo-inverse of a pseudo-inverse": (pinv(pinv(m.Z)), m.Z, linear_algebra),
    "inverse of orthogonal": (inv(m.Q_), t(m.Q)),
    "inverse of unitary": (inv(m.U_), rnp.conj(t(m.U))),
    "inverse of a permutation": (inv(m.M_), t(m.M)),
    "inverse of a diagonal": (inv(diag_(m.nonzero_)), diag_(1 / m.nonzero)),
    "inverse of a known diagonal": (inv(m.DI_), rnp.diag(1 / diag_of(m.DI))),
    "pseudo-inverse of a diagonal with zeros": (pinv(rnp.diag(m.with_zero)),
                                                rnp.diag(rnp.where(rnp.equal(0, m.with_zero), 0, 1 / m.with_zero)),
                                                linear_algebra),
    "inverse of blocks": (inv(block(m.A, m.F)), block(inv(m.A), inv(m.F)), linear_algebra),
    "pseudo-inverse of blocks": (pinv(block(m.Z, m.F)), block(pinv(m.Z), pinv(m.F)), linear_algebra),
    "Cholesky factor of blocks": (la.cholesky(block(m.P_, m.P2_)), block(la.cholesky(m.P), la.cholesky(m.P2)), linear_algebra),
    "inverse of a Kronecker product": (inv(kron(m.A, m.F)), kron(inv(m.A), inv(m.F))),
    "pseudo-inverse of a Kronecker product": (pinv(kron(m.A, m.F)), kron(pinv(m.A), pinv(m.F))),
    "Cholesky factor of a Kronecker product": (la.cholesky(kron(m.P_, m.P2_)), kron(la.cholesky(m.P), la.cholesky(m.P2))),
}

BLOCKS: dict[str, Row] = {
    "blocks of blocks": (block(block(m.A, m.F), m.G), block(m.A, block(m.F, m.G)), linear_algebra),
    "the diagonal of blocks": (diag_of(block(m.A, m.F)), rnp.concat([diag_of(m.A), diag_of(m.F)], -1), linear_algebra),
    "the determinant of blocks": (det(block(m.X, m.F)), det(m.F) * det(m.X), linear_algebra),
    "the trace of blocks": (la.trace(block(m.X, m.F)), la.trace(m.F) + la.trace(m.X), linear_algebra),
    "the transpose of blocks": (t(block(m.X, m.F)), block(t(m.X), t(m.F)), linear_algebra),
    "the exponential of blocks": (la.expm(block(m.X, m.F)), block(la.expm(m.X), la.expm(m.F)), linear_algebra),
    "the diagonal of a Kronecker product": (diag_of(kron(m.A, m.F)),
                                            rnp.reshape(diag_of(m.F) * column(diag_of(m.A)), (6,))),
    "the determinant of a Kronecker product": (det(kron(m.A, m.F)), det(m.A) ** 2 * det(m.F) ** 3),
    "the trace of a Kronecker product": (la.trace(kron(m.A, m.F)), la.trace(m.A) * la.trace(m.F)),
    "the Kronecker product of diagonals": (kron(rnp.diag(m.v), rnp.diag(m.w)),
                                           rnp.diag(rnp.reshape(m.w * column(m.v), (9,)))),
    "the Kronecker product of known diagonals": (kron(m.D_, m.DI_),
                                                 rnp.diag(rnp.reshape(diag_of(m.DI) * column(diag_of(m.D)), (9,)))),
    "a product of Kronecker products": (mul(kron(m.A, m.F), kron(m.B, m.G)), kron(mul(m.A, m.B), mul(m.F, m.G))),
    "the transpose of a Kronecker product": (t(kron(m.A, m.F)), kron(t(m.A), t(m.F))),
}


@table(PRODUCTS | STRUCTURE | INVERSES | BLOCKS)
def test_the_equation_holds(row: Row) -> None:
    holds(row, m.VALUES)
