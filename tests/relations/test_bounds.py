"""Bounds: the best number that can be proved of a term, by interval arithmetic, whatever was asked before."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relations_library.decompositions import structure
from relgraph.relations import clause, literals, lvars
from relgraph.relations.facts import FactBase
from relgraph.relations.forms import normal
from relgraph.relations.predicates import (
    PREDICATES,
    Predicate,
    at_least,
    at_most,
    greater_than,
    less_than,
    nonnegative,
    positive,
)
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Term, const

FACTS = FactBase((*library.signs, *library.matrices, *structure))
a, b = rg.vector("a", shape=3), rg.vector("b", shape=3)
M = rg.matrix("M", shape=(3, 4))
p = rg.assume(a, at_least=-1, at_most=2)
q = rg.assume(b, at_least=0.5, less_than=4)
r = rg.assume(rg.vector("r"), greater_than=1)
n = rg.assume(rg.vector("n"), integer=True, greater_than=1, less_than=3.5)
inf = float("inf")
exp, sigmoid, mean, sum_ = rnp.exp, rnp.sigmoid, rnp.mean, rnp.sum


def bounds(t: Term) -> tuple[float, float]:
    found = [FACTS.number(k, normal(t)) for k in (at_least, at_most)]
    return tuple(d if f is None else f for f, d in zip(found, (-inf, inf), strict=True))  # type: ignore[return-value]


@pytest.mark.parametrize(("term", "low", "high"), [
    (a, -inf, inf), (p, -1, 2), (const([3.0, -4.0, 1.0]), -4, 3), (const(np.nan), -inf, inf),
    (rg.assume(p, at_least=0), 0, 2), (exp(a) + 2, 2, inf), (sigmoid(a) * 3 + 1, 1, 4), (a**2 + 1, 1, inf),
    (1 - sigmoid(a), 0, 1), (2 - 3 * sigmoid(a), -1, 2), (p + q, -0.5, 6), (p - q, -5, 1.5), (-p, -2, 1), (p * q, -4, 8),
    (p * rnp.sin(a), -2, 2), (p * p, 0, 4), (q * q, 0.25, 16), (1 / q, 0.25, 2), (1 / (exp(a) + 2), 0, 0.5), (p / q, -2, 4),
    (rnp.abs(p), 0, 2), (rnp.abs(q - 8), 4, 7.5), (q**3, 0.125, 64), (rnp.clip(a, -1, 3), -1, 3), (rnp.clip(p, -5, 1), -1, 1),
    (rnp.maximum(a, p), -1, inf), (rnp.minimum(p, q), -1, 2), (rnp.maximum(p, q), 0.5, 4), (rnp.where(a > 0, p, q), -1, 4),
    (rnp.where(a > 0, p, 0.0), -1, 2), (rnp.concat([p, q]), -1, 4), (rnp.max(p), -1, 2), (rnp.flip(p), -1, 2),
    (rnp.expand_dims(p, 0), -1, 2), (mean(p), -1, 2), (sum_(p), -3, 6), (sum_(sigmoid(M), axis=-1), 0, 4),
    (sum_(sigmoid(r)), 0, inf), (mean(exp(-(a**2))), 0, 1), (rnp.special.softmax(M, axis=-1), 0, 1),
    (rnp.special.logsumexp(q), 0.5, inf), (rnp.cosh(a) - 1, 0, inf), (rnp.floor(p / 2), -1, 1), (rnp.ceil(q), 1, 4),
    (rnp.tanh(a) + rnp.sin(a), -2, 2), (exp(-rnp.abs(a)), 0, 1), (rnp.sqrt(r), 1, inf), (rnp.sign(a), -1, 1),
    (rnp.logaddexp(a, q), 0.5, inf), (n, 2, 3), (2 * n + 1, 5, 7), (rnp.hypot(a, b), 0, inf),
])
def test_bounds(term: Term, low: float, high: float) -> None:
    assert bounds(term) == (low, high)


@pytest.mark.parametrize(("f", "of", "low", "high"), [
    (rnp.exp, p, np.exp(-1), np.exp(2)), (rnp.log, q, np.log(0.5), np.log(4)), (rnp.sqrt, q, np.sqrt(0.5), 2),
    (rnp.sigmoid, p, 1 / (1 + np.e), 1 / (1 + np.exp(-2))), (rnp.tanh, p, np.tanh(-1), np.tanh(2)),
    (rnp.special.erfc, p, 0.004677734981047266, 1.842700792949715), (rnp.log1p, q, np.log1p(0.5), np.log1p(4)),
    (rnp.softplus, q, np.log1p(np.exp(0.5)), np.log1p(np.exp(4))),
])
def test_functions_round_outwards(f: Callable[[Any], Term], of: Term, low: float, high: float) -> None:
    """By a few ulp: a bound is never stronger than the exact one."""
    found = bounds(f(of))
    assert low - 1e-14 * abs(low) < found[0] < low and high < found[1] < high + 1e-14 * abs(high)


def test_arithmetic_is_exact_or_rounds_outwards() -> None:
    """0.1 + 0.2 is more than the float nearest to it in one direction."""
    x, y = rg.assume(a, at_least=0.1, at_most=0.1), rg.assume(b, at_least=0.2, at_most=0.2)
    assert bounds(x + y) == (0.3, 0.30000000000000004)
    assert bounds(p**1e9) == (0, inf) and bounds(rg.assume(a, at_least=1, at_most=1)**1e9)[0] >= 1 - 1e-14  # at once
    tiny = rg.assume(a, at_least=1e-200, at_most=1e200)
    assert bounds(tiny * tiny) == (0, inf) and bounds(tiny * 1e200 * tiny)[1] == inf


@pytest.mark.parametrize(("predicate", "term", "number", "known"), [
    (greater_than, exp(a) + 2, 2, True), (greater_than, exp(a) + 2, 2.0001, False), (greater_than, q, 0.499, True),
    (greater_than, q, 0.5, False), (less_than, q, 4, True), (less_than, q, 3.9, False), (less_than, 1 / r, 1, False),
    (at_most, 1 / r, 1, True), (less_than, p + q, 6, True), (at_least, r, 1, True), (greater_than, 2 * r - 1, 1, True),
    (less_than, rnp.arctan(a) / 2, 0.8, True), (greater_than, n, 1.9, True), (less_than, -exp(a), 0, True),
])
def test_questions(predicate: Predicate, term: Term, number: float, known: bool) -> None:
    assert FACTS.holds(predicate, (normal(term), const(number))) == known


@pytest.mark.parametrize("term", [
    q + p + 1, q * q - 0.2, rnp.log(r), 5 - q, exp(p) - 0.3, 3 + rnp.sin(a) + rnp.cos(b), r * r - 1])
def test_signs_of_intervals(term: Term) -> None:
    assert FACTS.holds(positive, (normal(term),))


@pytest.mark.parametrize("seed", range(6))
def test_bounds_hold_of_numbers(seed: int) -> None:
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    values = {a: numbers.uniform(-1, 2, (50, 3)).clip(-1, 2)[0], b: numbers.uniform(0.5, 3.99, 3)}
    t: Term = p
    for _ in range(6):
        other = rng.choice((p, q, sigmoid(a), rnp.sin(b)))
        t = rng.choice((rnp.add, rnp.subtract, rnp.multiply, rnp.maximum, rnp.minimum))(t, other)
        t = rng.choice((rnp.abs, rnp.tanh, rnp.floor, lambda x: -x, lambda x: x**2, lambda x: 2 - x, rnp.exp))(t)
        value, (low, high) = evaluate([t], values)[0], bounds(t)
        assert np.all((value >= low - 1e-9 * abs(value)) & (value <= high + 1e-9 * abs(value)))


# -- order of questions, and how many there are --------------------------------------------------------------------------

SHAPES: tuple[Callable[[Term], Term], ...] = (
    lambda x: 1 - sigmoid(x), lambda x: exp(x) + 2, lambda x: rnp.sin(x) * sigmoid(x) + 1, lambda x: rnp.floor(sigmoid(x)) + 1,
    lambda x: rnp.sqrt(1 + x**2) - 1, lambda x: rnp.tanh(exp(x)) / 2, lambda x: 1 / (1 + rnp.abs(x)), lambda x: -rnp.cosh(x))


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_answers_do_not_depend_on_what_was_asked_before(shape: int) -> None:
    elements = [k for k in PREDICATES.values() if k.scope == "element" and k.name not in ("equal_to", "differs")]
    questions = [(k, c) for k in elements for c in ((-1.0, 0.0, 0.5, 1.0, 2.0) if k.numbers else (None,))]
    answers = set()
    for seed in range(5):
        random.Random(seed).shuffle(asked := list(questions))
        t = normal(SHAPES[shape](rg.vector(f"order{seed}", shape=3)))  # another input: nothing of it is remembered
        found = {(k.name, c): FACTS.holds(k, (t,) if c is None else (t, const(c))) for k, c in asked}
        answers.add(tuple(found[k.name, c] for k, c in questions))
    assert len(answers) == 1


def test_deep_terms() -> None:
    t: Term = p
    for _ in range(1000):
        t = rnp.tanh(t) * 2
    assert bounds(t)[1] < 2 and bounds(rnp.maximum(t, 7.0))[0] == 7


def test_wide_sums_and_many_paths() -> None:
    started = time.process_time()
    wide = functools.reduce(rnp.add, [rg.assume(rg.vector(f"w{i}", shape=3), at_least=1, at_most=i) for i in range(1, 201)])
    assert bounds(wide) == (200, 201 * 100)
    t = sigmoid(a)
    for _ in range(60):
        t = rnp.tanh(t) * (t + a)
    assert bounds(t) == (-inf, inf)
    assert time.process_time() - started < 5


def test_bounds_that_grow_end() -> None:
    """Each bound proves a better one: the first is taken."""
    x, = lvars("x")
    c, = literals("c")
    rising = FactBase([clause(at_least(x, c + 1), at_least(x, c)), clause(at_least(exp(x), 0))])
    assert rising.holds(at_least, (exp(a), const(0.0))) and not rising.holds(at_least, (a, const(0.0)))


def test_a_bound_in_the_body() -> None:
    """A premise may find a number that the head does not name."""
    x, y = lvars("x y")
    c, d = literals("c d")
    facts = FactBase([clause(nonnegative(x - y), at_least(x, c), at_most(y, d), at_least(c, d))])
    u, v = rg.assume(a, at_least=3), rg.assume(b, at_most=2)
    assert facts.holds(nonnegative, (normal(u - v),)) and not facts.holds(nonnegative, (normal(v - u),))
