"""Bounds: between_0_1, and at_least, at_most, greater_than, less_than of a number ``c`` that the question names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.numpy import (abs, arctan, ceil, cos, cosh, exp, expm1, floor, log1p, logaddexp, maximum, mean, minimum, prod,
                            sigmoid, sign, sin, softplus, special, sqrt, square, sum, tanh)
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (at_least, at_most, between_0_1, greater_than, less_than, negative, nonempty,
                                           nonnegative, nonpositive, positive)

x, y = lvars("x y")
r, = lvars("r", "iuf")
b, = lvars("b", "b")
c, d = literals("c d")
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
    clause(at_least(x, c), positive(x), nonpositive(c)),
    clause(at_least(x, c), nonnegative(x), nonpositive(c)),
    clause(at_most(x, c), negative(x), nonnegative(c)),
    clause(at_most(x, c), nonpositive(x), nonnegative(c)),
    clause(greater_than(x, c), positive(x), nonpositive(c)),
    clause(greater_than(r, c), nonnegative(r), negative(c)),
    clause(less_than(x, c), negative(x), nonnegative(c)),
    clause(less_than(x, c), nonpositive(x), positive(c)),
    clause(at_most(x, c), between_0_1(x), at_least(c, 1)),
    clause(less_than(x, c), between_0_1(x), greater_than(c, 1)),
)

arithmetic = (
    clause(at_least(-x, c), at_most(x, -c)),
    clause(at_most(-x, c), at_least(x, -c)),
    clause(greater_than(-x, c), less_than(x, -c)),
    clause(less_than(-x, c), greater_than(x, -c)),
    clause(at_least(x + y, c), at_least(x, c), nonnegative(y)),
    clause(at_most(x + y, c), at_most(x, c), nonpositive(y)),
    clause(greater_than(x + y, c), greater_than(x, c), nonnegative(y)),
    clause(greater_than(x + y, c), at_least(x, c), positive(y)),
    clause(less_than(x + y, c), less_than(x, c), nonpositive(y)),
    clause(less_than(x + y, c), at_most(x, c), negative(y)),
    clause(at_least(x * y, c), at_least(x, c), at_least(y, 1), nonnegative(x)),
    clause(at_most(x * y, c), at_most(x, c), between_0_1(y), nonnegative(c)),
    clause(at_least(1 / x, c), positive(x), at_most(x, 1), at_most(c, 1)),
    clause(at_most(1 / x, c), at_least(x, 1), at_least(c, 1)),
    clause(at_least(abs(x), c), at_least(x, c)),
    clause(at_least(abs(x), c), at_most(x, -c)),
    clause(at_most(abs(x), c), at_most(x, c), at_least(x, -c)),
    clause(at_least(square(x), c), at_least(x, 1), at_least(x, c)),
    clause(at_least(sqrt(x), c), at_least(x, 1), at_most(c, 1)),
    clause(at_most(sqrt(x), c), at_most(x, 1), at_least(c, 1)),
)

functions = (
    clause(at_least(exp(x), c), nonnegative(x), at_most(c, 1)),
    clause(at_most(exp(x), c), nonpositive(x), at_least(c, 1)),
    clause(greater_than(exp(x), c), positive(x), at_most(c, 1)),
    clause(less_than(exp(x), c), negative(x), at_least(c, 1)),
    clause(greater_than(expm1(x), c), at_most(c, -1)),
    clause(at_least(cosh(x), c), at_most(c, 1)),
    clause(less_than(sigmoid(x), c), at_least(c, 1)),
    clause(greater_than(softplus(x), c), greater_than(x, c)),
    clause(at_least(softplus(x), c), at_least(x, c)),
    clause(at_least(logaddexp(x, y), c), at_least(x, c)),
    clause(at_least(logaddexp(x, y), c), at_least(y, c)),
    clause(at_least(floor(x), c), at_least(x, 1), at_most(c, 1)),
    clause(at_most(floor(x), c), at_most(x, c)),
    clause(at_least(ceil(x), c), at_least(x, c)),
    clause(at_most(log1p(x), c), at_most(x, c), nonnegative(c)),
    clause(less_than(arctan(x), c), at_least(c, 1.5708)),
    clause(greater_than(arctan(x), c), at_most(c, -1.5708)),
    clause(less_than(erfc(x), c), at_least(c, 2)),
)


def within_one(f: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """A function with values in [-1, 1]."""
    return clause(at_most(f(x), c), at_least(c, 1)), clause(at_least(f(x), c), at_most(c, -1))


def inside_one(f: Callable[[Any], Any]) -> tuple[Clause, ...]:
    """A function with values in (-1, 1)."""
    return clause(less_than(f(x), c), at_least(c, 1)), clause(greater_than(f(x), c), at_most(c, -1))


in_the_unit_interval = (*[law for f in (sin, cos, sign) for law in within_one(f)],
                        *[law for f in (tanh, erf) for law in inside_one(f)])

extrema = (
    clause(at_least(maximum(x, y), c), at_least(x, c)),
    clause(at_least(maximum(x, y), c), at_least(y, c)),
    clause(at_most(minimum(x, y), c), at_most(x, c)),
    clause(at_most(minimum(x, y), c), at_most(y, c)),
    clause(greater_than(maximum(x, y), c), greater_than(x, c)),
    clause(greater_than(maximum(x, y), c), greater_than(y, c)),
    clause(less_than(minimum(x, y), c), less_than(x, c)),
    clause(less_than(minimum(x, y), c), less_than(y, c)),
    clause(between_0_1(minimum(x, y)), between_0_1(x), nonnegative(y)),
    clause(between_0_1(minimum(x, y)), between_0_1(y), nonnegative(x)),
    clause(between_0_1(maximum(x, y)), between_0_1(x), at_most(y, 1)),
    clause(between_0_1(maximum(x, y)), between_0_1(y), at_most(x, 1)),
    clause(at_least(mean(x, axis), c), at_least(x, c)),
    clause(at_most(mean(x, axis), c), at_most(x, c)),
    clause(at_least(sum(x, axis), c), at_least(x, c), nonnegative(x), nonempty(x)),
    clause(at_most(sum(x, axis), c), at_most(x, c), nonpositive(x), nonempty(x)),
    clause(at_least(logsumexp(x, axis), c), at_least(x, c), nonempty(x)),
)

bounds: tuple[Clause, ...] = (*between, *implications, *arithmetic, *functions, *in_the_unit_interval, *extrema)
