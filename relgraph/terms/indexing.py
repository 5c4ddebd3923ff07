"""Rows that read and write parts of arrays (over 300 lines because reads, writes and `x[...]` share their entries)."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..errors import AxisError, MisuseError, ShapeError
from . import dims
from .access import Compare, Number, Read, Select
from .batching import batched_take, batched_take_add
from .dims import Dim
from .structure import IN_PATTERNS, READS, arange_, as_dim, axes_operand, expand_dims, known_ndim, reshape
from .term import CONST, Op, Term, _short, as_term, attr, const, make
from .type import UNKNOWN, Sizes, Type

__all__ = ["getitem", "index_", "index_axis", "place", "place_", "placed_access", "read_type", "slice_entry", "slices", "take",
           "take_", "take_add_"]

# An entry of the attribute of `index` is (start, step, length), or (position, 0, None) for an axis that is dropped.
# Entries belong to the last axes; an axis without one is taken whole.
Entry = tuple[Dim, int, "Dim | None"]


def read_type(sizes: Sizes, x: Type, spec: tuple[Entry, ...]) -> Type:
    """The type of what `index` reads."""
    k = x.ndim - len(spec)
    if k < 0:
        raise ShapeError(f"{len(spec)} indices for {x!r}")
    out = list(x.shape[:k])
    for (start, step, length), d in zip(spec, x.shape[k:], strict=True):
        if length is None:
            sizes.need(dims.sub(d, start), 1)
            sizes.need(start, 0)
        else:
            _check_slice(start, step, length, d, x)
            out.append(length)
    return Type(x.dtype, tuple(out))


def _check_slice(start: Dim, step: int, length: Dim, size: Dim, x: Type) -> None:
    """Refuse a slice known to leave its axis; `slice_entry` makes none."""
    if isinstance(start, int) and isinstance(length, int) and isinstance(size, int) and length > 0:
        last = start + step * (length - 1)
        if not (0 <= start < size and 0 <= last < size):
            raise ShapeError(f"elements {start} to {last} of an axis of length {size} of {x!r}")


def _source_index(index: tuple[Dim, ...], spec: tuple[Entry, ...]) -> tuple[Dim, ...]:
    lead = len(index) - sum(e[2] is not None for e in spec)
    out, rest = list(index[:lead]), iter(index[lead:])
    for start, step, length in spec:
        out.append(start if length is None else dims.add(start, dims.mul(step, next(rest))))
    return tuple(out)


def slices(spec: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key that NumPy takes for the attribute of `index`."""
    out: list[Any] = [Ellipsis]
    for start, step, length in spec:
        if length is None:
            if start < 0:  # counted from the end already: NumPy would count it from the end again
                raise IndexError(f"index {start} is out of bounds")
            out.append(start)
        else:
            stop = start + step * length
            out.append(slice(start, stop if stop >= 0 else None, step) if length else slice(0, 0))
    return tuple(out)


index_ = Op(name="index", attrs=("spec",), kind="access", operands=lambda out, d: (d,), infer=read_type,
            numpy=lambda x, spec: x[slices(spec)],
            pullback=lambda g, y, x, spec: (make(place_, (g, attr(x.type.shape[x.type.ndim - len(spec.data):]), spec)),),
            access=lambda index, shapes, spec: Read(0, _source_index(index, spec)),
            lower={"jax": "relgraph.linkers.jax.index"}, cost=0, doc="Integers and slices, as basic indexing in NumPy.")


def _placed_type(sizes: Sizes, g: Type, shape: tuple[Dim, ...], spec: tuple[Entry, ...]) -> Type:
    kept = sum(e[2] is not None for e in spec)
    if g.ndim < kept or len(shape) != len(spec):
        raise ShapeError(f"{g!r} is placed by {len(spec)} entries, of which {kept} keep an axis, in {len(shape)} axes")
    for (start, step, length), d in zip(spec, shape, strict=True):
        _check_slice(start, step, 1 if length is None else length, d, g)
    lead = g.shape[: g.ndim - kept]
    for d, (_, _, length) in zip(g.shape[g.ndim - kept:], [e for e in spec if e[2] is not None], strict=True):
        sizes.meet(d, length)  # type: ignore[arg-type]
    return Type(g.dtype, lead + shape)


def _place(g: Any, shape: tuple[int, ...], spec: tuple[Any, ...]) -> Any:
    kept = sum(e[2] is not None for e in spec)
    out = np.zeros(g.shape[: g.ndim - kept] + shape, g.dtype)
    out[slices(spec)] = g
    return out


def placed_access(index: tuple[Dim, ...], shapes: Any, shape: Any, spec: tuple[Entry, ...]) -> Any:
    """The operand's element where an index is one that `index` reads, else zero."""
    lead = len(index) - len(spec)
    conditions, source = [], list(index[:lead])
    for i, (start, step, length) in zip(index[lead:], spec, strict=True):
        if length is None:
            conditions.append(Compare("==", i, start))
            continue
        offset = dims.sub(i, start) if step > 0 else dims.sub(start, i)
        at = offset if abs(step) == 1 else dims.floordiv(offset, abs(step))
        conditions += [Compare("<=", 0, offset), Compare("<", at, length)]
        if abs(step) != 1:
            conditions.append(Compare("==", dims.mod(offset, abs(step)), 0))
        source.append(at)
    return Select(tuple(conditions), Read(0, tuple(source)), Number(0))


place_ = Op(name="place", attrs=("shape", "spec"), kind="access", operands=lambda out, d: (d,), infer=_placed_type,
            numpy=_place, pullback=lambda g, y, x, shape, spec: (make(index_, (g, spec)),), access=placed_access,
            lower={"jax": "relgraph.linkers.jax.place"},
            doc="The transpose of `index`: zeros, with the operand where the index reads.")


def index_axis(x: Term, axis: int, start: Dim, length: Dim, step: int = 1) -> Term:
    """A slice of one axis, counted from the right."""
    rest = tuple((0, 1, d) for d in x.type.shape[x.type.ndim + axis + 1:])
    return make(index_, (x, attr(((start, step, length), *rest))))


def place(x: Term, axis: int, start: Dim, size: Dim) -> Term:
    """Zeros of ``size`` along an axis, with ``x`` from ``start`` on."""
    rest = x.type.shape[x.type.ndim + axis + 1:]
    spec = ((start, 1, x.type.shape[axis]), *((0, 1, d) for d in rest))
    return make(place_, (x, attr((size, *rest)), attr(spec)))


# -- take: an integer array along one axis --------------------------------------------------------------------------------

def _taken(sizes: Sizes, x: Type, indices: Type, axis: tuple[int, ...]) -> Type:
    if indices.dtype.kind not in "iu":
        raise MisuseError(f"take: indices are {indices!r}, integers were expected; write x[mask.nonzero()] outside, "
                          "or rnp.where(mask, x, 0)")
    a = axis[0]
    if -a > x.ndim:
        raise AxisError(f"take: axis {a} is out of range for {x!r}")
    at = x.ndim + a
    return Type(x.dtype, x.shape[:at] + indices.shape + x.shape[at + 1:])


def _take_access(index: tuple[Dim, ...], shapes: Any, axis: tuple[int, ...]) -> Any:
    at = len(shapes[0]) + axis[0]
    k = len(shapes[1])
    return Read(0, (*index[:at], Read(1, index[at:at + k]), *index[at + k:]))


take_ = Op(name="take", attrs=("axis",), signature="(n),()->()", kind="access", operands=lambda out, x, i: (x, i), infer=_taken,
           numpy=lambda x, i, axis: np.take(x, i, axis=axis[0]),
           pullback=lambda g, y, x, i, axis: (make(take_add_, (g, i, axis, attr(x.type.shape[axis.data[0]]))), None),
           access=_take_access, lower={"jax": "relgraph.linkers.jax.take"}, cost=0, batch=batched_take,
           doc="Elements at integer positions of one axis; negative ones count from the end, out of range is an error.")


def _scattered(sizes: Sizes, g: Type, indices: Type, axis: tuple[int, ...], size: Dim) -> Type:
    at = g.ndim - indices.ndim + 1 + axis[0]
    if at < 0:
        n = g.ndim - indices.ndim + 1
        raise AxisError(f"take_add: axis {axis[0]} is out of range for the {n} axes of what {g!r} is added to; use {-n} to -1")
    for a, b in zip(g.shape[at:at + indices.ndim], indices.shape, strict=True):
        sizes.meet(a, b)
    return Type(g.dtype, (*g.shape[:at], size, *g.shape[at + indices.ndim:]))


def _take_add(g: Any, i: Any, axis: tuple[int, ...], size: int) -> Any:
    at = g.ndim - i.ndim + 1 + axis[0]
    out = np.zeros((*g.shape[:at], size, *g.shape[at + i.ndim:]), g.dtype)
    np.add.at(out, (slice(None),) * at + (i,), g)
    return out


def _take_add_pullback(g: Term, y: Term, x: Term, i: Term, axis: Term, size: Term) -> tuple[Term, None]:
    return make(take_, (g, i, axis)), None


take_add_ = Op(name="take_add", attrs=("axis", "size"), signature="(n),()->()", kind="scatter", infer=_scattered,
               operands=lambda out, g, i: (g, i), numpy=_take_add, pullback=_take_add_pullback,
               access=lambda index, shapes, axis, size: _take_access(index, shapes, axis),
               lower={"jax": "relgraph.linkers.jax.take_add"},
               batch=lambda t, args, batched, k: batched_take_add(t, args, batched, k, take_),
               doc="The transpose of `take`: zeros, with each element added where `take` would read.")


def take(x: Any, indices: Any, axis: Any = None) -> Term:
    """Elements at integer positions along ``axis`` (``None``: of the flattened array), as ``numpy.take``."""
    x, i = as_term(x), as_term(indices)
    if axis is None:
        known_ndim("take", x, f"{IN_PATTERNS}; without one take is about the flattened array")
        x, axis = reshape(x, -1), 0
    _check_constant_indices(x, i, axis)
    return take_(x, i, axes_operand("take", x, axis))


def _check_constant_indices(x: Term, i: Term, axis: Any) -> None:
    if i.op is CONST and i.type is not UNKNOWN and i.type.dtype.kind in "iu" and isinstance(axis, int) \
            and x.type is not UNKNOWN and -x.type.ndim <= axis < x.type.ndim and i.data.size:
        n = x.type.shape[axis]
        if isinstance(n, int) and not (-n <= i.data.min() and i.data.max() < n):
            raise AxisError(f"take: indices run from {i.data.min()} to {i.data.max()}, "
                            f"axis {axis} of {_short(x)}: {x.type!r} has length {n}")


# -- x[...] -------------------------------------------------------------------------------------------------------------------

def _bound(value: Any, size: Dim, step: int, default: Dim) -> Dim:
    """A slice bound clipped as Python does: into [0, n] forwards, into [-1, n-1] backwards."""
    if value is None:
        return default
    value = as_dim("slice", value)
    low, high = (0, size) if step > 0 else (-1, dims.sub(size, 1))
    if isinstance(value, int) and value < 0:
        value = dims.add(value, size)
        return dims.maximum(value, low)
    return dims.minimum(value, high)


def slice_entry(s: slice, size: Dim) -> Entry:
    """The start, step and length of a Python slice of an axis of this size."""
    step = 1 if s.step is None else operator.index(s.step)
    if step == 0:
        raise MisuseError("slice: step is 0; use a non-zero step")
    start = _bound(s.start, size, step, 0 if step > 0 else dims.sub(size, 1))
    if step > 0 and isinstance(s.start, int) and s.start >= 0 and not isinstance(size, int):
        start = s.start  # past the end the length is 0, and nothing is read
    stop = _bound(s.stop, size, step, size if step > 0 else -1)
    span = dims.sub(stop, start) if step > 0 else dims.sub(start, stop)
    length = dims.maximum(dims.floordiv(dims.add(span, abs(step) - 1), abs(step)), 0)
    return start, step, length


def _axis_length(e: Any) -> int:
    return 0 if e is None or e is Ellipsis else 1


def _in_pattern(keys: list[Any]) -> str:
    """What can be written for ``x[keys]`` where the number of axes is unknown."""
    if any(isinstance(k, (np.ndarray, list)) or (isinstance(k, Term) and not _is_size(k)) for k in keys):
        return "take(x, i, axis) with axis, = attrs('axis')"
    if any(k is None for k in keys) and all(k is None or k is Ellipsis or k == slice(None) for k in keys):
        return "expand_dims(x, -1), or expand_dims(x, axis) with axis, = attrs('axis')"
    return (f"index_(x, spec), {READS}spec, = attrs('spec'), for any read; guards of relgraph.relations.predicates, as "
            "reverses(x, spec, (-1,)), say which")


def getitem(x: Term, key: Any) -> Term:
    """``x[key]`` with integers, slices, ``None``, ``...`` and integer arrays, as NumPy."""
    keys = list(key) if isinstance(key, tuple) else [key]
    for k in keys:
        bad = isinstance(k, (bool, np.bool_)) or (isinstance(k, Term) and k.type is not UNKNOWN and k.type.dtype is not None
                                                  and k.type.dtype.kind == "b")
        bad = bad or (isinstance(k, (np.ndarray, list)) and np.asarray(k).dtype.kind == "b")
        if bad:
            raise MisuseError("x[mask]: a boolean mask has a length that depends on values; "
                              "write rnp.where(mask, x, 0), or x[numpy.nonzero(mask)[0]] for a constant mask")
    ndim = known_ndim("x[...]", x, _in_pattern(keys))
    used = sum(map(_axis_length, keys))
    if used > ndim:
        raise AxisError(f"x[...]: {used} indices for {_short(x)}: {x.type!r}")
    if Ellipsis not in [k for k in keys if not isinstance(k, (Term, np.ndarray, list))]:
        keys.append(Ellipsis)
    at = next(i for i, k in enumerate(keys) if k is Ellipsis)
    keys[at:at + 1] = [slice(None)] * (ndim - used)
    spec: list[Entry] = []
    arrays: list[tuple[int, Term]] = []  # (axis of the result of slicing, indices)
    new: list[int] = []
    axis = out = 0
    for k in keys:
        if k is None:
            new.append(out)
            out += 1
            continue
        n = x.type.shape[axis]
        axis += 1
        if isinstance(k, slice):
            spec.append(slice_entry(k, n))
        elif isinstance(k, (Term, np.ndarray, list)) and not _is_size(k):
            i = as_term(k)
            if i.type is not UNKNOWN and i.type.dtype.kind not in "iu":
                raise MisuseError(f"x[i]: the index {_short(i)} is {i.type!r}, integers were expected; "
                                  "write i.astype('int64')")
            arrays.append((out, i))
            spec.append((0, 1, n))
        else:
            spec.append((_position(x, k, n, axis - 1), 0, None))
            continue
        out += 1
    whole = all(e == (0, 1, d) for e, d in zip(spec, x.type.shape, strict=True))
    while spec and spec[0] == (0, 1, x.type.shape[ndim - len(spec)]):
        spec = spec[1:]
    if any(i.type is not UNKNOWN and i.type.ndim for _, i in arrays):
        _check_adjacent(keys)
    result = x if whole else index_(x, attr(tuple(spec)))
    if new:
        result = expand_dims(result, tuple(new))
    return _take_many(result, arrays) if arrays else result


def _check_adjacent(keys: list[Any]) -> None:
    """NumPy counts integers beside index arrays as arrays, and moves their axes to the front unless they are adjacent."""
    at = [i for i, k in enumerate(keys) if k is not None and not isinstance(k, slice)]
    if at != list(range(at[0], at[0] + len(at))):
        raise MisuseError("x[i, :, j]: integers and index arrays must stand side by side; index in two steps, x[i][:, j], "
                          "or transpose the axes together first")


def _is_size(k: Any) -> bool:
    return isinstance(k, Term) and k.type is not UNKNOWN and k.type.shape == () and k.op.name == "dim"


def _position(x: Term, k: Any, n: Dim, axis: int) -> Dim:
    try:
        p = as_dim("x[i]", k) if isinstance(k, Term) else operator.index(k)
    except TypeError:
        raise MisuseError(f"x[...]: {k!r} of type {type(k).__name__} is no index; use integers, slices, None, ... "
                          "or integer arrays") from None
    if isinstance(p, int):
        if isinstance(n, int) and not -n <= p < n:
            raise AxisError(f"x[...]: index {p} is out of range for axis {axis} of length {n} of {_short(x)}: {x.type!r}")
        if p < 0:
            p = dims.add(p, n)
    return p


def _take_many(x: Term, arrays: list[tuple[int, Term]]) -> Term:
    """Several index arrays are one index array into the axes they index, made adjacent and flattened."""
    if len(arrays) == 1:
        axis, i = arrays[0]
        return take(x, i, axis)
    if all(i.type.ndim == 0 for _, i in arrays):
        for axis, i in reversed(arrays):
            x = take(x, i, axis)
        return x
    axes = [a for a, _ in arrays]
    flat: Term | None = None
    for a, i in arrays:
        n = x.shape[a]
        wrapped = _wrapped(i, n)
        flat = wrapped if flat is None else flat * n + wrapped
    shape = x.type.shape
    merged = reshape(x, (*shape[: axes[0]], dims.product(shape[axes[0]: axes[-1] + 1]), *shape[axes[-1] + 1:]))
    assert flat is not None
    return take(merged, flat, axes[0])


def _wrapped(i: Term, n: Any) -> Term:
    """Positions counted from the start and checked, before positions of several axes are combined."""
    if i.op is CONST and isinstance(n, int):
        if i.data.size and not (-n <= i.data.min() and i.data.max() < n):
            raise AxisError(f"x[i, j]: indices run from {i.data.min()} to {i.data.max()} for an axis of length {n}")
        data = i.data.astype("int64")
        return const(np.where(data < 0, data + n, data))
    return take(make(arange_, (attr(as_dim('x[i, j]', n)),)), i, 0)
