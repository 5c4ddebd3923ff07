"""Bands, ranks, equal diagonals, rows of probabilities; what Kronecker products and blocks keep.

``lower_band(A, c)`` is measured: the question is answered with the least c that can be proved, and so are ranks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from relgraph.numpy import (broadcast_to, concat, conj, linalg, matmul, matrix_transpose, maximum, minimum, outer, special,
                            take)
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.attributes import size
from relgraph.relations.predicates import (at_least, at_least_rank, at_most, at_most_rank, banded, between_0_1, circulant,
                                           diagonal, finite, hermitian, idempotent, invertible, lower_band, lower_triangular,
                                           nonempty, nonnegative, of_rank, orthogonal, pd, permutation, positive,
                                           positive_diagonal, principal, psd, rank_at_most, same_shape, scalar,
                                           semi_orthogonal, singular, skew_symmetric, split_at, square, stochastic, submatrix,
                                           symmetric, toeplitz, tridiagonal, unit_triangular, unitary, upper_band,
                                           upper_triangular)
from relgraph.terms.indexing import index_
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import tril_, triu_
from relgraph.terms.term import attr

A, B = lvars("A B", "fc")
X, S = lvars("X S")
v, w, s = lvars("v w s")
z, = lvars("z", "c")
c, d = literals("c d")
i, = lvars("i", "iu")
n, dtype, k, spec, shape = attrs("n dtype k spec shape")
t, inv, cholesky, solve, kron, block = (matrix_transpose, linalg.inv, linalg.cholesky, linalg.solve, linalg.kron,
                                        linalg.block_diag)
rows, columns = attr((-2,)), attr((-1,))


def widths(band: Callable[..., Any], other: Callable[..., Any], triangular: Callable[..., Any]) -> tuple[Clause, ...]:
    """What is known of one side of a band; ``other`` is the other side, ``triangular`` the matrices that have nothing here."""
    return (
        clause(triangular(A), band(A, 0)),
        clause(band(A, 0), triangular(A)),
        clause(band(A, 1), tridiagonal(A)),
        clause(band(A, c), symmetric(A), other(A, c)),
        clause(band(t(A), c), other(A, c)),
        clause(band(conj(z), c), band(z, c)),
        clause(band(-A, c), band(A, c)),
        clause(band(d * A, c), band(A, c), finite(d)),
        clause(band(s * X, c), scalar(s), band(X, c)),
        clause(band(X * S, c), band(X, c), finite(S), same_shape(X, S)),
        clause(band(X * S, minimum(c, d)), band(X, c), band(S, d), same_shape(X, S)),
        clause(band(A + B, maximum(c, d)), band(A, c), band(B, d), same_shape(A, B)),
        clause(band(matmul(A, B), c + d), band(A, c), band(B, d)),
        clause(band(solve(A, B), c), triangular(A), band(B, c)),
        clause(band(tril_(A, k), c), band(A, c)),
        clause(band(triu_(A, k), c), band(A, c)),
        clause(band(kron(A, B), c * size(B, rows) + d), band(A, c), band(B, d), square(B)),
        clause(band(block(A, B), maximum(c, d)), square(A), band(A, c), band(B, d)),
        clause(singular(A), band(A, -1), square(A), nonempty(A)),
    )


bands = (
    *widths(lower_band, upper_band, upper_triangular),
    *widths(upper_band, lower_band, lower_triangular),
    clause(banded(A, c, d), lower_band(A, c), upper_band(A, d)),
    clause(tridiagonal(A), lower_band(A, 1), upper_band(A, 1), square(A)),
    clause(lower_band(cholesky(A), c), lower_band(A, c)),
    clause(upper_band(tril_(A, k), k)),
)

ranks = (
    clause(rank_at_most(matmul(A, B), size(A, columns))),
    clause(rank_at_most(matmul(A, B), c), rank_at_most(A, c)),
    clause(rank_at_most(matmul(A, B), c), rank_at_most(B, c)),
    clause(rank_at_most(A + B, c + d), rank_at_most(A, c), rank_at_most(B, d)),
    clause(rank_at_most(-A, c), rank_at_most(A, c)),
    clause(rank_at_most(d * A, c), rank_at_most(A, c)),
    clause(rank_at_most(s * X, c), scalar(s), rank_at_most(X, c)),
    clause(rank_at_most(X * S, c * d), rank_at_most(X, c), rank_at_most(S, d), same_shape(X, S)),
    clause(rank_at_most(t(A), c), rank_at_most(A, c)),
    clause(rank_at_most(conj(z), c), rank_at_most(z, c)),
    clause(rank_at_most(outer(v, w), 1)),
    clause(rank_at_most(kron(A, B), c * d), rank_at_most(A, c), rank_at_most(B, d)),
    clause(rank_at_most(block(A, B), c + d), rank_at_most(A, c), rank_at_most(B, d)),
    clause(singular(A), square(A), rank_at_most(A, size(A, columns) - 1)),
    clause(singular(t(A)), singular(A)),
    clause(singular(-A), singular(A)),
    clause(singular(matmul(A, B)), singular(A), square(B)),
    clause(singular(matmul(A, B)), square(A), singular(B)),
)

of_parts = (
    clause(rank_at_most(index_(A, spec), c), rank_at_most(A, c), submatrix(A, spec)),
    clause(rank_at_most(take(A, i, rows), c), rank_at_most(A, c), of_rank(i, 1)),
    clause(rank_at_most(take(A, i, columns), c), rank_at_most(A, c), of_rank(i, 1)),
    clause(rank_at_most(concat([A, B], rows), c + d), rank_at_most(A, c), rank_at_most(B, d)),
    clause(rank_at_most(concat([A, B], columns), c + d), rank_at_most(A, c), rank_at_most(B, d)),
    clause(rank_at_most(solve(A, B), c), rank_at_most(B, c)),
    clause(rank_at_most(linalg.pinv(A), c), rank_at_most(A, c)),
    clause(rank_at_most(broadcast_to(s, shape), 1), at_most_rank(s, 1), at_least_rank(broadcast_to(s, shape), 2)),
    *[clause(holds(index_(A, spec)), holds(A), principal(A, spec)) for holds in (
        symmetric, hermitian, psd, pd, diagonal, lower_triangular, upper_triangular, unit_triangular, skew_symmetric,
        positive_diagonal, tridiagonal, toeplitz)],
)

splits = (
    clause(split_at(block(A, B), size(A, rows)), square(A), square(B)),
    clause(split_at(block(A, B), c), split_at(A, c), square(B)),
    clause(split_at(block(A, B), c), square(A), split_at(B, c - size(A, rows))),
    clause(split_at(A, c), diagonal(A), square(A), at_least(c, 0), at_most(c, size(A, columns))),
    *[clause(split_at(f(A), c), split_at(A, c)) for f in (t, inv, cholesky, operator.neg)],
    clause(split_at(conj(z), c), split_at(z, c)),
    clause(split_at(d * A, c), split_at(A, c), finite(d)),
    clause(split_at(s * X, c), scalar(s), split_at(X, c)),
    clause(split_at(X * S, c), split_at(X, c), finite(S), same_shape(X, S)),
    *[clause(split_at(f(A, B), c), split_at(A, c), split_at(B, c), same_shape(A, B)) for f in (operator.add, matmul, solve)],
)

diagonals = (
    clause(toeplitz(A), circulant(A)),
    clause(toeplitz(eye_(n, n, attr(0), dtype))),
    clause(toeplitz(t(A)), toeplitz(A)),
    clause(toeplitz(conj(z)), toeplitz(z)),
    clause(toeplitz(-A), toeplitz(A)),
    clause(toeplitz(c * A), toeplitz(A), finite(c)),
    clause(toeplitz(s * X), scalar(s), toeplitz(X)),
    clause(toeplitz(A + B), toeplitz(A), toeplitz(B), same_shape(A, B)),
    clause(toeplitz(X * S), toeplitz(X), toeplitz(S), same_shape(X, S)),
    clause(toeplitz(tril_(A, k)), toeplitz(A)),
    clause(toeplitz(triu_(A, k)), toeplitz(A)),
    clause(toeplitz(inv(A)), toeplitz(A), lower_triangular(A)),
    clause(toeplitz(inv(A)), toeplitz(A), upper_triangular(A)),
    clause(toeplitz(matmul(A, B)), toeplitz(A), toeplitz(B), lower_triangular(A), lower_triangular(B)),
    clause(toeplitz(matmul(A, B)), toeplitz(A), toeplitz(B), upper_triangular(A), upper_triangular(B)),
)

probabilities = (
    clause(between_0_1(X), stochastic(X)),
    clause(stochastic(X), permutation(X)),
    clause(stochastic(matmul(X, S)), stochastic(X), stochastic(S)),
    clause(stochastic(special.softmax(X, columns)), at_least_rank(X, 2), nonempty(X)),
)


def kept_by_kron(holds: Callable[..., Any]) -> Clause:
    """A structure that Kronecker products of two such matrices have too."""
    return clause(holds(kron(A, B)), holds(A), holds(B))


def kept_by_blocks(holds: Callable[..., Any]) -> Clause:
    """A structure that two such matrices side by side on the diagonal have together."""
    return clause(holds(block(A, B)), holds(A), holds(B))


composed = (
    *map(kept_by_kron, (symmetric, hermitian, psd, pd, orthogonal, unitary, semi_orthogonal, permutation, invertible,
                        idempotent)),
    *[clause(holds(kron(A, B)), holds(A), holds(B), square(B)) for holds in (diagonal, lower_triangular, upper_triangular)],
    *[clause(holds(kron(X, S)), holds(X), holds(S)) for holds in (stochastic, nonnegative, positive)],
    clause(singular(kron(A, B)), singular(A), square(B), nonempty(B)),  # of no elements it has an inverse
    clause(singular(kron(A, B)), square(A), singular(B), nonempty(A)),
    *map(kept_by_blocks, (symmetric, hermitian, psd, pd, orthogonal, unitary, semi_orthogonal, permutation, invertible,
                          idempotent, skew_symmetric)),
    *[clause(holds(block(A, B)), square(A), holds(A), holds(B)) for holds in (diagonal, lower_triangular, upper_triangular)],
    *[clause(holds(block(X, S)), holds(X), holds(S)) for holds in (stochastic, nonnegative)],
    clause(singular(block(A, B)), singular(A), square(B)),
    clause(singular(block(A, B)), square(A), singular(B)),
)

banded_and_composed: tuple[Clause, ...] = (*bands, *ranks, *of_parts, *splits, *diagonals, *probabilities, *composed)
