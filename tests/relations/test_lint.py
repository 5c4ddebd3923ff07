"""The library under lint: no equation stands twice, rules end and fire, guards are as weak as they can be.

What lint remarks and is meant so stands here with its reason; the rest is a defect.
"""

from __future__ import annotations

import importlib.util
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

import relations_library
import relgraph as rg
import relgraph.numpy as rnp
from relations_library.__main__ import relations
from relations_library.pipelines import everything
from relgraph.cli.check import largest
from relgraph.cli.theories import theories
from relgraph.errors import RelgraphError
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.lint import Lint, audit, coverage, duplicates, lint, score, unused_variables
from relgraph.relations.lint.pairs import peaks
from relgraph.relations.predicates import PREDICATES, in_range
from relgraph.relations.present import present
from relgraph.relations.reads import axis_length
from relgraph.relations.verify.shapes import types_admit
from relgraph.terms.elementwise import assume_
from relgraph.terms.evaluate import evaluate
from relgraph.terms.structure import broadcast_to
from relgraph.terms.term import INPUT, Term, attr, toposort, weak

from .guards import WEAKER_WOULD_DO
from .test_extreme_shares import TABLE as SHARES
from .test_extreme_shares import exp, s
from .test_spellings import CASES

ROOT = Path(__file__).resolve().parent.parent.parent
FOUND = theories()
LARGEST = {t.name: t for t in largest(FOUND)}
OVERLAPS, MUTANTS = 100, 60  # of each theory in CI; `relgraph check --mutations all` takes all of them
AUDITED = 14  # one guarded relation of so many, by its name: what is added does not change which of the others


@cache
def linted(name: str) -> Lint:
    return lint(LARGEST[name], overlaps=OVERLAPS)


V, A, B = rg.vector("v", shape=6), rg.matrix("A", shape=(3, 3)), rg.tensor("B", (2, 3, 3))
FITTING: list[Term] = [  # of parts that fit one another, of which an instance has any two
    rnp.sum(V[:2]) + rnp.sum(V[2:]), rnp.prod(V[:2]) * rnp.prod(V[2:]), rnp.equal(exp(s) + 1, 0.5), rnp.equal(-exp(s), 0.5),
    rnp.linalg.diagonal(B.at[0].set(A)), rnp.zeros(7).at[:6].set(V), rg.grad(0 * rnp.sum(V[:2]), V),
    rnp.zeros(5).at[rg.assume(rg.tensor("i", (2,), "int64"), unique_indices=True)].set(s),
    rnp.log(rnp.linalg.det(rnp.linalg.expm(A))), exp(-s**2) / rnp.special.erfc(s / 2**0.5)**2]


@cache
def corpus() -> tuple[Term, ...]:
    """What users write: the expressions of the spelling tests, shares of exponentials and their gradients, the examples."""
    out = [e for e, _ in CASES.values()]
    out += [t for e, _ in SHARES.values() for t in (e, rg.grad(e, s))] + FITTING
    for file in sorted((ROOT / "examples").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"lint_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if hasattr(module, "model"):
            found = module.model()["outputs"]
            out += found.values() if isinstance(found, dict) else found if isinstance(found, (list, tuple)) else [found]
    return tuple(t for t in out if isinstance(t, Term))


# -- errors -----------------------------------------------------------------------------------------------------------

def test_no_equation_stands_twice_in_the_library() -> None:
    """Not under other names, turned round, regrouped, or as the inverse of both sides."""
    assert [str(r) for r in duplicates(relations().values())] == []


@pytest.mark.parametrize("name", LARGEST)
def test_no_theory_has_an_error(name: str) -> None:
    assert linted(name), "\n".join(map(str, linted(name).errors))


@pytest.mark.parametrize("module", [m.name for m in pkgutil.iter_modules(relations_library.__path__) if m.name != "__main__"])
def test_no_logic_variable_is_unused(module: str) -> None:
    assert unused_variables(vars(importlib.import_module(f"relations_library.{module}"))) == []


# -- rules that others make superfluous -------------------------------------------------------------------------------

SUPERFLUOUS = {
    "sigmoid": "the definition, which a reader looks for",
    "sigmoid_neg": "the definition at -x, which a reader looks for",
    "sum_neg": "found by name in derivations; covered by sum_scale with c = -1",
    "sum_scale": "found by the operator alone; sum_factor must prove that a factor does not vary along the axis",
    "sqrt_twice": "as it is taught; pow_add makes sqrt(x)**2 of it, which is its reduced form",
    "abs_abs": "the law that the row states; abs_pos must prove a sign",
    "diagonal_neg": "linear_algebra has no reads, and with them negative_diagonal",
    **dict.fromkeys(["cholesky_diag", "sign_det_diag", "solve_diag", "diag_matvec", "diag_matmul", "matmul_diag",
                     "transpose_diag"],
                    "found by the operator alone; the rule that covers it must prove a structure"),
    "kron_diag": "found by the operator alone, and in the list of what may change undefined values; kron_diagonals is not",
    **dict.fromkeys(["floor_floor", "floor_of_ceil", "ceil_ceil", "ceil_of_floor", "less_abs"],
                    "the law that the rows state; the rule that covers it must prove a fact"),
    "log_add_exp": "found by the operators alone; log_add_positive must prove that the other addend is positive",
    "log_inverse": "found by name in derivations; covered by log_odd_power with c = -1",
    "det_by_qr": "of two factorisations that would do, `sharing` takes the one that is there",
    "tanh_sigmoid": "for its right side; covered by a multiple of tanh_sigmoid2",
    "square_one_diff": "as it is taught; covered by square_one_sum at -x",
    **dict.fromkeys(["erfc_mill", "erfc_mill_one"],
                    "of a number that is the square of another up to rounding; erfc_mills is of the square itself"),
    "solve_diagonal": "in one step; solve_lower goes through a triangular solution",
}


@pytest.mark.parametrize("name", LARGEST)
def test_superfluous_rules_are_meant_so(name: str) -> None:
    found = {r.rule: str(r) for r in linted(name) if r.kind in ("subsumed", "shadowed")}
    assert set(found) <= set(SUPERFLUOUS), "\n".join(v for k, v in found.items() if k not in SUPERFLUOUS)


# -- coverage ---------------------------------------------------------------------------------------------------------

def test_every_rule_of_the_default_pipeline_fires() -> None:
    fired, _ = coverage(everything, corpus())
    compiled = everything.compiled()
    never = {r.name for r in compiled.rules} - set(fired)
    assert never <= set(SILENT), sorted(never - set(SILENT))
    assert not set(SILENT) & set(fired), "fires after all; take it from the list"


SILENT: dict[str, str] = {
    "logsumexp_by": "logsumexp_offset takes y out of its operand before, and the sum cancels it; the law that people look for",
    "sigmoid_ratio": "other rules take its parts: exp_share one, sigmoid_neg and sigmoid_exp the other",
    "add_zero_rows": "of an array of zeros at positions that are known to be in range, which have become a slice before",
}


def test_the_corpus_alone_covers_most_rules() -> None:
    """Of the rules that are about more than broadcasts the expressions of the tests use most."""
    from relgraph.relations.lint.coverage import _fired
    engine = everything.compiled().engine
    used = {n for t in corpus() for n in _fired(engine, t)}
    assert len(used) >= 50


# -- critical pairs ---------------------------------------------------------------------------------------------------

def values(terms: list[Term], seed: int) -> dict[Term, Any]:
    rng = np.random.default_rng(seed)
    out: dict[Term, Any] = {}
    for t in toposort(*terms):
        if t.op is INPUT:
            out[t] = rng.uniform(0.3, 0.9, tuple(d if isinstance(d, int) else 3 for d in t.type.shape)).astype(t.type.dtype)
    return out


def claims_hold(assumed: Term, at: dict[Term, Any]) -> bool:
    value, = evaluate([assumed.args[0]], at)
    return all(bool(np.all(PREDICATES[f].holds(value))) for f in assumed.args[1].data if isinstance(f, str))


def test_both_ways_round_a_critical_pair_mean_the_same() -> None:
    """Two rules at one term may leave two forms, never two values."""
    compiled = everything.compiled()
    compared = 0
    for p in peaks(compiled.rules, compiled.engine, everything.facts.holds, "default", 2 * OVERLAPS):
        if any(t.op.kind == "call" for t in toposort(p.term)):
            continue  # facts about matrices are claimed of the inputs
        shown = present([p.term, p.one, p.other])
        at = values(shown, 3)
        with np.errstate(all="ignore"):
            before, one, other = evaluate(shown, at)
            if not all(claims_hold(u, at) for u in toposort(p.term) if u.op is assume_):
                continue
        ok = np.isfinite(before)
        np.testing.assert_allclose(one[ok], before[ok], 1e-8, err_msg=str(p))
        np.testing.assert_allclose(other[ok], before[ok], 1e-8, err_msg=str(p))
        compared += 1
    assert compared > 20


def test_overlaps_are_found_in_order_and_again() -> None:
    compiled = everything.compiled()
    found = [[str(p) for p in peaks(compiled.rules, compiled.engine, everything.facts.holds, "default", 150)] for _ in range(2)]
    assert found[0] == found[1] and found[0]


def test_an_instance_of_a_right_side_without_a_type_is_no_rewrite() -> None:
    """``sum(a*s) = s*sum(a)`` needs the axis in a; taken the other way round, s has none to be summed over."""
    for one, other in (("a", "z"), ("z", "a")):
        a, s = rg.tensor(one, shape=(1,)), rg.scalar(other)
        t = rnp.sum(a * s)
        found = rg.rewrite(t)
        at = {a: np.array([3.0]), s: np.float64(2)}
        assert evaluate([found], at)[0] == 6
        assert all(step.type is t.type for step in everything.steps(t))


def test_a_guard_about_an_axis_that_a_number_does_not_have_is_not_fulfilled() -> None:
    (i,), (axis,) = lvars("i", kinds="iu"), attrs("axis")
    at = {i: rg.tensor("i", (2,), "int64"), axis: attr((-1,))}
    admitted = [types_admit([in_range(i, axis_length(rnp.log(x), axis))], at) for x in (weak(1), rg.vector("v", 4))]
    assert admitted == [False, True]


# -- mutants ----------------------------------------------------------------------------------------------------------

def test_damaged_relations_are_refused_or_true() -> None:
    found = score(relations().values(), MUTANTS)
    assert not found.survived and found.value == 1, "\n".join(map(str, found.survived))
    assert found.refused >= 0.8 * MUTANTS


# -- guards -----------------------------------------------------------------------------------------------------------


def test_no_guard_could_be_weaker() -> None:
    guarded = [r for r in relations().values() if r.guards]
    assert set(WEAKER_WOULD_DO) <= {r.name for r in guarded}
    chosen = [r for r in guarded if crc32(r.name.encode()) % AUDITED == 0]
    found = audit(Theory(chosen, everything.clauses, name="library"))
    left = {r.rule: str(r) for r in found if r.rule not in WEAKER_WOULD_DO}
    assert not left, "\n".join(left.values())
    listed = {r.name for r in chosen} & set(WEAKER_WOULD_DO)
    assert {r.rule for r in found} == listed, "a guard is needed after all; take it from the list"


def test_the_audit_says_what_to_write() -> None:
    from relgraph.relations.predicates import nonnegative, positive

    x, = lvars("x")
    t = theory(much=(rnp.sqrt(x)**2, x, positive(x)),
               right=(rnp.abs(x), x, nonnegative(x)), twice=(rnp.abs(x), x, nonnegative(x) & positive(x)))
    found = audit(t)
    assert [(r.rule, r.instead) for r in found if r.rule in ("much", "twice")] == [
        ("much", "write nonnegative(x)"), ("twice", "write positive(x)"), ("twice", "write nonnegative(x)")]
    assert not found.about("right")


def test_sizes_that_a_relation_was_not_tried_at() -> None:
    """A square result hides where an axis was put; the judge tries squares too."""
    x, = lvars("x")
    with pytest.raises(RelgraphError):
        theory(outer=(broadcast_to(rnp.expand_dims(x, -1), (4, 4)), broadcast_to(x, (4, 4)))).check()
