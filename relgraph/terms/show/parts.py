"""What every printer shares: precedences, the text of leaves and attributes, what is cut, and the iterative writer.

A writer gives the *pieces* of one node: text, and operands with the precedence their text needs to stand without
parentheses.  `write` puts pieces together without recursion, outermost first, so that what is cut is deep inside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from .. import dims
from ..dims import DimExpr
from ..term import ATTRIBUTE, BOUND, CONST, INPUT, LVAR, Term, toposort
from ..type import ATTR, UNKNOWN
from . import precedence as p

__all__ = ["CUT", "INFIX_NODES", "Piece", "attribute_text", "describe", "label", "leaf", "nearest", "number", "occurrences",
           "operands", "type_text", "users", "write"]

Piece: TypeAlias = "str | tuple[Term, int]"

CUT = "…"
_INLINE = 6  # elements of a constant array that are printed
INFIX_NODES = 200  # above this many nodes, subterms that occur twice get a name instead of being printed twice


def number(value: Any) -> str:
    """A number for people: 1.0 is ``1``, float32 0.1 is ``0.1``; what is no integer keeps every digit."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    text = str(value)
    return text[:-2] if text.endswith(".0") and text != "-0.0" else text


def _array(a: np.ndarray[Any, Any]) -> str:
    if not a.size:
        return f"empty({', '.join(map(str, a.shape))})"
    text = np.array2string(a, separator=", ", threshold=_INLINE, edgeitems=2, max_line_width=10**9,
                           formatter={"all": number})
    return " ".join(text.replace("...", CUT).split())


def leaf(t: Term) -> tuple[int, str]:
    """The precedence and the text of a term without operands."""
    if t.op is INPUT:
        return p.ATOM, str(t.data)
    if t.op is LVAR:
        return p.ATOM, t.data[0]
    if t.op is BOUND:
        return p.ATOM, f"x{t.data}"
    if t.op is ATTRIBUTE:
        return p.ATOM, attribute_text("", t.data)
    if t.op is CONST:
        text = _array(t.data) if isinstance(t.data, np.ndarray) and t.data.ndim else number(
            t.data[()] if isinstance(t.data, np.ndarray) else t.data)
        return (p.NEGATE if text.startswith("-") else p.ATOM), text
    return p.CALL, f"{t.op.name}()"


def attribute_text(name: str, value: Any) -> str:
    """An attribute for people: one axis is an int, a dtype its name, a shape a tuple of dims."""
    if isinstance(value, tuple):
        if name == "facts":  # names, and pairs of a name and a number
            value = tuple(v if isinstance(v, str) else f"{v[0]}={v[1]!r}" for v in value)
        inner = [attribute_text("", v) for v in value]
        if name in ("axis", "facts") and len(inner) == 1:
            return inner[0]
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, (str, DimExpr)):
        return dims.show(value)
    return repr(value)


_POSITIONAL = {"dtype", "facts", "n", "shape", "size"}
_REDUCING = {"reduction", "composite"}


def describe(t: Term) -> list[tuple[str, str | Term]]:
    """The attribute operands worth printing, each with the text before it: all but an ``axis`` that names every axis."""
    positional = _POSITIONAL.issuperset(t.op.attrs)
    out: list[tuple[str, str | Term]] = []
    for name, a in zip(t.op.attrs, t.args[len(t.args) - len(t.op.attrs):], strict=True):
        if name == "axis" and t.op.kind in _REDUCING and a.op is ATTRIBUTE and t.args[0].type.ndim is not None \
                and a.data == tuple(range(-t.args[0].type.ndim, 0)):
            continue
        out.append(("" if positional else f"{name}=", attribute_text(name, a.data) if a.op is ATTRIBUTE else a))
    return out


def label(t: Term) -> str:
    """One node without its operands: ``sum axis=-1``, ``exp``, ``x``."""
    if not t.args:
        return leaf(t)[1]
    return " ".join([t.op.name, *(before + (a if isinstance(a, str) else CUT if a.args else leaf(a)[1])
                                  for before, a in describe(t))])


def type_text(t: Term) -> str:
    """The type after two spaces; nothing for patterns, whose type is not known, and for attributes."""
    return "" if t.type is UNKNOWN or t.type is ATTR else f"  {t.type!r}"


def operands(t: Term) -> tuple[Term, ...]:
    """The tensor operands, without the attributes."""
    return t.args[: len(t.args) - len(t.op.attrs)] if t.op.attrs else t.args


# -- what is drawn ----------------------------------------------------------------------------------------------------------

def nearest(roots: Sequence[Term], limit: int | None) -> tuple[set[Term], int]:
    """The ``limit`` nodes nearest to the roots, and how many there are (attributes not counted)."""
    every = [t for t in toposort(*roots) if t.op is not ATTRIBUTE]
    if limit is None or len(every) <= limit:
        return set(every), len(every)
    shown: set[Term] = set()
    queue = deque(roots)
    while queue and len(shown) < limit:
        t = queue.popleft()
        if t not in shown:
            shown.add(t)
            queue.extend(operands(t))
    return shown, len(every)


def users(terms: Iterable[Term], roots: Sequence[Term]) -> dict[Term, int]:
    """How often each term is an operand or a root."""
    count: dict[Term, int] = {}
    for a in [*roots, *(a for t in terms for a in operands(t))]:
        count[a] = count.get(a, 0) + 1
    return count


def occurrences(roots: Sequence[Term], most: int) -> int:
    """How many nodes the terms have as trees, counted up to ``most``: a DAG may have 2^60."""
    size: dict[Term, int] = {}
    for t in toposort(*roots):
        size[t] = min(most, 1 + sum(size[a] for a in t.args))
    return min(most, sum(size[r] for r in roots))


# -- the writer -------------------------------------------------------------------------------------------------------------

def write(root: Term, pieces: Callable[[Term, int], list[Piece]], fits: Callable[[Term, list[Piece]], bool]) -> str:
    """The text of a term; an operand whose pieces do not fit is written ``…``."""
    top: list[Any] = [(root, p.OPEN)]
    queue: deque[tuple[list[Any], int]] = deque([(top, 0)])
    while queue:
        parts, i = queue.popleft()
        t, precedence = parts[i]
        new: list[Any] = pieces(t, precedence)
        if not fits(t, new):
            parts[i] = CUT
            continue
        parts[i] = new
        queue.extend((new, j) for j, part in enumerate(new) if not isinstance(part, str))
    out: list[str] = []
    stack: list[Iterator[Any]] = [iter(top)]
    while stack:
        part = next(stack[-1], None)
        if part is None:
            stack.pop()
        elif isinstance(part, str):
            out.append(part)
        else:
            stack.append(iter(part))
    return "".join(out)
