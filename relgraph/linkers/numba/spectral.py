"""Decompositions, the matrix exponential and Fourier transforms for programs in Numba."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .helpers import jit, rg_copy, rg_fill
from .routines import rg_solve


@jit
def _finite(a: Any) -> Any:
    for x in a.flat:
        if not np.isfinite(x):
            return False
    return True


@jit
def rg_eigh(a: Any, w: Any, v: Any) -> Any:
    if w.size == 0:
        return
    if not _finite(a):
        rg_fill(w, np.nan)
        rg_fill(v, np.nan)
        return
    found = np.linalg.eigh(a)
    rg_copy(found[0], w)
    rg_copy(found[1], v)


@jit
def rg_eigvalsh(a: Any, w: Any) -> Any:
    if w.size == 0:
        return
    if _finite(a):
        rg_copy(np.linalg.eigvalsh(a), w)
    else:
        rg_fill(w, np.nan)


@jit
def rg_svd(a: Any, u: Any, s: Any, vh: Any) -> Any:
    if s.size == 0:
        return
    if not _finite(a):
        rg_fill(u, np.nan)
        rg_fill(s, np.nan)
        rg_fill(vh, np.nan)
        return
    found = np.linalg.svd(a, full_matrices=False)
    rg_copy(found[0], u)
    rg_copy(found[1], s)
    rg_copy(found[2], vh)


@jit
def rg_svdvals(a: Any, s: Any) -> Any:
    if s.size == 0:
        return
    if _finite(a):
        rg_copy(np.linalg.svd(a, full_matrices=False)[1], s)
    else:
        rg_fill(s, np.nan)


@jit
def rg_plu(a: Any, p: Any, low: Any, u: Any) -> Any:
    """By partial pivoting, with the size of a complex number as LAPACK takes it."""
    n = a.shape[0]
    rows = np.arange(n)
    rg_copy(a, u)
    rg_fill(low, 0)
    rg_fill(p, 0)
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(u[i, k].real) + abs(u[i, k].imag) > abs(u[best, k].real) + abs(u[best, k].imag):
                best = i
        if best != k:
            rows[k], rows[best] = rows[best], rows[k]
            for j in range(n):
                u[k, j], u[best, j] = u[best, j], u[k, j]
                low[k, j], low[best, j] = low[best, j], low[k, j]
        low[k, k] = 1
        for i in range(k + 1, n):
            if u[k, k] != 0:
                low[i, k] = u[i, k] / u[k, k]
                for j in range(k + 1, n):
                    u[i, j] -= low[i, k] * u[k, j]
            u[i, k] = 0
    for k in range(n):
        p[rows[k], k] = 1


PADE = np.array([64764752532480000., 32382376266240000., 7771770303897600., 1187353796428800., 129060195264000.,
                 10559470521600., 670442572800., 33522128640., 1323241920., 40840800., 960960., 16380., 182., 1.])


@jit
def _half(k: Any, two: Any, four: Any, six: Any) -> Any:
    """The even (k = 0) or odd (k = 1) part of the approximant, divided by the matrix to the power k."""
    n = two.shape[0]
    high = np.empty_like(two)
    for i in range(n):
        for j in range(n):
            high[i, j] = PADE[k + 12] * six[i, j] + PADE[k + 10] * four[i, j] + PADE[k + 8] * two[i, j]
    out = np.dot(six, high)
    for i in range(n):
        for j in range(n):
            out[i, j] += PADE[k + 6] * six[i, j] + PADE[k + 4] * four[i, j] + PADE[k + 2] * two[i, j]
        out[i, i] += PADE[k]
    return out


@jit
def rg_expm(a: Any, out: Any) -> Any:
    """Scaling and squaring with the Pade approximant of degree 13 (Higham 2005, algorithm 2.3)."""
    n = a.shape[0]
    norm = 0.0
    for j in range(n):
        size = 0.0
        for i in range(n):
            size += abs(a[i, j])
        if not size < np.inf:
            rg_fill(out, np.nan)
            return
        norm = max(norm, size)
    if n == 0:
        return
    squarings = 0
    scale = 1.0
    while norm > 5.371920351148152:
        norm /= 2
        scale /= 2
        squarings += 1
    wide = np.empty_like(a)
    for i in range(n):
        for j in range(n):
            wide[i, j] = a[i, j] * scale
    two = np.dot(wide, wide)
    four = np.dot(two, two)
    six = np.dot(two, four)
    over = np.dot(wide, _half(np.int64(1), two, four, six))
    under = _half(np.int64(0), two, four, six)
    for i in range(n):
        for j in range(n):
            odd = over[i, j]
            over[i, j] = under[i, j] + odd
            under[i, j] -= odd
    rg_solve(under, over, out)
    for _ in range(squarings):
        rg_copy(np.dot(out, out), out)


@jit
def _radix(x: Any, turn: Any) -> Any:
    """In place, of a length that is a power of two."""
    n = x.shape[0]
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            x[i], x[j] = x[j], x[i]
    half = 1
    while half < n:
        for i in range(0, n, 2 * half):
            for k in range(half):
                t = turn[k * (n // (2 * half))] * x[i + k + half]
                x[i + k + half] = x[i + k] - t
                x[i + k] += t
        half *= 2


@jit
def _turn(angle: Any) -> Any:
    return complex(math.cos(angle), math.sin(angle))


@jit
def _dft(v: Any, sign: Any) -> Any:
    """In place; powers of two directly, other lengths as a convolution of a chirp (Bluestein 1970)."""
    n = v.shape[0]
    power = (n & (n - 1)) == 0
    m = 1
    while m < (n if power else 2 * n - 1):
        m *= 2
    turn = np.empty(m, np.complex128)
    for k in range(m):
        turn[k] = _turn((sign if power else -1) * 2 * math.pi * k / m)
    if power:
        _radix(v, turn)
    else:
        x, y, chirp = np.zeros(m, np.complex128), np.zeros(m, np.complex128), np.empty(n, np.complex128)
        square = 0
        for k in range(n):
            chirp[k] = _turn(sign * math.pi * square / n)
            x[k] = v[k] * chirp[k]
            y[k] = y[-k] = np.conj(chirp[k])
            square = (square + 2 * k + 1) % (2 * n)
        _radix(x, turn)
        _radix(y, turn)
        for k in range(m):
            x[k] = np.conj(x[k] * y[k])
        _radix(x, turn)
        for k in range(n):
            z = np.conj(x[k]) * chirp[k]
            v[k] = complex(z.real / m, z.imag / m)
    if sign > 0:
        for k in range(n):
            v[k] = complex(v[k].real / n, v[k].imag / n)


@jit
def _transformed(a: Any, out: Any, sign: Any) -> Any:
    """In double precision, so that one transform is compiled for all dtypes."""
    if a.shape[0]:
        v = np.empty(a.shape[0], np.complex128)
        rg_copy(a, v)
        _dft(v, sign)
        rg_copy(v, out)


@jit
def rg_fft(a: Any, out: Any) -> Any:
    _transformed(a, out, np.int64(-1))  # of a literal Numba would compile another for each


@jit
def rg_ifft(a: Any, out: Any) -> Any:
    _transformed(a, out, np.int64(1))
