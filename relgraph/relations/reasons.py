"""Why a goal holds, and what is known without a clause: of numbers, and of types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..terms.term import ATTRIBUTE, CONST, Term, weak
from ..terms.type import Type
from .clauses import Clause, Goal
from .outward import Number, as_number, at_least_as_good
from .predicates import Predicate

__all__ = ["Reason", "better", "of_constant", "of_number", "of_terms", "of_type"]


@dataclass(frozen=True, eq=False)
class Reason:
    """Why a goal holds: a clause with its premises, or what is known without one."""

    kind: Literal["clause", "assumed", "number", "type", "read", "same"]
    clause: Clause | None = None
    premises: tuple[Goal, ...] = ()
    number: Number | None = None  # of a measured predicate: the best one


def better(predicate: Predicate, a: Reason | None, b: Reason) -> Reason | None:
    """The one of two proofs that gives the tighter number; the first if neither does."""
    if b.number is None:
        return a
    first = a is not None and a.number is not None and at_least_as_good(predicate.tightest, a.number, b.number)
    return a if first else b


def of_constant(predicate: Predicate, t: Term) -> Reason | None:
    """What a constant says by itself."""
    values = np.asarray(t.data)
    fits = values.ndim >= 2 if predicate.scope == "matrix" else values.dtype.kind != "c"
    if predicate.measure is None or not values.size or not fits:
        return None
    number = as_number(weak(predicate.measure(values)))
    return None if number is None else Reason("number", number=number)


def of_number(predicate: Predicate, t: Term, others: Sequence[Term]) -> bool:
    if any(x.op is not CONST and x.op is not ATTRIBUTE for x in others):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(predicate.holds(np.asarray(t.data), *[x.data for x in others])))


def of_terms(predicate: Predicate, args: Sequence[Term]) -> bool:
    """A property of terms whose values are known beforehand; with another number of operands it is none."""
    try:
        return bool(predicate.holds(*[x.data if x.op is ATTRIBUTE else x for x in args]))
    except (AttributeError, IndexError, TypeError):
        return False


def of_type(predicate: Predicate, type_: Type, others: Sequence[Term]) -> bool:
    """A property of dtype or shape, read off the type; what a symbolic size leaves open is unknown."""
    try:
        return bool(predicate.holds(type_, *[x.data if x.op is CONST or x.op is ATTRIBUTE else x.type for x in others]))
    except (AttributeError, IndexError, TypeError):
        return False
