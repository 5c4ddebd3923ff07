"""Whether a factor is a scale that was made of what it scales, as a greatest absolute value or a norm is."""

from __future__ import annotations

from typing import Any, TypeAlias

from ..terms.laws import Power
from ..terms.term import ATTRIBUTE, CONST, Term

__all__ = ["apart"]

_Leaves: TypeAlias = frozenset[Term]
_EACH = frozenset(("elementwise", "access", "identity"))  # kinds of ops of which no element is made of several
_NONE: _Leaves = frozenset()
_MEMO = "scales"


def apart(c: Any, x: Any) -> bool:
    """No power that is a factor of x is of what is summed up in c, as in a norm: dividing by it keeps the power in range."""
    summed = _of(c)[1]
    return not summed or all(summed.isdisjoint(_of(y)[0]) for y in (x, *x.args) if y.op.law(Power) is not None)


def _of(root: Term) -> tuple[_Leaves, _Leaves]:
    """The inputs and variables that a term is made of, and those of which several elements meet in one."""
    stack = [root]
    while stack:
        t = stack[-1]
        missing = [a for a in t.args if a.op is not ATTRIBUTE and _known(a) is None] if _known(t) is None else []
        if missing:
            stack += missing
            continue
        stack.pop()
        if t.args and _known(t) is None:
            below = [found for a in t.args if a.op is not ATTRIBUTE and (found := _known(a)) is not None]
            leaves = _union([b[0] for b in below])
            if t.memo is None:
                t.memo = {}
            t.memo[_MEMO] = leaves, _union([b[1] for b in below]) if t.op.kind in _EACH else leaves
    found = _known(root)
    assert found is not None
    return found


def _known(t: Term) -> tuple[_Leaves, _Leaves] | None:
    if not t.args:
        return (_NONE if t.op is CONST else frozenset((t,))), _NONE
    return None if t.memo is None else t.memo.get(_MEMO)


def _union(sets: list[_Leaves]) -> _Leaves:
    """One of the sets itself where it holds the others."""
    out = _NONE
    for s in sets:
        if not s <= out:
            out = s if out <= s else out | s
    return out
