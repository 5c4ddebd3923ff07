"""What an attribute variable stands for: axes, a shape, the length of an axis, positions, by the names in the rows of ops."""

from __future__ import annotations

from collections.abc import Iterator

from ..terms.term import Term, toposort

__all__ = ["LENGTHS", "use_of", "uses"]

LENGTHS = frozenset(("n", "rows", "columns", "size"))  # attributes that are the length of an axis


def uses(*parts: Term) -> Iterator[tuple[Term, str]]:
    """The attributes of all ops in patterns, each with its name in the op's row; of several shapes one name."""
    for t in toposort(*parts):
        for name, a in zip(t.op.attrs, t.args[len(t.args) - len(t.op.attrs):], strict=True):
            yield a, name.rstrip("0123456789_")


def use_of(v: Term, *parts: Term) -> str:
    """The name of the attribute that a variable stands for; of one that attribute functions alone have, axes."""
    return next((use for a, use in uses(*parts) if a is v), "axis")
