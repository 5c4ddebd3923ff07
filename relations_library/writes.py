"""Writes into arrays: what is read back, written over, written nowhere, or only added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import abs, broadcast_to, expm1, full, log1p, negative, reshape, sin, square, sum, take, tanh
from relgraph.relations import Theory, attrs, clause, literals, lvars, term_function, theory
from relgraph.relations.arranging import spread
from relgraph.relations.axes import all_axes_of, as_read
from relgraph.relations.overwritten import diagonal_put, placed_elsewhere, placed_overlap, put_overlap
from relgraph.relations.predicates import (all_axes, at_most_rank, covers, disjoint, equal_to, finite, in_range, nonzero,
                                            of_rank, overlaps, same_shape, unique_indices, untouched, whole)
from relgraph.relations.reads import axis_length, axis_size, place_placed, placed_zeros, tail
from relgraph.terms.indexing import index_, place_, take_add_
from relgraph.terms.joining import diagonal_
from relgraph.terms.ordering import add_along, argsort_, take_along
from relgraph.terms.term import Term
from relgraph.terms.writes import put_, take_set_

x, y, z = lvars("x y z")
u, v, w = lvars("u v w", kinds="biufc")
c, = literals("c")
i, = lvars("i", kinds="iu")
axis, shape, other, spec, first, second, size = attrs("axis shape other spec first second size")
offset, = attrs("offset")


def zero(c: Any) -> Any:
    """A constant that is zero, which the fact alone does not say of NaN."""
    return equal_to(c, 0) & finite(c)


@term_function
def laid_over(y: Term, x: Term) -> Term:
    """``y`` broadcast to the shape of ``x``."""
    return spread(y, x.type.shape)


@term_function
def ones(x: Term) -> Term:
    """As many ones as ``x`` has elements."""
    return full(x.type.shape, 1, dtype=x.type.dtype)


def over_what_is_read(name: str, read: Term, write: Callable[[Any], Term], guard: Any, outside: Any = None) -> Theory:
    """``write(y / read) * x = write(y)`` where ``write`` is the transpose of a ``read`` of ``x``; where ``x`` is NaN it stays.

    ``outside``: the constant that another relation takes out of the write, as it does a sign; elsewhere a sign stays inside.
    """
    relations: dict[str, Any] = {}
    weights = {"": (1 / read, ones(read)), "_by": (1 / read * y, laid_over(y, read))}
    if outside is None:
        weights["_neg"] = -1 / read, -ones(read)
    for kind, (over, weight) in weights.items():
        law, before, after = f"over_{name}{kind}", write(over), write(weight)
        relations |= {law:                (before * x,                     after + 0*x,            guard),
                      f"{law}_and":       ((before + z) * x,               after + z*x,            guard)}
        if outside is not None:
            relations |= {
                f"{law}_from":          ((-before + z) * x,              -after + z*x,           guard),
                f"{law}_scaled":        ((outside * before + z) * x,     outside * after + z*x,  guard),
                f"{law}_scaled_from":   ((z - outside * before) * x,     z*x - outside * after,  guard)}
    return theory(name=f"over_{name}", **relations)


def fixes_zero(ops: Sequence[Op]) -> Theory:
    """``f(place(x)) = place(f(x))`` where f(0) = 0: compute what is placed, not the zeros around it."""
    relations: dict[str, Any] = {f"{f.name}_place": (f(place_(x, shape, spec)), place_(f(x), shape, spec)) for f in ops}
    return theory(name="fixes_zero", precedence=", ".join(f"{f.name} > place" for f in ops), **relations)


parts = theory(
    name            = "parts",
    set_own         = (put_(u, index_(u, spec), spec),                          u),
    read_set        = (index_(put_(u, v, spec), spec),                          v),
    read_beside     = (index_(put_(u, v, first), second),                       index_(u, second), disjoint(u, first, second)),
    read_overlap    = (index_(put_(u, v, first), second),                       put_overlap(u, v, first, second),
                       overlaps(u, first, second)),
    set_set         = (put_(put_(u, v, spec), w, spec),                         put_(u, w, spec)),
    set_over        = (put_(put_(u, v, first), w, second),                      put_(u, w, second), covers(u, first, second)),
    set_whole       = (put_(u, v, spec),                                        v,          whole(u, spec)),
    set_copies      = (put_(broadcast_to(u, shape), broadcast_to(u, other), spec),      broadcast_to(u, shape), of_rank(u, 0)),
    set_zeros       = (put_(broadcast_to(c, shape), y, spec),               place_(y, tail(broadcast_to(c, shape), spec), spec),
                       zero(c)),
    set_added       = (put_(x + place_(y, shape, spec), z, spec),               put_(x, z, spec),
                       same_shape(x, place_(y, shape, spec))),
    add_to_set      = (put_(x, y, spec) + place_(z, shape, spec),               put_(x, y + z, spec),
                       same_shape(x, place_(z, shape, spec))),
    diagonal_put    = (diagonal_(put_(u, v, spec), offset),
                       put_(diagonal_(u, offset), diagonal_(v, offset), diagonal_put(u, spec, offset)),
                       untouched(u, spec, (-2, -1))),
    add_in_place    = (put_(x, index_(x, spec) + y, spec),                x + place_(as_read(y, x, spec), tail(x, spec), spec)),
    set_placed      = (put_(place_(u, shape, spec), v, spec),                   place_(v, shape, spec)),
    read_place      = (index_(place_(u, shape, spec), spec),                    u),
    place_overlap   = (index_(place_(u, shape, first), second),                 placed_overlap(u, shape, first, second),
                       overlaps(place_(u, shape, first), first, second)),
    place_beside    = (index_(place_(u, shape, first), second),                 placed_elsewhere(u, shape, first, second),
                       disjoint(place_(u, shape, first), first, second)),
    place_add       = (place_(x, shape, spec) + place_(y, shape, spec),       place_(x + y, shape, spec)),
    place_scale     = (c * place_(x, shape, spec),                              place_(c * x, shape, spec)),
    place_zeros     = (place_(broadcast_to(c, other), shape, spec),         placed_zeros(broadcast_to(c, other), shape, spec),
                       zero(c)),
    place_place     = (place_(place_(u, other, first), shape, second),          place_placed(u, other, first, shape, second)),
    sum_place       = (sum(place_(x, shape, spec), axis),                       sum(x, all_axes_of(x)),
                       all_axes(place_(x, shape, spec), axis)),
    precedence      = "diagonal > put > place > broadcast_to, add > place, multiply > place",
)

# sums of parts that have no element in common, as writes into one array
beside = theory(
    name            = "beside",
    place_and_place = (place_(x, shape, first) + place_(y, shape, second),      put_(place_(x, shape, first), y, second),
                       disjoint(place_(x, shape, first), first, second)),
    precedence      = "add > put",
)

rows = theory(
    name            = "rows",
    set_own_rows    = (take_set_(u, i, take(u, i, axis), axis),                 u,          in_range(i, axis_length(u, axis))),
    read_set_rows   = (take(take_set_(u, i, v, axis), i, axis),                 v,
                       unique_indices(i) & in_range(i, axis_length(u, axis))),
    set_set_rows    = (take_set_(take_set_(x, i, y, axis), i, z, axis),         take_set_(x, i, z, axis)),
    set_added_rows  = (take_set_(x + take_add_(y, i, axis, size), i, z, axis),  take_set_(x, i, z, axis),
                       same_shape(x, take_add_(y, i, axis, size))),
    add_to_set_rows = (take_set_(x, i, y, axis) + take_add_(z, i, axis, size),  take_set_(x, i, y + z, axis),
                       unique_indices(i) & same_shape(x, take_add_(z, i, axis, size))),
    set_zero_rows   = (take_set_(broadcast_to(c, shape), i, y, axis),
                       take_add_(y, i, axis, axis_size(broadcast_to(c, shape), axis)),
                       zero(c) & unique_indices(i)),
    add_zero_rows   = (x + take_add_(broadcast_to(c, shape), i, axis, size),    x,
                       zero(c) & in_range(i, axis_length(take_add_(broadcast_to(c, shape), i, axis, size), axis))),
    add_to_rows     = (take_set_(x, i, take(x, i, axis) + y, axis),             x + take_add_(y, i, axis, axis_size(x, axis)),
                       unique_indices(i) & same_shape(take(x, i, axis), y)),
    read_add_rows   = (take(take_add_(x, i, axis, size), i, axis),              x,
                       unique_indices(i) & in_range(i, axis_length(take_add_(x, i, axis, size), axis))),
    rows_add = (take_add_(x, i, axis, size) + take_add_(y, i, axis, size), take_add_(x + y, i, axis, size)),
    rows_scale      = (take_add_(c * x, i, axis, size),                         c * take_add_(x, i, axis, size)),
    sum_rows        = (sum(take_add_(x, i, axis, size), axis),                  sum(x, axis),
                       of_rank(i, 1) & in_range(i, axis_length(take_add_(x, i, axis, size), axis))),
    precedence      = "take_set > take_add",
)

# what the gradient of a loss makes of the logarithm of shares that are read: divided by shares that may underflow, times them
written_over = theory(
    over_what_is_read("place", index_(x, spec), lambda y: place_(y, shape, spec),
                      nonzero(x) & same_shape(x, place_(index_(x, spec), shape, spec))),
    over_what_is_read("rows", take(x, i, axis), lambda y: take_add_(y, i, axis, size),
                      nonzero(x) & same_shape(x, take_add_(take(x, i, axis), i, axis, size)), outside=c),
    over_what_is_read("along", take_along(x, i), lambda y: add_along(y, i, size),
                      nonzero(x) & same_shape(x, add_along(take_along(x, i), i, size))),
    over_what_is_read("cells", take(reshape(x, other), i, axis), lambda y: reshape(take_add_(y, i, axis, size), shape),
                      nonzero(x) & same_shape(x, reshape(take_add_(take(reshape(x, other), i, axis), i, axis, size), shape)),
                      outside=c),
    name            = "written_over",
)

distinct = (
    clause(unique_indices(index_(i, spec)), unique_indices(i)),
    clause(unique_indices(argsort_(x)), at_most_rank(x, 1)),
)

writes = theory(parts, rows, written_over, fixes_zero([negative, abs, square, tanh, sin, expm1, log1p]), distinct,
                name="writes")
