"""Attribute functions about axes and shapes: what right sides of structural equations compute from attributes and types."""

from __future__ import annotations

from ..terms import dims
from ..terms.joining import concat_
from ..terms.structure import size_term, without
from ..terms.term import Term, attr, const, make
from .arranging import expand, reshape, spread, squeeze, turn, whole_order
from .attributes import attribute_function, term_function
from .layouts import entries, kept, ones_between

__all__ = ["all_axes_of", "as_read", "beside_itself", "closed", "copies", "expanded_shape", "expanded_turned",
           "joined_spread", "longer_spread", "moved_axes", "once_more", "opened", "own_axes", "repeated", "reshaped",
           "rest_axes", "shape_without", "spread_expanded", "spread_squeezed", "spread_transposed", "squeezed_turned",
           "transposed", "with_ones"]


@attribute_function
def opened(first: Term, second: Term) -> Term:
    """The axes of the result that inserting ``first`` and then ``second`` makes."""
    n = max([0, *[-a for a in (*first.data, *second.data)]]) + len(first.data) + len(second.data)
    rest = iter([a for a in range(-1, -n - 1, -1) if a not in second.data])
    inside = {k: next(rest) for k in range(-1, -n + len(second.data) - 1, -1)}
    return attr(tuple(sorted({*second.data, *[inside[a] for a in first.data]})))


@attribute_function
def rest_axes(axes: Term, reduced: Term) -> Term:
    """The permutation of what a reduction over ``reduced`` leaves of an array permuted by ``axes``; see `moved_axes`."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = whole_order(axes.data, n)
    left = [p for k, p in enumerate(order) if k - n not in reduced.data]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    out = [ranks[p] - len(left) for p in left]
    while out and out[0] == -len(out):
        out = out[1:]
    return attr(tuple(out))


@attribute_function
def moved_axes(axes: Term, reduced: Term) -> Term:
    """The axes of an array that axes ``reduced`` of it, permuted by ``axes``, are."""
    n = max([len(axes.data), *[-a for a in reduced.data]])
    order = whole_order(axes.data, n)
    return attr(tuple(sorted(order[a] - n for a in reduced.data)))


@term_function
def transposed(x: Term, axes: Term) -> Term:
    """``x`` permuted, or itself if that changes nothing."""
    return turn(x, whole_order(axes.data, x.type.ndim))


@attribute_function
def all_axes_of(x: Term) -> Term:
    """Every axis."""
    return attr(tuple(range(-x.type.ndim, 0)))


@term_function
def reshaped(x: Term, shape: Term) -> Term:
    """``x`` in another shape, or itself if that is its own."""
    return reshape(x, shape.data)


@attribute_function
def expanded_shape(shape: Term, axes: Term) -> Term:
    """A shape with axes of length 1."""
    rest, n = iter(shape.data), len(shape.data) + len(axes.data)
    return attr(tuple(1 if k - n in axes.data else next(rest) for k in range(n)))


@attribute_function
def shape_without(shape: Term, axes: Term) -> Term:
    """A shape without axes."""
    return attr(without(shape.data, axes.data))


@term_function
def spread_expanded(x: Term, shape: Term, axes: Term) -> Term:
    """``expand_dims(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    full_rank = expand(x, range(-len(shape.data), -x.type.ndim))
    return spread(expand(full_rank, axes.data), expanded_shape(shape, axes).data)


@term_function
def spread_squeezed(x: Term, shape: Term, axes: Term) -> Term:
    """``squeeze(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    return spread(squeeze(x, [a for a in axes.data if -a <= x.type.ndim]), without(shape.data, axes.data))


@term_function
def spread_transposed(x: Term, shape: Term, axes: Term) -> Term:
    """``transpose(broadcast_to(x, shape), axes)`` with the broadcast outside."""
    n = len(shape.data)
    order = whole_order(axes.data, n)
    return spread(turn(expand(x, range(-n, -x.type.ndim)), order), tuple(shape.data[k] for k in order))


@term_function
def repeated(x: Term, shape: Term) -> Term:
    """``x`` broadcast to a shape, or itself if that is its own."""
    return spread(x, shape.data)


@term_function
def as_read(y: Term, x: Term, spec: Term) -> Term:
    """``y`` broadcast to the shape of a read of ``x``."""
    found = entries(x.type.shape, spec.data)
    return spread(y, tuple(found[k][2] for k in kept(found)))


@term_function
def closed(x: Term, first: Term, second: Term) -> Term:
    """``squeeze(expand_dims(x, first), second)`` with what is left of both, the new axes outside."""
    n = x.type.ndim + len(first.data)
    own = [a for a in range(-1, -n - 1, -1) if a not in first.data]
    y = squeeze(x, [-1 - own.index(a) for a in second.data if a not in first.data])
    left = [a for a in range(-n, 0) if a not in second.data]
    return expand(y, [k - len(left) for k, a in enumerate(left) if a in first.data])


@term_function
def expanded_turned(x: Term, axis: Term, axes: Term) -> Term:
    """``transpose(expand_dims(x, axis), axes)`` with the new axes outside."""
    n = x.type.ndim + len(axis.data)
    order = whole_order(axes.data, n)
    own = [p for p in order if p - n not in axis.data]
    ranks = {p: k for k, p in enumerate(sorted(own))}
    return expand(turn(x, [ranks[p] for p in own]), [k - n for k, p in enumerate(order) if p - n in axis.data])


@term_function
def squeezed_turned(x: Term, axes: Term, axis: Term) -> Term:
    """``squeeze(transpose(x, axes), axis)`` with the transpose outside."""
    n = x.type.ndim
    order = whole_order(axes.data, n)
    left = [p for k, p in enumerate(order) if k - n not in axis.data]
    ranks = {p: k for k, p in enumerate(sorted(left))}
    return turn(squeeze(x, [order[a] - n for a in axis.data]), [ranks[p] for p in left])


@term_function
def with_ones(x: Term, shape: Term) -> Term:
    """``x`` in a shape that differs by axes of length 1."""
    removed, added = ones_between(x.type.shape, shape.data) or ((), ())
    return expand(squeeze(x, removed), added)


@term_function
def joined_spread(x: Term, y: Term, shape: Term, other: Term, axis: Term) -> Term:
    """The join of two broadcasts as the broadcast of a join."""
    a, n = axis.data[0], max(x.type.ndim, y.type.ndim)
    x, y = (expand(t, range(-n, -t.type.ndim)) for t in (x, y))
    wide = list(shape.data)
    wide[a] = dims.add(shape.data[a], other.data[a])
    return spread(make(concat_, (x, y, axis)), tuple(wide))


@term_function
def longer_spread(x: Term, shape: Term, other: Term, axis: Term) -> Term:
    """One broadcast as long along an axis as two."""
    wide = list(shape.data)
    wide[axis.data[0]] = dims.add(shape.data[axis.data[0]], other.data[axis.data[0]])
    return spread(x, tuple(wide))


@term_function
def beside_itself(x: Term, axis: Term) -> Term:
    """An array twice along an axis: broadcast, and the copies made one axis."""
    a, shape = axis.data[0], x.type.shape
    k = len(shape) + a
    wide = spread(expand(x, [a - 1]) if k else x, (*shape[:k], 2, *shape[k:]))
    return reshape(wide, (*shape[:k], dims.mul(2, shape[k]), *shape[k + 1:]))


@term_function
def once_more(x: Term, shape: Term, other: Term, axis: Term) -> Term:
    """One more of the copies that are made one axis."""
    k = len(other.data) + axis.data[0]
    n = dims.add(shape.data[k], 1)
    size = dims.mul(n, shape.data[k + 1])
    return reshape(spread(x, (*shape.data[:k], n, *shape.data[k + 1:])), (*other.data[:k], size, *other.data[k + 1:]))


@attribute_function
def own_axes(x: Term, axes: Term) -> Term:
    """Those of the axes that an operand has."""
    return attr(tuple(a for a in axes.data if -a <= x.type.ndim))


@term_function
def copies(x: Term, shape: Term, axes: Term) -> Term:
    """How often each element of ``x`` occurs along axes of ``x`` broadcast to a shape, as a number of its dtype."""
    own = x.type.shape
    repeated = [shape.data[a] for a in axes.data if -a > len(own) or own[a] == 1]
    n = size_term(dims.product(tuple(repeated)))
    return const(n, x.type.dtype) if isinstance(n, int) else n
