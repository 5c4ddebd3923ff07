"""What can be proved about terms: signs, ranges, structure of matrices."""

from __future__ import annotations

from relgraph.numpy import (abs, arccosh, cos, cosh, exp, exp2, hypot, matmul, matrix_transpose, maximum, minimum, sigmoid,
                            sin, softplus, special, sqrt, square, tanh)
from relgraph.numpy import diag as diag_matrix
from relgraph.numpy import linalg
from relgraph.numpy import max as max_
from relgraph.numpy import min as min_
from relgraph.numpy import sum as sum_
from relgraph.relations import attrs, clause, literals, lvars
from relgraph.relations.predicates import (above_minus_1, at_least_1, between_0_1, between_minus_1_1, inside_0_1,
                                           inside_minus_1_1, diagonal, hermitian, invertible, lower_triangular, negative,
                                           nonnegative, nonpositive, nonzero, pd, positive, psd, symmetric,
                                           upper_triangular)
from relgraph.relations.predicates import square as square_matrix

x, y, z = lvars("x y z")
c, = literals("c")
axis, = attrs("axis")

signs = (
    clause(positive(exp(x))), clause(positive(cosh(x))),
    clause(positive(softplus(x))), clause(positive(sigmoid(x))),
    clause(positive(x + y), positive(x), nonnegative(y)), clause(positive(x + y), nonnegative(x), positive(y)),
    clause(positive(x * y), positive(x), positive(y)), clause(positive(1 / x), positive(x)),
    clause(positive(x**c), positive(x)), clause(positive(sqrt(x)), positive(x)), clause(positive(abs(x)), nonzero(x)),
    clause(positive(maximum(x, y)), positive(x)), clause(positive(maximum(x, y)), positive(y)),
    clause(positive(minimum(x, y)), positive(x), positive(y)),
    clause(nonnegative(x), positive(x)), clause(nonnegative(abs(x))), clause(nonnegative(square(x))),
    clause(nonnegative(x**2)), clause(nonnegative(x**4)), clause(nonnegative(sqrt(x))), clause(nonnegative(x * x)),
    clause(nonnegative(x + y), nonnegative(x), nonnegative(y)), clause(nonnegative(x * y), nonnegative(x), nonnegative(y)),
    clause(nonnegative(x**c), nonnegative(x), positive(c)),  # not of 1/x: -0.0 is no less than zero, its inverse is
    clause(nonnegative(sum_(x, axis)), nonnegative(x)), clause(nonnegative(max_(x, axis)), nonnegative(x)),
    clause(nonnegative(min_(x, axis)), nonnegative(x)),
    clause(negative(-x), positive(x)), clause(positive(-x), negative(x)),
    clause(nonpositive(-x), nonnegative(x)), clause(nonnegative(-x), nonpositive(x)), clause(nonpositive(x), negative(x)),
    clause(nonzero(x), positive(x)), clause(nonzero(x), negative(x)), clause(nonzero(-x), nonzero(x)),
    clause(nonzero(1 / x), nonzero(x)),
    clause(between_0_1(sigmoid(x))), clause(between_0_1(1 - x), between_0_1(x)),
    clause(between_0_1(x * y), between_0_1(x), between_0_1(y)), clause(nonnegative(x), between_0_1(x)),
    clause(between_minus_1_1(sin(x))), clause(between_minus_1_1(cos(x))), clause(between_minus_1_1(tanh(x))),
    clause(between_minus_1_1(special.erf(x))), clause(between_minus_1_1(x), between_0_1(x)),
    clause(between_minus_1_1(x), inside_minus_1_1(x)), clause(inside_minus_1_1(x), inside_0_1(x)),
    clause(between_0_1(x), inside_0_1(x)), clause(positive(x), inside_0_1(x)), clause(above_minus_1(x), inside_minus_1_1(x)),
    clause(above_minus_1(x), nonnegative(x)), clause(at_least_1(cosh(x))), clause(at_least_1(1 + x), nonnegative(x)),
    clause(positive(x), at_least_1(x)),
    clause(positive(special.erfc(x))), clause(positive(special.erfcx(x))), clause(positive(exp2(x))),
    clause(nonnegative(hypot(x, y))), clause(nonnegative(arccosh(x))),
)

matrices = (
    clause(psd(x), pd(x)), clause(symmetric(x), psd(x)), clause(hermitian(x), psd(x)), clause(invertible(x), pd(x)),
    clause(symmetric(x), diagonal(x), square_matrix(x)), clause(lower_triangular(x), diagonal(x)),
    clause(upper_triangular(x), diagonal(x)),
    clause(diagonal(diag_matrix(x))), clause(lower_triangular(linalg.cholesky(x))),
    clause(symmetric(matrix_transpose(x)), symmetric(x)), clause(psd(matrix_transpose(x)), psd(x)),
    clause(pd(matrix_transpose(x)), pd(x)),
    clause(upper_triangular(matrix_transpose(x)), lower_triangular(x)),
    clause(lower_triangular(matrix_transpose(x)), upper_triangular(x)),
    clause(positive(linalg.det(x)), pd(x)), clause(nonzero(linalg.det(x)), invertible(x)),
    clause(symmetric(linalg.inv(x)), symmetric(x)), clause(pd(linalg.inv(x)), pd(x)),
    clause(lower_triangular(matmul(x, y)), lower_triangular(x), lower_triangular(y)),
    clause(upper_triangular(matmul(x, y)), upper_triangular(x), upper_triangular(y)),
    clause(symmetric(matmul(x, matrix_transpose(x)))), clause(psd(matmul(x, matrix_transpose(x)))),
    clause(psd(matmul(matrix_transpose(x), x))),
)
