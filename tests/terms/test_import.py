"""`import relgraph` is light: NumPy and relgraph only; everything else is imported on first use."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("scipy", "numba", "llvmlite", "jax", "jaxlib", "kanren", "unification", "etuples", "cons", "toolz", "mpmath", "rich",
         "platformdirs", "hypothesis", "pytest", "multiprocessing", "concurrent.futures", "asyncio")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_importing_starts_no_backend() -> None:
    loaded = run("import sys, relgraph; print(*sys.modules)").split()
    assert not [m for m in HEAVY if m in loaded]


def test_printing_and_evaluating_start_no_backend() -> None:
    loaded = run("import sys, relgraph as rg, relgraph.numpy as rnp; x = rg.vector('x'); y = rnp.log(rnp.sum(rnp.exp(x)));"
                 "repr(y), str(y), rg.show(y, 'dag'), y.eval({x: [1.0]}); print(*sys.modules)").split()
    assert not [m for m in HEAVY if m in loaded]


def test_the_namespace_is_part_of_the_package() -> None:
    assert run("import relgraph as rg; print(rg.numpy.exp(rg.vector('x')))").strip() == "rnp.exp(rg.vector('x'))"
