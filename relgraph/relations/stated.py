"""Theories that stand in a module: it is imported when somebody looks at a relation, rewriting needs only what is on disk."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from pathlib import Path
from typing import Any

from ..cache import fetch, key
from .facts import FactBase
from .predicates import PREDICATES
from .stamps import code_stamp, stamp
from .stored_facts import StoredFacts
from .theory import Theory

__all__ = ["Stated"]


class Stated(Theory):
    """The theory of this name in a module, imported on first use of what it says.

    >>> Stated("relations_library.pipelines", "everything", "default")
    Theory(default: 509 relations)

    Its digest is kept on disk by a stamp of the sources in the module's package, and its compiled form by the digest, so that
    a process whose theories were compiled by another one imports none of them.
    """

    def __init__(self, module: str, attribute: str, name: str) -> None:
        self.module, self.attribute, self.name = module, attribute, name
        self._facts: FactBase | None = None
        self._mine: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in ("relations", "clauses", "precedence"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        found: Theory = getattr(importlib.import_module(self.module), self.attribute)
        self.relations, self.clauses, self.precedence = found.relations, found.clauses, found.precedence
        return self.__dict__[name]

    @property
    def known(self) -> bool:
        """Was the module imported?"""
        return "relations" in self.__dict__

    @property
    def facts(self) -> FactBase:
        """What the clauses prove; read from disk, by predicate and operator, as they are asked for."""
        if self._facts is None:
            self._facts = StoredFacts(self)
        return self._facts

    def digest(self) -> str:
        """As of any theory; read from disk where the module was not imported."""
        if not self.known and "digest" not in self._mine and (now := self._stamp()) is not None:
            with contextlib.suppress(OSError, _Uncertain):
                found = fetch(key([now, self.module, self.attribute]), ".digest", lambda path: self._write(path, now))
                text = found.read_bytes().decode("ascii", "replace")
                if re.fullmatch("[0-9a-f]{64}", text):
                    self._mine["digest"] = text
        return super().digest()

    def _write(self, path: Path, before: str) -> None:
        text = super().digest()
        if not _lasting(self) or self._stamp() != before:
            raise _Uncertain
        path.write_text(text, "ascii")

    def _stamp(self) -> str | None:
        """Of the sources that the theory is stated in and by."""
        package = importlib.import_module(self.module.rpartition(".")[0])
        folders = [folder for root in package.__path__ for folder, _, _ in os.walk(root) if not folder.endswith("__pycache__")]
        mine, code = stamp(*sorted(folders)), code_stamp()
        return None if mine is None or code is None else f"{code}\n{mine}"


def _lasting(theory: Theory) -> bool:
    """Is the digest the same in every process: do all guards and clauses speak of predicates of the table?"""
    guards = [g for r in theory for g in r.guards] + [g for c in theory.clauses for g in (c.head, *c.body)]
    return all(PREDICATES.get(g.predicate.name) is g.predicate for g in guards)


class _Uncertain(Exception):
    """The digest is of this process only, or a source changed while it was read."""
