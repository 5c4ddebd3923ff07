"""Rows of inverse trigonometric and hyperbolic functions, of angles and of lengths."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .elementwise import elementwise, equal, real_floating, sqrt, where
from .laws import Commutative, Odd
from .term import Op, Term

REFERENCE = "relgraph.terms.reference_special."


def _inverse(name: str, numpy: Any, pullback: Any, c: str, *laws: Any) -> Op:
    """A function of C's <math.h>, of real numbers."""
    return elementwise(name, numpy, pullback, {"f": f"{c}{{f}}({{0}})"}, {"f": f"math.{c}({{0}})"}, n=1, dtype=real_floating,
                       cost=20, laws=laws, reference=REFERENCE + name)


# (1 - x)(1 + x) and (x - 1)(x + 1) keep their digits next to 1, where 1 - x**2 loses them.
arcsin = _inverse("arcsin", np.arcsin, lambda g, y, x: (g / sqrt((1 - x) * (1 + x)),), "asin", Odd())
arccos = _inverse("arccos", np.arccos, lambda g, y, x: (-g / sqrt((1 - x) * (1 + x)),), "acos")
arcsinh = _inverse("arcsinh", np.arcsinh, lambda g, y, x: (g / hypot(1, x),), "asinh", Odd())
arccosh = _inverse("arccosh", np.arccosh, lambda g, y, x: (g / (sqrt(x - 1) * sqrt(x + 1)),), "acosh")
arctanh = _inverse("arctanh", np.arctanh, lambda g, y, x: (g / ((1 - x) * (1 + x)),), "atanh", Odd())

hypot = elementwise("hypot", np.hypot, lambda g, y, a, b: _along(g, y, a, b), {"f": "hypot{f}({0}, {1})"},
                    {"f": "math.hypot({0}, {1})"}, n=2, dtype=real_floating, cost=20, laws=[Commutative()],
                    reference=REFERENCE + "hypot",
                    doc="``sqrt(x**2 + y**2)`` without overflow; its derivative at the origin is zero, as that of `abs`.")
arctan2 = elementwise("arctan2", np.arctan2, lambda g, y, a, b: _turn(g, a, b), {"f": "atan2{f}({0}, {1})"},
                      {"f": "math.atan2({0}, {1})"}, n=2, dtype=real_floating, cost=30, reference=REFERENCE + "arctan2",
                      doc="The angle of the point ``(b, a)`` in [-pi, pi]: the operands are the ordinate, then the abscissa.")


def _along(g: Term, y: Term, a: Term, b: Term) -> tuple[Term, Term]:
    length = where(equal(y, 0), 1, y)
    return g * (a / length), g * (b / length)


def _turn(g: Term, a: Term, b: Term) -> tuple[Term, Term]:
    """By way of the length, whose square may overflow."""
    length = hypot(a, b)
    return g * (b / length) / length, -g * (a / length) / length


def _scaled(name: str, numpy: Any, factor: float, doc: str) -> Op:
    text = f"({{0}} * {factor!r}"
    return elementwise(name, numpy, lambda g, y, x: (g * factor,), {"f": f"{text}{{f}})"}, {"f": f"{text})"}, n=1,
                       dtype=real_floating, cost=1, laws=[Odd()], doc=doc, reference=REFERENCE + name)


deg2rad = _scaled("deg2rad", np.deg2rad, math.pi / 180, "An angle in degrees as radians.")
rad2deg = _scaled("rad2deg", np.rad2deg, 180 / math.pi, "An angle in radians as degrees.")
