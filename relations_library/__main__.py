"""``python -m relations_library``: verify every relation and clause of the library anew and write the verdicts that it ships.

``--formulas`` writes docs/formulas.md instead, ``--safety`` docs/safety.md, from the verdicts as they are.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from relgraph.relations import Clause, Relation, Theory
from relgraph.relations.pages import formulas_page, safety_page
from relgraph.relations.verify import ship

DOCS = Path(__file__).resolve().parent.parent / "docs"


def modules() -> list[ModuleType]:
    """The files of the library."""
    package = importlib.import_module("relations_library")
    return [importlib.import_module(f"relations_library.{m.name}") for m in pkgutil.iter_modules(package.__path__)
            if m.name != "__main__"]


def relations() -> dict[str, Relation]:
    """Every equation of every theory of the library, by name."""
    out: dict[str, Relation] = {}
    for m in modules():
        for value in vars(m).values():
            if isinstance(value, Theory):
                out = {r.name: r for r in value.equations()} | out  # as it is stated; another theory may turn it round
    return out


def clauses() -> list[Clause]:
    """Every clause of every theory of the library."""
    theories = [value for m in modules() for value in vars(m).values() if isinstance(value, Theory)]
    return list(dict.fromkeys(c for t in theories for c in t.clauses))


def formulas() -> str:
    """The text of docs/formulas.md."""
    return formulas_page(modules())


def safety() -> str:
    """The text of docs/safety.md."""
    everything: Theory = importlib.import_module("relations_library.pipelines").everything
    return safety_page(modules(), [r.name for r in everything.equations() if r.declared == "domain"])


def main() -> None:
    """Write what was asked for, and say so."""
    p = argparse.ArgumentParser(prog="python -m relations_library", description=__doc__.partition("\n")[0] if __doc__ else None)
    p.add_argument("--formulas", action="store_true", help="write docs/formulas.md")
    p.add_argument("--safety", action="store_true", help="write docs/safety.md")
    arguments = p.parse_args()
    pages = {"formulas.md": formulas} if arguments.formulas else {}
    pages |= {"safety.md": safety} if arguments.safety else {}
    for name, write in pages.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
        print(f"{DOCS / name} written")
    if not pages:
        print(f"{ship(relations().values(), clauses())} verdicts written")


if __name__ == "__main__":
    main()
