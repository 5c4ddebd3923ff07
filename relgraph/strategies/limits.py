"""How long a strategy may run, and what is said when it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..errors import BudgetError, Interrupted
from ..terms.term import Term
from .combinators import check_type
from .machine import AnyStrategy, Run, Scope, Steps, Strategy
from .trail import Fired, kept

__all__ = ["Outcome", "limit", "run_strategy"]


@dataclass(frozen=True, repr=False)
class limit(Strategy):
    """``limit(n, s)(t) = s(t)`` with rules that change the term n times at most, and do not apply after that.

    So fixpoints and traversals inside end with what was reached, quietly; `run_strategy` tells.  A rule is any callable
    that is not made of combinators.
    """

    n: int
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        return (yield Scope(self.n, self.s), t)


@dataclass(frozen=True)
class Outcome:
    """What came of a strategy: ``term`` is the one given where it did not apply (``applied`` is False)."""

    term: Term
    changed: bool
    steps: int  # how often a rule changed a term, results thrown away by `where`, `not_` or a failing `seq` included
    stopped: Literal["done", "budget", "interrupted"]
    last: tuple[str, ...]  # the rules that fired last, latest last
    applied: bool = True
    kept: tuple[Fired, ...] = field(default=(), compare=False, repr=False)  # the changes the term is made of, in order


def run_strategy(s: AnyStrategy, term: Term, *, budget: int | None = None,
                 on_event: Callable[[Fired], None] | None = None) -> Outcome:
    """Apply a strategy and say what came of it; ``on_event`` is told of every rule that fires.

    With ``budget=n`` it stops quietly after n steps (``outcome.stopped == "budget"``), as `limit` does.  Without, a run
    that looks endless raises BudgetError, and Ctrl-C raises Interrupted (a KeyboardInterrupt); both carry the
    ``outcome`` reached.  Raises TypeNotPreserved if the result has another type than the term.

    >>> run_strategy(attempt(fail), x).stopped
    'done'
    """
    run = Run(term, budget, on_event=on_event, record=True)
    try:
        found = run.apply(s, term)
    except BudgetError as e:
        e.outcome = _again(s, term, run, "budget")
        raise
    except KeyboardInterrupt:
        stopped = Interrupted()
        stopped.outcome = _again(s, term, run, "interrupted")
        raise stopped from None
    return _outcome(s, term, run, found, "budget" if run.cut else "done")


def _again(s: AnyStrategy, term: Term, run: Run, stopped: Literal["budget", "interrupted"]) -> Outcome:
    replay = run.replay()
    return _outcome(s, term, run, replay.apply(s, term), stopped, replay)


def _outcome(s: AnyStrategy, term: Term, run: Run, found: Term | None,
             stopped: Literal["done", "budget", "interrupted"], made: Run | None = None) -> Outcome:
    if found is None or found is term:
        return Outcome(term, False, run.steps, stopped, run.names(), applied=found is not None)
    check_type(s, term, found)
    return Outcome(found, True, run.steps, stopped, run.names(), kept=kept((made or run).trail))
