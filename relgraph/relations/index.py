"""Which rules are worth trying at a node: an index by operator and by operand operators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from ..terms.elementwise import assume_
from ..terms.structure import broadcast_
from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term
from .algebra import Algebra, algebra
from .matcher import Matcher
from .occurring import as_bits, operators
from .patterns import is_literal, split_literal
from .template import variables
from .writer import Code

__all__ = ["Candidate", "Entry", "Index", "Needs", "below", "inside", "needs"]

Candidate: TypeAlias = tuple[Any, Matcher]  # a rule and its matcher
Needs: TypeAlias = tuple[frozenset[Op] | None, ...]  # the operators that operands may have; None for any
_LIMIT = 8192


class Entry(NamedTuple):
    """A rule as the index sees it: its operator, what its operands may be, what must stand in them, the rule once needed."""

    op: Op
    needs: Needs
    inside: frozenset[Op]  # directly in operands
    below: frozenset[Op]  # anywhere
    candidate: Callable[[], Candidate]


class Index:
    """Rules with their matchers, in written order, found by the operators of a node and of its operands.

    A node is also asked for operators that must stand somewhere in it, and one with flat operands, as a sum of products, for
    those that must stand inside one of them.
    """

    __slots__ = ("_by_op", "_cache", "_fold", "_outer", "_unordered")

    def __init__(self, entries: Iterable[Entry], fold: Any = None) -> None:
        self._fold = ((fold, fold.matcher),) if fold is not None else ()
        a = algebra()
        self._unordered = frozenset((*a.groups, *a.commutative))
        self._outer = frozenset((*a.inverses, assume_))
        self._by_op: dict[Op, list[Entry]] = {}
        for entry in entries:
            self._by_op.setdefault(entry.op, []).append(entry)
        self._cache: dict[Any, tuple[Candidate, ...] | frozenset[Op] | int] = {}

    @property
    def folds(self) -> bool:
        """Are constants folded?"""
        return bool(self._fold)

    def candidates(self, t: Term) -> tuple[Candidate, ...]:
        """The rules that may apply at a node; the answer depends on operators only and is remembered."""
        op, args = t.op, t.args
        first = args[0].op
        fold = self._fold if (first is CONST or first is broadcast_) and self._fold and self._fold[0][0].applies(t) else ()
        if op not in self._by_op:
            return fold
        heads: Any
        if len(args) == 1:
            heads = (first,)
        elif len(args) == 2:
            heads = first, args[1].op
        elif op in self._unordered:
            heads = frozenset([a.op for a in args])
        else:
            heads = tuple([a.op for a in args])
        cache = self._cache
        found = cache.get((op, heads))
        if found is None:
            found = self._found((op, heads), op, heads)
        if type(found) is int:  # what the rules left by the heads look for below
            below = t.below
            key = op, heads, found & (operators(t) if below is None else below)
            found = cache.get(key)
            if found is None:
                found = self._found(key, *key)
            if type(found) is frozenset:  # and those left then, inside operands
                key = *key, found & _operators_inside(t, self._outer)
                found = cache.get(key)
                if found is None:
                    found = self._found(key, *key)
        return (*found, *fold) if fold else found  # type: ignore[return-value]

    def _found(self, key: Any, op: Op, heads: Any, below: int | None = None,
               within: frozenset[Op] | None = None) -> tuple[Candidate, ...] | frozenset[Op] | int:
        if len(self._cache) > _LIMIT:
            self._cache.clear()
        found = self._cache[key] = self._select(op, heads, below, within)
        return found

    def _select(self, op: Op, heads: Any, below: int | None,
                within: frozenset[Op] | None) -> tuple[Candidate, ...] | frozenset[Op] | int:
        """The candidates, or what is to be looked for below, or inside operands, before they are known."""
        if op in self._unordered:
            heads = frozenset(heads)
            left = [e for e in self._by_op[op] if all(n is None or n & heads for n in e.needs)]
        else:
            left = [e for e in self._by_op[op] if len(e.needs) == len(heads)
                    and all(n is None or h in n for n, h in zip(e.needs, heads, strict=True))]
        if below is None:
            if asked := as_bits(frozenset().union(*[e.below for e in left])):
                return asked
        else:
            left = [e for e in left if as_bits(e.below) & ~below == 0]
            if within is None and (inside := frozenset().union(*[e.inside for e in left])):
                return inside
        return tuple([e.candidate() for e in left if within is None or e.inside <= within])


def needs(rule: Any) -> Needs:
    """The operators that the operands of a node must have for a rule to be tried there; in any order for a group."""
    found = _needs(rule, algebra())
    return tuple(n for n in found if n is not None) if _unordered(rule) else found


def inside(rule: Any) -> frozenset[Op]:
    """The operators that must stand inside operands of a node, of a rule whose operands have any order."""
    a = algebra()
    if not _unordered(rule):
        return frozenset()
    parts = [_inside(p, a) for p, n in zip(rule.lhs.args, _needs(rule, a), strict=True) if n is not None]
    return frozenset().union(*parts)


def below(rule: Any) -> frozenset[Op]:
    """The operators that stand in whatever a rule matches; not those in a power that may be the 0th."""
    a = algebra()
    out: set[Op] = set()
    stack = list(rule.lhs.args)
    while stack:
        p = stack.pop()
        if p.op.kind == "attribute_function" or (p.op in a.powers and p.args[1].op is not CONST):
            continue
        out.add(p.op)
        stack += p.args
    return frozenset(op for op in out if as_bits((op,)))


def _needs(rule: Any, a: Algebra) -> Needs:
    first = _anchor(rule, a) if rule.lhs.op in a.groups else None
    return tuple(_heads(p, rule.lhs, a, p is first) for p in rule.lhs.args)


def _unordered(rule: Any) -> bool:
    a = algebra()
    return rule.lhs.op in a.groups or rule.lhs.op in a.commutative


def _operators_inside(t: Term, outer: frozenset[Op]) -> set[Op]:
    """The operators of the operands of a node's operands, signs and assumptions (``outer``) aside."""
    out: set[Op] = set()
    for x in t.args:
        while x.op in outer and (x.op is assume_ or x.args[0].args):
            x = x.args[0]
            out.add(x.op)
        for y in x.args:
            while y.op is assume_:
                y = y.args[0]
            out.add(y.op)
    return out


def _inside(p: Term, a: Algebra) -> frozenset[Op]:
    """Operators that stand inside whatever matches a part of a left side: those that no normal form changes."""
    while p.op in a.inverses and p.args[0].op in a.inverses:
        p = p.args[0]
    inner = p.args[0] if p.op in a.inverses else p
    parts = inner.args if inner.op in a.groups else (inner,) if inner is not p else ()
    return frozenset(q.op for q in parts if q.args and q.op not in a.special and q.op.kind != "attribute_function")


def _heads(p: Term, lhs: Term, a: Algebra, first: bool = False) -> frozenset[Op] | None:
    """The operators a term matching a part of a left side may have; None for any.  ``first``: it is matched first."""
    if p.op is CONST or is_literal(p) or (p.op in a.inverses and is_literal(p.args[0])):
        return frozenset((CONST, broadcast_))
    if isinstance(p, LVar):
        return None
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
        if any(map(is_literal, p.args)) and (g.sign is None or len(p.args) > 2 or isinstance(split_literal(p)[1], LVar)):
            return None  # a number that is 1 does not show
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
