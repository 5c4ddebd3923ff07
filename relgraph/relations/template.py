"""Patterns as programs: instances of a pattern are built by running it, never by recursion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..terms.elementwise import astype_
from ..terms.laws import Moves
from ..terms.term import CONST, Op, Term, _coerce, make, toposort
from ..terms.type import UNKNOWN, TupleType, Type
from .canonical import build

__all__ = ["Template", "apply_op", "instantiate", "moves", "template", "variables"]

_MOVING = ("access", "identity", "projection", "leaf", "attribute_function")
Builder = Callable[[Op, tuple[Term, ...]], Term]


@dataclass(frozen=True, eq=False)
class Template:
    """A pattern in evaluation order: steps of an op and its operands' positions among bindings, constants and results."""

    variables: tuple[Term, ...]
    constants: tuple[Term, ...]
    steps: tuple[tuple[Op, tuple[int, ...]], ...]
    result: int

    @cached_property
    def computes(self) -> bool:
        """Whether a step computes with numbers, and none says in which dtype."""
        ops = {op for op, _ in self.steps}
        return astype_ not in ops and not all(map(moves, ops))

    def narrows(self, bindings: Sequence[Term], node: Term) -> bool:
        """Whether an instance would compute in single precision what a node computes in double: rounding is no licence for
        that.  In sums and products operands have the dtype of the whole; those of a matrix product, or of parts that are
        joined, may have one of their own.
        """
        type_: Any = node.type
        dtype = (type_.items[0] if type(type_) is TupleType else type_).dtype if type_ is not UNKNOWN else None
        return dtype is not None and dtype.char in "dD" and self.computes and any(
            [type(b.type) is Type and b.type.dtype.char in "fF" for b in bindings])


def moves(op: Op) -> bool:
    """Whether an op does nothing but move numbers, or is no op on numbers."""
    return op.kind in _MOVING or op.law(Moves) is not None


def variables(*patterns: Term) -> tuple[Term, ...]:
    """The logic variables of patterns, in order of first appearance."""
    out: dict[Term, None] = {}
    stack = list(reversed(patterns))
    seen: set[Term] = set()
    while stack:
        t = stack.pop()
        if t in seen or t.ground:
            continue
        seen.add(t)
        if not t.args:
            out[t] = None
        stack.extend(reversed(t.args))
    return tuple(out)


def template(pattern: Term, order: Sequence[Term]) -> Template:
    """The program that builds instances of a pattern from bindings given in ``order``."""
    at = {v: i for i, v in enumerate(order)}
    nodes = toposort(pattern)
    constants = tuple(t for t in nodes if not t.args and t not in at)
    for t in constants:
        at[t] = len(at)
    steps = []
    for t in nodes:
        if t.args:
            steps.append((t.op, tuple(at[a] for a in t.args)))
            at[t] = len(at)
    return Template(tuple(order), constants, tuple(steps), at[pattern])


def apply_op(op: Op, args: tuple[Term, ...], make_node: Builder) -> Term:
    """One node of an instance: attribute functions are evaluated, pattern numbers take the dtype of the other operands."""
    if op.kind == "attribute_function":
        assert op.definition is not None
        known = all(a.ground and a.type is not UNKNOWN for a in args)  # a number of a pattern has no type to compute with
        return op.definition(*args) if known else _suspended(op, args)
    for a in args:
        if a.type is UNKNOWN and a.op is CONST:
            n = len(args) - len(op.attrs)
            if any(x.type is not UNKNOWN for x in args[:n]):
                args = _coerce(op, [x.data if x.type is UNKNOWN and x.op is CONST else x for x in args[:n]]) + args[n:]
            break
    return make_node(op, args)


def _suspended(op: Op, args: tuple[Term, ...]) -> Term:
    """An attribute function of something unknown stays a node until its operands are known."""
    return make(op, args)


def instantiate(t: Template, bindings: Sequence[Term], make_node: Builder = build) -> Term:
    """The instance of a template."""
    values = [*bindings[: len(t.variables)], *t.constants]
    for op, refs in t.steps:
        values.append(apply_op(op, tuple([values[i] for i in refs]), make_node))
    return values[t.result]

