"""Extreme inputs: values and gradients of what users write, differentiated before and after rewriting, against mpmath.

The rewriting is the default pipeline's, of value and derivative together, as in ``rg.function([x], [y, rg.grad(rnp.sum(y), x)])``.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default, everything
from relations_library.pipelines import stable as stable_alone
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


def rewritten(name: str, *terms: Term) -> tuple[Term, ...]:
    """What a function of these outputs computes."""
    return tuple(rg.function(sorted(rg.free_inputs(*terms), key=str), list(terms), linker="numpy",
                             rewrite=pipeline(TABLE[name].rules)).term)


def inputs(dtype: str) -> tuple[Term, Term]:
    return rg.vector("x", "n", dtype=dtype), rg.vector("w", "n", dtype=dtype)


@cache
def programs(dtype: str) -> dict[tuple[str, str], tuple[Term, ...]]:
    """Value and gradient of every row: differentiated as written, after rewriting, and as part of a weighted sum."""
    x, w = inputs(dtype)
    out = {}
    for name, row in TABLE.items():
        y = row.term(x)
        out[name, "written"] = rewritten(name, y, slope(y, x))
        z = out[name, "written"][0]
        out[name, "rewritten"] = rewritten(name, z, slope(z, x))
        out[name, "weighted"] = rewritten(name, y, slope(y, x, w))
    return out


@cache
def computed(linker: str, dtype: str) -> dict[Term, Array]:
    """The value of every output, by one function."""
    outputs = list(dict.fromkeys(t for (_, way), ts in programs(dtype).items() for t in ts
                                 if way != "weighted" or linker == "numpy"))
    f = rg.function(inputs(dtype), outputs, linker=linker, rewrite=identity)
    at = points(dtype)
    return dict(zip(outputs, f(at, np.full_like(at, 2)), strict=True))


# What is not true yet, with the ways and the linkers' dtypes it is not true in.
UNTRUE = {("erfc_mills", "written"), ("erfc_mills", "weighted")}  # the difference of two terms as large as x**2 is of order 1


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
        of_value = wrong(values[y], value, at)
        assert not of_value, f"{way}, {y!r}\n" + "\n".join(of_value)
        times = 2 if way == "weighted" else 1
        of_gradient = wrong(values[g], tuple(None if t is None else times * t for t in gradient), at)
        if (name, way) in UNTRUE:
            assert of_gradient, "true after all; take it from the list"
        else:
            assert not of_gradient, f"gradient, {way}: {g!r}\n" + "\n".join(of_gradient)
