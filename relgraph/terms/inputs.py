"""The inputs of a function: named, typed, with sizes that may be names."""

from __future__ import annotations

from typing import Any

from ..errors import MisuseError
from .dims import Dim
from .structure import as_dim
from .term import Term, fresh_name, input_term
from .type import Type, default_float

__all__ = ["matrix", "scalar", "tensor", "vector"]


def tensor(name: str | None = None, shape: Any = (), dtype: Any = None, ndim: int | None = None) -> Term:
    """An input: sizes are ints, names, or None for a name of its own; the dtype is float64 unless said.

    >>> tensor("X", shape=("n", 3))
    X  float64[n, 3]
    """
    if name is not None and (not isinstance(name, str) or not name):
        raise MisuseError(f"tensor: the name {name!r} is no text; write tensor('x', shape=(...))")
    if name is None:
        name = fresh_name()
    if ndim is not None:
        shape = (None,) * ndim
    sizes: tuple[Dim, ...] = tuple(f"{name}{i}" if d is None else as_dim(f"tensor {name}", d)
                                   for i, d in enumerate(shape if isinstance(shape, (tuple, list)) else (shape,)))
    for d in sizes:
        if isinstance(d, int) and d < 0:
            raise MisuseError(f"tensor {name}: the size {d} is negative")
    return input_term(name, Type(default_float() if dtype is None else dtype, sizes))


def scalar(name: str | None = None, dtype: Any = None) -> Term:
    """An input without axes."""
    return tensor(name, (), dtype)


def vector(name: str | None = None, shape: Any = (None,), dtype: Any = None) -> Term:
    """An input with one axis: ``vector("x")`` or ``vector("x", shape="n")``."""
    return _of_rank("vector", 1, name, shape, dtype)


def matrix(name: str | None = None, shape: Any = (None, None), dtype: Any = None) -> Term:
    """An input with two axes: ``matrix("X")`` or ``matrix("X", shape=("n", 30))``."""
    return _of_rank("matrix", 2, name, shape, dtype)


def _of_rank(kind: str, rank: int, name: str | None, shape: Any, dtype: Any) -> Term:
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    if len(sizes) != rank:
        raise MisuseError(f"{kind} {name}: the shape {shape!r} has {len(sizes)} sizes, a {kind} has {rank}; "
                          "write tensor(name, shape=...)")
    return tensor(name, tuple(sizes), dtype)
