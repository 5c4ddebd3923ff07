"""Rows that move elements without computing, and `sum`, their counterpart (over 300 lines because they need one another)."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import AxisError, MisuseError, ShapeError
from . import dims
from .access import Index, Read, Reduce
from .dims import Dim
from .elementwise import astype, to_result
from .keywords import advised
from .term import CONST, Op, Term, _short, as_term, attr, make
from .type import ATTR, UNKNOWN, Sizes, Type, summed

__all__ = ["arange_", "as_dim", "as_shape", "broadcast_to", "dim", "expand_dims", "known_ndim", "matrix_transpose",
           "normal_axes", "permute_dims", "ravel", "reshape", "reshape_", "size_term", "squeeze", "sum", "sum_", "transpose_"]


# -- axes -------------------------------------------------------------------------------------------------------------------

READS = "of relgraph.terms.indexing, with "  # where the row of reads is, which has no name of NumPy's
IN_PATTERNS = "axis=-1, or axis, = attrs('axis')"  # what can be said of axes where their number is unknown


def normal_axes(name: str, axis: Any, ndim: int) -> tuple[int, ...]:
    """Axes sorted and counted from the right; None means all."""
    if axis is None:
        return tuple(range(-ndim, 0))
    out = []
    for a in axis if isinstance(axis, (tuple, list)) else (axis,):
        try:
            a = operator.index(a)
        except TypeError:
            raise MisuseError(f"{name}: axis {a!r} is no integer; axes are static, write an int or a tuple of ints") from None
        if not -ndim <= a < ndim:
            raise AxisError(f"{name}: axis {a} is out of range for {ndim} axes; use {-ndim} to {ndim - 1}")
        out.append(a if a < 0 else a - ndim)
    if len(set(out)) != len(out):
        raise AxisError(f"{name}: axis {axis!r} names an axis twice")
    return tuple(sorted(out))


def known_ndim(name: str, x: Term, instead: str = "") -> int:
    """The number of axes; in a pattern it is unknown, and ``instead`` is what can be written there."""
    if x.type is UNKNOWN:
        cure = f"write {instead}" if instead else (
            f"{name} needs that of {_short(x)} and cannot stand in a pattern as it is; write an equation of what it is made "
            f"of, as print({name}(...)) of inputs shows it")
        raise MisuseError(f"{name}: in a pattern the number of axes is unknown; {cure}")
    if x.type.ndim is None:
        raise MisuseError(f"{name}: {_short(x)} is {x.type!r}, not an array; take a part with nth(x, i)")
    return x.type.ndim


def known_type(name: str, *operands: Term) -> None:
    """Refuse patterns to a function that is another one for each type: it reads a type, and in a pattern there is none."""
    for x in operands:
        if x.type is UNKNOWN:
            raise MisuseError(f"{name}: in a pattern the type of {_short(x)} is unknown, and what {name} is made of depends on "
                              f"it; write an equation of what it is made of, as print({name}(...)) of inputs shows it")


def axes_operand(name: str, x: Term, axis: Any) -> Term:
    """The attribute operand for an ``axis`` argument."""
    if hasattr(type(axis), "__relgraph_term__"):
        axis = attr(axis)
    if isinstance(axis, Term):
        if axis.type is not ATTR:
            raise MisuseError(f"{name}: axis {_short(axis)} is an array; axes are static, write an int or a tuple of ints")
        return axis
    if x.type is UNKNOWN:
        return attr(_axes_of_pattern(name, x, axis))
    return attr(normal_axes(name, axis, known_ndim(name, x)))


def _axes_of_pattern(name: str, x: Term, axis: Any) -> tuple[int, ...]:
    """Axes that mean the same at any number of axes: counted from the right."""
    if axis is None:
        known_ndim(name, x, f"{IN_PATTERNS}; without one {name} is about all axes")
    axes: list[Any] = [*axis] if isinstance(axis, (tuple, list)) else [axis]
    for a in axes:
        if isinstance(a, (bool, np.bool_)) or not isinstance(a, (int, np.integer)):
            raise MisuseError(f"{name}: axis {a!r} of type {type(a).__name__} is no integer; write {IN_PATTERNS}")
        if a >= 0:
            raise MisuseError(f"{name}: axis {a} counts from the left, and in a pattern the number of axes is unknown; "
                              f"write {IN_PATTERNS}, counted from the right")
    return normal_axes(name, axis, max([-int(a) for a in axes], default=0))


# -- sizes as numbers and as dims ----------------------------------------------------------------------------------------

dim = Op(name="dim", attrs=("size",), signature="->()", kind="access", infer=lambda sizes, d: Type("int64", ()),
         numpy=lambda d: np.int64(d), pullback=lambda g, y, d: (), access=lambda index, shapes, d: Index(d),
         lower={"jax": "relgraph.linkers.jax.dim"}, doc="The size of an axis as an int64 number.")


def size_term(d: Dim) -> Any:
    """A dim as a user sees it in ``x.shape``: an int, or an int64 term."""
    return d if isinstance(d, int) else dim(attr(d))


_DIM_OPS = {"add": dims.add, "subtract": dims.sub, "multiply": dims.mul, "floor_divide": dims.floordiv,
            "remainder": dims.mod, "maximum": dims.maximum, "minimum": dims.minimum}


def as_dim(name: str, d: Any) -> Dim:
    """A dim for an entry of a shape: an int, a name, a dim, or an integer term made of sizes."""
    if isinstance(d, (str, dims.DimExpr)):
        return d
    if isinstance(d, Term):
        if d.op is dim:
            return d.args[0].data
        if d.op is CONST and d.type is not UNKNOWN and d.type.dtype.kind in "iu" and d.data.ndim == 0:
            return int(d.data)
        if d.op.name in _DIM_OPS:
            a, b = (as_dim(name, x) for x in d.args)
            return _DIM_OPS[d.op.name](a, b)
        raise MisuseError(f"{name}: the size {_short(d)} depends on values; sizes are ints, names or made of x.shape")
    try:
        return operator.index(d)
    except TypeError:
        raise MisuseError(f"{name}: {d!r} is no size; write an int, a name, or an entry of x.shape") from None


def as_shape(name: str, shape: Any) -> tuple[Dim, ...]:
    """A shape from an int, a name, a term, or a sequence of them."""
    if isinstance(shape, (tuple, list)):
        return tuple(as_dim(name, d) for d in shape)
    return (as_dim(name, shape),)


arange_ = Op(name="arange", attrs=("n",), signature="->()", kind="access", infer=lambda sizes, n: Type("int64", (n,)),
             numpy=lambda n: np.arange(n), pullback=lambda g, y, n: (), access=lambda index, shapes, n: Index(index[0]),
             lower={"jax": "jax.numpy.arange"}, doc="0, 1, …, n-1.")


# -- sum ----------------------------------------------------------------------------------------------------------------------

def without(shape: tuple[Dim, ...], axes: Sequence[int]) -> tuple[Dim, ...]:
    """A shape with axes (counted from the right) removed."""
    n = len(shape)
    return tuple(d for i, d in enumerate(shape) if i - n not in axes)


def check_axes(name: str, x: Type, axes: Sequence[int]) -> None:
    if axes and -axes[0] > x.ndim:
        raise AxisError(f"{name}: axis {axes[0]} is out of range for {x!r}")


def spread(g: Term, axes: Term) -> Term:
    """A cotangent of a reduction's result, shaped to broadcast over the operand."""
    return make(expand_dims_, (g, axes))


sum_ = Op(name="sum", attrs=("axis",), kind="reduction", operands=to_result, dtype=summed,
          infer=lambda sizes, x, axes: check_axes("sum", x, axes) or Type(summed(x.dtype), without(x.shape, axes)),
          reference="relgraph.terms.reference.sum",
          numpy=lambda x, axes: np.sum(x, axis=axes), pullback=lambda g, y, x, axis: (broadcast_like(spread(g, axis), x),),
          reduce=Reduce(0, "({0} + {1})", "({0} + {1})"), lower={"jax": "relgraph.linkers.jax.sum"},
          doc="The sum over axes; small integers are summed in 64 bits, as in NumPy.")


def broadcast_like(g: Term, x: Term) -> Term:
    return g if x.type is UNKNOWN or g.type is UNKNOWN else broadcast_to(g, x.type.shape)


@advised()
def sum(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term:
    """The sum over ``axis`` (an int, a tuple, or None for all), as ``numpy.sum``."""
    x = as_term(x)
    if dtype is not None:
        x = astype(x, dtype)
    return keep(sum_(x, axes_operand("sum", x, axis)), keepdims)


def keep(reduced: Term, keepdims: bool) -> Term:
    """``keepdims`` is no attribute: the reduced axes are put back with `expand_dims`."""
    return spread(reduced, reduced.args[-1]) if keepdims else reduced


# -- expand_dims, squeeze ---------------------------------------------------------------------------------------------------

def _expanded(x: Type, axes: tuple[int, ...]) -> Type:
    n = x.ndim + len(axes)
    if axes and -axes[0] > n:
        raise AxisError(f"expand_dims: axis {axes[0]} is out of range for a result of {n} axes")
    rest = iter(x.shape)
    return Type(x.dtype, tuple(1 if i - n in axes else next(rest) for i in range(n)))


expand_dims_ = Op(name="expand_dims", attrs=("axis",), kind="access", operands=lambda out, d: (d,),
                  infer=lambda sizes, x, axes: _expanded(x, axes),
                  numpy=lambda x, axes: np.expand_dims(x, axes), pullback=lambda g, y, x, axis: (make(squeeze_, (g, axis)),),
                  access=lambda index, shapes, axes: Read(0, without(index, axes)),
                  lower={"jax": "jax.numpy.expand_dims"}, cost=0, doc="Insert axes of length 1.")


def expand_dims(x: Any, axis: Any) -> Term:
    """Insert axes of length 1 at positions of the result, as ``numpy.expand_dims``."""
    x = as_term(x)
    if isinstance(axis, Term) or x.type is UNKNOWN:
        return make(expand_dims_, (x, axes_operand("expand_dims", x, axis)))
    k = len(axis) if isinstance(axis, (tuple, list)) else 1
    axes = normal_axes("expand_dims", axis, known_ndim("expand_dims", x) + k)
    return expand_dims_(x, attr(axes)) if axes else x


def _squeezed(sizes: Sizes, x: Type, axes: tuple[int, ...]) -> Type:
    check_axes("squeeze", x, axes)
    for a in axes:
        try:
            sizes.meet(x.shape[a], 1)
        except ShapeError:
            raise ShapeError(f"axis {a} has length {x.shape[a]}, only axes of length 1 can be removed") from None
    return Type(x.dtype, without(x.shape, axes))


def _unsqueeze(index: tuple[Dim, ...], axes: tuple[int, ...]) -> tuple[Dim, ...]:
    n = len(index) + len(axes)
    rest = iter(index)
    return tuple(0 if i - n in axes else next(rest) for i in range(n))


squeeze_ = Op(name="squeeze", attrs=("axis",), kind="access", operands=lambda out, d: (d,), infer=_squeezed,
              numpy=lambda x, axes: np.squeeze(x, axes), pullback=lambda g, y, x, axis: (make(expand_dims_, (g, axis)),),
              access=lambda index, shapes, axes: Read(0, _unsqueeze(index, axes)),
              lower={"jax": "jax.numpy.squeeze"}, cost=0, doc="Remove axes of length 1.")


def squeeze(x: Any, axis: Any = None) -> Term:
    """Remove axes of length 1 (``axis=None``: all that are known to be 1), as ``numpy.squeeze``."""
    x = as_term(x)
    if axis is None and x.type is not UNKNOWN:
        n = known_ndim("squeeze", x)
        axis = tuple(i - n for i, d in enumerate(x.type.shape) if d == 1)
    operand = axes_operand("squeeze", x, axis)
    return x if operand.data == () else squeeze_(x, operand)


# -- transpose: a permutation of the last axes, each counted from the right ----------------------------------------------

def _permuted(items: tuple[Any, ...], perm: tuple[int, ...]) -> tuple[Any, ...]:
    n, k = len(items), len(perm)
    if k > n:
        raise AxisError(f"transpose: permutation {perm} needs {k} axes, the operand has {n}")
    return items[: n - k] + tuple(items[p] for p in perm)


def _inverse_perm(perm: tuple[int, ...]) -> tuple[int, ...]:
    k = len(perm)
    out = [0] * k
    for i, p in enumerate(perm):
        out[p + k] = i - k
    return tuple(out)


def full_perm(perm: tuple[int, ...], ndim: int) -> tuple[int, ...]:
    return tuple(range(ndim - len(perm))) + tuple(p + ndim for p in perm)


transpose_ = Op(name="transpose", attrs=("axes",), kind="access", operands=lambda out, d: (d,),
                infer=lambda sizes, x, perm: Type(x.dtype, _permuted(x.shape, perm)),
                numpy=lambda x, perm: np.transpose(x, full_perm(perm, x.ndim)),
                pullback=lambda g, y, x, perm: (make(transpose_, (g, attr(_inverse_perm(perm.data)))),),
                access=lambda index, shapes, perm: Read(0, _permuted(index, _inverse_perm(perm))),
                lower={"jax": "relgraph.linkers.jax.transpose"}, cost=0, doc="Permute the last axes.")


def permute_dims(x: Any, axes: Any = None) -> Term:
    """Permute axes (``None`` reverses them), as ``numpy.transpose``."""
    x = as_term(x)
    if isinstance(axes, Term):
        return make(transpose_, (x, axes))
    if not isinstance(axes, (tuple, list, type(None))):
        raise MisuseError(f"transpose: axes {axes!r} are no tuple; write axes=(1, 0), or nothing for all axes in reverse")
    instead = ".mT, which exchanges the last two axes, or axes=(1, 0)"
    n = known_ndim("transpose", x, instead) if x.type is not UNKNOWN or axes is None else len(axes)
    perm = tuple(range(-1, -n - 1, -1)) if axes is None else tuple(operator.index(a) for a in axes)
    perm = tuple(a if a < 0 else a - n for a in perm)
    if sorted(perm) != list(range(-n, 0)):
        raise AxisError(f"transpose: {axes!r} is no permutation of the {n} axes of {_short(x)}: {x.type!r}")
    while perm and perm[0] == -len(perm):
        perm = perm[1:]
    return transpose_(x, attr(perm)) if perm else x


def matrix_transpose(x: Any) -> Term:
    """Swap the last two axes."""
    x = as_term(x)
    return transpose_(x, attr((-1, -2)))


# -- broadcast_to, reshape --------------------------------------------------------------------------------------------------

def _broadcast(sizes: Sizes, x: Type, shape: tuple[Dim, ...]) -> Type:
    k = len(shape) - x.ndim
    if k < 0:
        raise ShapeError(f"{x!r} has more axes than the shape {_text(shape)}")
    for a, b in zip(x.shape, shape[k:], strict=True):
        if a != 1:
            try:
                sizes.meet(a, b)
            except ShapeError:
                raise ShapeError(f"{x!r} does not broadcast to the shape {_text(shape)}") from None
    return Type(x.dtype, shape)


def _over_batches(t: Term, args: Sequence[Term], k: int) -> Term:
    """A row whose attribute is the whole shape of the result: the new axes stand in front of it."""
    x, shape = args
    lead = x.type.shape[:k]
    missing = 0 if t.op is reshape_ else len(shape.data) - (x.type.ndim - k)
    at = len(shape.data)
    return make(t.op, (expand_dims(x, tuple(range(-at, missing - at))), attr(lead + shape.data)), t.origin)


def _text(shape: tuple[Dim, ...]) -> str:
    return f"({', '.join(map(dims.show, shape))}{',' if len(shape) == 1 else ''})"


broadcast_ = Op(name="broadcast_to", attrs=("shape",), kind="access", operands=lambda out, d: (d,), infer=_broadcast,
                numpy=lambda x, shape: np.broadcast_to(x, shape), pullback=lambda g, y, x, shape: (g,),
                access=lambda index, shapes, shape: Read(0, tuple(
                    0 if d == 1 else i for i, d in zip(index[len(shape) - len(shapes[0]):], shapes[0], strict=True))),
                lower={"jax": "jax.numpy.broadcast_to"}, cost=0, batch=lambda t, args, batched, k: _over_batches(t, args, k),
                doc="Repeat along axes of length 1.")


def broadcast_to(x: Any, shape: Any) -> Term:
    """Broadcast to a shape (ints, names, entries of ``x.shape``), as ``numpy.broadcast_to``."""
    x = as_term(x)
    if isinstance(shape, Term) and shape.type is ATTR:
        return make(broadcast_, (x, shape))
    wanted = as_shape("broadcast_to", shape)
    return x if x.type is not UNKNOWN and x.type.shape == wanted else broadcast_(x, attr(wanted))


def _reshaped(sizes: Sizes, x: Type, shape: tuple[Dim, ...]) -> Type:
    try:
        sizes.meet(dims.product(x.shape), dims.product(shape))
    except ShapeError as e:
        raise ShapeError(f"{x!r} cannot be reshaped to {_text(shape)}: sizes are {e}") from None
    return Type(x.dtype, shape)


def _relinearised(index: tuple[Dim, ...], shapes: Any, shape: tuple[Dim, ...]) -> Read:
    flat: Dim = 0
    for i, d in zip(index, shape, strict=True):
        flat = dims.add(dims.mul(flat, d), i)
    out: list[Dim] = []
    for k, d in enumerate(reversed(shapes[0])):
        last = k == len(shapes[0]) - 1
        out.append(flat if last else dims.mod(flat, d))
        if not last:
            flat = dims.floordiv(flat, d)
    return Read(0, tuple(reversed(out)))


reshape_ = Op(name="reshape", attrs=("shape",), kind="access", operands=lambda out, d: (d,), infer=_reshaped,
              numpy=lambda x, shape: np.reshape(x, shape),
              pullback=lambda g, y, x, shape: (make(reshape_, (g, attr(x.type.shape))),),
              batch=lambda t, args, batched, k: _over_batches(t, args, k),
              access=_relinearised, lower={"jax": "jax.numpy.reshape"}, cost=0, doc="The same elements in another shape.")


def reshape(x: Any, *shape: Any) -> Term:
    """Give the elements another shape in C order; one size may be -1, as ``numpy.reshape``."""
    x = as_term(x)
    if len(shape) == 1 and isinstance(shape[0], Term) and shape[0].type is ATTR:
        return make(reshape_, (x, shape[0]))
    wanted = as_shape("reshape", shape[0] if len(shape) == 1 else shape)
    known_ndim("reshape", x, "reshape(x, shape) with shape, = attrs('shape')")
    if -1 in wanted:
        rest = dims.product(tuple(d for d in wanted if d != -1))
        total = dims.product(x.type.shape)
        if wanted.count(-1) > 1:
            raise ShapeError(f"reshape: {_text(wanted)} has more than one unknown size")
        if isinstance(rest, int) and isinstance(total, int) and (rest == 0 or total % rest):
            raise ShapeError(f"reshape: {x.type!r} cannot be reshaped to {_text(wanted)}: "
                             f"{total} elements are no multiple of {rest}")
        wanted = tuple(dims.floordiv(total, rest) if d == -1 else d for d in wanted)
    return x if x.type.shape == wanted else reshape_(x, attr(wanted))


def ravel(x: Any) -> Term:
    """The elements in one axis, in C order, as ``numpy.ravel``."""
    x = as_term(x)
    known_ndim("ravel", x, "reshape(x, shape) with shape, = attrs('shape')")
    return reshape(x, -1)
