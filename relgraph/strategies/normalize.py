"""`normalize(theory)`: the strategy that brings a term into the normal form of a theory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..collector import uncollected
from ..relations.forms import normal_forms
from ..relations.steps import Recorder
from ..relations.theory import Theory
from ..terms.term import Term
from .pack import PACK, pack, unpack

__all__ = ["normalize"]


@dataclass(frozen=True, eq=False)
class normalize:
    """``normalize(theory)``: innermost, modulo the normal form of sums and products, memoised.

    >>> normalize(stable)(rnp.log(1 + x))
    log1p(x)  float64[n]

    Its meaning is ``innermost(choice(rule, rule, ...))`` on canonical terms.  ``form`` is "real", "exact" or "plain" (see
    `Theory.compiled`); ``budget`` limits the number of rules applied (default: 1000 + 50 per node) and raises BudgetError
    naming the last ones.  None if nothing changes.
    """

    theory: Theory
    form: str = "real"
    budget: int | None = None

    def __call__(self, t: Term) -> Term | None:
        found = self.run(t)
        return None if found is t else found

    def run(self, t: Term, recorder: Recorder | None = None) -> Term:
        """The normal form; ``recorder`` gets every step."""
        engine = self.theory.compiled(self.form).engine
        key = ("normal", engine.key)
        if recorder is None and t.memo is not None and key in t.memo:
            found = t.memo[key]
            return t if found is None else found
        with uncollected():  # a third of the time at 100,000 nodes; terms make no cycles
            found = normal_forms(engine, unpack(t), self.form, recorder=recorder, budget=self.budget)
        end = pack(found) if t.op is PACK else found[0]
        if t.memo is None:
            t.memo = {}
        t.memo[key] = None if end is t else end  # a term must not keep itself alive
        return end

    def __repr__(self) -> str:
        more: list[Any] = [f"form={self.form!r}"] if self.form != "real" else []
        return f"normalize({', '.join([self.theory.name, *more])})"

    @property
    def __name__(self) -> str:
        return repr(self)
