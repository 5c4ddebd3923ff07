"""What a compiled function takes for an argument, what it refuses, and what it says then; every linker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import InputError
from relgraph.linkers import NAMES
from relgraph.terms.type import DTYPES

INPUTS = {d.name: rg.vector(f"a_{d.name}", "n", dtype=d) for d in DTYPES}
x, i, s, X = rg.vector("x", "n"), rg.vector("i", "n", dtype="int64"), rg.scalar("s"), rg.matrix("X")
TAKE = {
    "x": (x, x * 2),
    "s": (s, s * 2),
    "X": (X, X * 2),
    "i": (i, i * 2),
    **{name: (t, rnp.where(rnp.equal(t, t), t, t)) for name, t in INPUTS.items()},
}
_made: dict[Any, Any] = {}


def double(name: str, linker: str) -> Any:
    """A function of one input that gives back (twice) what it got."""
    t, y = TAKE[name]
    if (name, linker) not in _made:
        _made[name, linker] = rg.function([t], y, linker=linker)
    return _made[name, linker]


class Series:
    """Something from another package that knows how to become an array."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.values, dtype)


class Broken:
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise RuntimeError("requires a gradient")


def readonly(a: Any) -> Any:
    a.flags.writeable = False
    return a


def unaligned(n: int) -> Any:
    a = np.zeros(8 * n + 1, np.uint8)[1:].view(np.float64)
    a[...] = np.arange(n)
    return a


UP = np.arange(3.0)
TAKEN: list[tuple[str, str, Callable[[], Any], Any]] = [
    ("an array", "x", lambda: UP, UP),
    ("a list", "x", lambda: [0, 1, 2], UP),
    ("a tuple", "x", lambda: (0, 1.0, 2), UP),
    ("numbers of NumPy", "x", lambda: [np.float32(0), np.int8(1), 2], UP),
    ("bools", "x", lambda: [False, True], UP[:2]),
    ("something with __array__", "x", lambda: Series([0, 1, 2]), UP),
    ("a range", "x", lambda: range(3), UP),
    ("a memoryview", "x", lambda: memoryview(UP.data), UP),
    ("read-only", "x", lambda: readonly(np.arange(3.0)), UP),
    ("byteswapped", "x", lambda: UP.astype(">f8"), UP),
    ("unaligned", "x", lambda: unaligned(3), UP),
    ("reversed", "x", lambda: np.arange(2.0, -1, -1)[::-1], UP),
    ("every other", "x", lambda: np.arange(0, 3, 0.5)[::2], UP),
    ("stride 0", "x", lambda: np.broadcast_to(2.0, (3,)), np.full(3, 2.0)),
    ("empty", "x", lambda: [], UP[:0]),
    ("a column", "x", lambda: np.arange(6.0).reshape(3, 2)[:, 0], UP * 2),
    ("long double", "x", lambda: UP.astype("g"), UP),
    ("half", "x", lambda: UP.astype("e"), UP),
    ("unmasked", "x", lambda: np.ma.array(UP), UP),
    ("Fortran order", "X", lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
    ("transposed", "X", lambda: np.arange(6.0).reshape(3, 2).T, np.arange(6.0).reshape(3, 2).T),
    ("no rows", "X", lambda: np.ones((0, 3)), np.ones((0, 3))),
    ("an integer", "s", lambda: 3, 3.0),
    ("a float", "s", lambda: 3.0, 3.0),
    ("a NumPy scalar", "s", lambda: np.float32(3), 3.0),
    ("an array without axes", "s", lambda: np.array(3), 3.0),
    ("a large integer", "s", lambda: 2**60, 2.0**60),
    ("integers", "i", lambda: [1, 2], [1, 2]),
    ("no integers", "i", lambda: [], []),
    ("unsigned", "i", lambda: np.array([7], "u8"), [7]),
]


@pytest.mark.parametrize("linker", NAMES)
def test_what_is_taken(linker: str) -> None:
    for what, name, make, wanted in TAKEN:
        given = make()
        found = double(name, linker)(given)
        wanted = np.asarray(wanted, TAKE[name][0].type.dtype) * 2
        assert type(found) is np.ndarray and found.dtype == wanted.dtype, what
        np.testing.assert_array_equal(found, wanted, err_msg=what)
        np.testing.assert_array_equal(np.asarray(given), np.asarray(make()), err_msg=f"{what} was changed")


REFUSED: list[tuple[str, str, Any, str]] = [
    ("float for int", "i", [1.0], r"i: expected int64\[n\], got float64, which would lose values; write i\.astype\('int64'\)"),
    ("NaN for int", "i", [np.nan], "would lose values"),
    ("complex for float", "x", [1j], r"got complex128.*dtype='complex128'"),
    ("int for bool", "bool", [1, 0], r"a_bool: expected bool\[n\], got int64, which would lose values"),
    ("300 for int8", "int8", [300, 2], r"expected int8\[n\], got int64 with values from 2 to 300 that do not fit"),
    ("-1 for uint8", "uint8", [-1], "values from -1 to -1 that do not fit; declare the input with dtype='int64'"),
    ("2**63 for int64", "i", np.array([2**63], "u8"), "do not fit; declare the input with dtype='uint64'"),
    ("1e300 for float32", "float32", [1e300], r"values from 1e\+300 to 1e\+300 that do not fit"),
    ("1e300j for complex64", "complex64", [1e300j], "complex128 with values that do not fit"),
    ("objects", "x", np.array([1.0, None], object), "got array of dtype object; convert the values to numbers first"),
    ("a string", "x", "abc", "got str of dtype <U3"),
    ("strings", "x", ["1"], "got list of dtype <U1"),
    ("None", "x", None, "got NoneType of dtype object"),
    ("a dict", "x", {}, "got dict of dtype object"),
    ("dates", "x", np.array(["2020-01-01"], "M8[D]"), r"datetime64\[D\]"),
    ("ragged", "x", [[1], [1, 2]], "got list, which is no array"),
    ("records", "x", np.zeros(2, [("a", "f8")]), "convert the values to numbers"),
    ("masked", "x", np.ma.array([1.0, 2], mask=[False, True]), r"masked elements; write x\.filled\(value\)"),
    ("something that raises", "x", Broken(), "got Broken, which is no array: requires a gradient"),
    ("a term", "x", x + 1, r"got the term add\(x, 1\.0\): float64\[n\]; compiled functions take values, write rg\.substitute"),
    ("a list of terms", "x", [s, s], "got the term s: float64"),
    ("a scalar for a vector", "x", 1.0, r"with 1 axis, got 0 axes: shape \(\); reshape it, or declare rg\.scalar\('x'\)"),
    ("a matrix for a vector", "x", np.ones((2, 2)), r"got 2 axes: shape \(2, 2\); reshape it, or declare rg\.matrix\('x'\)"),
    ("a vector for a scalar", "s", [1.0], r"s: expected float64 with 0 axes, got 1 axis: shape \(1,\).*rg\.vector\('s'\)"),
    ("three axes", "int8", np.ones((1, 1, 1), "int8"), r"rg\.tensor\('a_int8', ndim=3, dtype='int8'\)"),
]


@pytest.mark.parametrize("linker", NAMES)
def test_what_is_refused(linker: str) -> None:
    for what, name, given, message in REFUSED:
        with pytest.raises(InputError, match=f"(?s){message}"):
            double(name, linker)(given)
        with pytest.raises(InputError, match=f"^{TAKE[name][0].data}: "):
            double(name, linker)(given)
        assert what


f2 = rg.function([x, s], x * s)
CALLS: list[tuple[Callable[[], Any], str]] = [
    (lambda: f2(), r"^x: no value was given for x: float64\[n\], s: float64; the inputs are x: float64\[n\], s: float64$"),
    (lambda: f2(UP), "^s: no value was given for s: float64;"),
    (lambda: f2(s=1.0), r"^x: no value was given for x: float64\[n\];"),
    (lambda: f2(UP, 1.0, 2.0), r"^call: 3 arguments for 2 inputs: x: float64\[n\], s: float64$"),
    (lambda: f2(UP, 1.0, s=2.0), "^s: was given twice, by position and by name$"),
    (lambda: f2(UP, x=UP, s=1), "^x: was given twice"),
    (lambda: f2(UP, t=1.0), r"^t: there is no such input; the inputs are x: float64\[n\], s: float64$"),
    (lambda: f2(UP, 1.0, 2.0, t=1), "^t: there is no such input"),
]


@pytest.mark.parametrize("k", range(len(CALLS)))
def test_calls_that_do_not_fit(k: int) -> None:
    do, message = CALLS[k]
    with pytest.raises(InputError, match=message):
        do()


@pytest.mark.parametrize("linker", NAMES)
def test_arguments_by_name(linker: str) -> None:
    f = rg.function([x, s], x * s, linker=linker)
    for found in (f(UP, 2.0), f(UP, s=2.0), f(x=UP, s=2.0), f(s=2, x=[0, 1, 2])):
        np.testing.assert_array_equal(found, UP * 2)
    assert rg.function([], rnp.ones(2) + 1, linker=linker)().tolist() == [2.0, 2.0]


def attempt(f: Any, value: Any) -> tuple[Any, str]:
    """What a function answers, or why it refuses."""
    try:
        return f(value), ""
    except InputError as e:
        return None, str(e)


@pytest.mark.parametrize("linker", NAMES)
def test_every_dtype_is_taken_and_kept(linker: str) -> None:
    """Whatever is converted keeps its values up to rounding; the result has the declared dtype."""
    for name, t in INPUTS.items():
        f = double(name, linker)
        for given in DTYPES:
            values = np.array([0, 1]).astype(given)
            found, refusal = attempt(f, values)
            if refusal:
                assert not np.can_cast(given, t.type.dtype, "safe") and "would lose values" in refusal
                assert "biufc".index(given.kind) > "biufc".index(t.type.dtype.kind), (given, name)
            else:
                assert found.dtype == t.type.dtype and found.tolist() == [0, 1]
