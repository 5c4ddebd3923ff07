"""Whole powers in a product: read as that of a product or a quotient, ``(x*y)**n`` or ``(x/y)**n``, or as ``x/y/y``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..terms.term import Term
from ..terms.type import Type
from .algebra import algebra
from .constants import finite_number

__all__ = ["Meeting", "meetings", "repeated", "whole_power"]


@dataclass
class Meeting:
    """Powers of one exponent n: factors, what is divided by, and what is left of divisors of a higher power."""

    n: int
    up: list[Term]
    down: list[Term] = field(default_factory=list)
    higher: list[tuple[Term, int]] = field(default_factory=list)  # y**m, of which y**(m - n) is left


def meetings(up: Sequence[Term], down: Sequence[Term], type_: Type) -> list[Meeting]:
    """The powers that are read together.

    Every divisor of the power of a factor joins it; of a real number also one of a higher power, up to cubes.
    """
    found: dict[int, Meeting] = {}
    for x in up:
        if n := whole_power(x):
            found.setdefault(n, Meeting(n, [])).up.append(x)
    if not found:
        return []
    real = type_.dtype is None or type_.dtype.kind == "f"
    for y in down:
        m = whole_power(y)
        n = m if m in found else max([n for n in found if n < m <= m * real], default=0)
        if n and (m == n or n <= 3):
            found[n].down.append(y)
            if m > n:
                found[n].higher.append((y, m))
    return [m for m in found.values() if len(m.up) > 1 or m.down]


def whole_power(x: Term) -> int:
    """n of ``x**n`` for a whole n from 2 on, else 0."""
    n = finite_number(x.args[1]) if x.op in algebra().powers else None
    return int(n) if n is not None and n == int(n) and n > 1 else 0


def repeated(down: list[Term]) -> tuple[list[Term], list[Term]]:
    """Divisors to divide by twice or three times, ``x/y/y``: the square of a large or small number is no float; and others."""
    powers = {y: n for y in down if (n := whole_power(y)) in (2, 3)}
    again = [y.args[0] for k in range(3) for y, n in powers.items() if k < n]  # x/y/z/y/z: what is large meets what is small
    return again, [y for y in down if y not in powers]
