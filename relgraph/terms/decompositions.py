"""Rows that take matrices apart: eigenvalues, singular values, LU, pseudo-inverse, exponential; leading axes are batches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import MisuseError, ShapeError
from . import dims
from .elementwise import astype, conj, imag, reciprocal, to_result, where
from .exponential import exponential
from .indexing import index_axis
from .joining import concat, diag_, diagonal, eye, zeros
from .linalg import _FLOAT, matmul_, nth, solve_triangular_, tril, triu
from .products import block_diag_
from .reduction import max as max_
from .structure import broadcast_to, expand_dims, matrix_transpose, size_term
from .term import Op, Term, as_term, attr, make
from .type import STATIC, TupleType, Type, real_of

__all__ = ["eigh", "eigh_", "eigvalsh", "expm", "expm_frechet", "lu", "lu_", "pinv", "svd", "svd_", "svdvals"]


def _h(x: Term) -> Term:
    return conj(matrix_transpose(x))


def _in_floats(out: Any, d: Any) -> tuple[Any]:
    """What is computed with: the operand's own float, also where the first result is real."""
    return (_FLOAT(d),)


def _real_floats(d: Any) -> Any:
    return real_of(_FLOAT(d))


def _nan_if_refused(fn: Any) -> Any:
    """NumPy stops a whole batch for a matrix with NaN or infinity; here that matrix has a result of NaN."""
    def routine(a: Any, **kwargs: Any) -> Any:
        a = a if a.dtype.kind in "fc" else a.astype("float64")
        ok = np.all(np.isfinite(a), axis=(-2, -1))
        if bool(np.all(ok)):
            return fn(a, **kwargs)
        out = fn(np.where(ok[..., None, None], a, 0), **kwargs)
        several = isinstance(out, tuple)
        parts = [np.where(ok[(..., *(None,) * (y.ndim - ok.ndim))], y, np.asarray(np.nan, y.dtype))
                 for y in (out if several else (out,))]
        return tuple(parts) if several else parts[0]
    return routine


def _row(name: str, signature: str, numpy: Any, pullback: Any, *, n3: float, doc: str, jax: str = "", **columns: Any) -> Op:
    """``n3``: how many multiples of rows * columns * the shorter side it costs."""
    columns.setdefault("dtype", _FLOAT)
    columns.setdefault("operands", _in_floats)
    columns.setdefault("lower", {"c": f"rg_{name}", "numba": f"rg_{name}"})
    columns["lower"]["jax"] = jax or f"relgraph.linkers.jax.decompositions.{name}"
    options: dict[str, Any] = {"kind": "call", **columns}
    return Op(name=name, signature=signature, numpy=numpy, pullback=pullback, cost=lambda a: n3 * math.prod(a) * min(a[-2:]),
              reference=f"relgraph.terms.reference_matrices.{name}", doc=doc, **options)


# -- eigenvalues of Hermitian matrices --------------------------------------------------------------------------------------

def _eigh_pullback(gs: Any, y: Term, a: Term) -> tuple[Term]:
    """Giles (2008), section 3.1; the result of one triangle is shared between the two."""
    w, v = nth(y, 0), nth(y, 1)
    inner = None if gs[0] is None else astype(diag_(gs[0]), v.type.dtype)
    if gs[1] is not None:
        gap = expand_dims(w, -2) - expand_dims(w, -1)
        same = eye(w.type.shape[-1], dtype="bool")
        turned = matmul_(_h(v), gs[1]) * where(same, 0, reciprocal(where(same, 1, gap)))
        inner = turned if inner is None else inner + turned
    assert inner is not None
    g = matmul_(matmul_(v, inner), _h(v))
    return (0.5 * (g + _h(g)),)


def _spectrum(d: Any) -> tuple[Any, Any]:
    d = _FLOAT(d)
    return real_of(d), d


eigh_ = _row("eigh", "(n,n)->(n),(n,n)", _nan_if_refused(lambda a: tuple(np.linalg.eigh(a))), _eigh_pullback, n3=9,
             dtype=_spectrum, doc="Ascending eigenvalues, and eigenvectors as columns, of a Hermitian matrix's lower triangle.")
eigvalsh = _row("eigvalsh", "(n,n)->(n)", _nan_if_refused(np.linalg.eigvalsh),
                lambda g, y, a: _eigh_pullback((g, None), eigh_(a), a), n3=4 / 3, dtype=_real_floats,
                doc="Eigenvalues, ascending, of a Hermitian matrix's lower triangle.")


def eigh(x: Any) -> tuple[Term, Term]:
    """``(eigenvalues, eigenvectors)`` of Hermitian matrices, as ``numpy.linalg.eigh``.

    The gradient of eigenvectors exists where eigenvalues are distinct; for complex matrices it is that of functions which
    do not depend on the phases of the vectors.
    """
    both = eigh_(x)
    return nth(both, 0), nth(both, 1)


# -- singular values --------------------------------------------------------------------------------------------------------

def _svd_type(sizes: Any, x: Type) -> TupleType:
    if x.ndim < 2:
        raise ShapeError(f"operand has {x.ndim} axes, at least 2 are needed")
    (m, n), d, lead = x.shape[-2:], _FLOAT(x.dtype), x.shape[:-2]
    k = dims.minimum(m, n)
    return TupleType((Type(d, (*lead, m, k)), Type(real_of(d), (*lead, k)), Type(d, (*lead, k, n))))


def _svd_pullback(gs: Any, y: Term, a: Term) -> tuple[Term]:
    """Townsend (2016), Differentiating the singular value decomposition; Wan and Zhang (2019) for complex numbers."""
    u, s, vh = (nth(y, k) for k in range(3))
    gu, gv, v = gs[0], None if gs[2] is None else _h(gs[2]), _h(vh)
    row, col = expand_dims(s, -2), expand_dims(s, -1)
    same = eye(s.type.shape[-1], dtype="bool")
    f = where(same, 0, reciprocal(where(same, 1, (row - col) * (row + col))))
    inner = None if gs[1] is None else astype(diag_(gs[1]), u.type.dtype)
    outside = None
    if gu is not None:
        p = matmul_(_h(u), gu)
        term = f * (p - _h(p)) * row
        if u.type.dtype.kind == "c":
            term = term + diag_(imag(diagonal(p)) / s) * 1j
        inner = term if inner is None else inner + term
        outside = matmul_((gu - matmul_(u, p)) / row, vh)
    if gv is not None:
        p = matmul_(vh, gv)
        term = col * f * (p - _h(p))
        inner = term if inner is None else inner + term
        rest = matmul_(u, _h((gv - matmul_(v, p)) / row))
        outside = rest if outside is None else outside + rest
    assert inner is not None
    g = matmul_(matmul_(u, inner), vh)
    return (g if outside is None else g + outside,)


svd_ = _row("svd", "(m,n)->(m,k),(k),(k,n)", _nan_if_refused(lambda a: tuple(np.linalg.svd(a, full_matrices=False))),
            _svd_pullback, n3=14, infer=_svd_type, doc="The reduced singular value decomposition u, s, vh; s descends.")


def _svdvals_type(sizes: Any, x: Type) -> Type:
    return _svd_type(sizes, x).items[1]


def _svdvals_pullback(g: Term, y: Term, a: Term) -> tuple[Term]:
    return _svd_pullback((None, g, None), svd_(a), a)


svdvals = _row("svdvals", "(m,n)->(k)", _nan_if_refused(lambda a: np.linalg.svd(a, compute_uv=False)), _svdvals_pullback,
               n3=8 / 3, infer=_svdvals_type, doc="Singular values, descending.")


def svd(x: Any, full_matrices: bool = False, compute_uv: bool = True) -> Any:
    """``(u, s, vh)`` with ``x = u @ diag(s) @ vh``, as ``numpy.linalg.svd`` with ``full_matrices=False``; or s alone."""
    if not compute_uv:
        return svdvals(x)
    if full_matrices:
        raise MisuseError("svd: full_matrices=True is not there; rnp.linalg.svd(x) gives the reduced decomposition, "
                          "whose u and vh have min(m, n) vectors")
    parts = svd_(x)
    return nth(parts, 0), nth(parts, 1), nth(parts, 2)


# -- LU ---------------------------------------------------------------------------------------------------------------------

def _lu_numpy(a: Any) -> Any:
    from scipy.linalg import lu as one  # SciPy is imported on first use
    a = a if a.dtype.kind in "fc" else a.astype("float64")
    out = tuple(np.empty(a.shape, a.dtype) for _ in range(3))
    for i in np.ndindex(a.shape[:-2]):
        for y, part in zip(out, one(a[i], check_finite=False), strict=True):
            y[i] = part
    return out


def _lu_pullback(gs: Any, y: Term, a: Term) -> tuple[Term]:
    """The permutation is locally constant: with a = p l u, l' is strictly lower and u' upper triangular."""
    p, low, up = (nth(y, k) for k in range(3))
    inner = None if gs[1] is None else tril(matmul_(_h(low), gs[1]), -1)
    if gs[2] is not None:
        right = triu(matmul_(gs[2], _h(up)))
        inner = right if inner is None else inner + right
    if inner is None:
        return (astype(zeros(a.type.shape), a.type.dtype),)
    left = make(solve_triangular_, (_h(low), inner, attr(False), attr(True)))
    return (matmul_(p, _h(make(solve_triangular_, (up, _h(left), attr(False), attr(False))))),)


def _three(d: Any) -> Any:
    return (_FLOAT(d),) * 3


lu_ = _row("lu", "(n,n)->(n,n),(n,n),(n,n)", _lu_numpy, _lu_pullback, n3=2 / 3, dtype=_three,
           lower={"c": "rg_plu", "numba": "rg_plu"},
           doc="Permutation, unit lower and upper triangle with x = p @ l @ u, by partial pivoting.")


def lu(x: Any) -> tuple[Term, Term, Term]:
    """``(p, l, u)`` of square matrices with ``x = p @ l @ u``, as ``scipy.linalg.lu``."""
    parts = lu_(x)
    return nth(parts, 0), nth(parts, 1), nth(parts, 2)


# -- pseudo-inverse ---------------------------------------------------------------------------------------------------------

def _pinv_type(sizes: Any, x: Type) -> Type:
    u, _, vh = _svd_type(sizes, x).items
    return Type(u.dtype, (*x.shape[:-2], vh.shape[-1], u.shape[-2]))


def _pinv_definition(a: Term) -> Term:
    u, s, vh = svd(a)
    m, n = a.type.shape[-2:]
    longest = size_term(dims.maximum(m, n))
    least = max_(concat([s, astype(zeros((*s.type.shape[:-1], 1)), s.type.dtype)], -1), axis=-1)
    least = expand_dims(least, -1) * as_term(longest).astype(s.type.dtype) * float(np.finfo(s.type.dtype).eps)
    inverse = where(s > least, reciprocal(where(s > least, s, 1)), where(s <= least, 0, s))
    return matmul_(_h(vh) * expand_dims(inverse, -2), _h(u))


def _pinv_numpy(a: Any) -> Any:
    m, n = a.shape[-2:]
    if not a.size:
        return np.zeros((*a.shape[:-2], n, m), a.dtype)
    return np.linalg.pinv(a, rcond=max(m, n) * np.finfo(a.dtype).eps)


def _pinv_pullback(g: Term, y: Term, a: Term) -> tuple[Term]:
    """Golub and Pereyra (1973), for a constant rank."""
    p, ph, gh = y, _h(y), _h(g)
    once = -matmul_(matmul_(ph, g), ph)
    left = matmul_(matmul_(gh - matmul_(a, matmul_(p, gh)), p), ph)
    right = matmul_(ph, matmul_(p, gh - matmul_(matmul_(gh, p), a)))
    return (once + left + right,)


pinv = _row("pinv", "(m,n)->(n,m)", _nan_if_refused(_pinv_numpy), _pinv_pullback, n3=16, infer=_pinv_type,
            lower={}, definition=_pinv_definition,
            doc="Moore and Penrose's pseudo-inverse; singular values below max(m, n) eps times the largest count as zero.")


# -- exponential ------------------------------------------------------------------------------------------------------------

def _repeat(n: Any, step: Any, x: Any) -> Any:
    for k in range(n):
        before, x = x, step(k, x)
        if before.tobytes() == x.tobytes():  # as when all is zero, infinite or NaN: nothing will change any more
            return x
    return x


def _expm_numpy(a: Any) -> Any:
    return exponential(np, a, _repeat) if a.size else a.copy()


def _above(a: Term, e: Term) -> Term:
    """The matrix of blocks [[a, e], [0, a]]."""
    return block_diag_(a, a) + concat([concat([0 * e, e], -1), concat([0 * e, 0 * e], -1)], -2)


def _corner(x: Term, n: Any) -> Term:
    return index_axis(index_axis(x, -1, n, n), -2, 0, n)


def _frechet_definition(a: Term, e: Term) -> Term:
    """Najfeld and Havel (1995), theorem 4.7."""
    lead, d = STATIC.shapes([a.type.shape[:-2], e.type.shape[:-2]]), _FLOAT(a.type.dtype, e.type.dtype)
    a, e = astype(a, d), astype(e, d)
    return _corner(expm(_above(a, broadcast_to(e, (*lead, *e.type.shape[-2:])))), a.type.shape[-1])


def _frechet_pullback(g: Term, y: Term, a: Term, e: Term) -> tuple[Term, Term]:
    """Second derivatives do not depend on the order, so that g stands where the row is linear."""
    lead = STATIC.shapes([a.type.shape[:-2], e.type.shape[:-2]])
    wide = _above(_h(a), broadcast_to(_h(e), (*lead, *e.type.shape[-2:])))
    return _corner(expm_frechet(wide, block_diag_(g, g)), a.type.shape[-1]), expm_frechet(_h(a), g)


def _frechet_numpy(a: Any, e: Any) -> Any:
    n = a.shape[-1]
    wide = np.zeros((*np.broadcast_shapes(a.shape[:-2], e.shape[:-2]), 2 * n, 2 * n), a.dtype)
    wide[..., :n, :n] = wide[..., n:, n:] = a
    wide[..., :n, n:] = e
    return _nan_if_refused(_expm_numpy)(wide)[..., :n, n:]


expm = _row("expm", "(n,n)->(n,n)", _nan_if_refused(_expm_numpy), lambda g, y, a: (expm_frechet(_h(a), g),), n3=30,
            doc="The exponential of a matrix.")
expm_frechet = Op(name="expm_frechet", signature="(n,n),(n,n)->(n,n)", kind="composite", dtype=_FLOAT, operands=to_result,
                  numpy=_frechet_numpy, pullback=_frechet_pullback, definition=_frechet_definition,
                  cost=lambda a, e: 240 * math.prod(a) * a[-1],
                  doc="The derivative of the exponential of a matrix in a direction, the second operand.")
