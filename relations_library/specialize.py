"""Forms that run faster and mean the same: used after simplification, on terms as they are."""

from __future__ import annotations

from relgraph.numpy import reciprocal, square
from relgraph.relations import lvars, theory

x, = lvars("x")

specialized = theory(
    name          = "specialized",
    pow_square    = (x**2,                        square(x)),
    pow_cube      = (x**3,                        square(x) * x),
    pow_fourth    = (x**4,                        square(square(x))),
    pow_inverse   = (x**-1,                       reciprocal(x)),
    precedence    = "power > square > multiply > reciprocal",
)
