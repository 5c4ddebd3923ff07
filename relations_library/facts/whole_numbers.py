"""Whole numbers, numbers that are finite in floats, and integers that are distinct."""

from __future__ import annotations

from relgraph.numpy import (abs, arctan, ceil, cos, cosh, exp, expand_dims, expm1, floor, log, log1p, permute_dims, prod,
                            reshape, sigmoid, sign, sin, sinh, softplus, special, sqrt, square, squeeze, sum, take, tanh)
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (at_least, at_most, even, finite, in_range, integer, less_than, nonnegative,
                                           nonpositive, odd, positive, unique_indices)
from relgraph.terms.elementwise import astype_
from relgraph.terms.structure import arange_, dim

x, y = lvars("x y")
n, m = lvars("n m", "iu")
k, = lvars("k", "biu")
b, = lvars("b", "b")
c, = literals("c")
axis, axes, shape, dtype, size = attrs("axis axes shape dtype size")
erf, erfc, softmax = special.erf, special.erfc, special.softmax

wholes: tuple[Clause, ...] = (
    clause(integer(k)),
    clause(nonnegative(dim(size))),
    *[clause(holds(astype_(n, d)), holds(n)) for holds in (nonnegative, positive) for d in ("float32", "float64")],
    clause(integer(x), even(x)),
    clause(integer(x), odd(x)),
    clause(integer(floor(x))),
    clause(integer(ceil(x))),
    clause(integer(sign(x))),
    clause(integer(-x), integer(x)),
    clause(integer(abs(x)), integer(x)),
    clause(integer(x + y), integer(x), integer(y)),
    clause(integer(x * y), integer(x), integer(y)),
    clause(integer(x**c), integer(x), integer(c), nonnegative(c)),
    clause(integer(square(x)), integer(x)),
    clause(integer(sum(x, axis)), integer(x)),
    clause(integer(prod(x, axis)), integer(x)),
    clause(even(-x), even(x)),
    clause(even(abs(x)), even(x)),
    clause(even(x + y), even(x), even(y)),
    clause(even(x + y), odd(x), odd(y)),
    clause(even(x * y), even(x), integer(y)),
    clause(even(x * y), integer(x), even(y)),
    clause(even(sum(x, axis)), even(x)),
    clause(odd(-x), odd(x)),
    clause(odd(abs(x)), odd(x)),
    clause(odd(x + y), odd(x), even(y)),
    clause(odd(x + y), even(x), odd(y)),
    clause(odd(x * y), odd(x), odd(y)),
    clause(odd(prod(x, axis)), odd(x)),
)

finiteness: tuple[Clause, ...] = (
    clause(finite(k)),
    clause(finite(-x), finite(x)),
    clause(finite(abs(x)), finite(x)),
    clause(finite(1 / x), finite(x), at_least(x, 1)),
    clause(finite(1 / x), finite(x), at_most(x, -1)),
    clause(finite(sign(x)), finite(x)),
    clause(finite(floor(x)), finite(x)),
    clause(finite(ceil(x)), finite(x)),
    clause(finite(sin(x)), finite(x)),
    clause(finite(cos(x)), finite(x)),
    clause(finite(tanh(x)), finite(x)),
    clause(finite(arctan(x)), finite(x)),
    clause(finite(erf(x)), finite(x)),
    clause(finite(erfc(x)), finite(x)),
    clause(finite(sigmoid(x)), finite(x)),
    clause(finite(softplus(x)), finite(x)),
    clause(finite(sqrt(x)), finite(x), nonnegative(x)),
    clause(finite(log(x)), finite(x), positive(x)),
    clause(finite(log1p(x)), finite(x), nonnegative(x)),
    clause(finite(exp(x)), finite(x), nonpositive(x)),
    clause(finite(exp(x)), finite(x), at_most(x, 80)),
    clause(finite(expm1(x)), finite(x), at_most(x, 80)),
    clause(finite(sinh(x)), finite(x), at_most(x, 80), at_least(x, -80)),
    clause(finite(cosh(x)), finite(x), at_most(x, 80), at_least(x, -80)),
    clause(finite(1 / x), finite(x), at_least(x, 1e-30)),
    clause(finite(x + y), finite(x), finite(y), nonnegative(x), nonpositive(y)),
    clause(finite(x * y), finite(x), finite(y), at_most(y, 1), at_least(y, -1)),
    clause(finite(softmax(x, axis)), finite(x)),
)

positions: tuple[Clause, ...] = (
    clause(unique_indices(arange_(size))),
    clause(unique_indices(reshape(n, shape)), unique_indices(n)),
    clause(unique_indices(permute_dims(n, axes)), unique_indices(n)),
    clause(unique_indices(expand_dims(n, axis)), unique_indices(n)),
    clause(unique_indices(squeeze(n, axis)), unique_indices(n)),
    clause(unique_indices(take(n, m, axis)), unique_indices(n), unique_indices(m)),
    clause(nonnegative(n), unique_indices(n)),
    clause(in_range(n, c), at_least(n, -c), less_than(n, c)),
)
