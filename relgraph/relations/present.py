"""The normal form read backwards: subtraction, division and binary nodes, the form people read and linkers compile."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..terms import dims
from ..terms.elementwise import assume_, astype_
from ..terms.term import Op, Term, const, make, toposort
from ..terms.type import UNKNOWN, promote
from .algebra import GroupOf, algebra
from .chains import linked, links
from .constants import conform, finite_number, is_number, number_of

__all__ = ["present", "present_exact"]


def present(roots: Sequence[Term], *, keep_assumptions: bool = False) -> list[Term]:
    """Terms in normal form as ordinary terms; ``canonical(present(t)) is t`` (assumptions aside)."""
    a = algebra()
    done: dict[Term, Term] = {}
    order = toposort(*roots)
    inside = links(order, roots)
    for t in order:
        if not t.args:
            done[t] = t
        elif t in inside:
            continue
        elif t.op is assume_ and not keep_assumptions:
            done[t] = done[t.args[0]]
        elif t.op in a.groups and t.type.dtype is not None and t.type.dtype.kind in a.groups[t.op].kinds:
            g = a.groups[t.op]
            shown = _sum(t, g, done) if g.sign is None else _product(t.args, g, done, t.type)
            done[t] = conform(shown, t.type)
        elif t.op in a.groups and len(t.args) > 2:
            done[t] = _left([done[x] for x in _cheap_first(t.args)], t.op)
        elif t.op in a.inverses and (g := a.inverses[t.op]).sign is not None and t.type.dtype is not None:
            done[t] = conform(_product((t,), g, done, t.type), t.type)
        elif t.op in a.inverses and (u := _signed_product(t)) is not None:
            done[t] = conform(_product(*u, done, t.type), t.type)
        else:
            operands = linked(t) if t.op in a.associative else t.args
            args = tuple([done[x] for x in operands])
            if operands is t.args and all(x is y for x, y in zip(args, t.args, strict=True)):
                done[t] = t
                continue
            done[t] = t.op.binder(t, args) if t.op.binder is not None else make(t.op, args, t.origin)
        if done[t].origin is None and done[t].args:
            done[t].origin = t.origin
    return [done[r] for r in roots]


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
            if y.op is g.inverse and x.type.dtype is y.type.dtype:
                op, operands = g.difference, (x, y.args[0])
        args = tuple([done[x] for x in operands])
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


def _volume(t: Term) -> Any:
    """How many elements, for putting small operands first; symbolic sizes count as large."""
    n = dims.product(t.type.shape)
    return n if isinstance(n, int) else 1 << 40


def _cheap_first(operands: Sequence[Term]) -> list[Term]:
    """Operands of fewer axes and elements first, otherwise in their order: scalars meet before they are broadcast."""
    if all(x.type is UNKNOWN or x.type is operands[0].type for x in operands):
        return list(operands)
    return sorted(operands, key=lambda x: (x.type.ndim, _volume(x)) if x.type is not UNKNOWN else (0, 0))


def _uncast(op: Op, acc: Term | None, x: Term, dtype: Any) -> Term:
    """An operand without a cast that promotion does anyway."""
    if x.op is astype_ and acc is not None and acc.type is not UNKNOWN and acc.type.dtype is dtype \
            and x.args[0].type is not UNKNOWN and promote(dtype, x.args[0].type.dtype) is dtype:
        return x.args[0]
    return x


def _sum(t: Term, g: GroupOf, done: dict[Term, Term]) -> Term:
    """``a + b - c``: what is added first, then what is subtracted."""
    plus: list[Term] = []
    minus: list[Term] = []
    for x in t.args:
        c = finite_number(x) if is_number(x) else None
        if x.op is g.inverse:
            minus.append(x.args[0])
        elif c is not None and c < 0:
            minus.append(_number(-c, x.type))
        else:
            plus.append(x)
    plus, minus = _cheap_first(plus), _cheap_first(minus)
    if not plus:
        return make(g.inverse, (_chain(g.op, None, minus, done, t.type.dtype),))
    return _chain(g.difference, _chain(g.op, None, plus, done, t.type.dtype), minus, done, t.type.dtype)


def _chain(op: Op, acc: Term | None, operands: Sequence[Term], done: dict[Term, Term], dtype: Any) -> Term:
    for x in operands:
        y = done.get(x, x)
        acc = y if acc is None else make(op, (acc, _uncast(op, acc, y, dtype)))
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
    up, down = _cheap_first(up), _cheap_first(down)
    if not up:
        if len(down) == 1:
            return make(g.inverse, (done.get(down[0], down[0]),)) if type_ is UNKNOWN else \
                make(g.difference, (_number(1, type_), done.get(down[0], down[0])))
        up = [_number(1, type_)]
    return _chain(g.difference, _chain(g.op, None, up, done, type_.dtype), down, done, type_.dtype)


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
