"""Clauses that one is tempted to write, some of which stand in other packages; each is refused with numbers."""

from __future__ import annotations

import pytest

import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation, TheoryError
from relgraph.numpy import abs, cosh, exp, floor, linalg, log, matmul, maximum, minimum, sin, special, sqrt, sum, take, tanh
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.attributes import size
from relgraph.relations.predicates import (
    at_least,
    at_least_rank,
    at_most,
    between_0_1,
    chains,
    circulant,
    diagonal,
    differs,
    even,
    finite,
    greater_than,
    idempotent,
    integer,
    invertible,
    less_than,
    lower_band,
    lower_triangular,
    nonnegative,
    nonzero,
    not_wide,
    odd,
    orthogonal,
    pd,
    permutation,
    positive,
    positive_diagonal,
    psd,
    rank_at_most,
    same_shape,
    selection,
    semi_orthogonal,
    singular,
    skew_symmetric,
    split_at,
    square,
    stochastic,
    symmetric,
    toeplitz,
    tridiagonal,
    unique_indices,
    unit_triangular,
    unitary,
    upper_triangular,
)
from relgraph.relations.verify import check_clause
from relgraph.terms.linalg import nth_, qr_
from relgraph.terms.term import attr

x, y = lvars("x y")
A, B = lvars("A B", "fc")
n, m = lvars("n m", "i")
c, d = literals("c d")
axis, = attrs("axis")
t = rnp.matrix_transpose

WRONG: dict[str, Clause] = {
    "a product with zero": clause(positive(x * y), nonnegative(x), nonnegative(y)),
    "one sign for two factors": clause(nonnegative(x * y), nonnegative(x)),
    "exp overflows": clause(finite(exp(x)), finite(x)),
    "a product overflows": clause(finite(x * y), finite(x), finite(y)),
    "a sum overflows": clause(finite(x + y), finite(x), finite(y)),
    "an inverse overflows": clause(finite(1 / x), finite(x), nonzero(x)),
    "one over minus zero": clause(nonnegative(1 / x), nonnegative(x)),
    "an absolute value of zero": clause(positive(abs(x))),
    "a root of zero": clause(positive(sqrt(x)), nonnegative(x)),
    "a power of zero": clause(positive(x**c), nonnegative(x)),
    "an odd power": clause(nonnegative(x**c), integer(c)),
    "an even power of zero": clause(positive(x**c), even(c)),
    "a logarithm below one": clause(nonnegative(log(x)), positive(x)),
    "sin beyond pi": clause(nonnegative(sin(x)), nonnegative(x)),
    "floor below one": clause(positive(floor(x)), positive(x)),
    "cosh at zero": clause(greater_than(cosh(x), c), at_most(c, 1)),
    "a bound that tanh passes": clause(less_than(tanh(x), c), greater_than(c, 0)),
    "a bound that scales": clause(at_least(x * y, c), at_least(x, c), at_least(y, 1)),
    "a difference of fractions": clause(between_0_1(x - y), between_0_1(x), between_0_1(y)),
    "the sum of nothing": clause(positive(sum(x, axis)), positive(x)),
    "sums of bounds": clause(at_least(sum(x, axis), c), at_least(x, c)),
    "half a whole number": clause(integer(x / 2), integer(x)),
    "a negative power of a whole number": clause(integer(x**c), integer(x), integer(c)),
    "odd and odd": clause(odd(x + y), odd(x), odd(y)),
    "a square of an integer wraps": clause(nonnegative(n * n)),
    "a product of integers wraps": clause(positive(n * m), positive(n), positive(m)),
    "squares of integers wrap before they are added": clause(nonnegative(sum(n * n, axis))),
    "sizes of integers wrap before they are added": clause(nonnegative(sum(abs(n), axis))),
    "a product along an axis wraps to zero": clause(nonzero(rnp.prod(n, axis)), nonzero(n)),
    "the least integer has no absolute value": clause(nonnegative(abs(n))),
    "minus the least integer": clause(nonnegative(-n), at_most(n, 0)),
    "a gram matrix may be singular": clause(pd(matmul(x, t(x)))),
    "a gram matrix of a tall one": clause(pd(matmul(x, t(x))), semi_orthogonal(x)),
    "a complex gram matrix without conjugate": clause(psd(matmul(A, t(A)))),
    "a product of symmetric ones": clause(symmetric(matmul(x, y)), symmetric(x), symmetric(y)),
    "a product of definite ones": clause(pd(matmul(x, y)), pd(x), pd(y)),
    "complex Schur vectors": clause(orthogonal(A), unitary(A)),
    "orthogonal is not unitary": clause(unitary(A), orthogonal(A)),
    "complex and definite": clause(symmetric(A), psd(A)),
    "tall is not square": clause(orthogonal(x), semi_orthogonal(x)),
    "q of a wide matrix": clause(orthogonal(nth_(qr_(x), attr(0)))),
    "vectors that are orthonormal in another metric": clause(orthogonal(matmul(x, y)), invertible(x), orthogonal(y)),
    "a broadcast diagonal": clause(diagonal(x + y), diagonal(x), diagonal(y)),
    "a broadcast definite one": clause(pd(x + y), pd(x), psd(y)),
    "a broadcast triangle": clause(lower_triangular(x + y), lower_triangular(x), lower_triangular(y)),
    "a sum of invertible ones": clause(invertible(x + y), invertible(x), invertible(y)),
    "a sum of orthogonal ones": clause(orthogonal(x + y), orthogonal(x), orthogonal(y)),
    "a singular diagonal": clause(invertible(rnp.diag(x))),
    "a singular determinant": clause(positive(linalg.det(x)), psd(x)),
    "a triangle may be singular": clause(invertible(x), lower_triangular(x), square(x)),
    "an inverse is no band": clause(tridiagonal(linalg.inv(x)), tridiagonal(x)),
    "products of bands": clause(tridiagonal(matmul(x, y)), tridiagonal(x), tridiagonal(y)),
    "upper times lower": clause(unit_triangular(matmul(x, y)), unit_triangular(x), unit_triangular(y)),
    "doubled": clause(orthogonal(c * x), orthogonal(x)),
    "scaled by nothing": clause(pd(c * x), pd(x), nonnegative(c)),
    "scaled by less": clause(psd(c * x), psd(x)),
    "circulant and orthogonal": clause(symmetric(x), circulant(x), orthogonal(x)),
    "toeplitz and definite": clause(diagonal(x), toeplitz(x), pd(x)),
    "a symmetric projection": clause(diagonal(x), symmetric(x), idempotent(x)),
    "stochastic and symmetric": clause(idempotent(x), symmetric(x), stochastic(x)),
    "orthogonal without signs": clause(symmetric(x), orthogonal(x), nonnegative(x)),
    "two blocks": clause(diagonal(x), split_at(x, 1), symmetric(x)),
    "shares of nothing": clause(stochastic(rnp.special.softmax(x, attr((-1,)))), at_least_rank(x, 2)),
    "exp overflows in single precision": clause(finite(exp(x)), finite(x), at_most(x, 88.8)),
    "rows scaled apart": clause(pd(y * x), pd(x), positive(y)),
    "rows scaled apart, symmetric": clause(symmetric(y * x), symmetric(x)),
    "a product of two vectors": clause(psd(rnp.outer(x, y)), positive(x), positive(y)),
    "an orthogonal matrix permutes": clause(permutation(x), orthogonal(x)),
    "projections that do not commute": clause(idempotent(matmul(x, y)), idempotent(x), idempotent(y)),
    "an oblique projection": clause(psd(x), idempotent(x)),
    "a skew product": clause(skew_symmetric(matmul(x, y)), skew_symmetric(x), skew_symmetric(y)),
    "symmetric and circulant": clause(symmetric(x), circulant(x)),
    "taken twice": clause(unique_indices(take(n, m, axis)), unique_indices(n)),
    "sums of positions": clause(unique_indices(n + m), unique_indices(n), unique_indices(m)),
    "bounds of a product of negative ones": clause(at_least(x * y, c * d), at_least(x, c), at_least(y, d)),
    "the bound of one of two": clause(at_least(minimum(x, y), c), at_least(x, c)),
    "the larger bound of a choice": clause(at_least(rnp.where(x > y, x, y * 1), maximum(c, d)), at_least(x, c), at_least(y, d)),
    "a difference of bounds": clause(at_least(x - y, c - d), at_least(x, c), at_least(y, d)),
    "a decreasing function": clause(at_least(special.erfc(x), special.erfc(c)), at_least(x, c)),
    "an inverse about zero": clause(at_most(1 / x, 1 / c), at_least(x, c)),
    "a square of a negative bound": clause(at_least(rnp.square(x), c * c), at_least(x, c)),
    "a square from above": clause(at_most(rnp.square(x), c * c), at_most(x, c)),
    "a sum without its size": clause(at_most(sum(x, axis), c), at_most(x, c)),
    "the absolute value of a bound": clause(at_most(abs(x), abs(c)), at_most(x, c)),
    "not strictly": clause(greater_than(x + y, c + d), at_least(x, c), at_least(y, d)),
    "a number that grows": clause(at_least(x, c * 1.0000001), at_least(x, c)),
    "rounded up": clause(at_least(x, rnp.ceil(c)), at_least(x, c)),
    "the wider of two bands": clause(lower_band(matmul(x, y), maximum(c, d)), lower_band(x, c), lower_band(y, d)),
    "the narrower of two bands": clause(lower_band(x + y, minimum(c, d)), lower_band(x, c), lower_band(y, d), same_shape(x, y)),
    "a band on the other side": clause(lower_band(t(x), c), lower_band(x, c)),
    "an inverse of a band": clause(lower_band(linalg.inv(x), c), lower_band(x, c), invertible(x)),
    "a broadcast band": clause(lower_band(x + y, maximum(c, d)), lower_band(x, c), lower_band(y, d)),
    "a Kronecker product of bands": clause(lower_band(linalg.kron(x, y), c + d), lower_band(x, c), lower_band(y, d), square(y)),
    "blocks that are not square": clause(lower_band(linalg.block_diag(x, y), maximum(c, d)), lower_band(x, c),
                                         lower_band(y, d)),
    "one side of a band": clause(tridiagonal(x), lower_band(x, 1), square(x)),
    "the larger of two ranks": clause(rank_at_most(x + y, maximum(c, d)), rank_at_most(x, c), rank_at_most(y, d)),
    "a rank of all but one": clause(rank_at_most(matmul(x, y), size(x, attr((-1,))) - 1)),
    "a rank of as many as rows": clause(singular(x), square(x), rank_at_most(x, size(x, attr((-1,))))),
    "a product with a wide matrix": clause(singular(matmul(x, y)), singular(x)),
    "a sum of singular ones": clause(singular(x + y), singular(x), singular(y)),
    "a triangle of zeros beside the diagonal": clause(singular(x), lower_band(x, 0), square(x)),
    "a Toeplitz matrix is not circulant": clause(circulant(x), toeplitz(x)),
    "a product of Toeplitz matrices": clause(toeplitz(matmul(x, y)), toeplitz(x), toeplitz(y)),
    "an inverse of a Toeplitz matrix": clause(toeplitz(linalg.inv(x)), toeplitz(x), invertible(x)),
    "a lower and an upper Toeplitz matrix": clause(toeplitz(matmul(x, y)), toeplitz(x), toeplitz(y), lower_triangular(x),
                                                   rank_at_most(y, 9)),
    "columns of a selection": clause(selection(t(x)), selection(x)),
    "a square selection permutes": clause(permutation(x), selection(x), square(x)),
    "a selection of distinct columns only": clause(semi_orthogonal(x), selection(x), not_wide(x)),
    "a sum of selections": clause(selection(x + y), selection(x), selection(y), same_shape(x, y)),
    "selections side by side": clause(selection(rnp.concat([x, y], attr((-1,)))), selection(x), selection(y)),
    "probabilities are no selection": clause(selection(x), stochastic(x)),
    "columns of probabilities": clause(stochastic(t(x)), stochastic(x)),
    "a sum of probabilities": clause(stochastic(x + y), stochastic(x), stochastic(y), same_shape(x, y)),
    "an inverse of probabilities": clause(stochastic(linalg.inv(x)), stochastic(x), invertible(x)),
    "a softmax over columns": clause(stochastic(special.softmax(x, attr((-2,)))), at_least_rank(x, 2)),
    "a Kronecker product of circulant ones": clause(circulant(linalg.kron(x, y)), circulant(x), circulant(y)),
    "a Kronecker product of skew ones": clause(skew_symmetric(linalg.kron(x, y)), skew_symmetric(x), skew_symmetric(y)),
    "a Kronecker product of wide diagonals": clause(diagonal(linalg.kron(x, y)), diagonal(x), diagonal(y)),
    "minus a position": clause(unique_indices(-n), unique_indices(n)),
    "a Cholesky factor is no diagonal": clause(diagonal(linalg.cholesky(x))),
    "a Cholesky factor is lower": clause(upper_triangular(linalg.cholesky(x))),
    "a Cholesky factor is not symmetric": clause(symmetric(linalg.cholesky(x))),
    "a Cholesky factor is not definite": clause(psd(linalg.cholesky(x))),
    "a Cholesky factor below zero": clause(nonnegative(linalg.cholesky(x))),
    "a positive diagonal alone": clause(invertible(x), positive_diagonal(x)),
    "a symmetric part": clause(invertible(x + t(x)), invertible(x)),
    "exponentials of elements": clause(invertible(exp(x)), invertible(x)),
    "squares of elements": clause(invertible(x**2), invertible(x)),
    "sizes of elements": clause(invertible(abs(x)), invertible(x)),
    "the rank of a sum and of a product": clause(rank_at_most(matmul(x, y), c), rank_at_most(x + y, c)),
    "roots of elements": clause(psd(sqrt(x)), psd(x), nonnegative(x)),
    "powers of elements": clause(psd(x**c), psd(x), nonnegative(x), at_least(c, 0)),
    "sizes of elements of a definite one": clause(pd(abs(x)), pd(x)),
    "elements that are not negative": clause(psd(maximum(x, 0)), psd(x)),
    "the larger of elements": clause(psd(maximum(x, y)), psd(x), psd(y), same_shape(x, y)),
    "a positive matrix may turn": clause(positive(linalg.det(x)), positive(x), invertible(x)),
    "the diagonal of a product": clause(positive_diagonal(matmul(x, y)), pd(x), pd(y)),
    "the rank of a square": clause(rank_at_most(x, c), rank_at_most(matmul(x, x), c)),
    "a root of a symmetric matrix": clause(symmetric(x), symmetric(matmul(x, x))),
    "a root of a diagonal matrix": clause(diagonal(x), diagonal(matmul(x, x))),
    "a root of an orthogonal matrix": clause(orthogonal(x), orthogonal(matmul(x, x))),
    "a root of a triangle": clause(lower_triangular(x), lower_triangular(matmul(x, x))),
    "a root of a matrix above zero": clause(nonnegative(x), nonnegative(matmul(x, x))),
    "a definite symmetric part": clause(symmetric(x), nonzero(linalg.det(x + t(x)))),
    "one number": clause(differs(x, 0.3)),
    "one number but zero": clause(differs(x, 7), nonzero(x)),
    "one number, taken": clause(differs(take(x, n, axis), 0.3)),
    "one number, of a multiple": clause(differs(2 * x, 7.3)),
    "one number, of a square": clause(differs(x * x, 49)),
    "one number of integers": clause(differs(n, 7777)),
    "a rank of four": clause(rank_at_most(x, 4)),
    "a band of three": clause(lower_band(x, 3)),
    "a split of tridiagonal ones": clause(split_at(x, 3), tridiagonal(x)),
    "ranks of a product of elements": clause(rank_at_most(x * y, c + d), rank_at_most(x, c), rank_at_most(y, d),
                                             same_shape(x, y)),
    "a rank of squares of elements": clause(rank_at_most(x * x, c + 1), rank_at_most(x, c)),
    "an invertible factor": clause(invertible(matmul(x, y)), invertible(x)),
    "positive and wide": clause(invertible(x), positive(x)),
    "nonzero and wide": clause(invertible(x), nonzero(x)),
    "stochastic and wide": clause(invertible(x), stochastic(x)),
}

# What is true in the place of those of which it is not obvious.
RIGHT: dict[str, Clause] = {
    "a Cholesky factor is no diagonal": clause(lower_triangular(linalg.cholesky(x))),
    "a Cholesky factor is not definite": clause(positive_diagonal(linalg.cholesky(x))),
    "a positive diagonal alone": clause(invertible(x), positive_diagonal(x), lower_triangular(x)),
    "a symmetric part": clause(invertible(x + t(x)), pd(x)),
    "exponentials of elements": clause(invertible(linalg.expm(x))),
    "squares of elements": clause(invertible(matmul(x, x)), invertible(x)),
    "the rank of a sum and of a product": clause(rank_at_most(matmul(x, y), c), rank_at_most(x, c)),
    "roots of elements": clause(psd(x * x), psd(x)),
    "sizes of elements of a definite one": clause(pd(x * x), pd(x)),
    "a positive matrix may turn": clause(positive(linalg.det(x)), pd(x)),
    "the diagonal of a product": clause(positive_diagonal(x * y), pd(x), pd(y), same_shape(x, y)),
    "the rank of a square": clause(rank_at_most(matmul(x, x), c), rank_at_most(x, c)),
    "one number but zero": clause(differs(x, 0), nonzero(x)),
    "one number, of a square": clause(differs(x * x, -49)),
    "ranks of a product of elements": clause(rank_at_most(x * y, c * d), rank_at_most(x, c), rank_at_most(y, d),
                                             same_shape(x, y)),
    "an invertible factor": clause(invertible(matmul(x, y)), invertible(x), invertible(y), chains(x, y), same_shape(x, y)),
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    with pytest.raises(RefusedRelation, match=r"is false for .*\nat "):
        check_clause(WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_true_instead(name: str) -> None:
    assert name in WRONG and check_clause(RIGHT[name]).admitted > 0


def test_the_counterexample_may_be_a_matrix_that_is_not_square() -> None:
    with pytest.raises(RefusedRelation) as e:
        check_clause(WRONG["positive and wide"])
    rows = str(e.value).partition("at x = [[")[2].partition("]]")[0].split("], [")
    assert len(rows) != len(rows[0].split(","))


def test_a_head_that_is_never_defined() -> None:
    with pytest.raises(TheoryError, match="was NaN wherever numbers were found for which its premises hold"):
        check_clause(clause(nonnegative(log(x)), less_than(x, 0)))
    with pytest.raises(TheoryError, match="was NaN wherever numbers were found for which its premises hold"):
        check_clause(clause(symmetric(linalg.cholesky(x)), skew_symmetric(x)))


def test_a_number_that_is_never_computed() -> None:
    with pytest.raises(TheoryError, match="no number was computed for its head; a function without exact values"):
        check_clause(clause(at_least(exp(x) + y, exp(c) + d), at_least(x, c), at_least(y, d)))


@pytest.mark.parametrize("impossible", [
    clause(positive(y + x), positive(x), at_most(x, -1)), clause(nonzero(x), even(x), odd(x)),
    clause(symmetric(x), diagonal(x), skew_symmetric(x), invertible(x)),
], ids=str)
def test_premises_that_exclude_each_other(impossible: Clause) -> None:
    with pytest.raises(TheoryError, match="no numbers were found for which its premises hold"):
        check_clause(impossible)
