"""Rows that write into arrays: a new array each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from . import dims
from .access import Read, Select
from .batching import all_over, common_lead, row_positions
from .dims import Dim
from .elementwise import equal, not_equal, where
from .indexing import Entry, index_, index_axis, placed_access, read_type, slices, take_, take_add_
from .joining import concat, full
from .laws import Moves
from .ordering import argsort_
from .structure import arange_, expand_dims, permute_dims, reshape, size_term
from .term import Op, Term, attr, const, make
from .type import Sizes, Type, promote

__all__ = ["put_", "take_set_"]


# -- put: integers and slices -------------------------------------------------------------------------------------------------

def _put_type(sizes: Sizes, x: Type, v: Type, spec: tuple[Entry, ...]) -> Type:
    region = read_type(sizes, x, spec)
    if v.ndim != region.ndim:
        raise ShapeError(f"{v!r} is written where {region!r} stands")
    for a, b in zip(v.shape, region.shape, strict=True):
        sizes.meet(a, b)
    return Type(promote(x.dtype, v.dtype), x.shape)


def _put(x: Any, v: Any, spec: tuple[Any, ...]) -> Any:
    out = np.array(x)
    out[slices(spec)] = v
    return out


def _put_access(index: tuple[Dim, ...], shapes: Any, spec: tuple[Entry, ...]) -> Any:
    inside = placed_access(index, shapes[1:], None, spec)
    return Select(inside.conditions, Read(1, inside.then.index), Read(0, index)) if inside.conditions else Read(1, index)


def _batched_put(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    x, v, spec = args
    lead = common_lead((x, v), batched, k)
    return make(put_, (all_over(x, lead, batched[0]), all_over(v, lead, batched[1]), spec), t.origin)


def _zeros(x: Term) -> Term:
    return full(x.type.shape, 0, x.type.dtype)


put_ = Op(name="put", attrs=("spec",), signature="(),()->()", kind="access", infer=_put_type,
          operands=lambda out, x, v: (out, out), numpy=_put,
          pullback=lambda g, y, x, v, spec: (make(put_, (g, _zeros(v), spec)), make(index_, (g, spec))),
          access=_put_access, lower={"jax": "relgraph.linkers.jax.put"}, batch=_batched_put, cost=0,
          doc="The first operand with the second one where `index` reads.")


# -- take_set: an integer array along one axis --------------------------------------------------------------------------------

def _set_type(sizes: Sizes, x: Type, i: Type, v: Type, axis: tuple[int, ...]) -> Type:
    if i.dtype.kind not in "iu":
        raise DTypeError(f"indices are {i.dtype.name}, integers were expected; write i.astype('int64')")
    at = x.ndim + axis[0]
    if at < 0:
        raise ShapeError(f"axis {axis[0]} is out of range for {x!r}")
    wanted = (*x.shape[:at], *i.shape, *x.shape[at + 1:])
    if v.ndim != len(wanted):
        raise ShapeError(f"{v!r} is written where elements of the shape ({', '.join(map(dims.show, wanted))}) stand")
    for a, b in zip(v.shape, wanted, strict=True):
        sizes.meet(a, b)
    return Type(promote(x.dtype, v.dtype), x.shape)


def _take_set(x: Any, i: Any, v: Any, axis: tuple[int, ...]) -> Any:
    out = np.array(x)
    out[(slice(None),) * (x.ndim + axis[0]) + (i,)] = v
    return out


def _flat_positions(i: Term, n: Dim) -> Term:
    """Checked positions in one axis, counted from the start."""
    return take_(arange_(attr(n)), reshape(i, -1), attr((-1,)))


def _writer(here: Term, n: Dim) -> Term:
    """For each position 1 + the number of the index that is the last to name it, or 0."""
    m = here.type.shape[0]
    order = argsort_(here)
    at = take_(here, order, attr((-1,)))
    following = index_axis(concat([at, const(np.array([-1]))]), -1, 1, m)
    last = where(not_equal(at, following), order + 1, 0)
    return make(take_add_, (last, at, attr((-1,)), attr(n)))


def _set_definition(x: Term, i: Term, v: Term, axis: Term) -> Term:
    """Elements of old and new ones laid one behind the other, read where the last write put them."""
    at = x.type.ndim + axis.data[0]
    n = x.type.shape[at]
    here = _flat_positions(i, n)
    writer = _writer(here, n)
    old = arange_(attr(n))
    source = where(equal(writer, 0), old, size_term(n) + writer - 1)
    rest = x.type.shape[at + 1:]
    new = reshape(v, (*x.type.shape[:at], here.type.shape[0], *rest))
    return make(take_, (concat([x, new], axis), source, axis))


def _set_pullback(g: Term, y: Term, x: Term, i: Term, v: Term, axis: Term) -> tuple[Term, None, Term]:
    """What was written over has no derivative, neither the old elements nor those that a later write replaced."""
    n = x.type.shape[axis.data[0]]
    here = _flat_positions(i, n)
    counted = 1 + make(arange_, (attr(here.type.shape[0]),))
    stays = reshape(equal(take_(_writer(here, n), here, attr((-1,))), counted), i.type.shape)
    stays = expand_dims(stays, tuple(range(axis.data[0] + 1, 0)))
    return make(take_set_, (g, i, _zeros(v), axis)), None, where(stays, make(take_, (g, i, axis)), 0)


def _batched_set(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    """With positions per batch, the batches are laid one behind the other, as `take` has it."""
    x, i, v, axis = args
    lead = common_lead((x, i, v), batched, k)
    x, v = all_over(x, lead, batched[0]), all_over(v, lead, batched[2])
    if not batched[1]:
        return make(take_set_, (x, i, v, axis), t.origin)
    i = all_over(i, lead, True)
    at, m = x.type.ndim + axis.data[0], i.type.ndim - k
    shape = x.type.shape
    x = permute_dims(x, (*range(k), at, *range(k, at), *range(at + 1, x.type.ndim)))
    v = permute_dims(v, (*range(k), *range(at, at + m), *range(k, at), *range(at + m, v.type.ndim)))
    rows = reshape(x, (dims.mul(dims.product(lead), shape[at]), *x.type.shape[k + 1:]))
    y = make(take_set_, (rows, row_positions(i, shape[at], lead, take_), v, attr((-rows.type.ndim,))), t.origin)
    y = reshape(y, x.type.shape)
    return permute_dims(y, (*range(k), *range(k + 1, at + 1), k, *range(at + 1, y.type.ndim)))


take_set_ = Op(name="take_set", attrs=("axis",), signature="(n),(),()->(n)", kind="composite", infer=_set_type,
               batch=_batched_set, operands=lambda out, x, i, v: (out, i, out), numpy=_take_set,
               pullback=_set_pullback, definition=_set_definition,
               reference="relgraph.terms.writes._take_set", cost=1, laws=(Moves(),),
               doc="The first operand with elements of the third at positions of one axis; the last of equal ones stays.")
