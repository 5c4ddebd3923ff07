"""Theories by name: those of the library, of a module, or of a file."""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from ..relations import Theory
from .errors import UsageError
from .files import is_file, load_module

__all__ = ["find_theory", "module_names", "theories"]

LIBRARY = "relations_library"


def theories(where: str = LIBRARY) -> dict[str, Theory]:
    """Every theory that a module, the modules of a package, or a file defines, once, by the name it was given."""
    out: dict[str, Theory] = {}
    for module in _modules(where):
        for name, value in vars(module).items():
            if isinstance(value, Theory) and not name.startswith("_") and value not in out.values():
                out[value.name if value.name != "theory" and value.name not in out else name] = value
    return out


def module_names(where: str = LIBRARY) -> list[tuple[str, dict[str, Any]]]:
    """What each module of ``where`` calls by name."""
    return [(m.__name__, vars(m)) for m in _modules(where)]


def _modules(where: str) -> list[ModuleType]:
    if is_file(where):
        return [load_module(where)]
    try:
        package = importlib.import_module(where)
    except (TypeError, ValueError):  # ".", "..x", ""
        raise UsageError(f"{where}: is no module and no file; write a name such as {LIBRARY}.stable, or the path of a file "
                         "that ends in .py") from None
    except ModuleNotFoundError as e:
        if e.name is not None and not (where == e.name or where.startswith(f"{e.name}.")):
            raise
        known = [LIBRARY, *(f"{LIBRARY}.{m}" for m in _names())]
        near = get_close_matches(where, known, 1)
        raise UsageError(f"{where}: there is no such module{f', did you mean {near[0]}?' if near else ''}") from None
    inner = [m.name for m in pkgutil.iter_modules(package.__path__)] if hasattr(package, "__path__") else []
    return [importlib.import_module(f"{where}.{m}") for m in inner] + [package]


def _names() -> list[str]:
    return [m.name for m in pkgutil.iter_modules(importlib.import_module(LIBRARY).__path__)]


def find_theory(name: str) -> Theory:
    """The theory of a name in the library, or of ``MODULE:NAME``."""
    where, _, inner = name.rpartition(":")
    known = theories(where or LIBRARY)
    if inner not in known:
        near = get_close_matches(inner, known, 1)
        raise UsageError(f"--theory {name}: there is no theory {inner!r} in {where or LIBRARY}"
                         f"{f', did you mean {near[0]}?' if near else ''}; there are {', '.join(known) or 'none'}")
    return known[inner]
