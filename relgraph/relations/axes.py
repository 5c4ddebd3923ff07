"""Attribute functions about axes and shapes: what right sides of structural equations compute from attributes and types."""

from __future__ import annotations

from ..terms import dims
from ..terms.structure import size_term, without
from ..terms.term import Term, attr, const
from .arranging import expand, reshape, spread, squeeze, turn, whole_order
from .attributes import attribute_function
from .layouts import entries, kept

__all__ = ["all_axes_of", "as_read", "copies", "expanded_shape", "moved_axes", "opened", "own_axes", "repeated",
           "reshaped", "rest_axes", "shape_without", "spread_expanded", "spread_squeezed", "spread_transposed",
           "transposed"]


def _opened(first: Term, second: Term) -> Term:
    """The axes of the result that inserting ``first`` and then ``second`` makes."""
    n = max([0, *[-a for a in (*first.data, *second.data)]]) + len(first.data) + len(second.data)
    rest = iter([a for a in range(-1, -n - 1, -1) if a not in second.data])
    inside = {k: next(rest) for k in range(-1, -n + len(second.data) - 1, -1)}
    return attr(tuple(sorted({*second.data, *[inside[a] for a in first.data]})))


def _rest_axes(axes: Term, reduced: Term) -> Term:
    """The permutation of what a reduction over ``reduced`` leaves of an array permuted by ``axes``; see `moved_axes`."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = whole_order(axes.data, n)
    left = [p for k, p in enumerate(order) if k - n not in reduced.data]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    out = [ranks[p] - len(left) for p in left]
    while out and out[0] == -len(out):
        out = out[1:]
    return attr(tuple(out))


def _moved_axes(axes: Term, reduced: Term) -> Term:
    """The axes of an array that axes ``reduced`` of it, permuted by ``axes``, are."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = whole_order(axes.data, n)
    return attr(tuple(sorted(order[a] - n for a in reduced.data)))


def _transposed(x: Term, axes: Term) -> Term:
    """``x`` permuted, or itself if that changes nothing."""
    return turn(x, whole_order(axes.data, x.type.ndim))


def _all_axes_of(x: Term) -> Term:
    """Every axis."""
    return attr(tuple(range(-x.type.ndim, 0)))


def _reshaped(x: Term, shape: Term) -> Term:
    """``x`` in another shape, or itself if that is its own."""
    return reshape(x, shape.data)


def _expanded_shape(shape: Term, axes: Term) -> Term:
    """A shape with axes of length 1."""
    rest, n = iter(shape.data), len(shape.data) + len(axes.data)
    return attr(tuple(1 if k - n in axes.data else next(rest) for k in range(n)))


def _shape_without(shape: Term, axes: Term) -> Term:
    """A shape without axes."""
    return attr(without(shape.data, axes.data))


def _spread_expanded(x: Term, shape: Term, axes: Term) -> Term:
    """``expand_dims(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    full_rank = expand(x, range(-len(shape.data), -x.type.ndim))
    return spread(expand(full_rank, axes.data), _expanded_shape(shape, axes).data)


def _spread_squeezed(x: Term, shape: Term, axes: Term) -> Term:
    """``squeeze(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    return spread(squeeze(x, [a for a in axes.data if -a <= x.type.ndim]), without(shape.data, axes.data))


def _spread_transposed(x: Term, shape: Term, axes: Term) -> Term:
    """``transpose(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    n = len(shape.data)
    order = whole_order(axes.data, n)
    return spread(turn(expand(x, range(-n, -x.type.ndim)), order), tuple(shape.data[k] for k in order))


def _repeated(x: Term, shape: Term) -> Term:
    """``x`` broadcast to a shape, or itself if that is its own."""
    return spread(x, shape.data)


def _as_read(y: Term, x: Term, spec: Term) -> Term:
    """``y`` broadcast to the shape of a read of ``x``."""
    found = entries(x.type.shape, spec.data)
    return spread(y, tuple(found[k][2] for k in kept(found)))


def _own_axes(x: Term, axes: Term) -> Term:
    """Those of the axes that an operand has."""
    return attr(tuple(a for a in axes.data if -a <= x.type.ndim))


def _copies(x: Term, shape: Term, axes: Term) -> Term:
    """How often each element of ``x`` occurs along axes of ``x`` broadcast to a shape, as a number of its dtype."""
    own = x.type.shape
    repeated = [shape.data[a] for a in axes.data if -a > len(own) or own[a] == 1]
    n = size_term(dims.product(tuple(repeated)))
    return const(n, x.type.dtype) if isinstance(n, int) else n


opened = attribute_function(_opened)
rest_axes = attribute_function(_rest_axes)
moved_axes = attribute_function(_moved_axes)
transposed = attribute_function(_transposed, "term")
all_axes_of = attribute_function(_all_axes_of)
reshaped = attribute_function(_reshaped, "term")
expanded_shape = attribute_function(_expanded_shape)
shape_without = attribute_function(_shape_without)
spread_expanded = attribute_function(_spread_expanded, "term")
spread_squeezed = attribute_function(_spread_squeezed, "term")
spread_transposed = attribute_function(_spread_transposed, "term")
repeated = attribute_function(_repeated, "term")
as_read = attribute_function(_as_read, "term")
own_axes = attribute_function(_own_axes)
copies = attribute_function(_copies, "term")
