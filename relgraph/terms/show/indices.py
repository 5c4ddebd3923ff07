"""Subscripts as a user writes them: ``x[1:-1, 0]`` for the starts, steps and lengths that the `index` row stores."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .. import dims
from ..dims import Dim, DimExpr
from ..indexing import Entry, slice_entry

__all__ = ["keys", "subscript"]


def _constants(d: Dim) -> set[int]:
    """The integers inside a dim: where a bound the user wrote may be found again."""
    if isinstance(d, int):
        return {d}
    if isinstance(d, str):
        return set()
    out: set[int] = set()
    for monomial, c in d.terms:
        if not monomial:
            out.add(c)
        for atom in monomial:
            if not isinstance(atom, str):
                out |= _constants(atom.args[0]) | _constants(atom.args[1])
    return out


def _simplest(found: set[int]) -> list[int]:
    return sorted(found, key=lambda c: (abs(c), c < 0))


@lru_cache(4096)
def _key(entry: Entry, size: Dim) -> int | slice | None:
    """The shortest integer or slice that makes this entry; None if there is none with integer bounds."""
    start, step, length = entry
    back = dims.sub(start, size)
    if length is None:
        return start if isinstance(start, int) else back if isinstance(back, int) and back < 0 else None
    inside = _constants(start) | _constants(length)
    inside |= {-c for c in inside}
    starts: list[int | None] = [None, *([start] if isinstance(start, int) else _simplest(inside | _constants(back)))]
    stop = dims.add(start, dims.mul(step, length))
    near = inside | {c + k for c in inside for k in (_constants(start) or {0})} | _constants(stop)
    stops: list[int | None] = [None, *([stop] if isinstance(stop, int) and stop >= 0 else []), *_simplest(near)]
    for a in starts:
        for b in stops:
            found = slice(a, b, None if step == 1 else step)
            if slice_entry(found, size) == entry:
                return found
    return None


def keys(spec: tuple[Entry, ...], shape: tuple[Dim, ...] | None) -> tuple[Any, ...] | None:
    """A subscript that gives this ``spec`` on an array of this shape; None where only dims can say it."""
    if shape is None:
        return None
    found = [_key(e, d) for e, d in zip(spec, shape[len(shape) - len(spec):], strict=True)]
    if any(k is None for k in found):
        return None
    whole = slice(None)
    out = [whole] * (len(shape) - len(spec)) + found
    while len(out) > 1 and out[-1] == whole:
        out.pop()
    return tuple(out)


def _bound(value: Any) -> str:
    return "" if value is None else f"({dims.show(value)})" if isinstance(value, DimExpr) else str(value)


def _entry_text(entry: Entry, size: Dim | None) -> str:
    start, step, length = entry
    key = None if size is None else _key(entry, size)
    if isinstance(key, slice):
        return f"{_bound(key.start)}:{_bound(key.stop)}{'' if key.step is None else f':{key.step}'}"
    if length is None:
        return dims.show(start if key is None else key)
    stop = dims.add(start, dims.mul(step, length))
    return f"{_bound(start)}:{_bound(stop)}{'' if step == 1 else f':{step}'}"


def subscript(spec: tuple[Entry, ...], shape: tuple[Dim, ...] | None) -> str:
    """The text between the brackets."""
    if shape is None:
        return ", ".join(["...", *(_entry_text(e, None) for e in spec)])
    texts = [":"] * (len(shape) - len(spec)) + [
        _entry_text(e, d) for e, d in zip(spec, shape[len(shape) - len(spec):], strict=True)]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return ", ".join(texts)
