"""Programs to callables: one module per target, each with ``link(inputs, outputs)``, ``missing(outputs)``, ``available()``.

``link`` returns an executable: call it with one array per input (of the input's dtype, with any strides), get a tuple of
fresh arrays.  Its ``program`` and ``source`` are for reading, None where there is none; ``name`` is the target's.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ..errors import LinkError
from ..terms.term import Term

__all__ = ["NAMES", "default", "find", "link", "missing"]

NAMES = ("c", "numba", "jax", "numpy")
_said: list[str] = []


def find(name: str) -> ModuleType:
    """The module of a linker, imported now."""
    if name not in NAMES:
        raise LinkError(f"linker: there is no {name!r}; choose one of {', '.join(map(repr, NAMES))}")
    return importlib.import_module(f"{__name__}.{name}")


def missing(name: str, outputs: Sequence[Term]) -> list[str]:
    """The ops below the outputs that a linker has neither a lowering nor a definition for."""
    return find(name).missing(outputs)


def link(name: str, inputs: Sequence[Term], outputs: Sequence[Term]) -> Any:
    """An executable by the named linker; whatever it lacks is reported at once, before anything is compiled."""
    module = find(name)
    lacking = module.missing(outputs)
    if lacking:
        what = "a `numpy` column" if name == "numpy" else f"a `lower` entry {name!r} or a `definition`, or use linker='numpy'"
        raise LinkError(f"{name}: no lowering for {', '.join(lacking)}; give the rows {what}")
    return module.link(inputs, outputs)


def default() -> str:
    """The name of the fastest linker that works here: ``c``, else ``numba``, else ``numpy``; falling back is said once."""
    chosen = next(n for n in ("c", "numba", "numpy") if find(n).available())
    if chosen != "c" and chosen not in _said:
        _said.append(chosen)
        warnings.warn(f"no C compiler was found (CC, cc, gcc, clang): functions are run by {chosen!r}, which is slower; "
                      f"install a compiler, or write linker={chosen!r} to silence this", RuntimeWarning, stacklevel=3)
    return chosen
