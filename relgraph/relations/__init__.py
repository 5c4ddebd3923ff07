"""What is true: logic variables, relations, theories, guards, facts, and goals with kanren's meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .attributes import attribute_function as attribute_function
from .attributes import term_function as term_function
from .facts import Clause as Clause
from .facts import clause as clause
from .folding import FOLDING as FOLDING
from .relation import Relation as Relation
from .relation import attrs as attrs
from .relation import literals as literals
from .relation import lvars as lvars
from .theory import Theory as Theory
from .theory import relation as relation
from .theory import theory as theory

if TYPE_CHECKING:
    from .logic import conde as conde
    from .logic import conso as conso
    from .logic import eq as eq
    from .logic import lall as lall
    from .logic import lany as lany
    from .logic import membero as membero
    from .logic import neq as neq
    from .logic import run as run
    from .logic import var as var
    from .verify import suggest_guard as suggest_guard

_GOALS = ("conde", "conso", "eq", "lall", "lany", "membero", "neq", "relation", "run", "var")

__all__ = [
    "FOLDING",
    "Clause",
    "Relation",
    "Theory",
    "attribute_function",
    "attrs",
    "clause",
    "conde",
    "conso",
    "eq",
    "lall",
    "lany",
    "literals",
    "lvars",
    "membero",
    "neq",
    "relation",
    "run",
    "suggest_guard",
    "term_function",
    "theory",
    "var",
]


def __getattr__(name: str) -> Any:
    """Goals are imported when they are first used: they bring kanren with them."""
    if name in _GOALS:
        from . import logic
        return getattr(logic, name)
    if name == "suggest_guard":  # brings the samplers with it
        from . import verify
        return verify.suggest_guard
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
