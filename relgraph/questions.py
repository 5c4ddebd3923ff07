"""Questions about terms: what can be proved of them."""

from __future__ import annotations

from typing import Any

from .errors import MisuseError
from .function import default_pipeline
from .relations import Theory
from .relations.predicates import PREDICATES, Predicate
from .relations.proofs import Proof
from .terms.term import Term, as_term

__all__ = ["fact", "why_fact"]


def why_fact(predicate: Predicate | str, term: Term, *numbers: Any, theory: Theory | None = None) -> Proof:
    """The proof that a predicate holds of a term, or what is missing for one.

    >>> why_fact("positive", rnp.exp(x) + 1)
    positive(1 + exp(x)) by positive(x + y) if positive(x) and nonnegative(y)
      positive(1.0): a number
      nonnegative(exp(x)) by nonnegative(x) if positive(x)
        positive(exp(x)) by positive(exp(x))

    ``theory`` has the clauses to use (default: those of the default pipeline).  Raises MisuseError for an unknown name.
    """
    found = PREDICATES.get(predicate) if isinstance(predicate, str) else predicate
    if not isinstance(found, Predicate):
        raise MisuseError(f"why_fact: {predicate!r} is no predicate; they are {', '.join(PREDICATES)}")
    return _theory(theory).why_fact(found, as_term(term), *numbers)


def fact(predicate: Any, *args: Any, theory: Theory | None = None) -> Any:
    """The goal that a predicate holds of a term; either may be open.

    >>> from relgraph.relations import run, var
    >>> q = var()
    >>> run(0, q, fact(q, rnp.exp(x)))
    (positive, nonnegative, nonzero, real, floating)

    ``theory`` has the clauses to use (default: those of the default pipeline); see `Theory.fact`.
    """
    return _theory(theory).fact(predicate, *args)


def _theory(theory: Theory | None) -> Theory:
    default: Any = default_pipeline()
    return default.theory if theory is None else theory
