"""What a reduction is in the middle of: the entries of its stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..terms.term import Term
from .template import Template

__all__ = ["Fitted", "Frame", "Remade"]


class Frame:
    """The instance of a right side being built and reduced node by node."""

    __slots__ = ("candidates", "node", "rest", "rule", "steps", "template", "values")

    def __init__(self, node: Term, candidates: Any, rule: Any, bindings: Sequence[Term], rest: Any) -> None:
        self.node, self.candidates, self.rule, self.rest = node, candidates, rule, rest
        self.template: Template = rule.template
        self.values = [*bindings, *self.template.constants]
        self.steps = iter(self.template.steps)


class Remade:
    """A node with operands that were made while it was built: they are reduced, then the node is built again."""

    __slots__ = ("left", "made", "node")

    def __init__(self, node: Term, pending: list[Term]) -> None:
        self.node = node
        self.left = pending[::-1]
        self.made: dict[Term, Term] = {}

    def rebuilt(self) -> tuple[Term, ...]:
        return tuple([self.made.get(a, a) for a in self.node.args])


class Fitted:
    """A node whose result was given its type; that is reduced, then it is the normal form of the node."""

    __slots__ = ("node",)

    def __init__(self, node: Term) -> None:
        self.node = node
