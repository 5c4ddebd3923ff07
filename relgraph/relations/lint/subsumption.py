"""Rules that another rule makes superfluous, and the reasons why rewriting stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...terms.term import Op, Term, toposort
from ..compiler import directed, make_engine
from ..forms import FORMS, normal
from ..relation import Relation, text
from .instances import NUMBERS, TRIED, WHOLE, ground
from .remarks import Remark
from .rules import Stepper

__all__ = ["shadowed", "termination"]


def shadowed(theory: Any, form: str = "real", known: Iterable[Remark] = ()) -> Iterator[Remark]:
    """Relations whose left side is, under their guards, an instance of another one's left side; but for what is known."""
    relations = [r for r in theory.equations() if "->" in r.directions()]
    told = {frozenset((q.rule, *q.others)) for q in known}
    at = {r.name: i for i, r in enumerate(relations)}
    stepper = Stepper([q for r in relations for q in directed(r, "->")], theory.facts.holds, theory.name)
    dropped = theory.compiled(form).dropped
    for r in reversed(relations):  # of two that cover one another, the later one goes
        if dropped.get(r.name) == "holds by the normal form":
            yield Remark("note", "holds by normal form", r.name, f"both sides of {text(r.lhs)} = {text(r.rhs)} are one term",
                         "it rewrites nothing; keep it for goals and documentation only")
            continue
        found = _matching(r, stepper)
        for name, new in found.items():
            if name == r.name or frozenset((name, r.name)) in told:
                continue
            if r.name in found and _same(theory, form, r, new, found[r.name]):
                why = f"{text(r.lhs)} is an instance of {name}, with which the other rules give the same: {theory[name]}"
                told.add(frozenset((name, r.name)))
                yield Remark("warning", "subsumed", r.name, why, f"remove {r.name}; it is covered", (name,))
                break
            if at[name] < at[r.name]:
                why = f"{name} stands before it, matches all of {text(r.lhs)} and gives {text(new[0])}"
                yield Remark("warning", "shadowed", r.name, why, f"put {r.name}, which is more special, before {name}", (name,))
                break
        else:
            if r.name in dropped and not any(r.name in pair for pair in told):
                yield Remark("note", "redundant", r.name, f"{text(r.lhs)} = {text(r.rhs)} {dropped[r.name]}",
                             "keep it for goals and documentation only, or remove it")


def _matching(r: Relation, stepper: Stepper) -> dict[str, list[Term]]:
    """The relations that match the whole left side of one, whatever its numbers and attributes are, and what comes of it."""
    found: list[dict[str, Term]] = []
    common: set[str] | None = None  # of all instances so far; many are tried where another relation matches each
    for numbers, nth in ((WHOLE, 0), (NUMBERS, 0), *[(WHOLE, n) for n in range(1, TRIED)]):
        if common is not None and common <= {r.name}:
            break
        t = ground(r.lhs, r.guards, numbers, nth)
        if t is not None:
            here: dict[str, Term] = {}
            for rule, new, whole in stepper.at(normal(t)):
                if whole:
                    here.setdefault(rule.name, new)
            found.append(here)
            common = set(here) if common is None else common & set(here)
    return {n: [f[n] for f in found] for n in (found[0] if found else ()) if all(n in f for f in found)}


def _same(theory: Any, form: str, r: Relation, one: list[Term], other: list[Term]) -> bool:
    """Do the rules of the other relations bring the results together?"""
    rules = [q for q in theory.compiled(form).rules if q.name != r.name]
    engine = make_engine(rules, FORMS[form], form == "real", None)
    return engine.normalize(one) == engine.normalize(other)


def termination(theory: Any) -> Iterator[Remark]:
    """An error for each rule without a reason why rewriting stops."""
    for name, why in theory.termination().items():
        if not why:
            rule = theory[name.split()[0]]
            gone, new = _ops(rule.lhs) - _ops(rule.rhs), _ops(rule.rhs) - _ops(rule.lhs)
            hint = f'"{_names(gone)} > {_names(new)}"' if gone and new else f'"{rule.lhs.op.name} > …"'
            yield Remark("error", "no termination", rule.name, f"nothing says that {rule} ends: the right side is no "
                         "smaller, and no op of the left side stands above the new ones",
                         f"declare precedence = {hint}, or turn it round")


def _ops(t: Any) -> set[Op]:
    return {u.op for u in toposort(t) if u.args}


def _names(ops: set[Op]) -> str:
    return " = ".join(sorted(op.name for op in ops))


