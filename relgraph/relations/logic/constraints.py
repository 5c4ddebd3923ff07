"""Constraints as goals: they fail, hold, or wait in the state until their variables are bound, in their branch only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from .state import State
from .stock import ConsPair, reify
from .unify import solve
from .variables import first_variable, is_var, walk

__all__ = ["Waiting", "guardo", "isinstanceo", "neq", "typeo"]


class Waiting:
    """A goal that holds, fails or waits."""

    def __call__(self, S: Any) -> Iterator[State]:
        found = self.check(State.of(S))
        if found is not None:
            yield found

    def check(self, S: State) -> State | None:
        raise NotImplementedError

    def parts(self, S: State) -> tuple[Any, ...]:
        """What the constraint is made of, under a state: ``type(c)(*c.parts(S))`` says the same."""
        return reify(tuple(getattr(self, f.name) for f in fields(self)), S)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class neq(Waiting):
    """The goal that two objects are never equal: of compound ones, that some part differs.

    >>> x, y = var(), var()
    >>> run(0, x, membero(x, (1, 2, 3)), neq((x, y), (2, 5)), eq(y, 5))
    (1, 3)
    """

    u: Any
    v: Any

    def check(self, S: State) -> State | None:
        needed = solve(self.u, self.v, S.data)
        if needed is None:
            return S
        # Every variable of the bindings still needed: they may be aliased in either direction.
        return S.wait(self, [x for pair in needed.items() for x in pair if is_var(x)]) if needed else None


@dataclass(frozen=True, eq=False)
class _OfType(Waiting):
    u: Any
    t: Any

    def check(self, S: State) -> State | None:
        u, t = walk(self.u, S.data), walk(self.t, S.data)
        if issubclass(type(u), ConsPair):
            u = reify(u, S)
        first = first_variable(u, S.data) if is_var(u) or issubclass(type(u), ConsPair) else None
        open_ = [] if first is None else [first]
        if is_var(t):
            return S.wait(self, [*open_, t])
        if not open_:
            return S if self.holds(u, t) else None
        for c in S.waiting.get(open_[0], ()):
            if isinstance(c, _OfType) and _exclude(self, t, c, walk(c.t, S.data)):
                return None
        return S.wait(self, open_)

    def holds(self, u: Any, t: Any) -> bool:
        raise NotImplementedError


class typeo(_OfType):
    """The goal that an object is of exactly this type."""

    def holds(self, u: Any, t: Any) -> bool:
        return type(u) is t


class isinstanceo(_OfType):
    """The goal that an object is an instance of a type, or of one in a tuple of types; several on one variable all hold."""

    def holds(self, u: Any, t: Any) -> bool:
        return isinstance(t, (type, tuple)) and isinstance(u, t)


def _exclude(a: _OfType, s: Any, b: _OfType, t: Any) -> bool:
    """Whether no object can satisfy both: exact types that differ, or an exact type that is no subtype."""
    if is_var(s) or is_var(t):
        return False
    if isinstance(a, typeo):
        return s is not t if isinstance(b, typeo) else not issubclass(s, t)
    return isinstance(b, typeo) and not issubclass(t, s)


@dataclass(frozen=True, eq=False)
class Guard(Waiting):
    """A Python predicate that is asked once its arguments are known; see `guardo`."""

    predicate: Callable[..., Any]
    args: tuple[Any, ...]

    def check(self, S: State) -> State | None:
        open_ = first_variable(self.args, S.data)
        if open_ is not None:
            return S.wait(self, [open_])
        return S if self.predicate(*reify(self.args, S)) else None


def guardo(fn: Callable[..., Any], *args: Any) -> Guard:
    """The goal that ``fn(*args)`` is true, asked as soon as every argument is ground.

    An answer in which an argument stays unknown holds provided that the guard does.

    >>> run(0, (x, y), guardo(operator.lt, x, y), membero(x, (1, 2, 3)), membero(y, (2, 3)))
    ((1, 2), (2, 3), (1, 3))
    """
    return Guard(fn, args)
