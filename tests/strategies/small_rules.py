"""Rules that the tests of strategies are made of: renaming, dropping, growing, and those that change a type."""

from __future__ import annotations

from collections.abc import Callable

import relgraph as rg
from relgraph.strategies.combinators import operands
from relgraph.terms.elementwise import add, exp, multiply, sin
from relgraph.terms.term import Term

X, Y, V = rg.scalar("x"), rg.scalar("y"), rg.vector("v", shape=3)
Fn = Callable[[Term], Term | None]


def x_to_y(t: Term) -> Term | None:
    return Y if t is X else None


def sin_of_exp(t: Term) -> Term | None:
    return sin(t.args[0]) if t.op is exp else None


def no_sin(t: Term) -> Term | None:
    return t.args[0] if t.op is sin else None


def twice(t: Term) -> Term | None:
    return multiply(t.args[0], t.args[0]) if t.op is add and t.args[0] is t.args[1] else None


def different(t: Term) -> Term | None:
    """Applies only between two steps on equal operands: tells one place from every place."""
    return t.args[1] if t.op is add and t.args[0] is not t.args[1] else None


def swap(t: Term) -> Term | None:
    return add(t.args[1], t.args[0]) if t.op is add else None


def grow(t: Term) -> Term | None:
    return sin(t) if t is X else None


def duplicate(t: Term) -> Term | None:
    return add(t.args[0], t.args[0]) if t.op is exp else None


def to_vector(t: Term) -> Term | None:
    return V if t is Y else None


def to_scalar(t: Term) -> Term | None:
    return Y if t is V else None


def same(t: Term) -> Term | None:
    return t


def never(t: Term) -> Term | None:
    return None


RULES = [x_to_y, sin_of_exp, no_sin, twice, different, swap, grow, duplicate, to_vector, to_scalar, same, never]


class Counted:
    """A rule that counts its calls."""

    def __init__(self, fn: Fn) -> None:
        self.fn, self.calls = fn, 0

    def __call__(self, t: Term) -> Term | None:
        self.calls += 1
        return self.fn(t)


def text(t: Term) -> str:
    if not t.args:
        return str(t.data)
    return f"{t.op.name}({', '.join(text(a) for a in operands(t))})"


def chain_of(n: int) -> Term:
    """``sin(exp(sin(exp(... x))))``, n deep."""
    t = X
    for _ in range(n // 2):
        t = sin(exp(t))
    return t
