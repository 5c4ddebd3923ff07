"""Rows that write into arrays, and ``x.at[i].set(v)``, which is how a user writes: a new array each time, as in JAX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DTypeError, MisuseError, ShapeError
from . import dims
from .access import Read, Select
from .batching import all_over, common_lead, row_positions
from .dims import Dim
from .elementwise import add, astype, divide, equal, maximum, minimum, multiply, not_equal, power, subtract, where
from .indexing import Entry, getitem, index_, index_axis, placed_access, read_type, slices, take_, take_add_
from .joining import concat, full
from .ordering import argsort_
from .structure import arange_, broadcast_to, expand_dims, permute_dims, reshape, reshape_, size_term
from .term import Op, Term, _short, as_term, attr, const, make
from .type import Sizes, Type, promote

__all__ = ["At", "put_", "take_set_"]


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


put_ = Op(name="put", attrs=("spec",), signature="(),()->()", kind="access", operands=lambda out, x, v: (out, out), infer=_put_type,
          numpy=_put, pullback=lambda g, y, x, v, spec: (make(put_, (g, _zeros(v), spec)), make(index_, (g, spec))),
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


take_set_ = Op(name="take_set", attrs=("axis",), signature="(n),(),()->(n)", kind="composite", infer=_set_type, batch=_batched_set,
               operands=lambda out, x, i, v: (out, i, out), numpy=_take_set, pullback=_set_pullback, definition=_set_definition,
               reference="relgraph.terms.writes._take_set", cost=1,
               doc="The first operand with elements of the third at integer positions of one axis; the last of equal ones stays.")


# -- x.at[...] ------------------------------------------------------------------------------------------------------------------

class At:
    """``x.at``: index it to say where, and call ``set``, ``add``, … on that.

    >>> x = rg.vector("x", shape=3)
    >>> x.at[0].set(1.0)
    put(x, 1, spec=((0, 0, None),))  float64[3]
    """

    __slots__ = ("_x",)

    def __init__(self, x: Term) -> None:
        self._x = x

    def __getitem__(self, key: Any) -> Place:
        return Place(self._x, key)


@dataclass(frozen=True)
class Place:
    """A part of a term that can be written: each method returns the whole term, with that part changed.

    Integers, slices and one array of positions (or several side by side) say where, or a boolean mask, for which a value
    has no axes.  Of positions that are named twice the last ``set`` stays and every ``add`` counts.
    """

    x: Term
    key: Any

    def get(self) -> Term:
        """What stands there: ``x[key]``."""
        return getitem(self.x, self.key)

    def set(self, v: Any) -> Term:
        """The term with ``v`` there."""
        mask = self._mask()
        if mask is not None:
            return where(mask, self._value("set", v, None), self.x)
        read = self.get()
        value = self._value("set", v, read)
        if read is self.x:
            return value
        if _reads(read, index_, self.x):
            return make(put_, (self.x, value, read.args[1]))
        base, i, axis = self._positions("set", read)
        return _like(make(take_set_, (base, i, value, axis)), self.x)

    def add(self, v: Any) -> Term:
        """The term with ``v`` added there; positions named twice get both."""
        if self._mask() is None:
            read = self.get()
            if read is not self.x and not _reads(read, index_, self.x):
                base, i, axis = self._positions("add", read)
                n = base.type.shape[axis.data[0]]
                return _like(base + make(take_add_, (self._value("add", v, read), i, axis, attr(n))), self.x)
        return self._changed("add", add, v)

    def subtract(self, v: Any) -> Term:
        """The term with ``v`` subtracted there."""
        return self._changed("subtract", subtract, v)

    def multiply(self, v: Any) -> Term:
        """The term with that part times ``v``."""
        return self._changed("multiply", multiply, v)

    def divide(self, v: Any) -> Term:
        """The term with that part divided by ``v``."""
        return self._changed("divide", divide, v)

    def power(self, v: Any) -> Term:
        """The term with that part to the power ``v``."""
        return self._changed("power", power, v)

    def min(self, v: Any) -> Term:
        """The term with the smaller of that part and ``v`` there."""
        return self._changed("min", minimum, v)

    def max(self, v: Any) -> Term:
        """The term with the larger of that part and ``v`` there."""
        return self._changed("max", maximum, v)

    def apply(self, fn: Callable[[Term], Any]) -> Term:
        """The term with a function of that part there: ``x.at[0].apply(rnp.exp)``."""
        return self._changed("apply", lambda part, _: fn(part), 0)

    # -- what they share ----------------------------------------------------------------------------------------------------

    def _changed(self, name: str, fn: Callable[[Term, Any], Any], v: Any) -> Term:
        mask = self._mask()
        if mask is not None:
            changed = fn(self.x, self._value(name, v, None))
            return where(mask, self._kept_dtype(name, changed), self.x)
        read = self.get()
        if read is not self.x and not _reads(read, index_, self.x):
            raise MisuseError(f"x.at[i].{name}(v): a position may be named twice in an array of positions; "
                              f"if none is, write x.at[i].set({_instead(name)})")
        return self.set(self._kept_dtype(name, fn(read, self._value(name, v, read))))

    def _kept_dtype(self, name: str, changed: Any) -> Term:
        y = as_term(changed)
        if y.type.dtype != self.x.type.dtype:
            raise DTypeError(f"x.at[...].{name}: gives {y.type.dtype.name}, {_short(self.x)} is {self.x.type!r}; "
                             f"convert it first with x.astype('{y.type.dtype.name}')")
        return y

    def _mask(self) -> Term | None:
        """The condition that a boolean key is, over all of the term."""
        k = self.key
        if isinstance(k, (bool, np.bool_)):
            raise MisuseError(f"x.at[{k}]: a Python bool is no mask; write rnp.where(condition, v, x)")
        if not isinstance(k, (Term, np.ndarray, list)):
            return None
        mask = as_term(k)
        if mask.type.dtype.kind != "b":
            return None
        x = self.x.type
        if mask.type.ndim > x.ndim or any(a != b and isinstance(a, int) and isinstance(b, int)
                                          for a, b in zip(mask.type.shape, x.shape, strict=False)):
            raise ShapeError(f"x.at[mask]: the mask is {mask.type!r}, {_short(self.x)} is {x!r}; its axes must be the first of x")
        return expand_dims(mask, tuple(range(mask.type.ndim - x.ndim, 0))) if mask.type.ndim < x.ndim else mask

    def _value(self, name: str, v: Any, read: Term | None) -> Term:
        """What is written: of the dtype of the term, and of the shape of the part, or without axes for a mask."""
        x = self.x.type
        number = isinstance(v, (bool, int, float, complex))
        given = np.result_type(x.dtype, v) if number else as_term(v).type.dtype
        if given != x.dtype and (number or not np.can_cast(given, x.dtype, "same_kind")):
            raise DTypeError(f"x.at[...].{name}(v): v is {repr(v) if number else given.name}, {_short(self.x)} is {x!r}; "
                             f"write v.astype('{x.dtype.name}') or x.astype('{given.name}')")
        value = const(v, x.dtype) if number else astype(as_term(v), x.dtype)
        if read is None:
            if value.type.ndim:
                raise ShapeError(f"x.at[mask].{name}(v): v is {value.type!r}; how many elements a mask takes depends on values, "
                                 "so v has no axes; write rnp.where(mask, v, x) with v of the shape of x")
            return value
        return broadcast_to(value, read.type.shape)

    def _positions(self, name: str, read: Term) -> tuple[Term, Term, Term]:
        """The array, positions and axis of a read by index arrays."""
        base = read.args[0] if read.op is take_ else read
        if read.op is take_ and (base is self.x or (base.op is reshape_ and base.args[0] is self.x)):
            return base, read.args[1], read.args[2]
        raise MisuseError(f"x.at[...].{name}(v): None, or slices and integers beside an array of positions, cannot be written in "
                          "one step; write it in two, as in x.at[1:].set(x[1:].at[:, i].set(v))")


def _reads(t: Term, op: Op, x: Term) -> bool:
    return t.op is op and t.args[0] is x


def _like(y: Term, x: Term) -> Term:
    return reshape(y, x.type.shape)


def _instead(name: str) -> str:
    signs = {"subtract": "x[i] - v", "multiply": "x[i] * v", "divide": "x[i] / v", "power": "x[i] ** v",
             "min": "rnp.minimum(x[i], v)", "max": "rnp.maximum(x[i], v)", "apply": "fn(x[i])"}
    return signs[name]
