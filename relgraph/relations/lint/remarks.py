"""What lint has to say about a theory, as a value: printed, filtered, written as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["Lint", "Remark", "Severity"]

Severity = Literal["error", "warning", "note"]
_ORDER = ("error", "warning", "note")


@dataclass(frozen=True)
class Remark:
    """One remark: which rule, what kind of defect, why it is one, and what to write instead."""

    severity: Severity
    kind: str
    rule: str
    why: str
    instead: str = ""
    others: tuple[str, ...] = ()  # the other rules it is about

    def __str__(self) -> str:
        head = f"{self.severity}: {self.rule}: {self.kind}: {self.why}"
        return f"{head}\n    {self.instead}" if self.instead else head


@dataclass(frozen=True)
class Lint:
    """All remarks about a theory, errors first, and how much was looked at.  It is true if there is no error.

    ``l.of("critical pair")`` gives the remarks of a kind, ``l.about("log_exp")`` those about a rule, ``l.to_json()`` data.
    """

    theory: str
    remarks: tuple[Remark, ...]
    counts: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.remarks)

    def __len__(self) -> int:
        return len(self.remarks)

    def __bool__(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What must be mended."""
        return tuple(r for r in self.remarks if r.severity == "error")

    def of(self, kind: str) -> tuple[Remark, ...]:
        """The remarks of one kind."""
        return tuple(r for r in self.remarks if r.kind == kind)

    def about(self, rule: str) -> tuple[Remark, ...]:
        """The remarks in which a rule is named."""
        return tuple(r for r in self.remarks if rule == r.rule or rule in r.others)

    def __str__(self) -> str:
        counted = ", ".join(f"{n} {what}" for what, n in self.counts.items())
        found = ", ".join(f"{n} {s}{'s' * (n != 1)}" for s in _ORDER if (n := sum(r.severity == s for r in self.remarks)))
        return "\n".join([f"{self.theory}: {found or 'nothing to remark'} ({counted})", *map(str, self.remarks)])

    __repr__ = __str__

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)


def sorted_remarks(remarks: list[Remark]) -> tuple[Remark, ...]:
    """Errors first, else as found."""
    return tuple(sorted(remarks, key=lambda r: _ORDER.index(r.severity)))
