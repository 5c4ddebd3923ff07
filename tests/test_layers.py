"""The arrows of the house: who may import whom, checked by reading the imports of every file."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lower layers first; a layer may import the ones before it.  Layers of one row may not import each other.
LAYERS = [["errors", "version", "cache", "collector"], ["terms"], ["numpy"], ["relations"], ["strategies"],
          ["autodiff", "cgen"], ["linkers"], ["arguments", "checking", "debugging", "sizes"], ["function"],
          ["asking", "tracing"], ["__init__"], ["cli"], ["__main__"]]
TERMS = [["dims"], ["access", "keywords", "origins"], ["type"], ["laws"], ["term"],
         ["binders", "evaluate", "reference", "__init__"],
         ["reference_special", "reference_matrices", "exponential"],
         ["elementwise"], ["trigonometry"], ["special"], ["bessel"], ["structure"], ["batching"], ["reduction"], ["indexing"],
         ["joining"], ["linalg"], ["products"], ["decompositions"], ["fourier", "norms"], ["rearranging"],
         ["stacking", "subscripts"], ["contraction"], ["matrix_chain"], ["cumulative", "reference_order"], ["ordering"],
         ["distinct"], ["general"], ["pencils"], ["summaries", "writes"], ["at"], ["inputs"], ["operators"], ["show"]]

# Imported when first used, so that `import relgraph` is fast and a missing one harms nobody who does not need it.
LAZY = {"jax", "numba", "scipy", "kanren", "unification", "etuples", "cons", "mpmath", "platformdirs", "rich",
        "graphviz", "IPython"}
# Packages whose modules are themselves imported when first used: what they import stands at the top of the file.
ON_DEMAND = ("relgraph.linkers", "relgraph.relations.logic", "relgraph.cli")
# Ours that are imported when first used: the default pipeline (the one place where the kernel meets the knowledge), the
# interpreters of a theory that bring kanren and mpmath with them, and what the command does not need for its help,
# and what a notebook asks a relation.  And, since the first result waits for them, what compiles a theory that is on disk
# already, what looks at one as a whole, and strategies of several parts.
LAZY_OURS = {"relgraph.function": ("relations_library", "relgraph.strategies", "relgraph.relations.equality",
                                   "relgraph.debugging"),
             "relgraph.cli": ("relgraph", "relations_library"),
             "relgraph.relations": tuple(f"relgraph.relations.{m}" for m in (
                 "logic", "verify", "display", "compiler", "onestep", "proofs", "termination"))}


@dataclass(frozen=True)
class Arrow:
    source: str
    target: str
    file: Path
    line: int
    inside: bool  # in a function

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.source} imports {self.target}"


def module_of(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def exists(name: str, root: Path) -> bool:
    at = root.joinpath(*name.split("."))
    return at.with_suffix(".py").is_file() or (at / "__init__.py").is_file()


def imports(file: Path, root: Path) -> Iterator[Arrow]:
    """What a file imports when it runs; what only a type checker reads is not followed."""
    source = module_of(file, root)
    package = source if file.name == "__init__.py" else source.rpartition(".")[0]

    def walk(node: ast.AST, inside: bool) -> Iterator[Arrow]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for child in node.orelse:
                yield from walk(child, inside)
            return
        if isinstance(node, ast.Import):
            for a in node.names:
                yield Arrow(source, a.name, file, node.lineno, inside)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            base = ".".join(above[:len(above) - node.level + 1]) if node.level else ""
            base = ".".join(p for p in (base, node.module) if p)
            for a in node.names:
                whole = f"{base}.{a.name}"
                yield Arrow(source, whole if exists(whole, root) else base, file, node.lineno, inside)
        inside = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(file.read_text()), False)


def rank(module: str) -> tuple[int, ...] | None:
    """The place of a module of relgraph in the order of layers; None for one nobody placed."""
    parts = module.split(".")[1:] or ["__init__"]
    layer = next((i for i, row in enumerate(LAYERS) if parts[0] in row), None)
    if layer is None or parts[0] != "terms":
        return None if layer is None else (layer,)
    family = next((i for i, row in enumerate(TERMS) if (parts[1:] or ["__init__"])[0] in row), None)
    return None if family is None else (layer, family)


def same_part(a: str, b: str) -> bool:
    """Two modules of one folder (or one family of terms), among which only cycles are forbidden."""
    depth = 3 if a.startswith("relgraph.terms.") else 2
    return a.split(".")[:depth] == b.split(".")[:depth]


def problems(root: Path) -> list[str]:
    """Everything about the arrows below a root that is not as the design says."""
    out = []
    graph: dict[str, set[str]] = {}
    ours = sorted((root / "relgraph").rglob("*.py")) + sorted((root / "relations_library").rglob("*.py"))
    for file in ours:
        source = module_of(file, root)
        graph.setdefault(source, set())
        if source.startswith("relgraph") and rank(source) is None:
            out.append(f"{file}: has no place in the order of layers")
        for a in imports(file, root):
            top = a.target.split(".")[0]
            house = top in ("relgraph", "relations_library")
            lazy_ours = house and any(within(source, k) and any(within(a.target, v) for v in targets)
                                    for k, targets in LAZY_OURS.items())
            if a.inside and not (lazy_ours or top in LAZY or top in sys.stdlib_module_names):
                out.append(f"{a} inside a function; imports stand at the top of the file")
            if not a.inside and top in LAZY and not any(within(source, s) for s in ON_DEMAND):
                out.append(f"{a} when the file is loaded; it is imported on first use")
            if not house:
                if source.startswith("relations_library") and top not in (*sys.stdlib_module_names, "__future__"):
                    out.append(f"{a}; the library of relations imports relgraph only")
                continue
            if not (a.inside and lazy_ours) and a.target != source:
                graph[source].add(a.target)
            if source.startswith("relgraph"):
                out += [f"{a}, {why}" for why in upward(a, lazy_ours)]
            elif any(p.startswith("_") for p in a.target.split(".")):
                out.append(f"{a}; the library of relations uses public modules")
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as e:
        out.append(f"import cycle: {' -> '.join(e.args[1])}")
    return out


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def upward(a: Arrow, lazy_ours: bool) -> Iterator[str]:
    if within(a.target, "relations_library"):
        if not (a.inside and lazy_ours):
            yield "which the kernel does not know; only function.py looks the default pipeline up"
        return
    lower, upper = rank(a.target), rank(a.source)
    if lower is None or upper is None or same_part(a.source, a.target):
        return
    if lower >= upper:
        yield "which lies above it or beside it"


@cache
def problems_of_the_house() -> list[str]:
    return problems(ROOT)


def test_arrows_point_down() -> None:
    assert problems_of_the_house() == []


@pytest.mark.parametrize(("file", "line", "complaint"), [
    ("relgraph/terms/type.py", "from ..function import function", "lies above"),
    ("relgraph/terms/type.py", "from .term import Term", "lies above"),
    ("relgraph/relations/__init__.py", "import relgraph.strategies.planted", "lies above"),
    ("relgraph/autodiff/planted.py", "from ..cgen import planted", "beside it"),
    ("relgraph/linkers/__init__.py", "import relations_library", "the kernel does not know"),
    ("relgraph/terms/dims.py", "def f():\n    from .type import Type", "inside a function"),
    ("relgraph/terms/dims.py", "import kanren", "on first use"),
    ("relations_library/planted.py", "import jax", "imports relgraph only"),
    ("relgraph/planted.py", "import os", "no place"),
    ("relgraph/cgen/planted.py", "from . import planted_too", "import cycle"),
])
def test_a_wrong_arrow_is_found(tmp_path: Path, file: str, line: str, complaint: str) -> None:
    for package in ("relgraph", "relations_library"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for planted in ("relgraph/strategies/planted.py", "relgraph/cgen/planted.py", "relgraph/cgen/planted_too.py"):
        (tmp_path / planted).parent.mkdir(exist_ok=True)
        (tmp_path / planted).write_text("")
    (tmp_path / "relgraph/cgen/planted_too.py").write_text("from . import planted\n")
    at = tmp_path / file
    before = at.read_text() if at.exists() else ""
    at.write_text(f"{before}\n{line}\n")
    before_planting = {p.replace(str(ROOT), str(tmp_path)) for p in problems_of_the_house()}
    found = [p for p in problems(tmp_path) if p not in before_planting]
    assert any(complaint in p for p in found), found


def test_files_are_short() -> None:
    """A file of more than 300 lines says why in its first line."""
    folders = ("relgraph", "relations_library", "tests", "examples", "benchmarks")
    texts = {file: file.read_text().splitlines() for folder in folders for file in (ROOT / folder).rglob("*.py")}
    long = {str(file.relative_to(ROOT)): len(lines) for file, lines in texts.items()
            if len(lines) > 300 and "over 300 lines because" not in lines[0]}
    assert long == {}
