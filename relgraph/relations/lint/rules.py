"""The rules of a theory as lint tries them: every match of every rule at every node of a term, with its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ...errors import AxisError, DTypeError, ShapeError
from ...terms.term import Op, Term, toposort
from ..canonical import build
from ..fitting import fitted
from ..forms import normal
from ..matcher import compile_matchers
from ..onestep import replaced
from ..relation import Rule
from ..template import apply_op, instantiate

__all__ = ["Reduct", "Stepper"]

_MATCHES = 6  # of one rule at one node


class Reduct(NamedTuple):
    """What one use of a rule at a node makes of a whole term."""

    rule: Rule
    node: Term
    after: Term
    whole: bool  # whether the rule took every operand of the node


class Stepper:
    """Matchers that yield every match, by operator of the left side; compiled once."""

    def __init__(self, rules: Sequence[Rule], holds: Any, title: str) -> None:
        self._table: dict[Op, list[tuple[Rule, Any]]] = {}
        for rule, matcher in zip(rules, compile_matchers(list(rules), holds, f"{title} lint", every=True), strict=True):
            self._table.setdefault(rule.lhs.op, []).append((rule, matcher))

    def at(self, node: Term) -> Iterator[tuple[Rule, Term, bool]]:
        """What each rule makes of a node, and whether it took all of it."""
        for rule, matcher in self._table.get(node.op, ()):
            for bindings, rest in islice(matcher(node), _MATCHES):
                try:
                    made = instantiate(rule.template, bindings)
                    made = apply_op(node.op, (made, *rest), build) if rest else made
                except (AxisError, DTypeError, ShapeError):  # this instance of the right side has no type: no rewrite
                    continue
                new = made if made.type is node.type else fitted(made, node)
                if new is not None and new is not node:
                    yield rule, new, not rest

    def reducts(self, t: Term) -> Iterator[Reduct]:
        """Every one-step reduct of a term in canonical form, root first."""
        root = normal(t)
        order = toposort(root)
        for node in reversed(order):
            for rule, new, whole in self.at(node):
                yield Reduct(rule, node, replaced(order, node, new), whole)
