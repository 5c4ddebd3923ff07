"""Attribute functions of what a read of a write reads, and of where a write into a read writes."""

from __future__ import annotations

from typing import Any

from ..terms import dims
from ..terms.joining import full
from ..terms.term import Term, attr
from .arranging import place, put, read
from .attributes import attribute_function, term_function
from .layouts import Spec, entries
from .meeting import both, overlap

__all__ = ["diagonal_put", "placed_elsewhere", "placed_overlap", "put_overlap"]


def _placed_shape(y: Term, shape: Term, first: Term) -> tuple[Any, ...]:
    kept = sum(e[2] is not None for e in first.data)
    return (*y.type.shape[:y.type.ndim - kept], *shape.data)


@term_function
def placed_elsewhere(y: Term, shape: Term, first: Term, second: Term) -> Term:
    """The zeros that are read beside ``y``."""
    found = entries(_placed_shape(y, shape, first), second.data)
    return full(tuple(e[2] for e in found if e[2] is not None), 0, y.type.dtype)


@attribute_function
def diagonal_put(x: Term, spec: Term, offset: Term) -> Term:
    """Where along the batch of a diagonal a write of whole matrices writes."""
    *lead, (_, _, rows), (_, _, columns) = entries(x.type.shape, spec.data)
    k = offset.data
    length = dims.maximum(dims.minimum(dims.sub(rows, max(-k, 0)), dims.sub(columns, max(k, 0))), 0)
    return attr((*lead, (0, 1, length)))


def _shared(x: Any, first: Spec, second: Spec) -> tuple[list[Any], Any]:
    """What of what the first of two reads reads the second one reads, and where in what this reads."""
    found = [overlap(*p) for p in both(x, first, second) or []]
    return [p[0] for p in found if p and p[0] != ()], tuple(p[1] for p in found if p and p[1] != ())


def _part(v: Term, spec: list[Any]) -> Term:
    return read(v, [*entries(v.type.shape[:v.type.ndim - len(spec)], ()), *spec])


@term_function
def put_overlap(x: Term, v: Term, first: Term, second: Term) -> Term:
    """A write into a read, of what of a write is read."""
    part, where = _shared(x.type.shape, first.data, second.data)
    return put(read(x, entries(x.type.shape, second.data)), _part(v, part), where)


@term_function
def placed_overlap(v: Term, shape: Term, first: Term, second: Term) -> Term:
    """Zeros with what of an array among zeros is read."""
    whole = _placed_shape(v, shape, first)
    part, where = _shared(whole, first.data, second.data)
    kept = [e[2] for e in entries(whole, second.data) if e[2] is not None]
    return place(_part(v, part), kept, where)
