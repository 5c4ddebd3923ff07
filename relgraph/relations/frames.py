"""What a reduction is in the middle of: the entries of its stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..terms.term import Term
from .steps import Step
from .template import Template, apply_op, instantiate

__all__ = ["LAST", "Fitted", "Frame", "Remade", "Unfolded", "step"]

LAST = Template((), (), (), -1)  # the template of a frame whose operands that no pattern took are put back


class Frame:
    """The instance of a right side being built and reduced node by node; ``begun``: after how many steps of the run.

    ``joined``: positions of bindings that several operands were joined to, which are reduced first.
    """

    __slots__ = ("begun", "bindings", "candidates", "joined", "node", "rest", "rule", "steps", "template", "values")

    def __init__(self, node: Term, candidates: Any, rule: Any, bindings: Sequence[Term], rest: Any, begun: int = 0,
                 joined: Sequence[int] = ()) -> None:
        self.node, self.candidates, self.rule, self.rest, self.begun = node, candidates, rule, rest, begun
        self.bindings, self.joined = bindings, [*joined]
        self.template: Template = rule.template
        self.values = [*bindings, *self.template.constants]
        self.steps = iter(self.template.steps)


class Remade:
    """A node with operands that were made while it was built: they are reduced, then the node is built again.

    ``normal``: what the operands were made of, if nothing in them but that is reduced yet.
    """

    __slots__ = ("left", "made", "node", "normal")

    def __init__(self, node: Term, pending: list[Term], normal: Sequence[Term] = ()) -> None:
        self.node, self.normal = node, normal
        self.left = pending[::-1]
        self.made: dict[Term, Term] = {}

    def rebuilt(self) -> tuple[Term, ...]:
        return tuple([self.made.get(a, a) for a in self.node.args])


class Fitted:
    """A node whose result was given its type, or that was built again: what is reduced now will be its normal form."""

    __slots__ = ("node",)

    def __init__(self, node: Term) -> None:
        self.node = node


class Unfolded:
    """What was made of normal operands, by an attribute function for one: built again node by node, each reduced."""

    __slots__ = ("at", "done", "node", "order")

    def __init__(self, made: Term, operands: Sequence[Term]) -> None:
        self.node = None
        self.done: dict[Term, Term] = {a: a for a in operands}
        self.order: list[Term] = []
        self.at = 0
        stack: list[tuple[Term, bool]] = [(made, False)]
        seen: set[Term] = set()
        while stack:
            t, ready = stack.pop()
            if ready:
                self.order.append(t)
            elif t.args and t not in seen and t not in self.done:
                seen.add(t)
                stack.append((t, True))
                stack.extend((a, False) for a in reversed(t.args))

    def next(self, value: Term | None) -> tuple[Any, tuple[Term, ...]] | Term:
        """The op and operands of the next node, after the value of the one before; the result at the end."""
        if value is not None:
            self.done[self.order[self.at]] = value
            self.at += 1
        if self.at == len(self.order):
            return self.done[self.order[-1]]
        t = self.order[self.at]
        return t.op, tuple([self.done.get(a, a) for a in t.args])


def step(frame: Frame, bindings: tuple[Term, ...], make_node: Any) -> Step:
    """The step with the whole instance of the right side, before it was reduced further."""
    after = instantiate(frame.rule.template, bindings, make_node)
    rest = None
    if frame.template is LAST:
        found = frame.rule.matcher(frame.node)
        rest = tuple(found[1]) if found is not None else ()
        after = apply_op(frame.node.op, (after, *rest), make_node)
    return Step(frame.rule, frame.node, after, bindings, rest)
