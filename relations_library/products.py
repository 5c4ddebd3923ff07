"""Products with matrices that are more than numbers: identities, diagonals, outer products, sums and forms."""

from __future__ import annotations

from relgraph.numpy import (broadcast_to, conj, diag, expand_dims, linalg, matmul, matrix_transpose, matvec, sum)
from relgraph.relations import attrs, literals, lvars, term_function, theory
from relgraph.relations.predicates import (chains, diagonal, orthogonal, same_shape, semi_orthogonal, size_one,
                                           square, symmetric, unitary)
from relgraph.terms.joining import diag_
from relgraph.terms.joining import eye as make_eye
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.term import Term, attr


@term_function
def unit(x: Term) -> Term:
    """Identity matrices of as many rows as the matrices of ``x`` have columns."""
    n = x.type.shape[-1]
    return broadcast_to(make_eye(n, dtype=x.type.dtype), (*x.type.shape[:-2], n, n))


@term_function
def diag_over(v: Term, u: Term) -> Term:
    """The quotients on a diagonal."""
    return diag_(v / u)


x, y, z, u, v, w = lvars("x y z u v w")
q, = lvars("q", kinds="c")  # what is conjugated: of a real matrix `conj` is no op
p, = lvars("p", kinds="fc")
c, = literals("c")
n, dtype = attrs("rows dtype")
trace, diag_of, t = linalg.trace, linalg.diagonal, matrix_transpose
eye, first, last = eye_(n, n, attr(0), dtype), attr((-2,)), attr((-1,))


def h(a: Term) -> Term:
    return conj(t(a))


def column(a: Term) -> Term:
    return expand_dims(a, -1)


def row(a: Term) -> Term:
    return expand_dims(a, -2)


identities = theory(
    name            = "identities",
    matmul_eye      = (matmul(x, eye),                      x),
    eye_matmul      = (matmul(eye, x),                      x),
    eye_matvec      = (matvec(eye, v),                      v),
    vecmat_eye      = (vecmat(v, eye),                      v),
    orthogonal_right = (matmul(p, t(p)),                    unit(p),                    orthogonal(p)),
    unitary_left    = (matmul(h(q), q),                     unit(q),                    unitary(q)),
    unitary_right   = (matmul(q, h(q)),                     unit(q),                    unitary(q)),
    semi_orthogonal_left = (matmul(t(x), x),                unit(x),                    semi_orthogonal(x)),
    transpose_symmetric = (t(p),                            p,                          symmetric(p)),
    transpose_number = (t(p),                               p,                          size_one(p, (-2, -1))),
    precedence      = "matmul > transpose",
)

diagonals = theory(
    name            = "diagonals",
    diag_matmul     = (matmul(diag(u), x),                  column(u) * x),
    matmul_diag     = (matmul(x, diag(u)),                  x * row(u)),
    diag_rows       = (column(u) * diag(v),                 diag(u * v),                "domain"),
    diag_columns    = (row(u) * diag(v),                    diag(u * v),                "domain"),
    diag_matvec     = (matvec(diag(u), v),                  u * v),
    vecmat_diag     = (vecmat(v, diag(u)),                  v * u),
    diagonal_matmul = (matmul(x, y),                        column(diag_of(x)) * y,     diagonal(x) & square(x)),
    matmul_diagonal = (matmul(x, y),                        x * row(diag_of(y)),        diagonal(y) & square(y)),
    diagonal_matvec = (matvec(x, v),                        diag_of(x) * v,             diagonal(x) & square(x)),
    diagonal_product = (diag_of(matmul(x, y)),              sum(x * t(y), -1),          square(matmul(x, y))),
    diag_add        = (diag(u) + diag(v),                   diag(u + v),                same_shape(u, v)),
    diag_neg        = (diag(-u),                            -diag(u)),
    diagonal_neg    = (diag_of(-x),                         -diag_of(x)),
    trace_rows      = (trace(column(u) * x),                sum(u * diag_of(x), -1),    square(x) & chains(x, column(u))),
    trace_columns   = (trace(row(u) * x),                   sum(u * diag_of(x), -1),    square(x) & chains(x, column(u))),
    precedence      = "matmul > diag > multiply, matmul > expand_dims, matmul > diagonal, matmul > transpose, "
                      "matvec > diagonal, diagonal > sum, diagonal > transpose, trace > sum, trace > diagonal",
)

# of divisors that are zero or NaN, off the diagonal too
diagonal_quotients = theory(
    name            = "diagonal_quotients",
    diag_rows_over  = (diag(v) / column(u),                 diag_over(v, u),            "domain"),
    diag_columns_over = (diag(v) / row(u),                  diag_over(v, u),            "domain"),
)

outer_products = theory(
    name            = "outer_products",
    outer_matvec    = (matvec(column(u) * row(v), w),       u * column(vecdot(v, w)),       "domain"),
    vecmat_outer    = (vecmat(w, column(u) * row(v)),       column(vecdot(w, u)) * v,       "domain"),
    matmul_outer    = (matmul(x, column(u) * row(v)),       column(matvec(x, u)) * row(v)),
    outer_matmul    = (matmul(column(u) * row(v), x),       column(u) * row(vecmat(v, x))),
    trace_outer     = (trace(column(u) * row(v)),           vecdot(u, v),               same_shape(u, v)),
    diagonal_outer  = (diag_of(column(u) * row(v)),         u * v,                      same_shape(u, v)),
    transpose_outer = (t(column(u) * row(v)),               column(v) * row(u)),
    outer_sum       = (sum(column(u) * row(v), (-2, -1)),   sum(u, -1) * sum(v, -1),        "domain"),
    matmul_column   = (matmul(x, column(v)),                column(matvec(x, v))),
    matmul_row      = (matmul(row(v), x),                   row(vecmat(v, x))),
    row_matvec      = (matvec(row(u), v),                   column(vecdot(u, v))),
    vecmat_column   = (vecmat(u, column(v)),                column(vecdot(u, v))),
    column_transpose = (t(column(v)),                       row(v)),
    row_transpose   = (t(row(v)),                           column(v)),
    thin_product    = (matmul(x, y),                        x * y,                      size_one(y, first)),
    precedence      = "matmul > matvec = vecmat > vecdot > expand_dims, trace > vecdot, transpose > expand_dims",
)

linearity = theory(
    name            = "linearity",
    matmul_left     = (matmul(x, z) + matmul(y, z),         matmul(x + y, z)),
    matmul_right    = (matmul(z, x) + matmul(z, y),         matmul(z, x + y)),
    matvec_add      = (matvec(x, v) + matvec(y, v),         matvec(x + y, v)),
    matvec_vectors  = (matvec(x, u) + matvec(x, v),         matvec(x, u + v)),
    vecmat_add      = (vecmat(v, x) + vecmat(v, y),         vecmat(v, x + y)),
    vecmat_vectors  = (vecmat(u, x) + vecmat(v, x),         vecmat(u + v, x)),
    vecdot_add      = (vecdot(u, w) + vecdot(v, w),         vecdot(u + v, w)),
    trace_add       = (trace(x) + trace(y),                 trace(x + y),               same_shape(x, y)),
    matmul_scale    = (matmul(c * x, y),                    c * matmul(x, y)),
    matmul_scale2   = (matmul(x, c * y),                    c * matmul(x, y)),
    matvec_scale    = (matvec(c * x, v),                    c * matvec(x, v)),
    matvec_scale2   = (matvec(x, c * v),                    c * matvec(x, v)),
    vecmat_scale    = (vecmat(v, c * x),                    c * vecmat(v, x)),
    vecmat_scale2   = (vecmat(c * v, x),                    c * vecmat(v, x)),
    vecdot_scale    = (vecdot(c * u, v),                    c * vecdot(u, v)),
    trace_scale     = (trace(c * x),                        c * trace(x)),
    vecdot_neg      = (vecdot(u, -v),                       -vecdot(u, v)),
)

forms = theory(
    name            = "forms",
    trace_cube      = (trace(matmul(matmul(x, y), z)),     sum(matmul(x, y) * t(z), (-2, -1)), square(matmul(matmul(x, y), z))),
    frobenius       = (trace(matmul(t(x), x)),              sum(x**2, (-2, -1))),
    frobenius2      = (trace(matmul(x, t(x))),              sum(x**2, (-2, -1))),
    gram_diagonal   = (diag_of(matmul(x, t(x))),            sum(x**2, -1)),
    gram_diagonal2  = (diag_of(matmul(t(x), x)),            sum(x**2, -2)),
    sum_matvec      = (sum(matvec(x, v), -1),               vecdot(sum(x, -2), v)),
    sum_vecmat      = (sum(vecmat(v, x), -1),               vecdot(v, sum(x, -1))),
    sum_matmul      = (sum(matmul(x, y), (-2, -1)),         vecdot(sum(x, -2), sum(y, -1))),
    precedence      = "trace > matmul > matvec = vecmat > vecdot > sum, diagonal > sum, trace > transpose, sum > square",
)
