"""Matrices of blocks on the diagonal: what is asked of the whole is answered block by block."""

from __future__ import annotations

from relgraph.numpy import broadcast_to, concat, conj, diag, linalg, matmul, matrix_transpose, matvec, sum
from relgraph.relations import lvars, term_function, theory
from relgraph.relations.predicates import chains, pd, same_shape, square
from relgraph.terms.decompositions import expm
from relgraph.terms.indexing import index_axis
from relgraph.terms.term import Term
from relgraph.terms.type import STATIC


def _join(a: Term, b: Term, core: int, axis: int) -> Term:
    """One after the other along an axis; what stands left of ``core`` axes are batches, which broadcast."""
    lead = STATIC.shapes([a.type.shape[: a.type.ndim - core], b.type.shape[: b.type.ndim - core]])
    return concat([broadcast_to(x, (*lead, *x.type.shape[x.type.ndim - core:])) for x in (a, b)], axis)


@term_function
def below(a: Term, b: Term) -> Term:
    return _join(a, b, 2, -2)


@term_function
def joined(a: Term, b: Term) -> Term:
    return _join(a, b, 1, -1)


@term_function
def first_rows(x: Term, a: Term) -> Term:
    """As many rows of ``x`` as ``a`` has columns."""
    return index_axis(x, -2, 0, a.type.shape[-1])


@term_function
def other_rows(x: Term, a: Term, b: Term) -> Term:
    """The rows of ``x`` after those, as many as ``b`` has columns."""
    return index_axis(x, -2, a.type.shape[-1], b.type.shape[-1])


@term_function
def times_blocks(z: Term, x: Term, y: Term) -> Term:
    """``z @ block_diag(x, y)``: the first columns of z times x, beside the others times y."""
    first, other = index_axis(z, -1, 0, x.type.shape[-2]), index_axis(z, -1, x.type.shape[-2], y.type.shape[-2])
    return _join(matmul(first, x), matmul(other, y), 2, -1)


@term_function
def first_part(v: Term, a: Term) -> Term:
    """As many elements of ``v`` as ``a`` has columns."""
    return index_axis(v, -1, 0, a.type.shape[-1])


@term_function
def other_part(v: Term, a: Term, b: Term) -> Term:
    return index_axis(v, -1, a.type.shape[-1], b.type.shape[-1])


x, y, z, w, u, v = lvars("x y z w u v")
f, g = lvars("f g", kinds="c")
block, cholesky, det, inv, pinv = linalg.block_diag, linalg.cholesky, linalg.det, linalg.inv, linalg.pinv
slogdet, solve, trace = linalg.slogdet, linalg.solve, linalg.trace
diag_of, t = linalg.diagonal, matrix_transpose

top, bottom = first_rows(z, x), other_rows(z, x, y)

blocks = theory(
    name            = "blocks",
    block_matmul    = (matmul(block(x, y), block(z, w)),    block(matmul(x, z), matmul(y, w)),  chains(y, w)),
    block_matvec    = (matvec(block(x, y), v),             joined(matvec(x, first_part(v, x)), matvec(y, other_part(v, x, y)))),
    block_transpose = (t(block(x, y)),                      block(t(x), t(y))),
    block_conj      = (conj(block(f, g)),                   block(conj(f), conj(g))),
    block_inv       = (inv(block(x, y)),                    block(inv(x), inv(y)),             square(y), "domain"),
    block_pinv      = (pinv(block(x, y)),                   block(pinv(x), pinv(y))),
    block_solve     = (solve(block(x, y), z),          below(solve(x, top), solve(y, bottom)), square(y), "domain"),
    block_cholesky  = (cholesky(block(x, y)),               block(cholesky(x), cholesky(y)),    pd(x) & pd(y)),
    block_expm      = (expm(block(x, y)),                   block(expm(x), expm(y)),            square(y)),
    block_det       = (det(block(x, y)),                    det(x) * det(y),                    square(y), "domain"),
    block_log_det   = (slogdet(block(x, y))[1],             slogdet(x)[1] + slogdet(y)[1],      square(y), "domain"),
    block_sign_det  = (slogdet(block(x, y))[0],             slogdet(x)[0] * slogdet(y)[0],      square(y)),
    block_trace     = (trace(block(x, y)),                  trace(x) + trace(y),                square(x)),
    block_diagonal  = (diag_of(block(x, y)),                joined(diag_of(x), diag_of(y)), square(x)),
    block_diag_diag = (block(diag(u), diag(v)),             diag(joined(u, v))),
    block_sum       = (sum(block(x, y), (-2, -1)),          sum(x, (-2, -1)) + sum(y, (-2, -1))),
    block_neg       = (block(-x, -y),                       -block(x, y)),
    block_add       = (block(x, y) + block(z, w),           block(x + z, y + w),           same_shape(y, w)),
    block_assoc     = (block(block(x, y), z),               block(x, block(y, z))),
    precedence      = "inv > solve > matmul > block_diag, matvec > block_diag, transpose > block_diag, conj > block_diag, "
                      "pinv > block_diag, cholesky > block_diag, expm > block_diag, block_diag > diag, add > block_diag",
)

# of a product with what has no blocks: two products for one
dense_products = theory(
    name            = "dense_products",
    block_rows      = (matmul(block(x, y), z),              below(matmul(x, top), matmul(y, bottom))),
    block_columns   = (matmul(z, block(x, y)),              times_blocks(z, x, y)),
)
