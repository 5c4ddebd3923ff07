"""Positions whose values are known before the program runs: constants, and what counts evenly from `arange`.

What holds of sizes that are names is claimed only where it holds of all sizes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ..terms import dims
from ..terms.dims import Dim, DimCall, DimExpr
from ..terms.elementwise import add, multiply, negative
from ..terms.structure import arange_, broadcast_, dim
from ..terms.term import CONST, Term
from ..terms.type import Type

__all__ = ["Run", "affine", "entry_of", "progression", "run_of_values", "values_of"]

Run: TypeAlias = tuple[Dim, Dim, Dim]  # start, step, length
Array: TypeAlias = np.ndarray[Any, Any]

_DEEP = 8  # sums and products in one another that are looked through
_LONG = 10_000  # more positions than this are not looked up one by one


def affine(t: Term, deep: int = _DEEP) -> tuple[Dim, Dim, Dim | None] | None:
    """A term as start and step of a run; of a number the length is None."""
    if t.op is CONST:
        return run_of_values(t.data) if type(t.type) is Type and t.type.dtype.kind in "iu" else None
    if type(t.type) is not Type or t.type.dtype != np.int64 or not deep:  # narrower integers wrap
        return None
    if t.op is dim:
        return t.args[0].data, 0, None
    if t.op is arange_:
        return 0, 1, t.args[0].data
    if t.op not in (add, multiply, negative, broadcast_):
        return None
    parts = [affine(a, deep - 1) for a in (t.args[:1] if t.op is broadcast_ else t.args)]
    if None in parts:
        return None
    found: list[Any] = parts
    if t.op is broadcast_:
        return found[0] if found[0][2] is None else None
    if t.op is negative:
        start, step, length = found[0]
        return dims.mul(-1, start), dims.mul(-1, step), length
    out = found[0]
    for p in found[1:]:
        combined = _sum(out, p) if t.op is add else _product(out, p)
        if combined is None:
            return None
        out = combined
    return out


def run_of_values(a: Array) -> tuple[Dim, Dim, Dim | None] | None:
    if a.ndim == 0:
        return int(a), 0, None
    if a.ndim > 1 or not a.size:
        return (0, 1, 0) if a.ndim == 1 else None
    step = int(a[1]) - int(a[0]) if a.size > 1 else 1
    even = a.size < 3 or bool(np.all(np.diff(a.astype("int64")) == step))
    return (int(a[0]), step, a.size) if even and step else None


def _sum(p: Any, q: Any) -> Any:
    if None not in (p[2], q[2]) and p[2] != q[2]:
        return None  # one of them is broadcast
    return dims.add(p[0], q[0]), dims.add(p[1], q[1]), q[2] if p[2] is None else p[2]


def _product(p: Any, q: Any) -> Any:
    if q[2] is not None:
        p, q = q, p
    return None if q[2] is not None else (dims.mul(p[0], q[0]), dims.mul(p[1], q[0]), p[2])


def progression(i: Any, n: Dim) -> Run | None:
    """Start, step and length of positions in an axis of length n, if they count evenly and all of them lie in it."""
    if isinstance(i, Term) and i.op is CONST and isinstance(n, int) and i.type is not None:
        i = wrapped(i.data, n)
        found = None if i is None else run_of_values(i)
    else:
        found = affine(i) if isinstance(i, Term) else None
    if found is None or found[2] is None:
        return None
    start, step = found[:2]
    length = found[2]
    if length == 0:
        return 0, 1, 0
    if length == 1:
        step = 1
    if not isinstance(step, int) or step == 0:
        return None
    last = dims.add(start, dims.mul(step, dims.sub(_unclipped(length), 1)))
    low, high = (start, last) if step > 0 else (last, start)
    return (start, step, length) if dims.at_least(low, 0) and dims.at_least(dims.sub(n, high), 1) else None


def entry_of(i: Any, n: Dim) -> tuple[Dim, int, Dim | None] | None:
    """What positions in an axis of length n are in a read by slices, if they are one position, or count evenly."""
    if not isinstance(i, Term) or type(i.type) is not Type:
        return None
    if i.type.ndim == 1:
        run: Any = progression(i, n)
        return run
    found = affine(i) if i.type.ndim == 0 else None
    if found is None:
        return None
    at = dims.add(found[0], n) if isinstance(found[0], int) and found[0] < 0 else found[0]
    return (at, 0, None) if dims.at_least(at, 0) and dims.at_least(dims.sub(n, at), 1) else None


def _unclipped(length: Dim) -> Dim:
    """``m`` of a length ``max(m, 0)``: where it is negative there are no positions at all."""
    if isinstance(length, DimExpr) and len(length.terms) == 1:
        (atoms, count), = length.terms
        if count == 1 and len(atoms) == 1 and isinstance(atoms[0], DimCall) and atoms[0].name == "max":
            return atoms[0].args[0]
    return length


def wrapped(a: Any, n: int) -> Array | None:
    """Positions counted from the start; None if one is out of range."""
    a = np.asarray(a)
    if a.dtype.kind not in "iu" or (a.size and not (-n <= int(a.min()) and int(a.max()) < n)):
        return None
    a = a.astype("int64")
    return np.where(a < 0, a + n, a)


def values_of(i: Any, n: Dim) -> Array | None:
    """The positions in an axis of length n as numbers, from the start; None if they are not known, many, or out of range."""
    if not isinstance(i, Term) or not isinstance(n, int):
        return None
    if i.op is CONST:
        return wrapped(i.data, n) if i.data.size <= _LONG else None
    match progression(i, n):
        case int(start), int(step), int(length) if length <= _LONG:
            return start + step * np.arange(length)
    return None
