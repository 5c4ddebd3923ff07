"""The matcher compiler: from canonical left sides to Python functions, one per rule, indexed by operators.

A generated function takes a canonical node and returns the bindings of the rule's variables (and, for a flat node, the
operands that are left over), or None.  Nested ``if`` and ``for`` are the backtracking; guards are tested inside.
"""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Callable, Sequence
from typing import Any

from ..terms.term import Term
from ..terms.type import UNKNOWN
from . import operands
from .algebra import algebra
from .constants import is_number, same_number
from .patterns import collects
from .source import identifier
from .template import instantiate
from .writer import Code

__all__ = ["Matcher", "compile_matchers", "matcher_source", "scope"]

Matcher = Callable[[Term], "tuple[Any, ...] | None"]


def matcher_source(rules: Sequence[Any], every: bool = False) -> tuple[str, dict[str, Any]]:
    """The source of the matchers of some rules, and the globals it needs."""
    names: dict[str, Any] = {"op_assume": operands.assume_}
    lines: list[str] = []
    for i, rule in enumerate(rules):
        code = Code(rule, i, names, algebra(), every)
        lines += code.function()
        rule.collects = collects(rule.lhs, algebra())
    return "\n".join(lines), names


def compile_matchers(rules: Sequence[Any], holds: Callable[[Any, tuple[Term, ...]], bool], title: str,
                     every: bool = False) -> list[Any]:
    """The matchers as functions, which return the first match or yield every one; tracebacks show their lines."""
    source, names = matcher_source(rules, every)
    return _bound(rules, compile(source, _file_name(source, title), "exec"), source, names, holds, title)


def _bound(rules: Sequence[Any], code: Any, source: str, names: dict[str, Any],
                  holds: Callable[[Any, tuple[Term, ...]], bool], title: str) -> list[Any]:
    """The functions of compiled source, with the globals they need."""
    space = {**names, **scope(holds)}
    name = _file_name(source, title)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(code, space)
    return [space[f"match_{i}_{identifier(r.name)}"] for i, r in enumerate(rules)]


def scope(holds: Any) -> dict[str, Any]:
    """The globals that every matcher has."""
    return {"UNKNOWN": UNKNOWN, "holds": holds, "instantiate": instantiate, "is_number": is_number, "same_number": same_number,
            **{n: getattr(operands, n) for n in operands.__all__}}


def _file_name(source: str, title: str) -> str:
    """What tracebacks call generated source."""
    return f"<relgraph matchers {title} {hashlib.sha256(source.encode()).hexdigest()[:12]}>"
