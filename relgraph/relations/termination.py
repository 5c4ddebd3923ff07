"""Why rewriting stops: a rule makes terms smaller, or replaces an op by ones declared simpler."""

from __future__ import annotations

from typing import Any

from ..terms.term import CONST, LVar, Term
from .patterns import occurrences
from .template import variables

__all__ = ["argument"]


def argument(rule: Any, precedence: str = "") -> str:
    """The termination argument of a rule: "shrinks", "precedence", or "" if none is found.

    A rule shrinks if its right side has fewer ops and copies no variable (Knuth and Bendix 1970, all weights 1).  With a
    precedence ``"log > log1p > softplus"`` of op names, the multiset path order decides (Dershowitz 1982).
    """
    lhs, rhs = rule.lhs, rule.rhs
    left, right = occurrences(lhs), occurrences(rhs)
    copies = any(right.get(v, 0) > left.get(v, 0) for v in variables(rhs))
    if not copies and _size(rhs) < _size(lhs):
        return "shrinks"
    rank = {name.strip(): i for i, name in enumerate(reversed(precedence.split(">"))) if name.strip()}
    return "precedence" if rank and _greater(lhs, rhs, rank, {}) else ""


def _size(t: Term) -> int:
    """Ops counted along every path; numbers and attributes weigh nothing."""
    count = occurrences(t)
    return sum(n for u, n in count.items() if u.args) + sum(
        n * (len(u.args) - 2) for u, n in count.items() if len(u.args) > 2 and not u.op.attrs and u.op.kind == "elementwise")


def _greater(s: Term, t: Term, rank: dict[str, int], memo: dict[Any, bool]) -> bool:
    """The multiset path order on patterns; patterns are small, their nesting bounds the recursion."""
    key = (s, t)
    if key not in memo:
        memo[key] = False
        memo[key] = _decide(s, t, rank, memo)
    return memo[key]


def _decide(s: Term, t: Term, rank: dict[str, int], memo: dict[Any, bool]) -> bool:
    if s is t or not s.args:
        return False
    if isinstance(t, LVar):
        return t in set(variables(s))
    if t.op is CONST or not t.args:
        return True
    if any(a is t or _greater(a, t, rank, memo) for a in s.args):
        return True
    above = rank.get(s.op.name, -1) - rank.get(t.op.name, -1)
    if above > 0:
        return all(_greater(s, b, rank, memo) for b in t.args)
    if s.op is t.op:
        return _multiset_greater(list(s.args), list(t.args), rank, memo) and all(_greater(s, b, rank, memo) for b in t.args)
    return False


def _multiset_greater(left: list[Term], right: list[Term], rank: dict[str, int], memo: dict[Any, bool]) -> bool:
    for b in list(right):
        if any(a is b for a in left):
            left.remove(b)
            right.remove(b)
    return bool(left) and all(any(_greater(a, b, rank, memo) for a in left) for b in right)
