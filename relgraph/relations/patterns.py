"""What parts of a pattern are: how often variables occur, numbers, attributes, multiples and powers."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term, toposort, weak
from .algebra import Algebra, GroupOf
from .template import instantiate, template

__all__ = ["collects", "computes", "is_attribute", "is_literal", "nothing_at_one", "occurrences", "split_literal", "view_of"]


def occurrences(p: Term) -> dict[Term, int]:
    """How often each variable occurs in a pattern, every path counted."""
    count: dict[Term, int] = {p: 1}
    for t in reversed(toposort(p)):
        for a in t.args:
            count[a] = count.get(a, 0) + count[t]
    return count


def is_literal(p: Term) -> bool:
    """A variable that stands for a number."""
    return isinstance(p, LVar) and p.data[1] == "literal"


def is_attribute(p: Term) -> bool:
    """An attribute, or a variable for one."""
    return p.op is ATTRIBUTE or (isinstance(p, LVar) and p.data[1] == "attr")


def split_literal(p: Term) -> tuple[Term, Term]:
    """The literal variable of ``c*x`` or ``x**c``, and x."""
    a, b = p.args
    return (a, b) if is_literal(a) else (b, a)


def computes(p: Term, a: Algebra, bound: Container[Term]) -> bool:
    """Does a part hold a power or a multiple of a literal, as ``c**2*x`` or ``3*c*x``?

    It cannot say what c is, and waits for a part that does.
    """
    return any((t.op in a.powers and is_literal(t.args[0]) and t.args[0] not in bound)
               or (t.op in a.groups and any(x.op is CONST for x in t.args)
                   and any(is_literal(x) and x not in bound for x in t.args)) for t in toposort(p))


def collects(p: Term, a: Algebra) -> bool:
    """Is a left side ``c*x + d*x`` or ``x**c * x**d``, which merges any number of operands pair by pair?"""
    g = a.groups.get(p.op)
    return g is not None and len(p.args) == 2 and all(view_of(x, a, g) for x in p.args) \
        and split_literal(p.args[0])[1] is split_literal(p.args[1])[1]


def view_of(p: Term, a: Algebra, g: GroupOf) -> tuple[str, Op] | None:
    """A multiple ``c*x`` inside a sum, or a power ``x**c`` inside a product, with a literal c and a variable x."""
    if len(p.args) != 2 or not any(map(is_literal, p.args)) or not all(isinstance(x, LVar) for x in p.args):
        return None
    if p.op in a.groups and a.groups[p.op].sign is g.inverse:
        return "multiple", p.op
    if p.op in a.powers and a.powers[p.op] is g:
        return "power", p.op
    return None


def nothing_at_one(rule: Any) -> frozenset[Term]:
    """The numbers of a rule that do nothing at 1, as in ``sum(c*x) = c*sum(x)``: they must be seen, x is not taken for 1*x."""
    if rule.lhs is rule.rhs:
        return frozenset()
    left, out = template(rule.lhs, rule.variables), set()
    for c in filter(is_literal, rule.variables):
        bindings = [weak(1) if v is c else v for v in rule.variables]
        if instantiate(left, bindings) is instantiate(rule.template, bindings):
            out.add(c)
    return frozenset(out)
