"""Products of three matrices, and of batches with one matrix: grouped so that they cost least."""

from __future__ import annotations

from relgraph.numpy import linalg, matmul, matrix_transpose, matvec, moveaxis, reshape
from relgraph.relations import lvars, term_function, theory
from relgraph.relations.predicates import above_rank, at_most_rank, cheap_left, cheap_right
from relgraph.terms import dims
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.term import Term

from .products import outer_products


@term_function
def from_left(x: Term, y: Term, z: Term) -> Term:
    """``(x @ y) @ z``."""
    return matmul(matmul(x, y), z)


@term_function
def rows_at_once(x: Term, y: Term) -> Term:
    """``x @ y`` for a batch of matrices and one matrix: all rows are those of one large matrix."""
    *lead, m, k = x.type.shape
    rows = dims.product((*lead, m))
    return reshape(matmul(reshape(x, (rows, k)), y), (*lead, m, y.type.shape[-1]))


@term_function
def vectors_at_once(v: Term, x: Term) -> Term:
    """Each vector of a batch times a matrix: the vectors are the rows of a matrix."""
    return matmul(v, x)


@term_function
def systems_at_once(x: Term, y: Term) -> Term:
    """The solutions for a batch of right sides: all columns are those of one large right side."""
    *lead, n, k = y.type.shape
    beside = moveaxis(y, -2, 0)
    out = linalg.solve(x, reshape(beside, (n, dims.product((*lead, k)))))
    return moveaxis(reshape(out, (n, *lead, k)), 0, -2)


x, y, z, v = lvars("x y z v")
t, solve = matrix_transpose, linalg.solve

# What makes these end is the count of multiplications, or a batch that is gone, which no order of ops can see.

chains = theory(
    name            = "chains",
    chain_right     = (matmul(matmul(x, y), z),             matmul(x, matmul(y, z)),        cheap_right(x, y, z)),
    chain_left      = (matmul(x, matmul(y, z)),             from_left(x, y, z),             cheap_left(x, y, z)),
)

# for a late stage: a reshaped operand hides its structure from other relations
batched = theory(
    outer_products["matmul_column"], outer_products["matmul_row"],
    name            = "batched",
    batched_rows    = (matmul(x, y),        rows_at_once(x, y),             above_rank(x, 2) & at_most_rank(y, 2)),
    batched_matvec  = (matvec(x, v),        vectors_at_once(v, t(x)),       at_most_rank(x, 2) & above_rank(v, 1)),
    batched_vecmat  = (vecmat(v, x),        vectors_at_once(v, x),          at_most_rank(x, 2) & above_rank(v, 1)),
    batched_systems = (solve(x, y),         systems_at_once(x, y),          at_most_rank(x, 2) & above_rank(y, 2)),
    precedence      = "matmul > matvec = vecmat > transpose, matmul > expand_dims",
)
