"""Terms as LaTeX mathematics."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ..term import ATTRIBUTE, BOUND, CONST, INPUT, LVAR, Term
from ..type import ATTR, UNKNOWN
from . import precedence as p
from .indices import subscript
from .infix import name_shared, reads_as_matmul
from .infix import pieces as infix_pieces
from .parts import INFIX_NODES, Piece, describe, leaf, nearest, occurrences, operands, write

__all__ = ["latex"]

_GREEK = frozenset("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
                   "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split())
_SIGN: Mapping[str, tuple[str, int]] = {
    "add": (" + ", p.ADD), "subtract": (" - ", p.ADD), "multiply": (r" \, ", p.MULTIPLY), "remainder": (r" \bmod ", p.MULTIPLY),
    "matmul": (r" \, ", p.MULTIPLY), "matvec": (r" \, ", p.MULTIPLY), "vecmat": (r" \, ", p.MULTIPLY),
    "vecdot": (r" \cdot ", p.MULTIPLY),
    "equal": (" = ", p.COMPARE), "not_equal": (r" \neq ", p.COMPARE), "less": (" < ", p.COMPARE),
    "less_equal": (r" \leq ", p.COMPARE),
    "greater": (" > ", p.COMPARE), "greater_equal": (r" \geq ", p.COMPARE),
    "logical_and": (r" \wedge ", p.AND), "bitwise_and": (r" \wedge ", p.AND),
    "logical_or": (r" \vee ", p.OR), "bitwise_or": (r" \vee ", p.OR)}
_FUNCTION = frozenset("exp log sin cos tan sinh cosh tanh arctan max min det".split())  # LaTeX has a command
_ENCLOSED: Mapping[str, tuple[str, str]] = {
    "sqrt": (r"\sqrt{", "}"), "abs": (r"\left|", r"\right|"), "floor": (r"\left\lfloor ", r"\right\rfloor"),
    "ceil": (r"\left\lceil ", r"\right\rceil"), "conj": (r"\overline{", "}"), "reciprocal": (r"\frac{1}{", "}")}
_AFTER: Mapping[str, str] = {"inv": "^{-1}", "square": "^{2}"}
_BEFORE: Mapping[str, str] = {"negative": "-", "logical_not": r"\neg "}
_BIG: Mapping[str, str] = {"sum": r"\sum", "prod": r"\prod"}


def name(text: str) -> str:
    """A name: ``alpha_1`` is a Greek letter with a subscript, a word is set upright."""
    head, *rest = [part for part in re.split(r"_|(?<=\D)(?=\d+$)", text) if part] or [text]
    safe = re.sub(r"([#$%&{}_~^\\])", r"\\\1", head)
    out = f"\\{head}" if head in _GREEK else safe if len(safe) == 1 else f"\\mathrm{{{safe}}}"
    return out + (f"_{{{','.join(rest)}}}" if rest else "")


def _leaf(t: Term) -> tuple[int, str]:
    own, text = leaf(t)
    if t.op in (INPUT, LVAR):
        return own, name(text)
    if t.op is BOUND:
        return own, f"x_{{{t.data}}}"
    mantissa, e, exponent = text.partition("e")
    if e and re.fullmatch(r"-?[\d.]+", mantissa) and re.fullmatch(r"[+-]?\d+", exponent):
        return p.MULTIPLY, rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    text = text.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}").replace("…", r"\ldots")
    return (p.ADD if text.startswith("-") else own), text


def _attribute(a: Term) -> str:
    """An attribute that is not known yet: a variable, or a function of variables."""
    out, _, _ = latex([a], None, False)
    return out


def _axis(t: Term) -> str:
    shown = [a.replace("_", r"\_") if isinstance(a, str) else _attribute(a) for _, a in describe(t)]
    return f"_{{{', '.join(shown)}}}" if shown else ""


def _where(t: Term) -> tuple[int, list[Piece]]:
    c, a, b = t.args
    return p.ATOM, [r"\begin{cases} ", (a, p.OPEN), r" & ", (c, p.OPEN), r" \\ ", (b, p.OPEN),
                    r" & \text{otherwise} \end{cases}"]


def _power(t: Term) -> tuple[int, list[Piece]]:
    return p.POWER, [(t.args[0], p.ATOM), "^{", (t.args[1], p.OPEN), "}"]


def _divide(t: Term) -> tuple[int, list[Piece]]:
    return p.CALL, [r"\frac{", (t.args[0], p.OPEN), "}{", (t.args[1], p.OPEN), "}"]


def _floor_divide(t: Term) -> tuple[int, list[Piece]]:
    return p.CALL, [r"\left\lfloor \frac{", (t.args[0], p.OPEN), "}{", (t.args[1], p.OPEN), r"} \right\rfloor"]


def _index(t: Term) -> tuple[int, list[Piece]] | None:
    if t.args[1].op is not ATTRIBUTE:
        return None
    return p.CALL, [(t.args[0], p.ATOM), f"_{{{subscript(t.args[1].data, t.args[0].type.shape)}}}"]


def _transpose(t: Term) -> tuple[int, list[Piece]] | None:
    x, axes = t.args
    if axes.data == (-1, -2):
        return p.POWER, [(x, p.ATOM), r"^{\top}"]
    return None


def _take(t: Term) -> tuple[int, list[Piece]] | None:
    x, i, axis = t.args
    if axis.op is not ATTRIBUTE or x.type.ndim is None:
        return None
    return p.CALL, [(x, p.ATOM), "_{" + ":, " * (x.type.ndim + axis.data[0]), (i, p.OPEN), "}"]


def _lam(t: Term) -> tuple[int, list[Piece]]:
    first, types = t.args[1].data, t.args[2].data
    return p.OPEN, [rf"\lambda {', '.join(f'x_{{{first + i}}}' for i in range(len(types)))} .\; ", (t.args[0], p.OPEN)]


def _expand_dims(t: Term) -> tuple[int, list[Piece]] | None:
    found = infix_pieces(t, p.OPEN)
    return (p.CALL, [(t.args[0], p.ATOM), f"_{{{str(found[1])[1:-1]}}}"]) if len(found) == 2 else None


def _nth(t: Term) -> tuple[int, list[Piece]] | None:
    return (p.CALL, [(t.args[0], p.ATOM), f"_{{[{t.args[1].data}]}}"]) if t.args[1].op is ATTRIBUTE else None


_SPECIAL: Mapping[str, Callable[[Term], tuple[int, list[Piece]] | None]] = {
    "where": _where, "power": _power, "divide": _divide, "floor_divide": _floor_divide, "index": _index, "take": _take,
    "transpose": _transpose, "expand_dims": _expand_dims, "lam": _lam, "nth": _nth}


def _node(t: Term) -> tuple[int, list[Piece]]:
    op = t.op.name
    xs = list(operands(t))
    special = _SPECIAL.get(op)
    found = special(t) if special else None
    if found is not None:
        return found
    if op in _SIGN and len(xs) > 1 and reads_as_matmul(t):
        sign, own = _SIGN[op]
        out: list[Piece] = [(xs[0], own)]
        inner = p.NEGATE + 1 if own >= p.MULTIPLY else own + 1  # x \, -y would be a difference
        for x in xs[1:]:
            out += [r" \cdot " if x.op is CONST and own == p.MULTIPLY else sign, (x, inner)]
        return own, out
    if op in _ENCLOSED:
        left, right = _ENCLOSED[op]
        return (p.POWER if op == "reciprocal" else p.ATOM), [left, (xs[0], p.OPEN), right]
    if op in _AFTER:
        return p.POWER, [(xs[0], p.ATOM), _AFTER[op]]
    if op in _BEFORE:
        return p.NEGATE, [_BEFORE[op], (xs[0], p.POWER)]
    if op in _BIG:
        return p.MULTIPLY, [_BIG[op] + _axis(t) + " ", (xs[0], p.NEGATE + 1 if xs[0].op.name in _BEFORE else p.MULTIPLY)]
    if op == "dim":
        return p.ADD, infix_pieces(t, p.OPEN)
    head = f"\\{op}" if op in _FUNCTION else r"\operatorname{" + op.replace("_", r"\_") + "}"
    out = [head + _axis(t), r"\left("]
    for i, x in enumerate(xs):
        out += [", "] * (i > 0) + [(x, p.OPEN)]
    return p.CALL, [*out, r"\right)"]


def _pieces(t: Term, precedence: int) -> list[Piece]:
    if t.type is ATTR and t.op is not LVAR and t.op.kind != "attribute_function":
        return infix_pieces(t, precedence)
    out: list[Piece]
    if t.args:
        own, out = _node(t)
    else:
        own, text = _leaf(t)
        out = [text]
    return [r"\left(", *out, r"\right)"] if own < precedence else out


def latex(roots: Sequence[Term], limit: int | None, types: bool) -> tuple[str, int, int]:
    """Mathematics without dollar signs, a line for each term and each named subterm; with the numbers of nodes."""
    shown, total = nearest(roots, limit)
    names = name_shared(roots, shown) if occurrences(roots, INFIX_NODES + 1) > INFIX_NODES else {}

    def text(t: Term) -> str:
        def named(x: Term, precedence: int) -> list[Piece]:
            return [name(names[x])] if x in names and x is not t else _pieces(x, precedence)
        typed = types and t.type is not UNKNOWN and t.type is not ATTR
        suffix = r" \quad \text{" + repr(t.type).replace("_", r"\_") + "}" if typed else ""
        return write(t, named, lambda x, new: x in shown or x.op is ATTRIBUTE).replace("…", r"\ldots") + suffix

    lines = [f"{name(short)} &= {text(t)}" for t, short in names.items()]
    lines += [("& " if lines else "") + (name(names[t]) if t in names else text(t)) for t in roots]
    if len(lines) == 1:
        return lines[0], len(shown), total
    return r"\begin{aligned}" + " \\\\\n".join(lines) + r"\end{aligned}", len(shown), total
