"""JAX: `to_jax` makes a pure function that can be traced, `link` jits it for NumPy arrays.

Rows name the functions of `lowerings` as ``relgraph.linkers.jax.<name>``; JAX is imported when one is first looked up.
"""

from __future__ import annotations

import importlib
from typing import Any

from .link import Executable, available, link, missing, to_jax

__all__ = ["Executable", "available", "link", "missing", "to_jax"]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.lowerings"), name)
