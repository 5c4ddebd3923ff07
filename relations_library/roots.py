"""Roots, absolute values, signs, rounding, and powers of two and ten."""

from __future__ import annotations

from relgraph.numpy import (abs, cbrt, ceil, copysign, exp, exp2, floor, log, log2, log10, rint, sign, sinh, sqrt, tanh, trunc)
from relgraph.relations import literals, lvars, theory
from relgraph.relations.predicates import nonnegative, nonpositive, nonzero, positive

x, y, z = lvars("x y z")
c, = literals("c")
ln2, ln10 = 0.6931471805599453, 2.302585092994046

root_powers = theory(
    name            = "root_powers",
    power_half      = (x**0.5,                      sqrt(x)),
    power_less_half = (x**-0.5,                     1 / sqrt(x)),
    precedence      = "power > sqrt",
)

roots = theory(
    name            = "roots",
    sqrt_product    = (sqrt(x * y),                 sqrt(x) * sqrt(y),      nonnegative(x) & nonnegative(y)),
    sqrt_inverse    = (sqrt(1 / x),                 1 / sqrt(x)),
    sqrt_ratio      = (x / sqrt(x),                 sqrt(x),                nonzero(x)),
    sqrt_fourth     = (sqrt(x**4),                  x**2),
    sqrt_exp        = (sqrt(exp(x)),                exp(0.5 * x)),
    sqrt_exp2       = (sqrt(exp2(x)),               exp2(0.5 * x)),
    cbrt_cube       = (cbrt(x**3),                  x),
    cube_cbrt       = (cbrt(x)**3,                  x),
    cbrt_inverse    = (cbrt(1 / x),                 1 / cbrt(x)),
    cbrt_product    = (cbrt(x * y),                 cbrt(x) * cbrt(y)),
    cbrt_exp        = (cbrt(exp(x)),                exp(x / 3)),
    log_cbrt        = (log(cbrt(x)),                log(x) / 3),
    log2_cbrt       = (log2(cbrt(x)),               log2(x) / 3),
    precedence      = "power > sqrt > exp, sqrt > exp2, cbrt > exp",
)

absolutes = theory(
    name            = "absolutes",
    abs_scale       = (c * abs(x),                  abs(c * x),             nonnegative(c)),
    abs_fourth      = (abs(x)**4,                   x**4),
    abs_cbrt        = (cbrt(abs(x)),                abs(cbrt(x))),
    abs_sinh        = (sinh(abs(x)),                abs(sinh(x))),
    abs_tanh        = (tanh(abs(x)),                abs(tanh(x))),
    sign_times      = (sign(x) * x,                 abs(x)),
    sign_quotient   = (x / sign(x),                 abs(x),                 nonzero(x)),
    sign_product    = (sign(x * y),                 sign(x) * sign(y)),
    sign_square     = (sign(x)**2,                  1,                      nonzero(x), "domain"),
    sign_cube       = (sign(x)**3,                  sign(x)),
    sign_cbrt       = (sign(cbrt(x)),               sign(x)),
    sign_sinh       = (sign(sinh(x)),               sign(x)),
    sign_tanh       = (sign(tanh(x)),               sign(x)),
    precedence      = "cbrt > abs > power, sinh > abs, tanh > abs, multiply > abs",
)

copied_signs = theory(
    name            = "copied_signs",
    copysign_self   = (copysign(x, x),              x),
    copysign_abs    = (copysign(abs(x), y),         copysign(x, y)),
    copysign_neg    = (copysign(-x, y),             copysign(x, y)),
    copysign_to_neg = (copysign(x, -y),             -copysign(x, y)),
    copysign_pos    = (copysign(x, y),              abs(x),                 positive(y)),
    copysign_twice  = (copysign(copysign(x, y), z), copysign(x, z)),
    abs_copysign    = (abs(copysign(x, y)),         abs(x)),
    precedence      = "copysign > abs",
)

rounding = theory(
    name            = "rounding",
    floor_trunc     = (floor(trunc(x)),             trunc(x)),
    floor_rint      = (floor(rint(x)),              rint(x)),
    ceil_trunc      = (ceil(trunc(x)),              trunc(x)),
    ceil_rint       = (ceil(rint(x)),               rint(x)),
    trunc_trunc     = (trunc(trunc(x)),             trunc(x)),
    trunc_floor     = (trunc(floor(x)),             floor(x)),
    trunc_ceil      = (trunc(ceil(x)),              ceil(x)),
    trunc_rint      = (trunc(rint(x)),              rint(x)),
    rint_rint       = (rint(rint(x)),               rint(x)),
    rint_floor      = (rint(floor(x)),              floor(x)),
    rint_ceil       = (rint(ceil(x)),               ceil(x)),
    rint_trunc      = (rint(trunc(x)),              trunc(x)),
    trunc_positive  = (trunc(x),                    floor(x),               nonnegative(x)),
    trunc_negative  = (trunc(x),                    ceil(x),                nonpositive(x)),
    trunc_abs       = (trunc(abs(x)),               abs(trunc(x))),
    precedence      = "trunc > floor = ceil, trunc > abs",
)

# powers of two and ten
binary = theory(
    name            = "binary",
    log2_exp2       = (log2(exp2(x)),               x),
    exp2_log2       = (exp2(log2(x)),               x,                      nonnegative(x)),
    exp2_product    = (exp2(x) * exp2(y),           exp2(x + y)),
    exp2_inverse    = (1 / exp2(x),                 exp2(-x)),
    exp2_power      = (exp2(x)**c,                  exp2(c * x),            nonzero(c)),
    power_of_two    = (2**x,                        exp2(x)),
    log_exp2        = (log(exp2(x)),                ln2 * x),
    log2_exp        = (log2(exp(x)),                x / ln2),
    exp_ln2         = (exp(x * ln2),                exp2(x)),
    log_over_ln2    = (log(x) / ln2,                log2(x)),
    log2_inverse    = (log2(1 / x),                 -log2(x)),
    log2_sqrt       = (log2(sqrt(x)),               0.5 * log2(x)),
    log2_product    = (log2(x * y),                 log2(x) + log2(y),      positive(y)),
    log2_power      = (log2(x**c),                  c * log2(x),            positive(x), "domain"),
    precedence      = "exp > exp2, log > log2, power > reciprocal > exp2, power > log2",
)

decimal = theory(
    name            = "decimal",
    log10_power_ten = (log10(10**x),                x),
    power_ten_log10 = (10**log10(x),                x,                      nonnegative(x)),
    log_over_ln10   = (log(x) / ln10,               log10(x)),
    log10_inverse   = (log10(1 / x),                -log10(x)),
    log10_sqrt      = (log10(sqrt(x)),              0.5 * log10(x)),
    log10_product   = (log10(x * y),                log10(x) + log10(y),    positive(y)),
    log10_power     = (log10(x**c),                 c * log10(x),           positive(x), "domain"),
    precedence      = "log > log10, power > log10",
)
