"""Sums, products, powers, signs, order: the algebra of elementwise ops."""

from __future__ import annotations

from relgraph.numpy import abs, multiply, sign, sqrt, square
from relgraph.numpy import positive as plus
from relgraph.relations import literals, lvars, theory
from relgraph.relations.predicates import equal_to, even, finite, integer, negative, nonnegative, nonpositive, nonzero, positive
from relgraph.terms.laws import Even, Odd

from .booleans import booleans
from .laws import even as even_function
from .laws import having, homomorphism, idempotent, odd, of_each
from .order import choice, order

x, y, z = lvars("x y z")
w, = lvars("w", kinds="iuc")
k, = lvars("k", kinds="iuf")
u, = lvars("u", kinds="fc")
t, = lvars("t", kinds="iufc")
c, d = literals("c d")

arithmetic = theory(
    name        = "arithmetic",
    collect     = (c*t + d*t,               (c + d) * t,      finite(c + d) & nonzero(c + d)),
    vanish      = (c*x + d*x,               0 * abs(x),       equal_to(c + d, 0)),
    vanish_else = (c*w + d*w,               0 * w,            equal_to(c + d, 0)),
    pow_add     = (x**c * x**d,             x**(c + d),       integer(c) & integer(d) & nonnegative(c * d)),
    square_pow  = (square(x),               x**2),
    pow_pow     = (x**c * x**d,             x**(c + d),       positive(x), "domain"),
    cancel      = (x * y / x,               y,                nonzero(x), "domain"),
    distribute  = ((y/x + z) * x,           y + z*x,          nonzero(x)),
    pow_over    = (x**c * x**d,             x**(c + d),       integer(c) & integer(d) & negative(c + d)),
    pow_quotient = (x**c * x**d,            x**(c + d),       integer(c) & integer(d) & nonzero(x) & nonzero(c + d)),
    sqrt_sq     = (sqrt(x**2),              abs(x)),
    sqrt_twice  = (sqrt(x) * sqrt(x),       x,                nonnegative(x)),
    sqrt_square = (sqrt(x)**2,              x,                nonnegative(x)),
    precedence  = "square > power",
)

# what cancels where nothing infinite is lost, without a licence to forget NaN
cancellations = theory(
    name        = "cancellations",
    zero_factor = (0 * u,                   0,                finite(u)),
    zero_over   = (0 / x,                   0,                nonzero(x) & finite(x)),
    minus_self  = (u - u,                   0,                finite(u)),
    over_self   = (x / x,                   1,                nonzero(x) & finite(x)),
    minus_plus  = (x + y - x,               y,                finite(x)),
    over_times  = (x * y / x,               y,                nonzero(x) & finite(x)),
)

# whole powers; the normal form of products has none of these
powers = theory(
    name        = "powers",
    pow_zero    = (k**0,                    1),
    pow_one     = (k**1,                    k),
    one_pow     = (1**x,                    1),
    pow_of_pow  = ((x**c)**d,               x**(c * d),       integer(c) & integer(d)),
    pow_of_abs  = (abs(x)**c,               abs(x**c),        integer(c)),
    pow_of_neg  = ((-x)**c,                 x**c,             even(c)),
    plus_sign   = (plus(t),                 t),
    precedence  = "power > abs",
)

# true of finite numbers only: these forget that an operand was infinite or NaN
forgetful = theory(
    name        = "forgetful",
    mul_zero    = (0 * u,                   0,                "domain"),
)

signs = theory(
    of_each(odd, *having(Odd)), of_each(even_function, *having(Even)), idempotent(abs), idempotent(sign),
    homomorphism(abs, multiply, multiply, "fc"),
    name        = "signs",
    abs_pos     = (abs(x),                  x,                nonnegative(x)),
    abs_neg_of  = (abs(x),                  -x,               nonpositive(x)),
    abs_even    = (abs(x)**c,               x**c,             even(c)),
    abs_inverse = (1 / abs(u),              abs(1 / u)),
    sign_pos    = (sign(x),                 1,                positive(x), "domain"),
    sign_abs    = (sign(x) * abs(x),        x),
    sign_ratio  = (x / abs(x),              sign(x),          nonzero(x) & finite(x)),
    sign_factor = (sign(x * y),             sign(y),          positive(x) & finite(x)),
    sign_minus  = (sign(x * y),             -sign(y),         negative(x) & finite(x)),
    sign_inverse = (sign(1 / x),            sign(x),          nonzero(x) & finite(x)),
    sign_over    = (sign(y / x),            sign(y),          positive(x) & finite(x)),
    sign_over_neg = (sign(y / x),           -sign(y),         negative(x) & finite(x)),
    inverse_sign = (1 / sign(x),            sign(x),          nonzero(x)),
    sign_of_abs = (sign(abs(x)),            abs(sign(x))),
    precedence  = "reciprocal > abs, sign > abs",
)

algebra = theory(arithmetic, forgetful, signs, order, choice, booleans, name="algebra")
