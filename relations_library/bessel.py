"""Modified Bessel functions: orders that have functions of their own, half-integer orders, recurrences."""

from __future__ import annotations

from relgraph.numpy import expm1, special, sqrt
from relgraph.relations import lvars, theory
from relgraph.relations.predicates import positive

x, = lvars("x")
i0e, i1e, ive, k0e, k1e, kve = special.i0e, special.i1e, special.ive, special.k0e, special.k1e, special.kve
root_half_pi = 1.2533141373155003


# the logarithms of kv and iv are cases of `log_times_exp`
orders = theory(
    name            = "orders",
    ive_zero        = (ive(0, x),                   i0e(x)),
    ive_one         = (ive(1, x),                   i1e(x)),
    ive_less_one    = (ive(-1, x),                  i1e(x)),
    ive_half        = (ive(0.5, x),                 -0.5 / root_half_pi * expm1(-2 * x) / sqrt(x),  positive(x)),
    kve_zero        = (kve(0, x),                   k0e(x)),
    kve_one         = (kve(1, x),                   k1e(x)),
    kve_less_one    = (kve(-1, x),                  k1e(x)),
    kve_two         = (kve(2, x),                   k0e(x) + 2 / x * k1e(x)),
    kve_half        = (kve(0.5, x),                 root_half_pi / sqrt(x)),
    kve_less_half   = (kve(-0.5, x),                root_half_pi / sqrt(x)),
    kve_three_halves = (kve(1.5, x),                root_half_pi / sqrt(x) * (1 + 1 / x)),
    precedence      = "ive > i0e, ive > i1e, kve > k0e, kve > k1e, kve > power, kve > sqrt, kve > reciprocal, ive > expm1, "
                      "ive > sqrt",
)

wronskians = theory(
    name            = "wronskians",
    wronskian       = (i0e(x) * k1e(x) + i1e(x) * k0e(x),   1 / x,                  positive(x)),
)
