"""Equal terms are one object, held weakly, made once however many threads ask; `==` is identity."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError
from relgraph.terms import term as kernel
from relgraph.terms.term import Term, attr, bound_variable, const, input_term, lvar, make, weak
from relgraph.terms.type import LamType, TupleType, Type

F64 = Type("float64", ("n",))

SAME = {
    "input": lambda: rg.vector("x", "n"),
    "constant": lambda: const([1.0, 2.0]),
    "big constant": lambda: const(np.arange(1000.0)),
    "op": lambda: rnp.exp(rg.vector("x", "n")) + 1,
    "attribute": lambda: rnp.sum(rg.matrix("X"), axis=(0, -1)),
    "axes are normalised": lambda: rnp.sum(rg.matrix("X"), axis=None),
    "logic variable": lambda: lvar("a"),
    "pattern": lambda: rnp.log(1 + lvar("a")),
    "lam": lambda: rg.lam([F64], lambda v: v * 2),
    "index": lambda: rg.matrix("X")[1:, 0],
    "weak nan": lambda: weak(float("nan")),
    "nan": lambda: const(float("nan")),
}


@pytest.mark.parametrize("name", SAME)
def test_equal_terms_are_one_object(name: str) -> None:
    assert SAME[name]() is SAME[name]()


DIFFERENT: list[tuple[Any, Any]] = [
    (const(0.0), const(-0.0)), (const(1), const(1.0)), (const(1.0), const(1.0, "float32")), (const(True), const(1)),
    (const([1.0]), const([[1.0]])), (const(np.zeros((0, 2))), const(np.zeros((2, 0)))), (weak(1), weak(1.0)),
    (weak(True), weak(1)), (weak(0.0), weak(-0.0)), (attr(1), attr(True)), (attr((1, 2)), attr((True, 2))),
    (attr("n"), attr(("n",))),
    (lvar("a"), lvar("b")), (lvar("a"), lvar("a", "literal")), (lvar("a"), lvar("a", "attr")),
    (lvar("a"), lvar("a", kinds="fc")),
    (rg.vector("x", "n"), rg.vector("x", "m")), (rg.vector("x", "n"), rg.vector("x", "n", dtype="float32")),
    (rg.scalar(), rg.scalar()), (bound_variable(1, F64), bound_variable(2, F64)),
    (rg.vector("x") - rg.vector("y"), rg.vector("y") - rg.vector("x")),
    (const(np.array([np.nan])), const(np.array([-np.nan]))),
]


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_what_differs_in_dtype_shape_bytes_or_kind_is_another_term(a: Term, b: Term) -> None:
    assert a is not b and a != b and not a == b


def test_a_constant_is_a_copy_that_nobody_can_change() -> None:
    a = np.arange(3.0)
    t = const(a)
    a[0] = 9
    assert t.data[0] == 0 and const(np.arange(3.0)) is t
    with pytest.raises(ValueError, match="read-only"):
        t.data[0] = 9


def test_a_constant_does_not_depend_on_memory_layout() -> None:
    a = np.arange(6.0).reshape(2, 3)
    assert const(np.asfortranarray(a)) is const(a) is const(a.astype(">f8"))


def test_the_table_forgets_terms_nobody_holds() -> None:
    gc.collect()
    before = len(kernel._table)
    y = rg.vector("forget me")
    for _ in range(1000):
        y = y * 2
    assert len(kernel._table) >= before + 1000
    del y
    gc.collect()
    assert len(kernel._table) <= before


def test_threads_that_build_the_same_terms_get_the_same_objects() -> None:
    start, found = threading.Barrier(8), []

    def build() -> None:
        start.wait()
        for _ in range(20):
            y = rg.vector("race", "n")
            for k in range(200):
                y = rnp.sin(y + k)
            found.append(y)

    threads = [threading.Thread(target=build) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 160 and len(set(map(id, found))) == 1


def test_terms_are_keys_by_identity() -> None:
    x, y = rg.vector("x"), rg.vector("y")
    assert {x: 1, y: 2}[x] == 1 and len({x, y, rg.vector("x")}) == 2 and hash(x) == hash(rg.vector("x"))


@pytest.mark.parametrize("other", [1, 1.0, True, 1j, np.float64(1), np.arange(3)])
def test_comparing_a_term_with_a_number_raises(other: Any) -> None:
    x = rg.vector("x")
    with pytest.raises(MisuseError, match=r"write rnp\.equal"):
        x == other
    with pytest.raises(MisuseError, match=r"write rnp\.equal"):
        x != other


def test_comparing_a_term_with_anything_else_is_false() -> None:
    x = rg.vector("x")
    assert x != "x" and x != None and x != (x,) and not x == object()  # noqa: E711


@pytest.mark.parametrize("name", SAME)
def test_pickle_and_copies_give_the_same_object(name: str) -> None:
    t = SAME[name]()
    assert pickle.loads(pickle.dumps(t)) is t and copy.copy(t) is t and copy.deepcopy(t) is t


def test_types_are_interned_and_pickle_as_themselves() -> None:
    for t in (F64, Type("bool", ()), TupleType((F64, F64)), LamType((F64, F64))):
        assert pickle.loads(pickle.dumps(t)) is t


def test_ground_says_whether_a_logic_variable_is_inside() -> None:
    x, a, axis = rg.vector("x"), lvar("a"), lvar("axis", "attr")
    assert rnp.exp(x).ground and not a.ground and not rnp.exp(x + a).ground and not rnp.sum(x, axis=axis).ground


def test_a_named_input_is_its_name_and_type() -> None:
    assert input_term("x", F64) is rg.vector("x", "n") and rg.vector("x").type.shape == ("x0",)


def test_make_does_not_coerce_and_keeps_what_it_is_given() -> None:
    x = rg.vector("x")
    y = make(rnp.add, (x, const(1.0)))
    assert y is x + 1 and y.op.name == "add" and y.args == (x, const(1.0))
