"""Like terms: all operands of a wide node that a rule as ``c*x + d*x = (c + d)*x`` merges pairwise, merged in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..terms.term import Op, Term, make
from .algebra import algebra
from .frames import Frame, Remade
from .operands import coefficient, coefficients, exponent
from .order import sort_key, sorted_operands
from .patterns import split_literal
from .steps import Recorder, Step
from .template import instantiate

__all__ = ["collected"]


def collected(frame: Frame, make_node: Callable[[Op, tuple[Term, ...]], Term], spend: Callable[[str], None],
              recorder: Recorder | None) -> Frame | Remade:
    """The node of a match with all its like operands merged, in time linear in their number; the match if none are."""
    node, rule, op = frame.node, frame.rule, frame.node.op
    multiple = rule.lhs.args[0].op
    view = "power" if multiple in algebra().powers else "multiple"
    operands: list[Term | None] = list(node.args)
    merged: list[Term] = []
    matched = _matched(frame)
    for base, entries in coefficients(node.args, multiple, view).items():
        first = entries[0][0]
        acc = node.args[first]
        seen = False  # whether the matcher has taken two of this base
        for i, other in entries[1:]:
            bindings: tuple[Term, ...] | None = None
            if acc is node.args[first] and matched == [first, i]:
                bindings = tuple(frame.values[:len(rule.template.variables)])
            elif seen and not rule.guards:
                bindings = _next(rule, view, multiple, acc, node.args[i], base, other)
            if bindings is None:
                found = rule.matcher(make(op, tuple(sorted_operands([acc, node.args[i]]))))
                if found is None or found[1]:
                    continue
                bindings = found[0]
            assert bindings is not None
            seen = True
            before, acc = acc, instantiate(rule.template, bindings, make_node)
            spend(rule.name)
            operands[i] = None
            if recorder is not None:
                pair = make(op, tuple(sorted_operands([before, node.args[i]])))
                recorder.fired[rule.name] = recorder.fired.get(rule.name, 0) + 1
                recorder.steps.append(Step(rule, pair, acc, bindings, None, node))
        if acc is not node.args[first]:
            operands[first] = None
            merged.append(acc)
    if not merged:
        return frame
    rest = [x for x in operands if x is not None]
    return Remade(make(op, tuple(sorted_operands([*rest, *merged]))), merged)


def _matched(frame: Frame) -> list[int]:
    """The positions of the operands that a match has taken."""
    rest, k, out = frame.rest, 0, []
    for i, x in enumerate(frame.node.args):
        if k < len(rest) and rest[k] is x:
            k += 1
        else:
            out.append(i)
    return out


def _next(rule: Any, view: str, multiple: Op, acc: Term, x: Term, base: Term, number: Term) -> tuple[Term, ...] | None:
    """What the matcher would bind for what was merged so far and one more operand of the same base; None: ask it."""
    if view == "multiple":
        found = coefficient(acc, multiple)
    else:
        found = None if (found := exponent(acc, multiple)) is None else found[::-1]
    if found is None or found[1] is not base:
        return None
    numbers = (found[0], number) if sort_key(acc) <= sort_key(x) else (number, found[0])
    (c, v), (d, _) = map(split_literal, rule.lhs.args)
    values = {c: numbers[0], d: numbers[1], v: base}
    return tuple([values[u] for u in rule.template.variables])
