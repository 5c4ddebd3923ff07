"""`rg.function` as a user meets it, over 300 lines because every table runs with every linker."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import stable
from relgraph.errors import LinkError, MisuseError
from relgraph.linkers import NAMES
from relgraph.relations import lvars, theory
from relgraph.strategies import identity, normalize
from relgraph.terms.term import toposort

x = rg.vector("x", "n")
y = rg.vector("y", "n")
X = rg.matrix("X", ("n", "m"))
s = rg.scalar("s")
ONE, TWO = np.arange(3.0), np.array([1.0, -1.0, 4.0])
Pair = namedtuple("Pair", "left right")

# -- outputs ------------------------------------------------------------------------------------------------------------

twice = rnp.exp(x)
NESTS: dict[str, tuple[Any, Any]] = {
    "one": (x + y, ONE + TWO),
    "list": ([x + y, x - y], [ONE + TWO, ONE - TWO]),
    "list of one": ([x * y], [ONE * TWO]),
    "tuple": ((x, y * 2), (ONE, TWO * 2)),
    "dict": ({"b": x + 1, "a": y + 1}, {"b": ONE + 1, "a": TWO + 1}),
    "named tuple": (Pair(x + y, s), Pair(ONE + TWO, 2.0)),
    "deep": ({"a": [x, (y, {"b": s})], "c": []}, {"a": [ONE, (TWO, {"b": 2.0})], "c": []}),
    "empty list": ([], []),
    "empty dict": ({}, {}),
    "the same term twice": ([twice, twice], [np.exp(ONE), np.exp(ONE)]),
    "an input": (x, ONE),
    "inputs": ([x, x, y], [ONE, ONE, TWO]),
    "views": ([x[::-1], x[1:], x[None]], [ONE[::-1], ONE[1:], ONE[None]]),
    "a constant": (rnp.asarray(np.arange(4)), np.arange(4)),
    "an array": ([np.arange(4), 2.5, True], [np.arange(4), 2.5, True]),
    "a size": (rnp.ones(x.shape), np.ones(3)),
}


def leaves(nest: Any) -> list[Any]:
    if isinstance(nest, dict):
        return [v for k in nest for v in leaves(nest[k])]
    return [v for part in nest for v in leaves(part)] if isinstance(nest, (list, tuple)) else [nest]


def shape_of(nest: Any) -> Any:
    if isinstance(nest, dict):
        return {k: shape_of(v) for k, v in nest.items()}
    return (type(nest), [shape_of(v) for v in nest]) if isinstance(nest, (list, tuple)) else None


@pytest.mark.parametrize("linker", NAMES)
def test_outputs_come_in_the_nest_they_were_given_in(linker: str) -> None:
    for name, (outputs, wanted) in NESTS.items():
        f = rg.function([x, y, s], outputs, linker=linker)
        found = f(ONE, TWO, 2.0)
        assert shape_of(found) == shape_of(wanted), name
        assert list(found) == list(wanted) if isinstance(wanted, dict) else True
        for a, b in zip(leaves(found), leaves(wanted), strict=True):
            assert type(a) is np.ndarray and a.dtype == np.asarray(b).dtype and a.shape == np.shape(b), name
            np.testing.assert_allclose(a, b, rtol=1e-14)
        assert shape_of(f.term) == shape_of(outputs)


@pytest.mark.parametrize("linker", NAMES)
def test_arguments_are_not_changed_and_results_alias_nothing(linker: str) -> None:
    for name, (outputs, _) in NESTS.items():
        given = [ONE.copy(), TWO.copy(), np.array(2.0)]
        f = rg.function([x, y, s], outputs, linker=linker)
        found = leaves(f(*given))
        for a, before in zip(given, [ONE, TWO, np.array(2.0)], strict=True):
            assert (a == before).all(), name
        for i, a in enumerate(found):
            assert a.flags.writeable or linker == "jax", name
            assert not any(np.shares_memory(a, b) for b in [*given, *found[:i], *leaves(f(*given))]), name
        for a in found:
            if a.flags.writeable:
                a[...] = 0
        for a, b in zip(leaves(f(*given)), leaves(NESTS[name][1]), strict=True):  # what was captured has not changed either
            np.testing.assert_allclose(a, b, rtol=1e-14)


# -- what a function knows about itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("linker", NAMES)
def test_a_function_tells_how_it_was_made(linker: str) -> None:
    f = rg.function([x], {"y": rnp.log(1 + rnp.exp(x))}, linker=linker)
    assert f.term["y"] is rnp.softplus(x) and f.normal["y"] is f.term["y"]
    assert f.linker == linker and f.inputs == (x,)
    assert "log" in str(f.derivation) and f.derivation.end is rnp.softplus(x)
    assert (f.program is None) == (linker in ("numpy", "jax"))
    assert (f.source is None) == (linker == "numpy")
    assert linker in f.explain() and str(f.derivation) in f.explain()
    assert repr(f) == f"<function (x: float64[n]) -> softplus(x), linker {linker}>"


def test_the_strategy_is_chosen() -> None:
    u, = lvars("u")
    swap = theory(swap=(rnp.exp(u), rnp.sin(u)), name="swap")
    term = rnp.log(1 + rnp.exp(x))
    for strategy, wanted in [
        (None, rnp.softplus(x)),
        (identity, term),
        (stable, rnp.softplus(x)),
        (swap, rnp.log1p(rnp.sin(x))),
        (normalize(swap), None),
    ]:
        f = rg.function([x], term, rewrite=strategy, linker="numpy")
        assert wanted is None or f.term is wanted or str(f.term).count("sin") == 1, strategy


def test_debug_names_the_first_nan() -> None:
    f = rg.function([x], rnp.sqrt(rnp.log(x)) + 1)
    d = f.debug([1.0, 0.5])
    line = sys._getframe().f_lineno - 2
    assert d.first_nan is rnp.sqrt(rnp.log(x)) and d.first_inf is None
    assert f"first NaN: sqrt(log(x))  [test_function.py:{line}]" in str(d)
    np.testing.assert_array_equal(d[rnp.log(x)], np.log([1.0, 0.5]))
    assert f.debug([0.0]).first_inf is rnp.log(x) and f.debug(x=[1.0]).first_nan is None
    assert [t for t in toposort(f.start) if t.args and t not in d.values] == []


# -- pickling, copying, threads -------------------------------------------------------------------------------------------

(u,) = lvars("u")
CUSTOM = theory(swap=(rnp.exp(u), rnp.sin(u)), name="custom")


@pytest.mark.parametrize("linker", NAMES)
@pytest.mark.parametrize(
    "way", [lambda f: pickle.loads(pickle.dumps(f)), copy.copy, copy.deepcopy], ids=["pickle", "copy", "deep"]
)
def test_copies_compute_the_same(linker: str, way: Callable[[Any], Any]) -> None:
    for rewrite in (None, identity, CUSTOM):
        f = rg.function([x, s], {"a": [rnp.exp(x) * s, x], "b": rnp.sum(rnp.log(1 + x))}, linker=linker, rewrite=rewrite)
        g = way(f)
        assert g.linker == f.linker and g.end is f.end and g.start is f.start and repr(g) == repr(f)
        for a, b in zip(leaves(g(ONE, 2.0)), leaves(f(ONE, 2.0)), strict=True):
            np.testing.assert_array_equal(a, b)
        assert g.derivation.end is f.end and shape_of(g.term) == shape_of(f.term)


def test_a_pickled_function_runs_in_another_process() -> None:
    f = rg.function([x], [rnp.log(1 + rnp.exp(x)), rnp.exp(x)], rewrite=CUSTOM)
    code = (
        "import pickle, sys; f = pickle.loads(sys.stdin.buffer.read());"
        "print(f.linker, f([0.0, 1.0])[1].tolist(), f.derivation.end is f.end)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(f), capture_output=True, check=True)
    assert done.stdout.decode().split(maxsplit=1) == [f.linker, f"{np.sin([0.0, 1.0]).tolist()} True\n"]


@pytest.mark.parametrize("linker", NAMES)
def test_threads_share_a_function(linker: str) -> None:
    f = rg.function([x], [rnp.exp(x) + rnp.sum(x), x[::-1]], linker=linker)
    wrong: list[Any] = []

    def work(k: int) -> None:
        for i in range(50):
            v = np.full(1 + (k * 7 + i) % 40, float(k))
            a, b = f(v)
            if not (np.allclose(a, np.exp(v) + v.sum()) and (b == v).all()):
                wrong.append((k, i))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []


def test_the_interpreter_runs_while_a_kernel_runs() -> None:
    """Another thread counts on while C computes: without the lock released it would stand still."""
    f = rg.function([x], rnp.sum(rnp.sin(x) ** 7.5), linker="c")
    v = np.linspace(0.0, 1.0, 3_000_000)
    f(v[:10])
    counted, inside = [0], threading.Event()

    def count() -> None:
        while not inside.is_set():
            counted[0] += 1
            time.sleep(0)

    other = threading.Thread(target=count)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000.0)  # nobody is made to hand the lock over: who computes must let go of it
    try:
        other.start()
        time.sleep(0.01)
        before = counted[0]
        f(v)
        after = counted[0]
    finally:
        inside.set()
        sys.setswitchinterval(interval)
        other.join()
    assert after > before


# -- errors ---------------------------------------------------------------------------------------------------------------

any_x: Any = x  # what is tested is what the type checker would refuse
nothing: Any = None
names: Any = ["x"]
ODD = rg.Op(name="odd", kind="elementwise")
ODDER = rg.Op(name="odder", kind="elementwise")
ERRORS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a single term": (
        lambda: rg.function(any_x, x + 1),
        MisuseError,
        r"inputs is the single term x; write function\(\[x\], \.\.\.\)",
    ),
    "None": (lambda: rg.function(nothing, x), MisuseError, r"inputs is None.*write function\(\[x, y\], \.\.\.\)"),
    "a term": (
        lambda: rg.function([x + 1], x),
        MisuseError,
        r"add\(x, 1\.0\), a term of op add, is no input; write rg\.scalar",
    ),
    "an assumed input": (
        lambda: rg.function([rg.assume(rg.assume(x, positive=True), at_most=2)], x),
        MisuseError,
        r"is a term about the input x: float64\[n\] made at \w+\.py:\d+, with positive=True, at_most=2 assumed of it; keep "
        r"that input and pass it, as in v = rg\.vector\('x'\); p = rg\.assume\(v, positive=True, at_most=2\); rg",
    ),
    "a name": (lambda: rg.function(names, x), MisuseError, "the input 'x' is no input"),
    "twice": (lambda: rg.function([x, x], x), MisuseError, r"two inputs are called 'x': x: float64\[n\] made at \w+\.py"),
    "one name": (
        lambda: rg.function([x, rg.scalar("x")], x),
        MisuseError,
        r"two inputs are called 'x': x: float64\[n\] made at \w+\.py:\d+ and x: float64 made at \w+",
    ),
    "missing": (
        lambda: rg.function([x], x + y),
        MisuseError,
        r"depends on y: float64\[n\] made at \w+\.py:\d+, "
        "which is not among the inputs x; add it to the inputs",
    ),
    "another type": (
        lambda: rg.function([rg.scalar("x")], x),
        MisuseError,
        r"the input given under this name is x: float64 made",
    ),
    "no output": (lambda: rg.function([x], None), MisuseError, "the output None is no term"),
    "an output that is none": (lambda: rg.function([x], [x, "x"]), MisuseError, "the output 'x' is no term"),
    "a pattern": (lambda: rg.function([x], rnp.exp(u)), MisuseError, "contains logic variables"),
    "a size": (lambda: rg.function([rg.vector("k", x.shape[0] + 1)], 1), MisuseError, "no input has an axis 'n', which k"),
    "a free size": (
        lambda: rg.function([x], rnp.zeros("k")),
        MisuseError,
        r"no input has an axis 'k'.*write rg\.vector\(name, 'k'\)",
    ),
    "linker": (
        lambda: rg.function([x], x, linker="C"),
        LinkError,
        "there is no 'C'; choose one of 'c', 'numba', 'jax', 'numpy'",
    ),
    "strategy": (lambda: rg.function([x], x, rewrite="stable"), MisuseError, "'stable' is neither a strategy nor a theory"),
    **{
        f"lowering {linker}": (
            lambda linker=linker: rg.function([x], ODD(x) + ODDER(x), linker=linker),
            LinkError,
            rf"{linker}: no lowering for odd.*odder",
        )
        for linker in NAMES
    },
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_say_what_to_write(case: str) -> None:
    do, error, message = ERRORS[case]
    with pytest.raises(error, match=f"(?s){message}"):
        do()


# -- size -----------------------------------------------------------------------------------------------------------------


def chain(depth: int) -> rg.Term:
    t = x
    for _ in range(depth // 2):
        t = rnp.sin(t) + 1
    return t


@pytest.mark.long
@pytest.mark.parametrize("linker", ["numpy", "c"])
def test_a_deep_chain_is_compiled(linker: str) -> None:
    depth = 100_000
    t = chain(depth)
    f = rg.function([x], t, linker=linker)
    np.testing.assert_allclose(f(np.zeros(2)), t.eval({x: np.zeros(2)}), rtol=1e-6)
    assert len(repr(f)) < 100 and len(toposort(f.term)) == depth + 2
    assert len(str(f.derivation)) < 10_000 and len(f.explain()) < 100 * depth
    if linker == "numpy":
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(f))(np.zeros(2)), f(np.zeros(2)))


@pytest.mark.long
def test_the_gradient_of_a_deep_chain_is_compiled() -> None:
    y = rnp.sum(chain(100_000))
    f = rg.function([x], rg.grad(y, x), linker="numpy")
    assert len(toposort(f.end)) < 5 * 100_000
    np.testing.assert_array_equal(f(np.zeros(2)), np.zeros(2))


def test_the_text_of_a_deep_gradient_is_linear() -> None:
    sizes = [len(rg.function([x], rg.grad(rnp.sum(chain(n)), x), linker="c", rewrite=identity).source) for n in (100, 200)]
    assert sizes[1] < 2.5 * sizes[0]
