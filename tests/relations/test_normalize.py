"""`normalize`: no loop, no difference, idempotent, linear, and what is said when rules undo one another."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, everything
from relgraph.errors import BudgetError
from relgraph.relations import lvars, theory
from relgraph.relations.forms import normal
from relgraph.relations.steps import Recorder
from relgraph.strategies import derive, normalize, repeat, run_strategy, seq
from relgraph.terms import term as terms
from relgraph.terms.term import Term, toposort

from .expressions import ARITHMETIC, FLOATS, SMOOTH, expression, value, values

RANDOM = 1500
x, = lvars("x")


def test_like_terms_are_one_term() -> None:
    """Not a sum of one operand, which would be another term than 6*a; and -inf*a is -(inf*a), as -2*a is -(2*a)."""
    a, inf = rg.vector("a", "n"), float("inf")
    engine = everything.compiled().engine
    assert engine.normalize([a + 2*a + 3*a])[0] is normal(6*a)
    assert str(rg.rewrite(rnp.sin(a + 2*a + 3*a) - rnp.sin(6*a)).op) == "broadcast_to"
    assert normal(a * -inf) is normal(-(a * inf)) and normal(a * -inf) is normal(rg.rewrite(a * -inf))


@pytest.mark.parametrize("part", range(6))
def test_random_expressions_are_rewritten_to_equal_ones(part: int) -> None:
    """1,500 expressions: no loop, values equal to the unrewritten ones, a second rewrite changes nothing."""
    rng = random.Random(f"random expressions {part}")
    at = values(np.random.default_rng(part), FLOATS)
    checked = 0
    for _ in range(RANDOM // 6):
        t = expression(rng, FLOATS, rng.randint(3, 18), [*ARITHMETIC, *SMOOTH])
        end = rg.rewrite(t)
        assert end.type is t.type, t
        assert rg.rewrite(end) is end, (t, end, rg.rewrite(end))
        before, after = value(t, at), value(end, at)
        usual = np.isfinite(before) & np.isfinite(after) & (np.abs(before) < 1e6)
        checked += bool(np.all(usual))
        scale = max(1.0, float(np.max(np.abs(np.where(usual, before, 0)), initial=0)))
        np.testing.assert_allclose(np.where(usual, after, 0), np.where(usual, before, 0), rtol=1e-6, atol=1e-6 * scale,
                                   err_msg=f"{t}\n{end}")
    assert checked > RANDOM // 6 * 0.5


# -- chains ----------------------------------------------------------------------------------------------------------------

def accumulate(n: int) -> Term:
    acc = rg.scalar("y0")
    for i in range(1, n):
        acc = acc + rg.scalar(f"y{i}")
    return acc


def residual(n: int) -> Term:
    t = rg.vector("x")
    for _ in range(n // 2):
        t = t + rnp.tanh(t)
    return t


def negated(n: int) -> Term:
    acc = rg.scalar("y0")
    for i in range(1, n // 2):
        acc = -(acc + rg.scalar(f"y{i}"))
    return acc


def doubled(n: int) -> Term:
    t = rg.scalar("x")
    for _ in range(n):
        t = t + t
    return t


def logs(n: int) -> Term:
    t, y = rg.vector("x", shape=3), rg.vector("y", shape=3)
    for _ in range(n // 5):
        t = rnp.log(rnp.exp(t) * 1 + 0) + y
    return t


def products(n: int) -> Term:
    t = rg.scalar("x")
    for i in range(n):
        t = t * rg.scalar(f"y{i % 50}")
    return t


CHAINS = {f.__name__: f for f in (accumulate, residual, negated, logs, products)}


@contextmanager
def counted_references(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many operands the terms have that are interned meanwhile."""
    count = [0]
    intern = terms.intern

    def counting(op: Any, args: Any, *rest: Any, **named: Any) -> Term:
        count[0] += len(args)
        return intern(op, args, *rest, **named)
    monkeypatch.setattr(terms, "intern", counting)
    yield count
    monkeypatch.setattr(terms, "intern", intern)


def references(root: Term) -> int:
    return sum(len(t.args) for t in toposort(root))


@pytest.mark.parametrize("name", CHAINS)
def test_chains_stay_linear(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operand references of all terms made while normalising grow as the chain does, and so does the result."""
    made: list[float] = []
    for n in (5_000, 10_000, 20_000):
        t = CHAINS[name](n)
        with counted_references(monkeypatch) as count:
            end = rg.rewrite(t)
        assert references(end) <= 3 * references(t) + 100
        made.append((count[0] + 1) / n)
    assert made[-1] < 1.6 * made[0] + 1 and made[-1] < 40, made


@pytest.mark.parametrize("name", CHAINS)
def test_long_chains_need_no_recursion(name: str) -> None:
    t = CHAINS[name](100_000 if name in ("accumulate", "logs") else 30_000)
    end = rg.rewrite(t)
    assert end.type is t.type and normal(end) is not None


def test_logs_vanish() -> None:
    y, x3 = rg.vector("y", shape=3), rg.vector("x", shape=3)
    assert rg.rewrite(logs(10_000)) is rg.rewrite(x3 + 2000 * y)


def test_doubling_is_collected() -> None:
    s = rg.scalar("x")
    assert rg.rewrite(doubled(60)) is rg.rewrite(s * 2.0**60)
    assert rg.rewrite(doubled(900)) is rg.rewrite(s * 2.0**900)
    overflowing = rg.rewrite(doubled(2000))
    assert len(toposort(overflowing)) < 3000


def test_a_dag_with_many_paths() -> None:
    """2**60 paths, 60 nodes: a node is rewritten once."""
    t: Term = rg.vector("x")
    for i in range(60):
        t = rnp.sin(t) * rnp.cos(t) if i % 2 else rnp.log(1 + t) + t * 0.5
    started = time.process_time()
    end = rg.rewrite(t)
    assert time.process_time() - started < 0.5
    assert len(toposort(end)) < 400


# -- memo ------------------------------------------------------------------------------------------------------------------

def test_what_was_seen_before_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy = normalize(everything)
    t = logs(500)
    strategy.run(t)
    matched: list[Term] = []
    index = strategy.theory.compiled("real").engine.index
    candidates = type(index).candidates

    def counting(self: Any, u: Term) -> Any:
        matched.append(u)
        return candidates(self, u)
    monkeypatch.setattr(type(index), "candidates", counting)
    end = strategy.run(t)
    assert strategy.run(t) is end and not matched


def test_normal_forms_die_with_their_terms() -> None:
    gc.collect()
    before = len(terms._table)
    for i in range(50):
        rg.rewrite(rnp.log(1 + rnp.exp(rg.vector(f"only{i}"))))
    gc.collect()
    assert len(terms._table) - before < 60


# -- budgets ---------------------------------------------------------------------------------------------------------------

def test_rules_that_undo_one_another_are_seen_when_compiling() -> None:
    """The second of two opposite rules, and the last of a circle, follows from the others: it is dropped, so nothing loops."""
    two = theory(there=(rnp.sin(rnp.exp(x)), rnp.cos(rnp.tanh(x))), back=(rnp.cos(rnp.tanh(x)), rnp.sin(rnp.exp(x))))
    circle = theory(a=(rnp.sin(x), rnp.cos(x)), b=(rnp.cos(x), rnp.tanh(x)), c=(rnp.tanh(x), rnp.sinh(x)),
                    d=(rnp.sinh(x), rnp.sin(x)))
    for rules in (two, circle):
        assert len(rules.compiled().dropped) == 1 and "follows" in str(rules.compiled().dropped)
    v = rg.vector("v")
    assert rg.rewrite(rnp.sin(v), circle) is rg.rewrite(rnp.tanh(v), circle)


def test_a_growing_rule_ends_with_its_name() -> None:
    with pytest.raises(BudgetError, match=r"grow.*precedence"):
        rg.rewrite(rnp.sin(rg.vector("v")), theory(grow=(rnp.sin(x), rnp.sin(rnp.tanh(x)))))


def test_rules_that_lead_one_another_on_end_with_their_names() -> None:
    ping = theory(ping=(rnp.sin(rnp.exp(x)), rnp.cos(rnp.exp(rnp.tanh(x)))), pong=(rnp.cos(x), rnp.sin(x)))
    with pytest.raises(BudgetError) as e:
        rg.rewrite(rnp.sin(rnp.exp(rg.vector("v"))), ping)
    assert "ping" in str(e.value)


def test_pipelines_that_undo_one_another_end() -> None:
    """The round trip changes nothing, so `repeat` is done; one that comes back only the second time is stopped."""
    there, back = theory(f=(rnp.log(1 + x), rnp.log1p(x))), theory(b=(rnp.log1p(x), rnp.log(1 + x)))
    t = rnp.log(1 + rg.vector("v"))
    assert run_strategy(repeat(seq(normalize(there), normalize(back))), t).term is t
    v = rg.vector("v")
    out = theory(f=(rnp.sin(x), rnp.cos(x)), g=(rnp.tanh(x), rnp.cosh(x)))
    home = theory(b=(rnp.cos(x), rnp.tanh(x)), c=(rnp.cosh(x), rnp.sin(x)))
    with pytest.raises(BudgetError):
        run_strategy(repeat(seq(normalize(out), normalize(home))), rnp.sin(v))


def test_a_given_budget_is_kept() -> None:
    with pytest.raises(BudgetError, match="log_exp"):
        normalize(everything, budget=10).run(logs(5000))


def test_recording_gives_the_same_result() -> None:
    t = logs(200)
    derivation = derive(default, t)
    assert derivation.end is rg.rewrite(t) and len(derivation.steps) >= 40


def test_what_an_attribute_function_makes_is_reduced_too() -> None:
    """The read that `index_transpose` computes meets `exp_index` inside it, at any depth without recursion."""
    from relations_library.reads import reads
    m = rg.tensor("m", (3, 4))
    assert normalize(reads).run(rnp.transpose(rnp.exp(m))[1]) is rnp.exp(m[:, 1])
    t = m
    for _ in range(3000):
        t = rnp.transpose(rnp.exp(t))
    found = normalize(reads).run(t[1])
    assert found is not None and found.type.shape == (4,)


HUGE = 0.6  # of the largest number: two of them overflow


@pytest.mark.parametrize("numbers", [
    (2, 3, 5, 7), (2, -3, 5, -7), (1, -1, 4, 4), (0.1, 0.2, 0.3, -0.6, 7), (-1, -1, -1), (0.5,) * 9, (2, -2, 3, -3, 5)])
@pytest.mark.parametrize("largest", [0, 1, 2, 3])
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex64"])
@pytest.mark.parametrize("of", [lambda x: x, rnp.sin, lambda x: (x - 1) * rnp.sin(x)])
def test_like_terms_are_added_as_the_steps_say(numbers: tuple[float, ...], largest: int, dtype: str,
                                               of: Callable[[Term], Term]) -> None:
    """Without a recorder the numbers of many like terms are added and the term is built once; with one, each step is made."""
    x, y = rg.vector("x", shape="n", dtype=dtype), rg.vector("y", shape="n", dtype=dtype)
    t = y
    for i, k in enumerate([*numbers[:2], *[HUGE * float(np.finfo(dtype).max)] * largest, *numbers[2:]]):
        t = t + rnp.asarray(k, dtype=dtype) * of(x) + rnp.asarray(1 + i, dtype=dtype) * of(y)
    assert normalize(everything).run(t, Recorder()) is normalize(everything).run(t)
    if not largest:
        derive(normalize(everything), t).check()


CASTS = {  # a sum or product puts casts around operands of another dtype: these are reduced in the same rewrite
    "of a constant": lambda p, n: 1 / (1 + (n**0) * (n**0)),
    "of a cast": lambda p, n: rnp.sum(rg.scalar("a") * p.astype("int64"), axis=-1),
    "under a sign": lambda p, n: rg.scalar("a") - (n**0 + 0 * n),
    "in a power": lambda p, n: (n**0) ** rg.scalar("a"),
}


@pytest.mark.parametrize("name", CASTS)
def test_a_second_rewrite_finds_no_cast_to_reduce(name: str) -> None:
    t = CASTS[name](rg.tensor("p", ("n", 1), "bool"), rg.tensor("n", ("n", 1), "uint8"))
    end = rg.rewrite(t)
    assert rg.rewrite(end) is end
