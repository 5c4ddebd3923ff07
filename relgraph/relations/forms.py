"""The normal forms rules work in, and a term's normal form without rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..terms.elementwise import assume_
from ..terms.term import Term, make, rebuild, toposort
from .canonical import build, exact_build
from .engine import Engine
from .present import present, present_exact

__all__ = ["FORMS", "bare", "normal", "normal_forms", "shown", "unassumed"]

# "real": flat sums and products, constants folded; "exact": keeps every bit; "plain": terms as they are
FORMS: dict[str, Any] = {"real": build, "exact": exact_build, "plain": make}
_AGAIN = 8  # how often rules apply again at most


def shown(roots: Sequence[Term], form: str, *, keep_assumptions: bool = False) -> list[Term]:
    """Terms in one of the forms as ordinary terms."""
    if form == "plain":
        return list(roots)
    return (present_exact if form == "exact" else present)(roots, keep_assumptions=keep_assumptions)


def normal_forms(engine: Engine, roots: Sequence[Term], form: str, *, recorder: Any = None,
                 budget: int | None = None) -> list[Term]:
    """The normal forms by the rules of an engine, as ordinary terms, of which nothing is assumed any more.

    What stood behind an assumption is seen then by what is around it, as a sum in a sum, and powers may be read together,
    so that there is a product of what they are of: then rules apply again.
    """
    flat: list[Term] = []
    for _ in range(_AGAIN):
        before, flat = flat, engine.normalize(roots, recorder=recorder, budget=budget)
        if flat == before:
            break
        roots = shown(flat, form)
        if form == "plain" or not engine.unsettled(flat):
            break
    return list(roots)


def normal(t: Term, form: str = "real") -> Term:
    """The canonical form of a term, without rules."""
    return _form(form).normalize([t])[0]


def unassumed(t: Term) -> Term:
    """The term, or the pattern, with nothing assumed of any part: an assumption is an identity."""
    done: dict[Term, Term] = {}
    for x in toposort(t):
        args = tuple(map(done.__getitem__, x.args))
        done[x] = args[0] if x.op is assume_ else x if args == x.args else rebuild(x, args)
    return done[t]


def bare(t: Term) -> Term:
    """The canonical form of a term of which nothing is assumed: one for terms that are equal but for assumptions."""
    return normal(unassumed(t))


@cache
def _form(form: str) -> Engine:
    return Engine((), make_node=FORMS[form], flatten=form == "real")
