"""The stable forms at extreme inputs: value and gradient of the rewritten term in every linker, against mpmath."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.algebra import arithmetic, signs
from relations_library.facts import signs as facts
from relations_library.special import error_tails
from relations_library.stable import stable
from relations_library.trigonometry import halves, secants, written_out
from relgraph.numpy import abs, cos, cosh, exp, expm1, log, log1p, logaddexp, maximum, sigmoid, sinh, softplus, sqrt
from relgraph.relations import FOLDING, theory
from relgraph.strategies import normalize

erf, erfc, erfcx, erfinv = rnp.special.erf, rnp.special.erfc, rnp.special.erfcx, rnp.special.erfinv
log1mexp, logit, log_ndtr = rnp.special.log1mexp, rnp.special.logit, rnp.special.log_ndtr
LINKERS = [n for n in ("numpy", "c", "numba", "jax")]
RULES = {"stable": theory(FOLDING, error_tails, stable, signs, facts), "halves": theory(halves),
         "written out": theory(written_out, secants, stable, arithmetic)}
inf = math.inf
ULP = 256  # of exp(x) the error is x*eps; SciPy's log_ndtr and XLA's log1p and erfc err by half of it
WIDE = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-18, -1e-18, 2.0**-55, -(2.0**-55), 1 - 2.0**-53, 2.0**-55 - 1, 1 + 2.0**-52,
        1e-9, -1e-9, 20.0, -20.0, 37.0, -37.0, 700.0, -700.0, 1000.0, -1000.0, 1e8, -1e8, 1e-300, inf, -inf]
SINGLE = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-12, -1e-12, 2.0**-26, -(2.0**-26), 1 - 2.0**-24, 2.0**-26 - 1, 9.0, -9.0,
          17.0, -17.0, 80.0, -80.0, 100.0, -100.0, 1000.0, -1000.0, 1e-30, inf, -inf]


@dataclass(frozen=True)
class Row:
    """A term as a user writes it, what it is, and its derivative; both on mpmath numbers."""

    term: Callable[[Any], Any]
    value: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    rules: str = "stable"
    least: float = -math.inf  # below it 1/erfcx(x) is zero, and its derivative a product of zero and infinity


def sig(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def soft(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def mills(x: Any) -> Any:
    """What ``exp(-x**2)`` is of ``erfc(x)``."""
    return mp.exp(-x * x) / mp.erfc(x)


TABLE = {
    "log_one_plus": Row(lambda x: log(1 + x), mp.log1p, lambda x: 1 / (1 + x)),
    "exp_minus_one": Row(lambda x: exp(x) - 1, mp.expm1, mp.exp),
    "log_exp": Row(lambda x: log(exp(x)), lambda x: x, lambda x: mp.mpf(1)),
    "log_square": Row(lambda x: log(x**2), lambda x: 2 * mp.log(mp.fabs(x)), lambda x: 2 / x),
    "log_expm1": Row(lambda x: log(expm1(x)), lambda x: x + mp.log(-mp.expm1(-x)), lambda x: 1 / -mp.expm1(-x)),
    "softplus": Row(lambda x: log(1 + exp(x)), soft, sig),
    "sigmoid": Row(lambda x: 1 / (1 + exp(-x)), sig, lambda x: sig(x) * sig(-x)),
    "sigmoid_ratio": Row(lambda x: exp(x) / (1 + exp(x)), sig, lambda x: sig(x) * sig(-x)),
    "sigmoid_compl": Row(lambda x: 1 - sigmoid(x), lambda x: sig(-x), lambda x: -sig(x) * sig(-x)),
    "log_sigmoid": Row(lambda x: log(1 / (1 + exp(-x))), lambda x: -soft(-x), lambda x: sig(-x)),
    "log_one_minus_sigmoid": Row(lambda x: log(1 - sigmoid(x)), lambda x: -soft(x), lambda x: -sig(x)),
    "sigmoid_odds": Row(lambda x: log(sigmoid(x) / (1 - sigmoid(x))), lambda x: x, lambda x: mp.mpf(1)),
    "log1mexp": Row(lambda x: log(1 - exp(x)), lambda x: mp.log(-mp.expm1(x)), lambda x: mp.exp(x) / mp.expm1(x)),
    "softplus_less": Row(lambda x: softplus(x) - x, lambda x: soft(-x), lambda x: -sig(-x)),
    "softplus_max": Row(lambda x: maximum(x, 0) + log1p(exp(-abs(x))), soft, sig),
    "expm1_softplus": Row(lambda x: expm1(softplus(x)), mp.exp, mp.exp),
    "exp_neg_softplus": Row(lambda x: exp(-softplus(x)), lambda x: sig(-x), lambda x: -sig(x) * sig(-x)),
    "log_sinh": Row(lambda x: log(sinh(x)), lambda x: mp.log(mp.sinh(x)), lambda x: 1 / mp.tanh(x)),
    "log_cosh": Row(lambda x: log(cosh(x)), lambda x: mp.log(mp.cosh(x)), mp.tanh),
    "logit": Row(lambda x: log(x / (1 - x)), lambda x: mp.log(x) - mp.log1p(-x), lambda x: 1 / (x * (1 - x))),
    "logit_sigmoid": Row(lambda x: logit(sigmoid(x)), lambda x: x, lambda x: mp.mpf(1)),
    "sigmoid_logit": Row(lambda x: logit(1 - sigmoid(x)), lambda x: -x, lambda x: mp.mpf(-1)),
    "log_add_exp": Row(lambda x: log(exp(x) + exp(2 * x)), lambda x: x + soft(x), lambda x: 1 + sig(x)),
    "log_diff_exp": Row(lambda x: log(exp(2 * x) - exp(x)), lambda x: 2 * x + mp.log(-mp.expm1(-x)),
                        lambda x: 1 + 1 / -mp.expm1(-x)),
    "logaddexp_less": Row(lambda x: logaddexp(x, 1) - x, lambda x: soft(1 - x), lambda x: -sig(1 - x)),
    "one_minus_erf": Row(lambda x: 1 - erf(x), mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "log_erfc": Row(lambda x: log(1 - erf(x)), lambda x: mp.log(mp.erfc(x)), lambda x: -2 / mp.sqrt(mp.pi) * mills(x)),
    "erfc_mills": Row(lambda x: exp(-x**2) / erfc(x), mills, lambda x: (2 / mp.sqrt(mp.pi) * mills(x) - 2 * x) * mills(x),
                      least=-5),
    "erfinv_erf": Row(lambda x: erfinv(erf(x)), lambda x: x, lambda x: mp.mpf(1)),
    "log_ndtr": Row(lambda x: log(rnp.special.ndtr(x)), lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
                    lambda x: mp.sqrt(2 / mp.pi) * mills(-x / mp.sqrt(2))),
    "versine": Row(lambda x: 1 - cos(x), lambda x: 2 * mp.sin(x / 2)**2, mp.sin, "halves"),
    "hyper_versine": Row(lambda x: cosh(x) - 1, lambda x: 2 * mp.sinh(x / 2)**2, mp.sinh, "halves"),
    "sinh_exps": Row(lambda x: exp(x) - exp(-x), lambda x: 2 * mp.sinh(x), lambda x: 2 * mp.cosh(x), "written out"),
    "tanh_sigmoid": Row(lambda x: 2 * sigmoid(x) - 1, lambda x: mp.tanh(x / 2), lambda x: 1 / (2 * mp.cosh(x / 2)**2),
                        "written out"),
    "arctanh_log": Row(lambda x: log((1 + x) / (1 - x)), lambda x: 2 * mp.atanh(x), lambda x: 2 / ((1 - x) * (1 + x)),
                       "written out"),
    "arcsinh_log": Row(lambda x: log(x + sqrt(x**2 + 1)), mp.asinh, lambda x: 1 / mp.hypot(1, x), "written out"),
}


@cache
def truth(name: str, dtype: str, gradient: bool) -> list[Any]:
    """The true values at the points, None where the term is not real and finite."""
    fn = TABLE[name].slope if gradient else TABLE[name].value
    with mp.workprec(4000):
        return [_true(TABLE[name].value, fn, v) if v >= TABLE[name].least else None for v in points(dtype).tolist()]


def _true(value: Callable[[Any], Any], fn: Callable[[Any], Any], v: float) -> Any:
    try:
        for f in (value, fn):
            y = f(mp.mpf(v))
            if isinstance(y, mp.mpc) or not mp.isfinite(y):
                return None
        return +y
    except (ZeroDivisionError, ValueError, OverflowError):
        return None


def points(dtype: str) -> np.ndarray[Any, Any]:
    return np.array(WIDE if dtype == "float64" else SINGLE, dtype)


@cache
def computed(linker: str, dtype: str) -> dict[tuple[str, bool], np.ndarray[Any, Any]]:
    """All values and gradients, by one function per set of rules."""
    x = rg.vector("x", dtype=dtype)
    out: dict[tuple[str, bool], np.ndarray[Any, Any]] = {}
    for rules, t in RULES.items():
        names = [n for n, row in TABLE.items() if row.rules == rules]
        terms = [rg.rewrite(TABLE[n].term(x), normalize(t)) for n in names]
        slopes = [rg.grad(rnp.sum(y), x) for y in terms]
        f = rg.function([x], [*terms, *slopes], linker=linker, rewrite=normalize(t))
        found = f(points(dtype))
        out |= {(n, False): a for n, a in zip(names, found, strict=False)}
        out |= {(n, True): a for n, a in zip(names, found[len(names):], strict=True)}
    return out


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("linker", LINKERS)
@pytest.mark.parametrize("name", TABLE)
def test_value_and_gradient(name: str, linker: str, dtype: str) -> None:
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    info = np.finfo(dtype)
    for gradient in (False, True):
        true = truth(name, dtype, gradient)
        found = computed(linker, dtype)[name, gradient]
        wrong, tried = [], 0
        for v, a, t in zip(points(dtype).tolist(), found.tolist(), true, strict=True):
            if t is None:
                continue
            tried += 1
            if mp.fabs(t) > info.max:
                ok = a == (inf if t > 0 else -inf)
            else:
                ok = mp.fabs(mp.mpf(a) - t) <= ULP * float(info.eps) * mp.fabs(t) + 2 * float(info.tiny)
            if not ok:
                wrong.append(f"at {v}: {a} instead of {mp.nstr(t, 17)}")
        assert tried >= 5
        assert not wrong, f"{'gradient of ' if gradient else ''}{name} with {linker}:\n" + "\n".join(wrong)
