"""Sums, products, powers, signs, order: the algebra of elementwise ops."""

from __future__ import annotations

from relgraph.numpy import (abs, cos, cosh, logical_and, logical_not, logical_or, maximum, minimum, sign, sin, sinh, sqrt,
                            square, tan, tanh, where)
from relgraph.relations import literals, lvars, theory
from relgraph.relations.predicates import integer, nonnegative, nonzero, positive

x, y, z = lvars("x y z")
p, q = lvars("p q", kinds="b")
c, d = literals("c d")

arithmetic = theory(
    name        = "arithmetic",
    collect     = (c*x + d*x,               (c + d) * x),
    pow_add     = (x**c * x**d,             x**(c + d),       integer(c) & integer(d) & positive(c * d)),
    square_pow  = (square(x),               x**2),
    pow_pow     = (x**c * x**d,             x**(c + d),       positive(x), "domain"),
    cancel      = (x * y / x,               y,                nonzero(x), "domain"),
    distribute  = ((y/x + z) * x,           y + z*x,          nonzero(x)),
    pow_cancel  = (x**2 / x,                x,                nonzero(x)),
    sqrt_sq     = (sqrt(x**2),              abs(x)),
    sqrt_twice  = (sqrt(x) * sqrt(x),       x,                nonnegative(x)),
    sqrt_square = (sqrt(x)**2,              x,                nonnegative(x)),
    precedence  = "square > power",
)

# true of finite numbers only: these forget that an operand was infinite or NaN
forgetful = theory(
    name        = "forgetful",
    mul_zero    = (0 * x,                   0,                "domain"),
)

signs = theory(
    name        = "signs",
    abs_neg     = (abs(-x),                 abs(x)),
    abs_abs     = (abs(abs(x)),             abs(x)),
    abs_pos     = (abs(x),                  x,                nonnegative(x)),
    abs_square  = (abs(x)**2,               x**2),
    abs_mul     = (abs(x) * abs(y),         abs(x * y)),
    sign_pos    = (sign(x),                 1,                positive(x), "domain"),
    sign_neg    = (sign(-x),                -sign(x)),
    sign_abs    = (sign(x) * abs(x),        x),
    cos_neg     = (cos(-x),                 cos(x)),
    sin_neg     = (sin(-x),                 -sin(x)),
    tan_neg     = (tan(-x),                 -tan(x)),
    tanh_neg    = (tanh(-x),                -tanh(x)),
    cosh_neg    = (cosh(-x),                cosh(x)),
    sinh_neg    = (sinh(-x),                -sinh(x)),
)

order = theory(
    name        = "order",
    max_self    = (maximum(x, x),           x),
    min_self    = (minimum(x, x),           x),
    max_max     = (maximum(x, maximum(x, y)), maximum(x, y)),
    min_min     = (minimum(x, minimum(x, y)), minimum(x, y)),
    max_neg     = (maximum(-x, -y),         -minimum(x, y)),
    min_neg     = (minimum(-x, -y),         -maximum(x, y)),
    max_zero    = (maximum(x, 0),           x,                nonnegative(x)),
    precedence  = "maximum = minimum",
)

choice = theory(
    name        = "choice",
    where_same  = (where(p, x, x),          x),
    where_not   = (where(logical_not(p), x, y), where(p, y, x)),
    where_then  = (where(p, where(p, x, y), z), where(p, x, z)),
    where_else  = (where(p, x, where(p, y, z)), where(p, x, z)),
    not_not     = (logical_not(logical_not(p)), p),
    and_self    = (logical_and(p, p),       p),
    or_self     = (logical_or(p, p),        p),
    de_morgan   = (logical_and(logical_not(p), logical_not(q)), logical_not(logical_or(p, q))),
)

algebra = theory(arithmetic, forgetful, signs, order, choice, name="algebra")
