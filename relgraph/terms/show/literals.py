"""Python source of values: numbers, arrays, dims, types and attributes, exact to the last bit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dims import Dim, DimCall, DimExpr
from ..type import ATTR, UNKNOWN, LamType, TupleType, Type

__all__ = ["array", "number", "value"]

_LISTED = 64  # elements; larger arrays are written as bytes
_CALLS = {"max": "maximum", "floordiv": "floordiv", "mod": "mod"}


def number(x: Any) -> str:
    """A Python number."""
    if isinstance(x, complex):
        return f"complex({number(x.real)}, {number(x.imag)})"
    if isinstance(x, float):
        return repr(x) if math.isfinite(x) else "np.nan" if x != x else "np.inf" if x > 0 else "-np.inf"
    return repr(x)


def array(a: np.ndarray[Any, Any]) -> str:
    """An array with exactly these bytes."""
    exact = a.size and a.size <= _LISTED and (a.dtype.kind in "biu" or (a.dtype.kind == "f" and np.isfinite(a).all()))
    if exact:
        return f"np.array({a.tolist()!r}, {a.dtype.name!r})"
    if not a.size:
        return f"np.zeros({a.shape!r}, {a.dtype.name!r})"
    return f"np.frombuffer(bytes.fromhex('{a.tobytes().hex()}'), {a.dtype.name!r}).reshape({a.shape!r})"


def _dim(d: Dim) -> str:
    """A dim as calls of `relgraph.terms.dims`; a size of int or name is itself."""
    if not isinstance(d, DimExpr):
        return repr(d)
    total = ""
    for monomial, c in d.terms:
        factors = [_atom(a) for a in monomial] + ([str(c)] if c != 1 or not monomial else [])
        text = factors[0]
        for f in factors[1:]:
            text = f"rg.terms.dims.mul({text}, {f})"
        total = f"rg.terms.dims.add({total}, {text})" if total else text
    return total


def _atom(a: str | DimCall) -> str:
    return repr(a) if isinstance(a, str) else f"rg.terms.dims.{_CALLS[a.name]}({_dim(a.args[0])}, {_dim(a.args[1])})"


def value(v: Any) -> str:
    """An attribute: axes, shapes, dtypes, types, dims, and tuples of them."""
    if isinstance(v, tuple):
        return f"({', '.join(map(value, v))}{',' if len(v) == 1 else ''})"
    if isinstance(v, Type):
        return f"rg.Type({v.dtype.name!r}, {value(v.shape)})"
    if isinstance(v, (LamType, TupleType)):
        return f"rg.terms.type.{type(v).__name__}({value(v.items)})"
    if v is ATTR or v is UNKNOWN:
        return f"rg.terms.type.{v!r}"
    if isinstance(v, np.dtype):
        return f"np.dtype({v.name!r})"
    if isinstance(v, DimExpr):
        return _dim(v)
    if isinstance(v, (float, complex)):
        return number(v)
    return repr(v)
