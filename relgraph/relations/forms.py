"""The normal forms rules work in, and a term's normal form without rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..terms.term import Term, make
from .canonical import build, exact_build
from .engine import Engine

__all__ = ["FORMS", "normal"]

# "real": flat sums and products, constants folded; "exact": keeps every bit; "plain": terms as they are
FORMS: dict[str, Any] = {"real": build, "exact": exact_build, "plain": make}


def normal(t: Term) -> Term:
    """The canonical form of a term, without rules."""
    return _form().normalize([t])[0]


@cache
def _form() -> Engine:
    return Engine(())
