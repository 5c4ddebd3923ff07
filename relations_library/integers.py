"""Whole numbers: quotients and remainders, rounding, bits; integers wrap around, and every equation holds when they do."""

from __future__ import annotations

from typing import Any

from relgraph.numpy import (abs, add, bitwise_and, bitwise_invert, bitwise_left_shift, bitwise_or, bitwise_right_shift,
                            bitwise_xor, ceil, equal, floor, floor_divide, multiply, remainder)
from relgraph.relations import Theory, literals, lvars, theory
from relgraph.relations.predicates import at_least, at_most, finite, integer, nonzero, same_dtype

from .laws import (annihilator, homomorphism, idempotent, identity_element, lattice, nilpotent, ring_modulo, shared_operand)

x, y = lvars("x y")
i, j = lvars("i j", kinds="iu")
k, n = lvars("k n", kinds="i")
b, = lvars("b", kinds="biu")
c, d = literals("c d")

quotients = theory(
    ring_modulo(add, multiply, remainder, 2), ring_modulo(add, multiply, remainder, 16),
    name            = "quotients",
    zero_times      = (0 * i,                           0),
    divide_one      = (floor_divide(i, 1),              i),
    divide_one_real = (floor_divide(x, 1),              floor(x)),
    divide_self     = (floor_divide(i, i),              1,                      nonzero(i)),
    divide_zero     = (floor_divide(0, i),              0),
    remainder_one   = (remainder(i, 1),                 0),
    remainder_self  = (remainder(i, i),                 0),
    remainder_zero  = (remainder(0, i),                 0),
    remainder_twice = (remainder(remainder(i, j), j),   remainder(i, j)),
    parity_neg      = (remainder(-i, 2),                remainder(i, 2)),
    parity_abs      = (remainder(abs(i), 2),            remainder(i, 2)),
    parity_square   = (remainder(i * i, 2),             remainder(i, 2)),
    parity_even     = (remainder(i + 2*j, 2),           remainder(i, 2)),
    parity_twice    = (remainder(2*i, 2),               0),
    precedence      = "floor_divide > floor",
)

# tried at every sum and rarely met
divisions = theory(
    name            = "divisions",
    divide_again    = (j * floor_divide(i, j) + remainder(i, j),    i,          nonzero(j)),
    divide_rest     = (i - j * floor_divide(i, j),      remainder(i, j),        nonzero(j)),
    real_again      = (y * floor_divide(x, y) + remainder(x, y),    x,          nonzero(y) & finite(x) & finite(y)),
    real_rest       = (x - y * floor_divide(x, y),      remainder(x, y),        finite(y)),
)

rounding = theory(
    idempotent(floor), idempotent(ceil),
    name            = "rounding",
    floor_neg       = (floor(-x),                       -ceil(x)),
    ceil_neg        = (ceil(-x),                        -floor(x)),
    floor_of_ceil   = (floor(ceil(x)),                  ceil(x)),
    ceil_of_floor   = (ceil(floor(x)),                  floor(x)),
    floor_whole     = (floor(i),                        i),
    ceil_whole      = (ceil(i),                         i),
    floor_integer   = (floor(x),                        x,                      integer(x)),
    ceil_integer    = (ceil(x),                         x,                      integer(x)),
    floor_shift     = (floor(x + y),                    floor(x) + y,           integer(y)),
    ceil_shift      = (ceil(x + y),                     ceil(x) + y,            integer(y)),
    floor_quotient  = (floor(floor_divide(x, y)),       floor_divide(x, y)),
    precedence      = "floor = ceil",
)

bits = theory(
    lattice(bitwise_or, bitwise_and, "iu"), nilpotent(bitwise_xor, 0, "iu"),
    identity_element(bitwise_or, 0, "iu"), identity_element(bitwise_xor, 0, "iu"), annihilator(bitwise_and, 0, "iu"),
    homomorphism(bitwise_invert, bitwise_or, bitwise_and, "biu", alike=True),
    homomorphism(bitwise_invert, bitwise_and, bitwise_or, "biu", alike=True),
    name            = "bits",
    invert_twice    = (bitwise_invert(bitwise_invert(b)),           b),
    bits_none       = (bitwise_and(i, bitwise_invert(i)),           0),
    bits_all        = (bitwise_or(k, bitwise_invert(k)),            -1),
    bits_differ     = (bitwise_xor(k, bitwise_invert(k)),           -1),
    bits_implied    = (bitwise_and(i, bitwise_or(bitwise_invert(i), j)),    bitwise_and(i, j)),
    xor_invert      = (bitwise_xor(bitwise_invert(i), j),           bitwise_invert(bitwise_xor(i, j)),  same_dtype(i, j)),
    xor_equal       = (equal(bitwise_xor(i, j), 0),                 equal(i, j)),
    precedence      = "bitwise_xor > bitwise_invert",
)

def shift_as_product(places: int) -> Theory:
    """Left ``x * 2**n``, right the floor of ``x / 2**n``; up to what an int8 can hold."""
    relations: dict[str, Any] = {
        f"left_by_{places}":  (bitwise_left_shift(i, places),   i * 2**places),
        f"right_by_{places}": (bitwise_right_shift(i, places),  floor_divide(i, 2**places))}
    return theory(precedence="bitwise_left_shift > multiply, bitwise_right_shift > floor_divide", **relations)


# a shift by as many places as there are bits, or by fewer than none, leaves nothing
shifts = theory(
    *[shared_operand(bitwise_left_shift, op, alike=True) for op in (bitwise_and, bitwise_or, bitwise_xor)],
    *[shared_operand(bitwise_right_shift, op) for op in (bitwise_and, bitwise_or, bitwise_xor)],
    name            = "shifts",
    left_none       = (bitwise_left_shift(i, 0),                    i),
    right_none      = (bitwise_right_shift(i, 0),                   i),
    left_of_zero    = (bitwise_left_shift(0, i),                    0),
    right_of_zero   = (bitwise_right_shift(0, i),                   0),
    left_twice      = (bitwise_left_shift(bitwise_left_shift(i, c), d),     bitwise_left_shift(i, c + d),
                       at_least(c, 0) & at_most(c, 63) & at_least(d, 0) & at_most(d, 63)),
    right_twice     = (bitwise_right_shift(bitwise_right_shift(i, c), d),   bitwise_right_shift(i, c + d),
                       at_least(c, 0) & at_most(c, 63) & at_least(d, 0) & at_most(d, 63)),
    left_bits       = (bitwise_and(k, bitwise_left_shift(-1, n)),   bitwise_left_shift(bitwise_right_shift(k, n), n),
                       same_dtype(k, n)),
    left_neg        = (bitwise_left_shift(-i, j),                   -bitwise_left_shift(i, j),  same_dtype(i, j)),
)

shifts_as_products = theory(*[shift_as_product(n) for n in range(1, 7)], name="shifts_as_products")

# what bits and sums say of each other
sums_of_bits = theory(
    name            = "sums_of_bits",
    xor_of_bits     = (bitwise_or(i, j) - bitwise_and(i, j),        bitwise_xor(i, j)),
    sum_of_bits     = (bitwise_and(i, j) + bitwise_or(i, j),        i + j),
    sum_by_xor      = (bitwise_xor(i, j) + 2*bitwise_and(i, j),     i + j),
    and_not         = (i - bitwise_and(i, j),                       bitwise_and(i, bitwise_invert(j)),  same_dtype(i, j)),
    last_bit        = (remainder(i, 2),                             bitwise_and(i, 1)),
    invert_next     = (bitwise_invert(i) + 1,                       -i),
    precedence      = "add > bitwise_and > bitwise_invert, remainder > bitwise_and",
)
