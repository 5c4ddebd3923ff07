"""Verdicts are looked up by content, shipped, cached, and the same in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation
from relgraph.relations import clause
from relgraph.relations import predicates as p
from relgraph.relations.relation import lvars
from relgraph.relations.verify import clause_verdicts, ship, store, together, verdict, verdicts
from relgraph.terms.elementwise import elementwise

x, y = lvars("x y")


@dataclass(frozen=True)
class Equation:
    name: str
    lhs: Any
    rhs: Any
    guards: tuple[Any, ...] = ()
    declared: str = "real"


LOG = Equation("log_one_plus", rnp.log(1 + x), rnp.log1p(x))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path))
    monkeypatch.setattr(store, "shipped_file", lambda: tmp_path / "none.json")
    store.shipped.cache_clear()
    return tmp_path


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    measure = store.measure

    def count(name: str, *args: Any) -> Any:
        calls.append(name)
        return measure(name, *args)
    monkeypatch.setattr(store, "measure", count)
    return calls


def test_a_verdict_is_computed_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    first = verdict(LOG)
    assert verdict(LOG) == first and calls == ["log_one_plus"]
    assert len(list((cache / "verdicts").iterdir())) == 1
    assert verdict(Equation("other_name", LOG.lhs, LOG.rhs)).name == "other_name"
    assert calls == ["log_one_plus"]


def test_a_damaged_file_is_computed_anew(cache: Path) -> None:
    first = verdict(LOG)
    file, = (cache / "verdicts").iterdir()
    file.write_text("{")
    assert verdict(LOG) == first
    assert json.loads(file.read_text())["name"] == "log_one_plus"


def test_a_stored_verdict_refuses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    wrong = Equation("wrong", rnp.sqrt(x * y), rnp.sqrt(x) * rnp.sqrt(y))
    messages = []
    for _ in range(2):
        with pytest.raises(RefusedRelation) as e:
            verdict(wrong)
        messages.append(str(e.value))
    assert calls == ["wrong"] and messages[0] == messages[1]


def test_shipped_verdicts_come_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = cache / "shipped.json"
    assert ship([LOG], file=file) == 1
    monkeypatch.setattr(store, "shipped_file", lambda: file)
    store.shipped.cache_clear()
    calls = counted(monkeypatch)
    assert verdict(LOG).safety() == "real"
    assert not calls and not (cache / "verdicts").exists()


def test_the_key_is_the_content() -> None:
    def key(left: Any, right: Any, guards: Any = ()) -> str:
        return store.key_of(left, right, p.all_of(guards))
    assert key(LOG.lhs, LOG.rhs) == key(rnp.log(1 + x), rnp.log1p(x))
    keys = {key(LOG.lhs, LOG.rhs), key(LOG.rhs, LOG.lhs), key(rnp.log(1.5 + x), LOG.rhs), key(rnp.log(1 + y), rnp.log1p(y)),
            key(LOG.lhs, LOG.rhs, p.positive(x)), key(LOG.lhs, LOG.rhs, p.negative(x))}
    assert len(keys) == 6


def test_a_changed_row_or_guard_is_verified_anew() -> None:
    def row(numpy: Any) -> Any:
        return elementwise("softsign", numpy, None, reference=lambda v: v / (1 + abs(v)))
    same, other = row(lambda v: v / (1 + abs(v))), row(lambda v: v / (1 - abs(v)))
    none = p.all_of(())
    assert store.key_of(same(x), x, none) == store.key_of(row(lambda v: v / (1 + abs(v)))(x), x, none)
    assert store.key_of(same(x), x, none) != store.key_of(other(x), x, none)
    one, two = (p.Predicate("small", holds) for holds in (lambda v: abs(v) < 1, lambda v: abs(v) < 2))
    assert store.key_of(x, x, p.all_of(one(x))) != store.key_of(x, x, p.all_of(two(x)))


SCRIPT = """
import json
import relgraph.numpy as rnp
from relgraph.relations.predicates import pd, positive
from relgraph.relations.relation import attrs, lvars
from relgraph.relations.verify import measure, store
from relgraph.relations import predicates as p
x, y, z = lvars("x y z"); axis, = attrs("axis"); la = rnp.linalg
rules = [(rnp.log(x * y), rnp.log(x) + rnp.log(y), positive(x) & positive(y)), (rnp.sqrt(x * y), rnp.sqrt(x) * rnp.sqrt(y), ()),
         ((x + y) + z, x + (y + z), ()), (rnp.log(rnp.sum(rnp.exp(x), axis)), rnp.special.logsumexp(x, axis), ()),
         (rnp.log(la.det(x)), 2 * rnp.sum(rnp.log(la.diagonal(la.cholesky(x))), axis=-1), pd(x))]
print(json.dumps([[store.key_of(l, r, p.all_of(g)), measure("rule", l, r, g).to_json()] for l, r, g in rules]))
"""


def test_verdicts_do_not_depend_on_the_hash_seed() -> None:
    found = {subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                            capture_output=True, text=True).stdout for seed in ("0", "1", "77")}
    assert len(found) == 1


# -- on all processors --------------------------------------------------------------------------------------------------------

WRONG = Equation("wrong", rnp.sqrt(x * y), rnp.sqrt(x) * rnp.sqrt(y))
PRODUCT = Equation("log_of_product", rnp.log(x * y), rnp.log(x) + rnp.log(y), (p.positive(x) & p.positive(y)))
SEVERAL = [LOG, WRONG, Equation("of_no_type", rnp.sum(x, axis=-9), x), PRODUCT]


def test_several_processes_say_what_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = [str(v) for v in verdicts(SEVERAL, anew=True)]
    monkeypatch.setattr(together, "MANY", 1)
    monkeypatch.setattr(store, "MANY", 1)
    monkeypatch.setattr(together, "processors", lambda: 3)
    monkeypatch.setattr(together, "_BATCH", 1)
    assert [str(v) for v in verdicts(SEVERAL, anew=True)] == alone
    assert [str(v) for v in verdicts(SEVERAL)] == alone


def test_clauses_are_judged_as_equations_are(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several processes as in one, kept under what they say; one that is false is refused each time."""
    asked = [clause(p.positive(rnp.exp(x))), clause(p.positive(x + y), p.positive(x)), clause(p.positive(x * x), p.positive(x))]
    alone = [str(v) for v in clause_verdicts(asked)]
    assert len(list((cache / "verdicts").iterdir())) == 2 and "is false for float64" in alone[1]
    monkeypatch.setattr(together, "MANY", 1)
    monkeypatch.setattr(store, "MANY", 1)
    monkeypatch.setattr(together, "processors", lambda: 3)
    monkeypatch.setattr(together, "_BATCH", 1)
    assert [str(v) for v in clause_verdicts(asked, anew=True)] == alone
    monkeypatch.setattr(together, "check_clause", lambda c: pytest.fail(f"judged again: {c}"))
    assert [str(v) for v in clause_verdicts([asked[0], asked[2]])] == [alone[0], alone[2]]
    assert len({store.key_of_clause(c) for c in (*asked, clause(p.positive(rnp.exp(x)), p.positive(x)))}) == 4


def test_what_a_process_cannot_answer_is_answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MANY", 1)
    monkeypatch.setattr(together, "processors", lambda: 2)
    monkeypatch.setattr(together, "__name__", "no.such.module")  # the process ends at once
    asked = [(r.name, r.lhs, r.rhs, p.all_of(r.guards)) for r in (LOG, WRONG)]
    assert [isinstance(a, dict) and a["name"] for a in together.measured(asked)] == ["log_one_plus", "wrong"]


def test_what_the_user_defines_is_judged_here() -> None:
    row = elementwise("softsign", lambda v: v / (1 + abs(v)), None, reference=lambda v: v / (1 + abs(v)))
    small = p.Predicate("small", lambda v: abs(v) < 1)
    moved = [together.moved(("rule", side, side, p.all_of(g))) for side, g in
             ((rnp.log(x), ()), (row(x), ()), (rnp.log(x), small(x)), (rnp.log(x), p.positive(x)))]
    assert [m is not None for m in moved] == [True, False, False, True]


UNGUARDED = """
import relgraph.numpy as rnp
from relgraph.relations import lvars, theory
from relgraph.relations.verify import store, together
print("begun", flush=True)
store.MANY = together.MANY = 1
together.processors = lambda: 2
x, y = lvars("x y")
rules = theory(one=(x + y, y + x), two=(rnp.log(1 + x), rnp.log1p(x)), three=(rnp.exp(x) * rnp.exp(y), rnp.exp(x + y)))
print(len(rules.check()))
"""


def test_a_script_that_checks_its_theory_is_run_once(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(UNGUARDED)
    done = subprocess.run([sys.executable, str(tmp_path / "mine.py")], check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("begun\n3\n", "")


def test_importing_verifies_nothing() -> None:
    code = ("import sys, relgraph.relations, relgraph.relations.verify\n"
            "assert not {'mpmath', 'scipy', 'platformdirs'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True)
