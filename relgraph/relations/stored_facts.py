"""The facts of a theory that stands in a module: clauses on disk, by predicate and operator, read when they are asked for."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ..cache import fetch, key
from ..terms.term import Op
from .clauses import Clause, Entry, with_matchers
from .facts import FactBase
from .pickles import dumps
from .stamps import code_stamp

__all__ = ["StoredFacts"]

Tables: TypeAlias = "tuple[dict[str, Any], dict[tuple[str, Op | None], bytes], bytes]"


class StoredFacts(FactBase):
    """As `FactBase`, of the clauses of a theory that are looked at as a whole only by who explains."""

    def __init__(self, theory: Any) -> None:
        super().__init__(())
        del self.clauses  # found when they are asked for
        self._theory = theory
        self._stored: Tables | None = None

    def __getattr__(self, name: str) -> Any:
        if name != "clauses":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.clauses = self._theory.clauses
        return self.clauses

    def entries(self, name: str, op: Op | None) -> list[Entry]:
        found = self._compiled.get((name, op))
        if found is None:
            raw = self._tables()[1].get((name, op))
            found = [Entry(c) for c in pickle.loads(raw)] if raw is not None else []
            if op is not None:
                with_matchers(found, self.holds, f"facts {name}")
            self._compiled[name, op] = found
        return found

    def _reachable(self, name: str) -> tuple[frozenset[Op], str]:
        return self._tables()[0].get(name, (frozenset(), ""))

    def _about_matrices(self) -> Sequence[Clause]:
        return pickle.loads(self._tables()[2])

    def _tables(self) -> Tables:
        """What `tables` makes; from disk, or made now and written down."""
        found = self._stored
        if found is None:
            found = self._stored = self._read() or tables(self._theory.clauses)
        return found

    def _read(self) -> Any:
        code = code_stamp()
        if code is None:
            return None
        with contextlib.suppress(Exception):  # whatever is wrong with a file, making it again is right
            path = fetch(key([code, self._theory.digest()]), ".facts", self._write)
            return pickle.loads(path.read_bytes())
        return None

    def _write(self, path: Path) -> None:
        path.write_bytes(dumps(tables(self._theory.clauses)))


def tables(clauses: Sequence[Clause]) -> Tables:
    """The operators and dtypes of which each predicate may be proved, the clauses that say so, by its name and operator, as
    bytes, and once more those about matrices."""
    whole = FactBase(clauses)
    heads = {name: whole._heads(name) for name in dict.fromkeys(c.head.name for c in clauses)}
    reach = {name: whole._reachable(name) for name in heads}
    said = {(name, op): dumps(found) for name, by_op in heads.items() for op, found in by_op.items()}
    return reach, said, dumps(whole._about_matrices())
