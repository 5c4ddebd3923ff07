"""How many kernels a program has, and what fuses into what; no compiler runs here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph import cgen
from relgraph.cgen.ir import Call, For, Kernel, walk
from relgraph.errors import LinkError
from relgraph.terms import elementwise, linalg
from relgraph.terms.term import INPUT, Term, toposort

n, m = "n", "m"
x, y = rg.vector("x", shape=n), rg.vector("y", shape=n)
v = rg.vector("v", shape=m)
X = rg.matrix("X", shape=(n, m))
W = rg.matrix("W", shape=(m, "h"))
b = rg.vector("b", shape="h")
i = rg.vector("i", shape="k", dtype="int64")


def compiled(outputs: list[Term]) -> cgen.Program:
    return cgen.program([t for t in toposort(*outputs) if t.op is INPUT], outputs)


def logistic() -> list[Term]:
    z = X @ v
    return [rnp.sum(elementwise.softplus(z) - x * z), rnp.matrix_transpose(X) @ (elementwise.sigmoid(z) - x)]


# Per program: kernels, calls, slots of scratch memory.
COUNTS: dict[str, tuple[Callable[[], list[Term]], int, int, int]] = {
    "softplus chain": (lambda: [rnp.log(1 + rnp.exp(x))], 1, 0, 0),
    "row logsumexp": (lambda: [rnp.special.logsumexp(X, axis=-1)], 1, 0, 0),
    "row softmax": (lambda: [rnp.special.softmax(X, axis=-1)], 1, 0, 1),
    "logistic loss and gradient": (logistic, 1, 2, 2),
    "layer": (lambda: [rnp.tanh(X @ W + b)], 1, 1, 1),
    "variance": (lambda: [rnp.var(X, axis=1)], 1, 0, 0),
    "variance of columns": (lambda: [rnp.var(X, axis=0)], 1, 0, 0),
    "several reductions": (lambda: [rnp.sum(x), rnp.max(x), rnp.sum(x * y)], 1, 0, 0),
    "several results": (lambda: [x + y, x * y, rnp.exp(x)], 1, 0, 0),
    "value and its sum": (lambda: [e := rnp.exp(x), rnp.sum(e)], 1, 0, 0),
    "normalised": (lambda: [rnp.exp(x) / rnp.sum(rnp.exp(x))], 1, 0, 1),
    "views": (lambda: [rnp.matrix_transpose(X)[1:] * 2 + rnp.reshape(y, (1, n))], 1, 0, 0),
    "transposed operands": (lambda: [rnp.matrix_transpose(X) @ X[::-1]], 0, 1, 0),
    "gather": (lambda: [x[i] * 2], 1, 0, 0),
    "gather of a costly vector": (lambda: [rnp.exp(x)[i] * 2], 2, 0, 1),
    "costly value along rows": (lambda: [rnp.expand_dims(rnp.exp(x), 1) * X], 1, 0, 0),
    "costly value along columns": (lambda: [rnp.exp(v) * X], 2, 0, 1),
    "reshape of a result": (lambda: [rnp.reshape(rnp.exp(X), (-1,))], 1, 0, 0),
    "math of a join": (lambda: [rnp.exp(rnp.concat([x, y]))], 2, 0, 1),
    "scatter": (lambda: [rg.grad(rnp.sum(x[i] * x[i]), x)], 1, 0, 0),
    "roll of a choice": (lambda: [rnp.roll(rnp.where(i < 0, i[:1], i), 1)], 3, 0, 2),
    "trace of a product": (lambda: [linalg.trace(X @ rnp.matrix_transpose(X))], 1, 1, 1),
}


@pytest.mark.parametrize("name", COUNTS)
def test_kernels_calls_and_scratch(name: str) -> None:
    make, kernels, calls, slots = COUNTS[name]
    p = compiled(make())
    assert sum(isinstance(s, Kernel) for s in p.steps) == kernels, p
    assert sum(isinstance(s, Call) for s in p.steps) == calls, p
    assert len(p.slots) == slots, p


def loops(p: cgen.Program) -> int:
    return sum(isinstance(s, For) for step in p.steps if isinstance(step, Kernel) for s in walk(step.body))


def test_elementwise_code_over_memory_in_order_is_one_loop() -> None:
    T = rg.tensor("T", shape=("n", "m", "k"))
    assert loops(compiled([rnp.exp(T) + 1])) == 1
    assert loops(compiled([rnp.sum(T * T)])) == 1
    assert loops(compiled([rnp.sum(T, axis=(1, 2))])) == 2


def test_costly_values_are_computed_in_the_outermost_loop_they_depend_on() -> None:
    a = rg.scalar("a")
    p = compiled([rnp.exp(a) * X + rnp.tanh(rnp.expand_dims(x, 1))])
    body = p.steps[0].body  # type: ignore[union-attr]
    names = [getattr(getattr(s.value, "op", None), "name", "") for s in body if hasattr(s, "value")]  # type: ignore[union-attr]
    assert "exp" in names
    assert "tanh" not in names


def test_scratch_memory_is_used_again() -> None:
    t: Any = X
    square = rg.matrix("S", shape=(m, m))
    for _ in range(6):
        t = t @ square
    assert len(compiled([t]).slots) == 2


def test_program_prints_one_line_per_step() -> None:
    p = compiled(logistic())
    lines = str(p).splitlines()
    assert [line.split(": ")[0] for line in lines[:3]] == ["0", "1", "2"]
    assert "matvec" in lines[0]


def test_deep_shared_graphs_stay_small() -> None:
    t = x
    for _ in range(60):
        t = rnp.tanh(t) * t + t
    assert sum(1 for s in compiled([t]).steps for _ in walk(s.body)) < 300  # type: ignore[union-attr]
    u = x
    for _ in range(40):
        u = rnp.concat([u[1:], u[:1]])
    assert sum(1 for s in compiled([u]).steps for _ in walk(s.body)) < 1500  # type: ignore[union-attr]


def test_long_chains_are_cut() -> None:
    t = x
    for _ in range(2000):
        t = t * 0.5 + y
    p = compiled([t])
    assert max(sum(1 for _ in walk(s.body)) for s in p.steps) < 1500  # type: ignore[union-attr]


def test_undeclared_inputs_and_sizes_are_refused() -> None:
    with pytest.raises(LinkError, match="is no input"):
        cgen.program([x], [x + y])
    with pytest.raises(LinkError, match="read off no argument"):
        cgen.program([x], [rnp.ones("q") * 2])
