"""One equation made of what a user wrote: its sides, its guards, its safety class."""

from __future__ import annotations

from typing import Any

from ..errors import TheoryError
from ..terms.keywords import advised
from ..terms.term import Term, as_term, weak
from .predicates import all_of
from .relation import Relation, check_relation

__all__ = ["relation"]


def _side(name: str, value: Any) -> Term:
    if isinstance(value, (bool, int, float, complex)):
        return weak(value)
    if isinstance(value, Term):
        return value
    try:
        return as_term(value)
    except TypeError as e:
        raise TheoryError(f"{name}: {value!r} is no side of an equation: {e}") from None


@advised(guard="write guards after the sides, without a name: relation('log_exp', lhs, rhs, positive(x))",
         safety="write the class last, without a name: relation('log_exp', lhs, rhs, 'exact')")
def relation(name: str, lhs: Any = None, rhs: Any = None, *guards: Any) -> Relation:
    """One equation as a value, to be looked at and tried: ``relation("log_exp", log(exp(x)), x)``.

    Guards, and last perhaps a safety class, as in `theory`, which takes it too.  Raises TheoryError for a malformed equation.
    """
    if not isinstance(name, str) or not name.isidentifier() or lhs is None or rhs is None:
        raise TheoryError(f"relation: {name!r} is no name, or a side is missing; write relation('log_exp', lhs, rhs), with "
                          "guards after the sides")
    given = list(guards)
    declared = given.pop() if given and isinstance(given[-1], str) else "real"
    if declared not in ("exact", "real", "domain"):
        raise TheoryError(f"{name}: {declared!r} is no safety class; use 'exact', 'real' or 'domain'; a guard is no text: "
                          "write positive(x), of relgraph.relations.predicates")
    try:
        found = tuple(g for x in given for g in all_of(x))
    except TheoryError as e:
        raise TheoryError(f"{name}: {e}") from None
    made = Relation(name, _side(name, lhs), _side(name, rhs), found, declared)
    check_relation(made)
    return made
