"""Reads and writes at positions that are known before the program runs: slices, diagonals, parts of joins, what was written."""

from __future__ import annotations

from relgraph.numpy import matmul, matrix_transpose, take
from relgraph.relations import attrs, lvars, theory
from relgraph.relations.predicates import (added_rows, counts, counts_in, in_range, known_positions, merges_matrices, no_longer,
                                            of_rank, parted, read_apart, rows_placed, rows_put, rows_read,
                                            runs_diagonally, size_one, untouched, written_before, written_rows)
from relgraph.relations.read_known import (added_at, added_beside, columns_of, diagonal_taken, one_taken, place_counted,
                                           placed_at, put_at, put_counted, read_counted, rows_beside, rows_of, set_at,
                                           slice_of_added, slice_of_set, taken_further, taken_parts)
from relgraph.relations.reads import axis_length
from relgraph.terms.indexing import index_, place_, take_add_
from relgraph.terms.joining import concat_
from relgraph.terms.linalg import vecdot_ as vecdot
from relgraph.terms.structure import reshape_
from relgraph.terms.writes import put_, take_set_

x, y = lvars("x y")
u, v, w = lvars("u v w", kinds="biufc")
i, j = lvars("i j", kinds="iu")
axis, shape, spec, size = attrs("axis shape spec size")
rows, columns = (-2,), (-1,)

places = theory(
    name            = "places",
    take_diagonal   = (take(reshape_(u, shape), i, axis),           diagonal_taken(u, i, shape, axis),
                       runs_diagonally(i, u, shape, axis)),
    take_one        = (take(u, i, axis),                            one_taken(u, i, axis),
                       size_one(u, axis) & of_rank(i, 1) & in_range(i, axis_length(u, axis))),
    take_counted    = (take(u, i, axis),                            read_counted(u, i, axis),       counts(i, u, axis)),
    take_slice      = (take(index_(u, spec), i, axis),              taken_further(u, i, spec, axis),
                       rows_read(i, u, axis, spec)),
    take_joined     = (take(concat_(u, v, axis), i, axis),          taken_parts(u, v, i, axis),     parted(i, u, v, axis)),
    set_counted     = (take_set_(u, i, v, axis),                    put_counted(u, i, v, axis),     counts(i, u, axis)),
    add_counted     = (take_add_(x, i, axis, size),                 place_counted(x, i, axis, size),    counts_in(i, size)),
    take_set_at     = (take(take_set_(u, i, v, axis), j, axis),     set_at(u, i, v, j, axis),
                       known_positions(i, u, axis) & known_positions(j, u, axis)),
    take_added_at   = (take(take_add_(x, i, axis, size), j, axis),  added_at(x, i, j, axis, size),  read_apart(i, j, size)),
    take_put        = (take(put_(u, v, spec), j, axis),             put_at(u, v, j, spec, axis),    rows_put(j, u, axis, spec)),
    take_placed     = (take(place_(u, shape, spec), j, axis),       placed_at(u, j, shape, spec, axis),
                       rows_placed(j, shape, axis, spec)),
    index_set       = (index_(take_set_(u, i, v, axis), spec),      slice_of_set(u, i, v, spec, axis),
                       written_rows(i, u, axis, spec)),
    index_added     = (index_(take_add_(x, i, axis, size), spec),   slice_of_added(x, i, spec, axis, size),
                       added_rows(i, x, axis, size, spec)),
    index_set_beside = (index_(take_set_(u, i, v, axis), spec),     rows_beside(u, i, v, spec, axis),
                       of_rank(i, 1) & untouched(u, spec, axis)),
    index_added_beside = (index_(take_add_(x, i, axis, size), spec),  added_beside(x, i, spec, axis, size),
                       of_rank(i, 1) & untouched(take_add_(x, i, axis, size), spec, axis)),
    set_over_rows   = (take_set_(take_set_(u, i, v, axis), j, w, axis),  take_set_(u, j, w, axis),
                       written_before(i, j, u, axis)),
    take_elements   = (take(reshape_(matmul(x, y), shape), i, columns),
                       vecdot(take(x, rows_of(i, y), rows), take(matrix_transpose(y), columns_of(i, y), rows)),
                       of_rank(i, 1) & merges_matrices(matmul(x, y), shape)
                       & no_longer(i, reshape_(matmul(x, y), shape), columns)),
    precedence      = "index > take > take_set > put, take > take_add > place, take > concat, take > broadcast_to, "
                      "take > vecdot, take > transpose, reshape > transpose",
)
