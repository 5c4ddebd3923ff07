"""What the judge computes once for many equations: parts of instances, arrays, exact values; none of it changes a verdict."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import relgraph.numpy as rnp
from relations_library.__main__ import relations
from relgraph.relations import Relation, attrs, lvars
from relgraph.relations import predicates as p
from relgraph.relations.verify import exact, instantiate, measure, samples
from relgraph.relations.verify.pattern import NoType
from relgraph.relations.verify.shapes import CONCRETE, Search
from relgraph.terms.indexing import index_
from relgraph.terms.term import Term

x, y, z, w = lvars("x y z w")
first, second, axis = attrs("first second axis")
block = rnp.linalg.block_diag
SAMPLE: dict[str, Relation] = {n: relations()[n] for n in (
    "log_product", "sum_scale", "inv_product", "take_take", "cancel", "softmax_offset", "det_product", "sigmoid")}


def test_a_verdict_does_not_depend_on_what_was_judged_before() -> None:
    found = {n: measure(n, r.lhs, r.rhs, r.guards) for n, r in SAMPLE.items()}
    exact._values.clear()
    samples._made.cache_clear()
    assert {n: measure(n, r.lhs, r.rhs, r.guards) for n, r in reversed(SAMPLE.items())} == found


@pytest.mark.parametrize("name", SAMPLE)
def test_an_instance_built_of_known_parts_is_the_instance(name: str) -> None:
    r = SAMPLE[name]
    search = Search(r.lhs, r.rhs, r.guards, np.dtype("float64"))
    for plan in [plan for plan in itertools.islice(search.plans(), 12) if plan.right is not None]:
        assert plan.left is instantiate(r.lhs, plan.binding)
        assert plan.right is instantiate(r.rhs, plan.binding, plan.left.type.dtype)


@pytest.mark.parametrize(("left", "guard", "values"), [
    (block(x, y) + block(z, w), (), {}),
    (rnp.matmul(x, y) @ z, p.square(rnp.matmul(x, y)), {}),
    (rnp.sum(index_(x, first), axis) + rnp.sum(index_(y, second), axis), p.complement(x, first, second, axis),
     {first: ((1, 0, 1),), second: ((1, 1, 2),), axis: (-1,)})])
def test_choices_that_end_early_are_those_without_a_type(left: Term, guard: Any, values: dict[Any, Any]) -> None:
    search = Search(left, left, p.all_of(guard), np.dtype("float64"))
    options = [[s for s in CONCRETE if len(s) == 2] for _ in search.terms]
    every = [dict(zip(search.terms, choice, strict=True)) for choice in itertools.product(*options)]
    typed = [shapes for shapes in every if search.concrete(shapes, values) is not None]
    found = list(search._choices(options, values))
    assert [shapes for shapes in found if shapes in typed] == typed and len(found) < len(every)


@pytest.mark.parametrize("name", [*SAMPLE, "index_take", "concat_slices", "kron_solve"])
def test_types_alone_tell_which_parts_cannot_be_built(name: str) -> None:
    r = relations()[name]
    search = Search(r.lhs, r.rhs, r.guards, np.dtype("float64"))
    told: list[bool] = []
    for values, ranks in itertools.product(search.attr_choices()[:12], search.ranks[:12]):
        shapes = {v: tuple(f"{v.data[0]}{i}" for i in range(n)) for v, n in zip(search.terms, ranks, strict=True)}
        for part in search._parts:
            binding = search._binding(shapes, values)
            told.append(search.made.typeless(part.term, binding))
            assert told[-1] == (type(search.made.built(part.term, binding)) is NoType), (part.term, shapes, values)
    assert not all(told)


def test_large_products_are_tried_with_smaller_sizes() -> None:
    kron = rnp.kron
    plans = itertools.islice(Search(kron(kron(x, y), z), kron(x, kron(y, z)), (), np.dtype("float64")).plans(), 8)
    shapes = [s for plan in plans for _, s in plan.shapes]
    assert max(int(np.prod(s, dtype=int)) for s in shapes) <= 24 and len(set(shapes)) > 2  # (3, 4), (5, 6), (7, 8) before


def test_arrays_that_are_kept_cannot_be_written_to() -> None:
    search = Search(rnp.exp(x), x, (), np.dtype("float64"))
    plan = search.concrete({x: (3,)}, {})
    assert plan is not None
    one, other = (samples.fill(plan, (), "mild", 7) for _ in range(2))
    assert one is not None and other is not None
    (a,), (b,) = one.values(), other.values()
    assert a is b and not a.flags.writeable
