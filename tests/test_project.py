"""The package as a whole: what importing it costs and starts, its version, its lock, its two commands."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import relgraph

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LATE = ["jax", "numba", "scipy", "kanren", "unification", "etuples", "cons", "mpmath", "rich", "relations_library"]


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_import_starts_nothing() -> None:
    """No optional package, no solver, no compiler: not a module of theirs and not a process."""
    watch = ("import sys\nstarted = []\n"
             "sys.addaudithook(lambda e, a: started.append(e) if e in ('subprocess.Popen', 'os.fork', 'os.exec', "
             "'os.posix_spawn', 'os.system') else None)\nimport relgraph, relgraph.numpy\n")
    assert python(f"{watch}print(started, [m for m in {LATE} if m in sys.modules])") == "[] []\n"


def test_import_is_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 0.15 s, NumPy's share included; on a slow or busy machine not much more than NumPy takes itself.

    Of bytecode, as installing leaves it: some machines are told to write none.
    """
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path))
    code = ("from time import process_time as now; t = now(); import numpy; n = now(); import relgraph; "
            "print(n - t, now() - t)")
    tries = [tuple(map(float, python(code).split())) for _ in range(10)]
    assert min(whole for _, whole in tries) < 0.15 or min(whole / share for share, whole in tries) < 2.3


def test_version_and_changelog_agree() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", relgraph.__version__)
    assert f"## [{relgraph.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def _wanted(requirements: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=~ ]", r)[0].lower().replace("_", "-") for r in requirements}
    return names - {"relgraph"}


def test_lock_pins_what_is_asked_for() -> None:
    lines = [r for r in (ROOT / "requirements.lock").read_text().splitlines() if not r.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!]+", r) for r in lines)
    pinned = {r.partition("==")[0].lower().replace("_", "-") for r in lines}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = _wanted(PROJECT["project"]["dependencies"]) | _wanted(extras["test"] + extras["numba"] + extras["jax"])
    assert wanted <= pinned


def test_package_is_typed_and_pure() -> None:
    assert (ROOT / "relgraph" / "py.typed").exists()
    assert PROJECT["build-system"]["build-backend"] == "hatchling.build"
    for package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (ROOT / package).is_dir()


@pytest.mark.parametrize("target", ["run", "test", "lint"])
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(["make", "-n", target, "VENV=/nonexistent/env"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "-m venv /nonexistent/env" in done.stdout
    assert "--constraint requirements.lock" in done.stdout


def test_make_refuses_an_old_python(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(["make", "run", f"VENV={tmp_path}/env", f"PYTHON={old}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "needs Python 3.11" in done.stderr


def test_names_are_not_modules() -> None:
    """Importing a module puts it into its package under its own name: no public function may have that name."""
    code = ("import relgraph as rg, relgraph.relations as relations, importlib, pkgutil\n"
            "for package in (rg, relations):\n"
            "    for m in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
            "        if m.name not in ('relgraph.__main__', 'relgraph.function'): importlib.import_module(m.name)\n"
            "rg.rewrite(rg.scalar('x') + 1)\n"
            "print([n for p in (rg, relations) for n in ('function', 'rewrite', 'run', 'eq', 'theory', 'jit', 'grad', 'show')\n"
            "       if hasattr(p, n) and type(getattr(p, n)).__name__ == 'module'])")
    assert python(code) == "[]\n"
