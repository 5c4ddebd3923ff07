"""Which rules are worth trying at a node: an index by operator and by operand operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..terms.elementwise import assume_
from ..terms.structure import broadcast_
from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term
from .algebra import Algebra, algebra
from .matcher import Matcher
from .template import variables
from .writer import Code

__all__ = ["Index"]

Candidate = tuple[Any, Matcher]
_LIMIT = 8192


class Index:
    """Rules with their matchers, in written order, found by the operators of a node and of its operands.

    A node with flat operands, as a sum of products, is also asked for the operators that must stand inside one of them.
    """

    __slots__ = ("_by_op", "_cache", "_fold", "_unordered")

    def __init__(self, candidates: Sequence[Candidate], fold: Any = None) -> None:
        self._fold = ((fold, fold.matcher),) if fold is not None else ()
        a = algebra()
        self._unordered = frozenset((*a.groups, *a.commutative))
        self._by_op: dict[Op, list[tuple[Candidate, tuple[frozenset[Op] | None, ...], frozenset[Op]]]] = {}
        for rule, matcher in candidates:
            first = _anchor(rule, a) if rule.lhs.op in a.groups else None
            needs = tuple(_heads(p, rule.lhs, a, p is first) for p in rule.lhs.args)
            inside: frozenset[Op] = frozenset()
            if rule.lhs.op in self._unordered:
                inside = frozenset().union(*[_inside(p, a) for p, n in zip(rule.lhs.args, needs, strict=True) if n is not None])
                needs = tuple(n for n in needs if n is not None)
            self._by_op.setdefault(rule.lhs.op, []).append(((rule, matcher), needs, inside))
        self._cache: dict[Any, tuple[Candidate, ...] | frozenset[Op]] = {}

    def candidates(self, t: Term) -> tuple[Candidate, ...]:
        """The rules that may apply at a node; the answer depends on operators only and is remembered."""
        op = t.op
        first = t.args[0].op
        fold = self._fold if self._fold and (first is CONST or first is broadcast_) and self._fold[0][0].applies(t) else ()
        if op not in self._by_op:
            return fold
        heads: Any = frozenset([a.op for a in t.args]) if op in self._unordered else tuple([a.op for a in t.args])
        found = self._known((op, heads), op, heads)
        if type(found) is frozenset:  # what the rules left by the heads look for inside operands
            inside = found & _operators_inside(t)
            found = self._known((op, heads, inside), op, heads, inside)
        return (*found, *fold) if fold else found  # type: ignore[return-value]

    def _known(self, key: Any, op: Op, heads: Any,
               inside: frozenset[Op] | None = None) -> tuple[Candidate, ...] | frozenset[Op]:
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) > _LIMIT:
                self._cache.clear()
            found = self._cache[key] = self._select(op, heads, inside)
        return found

    def _select(self, op: Op, heads: Any, inside: frozenset[Op] | None) -> tuple[Candidate, ...] | frozenset[Op]:
        """The candidates, or what is to be looked for inside operands before they are known."""
        if op not in self._unordered:
            return tuple(c for c, needs, _ in self._by_op[op]
                         if len(needs) == len(heads) and all(n is None or h in n for n, h in zip(needs, heads, strict=True)))
        left = [(c, within) for c, needs, within in self._by_op[op] if all(n & heads for n in needs if n is not None)]
        asked = frozenset().union(*[within for _, within in left])
        if inside is None and asked:
            return asked
        return tuple(c for c, within in left if inside is None or within <= inside)


def _operators_inside(t: Term) -> frozenset[Op]:
    """The operators of the operands of a node's operands, signs and assumptions aside."""
    signs = algebra().inverses
    out: set[Op] = set()
    for x in t.args:
        while x.op is assume_ or (x.op in signs and x.args[0].args):
            out.add(x.args[0].op)
            x = x.args[0]
        for y in x.args:
            while y.op is assume_:
                y = y.args[0]
            out.add(y.op)
    return frozenset(out)


def _inside(p: Term, a: Algebra) -> frozenset[Op]:
    """Operators that stand inside whatever matches a part of a left side: those that no normal form changes."""
    while p.op in a.inverses and p.args[0].op in a.inverses:
        p = p.args[0]
    inner = p.args[0] if p.op in a.inverses else p
    parts = inner.args if inner.op in a.groups else (inner,) if inner is not p else ()
    return frozenset(q.op for q in parts if q.args and q.op not in a.special and q.op.kind != "attribute_function")


def _heads(p: Term, lhs: Term, a: Algebra, first: bool = False) -> frozenset[Op] | None:
    """The operators a term matching a part of a left side may have; None for any.  ``first``: it is matched first."""
    if isinstance(p, LVar):
        return None
    if p.op is CONST:
        return frozenset((CONST, broadcast_))
    if p.op is ATTRIBUTE or not p.args:
        return frozenset((p.op,))
    if p.op in a.inverses and a.inverses[p.op].op is lhs.op and isinstance(p.args[0], LVar):
        return frozenset((p.op,))  # x and its inverse side by side: one of the two shows the inverse
    if not first and p.op in a.special and all(v in _variables_elsewhere(p, lhs) for v in variables(p)):
        return None  # compared by building its instance, whose head the normal form chooses
    if p.op in a.inverses:
        g = a.inverses[p.op]
        if isinstance(p.args[0], LVar) and p.args[0] in _variables_elsewhere(p, lhs):
            return None
        x = p.args[0]
        if g.sign is not None or (x.args and x.op is not g.op and x.op not in a.powers):
            return frozenset((p.op,))
        return frozenset((p.op, CONST, g.op))  # the inverse of a number or of a sum may be a number or a sum
    if p.op in a.powers and isinstance(p.args[1], LVar):
        return None
    if p.op in a.groups:
        g = a.groups[p.op]
        if any(isinstance(x, LVar) and x.data[1] == "literal" for x in p.args):
            return None
        return frozenset((p.op, assume_) + ((g.sign,) if g.sign is not None else ()))
    return frozenset((p.op, assume_))


def _anchor(rule: Any, a: Algebra) -> Term | None:
    """The compound operand of a flat left side that is matched first, while nothing is bound, if there is one."""
    code = Code(rule, 0, {}, a)
    absorbing = code.absorbing(rule.lhs, root=True)
    todo = [x for x in rule.lhs.args if x is not absorbing]
    if any(code.decides(x, todo) for x in todo):
        return None
    return min((x for x in todo if x.args), key=code.rank, default=None)


def _variables_elsewhere(p: Term, lhs: Term) -> set[Term]:
    """Variables of a left side that occur outside one of its direct parts."""
    return {v for q in lhs.args if q is not p for v in variables(q)}
