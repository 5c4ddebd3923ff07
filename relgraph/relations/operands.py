"""What generated matchers call on flat nodes: views of operands, what is left, signs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import numpy as np

from ..errors import RelgraphError
from ..terms.elementwise import assume_
from ..terms.term import CONST, LVAR, Op, Term, const, make, toposort, weak
from ..terms.type import STATIC, UNKNOWN, Type
from .algebra import algebra
from .constants import cast, conform, finite_number, is_number, number_of
from .groups import WIDE, inverse
from .order import sort_key
from .signs import negative_looking

__all__ = ["coefficient", "coefficients", "exponent", "invert", "join", "left_over", "may_be", "may_hold_inverse", "pairs",
           "repeated", "repeats", "repetitions", "see", "signed_operands", "taken", "visible_inverse"]

Operands = Sequence[Term]
Entry = tuple[int, Term]
_TRIED = 8
_NUMBERS = {bool: "b", int: "iufc", float: "fc", complex: "c"}
_SAMPLES = {k: np.dtype(n) for k, n in zip("biufc", ("bool", "int8", "uint8", "float32", "complex64"), strict=True)}


def see(t: Term) -> Term:
    """What an assumption is about; matchers see through it."""
    while t.op is assume_:
        t = t.args[0]
    return t


def may_be(t: Term, kinds: str) -> bool:
    """Whether a part of a pattern, which has no type yet, is of these kinds whatever its variables are."""
    if t.op is CONST:  # takes the dtype of its surroundings
        return not set(_NUMBERS.get(type(t.data), "biufc")).isdisjoint(kinds)
    found = _kinds(t)
    if found is None:
        return not set(kinds) <= set("biu") or not _has_literal(t)  # a number that is not known yet may be no integer
    return found <= set(kinds)


@lru_cache(4096)
def _has_literal(t: Term) -> bool:
    return any(v.op is LVAR and v.data[1] == "literal" for v in toposort(t))


@lru_cache(4096)
def _kinds(t: Term) -> frozenset[str] | None:
    """The kinds that a pattern, which is small, can have; None: not known."""
    if t.op is LVAR:
        return frozenset(t.data[2]) if t.data[1] == "term" else None
    if t.type is not UNKNOWN:
        return None if getattr(t.type, "dtype", None) is None else frozenset(t.type.dtype.kind)
    if t.op is CONST:
        return frozenset("b" if isinstance(t.data, bool) else "f" if isinstance(t.data, float) else "i")
    if t.op.kind == "attribute_function":
        return None
    n = len(t.args) - len(t.op.attrs)
    parts, stated = [_kinds(a) for a in t.args[:n]], t.args[n:]
    cast = t.op.kind == "elementwise" and t.op.infer is not None  # then no column says the dtype: of astype an attribute does
    if not parts or None in parts or t.op.dtype is None or (cast and not all(a.ground for a in stated)):
        return None
    out = set()
    for chosen in product(*[p for p in parts if p is not None]):
        try:
            samples = [_SAMPLES[k] for k in chosen]
            found = t.op.infer(STATIC, *[Type(d, ()) for d in samples], *[a.data for a in stated]).dtype \
                if cast and t.op.infer is not None else t.op.dtype(*samples)
            out.update(d.kind for d in (found if isinstance(found, tuple) else (found,)))
        except RelgraphError:
            continue
    return frozenset(out) or None


def left_over(operands: Operands, used: tuple[int, ...]) -> list[Term]:
    """The operands that no part of the pattern took."""
    return [x for i, x in enumerate(operands) if i not in used]


def join(op: Op, operands: list[Term], negate: bool = False) -> Term:
    """One term for operands of a flat node, which are canonical and sorted."""
    t = operands[0] if len(operands) == 1 else make(op, tuple(operands))
    if negate:
        if t.type is not UNKNOWN and t.type.dtype.kind == "b":  # beside a number, in a form that casts no operands
            t = cast(t, Type(np.dtype("int64"), t.type.shape))
        sign = algebra().groups[op].sign
        assert sign is not None
        t = inverse(algebra().inverses[sign], t, t.type)
    return t


def signed_operands(t: Term, op: Op) -> tuple[Operands, bool] | None:
    """The operands of a flat product, and whether a sign stands outside it."""
    if t.op is op:
        return t.args, False
    if t.op is algebra().groups[op].sign and t.args[0].op is op:
        return t.args[0].args, True
    return None


def taken(operands: Operands, value: Term, op: Op, used: tuple[int, ...]) -> tuple[int, ...] | None:
    """Take a known value (all operands of it, if it is flat itself) out of the operands; None if it is not there."""
    for wanted in value.args if value.op is op else (value,):
        first, key = 0, None
        if len(operands) > WIDE:  # sorted by key: a product of 100,000 operands is searched once for each of them
            key = sort_key(wanted)
            first = bisect_left(operands, key, key=sort_key)
        for i in range(first, len(operands)):
            x = operands[i]
            if (x is wanted or (x.op is assume_ and see(x) is wanted)) and i not in used:
                used = (*used, i)
                break
            if key is not None and x.key != key:
                return None
        else:
            return None
    return used


def may_hold_inverse(operands: Operands, x: Term, inv: Op) -> bool:
    """False where no operand of a flat node can be the inverse of x, by their operators alone; building it takes longer."""
    a = algebra()
    g = a.inverses[inv]
    if x.op is CONST or x.op is g.op or x.op in a.inverses or x.op in a.powers or x.type is UNKNOWN:
        return True  # its inverse may be anything
    return any([y.op is inv or y.op is assume_ or y.op is CONST or y.op is g.sign for y in operands])


def repeated(operands: Operands, times: int, used: tuple[int, ...]) -> Iterator[tuple[Term, tuple[int, ...]]]:
    """Operands that occur at least so many times; equal ones stand side by side."""
    i, n = 0, len(operands)
    while i < n:
        j = i + 1
        while j < n and operands[j] is operands[i]:
            j += 1
        free = [k for k in range(i, j) if k not in used]
        if len(free) >= times:
            yield operands[i], used + tuple(free[:times])
        i = j


@lru_cache(1024)
def _typed_number(kind: type, value: Any, dtype: Any) -> Term:
    return const(value, dtype)


def _number(value: Any, like: Term) -> Term:
    if like.type is UNKNOWN:
        return weak(value)
    if like.type.dtype.kind in "iu":  # arithmetic of integers wraps: -1 times a uint8 is 255 times it
        info = np.iinfo(like.type.dtype)
        value = (int(value) - int(info.min)) % (1 << info.bits) + int(info.min)
    return _typed_number(type(value), value, like.type.dtype) if value else const(value, like.type.dtype)


def coefficient(t: Term, op: Op, visible: bool = False) -> tuple[Term, Term] | None:
    """``t`` as a number times a term: ``-2*x`` is (-2, x), ``x`` is (1, x), or None if visible; None for a number."""
    if t.op is CONST:
        return None
    g = algebra().groups[op]
    u, s = (t.args[0], -1) if t.op is g.sign else (t, 1)
    if u.op is op and is_number(u.args[0]):
        value = number_of(u.args[0])
        rest = u.args[1:]
        return _number(s * value, u), conform(rest[0] if len(rest) == 1 else make(op, rest), u.type)
    return None if visible and s == 1 else (_number(s, u), u)


def exponent(t: Term, op: Op, visible: bool = False) -> tuple[Term, Term] | None:
    """``t`` as a power: ``x**3`` is (x, 3), ``1/x`` is (x, -1), ``x`` is (x, 1), or None if visible; None for a number."""
    if t.op is CONST:
        return None
    g = algebra().powers[op]
    u, s = (t.args[0], -1) if t.op is g.inverse else (t, 1)
    if u.op is op and is_number(u.args[1]):
        return u.args[0], _number(s * number_of(u.args[1]), u.args[1])
    return None if visible and s == 1 else (u, _number(s, u))


def coefficients(operands: Operands, op: Op, view: str) -> dict[Term, list[tuple[int, Term]]]:
    """Operands by what they are a multiple (or a power) of, where there are several of one: linear in their number."""
    bases = _bases(operands, op)
    if len({*bases}) == len(bases):
        return {}
    places: dict[Term, list[int]] = {}
    for i, u in enumerate(bases):
        places.setdefault(u, []).append(i)
    look, which = (coefficient, 0) if view == "multiple" else (exponent, 1)
    return {u: [(i, found[which]) for i in at if (found := look(operands[i], op)) is not None]
            for u, at in places.items() if len(at) > 1 and u.op is not CONST}


def repeats(t: Term) -> bool:
    """Are two operands of a flat node multiples, or powers, of the same?  If not, no rule that collects applies."""
    return any([repetitions(t.args, op) for op in algebra().multiples[t.op]])


def repetitions(operands: Operands, op: Op) -> int:
    """How many operands are multiples, or powers, of the same as another before them."""
    bases = _bases(operands, op)
    return len(bases) - len({*bases})


def _bases(operands: Operands, op: Op) -> list[Term]:
    """What each operand is a multiple, or a power, of."""
    a = algebra()
    out: list[Term] = []
    if op in a.powers:
        inner = a.powers[op].inverse
        for x in operands:
            if x.op is inner:
                x = x.args[0]
            out.append(x.args[0] if x.op is op and is_number(x.args[1]) else x)
        return out
    inner = a.groups[op].sign
    for x in operands:
        if x.op is inner:
            x = x.args[0]
        if x.op is op and is_number(x.args[0]):
            rest = x.args[1:]
            x = conform(rest[0] if len(rest) == 1 else make(op, rest), x.type)
        out.append(x)
    return out


def pairs(entries: Sequence[Entry], used: tuple[int, ...] = ()) -> Iterator[tuple[Entry, Entry]]:
    """Two entries at a time, of the first few: guards may refuse some, and a wide node is merged by `collect` anyway."""
    return combinations([e for e in entries if e[0] not in used][:_TRIED], 2)


def invert(t: Term, inv: Op) -> Term:
    """The canonical inverse of a term; a bool, which has none, stays itself for the variable to refuse."""
    if t.type is not UNKNOWN and t.type.dtype.kind == "b":
        return t
    return inverse(algebra().inverses[inv], t, t.type)


def visible_inverse(t: Term, inv: Op) -> Term | None:
    """What a term is visibly the inverse of: ``-x``, a negative number, a sum that looks negative."""
    if t.op is inv:
        return t.args[0]
    g = algebra().inverses[inv]
    if g.sign is None:
        n = finite_number(t)
        if (n is not None and n < 0) or (t.op is g.op and negative_looking(t)):
            return inverse(g, t, t.type)
    return None

