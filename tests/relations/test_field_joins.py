"""The field's equations about joins, splits and assertions, and about functions of batches, contractions and definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.joins import repeats
from relations_library.reads import batches, reads
from relgraph.numpy import broadcast_to, concat, exp, expand_dims, special, split, stack, unstack
from relgraph.relations import theory
from relgraph.terms import rows
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Term, toposort

from .field import Row, holds, table

a, b, c, s = (rg.scalar(name) for name in "abcs")
x, y, v, w = rg.vector("x", shape=3), rg.vector("y", shape=3), rg.vector("v", shape=4), rg.vector("w", shape=5)
n, m = rg.vector("n", shape="n"), rg.vector("m", shape="m")
X, Y, Z = rg.matrix("X", shape=(3, 4)), rg.matrix("Y", shape=(3, 4)), rg.matrix("Z", shape=(4, 2))
K = rg.tensor("K", shape=(3, 4), dtype="int64")
T = rg.tensor("T", shape=(5, 3, 3))
rng = np.random.default_rng(0)
VALUES: dict[Term, Any] = {t: rng.uniform(0.5, 2, size=t.type.shape) for t in (a, b, c, s, x, y, v, w, X, Y, Z, T)}
VALUES |= {K: rng.integers(0, 9, (3, 4)), n: rng.normal(size=6), m: rng.normal(size=2)}
nothing = rnp.zeros(0)

ROWS: dict[str, Row] = {
    # local_join_1, local_join_empty, local_join_make_vector
    "join_of_one":                  (concat([X]), X),
    "empty_first":                  (concat([nothing, y]), y),
    "empty_between":                (concat([x, nothing, y]), concat([x, y])),
    "empty_around":                 (concat([nothing, x, nothing]), x),
    "join_of_vectors_of_scalars":   (concat([stack([a, b]), stack([c])]), stack([a, b, c])),
    "join_of_joins":                (concat([concat([x, y]), concat([v, w])]), concat([x, y, v, w])),
    "join_of_joins_of_matrices":    (concat([X, concat([Y, X], 1)], 1), concat([X, Y, X], 1)),
    # local_join_to_repeat
    "join_to_tile":                 (concat([x, x, x]), rg.rewrite(rnp.tile(x, 3)), repeats),
    "join_of_rows_to_tile":         (concat([X, X]), broadcast_to(X, (2, 3, 4)).reshape(6, 4), repeats),
    "join_of_columns_to_tile":      (concat([X, X], 1), broadcast_to(expand_dims(X, 1), (3, 2, 4)).reshape(3, 8), repeats),
    # local_join_subtensors
    "join_of_slices":               (concat([w[:3], w[3:5]]), w),
    "join_of_slices_within":        (concat([w[:1], w[1:3]]), w[:3]),
    "join_of_many_slices":          (concat([w[:1], w[1:3], w[3:4], w[4:]]), w),
    "join_of_slices_beside_others": (concat([x, w[:1], w[1:3], y]), concat([x, w[:3], y])),
    "join_of_rows":                 (concat([X[:1], X[1:]]), X),
    "join_of_columns":              (concat([X[:, :1], X[:, 1:2], X[:, 2:]], 1), X),
    "join_of_integers":             (concat([K[:1], K[1:]]), K),
    "stack_of_slices":              (stack(unstack(X)), X),
    "stack_of_columns":             (stack(unstack(X, axis=1), axis=1), X),
    # what has changed places is reduced where it was
    "logsumexp_of_roll_by_one":     (special.logsumexp(rnp.roll(w, 1)), special.logsumexp(w)),
    "logsumexp_of_roll":            (special.logsumexp(rnp.roll(w, -2)), special.logsumexp(w)),
    "max_of_roll_by_one":           (rnp.max(rnp.roll(w, 1)), rnp.max(w)),
    # local_useless_split; split and join are inverses
    "split_in_one":                 (split(x, 1)[0] * 1, x),
    "join_of_split":                (concat(split(w, [2, 3])), w),
    "split_of_join":                (split(concat([x, y, v]), [3, 6])[1], y),
    "split_of_join_in_equal_parts": (split(concat([x, y]), 2)[0], x),
    "split_of_join_of_names":       (concat([n, m])[n.shape[0]:], m),
    "unstack_of_stack":             (unstack(stack([x, y]))[1], y),
    # local_join_of_alloc
    "join_of_broadcasts":           (concat([broadcast_to(x, (2, 3)), broadcast_to(v, (2, 4))], 1),
                                     broadcast_to(concat([x, v]), (2, 7))),
    "join_of_copies":               (concat([broadcast_to(x, (2, 3)), broadcast_to(x, (4, 3))]), broadcast_to(x, (6, 3))),
    "join_of_zeros":                (concat([rnp.zeros(2), rnp.zeros(3), x]), concat([rnp.zeros(5), x])),
    "join_of_functions":            (concat([exp(x), exp(y)]), exp(concat([x, y]))),
    # local_remove_useless_assert: a claim that is made twice, and one that has done its work
    "claim_made_twice":             (rg.assume(rg.assume(x, positive=True), positive=True), x),
    "claim_that_is_used":           (rnp.abs(rg.assume(x, positive=True)), x),
    # local_subtensor_of_batch_dims of Blockwise: see test_field_indexing.  local_useless_unbatched_blockwise:
    "batch_of_one":                 (rnp.linalg.det(expand_dims(T[0], 0))[0], rnp.linalg.det(T[0]), theory(batches, reads)),
    # inline_optimized_einsum
    "einsum_of_trace":              (rnp.einsum("ii->i", T[0] + T[0]), 2 * rnp.diagonal(T[0])),
    "einsum_of_transpose":          (rnp.einsum("ij->ji", X.T), X),
}


@table(ROWS)
def test_equations_of_joins(row: Row) -> None:
    holds(row, VALUES)


ONE_TERM: dict[str, tuple[Any, Any]] = {
    # a batch is a leading axis of any op with core dims: what the peers rewrite is built as one term
    "local_useless_blockwise":                  (rg.vectorize(exp(x), {x: X.T}), exp(X.T)),
    "local_useless_blockwise of a product":     (rg.vectorize(x @ X, {x: T[0]}), rnp.vecmat(T[0], X)),
    "local_eager_useless_unbatched_blockwise":  (rg.vectorize(x @ X, {x: y}), y @ X),
    "local_useless_unbatched_blockwise":        (rg.vectorize(rnp.linalg.inv(T[0]), {T: T}), rnp.linalg.inv(T[0])),
    "local_blockwise_of_subtensor":             (rg.vectorize(v[1], {v: X}), X[:, 1]),
    "local_blockwise_reshape":                  (rg.vectorize(v.reshape(2, 2), {v: X}), X.reshape(3, 2, 2)),
    "local_blockwise_alloc":                    (rg.vectorize(broadcast_to(v, (2, 4)), {v: X}),
                                                 broadcast_to(expand_dims(X, 1), (3, 2, 4))),
    # einsum is its contractions
    "inline_optimized_einsum":                  (rnp.einsum("ij,jk->ik", X, Z), X @ Z),
    "optimize_einsum_inner_graph":              (rnp.einsum("ij,jk,k->i", X, Z, rg.vector("u", shape=2)),
                                                 X @ (Z @ rg.vector("u", shape=2))),
}


@pytest.mark.parametrize("law", ONE_TERM)
def test_two_spellings_are_one_term(law: str) -> None:
    one, other = ONE_TERM[law]
    assert one is other


def test_a_write_of_a_batch_is_one_write() -> None:
    """``local_blockwise_inc_subtensor``."""
    y = rg.vectorize(v.at[1:3].add(s), {v: X})
    assert [t.op.name for t in toposort(y) if t.op.name in ("put", "place")] == ["put"]
    expected = VALUES[X].copy()
    expected[:, 1:3] += VALUES[s]
    np.testing.assert_allclose(y.eval(VALUES), expected)


DEFINED = {"xlogy": special.xlogy(a, b), "xlog1py": special.xlog1py(a, b), "betaln": special.betaln(a, b),
           "log_ndtr": special.log_ndtr(a), "mean": rnp.mean(X, 1), "softmax": special.softmax(X, axis=1),
           "logsumexp": special.logsumexp(X, axis=1), "trace": rnp.trace(T, 0, 1, 2)}


@pytest.mark.parametrize("name", DEFINED)
def test_a_definition_is_the_op(name: str) -> None:
    """``late_inline_OpFromGraph``, ``inline_symbolic_for_fusion``: an op is its expansion, of which linkers make loops."""
    t = DEFINED[name]
    definition = rows()[name].definition
    assert definition is not None and t.op.name == name
    expansion = definition(*t.args)
    assert expansion.type == t.type
    np.testing.assert_allclose(*evaluate([t, expansion], VALUES), rtol=1e-10)
