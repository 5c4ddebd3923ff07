"""Like terms: all operands of a wide node that a rule as ``c*x + d*x = (c + d)*x`` merges pairwise, merged in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..terms.term import Op, Term, const, make
from ..terms.type import UNKNOWN
from .algebra import algebra
from .constants import conform, finite_number
from .frames import Frame, Remade
from .operands import Entry, coefficient, coefficients, repetitions
from .order import sorted_operands
from .patterns import split_literal
from .steps import Recorder, Step
from .template import instantiate

__all__ = ["collected"]

Builder = Callable[[Op, tuple[Term, ...]], Term]


def collected(frame: Frame, make_node: Builder, spend: Callable[[str], None], recorder: Recorder | None) -> Frame | Remade:
    """The node of a match with all its like operands merged, in time linear in their number; the match if none are."""
    node, rule, op = frame.node, frame.rule, frame.node.op
    multiple = rule.lhs.args[0].op
    view = "power" if multiple in algebra().powers else "multiple"
    matched = None if frame.rest is None else _matched(frame)  # a checker knows steps only, and asks for each of them
    adds = matched is not None and recorder is None and view == "multiple" and _adds(rule, op)
    operands: list[Term | None] = list(node.args)
    merged: list[Term] = []
    normal: list[Term] = []
    alike = coefficients(node.args, multiple, view) if matched is None or repetitions(node.args, multiple) > 1 else {
        node: [(i, node.args[i]) for i in matched]}  # the two that were matched, and no others
    for base, entries in alike.items():
        first = entries[0][0]
        acc = node.args[first]
        added = 0  # how many of the entries were merged by adding numbers
        for k, (i, _) in enumerate(entries[1:], 1):
            if k <= added:
                continue
            if acc is node.args[first] and matched == [first, i]:
                bindings = tuple(frame.values[:len(rule.template.variables)])
            else:
                found = rule.matcher(make(op, tuple(sorted_operands([acc, node.args[i]]))))
                if found is None or found[1]:
                    continue
                bindings = found[0]
            normal += bindings
            before, made = acc, instantiate(rule.template, bindings, make_node)
            acc = made
            if made.type is UNKNOWN is not before.type:  # a right side that is nothing but a number
                acc = conform(const(made.data, before.type.dtype), before.type)
            spend(rule.name)
            operands[i] = None
            if recorder is not None:
                pair = make(op, tuple(sorted_operands([before, node.args[i]])))
                recorder.fired[rule.name] = recorder.fired.get(rule.name, 0) + 1
                recorder.steps.append(Step(rule, pair, made, bindings, None, node))
            elif adds and k + 1 < len(entries):
                acc, added = _added(op, multiple, acc, base, entries, k, make_node)
                for j, _ in entries[k + 1:added + 1]:
                    spend(rule.name)
                    operands[j] = None
        if acc is not node.args[first]:
            operands[first] = None
            merged.append(acc)
    left = [*[x for x in operands if x is not None], *merged]
    if len(left) == len(node.args):
        return frame
    return Remade(make(op, tuple(sorted_operands(left))), merged, normal)


def _matched(frame: Frame) -> list[int]:
    """The positions of the operands that a match has taken."""
    rest, k, out = frame.rest, 0, []
    for i, x in enumerate(frame.node.args):
        if k < len(rest) and rest[k] is x:
            k += 1
        else:
            out.append(i)
    return out


def _adds(rule: Any, op: Op) -> bool:
    """Is it the rule ``c*x + d*x = (c + d)*x`` of finite sums?  Of many like terms its steps then add numbers only."""
    (c, x), (d, _) = map(split_literal, rule.lhs.args)
    numbers = [a for a in rule.rhs.args if a is not x]
    finite_sum = all(g.name in ("finite", "nonzero") and g.args[0].op is op and {*g.args[0].args} == {c, d}
                     for g in rule.guards)
    return finite_sum and rule.rhs.op is rule.lhs.args[0].op and len(rule.rhs.args) == 2 and len(numbers) == 1 \
        and numbers[0].op is op and len(numbers[0].args) == 2 and {*numbers[0].args} == {c, d}


def _added(op: Op, multiple: Op, acc: Term, base: Term, entries: list[Entry], k: int, make_node: Builder) -> tuple[Term, int]:
    """A multiple of the base, entries up to k in it, with the numbers of those after it added one by one, each sum rounded
    as the steps would; up to which entry.  It ends before a sum that is zero or no number, where the steps go on.
    """
    found = coefficient(acc, multiple)
    if found is None or found[1] is not base:
        return acc, k
    total = found[0]
    before = k
    for _, number in entries[k + 1:]:
        new = make_node(op, (total, number))
        if not finite_number(new):
            break
        total, k = new, k + 1
    return (acc if k == before else make_node(multiple, (total, base))), k
