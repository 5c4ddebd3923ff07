"""What a row may state about its op: the algebra that the normal form and the law library read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .term import Op

__all__ = ["Absorbing", "Associative", "Commutative", "Even", "Group", "Idempotent", "Involution", "Lattice", "Moves", "Odd",
           "Power"]


@dataclass(frozen=True)
class Group:
    """An associative and commutative op with a unit, an inverse and a difference: ``x - y = x + (-y)``.

    ``sign`` is the inverse of another group that leaves this op's operands: ``(-x)*y = -(x*y)``.
    """

    unit: int
    inverse: Op
    difference: Op
    sign: Op | None = None


@dataclass(frozen=True)
class Power:
    """Repeated application of the op of a group: ``x**n`` for ``mul``."""

    of: str


@dataclass(frozen=True)
class Commutative:
    """``f(x, y) = f(y, x)``."""


@dataclass(frozen=True)
class Associative:
    """``f(f(x, y), z) = f(x, f(y, z)) = f(x, y, z)``, with the same attributes."""


@dataclass(frozen=True)
class Lattice:
    """Associative, commutative, idempotent; ``dual`` is the name of the op that absorbs it."""

    dual: str


@dataclass(frozen=True)
class Idempotent:
    """``f(f(x)) = f(x)``."""


@dataclass(frozen=True)
class Involution:
    """``f(f(x)) = x``."""


@dataclass(frozen=True)
class Even:
    """``f(-x) = f(x)``."""


@dataclass(frozen=True)
class Odd:
    """``f(-x) = -f(x)``."""


@dataclass(frozen=True)
class Moves:
    """Which element of an operand an element of the result is does not depend on what numbers these are."""


@dataclass(frozen=True)
class Absorbing:
    """``f(x, zero) = zero``."""

    zero: int
