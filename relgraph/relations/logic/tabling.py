"""Tabled relations: a call that was met before reads the answers found so far, so that left recursion ends.

A table's answers are produced by passes over the relation's goal.  A call met while its own table is being produced reads
what is there; the pass is then repeated until it finds nothing new (linear tabling, Zhou and others 2000).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from ...errors import MisuseError
from ...terms.term import Term
from .reify import rename_apart
from .state import State, unify_in
from .stock import Var, reify
from .variables import inside, is_var, root, unbound

__all__ = ["tabled"]


def tabled(relation: Callable[..., Any]) -> Callable[..., Any]:
    """Make the calls of a relation (a function from arguments to a goal) tabled during one `run`.

    The goal must have finitely many answers, guards in them must ask the same function each time, and constraints of the
    caller are applied to its answers, not inside.

    >>> @tabled
    ... def path(x, z):
    ...     y = var()
    ...     return conde([edge(x, z)], [path(x, y), edge(y, z)])
    """
    @wraps(relation)
    def call(*args: Any) -> _Call:
        return _Call(relation, args)
    return call


@dataclass(frozen=True, eq=False)
class _Call:
    relation: Callable[..., Any]
    args: tuple[Any, ...]

    def __call__(self, S: Any) -> Iterator[State]:
        S = State.of(S)
        tables = S.tables.get(_Tables)
        if tables is None:
            tables = S.tables[_Tables] = _Tables(S.tables)
        args = reify(self.args, S)
        table = tables.table(self.relation, args)
        i = 0
        while i < len(table.answers) or table.more():
            found = table.answers[i:]
            i += len(found)
            for answer in found:
                yield from _replayed(rename_apart(answer), args, S)


def _replayed(answer: Any, args: tuple[Any, ...], S: State) -> Iterator[State]:
    values, constraints = answer
    found = unify_in(values, args, S)
    for kind, *parts in constraints:
        if not isinstance(found, State):
            return
        found = kind(*parts).check(found)
    if isinstance(found, State):
        yield found


class _Tables:
    """The tables of one run, and which of them are being produced now."""

    def __init__(self, shared: dict[Any, Any]) -> None:
        self.shared = shared  # what every state of the run refers to
        self.by_key: dict[Any, _Table] = {}
        self.running: list[_Table] = []
        self.found = 0

    def table(self, relation: Callable[..., Any], args: tuple[Any, ...]) -> _Table:
        key = (relation, _key(args))
        if key not in self.by_key:
            self.by_key[key] = _Table(self, relation, args)
        return self.by_key[key]


class _Table:
    """The answers to one call, up to the names of variables; everyone who reads them drives their production."""

    def __init__(self, tables: _Tables, relation: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.tables, self.relation, self.args = tables, relation, args
        self.answers: list[Any] = []
        self.keys: set[Any] = set()
        self.complete = False
        self.again = False  # this pass read the table's own answers before they were all there
        self.needs: list[_Table] = []  # tables below on the stack of which this pass read only a part
        self.producer: Iterator[None] | None = None

    def more(self) -> bool:
        """Look for further answers; false if there are none, or none before this table's own production goes on."""
        running = self.tables.running
        if self in running:
            self.again = True
            for above in running[running.index(self) + 1:]:
                above.needs.append(self)
            return False
        before = len(self.answers)
        while not self.complete and len(self.answers) == before:
            if self.producer is None:
                self.producer = self.passes()
            running.append(self)
            try:
                ended = next(self.producer, self) is self
            finally:
                running.pop()
            if ended:
                self.producer = None
                break
        return len(self.answers) > before

    def passes(self) -> Iterator[None]:
        while True:
            before = self.tables.found
            self.again, self.needs = False, []
            start = State()
            start.tables = self.tables.shared
            for S in self.relation(*self.args)(start):
                if self.add(State.of(S)):
                    yield
            if any(not t.complete for t in self.needs):
                return  # the table below repeats its pass, and this one with it
            if not self.needs and (not self.again or self.tables.found == before):
                self.complete = True
                return

    def add(self, S: State) -> bool:
        if S.constraints:
            raise MisuseError("tabled: an answer carries constraints of stock kanren; use relgraph's neq, typeo, isinstanceo")
        answer = reify(self.args, S), tuple((type(c), *c.parts(S)) for c in S.posted)
        key = _key(answer)
        if key in self.keys:
            return False
        self.keys.add(key)
        self.answers.append(answer)
        self.tables.found += 1
        return True


def _key(objects: Any) -> tuple[Any, ...]:
    """Equal for objects that are equal up to the names of variables."""
    number = {v: Var(("tabled", i)) for i, v in enumerate(unbound(objects, {}))}
    out: list[Any] = []
    stack = [reify(objects, number)]
    while stack:
        x = stack.pop()
        if is_var(x):
            out.append((root(x), *(x.data[1:] if isinstance(x, Term) else ())))
        elif isinstance(x, Term):
            out.append(x)
        elif below := inside(x):
            out.append((type(x), len(below), tuple(x) if isinstance(x, dict) else ()))
            stack.extend(reversed(below))
        elif isinstance(x, (np.ndarray, np.generic)):
            out.append((x.dtype, x.shape, x.tobytes()))
        else:
            out.append((type(x), repr(x) if isinstance(x, (float, complex)) else x if _hashable(x) else id(x)))
    return tuple(out)


def _hashable(x: Any) -> bool:
    try:
        hash(x)
    except TypeError:
        return False
    return True
