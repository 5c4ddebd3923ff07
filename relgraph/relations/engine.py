"""The normaliser: canonical form and rules together, innermost, by worklist, memoised on canonical nodes.

A pass goes once over the graph, operands first.  Sums and products inside one another are flattened where the inner one
has a single parent (or is narrow); a wide shared one stays a node of its own, marked `shared` until the pass is over.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..terms.elementwise import assume_, astype_
from ..terms.structure import broadcast_
from ..terms.term import Op, Term, toposort
from .algebra import algebra
from .canonical import build
from .index import Entry, Index
from .passes import Run
from .present import read_alone, rearranged
from .steps import Recorder

__all__ = ["Compiled", "Engine"]

_ids = itertools.count(1)  # `Term.normal` is 0 for none


def _fresh_operands() -> dict[Op, frozenset[Op]]:
    """Operands that building a canonical node may itself have made.

    Inverses and casts in a flat node; in a product also powers of factors and sums of the other sign; whatever an inverse,
    a cast or a broadcast was put around.
    """
    a = algebra()
    sums = [g.op for g in a.groups.values() if g.sign is None]
    inside = frozenset((*a.groups, *a.inverses, *a.powers, astype_))
    out: dict[Op, frozenset[Op]] = {op: inside for op in (*a.inverses, broadcast_, astype_)}
    for g in a.groups.values():
        out[g.op] = frozenset((g.inverse, astype_) if g.sign is None else (g.inverse, g.sign, astype_, *a.powers, *sums))
    for op in a.powers:
        out[op] = frozenset((astype_, *sums))
    for op in a.associative:
        out[op] = frozenset((op,))
    return out


class Engine:
    """A set of rules, indexed, with its memo; `normalize` brings terms into the normal form of form and rules together."""

    def __init__(self, entries: Iterable[Entry], *, make_node: Callable[[Op, tuple[Term, ...]], Term] = build,
                 flatten: bool = True, fold: Any = None) -> None:
        self.index: Any = Index(entries, fold)
        self.make_node = make_node
        self.flatten = flatten
        self.key = next(_ids)
        self.fresh = _fresh_operands() if make_node is build else {}

    # -- graphs ---------------------------------------------------------------------------------------------------------

    def normalize(self, roots: Sequence[Term], *, skip: Any = None, recorder: Recorder | None = None,
                  budget: int | None = None) -> list[Term]:
        """The canonical normal forms of terms (flat; see `present`)."""
        run = Run(self, skip, recorder, budget)
        current = list(roots)
        for _ in range(64):
            current, again = run.one_pass(current)
            if not again:
                break
        return current

    def unsettled(self, flat: Sequence[Term]) -> bool:
        """Do rules apply to normal forms once these are read as ordinary terms?

        Products are read in ways that show rules another product, or that two of them share: each is read, its operands as they
        are, and all are normalised together.
        """
        nodes = toposort(*flat)
        if any(t.op is assume_ for t in nodes):
            return True
        products = [t for t in nodes if rearranged(t)] if self.make_node is build else []
        return bool(products) and Run(self, None, None, None).one_pass(read_alone(products), known=True)[0] != products


@dataclass(frozen=True, eq=False)
class Compiled:
    """Rules ready to run, and what became of the relations that have none."""

    rules: tuple[Any, ...]
    engine: Engine
    dropped: dict[str, str]  # relation -> why it has no matcher
    reduced: dict[str, tuple[str, str]]  # rule -> left side as written (canonical), as inter-reduced
