"""Result dtypes are NumPy's, of arrays and of weak Python numbers (NEP 50); where NumPy says float16, float32 is used."""

from __future__ import annotations

import importlib
import itertools
import operator
import warnings
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import DTypeError
from relgraph.terms import rows
from relgraph.terms.term import Op
from relgraph.terms.type import DTYPES, as_dtype

_NAMES = {"bitwise_invert": "invert"}
UFUNCS = {name: getattr(np, _NAMES.get(name, name)) for name, op in rows().items()
          if op.kind == "elementwise" and isinstance(getattr(np, _NAMES.get(name, name), None), np.ufunc)}

# (row, dtype kinds) where the rules differ on purpose
STRICTER = {
    "reciprocal": "biu",  # 1/x: integers become floats
    "maximum": "c", "minimum": "c", "sign": "c", "less": "c", "less_equal": "c", "greater": "c",
    "greater_equal": "c",  # complex numbers have no order
    "expm1": "c", "log1p": "c", "log2": "c", "log10": "c", "arctan": "c", "exp2": "c", "rint": "c",  # no lowering in C
    "arcsin": "c", "arccos": "c", "arcsinh": "c", "arccosh": "c", "arctanh": "c",
    "trunc": "b", "floor_divide": "b", "remainder": "b", "power": "b", "floor": "b", "ceil": "b", "conj": "b",
}


def numpys(fn: Any, *operands: Any) -> np.dtype[Any] | None:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = fn(*operands).dtype
    except TypeError:
        return None
    return np.dtype("float32") if found == np.float16 else found


def ours(op: Op, *operands: Any) -> np.dtype[Any] | None:
    try:
        return op(*operands).type.dtype
    except DTypeError:
        return None


@pytest.mark.parametrize("name", UFUNCS)
def test_dtype_rule_is_numpys(name: str) -> None:
    op = rows()[name]
    wrong = []
    for dtypes in itertools.product(DTYPES, repeat=op.arity):
        if np.result_type(*dtypes).kind in STRICTER.get(name, ""):
            continue
        expected = numpys(UFUNCS[name], *[np.ones(2, d) for d in dtypes])
        found = ours(op, *[rg.vector("x", 2, dtype=d) for d in dtypes])
        if found != expected:
            wrong.append((*map(str, dtypes), str(found), str(expected)))
    assert not wrong


@pytest.mark.parametrize("name", [n for n in UFUNCS if rows()[n].arity == 2])
@pytest.mark.parametrize("number", [True, 1, 1.0, 1j], ids=repr)
def test_a_python_number_is_weak(name: str, number: complex) -> None:
    op, fn = rows()[name], UFUNCS[name]
    wrong = []
    for d in DTYPES:
        if np.result_type(d, number).kind in STRICTER.get(name, ""):
            continue
        for flip in (False, True):
            a, x = np.ones(2, d), rg.vector("x", 2, dtype=d)
            expected = numpys(fn, *((number, a) if flip else (a, number)))
            found = ours(op, *((number, x) if flip else (x, number)))
            if found != expected:
                wrong.append((str(d), flip, str(found), str(expected)))
    assert not wrong


@pytest.mark.parametrize(("dtype", "number"), [("int8", 128), ("int8", -129), ("uint8", -1), ("uint8", 256), ("int32", 2**31),
                                               ("uint64", -1), ("int64", 2**63)])
def test_an_integer_that_does_not_fit_is_refused(dtype: str, number: int) -> None:
    with pytest.raises(DTypeError, match=f"the Python integer {number} does not fit {dtype}; write"):
        rg.vector("x", dtype=dtype) + number


@pytest.mark.parametrize("op", [operator.and_, operator.or_, operator.xor], ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", [5, True, np.int8(6), np.array([2, 3]), np.array([True, False])], ids=repr)
def test_truth_values_beside_numbers_are_numbers(op: Any, other: Any) -> None:
    """``mask ^ 5`` is 4 or 5, ``mask ^ True`` a truth value, on either side."""
    p, mask = rg.vector("p", 2, dtype="bool"), np.array([True, False])
    for term, wanted in [(op(p, other), op(mask, other)), (op(other, p), op(other, mask))]:
        assert term.type.dtype == wanted.dtype
        np.testing.assert_array_equal(term.eval({p: mask}), wanted)


def test_numpy_scalars_are_not_weak() -> None:
    x = rg.vector("x", dtype="float32")
    assert (x + 1.0).dtype == "float32" and (x + np.float64(1)).dtype == "float64"
    assert (rg.vector("i", dtype="int8") + np.int64(1)).dtype == "int64"


def test_where_promotes_its_branches_only() -> None:
    c = rg.vector("c", dtype="float64")
    assert rnp.where(c > 0, rg.vector("a", dtype="float32"), 0).dtype == "float32"
    assert rnp.where(c, rg.vector("a", dtype="int8"), 1).dtype == "int8"


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "all", "any"])
def test_reductions_have_numpys_dtype(name: str, dtype: np.dtype[Any]) -> None:
    if dtype.kind == "c" and name in ("max", "min"):
        with pytest.raises(DTypeError):
            getattr(rnp, name)(rg.vector("x", dtype=dtype))
        return
    assert getattr(rnp, name)(rg.vector("x", dtype=dtype)).dtype == getattr(np, name)(np.ones(2, dtype)).dtype


@pytest.mark.parametrize(("given", "name"), [(float, "float64"), (int, "int64"), (bool, "bool"), (complex, "complex128"),
                                             ("float32", "float32"), (np.int8, "int8"),
                                             (np.dtype("u2"), "uint16"), (">f8", "float64")])
def test_dtypes_have_many_spellings(given: Any, name: str) -> None:
    assert as_dtype(given).name == name


@pytest.mark.parametrize("given", ["float16", "object", "U5", "datetime64[s]", "longdouble", "nonsense", None.__class__])
def test_other_dtypes_are_refused(given: Any) -> None:
    with pytest.raises(DTypeError, match="is not a dtype of relgraph; use one of bool, int8"):
        as_dtype(given)


def test_the_default_float_is_float64_until_it_is_set() -> None:
    assert rg.scalar("s").dtype == rnp.zeros(2).dtype == rnp.asarray(1.5).dtype == "float64"
    rg.set_default_float("float32")
    try:
        assert rg.scalar("s").dtype == rnp.zeros(2).dtype == rnp.ones(2).dtype == rnp.eye(2).dtype == "float32"
        assert rnp.asarray(1.5).dtype == rg.scalar("s", dtype=float).dtype == "float32"
    finally:
        rg.set_default_float("float64")
    with pytest.raises(DTypeError, match="use float32 or float64"):
        rg.set_default_float("int64")


COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")


@pytest.mark.parametrize("linker", ["numpy", "c", "numba", "jax"])
def test_signed_and_unsigned_integers_are_compared_exactly(linker: str) -> None:
    """The common dtype of int64 and uint64 is float64, in which 2**53 and 2**53 + 1 are one number; NumPy compares them."""
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    u = np.array([0, 5, 2**53 + 1, 2**63, 2**64 - 1, 2**64 - 1, 7], "uint64")
    i = np.array([0, -5, 2**53, -2**63, -1, 2**63 - 1, 7], "int64")
    x, y, z = rg.vector("x", "n", "uint64"), rg.vector("y", "n", "int64"), rg.vector("z", "n", "int8")
    pairs = [(x, y, u, i), (y, x, i, u), (x, z, u, i.astype("int8")), (z, x, i.astype("int8"), u)]
    for s, t, a, b in pairs:
        found = rg.function([s, t], [getattr(rnp, name)(s, t) for name in COMPARISONS], linker=linker)(a, b)
        for name, got in zip(COMPARISONS, found, strict=True):
            np.testing.assert_array_equal(got, getattr(np, name)(a, b), err_msg=name)
    assert bool(rnp.less(np.array(-1), x).eval({x: u}).all()) and bool((x > y).eval({x: u, y: i})[2])
