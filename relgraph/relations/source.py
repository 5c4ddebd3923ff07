"""Python source being written: lines, indentation, names of values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..terms.term import Op

__all__ = ["Source", "also", "identifier"]


class Source:
    """Lines of one function, and the globals that they name."""

    def __init__(self, index: int, names: dict[str, Any]) -> None:
        self.index, self.names = index, names
        self.lines: list[str] = []
        self.depth = 1
        self.count = 0

    def line(self, text: str) -> None:
        """Write one line."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """What is written inside stands below the header, indented."""
        self.line(header)
        self.depth += 1
        yield
        self.depth -= 1

    def fresh(self, prefix: str = "v") -> str:
        """A local name that was not used yet."""
        self.count += 1
        return f"{prefix}{self.count}"

    def name(self, value: Any, prefix: str) -> str:
        """A global of the generated module for a Python value."""
        for k, v in self.names.items():
            if v is value:
                return k
        k = f"{prefix}_{value.name}" if isinstance(value, Op) else f"{prefix}_{self.index}_{len(self.names)}"
        self.names[k] = value
        return k

    def op(self, op: Op) -> str:
        """A global for an op."""
        return self.name(op, "op")


def also(used: str, i: str) -> str:
    """The text of a tuple of positions with one more."""
    if not used.startswith("("):
        return f"(*{used}, {i})"
    entries = [e.strip() for e in used.strip("()").split(",") if e.strip()]
    return f"({i},)" if not entries else f"({', '.join(entries)}, {i})"


def identifier(name: str) -> str:
    """A rule's name as part of a Python name."""
    return "".join(c if c.isalnum() else "_" for c in name)
