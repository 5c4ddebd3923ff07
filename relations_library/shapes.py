"""Axes: transposes, broadcasts and new axes move out of the way of what computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, broadcast_to, exp, expand_dims, expm1, log, log1p, negative, sigmoid, softplus, sqrt,
                            squeeze, tanh, transpose)
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.attributes import permuted
from relgraph.relations.predicates import new_leading

x, y = lvars("x y")
axis, first, second, shape, other = attrs("axis first second shape other")


def spread_out(ops: Sequence[Op]) -> Theory:
    """``f(broadcast_to(x)) = broadcast_to(f(x))`` for elementwise ops of one operand: compute before repeating."""
    relations: dict[str, Any] = {f"{f.name}_spread": (f(broadcast_to(x, shape)), broadcast_to(f(x), shape)) for f in ops}
    return theory(name="spread_out", precedence=", ".join(f"{f.name} > broadcast_to" for f in ops), **relations)


transposes = theory(
    name            = "transposes",
    transpose_twice = (transpose(transpose(x, first), second),      permuted(x, first, second)),
)

broadcasts = theory(
    name            = "broadcasts",
    add_spread      = (x + broadcast_to(y, shape),                  x + y),
    mul_spread      = (x * broadcast_to(y, shape),                  x * y),
    spread_twice    = (broadcast_to(broadcast_to(x, shape), other), broadcast_to(x, other)),
    add_lead        = (x + expand_dims(y, axis),                    x + y,                      new_leading(y, axis)),
    mul_lead        = (x * expand_dims(y, axis),                    x * y,                      new_leading(y, axis)),
    spread_lead     = (broadcast_to(expand_dims(x, axis), shape),   broadcast_to(x, shape),     new_leading(x, axis)),
    expand_inverse  = (expand_dims(1 / x, axis),                    1 / expand_dims(x, axis)),
    expand_neg      = (expand_dims(-x, axis),                       -expand_dims(x, axis)),
    squeeze_expand  = (squeeze(expand_dims(x, axis), axis),         x),
)

shapes = theory(transposes, broadcasts, spread_out([negative, exp, log, log1p, expm1, sqrt, tanh, sigmoid, softplus, abs]),
                name="shapes")
