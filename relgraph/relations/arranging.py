"""Terms that arrange elements, made by what attribute functions know: nothing is made where nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..terms import dims
from ..terms.indexing import index_, place_
from ..terms.structure import broadcast_, expand_dims_, reshape_, squeeze_, transpose_
from ..terms.term import Term, attr, make
from ..terms.writes import put_
from .layouts import entries

__all__ = ["entry", "expand", "of_operand", "place", "put", "read", "reshape", "spread", "squeeze", "turn", "whole_order"]


def read(x: Term, spec: Sequence[Any]) -> Term:
    """``x`` read by entries for every axis; itself where they read everything."""
    shape, out = x.type.shape, list(spec)
    while out and out[0] == (0, 1, shape[len(shape) - len(out)]):
        out = out[1:]
    return make(index_, (x, attr(tuple(out)))) if out else x


def place(x: Term, shape: Sequence[Any], spec: Sequence[Any]) -> Term:
    """Zeros of a shape with ``x`` where entries for every axis read; itself where they read everything."""
    k = _whole_before(spec, shape)
    return make(place_, (x, attr(tuple(shape[k:])), attr(tuple(spec[k:])))) if k < len(spec) else x


def put(x: Term, v: Term, spec: Sequence[Any]) -> Term:
    """``x`` with ``v`` where entries for every axis read; this one alone where they read everything."""
    k = _whole_before(spec, x.type.shape)
    return v if k == len(spec) and x.type.dtype == v.type.dtype else make(put_, (x, v, attr(tuple(spec[k:]))))


def _whole_before(spec: Sequence[Any], shape: Sequence[Any]) -> int:
    """How many first axes are taken as wholes."""
    return next((k for k, (e, d) in enumerate(zip(spec, shape, strict=True)) if e != (0, 1, d)), len(spec))


def turn(x: Term, order: Sequence[int]) -> Term:
    """``x`` with its axes in another order, counted from the left; itself where nothing changes."""
    n = len(order)
    perm = [k - n for k in order]
    while perm and perm[0] == -len(perm):
        perm = perm[1:]
    return make(transpose_, (x, attr(tuple(perm)))) if perm else x


def expand(x: Term, axes: Iterable[int]) -> Term:
    found = tuple(sorted(axes))
    return make(expand_dims_, (x, attr(found))) if found else x


def squeeze(x: Term, axes: Iterable[int]) -> Term:
    found = tuple(sorted(axes))
    return make(squeeze_, (x, attr(found))) if found else x


def spread(x: Term, shape: tuple[Any, ...]) -> Term:
    return make(broadcast_, (x, attr(tuple(shape)))) if x.type.shape != tuple(shape) else x


def reshape(x: Term, shape: tuple[Any, ...]) -> Term:
    return make(reshape_, (x, attr(tuple(shape)))) if x.type.shape != tuple(shape) else x


def whole_order(perm: Sequence[int], n: int) -> list[int]:
    """A permutation of the last axes as one of all axes, counted from the left."""
    return [*range(n - len(perm)), *[p + n for p in perm]]


def entry(outer: Any, inner: Any) -> Any:
    """A read of a read along one axis."""
    start = dims.add(outer[0], dims.mul(outer[1], inner[0]))
    if inner[2] is None:
        return start, 0, None
    if inner[2] == 0:
        return 0, 1, 0
    return (start, 1, 1) if inner[2] == 1 else (start, outer[1] * inner[1], inner[2])


def of_operand(x: Term, spec: Sequence[Any]) -> Term:
    """What of an operand an elementwise op reads where its result is read: an axis of length 1 is read at 0."""
    shape = x.type.shape
    out = list(entries(shape, tuple(spec[len(spec) - min(len(spec), len(shape)):])))
    for k, d in enumerate(shape):
        start, _, length = out[k]
        if d == 1 and (start, length) != (0, 1):
            out[k] = (0, 0, None) if length is None else (0, 1, 0 if length == 0 else 1)
    return read(x, out)
