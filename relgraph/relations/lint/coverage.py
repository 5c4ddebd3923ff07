"""Which rules fire: on the theory's own left sides, alone and inside other terms, and on a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import BudgetError, RelgraphError
from ...terms.term import Term, input_term
from ..algebra import algebra
from ..relation import Relation, text
from ..steps import Recorder
from .instances import NUMBERS, TRIED, WHOLE, ground
from .remarks import Remark

__all__ = ["coverage", "own_instances", "uncovered"]


def own_instances(r: Relation) -> list[Term]:
    """The left side of a relation with inputs for its variables: alone, and as an operand of each group."""
    found = list(dict.fromkeys(t for n in (WHOLE, NUMBERS) if (t := ground(r.lhs, r.guards, n)) is not None))
    for t in found[:1]:
        other = input_term("beside", t.type)
        found += [op(other, t) for op in algebra().groups] if t.type.dtype.kind in "fc" else []
    return found


def coverage(theory: Any, corpus: Iterable[Term] = (), form: str = "real") -> tuple[Counter[str], dict[str, str]]:
    """How often each rule fires; and for each relation what fires on its own left side, if it does not itself."""
    engine = theory.compiled(form).engine
    fired: Counter[str] = Counter()
    instead: dict[str, str] = {}
    for r in theory.equations():
        own = own_instances(r)
        for i, t in enumerate(own):
            found = _fired(engine, t)
            fired.update(found)
            if i == 0 and r.name not in found:
                instead[r.name] = ", ".join(found) or "no rule"
        if not own:
            instead[r.name] = ""
        more = iter(range(1, TRIED))
        while own and not fired[r.name] and (nth := next(more, None)) is not None:  # of other ranks, sizes, axes
            t = ground(r.lhs, r.guards, WHOLE, nth)
            fired.update(_fired(engine, t) if t is not None else {})
    for rule in theory.compiled(form).rules:  # as the other rules left it, and its inverse
        if not fired[rule.name] and (t := ground(rule.lhs, rule.guards)) is not None:
            fired.update(_fired(engine, t))
    for t in corpus:
        fired.update(_fired(engine, t))
    return fired, instead


def _fired(engine: Any, t: Term) -> dict[str, int]:
    recorder = Recorder()
    try:
        engine.normalize([t], recorder=recorder)
    except (BudgetError, RelgraphError):
        pass  # what loops is reported by name elsewhere; what fired until then counts
    return recorder.fired


def uncovered(theory: Any, corpus: Iterable[Term] = (), form: str = "real",
              counts: dict[str, int] | None = None) -> Iterator[Remark]:
    """The rules that never fire, and what fires in their place."""
    fired, instead = coverage(theory, corpus, form)
    compiled = theory.compiled(form)
    rules = {rule.name for rule in compiled.rules}
    if counts is not None:
        counts["relations that fired"] = sum(1 for n in rules if fired[n])
    for r in theory.equations():
        if fired[r.name] or r.name not in rules:
            continue
        if instead.get(r.name) == "":
            why = f"no instance of its left side {text(r.lhs)} was found; it has no type or its guards cannot be met"
            yield Remark("note", "never fires", r.name, why, "test it in the corpus")
        else:
            why = f"on its own left side {text(r.lhs)} there fires {instead.get(r.name, 'no rule')} instead"
            yield Remark("warning", "never fires", r.name, why, "remove it, put it before that rule, or write its left side as "
                         "the other rules leave it")
