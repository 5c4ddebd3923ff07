"""Whether equations are true, and how far floats follow them: `judge` measures, `verdict` remembers."""

from __future__ import annotations

from .findings import LEVELS, Counterexample, Finding, Verdict
from .pattern import instantiate
from .store import known, ship, verdict
from .verifier import demand, judge, measure

__all__ = ["LEVELS", "Counterexample", "Finding", "Verdict", "demand", "instantiate", "judge", "known", "measure", "ship",
           "verdict"]
