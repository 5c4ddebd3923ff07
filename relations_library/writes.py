"""Writes into arrays: what is read back, written over, written nowhere, or only added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import abs, broadcast_to, expm1, log1p, negative, sin, square, sum, take, tanh
from relgraph.relations import Theory, attrs, clause, literals, lvars, theory
from relgraph.relations.axes import all_axes_of, as_read
from relgraph.relations.reads import axis_length, axis_size, place_placed, placed_zeros, tail
from relgraph.relations.predicates import all_axes, at_most_rank, in_range, of_rank, same_shape, sized_as, unique_indices, whole
from relgraph.terms.indexing import index_, place_, take_add_
from relgraph.terms.ordering import argsort_
from relgraph.terms.structure import arange_
from relgraph.terms.writes import put_, take_set_

x, y, z = lvars("x y z")
c, = literals("c")
i, = lvars("i", kinds="iu")
axis, shape, other, spec, first, second, n, size = attrs("axis shape other spec first second n size")


def fixes_zero(ops: Sequence[Op]) -> Theory:
    """``f(place(x)) = place(f(x))`` where f(0) = 0: compute what is placed, not the zeros around it."""
    relations: dict[str, Any] = {f"{f.name}_place": (f(place_(x, shape, spec)), place_(f(x), shape, spec)) for f in ops}
    return theory(name="fixes_zero", precedence=", ".join(f"{f.name} > place" for f in ops), **relations)


parts = theory(
    name            = "parts",
    set_own         = (put_(x, index_(x, spec), spec),                          x),
    read_set        = (index_(put_(x, y, spec), spec),                          y),
    set_set         = (put_(put_(x, y, spec), z, spec),                         put_(x, z, spec)),
    set_whole       = (put_(x, y, spec),                                        y,          whole(x, spec)),
    set_zeros       = (put_(broadcast_to(0, shape), y, spec),               place_(y, tail(broadcast_to(0, shape), spec), spec),
                       same_shape(broadcast_to(0, shape), put_(broadcast_to(0, shape), y, spec))),
    add_in_place    = (put_(x, index_(x, spec) + y, spec),                x + place_(as_read(y, x, spec), tail(x, spec), spec)),
    set_placed      = (put_(place_(x, shape, spec), y, spec),                   place_(y, shape, spec)),
    read_place      = (index_(place_(x, shape, spec), spec),                    x),
    place_add       = (place_(x, shape, spec) + place_(y, shape, spec),       place_(x + y, shape, spec),     same_shape(x, y)),
    place_scale     = (c * place_(x, shape, spec),                              place_(c * x, shape, spec)),
    place_zeros     = (place_(broadcast_to(0, other), shape, spec),          placed_zeros(broadcast_to(0, other), shape, spec)),
    place_place     = (place_(place_(x, other, first), shape, second),          place_placed(x, other, first, shape, second)),
    sum_place       = (sum(place_(x, shape, spec), axis),                       sum(x, all_axes_of(x)),
                       all_axes(place_(x, shape, spec), axis)),
    precedence      = "put > place > broadcast_to, add > place, multiply > place",
)

rows = theory(
    name            = "rows",
    set_own_rows    = (take_set_(x, i, take(x, i, axis), axis),                 x,          in_range(i, axis_length(x, axis))),
    read_set_rows   = (take(take_set_(x, i, y, axis), i, axis),                 y,
                       unique_indices(i) & in_range(i, axis_length(x, axis))),
    set_set_rows    = (take_set_(take_set_(x, i, y, axis), i, z, axis),         take_set_(x, i, z, axis)),
    add_to_rows     = (take_set_(x, i, take(x, i, axis) + y, axis),             x + take_add_(y, i, axis, axis_size(x, axis)),
                       unique_indices(i) & same_shape(take(x, i, axis), y)),
    read_add_rows   = (take(take_add_(x, i, axis, size), i, axis),              x,
                       unique_indices(i) & in_range(i, axis_length(take_add_(x, i, axis, size), axis))),
    rows_add = (take_add_(x, i, axis, size) + take_add_(y, i, axis, size), take_add_(x + y, i, axis, size),   same_shape(x, y)),
    rows_scale      = (take_add_(c * x, i, axis, size),                         c * take_add_(x, i, axis, size)),
    sum_rows        = (sum(take_add_(x, i, axis, size), axis),                  sum(x, axis),
                       of_rank(i, 1) & in_range(i, axis_length(take_add_(x, i, axis, size), axis))),
    rows_arange     = (take_add_(x, arange_(n), axis, size),                    x,          sized_as(x, axis, n, size)),
)

distinct = (
    clause(unique_indices(index_(i, spec)), unique_indices(i)),
    clause(unique_indices(argsort_(x)), at_most_rank(x, 1)),
)

writes = theory(parts, rows, fixes_zero([negative, abs, square, tanh, sin, expm1, log1p]), distinct, name="writes")
