"""NumPy 2 and array-API names, ``import relgraph.numpy as rnp`` (over 300 lines because it is one list of names)."""

from __future__ import annotations

import builtins as _builtins
import sys as _sys
from difflib import get_close_matches as _get_close_matches
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

import numpy as _np

from .errors import AxisError as _AxisError
from .errors import MisuseError as _MisuseError
from .terms import bessel as _bessel
from .terms import decompositions as _decompositions
from .terms import elementwise as _elementwise
from .terms import fourier as _fourier
from .terms import linalg as _rows
from .terms import general as _general
from .terms import pencils as _pencils
from .terms import norms as _norms
from .terms import operators as _operators  # gives terms their operators
from .terms import products as _products
from .terms import reduction as _reduction
from .terms import special as _special
from .terms.elementwise import abs_ as abs
from .terms.elementwise import (add, arctan, astype, bitwise_and, bitwise_invert, bitwise_left_shift, bitwise_or,
                                bitwise_right_shift, bitwise_xor, ceil, clip, conj,
                                cos, cosh, divide, equal, exp, expm1, floor, floor_divide, greater, greater_equal, imag,
                                isfinite, isinf, isnan, less, less_equal, log, log1p, log2, log10, logaddexp, logical_and,
                                logical_not, logical_or, logical_xor, maximum, minimum, multiply, negative, not_equal,
                                positive, power, real, reciprocal, remainder, sigmoid, sign, sin, sinh, softplus, sqrt,
                                square, subtract, tan, tanh, where)
from .terms.contraction import einsum, inner, tensordot
from .terms.cumulative import cumprod, cumsum, diff
from .terms.elementwise import power as pow  # array API name
from .terms.indexing import take
from .terms.special import cbrt, copysign, exp2, rint, trunc
from .terms.trigonometry import arccos, arccosh, arcsin, arcsinh, arctan2, arctanh, deg2rad, hypot, rad2deg
from .terms.trigonometry import deg2rad as radians
from .terms.trigonometry import rad2deg as degrees
from .terms.trigonometry import arccos as acos  # array API names, from here
from .terms.trigonometry import arccosh as acosh
from .terms.trigonometry import arcsin as asin
from .terms.trigonometry import arcsinh as asinh
from .terms.trigonometry import arctan2 as atan2
from .terms.trigonometry import arctanh as atanh
from .terms.elementwise import arctan as atan
from .terms.distinct import unique, unique_values
from .terms.joining import arange, concat, diag_, eye, full, ones, stack, zeros
from .terms.joining import concat as concatenate
from .terms.matrix_chain import multi_dot as _multi_dot
from .terms.linalg import cholesky as _cholesky
from .terms.linalg import diagonal as _diagonal
from .terms.linalg import dot, matmul, matvec, outer, tril, triu, vecdot, vecmat
from .terms.ordering import argmax, argmin, argsort, searchsorted, sort, take_along_axis
from .terms.rearranging import flip, linspace, meshgrid, repeat, roll, split, tile
from .terms.products import kron
from .terms.reduction import all, any, max, mean, min, prod, std, var
from .terms.stacking import (array_split, atleast_1d, atleast_2d, atleast_3d, column_stack, dstack, hstack, unstack, vstack)
from .terms.structure import broadcast_to, expand_dims, matrix_transpose, permute_dims, ravel, reshape, squeeze, sum
from .terms.structure import known_ndim as _known_ndim
from .terms.structure import permute_dims as transpose
from .terms.summaries import (allclose, array_equal, average, count_nonzero, isclose, median, nan_to_num, ptp)
from .terms.term import Term as _Term
from .terms.term import _short
from .terms.term import as_term as _as_term
from .terms.term import const as _const
from .terms.type import UNKNOWN as _UNKNOWN

e, inf, nan, newaxis, pi = _np.e, _np.inf, _np.nan, None, _np.pi
bool, int8, int16, int32, int64 = "bool", "int8", "int16", "int32", "int64"
uint8, uint16, uint32, uint64 = "uint8", "uint16", "uint32", "uint64"
float32, float64, complex64, complex128 = "float32", "float64", "complex64", "complex128"


def _holds_terms(x: _Any) -> _builtins.bool:
    return isinstance(x, (list, tuple)) and _builtins.any(isinstance(v, _Term) or _holds_terms(v) for v in x)


def asarray(x: _Any, dtype: _Any = None) -> _Term:
    """A term for an array, a number or a (nested) list; lists of terms are stacked."""
    if _holds_terms(x):
        x = stack([asarray(v) for v in x])
    if isinstance(x, _Term):
        return x if dtype is None else astype(x, dtype)
    return _const(x, dtype)


array = asarray


def zeros_like(x: _Any, dtype: _Any = None) -> _Term:
    """Zeros of the shape and dtype of ``x``."""
    return _like("zeros_like", x, 0, dtype)


def ones_like(x: _Any, dtype: _Any = None) -> _Term:
    """Ones of the shape and dtype of ``x``."""
    return _like("ones_like", x, 1, dtype)


def full_like(x: _Any, fill_value: _Any, dtype: _Any = None) -> _Term:
    """One value in the shape and dtype of ``x``."""
    return _like("full_like", x, fill_value, dtype)


def _like(name: str, x: _Any, value: _Any, dtype: _Any) -> _Term:
    x = _as_term(x)
    _known_ndim(name, x)
    return full(x.type.shape, value, dtype or x.type.dtype)


def angle(z: _Any) -> _Term:
    """The angle of complex numbers, in (-pi, pi]; of real ones 0 or pi, as ``numpy.angle``."""
    z = _as_term(z)
    return arctan2(imag(z), real(z))


def round(x: _Any, decimals: int = 0) -> _Term:
    """The nearest number of so many decimals, the even one of two, as ``numpy.round``; a whole number is returned."""
    x = _as_term(x)
    if x.type is not _UNKNOWN and x.type.dtype.kind in "iu" and decimals >= 0:
        return x
    return rint(x * 10.0**decimals) / 10.0**decimals if decimals else rint(x)


def diag(x: _Any, k: int = 0) -> _Term:
    """The matrix with vector ``x`` on its diagonal, or the ``k``-th diagonal of a matrix, as ``numpy.diag``."""
    x = _as_term(x)
    if x.type is _UNKNOWN or x.type.ndim == 1:
        if k:
            raise _MisuseError(f"diag: k={k} is defined for matrices only; pad the vector with rnp.concat")
        return diag_(x)
    if x.type.ndim != 2:
        raise _MisuseError(f"diag: {x.type!r} is neither a vector nor a matrix; write rnp.linalg.diagonal(x)")
    return _diagonal(x, k)


def _two_axes(name: str, x: _Term, first: int, second: int, last: str = "") -> tuple[int, int]:
    _known_ndim(name, x, last)
    for a in (first, second):
        if not -x.ndim <= a < x.ndim:
            raise _AxisError(f"{name}: axis {a} is out of range for the {x.ndim} axes of {_short(x)}: {x.type!r}")
    return first % x.ndim, second % x.ndim


def _to_last(name: str, x: _Any, axis1: int, axis2: int) -> _Term:
    x = _as_term(x)
    i, j = _two_axes(name, x, axis1, axis2, f"rnp.linalg.{name}(x), that of the last two axes")
    if i == j:
        raise _MisuseError(f"{name}: the axes {axis1} and {axis2} are one; a diagonal needs two")
    return permute_dims(x, (*[a for a in range(x.ndim) if a not in (i, j)], i, j))


def diagonal(x: _Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> _Term:
    """A diagonal of two axes, as ``numpy.diagonal``."""
    return _diagonal(_to_last("diagonal", x, axis1, axis2), offset)


def trace(x: _Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> _Term:
    """The sum of a diagonal of two axes, as ``numpy.trace``."""
    return _rows.trace(_to_last("trace", x, axis1, axis2), offset)


_PERMUTED = "permute_dims(x, axes) with axes, = attrs('axes')"


def swapaxes(x: _Any, axis1: int, axis2: int) -> _Term:
    """Exchange two axes."""
    x = _as_term(x)
    last = ".mT, which exchanges the last two axes" if {axis1, axis2} == {-1, -2} else _PERMUTED
    i, j = _two_axes("swapaxes", x, axis1, axis2, last)
    axes = list(range(x.ndim))
    axes[i], axes[j] = j, i
    return permute_dims(x, axes)


def moveaxis(x: _Any, source: int, destination: int) -> _Term:
    """Move one axis to another position."""
    x = _as_term(x)
    i, j = _two_axes("moveaxis", x, source, destination, _PERMUTED)
    axes = [a for a in range(x.ndim) if a != i]
    axes.insert(j, i)
    return permute_dims(x, axes)


def cumulative_sum(x: _Any, *, axis: int | None = None, dtype: _Any = None, include_initial: _builtins.bool = False) -> _Term:
    """Sums of the elements up to each one, the array API's `cumsum`; ``include_initial`` puts a zero first."""
    return _from(cumsum, 0, x, axis, dtype, include_initial)


def cumulative_prod(x: _Any, *, axis: int | None = None, dtype: _Any = None, include_initial: _builtins.bool = False) -> _Term:
    """Products of the elements up to each one, the array API's `cumprod`; ``include_initial`` puts a one first."""
    return _from(cumprod, 1, x, axis, dtype, include_initial)


def _from(fn: _Any, start: int, x: _Any, axis: int | None, dtype: _Any, initial: _builtins.bool) -> _Term:
    x = _as_term(x)
    if axis is None and _known_ndim(fn.__name__, x, "axis=-1, the last one") != 1:
        raise _MisuseError(f"{fn.__name__}: {_short(x)}: {x.type!r} has {x.ndim} axes; say which one, as in axis=-1")
    a = -1 if axis is None else axis
    y = fn(x, a, dtype)
    if not initial:
        return y
    _known_ndim(fn.__name__, x)
    shape = list(y.type.shape)
    shape[a] = 1
    return concat([full(tuple(shape), start, y.type.dtype), y], a)


class _Home(type):
    """The class of a namespace: a name that it does not have is an AttributeError that says what to write."""

    if not _TYPE_CHECKING:  # a type checker knows which names are there
        def __getattr__(cls, name: str) -> _Any:
            if name.startswith("_"):
                raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
            raise AttributeError(_no_name(f"rnp.{cls.__name__}", name), name=name, obj=cls)


class linalg(metaclass=_Home):
    """Linear algebra under the names of ``numpy.linalg``; every leading axis is a batch."""

    cholesky = staticmethod(_cholesky)
    det = staticmethod(_rows.det)
    diagonal = staticmethod(_diagonal)
    inv = staticmethod(_rows.inv)
    matmul = staticmethod(matmul)
    matrix_transpose = staticmethod(matrix_transpose)
    multi_dot = staticmethod(_multi_dot)
    outer = staticmethod(outer)
    qr = staticmethod(_rows.qr)
    slogdet = staticmethod(_rows.slogdet)
    solve = staticmethod(_rows.solve)
    solve_triangular = staticmethod(_rows.solve_triangular)
    trace = staticmethod(_rows.trace)
    vecdot = staticmethod(vecdot)

    eig = staticmethod(_general.eig)
    eigvals = staticmethod(_general.eigvals)
    eigh = staticmethod(_norms.eigh)
    eigvalsh = staticmethod(_norms.eigvalsh)
    matrix_norm = staticmethod(_norms.matrix_norm)
    matrix_power = staticmethod(_norms.matrix_power)
    pinv = staticmethod(_decompositions.pinv)
    svd = staticmethod(_decompositions.svd)
    svdvals = staticmethod(_decompositions.svdvals)
    vector_norm = staticmethod(_norms.vector_norm)

    # names of scipy.linalg
    block_diag = staticmethod(_products.block_diag)
    cho_solve = staticmethod(_norms.cho_solve)
    lu_factor = staticmethod(_general.lu_factor)
    lu_solve = staticmethod(_general.lu_solve)
    qz = staticmethod(_pencils.qz)
    schur = staticmethod(_general.schur)
    solve_continuous_lyapunov = staticmethod(_general.solve_continuous_lyapunov)
    solve_discrete_lyapunov = staticmethod(_general.solve_discrete_lyapunov)
    solve_sylvester = staticmethod(_general.solve_sylvester)
    circulant = staticmethod(_products.circulant)
    expm = staticmethod(_decompositions.expm)
    kron = staticmethod(_products.outer_kron)
    lu = staticmethod(_decompositions.lu)
    toeplitz = staticmethod(_products.toeplitz)


class fft(metaclass=_Home):
    """Discrete Fourier transforms under the names of ``numpy.fft``."""

    fft = staticmethod(_fourier.fft)
    ifft = staticmethod(_fourier.ifft)
    irfft = staticmethod(_fourier.irfft)
    rfft = staticmethod(_fourier.rfft)


class special(metaclass=_Home):
    """Special functions under the names of ``scipy.special``."""

    betaln = staticmethod(_special.betaln)
    cbrt = staticmethod(_special.cbrt)
    digamma = psi = staticmethod(_elementwise.digamma)
    erf = staticmethod(_elementwise.erf)
    erfc = staticmethod(_elementwise.erfc)
    erfcx = staticmethod(_special.erfcx)
    erfinv = staticmethod(_special.erfinv)
    exp2 = staticmethod(_special.exp2)
    expit = staticmethod(sigmoid)
    i0e = staticmethod(_bessel.i0e)
    i1e = staticmethod(_bessel.i1e)
    ive = staticmethod(_bessel.ive)
    k0e = staticmethod(_bessel.k0e)
    k1e = staticmethod(_bessel.k1e)
    kve = staticmethod(_bessel.kve)
    erfc_ratio = staticmethod(_special.erfc_ratio)
    gammaln = loggamma = staticmethod(_elementwise.gammaln)
    log1mexp = staticmethod(_elementwise.log1mexp)
    log_ndtr = staticmethod(_special.log_ndtr)
    logit = staticmethod(_special.logit)
    logsumexp = staticmethod(_reduction.logsumexp)
    softmax = staticmethod(_reduction.softmax)
    xlog1py = staticmethod(_special.xlog1py)
    xlogy = staticmethod(_special.xlogy)

    @staticmethod
    def i0(x: _Any) -> _Term:
        """The modified Bessel function of the first kind of order 0."""
        return _bessel.i0e(x) * exp(abs(_as_term(x)))

    @staticmethod
    def i1(x: _Any) -> _Term:
        """The modified Bessel function of the first kind of order 1."""
        return _bessel.i1e(x) * exp(abs(_as_term(x)))

    @staticmethod
    def iv(v: _Any, x: _Any) -> _Term:
        """The modified Bessel function of the first kind of order v."""
        return _bessel.ive(v, x) * exp(abs(_as_term(x)))

    @staticmethod
    def k0(x: _Any) -> _Term:
        """The modified Bessel function of the second kind of order 0."""
        return _bessel.k0e(x) * exp(-_as_term(x))

    @staticmethod
    def k1(x: _Any) -> _Term:
        """The modified Bessel function of the second kind of order 1."""
        return _bessel.k1e(x) * exp(-_as_term(x))

    @staticmethod
    def kv(v: _Any, x: _Any) -> _Term:
        """The modified Bessel function of the second kind of order v."""
        return _bessel.kve(v, x) * exp(-_as_term(x))

    @staticmethod
    def log_expit(x: _Any) -> _Term:
        """Logarithm of `expit`."""
        return -softplus(-_as_term(x))

    @staticmethod
    def log_softmax(x: _Any, axis: _Any = None) -> _Term:
        """Logarithm of `softmax`."""
        return _as_term(x) - _reduction.logsumexp(x, axis=axis, keepdims=True)

    @staticmethod
    def ndtr(x: _Any) -> _Term:
        """The normal distribution function."""
        return 0.5 * _elementwise.erfc(-0.5**0.5 * _as_term(x))

    @staticmethod
    def polygamma(n: int, x: _Any) -> _Term:
        """The n-th derivative of `digamma`; from the second on for positive numbers, NaN elsewhere."""
        return (_elementwise.digamma(x) if n == 0 else _elementwise.trigamma(x) if n == 1
                else _elementwise.polygamma(x, n))


# -- np.f(term) builds a term: NumPy's two protocols look names up in this module ------------------------------------------

_UFUNC = {"true_divide": "divide", "absolute": "abs", "conjugate": "conj", "invert": "bitwise_invert", "mod": "remainder",
          "left_shift": "bitwise_left_shift", "right_shift": "bitwise_right_shift",
          "concatenate": "concat", "amax": "max", "amin": "min"}


def _array_ufunc(t: _Term, ufunc: _Any, method: str, *inputs: _Any, **kwargs: _Any) -> _Any:
    name: str = ufunc.__name__
    fn = globals().get(_UFUNC.get(name, name))
    if method != "__call__" or fn is None or {k for k, v in kwargs.items() if v is not None}:
        raise _MisuseError(f"np.{ufunc.__name__}{'' if method == '__call__' else '.' + method}: is not defined for terms"
                          f"{f' with {sorted(kwargs)}' if kwargs else ''}; see relgraph.numpy for what is")
    return fn(*inputs)


def _array_function(t: _Term, func: _Any, types: _Any, args: _Any, kwargs: _Any) -> _Any:
    name: str = func.__name__
    home: _Any = _sys.modules[__name__]
    for part in func.__module__.split(".")[1:]:
        if hasattr(home, part):
            home = getattr(home, part)
    fn = getattr(home, _UFUNC.get(name, name), None)
    if fn is None:
        raise _MisuseError(f"np.{name}: is not defined for terms; see relgraph.numpy for what is")
    return fn(*args, **kwargs)


_Term.__array_ufunc__ = _array_ufunc  # type: ignore[attr-defined]
_Term.__array_function__ = _array_function  # type: ignore[attr-defined]


def __getattr__(name: str) -> _Any:
    """Say where a name of NumPy's is, or that it is not there."""
    if not name.startswith("_"):
        raise AttributeError(_no_name("rnp", name), name=name, obj=_sys.modules[__name__])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# What a name of NumPy's is called here; those of ufuncs stand in _UFUNC.
_CALLED = {"append": "rnp.concat([x, y])", "norm": "rnp.linalg.vector_norm(x) or rnp.linalg.matrix_norm(x)",
           "fabs": "rnp.abs"}


def _no_name(home: str, name: str) -> str:
    """What to write for a name that a namespace does not have."""
    here = {"rnp": __dir__()} | {f"rnp.{c.__name__}": [n for n in vars(c) if n[0] != "_"] for c in (linalg, fft, special)}
    there = {"rnp": _np, "rnp.linalg": _np.linalg, "rnp.fft": _np.fft}.get(home)
    of_numpy = there is not None and name in there.__all__
    said = f"{'relgraph.numpy' if home == 'rnp' else home} has no {name!r}{', a name of NumPy' if of_numpy else ''}"
    elsewhere = [f"{h}.{name}" for h, names in here.items() if h != home and name in names]
    if elsewhere or name in _CALLED or name in _UFUNC:
        return f"{said}; write {elsewhere[0] if elsewhere else _CALLED.get(name) or f'rnp.{_UFUNC[name]}'}"
    # A name of NumPy is no slip of the pen: near is what is nearly the same, or what does not leave out NaN.
    near = _get_close_matches(name.removeprefix("nan") if of_numpy else name, here[home], cutoff=0.8 if of_numpy else 0.6)
    if near and of_numpy:
        return f"{said}; the nearest that is there is {home}.{near[0]}"
    return f"{said}; " + (f"did you mean {' or '.join(f'{home}.{n}' for n in near)}?" if near else
                          f"dir({home}) lists what is there")


def __dir__() -> list[str]:
    return sorted(n for n in globals() if not n.startswith("_") and n != "annotations")
