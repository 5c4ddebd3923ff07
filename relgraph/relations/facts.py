"""Facts: what can be proved about a term, by Horn clauses over predicates; unknown means no.

A goal is a predicate and its operands.  Clauses are found by predicate and operator.  What was proved, and what certainly
cannot be, is remembered at the term, so that each goal is tried once: a failure counts as certain when it rests on no
goal that is still being tried (the strongly connected components of Tarjan, 1972).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..terms.elementwise import assume_
from ..terms.term import ATTRIBUTE, CONST, Op, Term
from ..terms.type import UNKNOWN, Type
from .clauses import Clause, Entry, Goal, clause, with_matchers
from .possible import Possible
from .predicates import OF_TYPES, Predicate, implied_bound

__all__ = ["Clause", "FactBase", "Goal", "Reason", "clause"]

DEPTH = 40  # steps of a proof on the stack; what lies deeper is proved first
BUDGET = 50_000  # goals that one question may lead to; after that, unknown
_ids = itertools.count()

@dataclass(frozen=True, eq=False)
class Reason:
    """Why a goal holds: a clause with its premises, or what is known without one."""

    kind: Literal["clause", "assumed", "number", "type", "same"]
    clause: Clause | None = None
    premises: tuple[Goal, ...] = ()


_NUMBER, _TYPE = Reason("number"), Reason("type")
_IDENTITIES = "identity"  # the kind of rows whose value is their operand
_UNTRIED: Any = object()


class _Query(threading.local):
    """The goals that a thread is trying, and failures that rest on them."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.running: dict[Any, int] = {}  # goal -> its place on the stack
        self.low: list[int] = []  # for each: the lowest place that a failure inside it rests on
        self.failed: dict[Any, int] = {}  # goals that failed, but perhaps only for the goal at this place
        self.cut: list[Goal] = []  # goals that were too deep
        self.tried: list[Term] = []  # kept, as their memos are: terms made for a premise would be tried again and again


class FactBase:
    """Clauses, indexed by predicate and operator, with a memo per term."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)
        self.key = next(_ids)
        self._query = _Query()
        self._possible: Possible | None = None
        self._by_predicate: dict[str, dict[Op | None, list[Entry]]] | None = None
        self._compiled: dict[tuple[str, Op | None], list[Entry]] = {}
        self._reach: dict[str, tuple[frozenset[Op], str]] = {}

    # -- the index ----------------------------------------------------------------------------------------------------------

    def _heads(self, name: str) -> dict[Op | None, list[Entry]]:
        """The clauses of a predicate by the operator of their heads; None: an implication between predicates."""
        index = self._by_predicate
        if index is None:
            grouped: dict[str, list[Clause]] = {}
            for c in self.clauses:
                grouped.setdefault(c.head.name, []).append(c)
            index = self._by_predicate = {}
            self._grouped = grouped
        found = index.get(name)
        if found is None:
            found = {}
            for c in self._grouped.get(name, ()):
                e = Entry(c)
                found.setdefault(None if e.kinds is not None else e.op, []).append(e)
            index[name] = found
        return found

    def entries(self, name: str, op: Op | None) -> list[Entry]:
        """The clauses of a predicate and an operator, with matchers that are compiled on first use."""
        found = self._compiled.get((name, op))
        if found is None:
            found = self._heads(name).get(op, [])
            if op is not None:
                with_matchers(found, self.holds, f"facts {name}")
            self._compiled[name, op] = found
        return found

    def _reachable(self, name: str) -> tuple[frozenset[Op], str]:
        """The operators, and the kinds of dtypes, of which a predicate may be proved, implications included."""
        found = self._reach.get(name)
        if found is None:
            names, ops, kinds = [name], set[Op](), ""
            for n in names:  # grows
                heads = self._heads(n)
                ops |= {op for op in heads if op is not None}
                for e in heads.get(None, ()):
                    own = [g.predicate for g in e.body if g.args[0] is e.pattern and g.predicate.scope not in OF_TYPES]
                    if not own:
                        kinds += e.kinds or ""
                    names += [p.name for p in own if p.name not in names]
            found = self._reach[name] = (frozenset(ops), kinds)
        return found

    def candidates(self, predicate: Predicate, args: Sequence[Term]) -> Iterator[tuple[Clause, tuple[Goal, ...]]]:
        """Every clause whose head matches, with its premises, proved or not: for explanations."""
        t, others = args[0], args[1:]
        for op in (t.op, None):
            same = [Entry(e.clause, loose=True) for e in self._heads(predicate.name).get(op, ())]
            if op is not None:
                with_matchers(same, self.holds, "facts")
            for e in same:
                for binding in itertools.islice(e.bindings(t, others), 4):
                    yield e.clause, tuple(e.goals(binding))

    # -- questions ----------------------------------------------------------------------------------------------------------

    def holds(self, predicate: Predicate, args: Sequence[Term]) -> bool:
        """Can the predicate be proved of these operands?"""
        return self.reason(predicate, args) is not None

    def reason(self, predicate: Predicate, args: Sequence[Term]) -> Reason | None:
        """Why it can, or None."""
        t = args[0]
        if predicate.scope in OF_TYPES:
            return _TYPE if type(t.type) is Type and _of_type(predicate, t.type, args[1:]) else None
        if predicate.scope == "matrix":
            if self._possible is None:
                self._possible = Possible(self.clauses, self.key)
            if not self._possible.structure(predicate.name, t):
                return None
        key = (self.key, predicate) if len(args) == 1 else (self.key, predicate, *args[1:])
        if t.memo is not None and (known := t.memo.get(key, _UNTRIED)) is not _UNTRIED:
            return known
        if t.type is UNKNOWN and t.op is not CONST:
            return None
        if t.op is CONST:
            return _remembered(t, key, _NUMBER if _of_number(predicate, t, args[1:]) else None)
        if t.op.kind != _IDENTITIES:
            ops, kinds = self._reachable(predicate.name)
            if t.op not in ops and (type(t.type) is not Type or t.type.dtype.kind not in kinds):
                return None
        query = self._query
        if query.running:
            return self._inner(predicate, tuple(args), key)
        try:
            return self._outer(predicate, tuple(args), key)
        finally:
            query.reset()

    def _outer(self, predicate: Predicate, args: tuple[Term, ...], key: Any) -> Reason | None:
        """A question from outside: what turns out to be too deep is proved first, from a list, not from the stack."""
        query = self._query
        todo: list[tuple[Predicate, tuple[Term, ...], Any]] = [(predicate, args, key)]
        seen = {(args[0], key)}
        found: Reason | None = None
        while todo:
            p, a, k = todo[-1]
            found = self._inner(p, a, k)
            deeper = []
            if found is None and len(query.tried) < BUDGET:
                for q, b in query.cut:
                    k2 = (self.key, q, *b[1:])
                    if (b[0], k2) not in seen:
                        seen.add((b[0], k2))
                        deeper.append((q, b, k2))
            query.running, query.low, query.failed, query.cut = {}, [], {}, []
            if deeper:
                todo += deeper
                continue
            todo.pop()
            _remembered(a[0], k, found)
        return found

    def _inner(self, predicate: Predicate, args: tuple[Term, ...], key: Any) -> Reason | None:
        """A goal on the stack; a failure is remembered as soon as it rests on nothing that is still being tried."""
        query = self._query
        t = args[0]
        goal = (t, key)
        place = len(query.low)
        at = query.running.get(goal, query.failed.get(goal))
        if at is not None or place > DEPTH or len(query.tried) > BUDGET:
            if at is None:
                query.cut.append((predicate, args))
                at = -1
            if query.low:
                query.low[-1] = min(query.low[-1], at)
            return None
        query.running[goal] = place
        query.low.append(place)
        query.tried.append(t)
        before = len(query.failed)
        try:
            found = self._prove(predicate, t, args[1:])
        finally:
            low = query.low.pop()
            del query.running[goal]
        inside = list(itertools.islice(query.failed, before, None))
        if found is not None or low >= place:
            for u, k in inside:  # they took this goal for unprovable: wrongly, or now for certain
                if query.failed[u, k] >= 0:  # else something was too deep, and will be tried first when all is tried again
                    del query.failed[u, k]
                if found is None:
                    _remembered(u, k, None)
            return _remembered(t, key, found)
        query.failed[goal] = low
        if query.low:
            query.low[-1] = min(query.low[-1], low)
        return None

    def _prove(self, predicate: Predicate, t: Term, others: tuple[Term, ...]) -> Reason | None:
        if t.op.kind == _IDENTITIES:
            if t.op is assume_ and implied_bound(predicate, [x.data for x in others], t.args[1].data):
                return Reason("assumed")
            if self.holds(predicate, (t.args[0], *others)):
                return Reason("same", None, ((predicate, (t.args[0], *others)),))
        for e in self.entries(predicate.name, t.op):
            for binding in e.bindings(t, others):
                if not e.loose or all(self.holds(p, a) for p, a in e.goals(binding)):
                    return Reason("clause", e.clause, tuple(e.goals(binding)))
        for e in self.entries(predicate.name, None):
            for binding in e.bindings(t, others):
                if all(self.holds(p, a) for p, a in e.goals(binding)):
                    return Reason("clause", e.clause, tuple(e.goals(binding)))
        return None


def _remembered(t: Term, key: Any, found: Reason | None) -> Reason | None:
    if t.memo is None:
        t.memo = {}
    t.memo[key] = found
    return found


def _of_number(predicate: Predicate, t: Term, others: Sequence[Term]) -> bool:
    if any(x.op is not CONST and x.op is not ATTRIBUTE for x in others):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(predicate.holds(np.asarray(t.data), *[x.data for x in others])))


def _of_type(predicate: Predicate, type_: Type, others: Sequence[Term]) -> bool:
    """A property of dtype or shape, read off the type; what a symbolic size leaves open is unknown."""
    try:
        return bool(predicate.holds(type_, *[x.data if x.op is CONST or x.op is ATTRIBUTE else x.type for x in others]))
    except (AttributeError, IndexError, TypeError):
        return False
