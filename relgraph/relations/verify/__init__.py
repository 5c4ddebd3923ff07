"""Whether equations are true, and how far floats follow them: `judge` measures, `verdict` remembers, `suggest_guard` mends."""

from __future__ import annotations

from .clauses import check_clause
from .findings import LEVELS, ClauseVerdict, Counterexample, Finding, Verdict
from .pattern import instantiate
from .store import checked, clause_verdicts, known, ship, verdict, verdicts
from .suggest import Suggestion, suggest_guard
from .verifier import demand, judge, measure

__all__ = [
           "LEVELS",
           "ClauseVerdict",
           "Counterexample",
           "Finding",
           "Suggestion",
           "Verdict",
           "check_clause",
           "checked",
           "clause_verdicts",
           "demand",
           "instantiate",
           "judge",
           "known",
           "measure",
           "ship",
           "suggest_guard",
           "verdict",
           "verdicts",
]
