"""The NumPy meaning of terms: what folding, verification and ``eval`` compute with, and what linkers are tested against."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from ..errors import AxisError, InputError, LinkError, ShapeError
from . import dims
from .dims import Dim
from .laws import Power
from .term import ATTRIBUTE, CONST, INPUT, Op, Term, _short, _where, toposort
from .type import ATTR, UNKNOWN, TupleType, Type

__all__ = ["bind_sizes", "compute", "compute_aloud", "computing", "concrete", "evaluate", "resolve"]


# NumPy adds in the order in which numbers lie in memory, and squares where an exponent is repeated by a stride of 0; the
# value of a term is to depend on values only, not on whether an operand is a view.
_READS_IN_ORDER = frozenset(("reduction", "composite", "call", "scatter"))


@cache
def resolve(fn: Any) -> Any:
    """The function a column names: itself, or the object at a dotted name, imported now."""
    if not isinstance(fn, str):
        return fn
    module, _, name = fn.rpartition(".")
    while True:
        try:
            found: Any = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            if "." not in module:
                raise
            module, _, outer = module.rpartition(".")
            name = f"{outer}.{name}"
    for part in name.split("."):
        found = getattr(found, part)
    return found


def concrete(value: Any, sizes: Mapping[str, int]) -> Any:
    """An attribute value with every symbolic dim in it replaced by its size."""
    if isinstance(value, dims.DimExpr):
        return dims.evaluate(value, sizes)
    if isinstance(value, str):
        return sizes.get(value, value)
    if isinstance(value, tuple):
        return tuple(concrete(v, sizes) for v in value)
    return value


def compute(op: Op, type_: Any, values: Sequence[Any], attrs: Sequence[Any], types: Sequence[Any]) -> Any:
    """One op on arrays: operands are cast to the dtypes it computes with, the result to its type's dtype."""
    with np.errstate(all="ignore"):
        return compute_aloud(op, type_, values, attrs, types)


def compute_aloud(op: Op, type_: Any, values: Sequence[Any], attrs: Sequence[Any], types: Sequence[Any]) -> Any:
    """The same for a caller who has told NumPy what to do about overflow and the like: that takes as long as a small op."""
    return computing(op, type_, types)(values, attrs)


def computing(op: Op, type_: Any, types: Sequence[Any]) -> Callable[[Sequence[Any], Sequence[Any]], Any]:
    """What computes an op of operands and a result of these types, from values and attributes."""
    if type(type_) is Type:
        return _computing(op, type_.dtype, tuple([t.dtype for t in types]))
    return _computing(op, tuple([t.dtype for t in type_.items]) if type(type_) is TupleType else None, ())


@lru_cache(4096)
def _computing(op: Op, result: Any, dtypes: tuple[Any, ...]) -> Callable[[Sequence[Any], Sequence[Any]], Any]:
    """The same of dtypes: of an array, of several, of what is no array."""
    if op.numpy is None:
        raise LinkError(f"{op.name}: has no NumPy meaning; give its row a `numpy` column")
    fn = resolve(op.numpy)
    one = isinstance(result, np.dtype)
    wanted = op.operands(result, *dtypes) if op.operands is not None and one else ()
    in_order = op.kind in _READS_IN_ORDER or op.law(Power) is not None

    def run(values: Sequence[Any], attrs: Sequence[Any]) -> Any:
        if wanted:
            values = [v if v.dtype is d or v.dtype == d else v.astype(d) for v, d in zip(values, wanted, strict=True)]
        if in_order:
            values = [np.ascontiguousarray(v) if v.ndim and not v.flags.c_contiguous else v for v in values]
        out = fn(*values, *attrs)
        if one:
            return out if type(out) is np.ndarray and out.dtype is result else np.asarray(out, result)
        return out if result is None else tuple([np.asarray(o, d) for o, d in zip(out, result, strict=True)])
    return run


def bind_sizes(inputs: Sequence[Term], arrays: Sequence[np.ndarray[Any, Any]]) -> dict[str, int]:
    """The size of every named dim, read off the arguments; two names for one axis of different length are refused."""
    sizes: dict[str, int] = {}
    source: dict[str, Term] = {}
    late: list[tuple[Dim, int, Term]] = []
    shapes = {t: a.shape for t, a in zip(inputs, arrays, strict=True)}
    for t, a in zip(inputs, arrays, strict=True):
        if a.ndim != t.type.ndim:
            raise InputError(f"{t.data}: expected {t.type!r} with {t.type.ndim} axes, got {a.ndim}: shape {a.shape}")
        for d, n in zip(t.type.shape, a.shape, strict=True):
            if isinstance(d, str):
                if sizes.setdefault(d, n) != n:
                    other = source[d]
                    raise ShapeError(f"dim {d!r}: is {sizes[d]} in {other.data}: {other.type!r} "
                                     f"but {n} in {t.data}: {t.type!r}, whose shape is {a.shape}")
                source.setdefault(d, t)
            else:
                late.append((d, n, t))
    for d, n, t in late:
        try:
            wanted = dims.evaluate(d, sizes)
        except KeyError:
            continue
        if wanted != n:
            raise ShapeError(f"{t.data}: expected {t.type!r}, an axis of length {dims.show(d)}"
                             f"{'' if isinstance(d, int) else f' = {wanted}'}, got {n}: shape {shapes[t]}")
    return sizes


def _size_names(value: Any) -> tuple[str, ...]:
    """The names left in an attribute once every size that is known is in place."""
    if isinstance(value, tuple):
        return tuple(name for v in value for name in _size_names(v))
    return (value,) if isinstance(value, str) else ()


def _unknown_size(name: str) -> str:
    return f"eval: no input says how large {name!r} is; pass an array for an input that has an axis {name!r}"


def _array(t: Term, value: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(value, t.type.dtype)
    except (ValueError, TypeError, OverflowError) as e:
        raise InputError(f"{t.data}: expected {t.type!r}, got {value!r} of type {type(value).__name__}, which is no array of "
                         f"numbers of that dtype: {e}; pass {{{t.data}: array}}") from e


def evaluate(roots: Sequence[Term], values: Mapping[Term, Any], *, every: bool = False) -> Any:
    """The values of terms given the values of their inputs; ``every=True`` returns the value of each node.

    >>> x = rg.vector("x")
    >>> evaluate([rnp.sum(x * x)], {x: np.arange(3.0)})
    [array(5.)]
    """
    order = toposort(*roots)
    inputs = [t for t in order if t.op is INPUT]
    order_set = set(order)
    for t in inputs:
        if t not in values:
            raise InputError(f"eval: no value for the input {t.data}: {t.type!r}; pass {{{t.data}: array}}")
    inputs += [t for t in values if isinstance(t, Term) and t.op is INPUT and t not in order_set]
    arrays = [_array(t, values[t]) for t in inputs]
    sizes = bind_sizes(inputs, arrays)
    known: dict[Term, Any] = dict(zip(inputs, arrays, strict=True))
    for t, v in values.items():
        if isinstance(t, Term) and t not in known:
            known[t] = np.asarray(v)
    last = {a: i for i, t in enumerate(order) for a in t.args}
    keep = set(roots)
    for i, t in enumerate(order):
        if t in known:
            continue
        if t.op is CONST:
            if t.type is UNKNOWN:
                raise InputError(f"eval: {_short(t)} is a number of a pattern and has no dtype")
            known[t] = t.data
        elif t.op is ATTRIBUTE:
            try:
                known[t] = concrete(t.data, sizes)
            except KeyError as e:
                raise InputError(_unknown_size(e.args[0])) from None
        elif t.op.numpy is None:
            raise InputError(f"eval: {t.op.name} {_short(t)} has no value; substitute it first")
        else:
            n = len(t.args) - len(t.op.attrs)
            try:
                known[t] = compute(t.op, t.type, [known[a] for a in t.args[:n]], [known[a] for a in t.args[n:]],
                                   [a.type for a in t.args[:n]])
            except (ValueError, IndexError, TypeError) as e:
                for name in _size_names(tuple(known[a] for a in t.args[n:])):
                    raise InputError(_unknown_size(name)) from None
                shapes = ", ".join(str(np.shape(known[a])) for a in t.args[:n])
                kind = AxisError if isinstance(e, IndexError) else ShapeError
                raise kind(f"{t.op.name}: {e}; operands have shapes {shapes}, "
                           f"built as {t.op.name}({', '.join(repr(a.type) for a in t.args[:n])})"
                           f"{f' at {_where(t.origin)}' if t.origin else ''}") from e
            if not every:
                for a in t.args:
                    if last[a] == i and a not in keep and a.type is not ATTR:
                        known.pop(a, None)
    return known if every else [known[r] for r in roots]
