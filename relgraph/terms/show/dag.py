"""The indented DAG: every node once, those with several users under a number by which they are referred to later."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ..term import ATTRIBUTE, Term
from .parts import CUT, label, nearest, operands, type_text, users

__all__ = ["dag"]

_DEEPEST = 40  # a deeper node is drawn at the margin, so that a long chain does not fill the page with blanks


def dag(roots: Sequence[Term], limit: int | None, types: bool) -> tuple[str, int, int]:
    """One line a node, operands indented under it; with the number of nodes shown and of all.

    >>> print(rg.show(y, "dag"))                # y = exp(x) / sum(exp(x))
    divide  float64[n]
      #1 exp  float64[n]
        x  float64[n]
      sum  float64
        #1
    """
    shown, total = nearest(roots, limit)
    count = users(shown, roots)
    number: dict[Term, int] = {}
    drawn: set[Term] = set()
    lines: list[str] = []
    later = deque(roots)
    while later:
        root = later.popleft()
        if root in drawn and root not in roots:
            continue
        stack = [(root, 0)]
        while stack:
            t, depth = stack.pop()
            blank = "  " * depth
            if t not in shown and t.op is not ATTRIBUTE:
                lines.append(blank + CUT)
            elif t in drawn or (depth > _DEEPEST and operands(t)):
                lines.append(f"{blank}#{number.setdefault(t, len(number) + 1)}")
                if t not in drawn:
                    later.appendleft(t)
            else:
                if operands(t):
                    drawn.add(t)
                    if count[t] > 1:
                        number.setdefault(t, len(number) + 1)
                head = f"#{number[t]} " if t in number else ""
                lines.append(f"{blank}{head}{label(t)}{type_text(t) if types else ''}")
                stack.extend((a, depth + 1) for a in reversed(operands(t)))
    return "\n".join(lines), len(shown), total
