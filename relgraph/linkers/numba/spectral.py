"""Decompositions, the matrix exponential and Fourier transforms for programs in Numba."""

from __future__ import annotations

from typing import Any

import numpy as np

from .helpers import jit


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
        w[:] = np.nan
        v[:] = np.nan
        return
    found = np.linalg.eigh(a)
    w[:] = found[0]
    v[:] = found[1]


@jit
def rg_eigvalsh(a: Any, w: Any) -> Any:
    if w.size == 0:
        return
    if _finite(a):
        w[:] = np.linalg.eigvalsh(a)
    else:
        w[:] = np.nan


@jit
def rg_svd(a: Any, u: Any, s: Any, vh: Any) -> Any:
    if s.size == 0:
        return
    if not _finite(a):
        u[:] = np.nan
        s[:] = np.nan
        vh[:] = np.nan
        return
    found = np.linalg.svd(a, full_matrices=False)
    u[:] = found[0]
    s[:] = found[1]
    vh[:] = found[2]


@jit
def rg_svdvals(a: Any, s: Any) -> Any:
    if s.size == 0:
        return
    if _finite(a):
        s[:] = np.linalg.svd(a, full_matrices=False)[1]
    else:
        s[:] = np.nan


@jit
def rg_plu(a: Any, p: Any, low: Any, u: Any) -> Any:
    """By partial pivoting, with the size of a complex number as LAPACK takes it."""
    n = a.shape[0]
    rows = np.arange(n)
    u[:] = a
    low[:] = 0
    p[:] = 0
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


@jit
def rg_expm(a: Any, out: Any) -> Any:
    """Scaling and squaring with the Pade approximant of degree 13 (Higham 2005, algorithm 2.3)."""
    if out.size == 0:
        return
    norm = 0.0
    for j in range(a.shape[1]):
        size = 0.0
        for i in range(a.shape[0]):
            size += abs(a[i, j])
        if not size < np.inf:
            out[:] = np.nan
            return
        norm = max(norm, size)
    b = (64764752532480000., 32382376266240000., 7771770303897600., 1187353796428800., 129060195264000., 10559470521600.,
         670442572800., 33522128640., 1323241920., 40840800., 960960., 16380., 182., 1.)
    one = np.eye(a.shape[0]).astype(a.dtype)
    squarings = 0
    scale = 1.0
    while norm > 5.371920351148152:
        norm /= 2
        scale /= 2
        squarings += 1
    wide = (a * scale).astype(a.dtype)
    two = np.dot(wide, wide)
    four = np.dot(two, two)
    six = np.dot(two, four)
    high = (b[13] * six + b[11] * four + b[9] * two).astype(a.dtype)
    u = np.dot(wide, (np.dot(six, high) + b[7] * six + b[5] * four + b[3] * two + b[1] * one).astype(a.dtype))
    high = (b[12] * six + b[10] * four + b[8] * two).astype(a.dtype)
    v = (np.dot(six, high) + b[6] * six + b[4] * four + b[2] * two + b[0] * one).astype(a.dtype)
    x = np.ascontiguousarray(np.linalg.solve(v - u, v + u))  # it comes in columns, and a product in rows
    for _ in range(squarings):
        x = np.dot(x, x)
    out[:] = x


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
def _dft(a: Any, out: Any, sign: Any) -> Any:
    """Powers of two directly, other lengths as a convolution of a chirp (Bluestein 1970), in double precision."""
    n = a.shape[0]
    if n == 0:
        return
    power = (n & (n - 1)) == 0
    m = 1
    while m < (n if power else 2 * n - 1):
        m *= 2
    x = np.zeros(m, np.complex128)
    turn = np.exp((sign if power else -1) * 2j * np.pi * np.arange(m) / m)
    if power:
        x[:] = a
        _radix(x, turn)
        if sign > 0:
            x /= n
        out[:] = x.astype(out.dtype)
        return
    y = np.zeros(m, np.complex128)
    square = np.zeros(n, np.int64)
    for k in range(1, n):
        square[k] = (square[k - 1] + 2 * k - 1) % (2 * n)
    chirp = np.exp(sign * 1j * np.pi * square / n)
    x[:n] = a * chirp
    y[:n] = np.conj(chirp)
    for k in range(1, n):
        y[m - k] = y[k]
    _radix(x, turn)
    _radix(y, turn)
    x = np.conj(x * y)
    _radix(x, turn)
    out[:] = (np.conj(x[:n]) * chirp / (m * n if sign > 0 else m)).astype(out.dtype)


@jit
def rg_fft(a: Any, out: Any) -> Any:
    _dft(a, out, -1)


@jit
def rg_ifft(a: Any, out: Any) -> Any:
    _dft(a, out, 1)
