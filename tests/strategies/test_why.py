"""`why_not` names the part or the guard that is missing, and its suggestion helps; `why` tells the steps and their reasons."""

from __future__ import annotations

import random
from itertools import islice
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
from relgraph.errors import DTypeError, MisuseError, RelgraphError, TheoryError
from relgraph.relations import FOLDING, Relation, Theory, lvars, relation, theory
from relgraph.relations.compiler import directed
from relgraph.relations.forms import normal
from relgraph.relations.nearest import matches
from relgraph.relations.predicates import OF_TYPES
from relgraph.relations.verify.shapes import Plan, Search
from relgraph.strategies import attempt, rule, seq, topdown
from relgraph.strategies.suggesting import retyped
from relgraph.strategies.why_not import Suggestion, WhyNot, _answer, why_not
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
     "it would match log(1 + a) instead of log(2 + a), which in general has another value"),
    ("log_one_plus", exp(a), "pattern", "the term has no log, with which the pattern log(1 + x) begins"),
    ("log_sum_exp", log(rnp.sum(a)), "pattern", "needs exp(x) among the operands of sum; found a: "
     "it would match log(sum(exp(a))) instead of log(sum(a)), which"),
    ("sigmoid_ratio", exp(a) / (1 + exp(b)), "pattern", "x would stand for both a and b"),
    ("tan_neg", rnp.tan(a), "pattern", "the pattern tan(-x) needs -x where a stands: it would match tan(-a) instead of "),
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
    (lambda: rg.why(cast(Any, exp(a)), a), MisuseError, r"why: exp\(a\).* is no compiled function and no derivation"),
    (lambda: rg.effect(cast(Any, everything), exp(a)), MisuseError, r"effect: Theory\(.* is no relation; write rg.effect\("),
    (lambda: rg.safety_report(cast(Any, 3)), MisuseError, "safety_report: 3 is no theory; write relgraph.relations.theory"),
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
                return with_numbers(plan)
    return None


def with_numbers(plan: Plan) -> Term:
    """The left side with numbers for literals: floats, of integers integers."""
    open_ = {v: t for v, t in plan.binding.items() if isinstance(v, LVar) and v.data[1] == "literal"}
    for dtype in ("float64", "int64"):
        try:
            numbers = {t: const(3 if v.data[0] == "c" else 2, dtype) for v, t in open_.items()}
            return substitute([plan.left], numbers)[0] if numbers else plan.left
        except DTypeError:
            continue
    raise AssertionError(plan.left)


def alone(r: Relation) -> Theory:
    return theory(r, FACTS)


GUARDED = [n for n, r in RELATIONS.items() if any(g.predicate.scope not in OF_TYPES for g in r.guards)]
# x**6 and x**3*(-1) are what the normal form makes of numbers under these patterns: no guard is asked
FOLDED = {"pow_of_pow", "pow_of_neg"}
AGREE = {"erfc_mill", "erfc_mill_one"}  # numbers of which one is the square of another: no single change helps


def test_enough_rules_have_guards() -> None:
    assert len(GUARDED) >= 300


@pytest.mark.parametrize("name", sorted(set(GUARDED) - FOLDED - AGREE))
def test_without_the_fact_the_guard_is_named_with_it_the_rule_fires(name: str) -> None:
    r = RELATIONS[name]
    term = typed(r)
    assert term is not None
    found = why_not(r, term, alone(r))
    if not found:  # not a number for which the guard happens to be true
        assert found.kind == "guard" and {g.name for g in found.guards} <= {g.name for g in r.guards}, found
        assert found.suggestion is not None and ("rg.assume(" in str(found) or " instead of " in str(found)), found
        assert why_not(r, found.suggestion.term, alone(r)).kind == "fires", found.suggestion.term


def mistyped(r: Relation) -> Term | None:
    """An instance of the left side of which a guard about types is false."""
    for dtype in (np.dtype(d) for d in ("float64", "complex128", "bool", "int64")):
        for plan in islice(Search(r.lhs, r.lhs, (), dtype).plans(), 40):
            if (r.lhs.op.name != "conj" or plan.left.op is r.lhs.op) and types_excluded(r, term := with_numbers(plan)):
                return term
    term = typed(r)
    return None if term is None else next((t for _, t in islice(retyped(term), 60) if types_excluded(r, t)), None)


def types_excluded(r: Relation, term: Term) -> bool:
    asked = [m for q in directed(r, "->") for m in matches(q, normal(term))]
    found = _answer(r, term, alone(r), retypes=False) if asked else None
    return found is not None and found.kind == "guard" and any(g.predicate.scope in OF_TYPES for g in found.guards)


# Where no other declaration, number or attribute of those that are tried helps, the guard is explained in words.
IN_WORDS = set("""
cholesky_copies copies_matmul det_copies diagonal_put index_added_beside index_ones index_set_beside index_solve inv_copies
matmul_copies set_over set_whole softmax_parts stack_on_read stack_read sum_column_dot sum_square_dot trace_columns trace_rows
unique_arange unique_flat_flip
""".split())
TYPED = [n for n, r in RELATIONS.items() if any(g.predicate.scope in OF_TYPES for g in r.guards)]


@pytest.mark.parametrize("name", TYPED)
def test_where_a_guard_about_types_is_false_another_declaration_makes_the_rule_fire(name: str) -> None:
    r = RELATIONS[name]
    term = mistyped(r)
    if term is None:  # the type of the left side says what the guard says
        return
    found = why_not(r, term, alone(r))
    assert found.kind == "guard" and (found.suggestion is None) == (name in IN_WORDS), found
    if found.suggestion is None:
        assert f"{found.guards[0].name}: {found.guards[0].predicate.doc}" in found.reason
    else:
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
