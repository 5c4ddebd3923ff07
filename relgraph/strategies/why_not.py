"""Why a rule did not apply, and a change that helps (over 300 lines because one question leads to all its answers)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from ..errors import MisuseError
from ..relations.canonical import build
from ..relations.compiler import directed, without_rules
from ..relations.fitting import fitted
from ..relations.forms import normal
from ..relations.nearest import Nearest, instance, matches, nearest
from ..relations.onestep import OneStep, replaced
from ..relations.predicates import OF_TYPES, Guard
from ..relations.present import present
from ..relations.relation import Relation, Rule, text
from ..relations.supposing import Claims, parts, suppositions
from ..relations.template import instantiate, template, variables
from ..relations.theory import Theory
from ..terms.term import CONST, LVar, Term, const, toposort
from ..terms.type import Type
from .derivation import Derivation, derive
from .normalize import normalize
from .suggesting import REFUSED, assuming, described, numbered, reattributed, retyped
from .why import said as _said

__all__ = ["Suggestion", "WhyNot", "why_not"]

_POSITIONS = 2000  # of a large term that are looked at
_TRIES, _RETYPED = 20, 600  # sets of claims and of numbers, and of declarations, that are tried


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A change after which the rule applies: ``term`` is the whole term with ``before`` replaced by ``after``.

    It may change the value: it shows what the rule is about, and where it does, ``text`` says so.
    """

    text: str
    before: Term
    after: Term
    term: Term

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class WhyNot:
    """True if the rule applies to the term; else what came nearest, and what was missing there."""

    rule: str
    kind: str  # "fires", "matches", "guard", "pattern", "before", "dropped" or "type"
    reason: str
    position: Term | None = None
    bindings: dict[str, Term] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()  # those that are not proved, about the terms they were asked of
    suggestion: Suggestion | None = None

    def __bool__(self) -> bool:
        return self.kind in ("fires", "matches")

    def __str__(self) -> str:
        advice = f": {self.suggestion}" if self.suggestion is not None else ""
        return f"{self.rule}{'' if self else ' did not apply'}: {self.reason}{advice}"

    __repr__ = __str__


def why_not(rule: Relation | str, term: Term, theory: Theory) -> WhyNot:
    """Why a rule did not apply to a term when it was rewritten with a theory: the position where most of it fits.

    >>> why_not("log_product", rnp.log(a * b), everything)
    log_product did not apply: log(x*y) matches with x = a, y = b; the guard positive(a) is not proved: write rg.assume(…)

    ``rule`` is a relation or the name of one in the theory; one that is no part of it is tried by itself.  Raises
    TheoryError for a name that is not there.
    """
    r = theory[rule] if isinstance(rule, str) else rule
    if not isinstance(r, Relation) or r.kind == "folding" or not isinstance(term, Term):
        raise MisuseError(f"why_not: {rule!r} and {term!r} are no equation and a term; write why_not('log_product', y)")
    return _answer(r, term, theory)


def _answer(r: Relation, term: Term, theory: Theory, retypes: bool = True) -> WhyNot:
    derivation = derive(normalize(theory), term)
    if theory.relations.get(r.name) is r and r.name in derivation.rules:
        line = derivation.filter(r.name).lines[0]
        said = f"{_said(line.before)} = {_said(line.after)}"
        return WhyNot(r.name, "fires", f"matches, and fires in the pipeline: {said}", line.before)
    return _Question(r, term, theory, derivation, retypes).answer()


def _found(t: Term | None) -> str:
    return "nothing" if t is None else _said(t)


def _typed(v: LVar, t: Term | None) -> str:
    """What is wrong with a term that a variable does not stand for."""
    if v.data[1] == "literal":
        return ", which is no number"
    if t is not None and type(t.type) is Type and t.type.dtype.kind not in v.data[2]:
        return f", which is {t.type!r}: it stands for dtypes of the kinds {v.data[2]}"
    return ""


def _unproved(g: Guard, count: int) -> str:
    """What is known of a guard that was not proved."""
    said = f"{g.name}({', '.join(map(_said, g.args))})"
    more = f", nor {'is another' if count == 2 else f'are {count - 1} others'}" if count > 1 else ""
    if g.predicate.scope in ("shape", "dtype"):
        return f"the guard {said} is not true of {', '.join(repr(a.type) for a in g.args if type(a.type) is Type)}{more}"
    if all(a.op is CONST for a in g.args):
        return f"the guard {said} is false{more}"
    return f"the guard {said} is not proved{more}"


def _instance(g: Guard, order: tuple[Term, ...], values: tuple[Term, ...]) -> Guard:
    """A guard about bindings; as it stands where what it speaks of is not there, such as an axis that an operand lacks."""
    try:
        return Guard(g.predicate, tuple(instantiate(template(a, order), values) for a in g.args))
    except REFUSED:
        return g


class _Question:
    """One question: the rule, the term in normal form, the facts that are known."""

    def __init__(self, r: Relation, term: Term, theory: Theory, derivation: Derivation, retypes: bool = True) -> None:
        self.r, self.term, self.theory, self.derivation, self.retypes = r, term, theory, derivation, retypes
        self.root = normal(term)
        self.order = toposort(self.root)
        self.end = normal(derivation.end)
        compiled = theory.compiled()
        self.rules: list[Rule] = [*directed(r, "->"), *[q for q in compiled.rules if q.relation is r]]
        self.part = theory.relations.get(r.name) is r
        self.dropped = compiled.dropped.get(r.name, "") if self.part else ""

    def answer(self) -> WhyNot:
        if not self.rules:
            return WhyNot(self.r.name, "dropped", self.dropped or without_rules(self.r, "->"))
        best: Nearest | None = None
        score = (-1.0, 0)
        for node in self.nodes():
            for rule in self.rules:
                for near in matches(rule, node) or [n for n in (nearest(rule, node),) if n is not None]:
                    found = near.share, self.proved(near) if near.part is None else 0
                    if near.part is None and found[1] == len(self.r.guards):
                        return self.matched(near)
                    if found > score:
                        best, score = near, found
        if best is None:
            wanted = " or ".join(dict.fromkeys(rule.lhs.op.name for rule in self.rules))
            return WhyNot(self.r.name, "pattern", f"the term has no {wanted}, with which the pattern {text(self.r.lhs)} begins")
        return self.unguarded(best) if best.part is None else self.unfitting(best)

    def nodes(self) -> Iterator[Term]:
        """Positions: of the term as it was written, root first, then what it became on the way and in the end."""
        befores = [s.before for stage in self.derivation.stages for s in stage.steps] if self.derivation.stages else []
        every = dict.fromkeys([*reversed(self.order), *befores, *reversed(toposort(self.end))])
        for i, t in enumerate(every):
            if i == _POSITIONS:
                return
            if t.args:
                yield t

    # -- guards ---------------------------------------------------------------------------------------------------------------

    def instances(self, near: Nearest) -> list[tuple[Guard, Guard]]:
        """The guards of a rule, each as stated and about the terms that its variables stand for, if those exist."""
        order, values = tuple(near.bindings), tuple(near.bindings.values())
        return [(g, _instance(g, order, values)) for g in near.rule.guards]

    def missing(self, near: Nearest) -> list[tuple[Guard, Guard]]:
        return [(g, asked) for g, asked in self.instances(near) if not self.theory.facts.holds(asked.predicate, asked.args)]

    def proved(self, near: Nearest) -> int:
        return len(near.rule.guards) - len(self.missing(near))

    # -- answers --------------------------------------------------------------------------------------------------------------

    def matched(self, near: Nearest) -> WhyNot:
        """The whole pattern and the guards hold somewhere, and still it did not fire."""
        at, inside = near.node, set(toposort(near.node))
        if not self.part and (made := self.result(near)) is not None:
            return self.say("matches", near, f"matches {_said(at)}, and makes {_said(made)} of it; it is no part of "
                            f"{self.theory.name}, so write theory({self.theory.name}, {self.r.name})")
        for stage in self.derivation.stages:
            for s in stage.steps:
                if s.before in inside:
                    return self.say("before", near, f"the term was rewritten before by another rule: {s.rule.name}, "
                                    f"{_said(s.before)} = {_said(s.after)}")
        if self.dropped:
            return self.say("dropped", near, f"matches {_said(at)}, but has no matcher of its own: {self.dropped}")
        new = self.result(near)
        if new is None:
            return self.say("type", near, f"matches {_said(at)}, but what it makes is of the type {self.made(near).type!r}, "
                            f"not {at.type!r}")
        return self.say("before", near, f"matches {_said(at)}, where another rule of {self.theory.name} came first, or "
                        f"{_said(new)} is rewritten to it again")

    def result(self, near: Nearest) -> Term | None:
        """What the rule makes of the node, in its type."""
        new = self.made(near)
        return new if new.type is near.node.type or near.rest else fitted(new, near.node)

    def made(self, near: Nearest) -> Term:
        """What the rule makes of the node, in whatever type that has."""
        order = variables(near.rule.lhs)
        return instantiate(template(near.rule.rhs, order), [near.bindings[v] for v in order])

    def unguarded(self, near: Nearest) -> WhyNot:
        missing = self.missing(near)
        said = ", ".join(f"{v.data[0]} = {_said(t)}" for v, t in near.bindings.items())
        first = missing[0][1]
        reason = f"{text(near.rule.lhs)} matches with {said}; " + _unproved(first, len(missing))
        found = self.assuming(near)
        if found is None:  # say in words what would be needed
            reason += f"; {first.name}: {first.predicate.doc}"
        return self.say("guard", near, reason, tuple(asked for _, asked in missing), found)

    def unfitting(self, near: Nearest) -> WhyNot:
        part, within = near.part, near.within
        assert part is not None
        pattern = text(near.rule.lhs)
        if within is None:
            reason = f"the pattern {pattern} does not fit {_said(near.node)}"
        elif isinstance(part, LVar) and part in near.bindings:
            reason = (f"in the pattern {pattern}, {part.data[0]} would stand for both {_said(near.bindings[part])} and "
                      f"{_found(near.found)}")
        elif isinstance(part, LVar):
            wrong = _typed(part, near.found)
            reason = f"in the pattern {pattern}, {part.data[0]} does not stand for {_found(near.found)}{wrong}"
        else:
            what = f"the number {text(part)}" if part.op is CONST else text(part)
            operands = [x for x in near.around.args if type(x.type) is Type] if near.around is not None else []
            there = f"among the operands of {within.op.name}; found {', '.join(map(_said, operands))}" \
                if near.around is not None and near.around.op is within.op and len(within.args) > 1 and operands \
                else f"where {_found(near.found)} stands"
            reason = f"the pattern {pattern} needs {what} {there}"
        return self.say("pattern", near, reason, (), self.rewritten(near))

    def say(self, kind: str, near: Nearest, reason: str, guards: tuple[Guard, ...] = (),
            suggestion: Suggestion | None = None) -> WhyNot:
        bindings = {str(v.data[0]): t for v, t in near.bindings.items()}
        return WhyNot(self.r.name, kind, reason, near.node, bindings, guards, suggestion)

    # -- suggestions ----------------------------------------------------------------------------------------------------------

    def assuming(self, near: Nearest, whole: bool = False) -> Suggestion | None:
        """The term with other numbers, assumptions or declarations, so that the guards are proved."""
        guards = self.missing(near)
        if any(g.predicate.scope in OF_TYPES for g, _ in guards):
            return self.declaring(near) if self.retypes and not whole else None

        def missing(values: Mapping[Term, Term]) -> list[tuple[Guard, Guard]]:
            return self.missing(replace(near, bindings=dict(values)))
        for values in islice(numbered(near.bindings, guards, missing), _TRIES):
            goals = [(g.predicate, g.args) for _, g in missing(values)]
            for claims in islice(suppositions(self.theory.facts, goals, parts(values)), _TRIES):
                found = self.claiming(near, values, claims, whole)
                if found is not None:
                    return found
        return None

    def claiming(self, near: Nearest, values: Mapping[Term, Term], claims: Claims,
                 whole: bool) -> Suggestion | None:
        """The term with these numbers and claims."""
        marked = assuming(values, claims)
        same = not whole and all(values[v] is t for v, t in near.bindings.items())
        return None if marked is None else self.tried(f"write {described(claims)}" if same else "", near, marked)

    def declaring(self, near: Nearest) -> Suggestion | None:
        """The term with inputs of other types or with other attributes, and what is to be claimed of it then."""
        step = OneStep((self.r,), lambda p, args: p.scope not in OF_TYPES or self.theory.facts.holds(p, args), self.r.name)
        wrong = variables(*[a for g, _ in self.missing(near) if g.predicate.scope in OF_TYPES for a in g.args])
        other = ((self.instead(near.node, new), replaced(self.order, near.node, new))
                 for new in reattributed(wrong, near.bindings, lambda values: instance(near, values, build)))
        for said, new in chain(islice(retyped(self.term), _RETYPED), islice(other, _RETYPED)):
            try:
                if next(step(new), None) is None:
                    continue
                found = _answer(self.r, new, self.theory, retypes=False)
            except REFUSED:
                continue
            if found:
                return Suggestion(said, self.term, new, new)
            if found.suggestion is not None:
                return Suggestion(f"{said}, and {found.suggestion}", self.term, found.suggestion.term, found.suggestion.term)
        return None

    def rewritten(self, near: Nearest) -> Suggestion | None:
        """The term with an instance of the whole pattern where most of it fits."""
        values = dict(near.bindings)
        for v in variables(near.rule.lhs):
            if v not in values:
                sort, kinds = v.data[1], v.data[2]
                found = next((t for t in (near.found, *toposort(near.node)[::-1]) if t is not None and type(t.type) is Type
                              and t.type.dtype.kind in kinds and t is not near.node), None)
                if sort == "attr" or found is None:
                    return None
                values[v] = const(2, found.type.dtype) if sort == "literal" else found
        near = Nearest(near.rule, near.node, near.parts, near.parts, values, near.rest)
        missing = self.missing(near)
        return self.assuming(near, whole=True) if missing else self.tried("", near, values)

    def tried(self, said: str, near: Nearest, values: dict[Term, Term]) -> Suggestion | None:
        """The change, if it is of the right type, stands in the term, and the rule applies after it."""
        try:
            new = instance(near, values, build)
        except REFUSED:
            return None
        if near.node not in set(self.order) or new.type is not near.node.type:
            return None
        after, before = present([new], keep_assumptions=True)[0], present([near.node], keep_assumptions=True)[0]
        whole = present([replaced(self.order, near.node, new)], keep_assumptions=True)[0]
        step = OneStep((self.r,), self.theory.facts.holds, self.r.name)
        if next(step(whole), None) is None:
            return None
        return Suggestion(said or self.instead(before, after), before, after, whole)

    def instead(self, before: Term, after: Term) -> str:
        """A change in words: advice if the theory makes one term of both, else what the rule is about."""
        change = f"{_said(after)} instead of {_said(before)}"
        ends = [present([derive(normalize(self.theory), t).end])[0] for t in (before, after)]
        return f"write {change}" if ends[0] is ends[1] else f"it would match {change}, which in general has another value"
