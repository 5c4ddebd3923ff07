"""Chains of 100,000 operations and DAGs with 2^60 paths: every walk is iterative and linear in the DAG."""

from __future__ import annotations

import gc
import pickle
import sys
import weakref

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.terms.binders import substitute
from relgraph.terms.term import Term, toposort, transform

DEPTH = 100_000
FORMATS = ["infix", "dag", "dot", "latex", "html"]


def chain(x: Term, depth: int = DEPTH) -> Term:
    for _ in range(depth // 2):
        x = rnp.sin(x) + 1
    return x


def doubling(x: Term, times: int = 60) -> Term:
    for _ in range(times):
        x = x + x
    return x


@pytest.fixture(scope="module")
def deep() -> Term:
    return chain(rg.vector("x", "n"))


@pytest.fixture(scope="module")
def wide() -> Term:
    return doubling(rg.vector("x", "n"))


def test_the_stack_is_no_deeper_than_usual(deep: Term) -> None:
    assert sys.getrecursionlimit() <= 10_000 and len(toposort(deep)) == DEPTH + 2


def test_a_deep_chain_prints(deep: Term) -> None:
    assert len(repr(deep)) < 100 and repr(deep).startswith("sin(sin(") and "…" in repr(deep)
    for format in FORMATS:
        assert f"200 of {DEPTH + 2} nodes" in rg.show(deep, format)


@pytest.mark.parametrize("format", FORMATS)
def test_a_deep_chain_prints_in_full(format: str) -> None:
    text = rg.show(chain(rg.vector("x", "n"), 20_000), format, limit=None)
    assert 20_000 < len(text) < 300 * 20_000


def test_a_deep_chain_rebuilds_from_its_source(deep: Term) -> None:
    text = str(deep)
    assert len(text) < 60 * DEPTH and eval(text, {"rg": rg, "rnp": rnp, "np": np}) is deep


def test_a_deep_chain_pickles(deep: Term) -> None:
    assert pickle.loads(pickle.dumps(deep)) is deep


def test_a_deep_chain_is_rebuilt_and_evaluated(deep: Term) -> None:
    x, y = rg.vector("x", "n"), rg.vector("y", "n")
    assert substitute([deep], {x: y})[0] is chain(y) and transform([deep], {x: y})[0] is chain(y)
    assert deep.eval({x: np.zeros(2)}).shape == (2,) and rg.free_inputs(deep) == [x]


def test_a_deep_chain_is_freed_without_recursion() -> None:
    t = chain(rg.vector("freed", "n"))
    seen = weakref.ref(t.args[0].args[0])
    del t
    gc.collect()
    assert seen() is None


def test_many_paths(wide: Term) -> None:
    assert len(toposort(wide)) == 61 and len(repr(wide)) < 100
    for format in FORMATS:
        assert len(rg.show(wide, format, limit=None)) < 10_000
    text = str(wide)
    assert len(text) < 2_000 and eval(text, {"rg": rg, "rnp": rnp, "np": np}) is wide
    assert pickle.loads(pickle.dumps(wide)) is wide and len(pickle.dumps(wide)) < 20_000
    x, y = rg.vector("x", "n"), rg.vector("y", "n")
    assert substitute([wide], {x: y})[0] is doubling(y)
    assert wide.eval({x: np.ones(1)})[0] == 2.0 ** 60


def test_the_same_subterm_twice_is_walked_once() -> None:
    calls = []
    x = rg.scalar("x")
    t = doubling(x, 20)
    counting = rg.Op(name="counting", signature="()->()", numpy=lambda a: calls.append(1) or a)
    rnp.add(counting(t), counting(t)).eval({x: 1.0})
    assert len(calls) == 1
