"""Matrices without a structure: Schur's form, of one and of two, eigenvalues, packed LU, and Sylvester's equation."""

from __future__ import annotations

from collections.abc import Callable

from relgraph.numpy import (abs, arange, broadcast_to, diag, linalg, matmul, matrix_transpose, prod, real, reshape, sort, sum,
                            where)
from relgraph.relations import clause, literals, lvars, term_function, theory
from relgraph.relations.predicates import diagonal, differs, nonzero, positive_diagonal, symmetric, unitary, upper_triangular
from relgraph.terms import dims
from relgraph.terms.decompositions import eigvalsh
from relgraph.terms.general import eigvals, lu_factor_, schur_, solve_sylvester_
from relgraph.terms.joining import eye
from relgraph.terms.linalg import nth
from relgraph.terms.pencils import qz_
from relgraph.terms.products import kron_
from relgraph.terms.term import Term

from .products import column, h, row, unit


@term_function
def every_row(x: Term) -> Term:
    """The numbers of the rows, for each matrix: every row is exchanged with itself."""
    n = x.type.shape[-1]
    return broadcast_to(arange(n, dtype="int32"), x.type.shape[:-1])


@term_function
def at_once(x: Term, y: Term, z: Term) -> Term:
    """Sylvester's equation as one system for all elements of the solution, in m**3 n**3 operations."""
    m, n = z.type.shape[-2:]
    whole = kron_(x, eye(n, dtype=x.type.dtype)) + kron_(eye(m, dtype=y.type.dtype), matrix_transpose(y))
    found = linalg.solve(whole, reshape(z, (*z.type.shape[:-2], dims.mul(m, n), 1)))
    return reshape(found, (*found.type.shape[:-2], m, n))


x, y, z, u, v = lvars("x y z u v")
q, r = lvars("q r", kinds="c")
p, o = lvars("p o", kinds="fc")
c, = literals("c")
det, trace, diag_of, t, sylvester = linalg.det, linalg.trace, linalg.diagonal, matrix_transpose, solve_sylvester_
solve = linalg.solve

schur_forms = theory(
    name            = "schur_forms",
    schur_product   = (matmul(nth(schur_(x), 1), matmul(nth(schur_(x), 0), t(nth(schur_(x), 1)))), x),
    schur_product_h = (matmul(nth(schur_(q), 1), matmul(nth(schur_(q), 0), h(nth(schur_(q), 1)))), q),
    schur_trace     = (trace(nth(schur_(p), 0)),            trace(p),                           "domain"),
    schur_diag_t    = (nth(schur_(diag(v)), 0),             diag(v)),
    schur_diag_z    = (nth(schur_(diag(v)), 1),             unit(diag(v)),                      "domain"),
    schur_upper_t   = (nth(schur_(p), 0),                   p,                                  upper_triangular(p)),
    schur_upper_z   = (nth(schur_(p), 1),                   unit(p),                            upper_triangular(p), "domain"),
    packed_diagonal = (nth(lu_factor_(x), 0),               x,                                  upper_triangular(x)),
    packed_pivots   = (nth(lu_factor_(x), 1),               every_row(x),                       upper_triangular(x)),
)



def part(k: int, a: Term, b: Term) -> Term:
    """One of the four matrices of Schur's form of a pair."""
    return nth(qz_(a, b), k)


def back(k: int, a: Term, b: Term, turned: Callable[[Term], Term]) -> Term:
    """The first or the second matrix of a pair from its form."""
    return matmul(part(2, a, b), matmul(part(k, a, b), turned(part(3, a, b))))


triangles = upper_triangular(p) & upper_triangular(o) & positive_diagonal(o)

# what depends on one matrix of the pair alone forgets what is NaN in the other, which spreads through all of the form
qz_forms = theory(
    name            = "qz_forms",
    qz_first        = (back(0, x, y, t),                        x,                                  "domain"),
    qz_second       = (back(1, x, y, t),                        y,                                  "domain"),
    qz_first_h      = (back(0, q, r, h),                        q,                                  "domain"),
    qz_second_h     = (back(1, q, r, h),                        r,                                  "domain"),
    qz_upper_s      = (part(0, p, o),                           p,                                  triangles),
    qz_upper_t      = (part(1, p, o),                           o,                                  triangles),
    qz_upper_q      = (part(2, p, o),                           unit(p),                            triangles),
    qz_upper_z      = (part(3, p, o),                           unit(p),                            triangles),
    qz_det_s        = (abs(det(part(0, p, o))),                 abs(det(p)),                        "domain"),
    qz_det_t        = (abs(det(part(1, p, o))),                 abs(det(o)),                        "domain"),
    qz_det_quotient = (det(part(0, p, o)) / det(part(1, p, o)), det(p) / det(o), "domain"),
    qz_trace        = (sum(diag_of(part(0, q, r)) / diag_of(part(1, q, r)), -1),    trace(solve(r, q))),
    precedence      = "det > nth, nth > solve",
)

# in no pipeline: LAPACK takes a tiny number of v for zero and leaves its sign, so that one of the four beside three of LAPACK's
# may be of another form of the same pair
qz_of_diagonals = theory(
    name            = "qz_of_diagonals",
    qz_diag_s       = (part(0, diag(u), diag(v)),               diag(where(v < 0, -u, u)),          "domain"),
    qz_diag_t       = (part(1, diag(u), diag(v)),               diag(abs(v)),                       "domain"),
    qz_diag_q       = (part(2, diag(u), diag(v)),               unit(diag(u)),                      "domain"),
    qz_diag_z       = (part(3, diag(u), diag(v)),               diag(where(v < 0, -1.0, 1.0)),      "domain"),
    precedence      = "nth > diag, nth > where > less, nth > negative, nth > abs",
)

eigenvalues = theory(
    name            = "eigenvalues",
    sum_of_eigvals  = (sum(eigvals(q), -1),                 trace(q),                           "domain"),
    sum_of_eigvals_real = (real(sum(eigvals(x), -1)),       trace(x),                           "domain"),
    symmetric_eigvals = (sort(real(eigvals(x))),            eigvalsh(x),                        symmetric(x)),
    product_of_eigvals = (prod(eigvals(q), -1),             det(q), "domain"),
    precedence      = "eigvals > det",
)

sylvester_equations = theory(
    name            = "sylvester_equations",
    sylvester_diag  = (sylvester(diag(u), diag(v), z),      z / (column(u) + row(v)),           nonzero(column(u) + row(v))),
    sylvester_diagonal = (sylvester(x, y, z),               z / (column(diag_of(x)) + row(diag_of(y))),
                          diagonal(x) & diagonal(y) & nonzero(column(diag_of(x)) + row(diag_of(y)))),
    sylvester_transpose = (t(sylvester(t(x), t(y), z)),     sylvester(y, x, t(z))),
    sylvester_scale = (sylvester(x, y, c * z),              c * sylvester(x, y, z),             differs(c, 1)),
    sylvester_solves = (matmul(x, sylvester(x, y, z)) + matmul(sylvester(x, y, z), y), z,       "domain"),
    precedence      = "solve_sylvester > diagonal, solve_sylvester > expand_dims, solve_sylvester > divide",
)

# the definition, for what knows no Schur form
direct = theory(
    name            = "direct",
    sylvester_direct = (sylvester(x, y, z),                 at_once(x, y, z),                   "domain"),
)

structure = (
    clause(unitary(part(2, p, o))), clause(unitary(part(3, p, o))), clause(upper_triangular(part(0, q, r))),
    clause(upper_triangular(part(1, p, o))),
    clause(unitary(nth(schur_(p), 1))), clause(upper_triangular(nth(schur_(q), 0))),
)
