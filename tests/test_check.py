"""`relgraph check` of a file in which some theories are true and others are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relgraph.cli import EXIT, main

BESIDE = """
import relgraph.numpy as rnp
from relgraph.relations import lvars, theory
x, y = lvars("x y")
good = theory(name="good", odd=(rnp.sin(-x), -rnp.sin(x)), again=(rnp.sin(-y), -rnp.sin(y)))
bad = theory(odd=(rnp.sin(x + y), rnp.sin(x) + rnp.sin(y)))
both = theory(good, wrong=(rnp.sin(x), rnp.cos(x)))
"""


ALONE = """
import relgraph.numpy as rnp
from relgraph.relations import clause, lvars, relation
from relgraph.relations.predicates import positive
x, y, z, w = lvars("x y z w")
r = relation("log_exp", rnp.log(rnp.exp(x)), x)
several = [relation("odd", rnp.sin(-y), -rnp.sin(y))]
known = clause(positive(rnp.exp(z)))
"""


def test_relations_of_no_theory_count(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """Relations and clauses by themselves are judged, and what they speak of is used."""
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "alone.py").write_text(ALONE)
    assert main(["check", str(tmp_path / "alone.py")]) == 0
    out, err = capsys.readouterr()
    assert "of no theory: 1 relations" in out and "1 relations, 1 clauses, 0 refused" in err
    assert out.count("unused variable") == 1 and "w: unused variable" in out


def test_check_lints_what_is_not_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """A theory of true relations is linted beside one that is refused; what stands twice in it is one error."""
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "beside.py").write_text(BESIDE)
    assert main(["check", str(tmp_path / "beside.py")]) == EXIT["wrong"]
    out, err = capsys.readouterr()
    assert out.count("error: again: duplicate: says what odd says: sin(-x) = -sin(x)") == 1
    assert "4 relations, 2 refused, 1 errors, 0 remarks" in err  # of one name, but not in one theory: two relations
    assert "not linted: bad, of which odd is refused\nnot linted: both, of which wrong is refused" in err
    assert main(["check", str(tmp_path / "beside.py"), "--json"]) == EXIT["wrong"]
    assert json.loads(capsys.readouterr().out)["not linted"] == {"bad": ["odd"], "both": ["wrong"]}
