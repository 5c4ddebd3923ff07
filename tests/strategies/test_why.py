"""`why_not` names the part or the guard that is missing, and its suggestion helps; `why` tells the steps and their reasons."""

from __future__ import annotations

import random
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relations.expressions import FLOATS, SMOOTH, expression

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.__main__ import relations
from relations_library.facts import matrices, signs
from relations_library.pipelines import everything, specialize, stable
from relgraph.cli import main
from relgraph.errors import MisuseError, RelgraphError, TheoryError
from relgraph.relations import FOLDING, Relation, Theory, lvars, relation, theory
from relgraph.relations.forms import normal
from relgraph.relations.nearest import matches
from relgraph.relations.template import variables
from relgraph.relations.verify.shapes import Search
from relgraph.strategies import attempt, rule, seq, topdown
from relgraph.strategies.why_not import Suggestion, WhyNot, why_not
from relgraph.terms.binders import substitute
from relgraph.terms.term import LVar, Term, const

x, y = lvars("x y")
a, b = rg.vector("a", "n"), rg.vector("b", "n")
A, K = rg.matrix("A"), rg.tensor("K", ("n", "n"))
i = rg.vector("i", "n", dtype="int64")
log, exp = rnp.log, rnp.exp
RELATIONS = {n: r for n, r in relations().items() if "->" in r.directions()}
FACTS = theory((*signs, *matrices))

# -- what is missing: rule, term, kind, answer --------------------------------------------------------------------------------

ANSWERS: list[tuple[str, Term, str, str]] = [
    ("log_product", log(a * b), "guard", "log(x*y) matches with x = a, y = b; the guard positive(a) is not proved, nor is "
     "another: write rg.assume(a, positive=True) and rg.assume(b, positive=True)"),
    ("log_product", log(exp(a) * b), "guard", "log(x*y) matches with x = b, y = exp(a); the guard positive(b) is not proved: "
     "write rg.assume(b, positive=True)"),
    ("log_det_psd", log(rnp.linalg.det(K)), "guard", "the guard psd(K) is not proved: write rg.assume(K, psd=True)"),
    ("pow_add", a**0.5 * a**2, "guard", "x**c*x**d matches with x = a, c = 0.5, d = 2; the guard integer(0.5) is false"),
    ("sum_factor", rnp.sum(a * b), "guard", "the guard size_one(a, (-1,)) is not true of float64[n]"),
    ("trace_product", rnp.linalg.trace(A @ A), "guard", "the guard square(A @ A) is not true of float64[A0, A1]"),
    ("log_one_plus", log(2 + a), "pattern", "the pattern log(1 + x) needs the number 1 among the operands of add; found 2, a: "
     "write log(1 + a) instead of log(2 + a)"),
    ("log_one_plus", exp(a), "pattern", "the term has no log, with which the pattern log(1 + x) begins"),
    ("log_sum_exp", log(rnp.sum(a)), "pattern", "needs exp(x) among the operands of sum; found a: "
     "write log(sum(exp(a))) instead of log(sum(a))"),
    ("sigmoid_ratio", exp(a) / (1 + exp(b)), "pattern", "x would stand for both a and b"),
    ("tan_neg", rnp.tan(a), "pattern", "the pattern tan(-x) needs -x where a stands: write tan(-a) instead of tan(a)"),
    ("sqrt_sq", rnp.sqrt(a**3), "pattern", "sqrt(x**2) needs the number 2 "),
    ("tan_neg", rnp.tan(-i), "pattern", "x does not stand for i, which is int64[n]: it stands for dtypes of the kinds fc"),
    ("sum_neg", rnp.sum(-a), "before", "the term was rewritten before by another rule: sum_scale, sum(-a) = -sum(a)"),
    ("log1p_expm1", rnp.log1p(exp(a) - 1), "fires", "matches, and fires in the pipeline: log1p(expm1(a)) = a"),
    ("softplus", log(1 + exp(a)), "fires", "matches, and fires in the pipeline: log1p(exp(a)) = softplus(a)"),
    ("sigmoid", 1 / (1 + exp(-a)), "before", "another rule: sigmoid_power, 1/(1 + exp(-a)) = sigmoid(a)"),
]


@pytest.mark.parametrize(("rule", "term", "kind", "answer"), ANSWERS, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(ANSWERS)])
def test_answers(rule: str, term: Term, kind: str, answer: str) -> None:
    found = rg.why_not(rule, term)
    assert answer in str(found)
    assert found.kind == kind and bool(found) == (kind in ("fires", "matches"))
    assert str(found).startswith(f"{rule}: " if found else f"{rule} did not apply: ")


def test_the_position_where_most_fits() -> None:
    """Of three logarithms the one whose operand is a sum with a number."""
    found = rg.why_not("log_one_plus", log(a) + log(2 + b) + rnp.sin(log(a * b)))
    assert found.position is log(2 + b) and found.bindings == {"x": b}
    assert isinstance(found.suggestion, Suggestion)
    assert found.suggestion.after is log(1 + b)


def test_guards_are_named() -> None:
    found = rg.why_not("log_product", log(a * b))
    assert [g.name for g in found.guards] == ["positive", "positive"] and {g.args[0] for g in found.guards} == {a, b}


def test_a_relation_of_ones_own() -> None:
    mine = relation("tanh_half", rnp.sinh(x) / (1 + rnp.cosh(x)), rnp.tanh(x / 2))
    found = rg.why_not(mine, rnp.sinh(a) / (rnp.cosh(a) + 1))
    assert found
    assert str(found).endswith("makes tanh(0.5*a) of it; it is no part of default, so write theory(default, tanh_half)")
    assert "x would stand for both" in str(rg.why_not(mine, rnp.sinh(a) / (rnp.cosh(b) + 1)))
    assert why_not(mine, rnp.exp(a), theory(mine)).kind == "pattern"


@pytest.mark.parametrize(("ask", "error", "message"), [
    (lambda: rg.why_not("log_prodct", a), TheoryError, "did you mean log_product"),
    (lambda: rg.why_not(FOLDING, a), MisuseError, "are no equation and a term; write why_not"),
    (lambda: rg.why(rg.function([a], exp(a), linker="numpy"), b), MisuseError, "b is part neither of what was written"),
    (lambda: rg.why(rg.function([a], exp(a), linker="numpy"), cast(Any, "a")), MisuseError, "'a' is no term"),
])
def test_errors(ask: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        ask()


# -- every rule of the library ------------------------------------------------------------------------------------------------

def typed(r: Relation) -> Term | None:
    """An instance of the left side about inputs, without a fact; numbers for literals; complex under a conj."""
    for dtype in (np.dtype(d) for d in ("float64", "complex128", "bool")):
        for plan in Search(r.lhs, r.rhs, r.guards, dtype).plans():
            if plan.right is not None and (r.lhs.op.name != "conj" or plan.left.op is r.lhs.op):
                numbers = {plan.binding[v]: const(3 if v.data[0] == "c" else 2, "float64")
                           for v in variables(r.lhs) if isinstance(v, LVar) and v.data[1] == "literal"}
                return substitute([plan.left], numbers)[0] if numbers else plan.left
    return None


def alone(r: Relation) -> Theory:
    return theory(r, FACTS)


def can_be_assumed(r: Relation) -> bool:
    return any(g.predicate.scope in ("element", "matrix") and len(g.args) == 1 and isinstance(g.args[0], LVar)
               and g.args[0].data[1] == "term" for g in r.guards) and not any(
        g.predicate.scope == "element" and g.args[0].args and any(v.data[1] == "term" for v in variables(g.args[0]))
        for g in r.guards)  # of what is made of them nothing is assumed


ASSUMED = [n for n, r in RELATIONS.items() if can_be_assumed(r)]


def test_enough_rules_have_guards() -> None:
    assert len(ASSUMED) >= 15


@pytest.mark.parametrize("name", ASSUMED)
def test_without_the_fact_the_guard_is_named_with_it_the_rule_fires(name: str) -> None:
    r = RELATIONS[name]
    term = typed(r)
    assert term is not None
    found = why_not(r, term, alone(r))
    assert found.kind == "guard" and {g.name for g in found.guards} <= {g.name for g in r.guards}, found
    assert found.suggestion is not None and "rg.assume(" in found.suggestion.text
    assert why_not(r, found.suggestion.term, alone(r)).kind == "fires", found.suggestion.term


@pytest.mark.parametrize("name", [n for n, r in RELATIONS.items() if not r.guards])
def test_an_instance_of_a_rule_without_guards_fires(name: str) -> None:
    r = RELATIONS[name]
    term = typed(r)
    assert term is not None
    found = why_not(r, term, alone(r))
    assert found or found.kind == "dropped", found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 10), st.sampled_from(sorted(RELATIONS)))
def test_suggestions_help(seed: int, size: int, name: str) -> None:
    """Whatever the term: the answer is about the rule, and after the change that it suggests the rule can be used."""
    term = expression(random.Random(seed), FLOATS, size, SMOOTH)
    found = rg.why_not(RELATIONS[name], term)
    assert isinstance(found, WhyNot) and found.reason
    if found.suggestion is not None:
        changed = found.suggestion.term
        assert changed.type is term.type
        assert RELATIONS[name](changed, everything) is not None, found


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 10))
def test_what_fires_is_said_to_fire(seed: int, size: int) -> None:
    term = expression(random.Random(seed), FLOATS, size, SMOOTH)
    fired = set(rg.rewrite(term, full=True)[1].rules) & set(everything.relations)
    for name in sorted(fired - {FOLDING.name})[:3]:
        assert why_not(name, term, everything).kind == "fires"
    for name in ("log_one_plus", "log_product", "collect"):
        assert bool(why_not(name, term, everything)) == (name in fired)


# -- why ----------------------------------------------------------------------------------------------------------------------

def test_what_became_of_a_term() -> None:
    own = rg.vector("own", "n")  # equal terms are one term, which names the place where it was first written
    claimed = rg.assume(own, positive=True)
    written = log(claimed * exp(b))
    f = rg.function([a, b, own], [2 * log(1 + exp(a)), written], linker="numpy")
    found = rg.why(f, log(1 + exp(a)))
    assert found.became is rnp.softplus(a) and [s.rule for s in found.steps] == ["log_one_plus", "softplus"]
    assert str(found).startswith("log(1 + exp(a)) became softplus(a)\n  log_one_plus ")
    found = rg.why(f, written)
    assert "positive(own): assumed at test_why.py:" in str(found) and "positive(exp(b)) by positive(exp(x))" in str(found)


def test_why_through_several_stages() -> None:
    """A normal form, a function of Python somewhere inside, another normal form."""
    half = rule("half", lambda t: rnp.exp(a) if t is rnp.softplus(a) else None)
    f = rg.function([a], 3 * log(1 + exp(a)) + a**2, rewrite=seq(stable, topdown(attempt(half)), specialize), linker="numpy")
    assert rg.why(f, log(1 + exp(a))).became is exp(a) and rg.why(f, a**2).became is rnp.square(a)
    assert [s.rule for s in rg.why(f, a**2).steps] == ["square_pow"]
    assert rg.why(f.derivation.filter("nothing"), a**2).became is rnp.square(a)


def test_why_at_the_exact_level() -> None:
    f = rg.function([a, b], 2 * rnp.sin(-(a - b)), safety="exact", linker="numpy")
    found = rg.why(f, rnp.sin(-(a - b)))
    assert [s.rule for s in found.steps] == ["sin_neg"] and found.became is -rnp.sin(a - b)
    assert [s.rule for s in rg.why(f, -rnp.sin(a - b)).steps] == ["sin_neg"]


def test_what_a_term_was_made_by() -> None:
    f = rg.function([a], 3 * log(1 + exp(a)), linker="numpy")
    found = rg.why(f, rnp.softplus(a))
    assert found.became is rnp.softplus(a) and [s.rule for s in found.steps] == ["log_one_plus", "softplus"]
    assert "made by" in str(found)
    assert [s.rule for s in rg.why(f, f.term).steps] == [s.rule for s in found.steps]  # what made its parts made the whole
    assert str(rg.why(f, a)) == "a is as it was written" and rg.why(f.derivation, a).steps == ()


def test_matches_are_those_of_the_rule() -> None:
    """A whole match is what the compiled matcher finds, guards aside."""
    for r in stable.theory.compiled().rules:
        if not r.guards:
            for t in (log(1 + exp(a)), exp(a) * exp(b), 1 - rnp.sigmoid(a)):
                node = normal(t)
                if node.op is r.lhs.op:
                    assert bool(matches(r, node)) == (r.matcher(node) is not None)


# -- the command, and the effect of a rule ------------------------------------------------------------------------------------

def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "log(x*y)", "--why-not", "log_product"]) == 0
    assert capsys.readouterr().out.startswith("log_product did not apply: log(x*y) matches with x = x, y = y; the guard ")
    assert main(["explain", "log(x*y)", "--why-not", "log_prodct"]) == 2
    assert "did you mean log_product" in capsys.readouterr().err


def test_the_effect_of_a_rule() -> None:
    r = relation("log_one_plus", log(1 + x), rnp.log1p(x))
    found = rg.effect(r, 2 * log(1 + a), n=10)
    assert found is not None and found.after is 2 * rnp.log1p(a) and found.cost_after < found.cost_before
    assert "= by log_one_plus\n" in str(found) and " flops, " in str(found)
    assert rg.effect(r, exp(a)) is None
    with pytest.raises(RelgraphError):
        rg.effect(r, object())
