"""Clauses that one is tempted to write, some of which stand in other packages; each is refused with numbers."""

from __future__ import annotations

import pytest

import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation, TheoryError
from relgraph.numpy import abs, cosh, exp, floor, linalg, log, matmul, sin, sqrt, sum, take, tanh
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (
    at_least,
    at_most,
    between_0_1,
    circulant,
    diagonal,
    even,
    finite,
    greater_than,
    idempotent,
    integer,
    invertible,
    less_than,
    lower_triangular,
    nonnegative,
    nonzero,
    odd,
    orthogonal,
    pd,
    permutation,
    positive,
    psd,
    semi_orthogonal,
    skew_symmetric,
    square,
    symmetric,
    tridiagonal,
    unique_indices,
    unit_triangular,
    unitary,
)
from relgraph.relations.verify import check_clause
from relgraph.terms.linalg import nth_, qr_
from relgraph.terms.term import attr

x, y = lvars("x y")
A, B = lvars("A B", "fc")
n, m = lvars("n m", "i")
c, = literals("c")
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
    "minus a position": clause(unique_indices(-n), unique_indices(n)),
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    with pytest.raises(RefusedRelation, match=r"is false for .*\nat "):
        check_clause(WRONG[name])


@pytest.mark.parametrize("impossible", [
    clause(positive(y + x), positive(x), at_most(x, -1)), clause(nonzero(x), even(x), odd(x)),
    clause(symmetric(x), diagonal(x), skew_symmetric(x), invertible(x)),
], ids=str)
def test_premises_that_exclude_each_other(impossible: Clause) -> None:
    with pytest.raises(TheoryError, match="no numbers were found for which its premises hold"):
        check_clause(impossible)
