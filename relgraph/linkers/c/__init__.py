"""C: one library per program, compiled in one run of the compiler and kept on disk."""

from __future__ import annotations

from collections.abc import Sequence

from ...cgen import missing as _missing
from ...cgen import program
from ...terms.term import Term
from .compiler import find
from .executable import Executable

__all__ = ["Executable", "available", "link", "missing"]


def available() -> bool:
    """Whether there is a C compiler."""
    return find() is not None


def missing(outputs: Sequence[Term]) -> list[str]:
    """The ops below the outputs that neither have a C lowering nor a definition."""
    return _missing(outputs, "c")


def link(inputs: Sequence[Term], outputs: Sequence[Term]) -> Executable:
    """Compile terms; the result takes positional arrays of the inputs' dtypes and returns a tuple of fresh arrays."""
    out = Executable(program(inputs, outputs, "c"))
    out.call  # noqa: B018 - compile now, so that errors and the time it takes belong to linking
    return out
