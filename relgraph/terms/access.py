"""Which operand elements an element of a result is made of: the data of the ``access`` column.

A row's ``access(index, shapes, *attributes)`` gets the index of an output element (dims, named ``i0``, ``i1``, …) and
the operands' shapes, and says what stands there.  Backends render these four values; none names an op.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from .dims import Dim

__all__ = ["Access", "Compare", "Index", "Number", "Read", "Reduce", "Select"]


@dataclass(frozen=True)
class Read:
    """The element of an operand at an index; an entry may itself be a `Read` of an integer operand.

    An index read from an operand counts from the end when negative and must be in range: backends check it.
    """

    operand: int
    index: tuple[Dim | Read, ...]


@dataclass(frozen=True)
class Number:
    """A literal number, in the dtype of the result."""

    value: float


@dataclass(frozen=True)
class Index:
    """An integer expression of the index, as a number of the result's dtype."""

    value: Dim


@dataclass(frozen=True)
class Compare:
    """A condition on integers."""

    sign: Literal["<", "<=", "=="]
    left: Dim
    right: Dim


@dataclass(frozen=True)
class Select:
    """``then`` where all conditions hold, else ``otherwise``; only the chosen one is evaluated."""

    conditions: tuple[Compare, ...]
    then: Any
    otherwise: Any


Access: TypeAlias = Read | Number | Index | Select


@dataclass(frozen=True)
class Reduce:
    """How a reduction combines: its identity and a template over the accumulator ``{0}`` and a value ``{1}``.

    ``identity`` is a number, or "lowest" / "highest" for the dtype's least and greatest value (-inf, inf for floats).
    """

    identity: float | Literal["lowest", "highest"]
    c: Any
    numba: Any
