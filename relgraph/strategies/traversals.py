"""Strategies that descend a term; each is its one-line recursive definition, run without recursion.

Every node of the graph is visited once, however many paths lead to it and however deep it lies, and `lam` bodies are
visited like any operand.  In a graph with sharing ``all_``-like traversals treat a shared node alike everywhere;
``oncetd`` and ``oncebu`` change one place, as in Stratego; ``outermost`` changes a node wherever it occurs.

ELEVATE calls ``oncetd`` topDown, ``oncebu`` bottomUp, ``topdown`` allTopdown, ``bottomup`` allBottomup, ``outermost``
normalize, and ``bottomup(attempt(s))`` tryAll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..terms.term import Term, transform
from .combinators import all_operands, check_type, one_operand, operands
from .machine import AnyStrategy, Steps, Strategy, another_round

__all__ = ["alltd", "bottomup", "innermost", "oncebu", "oncetd", "outermost", "topdown"]


@dataclass(frozen=True, repr=False)
class topdown(Strategy):
    """``topdown(s) = seq(s, all_(topdown(s)))``: to every node, before its operands."""

    remembered: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return None if found is None else (yield from all_operands(self, self, found))


@dataclass(frozen=True, repr=False)
class bottomup(Strategy):
    """``bottomup(s) = seq(all_(bottomup(s)), s)``: to every node, after its operands."""

    remembered: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield from all_operands(self, self, t)
        return None if found is None else (yield self.s, found)


@dataclass(frozen=True, repr=False)
class alltd(Strategy):
    """``alltd(s) = choice(s, all_(alltd(s)))``: on every path from the root, the first node it applies to."""

    remembered: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return found if found is not None else (yield from all_operands(self, self, t))


@dataclass(frozen=True, repr=False)
class oncetd(Strategy):
    """``oncetd(s) = choice(s, one(oncetd(s)))``: to one place, the first from the root and from the left."""

    remembered: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return found if found is not None else (yield from one_operand(self, self, t))


@dataclass(frozen=True, repr=False)
class oncebu(Strategy):
    """``oncebu(s) = choice(one(oncebu(s)), s)``: to one place, the first from the leaves and from the left."""

    remembered: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield from one_operand(self, self, t)
        return found if found is not None else (yield self.s, t)


@dataclass(frozen=True, repr=False)
class innermost(Strategy):
    """``innermost(s) = bottomup(attempt(seq(s, innermost(s))))``: until s applies nowhere, operands before the root.

    s is tried once on every term that appears.  A term that s leaves unchanged counts as done.
    """

    remembered: ClassVar[bool] = True
    normalizing: ClassVar[bool] = True
    rounds: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        below = yield from all_operands(self, self, t)
        assert below is not None  # each operand has a normal form, if only itself
        found = yield self.s, below
        if found is None or found is below or (yield another_round, t) is None:
            return below
        return (yield self, found)


@dataclass(frozen=True, repr=False)
class outermost(Strategy):
    """``outermost(s) = repeat(oncetd(s))``: until s applies nowhere, the root before operands; ELEVATE's normalize.

    A step changes the node wherever it occurs: place by place, as Stratego would, a graph with sharing takes exponentially
    many.  Every ancestor of a changed node is tried again after each step, so prefer `innermost` where the order is no
    matter.  Where s did not apply it is not tried again; a term that s leaves unchanged counts as done.
    """

    remembered: ClassVar[bool] = True
    normalizing: ClassVar[bool] = True
    rounds: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        stuck: set[Term] = set()  # s does not apply to these
        done: set[Term] = set()  # nor to anything inside these
        while True:
            todo: list[tuple[Term, bool]] = [(t, False)]
            found: Term | None = None
            at = t
            while todo and found is None:
                at, inside_done = todo.pop()
                if inside_done:
                    done.add(at)
                elif at not in done:
                    if at not in stuck:
                        found = yield self.s, at
                        if found is None or found is at:
                            found = None
                            stuck.add(at)
                            todo.append((at, True))
                            todo += [(a, False) for a in reversed(operands(at))]
                    else:
                        todo.append((at, True))
                        todo += [(a, False) for a in reversed(operands(at))]
            if found is None or (yield another_round, t) is None:
                return t
            if at is t:
                t = found
            else:
                check_type(self, at, found, t)
                t = transform([t], {at: found})[0]
