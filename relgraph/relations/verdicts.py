"""What checking a theory found: a verdict for each name, printed as their tables."""

from __future__ import annotations

from html import escape
from typing import TypeVar

__all__ = ["Verdicts"]

V = TypeVar("V")


class Verdicts(dict[str, V]):
    """Verdicts by name: of relations as `Theory.check` finds them, of clauses as `Theory.check_facts` does.

    >>> print(stable.only("log_exp").check())
    log_exp: log(exp(x)) = x
      dtype    direction  class  mark
    ...
    """

    def __str__(self) -> str:
        return "\n".join(map(str, self.values())) or "nothing to check"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
