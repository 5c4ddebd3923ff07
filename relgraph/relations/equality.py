"""Are two terms equal under a theory?  A bounded search for a chain of steps that joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import DTypeError
from ..terms.show import show
from ..terms.term import Term
from .forms import bare, normal
from .present import present
from .theory import Theory

__all__ = ["Joined", "join"]


@dataclass(frozen=True, eq=False)
class Joined:
    """The outcome of a search: ``path`` leads from one term to the other, each a step of the theory or a respelling.

    It is true if the terms were joined; ``reason`` says why the search stopped.
    """

    path: tuple[Term, ...]
    reason: str

    def __bool__(self) -> bool:
        return bool(self.path)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.path)

    def __str__(self) -> str:
        if not self.path:
            return f"not joined: {self.reason}"
        return "\n= ".join(str(show(t, types=False)) for t in self.path)

    __repr__ = __str__


def join(left: Term, right: Term, theory: Theory, *, budget: int = 2000) -> Joined:
    """Search from both sides, nearest terms first, for a term both reach by steps of the theory in either direction.

    Terms count as one if they have one normal form, whatever is assumed of them: a term is reached as it is, so that guards
    are proved by assumptions, and with nothing assumed.  At most ``budget`` terms are visited.
    """
    if left.type is not right.type:
        raise DTypeError(f"equal: {left.type!r} and {right.type!r} are different types, so the terms cannot be equal; "
                          "convert one with x.astype, or give both the same axes")
    ends = (left, right)
    parents: tuple[dict[Term, Term | None], ...] = ({}, {})
    for table, end in zip(parents, ends, strict=True):
        _reach(table, normal(end), None)
    fronts = [list(parents[0]), list(parents[1])]
    visited = 0
    if (meeting := bare(left)) is bare(right):
        return Joined(_chain(ends, parents, meeting), "one normal form")
    while fronts[0] or fronts[1]:
        side = 0 if fronts[0] and (not fronts[1] or len(fronts[0]) <= len(fronts[1])) else 1
        following: list[Term] = []
        for t in fronts[side]:
            for step in _neighbours(theory, t):
                visited += 1
                key = normal(step)
                if key in parents[side]:
                    continue
                following += _reach(parents[side], key, t)
                if (meeting := bare(key)) in parents[1 - side]:
                    return Joined(_chain(ends, parents, meeting), "joined")
            if visited > budget:
                return Joined((), f"the budget of {budget} terms is used up")
        fronts[side] = following
    if not visited:
        return Joined((), f"no relation of {theory.name} applies to either term; rg.why_not(theory['name'], term, theory) says "
                          "what one lacks")
    return Joined((), f"all {visited} terms within reach were visited")


def _reach(parents: dict[Term, Term | None], t: Term, parent: Term | None) -> list[Term]:
    """Note where a term was reached from, and that it is equal to itself with nothing assumed; what is new of these."""
    parents[t] = parent
    plain = bare(t)
    return [t] if parents.setdefault(plain, t) is not t or plain is t else [t, plain]


def _neighbours(theory: Theory, t: Term) -> Iterator[Term]:
    yield from theory.steps(t, keep_assumptions=True)
    yield from theory.steps(t, "<-", keep_assumptions=True)


def _chain(ends: tuple[Term, Term], parents: tuple[dict[Term, Term | None], ...], meeting: Term) -> tuple[Term, ...]:
    halves: list[list[Term]] = []
    for table in parents:
        half: list[Term] = []
        t: Term | None = meeting
        while t is not None:
            half.append(t)
            t = table[t]
        halves.append(half)
    middle = present([*reversed(halves[0]), *halves[1][1:]])
    path = [ends[0], *middle, ends[1]]
    return tuple(t for i, t in enumerate(path) if i == 0 or t is not path[i - 1])
