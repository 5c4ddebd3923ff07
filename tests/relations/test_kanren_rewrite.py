"""The goal of a theory: forward and backward through the given steps, open through its rules."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.relations.logic import OpenRule, eq, membero, open_rules, rewrite_goal, run, var
from relgraph.terms.elementwise import add, log, log1p
from relgraph.terms.term import Term, attr, lvar, weak

kanren: Any = importlib.import_module("kanren")  # has no types
x, y = rg.vector("x", shape="n"), rg.vector("y", shape="n")
p, c, axis = lvar("p"), lvar("c", "literal"), lvar("axis", "attr")
s = lvar("s")
q, r = var("q"), var("r")
RULES = open_rules([
    (rnp.log(1 + p), rnp.log1p(p)),
    (rnp.log(rnp.exp(p)), p),
    OpenRule(rnp.sum(c * p, axis=axis), c * rnp.sum(p, axis=axis)),
    (rnp.sqrt(p * p), p, ((lambda t: t is x, (p,)),)),
    (p + 0, p),
])


def forward(t: Term) -> Iterator[Term]:
    if t is rnp.log(1 + x):
        yield from (rnp.log1p(x), rnp.log1p(x), rnp.log(x + 1))


def backward(t: Term) -> Iterator[Term]:
    if t is rnp.log1p(x):
        yield rnp.log(1 + x)


def goal(l: Any, r: Any, **more: Any) -> Any:
    return rewrite_goal(forward, backward, RULES, l, r, **more)


def opened(l: Any, r: Any) -> Any:
    return rewrite_goal(None, None, RULES, l, r)


GOALS = [
    ("forward", q, [goal(rnp.log(1 + x), q)], (rnp.log1p(x), rnp.log(x + 1))),
    ("forward, bound before", q, [eq(r, rnp.log(1 + x)), goal(r, q)], (rnp.log1p(x), rnp.log(x + 1))),
    ("forward, a part known", q, [goal(rnp.log(1 + x), rnp.log1p(q))], (x,)),
    ("no step", q, [goal(y, q)], ()),
    ("both known", 1, [goal(rnp.log(1 + x), rnp.log1p(x))], (1,)),
    ("both known, another", 1, [goal(rnp.log(1 + x), rnp.log1p(y))], ()),
    ("both known, another spelling", 1, [goal(rnp.log(1 + x), x + y, normal=lambda t: None)], (1,)),
    ("backward", q, [goal(q, rnp.log1p(x))], (rnp.log(1 + x),)),
    ("open", q, [opened(rnp.log(1 + x), q)], (rnp.log1p(x),)),
    ("open, the other side", q, [opened(q, 2 * rnp.sum(x, axis=0))], (rnp.log(rnp.exp(2 * rnp.sum(x, axis=0))),
                                                                   rnp.sum(2 * x, axis=0), 2 * rnp.sum(x, axis=0) + 0)),
    ("open, both", (q, r), [opened(rnp.log(q), r), eq(q, 1 + x)], ((1 + x, rnp.log1p(x)),)),
    ("guard", s, [opened(rnp.sqrt(s * s), r), membero(s, (y, x))], (x,)),
    ("number in a pattern", q, [opened(x + q, x)], (weak(0),)),
]


@pytest.mark.parametrize(("answer", "goals", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GOALS])
@pytest.mark.parametrize("runner", [run, kanren.run])
def test_rewrite_goal(runner: Any, answer: Any, goals: list[Any], expected: Any) -> None:
    assert runner(0, answer, *goals) == expected


def test_every_rule_is_found_with_both_sides_open() -> None:
    found = run(0, (q, r), opened(q, r))
    assert len(found) == len(RULES.rules)
    assert {l.op.name for l, _ in found} == {"log", "sum", "sqrt", "add"}


def test_variables_of_a_rule_are_fresh_each_time() -> None:
    two, = run(0, (q, r), opened(rnp.log(1 + x), q), opened(rnp.log(1 + y), r))
    assert two == (rnp.log1p(x), rnp.log1p(y))
    assert run(0, q, opened(q, rnp.log1p(p)))[0] is rnp.log(1 + p)


def test_rules_are_indexed_by_head() -> None:
    assert len(RULES.candidates(rnp.log(q), r)) == 2
    assert len(RULES.candidates(q, rnp.log1p(x))) == 4
    assert len(RULES.candidates(rnp.log(q), rnp.log1p(x))) == 2
    assert len(RULES.candidates(rnp.exp(x), r)) == 0
    assert (RULES.rules[0].lhs.op, RULES.rules[0].rhs.op, RULES.rules[-1].lhs.op) == (log, log1p, add)
    many = open_rules([(rnp.log(p), p)] * 500 + [(rnp.exp(p), p)])
    assert len(many.candidates(rnp.exp(q), r)) == 1


def test_an_axis_is_found() -> None:
    X = rg.matrix("X", shape=(2, 3))
    assert run(0, axis, eq(rnp.sum(X, axis=axis), rnp.sum(X, axis=1))) == (attr((-1,)),)
