"""Each defect of stock miniKanren that a user would meet: stock's answer as it is today, and the right one of our goals."""

from __future__ import annotations

import importlib
import operator
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.stable import stable
from relgraph.errors import MisuseError
from relgraph.relations.logic import (
    Relation,
    State,
    conde,
    conso,
    eq,
    fact,
    facts,
    fail,
    guardo,
    heado,
    isinstanceo,
    lall,
    lany,
    membero,
    neq,
    run,
    succeed,
    tabled,
    tailo,
    typeo,
    var,
)
from relgraph.terms.term import const, lvar

kanren: Any = importlib.import_module("kanren")  # has no types
stock: Any = importlib.import_module("kanren.constraints")
unify: Any = importlib.import_module("unification").unify
x, y, z, q = (var(n) for n in "xyzq")
v = rg.vector("v")
NUMBERS = (1, 2, 3)
X = kanren.var("in a fact")
A, B = lvar("a", kinds="fi"), lvar("b", kinds="fc")


def stock_relation(*items: Any) -> Any:
    return _filled(kanren.Relation(), items)


def our_relation(*items: Any) -> Any:
    return _filled(Relation(), items)


def _filled(relation: Any, items: tuple[Any, ...]) -> Any:
    for row in items:
        relation.add_fact(*row)
    return relation



DEFECTS: list[tuple[str, Callable[[], Any], Callable[[], Any], Any]] = [
    ("no occurs check", lambda: unify(q, (q,), {}), lambda: unify(q, (q,), State()), False),
    ("no occurs check in a run", lambda: len(tuple(kanren.eq(q, (q,))({}))), lambda: run(0, q, eq(q, (q,))), ()),
    ("constraints leak between branches",
     lambda: kanren.run(0, x, stock.neq(y, 0), kanren.conde([stock.neq(x, 1)], [stock.neq(x, 2)]), kanren.membero(x, NUMBERS)),
     lambda: run(0, x, neq(y, 0), conde([neq(x, 1)], [neq(x, 2)]), membero(x, NUMBERS)), (2, 1, 3, 3)),
    ("they do not leak out of our branches",
     lambda: kanren.run(0, x, stock.neq(y, 0), kanren.conde([stock.neq(x, 1)], [stock.neq(x, 2)]), kanren.membero(x, NUMBERS)),
     lambda: run(0, x, stock.neq(y, 0), conde([stock.neq(x, 1)], [stock.neq(x, 2)]), membero(x, NUMBERS)), (2, 1, 3, 3)),
    ("an array and a variable", lambda: kanren.run(1, q, kanren.eq(q, np.arange(3))),
     lambda: run(1, True, eq(q, np.arange(3)), eq(q, np.arange(3))), (True,)),
    ("1 is True", lambda: kanren.run(1, q, kanren.eq(q, 1), kanren.eq(q, True)), lambda: run(1, q, eq(q, 1), eq(q, True)), ()),
    ("1 is 1.0", lambda: kanren.run(1, q, kanren.eq((q, q), (1, 1.0))), lambda: run(1, q, eq((q, q), (1, 1.0))), ()),
    ("0.0 is -0.0", lambda: kanren.run(1, q, kanren.eq((q, q), (0.0, -0.0))), lambda: run(1, q, eq((q, q), (0.0, -0.0))), ()),
    ("NaN is not NaN", lambda: kanren.run(1, 1, kanren.eq((float("nan"),), (float("nan"),))),
     lambda: run(1, 1, eq((float("nan"),), (float("nan"),))), (1,)),
    ("neq of compound objects", lambda: kanren.run(0, 1, stock.neq((x, y), (1, 2)), kanren.eq(x, 1), kanren.eq(y, 3)),
     lambda: run(0, 1, neq((x, y), (1, 2)), eq(x, 1), eq(y, 3)), (1,)),
    ("a relation drops constraints", lambda: kanren.run(0, 1, stock.neq(y, 1), stock_relation((2,))(x), kanren.eq(y, 1)),
     lambda: run(0, 1, neq(y, 1), our_relation((2,))(x), eq(y, 1)), ()),
    ("a relation misses facts", lambda: len(kanren.run(0, 1, stock_relation(("a", 1), (X, 1))("a", 1))),
     lambda: len(run(0, 1, our_relation(("a", 1), (X, 1))("a", 1))), 2),
    ("a relation shares variables", lambda: _twice(kanren.run, stock_relation((X, 1))),
     lambda: _twice(run, our_relation((X, 1))), (1,)),
    ("no goal at all holds", lambda: kanren.run(0, 1, kanren.lany()), lambda: run(0, 1, lany()), ()),
    ("a long conjunction", lambda: kanren.run(1, q, *[kanren.eq(q, 1)] * 5000), lambda: run(1, q, *[eq(q, 1)] * 5000), (1,)),
    ("a long conjunction of stock goals", lambda: kanren.run(1, q, *[kanren.eq(q, 1)] * 5000),
     lambda: run(1, q, *[kanren.eq(q, 1)] * 5000), (1,)),
    ("two exact types", lambda: kanren.run(0, 1, stock.typeo(x, int), stock.typeo(x, int), kanren.eq(x, 1)),
     lambda: run(0, 1, typeo(x, int), typeo(x, int), eq(x, 1)), (1,)),
    ("instance of two types", lambda: kanren.run(0, 1, stock.isinstanceo(x, int), stock.isinstanceo(x, str), kanren.eq(x, 1)),
     lambda: run(0, 1, isinstanceo(x, int), isinstanceo(x, str), eq(x, 1)), ()),
    ("members of a long list", lambda: kanren.run(0, q, kanren.membero(q, tuple(range(2000))))[-1],
     lambda: run(0, q, membero(q, tuple(range(2000))))[-1], 1999),
]


def _twice(runner: Any, relation: Any) -> Any:
    return runner(0, 1, relation("c", 1), relation("d", 1))


@pytest.mark.parametrize(("stock_", "ours", "right"), [pytest.param(*case[1:], id=case[0]) for case in DEFECTS])
def test_defect(stock_: Callable[[], Any], ours: Callable[[], Any], right: Any) -> None:
    assert ours() == right
    try:
        found = stock_()
    except (RecursionError, ValueError):
        return
    if found == right:
        pytest.skip("this release of kanren has it right")


def test_stock_scans_all_facts_where_ours_look_one_up() -> None:
    relation = our_relation(*((f"k{i}", i) for i in range(1000)), (X, -1))
    assert [len(relation._candidates(args)) for args in (("k7", x), ("missing", x), (x, 5), (x, y))] == [2, 1, 1, 1001]
    assert run(0, q, relation("k7", q)) == (7, -1)


EDGES = ("ab", "bc", "ca", "cd")


def test_left_recursion_ends_when_tabled() -> None:
    edge = our_relation(*map(tuple, EDGES))

    @tabled
    def path(a: Any, b: Any) -> Any:
        c = var()
        return conde([path(a, c), edge(c, b)], [edge(a, b)])

    @tabled
    def odd(a: Any, b: Any) -> Any:
        c = var()
        return conde([edge(a, b)], [even(a, c), edge(c, b)])

    @tabled
    def even(a: Any, b: Any) -> Any:
        c = var()
        return conde([odd(a, c), edge(c, b)])

    assert run(0, q, path("a", q)) == ("b", "c", "a", "d")
    assert run(0, q, path("d", q)) == ()
    assert run(1, q, path("a", q)) == ("b",)
    assert set(run(0, (x, y), path(x, y))) == {(a, b) for a in "abc" for b in "abcd"}
    assert set(run(0, q, even("a", q))) == set(run(0, q, odd("a", q))) == set("abcd")
    assert set(run(0, (x, y), path("a", x), path(x, y), neq(x, "a"), neq(y, "d"))) == {(a, b) for a in "bc" for b in "abc"}


def test_tabled_answers_keep_variables_and_constraints() -> None:
    is_small = NUMBERS[:2].__contains__

    @tabled
    def small(a: Any) -> Any:
        return conde([guardo(is_small, a)], [small(a), fail], [typeo(a, str), neq(a, "x")])

    assert run(0, q, small(q), membero(q, (1, 5, "x", "y"))) == (1, "y")


GOALS: list[tuple[str, Any, list[Any], Any]] = [
    ("succeed", 1, [succeed], (1,)),
    ("fail", 1, [fail], ()),
    ("nothing to do", 1, [lall()], (1,)),
    ("lists of goals", x, [lall([eq(x, 1), lany(iter([eq(x, 1), eq(x, 2)]))])], (1,)),
    ("branches made when needed", x, [conde(iter([[eq(x, 1)], [eq(x, 2)]]))], (1, 2)),
    ("many branches", x, [conde(*[[fail]] * 2000, [eq(x, 1)])], (1,)),
    ("pairs", (x, y), [conso(x, y, (1, 2))], ((1, (2,)),)),
    ("head and tail", (x, y), [heado(x, [1, 2]), tailo(y, [1, 2])], ((1, [2]),)),
    ("product", (x, y), [membero(x, (1, 2)), membero(y, "no list")], ()),
    ("stock's order", (x, y), [membero(x, (1, 2)), membero(y, (3, 4))], kanren.run(
        0, (x, y), kanren.membero(x, (1, 2)), kanren.membero(y, (3, 4)))),
    ("guard", (x, y), [guardo(operator.lt, x, y), membero(x, NUMBERS), membero(y, (2, 3))], ((1, 2), (2, 3), (1, 3))),
    ("guard on terms", x, [guardo(lambda t: t.type.ndim == 0, x), membero(x, (v, rnp.sum(v)))], (rnp.sum(v),)),
    ("guard in a branch", x, [membero(x, NUMBERS), conde([guardo(operator.gt, y, x), eq(y, 3)], [eq(y, 1)])], (1, 2, 3, 1, 2)),
    ("neq of terms", x, [neq(rnp.log(x), rnp.log(v)), membero(x, (v, 2 * v))], (2 * v,)),
    ("neq and aliases", 1, [neq(x, y), eq(y, z), eq(x, z)], ()),
    ("neq and aliases, turned", 1, [neq(x, y), eq(z, x), eq(y, z)], ()),
    ("neq of what meets", 1, [neq(A, B), eq(B, A)], ()),
    ("types exclude", 1, [typeo(x, int), typeo(x, str)], ()),
    ("type and class exclude", 1, [isinstanceo(x, str), typeo(x, int)], ()),
    ("classes do not", x, [isinstanceo(x, (int, str)), isinstanceo(x, object), membero(x, (1, 1.0, "a"))], (1, "a")),
    ("type unknown", y, [typeo(x, y), eq(x, 1), membero(y, (str, int))], (int,)),
    ("type of a pair", 1, [conso(1, x, y), typeo(y, list), eq(x, [2])], (1,)),
    ("literal", lvar("c", "literal"), [membero(lvar("c", "literal"), (v, const(2.0)))], (const(2.0),)),
]


@pytest.mark.parametrize(("answer", "goals", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GOALS])
def test_goal(answer: Any, goals: list[Any], expected: Any) -> None:
    found = run(0, answer, *goals)
    assert list(map(repr, found)) == list(map(repr, expected))
    assert list(map(repr, kanren.run(0, answer, *goals))) == list(map(repr, expected))


def test_run_counts() -> None:
    assert run(2, q, membero(q, NUMBERS)) == (1, 2)
    assert next(run(None, q, membero(q, NUMBERS))) == 1
    assert run(0, q, membero(q, (1, 1, 2)), results_filter=dict.fromkeys) == (1, 2)
    assert len(run(3, q, membero(1, q))) == 3


@pytest.mark.parametrize(("ask", "said"), [
    (lambda: run(-1, var(), succeed), r"run: the number of answers is -1 of type int; write run\(3, q, goal\)"),
    (lambda: run(cast(Any, "a"), var(), succeed), "the number of answers is 'a' of type str"),
    (lambda: run(True, var(), succeed), "the number of answers is True of type bool"),
    (lambda: run(0, var(), 3), r"goal: 3 of type int is no goal; write eq\(q, x\)"),
    (lambda: run(0, var(), rg.scalar("a")), "of type Term is no goal"),
    (lambda: run(0, var(), succeed, conde([succeed], [None])), "goal: None of type NoneType is no goal"),
    (lambda: run(0, var(), stable), r"goal: Theory\(stable: .* a relation of two terms; write stable\(l, r\), as in"),
    (lambda: run(0, var(), stable["softplus"]), r"goal: the relation softplus by itself .*write theory\(softplus\)\(l, r\)"),
    (lambda: stable(rg.scalar("a")), r"stable: a theory is a relation of two terms, a .*; write stable\(l, r\), as in run"),
    (lambda: conde(eq(var(), 1), eq(var(), 2)), r"conde: the branch eq\(.*v=1\) is no list of goals; write conde\(\[eq\(q, 1"),
    (lambda: conde(stable, stable), r"conde: the branch Theory\(stable"),
])
def test_what_is_no_question(ask: Callable[[], Any], said: str) -> None:
    with pytest.raises(MisuseError, match=said):
        ask()


def test_goals_are_not_used_up() -> None:
    goal = conde(iter([[eq(q, 1)], [eq(q, 2)]]))
    assert run(0, q, goal) == run(0, q, goal) == (1, 2)


def test_facts() -> None:
    parent = Relation("parent")
    facts(parent, ("Homer", "Bart"), ("Homer", "Lisa"), ("Abe", "Homer"), ("Homer", "Bart"))
    fact(parent, "Homer", np.arange(2))
    assert repr(parent) == "Relation(parent, 4 facts)"
    assert run(2, q, parent("Homer", q)) == ("Bart", "Lisa")
    assert run(0, x, parent(x, y), parent(y, "Lisa")) == ("Abe",)
    assert run(0, 1, parent("Homer", np.arange(2))) == (1,)
    assert run(0, 1, parent("Homer")) == ()
    kinds = our_relation((1, "int"), (True, "bool"), (1.0, "float"), (v, "term"), (const(1.0), "const"))
    assert [run(0, q, kinds(k, q)) for k in (1, True, 1.0, v, const(1.0))] == [
        ("int",), ("bool",), ("float",), ("term",), ("const",)]


SCRIPT = """
import relgraph as rg, relgraph.numpy as rnp
from relgraph.relations.logic import *
from relgraph.terms.term import lvar
q, r = var("q"), var("r")
x, y = rg.vector("x", shape="n"), rg.vector("y", shape="n")
R = Relation()
facts(R, *[(name, len(name)) for name in ("one", "two", "three", "four", "five", "six")])
print(run(0, (q, r), R(q, r)), run(0, q, R(q, 4)))
print(run(0, q, membero(q, x + y), neq(q, x)))
print(run(0, (q, r), conde([membero(q, ("a", "b")), neq(q, r)], [eq(q, r)], [guardo(str.isupper, q)]), membero(r, ("a", "B")),
      membero(q, ("a", "B", "c"))))
p = lvar("p")
rules = [(rnp.log(rnp.exp(p)), p), (rnp.log(p * r), rnp.log(p) + rnp.log(r)), (p + p, 2 * p)]
print(run(0, q, rewrite_goal(None, None, rules, q, rnp.log(x))), run(0, q, rewrite_goal(None, None, rules, rnp.log(q), r)))
"""


def test_answers_do_not_depend_on_the_hash_seed() -> None:
    found = {subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                            capture_output=True, text=True).stdout for seed in ("0", "1", "4711")}
    assert len(found) == 1
    assert "one" in found.pop()
