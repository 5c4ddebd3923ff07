"""Rows of linear algebra (over 300 lines because it is one table); every leading axis is a batch."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np

from ..errors import AxisError, DTypeError, MisuseError, ShapeError
from . import dims
from .access import Compare, Number, Read, Select
from .elementwise import accepting, conj, imag, real, to_result
from .indexing import index_axis, place
from .joining import concat, diag_, diagonal, eye
from .structure import expand_dims, known_ndim, known_type, matrix_transpose, permute_dims, squeeze, sum, sum_
from .term import LVar, Op, Term, _short, as_term, attr, make, toposort
from .type import UNKNOWN, TupleType, Type, divided, promote, real_of

__all__ = ["cholesky", "cholesky_", "det", "dot", "inv", "matmul", "matmul_", "matvec", "nth", "outer", "qr", "slogdet",
           "solve", "solve_", "solve_triangular", "solve_triangular_", "trace", "tril", "triu", "vecdot", "vecdot_",
           "vecmat", "vecmat_"]


def _floats(*dtypes: Any) -> Any:
    """NumPy's rule for factorisations: each integer matrix becomes float64."""
    return promote(*[divided(d) for d in dtypes])


_FLOAT = accepting(_floats, "biufc", "is defined for numbers")


def _contraction(name: str, signature: str, numpy: Any, pullback: Any, doc: str) -> Op:
    return Op(name=name, signature=signature, dtype=accepting(promote, "biufc", "is defined for numbers"), operands=to_result,
              numpy=numpy, reference=numpy, pullback=pullback, kind="call", lower={"c": f"rg_{name}", "numba": f"rg_{name}",
                                                                  "jax": f"relgraph.linkers.jax.{name}"}, cost=2, doc=doc)


def _t(x: Term) -> Term:
    return conj(matrix_transpose(x))


def _col(x: Term) -> Term:
    return expand_dims(x, -1)


def _row(x: Term) -> Term:
    return expand_dims(x, -2)


matmul_ = _contraction("matmul", "(m,k),(k,n)->(m,n)", np.matmul, lambda g, y, a, b: (matmul_(g, _t(b)), matmul_(_t(a), g)),
                       "Matrix product of the last two axes.")
matvec = _contraction("matvec", "(m,k),(k)->(m)", lambda a, v: np.matmul(a, v[..., None])[..., 0],
                      lambda g, y, a, v: (_col(g) * _row(conj(v)), matvec(_t(a), g)), "Matrix times vector.")
vecmat_ = _contraction("vecmat", "(k),(k,n)->(n)", lambda v, a: np.matmul(v[..., None, :], a)[..., 0, :],
                       lambda g, y, v, a: (matvec(conj(a), g), _col(conj(v)) * _row(g)),
                       "Vector times matrix (the vector is not conjugated).")
vecdot_ = _contraction("vecdot", "(k),(k)->()", lambda a, b: np.matmul(a[..., None, :], b[..., None])[..., 0, 0],
                       lambda g, y, a, b: (_col(g) * conj(b), _col(g) * conj(a)),
                       "Sum of products over the last axis (nothing is conjugated).")


def _conjugated(x: Any) -> Term:
    """The first operand of `vecdot` and `vecmat`, left as it is where it is real: so is a variable of real kinds."""
    x = as_term(x)
    kinds = [k for t in toposort(x) if isinstance(t, LVar) and t.sort == "term" for k in t.data[2]]
    return x if x.type is UNKNOWN and "c" not in kinds else conj(x)


def _to_the_end(x: Term, axis: int) -> Term:
    n = known_ndim("vecdot", x)
    if not -n <= axis < n:
        raise AxisError(f"vecdot: axis {axis} is out of range for the {n} axes of {_short(x)}: {x.type!r}")
    return permute_dims(x, (*[k for k in range(n) if k != axis % n], axis % n))


def vecdot(x1: Any, x2: Any, *, axis: int = -1) -> Term:
    """``numpy.vecdot``: the sum of products along an axis, a complex first operand conjugated.

    >>> rnp.vecdot(np.array([1j, 2.0]), np.array([1.0, 1.0])).eval()
    array(2.-1.j)
    """
    x1, x2 = as_term(x1), as_term(x2)
    if axis != -1:
        x1, x2 = (_to_the_end(x, axis) for x in (x1, x2))
    return vecdot_(_conjugated(x1), x2)


def vecmat(x1: Any, x2: Any) -> Term:
    """``numpy.vecmat``: vector times matrix, a complex vector conjugated.

    >>> rnp.vecmat(np.array([1j, 2.0]), np.eye(2)).eval()
    array([0.-1.j, 2.+0.j])
    """
    return vecmat_(_conjugated(x1), as_term(x2))


def matmul(a: Any, b: Any) -> Term:
    """``a @ b`` for arrays of any rank, as ``numpy.matmul``: one row each for matrices and vectors."""
    a, b = as_term(a), as_term(b)
    if a.type is UNKNOWN or b.type is UNKNOWN:
        return matmul_(a, b)
    n, m = known_ndim("matmul", a), known_ndim("matmul", b)
    if n == 0 or m == 0:
        raise ShapeError(f"matmul: a scalar operand in matmul({a.type!r}, {b.type!r}); write x * y")
    return (vecdot_ if n == m == 1 else vecmat_ if n == 1 else matvec if m == 1 else matmul_)(a, b)


def dot(a: Any, b: Any) -> Term:
    """``numpy.dot``: a product with scalars, else `matmul` (operands of at most two axes)."""
    a, b = as_term(a), as_term(b)
    known_type("dot", a, b)
    if a.type.ndim == 0 or b.type.ndim == 0:
        return a * b
    if b.type.ndim > 2:
        raise MisuseError(f"dot: {b.type!r} has more than two axes; write x @ y, or rnp.sum(x * y, axis)")
    return matmul(a, b)


def outer(a: Any, b: Any) -> Term:
    """All products of elements of two vectors, as ``numpy.linalg.outer``."""
    return _col(as_term(a)) * _row(as_term(b))


# -- several results --------------------------------------------------------------------------------------------------------

def _nth_type(sizes: Any, x: Any, i: int) -> Type:
    if type(x) is not TupleType:
        raise DTypeError(f"operand is {x!r}, a tuple was expected")
    if not 0 <= i < len(x.items):
        raise ShapeError(f"part {i} of {len(x.items)}")
    return x.items[i]


nth_ = Op(name="nth", attrs=("part",), kind="projection", infer=_nth_type, numpy=lambda x, i: x[i],
          pullback=None, cost=0, lower={"jax": "relgraph.linkers.jax.nth"}, doc="One of several results.")


def nth(x: Term, part: int) -> Term:
    """The ``part``-th result of a term with several."""
    return nth_(x, attr(part))


# -- factorisations and solutions -------------------------------------------------------------------------------------------

def _routine(name: str, signature: str, numpy: Any, pullback: Any, *, jax: str, cost: Any, doc: str, **columns: Any) -> Op:
    columns.setdefault("dtype", _FLOAT)
    return Op(name=name, signature=signature, operands=to_result, numpy=numpy, pullback=pullback, kind="call", cost=cost,
              lower={"c": f"rg_{name}", "numba": f"rg_{name}", "jax": jax}, doc=doc,
              reference=f"relgraph.terms.reference.{name}", **columns)


def _or_nan(fn: Any) -> Any:
    """Matrices that NumPy refuses give NaN, as in JAX, so that a sampler can reject instead of stopping."""
    def routine(*xs: Any) -> Any:
        try:
            return fn(*xs)
        except np.linalg.LinAlgError:
            lead = np.broadcast_shapes(*[x.shape[:-2] for x in xs])
            wide = [np.broadcast_to(x, lead + x.shape[-2:]) for x in xs]
            out = np.full(wide[-1].shape, np.nan, xs[-1].dtype)
            for i in np.ndindex(lead):
                with contextlib.suppress(np.linalg.LinAlgError):
                    out[i] = fn(*[x[i] for x in wide])
            return out
    return routine


def _scaled(g: Term, x: Term) -> Term:
    return expand_dims(g, (-2, -1)) * x


det = _routine("det", "(n,n)->()", np.linalg.det, lambda g, y, a: (_scaled(g * conj(y), _t(inv(a))),),
               jax="jax.numpy.linalg.det", cost=lambda a: 2 / 3 * math.prod(a) * a[-1],
               doc="Determinant.  The gradient uses the inverse: it exists for regular matrices.")
inv = _routine("inv", "(n,n)->(n,n)", _or_nan(np.linalg.inv), lambda g, y, a: (-matmul_(matmul_(_t(y), g), _t(y)),),
               jax="relgraph.linkers.jax.inv", cost=lambda a: 2 * math.prod(a) * a[-1],
               doc="Inverse of a matrix; NaN if it is singular.")


def _slogdet_types(d: Any) -> tuple[Any, Any]:
    d = _FLOAT(d)
    return d, real_of(d)


slogdet_ = Op(name="slogdet", signature="(n,n)->(),()", dtype=_slogdet_types, numpy=lambda a: tuple(np.linalg.slogdet(a)),
              reference="relgraph.terms.reference.slogdet", cost=lambda a: 2 / 3 * math.prod(a) * a[-1],
              pullback=lambda gs, y, a: (_slogdet_pullback(gs, y, a),), kind="call",
              lower={"c": "rg_slogdet", "numba": "rg_slogdet", "jax": "jax.numpy.linalg.slogdet"},
              doc="Sign and logarithm of the absolute value of the determinant.")


def _slogdet_pullback(gs: Any, y: Term, a: Term) -> Term | None:
    """The sign is locally constant for real matrices, and turns with the phase of the determinant for complex ones."""
    g = gs[1]
    if gs[0] is not None and a.type.dtype.kind == "c":
        turn = imag(gs[0] * conj(nth(y, 0))) * 1j
        g = turn if g is None else g + turn
    return None if g is None else _scaled(g, _t(inv(a)))


def slogdet(x: Any) -> tuple[Term, Term]:
    """``(sign, logabsdet)`` of square matrices, as ``numpy.linalg.slogdet``."""
    both = slogdet_(x)
    return nth(both, 0), nth(both, 1)


solve_ = _routine("solve", "(n,n),(n,k)->(n,k)", _or_nan(np.linalg.solve), lambda g, y, a, b: _solve_pullback(g, y, a, b),
                  jax="relgraph.linkers.jax.solve", cost=lambda a, b: (2 / 3 * math.prod(a) + 2 * math.prod(b)) * a[-1],
                  doc="The solution x of a @ x = b; NaN if a is singular.")


def _solve_pullback(g: Term, y: Term, a: Term, b: Term) -> tuple[Term, Term]:
    back = solve_(_t(a), g)
    return -matmul_(back, _t(y)), back


def _as_columns(a: Term, b: Term, fn: Any) -> Term:
    """A vector right-hand side is a matrix of one column."""
    if b.type is not UNKNOWN and b.type.ndim == 1:
        return squeeze(fn(a, _col(b)), -1)
    return fn(a, b)


def solve(a: Any, b: Any) -> Term:
    """Solve ``a @ x = b``; ``b`` is a vector only if it has one axis, as ``numpy.linalg.solve``."""
    return _as_columns(as_term(a), as_term(b), solve_)


def _solve_triangular(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    from scipy.linalg import solve_triangular as one  # SciPy is imported on first use
    shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = np.broadcast_to(a, shape + a.shape[-2:]), np.broadcast_to(b, shape + b.shape[-2:])
    out = np.empty(b.shape, b.dtype)
    for i in np.ndindex(shape):
        if b.size:
            try:
                out[i] = one(a[i], b[i], lower=lower, unit_diagonal=unit, check_finite=False)
            except np.linalg.LinAlgError:
                out[i] = np.nan
    return out


solve_triangular_ = Op(name="solve_triangular", signature="(n,n),(n,k)->(n,k)", attrs=("lower", "unit"), dtype=_FLOAT,
                       infer=None, operands=to_result, numpy=_solve_triangular,
                       reference="relgraph.terms.reference.solve_triangular",
                       pullback=lambda g, y, a, b, lower, unit: _triangular_pullback(g, y, a, lower, unit), kind="call",
                       cost=lambda a, b: math.prod(b) * a[-1],
                       lower={"c": "rg_solve_triangular", "numba": "rg_solve_triangular",
                              "jax": "relgraph.linkers.jax.solve_triangular"},
                       doc="The solution x of a @ x = b for a triangular a; the other triangle is not read.")


def _triangular_pullback(g: Term, y: Term, a: Term, lower: Term, unit: Term) -> tuple[Term, Term]:
    back = make(solve_triangular_, (_t(a), g, attr(not lower.data), unit))
    full = -matmul_(back, _t(y))
    k = -1 if unit.data else 0
    return (tril(full, k) if lower.data else triu(full, -k)), back


def solve_triangular(a: Any, b: Any, *, lower: bool = False, unit_diagonal: bool = False) -> Term:
    """Solve ``a @ x = b`` reading one triangle of ``a``, as ``scipy.linalg.solve_triangular``."""
    return _as_columns(as_term(a), as_term(b),
                       lambda a, b: solve_triangular_(a, b, attr(bool(lower)), attr(bool(unit_diagonal))))


cholesky_ = _routine("cholesky", "(n,n)->(n,n)", _or_nan(np.linalg.cholesky), lambda g, y, a: (_cholesky_pullback(g, y),),
                     jax="relgraph.linkers.jax.cholesky", cost=lambda a: math.prod(a) * a[-1] / 3,
                     doc="The lower triangular L with L @ L.mH = a, of a's lower triangle; NaN if a is not positive definite.")


def _cholesky_pullback(g: Term, y: Term) -> Term:
    """Murray (2016), Differentiation of the Cholesky decomposition, eq. 10, made symmetric."""
    p = tril(matmul_(_t(y), g))
    p = p - diag_(diagonal(p)) * 0.5
    half = make(solve_triangular_, (_t(y), p, attr(False), attr(False)))
    s = _t(make(solve_triangular_, (_t(y), _t(half), attr(False), attr(False))))
    return 0.5 * (s + _t(s))


def cholesky(x: Any, *, upper: bool = False) -> Term:
    """The Cholesky factor of positive definite matrices, as ``numpy.linalg.cholesky``; NaN where there is none."""
    out = cholesky_(x)
    return _t(out) if upper else out


qr_ = Op(name="qr", signature="(m,n)->(m,k),(k,n)", kind="call", dtype=_FLOAT, operands=None,
         infer=lambda sizes, x: _qr_type(x), numpy=lambda a: tuple(np.linalg.qr(a)),
         reference="relgraph.terms.reference_matrices.qr",
         pullback=lambda gs, y, a: (_qr_pullback(gs, y, a),), cost=lambda a: 4 * math.prod(a) * min(a[-2:]),
         lower={"c": "rg_qr", "numba": "rg_qr", "jax": "jax.numpy.linalg.qr"},
         doc="The reduced QR decomposition of matrices.")


def _qr_type(x: Type) -> TupleType:
    if x.ndim < 2:
        raise ShapeError(f"operand has {x.ndim} axes, at least 2 are needed")
    m, n = x.shape[-2:]
    k = dims.minimum(m, n)
    d = _FLOAT(x.dtype)
    return TupleType((Type(d, (*x.shape[:-2], m, k)), Type(d, (*x.shape[:-2], k, n))))


def _qr_pullback(gs: Any, y: Term, a: Term) -> Term:
    """For a wide matrix, the columns right of the square part are ``Q`` times those of ``R``."""
    q, r = nth(y, 0), nth(y, 1)
    gq, gr = gs
    m, n = a.type.shape[-2:]
    if m == n or (isinstance(m, int) and isinstance(n, int) and m >= n):
        return _tall_qr_pullback(gq, gr, q, r)
    if not (isinstance(m, int) and isinstance(n, int)):
        raise ShapeError(f"qr: the gradient differs for tall and wide matrices, and {a.type!r} may be either; "
                         "give the input its sizes")
    square = index_axis(r, -1, 0, m)
    if gr is None:
        return place(_tall_qr_pullback(gq, None, q, square), -1, 0, n)
    rest, g_rest = index_axis(a, -1, m, n - m), index_axis(gr, -1, m, n - m)
    turned = matmul_(rest, _t(g_rest))
    left = _tall_qr_pullback(turned if gq is None else gq + turned, index_axis(gr, -1, 0, m), q, square)
    return concat([left, matmul_(q, g_rest)], axis=-1)


def _tall_qr_pullback(gq: Term | None, gr: Term | None, q: Term, r: Term) -> Term:
    """Walter, Lehmann and Lamour (2012), for full column rank."""
    m = matmul_(r, _t(gr)) if gr is not None else None
    if gq is not None:
        m = -matmul_(_t(gq), q) if m is None else m - matmul_(_t(gq), q)
    assert m is not None
    sym = tril(m, -1) + _t(tril(m, -1)) + diag_(real(diagonal(m)))  # the diagonal of R is real
    rhs = matmul_(q, sym) if gq is None else gq + matmul_(q, sym)
    return _t(make(solve_triangular_, (r, _t(rhs), attr(False), attr(False))))


def qr(x: Any) -> tuple[Term, Term]:
    """``(Q, R)`` with orthonormal columns in Q, as ``numpy.linalg.qr``."""
    both = qr_(x)
    return nth(both, 0), nth(both, 1)


# -- triangles and trace ----------------------------------------------------------------------------------------------------

def _triangle(name: str, numpy: Any, sign: int) -> Op:
    def access(index: Any, shapes: Any, k: int) -> Select:
        i, j = dims.add(index[-2], k), index[-1]
        c = Compare("<=", j, i) if sign > 0 else Compare("<=", i, j)
        return Select((c,), Read(0, index), Number(0))
    return Op(name=name, signature="(n,m)->(n,m)", attrs=("k",), kind="access", operands=lambda out, d: (d,), numpy=numpy,
              dtype=lambda d: d, access=access, lower={"jax": f"jax.numpy.{name}"},
              doc=f"One triangle of matrices, as ``numpy.{name}``.", pullback=lambda g, y, x, k: (make(y.op, (g, k)),))


tril_ = _triangle("tril", lambda x, k: np.tril(x, k), 1)
triu_ = _triangle("triu", lambda x, k: np.triu(x, k), -1)


def tril(x: Any, k: int = 0) -> Term:
    """The elements on and below the ``k``-th diagonal, zeros above."""
    return tril_(as_term(x), attr(k))


def triu(x: Any, k: int = 0) -> Term:
    """The elements on and above the ``k``-th diagonal, zeros below."""
    return triu_(as_term(x), attr(k))


trace_ = Op(name="trace", signature="(n,m)->()", kind="composite", operands=to_result, dtype=lambda d: sum_.dtype(d),
            numpy=lambda x: np.trace(x, axis1=-2, axis2=-1), reference="relgraph.terms.reference.trace",
            pullback=lambda g, y, x: (_trace_pullback(g, x),), definition=lambda x: sum(diagonal(x), axis=-1),
            lower={"jax": "relgraph.linkers.jax.trace"}, doc="The sum of the diagonal of the last two axes.")


def _trace_pullback(g: Term, x: Term) -> Term:
    n, m = x.type.shape[-2:]
    return expand_dims(g, (-2, -1)) * eye(n, m, dtype=g.type.dtype)


def trace(x: Any, offset: int = 0) -> Term:
    """The sum of the ``offset``-th diagonal of the last two axes, as ``numpy.linalg.trace``."""
    return sum(diagonal(x, offset), axis=-1) if offset else trace_(x)
