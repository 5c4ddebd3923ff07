"""Rows of the distinct elements of the last axis, as many as the user's size; what is missing is the least element again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DTypeError, MisuseError, ShapeError
from . import dims
from .batching import row_positions
from .dims import Dim
from .elementwise import equal, isnan, logical_and, logical_not, logical_or, maximum, minimum, real_valued, where
from .cumulative import cumsum_
from .indexing import index_axis, take_, take_add_
from .joining import full
from .ordering import argsort_, take_along
from .structure import arange_, as_dim, reshape, size_term
from .term import Op, Term, as_term, attr, make
from .type import Sizes, Type

__all__ = ["unique", "unique_", "unique_index_", "unique_values"]


def _shaped(dtype: Any) -> Any:
    def infer(sizes: Sizes, x: Type, size: Dim) -> Type:
        if not x.ndim:
            raise ShapeError("operand has no axes, at least 1 is needed")
        sizes.need(x.shape[-1], 1)
        return Type(dtype(x.dtype), (*x.shape[:-1], size))
    return infer


def _position(x: Any) -> Any:
    real_valued(x)
    return np.dtype("int64")


def _same(a: Term, b: Term) -> Term:
    """Equal, or both NaN."""
    return logical_or(equal(a, b), logical_and(isnan(a), isnan(b)))


def _ranks(x: Term) -> tuple[Term, Term, Term]:
    """The stable order; whether an element in that order differs from the one before; and how many such came before it."""
    order, here = argsort_(x), arange_(attr(x.type.shape[-1]))
    ascending = take_along(x, order)
    new = logical_or(equal(here, 0), logical_not(_same(ascending, make(take_, (ascending, maximum(here - 1, 0), attr((-1,)))))))
    return order, new, cumsum_(new) - 1


def _gathered(values: Term, rank: Term, size: Dim) -> Term:
    """The sums of the values of each rank below a size; those of all greater ranks go to a place that is cut off."""
    lead, one_more = rank.type.shape[:-1], dims.add(size, 1)
    at = row_positions(minimum(rank, size_term(size)), one_more, lead, take_)
    rows = attr(dims.mul(dims.product(lead), one_more))
    flat = make(take_add_, (reshape(values, -1), reshape(at, -1), attr((-1,)), rows))
    return index_axis(reshape(flat, (*lead, one_more)), -1, 0, size)


def _first_positions(x: Term, size: Term) -> Term:
    order, new, rank = _ranks(x)
    least = index_axis(order, -1, 0, 1)
    return _gathered(where(new, order - least, 0), rank, size.data) + least


def _index_numpy(x: Any, size: int) -> Any:
    order = np.argsort(x, -1, kind="stable")
    ascending = np.take_along_axis(x, order, -1)
    before, after = ascending[..., :-1], ascending[..., 1:]
    new = np.ones(x.shape, bool)
    new[..., 1:] = (before != after) & ~((before != before) & (after != after))
    rank = np.cumsum(new, -1) - 1
    first = new & (rank < size)
    out = np.repeat(order[..., :1], size, -1)
    out[(*np.nonzero(first)[:-1], rank[first])] = order[first]
    return out


unique_index_ = Op(name="unique_index", attrs=("places",), signature="(n)->(m)", kind="composite", infer=_shaped(_position),
                   operands=lambda out, d: (d,), numpy=_index_numpy,
                   reference="relgraph.terms.reference_order.unique_index", pullback=lambda g, y, x, size: (None,), cost=40,
                   definition=_first_positions,
                   doc="Where each distinct element of the last axis stands first, in the ascending order of the elements.")


def _pulled(g: Term, y: Term, x: Term, size: Term) -> Term | None:
    """Each cotangent goes to the element that stands first."""
    assert take_along.pullback is not None
    return take_along.pullback(g, y, x, make(unique_index_, (x, size)))[0]


unique_ = Op(name="unique", attrs=("places",), signature="(n)->(m)", kind="composite", infer=_shaped(real_valued),
             operands=lambda out, d: (d,), numpy=lambda x, size: np.take_along_axis(x, _index_numpy(x, size), -1),
             reference="relgraph.terms.reference_order.unique",
             pullback=lambda g, y, x, size: (_pulled(g, y, x, size),), cost=40,
             definition=lambda x, size: take_along(x, make(unique_index_, (x, size))),
             doc="The distinct elements of the last axis in ascending order, NaN last and once.")


# -- the NumPy functions ----------------------------------------------------------------------------------------------------

def unique(x: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, *,
           size: Any = None, fill_value: Any = None) -> Any:
    """The ``size`` least distinct elements of an array in ascending order, as ``jax.numpy.unique``; NaN counts once.

    If there are fewer, ``fill_value`` follows, by default the least element.  Of what else is asked for, in a tuple: where
    each stands first in the flattened array (of a missing one, where the least does), the number of each element's
    value among all distinct ones in the shape of ``x``, and how often each occurs (a missing one 0 times).
    The gradient is that of the elements that stand first, where no distinct ones are about to meet.

    >>> rnp.unique(rg.vector("x", shape=5), size=3)
    unique(x, places=3)  float64[3]
    """
    x = as_term(x)
    if size is None:
        raise MisuseError("unique: how many distinct elements there are depends on the values, and sizes do not; write "
                          "rnp.unique(x, size=n) for the n least of them, filled up with fill_value if there are fewer")
    m = as_dim("unique", size)
    if isinstance(m, int) and m < 0:
        raise ShapeError(f"unique: size={m} is negative; write how many elements the result has")
    flat = reshape(x, -1)
    if flat.type.shape == (0,):
        if fill_value is None or return_index or return_inverse or return_counts:
            raise ShapeError(f"unique: {x.type!r} has no elements, and so no least one to fill {m} places with; "
                             "write fill_value=…, and ask for the values only")
        return full(m, fill_value, flat.type.dtype)
    values = make(unique_, (flat, attr(m)))
    if fill_value is not None:
        fill, least = as_term(fill_value), take_along(flat, index_axis(argsort_(flat), 0, 0, 1))
        missing = logical_and(arange_(attr(m)) > 0, _same(values, least))
        filled = where(missing, fill_value, values)
        if fill.type.ndim or filled.type.dtype != x.type.dtype:
            raise DTypeError(f"unique: fill_value is {fill.type!r}, a number of dtype {x.type.dtype.name} was expected; "
                             "convert it, or x, by astype")
        values = filled
    out = [values]
    order, _, rank = _ranks(flat)
    if return_index:
        out.append(make(unique_index_, (flat, attr(m))))
    if return_inverse:
        out.append(reshape(take_along(rank, argsort_(order)), x.type.shape))
    if return_counts:
        out.append(_gathered(full(flat.type.shape, 1, "int64"), rank, m))
    return tuple(out) if len(out) > 1 else values


def unique_values(x: Any, /, *, size: Any = None, fill_value: Any = None) -> Term:
    """The distinct elements in ascending order, as `unique`."""
    return unique(x, size=size, fill_value=fill_value)
