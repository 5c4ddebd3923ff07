"""What is wrong with a theory though each of its equations is true: `lint` looks at rules together, `audit` at their guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

from ...errors import BudgetError
from ...terms.term import LVar, Term, toposort, track_origins
from ..facts import Clause
from ..relation import Relation
from ..theory import Theory
from .audit import audit
from .coverage import coverage, uncovered
from .duplicates import duplicates
from .mutants import Mutant, Score, mutants, score
from .pairs import critical_pairs
from .remarks import Lint, Remark, sorted_remarks
from .subsumption import shadowed, termination

__all__ = ["Lint", "Mutant", "Remark", "Score", "audit", "coverage", "duplicates", "lint", "mutants", "score",
           "unused_variables"]


def lint(theory: Theory, corpus: Iterable[Term] | None = None, *, form: str = "real", overlaps: int | None = None,
         mutations: int | None = 0) -> Lint:
    """Remarks about the rules of a theory: what stands twice, never fires, does not end or depends on the order of rules.

    >>> print(lint(theory(double=(x + x, 2*x))))
    theory: nothing to remark (1 rules, 0 overlaps, 1 relations that fired)

    ``corpus``: terms on which rules may fire, besides their own left sides.  ``overlaps`` and ``mutations`` say how many
    overlaps of rules and how many damaged equations are tried, the same ones each time; None tries all.
    """
    counts: dict[str, int] = {"rules": 0}
    remarks = list(duplicates(theory.equations()))
    tracked = track_origins(False)
    try:
        counts["rules"] = len(theory.compiled(form).rules)
        remarks += termination(theory)
        remarks += shadowed(theory, form, remarks)
        if not any(r.kind == "no termination" for r in remarks):  # else what follows may not end
            remarks += critical_pairs(theory, form, overlaps, counts)
            remarks += uncovered(theory, () if corpus is None else corpus, form, counts)
    except BudgetError as e:
        remarks.append(Remark("error", "no termination", theory.name, str(e), "give rules that undo one another a precedence"))
    finally:
        track_origins(tracked)
    if mutations != 0:
        found = score(theory.equations(), mutations)
        counts |= {"mutants refused": found.refused, "mutants true": len(found.true), "mutants passed": len(found.survived)}
        remarks += found.survived
    return Lint(theory.name, sorted_remarks(remarks), counts)


def unused_variables(names: Mapping[str, Any]) -> list[str]:
    """Names of a module that stand for logic variables of which no theory, relation, clause or function of it speaks."""
    used: set[Term] = set()
    functions = [getattr(f, "__wrapped__", f) for f in names.values()]  # of decorated ones what was decorated
    read = {n for f in functions if isinstance(f, FunctionType) for n in f.__code__.co_names}
    for value in names.values():
        stated: list[Any] = list(value) if isinstance(value, (tuple, list)) else [value]
        theories = [t for t in stated if isinstance(t, Theory)]
        relations = [r for t in theories for r in t.equations()]
        relations += [r for r in stated if isinstance(r, Relation) and r.kind == "equation"]
        clauses = [c for c in (*stated, *[c for t in theories for c in t.clauses]) if isinstance(c, Clause)]
        guards = [g for c in clauses for g in (c.head, *c.body)] + [g for r in relations for g in r.guards]
        terms = [side for r in relations for side in (r.lhs, r.rhs)] + [a for g in guards for a in g.args]
        used |= {u for u in toposort(*terms) if isinstance(u, LVar)} if terms else set()
    return [n for n, v in names.items() if isinstance(v, LVar) and v not in used and n not in read]
