"""What a run did: one step for each use of a rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..terms.term import Term

__all__ = ["Recorder", "Step"]


@dataclass(frozen=True, eq=False)
class Step:
    """One use of a rule: wherever ``before`` stood, ``after`` stands; or, of a collecting rule, two operands of ``within``."""

    rule: Any
    before: Term
    after: Term
    bindings: tuple[Term, ...]
    rest: tuple[Term, ...] | None
    within: Term | None = None


@dataclass
class Recorder:
    """What a run did, in order: steps, and how many nodes were visited."""

    steps: list[Step] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
