"""The field's equations about reads and writes of parts of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.ordering import ordering
from relations_library.reads import batches
from relations_library.writes import beside
from relgraph.numpy import broadcast_to, concat, diagonal, exp, expand_dims, linalg, special, squeeze, stack, take, zeros
from relgraph.strategies import normalize
from relgraph.terms.evaluate import evaluate
from relgraph.terms.indexing import place_
from relgraph.terms.term import Term, attr

from .field import Row, holds, table

a, b, c, s = (rg.scalar(name) for name in "abcs")
x, y, v, w = rg.vector("x", shape=3), rg.vector("y", shape=3), rg.vector("v", shape=4), rg.vector("w", shape=5)
p, q, n = rg.vector("p", shape=2), rg.vector("q", shape=2), rg.vector("n", shape="n")
X, Y, Z, S = (rg.matrix(name, shape=d) for name, d in (("X", (3, 4)), ("Y", (3, 4)), ("Z", (4, 2)), ("S", (4, 4))))
long = rg.vector("long", shape=5000)
T, row = rg.tensor("T", shape=(5, 3, 3)), rg.matrix("row", shape=(1, 4))
i = rg.tensor("i", shape=2, dtype="int64")
K, G = rg.tensor("K", shape=(3, 4), dtype="int64"), rg.tensor("G", shape=(3, 4), dtype="int64")
rng = np.random.default_rng(0)
VALUES: dict[Term, Any] = {t: rng.uniform(0.5, 2, size=t.type.shape) for t in (a, b, c, s, x, y, v, w, p, q, X, Y, Z, S, row)}
VALUES |= {n: rng.normal(size=6), i: np.array([1, 0]), K: rng.integers(0, 9, (3, 4)), G: rng.integers(0, 9, (3, 4))}
VALUES[long] = rng.normal(size=5000)
VALUES[T] = np.eye(3) + 0.1 * np.ones((5, 1, 1))
at = np.array([1, 0, 2])  # distinct, in range, not evenly apart

READS: dict[str, Row] = {
    # local_useless_slice, local_useless_subtensor
    "all":                          (X[:] * 1, X),
    "all_by_bounds":                (v[0:4] * 1, v),
    "bounds_beyond":                (v[0:9] * 1, v),
    "all_of_a_name":                (n[0:n.shape[0]] * 1, n),
    # local_subtensor_merge_slice, local_subtensor_merge_integer, local_convert_negative_indices, local_subtensor_merge
    "slice_of_slice":               (w[1:4][1:3], w[2:4]),
    "slice_of_steps":               (w[::2][1:], w[2::2]),
    "reverse_of_reverse":           (n[::-1][::-1], n),
    "slices_of_a_name":             (n[1:][1:], n[2:]),
    "end_of_a_name":                (n[:-1][1:], n[1:-1]),
    "element_of_slice":             (w[1:4][2], w[3]),
    "element_of_reverse":           (x[::-1][0], x[2]),
    "last_of_slice":                (w[1:4][-1], w[3]),
    "element_of_slice_of_a_name":   (n[1:][0], n[1]),
    "row_of_rows":                  (X[1:][0], X[1]),
    "element_of_row":               (X[1][2], X[1, 2]),
    "row_of_columns":               (X[:, 1:][0], X[0, 1:]),
    "reads_of_integers":            (K[1:][0], K[1]),
    # local_subtensor_remove_broadcastable_index, local_dimshuffle_subtensor
    "the_only_row":                 (row[0], squeeze(row, 0)),
    "the_last_row_of_one":          (row[-1], squeeze(row, 0)),
    "squeeze_of_slice":             (squeeze(x[1:2], 0), x[1]),
    "squeeze_of_column":            (squeeze(X[:, 2:3], 1), X[:, 2]),
    # local_adv_idx_to_slice, local_useless_AdvancedSubtensor1
    "positions_from_zero":          (v[rnp.arange(3)], v[:3]),
    "all_positions":                (v[rnp.arange(4)], v),
    "all_positions_of_a_name":      (n[rnp.arange(n.shape[0])], n),
    "rows_from_zero":               (X[rnp.arange(2)], X[:2]),
    "columns_from_zero":            (take(X, rnp.arange(2), 1), X[:, :2]),
    # local_subtensor_of_dot, local_advanced_subtensor_of_dot
    "element_of_product":           ((X @ Z)[1, 0], rnp.vecdot(X[1], Z[:, 0])),
    "row_of_product":               ((X @ Z)[1], rnp.vecmat(X[1], Z)),
    "column_of_product":            ((X @ Z)[:, 0], rnp.matvec(X, Z[:, 0])),
    "block_of_product":             ((X @ Z)[1:, :1], X[1:] @ Z[:, :1]),
    "element_of_matvec":            (rnp.matvec(X, v)[1], rnp.vecdot(X[1], v)),
    "part_of_matvec":               (rnp.matvec(X, v)[1:], rnp.matvec(X[1:], v)),
    "element_of_vecmat":            (rnp.vecmat(x, X)[1], rnp.vecdot(x, X[:, 1])),
    "batch_of_vecdot":              (rnp.vecdot(X, Y)[1], rnp.vecdot(X[1], Y[1])),
    "rows_of_product":              (take(X @ Z, i, 0), take(X, i, 0) @ Z),
    "columns_of_product":           (take(X @ Z, i, 1), X @ take(Z, i, 1)),
    "elements_of_matvec":           (take(rnp.matvec(X, v), i), rnp.matvec(take(X, i, 0), v)),
    "elements_of_vecmat":           (take(rnp.vecmat(x, X), i), rnp.vecmat(x, take(X, i, 1))),
    # local_subtensor_of_batch_dims, local_subtensor_lift
    "row_of_function":              (exp(X)[1], exp(X[1])),
    "row_of_sum":                   ((X + v)[1], v + X[1]),
    "row_of_sum_across":            ((X + expand_dims(x, 1))[1], x[1] + X[1]),
    "row_of_quotient":              ((X / v)[1], X[1] / v),
    "row_of_power":                 ((X ** v)[1], X[1] ** v),
    "column_of_choice":             (rnp.where(X > 0, X, v)[:, 1], rnp.where(rnp.less(0.0, X[:, 1]), X[:, 1], v[1])),
    "row_of_arctan2":               (rnp.arctan2(X, v)[1], rnp.arctan2(X[1], v)),
    "row_of_cast":                  (X.astype("float32")[1], X[1].astype("float32")),
    "row_of_condition":             (((X > 0) & (X < v))[1], rnp.less(0.0, X[1]) & (X[1] < v)),
    "row_of_integers":              ((K + G)[1], G[1] + K[1]),
    "positions_of_function":        (take(exp(v), i), exp(take(v, i))),
    "positions_of_sum":             (take(X + v, i, 1), take(v, i) + take(X, i, 1)),
    "positions_of_maximum":         (take(rnp.maximum(X, Y), i, 0), rnp.maximum(take(X, i, 0), take(Y, i, 0))),
    "matrix_of_inverses":           (linalg.inv(T)[2], linalg.inv(T[2]), batches),
    "matrices_of_factors":          (linalg.cholesky(T)[2:4], linalg.cholesky(T[2:4]), batches),
    "one_of_determinants":          (linalg.det(T)[2], linalg.det(T[2]), batches),
    "one_of_solutions":             (linalg.solve(T, X)[2], linalg.solve(T[2], X), batches),
    # local_subtensor_of_reduce
    "part_of_sum":                  (rnp.sum(X, 1)[1], rnp.sum(X[1])),
    "slice_of_sum":                 (rnp.sum(X, 0)[1:], rnp.sum(X[:, 1:], 0)),
    "part_of_max":                  (rnp.max(X, 1)[1], rnp.max(X[1])),
    "part_of_prod":                 (rnp.prod(X, 1)[1], rnp.prod(X[1])),
    "part_of_mean":                 (rnp.mean(X, 1)[1], 0.25 * rnp.sum(X[1])),
    "part_of_argmax":               (rnp.argmax(X, 1)[1], rnp.argmax(X[1])),
    "part_of_cumsum":               (rnp.cumsum(X, 1)[1], rnp.cumsum(X[1], 0)),
    "positions_of_sums":            (take(rnp.sum(X, 1), i), rnp.sum(take(X, i, 0), 1)),
    # local_subtensor_of_softmax, local_argmax_pushdown
    "row_of_softmax":               (special.softmax(X, axis=1)[1], special.softmax(X[1], axis=0)),
    "element_of_softmax":           (special.softmax(X, axis=1)[1, 2], special.softmax(X[1], axis=0)[2]),
    "log_of_row_of_softmax":        (rnp.log(special.softmax(X, axis=1)[1]), X[1] - special.logsumexp(X[1])),
    # local_subtensor_of_expand_dims, local_subtensor_of_squeeze, local_subtensor_of_transpose
    "the_new_axis":                 (expand_dims(x, 0)[0], x),
    "beside_the_new_axis":          (expand_dims(x, 0)[:, 1:], expand_dims(x[1:], 0)),
    "across_the_new_axis":          (expand_dims(X, 1)[1, 0], X[1]),
    "element_of_squeeze":           (squeeze(row, 0)[1], row[0, 1]),
    "slice_of_squeeze":             (squeeze(row, 0)[1:], row[0, 1:]),
    "part_of_transpose":            (X.T[1:, 2:], X[2:, 1:].T),
    "row_of_transpose":             (X.T[1], X[:, 1]),
    "positions_of_transpose":       (rnp.transpose(take(X.T, i, 0)), take(X, i, 1)),  # local_replace_AdvancedSubtensor
    # local_basic_subtensor_of_alloc, local_subtensor_of_alloc, local_subtensor_SpecifyShape_lift
    "one_of_copies":                (broadcast_to(x, (2, 3))[0], x),
    "part_of_copies":               (broadcast_to(x, (2, 3))[:, 1:], broadcast_to(x[1:], (2, 2))),
    "element_of_copies":            (broadcast_to(x, (2, 3))[1, 1], x[1]),
    "positions_in_copies":          (take(broadcast_to(x, (2, 3)), i, 1), broadcast_to(take(x, i), (2, 2))),
    "positions_of_copies":          (take(broadcast_to(s, (3,)), at), broadcast_to(s, (3,))),
    # local_subtensor_of_join
    "row_of_join":                  (concat([X, Y], 1)[1], concat([X[1], Y[1]])),
    "row_of_join_of_three":         (concat([X, Y, X], 1)[1], concat([X[1], Y[1], X[1]])),
    "element_of_join":              (concat([x, y, v])[4], y[1]),
    "slice_across_join":            (concat([x, y])[2:5], concat([x[2:], y[:2]])),
    "reverse_of_join":              (concat([x, y, v])[::-1], concat([v[::-1], y[::-1], x[::-1]])),
    # local_subtensor_of_adv_subtensor
    "row_of_positions":             (take(X, i, 1)[1], take(X[1], i)),
    "one_of_positions":             (take(X, at, 0)[:, 1:], take(X[:, 1:], at, 0)),
    "one_of_known_positions":       (take(X, at, 0)[1], X[0]),
    "positions_of_positions":       (take(take(w, at), np.array([1, 1])), take(w, np.array([0, 0]))),
    # local_subtensor_make_vector
    "first_of_vector":              (stack([a, b, c])[0], a),
    "last_of_vector":               (stack([a, b, c])[-1], c),
    "slice_of_vector":              (stack([a, b, c])[0:2], stack([a, b])),
    "steps_of_vector":              (stack([a, b, c])[::2], stack([a, c])),
    "reverse_of_vector":            (stack([a, b, c])[::-1], stack([c, b, a])),
    # local_extract_diag_of_alloc_diag, local_extract_diag_of_eye, local_extract_diag_lift
    "diagonal_of_diagonal":         (diagonal(rnp.diag(x)), x),
    "diagonal_beside_diagonal":     (diagonal(rnp.diag(x), 1), zeros(2)),
    "diagonal_of_eye":              (diagonal(rnp.eye(3, 4, k=1), 1), rnp.full(3, 1.0)),
    "diagonal_beside_eye":          (diagonal(rnp.eye(3), 1), zeros(2)),
    "diagonal_of_product":          (diagonal(S @ Z @ Z.T), rnp.sum(Z * (S @ Z), 1)),
    "diagonal_of_gram":             (diagonal(X @ X.T), rnp.sum(X**2, 1)),
    "diagonal_of_function":         (diagonal(exp(S)), exp(diagonal(S))),
    "diagonal_of_sum":              (diagonal(S + v), v + diagonal(S)),
    "diagonal_of_maximum":          (diagonal(rnp.maximum(S, s), 1), rnp.maximum(s, diagonal(S, 1))),
    "diagonal_of_copies":           (diagonal(broadcast_to(v, (3, 4)), 1), v[1:]),
    "diagonal_of_scalar":           (diagonal(broadcast_to(s, (3, 4))), broadcast_to(s, (3,))),
    "diagonal_of_transpose":        (diagonal(S.T), diagonal(S)),
    "diagonal_of_written_matrix":   (diagonal(T.at[1].set(W := rg.matrix("W", shape=(3, 3))), 0, 1, 2),
                                     diagonal(T, 0, 1, 2).at[1].set(diagonal(W))),
}
VALUES[W] = rng.normal(size=(3, 3))

WRITES: dict[str, Row] = {
    # local_useless_inc_subtensor
    "set_of_all":                   (X.at[0:3].set(Y) * 1, Y),
    "add_to_all_of_zeros":          (zeros((3, 4)).at[:].add(Y) * 1, Y),
    "add_to_all":                   (X.at[:].add(2 * X), 3 * X),
    # local_set_to_inc_subtensor
    "set_of_sum":                   (X.at[0].set(X[0] + v), rg.rewrite(X.at[0].add(v))),
    "set_of_sum_at_positions":      (w.at[at].set(w[at] + x), w.at[at].add(x)),
    # local_add_of_sparse_write
    "sum_with_add":                 (w + zeros(5).at[1:3].add(p), rg.rewrite(w.at[1:3].add(p))),
    "sum_with_set":                 (w + zeros(5).at[1:3].set(p), rg.rewrite(w.at[1:3].add(p))),
    "sum_with_add_at_positions":    (w + zeros(5).at[i].add(p), w.at[i].add(p)),
    "sum_with_set_at_positions":    (w + zeros(5).at[at].set(x), w.at[at].add(x)),
    # local_IncSubtensor_serialize
    "sum_of_adds":                  (zeros(5).at[1:3].add(p) + zeros(5).at[1:3].add(q),
                                     rg.rewrite(zeros(5).at[1:3].add(p + q))),
    "sum_of_adds_beside":           (rg.rewrite(zeros(5).at[1:3].set(p)) + rg.rewrite(zeros(5).at[0].set(s)),
                                     rg.rewrite(zeros(5).at[1:3].set(p)).at[0].set(s), beside),
    # local_incsubtensor_of_zeros, local_incsubtensor_of_zeros_to_setsubtensor
    "add_of_zero":                  (w.at[1:3].add(0.0), w),
    "add_of_zeros":                 (X.at[0].add(zeros(4)), X),
    "add_of_zeros_at_positions":    (long.at[at].add(zeros(3)), long),
    "add_to_zeros":                 (zeros(5).at[1:3].add(p), rg.rewrite(zeros(5).at[1:3].set(p))),
    "zeros_among_zeros":            (place_(zeros(2), attr((5000,)), attr(((1, 1, 2),))), zeros(5000)),
    # local_setsubtensor_of_constants
    "set_of_own":                   (w.at[1:3].set(w[1:3]), w),
    "set_of_own_at_positions":      (w.at[at].set(w[at]), w),
    "set_of_own_integers":          (K.at[0].set(K[0]), K),
    "set_of_copies":                (rnp.full((300, 2), s).at[1].set(s), rnp.full((300, 2), s)),
    # local_read_of_write_same_indices, local_subtensor_inc_subtensor, local_adv_sub1_adv_inc_sub1
    "read_of_set":                  (w.at[1:3].set(p)[1:3], p),
    "read_of_add":                  (w.at[1:3].add(p)[1:3], p + w[1:3]),
    "read_of_set_at_positions":     (w.at[at].set(x)[at], x),
    "read_of_add_at_positions":     (w.at[at].add(x)[at], x + w[at]),
    "read_of_set_of_integers":      (K.at[1].set(G[1])[1], G[1]),
    # local_slice_read_of_write
    "read_within_set":              (w.at[1:4].set(x)[2:4], x[1:]),
    "element_within_set":           (w.at[1:3].set(p)[2], p[1]),
    "steps_within_set":             (w.at[1:4].set(x)[1:4:2], x[::2]),
    "read_beside_set":              (w.at[1:3].set(p)[3:], w[3:]),
    "element_beside_set":           (w.at[1].set(s)[2], w[2]),
    "read_beside_add":              (w.at[1:3].add(p)[4], w[4]),
    "read_between_set":             (w.at[::2].set(x)[1::2], w[1::2]),
    "row_of_set_row":               (X.at[1].set(v)[1, 2], v[2]),
    "row_beside_set_row":           (X.at[1].set(v)[0], X[0]),
    "column_of_set_row":            (X.at[1].set(v)[:, 2], X[:, 2].at[1].set(v[2])),
    "read_of_a_name_beside":        (n.at[0].set(s)[1:], n[1:]),
    # local_write_of_write_same_indices
    "set_of_set":                   (w.at[1:3].set(p).at[1:3].set(q), w.at[1:3].set(q)),
    "set_of_add":                   (w.at[1:3].add(p).at[1:3].set(q), w.at[1:3].set(q)),
    "add_of_set":                   (w.at[1:3].set(p).at[1:3].add(q), w.at[1:3].set(p + q)),
    "add_of_add":                   (w.at[1:3].add(p).at[1:3].add(q), rg.rewrite(w.at[1:3].add(p + q))),
    "set_over_set":                 (w.at[2].set(s).at[1:4].set(x), w.at[1:4].set(x)),
    "set_of_set_at_positions":      (w.at[i].set(p).at[i].set(q), w.at[i].set(q)),
    "set_of_add_at_positions":      (w.at[i].add(p).at[i].set(q), w.at[i].set(q)),
    "add_of_set_at_positions":      (w.at[at].set(x).at[at].add(y), w.at[at].set(x + y)),
    "add_of_add_at_positions":      (w.at[i].add(p).at[i].add(q), w.at[i].add(p + q)),
}


@table(READS)
def test_equations_of_reads(row: Row) -> None:
    holds(row, VALUES)


@table(WRITES)
def test_equations_of_writes(row: Row) -> None:
    holds(row, VALUES)


def test_argmax_of_softmax() -> None:
    """``local_argmax_pushdown``."""
    known = rg.assume(X, finite=True)
    assert rg.rewrite(rnp.argmax(special.softmax(known, axis=1), 1), normalize(ordering)) is rnp.argmax(X, 1)


ONE_TERM: dict[str, tuple[Any, Any]] = {
    "local_useless_slice":                  (X[1:, :], X[1:]),
    "local_convert_negative_indices":       (v[-1], v[3]),
    "local_useless_inc_subtensor":          (X.at[:].set(Y), Y),
    "local_useless_inc_subtensor_alloc":    (w.at[1:3].add(broadcast_to(s, (2,))), w.at[1:3].add(s)),
    "local_useless_inc_subtensor_alloc of rows": (X.at[1:].set(broadcast_to(v, (2, 4))), X.at[1:].set(v)),
}


@pytest.mark.parametrize("law", ONE_TERM)
def test_two_spellings_are_one_term(law: str) -> None:
    one, other = ONE_TERM[law]
    assert one is other


def test_a_constant_mask_is_its_positions() -> None:
    """``bool_idx_to_nonzero``: written by the user, since the length must be known."""
    mask = VALUES[v] > 1
    np.testing.assert_array_equal(v[np.nonzero(mask)[0]].eval(VALUES), VALUES[v][mask])
    np.testing.assert_array_equal(v.at[mask].set(0.0).eval(VALUES), np.where(mask, 0, VALUES[v]))


REFUSED: dict[str, Term] = {
    # true only of positions that are distinct, or in range: without knowing it nothing is rewritten
    "read of set at unknown positions":     take(w.at[i].set(p), i),
    "read of add at unknown positions":     take(rg.rewrite(zeros(5).at[i].add(p)), i),
    "own elements at unknown positions":    w.at[i].set(take(w, i)),
    "copies at unknown positions":          take(broadcast_to(s, (3,)), i),
    "one of unknown positions":             take(v, i)[0],
    "more positions than elements":         take(exp(x), np.array([0, 1, 2, 1])),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_be_wrong_or_dear_stays(what: str) -> None:
    t = REFUSED[what]
    assert rg.rewrite(t) is t
    assert np.shape(evaluate([t], VALUES)[0]) == t.type.shape
