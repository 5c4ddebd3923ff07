"""Forms that run faster and mean the same: used after simplification, on terms as they are."""

from __future__ import annotations

from typing import Any

from relgraph.numpy import reciprocal, square
from relgraph.relations import Theory, lvars, theory

from .algebra import arithmetic

x, = lvars("x")
MOST = 16  # beyond, the rounding of each product shows


def product_of_squares(x: Any, n: int) -> Any:
    """``x**n`` from the binary digits of n: a square for each, and a product for each that is 1."""
    out = x
    for digit in f"{n:b}"[1:]:
        out = square(out) * x if digit == "1" else square(out)
    return out


def squaring() -> Theory:
    """Powers of small whole exponents by squaring."""
    relations: dict[str, Any] = {f"pow_{n}": (x**n, product_of_squares(x, n)) for n in range(3, MOST + 1)}
    relations |= {f"pow_less_{n}": (x**-n, product_of_squares(reciprocal(x), n)) for n in range(1, 5)}
    return theory(name="squaring", precedence="power > reciprocal > square > multiply", **relations)


specialized = theory(
    arithmetic["square_pow"].reversed(), squaring(),
    name          = "specialized",
)
