"""What verification found about an equation or a clause, as a value: printed as a table, stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .values import MEMBERS

__all__ = ["LEVELS", "ClauseVerdict", "Counterexample", "Finding", "Verdict", "weakest"]

LEVELS = ("exact", "real", "domain", "false")  # each allows more change than the one before


def weakest(levels: Any) -> str:
    """The level that allows most change."""
    return max(levels, key=LEVELS.index, default="exact")


@dataclass(frozen=True)
class Counterexample:
    """Inputs at which the two sides differ, as text: what NumPy computes and what is true."""

    inputs: tuple[tuple[str, str], ...]
    left: str
    right: str
    left_true: str = ""
    right_true: str = ""
    why: str = ""

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {value}" for name, value in self.inputs)
        truth = [f"   (exactly: {t})" if t else "" for t in (self.left_true, self.right_true)]
        lines = [f"at {at}", f"  left  = {self.left}{truth[0]}", f"  right = {self.right}{truth[1]}"]
        return "\n".join(lines + ([f"  {self.why}"] if self.why else []))


@dataclass(frozen=True)
class Finding:
    """What one direction is worth for one group of dtypes.

    ``safety``: "exact" (same bits, NaN payloads aside), "real" (the same real function where the guard holds; rounding and
    intermediate overflow may move), "domain" (also what is NaN, infinite or undefined may change), "false".
    ``mark``: whether the result of the direction is nearer the truth ("repairs"), farther ("worsens") or neither.
    """

    dtype: str
    direction: str
    safety: str
    mark: str
    example: Counterexample | None = None  # of why it is no better


@dataclass(frozen=True)
class Verdict:
    """The findings for an equation, and how they were come by."""

    name: str
    left: str
    right: str
    guards: tuple[str, ...]
    findings: tuple[Finding, ...]
    points: int  # at which both sides were computed by NumPy
    admitted: int  # of these, points at which the guards hold
    judged: int  # of these, points at which the sides differed and the reference decided
    undecided: int  # points too far out for the reference

    def _of(self, direction: str, dtype: str | None) -> list[Finding]:
        return [f for f in self.findings if f.direction == direction and (dtype is None or dtype in MEMBERS[f.dtype])]

    def safety(self, direction: str = "->", dtype: str | None = None) -> str:
        """The class of a direction: of one dtype, or the weakest of all that were tried."""
        found = self._of(direction, dtype)
        return weakest(f.safety for f in found) if found else "false"

    def mark(self, direction: str = "->", dtype: str | None = None) -> str:
        """"repairs", "neutral" or "worsens": the worst of the dtypes."""
        marks = [f.mark for f in self._of(direction, dtype)]
        return next((m for m in ("worsens", "repairs") if m in marks), "neutral")

    def dtypes(self, direction: str = "->", level: str = "domain") -> tuple[str, ...]:
        """The dtypes for which a direction is at least of a class."""
        return tuple(d for f in self._of(direction, None) if LEVELS.index(f.safety) <= LEVELS.index(level)
                     for d in MEMBERS[f.dtype])

    def example(self, direction: str = "->", dtype: str | None = None) -> Counterexample | None:
        """Why a direction is no better than it is."""
        found = sorted(self._of(direction, dtype), key=lambda f: -LEVELS.index(f.safety))
        return next((f.example for f in found if f.example is not None), None)

    def __str__(self) -> str:
        rows = [("dtype", "direction", "class", "mark")] + [(f.dtype, f.direction, f.safety, f.mark) for f in self.findings]
        width = [max(len(r[i]) for r in rows) for i in range(4)]
        lines = [f"{self.name}: {self.left} = {self.right}" + (f"   if {' and '.join(self.guards)}" if self.guards else "")]
        lines += ["  " + "  ".join(c.ljust(w) for c, w in zip(r, width, strict=True)).rstrip() for r in rows]
        lines.append(f"  {self.points} points, {self.admitted} admitted, {self.judged} judged by the reference, "
                     f"{self.undecided} beyond it")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_json` wrote."""
        fields: dict[str, Any] = {**data, "guards": tuple(data["guards"]), "findings": tuple(map(_finding, data["findings"]))}
        return cls(**fields)


def _finding(data: Mapping[str, Any]) -> Finding:
    fields: dict[str, Any] = {**data, "example": _example(data["example"])}
    return Finding(**fields)


def _example(data: Mapping[str, Any] | None) -> Counterexample | None:
    if data is None:
        return None
    fields: dict[str, Any] = {**data, "inputs": tuple((n, v) for n, v in data["inputs"])}
    return Counterexample(**fields)


@dataclass(frozen=True)
class ClauseVerdict:
    """How often a clause was tried: points at which its premises hold, and at how many exact arithmetic had to decide."""

    clause: str
    dtypes: tuple[str, ...]
    admitted: int
    judged: int

    def __str__(self) -> str:
        return f"{self.clause}: {self.admitted} points in {', '.join(self.dtypes)}; {self.judged} judged by the reference"

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ClauseVerdict:
        """The verdict that `to_json` wrote."""
        fields: dict[str, Any] = {**data, "dtypes": tuple(data["dtypes"])}
        return cls(**fields)
