"""Other spellings of an expression: commuted, re-associated, ``x - y`` or ``x + (-1)*y``, ``a/b`` or ``a*(1/b)``."""

from __future__ import annotations

import random

from relgraph.relations.algebra import algebra
from relgraph.terms.elementwise import add, divide, multiply, negative, reciprocal, subtract
from relgraph.terms.term import Term, make, toposort


def respell(root: Term, rng: random.Random) -> Term:
    """A random spelling of the same mathematics."""
    done: dict[Term, Term] = {}
    family = algebra().families.get
    for t in toposort(root):
        if not t.args:
            done[t] = t
        elif family(t.op) is None or t.op is negative or t.type.dtype.kind not in "f":
            done[t] = make(t.op, tuple(done[a] for a in t.args))
        elif t.op in (add, subtract):
            done[t] = _sum(_operands(t, add, subtract, done), rng)
        else:
            done[t] = _product(_operands(t, multiply, divide, done), rng)
    return done[root]


def _operands(t, op, difference, done):
    """Operands with signs, through nested nodes of the same family (a spelling is a tree, sharing is not kept)."""
    out, stack = [], [(t, 1)]
    while stack:
        x, s = stack.pop()
        if x.op is op:
            stack += [(a, s) for a in x.args]
        elif x.op is difference:
            stack += [(x.args[0], s), (x.args[1], -s)]
        elif x.op is reciprocal and op is multiply:
            stack.append((x.args[0], -s))
        else:
            out.append((done[x], s))
    return out


def _tree(items, join, rng):
    items = list(items)
    rng.shuffle(items)
    while len(items) > 1:
        i = rng.randrange(len(items) - 1)
        items[i:i + 2] = [join(items[i], items[i + 1])]
    return items[0]


def _sum(operands, rng):
    plus = [x for x, s in operands if s > 0]
    minus = [x for x, s in operands if s < 0]
    spelled = list(plus)
    late = []
    for x in minus:
        how = rng.randrange(3)
        if how == 0 and plus:
            late.append(x)
        else:
            spelled.append(-x if how == 1 else (x * -1.0 if rng.random() < 0.5 else -1.0 * x))
    out = _tree(spelled, lambda a, b: a + b, rng)
    for x in late:
        out = out - x
    return out


def _product(operands, rng):
    up = [x for x, s in operands if s > 0]
    down = [x for x, s in operands if s < 0]
    spelled = list(up)
    late = []
    for x in down:
        if rng.random() < 0.5 and up:
            late.append(x)
        else:
            spelled.append(1 / x)
    out = _tree(spelled, lambda a, b: a * b, rng)
    if late and rng.random() < 0.3:
        return out / _tree(late, lambda a, b: a * b, rng)
    for x in late:
        out = out / x
    return out
