"""Tables of facts: answers in the order of declaration, found by index, with variables of their own at every call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...terms.term import Op, Term
from .build import is_weak
from .reify import rename_apart
from .state import State, unify_in
from .variables import first_variable, is_var, walk

__all__ = ["Relation", "fact", "facts"]

_ATOMS = (str, bytes, bool, int, type(None), type, Op)


def _key(x: Any) -> Any:
    """What only an equal object has too, or None for what is no atom or is equal to several."""
    if isinstance(x, Term):
        return x if x.ground and not is_weak(x) and x.type.dtype is not None else None
    return (type(x), x) if isinstance(x, _ATOMS) and not is_var(x) else None


class _Column:
    """One position of the facts: the numbers of the facts with each atom, and of those that any object may match."""

    __slots__ = ("by_key", "others")

    def __init__(self) -> None:
        self.by_key: dict[Any, list[int]] = {}
        self.others: list[int] = []


class Relation:
    """A relation given by facts, which may contain variables.

    >>> parent = Relation("parent")
    >>> facts(parent, ("Homer", "Bart"), ("Homer", "Lisa"))
    >>> run(0, q, parent("Homer", q))
    ('Bart', 'Lisa')
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or "relation"
        self.facts: list[tuple[Any, ...]] = []
        self._open: list[bool] = []
        self._keys: set[Any] = set()
        self._columns: dict[int, list[_Column]] = {}

    def __repr__(self) -> str:
        return f"Relation({self.name}, {len(self.facts)} facts)"

    def add_fact(self, *items: Any) -> None:
        """Declare that the relation holds of these objects; saying so twice changes nothing."""
        keys = (len(items), *map(_key, items))
        if None not in keys:
            if keys in self._keys:
                return
            self._keys.add(keys)
        columns = self._columns.setdefault(len(items), [_Column() for _ in items])
        number = len(self.facts)
        for column, item in zip(columns, items, strict=True):
            key = _key(item)
            (column.others if key is None else column.by_key.setdefault(key, [])).append(number)
        self.facts.append(items)
        self._open.append(first_variable(items, {}) is not None)

    def __call__(self, *args: Any) -> _Call:
        return _Call(self, args)

    def _candidates(self, args: Sequence[Any]) -> Sequence[int]:
        """The numbers of the facts that may match, in order: those of the shortest index."""
        columns = self._columns.get(len(args))
        if columns is None:
            return ()
        best: tuple[list[int], list[int]] | None = None
        for column, x in zip(columns, args, strict=True):
            key = _key(x)
            if key is not None:
                found = column.by_key.get(key, []), column.others
                if best is None or sum(map(len, found)) < sum(map(len, best)):
                    best = found
        if best is None:
            return [i for i, fact in enumerate(self.facts) if len(fact) == len(args)]
        return sorted(best[0] + best[1]) if best[1] else best[0]


@dataclass(frozen=True, eq=False)
class _Call:
    """The goal that some fact of a relation is equal to these objects."""

    relation: Relation = field(repr=False)
    args: tuple[Any, ...]

    def __call__(self, S: Any) -> Iterator[State]:
        S = State.of(S)
        relation = self.relation
        args = tuple(walk(a, S.data) for a in self.args)
        for i in tuple(relation._candidates(args)):
            items = relation.facts[i]
            found = unify_in(rename_apart(items) if relation._open[i] else items, args, S)
            if isinstance(found, State):
                yield found


def fact(relation: Any, *items: Any) -> None:
    """Declare one fact: ``fact(parent, "Homer", "Bart")``."""
    relation.add_fact(*items)


def facts(relation: Any, *lists: Sequence[Any]) -> None:
    """Declare several facts: ``facts(parent, ("Homer", "Bart"), ("Homer", "Lisa"))``."""
    for items in lists:
        relation.add_fact(*items)
