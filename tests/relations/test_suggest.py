"""The weakest condition that makes an equation true, found by trying, for equations whose condition is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import TheoryError
from relgraph.numpy import exp, log, sqrt
from relgraph.numpy import linalg as la
from relgraph.relations import attrs, literals, lvars, suggest_guard
from relgraph.relations import predicates as p
from relgraph.relations.attributes import drop_axes
from relgraph.relations.verify import judge
from relgraph.relations.verify.suggest import Hunt

x, y = lvars("x y")
u, = lvars("u", kinds="fc")
c, d = literals("c d")
axis, = attrs("axis")
mT, mm = rnp.matrix_transpose, rnp.matmul

# the equation, the safety class, and the weakest conditions, those that admit most first
TABLE: dict[str, tuple[Any, Any, str, list[str]]] = {
    "square of a root": (sqrt(x)**2, x, "real", ["nonnegative(x)"]),
    "root of a square": (sqrt(x**2), x, "real", ["nonnegative(x)"]),
    "log of a product": (log(x * y), log(x) + log(y), "real", ["nonnegative(x)", "nonnegative(y)"]),
    "cancel a factor": (x * y / x, y, "real", ["nonzero(x) & finite(x)"]),
    "a ratio of equals": (x / x, 1, "real", ["nonzero(x) & finite(x)"]),
    "a ratio of equals, undefined points aside": (x / x, 1, "domain", []),
    "exp of log": (exp(log(x)), x, "real", ["nonnegative(x)"]),
    "roots of factors": (sqrt(x * y), sqrt(x) * sqrt(y), "real", ["nonnegative(x) & nonnegative(y)"]),
    "times zero, every bit": (x * 0, 0, "exact", ["positive(x) & finite(x)"]),
    "log of a product over an axis": (log(rnp.prod(x, axis)), rnp.sum(log(x), axis), "real", ["nonnegative(x)"]),
    "a factor out of a sum": (rnp.sum(y * x, axis), drop_axes(y, axis) * rnp.sum(x, axis), "domain", ["size_one(y, axis)"]),
    "a sum over an axis": (rnp.sum(x + y, axis), rnp.sum(x, axis) + rnp.sum(y, axis), "real", ["same_shape(x, y)"]),
    "a running sum": (rnp.cumsum(x + y, -1), rnp.cumsum(x, -1) + rnp.cumsum(y, -1), "real", ["same_shape(x, y)"]),
    "a factor out of a running sum": (rnp.cumsum(x * y, -1), y * rnp.cumsum(x, -1), "real", ["size_one(y, -1)"]),
    "log determinant": (log(la.det(x)), 2 * rnp.sum(log(la.diagonal(la.cholesky(x))), axis=-1), "real", ["psd(x)"]),
    "inverse twice": (la.inv(la.inv(x)), x, "real", ["invertible(x)"]),
    "determinant of a product": (la.det(mm(x, y)), la.det(x) * la.det(y), "domain", ["square(x)"]),
    "trace of a product": (la.trace(mm(x, y)), rnp.sum(x * mT(y), axis=(-2, -1)), "real", ["square(x @ y)"]),
    "inverse by transposing": (la.inv(x), mT(x), "real", ["orthogonal(x)"]),
    "inverse by transposing, complex": (la.inv(u), mT(u), "real", ["orthogonal(u)"]),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_weakest_condition(name: str) -> None:
    left, right, declared, wanted = TABLE[name]
    found = suggest_guard(left, right, declared=declared)
    written = [" & ".join(map(str, a.guards)) for a in found.alternatives]
    assert sorted(written[: len(wanted)]) == sorted(wanted), found
    assert found and found.needed == bool(wanted)
    judge(name, left, right, found.guard, declared)  # is true under it, and not without
    for a in found.alternatives:
        for weaker, example in a.weaker:
            assert example.inputs and set(weaker) != set(a.guards)


@pytest.mark.parametrize(("left", "right", "guard"), [
    (rnp.clip(x, -1, 1), x, "between_minus_1_1(x)"), (rnp.maximum(x, 5.0), x, "at_least(x, 5.0)"),
    (rnp.clip(x, 2.5, 7.0), x, "at_least(x, 2.5) & at_most(x, 7.0)"), (mT(x), x, "symmetric(x)")], ids=str)
def test_bounds_are_numbers_of_the_equation_and_shapes_may_be_guarded(left: Any, right: Any, guard: str) -> None:
    assert " & ".join(map(str, suggest_guard(left, right).guard)) == guard


def test_no_alternative_implies_another() -> None:
    hunt = Hunt(x**c * x**d, x**(c + d), "real")
    found = list(hunt.weakest())
    masks: list[Any] = [np.logical_and.reduce([hunt.masks[hunt.atoms.index(g)] for g in a.guards]) for a in found]
    assert len(found) > 1
    assert not any(np.all(a | ~b) for i, a in enumerate(masks) for j, b in enumerate(masks) if i != j)


def test_no_guard_makes_it_true() -> None:
    found = suggest_guard(x + 1, x)
    assert not found and found.remaining is not None
    none = "no conjunction of three guards of the vocabulary makes it real"
    assert str(found).startswith(f"x + 1 = x\n  {none}; there remains\n    at x = ")
    with pytest.raises(TheoryError, match=f"{none}; restate the equation"):
        _ = found.guard


def test_it_prints_what_was_rejected_and_why() -> None:
    text = str(suggest_guard(sqrt(x)**2, x))
    assert text.splitlines()[0] == "sqrt(x)**2 = x"
    assert "nonnegative(x): admits" in text and "% of the points, real, neutral" in text
    assert "not greater_than(x, -1), since\n      at x = -" in text
    assert str(suggest_guard(x + y, y + x)) == "x + y = y + x\n  needs no guard"


def test_a_looser_class_is_offered_where_it_admits_more() -> None:
    found = suggest_guard(rnp.sum(y * x, axis), drop_axes(y, axis) * rnp.sum(x, axis))
    assert found.looser and str(found.looser.guard) == "(size_one(y, axis),)"
    assert 'declared "domain", which also changes what is NaN or infinite:\n    size_one(y, axis): admits' in str(found)
    assert suggest_guard(log(x * y), log(x) + log(y)).looser is None


def test_dtypes_can_be_chosen() -> None:
    assert str(suggest_guard(la.inv(u), mT(rnp.conj(u)), dtypes=["float64"]).guard) == "(orthogonal(u),)"
    assert str(suggest_guard(la.inv(u), mT(rnp.conj(u))).guard) == "(unitary(u),)"


def test_a_predicate_of_numbers_too_large_to_be_odd() -> None:
    assert not p.odd.holds(np.float64(1e200)) and p.odd.holds(np.int64(-3)) and not p.odd.holds(np.inf)


def test_inputs_are_no_variables() -> None:
    a = rg.scalar("a")
    with pytest.raises(TheoryError, match=r"suggest_guard: a: float64 is an input made at .*, not a variable of the equation "
                                          r"log\(a\) = log\(a\)\*2; write a, = lvars\('a'\)"):
        suggest_guard(log(a), log(a) * 2)
