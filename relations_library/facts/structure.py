"""Structure of matrices: which kinds imply which, and what sums, products, transposes, inverses and factors keep.

Over the complex numbers, orthogonal (``A.T``) and unitary (``A.H``) are different facts, and so are symmetric and hermitian.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.numpy import conj, diag, linalg, matmul, matrix_transpose, outer
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (circulant, diagonal, finite, hermitian, idempotent, invertible, lower_triangular,
                                           nonnegative, nonzero, not_wide, orthogonal, pd, permutation, positive,
                                           positive_diagonal, psd, same_shape, scalar, semi_orthogonal, skew_symmetric, square,
                                           symmetric, tridiagonal, unit_triangular, unitary, upper_triangular)
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import qr_, nth_, solve_triangular_, tril_, triu_
from relgraph.terms.term import attr

A, B = lvars("A B", "fc")
X, S = lvars("X S")
v, s = lvars("v s")
w, = lvars("w", "fc")
c, = literals("c")
n, dtype, k = attrs("n dtype k")
t, inv, cholesky, solve, det = matrix_transpose, linalg.inv, linalg.cholesky, linalg.solve, linalg.det
zero = attr(0)
eye = eye_(n, n, zero, dtype)

implications = (
    clause(psd(A), pd(A)),
    clause(hermitian(A), psd(A)),
    clause(symmetric(X), psd(X)),
    clause(symmetric(X), hermitian(X)),
    clause(hermitian(X), symmetric(X)),
    clause(invertible(A), pd(A)),
    clause(invertible(A), orthogonal(A)),
    clause(invertible(A), unitary(A)),
    clause(invertible(A), unit_triangular(A)),
    clause(unitary(X), orthogonal(X)),
    clause(orthogonal(X), unitary(X)),
    clause(orthogonal(A), permutation(A)),
    clause(unitary(A), permutation(A)),
    clause(semi_orthogonal(A), orthogonal(A)),
    clause(orthogonal(A), semi_orthogonal(A), square(A)),
    clause(symmetric(A), diagonal(A), square(A)),
    clause(lower_triangular(A), diagonal(A)),
    clause(upper_triangular(A), diagonal(A)),
    clause(diagonal(A), lower_triangular(A), upper_triangular(A)),
    clause(diagonal(A), lower_triangular(A), symmetric(A)),
    clause(diagonal(A), upper_triangular(A), symmetric(A)),
    clause(tridiagonal(A), diagonal(A), square(A)),
    clause(nonnegative(X), permutation(X)),
    clause(psd(X), diagonal(X), square(X), nonnegative(X)),
)


def kept_by_transposition(holds: Callable[..., Any]) -> Clause:
    """A structure that rows and columns share alike."""
    return clause(holds(t(A)), holds(A))


transposes = (
    *map(kept_by_transposition, (symmetric, hermitian, psd, pd, diagonal, unit_triangular, orthogonal, unitary, permutation,
                                 invertible, tridiagonal, skew_symmetric, circulant, idempotent)),
    clause(upper_triangular(t(A)), lower_triangular(A)),
    clause(lower_triangular(t(A)), upper_triangular(A)),
    *[clause(holds(conj(w)), holds(w)) for holds in (symmetric, hermitian, psd, pd, orthogonal, unitary, invertible)],
)


def kept_by_inversion(holds: Callable[..., Any]) -> Clause:
    """A group of matrices; where there is no inverse the result is NaN, of which facts say nothing."""
    return clause(holds(inv(A)), holds(A))


inverses = (
    *map(kept_by_inversion, (symmetric, hermitian, pd, diagonal, lower_triangular, upper_triangular, unit_triangular,
                             orthogonal, unitary, permutation, skew_symmetric, circulant)),
    clause(invertible(inv(A)), invertible(A)),
    clause(lower_triangular(solve(A, B)), lower_triangular(A), lower_triangular(B)),
    clause(upper_triangular(solve(A, B)), upper_triangular(A), upper_triangular(B)),
    clause(diagonal(solve(A, B)), diagonal(A), diagonal(B)),
    clause(orthogonal(solve(A, B)), orthogonal(A), orthogonal(B)),
    clause(invertible(solve(A, B)), invertible(A), invertible(B)),
)


def kept_by_products(holds: Callable[..., Any]) -> Clause:
    """A structure that products of two such matrices have too."""
    return clause(holds(matmul(A, B)), holds(A), holds(B))


products = (
    *map(kept_by_products, (diagonal, lower_triangular, upper_triangular, orthogonal, unitary, semi_orthogonal, permutation,
                            invertible, circulant)),
    clause(psd(matmul(X, t(X)))),
    clause(psd(matmul(t(X), X))),
    clause(psd(matmul(A, t(conj(A))))),
    clause(psd(matmul(t(conj(A)), A))),
    clause(symmetric(matmul(A, t(A)))),
    clause(symmetric(matmul(t(A), A))),
    clause(pd(matmul(X, t(X))), invertible(X)),
    clause(pd(matmul(t(X), X)), invertible(X)),
    clause(symmetric(matmul(A, A)), symmetric(A)),
    clause(hermitian(matmul(A, A)), hermitian(A)),
    clause(idempotent(matmul(X, t(X))), semi_orthogonal(X)),
    clause(psd(X), idempotent(X), symmetric(X)),
)

congruences = (
    clause(symmetric(matmul(matmul(X, S), t(X))), symmetric(S)),
    clause(symmetric(matmul(matmul(t(X), S), X)), symmetric(S)),
    clause(symmetric(matmul(X, matmul(S, t(X)))), symmetric(S)),
    clause(symmetric(matmul(t(X), matmul(S, X))), symmetric(S)),
    clause(psd(matmul(matmul(X, S), t(X))), psd(S)),
    clause(psd(matmul(matmul(t(X), S), X)), psd(S)),
    clause(psd(matmul(X, matmul(S, t(X)))), psd(S)),
    clause(psd(matmul(t(X), matmul(S, X))), psd(S)),
    clause(pd(matmul(matmul(X, S), t(X))), pd(S), invertible(X)),
    clause(pd(matmul(matmul(t(X), S), X)), pd(S), invertible(X)),
    clause(skew_symmetric(matmul(matmul(X, S), t(X))), skew_symmetric(S)),
    clause(skew_symmetric(matmul(matmul(t(X), S), X)), skew_symmetric(S)),
)


def kept_by_sums(holds: Callable[..., Any]) -> Clause:
    """A linear space of matrices, or a cone: broadcasting one of two would fill it up."""
    return clause(holds(A + B), holds(A), holds(B), same_shape(A, B))


sums = (
    *map(kept_by_sums, (symmetric, hermitian, psd, pd, diagonal, lower_triangular, upper_triangular, tridiagonal,
                        skew_symmetric, circulant)),
    clause(pd(A + B), pd(A), psd(B), same_shape(A, B)),
    clause(pd(A + B), psd(A), pd(B), same_shape(A, B)),
    clause(symmetric(A + t(A)), square(A)),
    clause(skew_symmetric(A - t(A)), square(A)),
    *[clause(holds(-A), holds(A)) for holds in (symmetric, hermitian, diagonal, lower_triangular, upper_triangular, tridiagonal,
                                                orthogonal, unitary, semi_orthogonal, invertible, skew_symmetric, circulant)],
)


def kept_by_scaling(holds: Callable[..., Any]) -> Clause:
    """A structure that multiples have too."""
    return clause(holds(c * A), holds(A), finite(c))


multiples = (
    *map(kept_by_scaling, (symmetric, diagonal, lower_triangular, upper_triangular, tridiagonal, skew_symmetric, circulant)),
    clause(psd(c * X), psd(X), nonnegative(c)),
    clause(pd(c * X), pd(X), positive(c)),
    clause(invertible(c * X), invertible(X), nonzero(c)),
    clause(symmetric(X * S), symmetric(X), symmetric(S), same_shape(X, S)),
    clause(psd(X * S), psd(X), psd(S), same_shape(X, S)),  # Schur's product theorem
    clause(pd(X * S), pd(X), pd(S), same_shape(X, S)),
    clause(diagonal(X * S), diagonal(X), finite(S), same_shape(X, S)),
)

scaled = (
    *[clause(holds(s * X), scalar(s), holds(X)) for holds in (symmetric, diagonal, lower_triangular, upper_triangular,
                                                              tridiagonal, skew_symmetric, circulant)],
    clause(psd(s * X), scalar(s), nonnegative(s), psd(X)),
    clause(pd(s * X), scalar(s), positive(s), pd(X)),
    clause(invertible(s * X), scalar(s), nonzero(s), invertible(X)),
)

made = (
    clause(psd(outer(v, v))),
    clause(symmetric(outer(v, v))),
    clause(diagonal(diag(w))),
    clause(pd(diag(v)), positive(v)),
    clause(psd(diag(v)), nonnegative(v)),
    clause(invertible(diag(v)), nonzero(v), finite(v)),
    clause(permutation(eye)),
    clause(diagonal(eye)),
    clause(pd(eye)),
    clause(unit_triangular(eye)),
    clause(circulant(eye)),
    clause(idempotent(eye)),
    clause(lower_triangular(tril_(A, zero))),
    clause(upper_triangular(triu_(A, zero))),
    clause(lower_triangular(tril_(A, k)), lower_triangular(A)),
    clause(upper_triangular(triu_(A, k)), upper_triangular(A)),
)

factors = (
    clause(lower_triangular(cholesky(A))),
    clause(invertible(cholesky(A)), pd(A)),
    clause(diagonal(cholesky(A)), diagonal(A)),
    clause(semi_orthogonal(nth_(qr_(X), zero)), not_wide(X)),
    clause(upper_triangular(nth_(qr_(A), attr(1)))),
    clause(lower_triangular(solve_triangular_(A, B, attr(True), attr(False))), lower_triangular(B)),
    clause(upper_triangular(solve_triangular_(A, B, attr(False), attr(False))), upper_triangular(B)),
)

positive_diagonals = (
    clause(positive_diagonal(X), pd(X)),
    clause(positive_diagonal(X), unit_triangular(X)),
    clause(positive_diagonal(X), positive(X), square(X)),
    clause(positive_diagonal(cholesky(X))),
    clause(positive_diagonal(t(X)), positive_diagonal(X)),
    clause(positive_diagonal(diag(v)), positive(v)),
    clause(positive_diagonal(c * X), positive(c), positive_diagonal(X)),
    clause(positive_diagonal(s * X), scalar(s), positive(s), positive_diagonal(X)),
    clause(positive_diagonal(X + S), positive_diagonal(X), positive_diagonal(S), same_shape(X, S)),
    clause(positive_diagonal(X + S), positive_diagonal(X), psd(S), same_shape(X, S)),
    clause(positive_diagonal(X * S), positive_diagonal(X), positive_diagonal(S), same_shape(X, S)),
    *[law for triangular in (lower_triangular, upper_triangular) for law in (
        clause(invertible(X), triangular(X), positive_diagonal(X)),
        clause(positive_diagonal(inv(X)), triangular(X), positive_diagonal(X)),
        clause(positive_diagonal(matmul(X, S)), triangular(X), positive_diagonal(X), triangular(S), positive_diagonal(S)))],
)

structures: tuple[Clause, ...] = (*implications, *transposes, *inverses, *products, *congruences, *sums, *multiples, *scaled,
                                    *made, *factors, *positive_diagonals)
