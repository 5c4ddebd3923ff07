"""Rows of modified Bessel functions, scaled so that they neither overflow nor underflow.

Of orders 0 and 1 by Chebyshev series, computed from mpmath to 3e-18.  Other orders are attributes: whole and half-integer
ones of the second kind go through the recurrence; the rest has only SciPy's value, and a linker that compiles says so first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import LinkError, MisuseError
from .elementwise import (abs_, astype, elementwise, equal, exp, expm1, greater, less, less_equal, log, maximum, minimum,
                          real_floating, reciprocal, sign, sqrt, to_result, where)
from .laws import Even, Odd
from .special import REFERENCE
from .term import Op, Term, _short, as_term, attr
from .type import Type

# of t = x/4 - 1 for x up to 8, and of t = 16/x - 1 with a factor sqrt(x) from there on
# K: of t = x**2/2 - 1 for x up to 2, less what is singular; then of t = 4/x - 1 with a factor sqrt(x)
I0_NEAR = (0.33839763720473803, -0.3046826723431984, 0.17162090152220877, -0.09490109704804764, 0.04930528423967071,
    -0.02373741480589947, 0.010546460394594998, -0.004324309995050576, 0.0016394756169413357, -0.0005763755745385824,
    0.00018850288509584165, -5.754195010082104e-05, 1.6448448070728896e-05, -4.4167383584587505e-06, 1.1173875391201037e-06,
    -2.670793853940612e-07, 6.046995022541919e-08, -1.300025009986248e-08, 2.6598237246823866e-09, -5.189795601635263e-10,
    9.675809035373237e-11, -1.726826291441556e-11, 2.95505266312964e-12, -4.856446783111929e-13, 7.676185498604936e-14,
    -1.1685332877993451e-14, 1.715391285555133e-15, -2.431279846547955e-16, 3.3307945188222384e-17, -4.4153416464793395e-18)
I1_NEAR = (0.12629359322181682, -0.17641651835783406, 0.1026436586898471, -0.05294598120809499, 0.024726449030626516,
    -0.010564084894626197, 0.004156422944312888, -0.0015135724506312532, 0.0005122859561685758, -0.00016176081582589674,
    4.781565107550054e-05, -1.3273163656039436e-05, 3.4702513081376785e-06, -8.568720264695455e-07, 2.0032947535521353e-07,
    -4.445059128796328e-08, 9.381537386495773e-09, -1.8872497517228294e-09, 3.625590281552117e-10, -6.663489723502027e-11,
    1.1736186298890901e-11, -1.9839743977649436e-12, 3.223793365945575e-13, -5.042185504727912e-14, 7.600684294735408e-15,
    -1.1055969477353862e-15, 1.5536319577362005e-16, -2.111421214358166e-17, 2.7779141127610464e-18)
I0_FAR = (0.4022452055070544, 0.0033691164782556943, 6.889758346916825e-05, 2.8913705208347567e-06, 2.0489185894690638e-07,
    2.266668990498178e-08, 3.3962320257083865e-09, 4.94060238822497e-10, 1.1889147107846439e-11, -3.1499165279632416e-11,
    -1.3215811840447713e-11, -1.7941785315068062e-12, 7.180124451383666e-13, 3.8527783827421426e-13, 1.54008621752141e-14,
    -4.150569347287222e-14, -9.554846698828307e-15, 3.8116806693526224e-15, 1.7725601330565263e-15, -3.425485619677219e-16,
    -2.8276239805165836e-16, 3.461222867697461e-17, 4.46562142029676e-17, -4.830504485944182e-18, -7.233180487874754e-18)
I1_FAR = (0.38928811750914005, -0.009761097491361469, -0.00011058893876262371, -3.882564808877691e-06,
    -2.512236237870209e-07, -2.6314688468895196e-08, -3.835380385964237e-09, -5.589743462196584e-10, -1.8974958123505413e-11,
    3.2526035830154884e-11, 1.4125807436613782e-11, 2.0356285441470896e-12, -7.198551776245908e-13, -4.0835511110921974e-13,
    -2.1015418427726643e-14, 4.272440016711951e-14, 1.0420276984128802e-14, -3.8144030724370075e-15, -1.8803547755107825e-15,
    3.3082023109209285e-16, 2.96262899764595e-16, -3.209525921993424e-17, -4.6503053684893586e-17, 4.414348323071708e-18,
    7.517296310842105e-18, -9.314178867326884e-19, -1.242193275194891e-18)
K0_NEAR = (-0.2676636966169514, 0.3442898999246285, 0.0359799365153615, 0.001264615411446926, 2.286212103119452e-05,
    2.5347910790261494e-07, 1.904516377220209e-09, 1.0349695257633625e-11, 4.2598161427910826e-14, 1.3744654358807508e-16)
K1_NEAR = (0.7626501136694739, -0.3531559607765449, -0.12261118082265715, -0.006975723859639864, -0.0001730288957513052,
    -2.4334061415659684e-06, -2.213387630734726e-08, -1.4114883926335278e-10, -6.666901694199329e-13, -2.427449850519366e-15,
    -7.023863479386288e-18)
K0_FAR = (1.2201515410329777, -0.0314481013119645, 0.0015698838857300533, -0.00012849549581627802, 1.39498137188765e-05,
    -1.8317555227191195e-06, 2.766813639445015e-07, -4.660489897687948e-08, 8.574034017414225e-09, -1.6975345093890614e-09,
    3.5773972814003283e-10, -7.957489244477396e-11, 1.8559491149549264e-11, -4.514597883374519e-12, 1.1403405882073441e-12,
    -2.9800969231481784e-13, 8.032890775068375e-14, -2.2275133267462965e-14, 6.340076476276646e-15, -1.848593377920907e-15,
    5.5120559994043335e-16, -1.6782311257549006e-16, 5.2103917776435543e-17, -1.6475805939842632e-17, 5.3004337711773354e-18)
K1_FAR = (1.3603130952422213, 0.10392373657681724, -0.002857816859622779, 0.00019521551847135162, -1.936197974166083e-05,
    2.406484947837217e-06, -3.5019606030878126e-07, 5.7410841254500495e-08, -1.0345762465678097e-08, 2.0150497551970347e-09,
    -4.1903547593419254e-10, 9.218315187605315e-11, -2.129967838427791e-11, 5.139639673482343e-12, -1.2891739609498229e-12,
    3.348419666052243e-13, -8.976705182010146e-14, 2.4771544242195988e-14, -7.0198370892147685e-15, 2.038703166239861e-15,
    -6.057047270643018e-16, 1.8380935752430455e-16, -5.689462849193648e-17, 1.7940510478863572e-17, -5.7567444820733025e-18)


FAR, TERMS = 64, 10  # from here on two nearly equal terms of a derivative are replaced by its asymptotic series, to 2e-15


def _chebyshev(t: Term, coefficients: tuple[float, ...]) -> Any:
    """The series at t, by Clenshaw's recurrence."""
    one: Any = 0.0
    two: Any = 0.0
    for c in reversed(coefficients[1:]):
        one, two = c + 2 * t * one - two, one
    return coefficients[0] + t * one - two


def _wide(x: Term) -> tuple[Term, Any]:
    """The operand in float64, and the dtype of the result."""
    return astype(x, "float64"), real_floating(x.type.dtype)


def _i0e_definition(x: Term) -> Term:
    x, dtype = _wide(x)
    size = abs_(x)
    near, far = minimum(size, 8), maximum(size, 8)
    return astype(where(less_equal(size, 8), _chebyshev(near / 4 - 1, I0_NEAR),
                        _chebyshev(16 / far - 1, I0_FAR) / sqrt(far)), dtype)


def _i1e_definition(x: Term) -> Term:
    x, dtype = _wide(x)
    size = abs_(x)
    near, far = minimum(size, 8), maximum(size, 8)
    return astype(where(less_equal(size, 8), x * _chebyshev(near / 4 - 1, I1_NEAR),
                        sign(x) * (_chebyshev(16 / far - 1, I1_FAR) / sqrt(far))), dtype)


def _of_positive(x: Term, near: Term, far: Term, dtype: Any) -> Term:
    """Infinite at zero, undefined below."""
    outside = where(equal(x, 0), float("inf"), float("nan"))
    return astype(where(greater(x, 2), far, where(greater(x, 0), near, outside)), dtype)


def _k0e_definition(x: Term) -> Term:
    x, dtype = _wide(x)
    small, far = minimum(x, 2), maximum(x, 2)
    grown = exp(small)
    singular = (log(small) - log(2.0)) * _chebyshev(small / 4 - 1, I0_NEAR) * grown
    near = grown * (_chebyshev(0.5 * small * small - 1, K0_NEAR) - singular)
    return _of_positive(x, near, _chebyshev(4 / far - 1, K0_FAR) / sqrt(far), dtype)


def _k1e_definition(x: Term) -> Term:
    x, dtype = _wide(x)
    small, far = minimum(x, 2), maximum(x, 2)
    grown = exp(small)
    singular = (log(small) - log(2.0)) * (small * _chebyshev(small / 4 - 1, I1_NEAR)) * grown
    near = grown * (_chebyshev(0.5 * small * small - 1, K1_NEAR) / small + singular)
    return _of_positive(x, near, _chebyshev(4 / far - 1, K1_FAR) / sqrt(far), dtype)


def _slope(y: Term, x: Term, order: float, near: Term, second: float) -> Term:
    """The derivative of ``y``; far out ``near`` is a difference of what is nearly equal, and a series in ``1/x`` for the
    derivative of the logarithm takes its place.  ``second``: the sign of its second term."""
    r = reciprocal(x)
    t, total = second * abs_(r), as_term(0.0)
    for c in reversed(_logarithmic(order)):
        total = c + total * t
    return where(greater(abs_(x), FAR * (1 + order * order)), y * r * total, near)


def _logarithmic(order: float) -> list[float]:
    """The coefficients of ``w = y'/y`` by powers of ``1/x``, from Riccati's equation (DLMF 10.25.1):
    ``w' + w**2 + 2*w + (w + 1)/x = (order/x)**2``."""
    c = [0.0, -0.5]
    for n in range(2, TERMS + 1):
        square = sum(c[i] * c[n - i] for i in range(1, n))
        c.append(((n - 2) * c[n - 1] - square + (order * order if n == 2 else 0)) / 2)
    return c[1:]


def _row(name: str, pullback: Any, definition: Any, jax: str | None = None, *, laws: Any = (), meaning: Any = None,
         doc: str) -> Op:
    return elementwise(name, meaning or f"scipy.special.{name}", pullback, {"f": f"rg_{name}{{f}}({{0}})"},
                       {"f": f"rg_{name}({{0}})"}, jax, n=1, dtype=real_floating, cost=120, laws=laws,
                       definition=definition, doc=doc, reference=REFERENCE + name)


def _of_small(name: str, near: Any) -> Any:
    """SciPy's, which halves its operand, and the leading term where that loses digits."""
    def meaning(x: Any) -> Any:
        import scipy.special  # SciPy is imported on first use
        small = (x > 0) & (x < 1e-30)
        with np.errstate(over="ignore"):
            leading = near(np.where(small, x, 1).astype("float64"))
            return np.where(small, leading, getattr(scipy.special, name)(x)).astype(x.dtype)
    return meaning


i0e = _row("i0e", lambda g, y, x: (g * _slope(y, x, 0, i1e(x) - sign(x) * y, 1),), _i0e_definition, "jax.scipy.special.i0e",
           laws=[Even()], doc="The modified Bessel function of the first kind of order 0, times ``exp(-abs(x))``.")
i1e = _row("i1e", lambda g, y, x: (g * _slope(y, x, 1, _i1e_slope(y, x), 1),), _i1e_definition, "jax.scipy.special.i1e",
           laws=[Odd()], doc="The modified Bessel function of the first kind of order 1, times ``exp(-abs(x))``.")
k0e = _row("k0e", lambda g, y, x: (g * _slope(y, x, 0, y - k1e(x), -1),), _k0e_definition,
           meaning=_of_small("k0e", lambda x: math.log(2) - float(np.euler_gamma) - np.log(x)),
           doc="The modified Bessel function of the second kind of order 0, times ``exp(x)``.")
k1e = _row("k1e", lambda g, y, x: (g * _slope(y, x, 1, y - k0e(x) - y / x, -1),), _k1e_definition,
           meaning=_of_small("k1e", np.reciprocal),
           doc="The modified Bessel function of the second kind of order 1, times ``exp(x)``.")


def _i1e_slope(y: Term, x: Term) -> Term:
    zero = equal(x, 0)
    return i0e(x) - where(zero, 0.5, y / where(zero, 1, x)) - sign(x) * y


# -- other orders -----------------------------------------------------------------------------------------------------------

def _only(name: str, order: float, which: str) -> LinkError:
    return LinkError(f"{name}: of order {order:g} compiled linkers have nothing, only {which}; use linker='numpy'")


def _kve_definition(x: Term, order: Term) -> Term:
    """The recurrence adds positive numbers upwards, from orders 0 and 1, or 1/2 and 3/2."""
    n = abs(order.data)
    if (n != int(n) and n - 0.5 != int(n)) or n > 64:
        raise _only("kve", order.data, "whole and half-integer orders up to 64")
    x, dtype = _wide(x)
    root = sqrt(0.5 * math.pi / x)
    one, two = (k0e(x), k1e(x)) if n == int(n) else (root, root * (1 + 1 / x))
    reached = n % 1
    for _ in range(int(n)):
        one, two, reached = two, one + 2 * (reached + 1) / x * two, reached + 1
    return astype(where(greater(x, 0), one, where(equal(x, 0), float("inf"), float("nan"))), dtype)


def _ive_definition(x: Term, order: Term) -> Term:
    v = order.data
    if v in (0, 1, -1):
        return i1e(x) if v else i0e(x)
    if v != 0.5:
        raise _only("ive", v, "orders -1, 0, 1/2 and 1")
    x, dtype = _wide(x)
    root = -0.5 * expm1(-2 * x) / sqrt(0.5 * math.pi * x)
    return astype(where(equal(x, 0), 0, where(less(x, 0), float("nan"), where(equal(x, float("inf")), 0, root))), dtype)


def _of_order(name: str, pullback: Any, definition: Any, doc: str) -> Op:
    def meaning(x: Any, order: float) -> Any:
        import scipy.special  # SciPy is imported on first use
        return getattr(scipy.special, name)(order, x)
    return Op(name=name, attrs=("order",), kind="elementwise", operands=to_result, numpy=meaning, definition=definition,
              infer=lambda sizes, x, order: Type(real_floating(x.dtype), x.shape), pullback=pullback,
              reference=REFERENCE + name, cost=200, doc=doc)


ive_ = _of_order("ive", lambda g, y, x, order: (g * _ive_slope(y, x, order.data),), _ive_definition,
                 "The modified Bessel function of the first kind of an order, times ``exp(-abs(x))``.")
kve_ = _of_order("kve", lambda g, y, x, order: (g * _kve_slope(y, x, order.data),), _kve_definition,
                 "The modified Bessel function of the second kind of an order, times ``exp(x)``.")


def _ive_slope(y: Term, x: Term, v: float) -> Term:
    """In orders that compile, where there are such."""
    if v in (0, 1, -1):
        return _slope(y, x, v, _i1e_slope(y, x) if v else i1e(x) - sign(x) * y, 1)
    if v == 0.5:
        return exp(-2 * x) / sqrt(0.5 * math.pi * x) - 0.5 * y / x
    below = ive(v + 1, x) + 2 * v * y / x if 0 < v < 1 else ive(v - 1, x)
    return _slope(y, x, v, 0.5 * (below + ive(v + 1, x)) - sign(x) * y, 1)


def _kve_slope(y: Term, x: Term, v: float) -> Term:
    return _slope(y, x, v, y - 0.5 * (kve(v - 1, x) + kve(v + 1, x)), -1)


def _order(name: str, v: Any) -> Term:
    if isinstance(v, Term) or not isinstance(v, (int, float, np.integer, np.floating)):
        raise MisuseError(f"{name}: the order is {_short(v) if isinstance(v, Term) else v!r}; it is a number, as in "
                          f"rnp.special.{name}(1.5, x), since no gradient flows into it")
    return attr(float(v))


def ive(v: float, x: Any) -> Term:
    """The modified Bessel function of the first kind of order ``v``, times ``exp(-abs(x))``, as ``scipy.special.ive``."""
    return ive_(as_term(x), _order("ive", v))


def kve(v: float, x: Any) -> Term:
    """The modified Bessel function of the second kind of order ``v``, times ``exp(x)``, as ``scipy.special.kve``."""
    return kve_(as_term(x), _order("kve", v))
