"""Terms are citizens of stock miniKanren, unification, etuples and cons, in time linear in their distinct nodes."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.relations import logic
from relgraph.relations.logic import Args, rename_apart, run
from relgraph.terms.binders import lam
from relgraph.terms.elementwise import add, exp, log
from relgraph.terms.term import attr, const, lvar, weak
from relgraph.terms.type import Type

kanren: Any = importlib.import_module("kanren")  # has no types, as the others
unification: Any = importlib.import_module("unification.core")
etuples: Any = importlib.import_module("etuples")
cons: Any = importlib.import_module("cons")
graph: Any = importlib.import_module("kanren.graph")
applyo: Any = importlib.import_module("kanren.term").applyo
eq_comm: Any = importlib.import_module("kanren.assoccomm").eq_comm
reify, unify, isground, unground_lvars = unification.reify, unification.unify, unification.isground, unification.unground_lvars
etuple, etuplize, reduceo, walko = etuples.etuple, etuples.etuplize, graph.reduceo, graph.walko
logic.connect()
x, y, X = rg.vector("x", shape="n"), rg.vector("y", shape="n"), rg.matrix("X", shape=(3, 4))
i = rg.vector("i", dtype="int64")
p, q, c, axis = lvar("p"), lvar("q"), lvar("c", "literal"), lvar("axis", "attr")
wide = lvar("wide", kinds="biufc")
v, w = kanren.var(), kanren.var()
FLOATS = Type("float64", ("n",))


# -- unification ------------------------------------------------------------------------------------------------------------

FAILS = object()
UNIFY = [
    ("same term", x + y, x + y, {}),
    ("other operand", x + y, x + x, FAILS),
    ("other op", x + y, x * y, FAILS),
    ("variable in a term", log(1 + p), log(1 + x), {p: x}),
    ("variable twice", p + p, x + x, {p: x}),
    ("variable twice, not equal", p + p, x + y, FAILS),
    ("variables on both sides", p + x, y + q, {p: y, q: x}),
    ("kanren variable as operand", log(v), log(x), {v: x}),
    ("kanren variable is one variable", (v, log(v)), (x, log(x)), {v: x}),
    ("attribute", rnp.sum(p, axis=axis), rnp.sum(X, axis=0), {p: X, axis: attr((-2,))}),
    ("kanren variable as attribute", rnp.sum(X, axis=v), rnp.sum(X, axis=0), {v: attr((-2,))}),
    ("attribute sort", axis, x, FAILS),
    ("kanren variable cannot be both", (v, rnp.sum(X, axis=v)), (x, rnp.sum(X, axis=0)), FAILS),
    ("an attribute is no array", p, attr((-1,)), FAILS),
    ("literal", c, const(2.0), {c: const(2.0)}),
    ("literal sort", c, x, FAILS),
    ("kinds", p, i, FAILS),
    ("declared wider", wide, i, {wide: i}),
    ("narrower of two", p, wide, {wide: p}),
    ("narrower of two, turned", wide, p, {wide: p}),
    ("sort of two", p, c, {p: c}),
    ("attribute and term", p, axis, FAILS),
    ("occurs", p, log(p), FAILS),
    ("occurs, kanren's", v, log(v), FAILS),
    ("occurs through two", (p, q), (log(q), log(p)), FAILS),
    ("occurs in a tuple", p, (1, p), FAILS),
    ("number", x, 1.0, FAILS),
    ("number of a constant", const(1.0), 1.0, FAILS),
    ("array", x, np.ones(2), FAILS),
    ("bound, then a number", (v, v), (x, 1.0), FAILS),
    ("pattern number", p + 1, x + 1, {p: x}),
    ("pattern number, float32", 0.1 * p, 0.1 * rg.vector("s", dtype="float32"), {p: rg.vector("s", dtype="float32")}),
    ("pattern number, uniform array", weak(2), const(np.full(3, 2, "int8")), {}),
    ("pattern number, another", weak(2), const(3.0), FAILS),
    ("pattern number, not exact", weak(0.5), const(0), FAILS),
    ("pattern number, zero of the other sign", weak(0), const(-0.0), FAILS),
    ("pattern number, complex", weak(1j), const(1.0), FAILS),
    ("pattern number, too large", weak(300), const(44, "uint8"), FAILS),
    ("expression tuple", etuple(log, etuple(add, const(1.0), x)), log(const(1.0) + x), {}),
    ("op variable", etuple(v, x), log(x), {v: log}),
    ("no leaf", etuple(v), x, FAILS),
    ("pair", cons.cons(v, w), log(x), {v: log, w: Args([x])}),
    ("no pair", cons.cons(v, w), x, FAILS),
    ("lam", lam([FLOATS], lambda a: a + p), lam([FLOATS], lambda a: a + y), {p: y}),
    ("lam, captured", lam([FLOATS], lambda a: a + p), lam([FLOATS], lambda a: a + a), FAILS),
]


@pytest.mark.parametrize(("u", "t", "expected"), [pytest.param(*case[1:], id=case[0]) for case in UNIFY])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("state", [dict, logic.State])
def test_unify(u: Any, t: Any, expected: Any, turned: bool, state: Callable[[], Any]) -> None:
    found = unify(t, u, state()) if turned else unify(u, t, state())
    if expected is FAILS:
        assert found is False
    else:
        assert dict(found) == expected
        assert unify(reify(u, found), reify(t, found), {}) is not False


REIFY = [
    ("ground", x + y, {}, x + y),
    ("pattern number takes the dtype", 1 + p, {p: rg.scalar("s", dtype="float32")}, 1 + rg.scalar("s", dtype="float32")),
    ("through variables", log(p), {p: q, q: x}, log(x)),
    ("through kanren's", log(v), {v: w, w: x}, log(x)),
    ("a kanren variable stays itself", log(v), {w: x}, log(v)),
    ("number", log(p), {p: 2.0}, log(2.0)),
    ("number of a kanren variable", x + v, {v: 2}, x + 2),
    ("attribute", rnp.sum(p, axis=axis), {p: X, axis: attr((-1,))}, rnp.sum(X, axis=1)),
    ("inside a lam", lam([FLOATS], lambda a: a + p), {p: y}, lam([FLOATS], lambda a: a + y)),
    ("a lam inside a lam", lam([FLOATS], lambda a: a + p), {p: y}, lam([FLOATS], lambda a: a + y)),
    ("what cannot be a term", rnp.matmul(p, q), {p: X, q: X}, etuple(rnp.matmul(p, q).op, X, X)),
    ("nor what contains it", log(p), {p: "text"}, etuple(log, "text")),
    ("in a tuple", (p, [q]), {p: x, q: y}, (x, [y])),
]


@pytest.mark.parametrize(("t", "s", "expected"), [pytest.param(*case[1:], id=case[0]) for case in REIFY])
@pytest.mark.parametrize("state", [dict, logic.State])
def test_reify(t: Any, s: dict[Any, Any], expected: Any, state: Callable[[Any], Any]) -> None:
    assert reify(t, state(s)) == expected


def test_groundness_is_seen_through_dispatch() -> None:
    assert isground(x + y, {})
    assert not isground(log(1 + p), {})
    assert isground(log(1 + p), {p: x})
    assert unground_lvars((log(1 + p), axis), {}) == {p, axis}
    assert kanren.isvar(p)
    assert not kanren.isvar(x)


def test_a_kanren_variable_is_one_operand() -> None:
    assert log(v) is log(v)
    assert log(v) is not log(w)
    assert (x + v).args[1] is log(v).args[0]
    assert (v + x).args[0] is log(v).args[0]


# -- stock goals ------------------------------------------------------------------------------------------------------------

def log_exp(l: Any, r: Any) -> Any:
    a = kanren.var()
    return kanren.lall(kanren.eq(l, log(exp(a))), kanren.eq(r, a))


redex = y + log(exp(x))
GOALS = [
    ("eq", v, kanren.eq(log(v), log(1 + x)), (1 + x,)),
    ("membero", v, kanren.membero(v, log(x)), (log, x)),
    ("conso", v, kanren.conso(add, Args([x, y]), v), (x + y,)),
    ("conso, apart", (v, w), kanren.conso(v, w, x + y), ((add, Args([x, y])),)),
    ("conso, leaf", (v, w), kanren.conso(v, w, x), ()),
    ("applyo", v, applyo(add, (x, y), v), (x + y,)),
    ("applyo, apart", (v, w), applyo(v, w, x + y), ((add, Args([x, y])),)),
    ("applyo, ill-typed", v, applyo(rnp.matmul(X, X.T).op, (X, X), v), ()),
    ("walko", v, walko(log_exp, redex, v, rator_goal=kanren.eq), (y + x,)),
    ("walko, operators too", v, walko(log_exp, redex, v), (y + x,)),
    ("reduceo", v, reduceo(log_exp, log(exp(log(exp(x)))), v), (x, log(exp(x)))),
    ("reduceo walko", v, reduceo(partial(walko, log_exp, rator_goal=kanren.eq), log(redex), v), (log(y + x),)),
]


@pytest.mark.parametrize(("answer", "goal", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GOALS])
@pytest.mark.parametrize("runner", [kanren.run, run])
def test_stock_goals_on_terms(runner: Any, answer: Any, goal: Any, expected: Any) -> None:
    assert runner(0, answer, goal) == expected


def test_commutative_goal() -> None:
    commutative = kanren.Relation()
    kanren.fact(commutative, add)
    assert set(run(0, v, eq_comm(x + y, v, op_predicate=commutative))) == {x + y, y + x}


def test_numpy_meaning_stays() -> None:
    assert len(X) == 3
    assert [t.type.shape for t in X] == [(4,)] * 3
    assert not isinstance(X, cons.core.ConsPair)
    assert cons.cons(1, X) == cons.cons(1, X)


# -- expression tuples --------------------------------------------------------------------------------------------------------

ETUPLES = [log(1 + x), x + y, rnp.sum(X, axis=0), log(p), lam([FLOATS], lambda a: a + y), rnp.where(x > 0, x, y)]


@pytest.mark.parametrize("t", ETUPLES, ids=lambda t: t.op.name)
@pytest.mark.parametrize("shallow", [False, True])
def test_etuplize_and_back(t: Any, shallow: bool) -> None:
    e = etuplize(t, shallow=shallow)
    assert e.evaled_obj is t
    assert next(iter(e)) is t.op
    assert type(e)(tuple(e)).evaled_obj is t
    assert unify(e, t, {}) == {}
    assert unify(t, e, logic.State()) == {}


def test_etuplize_a_leaf() -> None:
    assert etuplize(x, return_bad_args=True) is x
    with pytest.raises(TypeError, match="leaf"):
        etuplize(x)


def test_rename_apart() -> None:
    a, b = rename_apart((log(p) + c, (p, axis, v)))
    assert a is log(b[0]) + a.args[1]
    assert (b[0].sort, a.args[1].sort, b[1].sort) == ("term", "literal", "attr")
    assert not {p, c, axis, v} & {*b, a.args[1]}
    assert rename_apart(x + y) is x + y


# -- importing ---------------------------------------------------------------------------------------------------------------

def test_kanren_is_imported_on_first_use() -> None:
    script = """
import sys, relgraph, relgraph.relations.logic as logic
heavy = {"kanren", "unification", "etuples", "cons"}
assert not heavy & set(sys.modules)
logic.run
assert heavy <= set(sys.modules)
"""
    subprocess.run([sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", script], check=True)


def test_registering_changes_nothing_else() -> None:
    """Dispatch on other objects is stock's, and no registration is ambiguous."""
    assert unify(1, True, {}) == {}
    assert unify((v, 2), (1, w), {}) == {v: 1, w: 2}
    assert unify([v], (1,), {}) is False
    assert reify((v, [w]), {v: 1, w: (v,)}) == (1, [(1,)])
    assert kanren.run(0, v, kanren.membero(v, (1, 2))) == (1, 2)
