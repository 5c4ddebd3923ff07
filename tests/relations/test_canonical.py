"""The normal form: its laws as a table, read backwards by `present`, values kept within the safety class."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.relations.canonical import exact_build
from relgraph.relations.constants import number_of, same_number
from relgraph.relations.engine import Engine
from relgraph.relations.forms import normal
from relgraph.relations.order import sort_key
from relgraph.relations.present import present
from relgraph.terms.term import Term, const, toposort, weak
from relgraph.terms.type import Type

from .expressions import ARITHMETIC, DTYPES, expression, inputs, value, values

x, y, z = (rg.vector(n, shape="n") for n in "xyz")
f, g = (rg.vector(n, shape="n", dtype="float32") for n in "fg")
i, j = (rg.vector(n, shape="n", dtype="int8") for n in "ij")
u, v = (rg.vector(n, shape="n", dtype="uint8") for n in "uv")
p, q = (rg.vector(n, shape="n", dtype="bool") for n in "pq")
w = rg.vector("w", shape="n", dtype="complex128")
s = rg.scalar("s")
recip = rnp.reciprocal

# what is one term in normal form
SAME: dict[str, tuple[Any, Any]] = {
    "negative zero": (x + const(-0.0, "float64"), x),
    "commutative": (x + y, y + x),
    "associative": ((x + y) + z, x + (y + z)),
    "difference": (x - y, x + (-y)),
    "quotient": (x / y, x * recip(y)),
    "inverse twice": (-(-x), x),
    "reciprocal twice": (recip(recip(x)), x),
    "inverse of a sum": (-(x - y), y - x),
    "reciprocal of a product": (recip(x * y), recip(x) * recip(y)),
    "reciprocal of a quotient": (recip(x / y), y / x),
    "sign of a product": ((-x) * y, -(x * y)),
    "two signs": ((-x) * (-y), x * y),
    "sign of a reciprocal": (recip(-x), -recip(x)),
    "sign of an odd power": ((-x)**3, -(x**3)),
    "sign of an even power": ((-x)**2, x**2),
    "power of a product": ((x * y)**2, x**2 * y**2),
    "power of a power": ((x**2)**3, x**6),
    "negative power": (x**-2, recip(x**2)),
    "power of a reciprocal": (recip(x)**2, recip(x**2)),
    "power one": (x**1, x),
    "power zero": (x**0, rnp.ones_like(x)),
    "zero is the unit": (x + 0, x),
    "one is the unit": (1 * x, x),
    "minus one": (-1 * x, -x),
    "numbers of a sum": (2 + x + 3, x + 5),
    "numbers of a product": (2 * x * 3, x * 6),
    "exact numbers": (x * 0.1 * 3, x * (3 * 0.1)),
    "half": (x / 2, 0.5 * x),
    "sum in a product": ((x - y) * z, -((y - x) * z)),
    "sum in an even power": ((x - y)**2, (y - x)**2),
    "sum in an odd power": ((x - y)**3, -((y - x)**3)),
    "float32": (f * 2 / 4, f * 0.5),
    "integers of a sum": (i + 100 + 100, i - 56),
    "integers of a product": (i * -1, -i),
    "integer signs": ((-i) * j, -(i * j)),
    "unsigned difference": (u - v, u + (-v)),
    "logical sum": (p + q, q + p),
    "complex": (w * 2 - w, -w + 2 * w),
}

# what the form leaves alone: these are relations with guards
DIFFERENT: dict[str, tuple[Any, Any]] = {
    "x - x": (x - x, rnp.zeros_like(x)),
    "x / x": (x / x, rnp.ones_like(x)),
    "x + x": (x + x, 2 * x),
    "0 * x": (0 * x, rnp.zeros_like(x)),
    "distribution": (x * (y + z), x * y + x * z),
    "roots": ((x**2)**0.5, x),
    "casts between": ((f + g) + x, f + (g + x)),
    "integer division": (i / 2, i * 0),
    "overflow": (x * 1e300 * 1e300, x * np.inf),
    "underflow": (x * 1e-300 * 1e-300, 0 * x),
}


@pytest.mark.parametrize("name", SAME)
def test_laws(name: str) -> None:
    left, right = SAME[name]
    assert normal(left) is normal(right), (normal(left), normal(right))


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_the_form_leaves_alone(name: str) -> None:
    left, right = DIFFERENT[name]
    assert normal(left) is not normal(right)


@pytest.mark.parametrize("name", [*SAME, *DIFFERENT])
def test_the_form_has_the_type_of_the_term(name: str) -> None:
    for t in (SAME | DIFFERENT)[name]:
        assert normal(t).type is t.type
        assert present([normal(t)])[0].type is t.type


@pytest.mark.parametrize(("term", "shown"), [
    (y + (-x), "y - x"), (-x - y, "-(x + y)"), (recip(y) * x, "x/y"), (x * recip(y) * recip(z), "x/y/z"), (x * (1 / 3), "x/3"),
    (-2 * x, "-2*x"), (1 - x, "1 - x"), (recip(x), "1/x"), (-(x * y), "-(x*y)"), (x * s * 3, "3*s*x"), (x * 0.1, "0.1*x"),
], ids=str)
def test_how_it_is_shown(term: Term, shown: str) -> None:
    assert str(rg.show(present([normal(term)])[0], types=False)) == shown


def test_wide_shared_sums_stay_nodes() -> None:
    terms = [rg.scalar(f"t{k}") for k in range(20)]
    wide = terms[0]
    for t in terms[1:]:
        wide = wide + t
    assert len(normal(wide + s).args) == 21  # one parent: flattened
    assert len(normal(rnp.exp(wide) + (wide + s)).args) == 3  # two parents: exp(wide), s, wide


@pytest.mark.parametrize(("number", "value", "same"), [
    (const(0.1, "float32"), 0.1, True), (const(0.1, "float64"), 0.1, True), (const(np.float64(np.float32(0.1))), 0.1, False),
    (const(-0.0, "float64"), 0, False), (const(-0.0, "float64"), -0.0, True), (const(0.0, "float32"), 0, True),
    (const(2, "int8"), 2, True), (const(1, "int8"), 1.5, False), (const(np.ones((2, 3))), 1, True),
    (const(np.array([1.0, 2.0])), 1, False), (const(np.array([0.0, -0.0])), 0, False), (const(np.zeros(0)), 0, False),
    (const(np.nan), np.nan, True), (const(np.nan), 0.0, False), (const(np.inf), np.inf, True),
    (const(np.inf, "float32"), 1e300, False),
    (const(2**60, "float64"), 2**60 + 1, True), (weak(1), 1.0, True), (weak(-0.0), 0, False),
    (rnp.broadcast_to(const(2.0), (3,)), 2, True), (x, 1, False), (const(1 + 0j), 1, True), (const(True), 1, True),
])
def test_same_number(number: Term, value: Any, same: bool) -> None:
    assert same_number(number, value) is same


def test_constants_round_once() -> None:
    """The nearest number to the exact product of the constants."""
    c = normal(x * 0.1 * 3 * 7).args[0]
    assert number_of(c) == float(Fraction(0.1) * 21)


# -- random expressions ----------------------------------------------------------------------------------------------------

LEAVES = inputs(DTYPES)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 14))
def test_what_is_shown_has_the_same_form(seed: int, size: int) -> None:
    t = expression(random.Random(seed), LEAVES, size)
    form = normal(t)
    assert form.type is t.type
    assert normal(form) is form
    shown = present([form])[0]
    assert shown.type is t.type
    assert normal(shown) is form


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 10))
def test_values_are_kept(seed: int, size: int) -> None:
    rng = random.Random(seed)
    dtype = rng.choice(DTYPES)
    leaves = inputs([dtype])
    t = expression(rng, leaves, size, ARITHMETIC[:7])
    at = values(np.random.default_rng(seed), leaves)
    before, after = value(t, at), value(present([normal(t)])[0], at)
    assert before.dtype == after.dtype and before.shape == after.shape
    dtypes = {n.type.dtype for n in toposort(t) if isinstance(n.type, Type)}
    if not any(d.kind in "fc" for d in dtypes):
        np.testing.assert_array_equal(before, after)
        return
    usual = np.isfinite(before) & np.isfinite(after) & (np.abs(before) < 1e30)
    one, other = np.where(usual, before, 0), np.where(usual, after, 0)
    tolerance = 2e-3 if any(d.name in ("float32", "complex64") for d in dtypes) else 1e-7
    np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * max(1.0, float(np.max(np.abs(one), initial=0))))


EXACT = Engine((), make_node=exact_build, flatten=False)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 12))
def test_the_exact_form_keeps_every_bit(seed: int, size: int) -> None:
    t = expression(random.Random(seed), LEAVES, size)
    at = values(np.random.default_rng(seed), LEAVES)
    form = EXACT.normalize([t])[0]
    assert EXACT.normalize([form])[0] is form and form.type is t.type
    np.testing.assert_array_equal(value(t, at), value(form, at))


def test_the_exact_form() -> None:
    def exact(t: Term) -> Term:
        return EXACT.normalize([t])[0]
    assert exact(x - y) is exact(x + (-y)) and exact(x + y) is exact(y + x) and exact(-(-x)) is x
    assert exact(recip(recip(x))) is not x and exact((x + y) + z) is not exact(x + (y + z)) and exact(x + 0) is not x


# -- order -----------------------------------------------------------------------------------------------------------------

def test_keys_are_short_at_any_depth() -> None:
    t = x
    for _ in range(2000):
        t = rnp.tanh(t)
    assert len(sort_key(t)) <= 65
    assert sort_key(const(1.0)) < sort_key(x) < sort_key(rnp.exp(x))


def test_long_numbers_and_names_have_keys_of_their_own() -> None:
    long = "n" * 80
    keys = {sort_key(rg.vector(long + "1")), sort_key(rg.vector(long + "2")), sort_key(rg.vector(long + "1", dtype="float32"))}
    assert len(keys) == 3
