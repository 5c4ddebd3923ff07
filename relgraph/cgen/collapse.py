"""Two nested loops over memory in C order are one loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..terms import dims
from ..terms.access import Compare
from ..terms.dims import Dim
from .ir import Choose, For, Let, Load, Size, Stmt, Store, Update
from .layout import split_affine

__all__ = ["collapse"]


def collapse(loop: For) -> For:
    """The loop, merged with the one it consists of if every position in it allows that."""
    if loop.tile or len(loop.body) != 1:
        return loop
    inner = loop.body[0]
    if not isinstance(inner, For) or inner.accs or inner.tile or any(isinstance(s, For) for s in inner.body):
        return loop
    a, b = loop.index, inner.index
    merged: dict[Dim, Dim] = {}
    for d in _positions(inner.body):
        new = _merged(d, a, b, inner.extent)
        if new is None:
            return loop
        merged[d] = new
    extent = dims.mul(loop.extent, inner.extent)
    return For(b, extent, tuple(_mapped(s, lambda d: merged.get(d, d)) for s in inner.body), loop.accs)


def _merged(d: Dim, a: str, b: str, extent: Dim) -> Dim | None:
    if isinstance(d, int):
        return d
    split = split_affine(d, (a, b))
    if split is None:
        return None
    rest, (sa, sb) = split
    return dims.add(rest, dims.mul(b, sb)) if sa == dims.mul(sb, extent) else None


def _positions(body: tuple[Stmt, ...]) -> list[Dim]:
    out: list[Dim] = []
    for s in body:
        if isinstance(s, Let):
            e = s.value
            if isinstance(e, Load):
                out.append(e.at)
            elif isinstance(e, Size):
                out.append(e.value)
        elif isinstance(s, (Store, Update)):
            out.append(s.at)
        elif isinstance(s, Choose):
            out += [x for c in s.conditions for x in (c.left, c.right)] + _positions(s.then) + _positions(s.otherwise)
    return out


def _mapped(s: Stmt, fn: Callable[[Dim], Dim]) -> Stmt:
    if isinstance(s, Let):
        e: Any = s.value
        if isinstance(e, Load):
            return replace(s, value=Load(e.buffer, fn(e.at)))
        if isinstance(e, Size):
            return replace(s, value=Size(fn(e.value)))
        return s
    if isinstance(s, (Store, Update)):
        return replace(s, at=fn(s.at))
    if isinstance(s, Choose):
        conditions = tuple(Compare(c.sign, fn(c.left), fn(c.right)) for c in s.conditions)
        return replace(s, conditions=conditions, then=tuple(_mapped(x, fn) for x in s.then),
                       otherwise=tuple(_mapped(x, fn) for x in s.otherwise))
    return s
