"""Wrong rules about shapes, joins, reads, writes and order that the field has had: each is refused, with what refutes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.__main__ import relations
from relgraph.errors import RefusedRelation
from relgraph.numpy import argmax, argsort, broadcast_to, cumsum, exp, expand_dims, mean, reshape, sort, sum, take, transpose
from relgraph.relations import attrs, literals, lvars
from relgraph.relations import predicates as p
from relgraph.relations.axes import longer_spread, own_axes, shape_without
from relgraph.relations.predicates import (
    equal_to,
    finite,
    in_range,
    neighbours,
    nonempty,
    nonzero,
    of_rank,
    same_shape,
    unique_indices,
)
from relgraph.relations.reads import axis_length, axis_size, read_part, tail
from relgraph.relations.verify import judge, measure
from relgraph.terms.distinct import unique_, unique_index_
from relgraph.terms.evaluate import evaluate
from relgraph.terms.indexing import index_, place_, take_add_
from relgraph.terms.joining import concat_, diagonal_
from relgraph.terms.linalg import inv
from relgraph.terms.ordering import take_along
from relgraph.terms.term import attr
from relgraph.terms.writes import put_, take_set_

x, y, z = lvars("x y z")
i, = lvars("i", kinds="iu")
q, = lvars("q", kinds="b")
c, = literals("c")
axis, axes, shape, other, spec, first, second, size, n, m = attrs("axis axes shape other spec first second size n m")
known = in_range(i, axis_length(x, axis))
softmax = rnp.special.softmax

WRONG: list[tuple[str, Any, Any, Any]] = [
    # writes at positions that may repeat
    ("set_to_inc", take_set_(x, i, take(x, i, axis) + y, axis), x + take_add_(y, i, axis, axis_size(x, axis)), known),
    ("read_of_inc", take(take_add_(x, i, axis, size), i, axis), x, in_range(i, axis_length(take_add_(x, i, axis, size), axis))),
    ("read_of_set", take(take_set_(x, i, y, axis), i, axis), y, known),
    ("set_of_zeros_is_inc", take_set_(0 * x, i, y, axis), 0 * x + take_add_(y, i, axis, axis_size(x, axis)), known),
    ("inc_keeps_what_is_set", take_add_(x, i, axis, size) + take_add_(y, i, axis, size), take_add_(y, i, axis, size), None),
    ("out_of_range_is_forgotten", take_set_(x, i, take(x, i, axis), axis), x, None),
    ("set_to_itself_is_minus", -take_set_(x, i, take(x, i, axis), axis), x, known),
    ("read_of_set_is_minus", take(take_set_(x, i, y, axis), i, axis), -y, known & unique_indices(i)),
    ("mean_of_none", mean(broadcast_to(x, shape), axis), broadcast_to(mean(x, own_axes(x, axis)), shape_without(shape, axis)),
     None),
    ("what_is_added_outside_is_there", sum(take_add_(x, i, axis, size), axis), sum(x, axis), of_rank(i, 1)),
    ("all_of_a_part", rnp.all(index_(q, spec), axis), rnp.all(q, axis), None),
    ("unique_is_not_in_range", take(take_set_(x, i, y, axis), i, axis), y, unique_indices(i)),
    ("what_is_added_reaches_further", take_set_(x + take_add_(y, i, axis, size), i, z, axis), take_set_(x, i, z, axis), None),
    ("the_third_position_is_as_good", take(x, rnp.where(rnp.equal(i, 2), 1, i), axis), take(x, i, axis), None),
    # writes of parts
    ("what_is_placed_reaches_further", place_(1 / index_(x, spec), shape, spec) * x,
     place_(index_(x, spec) / index_(x, spec), shape, spec) + 0 * x, nonzero(x)),
    ("read_of_another_write", index_(put_(x, y, first), second), y, None),
    ("write_over_another_write", put_(put_(x, y, first), z, second), put_(x, z, second), None),
    ("add_forgets_the_base", put_(x, index_(x, spec) + y, spec), place_(y, tail(x, spec), spec), None),
    ("set_is_add", put_(x, y, spec), x + place_(y, tail(x, spec), spec), None),
    ("exp_of_place", exp(place_(x, shape, spec)), place_(exp(x), shape, spec), None),
    ("sum_of_adds_is_set", place_(x, shape, first) + place_(y, shape, second), put_(place_(x, shape, first), y, second),
     same_shape(place_(x, shape, first), place_(y, shape, second))),
    ("read_beside_is_the_base", index_(put_(x, y, first), second), index_(x, second), None),
    ("set_zeros_at_repeated_positions", take_set_(broadcast_to(c, shape), i, y, axis),
     take_add_(y, i, axis, axis_size(broadcast_to(c, shape), axis)), equal_to(c, 0) & finite(c)),
    # reads
    ("read_of_inverses_within", index_(inv(x), spec), inv(index_(x, spec)), None),
    ("reads_commute", index_(index_(x, first), second), index_(index_(x, second), first), None),
    ("read_of_read_is_the_last", index_(index_(x, first), second), index_(x, second), None),
    ("read_of_transpose", index_(transpose(x, axes), spec), index_(x, spec), None),
    ("read_of_softmax", index_(softmax(x, axis), spec), softmax(index_(x, spec), axis), None),
    ("read_of_cumsum", index_(cumsum(x, -1), spec), cumsum(index_(x, spec), -1), None),
    ("read_of_sort", index_(sort(x), spec), sort(index_(x, spec)), None),
    ("read_of_sum_of_one", index_(x + y, spec), read_part(x, spec) + y, None),
    ("negative_index_without_length", take(x, i, axis), take(x, -i, axis), known),
    ("diagonal_of_sum", sum(diagonal_(x, 0), -1), sum(x, (-2, -1)), None),
    # joins
    ("join_commutes", concat_(x, y, axis), concat_(y, x, axis), None),
    ("sum_over_a_join", sum(concat_(x, y, axis), axis), sum(x + y, axis), None),
    ("max_of_join_is_of_one", rnp.max(concat_(x, y, axis), axis), rnp.max(x, axis), None),
    ("slices_that_do_not_meet", concat_(index_(x, first), index_(x, second), axis), x, None),
    ("join_of_copies_of_two", concat_(broadcast_to(x, shape), broadcast_to(y, other), axis),
     longer_spread(x, shape, other, axis), None),
    # shapes
    ("reshape_of_product_that_broadcasts", reshape(x, shape) * reshape(y, shape), reshape(x * y, shape), None),
    ("transpose_of_new_axis", transpose(expand_dims(x, axis), axes), expand_dims(transpose(x, axes), axis), None),
    ("max_of_spread_rows", rnp.max(broadcast_to(x, shape), axis), broadcast_to(x, shape_without(shape, axis)), nonempty(x)),
    ("sum_of_spread", sum(broadcast_to(x, shape), axis), sum(x, axis), None),
    ("reshape_is_transpose", reshape(transpose(x, axes), shape), reshape(x, shape), None),
    ("softmax_of_reshape", softmax(reshape(x, shape), -1), reshape(softmax(x, -1), shape), None),
    ("cumsum_of_reshape", cumsum(reshape(x, shape), -1), reshape(cumsum(x, -1), shape), None),
    # order
    ("argmax_of_sort", argmax(sort(x), -1), argmax(x, -1), None),
    ("argsort_is_its_inverse", argsort(argsort(x)), argsort(x), None),
    ("argmax_of_square", argmax(rnp.square(x), -1), argmax(x, -1), None),
    ("argmax_of_scaled", argmax(c * x, -1), argmax(x, -1), None),
    ("argmax_of_shifted", argmax(x + y, -1), argmax(x, -1), None),
    ("sort_of_negative", sort(-x), -sort(x), None),
    ("sort_of_square", sort(rnp.square(x)), rnp.square(sort(x)), None),
    ("sort_is_a_read_at_the_ranks", take_along(x, argsort(argsort(x))), sort(x), None),
    ("sort_of_sums", sort(x) + sort(y), sort(x + y), None),
    ("cumsum_of_factor", cumsum(y * x, -1), y * cumsum(x, -1), None),
    ("cumsum_of_exp", cumsum(exp(x), -1), exp(cumsum(x, -1)), None),
    ("last_of_cumsum", index_(cumsum(x, -1), spec), sum(x, -1), None),
    ("diff_of_cumsum_shifts", index_(cumsum(x, -1), second) - cumsum(index_(x, first), -1), index_(x, first),
     neighbours(x, second, first)),
    ("argmax_of_softmax_with_nan", argmax(softmax(x, -1), -1), argmax(x, -1), None),
    # distinct elements
    ("unique_cut_short", unique_(unique_(x, n), m), unique_(x, m), None),
    ("unique_of_one_part", unique_(concat_(x, y, (-1,)), n), unique_(x, n), None),
    ("unique_of_negative", unique_(-x, n), -unique_(x, n), None),
    ("unique_is_sort", unique_(x, n), sort(x), None),
    ("unique_of_a_row", unique_(x, n), unique_(index_(x, spec), n), None),
    ("greatest_is_not_cut_off", rnp.max(unique_(x, n), -1), rnp.max(x, -1), None),
    ("nan_is_not_cut_off", rnp.min(unique_(x, n), -1), rnp.min(x, -1), None),
    ("first_of_equals_whatever_the_order", unique_index_(sort(x), n), argsort(unique_index_(x, n)), None),
    ("distinct_are_counted", sum(unique_(x, n), -1), sum(x, -1), None),
    ("expand_then_sum", sum(expand_dims(x, -1), -2), x, None),
]


@pytest.mark.parametrize(("name", "left", "right", "guard"), WRONG, ids=[w[0] for w in WRONG])
def test_wrong_rules_are_refused_with_a_counterexample(name: str, left: Any, right: Any, guard: Any) -> None:
    with pytest.raises(RefusedRelation) as e:
        judge(name, left, right, guard)
    assert "at " in str(e.value) and "left" in str(e.value) and "right" in str(e.value)


UNSORTED = rg.matrix("u", shape=(3, 3))
KNOWN = {n: r for n, r in relations().items() if any(g.name == "in_range" for g in p.all_of(r.guards))}


@pytest.mark.parametrize("name", KNOWN)
def test_a_rule_that_forgets_positions_is_refused_without_in_range(name: str) -> None:
    r = KNOWN[name]
    others = p.Guards(g for g in p.all_of(r.guards) if g.name != "in_range")
    found = measure(name, r.lhs, r.rhs, others, ["float64"])
    assert found.safety() in ("domain", "false")


@pytest.mark.parametrize("spec", [((2, -1, 3), (0, 1, 2)), ((0, 1, 2), (0, 1, 2)), ((1, 0, None), (0, 1, 2)),
                                  ((0, 1, 3), (0, 1, 2)), ((0, 1, 2),)])
def test_a_read_of_rows_of_distinct_elements_is_not_forgotten(spec: Any) -> None:
    u = np.array([[1.0, 4.0, 4.0], [3.0, 2.0, 1.0], [5.0, 5.0, 6.0]])
    t = index_(unique_(UNSORTED, attr(3)), attr(spec))
    found, expected = evaluate([rg.rewrite(t), t], {UNSORTED: u})
    assert np.array_equal(found, expected)
