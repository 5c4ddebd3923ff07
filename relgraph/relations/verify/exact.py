"""Terms evaluated in unlimited range and precision: the judge between two sides that differ in floats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...errors import TheoryError
from ...terms.evaluate import compute, resolve
from ...terms.term import ATTRIBUTE, CONST, Op, Term, toposort
from ...terms.type import TupleType

__all__ = ["PRECISIONS", "SLOW_PRECISIONS", "Beyond", "evaluate_all_exactly", "evaluate_exactly", "exactly", "named",
           "workprec"]

Array: TypeAlias = np.ndarray[Any, Any]
PRECISIONS = (700, 3400, 7200)  # bits: cheap; any sum or product of three doubles; to confirm a difference
SLOW_PRECISIONS = (300, 700, 1400)  # where a gamma function occurs: to thousands of bits it takes seconds
class Beyond(Exception):
    """A number too large or too small for the precision; one too large for any, as exp(1e16), decides nothing."""


def workprec(bits: int) -> Any:
    """A context in which mpmath computes with so many bits."""
    import mpmath
    return mpmath.workprec(bits)


def exactly(a: Any, dtype: np.dtype[Any]) -> Array:
    """An array of mpmath numbers for an array of floats or complex numbers; integers and bool stay as they are."""
    import mpmath
    a = np.asarray(a)
    if dtype.kind in "biu" and a.dtype.kind in "biu":
        return a.astype(dtype)
    numbers = a.ravel().tolist()
    if dtype.kind == "f":
        mpf = mpmath.mpf
        numbers = [v if v != v else mpf(v.real if isinstance(v, mpmath.mpc) else v) for v in numbers]
    elif dtype.kind == "c":
        numbers = [v if v != v else mpmath.mpc(v) for v in numbers]
    out = np.empty(a.size, object)
    out[:] = numbers
    return out.reshape(a.shape)


def evaluate_exactly(root: Term, values: Mapping[Term, Array], *, infinite: bool = False) -> Array:
    """The value of a term; NaN where it is undefined on the reals (or the complex numbers, if its type is complex)."""
    return evaluate_all_exactly([root], values, infinite=infinite)[0]


def evaluate_all_exactly(roots: Sequence[Term], values: Mapping[Term, Array], *, infinite: bool = False) -> list[Array]:
    """The values of terms, what they share computed once.

    ``values`` holds an array made by `exactly` for each input.  ``infinite``: infinities are numbers too, with their usual
    arithmetic; else they are undefined.  Beyond: a number too far out to compute with.
    """
    known: dict[Term, Any] = dict(values)
    for t in toposort(*roots):
        if t in known:
            continue
        if t.op is CONST:
            known[t] = _constant(t)
        elif t.op is ATTRIBUTE:
            known[t] = t.data
        else:
            known[t] = _apply(t, [known[a] for a in t.args], infinite)
    return [known[t] for t in roots]


# -- numbers that have a name: a constant that is the float nearest to one, or to that times a power of two, is meant to be it

_NAMED: tuple[Callable[[Any], Any], ...] = (
    lambda mp: mp.pi, lambda mp: mp.sqrt(mp.pi), lambda mp: mp.sqrt(mp.pi / 2), lambda mp: mp.sqrt(2), lambda mp: mp.log(2),
    lambda mp: mp.log(10), lambda mp: mp.log(2 * mp.pi), lambda mp: mp.e, lambda mp: 1 / mp.pi, lambda mp: 1 / mp.sqrt(mp.pi),
    lambda mp: 1 / mp.sqrt(2 * mp.pi), lambda mp: 1 / mp.log(2), lambda mp: 1 / mp.log(10))


@lru_cache(8)
def _named(dtype: np.dtype[Any]) -> dict[float, Callable[[Any], Any]]:
    """The named numbers by the digits of the floats nearest to them."""
    import mpmath
    with mpmath.workprec(200):
        return {float(np.frexp(dtype.type(mpmath.nstr(fn(mpmath.mp), 40)))[0]): fn for fn in _NAMED}


def named(value: float, dtype: np.dtype[Any]) -> bool:
    """Whether a number stands for one that has a name, which no float is."""
    return float(np.abs(np.frexp(dtype.type(value))[0])) in _named(dtype)


def _constant(t: Term) -> Any:
    """A constant as it is, one that stands for a number with a name as that number."""
    dtype: Any = t.type.dtype
    if dtype.kind == "f" and not t.data.ndim and named(t.data[()], dtype):
        import mpmath
        digits, exponent = np.frexp(t.data)
        number = _named(dtype)[float(np.abs(digits))](mpmath.mp)
        out = np.empty((), object)
        out[()] = mpmath.ldexp(number, int(exponent) - int(mpmath.frexp(number)[1])) * (-1 if digits < 0 else 1)
        return out
    return exactly(t.data, dtype)


def _apply(t: Term, args: list[Any], infinite: bool) -> Any:
    op = t.op
    type_: Any = t.type
    n = len(args) - len(op.attrs)
    arrays, attrs, types = args[:n], args[n:], [a.type for a in t.args[:n]]
    if getattr(type_.dtype, "kind", "") in tuple("biu") and all(_native(a) for a in arrays):
        try:
            return compute(op, type_, arrays, attrs, types)
        except IndexError:
            return _nowhere(type_)
        except ValueError as e:  # an integer to a negative power
            raise Beyond from e
    fn = _meaning(op)
    if fn is None:
        if op.definition is None:
            raise TheoryError(f"{op.name}: has no meaning in unlimited precision, so that no relation with it can be "
                              "judged; give its row a `reference` column")
        simpler = op.definition(*t.args)
        return evaluate_exactly(simpler, dict(zip(t.args[:n], arrays, strict=True)), infinite=infinite)
    several = type(type_) is TupleType
    if op.operands is not None:
        wanted = op.operands(type_.items[0].dtype if several else type_.dtype, *[x.dtype for x in types])
        arrays = [_moved(a, d) for a, d in zip(arrays, wanted, strict=True)]
    elif several:  # computed in the dtype of the first
        arrays = [_moved(a, type_.items[0].dtype) for a in arrays]
    if op.kind == "elementwise":
        is_complex = type_.dtype.kind == "c"
        number = _number if callable(op.cost) or op.cost < _DEAR else _number_once
        each = np.frompyfunc(lambda *xs: number(fn, xs + tuple(attrs), is_complex, infinite), n, 1)
        return _settled(each(*arrays), type_, infinite, done=True)
    try:
        out = _call_once(fn, arrays, attrs) if op.kind == "call" else fn(*arrays, *attrs)
    except (ZeroDivisionError, ValueError, IndexError):
        return _nowhere(type_)
    if several:
        return tuple(_settled(o, x, infinite) for o, x in zip(out, type_.items, strict=True))
    return _settled(out, type_, infinite)


def _without_noise(a: Any) -> Any:
    """What a routine leaves of numbers that cancel is zero: it would count as too small for the precision."""
    import mpmath
    if not isinstance(a, np.ndarray) or a.dtype != object:
        return a
    sizes = [abs(v) for v in a.flat if isinstance(v, (mpmath.mpf, mpmath.mpc)) and mpmath.isfinite(v)]
    least = max(sizes, default=mpmath.mpf(0)) * mpmath.mpf(2) ** (60 - _bits())

    def clean(v: Any) -> Any:
        if isinstance(v, mpmath.mpc):
            return mpmath.mpc(clean(v.real), clean(v.imag))
        return mpmath.mpf(0) if isinstance(v, mpmath.mpf) and abs(v) < least else v
    out = np.empty(a.shape, object)
    for i in np.ndindex(a.shape):
        out[i] = clean(a[i])
    return out


def _native(a: Any) -> bool:
    return isinstance(a, np.ndarray) and a.dtype != object


def _moved(a: Any, dtype: np.dtype[Any]) -> Any:
    if not isinstance(a, np.ndarray) or (_native(a) and dtype.kind in "biu"):
        return a
    return exactly(a, dtype) if dtype.kind in "fc" else a


@lru_cache(512)
def _meaning(op: Op) -> Callable[..., Any] | None:
    """The function that the reference column names; None if there is none of that name."""
    try:
        return resolve(op.reference)
    except AttributeError:
        return None


# -- values that were computed before: equations of the library meet the same hostile numbers again and again --------------

_DEAR = 4  # the cost of an op from which on looking a value up is cheaper than computing it
_KEPT = 20000
_values: dict[Any, Any] = {}


def _remembered(key: Any, compute_: Callable[[], Any]) -> Any:
    """What was computed for a key, an overflow included."""
    found = _values.get(key)
    if found is None:
        try:
            found = compute_()
        except (Beyond, OverflowError) as e:
            found = e
        if len(_values) >= _KEPT:
            _values.clear()
        _values[key] = found
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


def _raw(x: Any) -> Any:
    """A number by its bits, apart from numbers of other types."""
    import mpmath
    if isinstance(x, mpmath.mpf):
        return x._mpf_
    if isinstance(x, mpmath.mpc):
        return x._mpc_
    return type(x), x


def _number_once(fn: Callable[..., Any], xs: Sequence[Any], is_complex: bool, infinite: bool) -> Any:
    return _remembered((fn, _bits(), is_complex, infinite, *map(_raw, xs)), lambda: _number(fn, xs, is_complex, infinite))


def _call_once(fn: Callable[..., Any], arrays: Sequence[Array], attrs: Sequence[Any]) -> Any:
    """What a routine makes of matrices, of which the results are not to be written to."""
    def call() -> Any:
        out = fn(*arrays, *attrs)
        return tuple(map(_without_noise, out)) if isinstance(out, tuple) else _without_noise(out)
    key = (fn, _bits(), tuple(map(_raw, attrs)), *[(a.shape, a.dtype.str, *map(_raw, a.flat)) for a in arrays])
    return _remembered(key, call)


def _number(fn: Callable[..., Any], xs: Sequence[Any], is_complex: bool, infinite: bool) -> Any:
    try:
        return _defined(fn(*xs), is_complex, infinite)
    except (ZeroDivisionError, ValueError):
        return _nan()


def _defined(y: Any, is_complex: bool, infinite: bool) -> Any:
    """A number, or NaN for what is none; Beyond for one of extreme size."""
    import mpmath
    if isinstance(y, mpmath.mpc) and not is_complex:
        y = y.real if y.imag == 0 else mpmath.nan
    if not isinstance(y, (mpmath.mpf, mpmath.mpc)):
        return y
    for part in (y,) if isinstance(y, mpmath.mpf) else (y.real, y.imag):
        if not mpmath.isfinite(part):
            if infinite and not isinstance(y, mpmath.mpc):
                return y
            return mpmath.nan
        if part and abs(mpmath.mag(part)) > _bits() - 50:  # added to 1, one of the two would be lost
            raise Beyond
    return y


def _nan() -> Any:
    import mpmath
    return mpmath.nan


def _settled(out: Any, type_: Any, infinite: bool, *, done: bool = False) -> Array:
    """An array of numbers of the kind of its type: object for floats, native for integers and bool where all are defined.

    ``done``: each is known to be defined or NaN.
    """
    kind = type_.dtype.kind
    a = np.asarray(out, object) if not isinstance(out, np.ndarray) else out
    if kind in "fc":
        if a.dtype != object:
            return exactly(a, type_.dtype)
        flat = [_mpf(v) if isinstance(v, (int, float, complex, np.generic, np.ndarray)) else v for v in a.flat]
        settled = np.empty(a.size, object)
        settled[:] = flat if done else [_defined(v, kind == "c", infinite) for v in flat]
        return settled.reshape(a.shape)
    if a.dtype != object:
        return a.astype(type_.dtype)
    bits = 8 * type_.dtype.itemsize
    low = -(1 << (bits - 1)) if kind == "i" else 0

    def whole(v: Any) -> Any:  # as a cast of an integer of unlimited width
        return bool(v) if kind == "b" else (int(v) - low) % (1 << bits) + low
    if all(v == v for v in a.flat):
        return np.array([whole(v) for v in a.flat], type_.dtype).reshape(a.shape)
    out = np.empty(a.size, object)
    out[:] = [whole(v) if v == v else v for v in a.flat]
    return out.reshape(a.shape)


def _mpf(v: Any) -> Any:
    import mpmath
    return mpmath.mpmathify(v.item() if isinstance(v, (np.generic, np.ndarray)) else v)  # what is written may have no axes


def _bits() -> int:
    import mpmath
    bits: Any = mpmath.mp.prec
    return bits


def _nowhere(type_: Any) -> Any:
    if type(type_) is TupleType:
        return tuple(_nowhere(x) for x in type_.items)
    return np.full(type_.shape, _nan(), object)
