"""Rows of square matrices without a structure: packed LU, Schur's form, eigenvalues, Sylvester's equation.

Leading axes are batches.  Vectors are LAPACK's: of every linker the same, and their signs and phases are nobody's promise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import MisuseError
from .decompositions import _h, _lu_pullback, _row, lu_
from .elementwise import accepting, astype, conj, real, reciprocal, to_result, where
from .joining import diag_, diagonal, eye
from .linalg import _FLOAT, inv, matmul_, nth, solve_, solve_triangular_, tril, triu
from .ordering import take_along
from .structure import expand_dims, known_type, matrix_transpose, squeeze
from .term import Op, Term, as_term, attr, make
from .type import complex_of, promote

__all__ = ["eig", "eig_", "eigvals", "lu_factor", "lu_factor_", "lu_solve", "pivot_order", "schur", "schur_",
           "solve_continuous_lyapunov", "solve_discrete_lyapunov", "solve_sylvester", "solve_sylvester_"]


def _each(routine: Callable[..., Any], results: Callable[..., Any]) -> Any:
    """A routine of single matrices over leading axes; NaN for matrices that have NaN or infinity, or that it refuses.

    ``results`` gives the shapes and dtypes of the results from the operands' own.
    """
    def over(*xs: Any) -> Any:
        dtype = _FLOAT(*[x.dtype for x in xs])
        lead = np.broadcast_shapes(*[x.shape[:-2] for x in xs])
        wide = [np.broadcast_to(x.astype(dtype), lead + x.shape[-2:]) for x in xs]
        out = [np.zeros(lead + shape, d) for shape, d in results(*wide)]
        for i in np.ndindex(lead):
            one = [x[i] for x in wide]
            found = routine(*one) if all(np.all(np.isfinite(x)) for x in one) and all(x.size for x in one) else None
            for k, y in enumerate(out):
                if found is not None:
                    y[i] = found[k]
                elif y.dtype.kind in "fc":
                    y[i] = np.nan
        return tuple(out) if len(out) > 1 else out[0]
    return over


def _lapack(names: str, *xs: Any) -> Any:
    from scipy.linalg import get_lapack_funcs  # SciPy is imported on first use
    return get_lapack_funcs(names.split(), xs)


# -- packed LU --------------------------------------------------------------------------------------------------------------

def _lu_factor_numpy(a: Any) -> Any:
    (getrf,) = _lapack("getrf", a)
    packed, pivots, _ = getrf(a)
    return packed, pivots


def _lu_factor_pullback(gs: Any, y: Term, a: Term) -> tuple[Term | None]:
    """The packed matrix holds the lower triangle of l, without its ones, and u."""
    if gs[0] is None:
        return (None,)
    return _lu_pullback((None, tril(gs[0], -1), triu(gs[0])), lu_(a), a)


def _packed(d: Any) -> tuple[Any, Any]:
    return _FLOAT(d), np.dtype("int32")


lu_factor_ = _row("lu_factor", "(n,n)->(n,n),(n)",
                  _each(_lu_factor_numpy, lambda a: [(a.shape[-2:], a.dtype), (a.shape[-1:], np.dtype("int32"))]),
                  _lu_factor_pullback, n3=2 / 3, dtype=_packed, jax="relgraph.linkers.jax.general.lu_factor",
                  doc="Both triangles of LU in one matrix, and the row that each step exchanged its own with.")
_PIVOTS = accepting(promote, "iu", "is defined for row numbers")


def _pivot_order_numpy(p: Any) -> Any:
    out = np.broadcast_to(np.arange(p.shape[-1]), p.shape).astype(p.dtype)
    for i in np.ndindex(p.shape[:-1]):
        for k, other in enumerate(p[i].tolist()):
            if 0 <= other < p.shape[-1]:
                out[i][[k, other]] = out[i][[other, k]]
    return out


pivot_order = Op(name="pivot_order", signature="(n)->(n)", kind="call", dtype=_PIVOTS, operands=lambda out, d: (d,),
                 numpy=_pivot_order_numpy, reference=_pivot_order_numpy, pullback=lambda g, y, p: (None,), cost=2,
                 lower={"c": "rg_pivot_order", "numba": "rg_pivot_order", "jax": "relgraph.linkers.jax.general.pivot_order"},
                 doc="The order of rows that exchanging row k with row p[k], for k = 0, 1, …, leads to; "
                     "rows that are not there are not exchanged.")


def lu_factor(x: Any) -> tuple[Term, Term]:
    """``(lu, piv)`` of square matrices, as ``scipy.linalg.lu_factor``."""
    both = lu_factor_(x)
    return nth(both, 0), nth(both, 1)


def lu_solve(lu_and_piv: tuple[Any, Any], b: Any) -> Term:
    """Solve ``a @ x = b`` given `lu_factor` of ``a``, as ``scipy.linalg.lu_solve``; b has one axis or more."""
    packed, order, b = as_term(lu_and_piv[0]), pivot_order(lu_and_piv[1]), as_term(b)
    column = b.type.ndim == 1
    columns = matrix_transpose(expand_dims(b, -1) if column else b)
    y = matrix_transpose(take_along(columns, expand_dims(order, -2)))
    y = make(solve_triangular_, (packed, y, attr(True), attr(True)))
    y = make(solve_triangular_, (packed, y, attr(False), attr(False)))
    return squeeze(y, -1) if column else y


# -- Schur's form -----------------------------------------------------------------------------------------------------------

def _unsorted(*_: Any) -> bool:
    return False


def _schur_numpy(a: Any) -> Any:
    (gees,) = _lapack("gees", a)
    t, *_, z, _, info = gees(_unsorted, a)
    return None if info else (t, z)


def _two(d: Any) -> Any:
    return (_FLOAT(d),) * 2


def _same(n: int) -> Any:
    return lambda *xs: [(xs[0].shape[-2:], xs[0].dtype)] * n


schur_ = _row("schur", "(n,n)->(n,n),(n,n)", _each(_schur_numpy, _same(2)), None, n3=25, dtype=_two,
              jax="relgraph.linkers.jax.general.schur",
              doc="Schur's form t, triangular but for blocks of two rows if x is real, and z with x = z @ t @ z.mH.")


def schur(x: Any, output: str = "real") -> tuple[Term, Term]:
    """``(t, z)`` with ``x = z @ t @ z.mH``, as ``scipy.linalg.schur``; a triangular t of a real x by ``output="complex"``.

    It has no derivative: vectors turn within invariant subspaces.
    """
    if output not in ("real", "complex"):
        raise MisuseError(f"schur: there is no output {output!r}; choose 'real' or 'complex'")
    x = as_term(x)
    both = schur_(astype(x, complex_of(_FLOAT(x.type.dtype))) if output == "complex" else x)
    return nth(both, 0), nth(both, 1)


# -- eigenvalues ------------------------------------------------------------------------------------------------------------

def _complex_two(d: Any) -> Any:
    return (complex_of(_FLOAT(d)),) * 2


def _eig_numpy(a: Any) -> Any:
    """LAPACK's pairs of columns hold the real and imaginary parts of two vectors of a real matrix."""
    (geev,) = _lapack("geev", a)
    if a.dtype.kind == "c":
        w, _, v, info = geev(a, compute_vl=0)
        return None if info else (w, v)
    re, im, _, v, info = geev(a, compute_vl=0)
    out = v.astype(complex_of(a.dtype))
    for k in np.flatnonzero(im > 0):
        out[:, k] = v[:, k] + 1j * v[:, k + 1]
        out[:, k + 1] = out[:, k].conj()
    return None if info else (re + 1j * im, out)


def _eig_pullback(gs: Any, y: Term, a: Term) -> tuple[Term]:
    """Boeddeker, Hanebrink, Drude, Heymann and Haeb-Umbach (2017), for distinct eigenvalues and vectors of length 1."""
    w, v = nth(y, 0), nth(y, 1)
    inner = None if gs[0] is None else diag_(gs[0])
    if gs[1] is not None:
        same = eye(w.type.shape[-1], dtype="bool")
        gap = conj(expand_dims(w, -2) - expand_dims(w, -1))
        p = matmul_(_h(v), gs[1])
        p = p - matmul_(_h(v), v) * expand_dims(astype(real(diagonal(p)), p.type.dtype), -2)
        turned = p * where(same, 0, reciprocal(where(same, 1, gap)))
        inner = turned if inner is None else inner + turned
    assert inner is not None
    g = solve_(_h(v), matmul_(inner, _h(v)))
    return (g if a.type.dtype.kind == "c" else real(g),)


eig_ = _row("eig", "(n,n)->(n),(n,n)",
            _each(_eig_numpy, lambda a: [(s, complex_of(a.dtype)) for s in (a.shape[-1:], a.shape[-2:])]), _eig_pullback,
            n3=25, dtype=_complex_two, jax="relgraph.linkers.jax.general.eig",
            doc="Eigenvalues, in no order, and eigenvectors of length 1 as columns, complex both.")


def _eigvals_numpy(a: Any) -> Any:
    (geev,) = _lapack("geev", a)
    *w, _, _, info = geev(a, compute_vl=0, compute_vr=0)
    return None if info else (w[0] if a.dtype.kind == "c" else w[0] + 1j * w[1],)


eigvals = _row("eigvals", "(n,n)->(n)", _each(_eigvals_numpy, lambda a: [(a.shape[-1:], complex_of(a.dtype))]),
               lambda g, y, a: _eig_pullback((g, None), eig_(a), a), n3=10, dtype=lambda d: complex_of(_FLOAT(d)),
               jax="relgraph.linkers.jax.general.eigvals", doc="Eigenvalues, in no order and complex.")


def eig(x: Any) -> tuple[Term, Term]:
    """``(eigenvalues, eigenvectors)`` of square matrices, as ``numpy.linalg.eig``, but complex always.

    The gradient exists where eigenvalues are distinct, and is that of functions that do not depend on phases.
    """
    both = eig_(x)
    return nth(both, 0), nth(both, 1)


# -- Sylvester's equation ---------------------------------------------------------------------------------------------------

def _sylvester_numpy(a: Any, b: Any, q: Any) -> Any:
    """Bartels and Stewart (1972)."""
    one, other = _schur_numpy(a), _schur_numpy(b)
    if one is None or other is None:
        return None
    (r, u), (s, v) = one, other
    (trsyl,) = _lapack("trsyl", r, s)
    y, scale, info = trsyl(r, s, u.conj().T @ q @ v)
    return None if info else (u @ (scale * y) @ v.conj().T,)


def _sylvester_pullback(g: Term, y: Term, a: Term, b: Term, q: Term) -> tuple[Term, Term, Term]:
    back = solve_sylvester_(_h(a), _h(b), g)
    return -matmul_(back, _h(y)), -matmul_(_h(y), back), back


def _sylvester_cost(a: Any, b: Any, q: Any) -> float:
    m, n = q[-2:]
    return math.prod(q[:-2]) * (25 * (m**3 + n**3) + 5 * m * n * (m + n))


solve_sylvester_ = Op(name="solve_sylvester", signature="(m,m),(n,n),(m,n)->(m,n)", kind="call", operands=to_result,
                      dtype=_FLOAT, numpy=_each(_sylvester_numpy, lambda a, b, q: [(q.shape[-2:], q.dtype)]),
                      pullback=_sylvester_pullback,
                      reference="relgraph.terms.reference_matrices.solve_sylvester", cost=_sylvester_cost,
                      lower={"c": "rg_solve_sylvester", "numba": "rg_solve_sylvester",
                             "jax": "relgraph.linkers.jax.general.solve_sylvester"},
                      doc="The solution x of a @ x + x @ b = q; NaN where an eigenvalue of a is minus one of b.")


def solve_sylvester(a: Any, b: Any, q: Any) -> Term:
    """The solution x of ``a @ x + x @ b = q``, as ``scipy.linalg.solve_sylvester``; leading axes are batches."""
    return solve_sylvester_(a, b, q)


def solve_continuous_lyapunov(a: Any, q: Any) -> Term:
    """The solution x of ``a @ x + x @ a.mH = q``, as ``scipy.linalg.solve_continuous_lyapunov``."""
    a = as_term(a)
    return solve_sylvester_(a, _h(a), q)


def solve_discrete_lyapunov(a: Any, q: Any) -> Term:
    """The solution x of ``x = a @ x @ a.mH + q``, as ``scipy.linalg.solve_discrete_lyapunov``.

    By the transform ``b = (a - I) @ inv(a + I)`` to a continuous equation, in n**3 operations.  NaN or inaccurate where
    -1 is an eigenvalue of a, or near one.
    """
    a, q = as_term(a), as_term(q)
    known_type("solve_discrete_lyapunov", a)
    one = eye(a.type.shape[-1], dtype=a.type.dtype)
    shifted = inv(a + one)
    b = matmul_(a - one, shifted)
    return solve_sylvester_(b, _h(b), -2 * matmul_(matmul_(shifted, q), _h(shifted)))
