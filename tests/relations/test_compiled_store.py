"""Theories on disk: what a second process reads is what the first one made, nothing more is imported, nothing stale is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.default import default as by_name
from relations_library.pipelines import default, everything
from relgraph.relations import FOLDING, lvars, theory
from relgraph.relations.facts import FactBase
from relgraph.relations.forms import normal
from relgraph.relations.predicates import Predicate, finite, nonnegative, nonzero, pd, positive, symmetric
from relgraph.relations.stored_facts import StoredFacts

ROOT = Path(__file__).resolve().parent.parent.parent

PROGRAMS = """
import sys
import numpy as np
import relgraph as rg, relgraph.numpy as rnp
x, y, w, A = rg.vector("x", "n"), rg.vector("y", "n"), rg.vector("w", "k"), rg.matrix("A", ("n", "k"))
K = rg.assume(rg.matrix("K", ("n", "n")), pd=True)
p = 1 / (1 + rnp.exp(-(A @ w)))
loss = -rnp.mean(y * rnp.log(p) + (1 - y) * rnp.log(1 - p))
evidence = x @ rnp.linalg.inv(K) @ x + rnp.log(rnp.linalg.det(K))
"""
TERMS = ("rnp.log(1 + rnp.exp(x))", "rnp.log(rnp.sum(rnp.exp(x)))", "loss", "rg.grad(loss, w)", "evidence",
         "rg.grad(evidence, x)", "rnp.sqrt(x * x) + rnp.abs(x)**2", "rnp.where(x > 0, rnp.maximum(x, y), x) * 0.5 * 2")


def run(code: str, cache: Path, path: Path = ROOT) -> str:
    """What a fresh process prints that has this cache."""
    env = {**os.environ, "RELGRAPH_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": "1",
           "PYTHONPATH": f"{path}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_second_process_imports_no_relation_and_finds_the_same(tmp_path: Path) -> None:
    """The same normal forms by the same rules; the theories are imported when somebody asks which relation it was."""
    forms = f"{PROGRAMS}for t in ({', '.join(TERMS)}): print(rg.rewrite(t))\n"
    steps = f"for t in ({', '.join(TERMS)}): print(rg.rewrite(t, full=True)[1])\n"
    loaded = "print('relations_library.pipelines' in sys.modules, 'relations_library.stable' in sys.modules)\n"
    first = run(forms + loaded + steps, tmp_path)
    second = run(forms + loaded + steps, tmp_path)
    assert "True True" in first and "False False" in second
    assert first.replace("True True", "") == second.replace("False False", "")


def test_every_rule_on_disk_is_what_was_written(tmp_path: Path) -> None:
    """Sides, guards, variants, the relation, what became of the others; and a traceback shows the matcher's source."""
    code = ("import linecache\nfrom relations_library.default import default\n"
            "from relgraph.relations.stated import Stated\n"
            "plain = Stated('relations_library.specialize', 'specialized', 'specialized')\n"
            "for c in (default.theory.compiled(), plain.compiled('plain')):\n"
            "    for r in c.rules:\n"
            "        at = r.matcher.__code__\n"
            "        line = linecache.getline(at.co_filename, at.co_firstlineno)\n"
            "        print(r, r.variant, r.relation, r.collects, r.variables, line)\n"
            "    print(sorted(c.dropped.items()), sorted(c.reduced.items()))\n")
    first = run(code, tmp_path)
    assert first == run(code, tmp_path)
    assert "def match_0_" in first and "log_one_plus: log(1 + x) -> log1p(x)" in first


@pytest.mark.parametrize("suffix", [".digest", ".theory", ".facts"])
def test_a_broken_file_is_not_used(suffix: str, tmp_path: Path) -> None:
    code = f"{PROGRAMS}print(rg.rewrite(loss), rg.rewrite(evidence))"
    whole = run(code, tmp_path)
    broken = list(tmp_path.rglob(f"*{suffix}"))
    assert broken
    for file in broken:
        file.write_bytes(file.read_bytes()[:40])
    assert run(code, tmp_path) == whole


LIBRARY = """
import relgraph.numpy as rnp
from relgraph.relations import clause, lvars, theory
from relgraph.relations.predicates import positive
x, = lvars("x")
mine = theory(rule=(rnp.sin(x), rnp.cos(x), positive(x)), facts=(rnp.cos(x) * rnp.exp(x), rnp.tan(x))) + theory(
    clause(positive(rnp.exp(x))))
"""
ASK = ("import relgraph as rg, relgraph.numpy as rnp\nfrom relgraph.relations.stated import Stated\n"
       "mine = Stated('mylib.topics', 'mine', 'mine')\nx = rg.vector('x')\n"
       "print(*[rg.show(rg.rewrite(rnp.sin(t), mine), types=False) for t in (rnp.exp(x), rnp.tan(x))])\n")


def answers(package: Path, text: str, second: int, code: str = ASK) -> str:
    """What a process prints after the source became this text at this second."""
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "topics.py").write_text(text)
    os.utime(package / "topics.py", (second, second))
    return run(code, package.parent / "cache", package.parent)


def test_a_changed_source_is_read_again(tmp_path: Path) -> None:
    """An equation, then a clause, of the same number of characters: neither the theory nor its facts are stale."""
    other_rule = LIBRARY.replace("rnp.cos(x), positive(x)", "rnp.tan(x), positive(x)")
    other_fact = LIBRARY.replace("positive(rnp.exp(x))", "positive(rnp.tan(x))")
    assert len(LIBRARY) == len(other_rule) == len(other_fact)
    package = tmp_path / "mylib"
    assert answers(package, LIBRARY, 1) == "cos(exp(x)) sin(tan(x))\n" == answers(package, LIBRARY, 1)
    assert answers(package, other_rule, 2) == "tan(exp(x)) sin(tan(x))\n"
    assert answers(package, other_fact, 3) == "sin(exp(x)) cos(tan(x))\n"
    assert answers(package, LIBRARY, 1) == "cos(exp(x)) sin(tan(x))\n"


def test_a_source_that_changes_under_a_process_is_not_written_down(tmp_path: Path) -> None:
    """What runs was read before the change: its compiled form must not be found by the new source's stamp."""
    package = tmp_path / "mylib"
    changed = LIBRARY.replace("rnp.cos(x), positive(x)", "rnp.tan(x), positive(x)")
    under = f"import relgraph, mylib.topics\nopen(mylib.topics.__file__, 'w').write({changed!r})\n{ASK}"
    assert answers(package, LIBRARY, 1, under) == "cos(exp(x)) sin(tan(x))\n"
    assert not list(tmp_path.rglob("*.digest"))
    assert run(ASK, tmp_path / "cache", tmp_path) == "tan(exp(x)) sin(tan(x))\n"


def test_stored_facts_prove_what_facts_prove() -> None:
    x, X = rg.vector("x", "n"), rg.matrix("X", ("n", "n"))
    K = rg.assume(X, pd=True)
    terms = [normal(t) for t in (x, rnp.exp(x), rnp.exp(x) * rnp.sqrt(x), x * x + 1, rnp.tanh(x), X @ X.mT, X, K * 2,
                                 X.mT @ X + rnp.eye(3), rnp.linalg.inv(K), rnp.where(x > 0, x, 1.0))]
    stored, fresh = StoredFacts(everything), FactBase(everything.clauses)
    asked = [(p, t) for p in (positive, nonnegative, nonzero, finite, symmetric, pd) for t in terms]
    found = [stored.holds(p, (t,)) for p, t in asked]
    assert found == [fresh.holds(p, (t,)) for p, t in asked]
    assert True in found and False in found


def test_a_theory_with_a_predicate_of_its_own_is_compiled_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no name by which another process would find it."""
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path))
    x, = lvars("x")
    mine = theory(FOLDING, rule=(rnp.sin(x), rnp.cos(x), Predicate("mine", lambda v: v > 0)(x)))
    mine.compiled()
    assert not list(tmp_path.rglob("*.theory"))


def test_the_default_by_name_is_the_default_of_the_pipelines() -> None:
    """One name, one set of rules in memory, and the default that functions have."""
    assert repr(by_name) == repr(default) and by_name is rg.function([], 1.0).strategy
    assert list(by_name.theory) == list(everything) and by_name.theory.compiled() is everything.compiled()
