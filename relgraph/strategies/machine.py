"""What runs a strategy: an explicit stack of generators and a memo, so that a term may be of any depth and any sharing.

A combinator is written as the recursive definition it is, as a generator: where the definition says ``s(t)`` it says
``yield s, t``.  What is yielded is worked out here, never on Python's stack, and what a traversal made of a term is
remembered for the length of the run: a strategy is a function of the term, and a shared term is visited once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeAlias, final

from ..errors import BudgetError, MisuseError
from ..terms.term import Term, _short, toposort
from .trail import Fired, Trail

__all__ = ["AnyStrategy", "Run", "Scope", "Steps", "Strategy", "another_round", "name_of"]

AnyStrategy: TypeAlias = Callable[[Term], Term | None]
Steps: TypeAlias = Generator[tuple[AnyStrategy, Term], Term | None, Term | None]

FREE_STEPS, STEPS_PER_NODE = 10_000, 100  # the budget of a run that was given none
_LAST = 8  # rules that an error message names


def name_of(s: Any) -> str:
    """How a strategy prints: a function by its name, anything else by its ``repr``."""
    name = getattr(s, "__name__", None)
    return name if isinstance(name, str) else repr(s)


@dataclass(frozen=True, repr=False)
class Strategy:
    """A strategy made of others: call it with a term; it prints itself as it was written."""

    remembered: ClassVar[bool] = False  # one answer per term and run; for what descends a term
    normalizing: ClassVar[bool] = False  # what it returns it would return unchanged
    rounds: ClassVar[bool] = False  # a fixpoint, which asks for `another_round` after every change

    def steps(self, t: Term) -> Steps:
        """The definition: yields ``(strategy, term)`` and is sent the answer."""
        raise NotImplementedError(f"{type(self).__name__}: a strategy defines steps(t)")

    def __call__(self, t: Term) -> Term | None:
        return Run(t).apply(self, t)

    def __repr__(self) -> str:
        parts: list[str] = []
        for f in fields(self):
            value = getattr(self, f.name)
            parts += [name_of(v) for v in (value if isinstance(value, tuple) else (value,))]
        return f"{type(self).__name__}({', '.join(parts)})"


@dataclass(frozen=True)
class Scope:
    """A request to apply ``s`` in a run of its own, in which rules change the term at most ``allowed`` times."""

    allowed: int
    s: AnyStrategy

    def __call__(self, t: Term) -> Term | None:
        return Run(t, self.allowed).apply(self.s, t)


def another_round(t: Term) -> Term | None:
    """A request of fixpoints: may it go on?  None where no steps are left.

    A round that changed the term by remembered answers only, no rule having fired, counts as one step: else a fixpoint
    that never ends would not be noticed.
    """
    return t


class _Started:
    """In a memo: the answer is being worked out."""


_STARTED: Any = _Started()


@final
class Run:
    """One application of a strategy: the memo, the count of steps, the rules that fired last.  Mutable, of one thread.

    A step is a rule that changed a term.  A run that was ``allowed`` a number of steps lets no rule apply beyond it, so
    that it ends by itself with what was reached; any other run raises BudgetError when it looks endless.
    """

    __slots__ = ("allowed", "budget", "clocks", "cut", "fired", "last", "made_by", "on_event", "outer", "replaying", "root",
                 "spent", "steps", "tables", "trail")

    def __init__(self, root: Term, allowed: int | None = None, outer: Run | None = None, *,
                 on_event: Callable[[Fired], None] | None = None, record: bool = False) -> None:
        self.root, self.allowed, self.outer, self.on_event = root, allowed, outer, on_event
        self.steps = 0  # changes by rules, those inside scopes included
        self.spent = 0  # the same, a whole scope counted as one
        self.budget = FREE_STEPS  # of a run that was not allowed a number; more if the term is large
        self.clocks: dict[int, int] = {}  # steps when the fixpoint at this depth of the stack began its round
        self.cut = False  # did a rule not apply for want of steps?
        self.replaying = False
        self.last: deque[AnyStrategy] = deque(maxlen=_LAST)
        self.tables: dict[int, tuple[Strategy, dict[Term, Term | None]]] = {}  # by id: hashing a strategy is slow
        self.fired: dict[tuple[int, Term], tuple[AnyStrategy, Term]] | None = {} if record else None
        self.trail: list[Trail] | None = [[]] if record else None  # one for each strategy at work: what fired, if it counts
        self.made_by: dict[tuple[int, Term], Trail] = {}  # the trails of remembered answers

    def replay(self) -> Run:
        """A run that applies again what rules did in this one, and no rule besides: where an interrupted run stood."""
        again = Run(self.root, self.steps, record=True)
        again.fired, again.replaying = self.fired, True
        for s, table in self.tables.values():
            again._table(s).update((t, value) for t, value in table.items() if value is not _STARTED)
        again.made_by.update(self.made_by)
        return again

    def apply(self, strategy: AnyStrategy, term: Term) -> Term | None:
        """What the strategy makes of the term, or None."""
        stack: list[tuple[Steps, dict[Term, Term | None] | None, Strategy, Term]] = []
        s, t = strategy, term
        while True:
            if isinstance(s, Strategy):
                table = self._table(s) if s.remembered else None
                value = _STARTED if table is None else table.get(t, _STARTED)
                if value is _STARTED:
                    if table is not None:
                        if t in table:  # inside itself: only rules that run out of steps end it, no remembered answers
                            if self.allowed is None:
                                raise self._circular(s, t)
                            self.tables.clear()
                            table = self._table(s)
                        table[t] = _STARTED
                    stack.append((s.steps(t), table, s, t))
                    if self.trail is not None:
                        self.trail.append([])
                    if s.rounds:
                        self.clocks[len(stack)] = self.steps
                    value = None  # what starts a generator
                elif self.trail is not None and value is not None and (made := self.made_by.get((id(s), t))) is not None:
                    self.trail[-1].append(made)
            elif s is another_round:
                value = t if self._may_go_on(len(stack)) else None
            elif isinstance(s, Scope):
                value = self._within(s, t)
            else:
                value = self._fire(s, t)
            while stack:
                steps, table, owner, at = stack[-1]
                try:
                    s, t = steps.send(value)
                    break
                except StopIteration as end:
                    value = end.value
                    stack.pop()
                    if self.trail is not None:
                        self._keep(self.trail.pop(), owner, at, value)
                    if table is not None:
                        table[at] = value
            else:
                return value

    def _keep(self, made: Trail, owner: Strategy, at: Term, value: Term | None) -> None:
        """What fired inside a strategy counts if it made another term: else nothing came of it."""
        if made and value is not None and value is not at:
            assert self.trail is not None
            self.trail[-1].append(made)
            if owner.remembered:
                self.made_by[id(owner), at] = made

    def _table(self, s: Strategy) -> dict[Term, Term | None]:
        found = self.tables.get(id(s))
        if found is None:
            found = self.tables[id(s)] = s, _Normal() if s.normalizing else {}
        return found[1]

    def _within(self, scope: Scope, t: Term) -> Term | None:
        """The memo is the scope's own: what no rule was left for inside may well be changed outside."""
        inner = Run(t, scope.allowed, self, on_event=self.on_event)
        inner.fired, inner.replaying = self.fired, self.replaying
        inner.trail = None if self.trail is None else [[]]
        value = inner.apply(scope.s, t)
        if value is not None and value is not t:
            if self.trail is not None and inner.trail is not None:
                self.trail[-1].append(inner.trail[0])
            self._spend()
        return value

    def _fire(self, s: AnyStrategy, t: Term) -> Term | None:
        """Apply a rule and count it, unless a scope around it has no steps left."""
        if self.replaying:
            assert self.fired is not None
            value = self.fired.get((id(s), t), (s, None))[1]
        else:
            try:
                value = s(t)
            except Exception as e:
                e.add_note(f"while {name_of(s)} was applied to {_short(t)}: {t.type!r}")
                raise
        if value is None:
            return None
        if not isinstance(value, Term):
            raise MisuseError(f"{name_of(s)}: returned {value!r} for {_short(t)}; a strategy returns a term, or None where it "
                              "does not apply")
        if value is t:
            if self.fired is not None:
                self.fired[id(s), t] = s, value
            return value
        if self._exhausted():
            return None
        self._count(s)
        if self.trail is not None:
            self.trail[-1].append(Fired(s, t, value))
        if not self.replaying:
            if self.fired is not None:
                self.fired[id(s), t] = s, value
            if self.on_event is not None:
                self.on_event(Fired(s, t, value))
        self._spend()
        return value

    def _count(self, s: AnyStrategy | None) -> None:
        run: Run | None = self
        while run is not None:
            run.steps += 1
            if s is not None:
                run.last.append(s)
            run = run.outer

    def _may_go_on(self, depth: int) -> bool:
        if self.steps == self.clocks[depth]:
            if self._exhausted():
                return False
            self._count(None)
            self._spend()
        self.clocks[depth] = self.steps
        return True

    def _exhausted(self) -> bool:
        """Does a scope around here have no steps left?  Then everyone up to the top knows that something was cut off."""
        run: Run | None = self
        while run is not None:
            if run.allowed is not None and run.steps >= run.allowed:
                everyone: Run | None = self
                while everyone is not None:
                    everyone.cut = True
                    everyone = everyone.outer
                return True
            run = run.outer
        return False

    def _spend(self) -> None:
        self.spent += 1
        if self.allowed is not None or self.spent <= self.budget:
            return
        nodes = len(toposort(self.root))  # counted only here, since counting takes as long as a traversal
        self.budget = FREE_STEPS + STEPS_PER_NODE * nodes
        if self.spent > self.budget:
            raise BudgetError(f"{self.budget} steps on a term of {nodes} nodes, and no end: {self._fired_last()}; write "
                              "limit(n, s), or run_strategy(s, term, budget=n), to stop after n steps with what was reached")

    def _circular(self, s: Strategy, t: Term) -> BudgetError:
        return BudgetError(f"{s!r}: never ends, since what becomes of {_short(t)} contains {_short(t)} again: "
                           f"{self._fired_last()}; let the rule not apply to its own result, or write limit(n, s)")

    def _fired_last(self) -> str:
        return f"fired last: {', '.join(self.names())}"

    def names(self) -> tuple[str, ...]:
        """The rules that fired last, latest last."""
        return tuple(name_of(s) for s in self.last)


class _Normal(dict[Term, Term | None]):
    """The memo of a strategy that changes nothing in what it returns: an answer is its own answer."""

    def __setitem__(self, t: Term, value: Term | None) -> None:
        super().__setitem__(t, value)
        if isinstance(value, Term):
            super().setdefault(value, value)
