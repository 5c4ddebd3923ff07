"""Why a term became what it is: the steps, and for each of its guards the reason why it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import MisuseError
from ..relations.forms import normal
from ..relations.present import present
from ..relations.proofs import proof
from ..relations.relation import text
from ..relations.steps import Step
from ..relations.template import instantiate, template
from ..relations.theory import Theory
from ..terms.binders import substitute
from ..terms.term import Term, toposort
from .derivation import Derivation, Line
from .normalize import normalize
from .pack import pack, unpack

__all__ = ["Why", "said", "why"]


def said(t: Term) -> str:
    """A term in canonical form as people write it, on one line."""
    shown = present([t], keep_assumptions=True)[0] if t.ground and t.args else t
    return repr(shown).rsplit("  ", 1)[0] if t.ground else text(t)


@dataclass(frozen=True, eq=False)
class Why:
    """What a term became, or of what a term was made: steps in order, each with the reasons why its guards hold."""

    term: Term
    became: Term
    steps: tuple[Line, ...]
    reasons: tuple[tuple[str, ...], ...]  # beside each step: "positive(x): assumed"
    taken: tuple[Line, ...] = ()  # where the result does not hold ``became``: the steps on terms that held it

    def __str__(self) -> str:
        changed = f" became {said(self.became)}" if self.became is not self.term else ""
        gone = f"{', which' if changed else ''} is gone: {_taken(self.taken)}" if self.taken else ""
        lines = [said(self.term) + ((changed + gone) or (": made by" if self.steps else " is as it was written"))]
        for step, reasons in zip(self.steps, self.reasons, strict=True):
            lines += [f"  {step}", *[f"      {r}" for r in reasons]]
        return "\n".join([*lines, *[f"  {step}" for step in self.taken]])

    __repr__ = __str__


def _taken(steps: Sequence[Line]) -> str:
    by = ", ".join(dict.fromkeys(s.rule for s in steps))
    return f"{by} rewrote {'the term' if len(steps) == 1 else 'terms'} that held it"


def why(derivation: Derivation, term: Term) -> Why:
    """Which steps made a term of the result, or what became of a term of what was written, and by which steps.

    Of a term that the result does not hold, also which steps on larger terms took it.

    Raises MisuseError for a term that is part of neither.
    """
    if not isinstance(term, Term):
        raise MisuseError(f"why: {term!r} is no term; write why(f, f.term) or a part of what was compiled")
    derivation = replace(derivation, only=())
    started = term in set(toposort(derivation.start))
    if not started and term not in set(toposort(derivation.end)):
        raise MisuseError(f"why: {said(term)} is part neither of what was written nor of what became of it")
    became = _became(derivation, term) if started else term
    wanted = _leading_from(derivation, term) if started else _leading_to(derivation, term)
    lost = set(_spellings(became))
    if not lost.isdisjoint(toposort(*_spellings(derivation.end))):
        lost = set()
    lines: list[Line] = []
    reasons: list[tuple[str, ...]] = []
    taken: list[Line] = []
    shown = iter(derivation.lines)
    for stage in derivation.stages:
        if not isinstance(stage.strategy, normalize):
            line = next(shown)
            if _takes(lost, stage.before, stage.after):
                taken.append(line)
            continue
        for s in stage.steps:
            line = next(shown)
            if id(s) in wanted:
                lines.append(line)
                reasons.append(tuple(_reasons(stage.strategy.theory, s)))
            elif _takes(lost, s.before, s.after):
                taken.append(line)
    return Why(term, became, tuple(lines), tuple(reasons), tuple(taken))


def _takes(lost: set[Term], before: Term, after: Term) -> bool:
    """Whether a step removes a term, in one of its spellings, from what it rewrites."""
    return bool(lost) and not lost.isdisjoint(toposort(before)) and lost.isdisjoint(toposort(after))


def _became(derivation: Derivation, term: Term) -> Term:
    """What a part of the start becomes beside all that it is used in."""
    whole = derivation.start
    for stage in derivation.stages:
        if isinstance(stage.strategy, normalize) and stage.before is whole:
            found = stage.strategy(pack([*unpack(whole), term]))
            term = term if found is None else unpack(found)[-1]
            whole = stage.after
        else:
            whole, term = substitute([whole, term], {stage.before: stage.after})
    return term


def _steps(derivation: Derivation) -> list[Step]:
    return [s for stage in derivation.stages if isinstance(stage.strategy, normalize) for s in stage.steps]


def _spellings(term: Term) -> list[Term]:
    """A term as it is written and in the forms that steps are recorded in."""
    return [term, normal(term), normal(term, "exact")]


def _leading_from(derivation: Derivation, term: Term) -> set[int]:
    """The steps that began at a term, or at what other steps made of it."""
    starting: dict[Term, list[Step]] = {}
    for s in _steps(derivation):
        starting.setdefault(s.before, []).append(s)
        if s.within is not None:
            starting.setdefault(s.within, []).append(s)
    return _followed(toposort(*_spellings(term)), starting, lambda s: toposort(s.after))


def _leading_to(derivation: Derivation, term: Term) -> set[int]:
    """The steps that made a term or a part of it, and the steps that led there."""
    ending: dict[Term, list[Step]] = {}
    for s in _steps(derivation):
        before = set(toposort(s.before))
        for t in toposort(s.after):
            if t not in before:
                ending.setdefault(t, []).append(s)
    return _followed(toposort(*_spellings(term)), ending, lambda s: toposort(s.before))


def _followed(first: Sequence[Term], steps: Mapping[Term, list[Step]], more: Callable[[Step], Iterable[Term]]) -> set[int]:
    """The steps at terms, at the terms that these lead to, and so on."""
    out: set[int] = set()
    seen: set[Term] = set()
    todo = list(first)
    while todo:
        t = todo.pop()
        if t in seen or not t.args:
            continue
        seen.add(t)
        for s in steps.get(t, ()):
            out.add(id(s))
            todo.extend(more(s))
    return out


def _reasons(theory: Theory, step: Step) -> Iterator[str]:
    """Why each guard of a step holds."""
    for g in step.rule.guards:
        args = tuple(instantiate(template(a, step.rule.variables), step.bindings) for a in g.args)
        yield str(proof(theory.facts, g.predicate, args))
