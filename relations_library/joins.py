"""Arrays joined along an axis: reductions and functions of the parts, and reads that need only some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, all, any, broadcast_to, cos, exp, expand_dims, expm1, log, log1p, logaddexp, logical_and,
                            logical_or, max, maximum, min, minimum, negative, prod,
                            reshape, sigmoid, sin, softplus, special, sqrt, square, sum, tanh)
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.axes import beside_itself, joined_spread, longer_spread, once_more
from relgraph.relations.predicates import (adjacent, complement, empty_along, joined_read, nonempty, reopens, repeated_before,
                                            spread_across, spread_along)
from relgraph.relations.reads import joined_slices, read_joined, read_opened
from relgraph.terms.indexing import index_
from relgraph.terms.joining import concat_

x, y = lvars("x y")
u, v, w = lvars("u v w", kinds="biufc")
p, q = lvars("p q", kinds="b")
axis, spec, first, second, shape, other = attrs("axis spec first second shape other")
logsumexp = special.logsumexp


def joined_inside(ops: Sequence[Op]) -> Theory:
    """``concat(f(x), f(y)) = f(concat(x, y))``: compute once, on what is joined."""
    relations: dict[str, Any] = {f"{f.name}_joined": (concat_(f(x), f(y), axis), f(concat_(x, y, axis))) for f in ops}
    return theory(name="joined_inside", **relations)


def parts_of(reductions: Sequence[tuple[Any, Any]]) -> Theory:
    """A reduction over the axis of a join: of each part, combined; both parts have elements."""
    relations: dict[str, Any] = {}
    for f, combine in reductions:
        n, a, b = f.__name__, *((p, q) if f in (all, any) else (x, y))
        guard = () if f in (sum, prod, all, any) else (nonempty(a) & nonempty(b),)
        relations[f"{n}_concat"] = (f(concat_(a, b, axis), axis), combine(f(a, axis), f(b, axis)), *guard)
    order = ", ".join(f"{f.__name__} > {c.name}" for f, c in reductions if isinstance(c, Op))
    return theory(name="parts_of", precedence=order, **relations)


def wholes(reductions: Sequence[Any]) -> Theory:
    """A reduction of an array whose two parts have changed places, as `roll` leaves them, is that of the array."""
    relations: dict[str, Any] = {
        f"{f.__name__}_rolled": (f(concat_(index_(x, first), index_(x, second), axis), axis), f(x, axis),
                                 complement(x, first, second, axis)) for f in reductions}
    return theory(name="wholes", **relations)


flattened = theory(
    name            = "flattened",
    concat_one      = (concat_(u, axis),                                        u),
    concat_first    = (concat_(concat_(u, v, axis), w, axis),                   concat_(u, v, w, axis)),
    concat_empty    = (concat_(u, v, axis),                                     v,          empty_along(u, axis)),
    concat_to_empty = (concat_(u, v, axis),                                     u,          empty_along(v, axis)),
    concat_slices   = (concat_(index_(u, first), index_(u, second), axis),      joined_slices(u, first, second, axis),
                       adjacent(u, first, second, axis)),
    concat_slices_on = (concat_(index_(u, first), index_(u, second), v, axis),
                       concat_(joined_slices(u, first, second, axis), v, axis),         adjacent(u, first, second, axis)),
    stack_read      = (concat_(expand_dims(index_(u, spec), axis), v, axis),    concat_(read_opened(u, spec, axis), v, axis),
                       reopens(u, spec, axis)),
    stack_on_read   = (concat_(v, expand_dims(index_(u, spec), axis), axis),    concat_(v, read_opened(u, spec, axis), axis),
                       reopens(u, spec, axis)),
    concat_spread   = (concat_(broadcast_to(u, shape), broadcast_to(v, other), axis),   joined_spread(u, v, shape, other, axis),
                       spread_across(u, v, shape, other, axis)),
    concat_copies   = (concat_(broadcast_to(u, shape), broadcast_to(u, other), axis),   longer_spread(u, shape, other, axis),
                       spread_along(u, shape, other, axis)),
    concat_spread_on = (concat_(broadcast_to(u, shape), broadcast_to(v, other), w, axis),
                       concat_(joined_spread(u, v, shape, other, axis), w, axis),    spread_across(u, v, shape, other, axis)),
    concat_copies_on = (concat_(broadcast_to(u, shape), broadcast_to(u, other), v, axis),
                       concat_(longer_spread(u, shape, other, axis), v, axis),       spread_along(u, shape, other, axis)),
    prod_two_parts  = (prod(index_(x, first), axis) * prod(index_(x, second), axis),    prod(x, axis),
                       complement(x, first, second, axis)),
    sum_two_parts   = (sum(index_(x, first), axis) + sum(index_(x, second), axis),      sum(x, axis),
                       complement(x, first, second, axis)),
    precedence      = "concat > broadcast_to",
)

read_of_joins = theory(
    name            = "read_of_joins",
    index_concat    = (index_(concat_(u, v, axis), spec),                       read_joined(u, v, axis, spec),
                       joined_read(u, v, axis, spec)),
    precedence      = "index > concat",
)

# an array beside itself, as one that is repeated: neither costs less
repeats = theory(
    name            = "repeats",
    concat_twice    = (concat_(u, u, axis),                                     beside_itself(u, axis)),
    concat_again    = (concat_(u, reshape(broadcast_to(u, shape), other), axis),    once_more(u, shape, other, axis),
                       repeated_before(u, shape, other, axis)),
    precedence      = "concat > reshape",
)

joins = theory(
    flattened, read_of_joins, wholes([max, min, logsumexp]),
    joined_inside([negative, exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]),
    parts_of([(sum, lambda a, b: a + b), (prod, lambda a, b: a * b), (max, maximum), (min, minimum), (all, logical_and),
              (any, logical_or), (logsumexp, logaddexp)]), name="joins")
