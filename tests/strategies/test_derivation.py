"""Derivations: what they show, that they replay, and that whatever was tampered with is refused."""

from __future__ import annotations

import json
import linecache
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from relations.test_spellings import CASES

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, everything, specialize, stable
from relgraph.errors import DerivationError
from relgraph.relations import lvars, theory
from relgraph.relations.predicates import positive
from relgraph.relations.steps import Step
from relgraph.strategies import Derivation, attempt, choice, derive, fail, identity, normalize, rule, seq, topdown, where
from relgraph.strategies.pack import pack
from relgraph.terms.term import Term

x, = lvars("x")
a, b = rg.vector("a", shape="n"), rg.vector("b", shape="n")
s = rg.scalar("s")
log, exp = rnp.log, rnp.exp


def loss() -> Term:
    z = a * b
    return -rnp.sum(log(1 / (1 + exp(-z))))  # the user's line


HUGE, TINY = 1.7e308, 2e-308


@pytest.mark.parametrize("numbers", [(TINY, 1.0), (1.0, TINY, TINY), (-HUGE, -HUGE, -HUGE), (HUGE, HUGE / 2, -HUGE, -HUGE),
                                     (1.0, -HUGE, -float("inf"), -HUGE), (1.0, 2.0, 3.0)])
def test_like_terms_whose_numbers_overflow_or_vanish_replay(numbers: tuple[float, ...]) -> None:
    others: tuple[Any, ...] = (b * TINY + b, 0.0)
    for more in others:
        derive(default, sum([c * a for c in numbers], more)).check()


@pytest.mark.parametrize(("dtype", "numbers"), [("int8", (127, 127, 2)), ("uint8", (255, 3, 128)), ("float32", (-3e38,) * 3)])
def test_like_terms_of_narrow_dtypes_replay(dtype: str, numbers: tuple[float, ...]) -> None:
    v = rg.vector("v", "n", dtype)
    derive(default, sum([rnp.asarray(c, dtype) * v for c in numbers], v)).check()


# -- what is shown ------------------------------------------------------------------------------------------------------

def test_steps_have_names_terms_and_lines() -> None:
    end, d = rg.rewrite(loss(), full=True)
    assert isinstance(d, Derivation) and d.start is loss() and d.end is end
    text = str(d)
    assert "test_derivation.py:" in text and "sigmoid" in text and "log_sigmoid" in text
    line = next(x for x in d if x.rule == "log_sigmoid")
    assert line.direction == "->" and dict(line.bindings).keys() == {"x"}
    assert "the user's line" in linecache.getline(*line.origin[0])


def test_rules_are_counted_and_filtered() -> None:
    d = derive(default, log(1 + a) + log(1 + b) + log(exp(s)))
    assert d.rules == {"log_one_plus": 2, "log_exp": 1} and list(d.rules) == ["log_one_plus", "log_exp"]
    only = d.filter("log_exp")
    assert len(only) == 1 and only.rules == {"log_exp": 1} and "log_one_plus" not in str(only)
    assert repr(d) == "Derivation(3 steps: log_one_plus x2, log_exp)"
    assert len(d.filter("nothing")) == 0


def test_nothing_to_do() -> None:
    d = derive(default, a)
    assert len(d) == 0 and "nothing was rewritten" in str(d)
    d.check()


def test_what_came_to_nothing_is_not_told() -> None:
    """A branch that fails leaves no step; a remembered answer that is used after all brings its steps with it."""
    shorter = topdown(attempt(rule("log exp x = x", lambda t: t.args[0].args[0] if "log(exp(" in repr(t)[:8] else None)))
    t = rnp.sin(log(exp(a)))
    assert derive(seq(shorter, fail), t).stages == derive(choice(seq(shorter, fail), identity), t).stages == ()
    assert [x.rule for x in derive(choice(seq(shorter, fail), seq(shorter, attempt(fail))), t)] == ["log exp x = x"]
    assert len(derive(seq(where(shorter), shorter), t)) == 1


def test_json() -> None:
    d = derive(default, loss())
    data = json.loads(d.to_json())
    assert {"start", "end", "steps"} <= data.keys() and len(data["steps"]) == len(d)
    step = data["steps"][0]
    assert {"rule", "direction", "before", "after", "bindings", "origin"} <= step.keys()
    scope: dict[str, Any] = {"rg": rg, "rnp": rnp, "np": __import__("numpy")}
    assert eval(data["end"], scope) is d.end


def test_why() -> None:
    d = derive(default, log(1 + exp(a)) * b)
    assert [line.rule for line in d.why(rnp.softplus(a))][-1] == "softplus"
    assert d.why(b) == ()


def test_a_compiled_function_carries_it() -> None:
    f = rg.function([a, b], loss(), linker="numpy")
    assert "log_sigmoid" in f.derivation.rules
    f.derivation.check()


# -- replay ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", CASES)
def test_replay(name: str) -> None:
    derive(default, CASES[name][0]).check()


def test_gradients_replay() -> None:
    w, X = rg.vector("w", shape="k"), rg.matrix("X", shape=("n", "k"))
    y = rnp.sum(log(1 + exp(-(X @ w) * a)))
    for root in (rg.grad(y, w), rg.hessian(y, w), rg.grad(loss(), a)):
        d = derive(default, root)
        d.check()
        assert len(d) > 0


@pytest.mark.parametrize("strategy", [
    stable, specialize, seq(stable, specialize), topdown(lambda t: t.args[0] if t.op.name == "sin" else None),
    normalize(everything, form="exact"), normalize(everything, form="plain")], ids=str)
def test_every_pipeline_replays(strategy: Any) -> None:
    t = rnp.sin(log(1 + exp(a)) + b**3 - (a - b) / (1 + exp(-a))) * log(exp(b))
    d = derive(strategy, t)
    d.check()
    found = strategy(t)
    assert d.end is (t if found is None else found)


def test_several_terms_replay_together() -> None:
    d = derive(default, pack([log(1 + a), exp(log(1 + a) * 1)]))
    d.check()
    assert d.rules["log_one_plus"] == 1  # what is shared is rewritten once


def test_a_wide_sum_replays() -> None:
    t = a
    for i in range(300):
        t = t + a * float(i)
    derive(default, t).check()


# -- tampering ---------------------------------------------------------------------------------------------------------------

class Forged:
    """A stage with other steps than those the strategy made."""

    def __init__(self, stage: Any, steps: Any, after: Term | None = None) -> None:
        self.strategy, self.before, self.after = stage.strategy, stage.before, after if after is not None else stage.after
        self.steps = tuple(steps)


def forged(d: Derivation, change: Any, after: Term | None = None) -> Derivation:
    stage = d.stages[0]
    steps = change(list(stage.steps))
    end = after if after is not None else d.end
    return Derivation(d.start, end, (Forged(stage, steps, after),))  # type: ignore[arg-type]


def honest() -> Derivation:
    return derive(default, log(1 + a) * exp(log(b)) + log(exp(s)))


def at(rule: str, steps: list[Step]) -> int:
    return next(i for i, st in enumerate(steps) if st.rule.name == rule)


def with_step(rule: str, **changes: Any) -> Any:
    def change(steps: list[Step]) -> list[Step]:
        i = at(rule, steps)
        steps[i] = replace(steps[i], **changes)
        return steps
    return change


def foreign(steps: list[Step]) -> list[Step]:
    other = theory(log_exp=(log(exp(x)), rnp.tanh(x))).compiled().rules[0]
    steps[at("log_exp", steps)] = replace(steps[at("log_exp", steps)], rule=other)
    return steps


def dropped(steps: list[Step]) -> list[Step]:
    del steps[at("log_one_plus", steps)]
    return steps


TAMPERED: dict[str, tuple[Any, Term | None, str]] = {
    "after": (with_step("log_one_plus", after=rnp.tanh(a)), None, "log_one_plus: .* the step says tanh"),
    "before": (with_step("log_exp", before=log(exp(a))), None, "log_exp: "),
    "bindings": (with_step("log_one_plus", bindings=(b,)), None, "log_one_plus: .* with x = b is .*, the step says"),
    "a step left out": (dropped, None, "its steps lead to .*, not to"),
    "all steps left out": (lambda steps: [], None, "its steps lead to"),
    "a foreign rule": (foreign, None, "log_exp: the theory default has no such rule"),
    "another end": (lambda steps: steps, rnp.tanh(a), "its steps lead to .*, not to tanh"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_refused(name: str) -> None:
    change, after, message = TAMPERED[name]
    d = honest()
    d.check()
    forged(d, lambda steps: steps).check()
    with pytest.raises(DerivationError, match=message):
        forged(d, change, after).check()


def test_a_guard_that_is_not_proved_is_refused() -> None:
    guarded = normalize(theory(everything.only("abs_pos"), name="guarded"))
    t = rnp.abs(rg.assume(a, positive=True))
    assert derive(guarded, t).end is not rnp.abs(a)
    rule = guarded.theory.compiled().rules[0]
    stage = type(derive(guarded, t).stages[0])(guarded, rnp.abs(a), a)
    step = Step(rule, rnp.abs(a), a, (a,), None)
    with pytest.raises(DerivationError, match=r"abs_pos: the guard nonnegative\(x\) is not proved with x = a"):
        Derivation(rnp.abs(a), a, (Forged(stage, [step]),)).check()  # type: ignore[arg-type]
    assert positive is not None


def test_another_start_or_end_is_refused() -> None:
    d = honest()
    for start, end in ((d.start, a), (b, d.end)):
        with pytest.raises(DerivationError):
            Derivation(start, end, d.stages).check()


def test_a_rule_written_in_python_is_applied_again() -> None:
    calls: list[int] = []

    def fickle(t: Term) -> Term | None:
        calls.append(1)
        return rnp.cos(a) if t is rnp.sin(a) and len(calls) == 1 else None
    d = derive(fickle, rnp.sin(a))
    with pytest.raises(DerivationError, match="fickle"):
        d.check()


# -- the same in every process -------------------------------------------------------------------------------------------------

SCRIPT = """
import random, sys
sys.path.insert(0, "tests")
import relgraph as rg
from relations.test_spellings import CASES
from relations.expressions import ARITHMETIC, FLOATS, SMOOTH, expression
from relgraph.strategies import derive
from relations_library.pipelines import default
for name, (t, _) in CASES.items():
    print(derive(default, t))
rng = random.Random(5)
for _ in range(150):
    print(rg.rewrite(expression(rng, FLOATS, 12, [*ARITHMETIC, *SMOOTH])))
"""


def test_the_same_text_under_every_hash_seed(tmp_path: Any) -> None:
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    found = set()
    for i, seed in enumerate(("0", "1", "2026")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "RELGRAPH_CACHE": str(tmp_path / str(i % 2))}
        found.add(subprocess.run([sys.executable, "-c", SCRIPT], env=env, cwd=root, check=True, capture_output=True,
                                 text=True).stdout)
    assert len(found) == 1 and len(found.pop().splitlines()) > 250
