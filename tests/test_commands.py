"""The commands at work: what each prints, on what exit code, with what message when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from relgraph.cache import fetch
from relgraph.cli import EXIT, main

ROOT = Path(__file__).resolve().parent.parent
MODEL = """
import numpy as np, relgraph as rg, relgraph.numpy as rnp

def model():
    x = rg.vector("x")
    return {"outputs": {"loss": rnp.sum(rnp.log(1 + rnp.exp(x)))}, "wrt": x, "values": {x: np.array([-800.0, 0.0, 800.0])}}

def fit(f, values):
    print("fitted", float(f(*values.values())["loss"]))
"""
THEORIES = """
import relgraph.numpy as rnp
from relgraph.relations import lvars, theory

x, y = lvars("x y")
right = theory(log_one_plus=(rnp.log(1 + x), rnp.log1p(x)))
wrong = theory(log_sum=(rnp.log(x + y), rnp.log(x) + rnp.log(y)))
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def model(tmp_path: Path) -> str:
    file = tmp_path / "softplus.py"
    file.write_text(MODEL)
    return str(file)


@pytest.fixture
def theories(tmp_path: Path) -> str:
    file = tmp_path / "my_theories.py"
    file.write_text(THEORIES)
    return str(file)


# -- run --------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("linker", ["c", "numba", "jax", "numpy"])
def test_run(linker: str, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", model, "--linker", linker, "--repeat", "2"]) == 0
    out, err = capsys.readouterr()
    for stage in ("build", "differentiate", "rewrite", "evaluate"):
        assert stage in err
    assert f"relgraph, {linker}" in out
    assert "kernels" in out
    assert "relgraph: finite" in out  # exp(800) overflows as written, softplus does not
    assert "fitted 800.693" in out


def test_run_without_fit(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", model, "--no-fit", "--repeat", "1"]) == 0
    assert "fitted" not in capsys.readouterr().out


def test_run_main_job() -> None:
    """What `make run` runs, as it runs it."""
    done = subprocess.run([sys.executable, "-m", "relgraph", "run", "examples/logistic.py", "--repeat", "2"], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "accuracy 0.98" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr  # no colours where nobody sees them


def test_run_reports_what_the_fit_raises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad_fit.py"
    file.write_text(MODEL.replace('print("fitted"', 'raise RuntimeError("no luck") or (""'))
    assert main(["run", str(file), "--repeat", "1"]) == EXIT["usage"]
    assert "RuntimeError: no luck" in capsys.readouterr().err


def test_missing_backend(model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    assert main(["run", model, "--linker", "jax"]) == EXIT["missing"]
    assert "pip install 'relgraph[jax]'" in capsys.readouterr().err


# -- explain ------------------------------------------------------------------------------------------------------------------

def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "explained.py"
    file.write_text(MODEL.replace('vector("x")', 'vector("explained")'))  # equal terms are one, made where they were first
    assert main(["explain", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "explained.py:6" in out  # the user's line
    assert "steps replay" in err


def test_explain_json_and_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "log(sum(exp(x))) + log(1 + y)", "--type", "x=vector", "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    rules = {s["rule"] for s in steps}
    assert len(rules) >= 2
    one = min(rules)
    assert main(["explain", "log(sum(exp(x))) + log(1 + y)", "--type", "x=vector", "--json", "--rule", one]) == 0
    assert {s["rule"] for s in json.loads(capsys.readouterr().out)["steps"]} == {one}


def test_explain_rule_that_did_not_fire(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "log(1 + x)", "--rule", "log_one_plsu"]) == EXIT["usage"]
    err = capsys.readouterr().err
    assert "did not fire" in err
    assert "did you mean" in err


# -- query --------------------------------------------------------------------------------------------------------------------

def test_query_forward_and_backward(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "log(1 + x)"]) == 0
    assert "log1p(x)" in capsys.readouterr().out
    assert main(["query", "log1p(x)", "--backward", "-n", "2"]) == 0
    assert "log(1 + x)" in capsys.readouterr().out


def test_query_own_theory(theories: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "log(1 + exp(x))", "--theory", f"{theories}:right"]) == 0
    assert "log_one_plus" in capsys.readouterr().out
    assert main(["query", "tan(x)", "--theory", f"{theories}:right"]) == 0
    assert "no relation of" in capsys.readouterr().err


@pytest.mark.parametrize(("theory", "message"), [("stabel", "did you mean stable?"), ("nowhere:x", "no such module")])
def test_query_unknown_theory(theory: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "log(1 + x)", "--theory", theory]) == EXIT["usage"]
    assert message in capsys.readouterr().err


# -- check --------------------------------------------------------------------------------------------------------------------

def test_check_refuses_what_is_false(theories: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", theories]) == EXIT["wrong"]
    out, err = capsys.readouterr()
    assert "log_one_plus" in out
    assert "2 relations, 1 refused" in err
    assert "log_sum: " in err
    assert "at x = " in err


TWICE = """
import relgraph.numpy as rnp
from relgraph.relations import lvars, theory
from relgraph.relations.predicates import positive
x, y, z = lvars("x y z")
one = theory(root=(rnp.sqrt(x)**2, x, positive(x)), name="one")
two = theory(again=(rnp.sqrt(y)**2, y, positive(y)), name="two")
"""


def test_check_lints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands twice in two theories of a module is an error; a weaker guard and an unused variable are remarks."""
    (tmp_path / "twice.py").write_text(TWICE)
    assert main(["check", str(tmp_path / "twice.py"), "--audit", "--mutations", "4"]) == EXIT["wrong"]
    out, err = capsys.readouterr()
    assert "error: again: duplicate: says what root says: sqrt(x)**2 = x" in out
    assert "warning: root: weaker guard: nonnegative(x) is enough, which positive(x) implies\n    write nonnegative(x)" in out
    assert "warning: z: unused variable" in out
    assert "2 relations, 0 refused, 1 errors" in err


def test_check_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "twice.py").write_text(TWICE)
    said = []
    for more in ([], [], ["--anew"]):
        assert main(["check", str(tmp_path / "twice.py"), "--json", *more]) == EXIT["wrong"]
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
    found = json.loads(said[0])
    assert found["relations"]["one"][0]["->"] == "real" and found["refused"] == []
    assert [r["rule"] for x in found["lint"] for r in x["remarks"] if r["severity"] == "error"] == ["again"]


def test_check_mutations_is_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--mutations", "some"])
    assert "'some' is no count" in capsys.readouterr().err


def test_check_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing.py").write_text("")
    assert main(["check", str(tmp_path / "nothing.py")]) == EXIT["usage"]
    assert "has no theory, relation or clause; write mine = theory(" in capsys.readouterr().err


IMPORTS = """
import relgraph.numpy as rnp
from relgraph.relations import clause, lvars, relation, theory
from relgraph.relations.predicates import positive
x, = lvars("x")
"""
FILES = {  # what stands in a file, the exit code, and what is said of it
    "a false clause": ("mine = theory(clause(positive(rnp.sin(x))))", "wrong",
                       "clause positive(sin(x))\n  is false for float64"),
    "a true clause": ("mine = theory(clause(positive(rnp.exp(x))))", "ok", "0 relations, 1 clauses, 0 refused"),
    "a relation by itself": ("r = relation('alone', rnp.tanh(x), rnp.sinh(x) / rnp.exp(x))", "wrong",
                             "alone: tanh(x) = sinh(x)/exp(x)\n  is false"),
    "where it is stated": ("mine = theory(\n    r=(rnp.sqrt(x)**2 + 0.7 * x,\n       rnp.abs(x) + 0.7 * x))", "wrong",
                           "stated at mine.py:8"),
    "a clause by itself": ("c = clause(positive(rnp.sin(x)))", "wrong", "clause positive(sin(x))"),
    "a guard that is none": ("mine = theory(\n    r=(rnp.log(x), rnp.exp(x), x > 0))", "usage",
                             "mine.py:6: in `mine = theory(`: r: guard: x > 0 is no guard"),
}


@pytest.mark.parametrize("name", FILES)
def test_check_of_a_file(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, code, said = FILES[name]
    (tmp_path / "mine.py").write_text(IMPORTS + text)
    assert main(["check", str(tmp_path / "mine.py")]) == EXIT[code]
    assert said in capsys.readouterr().err


def test_check_no_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "."]) == EXIT["usage"]
    assert ".: is no module and no file; write a name such as" in capsys.readouterr().err


def test_check_unknown_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "relations_libary"]) == EXIT["usage"]
    assert "did you mean relations_library?" in capsys.readouterr().err


# -- show, doctor, cache ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("format", "text"), [
    ("tree", "exp"), ("math", "log(1 + exp(x))"), ("latex", "\\log"), ("dot", "digraph {"), ("c", "double"),
])
def test_show(format: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "log(1 + exp(x))", "--format", format]) == 0
    assert text in capsys.readouterr().out


def test_show_file_and_rewritten(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", model]) == 0
    assert "exp" in capsys.readouterr().out
    assert main(["show", "log(1 + exp(x))", "--format", "math", "--rewritten"]) == 0
    assert "softplus(x)" in capsys.readouterr().out


def test_show_svg_without_graphviz(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert main(["show", "x + 1", "--format", "svg"]) == EXIT["missing"]
    assert "apt install graphviz" in capsys.readouterr().err


def test_doctor(capsys: pytest.CaptureFixture[str], cache: Path) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for word in ("C compiler", "Python.h", "BLAS", str(cache), "numba", "jax"):
        assert word in out


def test_doctor_without_a_compiler(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("CC", raising=False)
    assert main(["doctor"]) == 0
    assert "apt install gcc" in capsys.readouterr().out


def _ten_bytes(path: Path) -> None:
    path.write_bytes(b"0123456789")


def test_cache(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "info"]) == 0
    assert "0 files" in capsys.readouterr().out
    fetch("ab34", ".so", _ten_bytes)
    (cache / "notes.txt").write_text("not ours")
    assert main(["cache", "info"]) == 0
    assert "1 files, 10 B" in capsys.readouterr().out
    assert main(["cache", "clear"]) == 0
    assert "removed 1 files" in capsys.readouterr().out
    assert [f.name for f in cache.rglob("*") if f.is_file()] == ["notes.txt"]


def test_output_into_a_closed_pipe() -> None:
    """`relgraph show … | head -1` ends quietly."""
    command = f"{sys.executable} -m relgraph show examples/logistic.py | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 0
