"""The value of every node of a computation, and the first that is NaN or infinite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .terms.evaluate import evaluate
from .terms.show import show
from .terms.term import Term, _where, toposort
from .terms.type import Type

__all__ = ["Trace", "trace"]


@dataclass(frozen=True, eq=False)
class Trace:
    """Nodes in the order they are computed, with their values.

    ``trace[term]`` is a value, ``trace.first_nan`` and ``trace.first_inf`` the first such node (None if there is none);
    printing it shows the table.
    """

    values: dict[Term, Any]
    roots: tuple[Term, ...]

    def __getitem__(self, t: Term) -> Any:
        return self.values[t]

    def _first(self, test: Any) -> Term | None:
        for t, v in self.values.items():
            if type(t.type) is Type and np.asarray(v).dtype.kind in "fc" and bool(np.any(test(v))):
                return t
        return None

    @property
    def first_nan(self) -> Term | None:
        """The first node with a NaN in its value."""
        return self._first(np.isnan)

    @property
    def first_inf(self) -> Term | None:
        """The first node with an infinity in its value."""
        return self._first(np.isinf)

    def __str__(self) -> str:
        rows = []
        for t, v in self.values.items():
            if type(t.type) is Type:
                text = str(show(t, types=False, limit=12))
                rows.append(f"{text[:60]:60}  {t.type!r:20}  {_summary(v)}{_at(t)}")
        for name, t in (("NaN", self.first_nan), ("infinity", self.first_inf)):
            if t is not None:
                rows.append(f"first {name}: {show(t, types=False, limit=12)!s}{_at(t)}")
        return "\n".join(rows)

    __repr__ = __str__


def _at(t: Term) -> str:
    where = _where(t.origin)
    return f"  [{where}]" if where else ""


def _summary(v: Any) -> str:
    a = np.asarray(v)
    if a.size <= 4:
        return np.array2string(a, precision=5)
    if a.dtype.kind in "iuf":
        return f"min {a.min():.5g}  max {a.max():.5g}  of {a.size}"
    return f"{a.size} elements"


def trace(roots: Sequence[Term], values: Mapping[Term, Any]) -> Trace:
    """Evaluate every node below the roots with NumPy."""
    found = evaluate(roots, values, every=True)
    return Trace({t: found[t] for t in toposort(*roots) if t in found}, tuple(roots))
