"""``python -m relations_library``: verify every relation of the library anew and write the verdicts that it ships."""

from __future__ import annotations

import importlib
import pkgutil

from relgraph.relations import Relation, Theory
from relgraph.relations.verify import ship


def relations() -> dict[str, Relation]:
    """Every equation of every theory of the library, by name."""
    out: dict[str, Relation] = {}
    for m in pkgutil.iter_modules(importlib.import_module("relations_library").__path__):
        if m.name != "__main__":
            for value in vars(importlib.import_module(f"relations_library.{m.name}")).values():
                if isinstance(value, Theory):
                    out = {r.name: r for r in value.equations()} | out  # as it is stated; another theory may turn it round
    return out


if __name__ == "__main__":
    print(f"{ship(relations().values())} verdicts written")
