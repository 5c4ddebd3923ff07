"""Boolean algebra: of truth values, of bool arithmetic, and of quantifiers over axes."""

from __future__ import annotations

from relgraph.numpy import (add, all, any, bitwise_and, bitwise_invert, bitwise_or, bitwise_xor, equal, less, less_equal,
                            logical_and, logical_not, logical_or, logical_xor, max, maximum, min, minimum, multiply,
                            not_equal)
from relgraph.relations import attrs, lvars, theory
from relgraph.relations.attributes import drop_axes
from relgraph.relations.predicates import finite, nonempty, size_one

from .laws import (annihilator, chained, complemented, homomorphism, identity_element, involution, lattice, leaves,
                   monoid_reduction, nilpotent, of_one, reduced_through)

p, q, r = lvars("p q r", kinds="b")
m, n = lvars("m n", kinds="biuf")
axis, = attrs("axis")
along = size_one(n, axis) & nonempty(m)  # the greatest of nothing is an error, of nothing all is true

booleans = theory(
    lattice(logical_or, logical_and, "b"),
    complemented(logical_or, logical_and, logical_not, False, True, "b"),
    identity_element(logical_and, True, "b"), annihilator(logical_and, False, "b"),
    identity_element(logical_or, False, "b"), annihilator(logical_or, True, "b"),
    identity_element(logical_xor, False, "b"), nilpotent(logical_xor, False, "b"),
    involution(logical_not, "b"),
    homomorphism(logical_not, logical_or, logical_and, "b"), homomorphism(logical_not, logical_and, logical_or, "b"),
    name            = "booleans",
    xor_true        = (logical_xor(p, True),                                        logical_not(p)),
    xor_not         = (logical_xor(logical_not(p), q),                              logical_not(logical_xor(p, q))),
    xor_common      = (logical_xor(logical_and(p, q), logical_and(p, r)),           logical_and(p, logical_xor(q, r))),
    xor_one         = (logical_and(logical_or(p, q), logical_not(logical_and(p, q))),   logical_xor(p, q)),
    xor_either      = (logical_or(logical_and(p, logical_not(q)), logical_and(logical_not(p), q)),  logical_xor(p, q)),
    consensus       = (logical_or(logical_or(logical_and(p, q), logical_and(logical_not(p), r)), logical_and(q, r)),
                       logical_or(logical_and(p, q), logical_and(logical_not(p), r))),
    precedence      = "logical_xor > logical_not",
)

# NumPy's arithmetic of bool, under the names of logic
truth_arithmetic = theory(
    name            = "truth_arithmetic",
    bool_add        = (add(p, q),               logical_or(p, q)),
    bool_multiply   = (multiply(p, q),          logical_and(p, q)),
    bool_maximum    = (maximum(p, q),           logical_or(p, q)),
    bool_minimum    = (minimum(p, q),           logical_and(p, q)),
    bool_bit_and    = (bitwise_and(p, q),       logical_and(p, q)),
    bool_bit_or     = (bitwise_or(p, q),        logical_or(p, q)),
    bool_bit_xor    = (bitwise_xor(p, q),       logical_xor(p, q)),
    bool_invert     = (bitwise_invert(p),       logical_not(p)),
    bool_unequal    = (not_equal(p, q),         logical_xor(p, q)),
    bool_equal      = (equal(p, q),             logical_not(logical_xor(p, q))),
    bool_less       = (less(p, q),              logical_and(logical_not(p), q)),
    bool_implies    = (less_equal(p, q),        logical_or(logical_not(p), q)),
    bool_max        = (max(p, axis),            any(p, axis)),
    bool_min        = (min(p, axis),            all(p, axis)),
    precedence      = "add > logical_or, multiply > logical_and, maximum > logical_or, minimum > logical_and, "
                      "bitwise_and > logical_and, bitwise_or > logical_or, bitwise_xor > logical_xor, "
                      "bitwise_invert > logical_not, not_equal > logical_xor > logical_not, equal > logical_xor, "
                      "less > logical_and > logical_not, less_equal > logical_or > logical_not, max > any, min > all",
)

reduced_truths = theory(chained(all, "b"), chained(any, "b"), of_one(all, "b"), of_one(any, "b"), name="reduced_truths")

quantifiers = theory(
    reduced_truths,
    reduced_through(logical_not, any, all, "b"), reduced_through(logical_not, all, any, "b"),
    monoid_reduction(all, logical_and, "b"), monoid_reduction(any, logical_or, "b"),
    leaves(all, logical_or, "b"), leaves(any, logical_and, "b"),
    name            = "quantifiers",
    all_less        = (all(m < n, axis),        max(m, axis) < drop_axes(n, axis),      along),
    all_less_equal  = (all(m <= n, axis),       max(m, axis) <= drop_axes(n, axis),     along),
    all_greater     = (all(n < m, axis),        drop_axes(n, axis) < min(m, axis),      along),
    all_greater_eq  = (all(n <= m, axis),       drop_axes(n, axis) <= min(m, axis),     along),
    any_less        = (any(m < n, axis),        min(m, axis) < drop_axes(n, axis),      along & finite(m)),
    any_less_equal  = (any(m <= n, axis),       min(m, axis) <= drop_axes(n, axis),     along & finite(m)),
    any_greater     = (any(n < m, axis),        drop_axes(n, axis) < max(m, axis),      along & finite(m)),
    any_greater_eq  = (any(n <= m, axis),       drop_axes(n, axis) <= max(m, axis),     along & finite(m)),
    precedence      = "all > less > max, all > less_equal > max, "
                      "less > min, less_equal > min",
)
