"""The independent checker of derivations: it trusts the normal form and nothing else of the rewriter.

Each step must be an instance of a rule of its theory (checked by building both sides, not by matching), with its guards
proved; then the steps, read as a table of equations between canonical terms, must by themselves turn start into end.
"""

from __future__ import annotations

from typing import Any

from ..errors import DerivationError
from ..relations.engine import Engine
from ..relations.fitting import fitted
from ..relations.folding import Fold, folded
from ..relations.forms import FORMS, normal, normal_forms
from ..relations.template import apply_op, instantiate, template
from ..terms.term import Term, _short
from .machine import name_of
from .normalize import normalize
from .pack import PACK, pack, unpack

__all__ = ["replay"]


def replay(derivation: Any) -> None:
    """Check every stage; raise DerivationError at the first thing that does not hold."""
    current = derivation.start
    for stage in derivation.stages:
        if not isinstance(stage.strategy, normalize):
            again = stage.strategy(stage.before)
            if again is not stage.after:
                raise DerivationError(f"{name_of(stage.strategy)}: turns {_short(stage.before)} into "
                                      f"{'nothing' if again is None else _short(again)}, not into {_short(stage.after)}")
            current = stage.after if stage.before is current else current
            continue
        for step in stage.steps:
            check_step(stage.strategy, step)
        found = _follow(stage.strategy, stage.before, stage.steps)
        if found is not stage.after:
            raise DerivationError(f"{name_of(stage.strategy)}: its steps lead to {_short(found)}, not to {_short(stage.after)}")
        current = stage.after if stage.before is current else current
    whole = all(isinstance(s.strategy, normalize) for s in derivation.stages)
    if whole and current is not derivation.end:
        raise DerivationError(f"derivation: its stages lead to {_short(current)}, not to {_short(derivation.end)}")


def check_step(strategy: normalize, step: Any) -> None:
    """Is the step an instance of a rule of the theory, and are the guards proved?"""
    rule = step.rule
    if isinstance(rule, Fold):
        if folded(step.before) is not step.after:
            raise DerivationError(f"{rule.name}: {_short(step.before)} is not {_short(step.after)}")
        return
    known = strategy.theory.compiled(strategy.form).rules
    if not any(r is rule or (r.name == rule.name and r.variant == rule.variant and r.lhs is rule.lhs and r.rhs is rule.rhs)
               for r in known):
        raise DerivationError(f"{rule.name}: the theory {strategy.theory.name} has no such rule: {rule}")
    make_node = FORMS[strategy.form]
    for side, term in ((rule.lhs, step.before), (rule.rhs, step.after)):
        built = instantiate(template(side, rule.variables), step.bindings, make_node)
        if step.rest:
            built = apply_op(step.before.op, (built, *step.rest), make_node)
        if not _same(built, term, strategy.form):
            raise DerivationError(f"{rule.name}: {_short(side)} with {_bindings(rule, step)} is {_short(built)}, "
                                  f"the step says {_short(term)}")
    for guard in rule.guards:
        args = tuple(instantiate(template(a, rule.variables), step.bindings, make_node) for a in guard.args)
        if not strategy.theory.facts.holds(guard.predicate, args):
            raise DerivationError(f"{rule.name}: the guard {guard} is not proved with {_bindings(rule, step)}")


def _same(built: Term, term: Term, form: str) -> bool:
    """Is an instance the term of a step, up to its type, and up to whether wide sums inside sums are taken apart?"""
    found = built if built.type is term.type else fitted(built, term)
    return found is term or (form == "real" and found is not None and normal(found) is normal(term))


def _bindings(rule: Any, step: Any) -> str:
    return ", ".join(f"{v.data[0]} = {_short(b)}" for v, b in zip(rule.variables, step.bindings, strict=True))


class _Table:
    """Steps as an index for the normal form: a term that a step starts from has one candidate, that step."""

    def __init__(self, steps: Any) -> None:
        self.steps = {s.before: s for s in steps}
        self.wide = {s.within: s for s in reversed(steps) if s.within is not None}

    def candidates(self, t: Term) -> Any:
        step = self.wide.get(t) or self.steps.get(t)
        return () if step is None else ((_Fixed(step, self), lambda _: (step.bindings, step.rest)),)

    def pair(self, rule: Any, t: Term) -> Any:
        """What a collecting rule makes of two operands."""
        step = self.steps.get(t)
        return None if step is None or step.rule.name != rule.name else (step.bindings, step.rest)


class _Fixed:
    """The rule of a step, matching nothing but what the steps say."""

    def __init__(self, step: Any, table: _Table) -> None:
        rule = step.rule
        self.name, self.lhs, self.template, self.collects = rule.name, rule.lhs, rule.template, step.within is not None
        self.matcher = lambda t: table.pair(rule, t)


def _follow(strategy: normalize, start: Term, steps: Any) -> Term:
    """The term that the steps, and the normal form, lead to."""
    engine = Engine((), make_node=FORMS[strategy.form], flatten=strategy.form == "real")
    engine.index = _Table(steps)
    found = normal_forms(engine, unpack(start), strategy.form)
    return pack(found) if start.op is PACK else found[0]
