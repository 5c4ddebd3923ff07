"""Critical pairs: two rules that rewrite one term differently, and whether both results have one normal form."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ...errors import BudgetError, RelgraphError
from ...terms.show import show
from ...terms.term import CONST, Op, Term, toposort
from ...terms.type import UNKNOWN
from ..algebra import algebra
from ..forms import normal
from ..present import present
from ..relation import Rule
from .instances import gave_up, ground
from .overlaps import heads, overlaps
from .remarks import Remark
from .rules import Stepper

__all__ = ["Peak", "critical_pairs", "peaks"]

_BUDGET = 2000  # steps that a normalisation may take


@dataclass(frozen=True, eq=False)
class Peak:
    """A term that two rules rewrite, and the two normal forms, which differ."""

    first: str
    second: str
    term: Term
    one: Term
    other: Term
    inside: bool  # the second rewrites a part of what the first rewrites, and so always comes before it

    def __str__(self) -> str:
        return f"{_text(self.term)} becomes {_text(self.one)} by {self.first}, {_text(self.other)} by {self.second}"


def _text(t: Term) -> str:
    return str(show(present([t])[0], types=False))


def proposals(rules: Sequence[Rule]) -> list[tuple[Rule, Term, Rule]]:
    """Which rule may apply at which part of which other one, by operators."""
    by_op: dict[Op, list[Rule]] = {}
    for r in rules:
        by_op.setdefault(r.lhs.op, []).append(r)
    out: list[tuple[Rule, Term, Rule]] = []
    at = {id(r): i for i, r in enumerate(rules)}
    for outer in rules:
        for part in heads(outer):
            for inner in by_op.get(part.op, ()):
                # At the root one of the two orders is enough, and an equation beside itself or its multiples is not looked at.
                again = inner.relation is outer.relation and "multiple" in inner.variant + outer.variant
                if part is not outer.lhs or (at[id(inner)] >= at[id(outer)] and not again):
                    out.append((outer, part, inner))
    return out


def peaks(rules: Sequence[Rule], engine: Any, holds: Any, title: str, sample: int | None = None,
          counts: dict[str, int] | None = None) -> Iterator[Peak]:
    """The overlaps of rules that do not join, the first for each pair of rules; ``sample`` looks at so many overlaps only."""
    stepper = Stepper(rules, holds, title)
    todo = proposals(rules)
    if sample is not None and len(todo) > sample:
        todo = random.Random(1936).sample(todo, sample)
    seen: set[Term] = set()
    told: set[frozenset[str]] = set()
    tried = without = 0
    for outer, part, inner in todo:
        for pattern, guards in overlaps(outer, part, inner):
            t = _instance(pattern, guards)
            without += t is None and gave_up(pattern, guards)
            if t is None or t in seen:
                continue
            seen.add(t)
            tried += 1
            for peak in _differing(t, stepper, engine):
                pair = frozenset((peak.first, peak.second))
                if pair not in told:
                    told.add(pair)
                    yield peak
    if counts is not None:
        counts["overlaps"] = tried
        if without:
            counts["overlaps given up"] = without


def _instance(pattern: Term, guards: Any) -> Term | None:
    try:
        t = ground(pattern, guards)
        return normal(t) if t is not None else None
    except RelgraphError:
        return None


def _differing(t: Term, stepper: Stepper, engine: Any) -> Iterator[Peak]:
    """Reducts of a term that have different normal forms: two of one node, or one of a node and one of a part of it."""
    made: dict[Term, list[tuple[str, Term]]] = {}
    for reduct in stepper.reducts(t):
        try:
            form = engine.normalize([reduct.after], budget=_BUDGET)[0]
        except BudgetError:
            continue
        if _meaningful(form):
            made.setdefault(reduct.node, []).append((reduct.rule.name, form))
    for node, results in made.items():
        if any(engine.normalize([a])[0] is not a for a in node.args):
            continue  # a part of it is rewritten first
        for name, form in results[1:]:
            if form is not results[0][1]:
                yield Peak(results[0][0], name, t, results[0][1], form, False)
    nodes = list(made)
    for outer, inner in combinations(nodes, 2):  # root first
        (one, form), (other, found) = made[outer][0], made[inner][0]
        if form is not found and inner in set(toposort(outer)):
            yield Peak(one, other, t, form, found, True)


def _meaningful(form: Term) -> bool:
    """An overlap at which something is divided by zero says nothing."""
    a = algebra()
    for u in toposort(form):
        x = u.args[0] if u.op in a.inverses and a.inverses[u.op].sign is not None else u
        if x.op is CONST and x.type is not UNKNOWN and x.type.dtype.kind in "fc":
            if not bool(np.all(np.isfinite(x.data))) or (x is not u and not bool(np.all(x.data))):
                return False
    return True


def critical_pairs(theory: Any, form: str = "real", sample: int | None = None,
                   counts: dict[str, int] | None = None) -> Iterator[Remark]:
    """For each pair of rules that leave two normal forms: a warning if it is up to their order which one, else a note."""
    compiled = theory.compiled(form)
    for p in peaks(compiled.rules, compiled.engine, theory.facts.holds, theory.name, sample, counts):
        if p.inside:
            yield Remark("note", "critical pair", p.first, f"never sees what {p.second} rewrites first: {p}",
                         f"if {_text(p.one)} is better, state {_text(p.other)} = {_text(p.one)}", (p.second,))
        else:
            yield Remark("warning", "critical pair", p.first, f"does not join with {p.second}, which of them applies is a "
                         f"matter of order: {p}", f"state the equation {_text(p.one)} = {_text(p.other)}, or a guard that "
                         "keeps the two rules apart", (p.second,))
