"""Facts: every clause of the library is true of numbers, proofs end, and unknown means no."""

from __future__ import annotations

import itertools
import time
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relgraph.relations import clause, literals, lvars, theory
from relgraph.relations.facts import Clause, FactBase
from relgraph.relations.forms import normal
from relgraph.relations.predicates import (
    Predicate,
    between_0_1,
    diagonal,
    even,
    greater_than,
    integer,
    invertible,
    lower_triangular,
    negative,
    nonnegative,
    nonzero,
    orthogonal,
    pd,
    positive,
    psd,
    real,
    square,
    symmetric,
    upper_triangular,
)
from relgraph.relations.verify import instantiate
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Term, attr, const, toposort

x, y = lvars("x y")
c, = literals("c")
a, b = rg.vector("a", shape=3), rg.vector("b", shape=3)
A, B = rg.matrix("A", shape=(3, 3)), rg.matrix("B", shape=(3, 3))
assume = rg.assume
pos, neg, nonneg = assume(a, positive=True), assume(a, negative=True), assume(b, nonnegative=True)
K = assume(A, pd=True)
FACTS = FactBase(library.signs + library.matrices)

PROVED: dict[str, tuple[Any, Term]] = {
    "exp": (positive, rnp.exp(a)), "an assumption": (positive, pos), "implied": (nonnegative, pos),
    "implied twice": (nonzero, neg),
    "a sum": (positive, rnp.exp(a) + nonneg), "a long sum": (positive, rnp.exp(a) + nonneg + rnp.exp(b) + pos),
    "a product": (positive, rnp.exp(a) * pos * rnp.exp(b)), "a quotient": (positive, rnp.exp(a) / pos),
    "a sum of numbers": (positive, 1 + rnp.exp(a)), "a negated negative": (positive, -neg),
    "an even power": (nonnegative, a**2),
    "a fourth power": (nonnegative, a**4), "a root": (nonnegative, rnp.sqrt(a)), "a maximum": (positive, rnp.maximum(a, 1.0)),
    "a complement": (between_0_1, 1 - rnp.sigmoid(a)), "a reduction": (nonnegative, rnp.sum(rnp.exp(a))),
    "a constant": (positive, const(2.0)), "a constant array": (negative, const(np.array([-1.0, -2.0]))),
    "an even number": (even, const(4.0)), "a whole number": (integer, const(3.0)), "a dtype": (real, a), "a shape": (square, A),
    "a gram matrix": (psd, A @ A.T), "its transpose": (psd, (A.T @ A).T), "an inverse": (pd, rnp.linalg.inv(K)),
    "a determinant": (positive, rnp.linalg.det(K)), "invertible": (invertible, K), "symmetric": (symmetric, K),
    "a factor": (lower_triangular, rnp.linalg.cholesky(A)), "its transpose too": (upper_triangular, rnp.linalg.cholesky(A).T),
    "a diagonal": (symmetric, rnp.diag(a)), "a product of factors": (lower_triangular, rnp.diag(a) @ rnp.linalg.cholesky(A)),
}
UNKNOWN: dict[str, tuple[Any, Term]] = {
    "an input": (positive, a), "a difference": (positive, rnp.exp(a) - rnp.exp(b)), "an odd power": (nonnegative, a**3),
    "a product of unknowns": (nonnegative, a * b), "zero": (positive, const(0.0)), "nan": (nonnegative, const(np.nan)),
    "half": (integer, const(0.5)), "a symbolic shape": (square, rg.matrix("S", shape=("n", "m"))),
    "a mean": (positive, rnp.mean(pos)),
    "an integer dtype is not assumed": (nonnegative, rg.vector("u", shape=3, dtype="int8")), "orthogonal": (orthogonal, K),
    "a matrix": (psd, A), "one element": (diagonal, A),
    "a product of symmetric ones": (symmetric, K @ assume(B, symmetric=True)),
}


@pytest.mark.parametrize("name", PROVED)
def test_proved(name: str) -> None:
    predicate, t = PROVED[name]
    assert FACTS.holds(predicate, (normal(t),))


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_means_no(name: str) -> None:
    predicate, t = UNKNOWN[name]
    assert not FACTS.holds(predicate, (normal(t),))


def test_predicates_with_a_number() -> None:
    facts = FactBase([clause(greater_than(rnp.exp(x), 0)), clause(positive(x), greater_than(x, 0))])
    assert facts.holds(greater_than, (rnp.exp(a), const(0.0))) and not facts.holds(greater_than, (rnp.exp(a), const(1.0)))
    assert facts.holds(greater_than, (const(2.0), const(1.0)))


def test_facts_travel_with_a_theory() -> None:
    drop = theory(r=(rnp.abs(x), x, nonnegative(x)))
    t = rnp.abs(rnp.exp(a))
    assert rg.rewrite(t, drop) is t
    assert rg.rewrite(t, theory(drop, library.signs)) is rnp.exp(a)
    assert rg.rewrite(t, drop + theory(library.signs)) is rnp.exp(a)


def test_proofs_end() -> None:
    circle = FactBase([clause(positive(x), nonzero(x)), clause(nonzero(x), positive(x))])
    assert not circle.holds(positive, (a,))
    deep = a
    for _ in range(2000):
        deep = rnp.sqrt(deep)
    assert not FactBase([clause(positive(rnp.sqrt(x)), positive(x))]).holds(positive, (deep,))


def test_a_proof_is_found_once() -> None:
    calls: list[int] = []

    def count(v: Any) -> Any:
        calls.append(1)
        return v > 0
    counted = Predicate("counted", count)
    facts = FactBase([clause(counted(rnp.exp(x)), counted(x))])
    t = rnp.exp(const(3.0))
    assert facts.holds(counted, (t,)) and facts.holds(counted, (t,))
    assert len(calls) == 1


def test_many_paths() -> None:
    """A node is proved once, or not, whatever the number of paths to it."""
    provable, unknown = rnp.exp(a), a
    for i in range(60):
        provable = rnp.sqrt(provable) * (provable + provable) if i < 15 else provable
        unknown = rnp.sqrt(unknown) * (unknown + unknown)
    assert FACTS.holds(positive, (provable,))
    started = time.process_time()
    assert not FACTS.holds(positive, (unknown,))
    assert time.process_time() - started < 1


def test_clauses_print() -> None:
    assert str(clause(positive(rnp.exp(x)))) == "positive(exp(x))"
    assert str(clause(positive(x * y), positive(x), positive(y))) == "positive(x*y) if positive(x) and positive(y)"


# -- the clauses of the library, in numbers -----------------------------------------------------------------------------------

CLAUSES: list[Clause] = [*library.signs, *library.matrices]


def values_of(rng: np.random.Generator, v: Term, shape: tuple[int, ...], dtype: Any, found: Clause) -> Any:
    """Moderate numbers, or a matrix of the structure that the body asks for."""
    if v.data[1] == "literal":
        return np.asarray(rng.choice([0.5, 1.0, 2.0, -1.0, 3.0, -2.5]), dtype)
    for g in found.body:
        if g.args[0] is v and g.predicate.sample is not None:
            return g.predicate.sample(rng, shape, dtype)
    mixed = np.where(rng.random(shape) < 0.1, 0.0, rng.standard_normal(shape) * 3)
    return np.asarray([mixed, np.abs(mixed), -np.abs(mixed)][rng.integers(3)], dtype)


def instances(found: Clause, dtype: str) -> Any:
    """Values of the head's pattern, and whether the body holds there."""
    variables = [v for v in dict.fromkeys(t for t in toposort(*found.head.args) if t.op.name == "lvar")]
    shapes = [(3, 3), (2, 3, 3), (4, 3), (3,)] if found.head.predicate.scope == "matrix" or calls(found) else [(50,)]
    for shape, seed in itertools.product(shapes, range(12)):
        rng = np.random.default_rng(seed)
        values, binding = {}, {}
        for v in variables:
            if v.data[1] == "attr":
                binding[v] = attr((-1,))
                continue
            array = values_of(rng, v, () if v.data[1] == "literal" else shape, np.dtype(dtype), found)
            if array is None:
                break
            binding[v] = const(array) if v.data[1] == "literal" else rg.tensor(str(v.data[0]), array.shape, dtype=dtype)
            values[binding[v]] = array
        else:
            try:
                patterns = [instantiate(p, binding, dtype) for p in (found.head.args[0], *[g.args[0] for g in found.body])]
                head, *body = evaluate(patterns, {k: w for k, w in values.items() if k.op.name == "input"})
            except (rg.errors.RelgraphError, np.linalg.LinAlgError):
                continue
            others = [[p.data for p in g.args[1:]] for g in (found.head, *found.body)]
            ok = [np.asarray(g.predicate.holds(w, *o)) for g, w, o in zip(found.body, body, others[1:], strict=True)]
            with np.errstate(all="ignore"):
                yield np.asarray(found.head.predicate.admits(head, *others[0])), ok, head


@pytest.mark.parametrize("found", CLAUSES, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clauses_are_true_of_numbers(found: Clause, dtype: str) -> None:
    tried = 0
    for holds, body, head in instances(found, dtype):
        given = np.asarray(True)
        for ok in body:
            given = given & (ok if ok.shape == head.shape or ok.ndim == 0 else np.all(ok, axis=-1) if ok.ndim == head.ndim + 1
                             else np.all(ok))
        assert np.all(holds | ~given) or np.any(np.isnan(head)), (head, holds)
        tried += int(np.sum(given))
    assert tried > 0


def calls(found: Clause) -> bool:
    return any(t.op.kind == "call" or t.op.name in ("matmul", "diag", "matrix_transpose") for t in toposort(*found.head.args))
