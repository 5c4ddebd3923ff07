"""Routines that Numba has no own of: it calls back what the rows mean to NumPy, which takes the lock of the interpreter."""

from __future__ import annotations

from typing import Any

from numba import objmode

from ...terms import general as rows
from .helpers import jit


def lu_factor(a: Any, lu: Any, pivots: Any) -> None:
    lu[:], pivots[:] = rows.lu_factor_.numpy(a)


def schur(a: Any, t: Any, z: Any) -> None:
    t[:], z[:] = rows.schur_.numpy(a)


def eig(a: Any, w: Any, v: Any) -> None:
    w[:], v[:] = rows.eig_.numpy(a)


def eigenvalues(a: Any, w: Any) -> None:
    w[:] = rows.eigvals.numpy(a)


def sylvester(a: Any, b: Any, q: Any, out: Any) -> None:
    out[:] = rows.solve_sylvester_.numpy(a, b, q)


@jit
def rg_lu_factor(a: Any, lu: Any, pivots: Any) -> None:
    with objmode():
        lu_factor(a, lu, pivots)


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
        schur(a, t, z)


@jit
def rg_eig(a: Any, w: Any, v: Any) -> None:
    with objmode():
        eig(a, w, v)


@jit
def rg_eigvals(a: Any, w: Any) -> None:
    with objmode():
        eigenvalues(a, w)


@jit
def rg_solve_sylvester(a: Any, b: Any, q: Any, out: Any) -> None:
    with objmode():
        sylvester(a, b, q, out)
