"""Facts as goals, and their proofs as text."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import facts as library
from relgraph.errors import MisuseError
from relgraph.relations import eq, lall, lvars, predicates, run, theory, var
from relgraph.relations.predicates import (
    PREDICATES,
    at_least,
    finite,
    lower_triangular,
    nonnegative,
    pd,
    positive,
    psd,
    semi_orthogonal,
    square,
    symmetric,
)
from relgraph.terms.term import Term

x, y = rg.vector("x"), rg.vector("y")
A = rg.matrix("G", shape=(3, 3))
p = rg.assume(rg.vector("rate"), positive=True)
K = rg.assume(A, pd=True)
FACTS = theory(library.signs, library.matrices)
q, f = var(), var()


@pytest.mark.parametrize(("term", "names"), [
    (rnp.exp(x), "positive nonnegative nonzero above_minus_1 real floating"),
    (1 - rnp.sigmoid(x), "positive nonnegative nonzero between_0_1 inside_0_1 between_minus_1_1 inside_minus_1_1 above_minus_1 "
                         "real floating"),
    (rnp.floor(x), "integer real floating"),
    (rnp.arange(3), "integer finite unique_indices nonnegative real integral nonempty"),
    (rnp.linalg.cholesky(K), "real floating square not_wide nonempty lower_triangular invertible positive_diagonal"),
    (rg.assume(A, permutation=True), "nonnegative between_0_1 between_minus_1_1 above_minus_1 real floating square not_wide "
                                     "nonempty orthogonal unitary semi_orthogonal permutation invertible stochastic selection"),
], ids=str)
def test_every_fact_of_a_term(term: Term, names: str) -> None:
    order = [n for n in PREDICATES if n in names.split()]
    assert [r.name for r in run(0, q, rg.fact(q, term))] == order


@pytest.mark.parametrize(("goal", "answers"), [
    (rg.fact(positive, rnp.exp(x)), 1), (rg.fact(positive, x), 0), (rg.fact("positive", p), 1),
    (rg.fact(at_least, rnp.cosh(x), 1), 1), (rg.fact(at_least, rnp.cosh(x), 2), 0),
    (rg.fact(positive(rnp.exp(x))), 1), (FACTS.fact(square, A), 1), (theory().fact(positive, rnp.exp(x)), 0),
    (lall(rg.fact(f, q), eq(q, rnp.exp(x)), eq(f, positive)), 1),
    (lall(eq(q, x), rg.fact(positive, q)), 0), (lall(rg.fact(psd, q), eq(q, A @ A.T)), 1),
    (lall(rg.fact(psd, q), eq(q, A @ A)), 0),
    (FACTS.fact(semi_orthogonal, rnp.linalg.qr(A)[0]), 1), (FACTS.fact(semi_orthogonal, rnp.linalg.qr(A[:2])[0]), 0),
], ids=range(14))
def test_goals(goal: Any, answers: int) -> None:
    assert len(run(0, (f, q), goal)) == answers


def test_patterns_of_a_predicate() -> None:
    """Of an open term: what clauses say themselves, then what implies it; premises wait for their operands."""
    u, = lvars("u")
    some = theory(library.signs).fact(positive, q)
    assert str(run(1, q, some)[0].op.name) == "add"
    gram = run(0, q, FACTS.fact(psd, q), eq(q, rnp.matmul(u, rnp.matrix_transpose(u))))
    assert gram and all(g.op.name == "matmul" for g in gram)
    heads = [r.op.name for r in run(0, q, FACTS.fact(lower_triangular, q))]
    assert "cholesky" in heads and heads == [r.op.name for r in run(0, q, FACTS.fact(lower_triangular, q))]


def test_no_predicate_is_defined_twice() -> None:
    """Of two that a file calls by one name, the clauses of the first would be clauses of the second."""
    names = re.findall(r"^(\w+) = (?:Predicate|_element|_matrix)\(", inspect.getsource(predicates), re.MULTILINE)
    assert len(names) > 40 and sorted(set(names)) == sorted(names)


# -- proofs --------------------------------------------------------------------------------------------------------------------

def test_a_proof_is_a_tree() -> None:
    proof = rg.why_fact(positive, rnp.exp(x) / p)
    assert proof and str(proof.clause) == "positive(x*y) if positive(x) and positive(y)"
    assert [q.goal for q in proof.premises] == ["positive(exp(x))", "positive(1/rate)"] and proof.failed == ()
    assert str(proof) == """positive(exp(x)/rate) by positive(x*y) if positive(x) and positive(y)
  positive(exp(x)) by positive(exp(x))
  positive(1/rate) by positive(1/x) if positive(x)
    positive(rate): assumed at test_fact_goals.py:33"""


def test_what_is_missing() -> None:
    proof = rg.why_fact("positive", rnp.exp(x) * rnp.sqrt(y))
    assert not proof and [q.goal for q in proof.failed] == ["positive(sqrt(y))"]
    assert str(proof) == """positive(exp(x)*sqrt(y)) is unknown: positive(x*y) if positive(x) and positive(y)
  positive(exp(x)) by positive(exp(x))
  positive(sqrt(y)) is unknown: positive(sqrt(x)) if positive(x)
    positive(y) is unknown: nothing says so of the input; write rg.assume(y, positive=True) if it is true"""


@pytest.mark.parametrize(("predicate", "term", "numbers", "said"), [
    (square, A, (), "square(G): its type is float64[3, 3]"),
    (square, rg.matrix("B"), (), "square(B) is unknown: the type of B is float64[B0, B1]"),
    (nonnegative, rnp.asarray(2.0), (), "nonnegative(2.0): a number"),
    (positive, rnp.asarray(-2.0), (), "positive(-2.0) is unknown: it is -2.0"),
    (at_least, rg.assume(x, at_least=2), (1,), "at_least(x, 1): assumed at test_fact_goals.py:"),
    (at_least, rg.assume(x, at_least=2), (3,), "at_least(x, 3) is unknown: at_least=2 is assumed at test_fact_goals.py:"),
    (pd, rnp.linalg.inv(K), (), "pd(inv(G)) by pd(inv(A)) if pd(A)\n  pd(G): assumed at test_fact_goals.py:34"),
    (finite, rnp.exp(x), (), "finite(exp(x)) is unknown: finite(exp(x)) if finite(x) and nonpositive(x)"),
    (symmetric, rnp.take(A, [0, 1, 2], axis=0), (), "no clause speaks of take"),
], ids=str)
def test_proofs_say_what_they_rest_on(predicate: Any, term: Term, numbers: tuple[Any, ...], said: str) -> None:
    assert said in str(rg.why_fact(predicate, term, *numbers))


def test_a_deep_proof_prints_short() -> None:
    deep = p
    for _ in range(500):
        deep = rnp.sqrt(deep)
    proof = rg.why_fact(positive, deep)
    assert proof and len(str(proof).splitlines()) < 20


def test_shared_premises_are_printed_once() -> None:
    t = rnp.sqrt(p)
    for _ in range(20):
        t = rnp.sqrt(t) * (t + rnp.exp(t))
    assert len(str(rg.why_fact(positive, t)).splitlines()) < 200


ASKED: list[tuple[Any, str]] = [
    (lambda: rg.why_fact("postive", x), "why_fact: 'postive' is no predicate; did you mean positive or nonpositive"),
    (lambda: rg.why_fact("at_least", x), r"at_least is asked of one term and a number, found 1 operand; write rg\.why_fact\("
     r"'at_least', x, c\)"),
    (lambda: rg.why_fact("positive", x, 3), r"positive is asked of one term, found 2 operands; write rg\.why_fact\('pos"),
    (lambda: rg.why_fact("banded", A, 3), "banded is asked of one term and two numbers, found 2 operands"),
    (lambda: rg.why_fact("same_shape", A), "same_shape is asked of 2 operands, found 1 operand"),
    (lambda: run(5, var(), rg.fact("posd", var())), "fact: 'posd' is no predicate; did you mean psd or pd"),
    (lambda: run(1, var(), rg.fact(3, x)), r"fact: 3 of type int is no predicate; they stand in relgraph\.relations\."),
    (lambda: run(1, var(), rg.fact("at_most", x)), r"at_most is asked of one term and a number, found 1 operand; write rg\."),
    (lambda: run(1, var(), rg.fact(var())), "fact: of what"),
]


@pytest.mark.parametrize(("ask", "said"), ASKED, ids=[said[:30] for _, said in ASKED])
def test_a_question_that_is_none(ask: Any, said: str) -> None:
    with pytest.raises(MisuseError, match=said):
        ask()
