"""Writing, ordering and rearranging: the NumPy functions against NumPy, ``x.at`` against assignment, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.autodiff import vectorize
from relgraph.errors import RelgraphError
from relgraph.terms.evaluate import evaluate

X = np.random.default_rng(3).integers(-3, 4, (3, 4)).astype(float)
V = np.array([2.0, np.nan, -1.0, 2.0, 0.0])
x, v = rg.tensor("x", (3, 4)), rg.vector("v", shape=5)
m, w = rg.matrix("m"), rg.vector("w")  # of unknown sizes
PAIRS = {x: X, v: V, m: X, w: V}

SAME: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("cumsum", (), {"axis": 0}), ("cumsum", (), {}), ("cumprod", (), {"axis": 1}), ("diff", (), {"axis": 0}),
    ("diff", (2,), {}),
    ("sort", (), {"axis": 0}), ("sort", (), {"axis": None}), ("argmax", (), {"axis": 0}), ("argmax", (), {}),
    ("argmin", (), {"axis": 1, "keepdims": True}), ("flip", (), {}), ("flip", (), {"axis": 0}), ("roll", (1,), {"axis": 0}),
    ("roll", (-2,), {}), ("roll", ((1, 2),), {"axis": (0, 1)}), ("repeat", (2,), {"axis": 1}), ("repeat", (3,), {}),
    ("tile", (2,), {}), ("tile", ((2, 1, 2),), {}),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), SAME, ids=[f"{n}{a}{k}" for n, a, k in SAME])
def test_as_in_numpy(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    wanted = getattr(np, name)(X, *args, **kwargs)
    for t in (x, m):  # fixed sizes and named ones
        found = evaluate([getattr(rnp, name)(t, *args, **kwargs)], {t: X})[0]
        assert found.dtype == wanted.dtype
        np.testing.assert_array_equal(found, wanted)


def test_order_with_nan_and_ties() -> None:
    for t in (v, w):
        assert evaluate([rnp.argsort(t)], {t: V})[0].tolist() == [2, 4, 0, 3, 1]
        assert evaluate([rnp.argmax(t)], {t: V})[0] == evaluate([rnp.argmin(t)], {t: V})[0] == 1
        descending = evaluate([rnp.argsort(t, descending=True)], {t: V})[0].tolist()
        assert descending == [1, 0, 3, 4, 2]  # equal elements keep their order
        np.testing.assert_array_equal(evaluate([rnp.sort(t, descending=True)], {t: V})[0], V[descending])


def test_searchsorted_split_grids() -> None:
    grid = np.array([-1.0, 0.0, 0.0, 2.0])
    for side in ("left", "right"):
        np.testing.assert_array_equal(rnp.searchsorted(grid, v, side=side).eval({v: V}), np.searchsorted(grid, V, side=side))
    for t, a in zip(rnp.split(x, [1, 3], 1), np.split(X, [1, 3], 1), strict=True):
        np.testing.assert_array_equal(t.eval({x: X}), a)
    assert [t.type.shape for t in rnp.split(x, 2, 1)] == [(3, 2), (3, 2)]
    for indexing in ("xy", "ij"):
        for t, a in zip(rnp.meshgrid(x[0], v, indexing=indexing), np.meshgrid(X[0], V, indexing=indexing), strict=True):
            np.testing.assert_array_equal(evaluate([t], {x: X, v: V})[0], a)
    for num, end in ((5, True), (4, False), (1, True), (0, True)):
        np.testing.assert_allclose(rnp.linspace(1, 2, num, end).eval(), np.linspace(1, 2, num, end), rtol=1e-15)
    np.testing.assert_array_equal(rnp.cumulative_sum(x, axis=0, include_initial=True).eval({x: X}),
                                  np.vstack([np.zeros(4), np.cumsum(X, 0)]))
    i = np.argsort(X, 0)
    np.testing.assert_array_equal(rnp.take_along_axis(x, i, 0).eval({x: X}), np.take_along_axis(X, i, 0))


# -- writes -----------------------------------------------------------------------------------------------------------------

KEYS: dict[str, Any] = {
    "integer": 1, "last": -1, "slice": slice(1, None), "step": (slice(None), slice(3, None, -2)), "both": (0, slice(1, 3)),
    "one": (2, 1), "whole": slice(None), "positions": np.array([2, 0]), "repeated": np.array([1, 1, 0, -2]),
    "columns": (slice(None), np.array([3, 0, 3])), "pairs": (np.array([0, 1, 0]), np.array([3, 0, 3])),
    "grid": np.array([[0, 2], [1, 0]]), "none": np.array([], int), "mask": X > 0, "rows": np.array([True, False, True]),
}


@pytest.mark.parametrize("key", KEYS)
def test_set_is_assignment_and_add_counts_repeated_positions(key: str) -> None:
    k = KEYS[key]
    part = X[k]
    for value in (7.0, np.arange(part.size, dtype=float).reshape(part.shape)):
        if key in ("mask", "rows") and np.ndim(value):
            continue
        wanted, added = X.copy(), X.copy()
        wanted[k] = value
        np.add.at(added, k, value)
        for t in (x, m):
            np.testing.assert_array_equal(evaluate([t.at[k].set(value)], {t: X})[0], wanted)
            np.testing.assert_array_equal(evaluate([t.at[k].add(value)], {t: X})[0], added)


@pytest.mark.parametrize("key", ["integer", "slice", "step", "mask"])
def test_subtract(key: str) -> None:
    wanted = X.copy()
    wanted[KEYS[key]] -= 2
    np.testing.assert_array_equal(x.at[KEYS[key]].subtract(2.0).eval({x: X}), wanted)


def test_other_writes() -> None:
    methods: dict[str, Callable[[Any, Any], Any]] = {
        "multiply": np.multiply, "divide": np.divide, "power": np.power, "min": np.minimum, "max": np.maximum}
    for name, fn in methods.items():
        for k in (1, slice(0, 2), X > 0):
            wanted = X.copy()
            wanted[k] = fn(X[k], 2.0)
            np.testing.assert_array_equal(getattr(x.at[k], name)(2.0).eval({x: X}), wanted)
    np.testing.assert_array_equal(x.at[0].apply(rnp.exp).eval({x: X})[0], np.exp(X[0]))
    assert x.at[0].get() is x[0]
    assert x.at[:].set(x * 2) is x * 2
    assert x.at[0].set(1).type.dtype == np.float64


def test_writes_are_differentiated_and_batched() -> None:
    y = rnp.sum(v.at[np.array([1, 1, 3])].set(v[:3] * 3) * np.arange(5.0))
    slope = rg.grad(y, v).eval({v: V})
    assert slope.tolist() == [0.0, 3.0, 2.0 + 9.0, 0.0, 4.0]  # the second write to 1 stays, and 3 is written over
    b = rg.tensor("b", (2, 5))
    rows = np.stack([V, V + 1])
    found = vectorize(v.at[1:3].set(v[:2]), {v: b}).eval({b: rows})
    np.testing.assert_array_equal(found, np.stack([np.concatenate([r[:1], r[:2], r[3:]]) for r in rows]))


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: x.at[1:, np.array([0])].set(0.0), "write it in two"),
    (lambda: x.at[None].set(0.0), "cannot be written in one step"),
    (lambda: x.at[np.array([0, 0])].multiply(2.0), r"write x.at\[i\].set\(x\[i\] \* v\)"),
    (lambda: x.at[np.array([0, 0])].subtract(2.0), r"x\[i\] - v"),
    (lambda: x.at[3].set(0.0), "out of range"),
    (lambda: x.at[0].set(np.zeros(3)), "does not broadcast"),
    (lambda: x.at[0].set(1j), "v is 1j"),
    (lambda: rg.vector("k", dtype="int64").at[0].set(0.5), "v is 0.5"),
    (lambda: rg.vector("k", dtype="int64").at[0].apply(rnp.exp), "convert it first"),
    (lambda: x.at[X > 0].set(np.zeros(3)), "v has no axes"),
    (lambda: x.at[np.array([True, False])].set(0.0), "its axes must be the first of x"),
    (lambda: x.at[True].set(0.0), "Python bool is no mask"),
    (lambda: x.at[np.array([0, 7])].set(0.0), "length 3"),
    (lambda: rnp.cumsum(x, (0, 1)), "one static axis"),
    (lambda: rnp.cumsum(rg.scalar("s"), 0), "has no axes"),
    (lambda: rnp.cumsum(x, 2), "out of range"),
    (lambda: rnp.cumulative_sum(x), "say which one"),
    (lambda: rnp.sort(rg.vector("z", dtype="complex128")), "defined for real numbers"),
    (lambda: rnp.argmax(rg.tensor("e", (0,))), "at least 1"),
    (lambda: rnp.take_along_axis(x, np.array([0]), 0), "rnp.take"),
    (lambda: rnp.take_along_axis(v, np.array([0.5])), "integers were expected"),
    (lambda: rnp.roll(x, 0.5), "is static"),
    (lambda: rnp.roll(x, (1, 2), 0), "one for each"),
    (lambda: rnp.repeat(x, [1, 2], 1), "for each element"),
    (lambda: rnp.repeat(x, -1), "negative"),
    (lambda: rnp.tile(x, -1), "negative"),
    (lambda: rnp.split(x, 2, 0), "no 2 equal parts"),
    (lambda: rnp.split(x, [-1], 0), "counted from the start"),
    (lambda: rnp.meshgrid(v, indexing="yx"), "neither"),
    (lambda: rnp.linspace(v, 1), "scalars were expected"),
    (lambda: rnp.linspace(0, 1, -1), "negative"),
    (lambda: rnp.searchsorted(x, v), "a vector was expected"),
    (lambda: rnp.searchsorted(v, v, side="up"), "neither"),
    (lambda: rnp.diff(x, -1), "how many times"),
]


@pytest.mark.parametrize(("build", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_refused(build: Callable[[], Any], said: str) -> None:
    with pytest.raises(RelgraphError, match=said):
        build()
