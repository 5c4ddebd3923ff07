"""The query front end: miniKanren over terms, with goals of ours where stock kanren's have defects.

Nothing here is imported before one of its names is used; that imports kanren and makes terms its citizens.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import Args as Args
    from .constraints import guardo as guardo
    from .constraints import isinstanceo as isinstanceo
    from .constraints import neq as neq
    from .constraints import typeo as typeo
    from .goals import conde as conde
    from .goals import conso as conso
    from .goals import eq as eq
    from .goals import fail as fail
    from .goals import heado as heado
    from .goals import lall as lall
    from .goals import lany as lany
    from .goals import membero as membero
    from .goals import run as run
    from .goals import succeed as succeed
    from .goals import tailo as tailo
    from .goals import var as var
    from .provable import fact_goal as fact_goal
    from .registration import connect as connect
    from .reify import rename_apart as rename_apart
    from .rewrite import OpenRule as OpenRule
    from .rewrite import OpenRules as OpenRules
    from .rewrite import open_rules as open_rules
    from .rewrite import rewrite_goal as rewrite_goal
    from .state import State as State
    from .table import Relation as Relation
    from .table import fact as fact
    from .table import facts as facts
    from .tabling import tabled as tabled

_HOME = {
    "build": ["Args"],
    "constraints": ["guardo", "isinstanceo", "neq", "typeo"],
    "provable": ["fact_goal"],
    "goals": ["conde", "conso", "eq", "fail", "heado", "lall", "lany", "membero", "run", "succeed", "tailo", "var"],
    "registration": ["connect"],
    "reify": ["rename_apart"],
    "rewrite": ["OpenRule", "OpenRules", "open_rules", "rewrite_goal"],
    "state": ["State"],
    "table": ["Relation", "fact", "facts"],
    "tabling": ["tabled"],
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Args", "OpenRule", "OpenRules", "Relation", "State", "conde", "connect", "conso", "eq", "fact", "fact_goal", "facts",
    "fail", "guardo",
    "heado", "isinstanceo", "lall", "lany", "membero", "neq", "open_rules", "rename_apart", "rewrite_goal", "run", "succeed",
    "tabled", "tailo", "typeo", "var"]


def __getattr__(name: str) -> Any:
    module = _MODULE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    importlib.import_module(".registration", __name__).connect()
    found = globals()[name] = getattr(importlib.import_module(f".{module}", __name__), name)
    return found
