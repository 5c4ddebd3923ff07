"""Sums, products, means and extrema over axes."""

from __future__ import annotations

from relgraph.numpy import exp, log, max, mean, min, prod, sum
from relgraph.relations import attrs, literals, lvars, theory
from relgraph.relations.attributes import drop_axes, size, union_axes
from relgraph.relations.predicates import nonnegative, size_one

x, y = lvars("x y")
c, = literals("c")
axis, first, second = attrs("axis first second")

reductions = theory(
    name        = "reductions",
    mean_sum    = (mean(x, axis),                   sum(x, axis) / size(x, axis)),
    sum_sum     = (sum(sum(x, first), second),      sum(x, union_axes(first, second))),
    prod_prod   = (prod(prod(x, first), second),    prod(x, union_axes(first, second))),
    max_of_max  = (max(max(x, first), second),      max(x, union_axes(first, second))),
    min_of_min  = (min(min(x, first), second),      min(x, union_axes(first, second))),
    sum_neg     = (sum(-x, axis),                   -sum(x, axis)),
    sum_scale   = (sum(c * x, axis),                c * sum(x, axis)),
    sum_factor  = (sum(y * x, axis),                drop_axes(y, axis) * sum(x, axis),  size_one(y, axis)),
    max_of_neg  = (max(-x, axis),                   -min(x, axis)),
    min_of_neg  = (min(-x, axis),                   -max(x, axis)),
    log_prod    = (log(prod(x, axis)),              sum(log(x), axis),                  nonnegative(x)),
    prod_exp    = (prod(exp(x), axis),              exp(sum(x, axis))),
    precedence  = "max = min, mean > sum, log > prod > exp, prod > sum",
)
