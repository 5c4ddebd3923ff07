"""Routines that Numba has no own of: it calls back what the rows mean to NumPy, which takes the lock of the interpreter."""

from __future__ import annotations

from typing import Any

from numba import objmode

from ...terms import general as rows
from ...terms.pencils import qz_
from .helpers import jit

meant_lu_factor: Any = rows.lu_factor_.numpy
meant_schur: Any = rows.schur_.numpy
meant_eig: Any = rows.eig_.numpy
meant_eigvals: Any = rows.eigvals.numpy
meant_qz: Any = qz_.numpy
meant_solve_sylvester: Any = rows.solve_sylvester_.numpy


@jit
def rg_lu_factor(a: Any, lu: Any, pivots: Any) -> None:
    with objmode():
        lu[:], pivots[:] = meant_lu_factor(a)


@jit
def rg_pivot_order_loops(p: Any, out: Any) -> None:
    n = p.shape[0]
    for i in range(n):
        out[i] = i
    for i in range(n):
        if 0 <= p[i] < n:
            out[i], out[p[i]] = out[p[i]], out[i]


@jit
def rg_schur(a: Any, t: Any, z: Any) -> None:
    with objmode():
        t[:], z[:] = meant_schur(a)


@jit
def rg_eig(a: Any, w: Any, v: Any) -> None:
    with objmode():
        w[:], v[:] = meant_eig(a)


@jit
def rg_eigvals(a: Any, w: Any) -> None:
    with objmode():
        w[:] = meant_eigvals(a)


@jit
def rg_qz(a: Any, b: Any, s: Any, t: Any, q: Any, z: Any) -> None:
    with objmode():
        s[:], t[:], q[:], z[:] = meant_qz(a, b)


@jit
def rg_solve_sylvester(a: Any, b: Any, q: Any, out: Any) -> None:
    with objmode():
        out[:] = meant_solve_sylvester(a, b, q)
