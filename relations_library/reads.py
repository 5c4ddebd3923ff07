"""Reads of parts of arrays move towards the inputs, where they read less: what is computed is only what is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, all, any, broadcast_to, cos, cumprod, cumsum, exp, expand_dims, expm1, less, log, log1p,
                            logaddexp, matmul, max, maximum, min, minimum, negative, prod, sigmoid,
                            sin, softplus, special, sqrt, square, squeeze, sum, take, tanh, transpose, where)
from relgraph.numpy import diag as diag_matrix
from relgraph.relations import Theory, attrs, literals, lvars, theory
from relgraph.relations.reads import (axes_after, axes_under, axis_length, counted, diagonal_element, first_of, merged,
                                      read_expanded, read_matmul, read_part, read_spread, read_squeezed, read_transposed,
                                      read_under)
from relgraph.relations.predicates import (element_read, in_range, last_read, of_rank, prefix_read, reverses, same_shape,
                                            sized_along,
                                           untouched, whole)
from relgraph.terms.indexing import index_
from relgraph.terms.joining import diagonal_
from relgraph.terms.ordering import argsort_, sort_
from relgraph.terms.structure import arange_

x, y = lvars("x y")
p, = lvars("p", kinds="b")
c, = literals("c")
i, j = lvars("i j", kinds="iu")
axis, axes, shape, spec, first, second, n, offset = attrs("axis axes shape spec first second n offset")
logsumexp, softmax = special.logsumexp, special.softmax


def read_inside(ops: Sequence[Op]) -> Theory:
    """``f(x)[i] = f(x[i])``, the same of positions in an array, and of diagonals."""
    relations: dict[str, Any] = {}
    for f in ops:
        relations |= {f"{f.name}_index":    (index_(f(x), spec),        f(index_(x, spec))),
                      f"{f.name}_take":     (take(f(x), i, axis),       f(take(x, i, axis))),
                      f"{f.name}_diagonal": (diagonal_(f(x), offset),   f(diagonal_(x, offset)))}
    return theory(name="read_inside", precedence=", ".join(f"{r} > {f.name}" for f in ops
                                                           for r in ("index", "take", "diagonal")), **relations)


def read_both(ops: Sequence[Op]) -> Theory:
    """``f(x, y)[i] = f(x[i], y[i])``; what is broadcast is read at 0, or not read."""
    relations: dict[str, Any] = {
        f"{f.name}_index": (index_(f(x, y), spec), f(read_part(x, spec), read_part(y, spec))) for f in ops}
    return theory(name="read_both", precedence=", ".join(f"index > {f.name}" for f in ops), **relations)


def read_reduced(reductions: Sequence[Any]) -> Theory:
    """A part of a reduction is the reduction of a part; the order of what is reduced does not matter."""
    relations: dict[str, Any] = {}
    for f in reductions:
        name, v = f.__name__, p if f in (all, any) else x
        relations |= {
            f"{name}_index":   (index_(f(v, axis), spec), f(read_under(v, axis, spec), axes_under(v, axis, spec))),
            f"{name}_reverse": (f(index_(v, spec), axis), f(v, axis), reverses(v, spec, axis))}
    return theory(name="read_reduced", precedence=", ".join(f"index > {f.__name__}" for f in reductions), **relations)


reading = theory(
    name            = "reading",
    index_index     = (index_(index_(x, first), second),            merged(x, first, second)),
    index_whole     = (index_(x, spec),                             x,                                  whole(x, spec)),
    index_transpose = (index_(transpose(x, axes), spec),            read_transposed(x, axes, spec)),
    index_expand    = (index_(expand_dims(x, axis), spec),          read_expanded(x, axis, spec)),
    index_squeeze   = (index_(squeeze(x, axis), spec),              read_squeezed(x, axis, spec)),
    index_spread    = (index_(broadcast_to(x, shape), spec),        read_spread(x, shape, spec)),
    index_add       = (index_(x + y, spec),                         read_part(x, spec) + read_part(y, spec)),
    index_mul       = (index_(x * y, spec),                         read_part(x, spec) * read_part(y, spec)),
    index_power     = (index_(x**c, spec),                          index_(x, spec)**c),
    index_where     = (index_(where(p, x, y), spec),    where(read_part(p, spec), read_part(x, spec), read_part(y, spec))),
    index_softmax = (index_(softmax(x, axis), spec),  softmax(index_(x, spec), axes_after(x, axis, spec)),
                       untouched(x, spec, axis)),
    index_matmul    = (index_(matmul(x, y), spec),                  read_matmul(x, y, spec)),
    index_cumsum    = (index_(cumsum(x, axis=-1), spec),            cumsum(index_(x, spec), axis=-1),   prefix_read(x, spec)),
    index_cumprod   = (index_(cumprod(x, axis=-1), spec),           cumprod(index_(x, spec), axis=-1),  prefix_read(x, spec)),
    index_sort      = (index_(sort_(x), spec),                   sort_(index_(x, spec)),             untouched(x, spec, (-1,))),
    index_argsort   = (index_(argsort_(x), spec),                argsort_(index_(x, spec)),          untouched(x, spec, (-1,))),
    last_cumsum     = (index_(cumsum(x, axis=-1), spec),            sum(x, axis=-1),                    last_read(x, spec)),
    last_cumprod    = (index_(cumprod(x, axis=-1), spec),           prod(x, axis=-1),                   last_read(x, spec)),
    index_arange    = (index_(arange_(n), spec),                    counted(n, spec)),
    index_diag      = (index_(diag_matrix(x), spec),    diagonal_element(x, spec),          element_read(diag_matrix(x), spec)),
    precedence      = "index > transpose > broadcast_to, index > expand_dims > broadcast_to, index > squeeze > broadcast_to, "
                      "index > where, index > power, index > softmax, index > cumsum > sum, index > cumprod > prod, "
                      "index > sort, index > argsort",
)

positions = theory(
    name            = "positions",
    take_arange     = (take(x, arange_(n), axis),                  first_of(x, axis, n),               sized_along(x, axis, n)),
    take_take       = (take(take(x, i, axis), j, axis),             take(x, take(i, j, -1), axis),
                       of_rank(i, 1) & in_range(i, axis_length(x, axis))),
    diagonal_add    = (diagonal_(x + y, offset),    diagonal_(x, offset) + diagonal_(y, offset),          same_shape(x, y)),
    diagonal_mul    = (diagonal_(x * y, offset),    diagonal_(x, offset) * diagonal_(y, offset),          same_shape(x, y)),
)

elementwise = [negative, exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]
reads = theory(reading, positions, read_inside(elementwise),
               read_both([maximum, minimum, logaddexp, less]),
               read_reduced([sum, prod, max, min, all, any, logsumexp]), name="reads")
