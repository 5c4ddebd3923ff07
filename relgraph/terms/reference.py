"""What rows mean in unlimited range and precision: the functions that ``reference`` columns name, on mpmath numbers.

An elementwise function gets numbers (mpf or mpc, bool as a condition), the others get object arrays of numbers; what
integers and bool make of each other NumPy computes exactly.  NaN means undefined.  What is infinite, not real where the
row is real, or raises ZeroDivisionError or ValueError is undefined too; the evaluator (`relations.verify`) makes it NaN.
The functions carry the rows' names.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np


@cache
def _mp() -> Any:
    """mpmath, which is imported when the first relation is judged."""
    import mpmath
    return mpmath


def _strict(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is undefined where an operand is, for those that look at their operands."""
    def checked(*xs: Any) -> Any:
        return _mp().nan if builtins.any(x != x for x in xs) else fn(*xs)
    return checked


def _named(name: str) -> Callable[..., Any]:
    """The function mpmath has under a name."""
    return lambda *xs: getattr(_mp(), name)(*xs)


# -- arithmetic -----------------------------------------------------------------------------------------------------------

positive = operator.pos
negative = operator.neg
subtract = operator.sub
add = operator.add
multiply = operator.mul
divide = operator.truediv
reciprocal = lambda x: 1 / x
square = lambda x: x * x
floor_divide = lambda a, b: _mp().floor(a / b)
remainder = lambda a, b: a - b * _mp().floor(a / b)


def power(x: Any, p: Any) -> Any:
    """Refused at once where the result has more digits than the precision, as of 1e16 to the power 1e16."""
    real = builtins.all(isinstance(v, _mp().mpf) and _mp().isfinite(v) for v in (x, p))
    if real and x != 0 and (x > 0 or _mp().isint(p)) and operator.abs(p) * (operator.abs(_mp().mag(x)) - 1) > _mp().mp.prec:
        raise OverflowError(f"power: too large a number for a precision of {_mp().mp.prec} bits")
    return x ** p


# -- comparisons, logic, order ------------------------------------------------------------------------------------------------

equal, not_equal = map(_strict, (operator.eq, operator.ne))
less, less_equal, greater, greater_equal = map(_strict, (operator.lt, operator.le, operator.gt, operator.ge))
logical_xor = _strict(lambda a, b: bool(a) != bool(b))
logical_not = _strict(operator.not_)
bitwise_and, bitwise_or, bitwise_xor = map(_strict, (operator.and_, operator.or_, operator.xor))
bitwise_invert, bitwise_left_shift, bitwise_right_shift = map(_strict, (operator.invert, operator.lshift, operator.rshift))
isnan = lambda x: x != x
isfinite = lambda x: x == x
isinf = lambda x: False
maximum = _strict(lambda a, b: a if a >= b else b)
minimum = _strict(lambda a, b: a if a <= b else b)
abs = operator.abs


def logical_and(a: Any, b: Any) -> Any:
    """False where one operand is, also if the other is undefined."""
    known = [x for x in (a, b) if x == x]
    return False if False in known else True if len(known) == 2 else _mp().nan


def logical_or(a: Any, b: Any) -> Any:
    return logical_not(logical_and(logical_not(a), logical_not(b)))


def where(condition: Any, a: Any, b: Any) -> Any:
    return condition if condition != condition else a if condition else b


# -- functions of one or two numbers --------------------------------------------------------------------------------------

def _exponential(name: str, exponent: Callable[[Any], Any] = operator.abs) -> Callable[..., Any]:
    """One that involves exp(exponent(x)), which the present precision must be able to add to 1 without losing either."""
    def checked(x: Any) -> Any:
        if 0.65 * _mp().mp.prec < exponent(x) < _mp().inf:
            raise OverflowError(f"{name}: of too large a number for a precision of {_mp().mp.prec} bits")
        return getattr(_mp(), name)(x)
    return checked


sqrt, log, log1p, sin, cos, tan, arctan = map(_named, ("sqrt", "log", "log1p", "sin", "cos", "tan", "atan"))
exp, expm1, sinh, cosh = map(_exponential, ("exp", "expm1", "sinh", "cosh"))
tanh = _exponential("tanh", lambda x: 2 * operator.abs(x))
erf, erfc = (_exponential(name, lambda x: operator.abs(x) ** 2) for name in ("erf", "erfc"))
sign, floor, ceil, digamma = map(_named, ("sign", "floor", "ceil", "digamma"))
log2 = lambda x: _mp().log(x) / _mp().log(2)
log10 = lambda x: _mp().log10(x)
gammaln = lambda x: _mp().re(_mp().loggamma(x))
_reflected = lambda x: (_mp().pi / _mp().sinpi(x))**2 - _mp().psi(1, 1 - x)  # mpmath steps up to zero one by one
trigamma = lambda x: _mp().psi(1, x) if x > -100 else _reflected(x)
polygamma = lambda x, order: _mp().psi(order, x) if x > 0 else _mp().nan
sigmoid = lambda x: 1 / (1 + exp(-x))
softplus = lambda x: _mp().log1p(exp(x))
log1mexp = lambda x: _mp().log(-expm1(x))
logaddexp = lambda a, b: _mp().log(exp(a) + exp(b))
conj, real, imag = map(_named, ("conj", "re", "im"))
astype = lambda x, dtype: x


# -- reductions of object arrays ----------------------------------------------------------------------------------------------

def _reduction(fn: Callable[..., Any], start: Any = None) -> Callable[..., Any]:
    """A function of two numbers over axes; without a start, no elements are undefined."""
    def reduce(x: Any, axes: tuple[int, ...]) -> Any:
        rows = _rows(x, axes)
        out = np.empty(rows.shape[:-1], object)
        for i in np.ndindex(out.shape):
            y: Any = start
            for v in rows[i]:
                y = v if y is None else fn(y, v)
            out[i] = _mp().nan if y is None else y
        return out
    return reduce


def _rows(x: Any, axes: tuple[int, ...]) -> Any:
    """The reduced axes last and flat."""
    kept = [a for a in range(-x.ndim, 0) if a not in axes]
    moved = np.transpose(x, [a + x.ndim for a in (*kept, *axes)])
    return moved.reshape((*moved.shape[:len(kept)], int(np.prod(moved.shape[len(kept):]))))


sum = _reduction(operator.add, 0)
prod = _reduction(operator.mul, 1)
max = _reduction(maximum)
max_or_lowest = _reduction(maximum, -np.inf)
min = _reduction(minimum)
all = _reduction(logical_and, True)
any = _reduction(logical_or, False)


def _each(fn: Callable[..., Any], x: Any) -> Any:
    return np.frompyfunc(fn, 1, 1)(x) if x.size else x


def mean(x: Any, axes: tuple[int, ...]) -> Any:
    n = _rows(x, axes).shape[-1]
    return _each(lambda v: v / n, sum(x, axes)) if n else _each(lambda v: _mp().nan, sum(x, axes))


def logsumexp(x: Any, axes: tuple[int, ...]) -> Any:
    return np.asarray(_each(lambda v: _mp().log(v) if v else _mp().nan, sum(np.asarray(_each(exp, x), object), axes)), object)


def softmax(x: Any, axes: tuple[int, ...]) -> Any:
    e = np.asarray(_each(exp, x), object)
    return e / np.expand_dims(sum(e, axes), axes)


# -- matrices -------------------------------------------------------------------------------------------------------------

def _undefined(*shape: int) -> Any:
    return np.full(shape, _mp().nan, object)


def _identity(rows: int, columns: int) -> Any:
    return np.array([[_mp().mpf(i == j) for j in range(columns)] for i in range(rows)], object).reshape(rows, columns)


def _batched(fn: Callable[..., Any], results: int = 1) -> Callable[..., Any]:
    """A function of matrices over leading axes; of a matrix that is undefined somewhere it is undefined everywhere."""
    def one(arrays: tuple[Any, ...], i: Any) -> list[Any]:
        if builtins.any(v != v for a in arrays for v in a[i].flat):
            return [_undefined(*y.shape) for y in like_identity(arrays)]
        return [_array(y) for y in _tuple(fn(*[a[i] for a in arrays]))]

    def like_identity(arrays: tuple[Any, ...]) -> list[Any]:
        """Results of the right shapes."""
        return [_array(y) for y in _tuple(fn(*[_identity(*a.shape[-2:]) for a in arrays]))]

    def over(*arrays: Any) -> Any:
        lead = np.broadcast_shapes(*[a.shape[:-2] for a in arrays])
        arrays = tuple(np.broadcast_to(a, lead + a.shape[-2:]) for a in arrays)
        outs = [one(arrays, i) for i in np.ndindex(lead)]
        joined = ([_stacked([o[k] for o in outs], lead) for k in range(results)] if outs
                  else [np.empty(lead + y.shape, object) for y in like_identity(arrays)])
        return joined[0] if results == 1 else tuple(joined)
    return over


def _tuple(y: Any) -> tuple[Any, ...]:
    return y if isinstance(y, tuple) else (y,)


def _array(y: Any) -> Any:
    """An object array of a number, an array or an mpmath matrix."""
    if isinstance(y, np.ndarray):
        return y
    if not hasattr(y, "rows"):
        out = np.empty((), object)
        out[()] = y
        return out
    out = np.empty((y.rows, y.cols), object)
    for i, j in np.ndindex(out.shape):
        out[i, j] = y[i, j]
    return out


def _stacked(parts: list[Any], lead: tuple[int, ...]) -> Any:
    out = np.empty((len(parts), *parts[0].shape), object)
    for i, p in enumerate(parts):
        out[i] = p[()]
    return out.reshape(lead + parts[0].shape)


def _matrix(a: Any) -> Any:
    m = _mp().matrix(*a.shape)
    for i, j in np.ndindex(a.shape):
        m[i, j] = a[i, j]
    return m


def _det(a: Any) -> Any:
    return _mp().det(_matrix(a)) if a.size else _mp().mpf(1)


def _inv(a: Any) -> Any:
    try:
        return _matrix(a) ** -1 if a.size else a
    except ZeroDivisionError:
        return _undefined(*a.shape)


def _slogdet(a: Any) -> Any:
    d = _det(a)
    return (d, _mp().nan) if d == 0 else (d / operator.abs(d), _mp().log(operator.abs(d)))


def _solve(a: Any, b: Any) -> Any:
    x = _array(_inv(a))
    return np.matmul(x, b) if a.size and b.size else np.empty((a.shape[-1], b.shape[-1]), object)


def solve_triangular(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    triangle = _batched(lambda m: _read_triangle(m, lower, unit))(a)
    return solve(triangle, b)


def _read_triangle(a: Any, lower: bool, unit: bool) -> Any:
    out = np.array(a, object)
    for i, j in np.ndindex(out.shape):
        if i == j and unit:
            out[i, j] = _mp().mpf(1)
        elif i != j and (i > j) != lower:
            out[i, j] = _mp().mpf(0)
    return out


def _cholesky(a: Any) -> Any:
    """Of the lower triangle; undefined where a pivot is not positive."""
    n = len(a)
    out = np.full((n, n), _mp().mpf(0), object)
    for j in range(n):
        pivot = _mp().re(a[j, j]) - _total(operator.abs(out[j, k]) ** 2 for k in range(j))
        if not pivot > 0:
            return _undefined(n, n)
        out[j, j] = _mp().sqrt(pivot)
        for i in range(j + 1, n):
            out[i, j] = (a[i, j] - _total(out[i, k] * _mp().conj(out[j, k]) for k in range(j))) / out[j, j]
    return out


def _total(xs: Any) -> Any:
    y = _mp().mpf(0)
    for x in xs:
        y += x
    return y


det = _batched(_det)
inv = _batched(_inv)
slogdet = _batched(_slogdet, 2)
solve = _batched(_solve)
cholesky = _batched(_cholesky)


def trace(x: Any) -> Any:
    return sum(np.diagonal(x, 0, -2, -1), (-1,))
