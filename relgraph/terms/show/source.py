"""Python source that rebuilds a term: evaluated with ``rg``, ``rnp`` and ``np`` it gives the same object.

Terms used more than once, and every dozen levels of a deep one, get a name in a tuple ``(t1 := …, t2 := …, t2)[-1]``: the text
is linear in the DAG and nested a few levels only, whatever the term.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ...errors import RelgraphError
from .. import rows
from ..indexing import getitem
from ..inputs import matrix, scalar, tensor, vector
from ..structure import matrix_transpose
from ..term import ATTRIBUTE, BOUND, CONST, INPUT, LVAR, Term, const, toposort
from ..type import UNKNOWN
from . import literals
from . import precedence as p
from .forms import OPERATORS, public
from .indices import keys
from .infix import BINARY

__all__ = ["source"]

_DEEPEST = 12  # levels of nesting in one expression
_ONE_LINE = 120
_RESERVED: tuple[str, ...] = ("", "rg", "rnp", "np", "complex", "bytes")  # under "": the number of the last t
_ORDERED = {"less", "less_equal", "greater", "greater_equal"}  # `==` is identity
_FAILS = (RelgraphError, TypeError, ValueError, IndexError, AttributeError, OverflowError)


class _Writer:
    """The texts of the terms met so far: an expression with its precedence and depth, or a name."""

    def __init__(self) -> None:
        self.texts: dict[Term, tuple[str, int, int]] = {}
        self.depth = 0  # of the deepest operand of the term being written

    def operand(self, x: Any, precedence: int = p.OPEN) -> str:
        """The text of an operand: a term, a Python number, an attribute value, or a list of operands."""
        if isinstance(x, Term) and x.op is not ATTRIBUTE:
            text, own, depth = self.texts[x]
            self.depth = max(self.depth, depth)
        elif isinstance(x, list):
            return f"[{', '.join(map(self.operand, x))}]"
        else:
            text = literals.value(x.data if isinstance(x, Term) else x)
            own = p.NEGATE if text.startswith("-") else p.ATOM
        return f"({text})" if own < precedence else text

    def call(self, path: str, xs: Sequence[Any], named: Any = ()) -> tuple[str, int]:
        parts = [self.operand(x) for x in xs] + [f"{k}={self.operand(v)}" for k, v in dict(named).items()]
        return f"{path}({', '.join(parts)})", p.CALL


def _builds(t: Term, fn: Callable[..., Any], xs: Sequence[Any], named: Any = ()) -> bool:
    try:
        return fn(*xs, **dict(named)) is t
    except _FAILS:
        return False


def _row(t: Term) -> str:
    if rows().get(t.op.name) is t.op:
        return f"rg.terms.row({t.op.name!r})"
    return f"rg.terms.term._find_row({t.op.module!r}, {t.op.name!r})"


def _leaf(t: Term, w: _Writer) -> tuple[str, int]:
    if t.op is INPUT:
        return _input(t, w)
    if t.op is LVAR:
        return w.call("rg.terms.term.lvar", t.data)
    if t.op is BOUND:
        return w.call("rg.terms.term.bound_variable", [t.data, t.type])
    if t.op is ATTRIBUTE:
        return f"rg.terms.term.attr({literals.value(t.data)})", p.CALL
    if t.type is UNKNOWN:
        return w.call("rg.terms.term.weak", [t.data])
    if not isinstance(found := _number(t), Term):
        return w.call("rnp.asarray", [found, t.type.dtype.name])
    return f"rnp.asarray({literals.array(t.data)})", p.CALL


def _input(t: Term, w: _Writer) -> tuple[str, int]:
    name, shape, dtype = t.data, t.type.shape, t.type.dtype.name
    for fn in (scalar, vector, matrix)[t.type.ndim:t.type.ndim + 1]:
        for named in ({}, {"dtype": dtype}):
            if _builds(t, fn, [name], named):
                return w.call(f"rg.{fn.__name__}", [name], named)
    for xs in ([name, shape], [name, shape, dtype]):
        if _builds(t, tensor, xs):
            return w.call("rg.tensor", xs)
    return w.call("rg.terms.term.input_term", [name, t.type])


def _number(t: Term) -> Any:
    """The Python number of a scalar constant; the term itself if it is none, or a NaN whose bits a number would lose."""
    if t.op is not CONST or (t.type is not UNKNOWN and t.data.ndim):
        return t
    if t.type is UNKNOWN:
        return t.data
    x = t.data.item()
    return x if x == x or (isinstance(x, float) and const(np.nan, t.type.dtype) is t) else t


def _readings(t: Term, n: int) -> Iterator[list[Any]]:
    """The operands with numbers for scalar constants, which take their dtype from the others, and as they are."""
    plain = [_number(x) for x in t.args[:n]]
    if any(isinstance(x, Term) for x in plain) and any(not isinstance(x, Term) for x in plain):
        yield plain
    yield list(t.args[:n])


def _operator(t: Term, xs: list[Any], attrs: list[Any], w: _Writer) -> tuple[str, int] | None:
    """Python's own notation, where it builds this term."""
    name = t.op.name
    if name in OPERATORS and len(xs) == 2 and any(isinstance(x, Term) for x in xs) and _builds(t, OPERATORS[name], xs):
        sign, own = BINARY[name]
        first, rest = (p.CALL, p.NEGATE) if own == p.POWER else (own, own + 1)
        return f"{w.operand(xs[0], first)}{sign}{w.operand(xs[1], rest)}", own
    if name in _ORDERED and isinstance(xs[0], Term):
        return f"{w.operand(xs[0], p.COMPARE + 1)}{BINARY[name][0]}{w.operand(xs[1], p.COMPARE + 1)}", p.COMPARE
    if name == "negative":
        return f"-{w.operand(xs[0], p.POWER)}", p.NEGATE
    if name == "transpose" and attrs[0] == (-1, -2) and _builds(t, matrix_transpose, xs):
        return f"{w.operand(xs[0], p.CALL)}.mT", p.CALL
    if name == "index" and isinstance(attrs[0], tuple):
        found = keys(attrs[0], xs[0].type.shape)
        if found is not None and _builds(t, getitem, [xs[0], found]):
            return f"{w.operand(xs[0], p.CALL)}[{', '.join(map(_key, found))}]", p.CALL
    return None


def _key(k: Any) -> str:
    if not isinstance(k, slice):
        return repr(k)
    bounds = ["" if v is None else repr(v) for v in (k.start, k.stop, k.step)]
    return ":".join(bounds if k.step is not None else bounds[:2])


def _text(t: Term, w: _Writer) -> tuple[str, int]:
    n = len(t.args) - len(t.op.attrs)
    attrs: list[Any] = [a.data if a.op is ATTRIBUTE else a for a in t.args[n:]]
    form = public(t)
    for xs in _readings(t, n):
        found = _operator(t, xs, attrs, w)
        if found is not None:
            return found
        if form is not None:
            with suppress(*_FAILS):
                positional, named = form.arguments(t, xs, attrs)
                if form.fn(*positional, **named) is t:
                    return w.call(form.path, positional, named)
        if _builds(t, t.op, [*xs, *attrs]):
            return w.call(_row(t), [*xs, *attrs])
    inner = [w.operand(x) if x.op is not ATTRIBUTE else f"rg.terms.term.attr({literals.value(x.data)})" for x in t.args]
    return f"rg.terms.term.make({_row(t)}, ({', '.join(inner)},))", p.CALL


def source(root: Term) -> str:
    """Python source whose value is ``root`` itself."""
    order = [t for t in toposort(root) if t.op is not ATTRIBUTE or t is root]
    count: dict[Term, int] = {}
    for t in order:
        for a in t.args:
            count[a] = count.get(a, 0) + 1
    taken = dict.fromkeys(_RESERVED, 0)
    defined: list[str] = []
    w = _Writer()
    for t in order:
        w.depth = 0
        text, own = _text(t, w) if t.args or t.op not in (INPUT, CONST, LVAR, BOUND, ATTRIBUTE) else _leaf(t, w)
        depth = w.depth + 1
        scalar_constant = t.op is CONST and (t.type is UNKNOWN or t.data.ndim == 0)
        if t is not root and ((count.get(t, 0) > 1 and not scalar_constant) or depth > _DEEPEST):
            name = _name(t, taken)
            defined.append(f"{name} := {text}")
            text, own, depth = name, p.ATOM, 0
        w.texts[t] = text, own, depth
    text = w.texts[root][0]
    if not defined:
        return text
    parts = [*defined, text]
    comma = ", " if sum(map(len, parts)) <= _ONE_LINE else ",\n "
    return f"({comma.join(parts)})[-1]"


def _name(t: Term, taken: dict[str, int]) -> str:
    name = t.data if t.op is INPUT else t.data[0] if t.op is LVAR else ""
    if not name.isidentifier() or keyword.iskeyword(name) or name in taken:
        k = taken[""] + 1
        while f"t{k}" in taken:
            k += 1
        taken[""], name = k, f"t{k}"
    taken[name] = 0
    return name


