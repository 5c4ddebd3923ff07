"""The ``rg_…`` functions that Numba templates name; importing this imports Numba."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

# Only compiled code calls them: a wrapper for Python and one for C would be compiled with each signature of each.
_OPTIONS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
jit: Any = njit(error_model="numpy", inline="never", **_OPTIONS)


# What `out[:] = a` would do: its message about shapes that differ, which these never do, takes a tenth of a second to compile
# into every function, and with it Numba's strings.
@jit
def rg_copy(a: Any, out: Any) -> None:
    for i in range(a.shape[0]):
        if a.ndim == 1:
            out[i] = a[i]
        else:
            for j in range(a.shape[1]):
                out[i, j] = a[i, j]


@jit
def rg_fill(out: Any, v: Any) -> None:
    for i in range(out.shape[0]):
        if out.ndim == 1:
            out[i] = v
        else:
            for j in range(out.shape[1]):
                out[i, j] = v


@jit
def rg_max(a: Any, b: Any) -> Any:
    return a if a > b or a != a else b


@jit
def rg_min(a: Any, b: Any) -> Any:
    return a if a < b or a != a else b


@jit
def rg_log(a: Any) -> Any:
    return np.log(a)


@jit
def rg_log1p(a: Any) -> Any:
    return np.log1p(a)


@jit
def rg_log2(a: Any) -> Any:
    return np.log2(a)


@jit
def rg_log10(a: Any) -> Any:
    return np.log10(a)


@jit
def rg_sign(a: Any) -> Any:
    return a if a != a else 1.0 if a > 0 else -1.0 if a < 0 else 0.0


@jit
def rg_lgamma(a: Any) -> Any:
    return math.inf if a == -math.inf else math.lgamma(a)


@jit
def rg_sigmoid(a: Any) -> Any:
    e = np.exp(-abs(a))
    return (1.0 if a >= 0 else e) / (1 + e)


@jit
def rg_softplus(a: Any) -> Any:
    return (a if a > 0 else 0.0) + np.log1p(np.exp(-abs(a)))


@jit
def rg_log1mexp(a: Any) -> Any:
    return np.log(-np.expm1(a)) if a > -0.6931471805599453 else np.log1p(-np.exp(a))


@jit
def rg_logaddexp(a: Any, b: Any) -> Any:
    d = 0.0 if a == b else abs(a - b)
    return (a if a > b else b) + np.log1p(np.exp(-d))


@jit
def rg_mod(a: Any, b: Any) -> Any:
    m = np.fmod(a, b)
    if m != 0:
        return m + b if (b < 0) != (m < 0) else m
    return math.copysign(0.0, b) if m == m else m


@jit
def rg_floordiv(a: Any, b: Any) -> Any:
    if b == 0:
        return a / b
    r = np.fmod(a, b)
    d = (a - r) / b
    if r != 0 and (b < 0) != (r < 0):
        d -= 1
    if d == 0:
        return math.copysign(0.0, a / b)
    f = np.floor(d)
    return f + 1 if d - f > 0.5 else f


@jit
def rg_shift_left(a: Any, b: Any) -> Any:
    return a << b if 0 <= b < 64 else a ^ a  # not 0, which makes a uint64 a float


@jit
def rg_shift_right(a: Any, b: Any) -> Any:
    return a >> b if 0 <= b < 64 else -1 if a < 0 else 0


@jit
def rg_unsigned_right(a: Any, b: Any) -> Any:
    return a >> b if b < 64 else a ^ a


@jit
def rg_ifloordiv(a: Any, b: Any) -> Any:
    return a * 0 if b == 0 else -a if b == -1 else a // b


@jit
def rg_imod(a: Any, b: Any) -> Any:
    return a * 0 if b == 0 or b == -1 else a % b


@jit
def rg_ufloordiv(a: Any, b: Any) -> Any:
    return a // b if b != 0 else b


@jit
def rg_umod(a: Any, b: Any) -> Any:
    return a % b if b != 0 else b


@jit
def rg_ipow(a: Any, n: Any) -> Any:
    if n < 0:
        raise ValueError("power: integers to negative integer powers are not allowed; convert with x.astype('float64')")
    out, factor = np.uint64(1), np.uint64(a)  # which wrap; Numba leaves open what signed integers do
    while n:
        if n & 1:
            out *= factor
        n >>= 1
        factor *= factor
    return out


@jit
def rg_cpow(a: Any, b: Any) -> Any:
    if b == 0:
        return complex(1.0, 0.0)
    if a == 0:
        return complex(0.0, 0.0) if b.real > 0 else complex(math.nan, math.nan)
    n = int(b.real) if b.imag == 0 and abs(b.real) < 100 and np.floor(b.real) == b.real else 0
    if n == 0:  # Numba's own multiplies a modulus by exp(-b.imag*angle), which is infinite where the result is near 0
        return np.exp(np.complex128(b) * rg_clog(np.complex128(a)))
    out, factor = complex(1.0, 0.0), np.complex128(a)
    for k in range(7):
        if abs(n) >> k & 1:
            out *= factor
        factor *= factor
    return np.divide(1, out) if n < 0 else out


@jit
def rg_digamma(x: Any) -> Any:
    out = 0.0
    if x <= 0:
        if x == 0:
            return math.copysign(math.inf, -x)
        part = x - np.rint(x)
        if part == 0:
            return math.nan
        out = -math.pi / math.tan(math.pi * part)
        x = 1 - x
    if x == math.inf:
        return x
    while x < 10:
        out -= 1 / x
        x += 1
    r = 1 / (x * x)
    return out + math.log(x) - 0.5 / x - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (
        691 / 32760 - r * (1 / 12)))))))


@jit
def rg_trigamma(x: Any) -> Any:
    out = 0.0
    sign = 1.0
    if x <= 0:
        part = x - np.rint(x)
        if part == 0:
            return math.inf
        s = math.sin(math.pi * part)
        out = math.pi * math.pi / (s * s)
        sign = -1.0
        x = 1 - x
    up = 0.0
    while x < 10:
        up += 1 / (x * x)
        x += 1
    r = 1 / (x * x)
    up += 1 / x + r / 2 + r / x * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (
        691 / 2730 - r * (7 / 6)))))))
    return out + sign * up


def _cast(dtype: str) -> Any:
    kind = np.bool_ if dtype == "bool" else getattr(np, dtype)
    if dtype == "bool":
        return jit(lambda a: a != 0)
    if dtype.startswith("complex"):
        return jit(lambda a: kind(a))
    return jit(lambda a: kind(a.real))


(rg_cast_bool, rg_cast_int8, rg_cast_int16, rg_cast_int32, rg_cast_int64, rg_cast_uint8, rg_cast_uint16, rg_cast_uint32,
 rg_cast_uint64, rg_cast_float32, rg_cast_float64, rg_cast_complex64, rg_cast_complex128) = map(_cast, (
     "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64",
     "complex128"))


@jit
def rg_ctanh(a: Any) -> Any:
    if abs(a.real) < 20:
        return np.tanh(a)
    if math.isinf(a.imag) and not math.isinf(a.real):
        return complex(math.nan, math.nan)
    turn = 2 * a.imag
    return complex(math.copysign(1.0, a.real), math.copysign(0.0, math.sin(turn) if math.isfinite(turn) else turn))


@jit
def rg_ctan(a: Any) -> Any:
    t = rg_ctanh(complex(-a.imag, a.real))
    return complex(t.imag, -t.real)


@jit
def rg_clog(a: Any) -> Any:
    size = abs(a)
    if 0.5 < size < 2:  # near 1 the logarithm of the absolute value cancels
        return complex(0.5 * np.log1p((abs(a.real) - 1) * (abs(a.real) + 1) + a.imag * a.imag), math.atan2(a.imag, a.real))
    return np.log(a)


def _complex(name: str) -> Any:
    fn = getattr(np, name)
    return jit(lambda a: fn(a))


rg_cexp, rg_csqrt, rg_csin, rg_ccos, rg_csinh, rg_ccosh = map(_complex, (
    "exp", "sqrt", "sin", "cos", "sinh", "cosh"))
