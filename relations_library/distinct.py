"""Distinct elements: of copies, of what stands in another order or shape, and of distinct elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relgraph.errors import AxisError
from relgraph.numpy import broadcast_to, max, min, reshape, transpose
from relgraph.relations import attribute_function, attrs, lvars, term_function, theory
from relgraph.relations.predicates import (at_least_as_long, complement, copied, finite, own_axis, prefix_alone, reverses,
                                           size_one, turned)
from relgraph.terms.distinct import unique_, unique_index_
from relgraph.terms.indexing import index_
from relgraph.terms.joining import concat_
from relgraph.terms.ordering import sort_, take_along
from relgraph.terms.structure import arange_
from relgraph.terms.term import Term, attr

u, v = lvars("u v", kinds="biuf")
x, = lvars("x")
n, m, axis, axes, spec, first, second, shape, other = attrs("n m axis axes spec first second shape other")


@term_function
def flat(x: Term) -> Term:
    """All elements in one axis."""
    return reshape(x, -1)


@term_function
def as_often(x: Term, shape: Term, n: Term) -> Term:
    """``x`` repeated over the leading axes of a shape, and to n elements of the last one."""
    return broadcast_to(x, (*shape.data[:-1], n.data))


@term_function
def filled(x: Term, n: Term) -> Term:
    """The one element of each row, n times."""
    return broadcast_to(x, (*x.type.shape[:-1], n.data))


@attribute_function
def read_length(spec: Term) -> Term:
    """How many elements of the last axis a slice reads."""
    if not spec.data or spec.data[-1][2] is None:
        raise AxisError(f"read_length: {spec.data} is no slice of the last axis")
    return attr(spec.data[-1][2])


def of_rearranged(name: str, arranged: Callable[..., Any], *guards: Any) -> dict[str, Any]:
    """All elements, in another order or several times, made one axis: their distinct ones are those of the array."""
    return {f"unique_flat_{name}": (unique_(reshape(arranged(u), shape), n), unique_(flat(u), n), *guards)}


# `copied` is for lengths that are names: of no copies there is no least element, and the left side says so when it is called
distinct = theory(
    name            = "distinct",
    unique_one      = (unique_(u, n),                           filled(u, n),               size_one(u, (-1,))),
    unique_twice    = (unique_(unique_(u, m), n),       unique_(u, n),  at_least_as_long(unique_(u, m), unique_(u, n))),
    unique_more     = (unique_(unique_(u, m), n),               unique_(u, n),              at_least_as_long(unique_(u, m), u)),
    unique_sort     = (unique_(sort_(u), n),                    unique_(u, n)),
    unique_flip     = (unique_(index_(u, spec), n),             unique_(u, n),              reverses(u, spec, (-1,))),
    unique_roll     = (unique_(concat_(index_(u, first), index_(u, second), axis), n),      unique_(u, n),
                       complement(u, first, second, axis)),
    unique_spread   = (unique_(broadcast_to(u, shape), n),      as_often(u, shape, n),  size_one(u, (-1,)) & copied(u, shape)),
    unique_batch    = (unique_(broadcast_to(u, shape), n),      as_often(unique_(u, n), shape, n),  own_axis(u, shape, (-1,))),
    unique_double   = (unique_(concat_(u, u, (-1,)), n),        unique_(u, n)),
    unique_again    = (unique_(concat_(u, u, v, (-1,)), n),     unique_(concat_(u, v, (-1,)), n)),
    unique_flat_again = (unique_(reshape(concat_(u, u, v, axis), shape), n),    unique_(flat(concat_(u, v, axis)), n)),
    unique_prefix   = (index_(unique_(u, m), spec),          unique_(u, read_length(spec)), prefix_alone(unique_(u, m), spec)),
    unique_arange   = (unique_(arange_(m), n),          arange_(n),     at_least_as_long(arange_(m), arange_(n))),
    unique_read     = (take_along(u, unique_index_(u, n)),      unique_(u, n)),
    min_unique      = (min(unique_(x, n), -1),                  min(x, -1),                 finite(x)),
    max_unique      = (max(unique_(x, n), -1),                  max(x, -1),                 at_least_as_long(unique_(x, n), x)),
    **of_rearranged("sort", sort_),
    **of_rearranged("transpose", lambda a: transpose(a, axes)),
    **of_rearranged("spread", lambda a: broadcast_to(a, other), copied(u, other)),
    **of_rearranged("flip", lambda a: index_(a, spec), turned(u, spec)),
    **of_rearranged("double", lambda a: concat_(a, a, axis)),
    precedence      = "unique > sort, take_along > unique, unique > broadcast_to, min > unique, max > unique",
)
