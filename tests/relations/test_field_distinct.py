"""The field's equations about distinct elements."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.numpy import broadcast_to, concat, stack, unique
from relgraph.terms.term import Term

from .field import Row, holds, table

s, x, n, k = rg.scalar("s"), rg.vector("x", shape=3), rg.vector("n", shape="n"), rg.vector("k", shape=4)
X, T = rg.matrix("X", shape=(3, 4)), rg.tensor("T", shape=(2, 3, 3))
K = rg.tensor("K", shape=(3, 4), dtype="int64")
known = rg.assume(k, finite=True)
rng = np.random.default_rng(0)
VALUES: dict[Term, Any] = {
    s: np.array(2.5), x: np.array([1.5, -1.0, 1.5]), n: rng.integers(0, 4, 6) / 2, k: np.array([2.0, 1.0, 2.0, 3.0]),
    X: rng.integers(0, 3, (3, 4)) / 2, T: rng.integers(0, 5, (2, 3, 3)) / 2, K: rng.integers(0, 4, (3, 4))}

DISTINCT: dict[str, Row] = {
    # local_Unique_scalar, local_Unique_Alloc_lift, local_Unique_BroadcastTo_lift, local_Unique_Repeat_lift, local_Unique_second
    "distinct_of_scalar":           (unique(s, size=2), broadcast_to(s, (2,))),
    "distinct_of_one":              (unique(x[:1], size=2), broadcast_to(x[:1], (2,))),
    "distinct_of_copies_of_one":    (unique(broadcast_to(s, (5,)), size=2), broadcast_to(s, (2,))),
    "distinct_of_copies":           (unique(broadcast_to(x, (2, 3)), size=2), unique(x, size=2)),
    "distinct_of_repeats":          (unique(rnp.repeat(n, 2), size=2), unique(n, size=2)),
    "distinct_of_tiles":            (unique(rnp.tile(X, (2, 3)), size=2), unique(X, size=2)),
    "distinct_of_stack":            (unique(stack([x, x, x]), size=2), unique(x, size=2)),
    "distinct_of_joined_copies":    (unique(concat([n, n]), size=2), unique(n, size=2)),
    "distinct_of_joined":           (unique(concat([x, x, n]), size=2), unique(concat([x, n]), size=2)),
    # what the peers leave
    "distinct_of_reshape":          (unique(rnp.reshape(X, (2, 6)), size=2), unique(X, size=2)),
    "distinct_of_transpose":        (unique(T.mT, size=2), unique(T, size=2)),
    "distinct_of_reverse":          (unique(n[::-1], size=2), unique(n, size=2)),
    "distinct_of_all_reversed":     (unique(rnp.flip(X), size=2), unique(X, size=2)),
    "distinct_of_roll":             (unique(rnp.roll(x, 1), size=2), unique(x, size=2)),
    "distinct_of_sorted":           (unique(rnp.sort(n), size=2), unique(n, size=2)),
    "distinct_of_sorted_columns":   (unique(rnp.sort(X, 0), size=2), unique(X, size=2)),
    "distinct_of_distinct":         (unique(unique(n, size=5), size=2), unique(n, size=2)),
    "distinct_of_all_distinct":     (unique(unique(x, size=3), size=7), unique(x, size=7)),
    "distinct_of_integers":         (unique(K.T, size=4), unique(K, size=4)),
    "distinct_numbers":             (unique(rnp.arange(5), size=2), rnp.arange(2)),
    "first_of_distinct":            (unique(x, size=5)[:2], unique(x, size=2)),
    "least_of_distinct":            (rnp.min(unique(known, size=2)), rnp.min(k)),
    "greatest_of_distinct":         (rnp.max(unique(x, size=3)), rnp.max(x)),
}


@table(DISTINCT)
def test_distinct_elements(row: Row) -> None:
    holds(row, VALUES)
