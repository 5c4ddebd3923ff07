"""``relgraph check``: every relation of a module, judged against the reference, in both directions."""

from __future__ import annotations

import sys
import time
from typing import Any

from ..errors import RefusedRelation
from ..relations import Relation
from ..relations.verify import judge
from .screen import duration, table
from .theories import theories


def command(arguments: Any) -> int:
    refused: list[str] = []
    seen: set[int] = set()
    start, count = time.perf_counter(), 0
    for name, theory in theories(arguments.module).items():
        mine = [r for r in theory.equations() if id(r) not in seen]  # a theory joined of others holds the same relations
        seen |= {id(r) for r in mine}
        rows = [judged(r, refused) for r in mine]
        count += len(rows)
        if rows:
            table(rows, ("relation", "->", "mark", "<-", "mark", "points"), title=f"{name}: {len(rows)} relations",
                  numbers=(5,))
    print(f"{count} relations, {len(refused)} refused, {duration(time.perf_counter() - start)}", file=sys.stderr)
    for message in refused:
        print(f"\n{message}", file=sys.stderr)
    if not count:
        print(f"relgraph check: {arguments.module} has no theory", file=sys.stderr)
    return 1 if refused else 0 if count else 2


def judged(r: Relation, refused: list[str]) -> tuple[str, ...]:
    """The row of a relation: class and mark of each direction, measured now and not looked up."""
    try:
        verdict = judge(r.name, r.lhs, r.rhs, r.guards, r.declared)
    except RefusedRelation as e:
        refused.append(str(e))
        return r.name, "refused", "", "", "", ""
    possible = r.directions()
    cells = [cell for d in ("->", "<-") for cell in ((verdict.safety(d), verdict.mark(d)) if d in possible else ("none", ""))]
    return r.name, *cells, str(verdict.points)
