"""Conditions on values that are found while a program is traced and looked at when it has run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...terms.term import Term

__all__ = ["Checks", "collecting", "require"]


class Checks(threading.local):
    """The conditions of the program being traced in this thread; nobody listens while ``found`` is None."""

    found: list[tuple[Any, str, Term]] | None = None
    node: Term | None = None  # whose lowering runs


_checks = Checks()


@contextmanager
def collecting() -> Iterator[list[tuple[Any, str, Term]]]:
    """Gather what is required inside."""
    before, _checks.found = (_checks.found, _checks.node), []
    try:
        yield _checks.found
    finally:
        _checks.found, _checks.node = before  # a thread that kept the last node would keep its term alive


def at(node: Term) -> None:
    if _checks.found is not None:
        _checks.node = node


def require(holds: Any, message: str) -> None:
    """State a condition: an array of one truth value, known when the program has run."""
    if _checks.found is not None and _checks.node is not None:
        _checks.found.append((holds, message, _checks.node))
