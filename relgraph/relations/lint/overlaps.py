"""Overlaps: terms that two left sides match at once, found by unifying one with a part of the other, modulo order.

Groups are unified operand by operand with what is left over beside them (Peterson and Stickel 1981), up to a few solutions.
What is proposed here is tried by the real matchers, so that a wrong proposal costs time only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from typing import Any, TypeAlias

from ...terms.term import CONST, LVar, Op, Term, lvar, make, toposort
from ...terms.type import ATTR
from ..algebra import algebra
from ..canonical import build
from ..constants import is_number, same_number
from ..predicates import Guard
from ..relation import Rule
from ..template import apply_op, instantiate, template, variables

__all__ = ["Overlap", "heads", "overlaps"]

Binding: TypeAlias = dict[Term, Term]
Overlap: TypeAlias = tuple[Term, tuple[Guard, ...]]
_SOLUTIONS, _ROUNDS = 3, 8


def heads(rule: Rule) -> list[Term]:
    """The parts of a left side where another rule may apply: those with an op, the whole included."""
    return [t for t in reversed(toposort(rule.lhs)) if t.args and t.type is not ATTR and t.op.kind != "attribute_function"]


def overlaps(outer: Rule, part: Term, inner: Rule) -> Iterator[Overlap]:
    """Patterns that are an instance of ``outer`` and have an instance of ``inner`` at ``part``; with the guards of both."""
    order = variables(inner.lhs)
    names = _other_names([v.data[0] for v in variables(outer.lhs)], [v.data[0] for v in order])
    fresh = tuple(lvar(n, *v.data[1:]) for n, v in zip(names, order, strict=True))
    other = instantiate(template(inner.lhs, order), fresh)
    guards = [Guard(g.predicate, tuple(instantiate(template(a, order), fresh) for a in g.args)) for g in inner.guards]
    a = algebra()
    found = _beside(part.args, other.args, part.op) if part.op in a.groups else \
        ((other, s) for s in _unified(part, other, {}))
    for met, s in islice(found, _SOLUTIONS):
        whole = _with(outer.lhs, part, met)
        t = _resolved(whole, s)
        if t is not None:
            yield t, tuple(h for g in (*outer.guards, *guards) if (h := _resolved_guard(g, s)) is not None)


def _other_names(taken: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Names for variables that are not taken: the same ones where possible."""
    free = iter(n for n in (*"xyzuvwabrstpqcdkmn", *(f"x{i}" for i in range(99))) if n not in taken and n not in wanted)
    return [n if n not in taken else next(free) for n in wanted]


def _beside(left: Sequence[Term], right: Sequence[Term], op: Op) -> Iterator[tuple[Term, Binding]]:
    """Flat nodes that share an operand: one of each unified, all others side by side."""
    for x in left:
        for y in right:
            if isinstance(x, LVar) and isinstance(y, LVar):
                continue
            for s in islice(_unified(x, y, {}), 1):
                rest = [u for u in left if u is not x] + [u for u in right if u is not y]
                yield apply_op(op, (x, *rest), build), s


def _unified(s: Term, t: Term, binding: Binding) -> Iterator[Binding]:
    """Substitutions under which two patterns are equal; patterns are small, their nesting bounds the recursion."""
    s, t = _walk(s, binding), _walk(t, binding)
    if s is t:
        yield binding
    elif isinstance(s, LVar) or isinstance(t, LVar):
        v, value = (s, t) if isinstance(s, LVar) and (not isinstance(t, LVar) or s.sort != "literal") else (t, s)
        if _fits(v, value) and not _occurs(v, value, binding):
            yield {**binding, v: value}
    elif s.op is CONST or t.op is CONST:
        if is_number(s) and is_number(t) and same_number(s, t.data):
            yield binding
    elif s.op is t.op and s.args:
        a = algebra()
        if s.op in a.groups:
            yield from _unified_flat(s, t, binding)
        elif len(s.args) == len(t.args):
            orders = [t.args, t.args[::-1]] if s.op in a.commutative else [t.args]
            for args in orders:
                yield from _unified_all(s.args, args, binding)


def _unified_all(left: Sequence[Term], right: Sequence[Term], binding: Binding) -> Iterator[Binding]:
    if not left:
        yield binding
        return
    for b in _unified(left[0], right[0], binding):
        yield from _unified_all(left[1:], right[1:], b)


def _unified_flat(s: Term, t: Term, binding: Binding) -> Iterator[Binding]:
    """Flat nodes, operand by operand; of unequal length, a variable of the shorter one takes all that is left over."""
    short, long = (s, t) if len(s.args) <= len(t.args) else (t, s)
    k = len(short.args)
    for args in islice(permutations(long.args), 24):
        for b in islice(_unified_all(short.args[:k - 1], args[:k - 1], binding), 1):
            rest = args[k - 1:]
            if len(rest) == 1 or isinstance(short.args[-1], LVar):
                yield from _unified(short.args[-1], rest[0] if len(rest) == 1 else make(s.op, tuple(rest)), b)


def _walk(t: Term, binding: Binding) -> Term:
    while t in binding:
        t = binding[t]
    return t


def _fits(v: Any, value: Term) -> bool:
    if v.sort == "attr":
        return value.type is ATTR
    if v.sort == "literal":
        return value.op is CONST or (isinstance(value, LVar) and value.sort == "literal")
    return value.type is not ATTR


def _occurs(v: Term, value: Term, binding: Binding) -> bool:
    stack = [value]
    while stack:
        for u in variables(stack.pop()):
            if u is v:
                return True
            if u in binding:
                stack.append(binding[u])
    return False


def _resolved(t: Term, binding: Binding) -> Term | None:
    """A pattern with bound variables replaced, as often as their values hold bound ones."""
    for _ in range(_ROUNDS):
        order = variables(t)
        if not any(v in binding for v in order):
            return t
        t = instantiate(template(t, order), [binding.get(v, v) for v in order])
    return None


def _resolved_guard(g: Guard, binding: Binding) -> Guard | None:
    args = [_resolved(a, binding) for a in g.args]
    return Guard(g.predicate, tuple(a for a in args if a is not None)) if None not in args else None


def _with(whole: Term, part: Term, new: Term) -> Term:
    """A pattern with a part replaced, canonical again above it."""
    done: dict[Term, Term] = {}
    for t in toposort(whole):
        done[t] = new if t is part else t if not t.args else apply_op(t.op, tuple([done[a] for a in t.args]), build)
    return done[whole]
