"""Rows of roots, rounding and special functions; those without a lowering are defined with other rows in every linker."""

from __future__ import annotations

import math
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..errors import MisuseError
from .elementwise import (abs_, accepting, astype, digamma, elementwise, equal, erf, erfc, exp, expm1, gammaln, greater, isinf,
                          isnan, less, less_equal, log, log1p, maximum, minimum, nothing, real_floating, reciprocal, sign,
                          sqrt, square, to_result, where)
from .evaluate import evaluate
from .laws import Commutative, Idempotent, Odd
from .term import Op, Term, as_term, attr, input_term
from .trigonometry import REFERENCE, arctanh
from .type import Type, promote

SQRT_PI = math.sqrt(math.pi)


def _row(name: str, numpy: Any, pullback: Any, c: Any = None, numba: Any = None, jax: str | None = None, **columns: Any) -> Op:
    """A function of real numbers, floats for integers."""
    columns = {"dtype": real_floating, "reference": REFERENCE + name, **columns}
    return elementwise(name, numpy, pullback, c, numba, jax, **columns)


# -- powers, roots, rounding ----------------------------------------------------------------------------------------------

exp2 = _row("exp2", np.exp2, lambda g, y, x: (g * y * math.log(2),), {"f": "exp2{f}({0})"},
            {"f": "np.power(np.float32(2), {0})"},  # Numba declares one exp2 for two precisions
            "relgraph.linkers.jax.exp2", n=1, cost=15)
cbrt = _row("cbrt", np.cbrt, lambda g, y, x: (g / (3 * square(y)),), {"f": "cbrt{f}({0})"}, {"f": "np.cbrt({0})"}, n=1,
            cost=15, laws=[Odd()])
trunc = _row("trunc", np.trunc, nothing, {"f": "trunc{f}({0})", "iu": "({0})"}, {"f": "np.trunc({0})", "iu": "({0})"}, n=1,
             dtype=accepting(promote, "iuf", "is defined for real numbers"), laws=[Idempotent(), Odd()],
             doc="The whole number next to x on the side of zero.")
rint = _row("rint", np.rint, nothing, {"f": "rint{f}({0})"}, {"f": "np.rint({0})"}, n=1, laws=[Idempotent(), Odd()],
            doc="The nearest whole number, the even one of two.")
copysign = _row("copysign", np.copysign, lambda g, y, a, b: (g * sign(a) * copysign(1, b), None),
                {"f": "copysign{f}({0}, {1})"}, {"f": "math.copysign({0}, {1})"}, n=2,
                doc="The size of the first operand with the sign of the second.")

# -- error functions ------------------------------------------------------------------------------------------------------

FAR = 25  # from here on the series of erfcx converges to 16 digits, and exp(x**2) does not overflow before it


def _floats(*xs: Term) -> list[Term]:
    """Operands in the dtype of the result."""
    dtype = real_floating(*[x.type.dtype for x in xs])
    return [astype(x, dtype) for x in xs]


def _series(r: Term, *coefficients: float) -> Term:
    """A polynomial, by Horner's rule."""
    out: Any = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        out = c + r * out
    return out


def _double_factorials(n: int) -> list[float]:
    """1, -1, 3, -15, … (the coefficients of Abramowitz and Stegun 7.1.23)."""
    out = [1.0]
    for k in range(1, n):
        out.append(-out[-1] * (2 * k - 1))
    return out


def _exp_of_square(x: Term, factor: float) -> Term:
    """``exp(factor * x**2)`` for x below 64, with the square in two parts of which the large one is exact.

    Not as a product of two exponentials, which XLA would join again.
    """
    short = rint(x * 2.0**20) * 2.0**-20
    large = minimum(exp(factor * short * short), float(np.finfo("float64").max))  # infinity less a part of itself is NaN
    return large + large * expm1(factor * (x - short) * (x + short))


def _erfcx_definition(x: Term) -> Term:
    """By `erfc` where that has not underflowed, far out by its asymptotic series."""
    x, = _floats(x)
    wide = astype(x, "float64")
    t = minimum(wide, FAR)
    near = where(less(t, -27), math.inf, _exp_of_square(maximum(t, -27), 1) * erfc(t))
    far = maximum(wide, FAR)
    r = 0.5 * reciprocal(far) * reciprocal(far)
    series = _series(r, *_double_factorials(9)) / SQRT_PI / far
    return astype(where(greater(wide, FAR), series, near), x.type.dtype)


erfcx = _row("erfcx", "scipy.special.erfcx", lambda g, y, x: (-2 * g * erfc_ratio(x, 1) * y,), n=1, cost=60,
             definition=_erfcx_definition, doc="``exp(x**2) * erfc(x)``, evaluated without overflow or underflow.")


def _ratio(x: Any, order: int, error: Any, of: Any) -> Any:
    """By the recurrence (DLMF 7.18.7) where little cancels, from 2.25 on backwards, which is a continued fraction.

    ``error`` is `erfcx`, ``of`` has the other functions: of arrays, or of terms.
    """
    near, far = of.minimum(x, 2.25), of.maximum(x, 2.25)
    found = 1 / (SQRT_PI * error(near)) - near
    for k in range(2, order + 1):
        found = (1 / found - 2 * near) / (2 * k)
    last = order + 34
    ratio = 1 / (far + of.sqrt(far * far + (2 * last + 1)))
    for k in range(last, order, -1):
        ratio = 0.5 / (far + k * ratio)
    return of.where(x > 2.25, ratio, found)


def _erfc_ratio_numpy(x: Any, order: int) -> Any:
    from scipy.special import erfcx as error  # SciPy is imported on first use
    return np.asarray(_ratio(np.asarray(x, "float64"), order, error, np))


def _erfc_ratio_definition(x: Term, order: Term) -> Term:
    of = SimpleNamespace(minimum=minimum, maximum=maximum, sqrt=sqrt, where=where)
    return astype(_ratio(astype(x, "float64"), order.data, erfcx, of), real_floating(x.type.dtype))


def _erfc_ratio_pullback(g: Term, y: Term, x: Term, order: Term) -> tuple[Term]:
    """Two forms of one derivative, each where nothing cancels in it."""
    n = order.data
    before = erfc_ratio(x, n - 1) if n > 1 else 0.5 * SQRT_PI * erfcx(x)
    return g * where(greater(x, 0), 2 * y * (n * y - (n + 1) * erfc_ratio(x, n + 1)), y / before - 1),


erfc_ratio_ = Op(name="erfc_ratio", attrs=("order",), kind="elementwise", operands=to_result,
                 infer=lambda sizes, x, order: Type(real_floating(x.dtype), x.shape), numpy=_erfc_ratio_numpy,
                 reference=REFERENCE + "erfc_ratio", definition=_erfc_ratio_definition, pullback=_erfc_ratio_pullback, cost=120,
                 doc="The repeated integral of `erfc` of an order from 1 on, over that of the order before (DLMF 7.18).")


def erfc_ratio(x: Any, order: int) -> Term:
    """The repeated integral of `erfc` of an order from 1 on, from x to infinity, over that of the order before (DLMF 7.18).

    >>> erfc_ratio(rg.vector("x", shape=3), 1)
    erfc_ratio(x, order=1)  float64[3]
    """
    if not isinstance(order, (int, np.integer)) or order < 1:
        raise MisuseError(f"erfc_ratio: order={order!r} is no order; write a whole number from 1 on")
    return erfc_ratio_(as_term(x), attr(int(order)))


def _erfinv_definition(x: Term) -> Term:
    """Winitzki's approximation (2008), right to 2e-3, then steps of Halley's method, which cube the error."""
    x, = _floats(x)
    wide = astype(x, "float64")
    size = minimum(abs_(wide), float(np.nextafter(1, 0)))
    a = 0.147
    drop = -log1p(-(size * size))
    half = 2 / (math.pi * a) - 0.5 * drop
    y = sqrt(drop / a / (half + sqrt(half * half + drop / a)))
    for _ in range(3):
        residual = where(less(size, 0.5), size - erf(y), erfc(y) - (1 - size))
        step = 0.5 * SQRT_PI * exp(y * y) * residual
        y = y + step / (1 - step * y)
    out = where(equal(abs_(wide), 1), math.inf, where(greater(abs_(wide), 1), math.nan, y))
    return astype(where(equal(wide, 0), wide, where(isnan(wide), wide, sign(wide) * out)), x.type.dtype)


erfinv = _row("erfinv", "scipy.special.erfinv", lambda g, y, x: (g * (0.5 * SQRT_PI) * exp(square(y)),), n=1, cost=60,
              definition=_erfinv_definition, laws=[Odd()], doc="The number whose `erf` is x, for x in [-1, 1].")


def _log_ndtr_definition(x: Term) -> Term:
    """The tail below by the logarithm of `erfcx`, the tail above by its product with a square's exponential."""
    x, = _floats(x)
    wide = astype(x, "float64")
    tail = 0.5 * erfcx(math.sqrt(0.5) * abs_(wide))
    above = log1p(-tail * _exp_of_square(minimum(maximum(wide, 0), 40), -0.5))
    return astype(where(less(wide, 0), log(tail) - 0.5 * wide * wide, where(greater(wide, 40), -0.0, above)), x.type.dtype)


log_ndtr = _row("log_ndtr", "scipy.special.log_ndtr",
                lambda g, y, x: (g * math.sqrt(2 / math.pi) / erfcx(-math.sqrt(0.5) * x),), n=1, cost=60,
                definition=_log_ndtr_definition,
                doc="Logarithm of the normal distribution function, also where that underflows.")

# -- logarithms of products and odds --------------------------------------------------------------------------------------


def _logit_definition(x: Term) -> Term:
    """Around 1/2 the odds are near 1, and their logarithm is taken of ``2*x - 1``, which is exact there."""
    x, = _floats(x)
    middle = minimum(maximum(x, 0.25), 0.75)
    return where(equal(middle, x), 2 * arctanh(2 * middle - 1), log(x) - log1p(-x))


logit = _row("logit", "scipy.special.logit", lambda g, y, x: (g / (x * (1 - x)),), n=1, cost=40,
             definition=_logit_definition, doc="``log(x / (1 - x))``, the inverse of `sigmoid`.")


def _zero_wins(fn: Op) -> Any:
    def definition(x: Term, y: Term) -> Term:
        x, y = _floats(x, y)
        return where(equal(x, 0), where(isnan(y), y, 0), x * fn(y))
    return definition


xlogy = _row("xlogy", "scipy.special.xlogy", lambda g, out, x, y: (g * log(y), g * where(equal(x, 0), 0, x / y)), n=2, cost=20,
             definition=_zero_wins(log), doc="``x * log(y)``, and 0 where x is 0.")
xlog1py = _row("xlog1py", "scipy.special.xlog1py",
               lambda g, out, x, y: (g * log1p(y), g * where(equal(x, 0), 0, x / (1 + y))), n=2, cost=20,
               definition=_zero_wins(log1p), doc="``x * log1p(y)``, and 0 where x is 0.")


# -- beta function --------------------------------------------------------------------------------------------------------

def _stirling(x: Term) -> Term:
    """What ``gammaln(x)`` is above ``(x - 1/2)*log(x) - x + log(2*pi)/2`` (Abramowitz and Stegun 6.1.41), for x from 10 on."""
    r = reciprocal(x)
    return r * _series(r * r, 1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)


def _betaln_definition(a: Term, b: Term) -> Term:
    """Stirling's series where an operand is large, or both: logarithms of gamma functions would cancel there."""
    a, b = _floats(a, b)
    most = float(np.finfo(a.type.dtype).max)
    large, small = maximum(a, b), minimum(a, b)
    far = minimum(maximum(large, 10), most)
    ratio = small / far
    grown = where(less(ratio, 1e-20), small, (far - 0.5) * log1p(ratio))
    one = gammaln(small) - small * (log(far) + log1p(ratio) - 1)
    both = minimum(maximum(small, 10), most)
    two = 0.5 * math.log(2 * math.pi) - 0.5 * log(both) - both * log1p(far / both) + _stirling(both)
    series = where(less(small, 10), one, two) + _stirling(far) - _stirling(far + small) - grown
    near = where(less(large, 1e-20), log(a + b) - log(a) - log(b), gammaln(a) + gammaln(b) - gammaln(a + b))
    positive = where(isinf(large), -math.inf, where(less(large, 10), near, series))
    return where(less_equal(small, 0), math.nan, positive)


def _digamma_drop(a: Term, b: Term) -> Term:
    """``digamma(a) - digamma(a + b)``, by the asymptotic series where a is large (Abramowitz and Stegun 6.3.18)."""
    far = maximum(a, 9)  # below 10, where a tie would halve the derivative
    near = minimum(a, 11)
    series = _digamma_tail(far) - _digamma_tail(far + b) - log1p(b / far)
    return where(less(a, 10), digamma(near) - digamma(near + b), series)


def _digamma_tail(x: Term) -> Term:
    """What ``digamma(x)`` is above ``log(x)``."""
    r = reciprocal(x)
    return -0.5 * r - r * r * _series(r * r, 1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)


def _betaln_meaning(a: Any, b: Any) -> Any:
    """The definition's value: SciPy's `betaln` loses digits where one operand is large, and overflows where both are."""
    inputs, defined = _betaln_of(a.dtype, b.dtype)
    a, b = np.broadcast_arrays(a, b)
    return evaluate([defined], dict(zip(inputs, (a.ravel(), b.ravel()), strict=True)))[0].reshape(a.shape)


@lru_cache(16)
def _betaln_of(a: Any, b: Any) -> tuple[tuple[Term, Term], Term]:
    """The definition on vectors of these dtypes, which has a hundred nodes."""
    inputs = input_term("a", Type(a, ("n",))), input_term("b", Type(b, ("n",)))
    return inputs, _betaln_definition(*inputs)


betaln = _row("betaln", _betaln_meaning,
              lambda g, y, a, b: (g * _digamma_drop(a, b), g * _digamma_drop(b, a)), n=2, cost=200,
              definition=_betaln_definition, laws=[Commutative()],
              doc="Logarithm of the beta function, for positive numbers; NaN elsewhere.")
