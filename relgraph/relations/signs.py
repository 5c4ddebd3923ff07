"""Signs of sums: a sum inside a product, a reciprocal or an integer power is written with one sign of the two."""

from __future__ import annotations

from ..terms.term import Term
from .algebra import algebra
from .constants import finite_number
from .order import sort_key

__all__ = ["negative_looking"]


def negative_looking(t: Term) -> bool:
    """Does a sum, or an odd power of one, look negative?

    The constant decides, else the majority of signs, else the first operand in sign-blind order.
    """
    a = algebra()
    if t.op in a.powers:
        n = finite_number(t.args[1])
        return n is not None and n % 2 == 1 and negative_looking(t.args[0])
    g = a.groups.get(t.op)
    if g is None or g.sign is not None or len(t.args) < 2:
        return False
    c = finite_number(t.args[0])
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
