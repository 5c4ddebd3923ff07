"""Predicates as a question names them: one of the table, asked of as many operands as it has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from ..errors import MisuseError
from .predicates import PREDICATES, READ_OFF, Predicate, arity

__all__ = ["asked"]


def asked(what: str, predicate: Any, *args: Any) -> Predicate:
    """The predicate of a name, or itself, that is asked of such operands; ``what`` is the function of the question."""
    p = PREDICATES.get(predicate) if isinstance(predicate, str) else predicate
    if not isinstance(p, Predicate):
        near = _near(predicate) if isinstance(predicate, str) else []
        hint = (f"did you mean {' or '.join(near)}?" if near else
                "they stand in relgraph.relations.predicates, as positive, at_least, finite, psd")
        found = "" if isinstance(predicate, str) else f" of type {type(predicate).__name__}"
        raise MisuseError(f"{what}: {predicate!r}{found} is no predicate; {hint}")
    wanted = arity(p)
    claimed = p.scope not in READ_OFF and len(args) == 1 + p.numbers  # as `assume` claims it, of the term alone
    if not claimed and (len(args) != wanted if wanted is not None else not args):
        numbers = ("", " and a number", " and two numbers")[p.numbers]
        takes = f"one term{numbers}" if p.numbers or wanted == 1 else f"{wanted or 'one or more'} operands"
        names = ("x", "c", "d") if p.numbers else "xyzuvw"
        raise MisuseError(f"{what}: {p.name} is asked of {takes}, found {len(args)} operand{'s' * (len(args) != 1)}; write "
                          f"rg.{what}({p.name!r}, {', '.join(names[:wanted or 1])})")
    return p


def _near(name: str) -> list[str]:
    """Names of predicates like a name, the nearest first."""
    return get_close_matches(name, PREDICATES) or get_close_matches(name.lower(), PREDICATES, cutoff=0.4)
