"""Terms that lose everything at extreme inputs as users write them, what they are, and their derivatives on mpmath numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np

import relgraph.numpy as rnp
from relgraph.numpy import abs, cos, cosh, exp, expm1, log, log1p, logaddexp, maximum, sigmoid, sinh, softplus, sqrt

erf, erfc, erfinv, ndtr = rnp.special.erf, rnp.special.erfc, rnp.special.erfinv, rnp.special.ndtr
logit = rnp.special.logit
inf = math.inf
ULP = 256  # of exp(x) the error is x*eps; SciPy's log_ndtr and XLA's log1p and erfc err by half of it
BITS = 2500  # exp(-1000) beside 1, and the difference quotient of it
WIDE = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-18, -1e-18, 2.0**-55, -(2.0**-55), 1 - 2.0**-53, 2.0**-55 - 1, 1 + 2.0**-52,
        1e-9, -1e-9, 20.0, -20.0, 37.0, -37.0, 700.0, -700.0, 1000.0, -1000.0, 1e8, -1e8, 1e-300, inf, -inf]
SINGLE = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-12, -1e-12, 2.0**-26, -(2.0**-26), 1 - 2.0**-24, 2.0**-26 - 1, 9.0, -9.0,
          17.0, -17.0, 80.0, -80.0, 100.0, -100.0, 1000.0, -1000.0, 1e-30, inf, -inf]
Real = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """A term as a user writes it, what it is, and its derivative; both on mpmath numbers."""

    term: Real
    value: Real
    slope: Real
    rules: str = "default"
    least: float = -math.inf  # below it 1/erfcx(x) is zero, and its derivative a product of zero and infinity


def sig(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def soft(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def mills(x: Any) -> Any:
    """What ``exp(-x**2)`` is of ``erfc(x)``."""
    return mp.exp(-x * x) / mp.erfc(x)


def bell(x: Any) -> Any:
    """The derivative of ``erf``."""
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)


def same(x: Any) -> Any:
    return x


def one(x: Any) -> Any:
    return mp.mpf(1)


def bump(x: Any) -> Any:
    """The derivative of the sigmoid."""
    return sig(x) * sig(-x)


TABLE = {
    # exp, log
    "log_one_plus": Row(lambda x: log(1 + x), mp.log1p, lambda x: 1 / (1 + x)),
    "log_one_minus": Row(lambda x: log(1 - x), lambda x: mp.log1p(-x), lambda x: -1 / (1 - x)),
    "exp_minus_one": Row(lambda x: exp(x) - 1, mp.expm1, mp.exp),
    "one_minus_exp": Row(lambda x: 1 - exp(x), lambda x: -mp.expm1(x), lambda x: -mp.exp(x)),
    "log_exp": Row(lambda x: log(exp(x)), same, one),
    "log_ratio": Row(lambda x: log(3 / x), lambda x: mp.log(3 / x), lambda x: -1 / x),
    "log_sqrt": Row(lambda x: log(sqrt(x)), lambda x: mp.log(x) / 2, lambda x: 1 / (2 * x)),
    "log_square": Row(lambda x: log(x**2), lambda x: 2 * mp.log(mp.fabs(x)), lambda x: 2 / x),
    "log_power": Row(lambda x: log(x**-3), lambda x: -3 * mp.log(x), lambda x: -3 / x),
    "log_expm1": Row(lambda x: log(expm1(x)), lambda x: x + mp.log(-mp.expm1(-x)), lambda x: 1 / -mp.expm1(-x)),
    "exp_over_exp": Row(lambda x: exp(2 * x) / exp(x), mp.exp, mp.exp),
    "log_sinh": Row(lambda x: log(sinh(x)), lambda x: mp.log(mp.sinh(x)), lambda x: 1 / mp.tanh(x)),
    "log_cosh": Row(lambda x: log(cosh(x)), lambda x: mp.log(mp.cosh(x)), mp.tanh),
    # sigmoids
    "softplus": Row(lambda x: log(1 + exp(x)), soft, sig),
    "softplus_max": Row(lambda x: maximum(x, 0) + log1p(exp(-abs(x))), soft, sig),
    "softplus_less": Row(lambda x: softplus(x) - x, lambda x: soft(-x), lambda x: -sig(-x)),
    "exp_softplus": Row(lambda x: exp(softplus(x)), lambda x: 1 + mp.exp(x), mp.exp),
    "expm1_softplus": Row(lambda x: expm1(softplus(x)), mp.exp, mp.exp),
    "exp_neg_softplus": Row(lambda x: exp(-softplus(x)), lambda x: sig(-x), lambda x: -bump(x)),
    "sigmoid": Row(lambda x: 1 / (1 + exp(-x)), sig, bump),
    "sigmoid_neg": Row(lambda x: 3 / (1 + exp(x)), lambda x: 3 * sig(-x), lambda x: -3 * bump(x)),
    "sigmoid_ratio": Row(lambda x: exp(x) / (1 + exp(x)), sig, bump),
    "sigmoid_compl": Row(lambda x: 1 - sigmoid(x), lambda x: sig(-x), lambda x: -bump(x)),
    "sigmoid_exp": Row(lambda x: exp(x) * sigmoid(-x), sig, bump),
    "odds": Row(lambda x: sigmoid(x) / (1 - sigmoid(x)), mp.exp, mp.exp),
    "inverse_odds": Row(lambda x: (1 - sigmoid(x)) / sigmoid(x), lambda x: mp.exp(-x), lambda x: -mp.exp(-x)),
    "log_sigmoid": Row(lambda x: log(1 / (1 + exp(-x))), lambda x: -soft(-x), lambda x: sig(-x)),
    "log_one_minus_sigmoid": Row(lambda x: log(1 - sigmoid(x)), lambda x: -soft(x), lambda x: -sig(x)),
    "log1p_neg_sigmoid": Row(lambda x: log1p(-sigmoid(x)), lambda x: -soft(x), lambda x: -sig(x)),
    "log_odds": Row(lambda x: log(sigmoid(x) / (1 - sigmoid(x))), same, one),
    "logit": Row(lambda x: log(x / (1 - x)), lambda x: mp.log(x) - mp.log1p(-x), lambda x: 1 / (x * (1 - x))),
    "logit_sigmoid": Row(lambda x: logit(sigmoid(x)), same, one),
    "sigmoid_logit": Row(lambda x: logit(1 - sigmoid(x)), lambda x: -x, lambda x: mp.mpf(-1)),
    # sums and differences of exponentials
    "log1mexp": Row(lambda x: log(1 - exp(x)), lambda x: mp.log(-mp.expm1(x)), lambda x: mp.exp(x) / mp.expm1(x)),
    "log1mexp_log1p": Row(lambda x: log1p(-exp(x)), lambda x: mp.log(-mp.expm1(x)), lambda x: mp.exp(x) / mp.expm1(x)),
    "log1mexp_expm1": Row(lambda x: log(-expm1(x)), lambda x: mp.log(-mp.expm1(x)), lambda x: mp.exp(x) / mp.expm1(x)),
    "log_add_exp": Row(lambda x: log(exp(x) + exp(2 * x)), lambda x: x + soft(x), lambda x: 1 + sig(x)),
    "log_add_exps": Row(lambda x: log(exp(x) + exp(2 * x) + exp(-x)), lambda x: x + mp.log1p(mp.exp(x) + mp.exp(-2 * x)),
                        lambda x: 1 + (mp.exp(x) - 2 * mp.exp(-2 * x)) / (1 + mp.exp(x) + mp.exp(-2 * x))),
    "log_one_add_exps": Row(lambda x: log(1 + exp(x) + exp(2 * x)), lambda x: mp.log1p(mp.exp(x) + mp.exp(2 * x)),
                            lambda x: (mp.exp(-x) + 2) / (mp.exp(-2 * x) + mp.exp(-x) + 1)),
    "log_add_const": Row(lambda x: log(exp(x) + 3), lambda x: mp.log(mp.exp(x) + 3), lambda x: 1 / (1 + 3 * mp.exp(-x))),
    "log_diff_exp": Row(lambda x: log(exp(2 * x) - exp(x)), lambda x: 2 * x + mp.log(-mp.expm1(-x)),
                        lambda x: 1 + 1 / -mp.expm1(-x)),
    "exp_share": Row(lambda x: exp(2 * x) / (exp(2 * x) + exp(3 * x)), lambda x: sig(-x), lambda x: -bump(x)),
    "logaddexp_less": Row(lambda x: logaddexp(x, 1) - x, lambda x: soft(1 - x), lambda x: -sig(1 - x)),
    # error functions
    "one_minus_erf": Row(lambda x: 1 - erf(x), mp.erfc, lambda x: -bell(x)),
    "one_plus_erf": Row(lambda x: 1 + erf(x), lambda x: mp.erfc(-x), bell),
    "one_minus_erfc": Row(lambda x: 1 - erfc(x), mp.erf, bell),
    "erfc_neg_minus_one": Row(lambda x: erfc(-x) - 1, mp.erf, bell),
    "log_erfc": Row(lambda x: log(1 - erf(x)), lambda x: mp.log(mp.erfc(x)), lambda x: -2 / mp.sqrt(mp.pi) * mills(x)),
    "erfc_mills": Row(lambda x: exp(-x**2) / erfc(x), mills, lambda x: (2 / mp.sqrt(mp.pi) * mills(x) - 2 * x) * mills(x),
                      least=-5),
    "a_half_plus_half_erf": Row(lambda x: 0.5 + 0.5 * erf(x), lambda x: mp.erfc(-x) / 2, lambda x: bell(x) / 2),
    "three_exp_minus_three": Row(lambda x: 3 * exp(x) - 3, lambda x: 3 * mp.expm1(x), lambda x: 3 * mp.exp(x)),
    "erfinv_erf": Row(lambda x: erfinv(erf(x)), same, one),
    "log_ndtr": Row(lambda x: log(ndtr(x)), lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
                    lambda x: mp.sqrt(2 / mp.pi) * mills(-x / mp.sqrt(2))),
    # of theories that are in no pipeline
    "versine": Row(lambda x: 1 - cos(x), lambda x: 2 * mp.sin(x / 2)**2, mp.sin, "halves"),
    "hyper_versine": Row(lambda x: cosh(x) - 1, lambda x: 2 * mp.sinh(x / 2)**2, mp.sinh, "halves"),
    "sinh_exps": Row(lambda x: exp(x) - exp(-x), lambda x: 2 * mp.sinh(x), lambda x: 2 * mp.cosh(x), "written out"),
    "tanh_sigmoid": Row(lambda x: 2 * sigmoid(x) - 1, lambda x: mp.tanh(x / 2), lambda x: 1 / (2 * mp.cosh(x / 2)**2),
                        "written out"),
    "arctanh_log": Row(lambda x: log((1 + x) / (1 - x)), lambda x: 2 * mp.atanh(x), lambda x: 2 / ((1 - x) * (1 + x)),
                       "written out"),
    "arcsinh_log": Row(lambda x: log(x + sqrt(x**2 + 1)), mp.asinh, lambda x: 1 / mp.hypot(1, x), "written out"),
}


def points(dtype: str) -> np.ndarray[Any, Any]:
    return np.array(WIDE if dtype == "float64" else SINGLE, dtype)


@cache
def truth(name: str, dtype: str, order: int) -> tuple[Any, ...]:
    """The true values at the points, or those of a derivative; None where they, or those before, are not real and finite."""
    row = TABLE[name]
    fns = (row.value, row.slope, lambda x: _quotient(row.slope, x))[: order + 1]
    with mp.workprec(BITS):
        return tuple(_true(fns, v) if v >= row.least else None for v in points(dtype).tolist())


def _quotient(f: Real, x: Any) -> Any:
    """The derivative of a derivative, right to 200 bits and more; of infinities nothing is said."""
    h = mp.mpf(2)**-200 * (mp.fabs(x) or 1)
    return (f(x + h) - f(x - h)) / (2 * h)


def _true(fns: tuple[Real, ...], v: float) -> Any:
    y: Any = None
    try:
        for f in fns:
            y = f(mp.mpf(v))
            if isinstance(y, mp.mpc) or not mp.isfinite(y):
                return None
        return +y
    except (ZeroDivisionError, ValueError, OverflowError):
        return None


def wrong(found: np.ndarray[Any, Any], true: tuple[Any, ...], at: np.ndarray[Any, Any]) -> list[str]:
    """Where a result is not the true one, to `ULP` units in the last place; an overflow is an infinity of its sign."""
    info = np.finfo(found.dtype)
    out = []
    for v, a, t in zip(at.tolist(), found.tolist(), true, strict=True):
        if t is None:
            continue
        if mp.fabs(t) > info.max:
            ok = a == (inf if t > 0 else -inf)
        else:
            ok = mp.fabs(mp.mpf(a) - t) <= ULP * float(info.eps) * mp.fabs(t) + 2 * float(info.tiny)
        if not ok:
            out.append(f"at {v}: {a} instead of {mp.nstr(t, 17)}")
    return out
