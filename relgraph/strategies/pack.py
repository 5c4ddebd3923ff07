"""Several terms as one, so that a strategy rewrites them together and what they share is shared."""

from __future__ import annotations

from collections.abc import Sequence

from ..terms.term import Op, Term, make
from ..terms.type import TupleType

__all__ = ["PACK", "pack", "unpack"]

PACK = Op(name="pack", kind="pack", variadic=True, infer=lambda sizes, *types: TupleType(types), module=__name__,
          numpy=lambda *xs: xs, cost=0, doc="Several terms side by side.")


def pack(terms: Sequence[Term]) -> Term:
    """One term for several; a single one stays itself."""
    return terms[0] if len(terms) == 1 else make(PACK, tuple(terms))


def unpack(t: Term) -> tuple[Term, ...]:
    """The terms that `pack` put together."""
    return t.args if t.op is PACK else (t,)
