"""What verifying the library of relations costs, relation by relation: type search, NumPy, reference; in CPU time.

Each is judged once, in the order of the library, as `python -m relations_library` does: what several relations have in
common is paid for by the first of them.

    python benchmarks/verifying.py [topic …]
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import relations_library
from relgraph.relations import Relation, Theory
from relgraph.relations.verify import evidence, measure, verifier

spent: dict[str, float] = {}


def timed(part: str, fn: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        start = time.thread_time()
        try:
            return fn(*args, **kwargs)
        finally:
            spent[part] = spent.get(part, 0.0) + time.thread_time() - start
    return call


def relations(topics: list[str]) -> Iterator[tuple[str, Relation]]:
    """Every relation of the library once, with its topic."""
    seen: set[int] = set()
    for found in pkgutil.iter_modules(relations_library.__path__):
        if topics and found.name not in topics:
            continue
        for value in vars(importlib.import_module(f"relations_library.{found.name}")).values():
            for r in value if isinstance(value, Theory) else ():
                if id(r) not in seen:
                    seen.add(id(r))
                    yield found.name, r


def main(topics: list[str]) -> None:
    evidence.Evidence.compare = timed("reference", evidence.Evidence.compare)
    verifier.find_trials = timed("search", verifier.find_trials)
    total: dict[str, float] = {"search": 0.0, "numpy": 0.0, "reference": 0.0}
    print(f"{'topic':12s}{'relation':18s}{'search':>9s}{'numpy':>9s}{'reference':>11s}   class and mark   (ms)")
    count = 0
    for topic, r in relations(topics):
        if not count:
            measure(r.name, r.lhs, r.rhs, r.guards)  # imports
        spent.clear()
        start = time.thread_time()
        found = measure(r.name, r.lhs, r.rhs, r.guards)
        parts = {"search": spent.get("search", 0.0), "reference": spent.get("reference", 0.0)}
        parts["numpy"] = time.thread_time() - start - sum(parts.values())
        for k, v in parts.items():
            total[k] += v
        count += 1
        print(f"{topic:12s}{r.name:18s}{parts['search'] * 1e3:9.1f}{parts['numpy'] * 1e3:9.1f}{parts['reference'] * 1e3:11.1f}"
              f"   {found.safety()} {found.mark()}")
    print(f"{count} relations: " + ", ".join(f"{k} {v:.2f} s" for k, v in total.items())
          + f"; mean NumPy part {total['numpy'] / max(count, 1) * 1e3:.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
