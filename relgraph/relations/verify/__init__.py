"""Whether equations are true, and how far floats follow them: `judge` measures, `verdict` remembers."""

from __future__ import annotations

from .clauses import ClauseVerdict, check_clause
from .findings import LEVELS, Counterexample, Finding, Verdict
from .pattern import instantiate
from .store import ship, verdict
from .verifier import demand, judge, measure

__all__ = ["LEVELS", "ClauseVerdict", "Counterexample", "Finding", "Verdict", "check_clause", "demand", "instantiate", "judge",
           "measure", "ship", "verdict"]
