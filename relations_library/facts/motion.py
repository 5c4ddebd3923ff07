"""Ops that move or choose elements keep whatever holds of every element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.numpy import (broadcast_to, concat, expand_dims, matrix_transpose, max, maximum, min, minimum, permute_dims,
                            reshape, squeeze, take, where)
from relgraph.relations import Clause, attrs, clause, literals, lvars
from relgraph.relations.predicates import (at_least, at_most, between_0_1, even, finite, greater_than, integer, less_than,
                                           negative, nonnegative, nonpositive, nonzero, odd, positive)
from relgraph.terms.indexing import index_
from relgraph.terms.joining import diagonal_

x, y = lvars("x y")
n, = lvars("n", "iu")
b, = lvars("b", "b")
c, = literals("c")
axis, axes, shape, spec, offset = attrs("axis axes shape spec offset")


def kept(holds: Callable[..., Any], *number: Any) -> tuple[Clause, ...]:
    """What holds of all elements holds of all elements wherever they are moved, and of those that are chosen."""
    one = (reshape(x, shape), broadcast_to(x, shape), permute_dims(x, axes), matrix_transpose(x), expand_dims(x, axis),
           squeeze(x, axis), index_(x, spec), take(x, n, axis), diagonal_(x, offset), max(x, axis), min(x, axis))
    two = () if number else (maximum(x, y), minimum(x, y), where(b, x, y), concat([x, y], axis))  # see ranges.py of bounds
    return (*[clause(holds(t, *number), holds(x, *number)) for t in one],
            *[clause(holds(t, *number), holds(x, *number), holds(y, *number)) for t in two])


properties = (positive, negative, nonnegative, nonpositive, nonzero, between_0_1, integer, even, odd, finite)
bounds = (at_least, at_most, greater_than, less_than)
moved: tuple[Clause, ...] = (*[law for p in properties for law in kept(p)], *[law for p in bounds for law in kept(p, c)])
