"""Which operators occur in a term, as bits: what a rule asks for that is nowhere in a term, it need not be looked for.

Counted are operators that stay where they are, whatever the normal form does around them, and the mark `shared`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..terms.elementwise import astype_, shared
from ..terms.structure import broadcast_
from ..terms.term import Op, Term
from .algebra import algebra

__all__ = ["as_bits", "operators"]

_bits: dict[Op, int] = {}  # in the order in which they are met; 0 of those that are not counted


def _bit(op: Op) -> int:
    found = _bits.get(op)
    if found is None:
        moves = op in algebra().special or op.kind in ("leaf", "identity", "attribute_function") or op in (broadcast_, astype_)
        found = _bits[op] = 0 if moves and op is not shared else 1 << len(_bits)
    return found


def as_bits(ops: Iterable[Op]) -> int:
    """The bits of some operators."""
    found = 0
    for op in ops:
        found |= _bit(op)
    return found


def operators(t: Term) -> int:
    """The operators in a term; kept there, and found for what is in it first."""
    found = _bits.get(t.op)
    if found is not None:
        for a in t.args:
            if a.below is None:
                break
            found |= a.below
        else:
            t.below = found
            return found
    stack = [t]
    while stack:
        u = stack[-1]
        missing = [a for a in u.args if a.below is None]
        if missing:
            stack += missing
            continue
        found = _bit(u.op)
        for a in u.args:
            found |= a.below or 0
        u.below = found
        stack.pop()
    return found or 0
