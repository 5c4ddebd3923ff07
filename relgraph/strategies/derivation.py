"""Derivations: which rule turned what into what, for every rewrite; they print, filter, serialise and replay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..relations.present import present
from ..relations.steps import Recorder, Step
from ..terms.term import Term, lines, toposort
from .checker import replay
from .limits import run_strategy
from .machine import AnyStrategy, name_of
from .normalize import normalize
from .pack import unpack

__all__ = ["Derivation", "Line", "Stage", "derive"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One strategy of a pipeline that changed the term: a `normalize`, whose steps are known, or any other rule."""

    strategy: AnyStrategy
    before: Term
    after: Term

    @cached_property
    def recorder(self) -> Recorder:
        """The steps, found by normalising again: the normaliser is deterministic, so nothing is recorded until asked."""
        recorder = Recorder()
        if isinstance(self.strategy, normalize):
            self.strategy.run(self.before, recorder)
        return recorder

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self.recorder.steps)


@dataclass(frozen=True, eq=False)
class Line:
    """One step as it is read: the rule's name, the terms in ordinary form, and the user's lines they come from."""

    rule: str
    direction: str
    before: Term
    after: Term
    bindings: tuple[tuple[str, Term], ...]
    origin: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        where = f"   [{self.origin[0][0].rsplit('/', 1)[-1]}:{self.origin[0][1]}]" if self.origin else ""
        return f"{self.rule:24} {_text(self.before)}  =  {_text(self.after)}{where}"


def _text(t: Term) -> str:
    """A term on one line; what does not fit is left out from the inside."""
    return repr(t).rsplit("  ", 1)[0]


@dataclass(frozen=True, eq=False)
class Derivation:
    """How ``end`` was made of ``start``: stages in order, each with its steps.

    A step holds wherever its term occurs.  ``print(d)`` shows the steps, ``d.filter("log_one_plus")`` some of them,
    ``d.rules`` counts, ``d.to_json()`` writes them down, ``d.check()`` replays them in an independent checker.
    """

    start: Term
    end: Term
    stages: tuple[Stage, ...]
    only: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in the order they were made."""
        return tuple(s for stage in self.stages for s in stage.steps if self._wanted(s.rule.name))

    def _wanted(self, name: str) -> bool:
        return not self.only or name in self.only

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The steps as they are read."""
        out: list[Line] = []
        for stage in self.stages:
            if not isinstance(stage.strategy, normalize):
                if self._wanted(name_of(stage.strategy)):
                    out.append(Line(name_of(stage.strategy), "->", stage.before, stage.after, (), lines(stage.before.origin)))
                continue
            plain = stage.strategy.form == "plain"
            for s in stage.steps:
                if self._wanted(s.rule.name):
                    before, after = (s.before, s.after) if plain else present([s.before, s.after], keep_assumptions=True)
                    named = tuple((str(v.data[0]), b) for v, b in zip(s.rule.variables, s.bindings, strict=True))
                    out.append(Line(s.rule.name, s.rule.direction, before, after, named, lines(s.before.origin)))
        return tuple(out)

    @property
    def rules(self) -> dict[str, int]:
        """How often each rule fired, most often first."""
        counted = Counter(line.rule for line in self.lines)
        return dict(sorted(counted.items(), key=lambda kv: (-kv[1], kv[0])))

    def filter(self, *rules: str) -> Derivation:
        """The derivation showing only the steps of these rules."""
        return Derivation(self.start, self.end, self.stages, rules)

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __str__(self) -> str:
        head = f"{_text(self.start)}\n" if len(unpack(self.start)) == 1 else ""
        shown = self.lines[:200]
        cut = f"\n… {len(self.lines) - len(shown)} of {len(self.lines)} steps are not shown" if len(self.lines) > 200 else ""
        body = "\n".join(f"  {line}" for line in shown) or "  nothing was rewritten"
        tail = f"\n= {_text(self.end)}" if len(unpack(self.end)) == 1 else ""
        return f"{head}{body}{cut}{tail}"

    def __repr__(self) -> str:
        rules = ", ".join(f"{k} x{v}" if v > 1 else k for k, v in list(self.rules.items())[:6])
        return f"Derivation({len(self)} steps: {rules})"

    def to_json(self) -> str:
        """The steps as JSON: rule, direction, terms as source text, bindings, and the user's lines."""
        return json.dumps({"start": str(self.start), "end": str(self.end), "steps": [
            {"rule": x.rule, "direction": x.direction, "before": str(x.before), "after": str(x.after),
             "bindings": {k: str(v) for k, v in x.bindings}, "origin": [list(at) for at in x.origin]}
            for x in self.lines]}, indent=1)

    def check(self) -> None:
        """Replay: every step must be an instance of its relation, and the steps alone must lead from start to end.

        Raises DerivationError naming the first step that is not.
        """
        replay(self)

    def why(self, term: Term) -> tuple[Line, ...]:
        """The steps that made a term: those whose result it, or what it is part of, is."""
        wanted = {term, *present([term])}
        return tuple(x for x in self.lines
                     if not wanted.isdisjoint(toposort(x.after)) and wanted.isdisjoint(toposort(x.before)))


def derive(strategy: AnyStrategy, term: Term, *, budget: int | None = None) -> Derivation:
    """Apply a strategy and keep the derivation."""
    outcome = run_strategy(strategy, term, budget=budget)
    return Derivation(term, outcome.term, tuple(Stage(f.rule, f.before, f.after) for f in outcome.kept))
