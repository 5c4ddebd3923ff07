"""Sorted arrays, positions of extrema, running sums and products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (argmax, argmin, argsort, ceil, cumprod, cumsum, exp, expand_dims, expm1, floor, log, log1p, max,
                            min, prod, sigmoid, softplus, sort, special, sqrt, sum, tanh)
from relgraph.relations import Theory, attrs, literals, lvars, theory
from relgraph.relations.reads import flipped, last_position
from relgraph.relations.predicates import at_least, finite, neighbours, nonnegative, positive, same_shape, size_one
from relgraph.terms.indexing import index_
from relgraph.terms.ordering import take_along
from relgraph.terms.structure import arange_

x, y = lvars("x y")
c, = literals("c")
n, first, second = attrs("n first second")
logsumexp, softmax = special.logsumexp, special.softmax


def increasing(ops: Sequence[tuple[Op, Any]]) -> Theory:
    """A strictly increasing function keeps the order, where it is defined, and commutes with sorting."""
    relations: dict[str, Any] = {}
    for f, where_defined in ops:
        laws = {"argmax": (argmax(f(x), -1), argmax(x, -1)), "argmin": (argmin(f(x), -1), argmin(x, -1)),
                "argsort": (argsort(f(x)), argsort(x)), "sort": (sort(f(x)), f(sort(x)))}
        relations |= {f"{name}_{f.name}": (*sides, where_defined) for name, sides in laws.items()}
    return theory(name="increasing", precedence=", ".join(f"sort > {f.name}" for f, _ in ops), **relations)


def of_sorted(reductions: Sequence[Any]) -> Theory:
    """A reduction does not care for the order of elements."""
    relations: dict[str, Any] = {f"{f.__name__}_sort": (f(sort(x), -1), f(x, -1)) for f in reductions}
    return theory(name="of_sorted", **relations)


order = theory(
    name            = "order",
    sort_twice      = (sort(sort(x)),                                       sort(x)),
    sort_argsort    = (take_along(x, argsort(x)),                           sort(x)),
    unsort          = (take_along(sort(x), argsort(argsort(x))),            x),
    ranks           = (argsort(argsort(argsort(x))),                        argsort(x)),
    sort_neg        = (sort(-x),                                            -flipped(sort(x)),                  finite(x)),
    sort_floor      = (sort(floor(x)),                                      floor(sort(x))),
    sort_ceil       = (sort(ceil(x)),                                       ceil(sort(x))),
    sort_scale      = (sort(c * x),                                         c * sort(x),                        positive(c)),
    sort_arange     = (sort(arange_(n)),                                    arange_(n)),
    argsort_arange  = (argsort(arange_(n)),                                 arange_(n)),
    argmax_arange   = (argmax(arange_(n), -1),                              last_position(n)),
    argmin_neg      = (argmin(-x, -1),                                      argmax(x, -1)),
    argmax_neg      = (argmax(-x, -1),                                      argmin(x, -1)),
    argmax_scale    = (argmax(c * x, -1),                                   argmax(x, -1),                      positive(c)),
    argmin_scale    = (argmin(c * x, -1),                                   argmin(x, -1),                      positive(c)),
    argmax_shift    = (argmax(x + y, -1),  argmax(x, -1),  size_one(y, (-1,)) & finite(y) & same_shape(x + y, x)),
    argmin_shift    = (argmin(x + y, -1),  argmin(x, -1),  size_one(y, (-1,)) & finite(y) & same_shape(x + y, x)),
    argsort_shift   = (argsort(x + y),  argsort(x),  size_one(y, (-1,)) & finite(y) & same_shape(x + y, x)),
    argmax_softmax  = (argmax(softmax(x, -1), -1),                          argmax(x, -1),                      finite(x)),
    read_argmax     = (take_along(x, expand_dims(argmax(x, -1), -1)),       expand_dims(max(x, -1), -1)),
    read_argmin     = (take_along(x, expand_dims(argmin(x, -1), -1)),       expand_dims(min(x, -1), -1)),
    precedence = "take_along > sort > floor, sort > ceil, sort > multiply, take_along > expand_dims, "
                 "take_along > max, take_along > min, "
                      "argmax = argmin, max = min",
)

running = theory(
    name            = "running",
    diff_cumsum     = (index_(cumsum(x, -1), second) - cumsum(index_(x, first), -1),    index_(x, second),
                       neighbours(x, second, first) & finite(x)),
    cumsum_factor   = (cumsum(y * x, -1),                               y * cumsum(x, -1),                  size_one(y, (-1,))),
    cumsum_add      = (cumsum(x, -1) + cumsum(y, -1),                     cumsum(x + y, -1),                  same_shape(x, y)),
    log_cumprod     = (log(cumprod(x, -1)),                                 cumsum(log(x), -1),                 positive(x)),
    cumprod_exp     = (cumprod(exp(x), -1),                                 exp(cumsum(x, -1))),
    exp_cumsum_log  = (exp(cumsum(log(x), -1)),                             cumprod(x, -1),                     nonnegative(x)),
    precedence      = "log > cumprod > exp, cumprod > cumsum",
)

ordering = theory(order, running, of_sorted([sum, prod, max, min, logsumexp]),
                  increasing([(exp, None), (log, nonnegative(x)), (log1p, at_least(x, -1)), (expm1, None),
                              (sqrt, nonnegative(x)), (tanh, None), (sigmoid, None), (softplus, None)]), name="ordering")
