"""Patterns as bytes: as terms pickle, but for where they were made, which nobody asks of a pattern and takes longest to say."""

from __future__ import annotations

import io
import pickle
from typing import Any

from ..terms.term import LVar, Term, from_rows, to_rows

__all__ = ["dumps"]


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Term) and type(obj) is not LVar:
            return from_rows, (to_rows(obj, origins=False),)
        return NotImplemented


def dumps(value: Any) -> bytes:
    """As `pickle.dumps`; `pickle.loads` reads it."""
    out = io.BytesIO()
    _Pickler(out, protocol=5).dump(value)
    return out.getvalue()
