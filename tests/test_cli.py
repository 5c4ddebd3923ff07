"""The command: its parser, its files, every command's output, message and exit code."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.cli import EXIT, main
from relgraph.cli.errors import UsageError
from relgraph.cli.expression import functions, parse, parse_types
from relgraph.cli.files import load_model

x = rg.scalar("x")
GOOD = """
import numpy as np, relgraph as rg, relgraph.numpy as rnp

def model():
    x = rg.vector("x")
    return {"outputs": {"loss": rnp.sum(rnp.log(1 + rnp.exp(x)))}, "wrt": x, "values": {x: np.arange(5.0)}}

def fit(f, values):
    print("fitted", float(f(*values.values())["loss"]))
"""


@pytest.fixture
def good(tmp_path: Path) -> str:
    file = tmp_path / "good.py"
    file.write_text(GOOD)
    return str(file)


# -- expressions ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "term"), [
    ("log(1 + x)", rnp.log(1 + x)),
    ("np.log(1 + x)", rnp.log(1 + x)),
    ("-x ** 2 / 3.5", -(x ** 2) / 3.5),
    ("where(x == 0, 1, x)", rnp.where(rnp.equal(x, 0), 1, x)),
    ("expit(x) + special.gammaln(x)", rnp.special.expit(x) + rnp.special.gammaln(x)),
    ("x * pi", x * rnp.pi),
    ("x + 2**3", x + 8),
    ("astype(x, 'float32')", rnp.astype(x, "float32")),
    ("stack([x, x + 1])", rnp.stack([x, x + 1])),
])
def test_parse(text: str, term: rg.Term) -> None:
    assert parse(text) is term


@pytest.mark.parametrize(("text", "types", "term"), [
    ("log(sum(exp(v), axis=-1))", "v=vector", rnp.log(rnp.sum(rnp.exp(rg.vector("v")), axis=-1))),
    ("v[1:] - v[:-1]", "v=vector", rg.vector("v")[1:] - rg.vector("v")[:-1]),
    ("v.sum() + v.T.max()", "v=vector", rg.vector("v").sum() + rg.vector("v").T.max()),
    ("linalg.det(A) + det(A)", "A=matrix", 2 * rnp.linalg.det(rg.matrix("A")) if False else
     rnp.linalg.det(rg.matrix("A")) + rnp.linalg.det(rg.matrix("A"))),
    ("z[:, None, 0]", "z=float32[n,3]", rg.tensor("z", ("n", 3), "float32")[:, None, 0]),
    ("z + 1", "z: int64", rg.scalar("z", "int64") + 1),
])
def test_parse_with_types(text: str, types: str, term: rg.Term) -> None:
    assert parse(text, parse_types([types])) is term


@pytest.mark.parametrize(("text", "message"), [
    ("log(1 +", "was never closed"),
    ("foo(x)", "there is no function foo, did you mean floor?"),
    ("sume(x)", "did you mean sum?"),
    ("__import__('os').system('true')", ".system() is no method of a term"),
    ("__import__('os')", "there is no function __import__"),
    ("x.__class__", ".__class__ is no attribute"),
    ("__builtins__", "starts with an underscore"),
    ("(lambda: 1)()", "only functions can be called"),
    ("lambda: x", "Lambda is not allowed"),
    ("[y for y in x]", "ListComp is not allowed"),
    ("(y := x)", "NamedExpr is not allowed"),
    ("x if x else x", "IfExp is not allowed"),
    ("f'{x}'", "JoinedStr is not allowed"),
    ("exp(**x)", "**arguments are not allowed"),
    ("b'a' + x", "is not allowed in an expression"),
    ("x + 'a'", "'a' is no dtype"),
    ("9**9**9 * x", "cannot be computed"),
    ("x and x", "BoolOp is not allowed"),
    ("not x", "logical_not"),
    ("0 < x < 1", "one comparison at a time"),
    ("x << 2", "LShift is not defined"),
    ("1 + 1", "without a name in it"),
    ("log", "log is a function; call it"),
    ("log(x, x)", "takes 1 operand"),
    ("sum(x, axis=3)", "--type x=vector makes it a vector"),
    ("x @ x", "--type x=vector"),
    ("[1, 2] * x", "is no operand"),
    ("(" * 500 + "x" + ")" * 500, "nested"),
    ("x" + " + x" * 5000, "characters"),
    ("", "is no expression"),
])
def test_parse_refuses(text: str, message: str) -> None:
    with pytest.raises(UsageError) as e:
        parse(text)
    assert message in str(e.value)


def test_caret_points_at_the_mistake() -> None:
    with pytest.raises(UsageError) as e:
        parse("1 + sqrt(x) * lgo(x)")
    *_, line, caret = str(e.value).splitlines()
    assert line[caret.index("^"):].startswith("lgo(x)")


@pytest.mark.parametrize(("text", "message"), [("log(xs)", "there is no x in the expression, did you mean xs?"),
                                               ("log(abc)", "there is no x in the expression; leave it out")])
def test_a_type_of_no_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--type x=...: {message}")):
        parse(text, parse_types(["x=vector"]))


@pytest.mark.parametrize(("types", "message"), [
    (["x"], "is not NAME=TYPE"), (["x=vectr"], "did you mean vector?"), (["x=float32[n"], "is not NAME=TYPE"),
    (["1=vector"], "is not NAME=TYPE"), (["x=vector", "x=matrix"], "has a type already"), (["x=object"], "is no type"),
])
def test_types_refused(types: list[str], message: str) -> None:
    with pytest.raises(UsageError, match="--type") as e:
        parse_types(types)
    assert message in str(e.value)


def test_functions_are_ours() -> None:
    """Nothing that is not an op or a function of this package can be called from an expression."""
    for name, fn in functions().items():
        assert fn.__module__.startswith("relgraph") if hasattr(fn, "__module__") else isinstance(fn, rg.Op), name


# -- files ------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "message"), [
    ("x = 1", "has no function model()"),
    ("def model(:", "invalid syntax"),
    ("def model(): return 1", "model() returned int"),
    ("def model(): return {'outputs': 1}", "returned no 'values'"),
    ("def model(): return {'outputs': 1, 'valeus': {}}", "did you mean 'values'?"),
    ("def model(): return {'outputs': 1, 'values': {}}", "a term was expected"),
    ("def model(): return {'outputs': 1, 'values': []}", "a dict from inputs to arrays was expected"),
    ("import relgraph as rg\ndef model(): return {'outputs': rg.scalar('x'), 'values': {}}", "no value for the input x"),
    ("import relgraph as rg\ndef model(): return {'outputs': rg.scalar('x'), 'values': {'x': 1}}", "has the key 'x'"),
    ("import relgraph as rg\ndef model():\n  x = rg.scalar('x')\n  return {'outputs': x, 'values': {x: 1}, 'order': 3}",
     "'order' is 3"),
    ("def model():\n    return 1 / 0", "bad.py:2: in `return 1 / 0`: ZeroDivisionError"),
])
def test_file_refused(tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.py"
    file.write_text(text)
    assert main(["run", str(file)]) == EXIT["usage"]
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_missing_file(tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "god.py")]) == EXIT["usage"]
    assert f"did you mean {good}?" in capsys.readouterr().err


def test_load_model(good: str) -> None:
    m = load_model(good)
    assert list(m.outputs) == ["loss"]
    assert list(m.differentiated()) == ["loss", "gradient"]
    assert m.fit is not None


# -- the command line itself ------------------------------------------------------------------------------------------------

def _fresh(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = f"import sys; from relgraph.cli import main; sys.argv[0] = 'relgraph'; {code or 'sys.exit(main())'}"
    return subprocess.run([sys.executable, "-c", start, *arguments], capture_output=True, text=True)


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    heavy = ["jax", "numba", "scipy", "kanren", "unification", "etuples", "cons", "mpmath", "rich", "relations_library"]
    code = f"\ntry: main()\nexcept SystemExit: print([m for m in {heavy} if m in sys.modules])"
    done = _fresh("--help", code=code)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
    assert "relgraph query 'log(1 + exp(x))'" in done.stdout
    assert "exit codes:" in done.stdout

    def spent(run: Callable[[], object]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    alone = min(spent(lambda: subprocess.run([sys.executable, "-c", "import numpy"], check=True)) for _ in range(10))
    help_ = min(spent(lambda: _fresh("--help")) for _ in range(10))
    assert help_ < 3 * alone, (help_, alone)  # processor time: others may be using the machine


COMMANDS = ["run", "explain", "query", "check", "show", "doctor", "cache"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as e:
        main([command, "--help"])
    assert e.value.code == 0
    assert f"example:\n  relgraph {command}" in capsys.readouterr().out


WRONG = [[], ["frobnicate"], ["run"], ["run", "f.py", "--linker", "fortran"], ["query", "x", "-n", "0"],
         ["show", "x", "--format", "png"], ["cache"], ["cache", "burn"]]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as e:
        main(arguments)
    assert e.value.code == EXIT["usage"]
    assert "usage: relgraph" in capsys.readouterr().err
