"""Every block of Python in the documentation is run: the blocks of one page one after another, as a reader would."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """(line, text) of the blocks of a page in a language."""
    text = page.read_text()
    return [(text.count("\n", 0, m.start(2)) + 1, m[2]) for m in BLOCK.finditer(text) if m[1] == language]


def _printed_as_promised(code: str, printed: str, where: str) -> None:
    """A comment after a call of `print` shows what it prints; its other text is not compared."""
    promised = [m[1].strip() for m in re.finditer(r"^print\(.*\)\s+# (.*)$", code, re.MULTILINE)]
    for p in promised:
        assert p in printed, f"{where}: promises {p!r}, prints\n{printed}"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One cache for all pages, empty at first: what a page compiles serves the next, as it does a reader."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_blocks_run(page: Path, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("RELGRAPH_CACHE", cache)
    names: dict[str, object] = {"__name__": f"docs_{page.stem}"}
    for line, code in blocks(page, "python"):
        where = f"{page.name}:{line}"
        out = io.StringIO()
        # Blank lines keep the lines of the page, so that a traceback and an origin point into it.
        compiled = compile("\n" * (line - 1) + code, str(page), "exec")
        with contextlib.redirect_stdout(out):
            exec(compiled, names)
        _printed_as_promised(code, out.getvalue(), where)


# Lines of shell blocks that call `relgraph`; the ones that install are what CI does anyway.
COMMANDS = [(f"{page.name}:{line}", command) for page in PAGES for line, text in blocks(page, "sh")
            for command in text.splitlines() if command.startswith("relgraph ")]


def test_there_are_commands() -> None:
    assert COMMANDS


@pytest.mark.long
@pytest.mark.parametrize(("where", "command"), COMMANDS)
def test_commands_run(where: str, command: str, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELGRAPH_CACHE", cache)
    main = "import sys; from relgraph.cli import main; sys.exit(main(sys.argv[1:]))"
    shell = command.replace("relgraph ", f'"{sys.executable}" -c "{main}" ', 1)
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{where}: {command}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
