"""NumPy's functions take terms, terms take arrays on either side, and operators mean what NumPy's do."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp

x: Any = rg.vector("x", 3)  # NumPy's annotations know arrays only
y: Any = rg.vector("y", 3)
X: Any = rg.matrix("X", (3, 3))
b: Any = rg.vector("b", 3, dtype="bool")
i: Any = rg.vector("i", 3, dtype="int64")
VALUES: dict[Any, Any] = {x: np.array([0.5, 2.0, -1.0]), y: np.array([3.0, 0.25, -2.0]),
                          X: np.arange(9.0).reshape(3, 3) + 4 * np.eye(3),
          b: np.array([True, False, True]), i: np.array([3, -1, 4])}

NUMPY = {
    "np.exp(x)": lambda: np.exp(x), "np.add(x, y)": lambda: np.add(x, y), "np.true_divide": lambda: np.true_divide(x, 2),
    "np.absolute": lambda: np.absolute(x), "np.conjugate": lambda: np.conjugate(x), "np.invert": lambda: np.invert(i),
    "np.mod": lambda: np.mod(x, 2), "np.multiply(array, x)": lambda: np.multiply(np.arange(3.0), x),
    "np.sum": lambda: np.sum(X, axis=0), "np.mean": lambda: np.mean(X, axis=1), "np.amax": lambda: np.amax(X),
    "np.concatenate": lambda: np.concatenate([x, y]), "np.stack": lambda: np.stack([x, y], axis=1),
    "np.where": lambda: np.where(b, x, y),
    "np.transpose": lambda: np.transpose(X), "np.reshape": lambda: np.reshape(X, (9,)), "np.dot": lambda: np.dot(X, x),
    "np.matmul": lambda: np.matmul(X, x), "np.linalg.inv": lambda: np.linalg.inv(X), "np.linalg.det": lambda: np.linalg.det(X),
    "np.trace": lambda: np.trace(X), "np.diag": lambda: np.diag(X), "np.tril": lambda: np.tril(X),
    "np.clip": lambda: np.clip(x, 0, 1),
    "np.zeros_like": lambda: np.zeros_like(x), "np.squeeze": lambda: np.squeeze(x[None], 0),
    "np.take": lambda: np.take(x, [0, 2]),
    "np.expand_dims": lambda: np.expand_dims(x, 0), "np.std": lambda: np.std(x), "np.outer": lambda: np.outer(x, y),
}


@pytest.mark.parametrize("name", NUMPY)
def test_numpys_functions_build_terms(name: str) -> None:
    build: Any = NUMPY[name]
    t = build()
    assert isinstance(t, rg.Term)
    arrays = {v.data: a for v, a in VALUES.items()}
    saved = {n: globals()[n] for n in arrays}
    globals().update(arrays)  # the same expression over arrays
    try:
        expected = build()
    finally:
        globals().update(saved)
    np.testing.assert_allclose(t.eval(VALUES), expected, rtol=1e-12)


BINARY: list[Any] = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow,
          operator.lt, operator.le, operator.gt, operator.ge]
OTHERS: list[Any] = [y, VALUES[y], 2, 2.5, np.float64(1.5), np.int64(2), [1.0, 2.0, 3.0], (1, 2, 3)]


@pytest.mark.parametrize("op", BINARY, ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", OTHERS, ids=lambda o: type(o).__name__)
def test_operators_on_either_side(op: Any, other: Any) -> None:
    a, c = VALUES[x], VALUES[y] if other is y else np.asarray(other)
    with np.errstate(all="ignore"):
        for term, expected in ((op(x, other), op(a, c)), (op(other, x), op(c, a))):
            assert isinstance(term, rg.Term)
            np.testing.assert_array_equal(term.eval(VALUES), expected)


@pytest.mark.parametrize("op", [operator.and_, operator.or_, operator.xor], ids=lambda f: f.__name__)
def test_logic_operators_are_bitwise_on_integers(op: Any) -> None:
    for t in (b, i):
        for other in (t, True if t is b else 6):
            a = VALUES[t]
            np.testing.assert_array_equal(op(t, other).eval(VALUES), op(a, VALUES[other] if other is t else other))
            np.testing.assert_array_equal(op(other, t).eval(VALUES), op(VALUES[other] if other is t else other, a))


@pytest.mark.parametrize("op", [operator.neg, operator.pos, operator.abs, operator.invert], ids=lambda f: f.__name__)
def test_unary_operators(op: Any) -> None:
    for t in (i,) if op is operator.invert else (x, i):
        np.testing.assert_array_equal(op(t).eval(VALUES), op(VALUES[t]))
    np.testing.assert_array_equal((~b).eval(VALUES), ~VALUES[b])


METHODS: dict[str, dict[str, Any]] = {
    "sum": {}, "prod": {"axis": 1}, "mean": {"axis": 0}, "max": {"axis": 1}, "min": {}, "var": {}, "std": {"axis": 0},
    "all": {}, "any": {"axis": 0}, "ravel": {}, "transpose": {}, "squeeze": {}, "dot": {}}


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_numpys(name: str) -> None:
    more = (X,) if name == "dot" else ()
    found = getattr(X, name)(*more, **METHODS[name]).eval(VALUES)
    np.testing.assert_allclose(found, getattr(VALUES[X], name)(*[VALUES[m] for m in more], **METHODS[name]))


def test_properties_are_numpys() -> None:
    a = VALUES[X]
    assert (X.shape, X.ndim, X.size, X.dtype) == (a.shape, a.ndim, a.size, a.dtype)
    np.testing.assert_array_equal(X.T.eval(VALUES), a.T)
    np.testing.assert_array_equal(X[None].mT.eval(VALUES), np.matrix_transpose(a[None]))
    np.testing.assert_array_equal(X.reshape(9).eval(VALUES), X.reshape((9,)).eval(VALUES))
    np.testing.assert_array_equal((X + 2j).imag.eval(VALUES), np.full((3, 3), 2.0))
    np.testing.assert_array_equal(X.transpose(1, 0).eval(VALUES), a.T)


def test_every_public_name_is_documented_and_exists_in_numpy_or_scipy() -> None:
    """The namespace keeps NumPy's names; what is ours alone is listed here."""
    ours = {"astype", "sigmoid", "softplus", "diag_", "newaxis", "e", "pi", "inf", "nan"}
    for name, value in vars(rnp).items():
        if name.startswith("_") or name in ours or name in ("annotations", "linalg", "special", "fft", "random"):
            continue
        assert hasattr(np, name) or name in ("concat", "permute_dims", "matrix_transpose", "pow", "vecdot"), name
        assert isinstance(value, (str, rg.Op)) or value is None or value.__doc__, name
