"""Patterns as bytes: as terms pickle, but for where they were made, which nobody asks of a pattern and takes longest to say."""

from __future__ import annotations

import io
import pickle
from types import FunctionType
from typing import Any

from ..terms.term import LVar, Op, Term, from_rows, to_rows

__all__ = ["dumps"]


class _Pickler(pickle.Pickler):
    packages: frozenset[str] | None = None

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Term) and type(obj) is not LVar:
            return from_rows, (to_rows(obj, origins=False),)
        if self.packages is not None and isinstance(obj, (type, FunctionType, Op)):
            module = obj.module if isinstance(obj, Op) else obj.__module__
            if module.partition(".")[0] not in self.packages:
                raise pickle.PicklingError(f"{obj!r} is defined in {module}")
        return NotImplemented


def dumps(value: Any, packages: frozenset[str] | None = None) -> bytes:
    """As `pickle.dumps`; `pickle.loads` reads it.  ``packages``: what others define is refused with a PicklingError."""
    out = io.BytesIO()
    pickler = _Pickler(out, protocol=5)
    pickler.packages = packages
    pickler.dump(value)
    return out.getvalue()
