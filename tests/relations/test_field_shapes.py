"""The field's equations about shapes: broadcasts, reshapes, transposes, axes of length 1, and sizes that types declare."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.shapes import elementwise, expanded, moved_outside, outside, rearranging, shapes, turned_together
from relgraph.numpy import broadcast_to, exp, expand_dims, log, maximum, ravel, reshape, squeeze, transpose, where
from relgraph.relations import theory
from relgraph.terms.term import Term

from .field import Row, holds, table

x, y, v = rg.vector("x", shape=3), rg.vector("y", shape=3), rg.vector("v", shape=4)
n = rg.vector("n", shape="n")
X, Y, P = rg.matrix("X", shape=(3, 4)), rg.matrix("Y", shape=(3, 4)), rg.matrix("P", shape=(3, 4), dtype="bool")
A, B = rg.matrix("A", shape=(3, 3)), rg.matrix("B", shape=(4, 2))
T, row, s = rg.tensor("T", shape=(2, 3, 4)), rg.matrix("row", shape=(1, 4)), rg.scalar("s")
K = rg.tensor("K", shape=(3, 4), dtype="int64")
moved = theory(outside, shapes)
rng = np.random.default_rng(0)
VALUES: dict[Term, Any] = {t: rng.uniform(0.5, 2, size=t.type.shape) for t in (x, y, v, X, Y, A, B, T, row, s)}
VALUES |= {P: rng.normal(size=(3, 4)) > 0, K: rng.integers(0, 9, (3, 4)), n: rng.uniform(0.5, 2, size=5)}

ROWS: dict[str, Row] = {
    # local_dimshuffle_lift: transposes of functions and of one another; vanishing ones
    "transpose_of_sum":             (X.T + Y.T, (X + Y).T),
    "transpose_of_product":         (transpose(X.T * Y.T), X * Y),
    "transpose_of_multiple":        (transpose(2 * X), 2 * X.T),
    "transpose_of_negative":        (transpose(-X), -X.T),
    "transpose_of_transpose":       (transpose(transpose(T, (2, 0, 1)), (2, 0, 1)), transpose(T, (1, 2, 0))),
    "transpose_undone":             (transpose(transpose(T, (2, 0, 1)), (1, 2, 0)), T),
    "transpose_through_function":   (transpose(exp(X.T)), exp(X), moved),
    "transpose_of_integers":        (transpose(transpose(K)), K),
    "transpose_of_truth":           (transpose(transpose(P)), P),
    "transpose_of_power":           (X.T ** Y.T, (X ** Y).T, turned_together),
    "transpose_of_maximum":         (maximum(X.T, Y.T), maximum(X, Y).T, turned_together),
    "transpose_of_comparison":      (X.T < Y.T, (X < Y).T, turned_together),
    "transpose_of_quotient":        (1 / X.T, (1 / X).T, turned_together),
    "transpose_of_choice":          (where(P.T, X.T, Y.T), where(P, X, Y).T, turned_together),
    "transpose_of_eye":             (transpose(rnp.eye(3, 4, k=1)) * 1, rnp.eye(4, 3, k=-1)),
    "transpose_of_new_axis":        (transpose(expand_dims(X, 0), (0, 2, 1)), expand_dims(X.T, 0)),
    "new_axis_moved":               (transpose(expand_dims(X, 0), (1, 0, 2)), expand_dims(X, 1)),
    "squeeze_of_transpose":         (squeeze(transpose(row), 1), squeeze(row, 0)),
    "squeeze_of_new_axis":          (squeeze(expand_dims(x, 0), 0), x),
    "squeeze_of_one_of_two":        (squeeze(expand_dims(X, (0, 2)), 0), expand_dims(X, 1)),
    "squeeze_of_squeeze":           (squeeze(squeeze(reshape(s, (1, 1)), 0), 0), s),
    "new_axis_of_squeeze":          (expand_dims(squeeze(row, 0), 0), row),
    "new_axis_of_new_axis":         (expand_dims(expand_dims(x, 0), 0), expand_dims(x, (0, 1))),
    "squeeze_of_sum":               (squeeze(expand_dims(x, 0) + expand_dims(y, 0), 0), x + y),
    "new_axis_inside":              (expand_dims(exp(x), 1), exp(expand_dims(x, 1)), expanded),
    # local_useless_dimshuffle_makevector
    "squeeze_of_vector_of_one":     (squeeze(rnp.stack([s]), 0), s),
    # local_alloc_sink_dimshuffle, local_alloc_dimshuffle
    "leading_ones":                 (expand_dims(broadcast_to(x, (2, 3)), 0), broadcast_to(x, (1, 2, 3))),
    "broadcast_of_leading_axis":    (broadcast_to(expand_dims(x, 0), (2, 3)), broadcast_to(x, (2, 3))),
    # local_merge_alloc, local_merge_consecutive_specify_shape, local_specify_shape_alloc
    "broadcast_of_broadcast":       (broadcast_to(broadcast_to(x, (2, 3)), (4, 2, 3)), broadcast_to(x, (4, 2, 3))),
    "broadcast_of_ones":            (broadcast_to(broadcast_to(x, (1, 3)), (2, 3)), broadcast_to(x, (2, 3))),
    # local_dimshuffle_alloc
    "transpose_of_broadcast":       (transpose(broadcast_to(x, (2, 3))), broadcast_to(expand_dims(x, 1), (3, 2))),
    "squeeze_of_broadcast":         (squeeze(broadcast_to(x, (1, 2, 3)), 0), broadcast_to(x, (2, 3))),
    # local_lift_specify_shape_elemwise, and Elemwise of Alloc
    "function_of_broadcast":        (exp(broadcast_to(x, (2, 3))), broadcast_to(exp(x), (2, 3))),
    "sum_with_broadcast":           (X + broadcast_to(v, (3, 4)), v + X),
    "product_with_broadcast":       (X * broadcast_to(v, (3, 4)), v * X),
    "sum_of_broadcast":             (rnp.sum(broadcast_to(x, (2, 3)), 0), 2 * x, rearranging),  # local_opt_alloc
    "max_of_broadcast":             (rnp.max(broadcast_to(x, (2, 3)), 0), x, rearranging),
    # local_reshape_dimshuffle, local_useless_{expand_dims,dimshuffle}_in_reshape, local_fuse_squeeze_reshape
    "reshape_of_new_axis":          (reshape(expand_dims(X, 0), (4, 3)), reshape(X, (4, 3))),
    "reshape_of_moved_axis":        (reshape(expand_dims(x, 1), (1, 3)), expand_dims(x, 0)),
    "reshape_of_turned_ones":       (reshape(transpose(expand_dims(X, 0), (1, 0, 2)), (4, 3)), reshape(X, (4, 3))),
    "reshape_of_squeeze":           (reshape(squeeze(row, 0), (2, 2)), reshape(row, (2, 2))),
    "squeeze_of_reshape":           (squeeze(reshape(X, (1, 12)), 0), reshape(X, 12)),
    # local_fuse_expand_dims_reshape, local_reshape_chain, local_useless_reshape
    "new_axis_of_reshape":          (expand_dims(reshape(X, 12), 0), reshape(X, (1, 12))),
    "reshape_of_reshape":           (reshape(reshape(X, 12), (4, 3)), reshape(X, (4, 3))),
    "reshape_undone":               (reshape(reshape(X, 12), (3, 4)), X),
    "reshape_of_integers":          (reshape(reshape(K, 12), (3, 4)), K),
    # local_reshape_to_dimshuffle
    "reshape_adds_an_axis":         (reshape(X, (3, 1, 4)), expand_dims(X, 1)),
    "reshape_removes_an_axis":      (reshape(row, 4), squeeze(row, 0)),
    "reshape_with_ones":            (expand_dims(reshape(squeeze(row, 0), (2, 2)), 1), reshape(row, (2, 1, 2))),
    # local_reshape_lift, local_flatten_lift
    "reshape_of_function":          (reshape(exp(reshape(X, 12)), (3, 4)), exp(X), moved),
    "function_of_ravel":            (log(ravel(X)), ravel(log(X)), outside),
    "reshape_of_sum":               (ravel(X) + ravel(Y), ravel(X + Y)),
    "reshape_of_product":           (ravel(X) * ravel(Y), ravel(X * Y)),
    "reshape_of_multiple":          (reshape(2 * reshape(X, 12), (3, 4)), 2 * X),
    "reshape_of_maximum":           (maximum(ravel(X), ravel(Y)), ravel(maximum(X, Y)), turned_together),
    # local_useless_tile
    "tile_once":                    (rnp.tile(x, 1), x),
    "tile_of_matrix_once":          (rnp.tile(X, (1, 1)), X),
    "repeat_once":                  (rnp.repeat(X, 1, axis=0), X),
    # local_blockwise_alloc_inputs
    "product_of_copies":            (broadcast_to(X, (5, 3, 4)) @ broadcast_to(B, (5, 4, 2)), broadcast_to(X @ B, (5, 3, 2))),
    "product_with_copies":          (T @ broadcast_to(B, (2, 4, 2)), T @ B),
    "inverse_of_copies":            (rnp.linalg.inv(broadcast_to(A, (5, 3, 3))), broadcast_to(rnp.linalg.inv(A), (5, 3, 3))),
    "determinant_of_copies":        (rnp.linalg.det(broadcast_to(A, (5, 3, 3))), broadcast_to(rnp.linalg.det(A), (5,))),
}


@table(ROWS)
def test_equations_of_shapes(row: Row) -> None:
    holds(row, VALUES)


def test_every_elementwise_function_of_the_table_lets_transposes_and_reshapes_out() -> None:
    """``local_dimshuffle_lift`` and ``local_reshape_lift``: of any f."""
    for f in elementwise:
        assert rg.rewrite(f(X.T), moved_outside([f])) is f(X).T
        assert rg.rewrite(f(ravel(X)), moved_outside([f])) is ravel(f(X))
    for f in (maximum, rnp.power, rnp.less, rnp.arctan2):
        assert rg.rewrite(f(X.T, Y.T), turned_together) is f(X, Y).T


ONE_TERM: dict[str, tuple[Any, Any]] = {
    # what the peers rewrite is here one term: a shape belongs to the type, and scalars are arrays without axes
    "local_useless_alloc":                  (broadcast_to(X, (3, 4)), X),
    "local_useless_specify_shape":          (broadcast_to(X, X.shape), X),
    "local_remove_scalar_BroadcastTo":      (broadcast_to(s, ()), s),
    "local_useless_reshape":                (reshape(x, -1), x),
    "local_useless_reshape of a name":      (reshape(n, n.shape), n),
    "local_tensor_scalar_tensor":           (rnp.asarray(s), s),
    "local_scalar_tensor_scalar":           (reshape(s, ()), s),
    "local_shape_ground":                   (X.shape, (3, 4)),
    "local_Shape_i_ground":                 (X.shape[1], 4),
    "local_subtensor_shape_constant":       (rnp.exp(X + Y).shape[0], 3),
    "local_Shape_of_SpecifyShape":          (broadcast_to(n, (3,)).shape, (3,)),
    "local_shape_to_shape_i":               (rnp.outer(n, n).shape, (n.shape[0], n.shape[0])),
    "local_track_shape_i":                  (rnp.exp(n[1:]).shape, n[1:].shape),
    "local_split_dims":                     (reshape(X, (3, 2, 2)).shape, (3, 2, 2)),
    "local_join_dims":                      (reshape(T, (-1, 4)).shape, (6, 4)),
    "local_alloc_empty_to_zeros":           (rnp.zeros_like(X), rnp.zeros((3, 4))),
}


@pytest.mark.parametrize("law", ONE_TERM)
def test_two_spellings_are_one_term(law: str) -> None:
    one, other = ONE_TERM[law]
    assert one is other or (isinstance(one, (tuple, int)) and one == other)


@pytest.mark.parametrize("f", [lambda t: exp(t) + t, lambda t: t.at[0].add(1.0), lambda t: rnp.sum(t * t),
                               lambda t: rnp.concat([t, t]), lambda t: squeeze(expand_dims(t, 0), 0)])
def test_a_declared_size_goes_through_everything(f: Any) -> None:
    """``specify_shape(f(x), s) = f(specify_shape(x, s))``: a size is declared once, at the input, and types carry it on."""
    assert rg.substitute(f(n), {n: x}) is f(x)


@pytest.mark.parametrize("f", [exp, lambda t: -t, lambda t: t + 1])
def test_an_axis_of_length_one_is_known_by_type(f: Any) -> None:
    """``local_rebroadcast_lift``: what broadcasts is read off the type of a result."""
    assert f(row).type.shape[0] == 1 and (f(row) + X).type.shape == (3, 4)
