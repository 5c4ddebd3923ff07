"""States of a search that are sound: no cycles, exact numbers, constraints that belong to one branch only.

A `State` is a kanren state (a mapping that stock goals take and return).  kanren dispatches on the type of the state, so
that stock goals unify and reify by our rules wherever a state of ours flows through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from .stock import ConstrainedState
from .unify import Bindings, solve

__all__ = ["Constraint", "State", "unify_in"]


class Constraint(Protocol):
    """A goal that yields at most one state, and that a state can keep until its variables are bound."""

    def check(self, S: State) -> State | None:
        """The state in which this holds or waits; None if it cannot hold."""
        ...


class State(ConstrainedState):
    """Bindings, and the constraints that wait for variables; a new one for every change, so that branches share nothing."""

    __slots__ = ("posted", "tables", "waiting")
    data: dict[Any, Any]
    constraints: dict[Any, Any]  # stores of stock kanren
    posted: dict[Any, tuple[Any, ...]]  # constraint -> the variables it waits for
    waiting: dict[Any, tuple[Any, ...]]  # variable -> the constraints that wait for it
    tables: dict[Any, Any]  # tabled relations, one dictionary for a whole run

    def __init__(self, data: Mapping[Any, Any] | None = None, constraints: Mapping[Any, Any] | None = None) -> None:
        super().__init__(dict(data or {}), constraints=constraints)
        self.posted, self.waiting, self.tables = {}, {}, {}

    @classmethod
    def of(cls, S: Any) -> State:
        """A state of ours for any kanren state."""
        if isinstance(S, State):
            return S
        stores = S.constraints if isinstance(S, ConstrainedState) else {}
        return cls(S, {k: v.copy() for k, v in stores.items()})

    def copy(self, data: Mapping[Any, Any] | None = None) -> State:
        """A state that shares nothing that a stock goal would change."""
        return self._changed(data=dict(self.data if data is None else data),
                             constraints={k: v.copy() for k, v in self.constraints.items()})

    __copy__ = copy

    def _changed(self, **changes: Any) -> State:
        S = object.__new__(type(self))
        for name in ("data", "constraints", "posted", "waiting", "tables"):
            setattr(S, name, changes.get(name, getattr(self, name)))
        return S

    def extended(self, new: Bindings) -> State | None:
        """The state with more bindings, if every constraint allows them."""
        S: State | None = self._changed(data={**self.data, **new})
        if self.constraints:
            S = S.copy()
            if not all(store.post_unify_check(S.data, None, None, old_state=S) for store in S.constraints.values()):
                return None
        for c in dict.fromkeys(c for v in new for c in self.waiting.get(v, ())):
            S = c.check(S.released(c))
            if S is None:
                return None
        return S

    def wait(self, c: Constraint, variables: Iterable[Any]) -> State:
        """The state in which a constraint is looked at again when one of these variables is bound."""
        vs = tuple(dict.fromkeys(variables))
        return self._changed(posted={**self.posted, c: vs},
                             waiting={**self.waiting, **{v: (*self.waiting.get(v, ()), c) for v in vs}})

    def released(self, c: Constraint) -> State:
        vs = self.posted.get(c, ())
        posted = {k: v for k, v in self.posted.items() if k is not c}
        waiting = {**self.waiting, **{v: tuple(d for d in self.waiting[v] if d is not c) for v in vs}}
        return self._changed(posted=posted, waiting=waiting)


def unify_in(u: Any, v: Any, S: State) -> State | bool:
    """``unify`` for our states, with stock kanren's answer ``False`` for failure."""
    new = solve(u, v, S.data)
    if new is None:
        return False
    if not new:
        return S
    found = S.extended(new)
    return False if found is None else found
