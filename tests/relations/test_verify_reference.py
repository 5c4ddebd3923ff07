"""The `reference` column of every row against its NumPy meaning."""

from __future__ import annotations

import itertools
import math
from typing import Any

import instances as examples
import mpmath
import numpy as np
import pytest
from instances import Instance

import relgraph.numpy as rnp
from relgraph.relations import lvars
from relgraph.relations.verify import measure
from relgraph.relations.verify.exact import Beyond, evaluate_exactly, exactly, workprec
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Op, const
from relgraph.terms.type import TupleType

ROWS = [op for op in examples.testable() if op.kind not in ("binder", "attribute_function")]


def as_floats(a: Any) -> Any:
    return np.array([complex(v) for v in a.flat]).reshape(a.shape) if a.dtype == object else a.astype(complex)


def without_choice(name: str, found: Any) -> Any:
    """Vectors are given up to a sign or a phase, and up to a rotation where values repeat: what products of them are."""
    values, left, right = (found[0], found[1], h(as_floats(found[1]))) if name == "eigh" else (found[1], found[0], found[2])
    values, left, right = map(as_floats, (values, left, right))
    return values, (left * values[..., None, :]) @ right, h(left) @ left, right @ h(right)


def h(a: Any) -> Any:
    return np.conj(np.swapaxes(a, -1, -2))


def in_order(name: str, found: Any) -> Any:
    """Eigenvalues in the order of their sizes: LAPACK gives them, and the vectors beside them, in any."""
    if name == "qz":  # as of one matrix
        s, t, q, z = map(as_floats, found)
        zh = np.conj(np.swapaxes(z, -1, -2))
        assert not np.any(np.tril(s, -1)) and not np.any(np.tril(t, -1))
        diagonals = [np.diagonal(x, axis1=-2, axis2=-1) for x in (s, t)]
        return np.sort(diagonals[0] / diagonals[1]), np.concatenate([q @ s @ zh, q @ t @ zh], -1)
    if name == "schur":  # what stands above them depends on the order; a product with the vectors gives the matrix back
        t, z = map(as_floats, found)
        assert not np.any(np.tril(t, -1))
        return np.sort(np.diagonal(t, axis1=-2, axis2=-1)), z @ t @ np.conj(np.swapaxes(z, -1, -2))
    if name == "eigvals":
        return np.sort(as_floats(found))
    values, vectors = map(as_floats, found)
    order = np.argsort(values)
    return np.take_along_axis(values, order, -1), np.take_along_axis(np.abs(vectors), order[..., None, :], -1)


def near(found: Any, value: Any, single: bool) -> None:
    defined = ~np.isnan(as_floats(found)) & np.isfinite(value)
    size = max(1.0, float(np.max(np.abs(value[defined])))) if np.any(defined) else 1.0
    assert found.shape == value.shape
    assert np.all(np.abs(as_floats(found) - value)[defined] <= (1e-3 if single else 1e-9) * size)


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_reference_is_what_numpy_approximates(op: Op) -> None:
    tried = 0
    for instance in examples.instances(op, few=True)[:6]:
        tried += check(instance)
    assert tried


def check(instance: Instance) -> int:
    t, inputs = instance.term()
    if t in inputs or t.op.name != instance.op.name:
        return 1  # `conj` of a real term is the term
    values = dict(zip(inputs, instance.arrays, strict=True))
    computed = evaluate([t], values)[0]
    with workprec(200):
        try:
            found = evaluate_exactly(t, {x: exactly(a, x.type.dtype) for x, a in values.items()})
        except (Beyond, OverflowError):
            return 1
    single = any(a.dtype.itemsize <= 4 or a.dtype.name == "complex64" for a in instance.arrays)
    if instance.op.name in ("eig", "eigvals", "schur", "qz"):
        found, computed = in_order(instance.op.name, found), in_order(instance.op.name, computed)
    if instance.op.name == "qr":  # unique up to signs
        near(np.abs(as_floats(found[1])), np.abs(computed[1]), single)
    elif type(t.type) is TupleType:
        if instance.op.name in ("eigh", "svd"):
            found, computed = without_choice(instance.op.name, found), without_choice(instance.op.name, computed)
        for a, b in zip(found, computed, strict=True):
            near(a, b, single)
    else:
        near(found, computed, single)
    return 1


def exact(t: Any, **values: float) -> Any:
    from relgraph.terms.operators import free_inputs
    with workprec(3400):
        return evaluate_exactly(t, {x: exactly(np.float64(values[x.data]), x.type.dtype) for x in free_inputs(t)})[()]


def test_range_and_precision_are_unlimited() -> None:
    import relgraph as rg
    import relgraph.numpy as rnp
    x, y = rg.scalar("x"), rg.scalar("y")
    assert float(exact(rnp.log(rnp.exp(x)), x=1000)) == 1000
    assert float(exact((x + y) - x, x=1.7e308, y=5e-324)) == 5e-324
    assert float(exact(x * x / x, x=1e200)) == 1e200


def test_outside_the_domain_is_undefined() -> None:
    import relgraph as rg
    import relgraph.numpy as rnp
    x, z = rg.scalar("x"), rg.scalar("z", dtype="complex128")
    for t in (rnp.log(x), rnp.sqrt(x), rnp.log1p(x - 1), x ** 0.5, rnp.log(x * 0), 1 / (x * 0)):
        assert math.isnan(exact(t, x=-1.0))
    assert not math.isnan(complex(exact(rnp.sqrt(z), z=-1.0)).imag)
    assert math.isnan(exact(rnp.where(rnp.log(x) > 0, 1.0, x), x=-1.0))
    assert float(exact(rnp.where(x < 0, x, rnp.log(x)), x=-1.0)) == -1.0


def test_what_is_too_far_out_is_refused() -> None:
    import relgraph as rg
    import relgraph.numpy as rnp
    x = rg.scalar("x")
    for value in (1e16, 1e5):
        with pytest.raises((Beyond, OverflowError)):
            exact(rnp.exp(x), x=value)


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_where_eigenvalues_repeat_the_reference_has_a_basis_of_its_own(dtype: str) -> None:
    import relgraph as rg
    import relgraph.numpy as rnp
    x, a = rg.matrix("x", shape=(4, 4), dtype=dtype), np.diag([2.0, 1.0, 2.0, 2.0]).astype(dtype)
    vectors: list[Any] = []
    for t, bits in itertools.product((x, 2 * x), (300, 1400)):
        with workprec(bits):
            vectors.append(as_floats(evaluate_exactly(rnp.linalg.eigh(t)[1], {x: exactly(a, x.type.dtype)})))
    one, same, twice, _ = vectors
    assert np.allclose(h(one) @ one, np.eye(4)) and np.allclose(a @ one, one * [1, 2, 2, 2])
    assert np.array_equal(one, same) and not np.allclose(np.abs(one), np.abs(twice))
    assert np.all(np.abs(one[[0, 2, 3], 1:]) > 0.01)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ["pi", "-pi/4", "2/sqrt(pi)", "sqrt(0.5)", "log(2)", "log(10)", "log(2*pi)/2", "1/sqrt(2*pi)"])
def test_the_float_nearest_to_a_number_with_a_name_is_that_number(name: str, dtype: str) -> None:
    with workprec(500):
        number = eval(name, dict(vars(mpmath)))
        nearest = const(np.dtype(dtype).type(float(number)), dtype)
        another = const(np.nextafter(nearest.data, nearest.data.dtype.type(9)), dtype)
        assert abs(evaluate_exactly(nearest, {})[()] - number) < mpmath.mpf(2) ** -490
        assert evaluate_exactly(another, {})[()] == mpmath.mpf(float(another.data))


def test_an_equation_with_such_a_number_is_judged_by_all_its_bits() -> None:
    """Far out `erfcx` is the number over x but for a part in x**2, and any other number is wrong by more than is left."""
    x, = lvars("x")
    erfcx, ratio, number = rnp.special.erfcx(x), rnp.special.erfc_ratio(x, 1), 2 / math.sqrt(math.pi)
    assert measure("slope", number - 2*x*erfcx, 2*ratio*erfcx).mark("->") == "repairs"
    for wrong in (np.nextafter(number, 0), np.nextafter(number, 2)):
        assert measure("slope", float(wrong) - 2*x*erfcx, 2*ratio*erfcx).safety("->") == "false"
