"""Numbers that clauses compute, as the ``c + d`` of ``at_least(x + y, c + d)``: exact, or rounded to the safe side.

Arithmetic is done in fractions.  A function that has no exact value (`exp`) may stand outermost; it is computed in floats and
moved by more than its error.  A bound so rounded is weaker than the true one, never stronger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..terms.evaluate import resolve
from ..terms.laws import Power
from ..terms.term import ATTRIBUTE, CONST, Term
from .template import Template

__all__ = ["Number", "as_number", "at_least_as_good", "outward"]

Number = int | float
Tightest = Literal["", "largest", "smallest"]
_LARGEST_POWER = 64
_ULPS = 8  # more than the error of a vectorised function of NumPy, 4 ulp
_ERRORS = (TypeError, AttributeError, ValueError, ZeroDivisionError, OverflowError)


def as_number(t: Term) -> Number | None:
    """The finite number that an operand is; a whole one as an integer."""
    if t.op is ATTRIBUTE and isinstance(t.data, int):
        return t.data
    if t.op is not CONST or np.ndim(t.data):
        return None
    value = t.data.item() if isinstance(t.data, (np.ndarray, np.generic)) else t.data
    if isinstance(value, complex) or not math.isfinite(value):
        return None
    return _whole(value)


def at_least_as_good(tightest: Tightest, a: Number, b: Number) -> bool:
    """Whether what holds with one number holds with another one."""
    return a >= b if tightest == "largest" else a <= b


def outward(expression: Template, binding: Sequence[Term | None], tightest: Tightest) -> Number | None:
    """The number of an expression, rounded towards what claims less; None if there is none that is finite."""
    values: list[Any] = [_value(t) for t in (*binding[: len(expression.variables)], *expression.constants)]
    for i, (op, refs) in enumerate(expression.steps):
        operands = [values[r] for r in refs]
        if any(v is None for v in operands):
            values.append(None)
        elif op.kind == "attribute_function":
            assert op.definition is not None
            values.append(_value(op.definition(*operands)) if all(isinstance(v, Term) for v in operands) else None)
        else:
            last = i == len(expression.steps) - 1
            values.append(_computed(op, operands, tightest if last else ""))
    found = values[expression.result]
    return _rounded(found, tightest) if isinstance(found, (Fraction, float)) else None


def _value(t: Term | None) -> Any:
    """A fraction for a number; a term or an attribute as it is."""
    number = None if t is None else as_number(t)
    return t if number is None else Fraction(number)


def _computed(op: Any, operands: list[Any], tightest: Tightest) -> Any:
    numbers = [v for v in operands if isinstance(v, Fraction)]
    if len(numbers) != len([v for v in operands if not (isinstance(v, Term) and v.op is ATTRIBUTE)]):
        return None
    fn = resolve(op.numpy)
    with np.errstate(all="ignore"):
        try:
            if op.law(Power) is None or abs(numbers[-1]) <= _LARGEST_POWER:  # an exact power has that many times the digits
                found = fn(*[v.data if isinstance(v, Term) else v for v in operands])
                if isinstance(found, (int, Fraction)):
                    return Fraction(found)
        except _ERRORS:
            pass
        try:
            found = float(fn(*[v.data if isinstance(v, Term) else np.float64(v) for v in operands]))
        except _ERRORS:
            return None
    if not tightest or not math.isfinite(found):
        return None
    step = _ULPS * math.ulp(found)
    return found - step if tightest == "largest" else found + step


def _rounded(x: Fraction | float, tightest: Tightest) -> Number | None:
    try:
        near = float(x)
    except OverflowError:
        return None
    if not math.isfinite(near):
        return None
    if tightest == "largest" and near > x:
        near = math.nextafter(near, -math.inf)
    elif tightest == "smallest" and near < x:
        near = math.nextafter(near, math.inf)
    return _whole(near)


def _whole(x: Any) -> Number:
    return int(x) if x == int(x) and abs(x) < 2**53 else x
