"""Which structures of matrices can be proved of a term at all: an upper bound, read off the operators that made it.

Most matrices of a program have no structure that anything knows of.  For a term, the structures that its operands may have
decide which ones it may have: one set of bits, computed bottom-up once, so that a question that must fail costs one look.
Premises about numbers, types and parts that lie deeper than an operand count as true here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..terms.elementwise import assume_
from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term
from ..terms.type import UNKNOWN, Type
from .algebra import algebra
from .clauses import Clause, canonical_head
from .predicates import PARTS, PREDICATES

__all__ = ["Possible"]

_IDENTITIES = "identity"  # the kind of rows whose value is their operand


@dataclass(frozen=True)
class _Demand:
    """What a clause asks of the operands of its head: bits of each, in order; of a flat node, of any of them."""

    bit: int
    operands: tuple[int, ...]


class Possible:
    """The structures that clauses, all of them about matrices, may prove of terms."""

    def __init__(self, clauses: Iterable[Clause], key: Any) -> None:
        self.key = f"possible {key}"
        heads = list(clauses)
        named = [n for n, p in PREDICATES.items() if p.scope == "matrix"]
        named += [g.name for c in heads for g in (c.head, *c.body) if g.predicate.scope == "matrix"]
        self.bits = {n: 1 << i for i, n in enumerate(dict.fromkeys(named))}
        self._structures = (1 << len(self.bits)) - 1
        self._implications: list[tuple[int, int, str]] = []
        self._by_op: dict[Op, list[tuple[Clause, Term]]] = {}
        special = algebra().special
        for c in heads:
            p = c.head.args[0]
            if isinstance(p, LVar):
                self._implications.append((self.bits[c.head.name], self._asked(c, p), p.data[2]))
                continue
            if p.op in special:  # as the terms that are asked about are written
                p = canonical_head(p)
            self._by_op.setdefault(p.op, []).append((c, p))
        shown = {a.op for found in self._by_op.values() for _, p in found for a in p.args if self._plain(a)}
        first = len(self.bits)
        self._ops = {op: 1 << first + i for i, op in enumerate(sorted(shown, key=lambda op: op.name))}
        self._rows: dict[Op, tuple[_Demand, ...]] = {}
        self._closed: dict[tuple[int, str], int] = {}
        self._alone: dict[tuple[Op, str], int] = {}  # of an operator that no clause speaks of
        self._made: dict[Any, int] = {}

    def structure(self, name: str, t: Term) -> bool:
        """May this structure be proved of a term?"""
        bit = self.bits.get(name)
        if bit is None:
            return True
        found = None if t.memo is None else t.memo.get(self.key)
        if found is None:
            found = self._known(t)
            if found is None:
                found = self.of(t)
        return found & bit != 0

    def of(self, t: Term) -> int:
        """The structures that a term may have, and its operator, as bits."""
        found = self._known(t)
        if found is not None:
            return found
        stack = [t]
        while stack:
            u = stack[-1]
            if self._known(u) is not None:
                stack.pop()
                continue
            missing = [a for a in u.args if a.op is not ATTRIBUTE and self._known(a) is None]
            if missing:
                stack += missing
                continue
            stack.pop()
            if u.memo is None:
                u.memo = {}
            found = u.memo[self.key] = self._made_of(u)
        assert found is not None
        return found

    def _known(self, t: Term) -> int | None:
        """What needs no look at operands, or was computed before."""
        op, type_ = t.op, t.type
        if op.kind != _IDENTITIES:
            if type(type_) is not Type:
                if type_ is UNKNOWN:
                    return self._structures
                return self._ops.get(op, 0) if op not in self._by_op else self._memo(t)
            if op is CONST:
                return self._structures if len(type_.shape) >= 2 else 0
            if len(type_.shape) < 2:
                return self._ops.get(op, 0)
            if op not in self._by_op:
                key = op, type_.dtype.kind
                found = self._alone.get(key)
                if found is None:
                    found = self._alone[key] = self._close(0, type_.dtype.kind) | self._ops.get(op, 0)
                return found
        return self._memo(t)

    def _memo(self, t: Term) -> int | None:
        return None if t.memo is None else t.memo.get(self.key)

    def _made_of(self, t: Term) -> int:
        parts = [0 if a.op is ATTRIBUTE else self._known(a) or 0 for a in t.args]
        kind = t.type.dtype.kind if type(t.type) is Type else ""
        if t.op.kind == _IDENTITIES:
            found = parts[0]
            for f in t.args[1].data if t.op is assume_ else ():
                name = f if isinstance(f, str) else f[0]
                for n in (name, *PARTS.get(name, ())):
                    found |= self.bits.get(n, 0)
            return self._close(found & self._structures, kind) | (found & ~self._structures)
        flat = t.op in algebra().groups
        key = (t.op, kind, frozenset(parts) if flat else tuple(parts))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._flat(t.op, parts, kind) if flat else self._plainly(t.op, parts, kind)
        return made

    def _plainly(self, op: Op, parts: list[int], kind: str) -> int:
        found = 0
        for d in self._row(op):
            orders = (d.operands, d.operands[::-1]) if op in algebra().commutative else (d.operands,)
            if any(len(o) == len(parts) and all(need & ~p == 0 for need, p in zip(o, parts, strict=True)) for o in orders):
                found |= d.bit
        return self._close(found, kind) | self._ops.get(op, 0)

    def _flat(self, op: Op, parts: list[int], kind: str) -> int:
        """A clause of two operands meets any two parts of many, which may have what is provable of parts."""
        some, found = 0, -1
        for p in parts:
            some |= p
        made = 0
        while found != made:
            found = made
            for d in self._row(op):
                if all(need & ~(some | made) == 0 for need in d.operands):
                    made |= d.bit
            made = self._close(made, kind)
        return made | self._ops.get(op, 0)

    def _row(self, op: Op) -> tuple[_Demand, ...]:
        row = self._rows.get(op)
        if row is None:
            row = self._rows[op] = tuple(
                _Demand(self.bits[c.head.name], tuple(self._demanded(c, a) for a in p.args))
                for c, p in self._by_op.get(op, ()))
        return row

    def _demanded(self, c: Clause, a: Term) -> int:
        if isinstance(a, LVar):
            return self._asked(c, a)
        return self._ops[a.op] if self._plain(a) else 0

    def _plain(self, a: Term) -> bool:
        """Whether only a node of the same operator matches this part of a pattern."""
        return bool(a.args) and a.op not in algebra().special and a.op.kind not in (_IDENTITIES, "attribute_function")

    def _asked(self, c: Clause, v: Term) -> int:
        """The structures that a clause asks of a variable."""
        out = 0
        for g in c.body:
            if g.predicate.scope == "matrix" and g.args[0] is v:
                out |= self.bits[g.name]
        return out

    def _close(self, found: int, kind: str) -> int:
        """With all that is implied."""
        closed = self._closed.get((found, kind))
        if closed is None:
            closed, before = found, -1
            while closed != before:
                before = closed
                for bit, need, kinds in self._implications:
                    if need & ~closed == 0 and kind in kinds:
                        closed |= bit
            self._closed[found, kind] = closed
        return closed
