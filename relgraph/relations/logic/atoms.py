"""When two numbers, arrays or other indivisible objects are the same."""

from __future__ import annotations

from math import copysign
from typing import Any

import numpy as np

from ...terms.term import Term
from ...terms.type import UNKNOWN

__all__ = ["same_atom", "same_number"]


def same_number(a: Term, b: Term) -> bool:
    """Whether two constants, one of them without a type, are the same value: in the dtype of the other, at every place."""
    if a.type is not UNKNOWN:
        a, b = b, a
    if a.type is not UNKNOWN:
        return a is b
    if b.type is UNKNOWN:
        return _same_float(complex(a.data), complex(b.data))
    x: np.ndarray[Any, Any] = b.data
    exact = x.dtype.kind not in "fc"  # a float is compared rounded to the dtype, as `0.1 * x` rounds it
    if x.size == 0 or (type(a.data) is complex and x.dtype.kind != "c"):
        return False
    with np.errstate(all="ignore"):
        try:
            y = np.asarray(a.data).astype(x.dtype)
        except OverflowError:
            return False
    if exact and y.item() != a.data:
        return False
    return all(part(x).tobytes() == np.full(x.shape, part(y)).tobytes() for part in (np.real, np.imag))


def _same_float(a: complex, b: complex) -> bool:
    """Equal with the signs of zeros; NaN is NaN."""
    return all((x == y and copysign(1, x) == copysign(1, y)) or (x != x and y != y)
               for x, y in ((a.real, b.real), (a.imag, b.imag)))


def same_atom(a: Any, b: Any) -> bool:
    """Whether two objects that are neither terms nor containers are the same value of the same type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)):
        return a.dtype == b.dtype and a.shape == b.shape and (
            a.tobytes() == b.tobytes() if a.dtype.kind != "O" else all(map(same_atom, a.flat, b.flat)))
    if isinstance(a, (float, complex)):
        return _same_float(complex(a), complex(b))
    try:
        return bool(a == b)
    except (TypeError, ValueError):
        return False
