"""What the rows of `trigonometry` and `special` mean in unlimited range and precision, as `reference` does for the others."""

from __future__ import annotations

import operator
from typing import Any

from .reference import _mp, _named, _strict, exp, gammaln

arcsin, arccos, arcsinh, arccosh, arctanh = map(_named, ("asin", "acos", "asinh", "acosh", "atanh"))
arctan2, hypot, rint, erfinv = map(_named, ("atan2", "hypot", "nint", "erfinv"))
deg2rad = lambda x: x * _mp().pi / 180
rad2deg = lambda x: x * 180 / _mp().pi
exp2 = lambda x: exp(x * _mp().log(2))
cbrt = lambda x: _mp().sign(x) * _mp().cbrt(operator.abs(x))
trunc = _strict(lambda x: _mp().floor(x) if x >= 0 else _mp().ceil(x))
copysign = _strict(lambda a, b: operator.abs(a) if b >= 0 else -operator.abs(a))
logit = lambda x: _mp().log(x) - _mp().log1p(-x)
xlogy = _strict(lambda x, y: x * _mp().log(y) if x else x)
xlog1py = _strict(lambda x, y: x * _mp().log1p(y) if x else x)
betaln = lambda a, b: gammaln(a) + gammaln(b) - gammaln(a + b) if a > 0 and b > 0 else _mp().nan


def _within(name: str, fn: Any) -> Any:
    """A function that mpmath sums for arguments of moderate size only."""
    def checked(*xs: Any) -> Any:
        if any(operator.abs(x) > 1e4 for x in xs):
            raise OverflowError(f"{name}: of too large a number")
        return fn(*xs)
    return checked


ive = _within("ive", lambda x, v: _mp().besseli(v, x) * _mp().exp(-operator.abs(x)))


def _whole_k(n: int, x: Any) -> Any:
    """The second kind, of a whole order, by its series (DLMF 10.31.1), whose terms cancel to ``exp(-x)``; mpmath: limits."""
    mp = _mp().mp
    with mp.workprec(mp.prec + 3 * int(x) + 40):
        quarter, half = x * x / 4, x / 2
        total = mp.fsum(mp.fac(n - k - 1) / mp.fac(k) * (-quarter) ** k for k in range(n)) / (2 * half**n)
        rest, digammas = half**n / mp.fac(n), mp.harmonic(n) - 2 * mp.euler
        scale, k = (-1) ** n * rest, 0
        while rest > mp.eps * scale * (-1) ** n or k < 2:
            total += (-1) ** n * rest * (digammas / 2 - mp.log(half))
            k += 1
            rest *= quarter / (k * (n + k))
            digammas += mp.mpf(1) / k + mp.mpf(1) / (n + k)
    return +total


def _k(x: Any, v: Any) -> Any:
    whole = int(v) == v and 0 < x < 0.35 * _mp().mp.prec
    return _whole_k(operator.abs(int(v)), x) if whole else _mp().besselk(v, x)


kve = _within("kve", lambda x, v: _k(x, v) * _mp().exp(x) if x > 0 else _mp().nan)
i0e, i1e, k0e, k1e = (lambda x, f=f, v=v: f(x, v) for f, v in ((ive, 0), (ive, 1), (kve, 0), (kve, 1)))


def erfcx(x: Any) -> Any:
    """By the asymptotic series (DLMF 7.12.1) where its least term is below the precision."""
    square = x * x
    if x > 0 and square > 0.75 * _mp().mp.prec:
        term = total = _mp().mpf(1)
        for k in range(1, 100_000):
            term *= -(2 * k - 1) / (2 * square)
            total += term
            if operator.abs(term) < _mp().eps:
                break
        return total / (x * _mp().sqrt(_mp().pi))
    return exp(square) * _mp().erfc(x)


def erfc_ratio(x: Any, order: int) -> Any:
    """By the recurrence (DLMF 7.18.7), with as many more bits as cancel in it."""
    mp = _mp().mp
    with mp.workprec(mp.prec + 20 + 2 * (order + 1) * max(int(mp.mag(x)) + 1 if x else 0, 1)):
        found = 1 / (mp.sqrt(mp.pi) * erfcx(x)) - x
        for k in range(2, order + 1):
            found = (1 / found - 2 * x) / (2 * k)
    return +found


def log_ndtr(x: Any) -> Any:
    t = x / _mp().sqrt(2)
    if operator.abs(t) > 1e6:
        raise OverflowError("log_ndtr: of too large a number")
    return _mp().log1p(-_mp().erfc(t) / 2) if x > 0 else _mp().log(_mp().erfc(-t) / 2)
