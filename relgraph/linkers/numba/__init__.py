"""Numba: the program as one flat Python function; Numba is imported when something is linked."""

from __future__ import annotations

from .link import Executable, available, link
from .link import missing_ops as missing

__all__ = ["Executable", "available", "link", "missing"]
