"""Types: a dtype and a shape, interned; broadcasting, promotion and gufunc signatures."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from ..errors import DTypeError, ShapeError
from . import dims
from .dims import Dim

__all__ = ["ATTR", "DTYPES", "UNKNOWN", "LamType", "Sizes", "TupleType", "Type", "as_dtype", "complex_of", "default_float",
           "divided", "dtype_name", "floating", "parse_signature", "promote", "real_of", "set_default_float", "summed"]

DTYPES: tuple[np.dtype[Any], ...] = tuple(np.dtype(n) for n in (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "complex64", "complex128"))
_BY_NAME = {d.name: d for d in DTYPES}
_KNOWN = {d: d for d in DTYPES}
_NAMES = {d: d.name for d in DTYPES}
_CLASSES = {type(d) for d in DTYPES}


class Type:
    """The dtype and the shape of a term; equal types are one object.

    >>> Type("float32", ("n", 3))
    float32[n, 3]
    """

    __slots__ = ("__weakref__", "dtype", "ndim", "shape")
    _table: ClassVar[weakref.WeakValueDictionary[Any, Type]] = weakref.WeakValueDictionary()
    dtype: np.dtype[Any]
    shape: tuple[Dim, ...]
    ndim: int

    def __new__(cls, dtype: Any, shape: Iterable[Dim] = ()) -> Type:
        dtype, shape = as_dtype(dtype), tuple(shape)
        key = (dtype, shape)
        found = cls._table.get(key)
        if found is None:
            found = object.__new__(cls)
            found.dtype, found.shape, found.ndim = dtype, shape, len(shape)
            found = cls._table.setdefault(key, found)
        return found

    def __repr__(self) -> str:
        return f"{_NAMES[self.dtype]}[{', '.join(map(dims.show, self.shape))}]" if self.shape else _NAMES[self.dtype]

    def __reduce__(self) -> Any:
        return Type, (self.dtype, self.shape)


class _Mark:
    """A type that is no array type: of attributes, and of patterns whose type depends on logic variables."""

    __slots__ = ("name",)
    dtype = None
    shape = None
    ndim = None

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> Any:
        return self.name


ATTR: Any = _Mark("ATTR")
UNKNOWN: Any = _Mark("UNKNOWN")


class _Compound:
    __slots__ = ("__weakref__", "items")
    _table: ClassVar[dict[Any, Any]] = {}
    dtype = None
    shape = None
    ndim = None
    items: tuple[Any, ...]

    def __new__(cls, items: Iterable[Any]) -> Any:
        items = tuple(items)
        key = (cls, items)
        found = cls._table.get(key)
        if found is None:
            found = object.__new__(cls)
            found.items = items
            found = cls._table.setdefault(key, found)
        return found

    def __reduce__(self) -> Any:
        return type(self), (self.items,)


class TupleType(_Compound):
    """The type of an op with several results; ``nth`` projects one."""

    __slots__ = ()
    _table: ClassVar[Any] = weakref.WeakValueDictionary()

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self.items))})"


class LamType(_Compound):
    """The type of a ``lam`` term: its parameters' types, then its body's type."""

    __slots__ = ()
    _table: ClassVar[Any] = weakref.WeakValueDictionary()

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self.items[:-1]))}) -> {self.items[-1]!r}"


# -- dtypes ----------------------------------------------------------------------------------------------------------

def as_dtype(dtype: Any) -> np.dtype[Any]:
    """The numpy dtype for a name, class or dtype; refuses what relgraph does not compute with."""
    if type(dtype) in _CLASSES and dtype in _KNOWN:
        return _KNOWN[dtype]  # NumPy works out the name of a dtype anew each time
    if isinstance(dtype, type) and dtype in (bool, int, float, complex):
        dtype = {bool: "bool", int: "int64", float: _default_float[0].name, complex: "complex128"}[dtype]
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or found.name not in _BY_NAME:
        raise DTypeError(f"dtype: {dtype!r} is not a dtype of relgraph; use one of {', '.join(_BY_NAME)}")
    return _BY_NAME[found.name]


_default_float = [np.dtype("float64")]


def dtype_name(dtype: np.dtype[Any]) -> str:
    """``dtype.name``, which NumPy puts together anew each time, in a tenth of the time."""
    return _NAMES.get(dtype) or dtype.name


def default_float() -> np.dtype[Any]:
    """The dtype of inputs and of ``zeros``, ``ones``, … when none is given; float64 unless it was set."""
    return _default_float[0]


def set_default_float(dtype: Any) -> None:
    """Set the default float to ``"float32"`` or ``"float64"`` for terms built from now on."""
    found = as_dtype(dtype)
    if found.kind != "f":
        raise DTypeError(f"set_default_float: {found.name} is no floating dtype; use float32 or float64")
    _default_float[0] = found


@lru_cache(4096)
def promote(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """NumPy's result type of arrays of these dtypes."""
    return _BY_NAME[np.result_type(*dtypes).name]


@lru_cache(256)
def floating(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """As `promote`, after each integer became a float as in NumPy (where NumPy says float16, float32 is used)."""
    return promote(*[d if d.kind in "fc" else _BY_NAME["float32" if d.itemsize <= 2 else "float64"] for d in dtypes])


@lru_cache(256)
def divided(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """NumPy's result type of a true division: integers become float64."""
    d = promote(*dtypes)
    return d if d.kind in "fc" else _BY_NAME["float64"]


@lru_cache(64)
def real_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype of the real part."""
    return _BY_NAME[{"complex64": "float32", "complex128": "float64"}.get(dtype.name, dtype.name)]


@lru_cache(64)
def complex_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The complex dtype of a floating one."""
    return _BY_NAME[{"float32": "complex64", "float64": "complex128"}.get(dtype.name, dtype.name)]


@lru_cache(64)
def summed(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype NumPy sums in: small integers and bool become (u)int64."""
    if dtype.kind in "bi":
        return _BY_NAME["int64"]
    return _BY_NAME["uint64"] if dtype.kind == "u" else dtype


# -- shapes ----------------------------------------------------------------------------------------------------------

class Sizes:
    """What inference may assume about dims: this one refuses what is false and accepts the rest.

    Inference calls `meet` wherever two dims must agree and `need` wherever a dim must be large enough.  Compiling a
    function runs inference again with a subclass that writes down what has to be checked when it is called.
    """

    __slots__ = ()

    def meet(self, a: Dim, b: Dim) -> Dim:
        """One dim for two that must be equal; an ``int`` wins over a name."""
        if a == b:
            return a
        if isinstance(a, int):
            if isinstance(b, int):
                raise ShapeError(f"{a} and {b}")
            return a
        if isinstance(b, int):
            return b
        return min(a, b, key=lambda d: (isinstance(d, dims.DimExpr), len(dims.show(d)), dims.show(d)))

    def broadcast(self, a: Dim, b: Dim) -> Dim:
        """One dim for two that meet in one axis of an elementwise op."""
        if a == b:
            return a
        return b if a == 1 else a if b == 1 else self.meet(a, b)

    def need(self, d: Dim, least: int) -> None:
        """Refuse a dim known to be smaller than ``least``."""
        if isinstance(d, int) and d < least:
            raise ShapeError(f"size {d} where at least {least} is needed")

    def shapes(self, shapes: Sequence[tuple[Dim, ...]]) -> tuple[Dim, ...]:
        """Broadcast shapes together, as NumPy does."""
        out = shapes[0] if shapes else ()
        for s in shapes[1:]:
            if s == out:
                continue
            k = len(s) - len(out)
            longer = s if k > 0 else out
            pairs = zip(out[max(-k, 0):], s[max(k, 0):], strict=True)  # in the order of the operands, for the message
            out = longer[:abs(k)] + tuple(self.broadcast(a, b) for a, b in pairs)
        return out


STATIC = Sizes()


@lru_cache(256)
def parse_signature(signature: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """``"(m,k),(k,n)->(m,n)"`` as core dims of operands and of results."""
    def side(text: str) -> tuple[tuple[str, ...], ...]:
        if not text:
            return ()
        return tuple(tuple(d for d in part.strip(" ()").split(",") if d) for part in text.strip()[1:-1].split("),("))
    left, right = signature.replace(" ", "").split("->")
    return side(left), side(right)


def apply_signature(sizes: Sizes, signature: str, shapes: Sequence[tuple[Dim, ...]]) -> tuple[tuple[Dim, ...], ...]:
    """The shapes of the results of an op with this gufunc signature: core dims unify, leading axes broadcast."""
    left, right = parse_signature(signature)
    core: dict[str, Dim] = {}
    batch: list[tuple[Dim, ...]] = []
    for i, (names, shape) in enumerate(zip(left, shapes, strict=True)):
        k = len(shape) - len(names)
        if k < 0:
            raise ShapeError(f"operand {i + 1} has {len(shape)} axes, at least {len(names)} are needed")
        batch.append(shape[:k])
        for name, d in zip(names, shape[k:], strict=True):
            try:
                core[name] = sizes.meet(core[name], d) if name in core else d
            except ShapeError as e:
                raise ShapeError(f"dim {name!r} is {e}") from None
    lead = sizes.shapes(batch)
    return tuple(lead + tuple(core[n] for n in names) for names in right)
