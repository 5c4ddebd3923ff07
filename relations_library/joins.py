"""Arrays joined along an axis: reductions and functions of the parts, and reads that need only some of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, all, any, cos, exp, expm1, log, log1p, logaddexp, logical_and, logical_or, max, maximum, min,
                            minimum, negative, prod, sigmoid, sin, softplus, special, sqrt, square, sum, tanh)
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.reads import joined_slices, read_joined
from relgraph.relations.predicates import Guards, adjacent, all_of, complement, empty_along, joined_read, nonempty
from relgraph.terms.indexing import index_
from relgraph.terms.joining import concat_

x, y, z, w = lvars("x y z w")
p, q = lvars("p q", kinds="b")
axis, spec, first, second = attrs("axis spec first second")
logsumexp = special.logsumexp


def joined_inside(ops: Sequence[Op]) -> Theory:
    """``concat(f(x), f(y)) = f(concat(x, y))``: compute once, on what is joined."""
    relations: dict[str, Any] = {f"{f.name}_joined": (concat_(f(x), f(y), axis), f(concat_(x, y, axis))) for f in ops}
    return theory(name="joined_inside", **relations)


def of_parts(f: Any, combine: Any, k: int) -> tuple[Any, ...]:
    """A reduction over the axis along which so many parts are joined."""
    parts = lvars(" ".join(f"x{i}" for i in range(k)), kinds="b" if f in (all, any) else "f")
    reduced = [f(v, axis) for v in parts]
    guards = () if f in (sum, prod, all, any) else (Guards(g for v in parts for g in all_of(nonempty(v))),)
    return f(concat_(*parts, axis), axis), reduce(combine, reduced), *guards


def parts_of(reductions: Sequence[tuple[Any, Any]]) -> Theory:
    """A reduction over the axis of a join: of each part, combined; both parts have elements."""
    relations: dict[str, Any] = {}
    for f, combine in reductions:
        n, a, b = f.__name__, *((p, q) if f in (all, any) else (x, y))
        guard = () if f in (sum, prod, all, any) else (nonempty(a) & nonempty(b),)
        relations[f"{n}_concat"] = (f(concat_(a, b, axis), axis), combine(f(a, axis), f(b, axis)), *guard)
        relations |= {f"{n}_concat_{k}": of_parts(f, combine, k) for k in (3, 4)}
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
    concat_one      = (concat_(x, axis),                                        x),
    concat_first    = (concat_(concat_(x, y, axis), z, axis),                   concat_(x, y, z, axis)),
    concat_last     = (concat_(x, concat_(y, z, axis), axis),                   concat_(x, y, z, axis)),
    concat_both     = (concat_(concat_(x, y, axis), concat_(z, w, axis), axis), concat_(x, y, z, w, axis)),
    concat_empty    = (concat_(x, y, axis),                                     y,          empty_along(x, axis)),
    concat_to_empty = (concat_(x, y, axis),                                     x,          empty_along(y, axis)),
    concat_slices   = (concat_(index_(x, first), index_(x, second), axis),      joined_slices(x, first, second, axis),
                       adjacent(x, first, second, axis)),
    prod_two_parts  = (prod(index_(x, first), axis) * prod(index_(x, second), axis),    prod(x, axis),
                       complement(x, first, second, axis)),
    sum_two_parts   = (sum(index_(x, first), axis) + sum(index_(x, second), axis),      sum(x, axis),
                       complement(x, first, second, axis)),
)

read_of_joins = theory(
    name            = "read_of_joins",
    index_concat    = (index_(concat_(x, y, axis), spec),                       read_joined(x, y, axis, spec),
                       joined_read(x, y, axis, spec)),
    precedence      = "index > concat",
)

joins = theory(
    flattened, read_of_joins,
    joined_inside([negative, exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]),
    parts_of([(sum, lambda a, b: a + b), (prod, lambda a, b: a * b), (max, maximum), (min, minimum), (all, logical_and),
              (any, logical_or), (logsumexp, logaddexp)]),
    wholes([max, min, logsumexp]), name="joins")
