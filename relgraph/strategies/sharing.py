"""`sharing(theory)`: relations that pay only where what they compute with is computed anyway."""

from __future__ import annotations

from dataclasses import dataclass

from ..relations.theory import Theory
from ..terms.elementwise import assume_
from ..terms.term import Term, rebuild, toposort
from .combinators import attempt, rule
from .machine import Steps, Strategy
from .traversals import bottomup

__all__ = ["sharing"]


def _routines(t: Term) -> dict[Term, Term]:
    """What calls a routine, such as a factorisation, and the same call of operands of which nothing is assumed."""
    bare: dict[Term, Term] = {}
    for x in toposort(t):
        bare[x] = bare[x.args[0]] if x.op is assume_ else rebuild(x, tuple(map(bare.__getitem__, x.args))) if x.args else x
    return {x: bare[x] for x in bare if x.op.kind == "call"}


@dataclass(frozen=True, repr=False)
class sharing(Strategy):
    """``sharing(theory)(t)``: the relations of a theory, where every routine of the right side stands in ``t`` already.

    >>> from relations_library.pipelines import shared
    >>> shared
    attempt(sharing(factorised))

    A determinant is then taken of a Cholesky factor that is there, and no factor is computed for it.  The outputs of a
    function are one term to its strategy.
    """

    theory: Theory

    def __repr__(self) -> str:
        return f"sharing({self.theory.name})"

    def steps(self, t: Term) -> Steps:
        there = _routines(t)
        relations = tuple(self.theory.equations())
        heads = {r.lhs.op for r in relations}

        def step(x: Term) -> Term | None:
            if x.op not in heads:
                return None
            others = {call for old, call in there.items() if old is not x}
            tried = (r(x, self.theory) for r in relations if r.lhs.op is x.op)
            return next((y for y in tried if y is not None and others.issuperset(_routines(y).values())), None)

        found = yield bottomup(attempt(rule(self.theory.name, step))), t
        return None if found is t else found
