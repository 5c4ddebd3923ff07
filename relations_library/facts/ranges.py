"""Bounds: between_0_1, and the best number for which at_least, at_most, greater_than, less_than hold: interval arithmetic.

A bound of a function is that of its operand with the function applied, rounded outwards; where the value is a whole number
(``exp(0)``) a clause of its own says so exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.numpy import (abs, arctan, ceil, concat, cos, cosh, exp, exp2, expm1, floor, log, log1p, log2, log10, logaddexp,
                            maximum, mean, minimum, prod, sigmoid, sign, sin, sinh, softplus, special, sqrt, square, sum, tanh,
                            where)
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.attributes import size
from relgraph.relations.predicates import (above_minus_1, at_least, at_least_1, at_most, between_0_1, between_minus_1_1,
                                           greater_than, inside_0_1, inside_minus_1_1, integer, less_than, negative, nonempty,
                                           nonnegative, nonpositive, positive)

x, y = lvars("x y")
r, = lvars("r", "iuf")
b, = lvars("b", "b")
c, d, e, f = literals("c d e f")
axis, = attrs("axis")
erf, erfc, softmax, logsumexp = special.erf, special.erfc, special.softmax, special.logsumexp

between = (
    clause(nonnegative(x), between_0_1(x)),
    clause(between_0_1(x), nonnegative(x), at_most(x, 1)),
    clause(between_0_1(x), at_least(x, 0), at_most(x, 1)),
    clause(between_0_1(b)),
    clause(between_0_1(sigmoid(x))),
    clause(between_0_1(1 - x), between_0_1(x)),
    clause(between_0_1(x * y), between_0_1(x), between_0_1(y)),
    clause(between_0_1(x**c), between_0_1(x), nonnegative(c)),
    clause(between_0_1(sqrt(x)), between_0_1(x)),
    clause(between_0_1(square(x)), between_0_1(x)),
    clause(between_0_1(exp(x)), nonpositive(x)),
    clause(between_0_1(tanh(x)), nonnegative(x)),
    clause(between_0_1(erf(x)), nonnegative(x)),
    clause(between_0_1(erfc(x)), nonnegative(x)),
    clause(between_0_1(1 / x), at_least(x, 1)),
    clause(between_0_1(abs(sin(x)))),
    clause(between_0_1(abs(cos(x)))),
    clause(between_0_1(abs(tanh(x)))),
    clause(between_0_1(abs(erf(x)))),
    clause(between_0_1(abs(sign(x)))),
    clause(between_0_1(sin(x)**2)),
    clause(between_0_1(cos(x)**2)),
    clause(between_0_1(tanh(x)**2)),
    clause(between_0_1(softmax(x, axis))),
    clause(between_0_1(mean(x, axis)), between_0_1(x)),
    clause(between_0_1(prod(x, axis)), between_0_1(x)),
)

implications = (
    clause(at_least(x, c), greater_than(x, c)),
    clause(at_most(x, c), less_than(x, c)),
    clause(greater_than(r, c), at_least(r, d), greater_than(d, c)),
    clause(less_than(x, c), at_most(x, d), less_than(d, c)),
    clause(at_least(r, 0), nonnegative(r)),
    clause(at_most(x, 0), nonpositive(x)),
    clause(greater_than(x, 0), positive(x)),
    clause(less_than(x, 0), negative(x)),
    clause(at_most(x, 1), between_0_1(x)),
    clause(less_than(x, 1), inside_0_1(x)),
    clause(at_least(x, -1), between_minus_1_1(x)),
    clause(at_most(x, 1), between_minus_1_1(x)),
    clause(less_than(x, 1), inside_minus_1_1(x)),
    clause(greater_than(x, -1), above_minus_1(x)),
    clause(at_least(x, 1), at_least_1(x)),
    clause(at_least(x, floor(c) + 1), integer(x), greater_than(x, c)),
    clause(at_most(x, ceil(c) - 1), integer(x), less_than(x, c)),
)


def extreme(of: Callable[..., Any]) -> Any:
    """Of the products of two intervals' ends, [c, d] and [e, f], the least or the largest."""
    return of(of(c * e, c * f), of(d * e, d * f))


arithmetic = (
    clause(at_least(-x, -c), at_most(x, c)),
    clause(at_most(-x, -c), at_least(x, c)),
    clause(greater_than(-x, -c), less_than(x, c)),
    clause(less_than(-x, -c), greater_than(x, c)),
    clause(at_least(x + y, c + d), at_least(x, c), at_least(y, d)),
    clause(at_most(x + y, c + d), at_most(x, c), at_most(y, d)),
    clause(greater_than(x + y, c + d), greater_than(x, c), at_least(y, d)),
    clause(less_than(x + y, c + d), less_than(x, c), at_most(y, d)),
    clause(at_least(c * x, c * d), nonnegative(c), at_least(x, d)),
    clause(at_most(c * x, c * d), nonnegative(c), at_most(x, d)),
    clause(greater_than(c * x, c * d), positive(c), greater_than(x, d)),
    clause(less_than(c * x, c * d), positive(c), less_than(x, d)),
    clause(at_least(x * y, c * d), at_least(x, c), at_least(y, d), nonnegative(c), nonnegative(d)),
    clause(greater_than(x * y, c * d), greater_than(x, c), greater_than(y, d), nonnegative(c), nonnegative(d)),
    clause(at_most(x * y, c * d), nonnegative(x), nonnegative(y), at_most(x, c), at_most(y, d)),
    clause(at_least(x * y, extreme(minimum)), at_least(x, c), at_most(x, d), at_least(y, e), at_most(y, f)),
    clause(at_most(x * y, extreme(maximum)), at_least(x, c), at_most(x, d), at_least(y, e), at_most(y, f)),
    clause(at_least(1 / x, 1 / c), positive(x), at_most(x, c)),
    clause(at_most(1 / x, 1 / c), at_least(x, c), positive(c)),
    clause(at_least(abs(x), c), at_least(x, c)),
    clause(at_least(abs(x), -c), at_most(x, c)),
    clause(at_most(abs(x), maximum(c, -d)), at_most(x, c), at_least(x, d)),
    clause(less_than(abs(x), maximum(c, -d)), less_than(x, c), greater_than(x, d)),
    clause(at_least(square(x), c * c), at_least(x, c), nonnegative(c)),
    clause(at_least(square(x), c * c), at_most(x, c), nonpositive(c)),
    clause(greater_than(square(x), c * c), greater_than(x, c), nonnegative(c)),
    clause(at_most(square(x), maximum(c * c, d * d)), at_most(x, c), at_least(x, d)),
    clause(at_least(x**c, d**c), nonnegative(c), at_least(x, d), nonnegative(d)),
    clause(at_most(x**c, d**c), nonnegative(c), nonnegative(x), at_most(x, d)),
)


def increasing(g: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """A function that keeps order."""
    return clause(at_least(g(x), g(c)), at_least(x, c)), clause(at_most(g(x), g(c)), at_most(x, c))


monotone = (
    *[law for g in (exp, exp2, expm1, log, log1p, log2, log10, sqrt, sinh, tanh, arctan, sigmoid, softplus, erf, floor, ceil)
      for law in increasing(g)],
    clause(at_least(erfc(x), erfc(c)), at_most(x, c)),
    clause(at_most(erfc(x), erfc(c)), at_least(x, c)),
)

functions = (
    clause(at_least(exp(x), 1), nonnegative(x)),
    clause(at_most(exp(x), 1), nonpositive(x)),
    clause(greater_than(exp(x), 1), positive(x)),
    clause(less_than(exp(x), 1), negative(x)),
    clause(at_least(sqrt(x), 1), at_least(x, 1)),
    clause(at_most(sqrt(x), 1), at_most(x, 1)),
    clause(greater_than(expm1(x), -1)),
    clause(at_least(cosh(x), 1)),
    clause(less_than(sigmoid(x), 1)),
    clause(greater_than(softplus(x), c), greater_than(x, c)),
    clause(at_least(softplus(x), c), at_least(x, c)),
    clause(at_least(logaddexp(x, y), c), at_least(x, c)),
    clause(at_least(logaddexp(x, y), c), at_least(y, c)),
    clause(less_than(arctan(x), 1.5708)),
    clause(greater_than(arctan(x), -1.5708)),
    clause(less_than(erfc(x), 2)),
)


def within_one(g: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """A function with values in [-1, 1]."""
    return clause(at_most(g(x), 1)), clause(at_least(g(x), -1))


def inside_one(g: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """A function with values in (-1, 1)."""
    return clause(less_than(g(x), 1)), clause(greater_than(g(x), -1))


in_the_unit_interval = (*[law for g in (sin, cos, sign) for law in within_one(g)],
                        *[law for g in (tanh, erf) for law in inside_one(g)])


def one_of(lower: Callable[..., Any], upper: Callable[..., Any]) -> tuple[Clause, ...]:
    """Bounds of what is an element of one of two arrays, of the larger elements, of the smaller ones."""
    either = (where(b, x, y), concat([x, y], axis))
    return (*[clause(lower(t, minimum(c, d)), lower(x, c), lower(y, d)) for t in (minimum(x, y), *either)],
            *[clause(upper(t, maximum(c, d)), upper(x, c), upper(y, d)) for t in (maximum(x, y), *either)],
            *[clause(lower(maximum(x, y), c), lower(v, c)) for v in (x, y)],
            *[clause(upper(minimum(x, y), c), upper(v, c)) for v in (x, y)])


extrema = (
    *one_of(at_least, at_most),
    *one_of(greater_than, less_than),
    clause(between_0_1(minimum(x, y)), between_0_1(x), nonnegative(y)),
    clause(between_0_1(minimum(x, y)), between_0_1(y), nonnegative(x)),
    clause(between_0_1(maximum(x, y)), between_0_1(x), at_most(y, 1)),
    clause(between_0_1(maximum(x, y)), between_0_1(y), at_most(x, 1)),
)

reductions = (
    clause(at_least(mean(x, axis), c), at_least(x, c)),
    clause(at_most(mean(x, axis), c), at_most(x, c)),
    clause(at_least(sum(x, axis), size(x, axis) * c), at_least(x, c)),
    clause(at_most(sum(x, axis), size(x, axis) * c), at_most(x, c)),
    clause(at_least(logsumexp(x, axis), c), at_least(x, c), nonempty(x)),
)

bounds: tuple[Clause, ...] = (*between, *implications, *arithmetic, *monotone, *functions, *in_the_unit_interval, *extrema,
                              *reductions)
