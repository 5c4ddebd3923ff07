"""What can be said: types, terms, op rows by family, printing, operators."""

from __future__ import annotations

import importlib

from .term import Op

FAMILIES = ("elementwise", "trigonometry", "special", "bessel", "structure", "reduction", "indexing", "joining", "linalg",
            "products", "decompositions", "fourier", "binders", "cumulative", "ordering", "distinct", "writes",
            "general", "pencils")


def rows() -> dict[str, Op]:
    """Every op row of the families, by name, leaves excepted."""
    out: dict[str, Op] = {}
    for family in FAMILIES:
        module = importlib.import_module(f"{__name__}.{family}")
        for value in vars(module).values():
            if isinstance(value, Op) and value.module == module.__name__:
                out[value.name] = value
    return out


def row(name: str) -> Op:
    """The row of a name; KeyError lists near misses."""
    found = rows().get(name)
    if found is None:
        from difflib import get_close_matches
        raise KeyError(f"no op {name!r}; did you mean {', '.join(get_close_matches(name, rows()))}?")
    return found


__all__ = ["FAMILIES", "Op", "row", "rows"]
