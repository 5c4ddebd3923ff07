"""Sizes are polynomials over names; the inferred shape is the shape NumPy gives, at sizes 0, 1, 2 and more."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import InputError, ShapeError
from relgraph.terms import dims
from relgraph.terms.dims import Dim

SIZES = (0, 1, 2, 3, 7)

EQUAL: list[tuple[Dim, Dim]] = [
    (dims.add("n", 0), "n"), (dims.sub("n", "n"), 0), (dims.mul("n", 1), "n"), (dims.mul("n", 0), 0),
    (dims.add("n", "m"), dims.add("m", "n")), (dims.mul(dims.add("n", 1), dims.sub("n", 1)), dims.sub(dims.mul("n", "n"), 1)),
    (dims.floordiv(dims.mul("n", 6), 3), dims.mul("n", 2)), (dims.mod(dims.mul("n", 6), 3), 0), (dims.mod("n", 1), 0),
    (dims.floordiv("n", 1), "n"), (dims.floordiv("n", "n"), 1),
    (dims.maximum("n", 0), "n"), (dims.maximum("n", "n"), "n"), (dims.minimum("n", 0), 0), (dims.minimum(3, 5), 3),
    (dims.maximum("n", dims.add("n", 1)), dims.add("n", 1)), (dims.minimum("n", dims.add("n", "m")), "n"),
    (dims.add(dims.minimum("n", 1), dims.maximum(dims.sub("n", 1), 0)), "n"),
    (dims.maximum(dims.minimum("n", 3), 0), dims.minimum("n", 3)),
    (dims.maximum(dims.sub(dims.maximum(dims.sub("n", 1), 0), 1), 0), dims.maximum(dims.sub("n", 2), 0)),
    (dims.maximum(dims.floordiv(dims.add("n", 1), 2), 0), dims.floordiv(dims.add("n", 1), 2)),
]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal_dims_have_one_form(a: Dim, b: Dim) -> None:
    assert a == b and hash(a) == hash(b) and dims.show(a) == dims.show(b)


_OPS = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "maximum": max, "minimum": min,
        "floordiv": lambda a, b: a // b, "mod": lambda a, b: a % b}
_LEAVES = st.sampled_from(["n", "m", -3, -1, 0, 1, 2, 5])
_TREES = st.recursive(_LEAVES, lambda t: st.tuples(st.sampled_from(sorted(_OPS)), t, t), max_leaves=6)


def _both(tree: Any, sizes: dict[str, int]) -> tuple[Dim, int]:
    """A dim built by the algebra, and the integer it should stand for."""
    if not isinstance(tree, tuple):
        return tree, sizes[tree] if isinstance(tree, str) else tree
    name, left, right = tree
    (a, x), (b, y) = _both(left, sizes), _both(right, sizes)
    return getattr(dims, name)(a, b), _OPS[name](x, y)


@given(_TREES, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_the_algebra_is_integer_arithmetic(tree: Any, n: int, m: int, k: int) -> None:
    sizes = {"n": n, "m": m}
    try:
        d, expected = _both(tree, sizes)
    except ZeroDivisionError:
        return
    try:
        assert dims.evaluate(d, sizes) == expected
        moved = dims.substitute(d, {"n": dims.add("k", 1)})
        assert dims.evaluate(moved, {"k": k, "m": m}) == _both(tree, {"n": k + 1, "m": m})[1]
    except ZeroDivisionError:
        return
    assert set(dims.names(d)) <= {"n", "m"}


@pytest.mark.parametrize(("d", "text"), [
    (7, "7"), ("n", "n"), (dims.sub("n", 1), "n - 1"), (dims.mul("n", "m"), "m*n"), (dims.sub(dims.mul(2, "n"), 3), "2*n - 3"),
    (dims.sub(0, "n"), "-n"), (dims.maximum(dims.sub("n", 1), 0), "max(n - 1, 0)"), (dims.floordiv("n", 2), "floordiv(n, 2)")])
def test_dims_print_as_arithmetic(d: Dim, text: str) -> None:
    assert dims.show(d) == text and (isinstance(d, (int, str)) or repr(d) == text)


x, y = rg.vector("x", "n"), rg.vector("y", "m")
X = rg.matrix("X", ("n", "m"))
SHAPES = {
    "x[1:] - x[:-1]": lambda x, X, np: x[1:] - x[:-1],
    "x[1:][:-1] + x[2:]": lambda x, X, np: x[1:][:-1] + x[2:],
    "x[:2]": lambda x, X, np: x[:2],
    "x[-2:]": lambda x, X, np: x[-2:],
    "x[1:-1]": lambda x, X, np: x[1:-1],
    "x[::2]": lambda x, X, np: x[::2],
    "x[1::2]": lambda x, X, np: x[1::2],
    "x[::-1]": lambda x, X, np: x[::-1],
    "x[::-3]": lambda x, X, np: x[::-3],
    "x[5:2]": lambda x, X, np: x[5:2],
    "x[4::-2]": lambda x, X, np: x[4::-2],
    "x[-2::-1]": lambda x, X, np: x[-2::-1],
    "X[1:, :-1]": lambda x, X, np: X[1:, :-1],
    "concat": lambda x, X, np: np.concatenate([x[:1], x[1:]]),
    "concat twice": lambda x, X, np: np.concatenate([x, x]) + np.concatenate([x, x[:0], x]),
    "arange(n)": lambda x, X, np: np.arange(x.shape[0]) + x,
    "arange(1, n)": lambda x, X, np: np.arange(1, x.shape[0]),
    "arange(n, 2 n, 3)": lambda x, X, np: np.arange(x.shape[0], 2 * x.shape[0], 3),
    "arange(n, 0, -2)": lambda x, X, np: np.arange(x.shape[0], 0, -2),
    "reshape(-1)": lambda x, X, np: np.reshape(X, -1),
    "reshape(m, n)": lambda x, X, np: np.reshape(X, (X.shape[1], X.shape[0])),
    "reshape(-1, 1)": lambda x, X, np: np.reshape(X, (-1, 1)),
    "reshape and back": lambda x, X, np: np.reshape(np.reshape(X, -1), X.shape) + X,
    "broadcast": lambda x, X, np: x[:, None] + X,
    "outer": lambda x, X, np: x[:, None] * x,
    "diagonal": lambda x, X, np: np.diagonal(X),
    "diagonal 1": lambda x, X, np: np.diagonal(X, 1),
    "diagonal -2": lambda x, X, np: np.diagonal(X, -2),
    "sum": lambda x, X, np: np.sum(X, axis=0),
    "matmul": lambda x, X, np: x @ X,
    "stack": lambda x, X, np: np.stack([x, x], axis=1),
    "eye": lambda x, X, np: np.eye(x.shape[0], x.shape[0]),
    "zeros_like": lambda x, X, np: np.zeros_like(X),
    "transpose": lambda x, X, np: X.T,
}


@pytest.mark.parametrize("name", SHAPES)
def test_inferred_shapes_are_numpys_at_every_size(name: str) -> None:
    t = SHAPES[name](x, X, rnp)
    for n, m in itertools.product(SIZES, repeat=2):
        a, A = np.arange(float(n)), np.arange(float(n * m)).reshape(n, m)
        try:
            expected = SHAPES[name](a, A, np)
        except ValueError:  # reshape of an empty array to -1
            assert n * m == 0
            continue
        sizes = {"n": n, "m": m}
        assert tuple(dims.evaluate(d, sizes) for d in t.type.shape) == expected.shape
        np.testing.assert_array_equal(t.eval({x: a, X: A}), expected)


def test_sizes_that_are_equal_fit_without_a_check() -> None:
    assert (x[1:] - x[:-1]).type.shape == (dims.maximum(dims.sub("n", 1), 0),)
    assert rnp.concat([x, y]).type.shape == (dims.add("n", "m"),)
    assert rnp.reshape(X, -1).type.shape == (dims.mul("n", "m"),)


def test_shapes_are_numbers_and_terms() -> None:
    n = x.shape[0]
    assert rg.vector("v", 3).shape == (3,) and n.type == rg.Type("int64") and (n * 2 + 1).eval({x: np.zeros(4)}) == 9
    assert (rnp.sum(x) / n).eval({x: [1.0, 3.0]}) == 2.0 and X.size.eval({X: np.zeros((2, 3))}) == 6


def test_a_size_no_input_has_is_named() -> None:
    for t in (rnp.zeros_like(X), rnp.arange(x.shape[0]), rnp.ones((x.shape[0] - 1,)), x.shape[0] + 1):
        with pytest.raises(InputError, match="no input says how large 'n' is; pass an array for an input that has an axis 'n'"):
            t.eval()


@pytest.mark.parametrize("build", [
    lambda: rg.vector("x", 3) + rg.vector("y", 4), lambda: rg.matrix("X", (2, 3)) @ rg.vector("y", 2),
    lambda: rnp.concat([rg.matrix("X", (2, 3)), rg.matrix("Y", (2, 4))], axis=0),
    lambda: rnp.reshape(rg.vector("x", 6), (4, -1)),
    lambda: rnp.reshape(rg.vector("x", 6), (-1, -1)), lambda: rnp.broadcast_to(rg.vector("x", 3), (2, 4)),
    lambda: rnp.squeeze(rg.vector("x", 3), 0), lambda: rnp.stack([rg.scalar("s"), rg.vector("x", 2)])])
def test_sizes_known_to_differ_are_refused_at_once(build: Any) -> None:
    with pytest.raises(ShapeError):
        build()
