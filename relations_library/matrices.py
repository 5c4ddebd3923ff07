"""Linear algebra: transposes, traces, determinants, inverses, products."""

from __future__ import annotations

from relgraph.numpy import abs, diag, eye, linalg, log, matmul, matrix_transpose, matvec, prod, sum
from relgraph.relations import attrs, lvars, term_function, theory
from relgraph.relations.predicates import invertible, lower_triangular, nonzero, orthogonal, pd, positive, psd, square
from relgraph.terms.joining import diagonal_
from relgraph.terms.linalg import solve_triangular_
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.term import Term, attr

from relgraph.relations.reads import negated


@term_function
def identity_like(x: Term) -> Term:
    """The identity matrix that ``x`` can be multiplied with."""
    return eye(x.type.shape[-1], dtype=x.type.dtype)


x, y, v = lvars("x y v")
offset, = attrs("offset")
cholesky, det, inv, solve, trace = linalg.cholesky, linalg.det, linalg.inv, linalg.solve, linalg.trace
diag_of, t = linalg.diagonal, matrix_transpose

inv_factor = solve_triangular_(cholesky(x), identity_like(x), attr(True), attr(False))  # of the Cholesky factor of x

products = theory(
    name            = "products",
    transpose_prod  = (matmul(t(x), t(y)),              t(matmul(y, x))),
    vec_transpose   = (matvec(t(x), v),                 vecmat(v, x)),
    vec_transpose2  = (vecmat(v, t(x)),                 matvec(x, v)),
    assoc_vec       = (matvec(matmul(x, y), v),         matvec(x, matvec(y, v))),
    assoc_vec2      = (vecmat(v, matmul(x, y)),         vecmat(vecmat(v, x), y)),
    neg_left        = (matmul(-x, y),                   -matmul(x, y)),
    neg_right       = (matmul(x, -y),                   -matmul(x, y)),
    neg_vec         = (matvec(x, -v),                   -matvec(x, v)),
    neg_mat         = (matvec(-x, v),                   -matvec(x, v)),
    precedence      = "matmul > matvec = vecmat",
)

traces = theory(
    name            = "traces",
    trace_transpose = (trace(t(x)),                     trace(x)),
    trace_product   = (trace(matmul(x, y)),             sum(x * t(y), axis=(-2, -1)),                   square(matmul(x, y))),
    trace_diag      = (trace(diag(v)),                  sum(v, axis=-1)),
    diag_diag       = (diag_of(diag(v)),                v),
    diag_transpose  = (diagonal_(t(x), offset),         diagonal_(x, negated(offset))),
    transpose_diag  = (t(diag(v)),                      diag(v)),
    precedence      = "trace > sum, trace > transpose",
)

determinants = theory(
    name            = "determinants",
    det_transpose   = (det(t(x)),                       det(x)),
    det_diag        = (det(diag(v)),                    prod(v, axis=-1),                               "domain"),
    det_inv         = (det(inv(x)),                     1 / det(x),                                     "domain"),
    det_product     = (det(matmul(x, y)),               det(x) * det(y),                                square(x), "domain"),
    log_det_psd     = (log(det(x)),                     2 * sum(log(diag_of(cholesky(x))), axis=-1),    psd(x)),
    log_det_lower   = (log(abs(det(x))),                sum(log(abs(diag_of(x))), axis=-1),             lower_triangular(x)),
    log_det_positive = (log(det(x)),                    linalg.slogdet(x)[1],                           positive(det(x))),
    log_abs_det     = (log(abs(det(x))),                linalg.slogdet(x)[1]),
    precedence      = "det > nth > slogdet > log > sum, log > abs, slogdet > diagonal, det > diagonal, det > cholesky",
)

inverses = theory(
    name            = "inverses",
    inv_inv         = (inv(inv(x)),                     x,                              invertible(x)),
    inv_transpose   = (t(inv(t(x))),                    inv(x)),
    inv_diag        = (inv(diag(v)),                    diag(1 / v),                    nonzero(v)),
    inv_product     = (matmul(inv(x), y),               solve(x, y)),
    inv_pd          = (inv(x),                          matmul(t(inv_factor), inv_factor),                      pd(x)),
    inv_orthogonal  = (inv(x),                          t(x),                           orthogonal(x)),
    precedence      = "inv > solve > matmul > transpose, solve > solve_triangular > cholesky > identity_like",
)

linear_algebra = theory(inverses, products, traces, determinants, name="linear_algebra")
