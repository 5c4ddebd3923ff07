"""Linear algebra for programs in Numba: parts of flat arrays as matrices, and what Numba's NumPy lacks or does otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, overload
from numba.np.arrayobj import populate_array
from numba.np.linalg import _LAPACK, F_INT_nptype, get_blas_kind

from .helpers import jit, rg_copy, rg_fill


def _part(a: Any, rank: int) -> Any:
    """The signature and the code of a part of a flat array as an array in C order.  Slicing and reshaping give the same, with
    branches and messages that are compiled into each place."""
    out = types.Array(a.dtype, rank, "C")

    def build(context: Any, builder: Any, _: Any, args: Any) -> Any:
        whole = context.make_array(a)(context, builder, args[0])
        part = context.make_array(out)(context, builder)
        strides = [whole.itemsize]
        for n in args[:2:-1]:
            strides.insert(0, builder.mul(n, strides[0]))
        populate_array(part, builder.gep(whole.data, [args[1]]), args[2:], strides, whole.itemsize, whole.meminfo, whole.parent)
        return impl_ret_borrowed(context, builder, out, part._getvalue())
    return out(a, *[types.intp] * (rank + 1)), build


def _part1(_: Any, a: Any, at: Any, n: Any) -> Any:
    return _part(a, 1)


def _part2(_: Any, a: Any, at: Any, n: Any, m: Any) -> Any:
    return _part(a, 2)


rg_part1: Any = intrinsic(_part1)
rg_part2: Any = intrinsic(_part2)


@jit
def rg_view1(a: Any, at: Any, n: Any, s: Any) -> Any:
    if s == 1 or n == 0:
        return rg_part1(a, at, n)
    out = np.empty(n, a.dtype)
    for i in range(n):
        out[i] = a[at + i * s]
    return out


@jit
def rg_view2(a: Any, at: Any, n: Any, m: Any, s: Any, t: Any) -> Any:
    if (t == 1 and s == m) or n * m == 0:
        return rg_part2(a, at, n, m)
    out = np.empty((n, m), a.dtype)
    for i in range(n):
        for j in range(m):
            out[i, j] = a[at + i * s + j * t]
    return out


@jit
def rg_matmul(a: Any, b: Any, out: Any) -> Any:
    if a.shape[1] == 0:
        rg_fill(out, 0)
    else:
        rg_copy(np.dot(a, b), out)


@jit
def rg_matvec(a: Any, x: Any, out: Any) -> Any:
    if a.shape[1] == 0:
        rg_fill(out, 0)
    else:
        rg_copy(np.dot(a, x), out)


@jit
def rg_vecmat(x: Any, a: Any, out: Any) -> Any:
    if a.shape[0] == 0:
        rg_fill(out, 0)
    else:
        rg_copy(np.dot(x, a), out)


@jit
def rg_vecdot(a: Any, b: Any, out: Any) -> Any:
    s = out[0] * 0
    if a.shape[0] > 0:
        s = np.dot(a, b)
    out[0] = s


@jit
def rg_matmul_loops(a: Any, b: Any, out: Any) -> Any:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = np.uint64(0)  # which wraps; Numba leaves open what signed integers do
            for k in range(a.shape[1]):
                s += np.uint64(a[i, k]) * np.uint64(b[k, j])
            out[i, j] = s


@jit
def rg_matvec_loops(a: Any, x: Any, out: Any) -> Any:
    rg_matmul_loops(a, x.reshape(x.shape[0], 1), out.reshape(out.shape[0], 1))


@jit
def rg_vecmat_loops(x: Any, a: Any, out: Any) -> Any:
    rg_matmul_loops(x.reshape(1, x.shape[0]), a, out.reshape(1, out.shape[0]))


@jit
def rg_vecdot_loops(a: Any, b: Any, out: Any) -> Any:
    rg_matmul_loops(a.reshape(1, a.shape[0]), b.reshape(b.shape[0], 1), out.reshape(1, 1))


def _gesv(a: Any, pivots: Any, b: Any) -> Any:
    """LAPACK's solver, in place, of matrices that lie in columns."""


@overload(_gesv)
def _gesv_of(a: Any, pivots: Any, b: Any) -> Any:
    routine, kind = _LAPACK().numba_xgesv(a.dtype), ord(get_blas_kind(a.dtype))

    def call(a: Any, pivots: Any, b: Any) -> Any:
        return routine(kind, a.shape[0], b.shape[0], a.ctypes, a.shape[0], pivots.ctypes, b.ctypes, a.shape[0])
    return call


@jit
def rg_solve(a: Any, b: Any, out: Any) -> Any:
    """What NumPy does; Numba's own refuses numbers that are not finite, and takes a second longer to compile."""
    n, k = out.shape
    if n * k == 0:
        return
    columns, right = np.empty((n, n), a.dtype), np.empty((k, n), out.dtype)
    for i in range(n):
        for j in range(n):
            columns[j, i] = a[i, j]
        for j in range(k):
            right[j, i] = b[i, j]
    if _gesv(columns, np.empty(n, F_INT_nptype), right):  # singular
        rg_fill(out, np.nan)
        return
    for i in range(n):
        for j in range(k):
            out[i, j] = right[j, i]


@jit
def rg_inv(a: Any, out: Any) -> Any:
    if out.size:
        try:
            rg_copy(np.linalg.inv(a), out)
        except Exception:
            rg_fill(out, np.nan)


@jit
def rg_det(a: Any, out: Any) -> Any:
    try:
        out[0] = np.linalg.det(a) if a.size else 1
    except Exception:
        out[0] = np.nan


@jit
def rg_slogdet(a: Any, sign: Any, logabs: Any) -> Any:
    if a.size:
        try:
            found = np.linalg.slogdet(a)
            sign[0] = found[0]
            logabs[0] = found[1]
        except Exception:
            sign[0] = np.nan
            logabs[0] = np.nan
    else:
        sign[0] = 1
        logabs[0] = 0


@jit
def rg_cholesky(a: Any, out: Any) -> Any:
    n = a.shape[0]
    rg_fill(out, 0)
    for j in range(n):
        s = a[j, j].real
        for k in range(j):
            s -= (out[j, k] * np.conj(out[j, k])).real
        if not s > 0:
            rg_fill(out, np.nan)
            return
        d = np.sqrt(s)
        out[j, j] = d
        for i in range(j + 1, n):
            t = a[i, j]
            for k in range(j):
                t -= out[i, k] * np.conj(out[j, k])
            out[i, j] = t / d


@jit
def rg_solve_triangular(a: Any, b: Any, out: Any, lower: Any, unit: Any) -> Any:
    n = a.shape[0]
    rg_copy(b, out)
    for i in range(n):
        if not unit and a[i, i] == 0:
            rg_fill(out, np.nan)
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
def rg_qr(a: Any, q: Any, r: Any) -> Any:
    if r.size and q.size:
        try:
            found = np.linalg.qr(a)
            rg_copy(found[0], q)
            rg_copy(found[1], r)
        except Exception:
            rg_fill(q, np.nan)
            rg_fill(r, np.nan)


@jit
def rg_cumsum(x: Any, out: Any) -> Any:
    for i in range(x.shape[0]):
        out[i] = out[i - 1] + x[i] if i else x[i]


@jit
def rg_cumprod(x: Any, out: Any) -> Any:
    for i in range(x.shape[0]):
        out[i] = out[i - 1] * x[i] if i else x[i]


@jit
def rg_cumsum_loops(x: Any, out: Any) -> Any:
    s = np.uint64(0)
    for i in range(x.shape[0]):
        s += np.uint64(x[i])
        out[i] = s


@jit
def rg_cumprod_loops(x: Any, out: Any) -> Any:
    s = np.uint64(1)
    for i in range(x.shape[0]):
        s *= np.uint64(x[i])
        out[i] = s


@jit
def rg_argsort(x: Any, out: Any) -> Any:
    n = x.shape[0]
    here, there = np.arange(n), np.empty(n, np.int64)
    width = 1
    while width < n:
        for low in range(0, n, 2 * width):
            middle, high = min(low + width, n), min(low + 2 * width, n)
            i, j = low, middle
            for k in range(low, high):
                right = j < high
                if right and i < middle:
                    a, b = x[here[i]], x[here[j]]
                    right = b < a or (b == b and a != a)
                if right:
                    there[k] = here[j]
                    j += 1
                else:
                    there[k] = here[i]
                    i += 1
        here, there = there, here
        width *= 2
    rg_copy(here, out)


rg_argsort_loops = rg_argsort
