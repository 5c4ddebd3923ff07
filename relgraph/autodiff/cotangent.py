"""Cotangents on their way down a graph: fitted to their term's type, summed, and kept off branches not taken.

A cotangent may carry a `Mask`: it is meant to be zero where the condition does not hold, whatever its value there.  The
mask is applied once, when the cotangent leaves the elementwise region, so that ``where(x > 0, log(x), 0)`` has the
gradient ``where(x > 0, 1/x, 0)`` and an infinite ``1/x`` of the branch not taken is never multiplied by zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ..terms.elementwise import astype, logical_and, logical_not, real, where
from ..terms.structure import broadcast_to, spread, sum_
from ..terms.term import Term, attr, const, make
from ..terms.type import Type

__all__ = ["ZEROS", "Cotangent", "Mask", "apply_mask", "fit", "is_scalar", "narrow", "total", "zeros_of"]


class Mask(NamedTuple):
    """The cotangent counts where the condition equals ``value``; no condition: where the cotangent is not zero.

    A row's ``used`` column gives such a pair per operand.
    """

    condition: Term | None
    value: bool = True


ZEROS = Mask(None)  # zeros of the cotangent are exact, and stay zero whatever they are multiplied by


class Cotangent(NamedTuple):
    value: Term
    mask: Mask | None = None


Masked: TypeAlias = Mask | None


def apply_mask(c: Cotangent) -> Term:
    """The cotangent with the zeros of its mask written in."""
    if c.mask is None or c.mask.condition is None:
        return c.value
    return where(c.mask.condition, c.value, 0) if c.mask.value else where(c.mask.condition, 0, c.value)


def narrow(c: Cotangent, mask: Mask) -> Cotangent:
    """The cotangent, counting only where this mask does too."""
    if c.mask is None or c.mask == mask:
        return Cotangent(c.value, mask)
    if mask == ZEROS:
        return Cotangent(apply_mask(c), ZEROS)
    return Cotangent(c.value, _and(c.mask, mask))


def _and(a: Mask, b: Mask) -> Mask:
    return Mask(logical_and(_holds(a), _holds(b)))


def _holds(m: Mask) -> Term:
    assert m.condition is not None
    return m.condition if m.value else logical_not(m.condition)


def is_scalar(m: Masked) -> bool:
    """A mask without axes masks whatever is computed from its cotangent, of any shape."""
    return m is not None and m.condition is not None and m.condition.type.ndim == 0


def total(parts: Sequence[Cotangent]) -> Cotangent:
    """The sum of all contributions to one term."""
    first = parts[0]
    if len(parts) == 1:
        return first
    shared = all(p.mask == first.mask for p in parts)
    values = [p.value if shared else apply_mask(p) for p in parts]
    out = values[0]
    for v in values[1:]:
        out = out + v
    masked = all(p.mask is not None for p in parts)
    return Cotangent(out, first.mask if shared else ZEROS if masked else None)


def fit(g: Term, wanted: Type) -> Term:
    """A cotangent as one of this type: axes that were broadcast are summed, the dtype is restored.

    An axis is summed where the operand's size is 1 and the cotangent's is not, or where the operand has none.  Where both
    are names they are equal, or the call was refused: `broadcast_to` writes that down.
    """
    have, want = g.type.shape, wanted.shape
    if have != want:
        k, n = len(have) - len(want), len(want)
        lead = tuple(range(-len(have), -n)) if k > 0 else ()
        ones = tuple(i - n for i in range(max(0, -k), n) if want[i] == 1 and have[i + k] != 1)
        if lead or ones:
            g = make(sum_, (g, attr(lead + ones)))
            if ones:
                g = spread(g, attr(ones))
        g = broadcast_to(g, want)
    if wanted.dtype.kind == "f" and g.type.dtype.kind == "c":
        g = real(g)
    return g if g.type.dtype == wanted.dtype else astype(g, wanted.dtype)


def zeros_of(type_: Type) -> Term:
    """A zero cotangent."""
    return broadcast_to(const(0, type_.dtype), type_.shape)
