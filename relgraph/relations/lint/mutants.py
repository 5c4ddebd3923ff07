"""Damaged equations: each must be refused by the judge, or be proved true; a judge that lets one pass is blind there."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any

from ...errors import RefusedRelation, RelgraphError, TheoryError
from ...terms import rows
from ...terms.term import ATTRIBUTE, CONST, LVar, Op, Term, attr, make, rebuild, toposort, track_origins, weak
from ...terms.type import UNKNOWN
from ..algebra import algebra
from ..predicates import Guards, all_of
from ..relation import Relation, text
from ..template import variables
from ..verify.second import second_look
from ..verify.verifier import demand, evidence_for, groups_of, measure
from .remarks import Remark

__all__ = ["Mutant", "Score", "mutants", "score"]

_SWAPS = 2  # ops that are tried in place of each op


@dataclass(frozen=True, eq=False)
class Mutant:
    """A relation with one thing changed."""

    relation: Relation
    change: str
    lhs: Term
    rhs: Term
    guards: Guards

    def __str__(self) -> str:
        guards = f"   if {' and '.join(map(str, self.guards))}" if self.guards else ""
        return f"{self.relation.name}, {self.change}: {text(self.lhs)} = {text(self.rhs)}{guards}"


@dataclass(frozen=True)
class Score:
    """What became of mutants: refused, true after all, or let pass although a second look refutes them."""

    refused: int
    true: tuple[str, ...] = ()
    survived: tuple[Remark, ...] = ()
    by_change: dict[str, int] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The part of the false mutants that the judge refused."""
        false = self.refused + len(self.survived)
        return self.refused / false if false else 1.0

    def __str__(self) -> str:
        n = self.refused + len(self.true) + len(self.survived)
        return (f"{n} mutants: {self.refused} refused, {len(self.true)} true, {len(self.survived)} false ones passed; "
                f"score {self.value:.1%}")


def mutants(r: Relation) -> Iterator[Mutant]:
    """Each relation that differs in one place: an op, a guard, a sign, a constant, two variables, an axis."""
    guards = all_of(r.guards)
    for i, g in enumerate(guards):
        yield Mutant(r, f"without {g}", r.lhs, r.rhs, Guards(guards[:i] + guards[i + 1:]))
    for side in ("left", "right"):
        whole = r.lhs if side == "left" else r.rhs
        for change, new in _changed(whole):
            if new is not whole:
                yield Mutant(r, f"{change} on the {side}", *((new, r.rhs) if side == "left" else (r.lhs, new)), guards)
    for a, b in combinations(variables(r.rhs), 2):
        if a.data[1:] == b.data[1:]:
            yield Mutant(r, f"{a.data[0]} and {b.data[0]} exchanged on the right", r.lhs, _with(r.rhs, {a: b, b: a}), guards)


def _changed(whole: Term) -> Iterator[tuple[str, Term]]:
    for t in toposort(whole):
        if isinstance(t, LVar):
            continue
        for change, new in _damaged(t):
            try:
                made: Term = new() if callable(new) else new  # type: ignore[assignment]
                yield change, _with(whole, {t: made})
            except (RelgraphError, ValueError, TypeError, IndexError):
                continue  # it has no type: nobody could write it
    try:
        yield "another sign", -whole
    except RelgraphError:
        return


def _damaged(t: Term) -> Iterator[tuple[str, Any]]:
    if t.op is CONST and t.type is UNKNOWN and not isinstance(t.data, (bool, complex)):
        yield f"{t.data} made {t.data + 1}", weak(t.data + 1)
    elif t.op is ATTRIBUTE and isinstance(t.data, tuple) and len(t.data) and all(isinstance(i, int) for i in t.data):
        first, *others = t.data
        yield f"axis {first} {'dropped' if others else f'made {first - 1}'}", attr(tuple(others) if others else (first - 1,))
    elif t.args:
        inverse = algebra().inverses.get(t.op)
        if inverse is not None and inverse.sign is None:
            yield "a sign dropped", t.args[0]
        for op in partners(t.op)[:_SWAPS]:
            yield f"{op.name} for {t.op.name}", lambda op=op: make(op, t.args)


@cache
def partners(op: Op) -> tuple[Op, ...]:
    """Other ops of the same form, those next to it in the alphabet first."""
    def form(o: Op) -> tuple[Any, ...]:
        return o.kind, o.arity, o.signature, o.attrs, o.conditions, o.variadic
    same = sorted((o for o in rows().values() if o is not op and form(o) == form(op)), key=lambda o: o.name)
    later = [o for o in same if o.name > op.name]
    return (*later, *same[:len(same) - len(later)])


def _with(whole: Term, changes: dict[Term, Term]) -> Term:
    done: dict[Term, Term] = {}
    for t in toposort(whole):
        args = tuple([done[a] for a in t.args])
        same = all(a is b for a, b in zip(args, t.args, strict=True))
        done[t] = changes[t] if t in changes else t if same else rebuild(t, args)
    return done[whole]


def score(relations: Iterable[Relation], sample: int | None = None) -> Score:
    """Judge the mutants of relations, or so many of them, the same ones each time."""
    chosen = [m for r in relations for m in mutants(r)]
    if sample is not None and len(chosen) > sample:
        chosen = random.Random(1847).sample(chosen, sample)
    refused, true, survived = 0, [], []
    for m in chosen:
        found = _fate(m)
        if found == "refused":
            refused += 1
        elif found == "true":
            true.append(str(m))
        else:
            survived.append(Remark("error", "mutant", m.relation.name, f"the judge lets {m} pass, but\n{found}",
                                   "give the judge a point like this one, in verify/values.py or verify/fills.py"))
    return Score(refused, tuple(true), tuple(survived))


def _fate(m: Mutant) -> str:
    """"refused", "true", or the counterexample that the judge did not find."""
    declared = m.relation.declared
    groups = groups_of(m.lhs, m.rhs)
    try:
        demand(measure("mutant", m.lhs, m.rhs, m.guards, groups[:1]), declared)
        demand(measure("mutant", m.lhs, m.rhs, m.guards), declared)
    except (RefusedRelation, TheoryError):
        return "refused"
    tracked = track_origins(False)
    try:
        found = second_look(m.lhs, m.rhs, m.guards, groups[0], declared, evidence_for(m.lhs, m.rhs, m.guards, groups[0]))
    finally:
        track_origins(tracked)
    return "true" if found is None else str(found)
