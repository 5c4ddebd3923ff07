"""Linear algebra for programs in Numba: parts of flat arrays as matrices, and what Numba's NumPy lacks or does otherwise."""

from __future__ import annotations

import numpy as np

from .helpers import jit


@jit
def rg_view0(a, at):
    return a[at:at + 1]


@jit
def rg_view1(a, at, n, s):
    if s == 1 or n == 0:
        return a[at:at + n]
    out = np.empty(n, a.dtype)
    for i in range(n):
        out[i] = a[at + i * s]
    return out


@jit
def rg_view2(a, at, n, m, s, t):
    if (t == 1 and s == m) or n * m == 0:
        return a[at:at + n * m].reshape(n, m)
    out = np.empty((n, m), a.dtype)
    for i in range(n):
        for j in range(m):
            out[i, j] = a[at + i * s + j * t]
    return out


@jit
def rg_matmul(a, b, out):
    if a.shape[1] == 0:
        out[:] = 0
    else:
        out[:] = np.dot(a, b)


@jit
def rg_matvec(a, x, out):
    if a.shape[1] == 0:
        out[:] = 0
    else:
        out[:] = np.dot(a, x)


@jit
def rg_vecmat(x, a, out):
    if a.shape[0] == 0:
        out[:] = 0
    else:
        out[:] = np.dot(x, a)


@jit
def rg_vecdot(a, b, out):
    s = out[0] * 0
    if a.shape[0] > 0:
        s = np.dot(a, b)
    out[0] = s


@jit
def rg_matmul_loops(a, b, out):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = out[i, j]
            s = s ^ s
            for k in range(a.shape[1]):
                s = s | (a[i, k] & b[k, j]) if out.dtype == np.bool_ else s + a[i, k] * b[k, j]
            out[i, j] = s


@jit
def rg_matvec_loops(a, x, out):
    rg_matmul_loops(a, x.reshape(x.shape[0], 1), out.reshape(out.shape[0], 1))


@jit
def rg_vecmat_loops(x, a, out):
    rg_matmul_loops(x.reshape(1, x.shape[0]), a, out.reshape(1, out.shape[0]))


@jit
def rg_vecdot_loops(a, b, out):
    rg_matmul_loops(a.reshape(1, a.shape[0]), b.reshape(b.shape[0], 1), out.reshape(1, 1))


@jit
def rg_solve(a, b, out):
    if out.size:
        out[:] = np.linalg.solve(a, b)


@jit
def rg_inv(a, out):
    if out.size:
        out[:] = np.linalg.inv(a)


@jit
def rg_det(a, out):
    out[0] = np.linalg.det(a) if a.size else 1


@jit
def rg_slogdet(a, sign, logabs):
    if a.size:
        found = np.linalg.slogdet(a)
        sign[0] = found[0]
        logabs[0] = found[1]
    else:
        sign[0] = 1
        logabs[0] = 0


@jit
def rg_cholesky(a, out):
    n = a.shape[0]
    out[:] = 0
    for j in range(n):
        s = a[j, j].real
        for k in range(j):
            s -= (out[j, k] * np.conj(out[j, k])).real
        if not s > 0:
            out[:] = np.nan
            return
        d = np.sqrt(s)
        out[j, j] = d
        for i in range(j + 1, n):
            t = a[i, j]
            for k in range(j):
                t -= out[i, k] * np.conj(out[j, k])
            out[i, j] = t / d


@jit
def rg_solve_triangular(a, b, out, lower, unit):
    n = a.shape[0]
    out[:] = b
    for i in range(n):
        if not unit and a[i, i] == 0:
            out[:] = np.nan
            return
    for p in range(n):
        i = p if lower else n - 1 - p
        for q in range(p):
            k = q if lower else n - 1 - q
            for j in range(b.shape[1]):
                out[i, j] -= a[i, k] * out[k, j]
        if not unit:
            for j in range(b.shape[1]):
                out[i, j] /= a[i, i]


@jit
def rg_qr(a, q, r):
    if r.size and q.size:
        found = np.linalg.qr(a)
        q[:] = found[0]
        r[:] = found[1]
