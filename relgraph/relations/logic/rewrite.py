"""The goal of a theory: one step between two terms, from whichever side is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...terms.term import LVar, Op, Term
from .constraints import guardo
from .reify import rename_apart
from .state import State, unify_in
from .stock import ExpressionTuple, reify

__all__ = ["OpenRule", "OpenRules", "Rewrite", "open_rules", "rewrite_goal"]

Steps = Callable[[Term], Iterable[Term]]


@dataclass(frozen=True, eq=False)
class OpenRule:
    """An equation for sides that are not known: two patterns, and predicates that are asked once their arguments are."""

    lhs: Term
    rhs: Term
    guards: tuple[tuple[Callable[..., Any], tuple[Any, ...]], ...] = ()


def _head(x: Any) -> Op | None:
    """The op that an object certainly has in front, or None."""
    if isinstance(x, Term):
        return None if isinstance(x, LVar) else x.op
    return x[0] if isinstance(x, ExpressionTuple) and len(x) and isinstance(x[0], Op) else None


@dataclass(frozen=True, eq=False)
class OpenRules:
    """Rules with an index by the head of either side; make it once per theory with `open_rules`."""

    rules: tuple[OpenRule, ...]
    left: dict[Op | None, tuple[int, ...]]
    right: dict[Op | None, tuple[int, ...]]

    def candidates(self, l: Any, r: Any) -> list[OpenRule]:
        """The rules whose sides may begin as ``l`` and ``r`` do, in written order."""
        found: set[int] | None = None
        for index, head in ((self.left, _head(l)), (self.right, _head(r))):
            if head is not None:
                some = {*index.get(head, ()), *index.get(None, ())}
                found = some if found is None else found & some
        return list(self.rules) if found is None else [self.rules[i] for i in sorted(found)]


def open_rules(rules: Iterable[OpenRule | Sequence[Any]]) -> OpenRules:
    """An index of rules given as `OpenRule` or as ``(lhs, rhs)`` or ``(lhs, rhs, guards)``."""
    made = tuple(r if isinstance(r, OpenRule) else OpenRule(*r) for r in rules)
    left: dict[Op | None, tuple[int, ...]] = {}
    right: dict[Op | None, tuple[int, ...]] = {}
    for i, rule in enumerate(made):
        for index, side in ((left, rule.lhs), (right, rule.rhs)):
            index[_head(side)] = (*index.get(_head(side), ()), i)
    return OpenRules(made, left, right)


@dataclass(frozen=True, eq=False)
class Rewrite:
    """The goal that ``r`` is one step away from ``l``; see `rewrite_goal`."""

    forward: Steps | None
    backward: Steps | None
    rules: OpenRules
    l: Any
    r: Any
    normal: Callable[[Term], Term] | None = None
    plain: Callable[[Term], Term] | None = None

    def __call__(self, S: Any) -> Iterator[State]:
        S = State.of(S)
        l, r = reify((self.l, self.r), S)
        if self.forward is not None and isinstance(l, Term) and l.ground:
            return self._known(self.forward(l), r, S)
        if self.backward is not None and isinstance(r, Term) and r.ground:
            return self._known(self.backward(r), l, S)
        return self._open(l, r, S)

    def _known(self, steps: Iterable[Term], other: Any, S: State) -> Iterator[State]:
        normal = self.normal
        if normal is not None and isinstance(other, Term) and other.ground:
            wanted = normal(other)
            if any(t is other or normal(t) is wanted for t in steps):
                yield S
            return
        if self.plain is not None and isinstance(other, Term):
            other = self.plain(other)
        for t in dict.fromkeys(steps):
            found = unify_in(other, t, S)
            if isinstance(found, State):
                yield found

    def _open(self, l: Any, r: Any, S: State) -> Iterator[State]:
        for rule in self.rules.candidates(l, r):
            lhs, rhs, guards = rename_apart((rule.lhs, rule.rhs, rule.guards))
            found: Any = unify_in(l, lhs, S)
            if found is not False:
                found = unify_in(r, rhs, found)
            if found is False:
                continue
            for predicate, args in guards:
                found = guardo(predicate, *args).check(found)
                if found is None:
                    break
            else:
                yield found


def rewrite_goal(step_all_forward: Steps | None, step_all_backward: Steps | None, rules: OpenRules | Iterable[Any],
                 l: Any, r: Any, normal: Callable[[Term], Term] | None = None,
                 plain: Callable[[Term], Term] | None = None) -> Rewrite:
    """The goal that ``r`` is one step away from ``l``.

    If ``l`` is known, ``r`` is each of ``step_all_forward(l)``; else if ``r`` is known, ``l`` is each of
    ``step_all_backward(r)``; a direction that does not exist is None.  With ``normal``, two known sides are compared by
    their normal forms; ``plain`` makes of a side what is unified with a step: steps assume nothing.  With both sides open, each
    rule's two patterns, with fresh variables, are unified with them; its guards wait for their arguments.  That is syntactic:
    modulo associativity and commutativity it finds the spellings that stand in the rules and their instances, not all.
    """
    index = rules if isinstance(rules, OpenRules) else open_rules(rules)
    return Rewrite(step_all_forward, step_all_backward, index, l, r, normal, plain)
