"""Facts: what can be proved about a term, by Horn clauses over predicates; unknown means no."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import TheoryError
from ..terms.elementwise import assume_
from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term
from ..terms.type import UNKNOWN, Type
from .canonical import build
from .matcher import compile_matchers
from .predicates import Guard, Predicate, all_of
from .relation import Relation, Rule
from .template import instantiate, template, variables

__all__ = ["Clause", "FactBase", "clause"]

DEPTH = 40  # proofs that need more steps than this count as unknown
_ids = itertools.count()


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

    Raises TheoryError if the body speaks of a variable that the head does not bind.
    """
    guards = tuple(g for b in body for g in all_of(b))
    bound = set(variables(*head.args))
    for g in guards:
        for v in variables(*g.args):
            if v not in bound:
                raise TheoryError(f"clause {head}: its body speaks of {v.data[0]}, which the head does not bind")
    return Clause(head, guards)


class _Query(threading.local):
    """The proof that a thread is at: how deep, and what failed with how many steps left, which keeps it polynomial."""

    def __init__(self) -> None:
        self.depth = 0
        self.failed: dict[Any, int] = {}


class FactBase:
    """Clauses, indexed by predicate and operator, with a memo per term."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)
        self.key = next(_ids)
        self._running = _Query()
        self._index: dict[tuple[str, Op | None], list[tuple[Clause, Any]]] | None = None

    def _indexed(self) -> dict[tuple[str, Op | None], list[tuple[Clause, Any]]]:
        """Matchers of heads, compiled on first use; a head that is a variable is an implication between predicates."""
        if self._index is None:
            index: dict[tuple[str, Op | None], list[tuple[Clause, Any]]] = {}
            rules = []
            for c in self.clauses:
                pattern = c.head.args[0]
                if isinstance(pattern, LVar):
                    index.setdefault((c.head.name, None), []).append((c, None))
                    continue
                order = variables(pattern)
                lhs = instantiate(template(pattern, order), order)
                relation = Relation(c.head.name, pattern, pattern)
                rules.append((c, Rule(c.head.name, "->", lhs, lhs, c.body, variables(pattern), relation)))
            matchers = compile_matchers([r for _, r in rules], self.holds, "facts")
            for (c, rule), matcher in zip(rules, matchers, strict=True):
                index.setdefault((c.head.name, rule.lhs.op), []).append((c, matcher))
            self._index = index
        return self._index

    def holds(self, predicate: Predicate, args: Sequence[Term]) -> bool:
        """Can the predicate be proved of these operands?"""
        t = args[0]
        key = (self.key, predicate) if len(args) == 1 else (self.key, predicate, *args[1:])
        if t.memo is not None and key in t.memo:
            return t.memo[key]
        query = self._running
        left = DEPTH - query.depth
        if left < 0 or query.failed.get((t, key), -1) >= left:
            return False
        query.failed[t, key] = left  # while it is being proved, it proves nothing
        query.depth += 1
        try:
            found = self._prove(predicate, t, tuple(args[1:]))
        finally:
            query.depth -= 1
            whole = query.depth == 0
            if whole:
                query.failed.clear()
        if found or whole:  # a failure further down may be due to the depth, or to what is being proved above
            if t.memo is None:
                t.memo = {}
            t.memo[key] = found
        return found

    def _prove(self, predicate: Predicate, t: Term, others: tuple[Term, ...]) -> bool:
        if t.type is UNKNOWN and t.op is not CONST:
            return False
        values = [x.type if type(x.type) is Type and predicate.scope in ("shape", "dtype") else x.data for x in others]
        if predicate.scope in ("shape", "dtype"):
            return type(t.type) is Type and _of_type(predicate, t.type, values)
        if t.op is CONST:
            if any(x.op is not CONST and x.op is not ATTRIBUTE for x in others):
                return False
            with np.errstate(all="ignore"):
                return bool(np.all(predicate.holds(np.asarray(t.data), *values)))
        if t.op is assume_:
            return predicate.name in t.args[1].data or self.holds(predicate, (t.args[0], *others)) \
                or self._implied(predicate, t, others)
        for c, matcher in self._indexed().get((predicate.name, t.op), ()):
            if (not others or _same_rest(c.head.args[1:], others)) and matcher(t) is not None:
                return True
        return self._implied(predicate, t, others)

    def _implied(self, predicate: Predicate, t: Term, others: tuple[Term, ...]) -> bool:
        for c, _ in self._indexed().get((predicate.name, None), ()):
            order = variables(*c.head.args)
            if len(order) != 1 + len(others):
                continue
            binding = (t, *others)
            if all(self.holds(g.predicate, tuple(_value(a, order, binding) for a in g.args)) for g in c.body):
                return True
        return False



def _same_rest(pattern: Sequence[Term], others: Sequence[Term]) -> bool:
    return len(pattern) == len(others) and all(p is o or (p.op is CONST and o.op is CONST and p.data == o.data)
                                               for p, o in zip(pattern, others, strict=True))


def _value(pattern: Term, order: Sequence[Term], binding: Sequence[Term]) -> Term:
    return instantiate(template(pattern, order), binding, build)


def _of_type(predicate: Predicate, type_: Type, values: Sequence[Any]) -> bool:
    """A property of dtype or shape, read off the type; what a symbolic size leaves open is unknown."""
    try:
        return bool(predicate.holds(type_, *values))
    except (AttributeError, IndexError, TypeError):
        return False
