"""Constants of the normal form: which number a term is, and the constant a number becomes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import copysign, isfinite
from typing import Any

import numpy as np

from ..terms.elementwise import astype_
from ..terms.structure import broadcast_to
from ..terms.term import CONST, Term, attr, const, make, weak
from ..terms.type import UNKNOWN

_fraction = lru_cache(1024)(Fraction)
_EXACT = 2**24  # integers up to here are numbers of every floating dtype

__all__ = ["cast", "conform", "constant_of", "finite_number", "is_number", "number_of", "same_number"]


def number_of(t: Term) -> Any:
    """The Python number a scalar constant holds, or None."""
    if t.op is not CONST:
        return None
    d = t.data
    if type(d) is np.ndarray:
        return d.item() if d.ndim == 0 else None
    return d


def same_number(t: Term, value: Any) -> bool:
    """Is a term a constant of this value, rounded to its dtype, at any shape?  -0.0 is not 0; NaN is NaN."""
    if t.op is not CONST:
        return t.op.name == "broadcast_to" and same_number(t.args[0], value)
    d = t.data
    if type(d) is not np.ndarray or d.ndim == 0:
        v = d.item() if type(d) is np.ndarray else d
        if v == value:
            return v != 0 or _sign(v) == _sign(value)
        if v != v:
            return type(v) is float and type(value) is float and value != value
        return type(d) is np.ndarray and _rounds(value, d.dtype) and v == _rounded(value, d.dtype)
    first = const(d.flat[0], d.dtype) if d.size else None
    return first is not None and same_number(first, value) and bool((d == d.flat[0]).all()) \
        and (value != 0 or not np.ptp(np.signbit(np.real(d)).astype(int)))


def _sign(value: Any) -> float:
    return copysign(1, value.real if isinstance(value, complex) else value)


def _rounds(value: Any, dtype: np.dtype[Any]) -> bool:
    """May a number of a pattern be another one in this dtype?"""
    if type(value) is float or type(value) is complex:
        return dtype.char in "fF"
    return dtype.kind in "fc" and not -_EXACT <= value <= _EXACT


def _rounded(value: Any, dtype: np.dtype[Any]) -> Any:
    """A number as the nearest one of a floating dtype; None if there is none."""
    try:
        with np.errstate(all="ignore"):
            v = dtype.type(value).item()
    except (OverflowError, TypeError):
        return None
    return v if v and np.isfinite(v) else None


def is_number(t: Term) -> bool:
    """Is a term a scalar constant?"""
    return t.op is CONST and (type(t.data) is not np.ndarray or t.data.ndim == 0)


def finite_number(t: Term) -> Fraction | int | None:
    """A finite real scalar constant (of a complex dtype too) as an exact number, or None; -0.0 is not 0."""
    v = number_of(t)
    if v is None:
        return None
    if isinstance(v, complex):
        if v.imag or copysign(1, v.imag) < 0:
            return None
        v = v.real
    if type(v) is float:
        if v - v != 0 or (not v and copysign(1, v) < 0):
            return None
        return int(v) if v.is_integer() else _fraction(v)  # integers are several times faster
    return int(v)


def constant_of(value: Fraction | int, type_: Any) -> Term | None:
    """The constant of a type's dtype, rounded once; None if it overflows."""
    if type_ is UNKNOWN:
        return weak(int(value) if value == int(value) else float(value))
    dtype = type_.dtype
    if dtype.kind in "iu":
        bits = 8 * dtype.itemsize
        wrapped = int(value) % (1 << bits)
        if dtype.kind == "i" and wrapped >= 1 << (bits - 1):
            wrapped -= 1 << bits
        return const(wrapped, dtype)
    try:
        nearest = float(value)
    except OverflowError:
        return None
    if dtype.char == "d":
        return const(nearest, dtype) if isfinite(nearest) and (nearest or not value) else None
    with np.errstate(all="ignore"):
        rounded = np.asarray(nearest).astype(dtype)
    if not np.isfinite(rounded) or (value != 0 and rounded == 0):
        return None
    return const(rounded, dtype)


def cast(t: Term, type_: Any) -> Term:
    """A term in the dtype of a type."""
    if type_ is UNKNOWN or t.type is UNKNOWN or t.type.dtype is type_.dtype:
        return t
    if t.op is CONST:
        with np.errstate(all="ignore"):
            return const(t.data.astype(type_.dtype), type_.dtype)
    return make(astype_, (t, attr(type_.dtype)))


def conform(t: Term, type_: Any) -> Term:
    """A term in the dtype and the shape of a type, where dropping an operand changed them."""
    if t.type is type_ or type_ is UNKNOWN or t.type is UNKNOWN:
        return t
    t = cast(t, type_)
    return t if t.type is type_ else broadcast_to(t, type_.shape)
