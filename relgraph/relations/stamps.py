"""When what was written down is out of date: stamps of the sources it was made by."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache

import numpy as np

from ..terms.type import default_float
from ..version import LOADED, __version__

__all__ = ["code_stamp", "stamp"]

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def stamp(*folders: str) -> str | None:
    """The sources in some folders by name, size and time of change; None where there are none, or where one changed after
    this process had read them, so that the stamp would not be that of what runs."""
    found: list[str] = []
    for folder in folders:
        files = [f for f in _files(folder) if f.name.endswith(".py")]
        if not files:
            return None
        found.append(folder)
        for f in sorted(files, key=lambda f: f.path):
            s = f.stat()
            if s.st_mtime_ns > LOADED:
                return None
            found.append(f"{f.name} {s.st_size} {s.st_mtime_ns}")
    return "\n".join(found)


def _files(folder: str) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return ()


@cache
def _code() -> str | None:
    return stamp(_ROOT, os.path.join(_ROOT, "relations"), os.path.join(_ROOT, "terms"))


def code_stamp() -> str | None:
    """Changes whenever the code that states and compiles theories may have: versions, the files it is made of, the default
    float, which numbers in patterns may have; None as in `stamp`."""
    found = _code()
    return None if found is None else "\n".join([__version__, sys.version, np.__version__, default_float().name, found])
