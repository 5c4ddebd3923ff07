"""Constant folding, one generic relation: an op on constants equals the constant that NumPy computes."""

from __future__ import annotations

from typing import Any

from ..errors import RelgraphError
from ..terms import dims
from ..terms.evaluate import compute
from ..terms.term import ATTRIBUTE, CONST, Term, const, lvar
from ..terms.type import UNKNOWN, Type
from .relation import Relation
from .template import Template

__all__ = ["FOLDING", "Fold", "folded"]

SMALL = 64  # elements that a folded constant may always have; a larger one must not outgrow its operands

_f = lvar("f")
FOLDING = Relation("constant_fold", _f, _f, declared="exact", kind="folding")


def folded(t: Term) -> Term | None:
    """The constant equal to an op applied to constants, or None if it is not worth its size or has no value."""
    n = len(t.args) - len(t.op.attrs)
    if type(t.type) is not Type or n == 0 or t.op.numpy is None or t.op.kind in ("identity", "binder"):
        return None
    size = dims.product(t.type.shape)
    operands = t.args[:n]
    if not isinstance(size, int) or any(a.op is not CONST or a.type is UNKNOWN for a in operands):
        return None
    if size > SMALL and size > sum(a.data.size for a in operands):
        return None
    try:
        value = compute(t.op, t.type, [a.data for a in operands], [a.data for a in t.args[n:]], [a.type for a in operands])
    except (ValueError, ArithmeticError, IndexError, TypeError, RelgraphError):
        return None  # whatever fails here fails again, with its message, when the function is called
    return const(value, t.type.dtype)


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
        """Are all operands constants or attributes?"""
        return all([a.op is CONST or a.op is ATTRIBUTE for a in t.args])

    @staticmethod
    def matcher(t: Term) -> tuple[tuple[Term, ...], None] | None:
        """The constant, as the binding of the one variable."""
        value = folded(t)
        return None if value is None else ((value,), None)

    def __str__(self) -> str:
        return "constant_fold: an op on constants -> the constant that NumPy computes"

    __repr__ = __str__
