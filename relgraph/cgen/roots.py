"""Which terms are computed into values of their own, rather than again wherever they are read."""

from __future__ import annotations

from collections.abc import Sequence

from ..terms.access import Select
from ..terms.term import CONST, INPUT, Term, toposort
from ..terms.type import ATTR
from .layout import access, affine, index_names, operands, reads, same_memory

__all__ = ["CHEAP", "COSTLY", "Roots", "flops", "is_branchy", "is_total"]

CHEAP = 8.0  # flops an element may cost that is computed again for each of several readers
COSTLY = 4.0  # flops from which an op is not repeated along a loop it does not depend on
LARGEST = 200  # statements from one root to the next, so that no C function grows without bound


class Roots:
    """The choice, made in one pass over the terms below the outputs; `demand` extends it."""

    def __init__(self, outputs: Sequence[Term]) -> None:
        self.order = [t for t in toposort(*outputs) if t.type is not ATTR]
        self.memory: dict[Term, Term] = {}  # of `same_memory`
        self.chosen: set[Term] = set()
        self.cost: dict[Term, float] = {}
        self.branchy: dict[Term, bool] = {}
        self._uses: dict[Term, int] = {}
        for t in self.order:
            for a in dict.fromkeys(operands(t)):
                self._uses[a] = self._uses.get(a, 0) + 1
        size: dict[Term, int] = {}
        wanted: set[Term] = set()
        for t in outputs:
            base = same_memory(t, self.memory)
            if base.args and base.op.kind != "projection":
                wanted.add(base)
        for t in self.order:
            if t.op.kind == "call":
                wanted.update(self._call_operands(t))
        for t in self.order:
            xs = operands(t)
            loose = [a for a in xs if a not in self.chosen]
            self.branchy[t] = (t.op.kind == "access" and is_branchy(t)) or any(self.branchy[a] for a in loose)
            cost = flops(t) + sum(self.cost[a] for a in loose)
            size[t] = 1 + sum(size[a] for a in loose)
            if not t.args or t.op.kind == "projection":
                cost, size[t] = 0.0, 0
            elif (t in wanted or t.op.kind in ("reduction", "call", "scatter") or size[t] > LARGEST
                  or (cost > CHEAP and self._uses.get(t, 0) > 1)):
                self.chosen.add(t)
            self.cost[t] = min(cost, 1e12)
            size[t] = min(size[t], LARGEST + 1)

    def _call_operands(self, t: Term) -> list[Term]:
        """What a routine reads must lie in memory, its operands themselves or what they are a view of."""
        out = []
        for a in operands(t):
            view = affine(a, lambda x: x.op.kind != "access" or not operands(x))
            base = a if view is None else view[0]
            if base.op is CONST and base.type.ndim == 0 and a is not base:
                base = a
            if base.args and base.op.kind != "projection":
                out.append(base)
        return out

    def demand(self, t: Term) -> None:
        """Make a term one that is computed once."""
        self.chosen.add(t)

    def stops(self, t: Term) -> bool:
        """Whether the elements of a term lie in memory or in a value: nothing below it is looked at."""
        return t in self.chosen or t.op is INPUT or t.op is CONST or t.op.kind == "projection"


def flops(t: Term) -> float:
    """What an op costs for each element computed in a loop."""
    return float(t.op.cost) if t.op.kind == "elementwise" and not callable(t.op.cost) else 0.0


def is_branchy(t: Term) -> bool:
    """Whether an element is read from different places, some of which may not exist."""
    tree = access(t, index_names(t.type.shape))
    return isinstance(tree, Select) and not is_total(t, tree)


def is_total(t: Term, tree: object) -> bool:
    """Whether all reads of an access are in range for every element, chosen or not."""
    extent = {name: d for name, d in zip(index_names(t.type.shape), t.type.shape, strict=True) if name != 0}
    for r in reads(tree):
        for i, d in zip(r.index, operands(t)[r.operand].type.shape, strict=True):
            fixed = isinstance(i, int) and isinstance(d, int) and 0 <= i < d
            if not fixed and extent.get(i) != d:  # type: ignore[arg-type]
                return False
    return True
