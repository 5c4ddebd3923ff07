"""Forms that run faster and mean the same: used after simplification, on terms as they are."""

from __future__ import annotations

from relgraph.numpy import reciprocal, square
from relgraph.relations import lvars, theory

from .algebra import arithmetic

x, = lvars("x")

specialized = theory(
    arithmetic["square_pow"].reversed(),
    name          = "specialized",
    pow_cube      = (x**3,                        square(x) * x),
    pow_fourth    = (x**4,                        square(square(x))),
    pow_inverse   = (x**-1,                       reciprocal(x)),
    precedence    = "power > square > multiply > reciprocal",
)
