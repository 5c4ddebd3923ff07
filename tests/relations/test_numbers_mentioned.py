"""Numbers that an equation or its guards mention are tried, what is next to them and between them; nearly true is false."""

from __future__ import annotations

from typing import Any

import pytest

import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation, TheoryError
from relgraph.relations import attrs, lvars
from relgraph.relations import predicates as p
from relgraph.relations.verify import judge

x, = lvars("x")
n, = lvars("n", kinds="iu")
A, B = lvars("A B")
axis, = attrs("axis")
clip, gammaln, where = rnp.clip, rnp.special.gammaln, rnp.where

WRONG: dict[str, tuple[Any, ...]] = {
    "between bounds": (x + 1, x + 2, p.at_least(x, 20) & p.less_than(x, 21)),
    "between bounds, of a whole array": (rnp.sum(x + 1, axis), rnp.sum(x + 2, axis), p.at_least(x, 20) & p.less_than(x, 21)),
    "between bounds, of integers": (n + 1, n + 2, p.at_least(n, 1000) & p.less_than(n, 1010)),
    "floor within two steps": (rnp.floor(x), 10 + 0*x, p.at_least(x, 10) & p.less_than(x, 12)),
    "a limit that is not reached at the bound": (rnp.tanh(x), 1 + 0*x, p.greater_than(x, 10)),
    "a series that is cut": (rnp.sin(x), x, p.at_least(x, -0.001) & p.at_most(x, 0.001)),
    "Stirling": (gammaln(x), (x - 0.5)*rnp.log(x) - x + 0.9189385332046727 + 1/(12*x), p.greater_than(x, 10.)),
    "at one number": (where(rnp.equal(x, 5.0), x + 1, x), x),
    "at one large number": (where(rnp.equal(x, 1e6), x + 1, x), x),
    "at one number, of a whole array": (rnp.sum(where(rnp.equal(x, 5.0), x + 1, x), axis), rnp.sum(x, axis)),
    "at one integer": (where(rnp.equal(n, 2**31), n + 1, n), n),
    "between two numbers": (clip(x, 0., 6.) / 6., where(x > 5.5, 1., rnp.maximum(x, 0.) / 6.)),
    "between near numbers": (clip(x, 3.1, 3.2), where(x > 3.15, 3.2, 3.1) + 0*x),
    "kinks": (abs(x - 37.123) + abs(x - 38.5), 2 * abs(x - 37.8115)),
    "nearly the same": (rnp.exp(x), rnp.exp(x) * (1 + 1e-10)),
    "nearly the same, of a whole array": (rnp.sum(rnp.exp(x), axis), rnp.sum(rnp.exp(x), axis) * (1 + 1e-10)),
    "a constant to ten digits": (rnp.log(x) * 1.4426950408, rnp.log2(x)),
    "pi to ten digits": (x * 3.1415926536, x * rnp.pi),
    "rounded to single precision": (x + 0*x, x.astype("float32").astype("float64"), p.finite(x)),
    "summed in single precision": (rnp.sum(x, axis), rnp.sum(x.astype("float32"), axis)),
    "true of square matrices only": (A @ B, B @ A, p.diagonal(A) & p.diagonal(B)),
    "true of vectors only": (rnp.sum(A @ B, -1), A @ rnp.sum(B, -1)),
}
TRUE: dict[str, tuple[Any, ...]] = {
    "a constant to all digits": (rnp.log(x) * 1.4426950408889634, rnp.log2(x)),
    "within its bounds": (clip(x, 3.1, 3.2), x, p.at_least(x, 3.1) & p.at_most(x, 3.2)),
    "diagonal and square": (A @ B, B @ A, p.square(A) & p.square(B) & p.diagonal(A) & p.diagonal(B)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_refused_with_a_counterexample(name: str) -> None:
    with pytest.raises(RefusedRelation, match="\nat "):
        judge(name, *WRONG[name])


@pytest.mark.parametrize("name", TRUE)
def test_a_true_rule_is_not(name: str) -> None:
    judge(name, *TRUE[name])


@pytest.mark.parametrize("guard", [p.negative(x) & p.positive(x), p.greater_than(x, 3) & p.less_than(x, 2)], ids=str)
def test_guards_that_hold_of_nothing_are_told(guard: Any) -> None:
    """NaN satisfies each of them, and an array without elements all of them."""
    for left, right in ((x + 1, x + 2), (rnp.sum(x + 1, axis), rnp.sum(x + 2, axis))):
        with pytest.raises(TheoryError, match="no values were found at which the guards hold; can they hold together"):
            judge("nothing", left, right, guard)


def test_operands_of_several_dtypes_are_shown_with_theirs() -> None:
    m, = lvars("m", kinds="iu")
    with pytest.raises(RefusedRelation, match=r"at n = \d+ \(u?int\d+\), m = -?\d+ \(u?int\d+\)"):
        judge("distributed", (n + m) * n, n*n + m*n)
