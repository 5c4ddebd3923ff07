"""Whether equations are true, and how far floats follow them: `judge` measures, `verdict` remembers."""

from __future__ import annotations

from .judge import demand, judge, measure
from .pattern import instantiate
from .store import ship, verdict
from .verdict import LEVELS, Counterexample, Finding, Verdict

__all__ = ["LEVELS", "Counterexample", "Finding", "Verdict", "demand", "instantiate", "judge", "measure", "ship",
           "verdict"]
