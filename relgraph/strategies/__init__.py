"""In what order: combinators, traversals, limits, cost."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .cost import Cost as Cost
from .cost import cost as cost
from .normalize import normalize as normalize

if TYPE_CHECKING:
    from .combinators import all_ as all_
    from .combinators import attempt as attempt
    from .combinators import choice as choice
    from .combinators import congruence as congruence
    from .combinators import fail as fail
    from .combinators import identity as identity
    from .combinators import not_ as not_
    from .combinators import one as one
    from .combinators import repeat as repeat
    from .combinators import rule as rule
    from .combinators import seq as seq
    from .combinators import some as some
    from .combinators import where as where
    from .derivation import Derivation as Derivation
    from .derivation import derive as derive
    from .limits import Outcome as Outcome
    from .limits import limit as limit
    from .limits import run_strategy as run_strategy
    from .machine import AnyStrategy as AnyStrategy
    from .machine import Strategy as Strategy
    from .sharing import sharing as sharing
    from .trail import Fired as Fired
    from .traversals import alltd as alltd
    from .traversals import bottomup as bottomup
    from .traversals import innermost as innermost
    from .traversals import oncebu as oncebu
    from .traversals import oncetd as oncetd
    from .traversals import outermost as outermost
    from .traversals import topdown as topdown

__all__ = [
    "AnyStrategy", "Cost", "Derivation", "Fired", "Outcome", "Strategy", "all_", "alltd", "attempt", "bottomup",
    "choice", "congruence", "cost", "derive", "fail", "identity", "innermost", "limit", "normalize", "not_",
    "oncebu", "oncetd", "one", "outermost", "repeat", "rule", "run_strategy", "seq", "sharing",
    "some", "topdown", "where"]

# Imported when first used: a function that is made by one normaliser needs none of them.
_LATER = {
    "all_": "combinators", "attempt": "combinators", "choice": "combinators", "congruence": "combinators", "fail":
    "combinators", "identity": "combinators", "not_": "combinators", "one": "combinators", "repeat": "combinators", "rule":
    "combinators", "seq": "combinators", "some": "combinators", "where": "combinators",
    "Derivation": "derivation", "derive": "derivation",
    "Outcome": "limits", "limit": "limits", "run_strategy": "limits",
    "AnyStrategy": "machine", "Strategy": "machine",
    "sharing": "sharing",
    "Fired": "trail",
    "alltd": "traversals", "bottomup": "traversals", "innermost": "traversals", "oncebu": "traversals", "oncetd":
    "traversals", "outermost": "traversals", "topdown": "traversals",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    return found
