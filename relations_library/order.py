"""Maxima and minima, comparisons, and choices between two values."""

from __future__ import annotations

from typing import Any

from relgraph.numpy import (abs, add, arctan2, asarray, broadcast_to, ceil, cos, equal, exp, expm1, floor, hypot, isnan, less,
                            less_equal, log, log1p, logaddexp, logical_and, logical_not, logical_or, logical_xor, maximum,
                            minimum, multiply, negative, not_equal, power, reciprocal, sigmoid, sign, sin, softplus, sqrt, tanh,
                            where)
from relgraph.relations import attrs, literals, lvars, theory
from relgraph.relations.predicates import (Guard, at_least, finite, greater_than, less_than, nonnegative, nonpositive, positive,
                                            same_dtype)

from .laws import (common_operand, decreasing, embeds_order, increasing, lattice, merged_choice, of_each, through_where)

x, y, z = lvars("x y z")
i, j, l = lvars("i j l", kinds="iu")
whole, = lvars("whole", kinds="biu")
m, n, k = lvars("m n k", kinds="biuf")
r, = lvars("r", kinds="if")
s, t = lvars("s t", kinds="iuf")
u, v, w = lvars("u v w", kinds="biufc")
p, q = lvars("p q", kinds="b")
c, = literals("c")
shape, = attrs("shape")


order = theory(
    lattice(maximum, minimum, "biuf", finite),
    decreasing(negative),
    name            = "order",
    max_zero        = (maximum(m, 0),                       m,                      nonnegative(m)),
    min_zero        = (minimum(m, 0),                       m,                      nonpositive(m)),
    max_zero_neg    = (maximum(m, 0),                       0,                      nonpositive(m) & finite(m)),
    min_zero_pos    = (minimum(m, 0),                       0,                      nonnegative(m) & finite(m)),
    clip_clip       = (minimum(maximum(minimum(maximum(m, n), k), n), k),   minimum(maximum(m, n), k)),
)

# what a maximum and a minimum of the same two add up to; tried at every sum and product, and rarely met
extremes = theory(
    name            = "extremes",
    max_shift       = (maximum(x + y, x + z),               x + maximum(y, z)),
    min_shift       = (minimum(x + y, x + z),               x + minimum(y, z)),
    max_scale       = (maximum(z*x, z*y),                   z * maximum(x, y),      nonnegative(z)),
    min_scale       = (minimum(z*x, z*y),                   z * minimum(x, y),      nonnegative(z)),
    max_opposite    = (maximum(r, -r),                      abs(r)),
    min_opposite    = (minimum(x, -x),                      -abs(x)),
    max_abs         = (maximum(abs(x), x),                  abs(x)),
    max_min_sum     = (maximum(m, n) + minimum(m, n),       m + n),
    max_min_product = (maximum(m, n) * minimum(m, n),       m * n),
    max_min_diff    = (maximum(x, y) - minimum(x, y),       abs(x - y)),
    relu_parts      = (maximum(x, 0) - maximum(-x, 0),      x),
    relu_abs        = (maximum(x, 0) + maximum(-x, 0),      abs(x)),
    mean_and_half   = (0.5*x + 0.5*y + 0.5*abs(x - y),      maximum(x, y)),
    precedence      = "maximum > abs, minimum > abs",
)


def from_minus_1(x: Any) -> Guard:
    """Where log1p is defined."""
    return at_least(x, -1)


monotone = theory(
    of_each(increasing, exp, expm1, sigmoid, softplus, tanh, floor, ceil),
    of_each(increasing, log, sqrt, within=nonnegative),
    of_each(increasing, log1p, within=from_minus_1),
    of_each(decreasing, reciprocal, within=positive),
    name            = "monotone",
)

comparisons = theory(
    of_each(embeds_order, exp),
    of_each(embeds_order, log, sqrt, within=nonnegative),
    name            = "comparisons",
    greater_less    = (m > n,                               n < m),
    greater_less_eq = (m >= n,                              n <= m),
    less_self       = (m < m,                               False),
    less_equal_self = (m <= m,                              True,                   finite(m)),
    equal_self      = (equal(u, u),                         True,                   finite(u)),
    unequal_self    = (not_equal(u, u),                     isnan(u)),
    isnan_whole     = (isnan(whole),                        False),
    not_equal_not   = (logical_not(equal(u, v)),            not_equal(u, v)),
    equal_not       = (logical_not(not_equal(u, v)),        equal(u, v)),
    less_not        = (logical_not(m < n),                  n <= m,                 finite(m) & finite(n)),
    less_equal_not  = (logical_not(m <= n),                 n < m,                  finite(m) & finite(n)),
    equal_neg       = (equal(-x, -y),                       equal(x, y)),
    less_diff       = (less(x - y, 0),                      x < y),
    greater_diff    = (less(0, x - y),                      y < x),
    equal_diff      = (equal(s - t, 0),                     equal(s, t)),
    less_abs        = (less(abs(x), 0),                     False),
    less_nonneg     = (less(m, 0),                          False,                  nonnegative(m)),
    less_nonpos     = (less(0, m),                          False,                  nonpositive(m)),
    less_pos        = (less(0, m),                          True,                   positive(m) & finite(m)),
    less_eq_nonneg  = (less_equal(0, m),                    True,                   nonnegative(m) & finite(m)),
    equal_above     = (equal(m, c),                         False,                  greater_than(m, c)),
    equal_below     = (equal(m, c),                         False,                  less_than(m, c)),
    equal_abs_zero  = (equal(abs(u), 0),                    equal(u, 0)),
    equal_square    = (equal(x**2, 0),                      equal(x, 0)),
    within_both     = (logical_and(less(-y, x), x < y),     abs(x) < y),
    within_both_eq  = (logical_and(less_equal(-y, x), x <= y),  abs(x) <= y),
    less_or_equal   = (logical_or(m < n, equal(m, n)),      m <= n),
    less_either     = (logical_or(m < n, n < m),            not_equal(m, n),        finite(m) & finite(n)),
    less_both       = (logical_and(m < n, n < m),           False),
    equal_both      = (logical_and(m <= n, n <= m),         equal(m, n)),
    less_unequal    = (logical_and(m <= n, not_equal(m, n)),    m < n),
    less_implies    = (logical_and(m < n, m <= n),          m < n),
    less_implied    = (logical_or(m < n, m <= n),           m <= n),
    less_not_equal  = (logical_and(m < n, not_equal(m, n)), m < n),
    less_nor_equal  = (logical_and(m < n, equal(m, n)),     False),
    less_max        = (logical_and(m < k, n < k),           maximum(m, n) < k,      same_dtype(m, n)),
    less_equal_max  = (logical_and(m <= k, n <= k),         maximum(m, n) <= k,     same_dtype(m, n)),
    less_min        = (logical_and(k < m, k < n),           k < minimum(m, n),      same_dtype(m, n)),
    less_equal_min  = (logical_and(k <= m, k <= n),         k <= minimum(m, n),     same_dtype(m, n)),
    precedence      = "greater > less, greater_equal > less_equal, logical_not > less = less_equal, not_equal > isnan",
)

# true of the real numbers; in floats a shift may round two values together, so that no pipeline moves one by itself
shifted = theory(
    name            = "shifted",
    less_shift      = (less(x + z, y + z),                  x < y,                  finite(z)),
    less_equal_shift = (less_equal(x + z, y + z),           x <= y,                 finite(z)),
    equal_shift     = (equal(x + z, y + z),                 equal(x, y),            finite(z)),
    equal_shift_int = (equal(i + l, j + l),                 equal(i, j),            same_dtype(i, j) & same_dtype(i, l)),
    less_scale      = (less(z*x, z*y),                      x < y,                  positive(z) & finite(z)),
)

choice = theory(
    of_each(through_where, exp, log, sqrt, sin, cos, tanh, sigmoid, softplus, negative, reciprocal),
    name            = "choice",
    where_same      = (where(p, u, u),                      u),
    where_true      = (where(asarray(True), u, v),          u),
    where_untrue    = (where(asarray(False), u, v),         v),
    where_spread    = (where(broadcast_to(p, shape), u, v), where(p, u, v)),
    where_not       = (where(logical_not(p), u, v),         where(p, v, u)),
    where_then      = (where(p, where(p, u, v), w),         where(p, u, w)),
    where_else      = (where(p, u, where(p, v, w)),         where(p, u, w)),
    where_false     = (where(p, False, True),               logical_not(p)),
    where_and       = (where(p, q, False),                  logical_and(p, q)),
    where_or        = (where(p, True, q),                   logical_or(p, q)),
    where_xor       = (where(p, logical_not(q), q),         logical_xor(p, q)),
    where_equal     = (where(equal(m, n), m, n),            n),
    where_unequal   = (where(not_equal(m, n), m, n),        m),
    where_max       = (where(m < n, n, m),                  maximum(m, n),          finite(n)),
    where_min       = (where(m < n, m, n),                  minimum(m, n),          finite(m)),
    where_abs       = (where(r < 0, -r, r),                 abs(r)),
    where_relu_eq   = (where(m <= 0, 0, m),                 maximum(m, 0)),
    where_sign      = (where(less(0, x), 1.0, where(x < 0, -1.0, 0.0)),   sign(x),        finite(x)),
    where_sign_abs  = (abs(where(p, x, -x)),                abs(x)),
    where_parts     = (where(p, x, 0) + where(p, 0, y),     where(p, x, y)),
    where_others    = (where(p, x, 0) + where(logical_not(p), y, 0),    where(p, x, y)),
    precedence      = "where > logical_not, where > logical_and, where > logical_or",
)

# what both branches add or multiply leaves the choice; in no pipeline, since the form does not fold infinite factors that meet
common = theory(of_each(common_operand, add, multiply), name="common")

# a factor or divisor goes where it is needed, two choices by one condition become one: fewer branches, not fewer ops
sinks = theory(
    of_each(merged_choice, add, multiply, maximum, minimum, power, logaddexp, hypot, arctan2),
    name            = "sinks",
    where_sink      = (x * where(p, 0, y),                  where(p, 0, x * y),     finite(x)),
    where_sink_else = (x * where(p, y, 0),                  where(p, x * y, 0),     finite(x)),
    precedence      = "multiply > where",
)
