"""The parser of expressions such as ``log(1 + x)``: Python's grammar, a list of what is allowed, and never ``eval``."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from .. import numpy as rnp
from ..errors import AxisError, MisuseError, RelgraphError, ShapeError
from ..terms.inputs import matrix, scalar, tensor, vector
from ..terms.term import Op, Term
from .errors import UsageError

__all__ = ["parse", "parse_types"]

_LIMIT = 10_000
_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor}
_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: rnp.equal,
    ast.NotEq: rnp.not_equal}
_UNARY: dict[type, Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert}
_CONSTANTS = {"pi": rnp.pi, "e": rnp.e, "inf": rnp.inf, "nan": rnp.nan, "newaxis": None}
_DTYPES = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
           "complex64", "complex128"}
_METHODS = {"sum", "prod", "mean", "max", "min", "var", "std", "reshape", "transpose", "squeeze", "astype", "clip", "dot",
            "ravel"}
_PROPERTIES = {"T", "mT", "real", "imag", "shape", "ndim", "size"}


def functions() -> dict[str, Callable[..., Any]]:
    """What an expression may call: the functions of `relgraph.numpy`, those of linalg and special also by bare name."""
    out: dict[str, Callable[..., Any]] = {}
    for home, prefix in ((rnp.linalg, "linalg."), (rnp.special, "special."), (rnp, "")):
        for name, value in vars(home).items():
            fn = getattr(home, name)
            ours = isinstance(fn, Op) or getattr(fn, "__module__", "").startswith("relgraph.")
            if not name.startswith("_") and callable(fn) and not isinstance(value, type) and ours:
                out[name] = out[prefix + name] = fn
    return out


def parse_types(given: Sequence[str]) -> dict[str, Term]:
    """Inputs for ``NAME=TYPE`` arguments; a type is scalar, vector, matrix or like ``float32[n, 3]``."""
    out: dict[str, Term] = {}
    simple: dict[str, Callable[[str], Term]] = {"scalar": scalar, "vector": vector, "matrix": matrix}
    for text in given:
        name, _, kind = (p.strip() for p in text.replace(":", "=", 1).partition("="))
        found = re.fullmatch(r"(\w+)(?:\[([^\]]*)\])?", kind)
        if not name.isidentifier() or found is None:
            raise UsageError(f"--type {text!r}: is not NAME=TYPE; write x=vector, A=matrix or x=float32[n,3]")
        if name in out:
            raise UsageError(f"--type {text!r}: {name} has a type already")
        if kind in simple:
            out[name] = simple[kind](name)
            continue
        dtype, sizes = found.groups()
        if dtype not in _DTYPES:
            raise UsageError(f"--type {text!r}: {dtype!r} is no type{_meant(dtype, [*simple, *_DTYPES])}; "
                             "write scalar, vector, matrix or a dtype with sizes like float32[n,3]")
        shape = tuple(int(s) if s.isdecimal() else s for s in (p.strip() for p in (sizes or "").split(",")) if s)
        out[name] = tensor(name, shape, dtype)
    return out


def parse(text: str, inputs: Mapping[str, Term] | None = None) -> Term:
    """The term of an expression; names that are not given in ``inputs`` become float64 scalars.

    >>> parse("log(1 + x)")
    log(1 + x)  float64
    """
    if len(text) > _LIMIT:
        raise UsageError(f"the expression has {len(text):,} characters, at most {_LIMIT:,} are read; put it into a file")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        result = _Reader(text.strip(), dict(inputs or {})).read(tree)
    except SyntaxError as e:
        raise UsageError(_at(text, (e.offset or 1) - 1, f"is no expression: {e.msg}")) from None
    except (RecursionError, MemoryError):
        raise UsageError("the expression is nested too deeply; put it into a file") from None
    except ValueError as e:
        if isinstance(e, RelgraphError):
            raise
        raise UsageError(f"the expression cannot be read: {e}") from None
    met = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for name in inputs or ():
        if name not in met:
            raise UsageError(_at(text, 0, f"--type {name}=...: there is no {name} in the expression"
                                          f"{_meant(name, sorted(met)) or '; leave it out'}"))
    if not isinstance(result, Term):
        raise UsageError(_at(text, 0, f"is {result!r}, without a name in it; write at least one, such as x"))
    return result


def _at(text: str, column: int, message: str) -> str:
    """The message, with a caret under the place in the (one-line) expression."""
    line = text.strip().replace("\n", " ")
    start = max(0, column - 60)
    return f"{message}\n  {line[start:start + 100]}\n  {' ' * (column - start)}^"


def _meant(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f", did you mean {close[0]}?" if close else ""


class _Reader:
    """Turns a syntax tree into a term; whatever is not listed above is refused where it stands."""

    def __init__(self, text: str, inputs: dict[str, Term]) -> None:
        self.text, self.inputs, self.functions = text, inputs, functions()

    def error(self, node: Any, message: str) -> UsageError:
        before = self.text.encode()[:node.col_offset] if node.lineno == 1 else b""
        return UsageError(_at(self.text, len(before.decode()), message))

    def read(self, node: Any) -> Any:
        reader = getattr(self, f"_{type(node).__name__}", None)
        if reader is None:
            raise self.error(node, f"{type(node).__name__} is not allowed in an expression; "
                                   "numbers, names, operators, indices and calls are")
        try:
            return reader(node)
        except UsageError:
            raise
        except ArithmeticError as e:
            raise self.error(node, f"cannot be computed: {e}") from None
        except (RelgraphError, TypeError, ValueError, IndexError) as e:
            raise self.error(node, f"{e}{self.hint(e)}") from None

    def hint(self, e: Exception) -> str:
        """Most errors of shape come from names that nobody gave a type."""
        plain = [n for n, t in self.inputs.items() if t.type.ndim == 0]
        if not plain or not isinstance(e, (AxisError, ShapeError, MisuseError)):
            return ""
        return f" ({', '.join(plain)} {'are' if len(plain) > 1 else 'is'} scalar; --type {plain[0]}=vector makes it a vector)"

    def _Constant(self, node: ast.Constant) -> Any:
        if isinstance(node.value, (bytes, type(...))):
            raise self.error(node, f"{node.value!r} is not allowed in an expression")
        if isinstance(node.value, str) and node.value not in _DTYPES:
            raise self.error(node, f"the text {node.value!r} is no dtype{_meant(node.value, sorted(_DTYPES))}")
        return node.value

    def _Name(self, node: ast.Name) -> Any:
        name = node.id
        if name in self.inputs:
            return self.inputs[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _DTYPES:
            return name
        if name in self.functions:
            raise self.error(node, f"{name} is a function; call it: {name}(…)")
        if name.startswith("_"):
            raise self.error(node, f"the name {name!r} starts with an underscore; write another")
        self.inputs[name] = scalar(name)
        return self.inputs[name]

    def _BinOp(self, node: ast.BinOp) -> Any:
        fn = _BINARY.get(type(node.op))
        if fn is None:
            raise self.error(node, f"the operator {type(node.op).__name__} is not defined for terms")
        left, right = self.read(node.left), self.read(node.right)
        for x in (left, right):
            if not isinstance(x, (Term, int, float, complex)):
                raise self.error(node, f"{x!r} is no operand: a number or a term is")
        if fn is operator.pow and not isinstance(left, Term) and not isinstance(right, Term):
            return _power(left, right)
        return fn(left, right)

    def _UnaryOp(self, node: ast.UnaryOp) -> Any:
        if type(node.op) not in _UNARY:
            raise self.error(node, "`not` looks at a value while the graph is built; write logical_not(x)")
        return _UNARY[type(node.op)](self.read(node.operand))

    def _Compare(self, node: ast.Compare) -> Any:
        fn = _COMPARE.get(type(node.ops[0]))
        if len(node.ops) > 1 or fn is None:
            raise self.error(node, "one comparison at a time: <, <=, >, >=, == or !=; join two with logical_and(a, b)")
        return fn(self.read(node.left), self.read(node.comparators[0]))

    def _Tuple(self, node: ast.Tuple) -> Any:
        return tuple(self.read(n) for n in node.elts)

    def _List(self, node: ast.List) -> Any:
        return [self.read(n) for n in node.elts]

    def _Subscript(self, node: ast.Subscript) -> Any:
        value = self.read(node.value)
        if not isinstance(value, (Term, tuple)):
            raise self.error(node, f"{value!r} has no elements")
        return value[self.read(node.slice)]

    def _Slice(self, node: ast.Slice) -> Any:
        return slice(*[None if p is None else self.read(p) for p in (node.lower, node.upper, node.step)])

    def _Attribute(self, node: ast.Attribute) -> Any:
        if node.attr not in _PROPERTIES:
            raise self.error(node, f".{node.attr} is no attribute of a term{_meant(node.attr, sorted(_PROPERTIES))}")
        value = self.read(node.value)
        if not isinstance(value, Term):
            raise self.error(node, f"{value!r} has no .{node.attr}")
        return getattr(value, node.attr)

    def _Call(self, node: ast.Call) -> Any:
        fn = self._function(node.func)
        for k in node.keywords:
            if k.arg is None:
                raise self.error(node, "**arguments are not allowed in an expression")
        return fn(*[self.read(a) for a in node.args], **{str(k.arg): self.read(k.value) for k in node.keywords})

    def _function(self, node: Any) -> Callable[..., Any]:
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name)
                                                    and node.value.id in ("linalg", "special", "np", "rnp")):
            if node.attr not in _METHODS:
                raise self.error(node, f".{node.attr}() is no method of a term{_meant(node.attr, sorted(_METHODS))}")
            value = self.read(node.value)
            if not isinstance(value, Term):
                raise self.error(node, f"{value!r} has no .{node.attr}()")
            return getattr(value, node.attr)
        if not isinstance(node, (ast.Name, ast.Attribute)):
            raise self.error(node, "only functions can be called")
        name = ast.unparse(node).removeprefix("rnp.").removeprefix("np.")
        if name not in self.functions:
            raise self.error(node, f"there is no function {name}{_meant(name, sorted(self.functions))}")
        return self.functions[name]


def _power(base: Any, exponent: Any) -> Any:
    """A power of two numbers in floating point first: `9**9**9` must not take a year."""
    size = float(abs(base)) ** (exponent if isinstance(exponent, float) else float(abs(exponent)))
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0 and size < 2**53:
        return base**exponent
    return complex(base) ** exponent if isinstance(base, complex) or isinstance(exponent, complex) else float(base) ** exponent
