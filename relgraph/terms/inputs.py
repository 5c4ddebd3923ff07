"""The inputs of a function: named, typed, with sizes that may be names."""

from __future__ import annotations

from typing import Any

from ..errors import MisuseError
from .dims import Dim
from .keywords import advised
from .structure import as_dim
from .term import Term, fresh_name, input_term
from .type import Type, default_float

__all__ = ["matrix", "scalar", "tensor", "vector"]


@advised()
def tensor(name: str | None = None, shape: Any = (), dtype: Any = None, ndim: int | None = None) -> Term:
    """An input: sizes are ints, names, or None for a name of its own; the dtype is float64 unless said.

    >>> tensor("X", shape=("n", 3))
    X  float64[n, 3]
    """
    return _input("tensor", name, (None,) * ndim if ndim is not None else shape, dtype)


def _input(kind: str, name: str | None, shape: Any, dtype: Any) -> Term:
    if name is not None and (not isinstance(name, str) or not name):
        sizes = ", shape=(...)" if kind == "tensor" else ""
        raise MisuseError(f"{kind}: the name {name!r} is no text; write {kind}('x'{sizes})")
    given = shape if isinstance(shape, (tuple, list)) else (shape,)
    if isinstance(dtype, int) and not isinstance(dtype, bool):
        raise MisuseError(f"{kind} {name}: the dtype is the number {dtype}; sizes are one tuple, write "
                          f"{'tensor' if kind == 'vector' else kind}({name!r}, shape={(*given, dtype)!r})")
    if name is None:
        name = fresh_name()
    dims: tuple[Dim, ...] = tuple(f"{name}{i}" if d is None else as_dim(f"{kind} {name}", d) for i, d in enumerate(given))
    for d in dims:
        if isinstance(d, int) and d < 0:
            raise MisuseError(f"{kind} {name}: the size {d} is negative; write a size from 0 on, a name, or None for any")
    return input_term(name, Type(default_float() if dtype is None else dtype, dims))


@advised(shape="a scalar has no axes; write rg.vector(name, shape) or rg.tensor(name, shape)")
def scalar(name: str | None = None, dtype: Any = None) -> Term:
    """An input without axes."""
    return _input("scalar", name, (), dtype)


@advised(size="write rg.vector(name, shape='n')", length="write rg.vector(name, shape='n')")
def vector(name: str | None = None, shape: Any = (None,), dtype: Any = None) -> Term:
    """An input with one axis: ``vector("x")`` or ``vector("x", shape="n")``."""
    return _of_rank("vector", 1, name, shape, dtype)


@advised()
def matrix(name: str | None = None, shape: Any = (None, None), dtype: Any = None) -> Term:
    """An input with two axes: ``matrix("X")`` or ``matrix("X", shape=("n", 30))``."""
    return _of_rank("matrix", 2, name, shape, dtype)


def _of_rank(kind: str, rank: int, name: str | None, shape: Any, dtype: Any) -> Term:
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    if len(sizes) != rank and not isinstance(dtype, int):
        raise MisuseError(f"{kind} {name}: the shape {shape!r} has {len(sizes)} sizes, a {kind} has {rank}; "
                          "write tensor(name, shape=...)")
    return _input(kind, name, tuple(sizes), dtype)
