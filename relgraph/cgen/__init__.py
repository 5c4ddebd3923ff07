"""Terms to text: programs of loop nests and routine calls, and their C source; nothing here runs a compiler."""

from __future__ import annotations

from .expand import missing
from .ir import Program
from .schedule import program

__all__ = ["Program", "missing", "program"]
