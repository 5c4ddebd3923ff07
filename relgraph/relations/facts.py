"""Facts: what can be proved about a term, by Horn clauses over predicates; unknown means no.

A goal is a predicate and its operands.  Clauses are found by predicate and operator.  What was proved, and what certainly
cannot be, is remembered at the term, so that each goal is tried once: a failure counts as certain when it rests on no
goal that is still being tried (the strongly connected components of Tarjan, 1972).

A predicate with a number, `at_least`, is measured: its goal is the best number that clauses prove, of all of them, and a
question compares.  So one proof answers for every number, and bounds of a sum are sums of bounds.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..terms.elementwise import assume_
from ..terms.term import CONST, Op, Term, weak
from ..terms.type import UNKNOWN, Type
from .clauses import Clause, Entry, Goal, clause, head_op, with_matchers
from .outward import Number, as_number, at_least_as_good
from .possible import Possible
from .predicates import OF_TYPES, READ_OFF, Predicate, claimed_number, implied_bound
from .reasons import Reason, better, of_constant, of_number, of_terms, of_type

__all__ = ["Clause", "FactBase", "Goal", "Reason", "clause"]

DEPTH = 40  # steps of a proof on the stack; what lies deeper is proved first
BUDGET = 50_000  # goals that one question may lead to; after that, unknown
_ids = itertools.count()

_NUMBER, _TYPE, _READ = Reason("number"), Reason("type"), Reason("read")
_IDENTITIES = "identity"  # the kind of rows whose value is their operand
_UNTRIED: Any = object()


class _Query(threading.local):
    """The goals that a thread is trying, and failures that rest on them."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.running: dict[Any, int] = {}  # goal -> its place on the stack
        self.low: list[int] = []  # for each: the lowest place that a failure inside it rests on
        self.failed: dict[Any, tuple[int, Reason | None]] = {}  # what was found: too little, or perhaps, for a goal at a place
        self.cut: list[tuple[Predicate, tuple[Term, ...], Any]] = []  # goals that were too deep
        self.tried: list[Term] = []  # kept, as their memos are: terms made for a premise would be tried again and again


class FactBase:
    """Clauses, indexed by predicate and operator, with a memo per term."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)
        self.key = next(_ids)
        self._query = _Query()
        self._possible: Possible | None = None
        self._by_predicate: dict[str, dict[Op | None, list[Clause]]] | None = None
        self._compiled: dict[tuple[str, Op | None], list[Entry]] = {}
        self._reach: dict[str, tuple[frozenset[Op], str]] = {}

    # -- the index ----------------------------------------------------------------------------------------------------------

    def _heads(self, name: str) -> dict[Op | None, list[Clause]]:
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
                found.setdefault(head_op(c), []).append(c)
            index[name] = found
        return found

    def entries(self, name: str, op: Op | None) -> list[Entry]:
        """The clauses of a predicate and an operator, with matchers that are compiled on first use."""
        found = self._compiled.get((name, op))
        if found is None:
            found = [Entry(c) for c in self._heads(name).get(op, ())]
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
                for c in heads.get(None, ()):
                    v: Any = c.head.args[0]
                    own = [g.predicate for g in c.body if g.args[0] is v and g.predicate.scope not in READ_OFF]
                    if not own:
                        kinds += v.data[2]
                    names += [p.name for p in own if p.name not in names]
            found = self._reach[name] = (frozenset(ops), kinds)
        return found

    def _about_matrices(self) -> Sequence[Clause]:
        """The clauses that say what structure a matrix has."""
        return [c for c in self.clauses if c.head.predicate.scope == "matrix"]

    def candidates(self, predicate: Predicate, args: Sequence[Term]) -> Iterator[tuple[Clause, tuple[Goal, ...]]]:
        """Every clause whose head matches, with its premises, proved or not: for explanations."""
        t, others = args[0], args[1:]
        for op in (t.op, None):
            same = [Entry(c, loose=True) for c in self._heads(predicate.name).get(op, ())]
            if op is not None:
                with_matchers(same, self.holds, "facts")
            for e in same:
                for binding in itertools.islice(e.bindings(t, None if e.measures else others), 4):
                    yield e.clause, tuple(e.goals(binding, self.number))

    # -- questions ----------------------------------------------------------------------------------------------------------

    def holds(self, predicate: Predicate, args: Sequence[Term]) -> bool:
        """Can the predicate be proved of these operands?"""
        return self.reason(predicate, args) is not None

    def reason(self, predicate: Predicate, args: Sequence[Term]) -> Reason | None:
        """Why it can, or None."""
        t = args[0]
        if predicate.scope in OF_TYPES:
            return _TYPE if type(t.type) is Type and of_type(predicate, t.type, args[1:]) else None
        if predicate.scope == "term":
            return _READ if type(t.type) is Type and of_terms(predicate, args) else None
        return self._asked(predicate, args, (self.key, predicate) if len(args) == 1 else (self.key, predicate, *args[1:]))

    def best(self, predicate: Predicate, t: Term) -> Reason | None:
        """The tightest number for which a predicate can be proved of a term, with the proof; None if there is none."""
        return self._asked(predicate, (t,), (self.key, predicate, None))

    def number(self, predicate: Predicate, t: Term) -> Number | None:
        """The tightest number alone."""
        found = self.best(predicate, t)
        return None if found is None else found.number

    def _asked(self, predicate: Predicate, args: Sequence[Term], key: Any) -> Reason | None:
        t = args[0]
        if predicate.scope == "matrix":
            if self._possible is None:
                self._possible = Possible(self._about_matrices(), self.key)
            if not self._possible.structure(predicate.name, t):
                return None
        if t.memo is not None and (known := t.memo.get(key, _UNTRIED)) is not _UNTRIED:
            return known
        if t.type is UNKNOWN and t.op is not CONST:
            return None
        if t.op is CONST:
            return _remembered(t, key, of_constant(predicate, t) if key[-1] is None
                               else _NUMBER if of_number(predicate, t, args[1:]) else None)
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
            if (found is None or k[-1] is None) and len(query.tried) < BUDGET:
                for q, b, k2 in query.cut:
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
        """A goal on the stack; a failure is remembered as soon as it rests on nothing that is still being tried.

        So is the best number: one that was found while another goal was being tried may not be the best.
        """
        query = self._query
        t = args[0]
        goal = (t, key)
        place = len(query.low)
        at, found = query.failed.get(goal, (query.running.get(goal), None))
        if at is not None or place > DEPTH or len(query.tried) > BUDGET:
            if at is None:
                query.cut.append((predicate, args, key))
                at = -1
            if query.low:
                query.low[-1] = min(query.low[-1], at)
            return found
        query.running[goal] = place
        query.low.append(place)
        query.tried.append(t)
        before = len(query.failed)
        try:
            found = self._measured(predicate, t) if key[-1] is None else self._prove(predicate, t, args[1:])
        finally:
            low = query.low.pop()
            del query.running[goal]
        if low >= place or found is not None:
            for u, k in list(itertools.islice(query.failed, before, None)):
                # they took this goal for unprovable: wrongly, or now for certain
                if query.failed[u, k][0] >= 0:  # else something was too deep, and will be tried first when all is tried again
                    _, less = query.failed.pop((u, k))
                    if found is None:
                        _remembered(u, k, less)
            if low >= place or key[-1] is not None:
                return _remembered(t, key, found)
        query.failed[goal] = low, found
        if query.low:
            query.low[-1] = min(query.low[-1], low)
        return found

    def _prove(self, predicate: Predicate, t: Term, others: tuple[Term, ...]) -> Reason | None:
        if t.op.kind == _IDENTITIES:
            if t.op is assume_ and implied_bound(predicate, [x.data for x in others], t.args[1].data):
                return Reason("assumed")
            if self.holds(predicate, (t.args[0], *others)):
                return Reason("same", None, ((predicate, (t.args[0], *others)),))
        if predicate.tightest:
            wanted = as_number(others[0])
            if wanted is None:
                return None
            found = self.best(predicate, t)
            if found is not None and found.number is not None and at_least_as_good(predicate.tightest, found.number, wanted):
                return found
        for e in (*self.entries(predicate.name, t.op), *self.entries(predicate.name, None)):
            if e.measures:
                continue
            for binding in e.bindings(t, others):
                if not e.loose and e.kinds is None:  # its matcher has tested the premises
                    return Reason("clause", e.clause, tuple(e.goals(binding, self.number)))
                goals = self._proved(e, binding)
                if goals is not None:
                    return Reason("clause", e.clause, goals)
        return None

    def _measured(self, predicate: Predicate, t: Term) -> Reason | None:
        """The best of the numbers that assumptions and clauses give."""
        best: Reason | None = None
        if t.op.kind == _IDENTITIES:
            inner = self.best(predicate, t.args[0])
            if inner is not None and inner.number is not None:
                best = Reason("same", None, ((predicate, (t.args[0], weak(inner.number))),), inner.number)
            claimed = claimed_number(predicate, t.args[1].data) if t.op is assume_ else None
            if claimed is not None:
                best = better(predicate, best, Reason("assumed", number=as_number(weak(claimed))))
        for e in (*self.entries(predicate.name, t.op), *self.entries(predicate.name, None)):
            if not e.measures:
                continue
            for binding in e.bindings(t, None):
                goals = self._proved(e, binding)
                if goals is not None:
                    best = better(predicate, best, Reason("clause", e.clause, goals, e.computed(binding, goals)))
        return best

    def _proved(self, e: Entry, binding: Sequence[Term]) -> tuple[Goal, ...] | None:
        """The premises of a clause, if all of them can be proved."""
        goals = []
        for g in e.goals(binding, self.number):
            if not self.holds(*g):
                return None
            goals.append(g)
        return tuple(goals)


def _remembered(t: Term, key: Any, found: Reason | None) -> Reason | None:
    if t.memo is None:
        t.memo = {}
    t.memo[key] = found
    return found
