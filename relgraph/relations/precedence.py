"""Which op is simpler than which: what the termination argument of rules that do not shrink rests on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise

from ..errors import TheoryError
from ..terms import rows
from ..terms.term import Op, toposort
from .algebra import algebra
from .relation import Relation

__all__ = ["Precedence", "check_names", "joined", "precedence_of"]


class Precedence:
    """An order of ops, from chains such as ``"log > sum > multiply, max = min"``: left is what rules remove.

    What no chain mentions is ordered by default: any op is above the ops of groups (product, then sum), these are above
    their inverses (reciprocal, then sign), and these above attribute functions.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._class: dict[str, str] = {}
        above: dict[str, set[str]] = {}
        chains = [[[n.strip() for n in link.split("=")] for link in chain.split(">")]
                  for chain in text.split(",") if chain.strip()]
        for names in (link for chain in chains for link in chain):
            first = self.of(names[0])
            for n in names[1:]:
                old = self.of(n)
                self._class.update({k: first for k in (*self._class, n) if self.of(k) == old})
        for chain in chains:
            for high, low in pairwise(chain):
                above.setdefault(self.of(high[0]), set()).add(self.of(low[0]))
        self._below = {n: _reachable(n, above) for n in above}
        for n, below in self._below.items():
            if n in below:
                raise TheoryError(f"precedence: {n} stands above itself in {text!r}; the chains of joined theories must agree")

    def of(self, name: str) -> str:
        """The op that stands for all that are equal to one."""
        return self._class.get(name, name)

    def same(self, a: Op, b: Op) -> bool:
        """Do two ops rank equal?"""
        return a is b or self.of(a.name) == self.of(b.name)

    def greater(self, a: Op, b: Op) -> bool:
        """Is an op above another?"""
        x, y = self.of(a.name), self.of(b.name)
        if x == y:
            return False
        if y in self._below.get(x, ()):
            return True
        return x not in self._below.get(y, ()) and _tier(a) > _tier(b)


def _reachable(start: str, above: dict[str, set[str]]) -> frozenset[str]:
    seen: set[str] = set()
    stack = [start]
    while stack:
        for n in above.get(stack.pop(), ()):
            if n not in seen:
                seen.add(n)
                stack.append(n)
    return frozenset(seen)


def _tier(op: Op) -> int:
    a = algebra()
    if op.kind == "attribute_function":
        return 0
    if op in a.inverses:
        return 1 if a.inverses[op].sign is None else 2
    if op in a.groups:
        return 3 if a.groups[op].sign is None else 4
    return 5


@lru_cache(256)
def precedence_of(text: str) -> Precedence:
    """The precedence that a text states; raises TheoryError if an op stands above itself."""
    return Precedence(text)


@cache
def _rows() -> frozenset[str]:
    return frozenset(rows())


def check_names(text: str, relations: Iterable[Relation]) -> None:
    """Refuse a precedence that is no text, or that names an op that neither the table of ops nor a relation has."""
    if not isinstance(text, str):
        raise TheoryError(f"precedence: {text!r} is no text; write precedence=\"tanh > sinh, max = min\"")
    for chain in (c.strip() for c in text.split(",")):
        if "<" in chain and ">" not in chain:
            raise TheoryError(f"precedence: {chain!r} in {text!r} is read from the op to be removed to the simplest; write "
                              f"{' > '.join(n.strip() for n in reversed(chain.split('<')))!r}")
    names = {n.strip() for chain in text.split(",") if chain.strip() for link in chain.split(">") for n in link.split("=")}
    if unknown := sorted(names - _rows()):
        mine = {t.op.name for r in relations for t in toposort(r.lhs, r.rhs)}
        for n in [n for n in unknown if n not in mine]:
            near = get_close_matches(n, sorted(_rows() | mine)) or ["the name of an op, as in tanh > sinh"]
            raise TheoryError(f"precedence: there is no op {n!r} in {text!r}; did you mean {', '.join(near)}?")


def joined(*texts: str) -> str:
    """The chains of several theories, each once."""
    chains = [c.strip() for text in texts for c in text.split(",") if c.strip()]
    text = ", ".join(dict.fromkeys(chains))
    precedence_of(text)
    return text
