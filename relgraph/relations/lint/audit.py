"""Guards that could be weaker: the equation stays as true as declared, and its other direction as it was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...errors import RefusedRelation, TheoryError
from ..predicates import Guards, all_of
from ..relation import Relation, text
from ..verify.findings import LEVELS, Verdict
from ..verify.store import verdict
from ..verify.suggest import Hunt, written
from ..verify.verifier import as_pattern, measure
from .remarks import Lint, Remark

__all__ = ["audit", "audited"]

_SHOWN = 2


def audit(theory: Any, *names: str) -> Lint:
    """Every guarded relation of a theory (or those named) for which a weaker guard would do, or none.

    A guard counts as needed if without it the written direction is weaker than declared or moves away from the truth, or
    the other direction, where it exists, gets weaker than it is.
    """
    chosen = [theory[n] for n in names] if names else list(theory.equations())
    guarded = [r for r in chosen if r.guards]
    return Lint(theory.name, tuple(q for r in guarded for q in audited(r)), {"guarded relations": len(guarded)})


def audited(r: Relation) -> Iterator[Remark]:
    """What can be said against the guards of one relation."""
    left, right, guards = as_pattern(r.lhs), as_pattern(r.rhs), all_of(r.guards)
    known = verdict(r)

    def as_good(v: Verdict) -> bool:
        back = "<-" not in r.directions() or LEVELS.index(v.safety("<-")) <= LEVELS.index(known.safety("<-"))
        forth = LEVELS.index(v.safety()) <= LEVELS.index(r.declared)
        return back and forth and (v.mark() != "worsens" or known.mark() == "worsens")
    try:
        if as_good(measure(r.name, left, right)):
            yield Remark("warning", "guard not needed", r.name, f"no point breaks it without {written(guards)}",
                         f"remove the guard: {text(left)} = {text(right)}")
            return
    except (RefusedRelation, TheoryError):
        pass
    kept = guards
    for g in guards:
        rest = Guards(h for h in kept if h is not g)
        try:
            if rest and as_good(measure(r.name, left, right, rest)):
                kept = rest
        except (RefusedRelation, TheoryError):
            continue
    if kept != guards:
        yield Remark("warning", "weaker guard", r.name, f"{written(kept)} is enough, written is {written(guards)}",
                     f"write {written(kept)}")
    for a in islice(Hunt(left, right, r.declared, above=kept, rounds=40).weakest(as_good), _SHOWN):
        yield Remark("warning", "weaker guard", r.name, f"{written(a.guards)} is enough, which {written(kept)} implies",
                     f"write {written(a.guards)}")
