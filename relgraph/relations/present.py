"""The normal form read backwards: subtraction, division and binary nodes, the form people read and linkers compile."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..terms import dims
from ..terms.elementwise import assume_, astype_
from ..terms.structure import broadcast_
from ..terms.term import CONST, Op, Term, const, make, toposort
from ..terms.type import UNKNOWN, promote
from .algebra import GroupOf, algebra
from .chains import linked, links
from .constants import conform, constant_of, finite_number, is_number, number_of
from .powers_met import meetings, repeated, whole_power

__all__ = ["present", "present_exact", "read_alone", "rearranged"]


def present(roots: Sequence[Term], *, keep_assumptions: bool = False) -> list[Term]:
    """Terms in normal form as ordinary terms; ``canonical(present(t)) is t`` (assumptions aside)."""
    a = algebra()
    done: dict[Term, Term] = {}
    order = toposort(*roots)
    inside = links(order, roots)
    special = a.special
    for t in order:
        if not t.args:
            done[t] = t
            continue
        op, operands = t.op, t.args
        if op in special:
            if t in inside:
                continue
            shown = _shown(t, done)
            if shown is not None:
                if shown.type is not t.type:
                    shown = conform(shown, t.type)
                if shown.origin is None and shown.args:
                    shown.origin = t.origin
                done[t] = shown
                continue
            if op in a.associative:
                operands = linked(t)
        elif op is assume_ and not keep_assumptions:
            done[t] = done[operands[0]]
            continue
        args = tuple([done[x] for x in operands])
        done[t] = shown = make(op, args, t.origin) if op.binder is None else t if args == operands else op.binder(t, args)
        if shown.origin is None:
            shown.origin = t.origin
    return [done[r] for r in roots]


def _shown(t: Term, done: dict[Term, Term]) -> Term | None:
    """A node of a group, read; None for one that is read as it stands."""
    a = algebra()
    op, dtype = t.op, t.type.dtype
    g = a.groups.get(op)
    if g is not None:
        if dtype is not None and dtype.kind in g.kinds:
            return _sum(t, g, done) if g.sign is None else _product(t.args, g, done, t.type)
        return _left([done[x] for x in _cheap_first(t.args)], op) if len(t.args) > 2 else None
    g = a.inverses.get(op)
    if g is None:
        return None
    if g.sign is not None and dtype is not None:
        return _product((t,), g, done, t.type)
    u = _signed_product(t)
    return None if u is None else _product(*u, done, t.type)


def read_alone(products: Sequence[Term]) -> list[Term]:
    """Products as they are read, over operands in normal form."""
    shown = [_product(t.args, algebra().groups[t.op], {}, t.type) for t in products]
    return [x if x.type is t.type else conform(x, t.type) for x, t in zip(shown, products, strict=True)]


def rearranged(t: Term) -> bool:
    """Is a product read otherwise than from left to right: with divisors, powers that meet, or constants that stand apart?"""
    g = algebra().groups.get(t.op)
    if g is None or g.sign is None or t.type.dtype is None or t.type.dtype.kind not in g.kinds:
        return False
    return any([x.op is g.inverse or whole_power(x) for x in t.args]) or len([x for x in t.args if _constant(x)]) > 1


def present_exact(roots: Sequence[Term], *, keep_assumptions: bool = False) -> list[Term]:
    """Terms of the exact form with their subtractions: ``x + (-y)`` of one dtype is ``x - y`` in every bit."""
    a = algebra()
    sums = {g.op: g for g in a.groups.values() if g.sign is None}
    done: dict[Term, Term] = {}
    order = toposort(*roots)
    inside = links(order, roots)
    for t in order:
        if not t.args:
            done[t] = t
            continue
        if t in inside:
            continue
        if t.op is assume_ and not keep_assumptions:
            done[t] = done[t.args[0]]
            continue
        op, operands = t.op, linked(t) if t.op in a.associative else t.args
        g = sums.get(op)
        if g is not None and t.ground:
            x, y = operands if operands[1].op is g.inverse else operands[::-1]
            if x.op is g.inverse is y.op and x.args[0].op is CONST:
                x, y = y, x  # -x - 3 of integers without a sign; -3 of a number 3 is folded where it is met
            c = finite_number(y) if y.op is CONST and y.type.dtype.kind == "f" else None
            if x.type.dtype is y.type.dtype and (y.op is g.inverse or (c is not None and c < 0)):
                op, operands = g.difference, (x, y.args[0] if c is None else const(-y.data, y.type.dtype))
        args = tuple([done.get(x, x) for x in operands])
        if op is t.op and operands is t.args and all(x is y for x, y in zip(args, t.args, strict=True)):
            done[t] = t
            continue
        done[t] = op.binder(t, args) if op.binder is not None else make(op, args, t.origin)
    return [done[r] for r in roots]


def _signed_product(t: Term) -> tuple[tuple[Term, ...], GroupOf] | None:
    """The operands, and the group, of ``-(2*x)`` with the sign in the number, as it is read: ``-2*x``."""
    x = t.args[0]
    g = algebra().groups.get(x.op)
    if g is None or g.sign is not t.op or t.type is UNKNOWN or t.type.dtype.kind not in g.kinds:
        return None
    c = finite_number(x.args[0])
    return ((_number(-c, x.args[0].type), *x.args[1:]), g) if c else None


def _left(operands: list[Term], op: Op) -> Term:
    out = operands[0]
    for x in operands[1:]:
        out = make(op, (out, x))
    return out


def _size(t: Term) -> tuple[int, int]:
    """How many axes and elements, for putting small operands first; symbolic sizes count as large."""
    if t.type is UNKNOWN:
        return 0, 0
    n = dims.product(t.type.shape)
    return t.type.ndim, n if isinstance(n, int) else 1 << 40


def _cheap_first(operands: Sequence[Term]) -> Sequence[Term]:
    """Operands of fewer axes and elements first, otherwise in their order: scalars meet before they are broadcast."""
    if len(operands) < 2:
        return operands
    first, *others = [x.type for x in operands]
    rest = {*others}
    if len(rest) == 1 and (first in rest or (first is not UNKNOWN and first.ndim == 0 and UNKNOWN not in rest)):
        return operands  # all alike, or a number before them
    if rest <= {UNKNOWN, first}:
        return operands
    return sorted(operands, key=_size)


def _uncast(acc: Term, x: Term, dtype: Any) -> Term:
    """An operand without a cast that promotion does anyway."""
    if acc.type is not UNKNOWN and acc.type.dtype is dtype \
            and x.args[0].type is not UNKNOWN and promote(dtype, x.args[0].type.dtype) is dtype:
        return x.args[0]
    return x


def _sum(t: Term, g: GroupOf, done: dict[Term, Term]) -> Term:
    """``a + b - c``: what is added first, then what is subtracted."""
    plus: list[Term] = []
    minus: list[Term] = []
    for x in t.args:
        if x.op is g.inverse:
            minus.append(x.args[0])
        elif x.op is CONST and (c := finite_number(x)) is not None and c < 0:
            minus.append(_number(-c, x.type))
        else:
            plus.append(x)
    dtype = t.type.dtype
    if not plus:
        return make(g.inverse, (_chain(g.op, None, _cheap_first(minus), done, dtype),))
    last = _number_last(plus, minus)
    shown = _chain(g.op, None, _numbers_apart(_cheap_first(plus)), done, dtype)
    shown = _chain(g.difference, shown, _cheap_first(minus), done, dtype) if minus else shown
    return shown if last is None else _chain(g.op if last[0] > 0 else g.difference, shown, [last[1]], done, dtype)


def _number_last(plus: list[Term], minus: list[Term]) -> tuple[int, Term] | None:
    """Takes the only number out of a sum and a difference of others, to be added last: it survives where these are equal."""
    numbers = [(s, x) for s, side in ((1, plus), (-1, minus)) for x in side if x.op is CONST and is_number(x)]
    if len(numbers) != 1 or len(plus) < 2 - (numbers[0][0] < 0) or len(minus) < 2 - (numbers[0][0] > 0):
        return None
    s, x = numbers[0]
    (plus if s > 0 else minus).remove(x)
    return s, x


def _numbers_apart(operands: Sequence[Term]) -> Sequence[Term]:
    """Of several constants all but the first after everything else.

    Numbers stand here since together they are no float, and beside an array since rules look for numbers: where a product of
    two constants is a part of two terms it would be folded.
    """
    numbers = [x for x in operands if _constant(x)] if len(operands) > 2 else ()
    if len(numbers) < 2:
        return operands
    return [numbers[0], *[x for x in operands if x not in numbers], *numbers[1:]]


def _constant(x: Term) -> bool:
    return x.op is CONST or (x.op is broadcast_ and x.args[0].op is CONST)


def _chain(op: Op, acc: Term | None, operands: Sequence[Term], done: dict[Term, Term], dtype: Any) -> Term:
    for x in operands:
        y = done.get(x, x)
        acc = y if acc is None else make(op, (acc, y if y.op is not astype_ else _uncast(acc, y, dtype)))
    assert acc is not None
    return acc


def _product(operands: Sequence[Term], g: GroupOf, done: dict[Term, Term], type_: Any) -> Term:
    """``p*x*y/q/z``: a constant as a ratio of small integers where that is what it is."""
    up: list[Term] = []
    down: list[Term] = []
    for x in operands:
        if x.op is g.inverse:
            down.append(x.args[0])
        elif is_number(x) and (ratio := _ratio(x)) is not None:
            p, q = ratio
            if p != 1:
                up.insert(0, _number(p, x.type))
            down.insert(0, _number(q, x.type))
        else:
            up.append(x)
    if up and len(up) + len(down) > 1:
        up, down = _powers_met(up, down, g, done, type_)
    if not up:
        if len(down) == 1:
            return make(g.inverse, (done.get(down[0], down[0]),)) if type_ is UNKNOWN else \
                make(g.difference, (_number(1, type_), done.get(down[0], down[0])))
        up = [_number(1, type_)]
    again: list[Term] = []
    if down and (not all(map(is_number, up)) or len([y for y in down if whole_power(y)]) > 1):
        again, down = repeated(down)
    up, down = [*_numbers_apart(_cheap_first(up))], sorted(_cheap_first(down), key=lambda y: y not in up)
    last = [up.pop()] if again and len([x for x in up if not is_number(x)]) > 1 else []
    late: list[Term] = []
    if (again or down) and not last and all(map(_constant, up)) and (len(up) > 1 or finite_number(up[0]) is None):
        late, down = up[1:], sorted(down, key=is_number)  # an array over a number is folded as well
    shown = _chain(g.op, None, up[:1] if late else up, done, type_.dtype)
    for y in again:
        shown = _chain(g.op, _chain(g.difference, shown, [y], done, type_.dtype), last, done, type_.dtype)
        last = []
    return _chain(g.op, _chain(g.difference, shown, down, done, type_.dtype), late, done, type_.dtype)


def _powers_met(up: list[Term], down: list[Term], g: GroupOf, done: dict[Term, Term],
                type_: Any) -> tuple[list[Term], list[Term]]:
    """``x**n * y**n`` as ``(x*y)**n`` and ``x**n / y**m``, if m is no less, as ``(x/y)**n / y**(m - n)``.

    A power of a large or small number is no float, where that of the product or quotient is one.
    """
    left: dict[Term, list[Term]] = {}
    for met in meetings(up, down, type_):
        some = met.up
        base = _chain(g.op, None, _cheap_first([x.args[0] for x in some]), done, some[0].type.dtype)
        base = _chain(g.difference, base, [y.args[0] for y in met.down], done, some[0].type.dtype)
        e = some[0].args[1]
        at = up.index(some[0])
        up = [x for x in up if x not in some]
        # Apart, as (x/y)*(x/y)/y: a rule about squares of y would see another term in (x/y)**2/y.
        up[at:at] = [base] * met.n if met.higher else [make(some[0].op, (base, done.get(e, e)))]
        left |= {y: [] for y in met.down}
        for y, m in met.higher:
            k = constant_of(m - met.n, y.args[1].type)
            assert k is not None
            left[y] = [y.args[0] if m - met.n == 1 else make(y.op, (y.args[0], k))]
    return up, [z for y in down for z in left.get(y, [y])]


def _number(value: Fraction | int, type_: Any) -> Term:
    return const(np.asarray(float(value) if type_.dtype.kind in "fc" else int(value)).astype(type_.dtype), type_.dtype)


def _ratio(x: Term) -> tuple[int, int] | None:
    """(p, q) for a constant that is p/q rounded, with small p and q, and no short decimal."""
    v = number_of(x)
    if not isinstance(v, float) or not np.isfinite(v) or v == int(v) or len(repr(v)) <= 6:
        return None
    f = Fraction(v).limit_denominator(1000)
    if f.numerator == 0 or abs(f.numerator) > 1000 or np.asarray(float(f)).astype(x.type.dtype) != x.data:
        return None
    return f.numerator, f.denominator
