"""Polynomials: Horner's scheme, squares and products of sums; the forms that cancel least and multiply least."""

from __future__ import annotations

from functools import cache
from typing import Any

from relgraph.relations import Theory, literals, lvars, theory
from relgraph.relations.predicates import same_dtype

x, y = lvars("x y")
a, b, c = lvars("a b c", kinds="iufc")
c1, c2, c3 = literals("c1 c2 c3")


@cache
def horner(degree: int) -> Theory:
    """``c*x**2 + d*x + e = (c*x + d)*x + e`` and so on, for literal coefficients of which none is missing."""
    v, = lvars("x", kinds="iufc")
    coefficients = literals(" ".join(f"c{k}" for k in range(degree + 1)))
    powers: Any = coefficients[0]
    nested: Any = coefficients[-1]
    for k in range(1, degree + 1):
        powers = powers + coefficients[k] * (v**k if k > 1 else v)
    for k in reversed(range(degree)):
        nested = nested * v + coefficients[k]
    stated: dict[str, Any] = {f"horner_{degree}": (powers, nested)}
    return theory(**stated)


# fewer multiplications and no powers; nothing brings the powers back
horner_scheme = theory(
    *[horner(n) for n in range(6, 1, -1)],
    name                = "horner_scheme",
    horner_cubic        = (c3*x**3 + c2*x**2,                   (c3*x + c2)*x**2),
    horner_quadratic    = (c2*x**2 + c1*x,                      (c2*x + c1)*x),
)

# recognised in the direction that cancels less
factored = theory(
    name                = "factored",
    common_factor       = (a*b + a*c,                           a * (b + c),        same_dtype(a, b) & same_dtype(a, c)),
    square_sum          = (a**2 + 2*a*b + b**2,                 (a + b)**2,         same_dtype(a, b)),
    square_diff         = (x**2 - 2*x*y + y**2,                 (x - y)**2),
    square_one_sum      = (1 + 2*x + x**2,                      (1 + x)**2),
    square_one_diff     = (1 - 2*x + x**2,                      (1 - x)**2),
    diff_of_squares     = (x**2 - y**2,                         (x - y) * (x + y)),
    precedence          = "add > multiply",
)

# squares of sums that cancel in part
squares = theory(
    name                = "squares",
    cube_sum            = (x**3 + 3*x**2*y + 3*x*y**2 + y**3,   (x + y)**3),
    square_less_square  = ((x + y)**2 - x**2,                   y * (2*x + y)),
    squares_crossed     = ((x + y)**2 - (x - y)**2,             4*x*y),
    squares_parallel    = ((x + y)**2 + (x - y)**2,             2*x**2 + 2*y**2),
)
