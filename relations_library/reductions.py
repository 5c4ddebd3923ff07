"""Sums, products, means and extrema over axes."""

from __future__ import annotations

from relgraph.numpy import (abs, add, broadcast_to, exp, expand_dims, log, max, maximum, mean, min, minimum, multiply, prod,
                            sign, sqrt, square, sum)
from relgraph.relations import attrs, literals, lvars, term_function, theory
from relgraph.relations.attributes import drop_axes, size
from relgraph.relations.axes import own_axes, shape_without
from relgraph.relations.predicates import apart, integer, negative, nonempty, nonnegative, size_one
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.term import Term


from .laws import chained, leaves, monoid_reduction, of_one, reduced_through

x, y = lvars("x y")
u, v = lvars("u v", kinds="fc")
c, = literals("c")
axis, first, second, shape = attrs("axis first second shape")

@term_function
def centred(x: Term, axis: Term) -> Term:
    """``x`` less its mean over axes."""
    return x - expand_dims(mean(x, axis), axis)


reductions = theory(
    chained(sum, "biufc"), chained(prod, "biufc"), chained(max, "biuf"), chained(min, "biuf"),
    name        = "reductions",
    mean_sum    = (mean(u, axis),                   sum(u, axis) / size(u, axis)),
    sum_neg     = (sum(-u, axis),                   -sum(u, axis)),
    sum_scale   = (sum(c * u, axis),                c * sum(u, axis)),
    sum_factor  = (sum(v * u, axis),                drop_axes(v, axis) * sum(u, axis),  size_one(v, axis) & apart(v, u),
                   "domain"),  # a factor that is no number is lost in a sum of nothing
    log_prod    = (log(prod(x, axis)),              sum(log(x), axis),                  nonnegative(x)),
    prod_exp    = (prod(exp(u), axis),              exp(sum(u, axis))),
    precedence  = "max = min, mean > sum, log > prod > exp, prod > sum",
)

single = theory(
    of_one(sum, "fc"), of_one(prod, "fc"), of_one(mean, "fc"), of_one(max, "biuf"), of_one(min, "biuf"),
    name        = "single",
)

extrema = theory(
    monoid_reduction(max, maximum, "biuf"), monoid_reduction(min, minimum, "biuf"),
    leaves(max, maximum, "biuf"), leaves(max, minimum, "biuf"), leaves(min, minimum, "biuf"), leaves(min, maximum, "biuf"),
    leaves(max, add, "f"), leaves(min, add, "f"),
    name        = "extrema",
    max_scale_out   = (max(y * x, axis),            drop_axes(y, axis) * max(x, axis),  size_one(y, axis) & nonnegative(y)),
    min_scale_out   = (min(y * x, axis),            drop_axes(y, axis) * min(x, axis),  size_one(y, axis) & nonnegative(y)),
    max_flip_out    = (max(y * x, axis),            drop_axes(y, axis) * min(x, axis),  size_one(y, axis) & negative(y)),
    min_flip_out    = (min(y * x, axis),            drop_axes(y, axis) * max(x, axis),  size_one(y, axis) & negative(y)),
    max_of_square   = (max(square(x), axis),        square(max(abs(x), axis))),
    max_of_abs      = (max(abs(x), axis),           maximum(max(x, axis), -min(x, axis))),
    precedence  = "max = min, max > maximum, max > multiply, max > square > abs > maximum, max > negative",
)

products = theory(
    monoid_reduction(prod, multiply, "fc"),
    reduced_through(abs, prod, prod, "fc"),
    name        = "products_of_elements",
    prod_sqrt       = (sqrt(prod(x, axis)),         prod(sqrt(x), axis),                nonnegative(x)),
    prod_sign       = (sign(prod(x, axis)),         prod(sign(x), axis)),
    log_abs_prod    = (log(abs(prod(x, axis))),     sum(log(abs(x)), axis)),
    precedence  = "sqrt > prod, sign > prod, log > sum, log > abs",
)

# powers leave a product; `stable`, where powers stand above products, does not join with it
product_powers = theory(
    reduced_through(square, prod, prod, "f"),
    name        = "product_powers",
    prod_power      = (prod(u**c, axis),            prod(u, axis)**c,                   integer(c)),
    prod_neg        = (prod(-x, axis),              (-1.0)**size(x, axis) * prod(x, axis)),
    prod_factor     = (prod(y * x, axis),           drop_axes(y, axis)**size(x, axis) * prod(x, axis),   size_one(y, axis)),
    precedence  = "prod > power > broadcast_to",
)

means = theory(
    chained(mean, "f"),
    monoid_reduction(mean, add, "f"), monoid_reduction(sum, add, "fc"),
    leaves(mean, add, "f"), leaves(mean, multiply, "fc"),
    name        = "means",
    mean_neg        = (mean(-x, axis),              -mean(x, axis)),
    centred         = (sum(x - expand_dims(mean(x, axis), axis), axis), 0 * sum(x, axis)),
    sum_shift       = (sum(y + x, axis),            drop_axes(y, axis) * size(x, axis) + sum(x, axis),  size_one(y, axis),
                       "domain"),
    mean_of_mean    = (mean(expand_dims(mean(x, axis), axis), axis),    mean(x, axis)),
    precedence  = "mean > add, sum > add, mean > multiply, sum > multiply",
)

# reduce before repeating
repeated = theory(
    name        = "repeated",
    mean_spread = (mean(broadcast_to(x, shape), axis),  broadcast_to(mean(x, own_axes(x, axis)), shape_without(shape, axis)),
                   nonempty(broadcast_to(x, shape))),
    precedence  = "mean > broadcast_to",
)

# the two-pass form, which keeps the digits that a difference of large moments loses
moments = theory(
    name        = "moments",
    variance    = (mean(x**2, axis) - mean(x, axis)**2,                 mean(centred(x, axis)**2, axis)),
    covariance  = (mean(x * y, axis) - mean(x, axis) * mean(y, axis),   mean(centred(x, axis) * centred(y, axis), axis)),
    deviations  = (sum(x**2, axis) - sum(x, axis) * mean(x, axis),     sum(centred(x, axis)**2, axis),     nonempty(x)),
)

# a product summed over its last axis, as one call of a library
dots = theory(
    name        = "dots",
    sum_product = (sum(x * y, axis=-1),             vecdot(x, y)),
    sum_square  = (sum(x**2, axis=-1),              vecdot(x, x)),
    sum_column_dot = (sum(expand_dims(x, -1) * y, (-2, -1)),           vecdot(x, sum(y, -1))),
    sum_square_dot = (sum(expand_dims(x, -1)**2 * y**2, (-2, -1)),     vecdot(x**2, sum(y**2, -1))),
    precedence  = "sum > vecdot",
)
