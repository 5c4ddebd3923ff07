"""Families of large expressions for which only rewriting is timed; ``xp`` is relgraph.numpy or pytensor.tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Space:
    """What a family needs: NumPy's names, inputs, gradients."""

    xp: Any
    vector: Callable[[str], Any]
    matrix: Callable[[str], Any]
    grad: Callable[[Any, Sequence[Any]], Sequence[Any]]


def relgraph_space() -> Space:
    import relgraph as rg
    import relgraph.numpy as rnp

    return Space(rnp, lambda n: rg.vector(n, shape="n"), lambda n: rg.matrix(n, shape=("n", "n")),
                 lambda y, xs: rg.grad(y, list(xs)))


def pytensor_space() -> Space:
    import pytensor.tensor as pt

    return Space(pt, lambda n: pt.vector(n, dtype="float64"), lambda n: pt.matrix(n, dtype="float64"),
                 lambda y, xs: pt.grad(y, list(xs)))


def logexp_chain(s: Space, n: int) -> list[Any]:
    """``x = log(exp(x)*1 + 0) + y``, which simplifies to a sum."""
    x, y = s.vector("x"), s.vector("y")
    for _ in range(n // 5):
        x = s.xp.log(s.xp.exp(x) * 1.0 + 0.0) + y
    return [x]


def tanh_chain(s: Space, n: int) -> list[Any]:
    """``x = tanh(x*a + b)``: nothing to simplify."""
    x, a, b = s.vector("x"), s.vector("a"), s.vector("b")
    for _ in range(n // 3):
        x = s.xp.tanh(x * a + b)
    return [x]


def sum_of_products(s: Space, n: int) -> list[Any]:
    """A left fold over distinct inputs."""
    total = s.vector("a0") * s.vector("b0")
    for i in range(1, n // 2):
        total = total + s.vector(f"a{i}") * s.vector(f"b{i}")
    return [total]


def tree(s: Space, n: int) -> list[Any]:
    """A balanced binary tree of ``l*r + l`` over eight inputs, no two leaves alike."""
    level = [s.vector(f"x{i % 8}") + float(i + 1) for i in range(n // 3)]
    while len(level) > 1:
        level = [left * right + left for left, right in zip(level[::2], level[1::2], strict=False)]
    return level


def duplicates(s: Space, n: int) -> list[Any]:
    """The same five nodes again and again, summed."""
    x, y = s.vector("x"), s.vector("y")
    total = x
    for _ in range(n // 6):
        total = total + s.xp.exp(s.xp.sin(x) * y + 1.0) * 0.5
    return [total]


def mlp_grad(s: Space, n: int) -> list[Any]:
    """Loss and gradient of a deep tanh network, about ``n`` nodes in all."""
    layers = max(1, n // 13)
    x = s.matrix("x")
    weights = [s.matrix(f"W{i}") for i in range(layers)]
    biases = [s.vector(f"b{i}") for i in range(layers)]
    for W, b in zip(weights, biases, strict=True):
        x = s.xp.tanh(x @ W + b)
    loss = s.xp.mean((x - 1.0) ** 2)
    return [loss, *s.grad(loss, [*weights, *biases])]


FAMILIES = {f.__name__: f for f in (logexp_chain, tanh_chain, sum_of_products, tree, duplicates, mlp_grad)}
