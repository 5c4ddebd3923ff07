"""Predicates: what they hold for, what their samples are, and how guards combine."""

from __future__ import annotations

import numpy as np
import pytest

from relgraph.errors import TheoryError
from relgraph.relations import predicates as p
from relgraph.relations.predicates import PREDICATES, Guard, Guards, Predicate, all_of
from relgraph.relations.relation import lvars
from relgraph.relations.verify.values import pool

x, y = lvars("x y")
NUMBERS = ((), (1,), (1, 0))  # by how many a predicate takes
OTHERS = {"in_range": (3,)}  # operands that are no claimed numbers
SHAPES = [(3, 3), (1, 1), (0, 0), (2, 4, 4), (2, 3, 2, 2), (5, 3), (3,)]


@pytest.mark.parametrize("predicate", [q for q in PREDICATES.values() if q.sample is not None], ids=lambda q: q.name)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "complex64", "int8", "bool"])
def test_samples_hold(predicate: Predicate, dtype: str) -> None:
    assert predicate.sample is not None
    d = np.dtype(dtype)
    made, others = 0, OTHERS.get(predicate.name, NUMBERS[predicate.numbers])
    for seed, shape in enumerate(SHAPES):
        sample = predicate.sample(np.random.default_rng(seed), shape, d, *others)
        if sample is not None and sample.shape == shape:
            assert sample.dtype == d
            assert predicate.holds(sample, *others)
            made += 1
    empty = predicate.name in ("singular", "split_at")  # the determinant of nothing is one, and nothing has no first row
    real = predicate.name == "stochastic" and d.kind == "c"
    assert made >= 5 - empty or real or d.kind not in "fc" or predicate.scope == "array"


@pytest.mark.parametrize("predicate", [q for q in PREDICATES.values() if q.scope == "matrix"],
                         ids=lambda q: q.name)
def test_a_random_matrix_has_no_structure(predicate: Predicate) -> None:
    m = np.array([[1.0, 2.0, 3.0], [4.0, 5.5, 6.0], [0.5, -1.0, 2.0]])
    numbers = NUMBERS[predicate.numbers]
    assert predicate.holds(m, *numbers) == (predicate.name in ("invertible", "positive_diagonal"))
    assert not predicate.holds(np.array([1.0, 2.0]), *numbers)


def test_positions() -> None:
    assert p.unique_indices.holds(np.array([2, 0, 1])) and not p.unique_indices.holds(np.array([2, 0, 2]))
    assert not p.unique_indices.holds(np.array([0, -3]))  # one position of an axis of length 3
    assert p.in_range.holds(np.array([-3, 2]), 3) and not p.in_range.holds(np.array([3]), 3)


def test_complex_structures_differ() -> None:
    rng = np.random.default_rng(0)
    d = np.dtype("complex128")
    assert p.orthogonal.sample is not None and p.unitary.sample is not None
    q, u = p.orthogonal.sample(rng, (3, 3), d), p.unitary.sample(rng, (3, 3), d)
    assert p.orthogonal.holds(q) and not p.unitary.holds(q)
    assert p.unitary.holds(u) and not p.orthogonal.holds(u)
    assert p.hermitian.holds(u @ np.diag([1.0, 2.0, 3.0]) @ u.conj().T)


@pytest.mark.parametrize(("predicate", "yes", "no"), [
    (p.positive, [5e-324, 1, np.inf], [0.0, -1, -np.inf]), (p.nonnegative, [0.0, -0.0, 1], [-5e-324]),
    (p.nonzero, [1, -1, np.inf], [0.0, -0.0]), (p.integer, [0, -3, 1e300], [0.5, np.inf]), (p.even, [0, -4], [1, 0.5]),
    (p.odd, [1, -3], [2, 0.5, np.nextafter(-1, 0)]),
    (p.finite, [0, 1e308], [np.inf, np.nan]), (p.between_0_1, [0, 1, 0.3], [-0.1, 1.1]),
    (p.between_minus_1_1, [-1, 0, 1], [-1.1, 1.1]), (p.inside_minus_1_1, [0, 0.9], [-1, 1]), (p.inside_0_1, [0.5], [0, 1]),
    (p.above_minus_1, [-0.9, 3], [-1]), (p.at_least_1, [1, 2], [0.9]),
    (p.negative, [-1], [0.0]), (p.nonpositive, [0.0, -1], [1])], ids=lambda q: getattr(q, "name", ""))
def test_elements(predicate: Predicate, yes: list[float], no: list[float]) -> None:
    assert np.all(predicate.holds(np.array(yes)))
    assert not np.any(predicate.holds(np.array(no)))
    assert bool(predicate.admits(np.array(np.nan))) == (predicate.name != "finite")


@pytest.mark.parametrize("predicate", [q for q in PREDICATES.values() if q.scope == "element"], ids=lambda q: q.name)
def test_masks_have_the_shape_of_the_operand(predicate: Predicate) -> None:
    for dtype in ("float64", "int8", "bool", "complex64"):
        values = pool(np.dtype(dtype))
        with np.errstate(all="ignore"):
            args = (values, values[:1]) if predicate.numbers else (values,)
            assert predicate.holds(*args).shape == values.shape


def test_shapes_and_dtypes() -> None:
    m = np.zeros((2, 3, 1))
    assert not p.square.holds(m) and p.square.holds(np.zeros((2, 3, 3)))
    assert p.size_one.holds(m, (-1,)) and p.size_one.holds(m, (-4,)) and not p.size_one.holds(m, (-2, -1))
    assert p.scalar.holds(np.array(1.0)) and p.nonempty.holds(m) and not p.nonempty.holds(np.zeros((0, 2)))
    assert p.at_most_rank.holds(m, 3) and not p.at_most_rank.holds(m, 2)
    assert p.real.holds(m) and not p.real.holds(m.astype(complex)) and p.integral.holds(np.arange(3))


def test_guards_combine() -> None:
    a, b = p.positive(x), p.greater_than(y, 2)
    assert repr(a) == "positive(x)" and repr(b) == "greater_than(y, 2)"
    assert (a & b) & a == (a, b, a) and a & (b & a) == (a, b, a) and (a & b) & (b & a) == (a, b, b, a)
    assert isinstance(a & b, Guards) and all_of(None) == () and all_of(a) == (a,) and all_of([a, b]) == (a, b)
    assert a == p.positive(x) and hash(a) == hash(p.positive(x)) and a != p.positive(y)
    assert a.args == (x,) and a.name == "positive" and isinstance(a, Guard)


@pytest.mark.parametrize(("misuse", "said"), [
    (lambda: ~p.positive(x), "negated guards are refused: unknown means no"),
    (lambda: ~(p.positive(x) & p.positive(y)), "negated guards are refused"),
    (lambda: p.positive(x) and p.positive(y), "combine guards with &"),
    (lambda: p.positive(x) | p.positive(y), "alternatives are two relations"),
    (lambda: all_of(x > 0), "is no guard; write positive"), (lambda: p.positive(x) & 3, "is no guard")])
def test_misuse_is_answered(misuse: object, said: str) -> None:
    assert callable(misuse)
    with pytest.raises(TheoryError, match=said):
        misuse()
