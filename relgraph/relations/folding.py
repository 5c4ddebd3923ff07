"""Constant folding, one generic relation: an op on constants equals the constant that NumPy computes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import RelgraphError
from ..terms.evaluate import compute
from ..terms.structure import broadcast_
from ..terms.term import ATTRIBUTE, CONST, Term, const, lvar
from ..terms.type import UNKNOWN, Type
from .constants import conform
from .relation import Relation
from .template import Template

__all__ = ["FOLDING", "Fold", "folded"]

SMALL = 64  # elements that a folded constant may always have; a larger one must not outgrow its operands

_f = lvar("f")
FOLDING = Relation("constant_fold", _f, _f, declared="exact", kind="folding")


def folded(t: Term) -> Term | None:
    """The constant equal to an op applied to constants, or None if it is not worth its size or has no value."""
    n = len(t.args) - len(t.op.attrs)
    if type(t.type) is not Type or n == 0 or t.op.numpy is None or t.op is broadcast_ or t.op.kind in ("identity", "binder"):
        return None  # a number that is repeated is best said by `broadcast_to`
    if t.op.kind == "access" and all(a.op is CONST and np.ndim(a.data) == 0 for a in t.args[:n]):
        return None  # a repeated or reshaped number stays a number for the rules that look for one
    size = _elements(t)
    numbers = [_number(a) for a in t.args[:n]]
    if t.op.kind == "elementwise" and all(d is not None for d in numbers):
        value = _value(t, numbers, n)
        return None if value is None else conform(const(value, t.type.dtype), t.type)
    operands = [_array(a) for a in t.args[:n]]
    if size is None or any(d is None for d in operands) or (size > SMALL and size > sum(d.size for d in operands)):
        return None
    value = _value(t, operands, n)
    return None if value is None else const(value, t.type.dtype)


def _elements(t: Term) -> int | None:
    """How many elements a term has; None if a size is not known, even where another is 0: an array has known sizes."""
    shape: Any = t.type.shape
    return math.prod(shape) if all(isinstance(d, int) for d in shape) else None


def _number(t: Term) -> Any:
    """The array without axes that a term is, or repeats; None for other terms."""
    if t.op is broadcast_:
        t = t.args[0]
    return t.data if t.op is CONST and t.type is not UNKNOWN and t.data.ndim == 0 else None


def _array(t: Term) -> Any:
    """The array that a term is; None for one that is no constant, or a large one of repeated numbers."""
    if t.op is CONST and t.type is not UNKNOWN:
        return t.data
    if t.op is broadcast_ and t.args[0].op is CONST and type(t.type) is Type:
        size = _elements(t)
        shape: Any = t.type.shape
        return np.broadcast_to(t.args[0].data, shape) if size is not None and size <= SMALL else None
    return None


def _value(t: Term, operands: list[Any], n: int) -> Any:
    try:
        return compute(t.op, t.type, operands, [a.data for a in t.args[n:]], [a.type for a in t.args[:n]])
    except (ValueError, ArithmeticError, IndexError, TypeError, RelgraphError):
        return None  # whatever fails here fails again, with its message, when the function is called


class Fold:
    """The rule: its matcher computes."""

    name = "constant_fold"
    direction = "->"
    variant = ""
    collects = False
    relation = FOLDING
    guards: tuple[Any, ...] = ()
    variables = (_f,)
    lhs = rhs = _f
    template = Template((_f,), (), (), 0)

    @staticmethod
    def applies(t: Term) -> bool:
        """Are all operands constants, constants repeated, or attributes?"""
        return all([a.op is CONST or a.op is ATTRIBUTE or (a.op is broadcast_ and a.args[0].op is CONST) for a in t.args])

    @staticmethod
    def matcher(t: Term) -> tuple[tuple[Term, ...], None] | None:
        """The constant, as the binding of the one variable."""
        value = folded(t)
        return None if value is None else ((value,), None)

    def __str__(self) -> str:
        return "constant_fold: an op on constants -> the constant that NumPy computes"

    __repr__ = __str__
