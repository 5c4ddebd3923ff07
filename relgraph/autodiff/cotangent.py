"""Cotangents on their way down a graph: fitted to their term's type, summed, and kept off branches not taken.

A cotangent may carry a `Mask`: it is meant to be zero where the condition does not hold, whatever its value there.  The
mask is applied once, when the cotangent leaves the elementwise region, so that ``where(x > 0, log(x), 0)`` has the
gradient ``where(x > 0, 1/x, 0)`` and an infinite ``1/x`` of the branch not taken is never multiplied by zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..terms.elementwise import astype, logical_and, logical_not, logical_or, not_equal, real, where
from ..terms.reduction import any_
from ..terms.structure import broadcast_to, spread, sum_
from ..terms.term import Op, Term, attr, const, make
from ..terms.type import Type

__all__ = ["Cotangent", "Mask", "as_condition", "fit", "fit_mask", "holds", "is_scalar", "narrow", "total", "written",
           "zeros_of"]


class Mask(NamedTuple):
    """The cotangent counts where the condition equals ``value``; a row's ``used`` column gives such a pair per operand."""

    condition: Term
    value: bool = True


class Cotangent(NamedTuple):
    """A value and where it counts; ``exact``: the value is zero already where it does not."""

    value: Term
    mask: Mask | None = None
    exact: bool = False


def written(c: Cotangent) -> Term:
    """The cotangent with the zeros of its mask written in."""
    if c.mask is None or c.exact:
        return c.value
    return where(c.mask.condition, c.value, 0) if c.mask.value else where(c.mask.condition, 0, c.value)


def holds(m: Mask) -> Term:
    """The condition, true where the cotangent counts."""
    return m.condition if m.value else logical_not(m.condition)


def narrow(c: Cotangent, mask: Mask) -> Cotangent:
    """The cotangent, counting only where this mask does too."""
    if c.mask is None:
        return Cotangent(c.value, mask)
    return c if c.mask == mask else Cotangent(c.value, Mask(logical_and(holds(c.mask), holds(mask))))


def is_scalar(m: Mask | None) -> bool:
    """A mask without axes masks whatever is computed from its cotangent, of any shape."""
    return m is not None and m.condition.type.ndim == 0


def total(parts: Sequence[Cotangent]) -> Cotangent:
    """The sum of all contributions to one term: it counts where one of them does."""
    first = parts[0]
    if len(parts) == 1:
        return first
    shared = all(p.mask == first.mask for p in parts)
    values = [p.value if shared else written(p) for p in parts]
    out = values[0]
    for v in values[1:]:
        out = out + v
    if shared:
        return Cotangent(out, first.mask, all(p.exact for p in parts))
    masks = list(dict.fromkeys(p.mask for p in parts))
    if any(m is None or Mask(m.condition, not m.value) in masks for m in masks):
        return Cotangent(out)
    condition: Any = None
    for m in masks:
        assert m is not None
        condition = holds(m) if condition is None else logical_or(condition, holds(m))
    return Cotangent(out, Mask(condition), True)


def fit(g: Term, wanted: Type) -> Term:
    """A cotangent as one of this type: axes that were broadcast are summed, the dtype is restored.

    An axis is summed where the operand's size is 1 and the cotangent's is not, or where the operand has none.  Where both
    are names they are equal, or the call was refused: `broadcast_to` writes that down.
    """
    if g.type.shape != wanted.shape:
        g = _gathered(g, wanted, sum_)
    if wanted.dtype.kind == "f" and g.type.dtype.kind == "c":
        g = real(g)
    return g if g.type.dtype == wanted.dtype else astype(g, wanted.dtype)


def fit_mask(condition: Term, shape: tuple[Any, ...], wanted: Type) -> Mask:
    """The mask of an operand that was broadcast to this shape: it counts where one of its copies does."""
    return Mask(_gathered(broadcast_to(condition, shape), wanted, any_))


def as_condition(t: Term) -> Term:
    """Truth values, also where a pullback made numbers of them."""
    return t if t.type.dtype.kind == "b" else not_equal(t, 0)


def _gathered(g: Term, wanted: Type, combine: Op) -> Term:
    have, want = g.type.shape, wanted.shape
    k, n = len(have) - len(want), len(want)
    lead = tuple(range(-len(have), -n)) if k > 0 else ()
    ones = tuple(i - n for i in range(max(0, -k), n) if want[i] == 1 and have[i + k] != 1)
    if lead or ones:
        g = make(combine, (g, attr(lead + ones)))
        if ones:
            g = spread(g, attr(ones))
    return broadcast_to(g, want)


def zeros_of(type_: Type) -> Term:
    """A zero cotangent."""
    return broadcast_to(const(0, type_.dtype), type_.shape)
