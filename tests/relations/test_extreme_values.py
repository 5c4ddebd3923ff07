"""Extreme inputs: values and gradients of what users write, differentiated before and after rewriting, against mpmath.

Rewritten are value and derivative together, as in ``rg.function([x], [y, rg.grad(rnp.sum(y), x)])``.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, everything, stable
from relations_library.trigonometry import halves, secants, written_out
from relgraph.relations import theory
from relgraph.strategies import identity, normalize
from relgraph.terms.term import Term

from .extremes import TABLE, points, truth, wrong

DTYPES, LINKERS = ("float64", "float32"), ("numpy", "c", "numba", "jax")
Array = np.ndarray[Any, Any]


@cache
def pipeline(rules: str) -> Any:
    """The default pipeline, alone or joined with theories that are in none."""
    more: Any = {"halves": (halves,), "written out": (written_out, secants)}
    return default if rules == "default" else normalize(theory(everything, *more[rules], name=rules))


def slope(y: Term, x: Term, w: Any = 1) -> Term:
    return rg.grad(rnp.sum(w * y), x, disconnected="zero")


def inputs(dtype: str) -> tuple[Term, Term]:
    return rg.vector("x", "n", dtype=dtype), rg.vector("w", "n", dtype=dtype)


def rewritten(name: str, dtype: str, *terms: Term) -> tuple[Term, ...]:
    """What a function of these outputs computes."""
    return tuple(rg.function(inputs(dtype), list(terms), linker="numpy", rewrite=pipeline(TABLE[name].rules)).term)


@cache
def programs(dtype: str) -> dict[tuple[str, str], tuple[Term, ...]]:
    """Value and gradient of every row: differentiated as written, after rewriting, and as part of a weighted sum."""
    x, w = inputs(dtype)
    out = {}
    for name, row in TABLE.items():
        y = row.term(x)
        out[name, "written"] = rewritten(name, dtype, y, slope(y, x))
        z = out[name, "written"][0]
        out[name, "rewritten"] = rewritten(name, dtype, z, slope(z, x))
        out[name, "weighted"] = rewritten(name, dtype, y, slope(y, x, w))
    return out


@cache
def computed(linker: str, dtype: str) -> dict[Term, Array]:
    """The value of every output, by one function."""
    outputs = list(dict.fromkeys(t for (_, way), ts in programs(dtype).items() for t in ts
                                 if way != "weighted" or linker == "numpy"))
    f = rg.function(inputs(dtype), outputs, linker=linker, rewrite=identity)
    at = points(dtype)
    return dict(zip(outputs, f(at, np.full_like(at, 2)), strict=True))


def judged(name: str, way: str, found: list[str], loses: set[tuple[str, ...]], dtype: str = "") -> None:
    """Right where it is not listed; what is listed must be wrong somewhere, lest the list grows old."""
    if (name, way) in loses or (name, way, dtype) in loses:
        assert found, f"{name}, {way}: true after all; take it from the list"
    else:
        assert not found, f"{name}, {way}:\n" + "\n".join(found)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("linker", LINKERS)
@pytest.mark.parametrize("name", TABLE)
def test_value_and_gradient(name: str, linker: str, dtype: str) -> None:
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    at, values = points(dtype), computed(linker, dtype)
    value, gradient = truth(name, dtype, 0), truth(name, dtype, 1)
    assert sum(t is not None for t in gradient) >= 5
    for way in ("written", "rewritten", "weighted") if linker == "numpy" else ("written", "rewritten"):
        y, g = programs(dtype)[name, way]
        judged(name, f"value, {way}", wrong(values[y], value, at), set())
        times = 2 if way == "weighted" else 1
        judged(name, way, wrong(values[g], tuple(None if t is None else times * t for t in gradient), at), set())


# Second derivatives of terms as written: f''/f - (f'/f)**2 and the like, which no equation takes together again.
LOSES_TWICE = {
    *[(name, "written") for name in ("log_sinh", "log_add_exp", "log_add_exps",
                                     "log_one_add_exps", "log_diff_exp", "exp_share", "odds", "inverse_odds", "arcsinh_log")],
    ("log_odds", "written"),  # zero, found as rounding errors
    ("erfinv_erf", "written", "float32"),  # as these
    ("softplus_max", "written"),  # at 0, where abs has no derivative
    ("erfc_mills", "written"), ("erfc_mills", "rewritten"), ("log_ndtr", "written"),  # x**2 times what they are, twice, apart
    ("arctanh_log", "written"),  # odd around 0, as a difference of two numbers near 1
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", TABLE)
def test_second_derivative(name: str, dtype: str) -> None:
    """Differentiated twice, then rewritten; and rewritten before, between and after."""
    x, _ = inputs(dtype)
    at, true = points(dtype), truth(name, dtype, 2)
    assert sum(t is not None for t in true) >= 5
    y = TABLE[name].term(x)
    for way in ("written", "rewritten"):
        g = slope(y, x) if way == "written" else programs(dtype)[name, way][1]
        t, = rewritten(name, dtype, slope(g, x))
        found, = rg.function([x], [t], linker="numpy", rewrite=identity)(at)
        judged(name, way, wrong(found, true, at), LOSES_TWICE, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_stable_pipeline_alone(dtype: str) -> None:
    """Values, and gradients of what it makes of a term, without the rules of algebra."""
    x, _ = inputs(dtype)
    algebra = ("exp_over_exp", "exp_share")  # 2*x - x
    names = [n for n, row in TABLE.items() if row.rules == "default" and n not in algebra]
    values = [rg.rewrite(TABLE[n].term(x), stable) for n in names]
    found = rg.function([x], [*values, *[slope(y, x) for y in values]], linker="numpy", rewrite=stable)(points(dtype))
    for i, n in enumerate(names):
        judged(n, "value", wrong(found[i], truth(n, dtype, 0), points(dtype)), set())
        judged(n, "gradient", wrong(found[len(names) + i], truth(n, dtype, 1), points(dtype)), set())
