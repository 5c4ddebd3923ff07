"""Equations of circular, hyperbolic and special functions that are in use and false somewhere: each is refused, and where."""

from __future__ import annotations

from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.mixtures import log_sums
from relgraph.errors import RefusedRelation
from relgraph.numpy import (
    abs,
    arccos,
    arccosh,
    arcsin,
    arctan,
    arctan2,
    arctanh,
    cbrt,
    cos,
    cosh,
    exp,
    floor,
    hypot,
    log,
    log2,
    maximum,
    minimum,
    rint,
    sign,
    sin,
    special,
    sqrt,
    tan,
    tanh,
    trunc,
)
from relgraph.relations import lvars, theory
from relgraph.relations.predicates import at_least, nonnegative, positive
from relgraph.relations.verify import judge, measure
from relgraph.strategies import normalize
from relgraph.terms.elementwise import digamma, gammaln

x, y, z = lvars("x y z")
pi = 3.141592653589793

WRONG: dict[str, tuple[Any, ...]] = {
    "arcsin_sin": (arcsin(sin(x)), x),
    "arccos_cos": (arccos(cos(x)), x),
    "arctan_tan": (arctan(tan(x)), x),
    "arccosh_cosh": (arccosh(cosh(x)), x),
    "arctan2_of_a_point": (arctan2(sin(x), cos(x)), x),
    "arctan2_is_arctan": (arctan2(x, y), arctan(x / y)),
    "arctan2_of_a_ratio": (arctan2(z * x, z * y), arctan2(x, y)),
    "sin_of_arccos": (sin(arccos(x)), sqrt(1 - x**2) * sign(x)),
    "arctan_inverse": (arctan(1 / x), pi / 2 - arctan(x)),
    "tan_arctan2": (tan(arctan2(x, y)), x / y),
    "cosh_of_arccosh": (cosh(arccosh(x)), x),
    "tanh_of_arctanh": (tanh(arctanh(x)), x),
    "kve_is_symmetric": (special.k0e(-x), special.k0e(x)),
    "log_erfc_asymptotic": (log(special.erfc(x)), -x**2 - log(x) - 0.5 * log(pi) + log(1 - 1 / (2 * x**2)), positive(x)),
    "hard_sigmoid": (special.expit(x), minimum(maximum(0.2 * x + 0.5, 0), 1)),
    "hypot_sum": (hypot(x, y), abs(x) + abs(y)),
    "hypot_factor": (hypot(z * x, z * y), z * hypot(x, y)),
    "sqrt_square": (sqrt(x**2), x),
    "sqrt_of_product": (sqrt(x * y), sqrt(x) * sqrt(y), nonnegative(x)),
    "sqrt_sixth": (sqrt(x**6), x**3),
    "log_of_square": (log(x**2), 2 * log(x)),
    "log2_of_product": (log2(x * y), log2(x) + log2(y)),
    "sign_of_zero": (sign(x)**2, 1),
    "sign_ratio": (x / abs(x), sign(x)),
    "cbrt_of_square": (cbrt(x**6), x**3),
    "trunc_is_floor": (trunc(x), floor(x)),
    "rint_by_floor": (rint(x), floor(x + 0.5)),
    "sigmoid_logit": (exp(log(x / (1 - x))), x / (1 - x)),
    "xlogy": (special.xlogy(x, y), x * log(y)),
    "erfcx_even": (special.erfcx(-x), special.erfcx(x)),
    "log_cosh_near_zero": (log(cosh(x)), abs(x) + special.log1mexp(-2 * abs(x))),
    "gammaln_step": (gammaln(1 + x), gammaln(x) + log(x)),
    "gammaln_step_from_minus_one": (gammaln(1 + x), gammaln(x) + log(x), at_least(x, -1)),
    "digamma_step": (digamma(1 + x), digamma(x) + 1 / x),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_false_somewhere_is_refused(name: str) -> None:
    left, right, *guards = WRONG[name]
    with pytest.raises(RefusedRelation, match="at "):
        judge(name, left, right, *guards)


@pytest.mark.parametrize("compare", [rnp.equal, rnp.less, rnp.less_equal])
@pytest.mark.parametrize("of", [sqrt, log])
def test_what_rounds_two_numbers_to_one_is_not_exact(compare: Any, of: Any) -> None:
    left, right = compare(of(x), of(y)), compare(x, y)
    assert measure("compared", left, right, nonnegative(x), ["float64"]).safety() == "real"
    with pytest.raises(RefusedRelation, match="at "):
        judge("compared", left, right, nonnegative(x), "exact")


def test_a_number_that_is_cancelled_is_not_forgotten_if_it_is_nan() -> None:
    a, b = rg.vector("a", shape=3), rg.scalar("b")
    t = b + rnp.log(rnp.sum(rnp.exp(a - b)))
    only = theory(log_sums["logsumexp_by"], name="only")
    assert rg.rewrite(t, strategy=normalize(only), safety="real") is t
