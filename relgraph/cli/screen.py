"""What the commands draw with: tables on standard output, stages and their times on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["Stages", "duration", "size", "table"]


def table(rows: Sequence[Sequence[Any]], head: Sequence[str], *, title: str = "", numbers: Sequence[int] = ()) -> None:
    """A table: drawn by rich on a terminal, aligned plain text elsewhere, so that it can be piped and compared.

    The columns at the places ``numbers`` are aligned to the right.
    """
    texts = [[str(c) for c in r] for r in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        drawn = Table(title=title or None, title_justify="left", title_style="bold")
        for i, h in enumerate(head):
            drawn.add_column(h, justify="right" if i in numbers else "left", overflow="fold")
        for r in texts:
            drawn.add_row(*(c.replace("[", "\\[") for c in r))
        Console().print(drawn)
        return
    if title:
        print(title)
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    for r in [list(head), *texts]:
        print("  " + "  ".join(c.rjust(w) if i in numbers else c.ljust(w)
                               for i, (c, w) in enumerate(zip(r, widths, strict=True))).rstrip())


def duration(seconds: float) -> str:
    """A time with three digits and its unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def size(n: float) -> str:
    """A number of bytes with its unit."""
    for unit in ("B", "KiB", "MiB"):
        if n < 1024:
            return f"{n:.3g} {unit}"
        n /= 1024
    return f"{n:.3g} GiB"


class Stages:
    """Says on standard error what is being done while it is being done, on a terminal with a moving sign."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        if sys.stderr.isatty():
            from rich.console import Console

            console = Console(stderr=True)
            with console.status(f"{name} …"):
                yield
        else:
            yield
        self.times[name] = time.perf_counter() - start
        print(f"{name:14s} {duration(self.times[name]):>8s}", file=sys.stderr, flush=True)
