"""Reductions of extreme vectors: values and gradients of what users write, in every linker, against mpmath."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import default
from relations_library.reductions import moments
from relgraph.numpy import exp, log, max, mean, sum
from relgraph.relations import theory
from relgraph.strategies import identity, normalize
from relgraph.terms.term import Term

from .extremes import BITS, ULP, inf

LINKERS = ("numpy", "c", "numba", "jax")
VECTORS = {
    "float64": [(0, 1, 2), (1000, 1000, 1000), (-1000, -1001, -1002), (1000, 0, -1000), (700, 701, 709), (1e8, 0, 1),
                (-1e8, -1e8, -1e8 - 1), (-inf, 0, 1), (1e-18, 0, 0), (1e8 + 1, 1e8 + 2, 1e8 + 4), (20, 0, -20)],
    "float32": [(0, 1, 2), (1000, 1000, 1000), (-1000, -1001, -1002), (1000, 0, -1000), (80, 81, 88), (1e4, 0, 1),
                (-1e4, -1e4, -1e4 - 1), (-inf, 0, 1), (1e-12, 0, 0), (1e4 + 1, 1e4 + 2, 1e4 + 4), (9, 0, -9)],
}
WEIGHTS = (0.5, 0.25, 2)  # what an element of a vector counts in the sum that is differentiated
softmax = rnp.special.softmax
Numbers = list[Any]


@dataclass(frozen=True)
class Row:
    """A reduction over the last axis as a user writes it, what it is, and the gradient of its weighted sum."""

    term: Callable[[Any], Any]
    value: Callable[[Numbers], Any]
    gradient: Callable[[Numbers], Numbers]
    terms: tuple[Any, Any] = (None, None)  # how large the terms are whose difference the value is, or the gradient
    rules: str = "default"


def inputs(v: Numbers) -> float:
    """Logarithms of sums are as large as what is summed."""
    return float(np.max([1.0, *[float(mp.fabs(a)) for a in v if mp.isfinite(a)]]))


def weights(v: Numbers) -> float:
    return float(np.max(WEIGHTS))


def lse(v: Numbers) -> Any:
    return mp.log(mp.fsum(map(mp.exp, v)))


def shares(v: Numbers) -> Numbers:
    total = mp.fsum(map(mp.exp, v))
    return [mp.exp(a) / total for a in v]


def of_softmax(v: Numbers) -> Numbers:
    s = shares(v)
    at = mp.fsum(c * p for c, p in zip(WEIGHTS, s, strict=True))
    return [p * (c - at) for c, p in zip(WEIGHTS, s, strict=True)]


def of_log_softmax(v: Numbers) -> Numbers:
    return [c - mp.fsum(WEIGHTS) * p for c, p in zip(WEIGHTS, shares(v), strict=True)]


def variance(v: Numbers) -> Any:
    m = mp.fsum(v) / len(v)
    return mp.fsum((a - m)**2 for a in v) / len(v)


def total(x: Any) -> Any:
    return sum(exp(x), axis=-1, keepdims=True)


def top(x: Any) -> Any:
    return max(x, axis=-1, keepdims=True)


def log_softmax(v: Numbers) -> Numbers:
    return [a - lse(v) for a in v]


def ones(x: Any) -> Any:
    """The label 1 for each row."""
    return rnp.ones_like(x[:, :1], dtype="int64")


def cells(p: Any) -> Any:
    """What each row has under the label 1."""
    return p[rnp.arange(p.shape[0]), rnp.ones(p.shape[0], dtype="int64")]


def halves(x: Any) -> Any:
    """A weight for each row that is no constant."""
    return 1 / (1 + rnp.exp(0 * x[:, 1]))


TABLE = {
    "logsumexp": Row(lambda x: log(sum(exp(x), axis=-1)), lse, shares),
    "logsumexp_kept": Row(lambda x: rnp.squeeze(log(total(x)), -1), lse, shares),
    "logsumexp_max": Row(lambda x: max(x, axis=-1) + log(sum(exp(x - top(x)), axis=-1)), lse, shares),
    "logmeanexp": Row(lambda x: log(mean(exp(x), axis=-1)), lambda v: lse(v) - mp.log(3), shares, (inputs, None)),
    "logsumexp_less": Row(lambda x: log(sum(3 * exp(x), axis=-1)), lambda v: lse(v) + mp.log(3), shares),
    "logaddexp": Row(lambda x: log(exp(x[..., 0]) + exp(x[..., 1]) + exp(x[..., 2])), lse, shares, (None, inputs)),
    "softmax": Row(lambda x: exp(x) / total(x), shares, of_softmax, (None, weights)),
    "softmax_max": Row(lambda x: exp(x - top(x)) / total(x - top(x)), shares, of_softmax, (None, weights)),
    "exp_log_softmax": Row(lambda x: exp(x - log(total(x))), shares, of_softmax, (None, weights)),
    "log_softmax": Row(lambda x: log(exp(x) / total(x)), log_softmax, of_log_softmax, (inputs, None)),
    "log_softmax_less": Row(lambda x: x - log(total(x)), log_softmax, of_log_softmax, (inputs, None)),
    **{f"cross_entropy{how}": Row(loss, lambda v: lse(v) - v[1], lambda v: [p - (i == 1) for i, p in enumerate(shares(v))],
                                  (inputs, None)) for how, loss in {
        "": lambda x: -log(exp(x) / total(x))[..., 1],
        "_read": lambda x: -log(softmax(x, -1)[..., 1]),
        "_weighted": lambda x: -2 * log((exp(x) / total(x))[..., 1]) / 2.0,
        "_take": lambda x: -log(rnp.take(softmax(x, -1), 1, axis=-1)),
        "_take_scaled": lambda x: 3 * log(1 / rnp.take(softmax(x, -1), np.array(1), axis=-1)) / 3,
        "_along": lambda x: -log(rnp.take_along_axis(softmax(x, -1), ones(x), axis=-1))[..., 0],
        "_cells": lambda x: -log(cells(softmax(x, -1))),
        "_cells_scaled": lambda x: -3 * log(cells(softmax(x, -1))) / 3.0,
        "_cells_weighted": lambda x: log(1 / cells(softmax(x, -1))) * halves(x) * 2.0,
        "_take_weighted": lambda x: -log(rnp.take(softmax(x, -1), ones(x)[0], axis=-1))[..., 0] * halves(x) * 2,
    }.items()},
    "variance": Row(lambda x: mean(x**2, axis=-1) - mean(x, axis=-1)**2, variance,
                    lambda v: [2 * (a - mp.fsum(v) / 3) / 3 for a in v], rules="moments"),
}


def slope(y: Term, x: Term) -> Term:
    return rg.grad(rnp.sum(y * np.array(WEIGHTS, x.dtype) if y.ndim == 2 else y), x)


@cache
def programs(dtype: str) -> dict[tuple[str, str], list[Term]]:
    """Value and gradient, differentiated as written and after rewriting."""
    x = rg.matrix("x", ("n", 3), dtype=dtype)
    out = {}
    for name, row in TABLE.items():
        rules = default if row.rules == "default" else normalize(theory(moments))
        y = row.term(x)
        z = rg.rewrite(y, rules)
        for way, t in (("written", y), ("rewritten", z)):
            out[name, way] = rg.function([x], [t, slope(t, x)], linker="numpy", rewrite=rules).term
    return out


@cache
def computed(linker: str, dtype: str) -> dict[Term, np.ndarray[Any, Any]]:
    outputs = list(dict.fromkeys(t for ts in programs(dtype).values() for t in ts))
    f = rg.function([rg.matrix("x", ("n", 3), dtype=dtype)], outputs, linker=linker, rewrite=identity)
    return dict(zip(outputs, f(np.array(VECTORS[dtype], dtype)), strict=True))


def wrong(found: np.ndarray[Any, Any], fn: Callable[[Numbers], Any], terms: Any, dtype: str) -> list[str]:
    """Vectors at which a result is not the true one; of a vector of results the largest one measures the error."""
    info, out = np.finfo(found.dtype), []
    for v, a in zip(np.array(VECTORS[dtype], dtype).tolist(), found.tolist(), strict=True):
        with mp.workprec(BITS):
            t = fn([mp.mpf(u) for u in v])
        got, true = (a, t) if isinstance(t, list) else ([a], [t])
        if not all(mp.isfinite(u) for u in true):
            continue
        allowed = ULP * float(np.max([float(mp.fabs(u)) for u in true])) + (4 * terms([mp.mpf(u) for u in v]) if terms else 0)
        if not all(abs(float(mp.mpf(g) - u)) <= float(info.eps) * allowed + 2 * float(info.tiny)
                   for g, u in zip(got, true, strict=True)):
            out.append(f"at {v}: {a} instead of {mp.nstr(t, 17)}")
    return out


# 2*x/n - 2*mean(x)/n: the gradient of two moments is a difference of numbers as large as x; rewritten before, it is right.
LOSES = {("variance", "written")}


@pytest.mark.parametrize("dtype", VECTORS)
@pytest.mark.parametrize("linker", LINKERS)
@pytest.mark.parametrize("name", TABLE)
def test_value_and_gradient(name: str, linker: str, dtype: str) -> None:
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    for way in ("written", "rewritten"):
        y, g = programs(dtype)[name, way]
        row = TABLE[name]
        for t, fn, terms in zip((y, g), (row.value, row.gradient), row.terms, strict=True):
            found = wrong(computed(linker, dtype)[t], fn, terms, dtype)
            if t is g and (name, way) in LOSES:
                assert found, "true after all; take it from the list"
            else:
                assert not found, f"{way}: {t!r}\n" + "\n".join(found)
