"""The normal form: group nodes flat, signed, sorted, constants folded.  Driven by the rows' laws alone.

`build` makes one canonical node from canonical operands; `canonical` runs it over a graph.  Nothing is cancelled or
collected here: ``x - x``, ``x / x``, ``x + x`` and ``0*x`` are relations with guards.  Flat nodes have any number of
operands and never leave the normaliser: `present` (present.py) reads the same laws backwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import copysign
from typing import Any

import numpy as np

from ..terms.elementwise import astype_, shared
from ..terms.structure import broadcast_to
from ..terms.term import CONST, Op, Term, attr, const, infer, make, weak
from ..terms.type import UNKNOWN
from .algebra import GroupOf, algebra
from .order import sort_key, sorted_operands

__all__ = ["WIDE", "build", "cast", "conform", "exact_build", "is_number", "negative_looking", "number_of", "same_number"]

WIDE = 8  # a flat node with more operands is taken apart only where it has one parent; otherwise it is marked `shared`


# -- constants --------------------------------------------------------------------------------------------------------------

def number_of(t: Term) -> Any:
    """The Python number a scalar constant holds, or None."""
    if t.op is not CONST:
        return None
    d = t.data
    if type(d) is np.ndarray:
        return d.item() if d.ndim == 0 else None
    return d


def same_number(t: Term, value: Any) -> bool:
    """Is a term a constant of this value, at any dtype and shape?"""
    if t.op is CONST:
        d = t.data
        if type(d) is not np.ndarray:
            return d == value
        if d.ndim == 0:
            return d.item() == value
        return bool(d.size) and bool((d == value).all())
    return t.op.name == "broadcast_to" and same_number(t.args[0], value)


def is_number(t: Term) -> bool:
    """Is a term a scalar constant?"""
    return t.op is CONST and (type(t.data) is not np.ndarray or t.data.ndim == 0)


def _finite(t: Term) -> Fraction | int | None:
    """A finite real scalar constant as an exact number, or None; -0.0 is not 0."""
    v = number_of(t)
    if v is None or isinstance(v, complex):
        return None
    if isinstance(v, float):
        return Fraction(v) if v - v == 0 and (v or copysign(1, v) > 0) else None
    return int(v)


def _constant(value: Fraction | int, type_: Any) -> Term | None:
    """The constant of a type's dtype, rounded once; None if it overflows."""
    if type_ is UNKNOWN:
        return weak(int(value) if value == int(value) else float(value))
    dtype = type_.dtype
    if dtype.kind in "iu":
        bits = 8 * dtype.itemsize
        wrapped = int(value) % (1 << bits)
        if dtype.kind == "i" and wrapped >= 1 << (bits - 1):
            wrapped -= 1 << bits
        return const(wrapped, dtype)
    try:
        rounded = np.asarray(float(value)).astype(dtype)
    except OverflowError:
        return None
    if not np.isfinite(rounded) or (value != 0 and rounded == 0):
        return None
    return const(rounded, dtype)


# -- types ------------------------------------------------------------------------------------------------------------------

def cast(t: Term, type_: Any) -> Term:
    """A term in the dtype of a type."""
    if type_ is UNKNOWN or t.type is UNKNOWN or t.type.dtype is type_.dtype:
        return t
    if t.op is CONST:
        with np.errstate(all="ignore"):
            return const(t.data.astype(type_.dtype), type_.dtype)
    return make(astype_, (t, attr(type_.dtype)))


def conform(t: Term, type_: Any) -> Term:
    """A term in the dtype and the shape of a type, where dropping an operand changed them."""
    if t.type is type_ or type_ is UNKNOWN or t.type is UNKNOWN:
        return t
    t = cast(t, type_)
    return t if t.type is type_ else broadcast_to(t, type_.shape)


# -- one node ---------------------------------------------------------------------------------------------------------------

def build(op: Op, args: tuple[Term, ...]) -> Term:
    """The canonical node of an op over canonical operands."""
    a = algebra()
    if op not in a.special:
        return make(op, args)
    if op in a.groups:
        return flat(a.groups[op], [(x, 1) for x in args], infer(op, args))
    if op in a.differences:
        return flat(a.differences[op], [(args[0], 1), (args[1], -1)], infer(op, args))
    if op in a.inverses:
        return inverse(a.inverses[op], args[0], infer(op, args))
    if op in a.powers:
        return power(op, a.powers[op], args, infer(op, args))
    if sort_key(args[0]) > sort_key(args[1]):
        args = (args[1], args[0])
    return make(op, args)


def exact_build(op: Op, args: tuple[Term, ...]) -> Term:
    """As `build`, keeping every bit: two operands ordered, ``x - y = x + (-y)``, ``-(-x) = x`` for addition only."""
    a = algebra()
    g = a.differences.get(op)
    if g is not None and g.sign is None and infer(op, args).dtype is not None and _same_dtype(op, args):
        return exact_build(g.op, (args[0], exact_build(g.inverse, (args[1],))))
    g = a.inverses.get(op)
    if g is not None and g.sign is None and args[0].op is op:
        return args[0].args[0]
    if (op in a.groups or op in a.commutative) and len(args) == 2 and sort_key(args[0]) > sort_key(args[1]):
        args = (args[1], args[0])
    return make(op, args)


def _same_dtype(op: Op, args: tuple[Term, ...]) -> bool:
    return args[0].type.dtype is args[1].type.dtype


def _applies(g: GroupOf, type_: Any) -> bool:
    return type_ is UNKNOWN or type_.dtype.kind in g.kinds


def inverse(g: GroupOf, x: Term, type_: Any) -> Term:
    """``-x`` or ``1/x``, through its own op; a sign leaves the reciprocal."""
    x = cast(x, type_)
    if not _applies(g, type_):
        return make(g.inverse, (x,))
    c = _finite(x)
    if c is not None and (g.sign is None or c):
        folded = _constant(-c if g.sign is None else Fraction(1) / c, x.type)
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


def flat(g: GroupOf, operands: Iterable[tuple[Term, int]], type_: Any) -> Term:
    """The flat node of signed operands: one constant, units dropped, sorted, the sign of products outside."""
    if not _applies(g, type_):
        return _plain(g, list(operands), type_)
    additive = g.sign is None
    total: Fraction | int = g.unit
    negate = False
    out: list[Term] = []
    stack = [(x, s) for x, s in operands]
    stack.reverse()
    signs = None if additive else algebra().inverses[g.sign]  # type: ignore[index]
    while stack:
        x, s = stack.pop()
        if x.type is not UNKNOWN and type_ is not UNKNOWN and x.type.dtype is not type_.dtype:
            x = cast(x, type_)
        op = x.op
        if op is g.op:
            if len(x.args) <= WIDE:
                stack.extend([(y, s) for y in reversed(x.args)])
                continue
            x = make(shared, (x,))
        elif op is g.inverse:
            stack.append((x.args[0], -s))
            continue
        elif op is CONST:
            c = _finite(x)
            if c is not None and (s > 0 or additive or c):
                value = c if s > 0 else -c if additive else Fraction(1) / c
                total = total + value if additive else total * value
                continue
        elif signs is not None:
            if op is g.sign:
                negate = not negate
                stack.append((x.args[0], s))
                continue
            if negative_looking(x):
                negate = not negate
                x = _flip(x, signs)
                if x.op is CONST:
                    stack.append((x, s))
                    continue
        out.append(x if s > 0 else make(g.inverse, (x,)))
    if signs is not None and total < 0:
        total, negate = -total, not negate
    if total != g.unit or not out:
        c = _constant(total, type_)
        if c is None:  # overflow: keep the numbers as they stand
            return _unfolded(g, operands, type_)
        if not out or not same_number(c, g.unit):
            out.append(c)
    result = out[0] if len(out) == 1 else make(g.op, tuple(sorted_operands(out)))
    if negate and signs is not None:
        result = inverse(signs, result, result.type)
    return conform(result, type_)


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
        elif (c := _finite(x)) is not None:
            total *= int(c)
        else:
            out.append(make(shared, (x,)) if x.op is g.op else x)
    c = _constant(-total if negate else total, type_)
    assert c is not None
    if not out or number_of(c) != 1:
        out.append(c)
    return conform(out[0] if len(out) == 1 else make(g.op, tuple(sorted_operands(out))), type_)


def _fold_left(op: Op, operands: list[Term]) -> Term:
    out = operands[0]
    for x in operands[1:]:
        out = make(op, (out, x))
    return out


def _unfolded(g: GroupOf, operands: Iterable[tuple[Term, int]], type_: Any) -> Term:
    """A node whose constants do not fold into one finite number: they stay operands."""
    out = []
    for x, s in operands:
        x = cast(x, type_)
        out.append(x if s > 0 else make(g.inverse, (x,)))
    return make(g.op, tuple(sorted_operands(out)))


# -- signs ------------------------------------------------------------------------------------------------------------------

def negative_looking(t: Term) -> bool:
    """Does a sum, or an odd power of one, look negative?

    The constant decides, else the majority of signs, else the first operand in sign-blind order.
    """
    a = algebra()
    if t.op in a.powers:
        n = number_of(t.args[1])
        return n is not None and n % 2 == 1 and negative_looking(t.args[0])
    g = a.groups.get(t.op)
    if g is None or g.sign is not None or len(t.args) < 2:
        return False
    c = _finite(t.args[0])
    if c:
        return c < 0
    minus = sum([u.op is g.inverse for u in t.args])
    if 2 * minus != len(t.args):
        return 2 * minus > len(t.args)
    net: dict[str, int] = {}
    for u in t.args:
        body, s = (u.args[0], -1) if u.op is g.inverse else (u, 1)
        k = sort_key(body)
        net[k] = net.get(k, 0) + s
    return next((s < 0 for _, s in sorted(net.items()) if s), False)


def _flip(t: Term, signs: GroupOf) -> Term:
    if t.op is signs.op:
        return inverse(signs, t, t.type)
    return make(t.op, (_flip(t.args[0], signs), t.args[1]))


# -- powers -----------------------------------------------------------------------------------------------------------------

def power(op: Op, g: GroupOf, args: tuple[Term, ...], type_: Any) -> Term:
    """``x**n`` for a constant n: 0 and 1 vanish, integers go through products, signs and reciprocals."""
    x, e = args
    n = _finite(e)
    if n is None or (type_ is not UNKNOWN and type_.dtype.kind not in "fc"):
        return make(op, args)
    x, e = cast(x, type_), cast(e, type_)
    whole = n == int(n)
    if n == 1:
        return conform(x, type_)
    if n == 0:
        one = _constant(1, type_)
        assert one is not None
        return conform(one, type_)
    c = _finite(x)
    if c is not None and whole and c:
        folded = _constant(Fraction(c) ** int(n), x.type) if abs(n) <= 1024 else None
        if folded is not None:
            return conform(folded, type_)
    if not whole:
        return make(op, (x, e))

    def to_power(y: Term, k: Fraction | int) -> Term:
        ke = _constant(k, e.type)
        assert ke is not None
        return power(op, g, (y, ke), infer(op, (y, ke)))
    if n < 0:
        return conform(inverse(g, to_power(x, -n), type_), type_)
    if x.op is g.op:
        return conform(flat(g, [(to_power(y, n), 1) for y in x.args], type_), type_)
    if x.op is op and (m := _finite(x.args[1])) is not None and m == int(m):
        return conform(to_power(x.args[0], m * n), type_)
    if x.op is g.inverse:
        return conform(inverse(g, to_power(x.args[0], n), type_), type_)
    assert g.sign is not None
    signs = algebra().inverses[g.sign]
    if x.op is g.sign:
        inner = to_power(x.args[0], n)
        return conform(inverse(signs, inner, inner.type) if n % 2 else inner, type_)
    if n % 2 == 0 and negative_looking(x):
        return make(op, (_flip(x, signs), e))
    return make(op, (x, e))
