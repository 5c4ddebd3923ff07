"""The field's equations about reads and writes at positions that are known before the program runs."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.numpy import broadcast_to, concat, diagonal, stack, take, zeros
from relgraph.terms.indexing import place_
from relgraph.terms.term import Term, attr

from .field import Row, holds, table

a, b, c, s = (rg.scalar(name) for name in "abcs")
x, y, v, w = rg.vector("x", shape=3), rg.vector("y", shape=3), rg.vector("v", shape=4), rg.vector("w", shape=5)
p, n, N = rg.vector("p", shape=2), rg.vector("n", shape="n"), rg.tensor("N", shape=("k", "k"))
X, Y, Z, S = (rg.matrix(name, shape=d) for name, d in (("X", (3, 4)), ("Y", (3, 4)), ("Z", (4, 2)), ("S", (4, 4))))
T, row, i = rg.tensor("T", shape=(5, 3, 3)), rg.matrix("row", shape=(1, 4)), rg.tensor("i", shape=2, dtype="int64")
rng = np.random.default_rng(0)
VALUES: dict[Term, Any] = {t: rng.normal(size=t.type.shape) for t in (a, b, c, s, x, y, v, w, p, X, Y, Z, S, T, row)}
VALUES |= {n: rng.normal(size=6), N: rng.normal(size=(6, 6)), i: np.array([1, 0])}
at = np.array([1, 0, 2])  # distinct, in range, not evenly apart

READS: dict[str, Row] = {
    # local_adv_idx_to_slice
    "positions_between":            (w[rnp.arange(1, 4)], w[1:4]),
    "positions_by_steps":           (w[rnp.arange(0, 5, 2)], w[::2]),
    "positions_backwards":          (w[np.array([3, 2, 1])], w[3:0:-1]),
    "positions_from_the_end":       (w[[-1, -2]], w[:2:-1]),
    "positions_as_constants":       (X[np.array([1, 2])], X[1:]),
    "no_positions":                 (v[np.array([], "int64")], v[:0]),
    "positions_of_a_name_but_one":  (n[rnp.arange(1, n.shape[0])], n[1:]),
    "positions_of_a_name_reversed": (n[n.shape[0] - 1 - rnp.arange(n.shape[0])], n[::-1]),
    "position_of_constant":         (take(v, np.int64(2)), v[2]),
    "positions_of_slice":           (take(w[1:], at), take(w, at + 1)),
    # local_adv_idx_to_diagonal
    "positions_of_diagonal":        (S[rnp.arange(4), rnp.arange(4)], diagonal(S)),
    "positions_below_diagonal":     (S[rnp.arange(3) + 1, rnp.arange(3)], diagonal(S, -1)),
    "positions_of_wide_diagonal":   (X[np.arange(3), np.arange(3) + 1], diagonal(X, 1)),
    "part_of_diagonal":             (S[np.arange(1, 3), np.arange(1, 3)], diagonal(S)[1:3]),
    "diagonals_of_batch":           (T[:, rnp.arange(3), rnp.arange(3)], diagonal(T, 0, 1, 2)),
    "diagonal_of_a_name":           (N[rnp.arange(N.shape[0]), rnp.arange(N.shape[0])], diagonal(N)),
    # local_advanced_subtensor_of_dot
    "elements_of_product":          ((X @ Z)[np.array([2, 0, 1]), np.array([1, 1, 0])],
                                     rnp.vecdot(take(X, np.array([2, 0, 1]), 0), take(Z, np.array([1, 1, 0]), 1).T)),
    # local_subtensor_of_alloc, local_subtensor_of_join, local_subtensor_make_vector
    "positions_of_one":             (take(row, np.array([0, -1, 0]), 0), broadcast_to(row, (3, 4))),
    "positions_in_join":            (concat([x, v])[np.array([0, 2, 3, 5])], concat([x[::2], v[::2]])),
    "positions_in_one_part":        (concat([x, v])[np.array([4, 3, 5])], take(v, np.array([1, 0, 2]))),
    "positions_in_vector":          (stack([a, b, c])[[0, 2]], stack([a, c])),
    "positions_in_vector_turned":   (stack([a, b, c])[[2, 0]], stack([c, a])),
    "one_position_in_vector_twice": (stack([a, b, c])[[1, 1]], broadcast_to(b, (2,))),
}

WRITES: dict[str, Row] = {
    # local_slice_read_of_write
    "read_across_set":              (w.at[1:4].set(x)[2:], w[2:].at[:2].set(x[1:])),
    "read_across_add_to_zeros":     (rg.rewrite(zeros(5).at[1:3].set(p))[2:], place_(p[1:], attr((3,)), attr(((0, 1, 1),)))),
    # local_advanced_read_of_write_constant_indices
    "positions_of_set_at_others":   (take(w.at[at].set(x), np.array([3, 4, 4])), take(w, np.array([3, 4, 4]))),
    "positions_of_set_at_some":     (take(w.at[at].set(x), np.array([2, 2, 1])), take(x, np.array([2, 2, 0]))),
    "positions_of_set_mixed":       (take(w.at[at].set(x), np.array([3, 0, 4])),
                                     take(w, np.array([3, 0, 4])).at[1:2].set(x[1:2])),
    "positions_of_set_twice":       (take(w.at[np.array([1, 0, 1])].set(x), np.array([0, 1, 1])), take(x, np.array([1, 2, 2]))),
    "positions_of_add":             (take(rg.rewrite(zeros(5).at[at].add(x)), np.array([0, 2, 1])),
                                     take(x, np.array([1, 2, 0]))),
    "positions_of_add_elsewhere":   (take(rg.rewrite(zeros(5).at[at].add(x)), np.array([4, 3])), zeros(2)),
    "element_of_set_at_positions":  (w.at[at].set(x)[2], x[2]),
    "slice_of_set_at_positions":    (w.at[at].set(x)[3:], w[3:]),
    "element_of_add_at_positions":  (rg.rewrite(zeros(5).at[at].add(x))[0], x[1]),
    "columns_of_set_rows":          (X.at[i].set(Y[:2])[:, 1], X[:, 1].at[i].set(Y[:2, 1])),
    "positions_of_set_slice":       (take(w.at[1:4].set(x), np.array([3, 1, 2])), take(x, np.array([2, 0, 1]))),
    "set_at_even_positions":        (w.at[np.array([0, 2, 4])].set(x), w.at[::2].set(x)),
    "add_at_even_positions":        (w.at[np.array([1, 2, 3])].add(x), rg.rewrite(w.at[1:4].add(x))),
    # local_write_of_write_same_indices
    "set_over_set_at_positions":    (w.at[at].set(x).at[np.array([2, 1, 0, 3])].set(v), w.at[np.array([2, 1, 0, 3])].set(v)),
}


@table(READS | WRITES)
def test_equations_of_known_positions(row: Row) -> None:
    holds(row, VALUES)
