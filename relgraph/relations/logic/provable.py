"""Facts as goals: a predicate holds of a term, with either side open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...errors import MisuseError
from ...terms.term import LVar, Term, weak
from ..asked import asked
from ..facts import Clause, FactBase
from ..forms import normal
from ..predicates import PREDICATES, Guard, Predicate
from .constraints import guardo
from .reify import rename_apart
from .state import State, unify_in
from .stock import reify
from .variables import is_var

__all__ = ["Fact", "fact_goal"]


@dataclass(frozen=True, eq=False)
class Fact:
    """The goal that a predicate holds of a term (and a number); see `fact_goal`."""

    facts: FactBase
    predicate: Any
    args: tuple[Any, ...]

    def __call__(self, S: Any) -> Iterator[State]:
        S = State.of(S)
        predicate, args = reify((self.predicate, self.args), S)
        for p in self._predicates(predicate):
            found = unify_in(predicate, p, S) if is_var(predicate) else S
            if isinstance(found, State):
                yield from self._of(p, args, found)

    def _predicates(self, predicate: Any) -> Iterable[Predicate]:
        if not is_var(predicate):
            return (asked("fact", predicate, *self.args),)
        numbers = len(self.args) - 1
        return [p for p in PREDICATES.values() if p.numbers == numbers and p.name not in _OF_SEVERAL]

    def _of(self, p: Predicate, args: tuple[Any, ...], S: State) -> Iterator[State]:
        if all(isinstance(a, Term) and a.ground for a in args):
            if self.facts.holds(p, (normal(args[0]), *args[1:])):
                yield S
        else:
            yield from self._heads(p, args, S, ())

    def _heads(self, p: Predicate, args: tuple[Any, ...], S: State, above: tuple[Predicate, ...]) -> Iterator[State]:
        """The patterns that clauses conclude the predicate of, then those of the predicates that imply it."""
        implications = []
        for c in self.facts.clauses:
            if c.head.predicate is not p:
                continue
            if isinstance(c.head.args[0], LVar):
                implications.append(c)
                continue
            found, body = self._unified(c, args, S)
            if isinstance(found, State):
                found = self._asked(body, found)
                if found is not None:
                    yield found
        for c in implications:
            if not c.body or any(g.predicate is p or g.predicate in above for g in c.body):
                continue
            found, body = self._unified(c, args, S)
            if not isinstance(found, State):
                continue
            (first, first_args), *rest = body
            for answer in self._heads(first, reify(first_args, found), found, (*above, p)):
                last = self._asked(rest, answer)
                if last is not None:
                    yield last

    def _unified(self, c: Clause, args: tuple[Any, ...], S: State) -> tuple[State | bool, list[tuple[Predicate, Any]]]:
        head, body = rename_apart((c.head.args, tuple(g.args for g in c.body)))
        return unify_in(tuple(head), tuple(args), S), list(zip([g.predicate for g in c.body], body, strict=True))

    def _asked(self, body: Iterable[tuple[Predicate, Any]], S: State) -> State | None:
        """The premises, which wait until their operands are known."""
        found: State | None = S
        for p, args in body:
            if found is None:
                return None
            found = guardo(lambda *a, p=p: self.facts.holds(p, (normal(a[0]), *a[1:])), *args).check(found)
        return found


_OF_SEVERAL = ("size_one", "same_shape", "all_axes", "new_leading", "at_most_rank", "at_least_rank")


def fact_goal(facts: FactBase, predicate: Any, *args: Any) -> Fact:
    """The goal that a predicate holds of a term: ``fact_goal(facts, positive, x)``, or a guard, ``positive(x)``.

    If the predicate is open, it is each one that can be proved of a known term, in the order of the table.  If the term is
    open, it is each pattern of which a clause concludes the predicate, in the order of the clauses, and then the patterns of
    predicates that imply it; premises wait for their operands.  Those are not all terms that have the fact, and the premises
    of an answer with variables may have no instance.
    """
    if isinstance(predicate, Guard):
        return Fact(facts, predicate.predicate, predicate.args)
    if not is_var(predicate):
        predicate = asked("fact", predicate, *args)
    elif not args:
        raise MisuseError("fact: of what? write rg.fact(q, x), or rg.fact('positive', q)")
    return Fact(facts, predicate, tuple(weak(a) if isinstance(a, (bool, int, float, complex)) else a for a in args))
