"""The program: loop nests over buffers and calls of library routines, in no particular language.

Integers that address memory are `Dim`s.  A name that starts with ``%`` is a loop variable (``%i0``), a stride of an
input (``%s0_1``) or a value computed before (``%7``); any other name is a size, read off the arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from ..terms import dims
from ..terms.access import Compare, Reduce
from ..terms.dims import Dim
from ..terms.term import Op
from ..terms.type import Type

__all__ = ["Acc", "Apply", "At", "Block", "Buffer", "Call", "Check", "Choose", "Convert", "Expr", "Failure", "For", "Kernel",
           "Let", "Load", "Number", "Program", "Size", "Step", "Stmt", "Store", "Update", "View", "walk"]

DType: TypeAlias = np.dtype[Any]


# -- expressions: their operands are names of values ------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: Any


@dataclass(frozen=True, slots=True)
class Size:
    """An integer expression as a number."""

    value: Dim


@dataclass(frozen=True, slots=True)
class Load:
    """The element of a buffer at a linear position."""

    buffer: int
    at: Dim


@dataclass(frozen=True, slots=True)
class At:
    """An index that was read: counted from the end if negative, failure ``code`` if out of range, then 0."""

    value: str
    size: Dim
    code: int


@dataclass(frozen=True, slots=True)
class Convert:
    """A value in another dtype."""

    value: str
    source: DType


@dataclass(frozen=True, slots=True)
class Apply:
    """An op of values whose dtype is ``computed``."""

    op: Op
    values: tuple[str, ...]
    computed: DType


Expr: TypeAlias = Number | Size | Load | At | Convert | Apply


# -- statements -----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Let:
    """A value gets a name, once."""

    name: str
    dtype: DType
    value: Expr


@dataclass(frozen=True, slots=True)
class Store:
    """A value goes to a linear position of a buffer."""

    buffer: int
    at: Dim
    value: str


@dataclass(frozen=True, slots=True)
class Choose:
    """A value is computed by the first block if all conditions hold, else by the second."""

    name: str
    dtype: DType
    conditions: tuple[Compare, ...]
    then: tuple[Stmt, ...]
    then_value: str
    otherwise: tuple[Stmt, ...]
    otherwise_value: str


@dataclass(frozen=True, slots=True)
class Acc:
    """What a loop accumulates: its name has the value once the loop is done."""

    name: str
    dtype: DType
    combine: Reduce


@dataclass(frozen=True, slots=True)
class Update:
    """A value is combined into an accumulator of an enclosing loop; ``buffer`` scatters instead, at a position."""

    acc: str
    value: str
    buffer: int = -1
    at: Dim = 0


@dataclass(frozen=True, slots=True)
class For:
    """A loop; ``tile`` marks one whose values are kept side by side for a strip of its range (see `Kernel`)."""

    index: str
    extent: Dim
    body: tuple[Stmt, ...]
    accs: tuple[Acc, ...] = ()
    tile: bool = False


Stmt: TypeAlias = Let | Store | Choose | Update | For
Block: TypeAlias = list[Stmt]


def walk(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    """Every statement, outer ones first."""
    stack: list[Stmt] = list(reversed(body))
    while stack:
        s = stack.pop()
        yield s
        if isinstance(s, For):
            stack.extend(reversed(s.body))
        elif isinstance(s, Choose):
            stack.extend(reversed(s.otherwise))
            stack.extend(reversed(s.then))


# -- buffers and steps ------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Buffer:
    """A place for elements in C order: an argument, a constant, a result, or scratch memory at a slot.

    An argument with ``strided`` is only read through a `View`, by its own strides.
    """

    kind: Literal["input", "const", "output", "scratch"]
    dtype: DType
    shape: tuple[Dim, ...]
    position: int  # argument, constant, result or slot number
    strided: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Elements of a buffer, by an offset and a stride per axis, counted in elements."""

    buffer: int
    offset: Dim
    shape: tuple[Dim, ...]
    strides: tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A loop nest, or several over the same outer loops.

    In a kernel with a ``tile`` loop every value of that loop's body is an array over a strip of its range, and each
    statement runs over the whole strip: sums along leading axes then read memory in order.
    """

    body: tuple[Stmt, ...]
    text: str
    zero: tuple[int, ...] = ()  # buffers that start as zeros


@dataclass(frozen=True, slots=True)
class Call:
    """A routine applied to views, once per element of the leading axes ``batch``; a result is a failure code."""

    routine: str
    dtype: DType
    core: tuple[Dim, ...]
    operands: tuple[View, ...]
    results: tuple[View, ...]
    attrs: tuple[Any, ...]
    batch: tuple[Dim, ...]
    ranks: tuple[int, ...]  # core axes of each operand and result
    text: str
    code: int


Step: TypeAlias = Kernel | Call


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on sizes; where it fails the function fails with ``code``."""

    condition: Compare
    code: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failure code other than 0 means to the caller."""

    kind: Literal["shape", "index", "linalg", "value"]
    text: str


@dataclass(frozen=True)
class Program:
    """Inputs, constants and results, buffers, and the steps in order; prints one line per step."""

    name: str
    inputs: tuple[Type, ...]
    outputs: tuple[Type, ...]
    sizes: tuple[tuple[str, int, int], ...]  # a name, the argument and the axis it is read off
    checks: tuple[Check, ...]
    failures: tuple[Failure, ...]
    constants: tuple[Any, ...] = field(repr=False)
    buffers: tuple[Buffer, ...] = field(repr=False)
    slots: tuple[Dim, ...] = field(repr=False)  # bytes of each slot of scratch memory
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        lines = [f"{i}: {s.text}" for i, s in enumerate(self.steps)]
        if self.slots:
            lines.append(f"scratch: {', '.join(map(dims.show, self.slots))} bytes")
        return "\n".join(lines)

    __repr__ = __str__
