"""Kronecker products: what is asked of the product is answered by its factors."""

from __future__ import annotations

from relgraph.numpy import conj, diag, linalg, matmul, matrix_transpose, matvec, reshape, sum
from relgraph.relations import lvars, term_function, theory
from relgraph.relations.predicates import chains, diagonal, pd, square
from relgraph.terms import dims
from relgraph.terms.joining import diag_
from relgraph.terms.structure import size_term
from relgraph.terms.term import Term, const


@term_function
def order(x: Term) -> Term:
    """How many rows a matrix has, as a number of its dtype."""
    n = size_term(x.type.shape[-2])
    return const(n, x.type.dtype) if isinstance(n, int) else n.astype(x.type.dtype)


@term_function
def kron_vectors(u: Term, v: Term) -> Term:
    """The Kronecker product of two vectors."""
    y = u[..., :, None] * v[..., None, :]
    return reshape(y, (*y.type.shape[:-2], dims.mul(*y.type.shape[-2:])))


@term_function
def diag_of_kron(x: Term, y: Term) -> Term:
    """The Kronecker product of two diagonal matrices."""
    return diag_(kron_vectors(linalg.diagonal(x), linalg.diagonal(y)))


@term_function
def kron_apply(x: Term, y: Term, v: Term) -> Term:
    """``kron(x, y) @ v`` by two small products: the rows of a matrix of the elements of v are multiplied by each factor."""
    rows = reshape(v, (*v.type.shape[:-1], x.type.shape[-1], y.type.shape[-1]))
    out = matmul(matmul(x, rows), matrix_transpose(y))
    return reshape(out, (*out.type.shape[:-2], dims.mul(*out.type.shape[-2:])))


@term_function
def kron_solution(x: Term, y: Term, v: Term) -> Term:
    """The solution of ``kron(x, y) @ z = v`` for a matrix of right sides, by two small solutions."""
    columns = matrix_transpose(v)
    rows = reshape(columns, (*columns.type.shape[:-1], x.type.shape[-1], y.type.shape[-1]))
    half = linalg.solve(x[..., None, :, :], rows)
    out = matrix_transpose(linalg.solve(y[..., None, :, :], matrix_transpose(half)))
    return matrix_transpose(reshape(out, (*out.type.shape[:-2], dims.mul(*out.type.shape[-2:]))))


x, y, z, w, u, v = lvars("x y z w u v")
f, g = lvars("f g", kinds="c")
cholesky, det, inv, kron, pinv, slogdet, solve, trace = (linalg.cholesky, linalg.det, linalg.inv, linalg.kron, linalg.pinv,
                                                         linalg.slogdet, linalg.solve, linalg.trace)
diag_of, t = linalg.diagonal, matrix_transpose


kronecker = theory(
    name            = "kronecker",
    kron_matmul     = (matmul(kron(x, y), kron(z, w)),  kron(matmul(x, z), matmul(y, w)),       chains(y, w)),
    kron_matvec     = (matvec(kron(x, y), v),           kron_apply(x, y, v)),
    kron_transpose  = (t(kron(x, y)),                   kron(t(x), t(y))),
    kron_conj       = (conj(kron(f, g)),                kron(conj(f), conj(g))),
    kron_inv        = (inv(kron(x, y)),                 kron(inv(x), inv(y)),                   square(y)),
    kron_pinv       = (pinv(kron(x, y)),                kron(pinv(x), pinv(y))),
    kron_solve      = (solve(kron(x, y), z),            kron_solution(x, y, z),                 square(y)),
    kron_cholesky   = (cholesky(kron(x, y)),            kron(cholesky(x), cholesky(y)),         pd(x) & pd(y)),
    kron_det        = (det(kron(x, y)),                 det(x)**order(y) * det(y)**order(x),    square(y), "domain"),
    kron_log_det    = (slogdet(kron(x, y))[1], order(y) * slogdet(x)[1] + order(x) * slogdet(y)[1], square(y), "domain"),
    kron_trace      = (trace(kron(x, y)),               trace(x) * trace(y),                    square(y), "domain"),
    kron_diagonal   = (diag_of(kron(x, y)),             kron_vectors(diag_of(x), diag_of(y)),   square(y)),
    kron_diag       = (kron(diag(u), diag(v)),          diag(kron_vectors(u, v)),                   "domain"),
    kron_diagonals  = (kron(x, y),                      diag_of_kron(x, y),
                       diagonal(x) & square(x) & diagonal(y) & square(y)),
    kron_sum        = (sum(kron(x, y), (-2, -1)),       sum(x, (-2, -1)) * sum(y, (-2, -1)),    "domain"),
    kron_assoc      = (kron(kron(x, y), z),             kron(x, kron(y, z))),
    kron_neg_left   = (kron(-x, y),                     -kron(x, y)),
    kron_neg_right  = (kron(x, -y),                     -kron(x, y)),
    kron_add_left   = (kron(x, z) + kron(y, z),         kron(x + y, z)),
    kron_add_right  = (kron(z, x) + kron(z, y),         kron(z, x + y)),
    precedence      = "inv > solve > matmul > transpose > kron, det > power, det > kron, slogdet > kron, trace > kron, "
                      "conj > kron, pinv > kron, cholesky > kron",
)
