"""Powers with a constant exponent: 0 and 1 vanish, integers go through products, signs and reciprocals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..terms.term import Op, Term, infer, make
from ..terms.type import UNKNOWN
from .algebra import GroupOf, algebra
from .constants import cast, conform, constant_of, finite_number
from .groups import flat, flipped, inverse
from .signs import negative_looking

__all__ = ["power"]


def power(op: Op, g: GroupOf, args: tuple[Term, ...], type_: Any) -> Term:
    """``x**n`` for a constant n: 0 and 1 vanish, integers go through products, signs and reciprocals."""
    x, e = args
    n = finite_number(e)
    if n is None or (n not in (0, 1) and type_ is not UNKNOWN and type_.dtype.kind not in "fc"):
        return make(op, args)
    x, e = cast(x, type_), cast(e, type_)
    whole = n == int(n)
    if n == 1:
        return conform(x, type_)
    if n == 0:
        one = constant_of(1, type_)
        assert one is not None
        return conform(one, type_)
    c = finite_number(x)
    if c is not None and whole and c:
        folded = constant_of(Fraction(c) ** int(n), x.type) if abs(n) <= 1024 else None
        if folded is not None:
            return conform(folded, type_)
    if not whole:
        return make(op, (x, e))

    def to_power(y: Term, k: Fraction | int) -> Term:
        ke = constant_of(k, e.type)
        assert ke is not None
        return power(op, g, (y, ke), infer(op, (y, ke)))
    if n < 0:
        return conform(inverse(g, to_power(x, -n), type_), type_)
    if x.op is g.op:
        if any(finite_number(y) == 0 for y in x.args):
            return conform(x, type_)  # 0 or no number, as the power is, which overflows
        if any([(c := finite_number(y)) and constant_of(Fraction(c) ** int(n), y.type) is None for y in x.args]):
            return make(op, (x, e))  # the power of the number alone is no float
        return conform(flat(g, [(to_power(y, n), 1) for y in x.args], type_), type_)
    if x.op is op and (m := finite_number(x.args[1])) is not None and m == int(m):
        return conform(to_power(x.args[0], m * n), type_)
    if x.op is g.inverse:
        return conform(inverse(g, to_power(x.args[0], n), type_), type_)
    assert g.sign is not None
    signs = algebra().inverses[g.sign]
    if x.op is g.sign:
        inner = to_power(x.args[0], n)
        return conform(inverse(signs, inner, inner.type) if n % 2 else inner, type_)
    if negative_looking(x):
        inner = make(op, (flipped(x, signs), e))
        return conform(inverse(signs, inner, inner.type) if n % 2 else inner, type_)
    return make(op, (x, e))
