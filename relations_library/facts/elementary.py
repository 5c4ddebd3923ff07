"""Signs: positive, negative, nonnegative, nonpositive, nonzero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.numpy import (abs, arctan, cosh, exp, expm1, floor, linalg, log, log1p, log2, log10, logaddexp, matmul, matvec,
                            maximum, mean, minimum, prod, sign, sinh, special, sqrt, square, sum, tanh)
from relgraph.numpy import sigmoid, softplus
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (at_least, at_most, even, greater_than, integer, invertible, less_than,
                                           lower_triangular, negative, nonempty, nonnegative, nonpositive, nonzero, odd, pd,
                                           positive, positive_diagonal, psd, unit_triangular, upper_triangular)
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.linalg import vecmat_ as vecmat

x, y = lvars("x y")
u, = lvars("u", "bu")
c, = literals("c")
axis, = attrs("axis")
det, trace, diagonal = linalg.det, linalg.trace, linalg.diagonal
erf, erfc, gammaln, log1mexp = special.erf, special.erfc, special.gammaln, special.log1mexp
logsumexp, softmax = special.logsumexp, special.softmax

implications = (
    clause(nonnegative(x), positive(x)),
    clause(nonpositive(x), negative(x)),
    clause(nonzero(x), positive(x)),
    clause(nonzero(x), negative(x)),
    clause(nonzero(x), odd(x)),
    clause(nonnegative(u)),
    clause(positive(x), greater_than(x, 0)),
    clause(nonnegative(x), at_least(x, 0)),
    clause(negative(x), less_than(x, 0)),
    clause(nonpositive(x), at_most(x, 0)),
)

sums = (
    clause(positive(x + y), positive(x), nonnegative(y)),
    clause(positive(x + y), nonnegative(x), positive(y)),
    clause(negative(x + y), negative(x), nonpositive(y)),
    clause(negative(x + y), nonpositive(x), negative(y)),
    clause(nonnegative(x + y), nonnegative(x), nonnegative(y)),
    clause(nonpositive(x + y), nonpositive(x), nonpositive(y)),
    clause(negative(-x), positive(x)),
    clause(positive(-x), negative(x)),
    clause(nonpositive(-x), nonnegative(x)),
    clause(nonnegative(-x), nonpositive(x)),
    clause(nonzero(-x), nonzero(x)),
    clause(nonnegative(x + c), at_least(x, -c)),
    clause(nonpositive(x + c), at_most(x, -c)),
    clause(positive(x + c), greater_than(x, -c)),
    clause(negative(x + c), less_than(x, -c)),
)

products = (
    clause(positive(x * y), positive(x), positive(y)),
    clause(positive(x * y), negative(x), negative(y)),
    clause(negative(x * y), negative(x), positive(y)),
    clause(nonnegative(x * y), nonnegative(x), nonnegative(y)),
    clause(nonnegative(x * y), nonpositive(x), nonpositive(y)),
    clause(nonpositive(x * y), nonpositive(x), nonnegative(y)),
    clause(nonzero(x * y), nonzero(x), nonzero(y)),
    clause(nonnegative(x * x)),
    clause(nonnegative(x * x * y), nonnegative(y)),
    clause(nonpositive(x * x * y), nonpositive(y)),
    clause(positive(x * x), nonzero(x)),
    clause(positive(1 / x), positive(x)),
    clause(negative(1 / x), negative(x)),
    clause(nonzero(1 / x), nonzero(x)),
)

powers = (
    clause(positive(x**c), positive(x)),
    clause(nonnegative(x**c), nonnegative(x), positive(c)),  # not of 1/x: -0.0 is no less than zero, its inverse is
    clause(nonnegative(x**c), even(c)),
    clause(positive(x**c), even(c), nonzero(x)),
    clause(negative(x**c), odd(c), negative(x)),
    clause(nonpositive(x**c), odd(c), positive(c), nonpositive(x)),
    clause(nonzero(x**c), integer(c), nonzero(x)),
    clause(positive(x**y), positive(x)),
    clause(nonnegative(square(x))),
    clause(positive(square(x)), nonzero(x)),
    clause(nonnegative(sqrt(x))),
    clause(positive(sqrt(x)), positive(x)),
)

functions = (
    clause(positive(exp(x))),
    clause(positive(cosh(x))),
    clause(positive(softplus(x))),
    clause(positive(sigmoid(x))),
    clause(positive(erfc(x))),
    clause(nonnegative(abs(x))),
    clause(positive(abs(x)), nonzero(x)),
    clause(positive(expm1(x)), positive(x)),
    clause(negative(expm1(x)), negative(x)),
    clause(nonnegative(expm1(x)), nonnegative(x)),
    clause(nonpositive(expm1(x)), nonpositive(x)),
    clause(positive(log1p(x)), positive(x)),
    clause(negative(log1p(x)), negative(x)),
    clause(nonnegative(log1p(x)), nonnegative(x)),
    clause(nonpositive(log1p(x)), nonpositive(x)),
    clause(nonpositive(log(x)), at_most(x, 1)),
    clause(nonnegative(log(x)), at_least(x, 1)),
    clause(positive(log(x)), greater_than(x, 1)),
    clause(negative(log(x)), less_than(x, 1)),
    clause(nonpositive(log2(x)), at_most(x, 1)),
    clause(nonnegative(log2(x)), at_least(x, 1)),
    clause(nonpositive(log10(x)), at_most(x, 1)),
    clause(nonnegative(log10(x)), at_least(x, 1)),
    clause(nonnegative(floor(x)), nonnegative(x)),
    clause(negative(floor(x)), negative(x)),
    clause(nonnegative(logaddexp(x, y)), nonnegative(x)),
    clause(nonnegative(logaddexp(x, y)), nonnegative(y)),
    clause(positive(gammaln(x)), greater_than(x, 2)),
    clause(negative(log1mexp(x))),
)


def odd_function(f: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """An increasing function through zero has the sign of its operand."""
    return (clause(positive(f(x)), positive(x)), clause(negative(f(x)), negative(x)),
            clause(nonnegative(f(x)), nonnegative(x)), clause(nonpositive(f(x)), nonpositive(x)),
            clause(nonzero(f(x)), nonzero(x)))


odd_functions = tuple(law for f in (sinh, tanh, arctan, erf, sign) for law in odd_function(f))

extrema = (
    clause(positive(maximum(x, y)), positive(x)),
    clause(positive(maximum(x, y)), positive(y)),
    clause(nonnegative(maximum(x, y)), nonnegative(x)),
    clause(nonnegative(maximum(x, y)), nonnegative(y)),
    clause(negative(minimum(x, y)), negative(x)),
    clause(negative(minimum(x, y)), negative(y)),
    clause(nonpositive(minimum(x, y)), nonpositive(x)),
    clause(nonpositive(minimum(x, y)), nonpositive(y)),
)

reductions = (
    clause(nonnegative(sum(x, axis)), nonnegative(x)),
    clause(nonpositive(sum(x, axis)), nonpositive(x)),
    clause(positive(sum(x, axis)), positive(x), nonempty(x)),  # the sum of nothing is zero
    clause(negative(sum(x, axis)), negative(x), nonempty(x)),
    clause(positive(mean(x, axis)), positive(x)),
    clause(negative(mean(x, axis)), negative(x)),
    clause(nonnegative(mean(x, axis)), nonnegative(x)),
    clause(nonpositive(mean(x, axis)), nonpositive(x)),
    clause(positive(prod(x, axis)), positive(x)),
    clause(nonnegative(prod(x, axis)), nonnegative(x)),
    clause(nonzero(prod(x, axis)), nonzero(x)),
    clause(nonnegative(logsumexp(x, axis)), nonnegative(x), nonempty(x)),
    clause(positive(softmax(x, axis))),
    clause(nonnegative(vecdot(x, x))),
    *[clause(nonnegative(product(x, y)), nonnegative(x), nonnegative(y)) for product in (vecdot, matmul, matvec, vecmat)],
)

of_matrices = (
    clause(positive(det(x)), pd(x)),
    clause(nonnegative(det(x)), psd(x)),
    clause(positive(det(x)), unit_triangular(x)),
    clause(positive(det(x)), lower_triangular(x), positive_diagonal(x)),
    clause(positive(det(x)), upper_triangular(x), positive_diagonal(x)),
    clause(positive(det(linalg.expm(x)))),
    clause(nonzero(det(x)), invertible(x)),
    clause(nonnegative(trace(x)), psd(x)),
    clause(positive(trace(x)), pd(x), nonempty(x)),
    clause(nonnegative(diagonal(x)), psd(x)),
    clause(positive(diagonal(x)), positive_diagonal(x)),
    clause(positive(linalg.slogdet(x)[0]), pd(x)),
    clause(nonnegative(trace(x)), nonnegative(x)),
)

elementary_signs: tuple[Clause, ...] = (*implications, *sums, *products, *powers, *functions, *odd_functions, *extrema,
                                          *reductions, *of_matrices)
