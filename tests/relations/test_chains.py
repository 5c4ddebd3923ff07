"""Joins of many parts: pairs in the normal form, one op to read, linear however they are nested."""

from __future__ import annotations

import numpy as np
import pytest

import relgraph as rg
from relgraph.numpy import concat, exp, stack
from relgraph.relations.forms import normal, shown
from relgraph.terms.term import Term, toposort

x, y, z = (rg.vector(name, shape=d) for name, d in (("x", 2), ("y", 3), ("z", "n")))
i, u, f = rg.tensor("i", shape=2, dtype="int8"), rg.tensor("u", shape=2, dtype="uint16"), rg.vector("f", 2, dtype="float32")

SPELLINGS: dict[str, list[Term]] = {
    "three": [concat([x, y, z]), concat([concat([x, y]), z]), concat([x, concat([y, z])])],
    "four": [concat([x, y, z, x]), concat([concat([x, y]), concat([z, x])]), concat([x, concat([y, concat([z, x])])]),
             concat([concat([concat([x, y]), z]), x])],
    "within functions": [concat([exp(x), exp(y), z]), concat([exp(x), concat([exp(y), z])])],
}


@pytest.mark.parametrize("form", ["real", "exact"])
@pytest.mark.parametrize("name", SPELLINGS)
def test_every_nesting_is_one_term(name: str, form: str) -> None:
    first = SPELLINGS[name][0]
    for t in SPELLINGS[name]:
        canonical = normal(t, form)
        assert canonical is normal(first, form)
        assert shown([canonical], form)[0] is first
        assert normal(shown([canonical], form)[0], form) is canonical


def test_another_axis_or_dtype_is_another_join() -> None:
    """Promotion is not associative: an int8 and a uint16 make an int32, with which a float32 would make a float64."""
    X = rg.matrix("X", shape=(2, 2))
    across = concat([concat([X, X], 1), concat([X, X], 1)], 0)
    assert shown([normal(across)], "real")[0] is across
    for t in (concat([f, i, u]), concat([f, concat([i, u])]), concat([concat([f, i]), u])):
        assert shown([normal(t)], "real")[0] is t and rg.rewrite(t).type == t.type


def test_a_part_that_is_used_alone_stays() -> None:
    part = concat([y, z])
    whole = concat([x, part])
    assert shown([normal(whole), normal(part)], "real") == [concat([x, y, z]), part]


def test_a_part_with_another_use_is_made_once() -> None:
    part = concat([y, y])
    g = rg.function([x, y], [concat([x, part]), part * 2])
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    one, other = g(a, b)
    np.testing.assert_array_equal(one, np.concatenate([a, b, b]))
    np.testing.assert_array_equal(other, 2 * np.concatenate([b, b]))


def test_doubling_is_linear() -> None:
    """Sixty joins of a join with itself name 2**61 elements; the normal form is as long as what was written."""
    t = z
    for _ in range(60):
        t = concat([t, t])
    canonical = normal(t)
    assert len(toposort(canonical)) < 300
    assert len(toposort(shown([canonical], "real")[0])) < 300


def test_a_thousand_parts_are_one_op() -> None:
    scalars = [rg.scalar(f"s{k}") for k in range(1000)]
    t = rg.rewrite(stack(scalars))
    assert t is stack(scalars)
    assert rg.rewrite(stack(scalars)[700]) is scalars[700]
    assert rg.rewrite(concat([x[:1]] + [y] * 500 + [x[:1], x[1:]])).args[-2] is x
