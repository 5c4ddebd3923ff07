"""Two computed values and two exact ones: equal bits, equal up to rounding, truly equal, nearer the truth."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term, toposort
from .exact import PRECISIONS, SLOW_PRECISIONS, Beyond, evaluate_all_exactly, evaluate_exactly, workprec
from .values import SINGLE

__all__ = ["all_close", "apart", "at_infinity", "close", "errors", "same_bits", "settle", "tolerance"]

Array: TypeAlias = np.ndarray[Any, Any]


def all_close(a: Array, b: Array, *, normwise: bool = False) -> bool:
    """Whether `close` holds everywhere, found sooner where it holds for the simplest reason: all is finite and near."""
    if a.dtype == b.dtype and a.dtype.kind in "fc" and a.size:
        with np.errstate(all="ignore"):
            difference, allowed = np.abs(a - b), np.abs(a) * tolerance(a.dtype)
            if normwise:
                if difference.max() <= allowed.max() < np.inf:
                    return True
            elif (difference <= allowed).all() and allowed.max() < np.inf:
                return True
    return bool(np.all(close(a, b, normwise=normwise)))


@cache
def tolerance(dtype: np.dtype[Any]) -> float:
    """What counts as rounding: far above it, and far below a wrong formula."""
    return 0.0 if dtype.kind not in "fc" else 1e-4 if dtype in SINGLE else 1e-9


@cache
def _tiny(dtype: np.dtype[Any]) -> float:
    """Below this a float has fewer digits: differences are measured against it."""
    return float(np.finfo(dtype).tiny)


def same_bits(a: Array, b: Array) -> Array:
    """Where two arrays are the same, zeros by their sign, any NaN like another."""
    if a.dtype != b.dtype:
        return np.zeros(np.broadcast_shapes(a.shape, b.shape), bool)
    if a.dtype.kind == "c":
        return same_bits(np.real(a), np.real(b)) & same_bits(np.imag(a), np.imag(b))
    if a.dtype.kind != "f":
        return np.equal(a, b)
    return ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))


def close(a: Array, b: Array, *, normwise: bool = False) -> Array:
    """Where two arrays agree up to rounding; NaN agrees with NaN.  ``normwise``: in the size of the largest element."""
    dtype = np.result_type(a, b)
    if dtype.kind not in "fc":
        return np.equal(a, b)
    a, b = np.broadcast_arrays(a.astype(dtype, copy=False), b.astype(dtype, copy=False))
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        if normwise and size.size and np.all(np.isfinite(size)):
            size = np.broadcast_to(np.max(size), size.shape)
        near = np.isfinite(size) & (np.abs(a - b) <= tolerance(dtype) * np.maximum(size, _tiny(dtype)))
        return near | (a == b) | (np.isnan(a) & np.isnan(b))


# -- exact values ---------------------------------------------------------------------------------------------------------

def _distance(a: Any, b: Any) -> Any:
    return operator.abs(a - b)


def apart(p: Any, q: Any, bits: int) -> bool:
    """Whether two exact numbers differ within so many bits."""
    p, q = (v.item() if isinstance(v, np.generic) else v for v in (p, q))  # integers of a width overflow
    if type(p) is int and type(q) is int:
        return p != q
    return bool(_distance(p, q) * 2**bits > max(operator.abs(p), operator.abs(q)))


def _undefined(a: Array) -> Array:
    return np.array([v != v for v in a.flat], bool).reshape(a.shape)


def _agree(a: Array, b: Array, bits: int, normwise: bool) -> bool:
    """Undefined together, and elsewhere equal up to so many bits."""
    if a.dtype != object and b.dtype != object:
        return bool(np.all(a == b))
    u, v = _undefined(a), _undefined(b)
    if not np.array_equal(u, v):
        return False
    pairs = [(p, q) for p, q, undefined in zip(a.ravel().tolist(), b.ravel().tolist(), u.flat, strict=True) if not undefined]
    if all(p == q for p, q in pairs):
        return True
    sizes = [max(operator.abs(p), operator.abs(q)) for p, q in pairs]
    if normwise and sizes:
        sizes = [max(sizes)] * len(sizes)
    return all(_distance(p, q) * 2**bits <= s for (p, q), s in zip(pairs, sizes, strict=True))


def _vanishes(a: tuple[Array, Array], b: tuple[Array, Array]) -> bool:
    """Whether a difference goes away as precision grows: it was cancellation."""
    if a[0].dtype != object or a[1].dtype != object or not np.array_equal(_undefined(b[0]), _undefined(b[1])):
        return False
    for p, q, r, s in zip(a[0].flat, a[1].flat, b[0].flat, b[1].flat, strict=True):
        if r == r and not (p == p and q == q and _distance(r, s) * 2**300 <= _distance(p, q)):
            if not (p == p and q == q and _distance(r, s) * 2**200 <= max(operator.abs(r), operator.abs(s))):
                return False
    return True


def _slow(t: Term) -> bool:
    """Whether the reference takes its time over an op: a function of a number, or of matrices in many steps."""
    if not callable(t.op.cost):
        return t.op.cost >= 60
    return t.op.cost(*[a.type.shape for a in t.args[: t.op.arity]]) >= 400


def settle(left: Term, right: Term, values: Mapping[Term, Array], *, bits: int | None = None,
           normwise: bool = False) -> tuple[Array, Array, bool] | None:
    """The exact values of both sides and whether they are equal; None where the reference cannot tell.

    Precision grows until the sides agree; a difference counts once two precisions show the same one.  ``bits``: sides
    that agree to so many bits are equal, for equations with rounded constants or matrices.
    """
    before: tuple[Array, Array] | None = None
    slow = any(map(_slow, toposort(left, right)))
    for precision in SLOW_PRECISIONS if slow else PRECISIONS:
        with workprec(precision):
            try:
                a, b = np.broadcast_arrays(*evaluate_all_exactly([left, right], values))
            except (Beyond, OverflowError):
                continue
            if _agree(a, b, bits or min(precision // 3, 900), normwise):
                return a, b, True
            if before is not None:
                if _vanishes(before, (a, b)):
                    return a, b, True
                if _agree(a, before[0], 60, normwise) and _agree(b, before[1], 60, normwise):
                    return a, b, False
            before = (a, b)
    return None


def at_infinity(left: Term, right: Term, values: Mapping[Term, Array]) -> tuple[bool, bool, bool]:
    """At infinite inputs, by the arithmetic of infinities: whether both sides have values and these differ; whether the left
    one has none, as 0*inf, where the right one is finite; whether the right one has none where the left one is finite.

    Of a side that is undefined at large finite inputs too nothing is lost: 1/sqrt(x) at minus infinity is 0 by convention.
    """
    with workprec(PRECISIONS[1]):
        try:
            exact = np.broadcast_arrays(*evaluate_all_exactly([left, right], values, infinite=True))
        except (Beyond, OverflowError):
            return False, False, False
        pairs = list(zip(*[v.ravel().tolist() for v in exact], strict=True))
        differ = any(p == p and q == q and p != q and apart(p, q, 200) for p, q in pairs)
        gone = [any(p != p and q == q and operator.abs(q) < np.inf for p, q in pairs),
                any(q != q and p == p and operator.abs(p) < np.inf for p, q in pairs)]
        if any(gone):
            large = {t: _large(a) for t, a in values.items()}
            try:
                gone = [g and not bool(_undefined(evaluate_exactly(side, large)).any())
                        for g, side in zip(gone, (right, left), strict=True)]
            except (Beyond, OverflowError):
                gone = [False, False]
    return differ, gone[0], gone[1]


def _large(a: Array) -> Array:
    """Exact numbers with large ones for the infinite ones."""
    import mpmath
    if a.dtype != object:
        return a
    out = np.empty(a.shape, object)
    for i, v in np.ndenumerate(a):
        out[i] = mpmath.sign(v) * 1000 if isinstance(v, mpmath.mpf) and mpmath.isinf(v) else v
    return out


def errors(value: Array, true: Array, normwise: bool = False) -> float:
    """The largest relative error of computed values; inf for one that is undefined, or infinite within range."""
    if value.dtype.kind not in "fc":
        return 0.0 if bool(np.all(value == true)) else np.inf
    limit, tiny = float(np.finfo(value.dtype).max), _tiny(value.dtype)
    sizes = [operator.abs(t) for t in true.flat if t == t]
    largest = max(sizes) if sizes and normwise else None
    near = complex if value.dtype.kind == "c" else float
    exactly_: list[tuple[float, Any, Any]] = []  # what is compared in unlimited precision: the worst as floats see it
    for v, t in zip(np.broadcast_to(value, true.shape).ravel().tolist(), true.flat, strict=True):
        if t != t or (v == 0 and t == 0):
            continue
        about = near(t)
        size = _size(about) if largest is None else float(largest)
        plain = 4 * tiny < size < limit / 4 and _size(v) < limit / 4  # NaN is not
        exactly_.append((_size(v - about) / size if plain else np.inf, v, t))
    exactly_.sort(key=lambda e: -e[0])
    few = [e for i, e in enumerate(exactly_) if i < 4 or e[0] == np.inf]
    return max((_error(v, t, limit, tiny, largest) for _, v, t in few), default=0.0)


def _size(v: Any) -> float:
    """The absolute value of a float or a complex number, inf where it overflows: Python's raises there."""
    return math.hypot(v.real, v.imag)


def _error(v: Any, t: Any, limit: float, tiny: float, largest: Any) -> float:
    if v != v:
        return np.inf
    if _size(v) > limit:
        return 0.0 if operator.abs(t) > limit else np.inf
    size = max(operator.abs(t) if largest is None else largest, tiny)
    ratio = operator.abs(v - t) / size
    return float(ratio) if ratio < 1e300 else np.inf
