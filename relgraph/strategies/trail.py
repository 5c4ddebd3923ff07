"""What a strategy's answer is made of: the rules that fired for it, as a tree that follows the strategy.

A branch that came to nothing is dropped whole, and an answer that is used again brings the tree it was made by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..terms.term import Term

__all__ = ["Fired", "Trail", "kept"]


@dataclass(frozen=True)
class Fired:
    """A rule (any callable that is no combinator) turned ``before`` into ``after``, which is another term."""

    rule: Callable[[Term], Term | None]
    before: Term
    after: Term


Trail: TypeAlias = "list[Fired | Trail]"


def kept(trail: Sequence[Fired | Trail] | None) -> tuple[Fired, ...]:
    """The rules that fired, in order; what two answers share is told once."""
    out: list[Fired] = []
    seen: set[int] = set()
    stack: list[Iterator[Any]] = [iter(trail or ())]
    while stack:
        for item in stack[-1]:
            if isinstance(item, Fired):
                out.append(item)
            elif id(item) not in seen:
                seen.add(id(item))
                stack.append(iter(item))
                break
        else:
            stack.pop()
    return tuple(out)
