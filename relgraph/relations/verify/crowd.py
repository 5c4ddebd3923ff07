"""Hundreds of arrays at once, on one more axis: what holds of some twenty need not hold where numbers wrap, cancel or tie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import LVar, Term
from .admission import all_admitted
from .samples import fill
from .shapes import Plan, Search, elements

__all__ = ["CROWD", "SHOWN", "Crowd"]

Array: TypeAlias = np.ndarray[Any, Any]
CROWD, SHOWN = 500, 3  # arrays of each variable; how many of those that refute a claim are looked at one by one
_MOST = 40000  # elements


@dataclass(frozen=True, eq=False)
class Crowd:
    """A plan with one more leading axis on every variable, and the plan of one array of each."""

    search: Search
    one: Plan
    plan: Plan
    shapes: Mapping[LVar, tuple[int, ...]]

    @classmethod
    def of(cls, search: Search, one: Plan) -> Crowd | None:
        """The crowd of a plan, if its left side has a type there."""
        shapes = {v: s for v, s in one.shapes if v.sort == "term"}
        rank = max(map(len, shapes.values()), default=0)
        plan = search.concrete({v: (CROWD, *[1] * (rank - len(s)), *s) for v, s in shapes.items()}, dict(one.attrs))
        if plan is None or not shapes or max(map(elements, plan.order)) > _MOST:
            return None
        return cls(search, one, plan, shapes)

    def values(self) -> Iterator[dict[Term, Array]]:
        """Arrays at which the guards hold: drawn one by one, then later ones made of the first."""
        values = fill(self.plan, self.search.guards, "crowd", 0)
        if values is not None:
            yield values
            alike = _alike(values)
            if alike and all_admitted(self.search.guards, self.plan.binding, alike):
                yield alike

    def some(self, values: Mapping[Term, Array], wrong: Array) -> Iterator[dict[Term, Array]]:
        """One array of each variable at some of the places at which something is wrong: finite ones, and others."""
        if not wrong.any():
            return
        rows = wrong.reshape(CROWD, -1).any(axis=1)
        finite = np.all([np.isfinite(a).reshape(CROWD, -1).all(axis=1) for a in values.values() if a.ndim], axis=0)
        literals = {self.one.binding[v]: values[self.plan.binding[v]] for v in self.search.literals}
        for i in [*np.flatnonzero(rows & finite)[:SHOWN], *np.flatnonzero(rows & ~finite)[:SHOWN]]:
            yield literals | {self.one.binding[v]: values[self.plan.binding[v]][i].reshape(s) for v, s in self.shapes.items()}


def _alike(crowd: dict[Term, Array]) -> dict[Term, Array]:
    """The later arrays made of the first one: the same, its negative, one less it, zeros; nothing if none can be."""
    (_, first), *others = crowd.items()
    like = {t: a for t, a in others if a.shape == first.shape and a.dtype == first.dtype}
    out = {t: np.array(a) for t, a in like.items()}
    with np.errstate(all="ignore"):
        for a in out.values():
            a[0::4], a[1::4], a[2::4], a[3::4] = first[0::4], 0 - first[1::4], 1 - first[2::4], 0
    return {**crowd, **out} if out else {}
