"""Whole powers in a product that are read as the power of a product or a quotient, ``(x*y)**n`` or ``(x/y)**n``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..terms.term import Op, Term
from ..terms.type import Type
from .algebra import GroupOf, algebra
from .constants import finite_number, is_number

__all__ = ["Meeting", "meetings", "partial", "unsettled", "whole_power"]

Builder = Callable[[Op, tuple[Term, ...]], Term]


@dataclass
class Meeting:
    """Powers of one exponent n: factors, what is divided by, and what is left of divisors of a higher power."""

    n: int
    up: list[Term]
    down: list[Term] = field(default_factory=list)
    higher: list[tuple[Term, int]] = field(default_factory=list)  # y**m, of which y**(m - n) is left


def meetings(up: Sequence[Term], down: Sequence[Term], type_: Type) -> list[Meeting]:
    """The powers that are read together.

    Every divisor of the power of a factor joins it; of a real number also one of a higher power, up to cubes.
    """
    found: dict[int, Meeting] = {}
    for x in up:
        if n := whole_power(x):
            found.setdefault(n, Meeting(n, [])).up.append(x)
    if not found:
        return []
    real = type_.dtype is None or type_.dtype.kind == "f"
    for y in down:
        m = whole_power(y)
        n = m if m in found else max([n for n in found if n < m <= m * real], default=0)
        if n and (m == n or n <= 3):
            found[n].down.append(y)
            if m > n:
                found[n].higher.append((y, m))
    return [m for m in found.values() if len(m.up) > 1 or m.down]


def whole_power(x: Term) -> int:
    """n of ``x**n`` for a whole n from 2 on, else 0."""
    n = finite_number(x.args[1]) if x.op in algebra().powers else None
    return int(n) if n is not None and n == int(n) and n > 1 else 0


def unsettled(nodes: Iterable[Term], make_node: Builder, reduced: Callable[[Term], Term]) -> bool:
    """Does a rule apply to a product that is seen only once powers are read together, as to ``x.T*y.T`` in ``(x.T*y.T)**2``?"""
    groups = algebra().groups
    for t in nodes:
        g = groups.get(t.op)
        if g is None or g.sign is None or t.type.dtype is None or t.type.dtype.kind not in g.kinds:
            continue
        up = [x for x in t.args if x.op is not g.inverse]
        if not any(map(whole_power, up)):
            continue
        for m in meetings(up, [x.args[0] for x in t.args if x.op is g.inverse], t.type):
            if any([read.args and reduced(read) is not is_ for read, is_ in _read(m, g, make_node)]):
                return True
    return False


_NEAR = 8  # how far from a division another one by the same divisor is looked for


def partial(order: Sequence[Term]) -> list[Term]:
    """What stands in several places of terms as read, and is divided by a divisor of its own again: ``x/y`` of ``x/y*z/y``.

    In the normal form the divisor is one square, so that rules have not seen it beside x.  So it is with the factor p of a
    product that is divided by q, which was ``p/q``.
    """
    differences = {g.difference: g.op for g in algebra().groups.values() if g.sign is not None}
    quotients = [t for t in order if t.op in differences]
    if len(quotients) < 2:
        return []
    parents: dict[Term, int] = {}
    for t in order:
        for x in t.args:
            parents[x] = parents.get(x, 0) + 1
    found: dict[Term, None] = {}
    for t in quotients:
        x, spine = t.args[0], []
        for _ in range(_NEAR):
            if x.op is not t.op and x.op is not differences[t.op]:
                break
            spine.append(x)
            if x.op is t.op and x.args[1] is t.args[1]:
                found |= dict.fromkeys([y for y in spine if parents[y] > 1])
                break
            x = x.args[0]
        else:
            continue
        if is_number(x) and is_number(t.args[1]):
            found |= dict.fromkeys([y for y in spine if parents[y] > 1])
    return [*found]


def _read(m: Meeting, g: GroupOf, make_node: Builder) -> list[tuple[Term, Term]]:
    """The product of what the powers are of, and itself; that of its n copies and of the powers, if these are read apart.

    The copies are one node that stands n times, so that rules see it by itself, and then its factors beside one another.
    """
    def product(up: Sequence[Term], down: Sequence[Term]) -> Term:
        out = up[0]
        for x in up[1:]:
            out = make_node(g.op, (out, x))
        for y in down:
            out = make_node(g.op, (out, make_node(g.inverse, (y,))))
        return out
    up, down = [x.args[0] for x in m.up], [y.args[0] for y in m.down]
    read = product(up, down)
    if not m.higher:
        return [(read, read)]
    powers = product(m.up, [make_node(x.op, (y, x.args[1])) for y in down for x in m.up[:1]])
    return [(read, read), (product(up * m.n, down * m.n), powers)]
