"""What verifying the library of relations costs, relation by relation: types, NumPy, reference; in CPU time.

Each is judged once, in the order of the library, as `python -m relations_library` does: what several relations have in
common is paid for by the first of them, but for imports.  Types are the search for shapes and the types of both sides in
every dtype; NumPy is what is left: arrays are drawn, both sides computed and compared.  Python's collector of cycles is
counted apart: it runs once enough objects were made, whoever made them.

    python benchmarks/verifying.py [topic …]
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import relations_library
from relgraph.relations import Relation, Theory
from relgraph.relations.verify import evidence, measure, verifier
from relgraph.relations.verify.shapes import Search

spent: dict[str, float] = {}
inside: list[float] = [0.0]  # of each part that is running, what others took within it
collected: list[float] = []


def timed(part: str, fn: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        start = now()
        inside.append(0.0)
        try:
            return fn(*args, **kwargs)
        finally:
            took = now() - start
            spent[part] = spent.get(part, 0.0) + took - inside.pop()
            inside[-1] += took
    return call


def now() -> float:
    """CPU time without the collector's."""
    return time.thread_time() - sum(collected)


def collector(phase: str, info: dict[str, int]) -> None:
    """Called by the collector when it starts and when it stops."""
    collected.append(time.thread_time() if phase == "stop" else -time.thread_time())


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
    verifier.find_trials = timed("types", verifier.find_trials)
    Search.concrete = timed("types", Search.concrete)
    gc.callbacks.append(collector)
    total: dict[str, float] = {"types": 0.0, "numpy": 0.0, "reference": 0.0}
    print(f"{'topic':12s}{'relation':18s}{'types':>9s}{'numpy':>9s}{'reference':>11s}   class and mark   (ms)")
    count = above = 0
    for topic, r in relations(topics):
        if not count:
            for module in ("scipy.linalg", "scipy.special", "mpmath"):
                importlib.import_module(module)
            measure(r.name, r.lhs, r.rhs, r.guards)
        spent.clear()
        collected[:] = [sum(collected)]
        start = now()
        found = measure(r.name, r.lhs, r.rhs, r.guards)
        parts = {"types": spent.get("types", 0.0), "reference": spent.get("reference", 0.0)}
        parts["numpy"] = now() - start - sum(parts.values())
        for k, v in parts.items():
            total[k] += v
        count += 1
        above += parts["numpy"] > 5e-3
        print(f"{topic:12s}{r.name:18s}{parts['types'] * 1e3:9.1f}{parts['numpy'] * 1e3:9.1f}{parts['reference'] * 1e3:11.1f}"
              f"   {found.safety()} {found.mark()}")
    print(f"{count} relations: " + ", ".join(f"{k} {v:.2f} s" for k, v in total.items())
          + f", collector {sum(collected):.2f} s; mean NumPy part {total['numpy'] / max(count, 1) * 1e3:.1f} ms, "
          f"above 5 ms in {above}")


if __name__ == "__main__":
    main(sys.argv[1:])
