"""Safety levels of strategies: every `normalize` in one takes the relations that a level allows, and no others."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from ..errors import MisuseError
from ..relations.safety import check_level
from ..relations.theory import Theory
from ..terms.term import Op
from .combinators import fail, identity, not_, where
from .machine import AnyStrategy, Strategy, name_of
from .normalize import normalize

__all__ = ["at_level"]


def at_level(strategy: AnyStrategy, level: str) -> AnyStrategy:
    """The strategy with every theory cut down to a level (see `Theory.at`); "domain" allows what the strategy does.

    >>> from relations_library.pipelines import canonical, specialize
    >>> at_level(seq(canonical, specialize), "exact")
    seq(normalize(canonical, form='exact'), normalize(specialized, form='plain'))

    At "exact" the normal form is the exact one.  Raises MisuseError for a Python function below "domain", since nobody
    knows what it changes.
    """
    if check_level(level) == "domain":
        return strategy
    if isinstance(strategy, normalize):
        form = "exact" if level == "exact" and strategy.form == "real" else strategy.form
        return normalize(strategy.theory.at(level), form, strategy.budget)
    if strategy is identity or strategy is fail or isinstance(strategy, (where, not_)):
        return strategy  # a condition changes nothing
    if isinstance(strategy, Strategy) and is_dataclass(strategy):
        again = object.__new__(type(strategy))
        for f in fields(strategy):
            object.__setattr__(again, f.name, _part(getattr(strategy, f.name), level))
        return again
    raise MisuseError(f"safety={level!r}: what the Python function {name_of(strategy)} may change is not known; state it as a "
                      "relation, or leave it out, or compile with safety='domain'")


def _part(value: Any, level: str) -> Any:
    if type(value) is tuple:
        parts: tuple[Any, ...] = value
        return tuple(_part(v, level) for v in parts)
    if isinstance(value, Theory):
        return value.at(level)
    if isinstance(value, Op) or not callable(value):
        return value
    s: Any = value
    return at_level(s, level)
