"""C text: what it says for a handful of programs, the same for every hash seed; no compiler runs here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph import cgen
from relgraph.cgen.csource import routines, source
from relgraph.terms.term import INPUT, Term, toposort

GOLDEN = Path(__file__).parent / "golden"
x, y = rg.vector("x", shape="n"), rg.vector("y", shape="n")
X = rg.matrix("X", shape=("n", "m"))
i = rg.vector("i", shape="k", dtype="int32")

PROGRAMS: dict[str, Callable[[], list[Term]]] = {
    "softplus": lambda: [rnp.log(1 + rnp.exp(x))],
    "logsumexp": lambda: [rnp.special.logsumexp(X, axis=-1)],
    "softmax": lambda: [rnp.special.softmax(X, axis=-1)],
    "columns": lambda: [rnp.var(X, axis=0)],
    "gather": lambda: [x[i] + 1],
    "layer": lambda: [rnp.tanh(X @ rg.vector("v", shape="m"))],
}


def text(name: str) -> str:
    outputs = PROGRAMS[name]()
    return source(cgen.program([t for t in toposort(*outputs) if t.op is INPUT], outputs))


@pytest.mark.parametrize("name", PROGRAMS)
def test_source_is_the_golden_one(name: str) -> None:
    """``RELGRAPH_GOLDEN=1`` writes the files anew; read the difference before committing it."""
    path = GOLDEN / f"{name}.c"
    found = text(name)
    if os.environ.get("RELGRAPH_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found)
    assert found == path.read_text()


def test_source_does_not_depend_on_hash_seeds() -> None:
    code = ("import sys; sys.path.insert(0, sys.argv[1]); import test_source as t\n"
            "print(*[t.text(n) for n in t.PROGRAMS])")
    command = [sys.executable, "-c", code, str(Path(__file__).parent)]
    found = {subprocess.run(command, capture_output=True, text=True, check=True,
                            env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "77")}
    assert len(found) == 1


def test_source_has_only_what_it_needs() -> None:
    found = text("softplus")
    assert "#include" not in found
    assert "rg_" not in found.replace("rg_plan", "").replace("rg_run", "").replace("rg_init", "")
    assert routines(found) == []
    assert routines(text("layer")) == ["dgemv"]


def test_sizes_with_any_name_become_identifiers() -> None:
    t = rg.vector("t", shape="batch size")
    u = rg.vector("u", shape="i0")
    found = source(cgen.program([t, u], [rnp.exp(t), rnp.sum(u)]))
    assert "n_batch_20_size" in found
    assert "n_i0" in found


def test_a_part_of_a_result_does_not_share_its_memory() -> None:
    """A routine that wrote the whole inverse into the memory of its first row would write past the end."""
    a = rg.matrix("a", shape=(40, 40))
    p = cgen.program([a], [rnp.linalg.inv(a)[:1]])
    whole = [b for b in p.buffers if b.shape == (40, 40) and b.kind == "scratch"]
    assert len(whole) == 1
