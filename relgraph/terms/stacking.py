"""Arrays put side by side and taken apart, made of joins and reads: `hstack`, `vstack`, `column_stack`, `unstack`, …"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import MisuseError, ShapeError
from . import dims
from .indexing import getitem
from .joining import concat
from .rearranging import _integer, one_axis, split
from .structure import expand_dims, known_ndim
from .term import Term, _short, as_term

__all__ = ["array_split", "atleast_1d", "atleast_2d", "atleast_3d", "column_stack", "dstack", "hstack", "unstack", "vstack"]


def atleast_1d(*xs: Any) -> Any:
    """An array with an axis, of a scalar one of length 1, as ``numpy.atleast_1d``; of several a tuple."""
    return _each("atleast_1d", [(0,), ()], xs)


def atleast_2d(*xs: Any) -> Any:
    """An array with two axes, of a vector one row, as ``numpy.atleast_2d``; of several a tuple.

    >>> rnp.atleast_2d(rg.vector("x", shape=3))
    x[None]  float64[1, 3]
    """
    return _each("atleast_2d", [(0, 1), (0,), ()], xs)


def atleast_3d(*xs: Any) -> Any:
    """An array with three axes, of a matrix one of depth 1, as ``numpy.atleast_3d``; of several a tuple."""
    return _each("atleast_3d", [(0, 1, 2), (0, 2), (2,), ()], xs)


def _each(name: str, missing: Sequence[tuple[int, ...]], xs: Sequence[Any]) -> Any:
    """Each array with the axes that one of its rank misses."""
    out = []
    for x in map(as_term, xs):
        new = missing[min(known_ndim(name, x), len(missing) - 1)]
        out.append(expand_dims(x, new) if new else x)
    return out[0] if len(out) == 1 else tuple(out)


def hstack(arrays: Any) -> Term:
    """Arrays side by side: joined along the second axis, vectors along their one, as ``numpy.hstack``."""
    xs = _parts("hstack", arrays, atleast_1d)
    return concat(xs, 0 if xs[0].type.ndim == 1 else 1)


def vstack(arrays: Any) -> Term:
    """Arrays one below the other, vectors as rows, as ``numpy.vstack``.

    >>> rnp.vstack([rg.vector("x", shape=3), rg.vector("y", shape=3)]).shape
    (2, 3)
    """
    return concat(_parts("vstack", arrays, atleast_2d), 0)


def dstack(arrays: Any) -> Term:
    """Arrays one behind the other: joined along the third axis, as ``numpy.dstack``."""
    return concat(_parts("dstack", arrays, atleast_3d), 2)


def column_stack(arrays: Any) -> Term:
    """Vectors and matrices as the columns of one matrix, as ``numpy.column_stack``."""
    return concat(_parts("column_stack", arrays, lambda x: expand_dims(x, -1) if x.type.ndim == 1 else atleast_2d(x)), 1)


def _parts(name: str, arrays: Any, shaped: Callable[[Term], Any]) -> list[Term]:
    if isinstance(arrays, Term):  # its slices, as NumPy has it
        arrays = unstack(arrays)
    if not isinstance(arrays, (list, tuple)) or not arrays:
        raise MisuseError(f"{name}: {arrays!r} was given, a list of arrays is expected, as in rnp.{name}([x, y])")
    return [shaped(as_term(x)) for x in arrays]


def unstack(x: Any, *, axis: int = 0) -> tuple[Term, ...]:
    """The slices of an array along an axis of known length, as ``numpy.unstack``; the inverse of ``stack``."""
    x = as_term(x)
    a = one_axis("unstack", x, axis)
    n = x.type.shape[a]
    if not isinstance(n, int):
        raise ShapeError(f"unstack: axis {axis} of {_short(x)}: {x.type!r} has the length {dims.show(n)}, "
                         "and there are as many parts; declare the input with a number there, as in shape=(3,)")
    return tuple(getitem(x, (..., i, *[slice(None)] * (-a - 1))) for i in range(n))


def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Term]:
    """As `split`, and into parts of nearly equal length, the longer ones first, as ``numpy.array_split``."""
    x = as_term(x)
    if isinstance(indices_or_sections, (tuple, list)) or getattr(indices_or_sections, "ndim", 0):
        return split(x, indices_or_sections, axis)
    k = _integer("array_split: the number of parts", indices_or_sections)
    n = x.type.shape[one_axis("array_split", x, axis)]
    if k < 1 or not isinstance(n, int):
        raise ShapeError(f"array_split: {k} parts of an axis of length {dims.show(n)}; at least one part is "
                         "needed, of a length that is known: write the positions, as in rnp.split(x, [2, 5])")
    return split(x, [j * (n // k) + min(j, n % k) for j in range(1, k)], axis)
