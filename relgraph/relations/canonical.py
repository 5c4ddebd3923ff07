"""The normal form: group nodes flat, signed, sorted, constants folded.  Driven by the rows' laws alone.

`build` makes one canonical node from canonical operands; the engine runs it over a graph.  Flat nodes have any number of
operands and never leave the normaliser: `present` (present.py) reads the same laws backwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..terms.term import CONST, Op, Term, const, infer, make
from ..terms.type import UNKNOWN
from .algebra import Algebra, algebra
from .chains import nested
from .groups import flat, inverse
from .order import sort_key
from .powers import power

__all__ = ["build", "exact_build"]


def build(op: Op, args: tuple[Term, ...]) -> Term:
    """The canonical node of an op over canonical operands."""
    a = algebra()
    if op not in a.special:
        return make(op, args)
    g = a.groups.get(op)
    if g is not None:
        return flat(g, [(x, 1) for x in args], infer(op, args))
    if op in a.differences:
        return flat(a.differences[op], [(args[0], 1), (args[1], -1)], infer(op, args))
    if op in a.inverses:
        return inverse(a.inverses[op], args[0], infer(op, args))
    if op in a.associative:
        return nested(op, args)
    if op in a.powers:
        return power(op, a.powers[op], args, infer(op, args))
    if sort_key(args[0]) > sort_key(args[1]):
        args = (args[1], args[0])
    return make(op, args)


def exact_build(op: Op, args: tuple[Term, ...]) -> Term:
    """As `build`, keeping every bit: two operands ordered, ``x - y = x + (-y)``, ``-(-x) = x`` for addition only."""
    a = algebra()
    if op in a.associative:
        return nested(op, args)
    type_ = infer(op, args)
    g = a.differences.get(op)
    if g is not None and g.sign is None and (type_ is UNKNOWN or args[0].type.dtype is args[1].type.dtype):
        return exact_build(g.op, (args[0], exact_build(g.inverse, (args[1],))))
    g = a.inverses.get(op)
    if g is not None and g.sign is None:
        if args[0].op is op:
            return args[0].args[0]
        if args[0].op is CONST and type_ is not UNKNOWN and type_.dtype.kind in "fi":
            return const(np.negative(args[0].data), type_.dtype)
    if len(args) == 2 and _ordered(op, type_, a) and sort_key(args[0]) > sort_key(args[1]):
        args = (args[1], args[0])
    return make(op, args)


def _ordered(op: Op, type_: Any, a: Algebra) -> bool:
    """May the operands be put in order without changing a bit?

    Not those of a complex product, which rounds one of the two cross terms first, nor those of a maximum of floats, which
    takes one of two zeros; nor those of a pattern, which may stand for either.
    """
    if type_ is UNKNOWN:
        return False
    if op in a.groups:
        return a.groups[op].sign is None or type_.dtype.kind != "c"
    return op in a.commutative and type_.dtype.kind in "biu"
