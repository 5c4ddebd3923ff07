"""Complex numbers: conjugates, parts, absolute values; and what is left of them on the reals."""

from __future__ import annotations

from relgraph.numpy import (abs, add, conj, cos, cosh, equal, exp, imag, log, logical_and, multiply, prod,
                            real, sin, sinh, sqrt, square, sum, tan, tanh, where)
from relgraph.relations import attrs, literals, lvars, theory
from relgraph.relations.predicates import finite, integer

from .laws import homomorphism, involution, of_each, real_on_reals, reduced_through

h, = lvars("h", kinds="biuf")
z, w = lvars("z w", kinds="c")
p, = lvars("p", kinds="b")
c, = literals("c")
axis, = attrs("axis")

of_conjugates = theory(
    involution(conj, "c"),
    name            = "of_conjugates",
    conj_abs        = (abs(conj(z)),                abs(z)),
    conj_real       = (real(conj(z)),               real(z)),
    conj_imag       = (imag(conj(z)),               -imag(z)),
    real_of_real    = (real(h),                     h),
    imag_of_real    = (imag(h),                     0),
)

conjugates = theory(
    homomorphism(conj, add, add, "c"), homomorphism(conj, multiply, multiply, "c"),
    of_each(real_on_reals, square, exp, log, sqrt, sin, cos, tan, sinh, cosh, tanh),
    reduced_through(conj, sum, sum, "c"), reduced_through(conj, prod, prod, "c"),
    name            = "conjugates",
    conj_neg        = (conj(-z),                    -conj(z)),
    conj_inverse    = (1 / conj(z),                 conj(1 / z)),
    conj_power      = (conj(z)**c,                  conj(z**c),                 integer(c)),
    conj_where      = (where(p, conj(z), conj(w)),  conj(where(p, z, w))),
    conj_equal      = (equal(conj(z), conj(w)),     equal(z, w)),
    precedence      = "reciprocal > conj, power > conj",
)

parts = theory(
    homomorphism(real, add, add, "c"), homomorphism(imag, add, add, "c"),
    name            = "parts",
    real_neg        = (real(-z),                    -real(z)),
    imag_neg        = (imag(-z),                    -imag(z)),
    real_sum        = (real(sum(z, axis)),          sum(real(z), axis)),
    imag_sum        = (imag(sum(z, axis)),          sum(imag(z), axis)),
    real_where      = (where(p, real(z), real(w)),  real(where(p, z, w))),
    imag_where      = (where(p, imag(z), imag(w)),  imag(where(p, z, w))),
    conj_sum        = (z + conj(z),                 2 * real(z)),
    conj_product    = (z * conj(z),                 abs(z)**2),
    modulus         = (sqrt(real(z)**2 + imag(z)**2),   abs(z)),
    modulus_square  = (real(z)**2 + imag(z)**2,     abs(z)**2),
    modulus_exp     = (abs(exp(z)),                 exp(real(z))),
    equal_parts     = (logical_and(equal(real(z), real(w)), equal(imag(z), imag(w))),   equal(z, w)),
    precedence      = "real > sum, imag > sum, abs > exp > real, conj > real, conj > power, conj > abs",
)

# in parts, for a target without complex numbers
cartesian = theory(
    name            = "cartesian",
    real_product    = (real(z * w),                 real(z)*real(w) - imag(z)*imag(w)),
    imag_product    = (imag(z * w),                 real(z)*imag(w) + imag(z)*real(w)),
    real_exp        = (real(exp(z)),                exp(real(z)) * cos(imag(z))),
    imag_exp        = (imag(exp(z)),                exp(real(z)) * sin(imag(z)),   finite(z)),
    real_log        = (real(log(z)),                log(abs(z))),
    precedence      = "real = imag, real > log > abs, real > exp, real > cos, real > sin",
)
