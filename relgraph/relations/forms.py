"""The normal forms rules work in, and a term's normal form without rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..terms.term import Term, make
from .canonical import build, exact_build
from .engine import Engine
from .present import present, present_exact

__all__ = ["FORMS", "normal", "shown"]

# "real": flat sums and products, constants folded; "exact": keeps every bit; "plain": terms as they are
FORMS: dict[str, Any] = {"real": build, "exact": exact_build, "plain": make}


def shown(roots: Sequence[Term], form: str, *, keep_assumptions: bool = False) -> list[Term]:
    """Terms in one of the forms as ordinary terms."""
    if form == "plain":
        return list(roots)
    return (present_exact if form == "exact" else present)(roots, keep_assumptions=keep_assumptions)


def normal(t: Term, form: str = "real") -> Term:
    """The canonical form of a term, without rules."""
    return _form(form).normalize([t])[0]


@cache
def _form(form: str) -> Engine:
    return Engine((), make_node=FORMS[form], flatten=form == "real")
