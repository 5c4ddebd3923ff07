"""Facts: every clause of the library is true of numbers, proofs end, and unknown means no."""

from __future__ import annotations

import functools
import time
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relgraph.errors import RefusedRelation, TheoryError
from relgraph.relations import clause, literals, lvars, theory
from relgraph.relations.facts import Clause, FactBase
from relgraph.relations.forms import normal
from relgraph.relations.predicates import (
    Predicate,
    at_least,
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
from relgraph.relations.verify import check_clause
from relgraph.terms.term import Term, const

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
    "a mean": (positive, rnp.mean(a * a)), "a sum of nothing": (positive, rnp.sum(assume(rg.vector("e"), positive=True))),
    "a square times something": (nonnegative, a * a * b), "a negative bound": (positive, assume(a, at_least=-1)),
    "a bound that is not tight": (at_least, assume(a, at_least=1)),
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
    assert not FACTS.holds(predicate, (normal(t), *([const(2.0)] if predicate is at_least else [])))


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
    deep, known = a, pos
    for _ in range(2000):
        deep, known = rnp.sqrt(deep), rnp.sqrt(known)
    roots = [clause(positive(rnp.sqrt(x)), positive(x))]
    assert not FactBase(roots).holds(positive, (deep,)) and FactBase(roots).holds(positive, (known,))


def test_proofs_that_grow_end() -> None:
    rising = FactBase([clause(at_least(x, c), at_least(x, c + 1))])
    assert not rising.holds(at_least, (a, const(0.0)))


def test_a_circle_that_fails_is_tried_again_elsewhere() -> None:
    """What failed only because something above was being tried may still be proved by itself."""
    around = FactBase([clause(positive(x), nonzero(x)), clause(nonzero(x), positive(x)), clause(nonzero(x), integer(x)),
                       clause(integer(rnp.floor(x)))])
    t = rnp.floor(a)
    assert around.holds(positive, (t,)) and around.holds(nonzero, (t,)) and not around.holds(positive, (a,))


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


def seconds(asked: Any, t: Any) -> float:
    """The CPU time in which it is found out that a term is not provable."""
    started = time.process_time()
    assert not FACTS.holds(asked, (t,))
    return time.process_time() - started


def test_many_paths() -> None:
    """A node is proved once, or not, whatever the number of paths to it: twice the levels would take 2**30 times as long."""
    provable, unknown, half = rnp.exp(a), a, b
    for i in range(60):
        provable = rnp.sqrt(provable) * (provable + provable) if i < 15 else provable
        unknown = rnp.sqrt(unknown) * (unknown + unknown)
        half = rnp.sqrt(half) * (half + half) if i < 30 else half
    assert FACTS.holds(positive, (provable,))
    assert seconds(positive, unknown) < 1000 * seconds(positive, half)


def test_wide_sums_and_products() -> None:
    """Subsets of operands are not tried one by one: of ten times the operands there are 2**180 times as many."""
    terms = [rnp.exp(rg.vector(f"w{i}", shape=3)) for i in range(200)]
    for op in (rnp.add, rnp.multiply):
        known, some = functools.reduce(op, terms), functools.reduce(op, terms[:20])
        assert FACTS.holds(positive, (normal(known),))
        for asked, v in ((positive, a), (nonnegative, b)):
            assert seconds(asked, normal(op(known, v))) < 10000 * seconds(asked, normal(op(some, v)))


def test_clauses_print() -> None:
    assert str(clause(positive(rnp.exp(x)))) == "positive(exp(x))"
    assert str(clause(positive(x * y), positive(x), positive(y))) == "positive(x*y) if positive(x) and positive(y)"


# -- the clauses of the library, in numbers -----------------------------------------------------------------------------------

CLAUSES: list[Clause] = [*library.signs, *library.matrices]


@pytest.mark.parametrize("found", CLAUSES, ids=str)
def test_clauses_are_true_of_numbers(found: Clause) -> None:
    assert check_clause(found).admitted > 0


def test_no_clause_stands_twice() -> None:
    assert len({(str(c), c.head.args[0].op) for c in CLAUSES}) == len(CLAUSES) > 800  # four products print as x @ y


def test_a_theory_checks_its_clauses() -> None:
    good = clause(positive(x * y), positive(x), positive(y))
    verdict = theory(good).check_facts()[str(good)]
    assert verdict.dtypes == ("float64", "float32") and verdict.admitted > 1000 and verdict.judged > 0
    with pytest.raises(RefusedRelation, match="is false for float64\nat x = "):
        theory(good, clause(positive(x * y), positive(x))).check_facts()
    with pytest.raises(TheoryError, match="no numbers were found for which its premises hold"):
        theory(clause(nonzero(x), positive(x), negative(x))).check_facts()
