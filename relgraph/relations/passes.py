"""One normalisation: bottom-up over the graph, by a stack: what a rule makes of a node is reduced step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..errors import AxisError, BudgetError, DTypeError, ShapeError
from ..terms.term import Op, Term, toposort
from .algebra import algebra
from .collecting import collected
from .fitting import fitted
from .flattening import down_to, flattened, inner_nodes, unmarked
from .frames import LAST, Fitted, Frame, Remade, Unfolded, step
from .groups import flat
from .operands import repeats
from .steps import Recorder
from .template import apply_op

__all__ = ["Rules", "Run"]

_ITSELF = object()


class Rules(Protocol):
    """What a run needs to know of an engine."""

    index: Any
    make_node: Callable[[Op, tuple[Term, ...]], Term]
    flatten: bool
    key: int
    fresh: dict[Op, frozenset[Op]]


class Run:
    """One normalisation: its budget, its recorder, and the memo used while recording or leaving a rule out."""

    def __init__(self, engine: Rules, skip: Any, recorder: Recorder | None, budget: int | None) -> None:
        self.engine, self.skip, self.recorder, self.key = engine, skip, recorder, engine.key
        self.memo: dict[Term, Term] | None = {} if skip is not None or recorder is not None else None
        self.fresh, self.candidates = engine.fresh, engine.index.candidates
        self.budget = budget
        self.left = budget or 0
        self.opened: set[Term] = set()
        self.last: list[str] = []

    def one_pass(self, roots: list[Term], known: bool = False) -> tuple[list[Term], bool]:
        """Terms in normal form; whether another pass would flatten more.  ``known``: down to what is known to be normal."""
        order = toposort(*roots) if not known else down_to(roots, lambda t: self.known(t) is t)
        self.left = self.budget if self.budget is not None else 1000 + 50 * len(order)
        inner = inner_nodes(order, roots) if self.engine.flatten else frozenset()
        if known:
            inner = inner.difference([t for t in inner if self.known(t) is t])
        families = algebra().families
        make_node, reduce_, key = self.engine.make_node, self.reduce, self.key if self.memo is None else -1
        done: dict[Term, Term] = {}
        marks = False
        for t in order:
            args = t.args
            if t in inner:
                continue
            if not args or (known and self.known(t) is t):
                done[t] = t
                continue
            op = t.op
            if op.binder is not None:
                node = op.binder(t, tuple([done[a] for a in args]))
            elif inner and (g := families.get(op)) is not None and not inner.isdisjoint(args):
                node = flat(g, flattened(t, g, inner, done), t.type)
            elif t.ground:
                node = make_node(op, tuple([done[a] for a in args]))
            else:
                node = apply_op(op, tuple([done[a] for a in args]), make_node)
            if node.origin is None:
                node.origin = t.origin
            done[t] = node if node.normal == key else reduce_(node)
        out = [done[r] for r in roots]
        if self.engine.flatten:
            out, marks = unmarked(out)
        return out, marks

    def reduce(self, node: Term) -> Term:
        """The normal form of a canonical node whose operands are normal."""
        stack: list[Any] = []
        found = self.look(node, stack)
        if isinstance(found, Term):
            return found
        make_node = self.engine.make_node
        stack.append(found)
        current: Term | None = None
        value: Any = None  # None: nothing was reduced just now
        while True:
            if current is not None:
                value = self.look(current, stack)
                if not isinstance(value, Term):
                    stack.append(value)
                    value = None
                current = None
            if not stack:
                assert value is not None
                return value
            frame = stack[-1]
            if type(frame) is Remade:
                if value is not None:
                    frame.made[frame.left.pop()] = value
                if frame.left:
                    current = frame.left[-1]
                    if frame.normal and (unfolded := Unfolded(current, frame.normal)).order:
                        stack.append(unfolded)
                        current = value = None
                    continue
                stack.pop()
                current = self.renewed(frame)
                if current is not frame.node:
                    stack.append(Fitted(frame.node))  # met again, it is known: its operands are not looked at twice
                continue
            if type(frame) is Fitted:
                stack.pop()
                assert value is not None
                self.remember(frame.node, value)
                continue
            if type(frame) is Unfolded:
                found = frame.next(value)
                if isinstance(found, Term):
                    stack.pop()
                    value = found
                else:
                    current, value = make_node(*found), None
                continue
            if frame.joined:
                if value is not None:
                    frame.values[frame.joined.pop()] = value
                if frame.joined:
                    current, value = frame.values[frame.joined[-1]], None
                    continue
            elif value is not None:
                frame.values.append(value)
            following = next(frame.steps, None)
            try:
                if following is not None:
                    op, refs = following
                    operands = tuple([frame.values[i] for i in refs])
                    current = apply_op(op, operands, make_node)
                    if op.kind == "attribute_function":
                        made, current, value = current, None, None
                        unfolded = Unfolded(made, operands)
                        if unfolded.order and made.ground:
                            stack.append(unfolded)
                        else:
                            frame.values.append(made)
                    elif current.origin is None:
                        current.origin = frame.node.origin
                    continue
                if frame.rest:
                    operands = (frame.values[frame.template.result], *frame.rest)
                    current = apply_op(frame.node.op, operands, make_node)
                    frame.rest = None
                    frame.template = LAST
                    continue
            except (AxisError, DTypeError, ShapeError):  # the right side has no type here: another rule may apply
                stack.pop()
                current, value = None, self.refused(frame, stack)
                continue
            stack.pop()
            result = frame.values[-1] if frame.template is LAST else frame.values[frame.template.result]
            value = self.accept(frame, result)
            if value is not None and value is not result:  # a cast or a broadcast was put around it, which is not reduced yet
                stack.append(Fitted(frame.node))
                current, value = value, None
                continue
            if value is None:
                value = self.refused(frame, stack)

    def look(self, t: Term, stack: list[Any]) -> Any:
        """The normal form of a node if it is known or no rule applies; else the frame of what is to be done first."""
        if t.normal == self.key and self.memo is None:
            return t
        known = self.known(t)
        if known is not None:
            return known
        for f in stack[-4:]:
            if f.node is t:
                return t  # the instance contains what is being rewritten: no progress, refused when it is accepted
        inside = self.fresh.get(t.op)
        if inside is not None and t not in self.opened:
            normal = -1 if self.memo is not None else self.key
            pending = [a for a in t.args if a.normal != normal and a.op in inside and self.known(a) is not a]
            if pending:
                self.opened.add(t)
                return Remade(t, pending)
        candidates = self.candidates(t)
        frame = self.match(t, iter(candidates)) if candidates else None
        if frame is None:
            self.remember(t, t)
            return t
        if frame.rule.collects and len(t.args) > 2:
            return collected(frame, self.engine.make_node, self.spend, self.recorder)
        return frame

    def refused(self, frame: Frame, stack: list[Any]) -> Term | None:
        """Try the rules after one that did not do; the node itself if there are none."""
        if (again := self.match(frame.node, frame.candidates)) is not None:
            stack.append(again)
            return None
        self.remember(frame.node, frame.node)
        return frame.node

    def renewed(self, frame: Remade) -> Term:
        """A flat node over its reduced inverses."""
        args = frame.rebuilt()
        if args == frame.node.args and not frame.normal:
            return frame.node  # what like terms were merged into may be a sum, or all that is left: that is built as any node
        node = self.engine.make_node(frame.node.op, args)
        if node.type is not frame.node.type:
            typed = fitted(node, frame.node)
            node = frame.node if typed is None else typed
        if node.origin is None:
            node.origin = frame.node.origin
        return node

    def known(self, t: Term) -> Term | None:
        if not t.args:
            return t
        if self.memo is not None:
            return self.memo.get(t)
        if t.normal == self.key:
            return t
        if t.memo is None:
            return None
        found = t.memo.get(self.key)
        return t if found is _ITSELF else found

    def remember(self, t: Term, value: Term) -> None:
        if self.memo is not None:
            self.memo[t] = value
        elif value is t and not t.normal:
            t.normal = self.key
        else:
            if t.memo is None:
                t.memo = {}
            t.memo[self.key] = _ITSELF if value is t else value

    def match(self, t: Term, candidates: Any) -> Frame | None:
        """The first rule that matches, as a frame that will build its right side."""
        several: bool | None = None  # asked once for all rules that collect
        for rule, matcher in candidates:
            if rule is self.skip:
                continue
            if rule.collects:
                if several is None:
                    several = repeats(t)
                if not several:
                    continue
            found = matcher(t)
            if found is not None and not rule.template.narrows(found[0], t):
                self.spend(rule.name)
                begun = 0 if self.recorder is None else len(self.recorder.steps)
                joined = [i for i, x in enumerate(found[0]) if x.normal != self.key and self.known(x) is not x]
                return Frame(t, candidates, rule, found[0], found[1], begun, joined)
        return None

    def accept(self, frame: Frame, result: Term) -> Term | None:
        """The result in the type of the node it replaces, counted, recorded; None if the rule is refused here."""
        node = frame.node
        if result is node:
            return None
        if result.type is not node.type:
            typed = fitted(result, node)
            if typed is None:
                return None
            result = typed
        if result.origin is None and result.args:
            result.origin = node.origin
        self.count(frame)
        self.remember(node, result)
        return result

    def spend(self, name: str) -> None:
        self.left -= 1
        if self.left < 20:
            self.last.append(name)
            if self.left < 0:
                last = ", ".join(dict.fromkeys(self.last))
                why = "they may undo one another" if "," in last else "it may apply again to what it makes"
                raise BudgetError(f"normalize: the budget of rewriting steps is used up; the last rules were {last}; {why}: "
                                  "turn an equation round, or give the theory a precedence (see relgraph.relations.lint), or "
                                  "a larger budget")

    def count(self, frame: Frame) -> None:
        name = frame.rule.name
        if self.recorder is not None:
            bindings = tuple(frame.bindings[: len(frame.rule.template.variables)])
            self.recorder.fired[name] = self.recorder.fired.get(name, 0) + 1
            # A step is told before those that reduce what it makes.
            self.recorder.steps.insert(frame.begun, step(frame, bindings, self.engine.make_node))
