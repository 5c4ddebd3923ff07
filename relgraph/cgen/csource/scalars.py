"""C for scalars: types, literals, integer expressions of sizes and loop variables."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...terms import dims
from ...terms.access import Compare
from ...terms.dims import Dim, DimCall, DimExpr

__all__ = ["CHUNK", "C_TYPES", "STRIP", "condition", "extreme", "integer", "literal", "name", "pick"]

C_TYPES = {"bool": "b8", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64", "uint8": "u8", "uint16": "u16",
           "uint32": "u32", "uint64": "u64", "float32": "float", "float64": "double", "complex64": "float _Complex",
           "complex128": "double _Complex"}
CHUNK = 1024  # elements added up by a vector accumulator before the partial sums are combined pairwise
STRIP = 256  # values of a strip; a chunk of rows has as many


def literal(value: Any, dtype: np.dtype[Any]) -> str:
    """A number in C, exactly."""
    if dtype.kind == "b":
        return "1" if value else "0"
    if dtype.kind in "iu":
        value = int(value)
        if value == -2**63:
            return "(-9223372036854775807LL - 1)"
        suffix = "ULL" if dtype.kind == "u" and value > 2**31 else "LL" if abs(value) > 2**31 - 1 else ""
        return f"({value}{suffix})" if value < 0 else f"{value}{suffix}"
    single = "f" if dtype.itemsize == (8 if dtype.kind == "c" else 4) else ""
    if dtype.kind == "c":
        value = complex(value)
        return f"__builtin_complex({_real(value.real, single)}, {_real(value.imag, single)})"
    return _real(float(value), single)


def _real(value: float, single: str) -> str:
    if math.isnan(value):
        return f'__builtin_nan{single}("")'
    if math.isinf(value):
        return f"{'(-' if value < 0 else ''}__builtin_inf{single}(){')' if value < 0 else ''}"
    text = repr(value)
    text = text if "." in text or "e" in text else f"{text}.0"
    return f"({text}{single})" if text[0] == "-" else f"{text}{single}"


def extreme(which: str, dtype: np.dtype[Any]) -> Any:
    """The lowest or highest value of a dtype: infinite for floats."""
    if dtype.kind == "f":
        return -math.inf if which == "lowest" else math.inf
    if dtype.kind == "b":
        return which == "highest"
    info = np.iinfo(dtype)
    return int(info.min if which == "lowest" else info.max)


def name(n: str) -> str:
    """A C identifier: loop variables i0, strides s0_1, values v7, sizes n_…."""
    if n.startswith("%"):
        rest = n[1:]
        return f"v{rest}" if rest[0].isdigit() else rest
    if re.fullmatch(r"[A-Za-z0-9_]+", n):
        return f"n_{n}"
    return "n_" + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}_" for c in n)


def integer(d: Dim, name: Callable[[str], str] = name) -> str:
    """An integer expression in C, its variables as ``name`` writes them."""
    if isinstance(d, int):
        return f"{d}" if abs(d) < 2**31 else f"{d}LL"
    if isinstance(d, str):
        return name(d)
    out = ""
    for m, c in d.terms:
        parts = [name(a) if isinstance(a, str) else _call(a, name) for a in m]
        if abs(c) != 1 or not parts:
            parts.insert(0, integer(abs(c)))
        text = "*".join(parts)
        out += f" {'-' if c < 0 else '+'} {text}" if out else f"{'-' if c < 0 else ''}{text}"
    return f"({out})" if len(d.terms) > 1 or out[0] == "-" else out


def _call(a: DimCall, name: Callable[[str], str]) -> str:
    x, y = integer(a.args[0], name), integer(a.args[1], name)
    if a.name == "max":
        return f"rg_size_max({x}, {y})"
    if _non_negative(a.args[0]) and isinstance(a.args[1], (int, str)):
        return f"({x} {'/' if a.name == 'floordiv' else '%'} {y})"
    return f"rg_size_{a.name}({x}, {y})"


def _non_negative(d: Dim) -> bool:
    """Sizes and loop variables are not negative; a stride or an index that was read may be."""
    if isinstance(d, int):
        return d >= 0
    if isinstance(d, DimExpr) and any(c < 0 or any(not isinstance(a, str) for a in m) for m, c in d.terms):
        return False
    return not any(n.startswith("%s") or (n[1:2].isdigit() and n[0] == "%") for n in dims.names(d))


def condition(c: Compare, name: Callable[[str], str] = name) -> str:
    """A comparison of integers in C."""
    return f"{integer(c.left, name)} {c.sign} {integer(c.right, name)}"


def pick(template: Any, kind: str) -> str | None:
    """The template for a kind of dtype."""
    if isinstance(template, str):
        return template
    return next((t for kinds, t in template.items() if kind in kinds), None)
