"""``x.at[i].set(v)``: how a user writes into a term, which never changes: each write gives a new one, as in JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import DTypeError, MisuseError, ShapeError
from .elementwise import add, astype, divide, maximum, minimum, multiply, power, subtract, where
from .indexing import getitem, index_, take_, take_add_
from .structure import broadcast_to, expand_dims, reshape, reshape_
from .term import Op, Term, _short, as_term, attr, const, make
from .writes import put_, take_set_

__all__ = ["At", "Place"]


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


class Place:
    """A part of a term that can be written: each method returns the whole term, with that part changed.

    Integers, slices and one array of positions (or several side by side) say where, or a boolean mask, for which a value
    has no axes.  Of positions that are named twice the last ``set`` stays and every ``add`` counts.
    """

    __slots__ = ("key", "x")

    def __init__(self, x: Term, key: Any) -> None:
        self.x, self.key = x, key

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
            raise ShapeError(f"x.at[mask]: the mask is {mask.type!r}, {_short(self.x)} is {x!r}; "
                             "its axes must be the first of x")
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
                raise ShapeError(f"x.at[mask].{name}(v): v is {value.type!r}; how many elements a mask takes depends on "
                                 "values, so v has no axes; write rnp.where(mask, v, x) with v of the shape of x")
            return value
        return broadcast_to(value, read.type.shape)

    def _positions(self, name: str, read: Term) -> tuple[Term, Term, Term]:
        """The array, positions and axis of a read by index arrays."""
        base = read.args[0] if read.op is take_ else read
        if read.op is take_ and (base is self.x or (base.op is reshape_ and base.args[0] is self.x)):
            return base, read.args[1], read.args[2]
        raise MisuseError(f"x.at[...].{name}(v): None, or slices and integers beside an array of positions, cannot be written "
                          "in one step; write it in two, as in x.at[1:].set(x[1:].at[:, i].set(v))")


def _reads(t: Term, op: Op, x: Term) -> bool:
    return t.op is op and t.args[0] is x


def _like(y: Term, x: Term) -> Term:
    return reshape(y, x.type.shape)


def _instead(name: str) -> str:
    signs = {"subtract": "x[i] - v", "multiply": "x[i] * v", "divide": "x[i] / v", "power": "x[i] ** v",
             "min": "rnp.minimum(x[i], v)", "max": "rnp.maximum(x[i], v)", "apply": "fn(x[i])"}
    return signs[name]
