"""Every term one step away: each relation at each position, every match, no inter-reduction; what goals enumerate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..errors import AxisError, DTypeError, ShapeError
from ..terms.term import Op, Term, toposort
from .canonical import build
from .compiler import directed
from .fitting import fitted
from .forms import normal
from .matcher import compile_matchers
from .present import present
from .relation import Direction, Relation, Rule
from .template import apply_op, instantiate

__all__ = ["OneStep", "replaced"]


class OneStep:
    """The terms that one use of one of some relations makes of a term; matchers are compiled on first use."""

    def __init__(self, relations: Iterable[Relation], holds: Callable[[Any, tuple[Term, ...]], bool], name: str) -> None:
        self.relations, self.holds, self.name = tuple(relations), holds, name
        self._made: dict[Direction, dict[Op, list[tuple[Rule, Any]]]] = {}

    def __call__(self, t: Term, direction: Direction = "->", *, keep_assumptions: bool = False) -> Iterator[Term]:
        """From a ground term, root first; a node that stands in several places is one node.

        What was assumed is left out of what is made, unless the steps after this one are to prove guards by it.
        """
        root = normal(t)
        order = toposort(root)
        seen = {present([root], keep_assumptions=keep_assumptions)[0]}
        every = self._every(direction)
        for node in reversed(order):
            for rule, matcher in every.get(node.op, ()):
                for bindings, rest in matcher(node):
                    if rule.template.narrows(bindings, node):
                        continue
                    try:
                        new = instantiate(rule.template, bindings)
                        if rest:
                            new = apply_op(node.op, (new, *rest), build)
                    except (AxisError, DTypeError, ShapeError):
                        continue  # the other side has no type here
                    if new.type is not node.type:
                        new = fitted(new, node)
                    if new is None or new is node:
                        continue
                    found = present([replaced(order, node, new)], keep_assumptions=keep_assumptions)[0]
                    if found not in seen:
                        seen.add(found)
                        yield found

    def _every(self, direction: Direction) -> dict[Op, list[tuple[Rule, Any]]]:
        """Matchers that yield every match, by the operator of the left side."""
        if direction not in self._made:
            rules = [q for r in self.relations if direction in r.directions() for q in directed(r, direction)]
            matchers = compile_matchers(rules, self.holds, f"{self.name} every", every=True)
            table: dict[Op, list[tuple[Rule, Any]]] = {}
            for rule, matcher in zip(rules, matchers, strict=True):
                table.setdefault(rule.lhs.op, []).append((rule, matcher))
            self._made[direction] = table
        return self._made[direction]


def replaced(order: list[Term], node: Term, new: Term) -> Term:
    """The graph with one node replaced, canonical again above it."""
    done: dict[Term, Term] = {}
    for t in order:
        if t is node:
            done[t] = new
        elif not t.args:
            done[t] = t
        else:
            args = tuple([done[a] for a in t.args])
            if all(a is b for a, b in zip(args, t.args, strict=True)):
                done[t] = t
            else:
                done[t] = t.op.binder(t, args) if t.op.binder is not None else build(t.op, args)
    return done[order[-1]]
