"""Reads of parts of arrays move towards the inputs, where they read less: what is computed is only what is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, add, all, any, argmax, argmin, broadcast_to, cos, cumprod, cumsum, divide, exp, expand_dims,
                            expm1, less, log, log1p, logaddexp, matmul, matvec, max, maximum, min, minimum, multiply, negative,
                            power, prod, reciprocal, sigmoid, sin, softplus, special, sqrt, square, squeeze, subtract,
                            sum, take, tanh, transpose, where)
from relgraph.numpy import diag as diag_matrix
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.positions import (diagonal_part, diagonal_spread, eye_diagonal, no_diagonal, read_taken,
                                          source_axis, spread_taken, take_part, transposed_take)
from relgraph.relations.predicates import (at_most_rank, element_read, in_range, last_read, no_longer, of_rank, off_main,
                                            own_axis, partly, prefix_read, readable, reads_ones, repeated_axis, reverses,
                                            same_positions, untouched, whole)
from relgraph.relations.read_products import (matrices, read_matmul, read_matvec, read_vecdot, read_vecmat, right_sides,
                                              systems)
from relgraph.relations.reads import (axes_after, axes_under, axis_length, counted, diagonal_element, dropped, merged,
                                      read_dropped, read_expanded, read_part, read_softmax, read_spread, read_squeezed,
                                      read_transposed, read_under)
from relgraph.terms import rows
from relgraph.terms.elementwise import astype_
from relgraph.terms.indexing import index_
from relgraph.terms.joining import diagonal_, eye_
from relgraph.terms.linalg import cholesky_, det, inv, solve_
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.ordering import argsort_, sort_
from relgraph.terms.structure import arange_

x, y = lvars("x y")
a, b = lvars("a b", kinds="iufc")
u, v = lvars("u v", kinds="biufc")
w, = lvars("w", kinds="c")
p, q = lvars("p q", kinds="b")
i, j = lvars("i j", kinds="iu")
axis, axes, shape, other, spec, first, second = attrs("axis axes shape other spec first second")
n, offset, lines, columns, dtype = attrs("n offset lines columns dtype")
logsumexp, softmax = special.logsumexp, special.softmax


def read_inside(ops: Sequence[Op]) -> Theory:
    """``f(x)[i] = f(x[i])``, the same of positions in an array, and of diagonals."""
    relations: dict[str, Any] = {}
    for f in ops:
        relations |= {f"{f.name}_index":    (index_(f(x), spec),        f(index_(x, spec))),
                      f"{f.name}_take":     (take(f(x), i, axis),       f(take(x, i, axis)),      no_longer(i, x, axis)),
                      f"{f.name}_diagonal": (diagonal_(f(x), offset),   f(diagonal_(x, offset)))}
    return theory(name="read_inside", precedence=", ".join(f"{r} > {f.name}" for f in ops
                                                           for r in ("index", "take", "diagonal")), **relations)


def read_both(ops: Sequence[Op]) -> Theory:
    """``f(x, y)[i] = f(x[i], y[i])``; what is broadcast is read at 0, or not read."""
    relations: dict[str, Any] = {}
    for f in ops:
        relations |= {
            f"{f.name}_index": (index_(f(x, y), spec), f(read_part(x, spec), read_part(y, spec))),
            f"{f.name}_diagonal": (diagonal_(f(x, y), offset), f(diagonal_part(x, y, offset), diagonal_part(y, x, offset))),
            f"{f.name}_take": (take(f(x, y), i, axis), f(take_part(x, y, i, axis), take_part(y, x, i, axis)),
                               at_most_rank(i, 1) & no_longer(i, f(x, y), axis))}
    return theory(name="read_both", precedence=", ".join(f"{r} > {f.name}" for f in ops for r in ("index", "diagonal", "take")),
                  **relations)


def read_elsewhere(ops: Sequence[Op]) -> Theory:
    """As `read_inside` and `read_both`, for reads of parts only."""
    relations: dict[str, Any] = {}
    for f in ops:
        s, t = (p, q) if f.name.startswith("logical") else (i, j) if f.name.startswith("bitwise") else \
            (w, y) if f.name in ("conj", "imag", "real") else (x, y)
        relations[f"{f.name}_index"] = (index_(f(s), spec), f(index_(s, spec))) if f.arity == 1 else \
            (index_(f(s, t), spec), f(read_part(s, spec), read_part(t, spec)))
    return theory(name="read_elsewhere", precedence=", ".join(f"index > {f.name}" for f in ops), **relations)


def read_reduced(reductions: Sequence[Any]) -> Theory:
    """A part of a reduction is the reduction of a part; the order of what is reduced does not matter."""
    relations: dict[str, Any] = {}
    for f in reductions:
        name, v = f.__name__, p if f in (all, any) else x
        relations |= {
            f"{name}_index":   (index_(f(v, axis), spec), f(read_under(v, axis, spec), axes_under(v, axis, spec))),
            f"{name}_take":    (take(f(v, axis), i, first), f(take(v, i, source_axis(v, axis, first)), axis),
                                of_rank(i, 1) & no_longer(i, f(v, axis), first)),
            f"{name}_reverse": (f(index_(v, spec), axis), f(v, axis), reverses(v, spec, axis))}
    order = ", ".join(f"{r} > {f.__name__}" for f in reductions for r in ("index", "take"))
    return theory(name="read_reduced", precedence=order, **relations)


def read_batches(ops: Sequence[Op]) -> Theory:
    """``f(x)[i] = f(x[i])`` for functions of each matrix of a batch, where the read leaves matrices whole."""
    relations: dict[str, Any] = {
        f"{f.name}_index": (index_(f(x), spec), f(index_(x, spec)), untouched(x, spec, (-2, -1))) for f in ops}
    return theory(name="read_batches", precedence=", ".join(f"index > {f.name}" for f in ops), **relations)


reading = theory(
    name            = "reading",
    index_index     = (index_(index_(u, first), second),            merged(u, first, second)),
    index_whole     = (index_(u, spec),                             u,                                  whole(u, spec)),
    index_transpose = (index_(transpose(u, axes), spec),            read_transposed(u, axes, spec)),
    index_expand    = (index_(expand_dims(u, axis), spec),          read_expanded(u, axis, spec)),
    index_squeeze   = (index_(squeeze(u, axis), spec),              read_squeezed(u, axis, spec)),
    squeeze_index   = (squeeze(index_(u, spec), axis),              read_dropped(u, spec, axis)),
    index_spread    = (index_(broadcast_to(u, shape), spec),        read_spread(u, shape, spec)),
    index_add       = (index_(a + b, spec),                         read_part(a, spec) + read_part(b, spec)),
    index_mul       = (index_(a * b, spec),                         read_part(a, spec) * read_part(b, spec)),
    index_where     = (index_(where(p, u, v), spec),    where(read_part(p, spec), read_part(u, spec), read_part(v, spec))),
    index_softmax = (index_(softmax(x, axis), spec),  softmax(index_(x, spec), axes_after(x, axis, spec)),
                       untouched(x, spec, axis)),
    index_cast      = (index_(astype_(u, dtype), spec),             astype_(index_(u, spec), dtype)),
    softmax_parts   = (index_(softmax(x, axis), spec),              read_softmax(x, axis, spec),        partly(x, spec, axis)),
    index_matmul    = (index_(matmul(x, y), spec),                  read_matmul(x, y, spec)),
    index_matvec    = (index_(matvec(x, y), spec),                  read_matvec(x, y, spec)),
    index_vecmat    = (index_(vecmat(x, y), spec),                  read_vecmat(x, y, spec)),
    index_vecdot    = (index_(vecdot(x, y), spec),                  read_vecdot(x, y, spec)),
    index_argmax    = (index_(argmax(x, -1), spec),                 argmax(read_under(x, (-1,), spec), -1)),
    index_argmin    = (index_(argmin(x, -1), spec),                 argmin(read_under(x, (-1,), spec), -1)),
    index_cumsum    = (index_(cumsum(x, axis=-1), spec),            cumsum(index_(x, spec), axis=-1),   prefix_read(x, spec)),
    index_cumprod   = (index_(cumprod(x, axis=-1), spec),           cumprod(index_(x, spec), axis=-1),  prefix_read(x, spec)),
    index_sort      = (index_(sort_(x), spec),                   sort_(index_(x, spec)),             untouched(x, spec, (-1,))),
    index_argsort   = (index_(argsort_(x), spec),                argsort_(index_(x, spec)),          untouched(x, spec, (-1,))),
    last_cumsum     = (index_(cumsum(x, axis=-1), spec),            sum(x, axis=-1),                    last_read(x, spec)),
    last_cumprod    = (index_(cumprod(x, axis=-1), spec),           prod(x, axis=-1),                   last_read(x, spec)),
    index_arange    = (index_(arange_(n), spec),                    counted(n, spec)),
    index_diag      = (index_(diag_matrix(x), spec),    diagonal_element(x, spec),          element_read(diag_matrix(x), spec)),
    precedence      = "index > transpose > broadcast_to, index > expand_dims > broadcast_to, index > squeeze > broadcast_to, "
                      "index > where, index > softmax, index > cumsum > sum, index > cumprod > prod, index > sort, "
                      "index > argsort, index > astype, index > matmul > matvec = vecmat > vecdot, index > argmax, "
                      "index > argmin",
)

positions = theory(
    name            = "positions",
    take_take       = (take(take(u, i, axis), j, axis),             take(u, take(i, j, -1), axis),
                       of_rank(i, 1) & in_range(i, axis_length(u, axis))),
    index_take      = (index_(take(u, i, axis), spec),              read_taken(u, i, axis, spec),
                       readable(u, i, axis, spec) & in_range(i, axis_length(u, axis))),
    index_beside    = (index_(take(u, i, axis), spec),              read_taken(u, i, axis, spec),
                       same_positions(u, i, axis, spec)),
    take_transpose  = (take(transpose(u, axes), i, axis),           transposed_take(u, axes, i, axis),  of_rank(i, 1)),
    take_spread     = (take(broadcast_to(u, shape), i, axis),       spread_taken(u, shape, i, axis),
                       own_axis(u, shape, axis) & of_rank(i, 1)),
    take_copies     = (take(broadcast_to(u, shape), i, axis),       spread_taken(u, shape, i, axis),
                       repeated_axis(u, shape, axis) & of_rank(i, 1)
                       & in_range(i, axis_length(broadcast_to(u, shape), axis))),
    take_rows       = (take(matmul(x, y), i, (-2,)),                matmul(take(x, i, (-2,)), y),
                       of_rank(i, 1) & no_longer(i, x, (-2,))),
    take_columns    = (take(matmul(x, y), i, (-1,)),                matmul(x, take(y, i, (-1,))),
                       of_rank(i, 1) & no_longer(i, y, (-1,))),
    take_matvec     = (take(matvec(x, y), i, (-1,)),                matvec(take(x, i, (-2,)), y),
                       of_rank(i, 1) & no_longer(i, x, (-2,))),
    take_vecmat     = (take(vecmat(x, y), i, (-1,)),                vecmat(x, take(y, i, (-1,))),
                       of_rank(i, 1) & no_longer(i, y, (-1,))),
    take_add        = (take(x + y, i, axis),                        take_part(x, y, i, axis) + take_part(y, x, i, axis),
                       at_most_rank(i, 1) & no_longer(i, x + y, axis)),
    take_mul        = (take(x * y, i, axis),                        take_part(x, y, i, axis) * take_part(y, x, i, axis),
                       at_most_rank(i, 1) & no_longer(i, x * y, axis)),
    precedence      = "take > broadcast_to, take > transpose, take > matmul, take > matvec, take > vecmat",
)

diagonals = theory(
    name            = "diagonals",
    diagonal_add    = (diagonal_(x + y, offset),    diagonal_part(x, y, offset) + diagonal_part(y, x, offset)),
    diagonal_mul    = (diagonal_(x * y, offset),    diagonal_part(x, y, offset) * diagonal_part(y, x, offset)),
    diagonal_spread = (diagonal_(broadcast_to(u, shape), offset),   diagonal_spread(u, shape, offset)),
    diagonal_eye    = (diagonal_(eye_(lines, columns, offset, dtype), other),
                       eye_diagonal(lines, columns, offset, dtype, other)),
    diagonal_off    = (diagonal_(diag_matrix(u), offset),           no_diagonal(u, offset),             off_main(u, offset)),
    precedence      = "diagonal > broadcast_to",
)

# apart, since a batch that is used as a whole too would be computed twice in part
batches = theory(
    read_batches([inv, cholesky_]),
    name            = "batches",
    index_det       = (index_(det(x), spec),                        det(matrices(x, spec))),
    index_solve     = (index_(solve_(x, y), spec),                  solve_(systems(x, y, spec), right_sides(x, y, spec)),
                       untouched(solve_(x, y), spec, (-2, -1))),
    precedence      = "index > det, index > solve",
)

# last, since a read of what is computed is better moved inside
ones = theory(
    name            = "ones",
    index_ones      = (index_(u, spec),                             squeeze(u, dropped(u, spec)),       reads_ones(u, spec)),
    precedence      = "index > squeeze",
)

elementwise = [negative, exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]
inverses = theory(
    name             = "inverses",
    index_inverse    = (index_(1 / x, spec),            1 / index_(x, spec)),
    take_inverse     = (take(1 / x, i, axis),           1 / take(x, i, axis),       no_longer(i, x, axis)),
    diagonal_inverse = (diagonal_(1 / x, offset),       1 / diagonal_(x, offset)),
    precedence       = "index > reciprocal, take > reciprocal, diagonal > reciprocal",
)
of_two = [maximum, minimum, logaddexp, less, power]
others = [f for _, f in sorted(rows().items()) if f.kind == "elementwise" and f.arity < 3 and not f.attrs
          and f not in (*elementwise, *of_two, add, multiply, subtract, divide, reciprocal)]
reads = theory(reading, positions, diagonals, inverses, read_inside(elementwise), read_both(of_two), read_elsewhere(others),
               read_reduced([sum, prod, max, min, all, any, logsumexp]), ones, name="reads")
