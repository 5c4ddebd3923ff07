"""`rg.jit`: a Python function of arrays, traced when it is first called with arguments of some kind."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import InputError, MisuseError, ShapeError
from relgraph.linkers import NAMES

UP = np.arange(3.0)
traces: list[Any] = []


@rg.jit
def layer(params: Any, x: Any, scale: Any = 2.0, *rest: Any, bias: Any = 0.0) -> Any:
    """A dense layer."""
    traces.append(x)
    total = rnp.tanh(x @ params["w"]) * scale + bias
    for r in rest:
        total = total + np.exp(r)
    return {"y": total, "size": [x.shape[0] * 1]}


def test_arguments_may_be_nests_names_and_defaults() -> None:
    w, x = np.ones((3, 2)), np.ones((4, 3))
    found = layer({"w": w}, x, 3.0, np.zeros(2), bias=np.ones(2))
    np.testing.assert_allclose(found["y"], np.tanh(x @ w) * 3 + 1 + 1)
    np.testing.assert_allclose(layer(params={"w": w}, x=x)["y"], np.tanh(x @ w) * 2)
    assert layer.__name__ == "layer" and layer.__doc__ == "A dense layer." and "jit layer(" in repr(layer)
    assert "params['w']: float64[" in repr(layer.compiled({"w": w}, x))


def test_a_new_trace_for_other_dtypes_ranks_and_ones_only() -> None:
    seen: list[Any] = []
    f = rg.jit(lambda x, y: seen.append(x) or x * y)
    for x, y, count in [
        (np.ones(3), UP, 1),
        (np.ones(5), np.ones(5), 1),
        (np.ones(3, "f4"), UP, 2),
        (np.ones((2, 3)), UP, 3),
        (np.ones(1), UP, 4),
        (UP, np.ones(1), 5),
        (np.ones(0), np.ones(0), 5),
        ([1.0, 2.0], None, 5),
    ]:
        if y is not None:
            np.testing.assert_array_equal(f(x, y), np.asarray(x) * y)
            assert len(seen) == count
    with pytest.raises(ShapeError, match=r"x\*y at test_jit\.py:\d+: x0 = 3 and y0 = 2 must be equal"):
        f(UP, UP[:2])


KEPT: list[tuple[Any, Any]] = [
    (np.ones(2, "f4"), 2.0),
    (np.ones(2, "f4"), 2j),
    (np.ones(2), 2.0),
    (np.ones(2, "i4"), 2.0),
    (np.ones(2, "c8"), 1.5),
    (2.0, 3.0),
    (2, 3),
    (True, 2.0),
    (np.float32(2), 3.0),
    (np.ones(2, "f4"), np.float64(2.0)),
]


@pytest.mark.parametrize("k", range(len(KEPT)))
def test_python_floats_are_weak(k: int) -> None:
    a, b = KEPT[k]
    found = rg.jit(lambda x, y: x * y)(a, b)
    assert found.dtype == (np.multiply(a, b)).dtype and np.array_equal(found, np.multiply(a, b))


@pytest.mark.parametrize("linker", NAMES)
def test_options_and_every_linker(linker: str) -> None:
    @rg.jit(linker=linker)
    def f(x: Any) -> Any:
        return rnp.log(1 + rnp.exp(x)), x

    a, b = f(UP)
    np.testing.assert_allclose(a, np.log1p(np.exp(UP)))
    np.testing.assert_array_equal(b, UP)
    assert f.compiled(UP).linker == linker and "softplus" in repr(f.compiled(UP).term)


def test_traced_functions_nest_and_take_terms() -> None:
    inner = rg.jit(lambda x, s: rnp.exp(x) * s)
    outer = rg.jit(lambda x: inner(x, 2.0) + inner(x, s=x))
    np.testing.assert_allclose(outer(UP), np.exp(UP) * (2 + UP))
    x = rg.vector("x")
    assert inner(x, 2.0) is rnp.exp(x) * 2.0
    assert rg.grad(rnp.sum(inner(x, 1.0)), x).type == x.type


def test_debug() -> None:
    f = rg.jit(lambda debugged: rnp.sqrt(debugged) + 1)  # a term is known by the place where it was first written
    line = sys._getframe().f_lineno - 1
    d = f.debug([np.array(-1.0)][0])
    assert f"first NaN: sqrt(debugged)  [test_jit.py:{line}]" in str(d)


ERRORS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: layer({"w": UP}), InputError, r"layer: missing a required argument: 'x'; it is layer\(params"),
    (lambda: layer({"w": UP}, UP, nonsense=1), InputError, "layer: got an unexpected keyword argument 'nonsense'"),
    (
        lambda: rg.jit(lambda x, mode: x)(UP, "fast"),
        InputError,
        "mode: got 'fast', no array and no number; fix it with functools",
    ),
    (lambda: rg.jit(lambda x: x)(None), InputError, "x: got None, no array and no number"),
    (lambda: rg.jit(lambda p: p["a"])({"a": "b"}), InputError, r"p\['a'\]: got 'b'"),
    (lambda: rg.jit(lambda x: None)(UP), MisuseError, "the output None is no term"),
    (lambda: rg.jit(lambda x: x if x > 0 else -x)(1.0), MisuseError, r"write rnp\.where"),
    (lambda: rg.jit(lambda x: float(x))(1.0), MisuseError, "has no value while the graph is built"),
    (lambda: rg.jit(lambda x: [v for v in x])(UP), MisuseError, "no fixed length"),
]


@pytest.mark.parametrize("k", range(len(ERRORS)))
def test_errors(k: int) -> None:
    do, error, message = ERRORS[k]
    with pytest.raises(error, match=message):
        do()


def test_threads_trace_once() -> None:
    seen: list[Any] = []
    f = rg.jit(lambda x: seen.append(x) or rnp.exp(x))
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(f(UP))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(seen) == 1 and len(found) == 8 and all(np.array_equal(a, f(UP)) for a in found)
    np.testing.assert_allclose(f(UP), np.exp(UP), rtol=1e-15)
