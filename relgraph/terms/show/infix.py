"""Infix mathematics for people, with as few parentheses as the precedences of Python allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import dims
from ..dims import DimExpr
from ..term import ATTRIBUTE, BOUND, INPUT, LVAR, Op, Term, toposort
from ..type import UNKNOWN
from . import precedence as p
from .indices import subscript
from .parts import INFIX_NODES, Piece, describe, leaf, nearest, occurrences, operands, type_text, users, write

__all__ = ["BINARY", "infix", "name_shared", "pieces", "reads_as_matmul", "short"]

BINARY: Mapping[str, tuple[str, int]] = {
    "add": (" + ", p.ADD), "subtract": (" - ", p.ADD), "multiply": ("*", p.MULTIPLY), "divide": ("/", p.MULTIPLY),
    "floor_divide": ("//", p.MULTIPLY), "remainder": (" % ", p.MULTIPLY), "power": ("**", p.POWER),
    "matmul": (" @ ", p.MULTIPLY), "matvec": (" @ ", p.MULTIPLY), "vecmat": (" @ ", p.MULTIPLY), "vecdot": (" @ ", p.MULTIPLY),
    "equal": (" == ", p.COMPARE), "not_equal": (" != ", p.COMPARE), "less": (" < ", p.COMPARE),
    "less_equal": (" <= ", p.COMPARE),
    "greater": (" > ", p.COMPARE), "greater_equal": (" >= ", p.COMPARE),
    "logical_and": (" & ", p.AND), "bitwise_and": (" & ", p.AND), "logical_or": (" | ", p.OR), "bitwise_or": (" | ", p.OR),
    "logical_xor": (" ^ ", p.XOR), "bitwise_xor": (" ^ ", p.XOR)}
_PREFIX = {"negative": "-", "logical_not": "~", "bitwise_invert": "~"}
_RANKS: Mapping[str, tuple[int | None, ...]] = {"vecdot": (1, 1), "matvec": (None, 1), "vecmat": (1, None)}


def reads_as_matmul(t: Term) -> bool:
    """Whether ``a @ b`` means this row: the vector operands have one axis."""
    return all(wanted is None or a.type is UNKNOWN or a.type.ndim == wanted
               for wanted, a in zip(_RANKS.get(t.op.name, ()), t.args, strict=False))


def _joined(op: Op, xs: Sequence[Term]) -> tuple[int, list[Piece]]:
    """``a - b``: the left operand may be of the same precedence, the right one not; a power is the other way round."""
    sign, own = BINARY[op.name]
    first, rest = (p.CALL, p.NEGATE) if own == p.POWER else (own + (own == p.COMPARE), own + 1)
    out: list[Piece] = [(xs[0], first)]
    for x in xs[1:]:
        out += [sign, (x, rest)]
    return own, out


def _call(name: str, t: Term) -> tuple[int, list[Piece]]:
    out: list[Piece] = [name, "([" if t.op.variadic else "("]
    for i, x in enumerate(operands(t)):
        out += [", "] * (i > 0) + [(x, p.OPEN)]
    if t.op.variadic:
        out.append("]")
    for i, (before, a) in enumerate(describe(t)):
        out.append((", " if i or operands(t) else "") + before)
        out.append(a if isinstance(a, str) else (a, p.OPEN))
    return p.CALL, [*out, ")"]


def _index(t: Term) -> tuple[int, list[Piece]] | None:
    spec = t.args[1]
    if spec.op is not ATTRIBUTE:
        return None
    return p.CALL, [(t.args[0], p.CALL), f"[{subscript(spec.data, t.args[0].type.shape)}]"]


def _expand_dims(t: Term) -> tuple[int, list[Piece]] | None:
    x, axes = t.args
    if axes.op is not ATTRIBUTE or x.type.ndim is None:
        return None
    n = x.type.ndim + len(axes.data)
    last = max(axes.data, default=-n)
    return p.CALL, [(x, p.CALL), "[" + ", ".join("None" if i - n in axes.data else ":" for i in range(n + last + 1)) + "]"]


def _take(t: Term) -> tuple[int, list[Piece]] | None:
    x, i, axis = t.args
    if axis.op is not ATTRIBUTE or x.type.ndim is None:
        return None
    return p.CALL, [(x, p.CALL), "[" + ":, " * (x.type.ndim + axis.data[0]), (i, p.OPEN), "]"]


def _transpose(t: Term) -> tuple[int, list[Piece]] | None:
    x, axes = t.args
    if axes.data == (-1, -2):
        return p.CALL, [(x, p.CALL), ".T" if x.type.ndim == 2 else ".mT"]
    if x.type.ndim is not None and axes.data == tuple(range(-1, -x.type.ndim - 1, -1)):
        return p.CALL, [(x, p.CALL), ".T"]
    return None


def _nth(t: Term) -> tuple[int, list[Piece]] | None:
    return (p.CALL, [(t.args[0], p.CALL), f"[{t.args[1].data}]"]) if t.args[1].op is ATTRIBUTE else None


def _dim(t: Term) -> tuple[int, list[Piece]] | None:
    d = t.args[0].data
    if t.args[0].op is not ATTRIBUTE:
        return None
    return (p.ADD if isinstance(d, DimExpr) else p.ATOM), [dims.show(d)]


def _lam(t: Term) -> tuple[int, list[Piece]]:
    first, types = t.args[1].data, t.args[2].data
    return p.CALL, [f"lam({', '.join(f'x{first + i}' for i in range(len(types)))}: ", (t.args[0], p.OPEN), ")"]


_SPECIAL: Mapping[str, Callable[[Term], tuple[int, list[Piece]] | None]] = {
    "index": _index, "expand_dims": _expand_dims, "take": _take, "transpose": _transpose, "nth": _nth, "dim": _dim, "lam": _lam}


def pieces(t: Term, precedence: int) -> list[Piece]:
    """One node: its text and its operands, in parentheses if it binds weaker than its place needs."""
    if not t.args:
        own, text = leaf(t)
        out: list[Piece] = [text]
    else:
        name, xs = t.op.name, operands(t)
        special = _SPECIAL.get(name)
        found = special(t) if special else None
        if found is None and name in BINARY and len(xs) > 1 and len(xs) == len(t.args) and reads_as_matmul(t):
            found = _joined(t.op, xs)
        if found is None and name in _PREFIX:
            found = p.NEGATE, [_PREFIX[name], (t.args[0], p.POWER)]
        own, out = found or _call(name, t)
    return ["(", *out, ")"] if own < precedence else out


def name_shared(roots: Sequence[Term], shown: set[Term]) -> dict[Term, str]:
    """Names for the compound terms that occur more than once, in the order they must be defined."""
    order = [t for t in toposort(*roots) if t in shown]
    count = users(order, roots)
    taken = {leaf(t)[1] for t in order if t.op in (INPUT, LVAR, BOUND)}
    names: dict[Term, str] = {}
    k = 0
    for t in order:
        if t.args and count.get(t, 0) > 1:
            k += 1
            while f"t{k}" in taken:
                k += 1
            names[t] = f"t{k}"
    return names


def infix(roots: Sequence[Term], limit: int | None, types: bool) -> tuple[str, int, int]:
    """One line a term, after one for each subterm that got a name; with the number of nodes shown and of all."""
    shown, total = nearest(roots, limit)
    names = name_shared(roots, shown) if occurrences(roots, INFIX_NODES + 1) > INFIX_NODES else {}

    def text(t: Term) -> str:
        def named(x: Term, precedence: int) -> list[Piece]:
            return [names[x]] if x in names and x is not t else pieces(x, precedence)
        return write(t, named, lambda x, new: x in shown or x.op is ATTRIBUTE) + (type_text(t) if types else "")

    lines = [f"{name} = {text(t)}" for t, name in names.items()]
    lines += [names[t] if t in names else text(t) for t in roots]
    return "\n".join(lines), len(shown), total


def short(t: Term, width: int = 80) -> str:
    """At most about ``width`` characters: the outermost operations, ``…`` for what is deeper."""
    room = [width]

    def fits(t: Term, new: list[Any]) -> bool:
        needed = sum(len(x) if isinstance(x, str) else 1 for x in new) - 1
        if needed > room[0]:
            return False
        room[0] -= needed
        return True
    return write(t, pieces, fits)
