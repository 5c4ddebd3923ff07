"""The order of operands: a readable structural key, the same in every process."""

from __future__ import annotations

import hashlib
from operator import attrgetter
from typing import Any

import numpy as np

from ..terms.term import ATTRIBUTE, BOUND, CONST, INPUT, LVAR, Term
from ..terms.type import dtype_name

__all__ = ["sort_key", "sorted_operands"]

_LONG = 48
_key: Any = attrgetter("key")


def sort_key(t: Term) -> str:
    """Constants first, then names, then compound terms by op and operands; long keys end in a digest.

    Keys of operands are at most 65 characters, so a key costs the same at any depth; iterative for the same reason.
    """
    if t.key is not None:
        return t.key
    stack = [t]
    while stack:
        u = stack[-1]
        if u.key is not None:
            stack.pop()
            continue
        if not u.args:
            u.key = _leaf_key(u)
            continue
        keys: list[Any] = [a.key for a in u.args]
        if None in keys:
            stack.extend([a for a in u.args if a.key is None])
            continue
        u.key = _clip(f"2{u.op.name}({','.join(keys)})")
    return t.key or ""


def _clip(text: str) -> str:
    if len(text) <= _LONG:
        return text
    return f"{text[:_LONG]}~{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]}"


def _leaf_key(t: Term) -> str:
    if t.op is CONST:
        return _clip("0" + _constant_key(t.data))
    if t.op is INPUT:
        return _clip(f"1{t.data}:{t.type!r}")
    if t.op is LVAR:
        return f"1?{t.data}"
    if t.op is BOUND:
        return f"1.{t.data:06d}:{t.type!r}"
    return _clip(f"{t.op.name if t.op is not ATTRIBUTE else ''}{t.data!r}")


def _constant_key(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.ndim == 0:
        return f"{value.item()!r}:{dtype_name(value.dtype)}"
    return f"{value.dtype.name}{value.shape}{hashlib.md5(value.tobytes(), usedforsecurity=False).hexdigest()[:16]}"


def sorted_operands(operands: list[Term]) -> list[Term]:
    """Operands by key."""
    for t in operands:
        if t.key is None:
            sort_key(t)
    operands.sort(key=_key)
    return operands
