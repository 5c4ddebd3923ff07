"""Proofs of facts as values: true if there is one, printed as an indented derivation or as what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..terms.elementwise import assume_
from ..terms.show import show
from ..terms.show.parts import attribute_text
from ..terms.term import ATTRIBUTE, CONST, INPUT, Term, _short, _where
from .facts import Clause, FactBase, Reason
from .predicates import BOUNDS, Predicate
from .present import present

__all__ = ["Proof", "proof"]

_WIDE = 60  # characters of a term
_DEEP = 12  # steps that are printed one inside the other
_LEAVES = (CONST, INPUT, assume_)  # of which no clause says more than is known
_MISSING = 4  # steps from what is unknown down to what is missing


@dataclass(frozen=True, eq=False)
class Proof:
    """Why a predicate holds of its operands, or why that is unknown.

    ``bool(p)``: whether it is proved.  ``p.clause``: the clause that was used, or the nearest one; ``p.premises``: the
    proofs of its body; ``p.failed``: those of them that are unknown.  ``str(p)``: all of it, with the lines of assumptions.
    """

    predicate: Predicate
    args: tuple[Term, ...]
    reason: Reason | None
    clause: Clause | None
    facts: FactBase
    _goals: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return self.reason is not None

    @property
    def premises(self) -> tuple[Proof, ...]:
        """Proofs of what the clause asks for."""
        return tuple(proof(self.facts, p, a) for p, a in self._goals)

    @property
    def failed(self) -> tuple[Proof, ...]:
        """The premises of the nearest clause that are unknown; none if there is a proof."""
        return () if self else tuple(p for p in self.premises if not p)

    @property
    def goal(self) -> str:
        """What is to be proved, as text."""
        return f"{self.predicate}({', '.join(map(_text, self.args))})"

    def __str__(self) -> str:
        lines: list[str] = []
        stack: list[tuple[Proof, int, int]] = [(self, 0, _MISSING)]
        seen: set[Any] = set()
        while stack:
            p, depth, missing = stack.pop()
            key = (p.predicate, p.args)
            again = key in seen and bool(p._goals)
            seen.add(key)
            lines.append("  " * depth + p._line(again))
            more = not again and depth < _DEEP and (bool(p) or missing > 0)
            stack += [(q, depth + 1, missing - 1) for q in reversed(p.premises)] if more else []
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _known(self) -> Any:
        """The number for which the predicate is proved, if that is not enough."""
        return self.facts.number(self.predicate, self.args[0]) if self.predicate.tightest else None

    def _line(self, again: bool) -> str:
        if self.reason is None:
            if self.clause is not None and (known := self._known()) is not None:
                return f"{self.goal} is unknown; what is proved is {self.predicate} {known} by {self.clause}"
            if self.clause is not None:
                return f"{self.goal} is unknown: {self.clause}{', see above' if again else ''}"
            return f"{self.goal} is unknown{_advice(self.predicate, self.args)}"
        if self.clause is not None:
            return f"{self.goal} by {self.clause}{', see above' if again else ''}"
        t = self.args[0]
        how = {"number": "a number", "type": f"its type is {t.type!r}", "read": "its values are known",
               "assumed": f"assumed at {_where(t.origin)}" if t.origin else "assumed"}
        return f"{self.goal}: {how[self.reason.kind]}"


def proof(facts: FactBase, predicate: Predicate, args: Sequence[Term]) -> Proof:
    """The proof of a goal, or what comes nearest: the clause of which the fewest premises are unknown."""
    args = tuple(args)
    reason = facts.reason(predicate, args)
    while reason is not None and reason.kind == "same":
        predicate, args = reason.premises[0]
        reason = facts.reason(predicate, args)
    if reason is not None:
        return Proof(predicate, args, reason, reason.clause, facts, reason.premises)
    best = facts.best(predicate, args[0]) if predicate.tightest else None
    while best is not None and best.kind == "same":
        args = (best.premises[0][1][0], *args[1:])
        best = facts.best(predicate, args[0])
    if best is not None and best.kind == "clause":
        return Proof(predicate, args, None, best.clause, facts, best.premises)
    while args[0].op is assume_ and args[0].args[0].op is not INPUT:
        args = (args[0].args[0], *args[1:])
    if args[0].op in _LEAVES:
        return Proof(predicate, args, None, None, facts)
    nearest: tuple[int, Clause, tuple[Any, ...]] | None = None
    for c, goals in facts.candidates(predicate, args):
        if not goals or any(p is predicate and a == args for p, a in goals):
            continue
        unknown = sum(not facts.holds(p, a) for p, a in goals)
        if nearest is None or unknown < nearest[0]:
            nearest = unknown, c, goals
    _, c, goals = nearest if nearest is not None else (0, None, ())
    return Proof(predicate, args, None, c, facts, goals)


def _advice(predicate: Predicate, args: Sequence[Term]) -> str:
    t = args[0]
    if t.op is CONST:
        return f": it is {_short(t)}"
    if predicate.scope in ("shape", "dtype"):
        return f": the type of {_text(t)} is {t.type!r}"
    if t.op is INPUT and all(a.op is CONST for a in args[1:]):
        bounds = [_text(a) for a in args[1:]] if predicate.name in BOUNDS else ["True"]
        bound = bounds[0] if len(bounds) == 1 else f"({', '.join(bounds)})"
        return f": nothing says so of the input; write rg.assume({_text(t)}, {predicate}={bound}) if it is true"
    if t.op is assume_:
        return f": {attribute_text('facts', t.args[1].data)} is assumed{f' at {_where(t.origin)}' if t.origin else ''}"
    return f": no clause speaks of {t.op.name}"


def _text(t: Term) -> str:
    if t.op is ATTRIBUTE:
        return str(t.data)
    if t.op is CONST and np.ndim(t.data) == 0:
        return repr(t.data.item() if isinstance(t.data, np.ndarray) else t.data)
    text = str(show(present([t])[0], types=False))
    return text if len(text) <= _WIDE else f"{text[:_WIDE]}…"
