"""`jacobian` and `hessian`: all partial derivatives at once, by batching one sweep over a basis."""

from __future__ import annotations

from typing import Any

from ..errors import GradientError
from ..terms import dims
from ..terms.joining import eye, ones
from ..terms.structure import permute_dims, reshape
from ..terms.term import Term, as_term, fresh_name, input_term
from ..terms.type import Type
from .forward import jvp
from .reverse import Disconnected, check_float, cotangents, grad
from .trees import terms
from .vectorize import vectorize

__all__ = ["hessian", "jacobian"]


def jacobian(y: Any, wrt: Any, *, disconnected: Disconnected = "raise") -> Any:
    """All derivatives of ``y`` by ``wrt`` (a term or a nest of them): the axes of ``y``, then those of the term.

    Reverse mode, or forward mode where ``y`` is known to be larger, or complex; a complex ``y`` is taken to be a
    holomorphic function of complex terms.

    >>> x = rg.vector("x")
    >>> rg.jacobian(x**2, x).eval({x: [1.0, 2.0]})
    array([[2., 0.],
           [0., 4.]])
    """
    y = as_term(y)
    xs, build = terms("jacobian", wrt)
    for t in (*xs, y):
        check_float("jacobian", t)
    return build([(_by_rows if _rows_first(y, x) else _by_columns)(y, x, disconnected) for x in xs])


def hessian(y: Any, wrt: Any, *, disconnected: Disconnected = "raise") -> Any:
    """All second derivatives of a scalar: the Jacobian of its gradient, a nest of nests for a nest.

    >>> x = rg.vector("x")
    >>> rg.hessian(rnp.sum(x**3), x).eval({x: [1.0, 2.0]})
    array([[ 6.,  0.],
           [ 0., 12.]])
    """
    first = grad(y, wrt, disconnected=disconnected)
    gs, build = terms("hessian", first)
    if any(g.type.dtype.kind == "c" for g in gs):
        raise GradientError("hessian: is defined for real terms; write the function in terms of x.real and x.imag")
    return build([jacobian(g, wrt, disconnected="zero") for g in gs])


def _rows_first(y: Term, x: Term) -> bool:
    """Is reverse mode the cheaper one?  It is taken where sizes are not known."""
    n, m = dims.product(y.type.shape), dims.product(x.type.shape)
    forward = m == 1 or (isinstance(n, int) and isinstance(m, int) and n > m)
    return y.type.dtype.kind != "c" and (n == 1 or not forward)


def _basis(type_: Type) -> Term:
    n = dims.product(type_.shape)
    if type_.ndim == 0:
        return ones((), type_.dtype)
    return reshape(eye(n, dtype=type_.dtype), (n, *type_.shape))


def _by_rows(y: Term, x: Term, disconnected: Disconnected) -> Term:
    u = input_term(fresh_name("."), y.type)
    row = cotangents("jacobian", [y], [u], [x], disconnected)[0]
    rows = vectorize(row, {u: _basis(y.type)})
    return reshape(rows, (*y.type.shape, *x.type.shape))


def _by_columns(y: Term, x: Term, disconnected: Disconnected) -> Term:
    v = input_term(fresh_name("."), x.type)
    column = jvp(y, x, v, disconnected=disconnected)
    if x.type.ndim == 0:
        return vectorize(column, {v: _basis(x.type)})
    columns = vectorize(column, {v: _basis(x.type)})
    k = y.type.ndim
    return reshape(permute_dims(columns, (*range(1, k + 1), 0)), (*y.type.shape, *x.type.shape))
