"""Linear algebra said with other rows: solutions by a Cholesky factor, pairs of matrices, powers of matrices, norms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import MisuseError, ShapeError
from . import decompositions as _decompositions
from .decompositions import _h, svdvals
from .elementwise import abs_, astype, not_equal, sqrt, where
from .joining import eye
from .linalg import _FLOAT, cholesky, inv, matmul_, solve_triangular_
from .reduction import max as max_
from .structure import expand_dims, known_ndim, squeeze, sum
from .term import Term, as_term, attr, make
from .type import real_of

__all__ = ["cho_solve", "eigh", "eigvalsh", "matrix_norm", "matrix_power", "vector_norm"]


def cho_solve(c_and_lower: tuple[Any, bool], b: Any) -> Term:
    """Solve ``a @ x = b`` given the Cholesky factor of ``a``, as ``scipy.linalg.cho_solve``; b has one axis or more."""
    c, lower = as_term(c_and_lower[0]), bool(c_and_lower[1])
    low, b = c if lower else _h(c), as_term(b)
    column = b.type.ndim == 1
    y = make(solve_triangular_, (low, expand_dims(b, -1) if column else b, attr(True), attr(False)))
    y = make(solve_triangular_, (_h(low), y, attr(False), attr(False)))
    return squeeze(y, -1) if column else y


def _against(x: Any, b: Any) -> tuple[Term, Term]:
    """The Hermitian matrix that has the eigenvalues of a pair, and the transposed Cholesky factor of ``b``."""
    low = cholesky(b)
    half = make(solve_triangular_, (low, as_term(x), attr(True), attr(False)))
    return make(solve_triangular_, (low, _h(half), attr(True), attr(False))), _h(low)


def eigh(x: Any, b: Any = None) -> tuple[Term, Term]:
    """``(eigenvalues, eigenvectors)`` of Hermitian matrices, ascending, as ``numpy.linalg.eigh``.

    Of a pair ``x @ v = b @ v * w`` with a positive definite b, as ``scipy.linalg.eigh(x, b)``: then ``v.mH @ b @ v`` is the
    identity, v is not orthogonal, and both triangles of x are read.
    """
    if b is None:
        return _decompositions.eigh(x)
    inner, up = _against(x, b)
    w, v = _decompositions.eigh(inner)
    return w, make(solve_triangular_, (up, v, attr(False), attr(False)))


def eigvalsh(x: Any, b: Any = None) -> Term:
    """Ascending eigenvalues of Hermitian matrices, as ``numpy.linalg.eigvalsh``, or of a pair, as ``scipy.linalg.eigvalsh``."""
    return _decompositions.eigvalsh(x if b is None else _against(x, b)[0])


def matrix_power(x: Any, n: int) -> Term:
    """``x @ x @ …``, n times, by repeated squaring, as ``numpy.linalg.matrix_power``; the inverse's for a negative n."""
    x = as_term(x)
    if not isinstance(n, int):
        raise MisuseError(f"matrix_power: the exponent {n!r} is no int; it must be known when the program is built")
    if known_ndim("matrix_power", x, "the product, as x @ x") < 2:
        raise ShapeError(f"matrix_power: {x.type!r} is no matrix")
    if n < 0:
        x, n = inv(x), -n
    out = None
    while n:
        if n & 1:
            out = x if out is None else matmul_(out, x)
        n >>= 1
        x = matmul_(x, x) if n else x
    if out is None:
        one = eye(x.type.shape[-1], dtype=x.type.dtype)
        return one if x.type.ndim == 2 else where(not_equal(one, 0), 1, 0 * x).astype(x.type.dtype)
    return out


def vector_norm(x: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Term:
    """The norm of vectors along an axis (all axes if None), as ``numpy.linalg.vector_norm``; ``ord``: 1, 2, inf or a number."""
    x = as_term(x)
    size = abs_(x)
    kept = {"axis": axis, "keepdims": keepdims}
    if ord == 2:
        return sqrt(sum(size * size, **kept))
    if ord == np.inf:
        return max_(size, **kept)
    if ord == -np.inf:
        return -max_(-size, **kept)
    if ord == 0:
        return sum(astype(not_equal(size, 0), real_of(_FLOAT(x.type.dtype))), **kept)
    return sum(size, **kept) if ord == 1 else sum(size**ord, **kept) ** (1 / ord)


def matrix_norm(x: Any, ord: Any = "fro", keepdims: bool = False) -> Term:
    """The norm of matrices, as ``numpy.linalg.matrix_norm``; ``ord``: "fro", "nuc", 1, 2, inf or minus these numbers."""
    x = as_term(x)
    if ord in (1, -1, np.inf, -np.inf):
        first, then = (-2, -1) if abs(ord) == 1 else (-1, -1)
        lengths = sum(abs_(x), axis=first)
        out = max_(lengths, axis=then) if ord > 0 else -max_(-lengths, axis=then)
    elif ord in (2, -2):
        s = svdvals(x)
        out = max_(s, axis=-1) if ord > 0 else -max_(-s, axis=-1)
    elif ord == "nuc":
        out = sum(svdvals(x), axis=-1)
    elif ord == "fro":
        size = abs_(x)
        out = sqrt(sum(size * size, axis=(-2, -1)))
    else:
        raise MisuseError(f"matrix_norm: there is no order {ord!r}; choose 'fro', 'nuc', 1, -1, 2, -2, inf or -inf")
    return expand_dims(out, (-2, -1)) if keepdims else out
