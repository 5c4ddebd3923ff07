"""One canonical node of a group: its inverse through its own op, its operands flat, signed, sorted, constants folded.

Nothing is cancelled or collected here: ``x - x``, ``x / x``, ``x + x`` and ``0*x`` are relations with guards.  Equal inverses
alone are counted: ``1/y * 1/y`` is ``1/y**2``.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Any

from ..terms.elementwise import astype_, shared
from ..terms.term import CONST, Op, Term, const, make, weak
from ..terms.type import UNKNOWN
from .algebra import GroupOf, algebra
from .constants import cast, conform, constant_of, finite_number, number_of, same_number
from .order import sorted_operands
from .signs import negative_looking

__all__ = ["WIDE", "flat", "flipped", "inverse"]

WIDE = 8  # a flat node with more operands is taken apart only where it has one parent; otherwise it is marked `shared`


def _applies(g: GroupOf, type_: Any) -> bool:
    return type_ is UNKNOWN or type_.dtype.kind in g.kinds


def inverse(g: GroupOf, x: Term, type_: Any) -> Term:
    """``-x`` or ``1/x``, through its own op; a sign leaves the reciprocal."""
    x = cast(x, type_)
    if not _applies(g, type_):
        return make(g.inverse, (x,))
    c = finite_number(x)
    if c is not None and (g.sign is None or c):
        folded = constant_of(-c if g.sign is None else Fraction(1) / c, x.type)
        if folded is not None and (c or type_ is UNKNOWN or type_.dtype.kind not in "fc"):
            return folded
    if x.op is g.inverse:
        return x.args[0]
    if x.op is g.op:
        return flat(g, [(y, -1) for y in x.args], type_)
    if g.sign is not None:
        signs = algebra().inverses[g.sign]
        if x.op is g.sign:
            return inverse(signs, inverse(g, x.args[0], type_), type_)
        if x.op is signs.op and negative_looking(x):
            return make(g.sign, (make(g.inverse, (inverse(signs, x, x.type),)),))
    return make(g.inverse, (x,))


def flat(g: GroupOf, operands: list[tuple[Term, int]], type_: Any) -> Term:
    """The flat node of signed operands: one constant, units dropped, sorted, the sign of products outside."""
    dtype = type_.dtype  # None: not known yet
    if dtype is not None and dtype.kind not in g.kinds:
        return _plain(g, operands, type_)
    additive, inverse_op, unit = g.sign is None, g.inverse, g.unit
    total: Fraction | int = unit
    only: Term | None = None  # the one constant that there is
    negate = unbounded = False
    inverted = 0
    zero: Term | None = None  # -0.0, the unit of sums that even another -0.0 keeps
    out: list[Term] = []
    numbers: list[Fraction | int] = []
    stack = operands[::-1]
    a = algebra()
    signs, signed = None if additive else a.inverses[g.sign], a.signed  # type: ignore[index]
    while stack:
        x, s = stack.pop()
        if x.type.dtype is not dtype:
            x = cast(x, type_)
        op = x.op
        if op is g.op:
            if len(x.args) <= WIDE:
                stack.extend([(y, s) for y in reversed(x.args)])
                continue
            x = make(shared, (x,))
        elif op is inverse_op:
            stack.append((x.args[0], -s))
            continue
        elif op is CONST:
            c = finite_number(x)
            if c is not None and (s > 0 or additive or c):
                value = c if s > 0 else -c if additive else Fraction(1) / c
                only = x if s > 0 and total == unit and dtype is not None and x.type.dtype is dtype else None
                total = total + value if additive else total * value
                numbers.append(value)
                continue
            if c is None and number_of(x) == 0 and (additive or s > 0) and (dtype is None or dtype.kind == "f"):
                if additive and s > 0:
                    zero = x
                    continue
                numbers.append(0)
                if not additive:
                    total, only, negate = 0, None, not negate  # the sign of -0.0 leaves the product too
                continue
            unbounded = True
        elif signs is not None:
            if op is g.sign:
                negate = not negate
                stack.append((x.args[0], s))
                continue
            if op in signed and negative_looking(x):
                negate = not negate
                x = flipped(x, signs)
                if x.op is CONST:
                    stack.append((x, s))
                    continue
        if op is astype_ and x.args[0].op is CONST and x.args[0].type is not UNKNOWN:
            stack.append((cast(x.args[0], x.type), s))  # as what promotion casts is folded
            continue
        if s < 0:
            inverted += signs is not None
            x = make(inverse_op, (x,))
        out.append(x)
    if signs is not None and total < 0:
        total, negate, only = -total, not negate, None
    if inverted > 1:
        out = _inverses_met(out, g)
    if zero is not None and not out and not numbers:
        out.append(zero)
    elif total != unit or not out:
        if only is None:
            c = constant_of(total, type_)
            if c is None:  # no float: the numbers stay apart
                out += [_kept(v if additive else abs(v), g, type_) for v in numbers]
            elif not out or not same_number(c, unit):
                out.append(c)
        else:
            out.append(only)
    if unbounded and signs is not None and len(out) > 1:
        for i, x in enumerate(out):
            if x.op is CONST and number_of(x) == -inf:  # its sign leaves the product too
                out[i], negate = weak(inf) if x.type is UNKNOWN else const(inf, x.type.dtype), not negate
    result = out[0] if len(out) == 1 else make(g.op, tuple(sorted_operands(out)))
    if negate and signs is not None:
        result = inverse(signs, result, result.type)
    return result if result.type is type_ else conform(result, type_)


def _inverses_met(operands: list[Term], g: GroupOf) -> list[Term]:
    """Operands with ``1/y * 1/y`` as ``1/y**2``: what is divided by twice is one operand to rules, and is read as ``x/y/y``."""
    powers = algebra().powers
    power = next((op for op, h in powers.items() if h is g), None)
    if power is None:
        return operands
    total: dict[Term, Fraction | int] = {}
    out: list[Term] = []
    for x in operands:
        y = x.args[0] if x.op is g.inverse else None
        if y is None or y.op is CONST:
            out.append(x)
            continue
        n = finite_number(y.args[1]) if y.op in powers else None
        base, n = (y.args[0], n) if n is not None and n == int(n) else (y, 1)
        total[base] = total.get(base, 0) + n
    for base, n in total.items():
        e = constant_of(n, base.type)
        assert e is not None
        out.append(make(g.inverse, (base if n == 1 else make(power, (base, e)),)))
    return out


def _plain(g: GroupOf, operands: list[tuple[Term, int]], type_: Any) -> Term:
    """A node of a dtype in which the group has no inverse (bool; products of integers): ordered, otherwise as it was."""
    inverted = [s < 0 for _, s in operands]
    if any(inverted):
        return make(g.difference, tuple([x for x, _ in operands]))
    if type_.dtype.kind not in "iu" or g.sign is None:
        return _fold_left(g.op, sorted_operands([x for x, _ in operands]))
    out: list[Term] = []
    total, negate = 1, False
    stack = [x for x, _ in reversed(operands)]
    while stack:
        x = cast(stack.pop(), type_)
        if x.op is g.op and len(x.args) <= WIDE:
            stack.extend(reversed(x.args))
        elif x.op is g.sign:
            negate = not negate
            stack.append(x.args[0])
        elif (c := finite_number(x)) is not None:
            total *= int(c)
        else:
            out.append(make(shared, (x,)) if x.op is g.op else x)
    c = constant_of(-total if negate else total, type_)
    assert c is not None
    if type_.dtype.kind == "u":  # -1 is a large number here: the sign stays a sign
        c = constant_of(total, type_)
    else:
        lowest = -(1 << (8 * type_.dtype.itemsize - 1))  # has no opposite
        negate = lowest < number_of(c) < 0
        c = constant_of(abs(number_of(c)) if negate else number_of(c), type_)
    assert c is not None
    if not out or number_of(c) != 1:
        out.append(c)
    result = conform(out[0] if len(out) == 1 else make(g.op, tuple(sorted_operands(out))), type_)
    return inverse(algebra().inverses[g.sign], result, type_) if negate else result


def _fold_left(op: Op, operands: list[Term]) -> Term:
    out = operands[0]
    for x in operands[1:]:
        out = make(op, (out, x))
    return out


def _kept(value: Fraction | int, g: GroupOf, type_: Any) -> Term:
    """One of several numbers that are not folded; the reciprocal of the least ones is no float, and stays one."""
    c = constant_of(value, type_)
    if c is None:
        c = constant_of(Fraction(1) / value, type_)
        assert c is not None
        return make(g.inverse, (c,))
    return c


def flipped(t: Term, signs: GroupOf) -> Term:
    """A sum, or an odd power of one, with the other sign."""
    if t.op is signs.op:
        return inverse(signs, t, t.type)
    return make(t.op, (flipped(t.args[0], signs), t.args[1]))
