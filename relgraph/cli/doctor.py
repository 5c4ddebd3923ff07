"""``relgraph doctor``: what this machine offers to the linkers, and what to install for the rest."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from ..linkers.c.compiler import find
from ..version import __version__
from .cache import measured
from .screen import size, table

_CORE = ("numpy", "scipy", "miniKanren", "logical-unification", "etuples", "cons", "mpmath", "platformdirs", "rich")
_OPTIONAL = {"numba": "the linker numba: pip install 'relgraph[numba]'", "jax": "the linker jax: pip install 'relgraph[jax]'"}


def command(arguments: Any) -> int:
    folder, files, used = measured()
    rows = [("relgraph", f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
                         f"{os.cpu_count()} cores"),
            ("C compiler", _compiler()), ("Python.h", _headers()), ("BLAS of NumPy", _blas()),
            ("cache", f"{folder}, {files} files, {size(used)}"),
            ("Graphviz", shutil.which("dot") or "not found: `show --format svg` needs it (apt install graphviz)")]
    rows += [(name, _version(name) or "missing: pip install --force-reinstall relgraph") for name in _CORE]
    rows += [(name, _version(name) or f"not installed; for {what}") for name, what in _OPTIONAL.items()]
    table(rows, ("what", "found"))
    return 0 if all(_version(name) for name in _CORE) else 3


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _compiler() -> str:
    found = find()
    if found is None:
        return ("not found: functions are linked with numba, else numpy; install one "
                "(apt install gcc, xcode-select --install, conda install gxx)")
    done = subprocess.run([*found.command, "--version"], capture_output=True, text=True, check=False)
    return f"{' '.join(found.command)}: {(done.stdout or done.stderr or 'says no version').splitlines()[0]}"


def _headers() -> str:
    if (Path(sysconfig.get_path("include")) / "Python.h").exists():
        return "found"
    return "not found: calls go through ctypes, which takes about a microsecond more (apt install python3-dev)"


def _blas() -> str:
    found = np.show_config(mode="dicts") or {}
    blas = found.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()
