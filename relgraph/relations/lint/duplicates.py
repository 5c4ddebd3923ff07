"""Equations that stand twice: under other names of variables, turned round, regrouped, or as the inverse of one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any

from ...terms.term import LVar, Term, toposort
from ..compiler import canonical_pattern, directed, flipped
from ..relation import Relation, text
from ..template import instantiate, template, variables
from .remarks import Remark

__all__ = ["duplicates"]

_PERMUTED = 5  # equations of more variables are compared as they are named


def duplicates(relations: Iterable[Relation]) -> Iterator[Remark]:
    """Each equation that says what an earlier one says, with other names, orientation, order, or both sides inverted."""
    buckets: dict[Any, list[tuple[Relation, str, Term, Term]]] = {}
    for r in relations:
        sides = _sides(r)
        for how, lhs, rhs in sides[:1]:
            for other, made, l, q in buckets.get(_signature(lhs, rhs), ()):
                turned = _renamed(lhs, rhs, l, q)
                if other is not r and turned is not None and _same_guards(r, other, turned[1]):
                    yield _remark(r, other, made or how, turned[0])
                    break
        for how, lhs, rhs in sides:
            buckets.setdefault(_signature(lhs, rhs), []).append((r, how, lhs, rhs))


def _sides(r: Relation) -> list[tuple[str, Term, Term]]:
    """The canonical sides of an equation, and of those that follow by inverting both."""
    first = ("", canonical_pattern(r.lhs), canonical_pattern(r.rhs))
    twins = [(rule.variant, rule.lhs, rule.rhs) for d in r.directions() for made in directed(r, d)
             for rule in (made, *flipped(made))]
    return [first, *[t for t in twins if t[1:] != first[1:]]]


def _signature(lhs: Term, rhs: Term) -> Any:
    """What no renaming and no turning round changes."""
    return frozenset([_ops(lhs), _ops(rhs)])


def _ops(t: Term) -> Any:
    named = [(v.data[1:] if isinstance(v, LVar) else v.op.name if v.args else str(v.data)) for v in toposort(t)]
    return frozenset(Counter(map(str, named)).items())


def _renamed(lhs: Term, rhs: Term, l: Term, r: Term) -> tuple[bool, dict[Term, Term]] | None:
    """Whether a renaming of variables makes of one equation the other one turned round, and the renaming; None if none does."""
    mine, theirs = variables(lhs, rhs), variables(l, r)
    if len(mine) != len(theirs):
        return None
    for order in permutations(theirs) if len(theirs) <= _PERMUTED else [theirs]:
        if all(a.data[1:] == b.data[1:] for a, b in zip(mine, order, strict=True)):
            a, b = (instantiate(template(side, mine), order) for side in (lhs, rhs))
            if (a is l and b is r) or (a is r and b is l):
                return a is r, dict(zip(mine, order, strict=True))
    return None


def _same_guards(r: Relation, other: Relation, renaming: dict[Term, Term]) -> bool:
    """Under other guards it is another relation: alternatives are stated once per guard."""
    order = tuple(renaming)
    mine = {(g.predicate, *[instantiate(template(a, order), tuple(renaming.values())) for a in g.args]) for g in r.guards}
    return mine == {(g.predicate, *map(canonical_pattern, g.args)) for g in other.guards}


def _remark(r: Relation, other: Relation, how: str, turned: bool) -> Remark:
    same = ("is the inverse of both sides of" if how == "inverse" else "is, with the other sign, " if how else
            "is, turned round," if turned else "says what")
    why = f"{same} {other.name} {'says' if same == 'says what' else ''}".rstrip() + f": {text(other.lhs)} = {text(other.rhs)}"
    return Remark("error", "duplicate", r.name, why, f"remove {r.name} or {other.name}; one relation serves both directions",
                  (other.name,))
