"""Deep and widely shared terms on the relational stack: costs are counted in calls of Python functions."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.relations import logic
from relgraph.relations.logic import run
from relgraph.terms.elementwise import log
from relgraph.terms.term import lvar

unification: Any = importlib.import_module("unification.core")  # has no types
etuplize: Any = importlib.import_module("etuples").etuplize
reify, unify, isground = unification.reify, unification.unify, unification.isground
logic.connect()
x, y = rg.vector("x", shape="n"), rg.vector("y", shape="n")
p, q, v, w = lvar("p"), lvar("q"), logic.var(), logic.var()


@cache
def chain(leaf: Any, depth: int) -> Any:
    for _ in range(depth):
        leaf = rnp.exp(leaf)
    return leaf


@cache
def doubled(leaf: Any, times: int) -> Any:
    for _ in range(times):
        leaf = leaf + leaf
    return leaf


def calls(action: Callable[[], Any]) -> tuple[Any, int]:
    """What a function returns, and how many Python functions ran for it."""
    count = 0

    def profile(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event == "call"
    sys.setprofile(profile)
    try:
        found = action()
    finally:
        sys.setprofile(None)
    return found, count


DEEP = 100_000


def test_ground_terms_cost_nothing() -> None:
    for state in ({}, {v: x}, logic.State({v: x})):
        for size in ((1, 1), (DEEP, 60)):  # the first time every dispatcher sorts its rules
            for t in (chain(x, size[0]), doubled(x, size[1])):
                other = log(t)
                for action in (lambda t=t, s=state: reify(t, s), lambda t=t, s=state: unify(w, t, s) is False,
                               lambda t=t, o=other, s=state: unify(t, o, s), lambda t=t, s=state: isground(t, s)):
                    count = calls(action)[1]
                    assert size == (1, 1) or count < 100


BUILDERS = pytest.mark.parametrize(("build", "small"), [(chain, 1000), (doubled, 60)], ids=["deep", "shared"])


@BUILDERS
@pytest.mark.parametrize("state", [dict, logic.State])
def test_open_terms_are_linear(build: Callable[..., Any], small: int, state: Callable[[], Any]) -> None:
    unify(log(p), log(x), state())
    for n in (small, 2 * small):
        pattern, t = build(p, n), build(x, n)
        s, count = calls(lambda a=pattern, b=t: unify(a, b, state()))
        assert dict(s) == {p: x}
        assert count < 40 * n
        found, count = calls(lambda a=pattern, s=s: reify(a, s))
        assert found is t
        assert count < 40 * n


@pytest.mark.parametrize("state", [dict, logic.State])
@pytest.mark.parametrize(("build", "n"), [(chain, DEEP), (doubled, 60)], ids=["deep", "shared"])
def test_open_terms_of_any_size(build: Callable[..., Any], n: int, state: Callable[[], Any]) -> None:
    pattern = build(p, n)
    s = unify(pattern, build(x, n), state())
    assert dict(s) == {p: x}
    assert reify(pattern, s) is build(x, n)
    assert unify(pattern, build(y, n), s) is False
    assert unify(p, pattern, state()) is False
    assert not isground(pattern, state())


def test_shared_unknowns_are_linear() -> None:
    """Two spellings of one graph, each with a variable a level: the variables meet, and nothing is visited twice."""
    left, right = lvar("l0"), lvar("r0")
    for k in range(200):
        left, right = left + lvar(f"l{k}"), lvar(f"r{k}") + right
    s, count = calls(lambda: unify(left + left, right + right, logic.State()))
    assert s is False or count < 100_000
    shared_l, shared_r = doubled(left, 60), doubled(left, 60)
    assert calls(lambda: unify(shared_l, shared_r, {}))[1] < 100


def test_expression_tuples_keep_sharing() -> None:
    for t in (doubled(x, 60), chain(x, DEEP)):
        e = etuplize(t)
        assert e.evaled_obj is t
    e = etuplize(doubled(x, 60))
    assert run(1, True, logic.eq(e, doubled(x, 60))) == (True,)
