"""A matrix and a change of low rank: Woodbury (1950), Sherman and Morrison (1950), and the determinant lemma.

Right sides that hold a system or a determinant again are attribute functions: what makes them end is that ``tall`` asks
for fewer columns than rows, so that the matrix is of a smaller order, which no order of ops can see.
"""

from __future__ import annotations

from relgraph.numpy import diag, linalg, matmul, matvec, prod, sum
from relgraph.relations import attrs, lvars, term_function, theory
from relgraph.relations.predicates import chains, has_length, invertible, nonzero, same_length, tall
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.term import Term, attr

from .products import column, row, unit


@term_function
def capacitance(v: Term, x: Term, y: Term) -> Term:
    """``I + y diag(v)^-1 x``, of as many rows as x has columns."""
    inner = matmul(y, x / column(v))
    return unit(inner) + inner


@term_function
def low_rank_solution(v: Term, x: Term, y: Term, z: Term) -> Term:
    """The solution of ``(diag(v) + x y) @ a = z`` by one of the small matrix."""
    scaled = z / column(v)
    return scaled - matmul(x / column(v), linalg.solve(capacitance(v, x, y), matmul(y, scaled)))


@term_function
def low_rank_det(v: Term, x: Term, y: Term) -> Term:
    """The determinant of ``diag(v) + x y`` by one of the small matrix."""
    return prod(v, axis=-1) * linalg.det(capacitance(v, x, y))


@term_function
def swapped_det(x: Term, y: Term) -> Term:
    """The determinant of ``I + y x``."""
    inner = matmul(y, x)
    return linalg.det(unit(inner) + inner)


x, y, z, u, v, w = lvars("x y z u v w")
n, dtype = attrs("rows dtype")
det, inv, solve = linalg.det, linalg.inv, linalg.solve
eye = eye_(n, n, attr(0), dtype)

change = column(u) * row(w)


def cell(a: Term) -> Term:
    """A number as a matrix of one element."""
    return column(column(a))


woodbury = theory(
    name            = "woodbury",
    woodbury        = (inv(diag(v) + matmul(x, y)),
                       diag(1 / v) - matmul(x / column(v), solve(capacitance(v, x, y), y / row(v))),
                       nonzero(v) & tall(x) & same_length(v, y)),
    woodbury_solve  = (solve(diag(v) + matmul(x, y), z),    low_rank_solution(v, x, y, z),
                       nonzero(v) & tall(x) & same_length(v, y)),
    woodbury_det    = (det(diag(v) + matmul(x, y)),         low_rank_det(v, x, y),
                       nonzero(v) & tall(x) & same_length(v, y)),
    sylvester       = (det(eye + matmul(x, y)),             swapped_det(x, y),              tall(x) & chains(eye, x)),
    sherman_morrison = (inv(diag(v) + change),
                        diag(1 / v) - column(u / v) * row(w / v) / cell(1 + sum(u * w / v, -1)),
                        nonzero(v) & same_length(w, v)),
    sherman_morrison_eye = (inv(eye + change),              eye - change / cell(1 + vecdot(u, w)),
                            has_length(u, n) & has_length(w, n)),
    determinant_lemma = (det(diag(v) + change),             prod(v, -1) * (1 + sum(u * w / v, -1)),
                         nonzero(v) & same_length(u, v) & same_length(w, v)),
    determinant_lemma_eye = (det(eye + change),             1 + vecdot(u, w),              has_length(u, n) & has_length(w, n)),
    determinant_lemma_any = (det(x + change),               det(x) * (1 + vecdot(w, matvec(inv(x), u))),    invertible(x)),
    precedence      = "inv > solve > matmul > diag, det > prod, det > sum, det > vecdot, det > matvec, det > inv, "
                      "inv > expand_dims, inv > sum, inv > vecdot",
)
