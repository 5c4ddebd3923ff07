"""The one table that gives terms their operators, methods and NumPy protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import MisuseError
from . import at, dims, elementwise, evaluate, indexing, linalg, reduction, structure
from .term import INPUT, Op, Term, _short, toposort
from .type import UNKNOWN, TupleType

__all__ = ["free_inputs", "install"]

_BINARY = {"add": elementwise.add, "sub": elementwise.subtract, "mul": elementwise.multiply, "truediv": elementwise.divide,
           "floordiv": elementwise.floor_divide, "mod": elementwise.remainder,
           "lshift": elementwise.bitwise_left_shift, "rshift": elementwise.bitwise_right_shift, "pow": elementwise.power,
           "matmul": linalg.matmul}
_LOGIC = {"and": (elementwise.logical_and, elementwise.bitwise_and), "or": (elementwise.logical_or, elementwise.bitwise_or),
          "xor": (elementwise.logical_xor, elementwise.bitwise_xor)}
_COMPARE = {"lt": elementwise.less, "le": elementwise.less_equal, "gt": elementwise.greater, "ge": elementwise.greater_equal}
_UNARY = {"neg": elementwise.negative, "pos": elementwise.positive, "abs": elementwise.abs_}
_METHODS: dict[str, Callable[..., Any]] = {
    "sum": structure.sum, "squeeze": structure.squeeze, "reshape": structure.reshape, "ravel": structure.ravel,
    "astype": elementwise.astype, "clip": elementwise.clip, "dot": linalg.dot,
    **{n: getattr(reduction, n) for n in ("prod", "mean", "max", "min", "var", "std", "all", "any")},
    "transpose": lambda x, *axes: structure.permute_dims(x, axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list))
                                                         else axes or None),
}


def _foreign(other: Any) -> bool:
    """Operands that a term leaves to the other side's reflected operator."""
    return not (isinstance(other, (Term, bool, int, float, complex, np.ndarray, np.generic, list, tuple))
                or hasattr(type(other), "__relgraph_term__"))


def _operator(fn: Callable[..., Term]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(x: Term, y: Any) -> Any:
        return fn(x, y) if type(y) is Term or not _foreign(y) else NotImplemented

    def backward(y: Term, x: Any) -> Any:
        return NotImplemented if _foreign(x) else fn(x, y)
    return forward, backward


def _logic(on_bool: Op, on_int: Op) -> Callable[[Any, Any], Term]:
    def build(x: Any, y: Any) -> Term:
        known = [v.type.dtype if isinstance(v, Term) else np.asarray(v).dtype for v in (x, y)
                 if not isinstance(v, Term) or v.type is not UNKNOWN]  # a number beside truth values makes numbers, as in NumPy
        return (on_int if any(d is not None and d.kind != "b" for d in known) else on_bool)(x, y)
    return build


def _bool(t: Term) -> bool:
    if t.type is UNKNOWN:
        raise MisuseError(f"bool: {_short(t)} has no truth value: in a pattern it stands for any term; a condition of an "
                          "equation is a guard, as in (lhs, rhs, positive(x)), a choice of terms is rnp.where(x > 0, a, b)")
    raise MisuseError(f"bool: {_short(t)}: {t.type!r} has no truth value while the graph is built, so `if`, `and`, `while`, "
                      "`max(x, y)` cannot look at it; write rnp.where(x, a, b), rnp.logical_and(x, y) or x.eval({...})")


def _len(t: Term) -> int:
    n = structure.known_ndim("len", t, _LENGTH)
    if not n:
        raise MisuseError(f"len: {_short(t)}: {t.type!r} has no axes")
    d = t.type.shape[0]
    if not isinstance(d, int):
        raise MisuseError(f"len: the first axis of {_short(t)}: {t.type!r} has no fixed length; write x.shape[0]")
    return d


def _axes(t: Term) -> int:
    return structure.known_ndim("x.ndim", t, _LENGTH)


def _shape(t: Term) -> tuple[Any, ...]:
    structure.known_ndim("x.shape", t, _LENGTH)
    return tuple(map(structure.size_term, t.type.shape))


def _size(t: Term) -> Any:
    structure.known_ndim("x.size", t, _LENGTH)
    return structure.size_term(dims.product(t.type.shape))


# A right side may compute it, once the type of what a variable stands for is known.
_LENGTH = "size(x, axis) of relgraph.relations for the length of an axis, or a guard about the shape"


def _iter(t: Term) -> Any:
    if type(t.type) is TupleType:
        return iter([linalg.nth(t, i) for i in range(len(t.type.items))])
    structure.known_ndim("list(x), sum(x), unpacking", t, "rnp.sum(x, axis=-1) for the sum, or index_(x, spec), "
                         f"{structure.READS}spec, = attrs('spec'), for a part")
    if t.type.shape and not isinstance(t.type.shape[0], int):
        raise MisuseError(f"sum(x), list(x), unpacking: {_short(t)}: {t.type!r} has no fixed length to iterate over; "
                          "write rnp.sum(x), rnp.max(x), or x[i] for some i")
    return iter([t[i] for i in range(_len(t))])


def _array(t: Term, *args: Any, **kwargs: Any) -> Any:
    raise MisuseError(f"np.array, np.asarray: {_short(t)}: {t.type!r} has no value while the graph is built; "
                      "write rnp.stack([x, y]) to join terms, or x.eval({...}) for a value")


def _number(kind: str) -> Callable[[Term], Any]:
    def convert(t: Term) -> Any:
        raise MisuseError(f"{kind}: {_short(t)}: {t.type!r} has no value while the graph is built; write x.eval({{...}}), "
                          "or x.astype(...) to convert the elements")
    return convert


def _rounding(python: str, name: str) -> Callable[..., Any]:
    def convert(t: Term, *digits: Any) -> Any:
        raise MisuseError(f"{python}: {_short(t)} has no value while the graph is built; write rnp.{name}(x)")
    return convert


def _setitem(t: Term, key: Any, value: Any) -> None:
    raise MisuseError(f"x[i] = v: {_short(t)}: {t.type!r} never changes; write y = x.at[i].set(v), "
                      "or rnp.where(mask, v, x)")


def _eval(t: Term, values: Mapping[Any, Any] | None = None) -> Any:
    """The value of a term, computed by NumPy: ``(x + 1).eval({x: 2.0})``; keys may be terms or names."""
    given = dict(values or {})
    for k in [k for k in given if isinstance(k, str)]:
        found = [i for i in free_inputs(t) if i.data == k]
        if not found:
            raise MisuseError(f"eval: {_short(t)} has no input {k!r}")
        given[found[0]] = given.pop(k)
    return evaluate.evaluate([t], given)[0]


def free_inputs(*roots: Term) -> list[Term]:
    """The inputs below terms, in the order they are met."""
    return [t for t in toposort(*roots) if t.op is INPUT]


def install(cls: type[Term]) -> None:
    """Give the class its operators."""
    for name, fn in _BINARY.items():
        forward, backward = _operator(fn)
        setattr(cls, f"__{name}__", forward)
        setattr(cls, f"__r{name}__", backward)
    for name, (on_bool, on_int) in _LOGIC.items():
        forward, backward = _operator(_logic(on_bool, on_int))
        setattr(cls, f"__{name}__", forward)
        setattr(cls, f"__r{name}__", backward)
    for name, op in _COMPARE.items():
        setattr(cls, f"__{name}__", _operator(op)[0])
    for name, op in _UNARY.items():
        setattr(cls, f"__{name}__", lambda x, op=op: op(x))
    for name, fn in _METHODS.items():
        setattr(cls, name, fn)
    for name, value in {
        "__invert__": lambda x: (elementwise.logical_not if x.type.dtype is None or x.type.dtype.kind == "b"
                                 else elementwise.bitwise_invert)(x),
        "__getitem__": indexing.getitem, "__len__": _len, "__iter__": _iter, "__bool__": _bool, "__setitem__": _setitem,
        "__array__": _array, "__float__": _number("float"), "__int__": _number("int"), "__index__": _number("index"),
        "__complex__": _number("complex"), "eval": _eval,
        "__round__": _rounding("round", "round"), "__trunc__": _rounding("math.trunc", "trunc"),
        "__floor__": _rounding("math.floor", "floor"), "__ceil__": _rounding("math.ceil", "ceil"),
        "shape": property(_shape), "at": property(at.At),
        "ndim": property(_axes), "dtype": property(lambda x: x.type.dtype),
        "size": property(_size),
        "T": property(lambda x: structure.permute_dims(x)), "mT": property(structure.matrix_transpose),
        "real": property(lambda x: elementwise.real(x)), "imag": property(lambda x: elementwise.imag(x)),
    }.items():
        setattr(cls, name, value)


install(Term)
