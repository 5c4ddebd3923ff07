"""Intervals that have names, because domains of functions are stated with them."""

from __future__ import annotations

from relgraph.numpy import arccosh, cos, cosh, exp2, hypot, sin, special, tanh
from relgraph.relations import clause, lvars
from relgraph.relations.predicates import (above_minus_1, at_least, at_least_1, at_most, between_0_1, between_minus_1_1,
                                           greater_than, inside_0_1, inside_minus_1_1, less_than, nonnegative, positive)

x, y = lvars("x y")

intervals = (
    clause(between_minus_1_1(sin(x))),
    clause(between_minus_1_1(cos(x))),
    clause(between_minus_1_1(tanh(x))),
    clause(between_minus_1_1(special.erf(x))),
    clause(between_minus_1_1(x), between_0_1(x)),
    clause(between_minus_1_1(x), inside_minus_1_1(x)),
    clause(between_minus_1_1(x), at_least(x, -1), at_most(x, 1)),
    clause(inside_minus_1_1(x), inside_0_1(x)),
    clause(inside_minus_1_1(x), greater_than(x, -1), less_than(x, 1)),
    clause(inside_0_1(x), positive(x), less_than(x, 1)),
    clause(between_0_1(x), inside_0_1(x)),
    clause(positive(x), inside_0_1(x)),
    clause(above_minus_1(x), inside_minus_1_1(x)),
    clause(above_minus_1(x), nonnegative(x)),
    clause(above_minus_1(x), greater_than(x, -1)),
    clause(at_least_1(cosh(x))),
    clause(at_least_1(1 + x), nonnegative(x)),
    clause(at_least_1(x), at_least(x, 1)),
    clause(positive(x), at_least_1(x)),
    clause(nonnegative(special.erfcx(x))),
    clause(nonnegative(exp2(x))),
    clause(nonnegative(hypot(x, y))),
    clause(nonnegative(arccosh(x))),
)
