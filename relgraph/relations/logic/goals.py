"""Goals with miniKanren's meaning and calling convention: a goal takes a state and yields states.

They mix freely with stock goals in one `run`, ours or stock: a goal of ours lifts whatever state it is given to a `State`.
Answers come in stock kanren's order, which depends on the goals only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import numpy as np

from ...errors import MisuseError
from ...terms.term import Term
from ..relation import Relation
from ..theory import Theory
from .state import State, unify_in
from .stock import ConsError, ConsPair, ConstrainedState, ExpressionTuple, MaybeCons, Var, car, cdr, cons, reify
from .variables import is_var, walk

__all__ = ["Goal", "conde", "conso", "eq", "fail", "heado", "lall", "lany", "membero", "run", "succeed", "tailo", "var"]

Goal: TypeAlias = Callable[[Any], Iterable[Any]]
var = Var
_NOTHING: Any = object()


def succeed(S: Any) -> Iterator[State]:
    """The goal that always holds."""
    return iter((State.of(S),))


def fail(S: Any) -> Iterator[State]:
    """The goal that never holds."""
    return iter(())


@dataclass(frozen=True, eq=False)
class eq:
    """The goal that two objects are equal, which binds their variables.

    No variable is bound to an object that contains it; numbers are equal only with their type and sign; arrays are
    compared by dtype, shape and bytes.

    >>> q = var()
    >>> run(1, q, eq(rnp.log(q), rnp.log(1 + x)))
    (1 + x  float64[x0],)
    """

    u: Any
    v: Any

    def __call__(self, S: Any) -> Iterator[State]:
        found = unify_in(self.u, self.v, State.of(S))
        return iter((found,) if isinstance(found, State) else ())


# -- sequences of goals, perhaps not yet made ------------------------------------------------------------------------------

class _Replay:
    """The items of an iterator, made when first needed and kept: a goal may be run more than once."""

    __slots__ = ("items", "rest")

    def __init__(self, items: Iterable[Any]) -> None:
        self.items: list[Any] = []
        self.rest = iter(items)

    def __iter__(self) -> Iterator[Any]:
        i = 0
        while True:
            if i == len(self.items):
                item = next(self.rest, _NOTHING)
                if item is _NOTHING:
                    return
                self.items.append(item)
            yield self.items[i]
            i += 1


def _goals(goals: tuple[Any, ...]) -> Iterable[Any]:
    """``lall(g, h)`` and ``lall([g, h])`` mean the same."""
    listed = len(goals) == 1 and isinstance(goals[0], Iterable) and not isinstance(goals[0], (Term, Theory))
    found = goals[0] if listed else goals
    if not isinstance(found, (tuple, list)):
        return _Replay(found)
    for g in found:
        _check_goal(g)
    return found


def _check_goal(g: Any) -> None:
    if isinstance(g, Relation):
        raise MisuseError(f"goal: the relation {g.name} by itself is no goal; write theory({g.name})(l, r), as in "
                          f"run(0, q, theory({g.name})(t, q))")
    if isinstance(g, Theory):
        raise MisuseError(f"goal: {g!r} by itself is no goal: a theory is a relation of two terms; write {g.name}(l, r), as in "
                          f"run(0, q, {g.name}(t, q)) for the terms one step away from t")
    if not callable(g):
        raise MisuseError(f"goal: {g!r} of type {type(g).__name__} is no goal; write eq(q, x), membero(q, (1, 2)), or "
                          "mine(l, r) with a theory, as in run(0, q, eq(q, x))")


# -- and -------------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class _All:
    goals: Iterable[Goal]

    def __call__(self, S: Any) -> Iterator[State]:
        levels = [_Level(g) for g in self.goals]
        return _conjunction(levels, State.of(S)) if levels else iter((State.of(S),))


class _Level:
    """One goal of a conjunction: the streams it made from the states of the goal before, and whether more will come."""

    __slots__ = ("goal", "open", "streams")

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.open = True
        self.streams: deque[Iterator[Any]] = deque()


def _conjunction(levels: list[_Level], start: State) -> Iterator[State]:
    """Stock kanren's fair order, by a loop: nested generators end at Python's recursion limit after 900 goals."""
    last = len(levels) - 1
    k, given = 0, start
    levels[0].open = False
    while True:
        level = levels[k]
        if given is not _NOTHING:
            stream, given = iter(level.goal(given)), _NOTHING
        elif level.open:
            k -= 1
            continue
        elif level.streams:
            stream = level.streams.popleft()
        elif k == last:
            return
        else:
            k += 1
            levels[k].open = False
            continue
        state = next(stream, _NOTHING)
        if state is _NOTHING:
            continue
        level.streams.append(stream)
        if k == last:
            yield state
        else:
            k, given = k + 1, state


def lall(*goals: Any) -> Goal:
    """The goal that all goals hold; of none, that always holds."""
    return _All(_goals(goals))


# -- or --------------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class _Any:
    goals: Iterable[Goal]

    def __call__(self, S: Any) -> Iterator[State]:
        return _interleaved(g(_branch(S)) for g in self.goals)


def _branch(S: Any) -> Any:
    """A state that a stock constraint may change without the other branches seeing it."""
    return S.copy() if isinstance(S, ConstrainedState) and S.constraints else S


def _interleaved(streams: Iterable[Iterable[Any]]) -> Iterator[Any]:
    queue: deque[Iterator[Any]] = deque()
    for stream in map(iter, streams):
        state = next(stream, _NOTHING)
        if state is not _NOTHING:
            queue.append(stream)
            yield state
    while queue:
        stream = queue.popleft()
        state = next(stream, _NOTHING)
        if state is not _NOTHING:
            queue.append(stream)
            yield state


def lany(*goals: Any) -> Goal:
    """The goal that some goal holds; of none, that never holds."""
    return _Any(_goals(goals))


def conde(*branches: Any) -> Goal:
    """The goal that all goals of some branch hold: ``conde([g, h], [i])``, or one iterator of branches."""
    found = branches[0] if len(branches) == 1 and isinstance(branches[0], Iterator) else branches
    made = (lall(*_branch_of(branch)) for branch in found)
    return _Any(tuple(made) if found is branches else _Replay(made))


def _branch_of(branch: Any) -> Iterable[Any]:
    if not isinstance(branch, Iterable) or isinstance(branch, (Term, Theory)):
        raise MisuseError(f"conde: the branch {branch!r} is no list of goals; write conde([eq(q, 1)], [eq(q, 2)]), a list for "
                          "each alternative")
    return branch


# -- pairs and members -------------------------------------------------------------------------------------------------------

def conso(head: Any, tail: Any, whole: Any) -> Goal:
    """The goal that ``whole`` is ``head`` followed by ``tail``; of a term, its op and its operands."""
    return eq(cons(head, tail), whole)


def heado(head: Any, whole: Any) -> Goal:
    """The goal that ``whole`` begins with ``head``."""
    return conso(head, var(), whole)


def tailo(tail: Any, whole: Any) -> Goal:
    """The goal that ``tail`` follows the first item of ``whole``."""
    return conso(var(), tail, whole)


@dataclass(frozen=True, eq=False)
class membero:
    """The goal that ``x`` is an item of a sequence; of a term, its op or an operand."""

    x: Any
    items: Any

    def __call__(self, S: Any) -> Iterator[State]:
        S = State.of(S)
        rest = self.items
        while True:
            rest = walk(rest, S.data)
            if isinstance(rest, Term) and rest.args:
                rest = (rest.op, *rest.args)
            if isinstance(rest, (tuple, list, ExpressionTuple)):
                for item in rest:
                    yield from eq(self.x, item)(S)
                return
            if is_var(rest):
                head, tail = var(), var()
                found = next(eq(cons(head, tail), rest)(S), None)
                if found is None:
                    return
                S = found
            else:
                if not issubclass(type(rest), (ConsPair, MaybeCons)):
                    return
                try:
                    head, tail = car(rest), cdr(rest)
                except ConsError:
                    return
            yield from eq(self.x, head)(S)
            rest = tail


# -- running -----------------------------------------------------------------------------------------------------------------

def run(n: int | None, x: Any, *goals: Any, results_filter: Callable[[Iterator[Any]], Iterable[Any]] | None = None) -> Any:
    """The first ``n`` answers of ``x`` for which all goals hold: a tuple; all for ``n=0``, an iterator for ``n=None``.

    >>> run(0, q, stable(rnp.log(1 + x), q))
    (log1p(x)  float64[x0],)
    """
    whole = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
    if n is not None and (not whole or n < 0):
        raise MisuseError(f"run: the number of answers is {n!r} of type {type(n).__name__}; write run(3, q, goal) for the "
                          "first three, run(0, q, goal) for all, run(None, q, goal) for an iterator")
    answers: Any = (reify(x, S) for S in lall(*goals)(State()))
    if results_filter is not None:
        answers = results_filter(answers)
    if n is None:
        return iter(answers)
    return tuple(answers if n == 0 else islice(answers, n))
