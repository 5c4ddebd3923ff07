"""A Python function of arrays as a compiled function: it is called once with terms, and what it returns is compiled."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .autodiff.trees import flatten
from .debugging import Trace
from .errors import InputError
from .function import Compiled, function
from .terms.inputs import tensor
from .terms.term import Term
from .terms.type import DTYPES

__all__ = ["Traced", "jit"]


def jit(fn: Callable[..., Any] | None = None, *, linker: str | None = None, rewrite: Any = None) -> Any:
    """Trace a Python function of arrays when it is first called with arrays of some dtypes and numbers of axes.

    >>> @jit
    ... def f(x, y):
    ...     return rnp.sum(x * y)
    >>> f(np.ones(3), np.ones(3))
    array(3.)

    Arguments may be nested lists, tuples and dicts of arrays.  Sizes are symbolic: other lengths need no new trace, except
    that an axis of length 1 broadcasts, as in NumPy.  A Python float takes the dtype of the floating arrays beside it.
    Called with terms, it is the Python function itself.  ``linker`` and ``rewrite`` are those of `function`:
    ``@jit(linker="numpy")``.
    """
    if fn is None:
        return functools.partial(jit, linker=linker, rewrite=rewrite)
    return Traced(fn, linker, rewrite)


class Traced:
    """What `jit` returns: ``compiled(...)`` is the function that arguments like these are given to, ``debug(...)`` the value
    of every node."""

    __name__: str

    def __init__(self, fn: Callable[..., Any], linker: str | None, rewrite: Any) -> None:
        functools.update_wrapper(self, fn)
        self.fn, self.linker, self.rewrite = fn, linker, rewrite
        self._signature = inspect.signature(fn)
        self._made: dict[Any, Compiled] = {}
        self._lock = threading.RLock()  # re-entrant: a traced function may call itself through another

    def __call__(self, *args: Any, **named: Any) -> Any:
        bound = self._bind(args, named)
        leaves, build = flatten(bound)
        if any(isinstance(v, Term) for v in leaves):
            return self._call(bound)
        return self._compiled(bound, leaves, build)(*leaves)

    def debug(self, *args: Any, **named: Any) -> Trace:
        """As `Compiled.debug`."""
        bound = self._bind(args, named)
        leaves, build = flatten(bound)
        return self._compiled(bound, leaves, build).debug(*leaves)

    def compiled(self, *args: Any, **named: Any) -> Compiled:
        """The compiled function for arguments like these."""
        bound = self._bind(args, named)
        return self._compiled(bound, *flatten(bound))

    def _bind(self, args: Any, named: Any) -> dict[str, Any]:
        try:
            found = self._signature.bind(*args, **named)
        except TypeError as e:
            raise InputError(f"{self.__name__}: {e}; it is {self.__name__}{self._signature}") from None
        found.apply_defaults()
        return dict(found.arguments)

    def _call(self, bound: dict[str, Any]) -> Any:
        found = inspect.BoundArguments(self._signature, bound)
        return self.fn(*found.args, **found.kwargs)

    def _compiled(self, bound: dict[str, Any], leaves: Sequence[Any], build: Callable[[Sequence[Any]], Any]) -> Compiled:
        names = _paths(bound)
        arrays = [_array(n, v) for n, v in zip(names, leaves, strict=True)]
        types = _types(leaves, arrays)
        key = (tuple(names), types)
        with self._lock:
            found = self._made.get(key)
            if found is None:
                inputs = [tensor(n, shape, dtype) for n, (dtype, shape) in zip(names, types, strict=True)]
                found = function(inputs, self._call(build(inputs)), linker=self.linker, rewrite=self.rewrite)
                self._made[key] = found
            return found

    def __repr__(self) -> str:
        return f"<jit {self.__name__}{self._signature}>"


def _paths(tree: Any, at: str = "") -> list[str]:
    """A name for every leaf: ``x``, ``params['w']``, ``layers[0]``."""
    if isinstance(tree, dict):
        return [p for k, v in tree.items() for p in _paths(v, f"{at}[{k!r}]" if at else str(k))]
    if isinstance(tree, (list, tuple)):
        return [p for i, v in enumerate(tree) for p in _paths(v, f"{at}[{i}]")]
    return [at]


def _array(name: str, value: Any) -> np.ndarray[Any, Any]:
    try:
        a = np.asarray(value)
    except Exception as e:  # whatever an ``__array__`` method raises
        raise InputError(f"{name}: {type(value).__name__} is no array: {e}") from e
    if a.dtype.newbyteorder("=") not in DTYPES and a.dtype.kind not in "f":
        raise InputError(f"{name}: got {value!r}, no array and no number; fix it with functools.partial")
    return a


def _types(leaves: Sequence[Any], arrays: Sequence[np.ndarray[Any, Any]]) -> tuple[tuple[str, tuple[int | None, ...]], ...]:
    floats = [a.dtype for v, a in zip(leaves, arrays, strict=True) if a.dtype.kind in "fc" and type(v) not in (float, complex)]
    out = []
    for v, a in zip(leaves, arrays, strict=True):
        dtype = np.result_type(*floats, v) if type(v) in (float, complex) and floats else a.dtype
        name = "float64" if dtype == np.longdouble else "float32" if dtype == np.float16 else dtype.name
        out.append((name, tuple(1 if n == 1 else None for n in a.shape)))
    return tuple(out)
