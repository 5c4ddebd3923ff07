"""Rows about the order of the elements of the last axis: sort, argsort, argmax, argmin; and reading along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import AxisError, DTypeError, MisuseError, ShapeError
from . import dims
from .access import Read
from .batching import row_positions
from .dims import Dim
from .elementwise import astype, equal, isnan, less, logical_and, logical_not, logical_or, real_valued, where
from .indexing import take_, take_add_
from .reduction import max_, min_
from .rearranging import along, flip, from_last, one_axis, to_last
from .structure import arange_, as_dim, broadcast_to, expand_dims, known_ndim, reshape, size_term, sum
from .term import Op, Term, as_term, attr, make
from .type import Sizes, Type

__all__ = ["add_along", "argmax", "argmax_", "argmin", "argmin_", "argsort", "argsort_", "searchsorted", "sort", "sort_",
           "take_along", "take_along_axis"]


def _int64(*dtypes: Any) -> Any:
    real_valued(*dtypes)
    return np.dtype("int64")


def _own(out: Any, d: Any) -> tuple[Any, ...]:
    return (d,)


# -- reading at a position per row --------------------------------------------------------------------------------------------

def _along_dtype(x: Any, i: Any) -> Any:
    if i.kind not in "iu":
        raise DTypeError(f"indices are {i.name}, integers were expected; write i.astype('int64')")
    return x


def _aligned(index: tuple[Dim, ...], shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The part of an index that an operand with fewer or shorter leading axes is read at."""
    return tuple(0 if d == 1 else i for i, d in zip(index[len(index) - len(shape):], shape, strict=True))


def _along_access(index: tuple[Dim, ...], shapes: Any) -> Read:
    lead = index[:-1]
    return Read(0, (*_aligned(lead, shapes[0][:-1]), Read(1, (*_aligned(lead, shapes[1][:-1]), index[-1]))))


def _take_along(x: Any, i: Any) -> Any:
    lead = np.broadcast_shapes(x.shape[:-1], i.shape[:-1])
    if i.dtype == object:  # the reference: positions that are undefined
        return np.full(lead + i.shape[-1:], float("nan"), object)
    return np.take_along_axis(np.broadcast_to(x, lead + x.shape[-1:]), np.broadcast_to(i, lead + i.shape[-1:]), -1)


def _add_along(g: Any, i: Any, size: int) -> Any:
    out = np.zeros((*g.shape[:-1], size), g.dtype)
    np.add.at(out, (*(r[..., None] for r in np.indices(g.shape[:-1], sparse=True)), i), g)
    return out


def _scattered(sizes: Sizes, g: Type, i: Type, size: Dim) -> Type:
    _along_dtype(g.dtype, i.dtype)
    if not g.ndim or g.ndim != i.ndim:
        raise ShapeError(f"{g!r} is added at {i!r}; both need the same axes, at least 1")
    for a, b in zip(g.shape, i.shape, strict=True):
        sizes.meet(a, b)
    return Type(g.dtype, (*g.shape[:-1], size))


def _add_along_definition(g: Term, i: Term, size: Term) -> Term:
    """All rows laid one behind the other."""
    lead, n = g.type.shape[:-1], size.data
    at = row_positions(i, n, lead, take_)
    flat = make(take_add_, (reshape(g, -1), reshape(at, -1), attr((-1,)), attr(dims.mul(dims.product(lead), n))))
    return reshape(flat, (*lead, n))


def _batched_add_along(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    g, i, size = args
    return make(t.op, (g if batched[0] else broadcast_to(g, i.type.shape), i if batched[1] else broadcast_to(i, g.type.shape),
                       size), t.origin)


add_along = Op(name="add_along", attrs=("size",), signature="(m),(m)->(n)", kind="composite", infer=_scattered,
               operands=lambda out, g, i: (g, i), numpy=_add_along, reference=_add_along, definition=_add_along_definition,
               pullback=lambda g, y, x, i, size: (take_along(g, i), None), batch=_batched_add_along,
               doc="The transpose of `take_along`: rows of zeros, with each element added where `take_along` would read.")

take_along = Op(name="take_along", signature="(n),(m)->(m)", kind="access", dtype=_along_dtype,
                operands=lambda out, x, i: (x, i), numpy=_take_along, access=_along_access,
                pullback=lambda g, y, x, i: (add_along(g, broadcast_to(i, y.type.shape), attr(x.type.shape[-1])), None),
                lower={"jax": "relgraph.linkers.jax.take_along"}, cost=0,
                doc="Elements of each row at that row's positions; negative ones count from the end.")


def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Term:
    """Elements of each line along ``axis`` at that line's positions, as ``numpy.take_along_axis``."""
    x, i = as_term(x), as_term(indices)
    a = one_axis("take_along_axis", x, axis)
    if i.type.ndim != x.type.ndim:
        raise ShapeError(f"take_along_axis: the array is {x.type!r}, the indices {i.type!r}; both need the same axes, "
                         "or write rnp.take(x, i, axis)")
    return take_along(x, i) if a == -1 else from_last(take_along(to_last(x, a), to_last(i, a)), a)


# -- order --------------------------------------------------------------------------------------------------------------------

argsort_ = Op(name="argsort", signature="(n)->(n)", kind="call", dtype=_int64, operands=_own,
              numpy=lambda x: np.argsort(x, axis=-1, kind="stable"), reference="relgraph.terms.reference_order.argsort",
              pullback=lambda g, y, x: (None,), cost=20,
              lower={"c": "rg_argsort", "numba": "rg_argsort", "jax": "relgraph.linkers.jax.argsort"},
              doc="The positions of the elements of the last axis in ascending order, stable, NaN last.")

sort_ = Op(name="sort", signature="(n)->(n)", kind="composite", dtype=real_valued, operands=_own,
           numpy=lambda x: np.sort(x, axis=-1, kind="stable"), reference="relgraph.terms.reference_order.sort",
           pullback=lambda g, y, x: (take_along(g, argsort_(argsort_(x))),), cost=20,
           definition=lambda x: take_along(x, argsort_(x)), lower={"jax": "relgraph.linkers.jax.sort"},
           doc="The elements of the last axis in ascending order, NaN last.")


def _first(extremum: Op, x: Term) -> Term:
    """The first position of the extremum, or of a NaN."""
    n = size_term(x.type.shape[-1])
    best = expand_dims(make(extremum, (x, attr((-1,)))), -1)
    here = logical_or(equal(x, best), isnan(x))
    return make(min_, (where(here, arange_(attr(x.type.shape[-1])), n), attr((-1,))))


def _position(name: str, numpy: Any, extremum: Op, doc: str) -> Op:
    def infer(sizes: Sizes, x: Type) -> Type:
        if not x.ndim:
            raise ShapeError("operand has no axes, at least 1 is needed")
        sizes.need(x.shape[-1], 1)
        return Type(_int64(x.dtype), x.shape[:-1])
    return Op(name=name, signature="(n)->()", kind="composite", infer=infer, operands=_own, numpy=lambda x: numpy(x, axis=-1),
              reference=f"relgraph.terms.reference_order.{name}", pullback=lambda g, y, x: (None,),
              definition=lambda x: _first(extremum, x), lower={"jax": f"relgraph.linkers.jax.{name}"}, doc=doc)


argmax_ = _position("argmax", np.argmax, max_, "The position of the greatest element of the last axis, the first of equals.")
argmin_ = _position("argmin", np.argmin, min_, "The position of the least element of the last axis, the first of equals.")


# -- the NumPy functions ----------------------------------------------------------------------------------------------------

def sort(x: Any, axis: Any = -1, *, descending: bool = False) -> Term:
    """The elements in ascending order along ``axis`` (``None``: of the flattened array), NaN last, as ``numpy.sort``;
    ``descending``, as in the array API, is the reverse.
    """
    y = along("sort", sort_, x, axis)
    return flip(y, -1 if axis is None else axis) if descending else y


def argsort(x: Any, axis: Any = -1, *, descending: bool = False) -> Term:
    """The positions of the elements in ascending order, stable, as ``numpy.argsort(x, stable=True)``.

    ``descending`` is the array API's: equal elements keep their order then, too.
    """
    return along("argsort", _descending if descending else argsort_, x, axis)


def _descending(x: Term) -> Term:
    """A stable ascending order of the reversed elements, reversed."""
    n = size_term(as_dim("argsort", x.type.shape[-1]))
    return flip(n - 1 - argsort_(flip(x, -1)), -1)


def argmax(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """The position of the greatest element along ``axis`` (``None``: in the flattened array), as ``numpy.argmax``."""
    return _kept(along("argmax", argmax_, x, axis), x, axis, keepdims)


def argmin(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """The position of the least element along ``axis`` (``None``: in the flattened array), as ``numpy.argmin``."""
    return _kept(along("argmin", argmin_, x, axis), x, axis, keepdims)


def _kept(y: Term, x: Any, axis: Any, keepdims: bool) -> Term:
    if not keepdims:
        return y
    return expand_dims(y, tuple(range(as_term(x).type.ndim)) if axis is None else axis)


def searchsorted(x1: Any, x2: Any, *, side: str = "left") -> Term:
    """Where the elements of ``x2`` belong in a sorted vector, as ``numpy.searchsorted``: counts what is less than each.

    The work is the product of both lengths.
    """
    a, v = as_term(x1), as_term(x2)
    if side not in ("left", "right"):
        raise MisuseError(f"searchsorted: side={side!r} is neither 'left' nor 'right'")
    if known_ndim("searchsorted", a) != 1:
        raise AxisError(f"searchsorted: the sorted array is {a.type!r}, a vector was expected")
    v = expand_dims(v, -1)
    below = _before(a, v) if side == "left" else logical_not(_before(v, a))
    return sum(astype(below, "int64"), -1)


def _before(a: Term, b: Term) -> Term:
    """Less in the order of `sort`, in which NaN is the greatest."""
    return logical_or(less(a, b), logical_and(logical_not(isnan(a)), isnan(b)))
