"""Whether guards hold of values: of points one by one, and of whole arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from ...terms.evaluate import evaluate
from ...terms.term import CONST, INPUT, LVar, Term, toposort
from ..predicates import READ_OFF, Guard, Predicate
from .shapes import typed_or_attr

__all__ = ["Asked", "admitted", "all_admitted", "asked_of", "hold"]

Array: TypeAlias = np.ndarray[Any, Any]
Asked: TypeAlias = tuple[Predicate, list[Any]]  # a predicate, and its operands: terms, and values of attributes


def admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> Any:
    """Whether the guards hold: a mask over points, or one bool."""
    out: Any = True
    with np.errstate(all="ignore"):
        for mask in _masks(asked_of(guards, binding), values):
            out = out & mask
    return out


def all_admitted(guards: Sequence[Guard], binding: Mapping[LVar, Term], values: Mapping[Term, Array]) -> bool:
    """Whether the guards hold of every element."""
    return hold(asked_of(guards, binding), values)


def hold(guards: Sequence[Asked], values: Mapping[Term, Array]) -> bool:
    """Whether what is asked of values holds of every element."""
    if not guards:
        return True
    with np.errstate(all="ignore"):
        return all(bool(m.all()) for m in _masks(guards, values))


def asked_of(guards: Sequence[Guard], binding: Mapping[LVar, Term]) -> list[Asked]:
    """What the guards ask of values: those about types hold of every value of a plan's types, or of none."""
    return [(g.predicate, [_known(typed_or_attr(a, binding)) for a in g.args])
            for g in guards if g.predicate.scope not in READ_OFF]


def _known(a: Any) -> Any:
    """An operand that depends on nothing, as the length of an axis, is its value."""
    if not isinstance(a, Term) or a.op is INPUT or any(t.op is INPUT for t in toposort(a)):
        return a
    return a.data if a.op is CONST else evaluate([a], {})[0]


def _masks(guards: Sequence[Asked], values: Mapping[Term, Array]) -> Iterator[Array]:
    """Of which elements each of them holds; the caller tells NumPy what to do about overflow and the like."""
    for predicate, operands in guards:
        args = [a if not isinstance(a, Term) else values[a] if a in values else evaluate([a], values)[0] for a in operands]
        yield np.asarray(predicate.admits(*args))
