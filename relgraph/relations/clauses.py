"""Clauses: ``head`` holds if all of ``body`` hold; and a clause made ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ..errors import TheoryError
from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term, weak
from ..terms.type import UNKNOWN
from .algebra import algebra
from .canonical import build
from .matcher import compile_matchers
from .operands import join
from .outward import Number, outward
from .predicates import Guard, Predicate, all_of
from .relation import Relation, Rule
from .template import Template, instantiate, template, variables

__all__ = ["Clause", "Entry", "Goal", "canonical_head", "clause", "head_op", "measured", "with_matchers"]

Goal: TypeAlias = tuple[Predicate, tuple[Term, ...]]


@dataclass(frozen=True, eq=False)
class Clause:
    """``head`` holds of every term of its pattern for which all of ``body`` hold."""

    head: Guard
    body: tuple[Guard, ...] = ()

    def __str__(self) -> str:
        return f"{self.head}{' if ' + ' and '.join(map(str, self.body)) if self.body else ''}"

    __repr__ = __str__


def clause(head: Guard, *body: Any) -> Clause:
    """A Horn clause: ``clause(positive(x * y), positive(x), positive(y))``.

    Bounds are computed: ``clause(at_least(x + y, c + d), at_least(x, c), at_least(y, d))`` takes the best ``c`` and ``d`` that
    are known.  Raises TheoryError if the body speaks of a variable that neither the head nor a bound before it binds.
    """
    if not isinstance(head, Guard):
        raise TheoryError(f"clause: {head!r} is no fact about a term; write clause(positive(x * y), positive(x), positive(y))")
    guards = tuple(g for b in body for g in all_of(b))
    bound = set(variables(*head.args))
    for g in guards:
        new = measured(g)
        for v in variables(*g.args):
            if v not in bound and v is not new:
                raise TheoryError(f"clause {head}: its body speaks of {v.data[0]}, which the head does not bind")
        bound.add(new)
    return Clause(head, guards)


def measured(g: Guard) -> Any:
    """The variable for which a premise finds the best number, if nothing has bound it: the c of ``at_least(x, c)``."""
    return g.args[1] if g.predicate.tightest and _literal(g.args[1]) and not _literal(g.args[0]) else None


def _literal(t: Term) -> bool:
    return isinstance(t, LVar) and t.data[1] == "literal"


def canonical_head(head: Term) -> Term:
    """The pattern of a head in canonical form."""
    order = variables(head)
    return head if isinstance(head, LVar) else instantiate(template(head, order), order)


def head_op(c: Clause) -> Op | None:
    """The operator of the canonical terms that a head matches; None: an implication between predicates."""
    head = c.head.args[0]
    if isinstance(head, LVar):
        return None
    return canonical_head(head).op if head.op in algebra().special else head.op


class Entry:
    """A clause made ready: what its head binds, and programs for its premises.

    ``measures``: it says itself for which number its head holds; else it waits for a question that names one.
    """

    __slots__ = ("body", "clause", "kinds", "loose", "matcher", "measures", "number", "op", "order", "own", "pattern",
                 "premises", "rest", "split")

    def __init__(self, c: Clause, loose: bool = False) -> None:
        self.clause, self.body = c, c.body
        self.matcher: Any = None
        head, self.rest = c.head.args[0], c.head.args[1:]
        self.kinds = head.data[2] if isinstance(head, LVar) else None
        self.pattern = canonical_head(head)
        self.op = self.pattern.op
        own = self.own = variables(self.pattern)
        self.order = tuple(dict.fromkeys((*own, *variables(*self.rest), *variables(*[a for g in c.body for a in g.args]))))
        found = [v for g in c.body if (v := measured(g)) is not None and v not in own]
        self.measures = bool(c.head.predicate.tightest) and self._measures(set(own))
        self.number = template(self.rest[0], self.order) if self.measures else None
        # Of x + y in a sum of many, halves: any two parts would do for the clauses of two operands, and there are 2**n pairs.
        self.split = self.op in algebra().groups and len(self.pattern.args) == 2 == len(own) and all(
            isinstance(a, LVar) and a.data[1] == "term" for a in self.pattern.args)
        # A matcher does not know the operands beside the term: it yields all, to be tried.
        self.loose = loose or self.split or bool(self.rest) or bool(found)
        self.premises: tuple[tuple[Predicate, tuple[int | Template, ...]], ...] = tuple(
            (g.predicate, tuple(self.order.index(a) if a in self.order else template(a, self.order) for a in g.args))
            for g in c.body)

    def _measures(self, known: set[Term]) -> bool:
        for g in self.body:
            if (v := measured(g)) is not None:
                known.add(v)
            if not known.issuperset(variables(*g.args)):
                return False
        return known.issuperset(variables(*self.rest))

    def rule(self, guards: tuple[Guard, ...]) -> Rule:
        """What the matcher compiler takes: the head as a left side."""
        name, p = self.clause.head.name, self.pattern
        return Rule(name, "->", p, p, guards, variables(self.clause.head.args[0]), Relation(name, p, p))

    def goals(self, binding: Sequence[Term], best: Callable[[Predicate, Term], Number | None]) -> Iterator[Goal]:
        """The premises for what the head bound; a number that nothing has bound is the best one, and stays open without one."""
        known: list[Any] = [*binding, *[None] * (len(self.order) - len(binding))]

        def operand(a: int | Template) -> Term:
            return known[a] if isinstance(a, int) else instantiate(a, self._closed(known), build)
        for predicate, args in self.premises:
            first, *others = args
            t = operand(first)
            for i in others:
                if isinstance(i, int) and known[i] is None:
                    number = best(predicate, t)
                    known[i] = self.order[i] if number is None else weak(number)
            yield predicate, (t, *map(operand, others))

    def computed(self, binding: Sequence[Term], goals: Sequence[Goal]) -> Number | None:
        """The number for which the head holds, as the premises that are proved say."""
        assert self.number is not None
        known: list[Any] = [*binding, *[None] * (len(self.order) - len(binding))]
        for (_, args), (_, proved) in zip(self.premises, goals, strict=True):
            for i, a in zip(args, proved, strict=True):
                if isinstance(i, int):
                    known[i] = a
        return outward(self.number, known, self.clause.head.predicate.tightest)

    def _closed(self, known: Sequence[Term | None]) -> list[Term]:
        return [v if t is None else t for t, v in zip(known, self.order, strict=True)]

    def bindings(self, t: Term, others: Sequence[Term] | None) -> Iterator[tuple[Any, ...]]:
        """What the head's variables are, each way in which it matches; the premises are not looked at where it is loose.

        ``others`` are the numbers of the question; None: they are asked for, and what stands for them is None.
        """
        if others is not None and len(self.rest) != len(others):
            return
        n = len(self.own)
        if self.kinds is not None:
            own: Iterable[Any] = ((t,),) if t.type is UNKNOWN or t.type.dtype.kind in self.kinds else ()
        elif self.split:
            own = self._halves(t)
        else:  # a clause is about all of the operands of a flat node
            own = (b for b, left in self.matcher(t) if not left)
        for b in own:
            whole = b[:n] if others is None else self._rest(b[:n], others)
            if whole is not None:
                yield whole

    def _halves(self, t: Term) -> Iterator[tuple[Term, Term]]:
        """The operands of a flat node in two parts, one for each variable, both ways round."""
        middle = len(t.args) // 2
        left, right = join(t.op, list(t.args[:middle])), join(t.op, list(t.args[middle:]))
        x, y = self.order[:2]
        for a, b in ((left, right), (right, left)):
            if a.type.dtype.kind in x.data[2] and b.type.dtype.kind in y.data[2]:
                yield a, b

    def _rest(self, binding: tuple[Term, ...], others: Sequence[Term]) -> tuple[Term, ...] | None:
        known = dict(zip(self.order, binding, strict=False))
        for p, o in zip(self.rest, others, strict=True):
            if isinstance(p, LVar):
                if p.data[1] == "literal" and o.op is not CONST:
                    return None
                before = known.setdefault(p, o)
                if before is not o and not _same(before, o):
                    return None
            elif not _same(instantiate(template(p, tuple(known)), tuple(known.values()), build) if p.args else p, o):
                return None  # the number for which the head holds, computed of what it binds
        return tuple(known.values())


def _same(p: Term, o: Term) -> bool:
    """Whether two operands beside the term are equal: numbers by value, attributes by what they are."""
    if p.op is CONST and o.op is CONST:
        return np.ndim(p.data) == np.ndim(o.data) == 0 and bool(p.data == o.data)
    return p is o or (p.op is ATTRIBUTE and o.op is ATTRIBUTE and p.data == o.data)


def with_matchers(entries: Sequence[Entry], holds: Callable[..., bool], title: str) -> None:
    """Compile the matchers of heads; those that are not loose test the premises inside."""
    needed = [e for e in entries if not e.split]
    if needed:
        rules = [e.rule(() if e.loose else e.body) for e in needed]
        for e, m in zip(needed, compile_matchers(rules, holds, title, every=True), strict=True):
            e.matcher = m
