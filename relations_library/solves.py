"""Inverses and solutions of linear systems, by what is known of the matrix."""

from __future__ import annotations

from relgraph.numpy import diag, linalg, matmul, matrix_transpose, matvec
from relgraph.relations import attrs, literals, lvars, term_function, theory
from relgraph.relations.predicates import (diagonal, differs, invertible, lower_triangular, nonzero, orthogonal, pd,
                                           size_one, square, unitary, upper_triangular)
from relgraph.terms.decompositions import expm
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import solve_triangular_
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.structure import squeeze
from relgraph.terms.term import Term, attr

from .products import column, h, unit

@term_function
def inverse_of(c: Term) -> Term:
    """The reciprocal of a number."""
    return 1 / c


@term_function
def solution(a: Term, w: Term) -> Term:
    """``inv(a) @ w`` for vectors."""
    return squeeze(linalg.solve(a, column(w)), -1)


@term_function
def left_solution(a: Term, w: Term) -> Term:
    """``w @ inv(a)`` for vectors."""
    return solution(matrix_transpose(a), w)


@term_function
def left_solutions(a: Term, b: Term) -> Term:
    """``b @ inv(a)`` for matrices."""
    return matrix_transpose(linalg.solve(matrix_transpose(a), matrix_transpose(b)))


x, y, z, v = lvars("x y z v")
q, b = lvars("q b", kinds="fc")
k, = lvars("k", kinds="c")  # what is conjugated: of a real matrix `conj` is no op
c, = literals("c")
n, dtype, lower, one = attrs("rows dtype lower unit")
cholesky, inv, pinv, solve = linalg.cholesky, linalg.inv, linalg.pinv, linalg.solve
diag_of, t = linalg.diagonal, matrix_transpose
eye, no, yes, both = eye_(n, n, attr(0), dtype), attr(False), attr(True), attr((-2, -1))


# A product is above a solution here, and below it where orthogonal systems are solved: what makes these three end is that
# an inverse is gone, and none comes back.


def lower_solve(a: Term, w: Term) -> Term:
    return solve_triangular_(a, w, yes, no)


def upper_solve(a: Term, w: Term) -> Term:
    return solve_triangular_(a, w, no, no)


inverse_products = theory(
    name            = "inverse_products",
    inv_matvec      = (matvec(inv(x), v),                   solution(x, v)),
    vecmat_inv      = (vecmat(v, inv(x)),                   left_solution(x, v)),
    matmul_inv      = (matmul(y, inv(x)),                   left_solutions(x, y)),
    inv_transposed  = (inv(t(x)),                           t(inv(x))),
    inv_matmul      = (inv(matmul(x, y)),                   matmul(inv(y), inv(x)),         square(x)),
    inv_scale       = (inv(c * x),                          inverse_of(c) * inv(x),         nonzero(c) & differs(c, 1)),
    inv_eye         = (inv(eye),                            eye),
    inv_unitary     = (inv(k),                              h(k),                           unitary(k)),
    inv_diagonal    = (inv(x),                              diag(1 / diag_of(x)),           diagonal(x) & invertible(x)),
    inv_number      = (inv(x),                              1 / x,                          size_one(x, both)),
    inv_expm        = (inv(expm(x)),                        expm(-x)),
    matmul_solve    = (matmul(x, solve(x, y)),              y,                              invertible(x)),
    precedence      = "inv > solve > matmul > transpose, inv > diag, inv > diagonal, inv > conj",
)

solutions = theory(
    name            = "solutions",
    solve_inv       = (solve(inv(x), y),                    matmul(x, y),                   invertible(x)),
    solve_product   = (solve(x, matmul(x, y)),              y,                              invertible(x)),
    solve_left_product = (solve(matmul(x, z), y),           solve(z, solve(x, y)),          square(x)),
    solve_self      = (solve(x, x),                         unit(x),                        invertible(x)),
    solve_eye       = (solve(x, eye),                       inv(x)),
    eye_solve       = (solve(eye, y),                       y),
    solve_scale     = (solve(c * x, y),                     inverse_of(c) * solve(x, y),    nonzero(c) & differs(c, 1)),
    solve_scale_right = (solve(x, c * y),                   c * solve(x, y)),
    solve_diag      = (solve(diag(v), y),                   y / column(v),                  nonzero(v)),
    solve_diagonal  = (solve(x, y),                         y / column(diag_of(x)),         diagonal(x) & invertible(x)),
    solve_number    = (solve(x, y),                         y / x,                          size_one(x, both)),
    solve_orthogonal = (solve(q, b),                        matmul(t(q), b),                orthogonal(q)),
    solve_unitary   = (solve(k, b),                         matmul(h(k), b),                unitary(k)),
    solve_lower     = (solve(q, b),                         lower_solve(q, b),              lower_triangular(q)),
    solve_upper     = (solve(q, b),                         upper_solve(q, b),              upper_triangular(q)),
    solve_pd        = (solve(x, y),                         upper_solve(t(cholesky(x)), lower_solve(cholesky(x), y)), pd(x)),
    precedence      = "solve > matmul > transpose, solve > solve_triangular > cholesky, solve > transpose, solve > conj, "
                      "solve > diagonal, solve > expand_dims",
)

triangular_solutions = theory(
    name            = "triangular_solutions",
    lower_product   = (lower_solve(x, matmul(x, y)),        y,                             lower_triangular(x) & invertible(x)),
    upper_product   = (upper_solve(x, matmul(x, y)),        y,                             upper_triangular(x) & invertible(x)),
    triangular_diag = (solve_triangular_(diag(v), y, lower, no), y / column(v),             nonzero(v)),
    unit_diag       = (solve_triangular_(diag(v), y, lower, yes), y),
    triangular_eye  = (solve_triangular_(eye, y, lower, one), y),
    triangular_scale = (solve_triangular_(x, c * y, lower, one), c * solve_triangular_(x, y, lower, one)),
    triangular_diagonal = (solve_triangular_(x, y, lower, no), y / column(diag_of(x)),      diagonal(x) & invertible(x)),
    triangular_number = (solve_triangular_(x, y, lower, no), y / x,                         size_one(x, both)),
    precedence      = "solve_triangular > diagonal, solve_triangular > expand_dims",
)
