"""Why rewriting stops: a rule makes terms smaller, or replaces an op by ones declared simpler."""

from __future__ import annotations

from typing import Any

from ..terms.term import CONST, LVar, Term, make, toposort, weak
from ..terms.type import ATTR
from .algebra import algebra
from .patterns import occurrences
from .precedence import Precedence, precedence_of
from .template import variables

__all__ = ["argument"]


def argument(rule: Any, precedence: str = "") -> str:
    """The termination argument of a rule: "shrinks", "precedence", or "" if none is found.

    A rule shrinks if its right side has fewer ops and copies no variable (Knuth and Bendix 1970; the inverses of groups
    weigh nothing, all other ops 1).  Else the recursive path order decides (Dershowitz 1982), in which ops are ordered as a
    theory's ``precedence`` says, see `Precedence`.  What is computed of literals is a number by the time it counts, and one
    number is like another.
    """
    return _argument(rule.lhs, rule.rhs, precedence) or _argument(*_one_number(rule.lhs, rule.rhs), precedence)


def _argument(lhs: Term, rhs: Term, precedence: str) -> str:
    left, right = occurrences(lhs), occurrences(rhs)
    copies = any(right.get(v, 0) > left.get(v, 0) for v in variables(rhs) if v.type is not ATTR)
    if not copies and _size(rhs) < _size(lhs):
        return "shrinks"
    return "precedence" if _PathOrder(precedence_of(precedence)).greater(lhs, rhs) else ""


def _one_number(lhs: Term, rhs: Term) -> tuple[Term, Term]:
    """Sides with one and the same number for every part that is computed of literals alone."""
    number, done = weak(2.0), dict[Term, Term]()
    for t in toposort(lhs, rhs):
        found = variables(t) if t.type is not ATTR else ()
        if found and all(isinstance(v, LVar) and v.sort == "literal" for v in found):
            done[t] = number
        else:
            args = tuple([done[x] for x in t.args])
            done[t] = t if args == t.args else make(t.op, args)
    return done[lhs], done[rhs]


def _size(t: Term) -> int:
    """Ops counted along every path, a flat node once for each pair; inverses, numbers and attributes weigh nothing."""
    a = algebra()
    return sum(n * (len(u.args) - 1 if u.op in a.groups else u.op not in a.inverses)
               for u, n in occurrences(t).items() if u.args and u.type is not ATTR)


def _operands(t: Term) -> list[Term]:
    """The operands that are terms."""
    return [x for x in t.args if x.type is not ATTR]


class _PathOrder:
    """The recursive path order on patterns, which are small: their nesting bounds the recursion.

    Operands of groups and commutative ops are compared as multisets, of other ops one after the other, those with more
    core axes first: in ``(A @ B) @ v = A @ (B @ v)`` the matrix gets simpler.
    """

    def __init__(self, order: Precedence) -> None:
        self.order = order
        self.memo: dict[tuple[Term, Term], bool] = {}

    def greater(self, s: Term, t: Term) -> bool:
        key = (s, t)
        if key not in self.memo:
            self.memo[key] = False
            self.memo[key] = self._decide(s, t)
        return self.memo[key]

    def _decide(self, s: Term, t: Term) -> bool:
        if s is t or not s.args:
            return False
        if isinstance(t, LVar):
            return t in set(variables(s))
        if t.op is CONST or not t.args:
            return True
        if any(a is t or self.greater(a, t) for a in _operands(s)):
            return True
        if self.order.greater(s.op, t.op):
            return all(self.greater(s, b) for b in _operands(t))
        return self.order.same(s.op, t.op) and self._operands_greater(s, t) and all(self.greater(s, b) for b in _operands(t))

    def _operands_greater(self, s: Term, t: Term) -> bool:
        left, right = _operands(s), _operands(t)
        a = algebra()
        if s.op in a.groups or s.op in a.commutative:
            return self._multiset_greater(left, right)
        for i in _most_cores_first(s.op.signature, len(left)):
            if i >= len(right):
                return True
            if left[i] is not right[i]:
                return self.greater(left[i], right[i])
        return False

    def _multiset_greater(self, left: list[Term], right: list[Term]) -> bool:
        for b in list(right):
            if any(a is b for a in left):
                left.remove(b)
                right.remove(b)
        return bool(left) and all(any(self.greater(a, b) for a in left) for b in right)


def _most_cores_first(signature: str, n: int) -> list[int]:
    """The positions of operands, those with more core axes first."""
    cores = [len([d for d in part.split(",") if d]) for part in signature.split("->")[0].strip("()").split("),(")]
    return sorted(range(n), key=lambda i: -cores[i]) if len(cores) == n else list(range(n))
