"""Sizes that are names: what is assumed when a term is built is checked when a function is called; every linker."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import AxisError, RelgraphError, ShapeError
from relgraph.linkers import NAMES
from relgraph.strategies import identity

x, y = rg.vector("x", "n"), rg.vector("y", "m")
X, i = rg.matrix("X", ("n", "m")), rg.vector("i", "k", dtype="int64")
v, k = rg.vector("v", 3), rg.vector("k", x.shape[0] + 1)
INPUTS = {"x": x, "y": y, "X": X, "i": i, "v": v, "k": k}
up = np.arange

# (term, inputs, the same in NumPy, shapes that work, shapes that do not and what is said then)
CASES: dict[str, tuple[Any, str, Callable[..., Any], list[Any], list[tuple[Any, str]]]] = {
    "two names": (
        x + y,
        "x y",
        lambda x, y: x + y,
        [(3, 3), (1, 1), (0, 0)],
        [
            (
                (3, 2),
                r"^x \+ y at \w+\.py:\d+: n = 3 and m = 2 must be equal\n  x: float64\[n\] has shape \(3,\)\n  y: float64\[m\]",
            ),
            ((3, 1), r"m = 1 must be equal; a size of 1 broadcasts only if it is declared as 1"),
            ((0, 1), "n = 0 and m = 1"),
        ],
    ),
    "difference": (x[1:] - x[:-1], "x", np.diff, [(4,), (2,), (1,), (0,)], []),
    "roll": (rnp.roll(x, -2), "x", lambda x: np.roll(x, -2), [(5,), (2,), (1,), (0,)], []),
    "roll of a choice": (rnp.roll(rnp.where(i < 1, v[:1].astype("int64"), i), 1), "v i",
                         lambda v, i: np.roll(np.where(i < 1, int(v[0]), i), 1), [(3, 4), (3, 1), (3, 0)], []),
    "gradient of no rows": (rg.grad(rnp.sum(X[:0]**2), X), "X", np.zeros_like, [((2, 3),), ((0, 3),), ((2, 0),)], []),
    "concat": (
        rnp.concat([x, y]) * rnp.concat([y, x]),
        "x y",
        lambda x, y: np.concat([x, y]) * np.concat([y, x]),
        [(2, 3), (0, 2), (2, 2), (0, 0)],
        [],
    ),
    "arange": (x * rnp.arange(x.shape[0]), "x", lambda x: x * up(len(x)), [(3,), (1,), (0,)], []),
    "arange of a difference": (
        rnp.arange(x.shape[0] - y.shape[0]),
        "x y",
        lambda x, y: up(len(x) - len(y)),
        [(3, 1), (3, 3), (1, 3)],
        [],
    ),
    "index": (
        x[3],
        "x",
        lambda x: x[3],
        [(4,), (9,)],
        [((3,), r"^x\[3\] at \w+\.py:\d+: n = 3 must be at least 4\n  x: float64\[n\] has shape \(3,\)$"), ((0,), "n = 0")],
    ),
    "negative index": (x[-2], "x", lambda x: x[-2], [(2,), (9,)], [((1,), r"^x\[-2\].*n = 1 must be at least 2")]),
    "slices clip": (x[2:5], "x", lambda x: x[2:5], [(9,), (4,), (2,), (0,)], []),
    "steps": (x[::-2], "x", lambda x: x[::-2], [(5,), (4,), (1,), (0,)], []),
    "sum, mean of none": (rnp.stack([rnp.sum(x), rnp.prod(x)]), "x", lambda x: np.stack([x.sum(), x.prod()]), [(0,), (3,)], []),
    "max of none": (rnp.max(x), "x", np.max, [(1,), (3,)], [((0,), r"^max\(x\) at .* n = 0 must be at least 1")]),
    "shares of none": (rnp.exp(x) / rnp.sum(rnp.exp(x)), "x", lambda x: np.exp(x) / np.exp(x).sum(), [(0,), (3,)], []),
    "logarithm of shares of none": (rnp.log(rnp.exp(x) / rnp.sum(rnp.exp(x))), "x", lambda x: x - np.logaddexp.reduce(x),
                                    [(0,), (3,)], []),
    "logarithm of none": (rnp.log(rnp.sum(rnp.exp(X), axis=1)), "X", lambda X: np.logaddexp.reduce(X, 1),
                          [((2, 0),), ((0, 2),), ((2, 3),)], []),
    "max along none": (
        rnp.max(X, axis=0),
        "X",
        lambda X: X.max(0),
        [((2, 3),), ((2, 0),)],
        [(((0, 3),), "n = 0 must be at least 1")],
    ),
    "row of none": (rnp.sum(X, axis=1), "X", lambda X: X.sum(1), [((2, 0),), ((0, 2),), ((2, 3),)], []),
    "transpose": (
        X + X.T,
        "X",
        lambda X: X + X.T,
        [((3, 3),), ((1, 1),), ((0, 0),)],
        [(((2, 3),), r"^X \+ X\.T at .*n = 2 and m = 3 must be equal"), (((1, 3),), "n = 1 and m = 3")],
    ),
    "product": (
        X @ y,
        "X y",
        lambda X, y: X @ y,
        [((2, 3), 3), ((2, 0), 0), ((0, 3), 3)],
        [(((2, 3), 2), r"dim 'm': is 3 in X: float64\[n, m\] but 2 in y: float64\[m\], whose shape is \(2,\)")],
    ),
    "square": (rnp.linalg.det(X), "X", np.linalg.det, [((2, 2),), ((0, 0),)], [(((2, 3),), r"^det\(X\) at .*n = 2 and m = 3")]),
    "reshape": (
        rnp.reshape(x, (2, -1)),
        "x",
        lambda x: x.reshape(2, -1),
        [(4,), (0,)],
        [((3,), r"n = 3 and 2\*floordiv\(n, 2\) = 2")],
    ),
    "flat": (rnp.reshape(X, -1)[::2], "X", lambda X: X.ravel()[::2], [((2, 3),), ((0, 3),)], []),
    "a number": (
        v * 2,
        "v",
        lambda v: v * 2,
        [(3,)],
        [((4,), r"^v: expected float64\[3\], an axis of length 3, got 4: shape \(4,\)$")],
    ),
    "one more": (
        k[1:] - x,
        "x k",
        lambda x, k: k[1:] - x,
        [(3, 4), (0, 1)],
        [((3, 3), r"^k: expected float64\[n \+ 1\], an axis of length n \+ 1 = 4, got 3: shape \(3,\)$")],
    ),
    "a name and a number": (
        x + v,
        "x v",
        lambda x, v: x + v,
        [(3, 3)],
        [((4, 3), "n = 4 and 3 must be equal"), ((1, 3), "n = 1 and 3")],
    ),
    "where": (
        rnp.where(x > 1, x, y),
        "x y",
        lambda x, y: np.where(x > 1, x, y),
        [(3, 3)],
        [((3, 1), r"^where\(x > 1, x, y\)")],
    ),
    "stack": (
        rnp.stack([x, y]),
        "x y",
        lambda x, y: np.stack([x, y]),
        [(2, 2)],
        [((2, 3), "n = 2 and m = 3"), ((2, 1), "m = 1")],
    ),
    "take": (x[i % 3], "x i", lambda x, i: x[i % 3], [(3, 4), (9, 0)], []),
    "rewritten away": (x + y - y, "x y", lambda x, y: x + y - y, [(3, 3)], [((3, 2), r"^x \+ y at"), ((3, 1), "m = 1")]),
    "broadcast": (rnp.broadcast_to(x, (2, "n")), "x", lambda x: np.broadcast_to(x, (2, len(x))), [(1,), (3,), (0,)], []),
    "a row": (X + x[:, None], "X x", lambda X, x: X + x[:, None], [((2, 3), 2), ((0, 3), 0)], [(((2, 3), 1), "dim 'n'")]),
    "gradient": (rg.grad(rnp.sum(x * y), x), "x y", lambda x, y: y, [(3, 3)], []),
}


def arrays(names: str, shapes: Any) -> list[Any]:
    made = []
    for n, s in zip(names.split(), shapes, strict=True):
        a = np.arange(np.prod(s, dtype=int), dtype=float).reshape(s) + 0.5
        made.append(a.astype(INPUTS[n].type.dtype))
    return made


@pytest.mark.parametrize("linker", NAMES)
def test_named_sizes(linker: str) -> None:
    problems = []
    for what, (term, names, numpy, good, bad) in CASES.items():
        f = rg.function([INPUTS[n] for n in names.split()], term, linker=linker)
        for shapes in good:
            a = arrays(names, shapes)
            np.testing.assert_allclose(f(*a), numpy(*a), rtol=1e-12, err_msg=what)
        for shapes, message in bad:
            try:
                found = f(*arrays(names, shapes))
            except ShapeError as e:
                if not re.search(message, str(e), re.DOTALL):
                    problems.append(f"{what} {shapes}: {e}")
            else:
                problems.append(f"{what} {shapes}: gave {found!r}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("linker", NAMES)
def test_sizes_are_checked_for_every_output_and_after_pickling(linker: str) -> None:
    f = rg.function([x, y], [x, {"a": x[2] + y}], linker=linker, rewrite=identity)
    for g in (f, pickle.loads(pickle.dumps(f))):
        np.testing.assert_array_equal(g(up(3.0), up(2.0))[1]["a"], [2.0, 3.0])
        with pytest.raises(ShapeError, match="n = 2 must be at least 3"):
            g(up(2.0), up(2.0))
        with pytest.raises(ShapeError, match="n = 2 must be at least 3"):
            g([0.0, 1.0], [1])
    with pytest.raises(ShapeError, match=r"m = 1 must be equal"):
        rg.function([x, y], x + y, linker=linker)([1, 2], [1])  # converted, then checked


@pytest.mark.parametrize("linker", NAMES)
def test_indices_out_of_range_are_refused(linker: str) -> None:
    f = rg.function([x, i], x[i], linker=linker)
    np.testing.assert_array_equal(f(up(3.0), [0, -1, -3]), [0.0, 2.0, 0.0])
    for bad in ([3], [0, -4], [2**40]):
        with pytest.raises(AxisError, match=r"take.*\w+\.py"):
            f(up(3.0), bad)


def test_the_line_of_the_user_is_named() -> None:
    a, b = rg.vector("only_here", "p"), rg.vector("and_here", "q")
    line = sys._getframe().f_lineno + 1
    f = rg.function([a, b], rnp.exp(a * b))
    with pytest.raises(ShapeError) as e:
        f([1.0, 2.0], [1.0])
    assert str(e.value) == (
        f"only_here*and_here at test_sizes.py:{line}: p = 2 and q = 1 must be equal; a size of 1 broadcasts only "
        "if it is declared "
        "as 1\n  only_here: float64[p] has shape (2,)\n  and_here: float64[q] has shape (1,)"
    )


def test_what_is_known_is_not_checked() -> None:
    known = [x * 2, rnp.sum(X), x + rnp.ones(x.shape), x[::-1] - x, rnp.concat([x, x]) * 2, v + 1, rnp.sum(x[:-1] * x[1:])]
    for t in known:
        f = rg.function(rg.free_inputs(t), t, linker="numpy")
        assert f.checks == (), t
    assert len(rg.function([x, y], (x + y) * (y - x), linker="numpy").checks) in (1, 2)


def test_a_size_is_read_off_an_input() -> None:
    with pytest.raises(RelgraphError, match="no input has an axis 'n'"):
        rg.function([k], k * 2)
    f = rg.function([x, k], k * 2)
    np.testing.assert_array_equal(f([0.0], [1, 2]), [2.0, 4.0])
