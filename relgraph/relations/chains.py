"""Ops that are associative but not commutative, as joins are: ``f(x, f(y, z))`` in the normal form, ``f(x, y, z)`` to read.

An operand that is such a chain itself is taken into the outer one where it is short, so that ``x = f(x, x)`` stays linear.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..terms.term import Op, Term, infer, make
from ..terms.type import UNKNOWN
from .algebra import algebra

__all__ = ["linked", "links", "nested"]

_SHORT = 8


def nested(op: Op, args: tuple[Term, ...]) -> Term:
    """A node of such an op as a chain of pairs, if all its operands have one dtype: then each pair has it too."""
    k = len(op.attrs)
    operands, attributes = args[:len(args) - k], args[len(args) - k:]
    flat = [x for y in operands[:-1] for x in (_short(y, op, attributes) or (y,))]
    flat.append(operands[-1])
    type_ = infer(op, args)
    if len(flat) == len(operands) <= 2 or (type_ is not UNKNOWN and any(x.type.dtype is not type_.dtype for x in operands)):
        return make(op, args)
    out = flat[-1]
    for x in reversed(flat[:-1]):
        out = make(op, (x, out, *attributes))
    return out


def _short(t: Term, op: Op, attributes: tuple[Term, ...]) -> list[Term] | None:
    """The operands of a chain of few, or None."""
    out: list[Term] = []
    while t.op is op and _is_pair(t) and t.args[2:] == attributes and len(out) < _SHORT:
        out.append(t.args[0])
        t = t.args[1]
    return [*out, t] if 0 < len(out) < _SHORT else None


def _is_pair(t: Term) -> bool:
    """Two operands, and all of one dtype."""
    if len(t.args) != 2 + len(t.op.attrs):
        return False
    types = [x.type for x in (t, *t.args[:2])]
    return UNKNOWN in types or all(d.dtype is types[0].dtype for d in types)


def _goes_on(t: Term) -> bool:
    """Is the last operand of a pair a part of the same chain?"""
    u = t.args[1]
    return u.op is t.op and u.args[2:] == t.args[2:] and _is_pair(t) and _is_pair(u)


def links(order: Sequence[Term], roots: Sequence[Term]) -> frozenset[Term]:
    """The nodes that are parts of chains and nothing else: they are not read by themselves."""
    ops = algebra().associative
    chains = {t for t in order if t.op in ops and _goes_on(t)}
    if not chains:
        return frozenset()
    read = {*roots, *[x for t in order for k, x in enumerate(t.args) if k != 1 or t not in chains]}
    return frozenset(t.args[1] for t in chains if t.args[1] not in read)


def linked(t: Term) -> tuple[Term, ...]:
    """All operands of a chain, and its attributes."""
    out: list[Term] = []
    while _goes_on(t):
        out.append(t.args[0])
        t = t.args[1]
    return (*out, *t.args)
