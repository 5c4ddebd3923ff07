"""Random programs: gradients against finite differences, forward against reverse mode, batches against a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Term

INPUTS = [rg.scalar("s"), rg.vector("x", shape="n"), rg.tensor("r", shape=(1, "n")), rg.tensor("c", shape=("m", 1)),
          rg.tensor("A", shape=("m", "n"))]
SIZES = {"m": 2, "n": 3}
UNARY: list[Any] = [rnp.sin, rnp.tanh, rnp.exp, lambda v: rnp.log(v * v + 1), lambda v: rnp.sqrt(v * v + 0.5), rnp.square,
                    rnp.special.expit, lambda v: rnp.where(v > 0.1, v * v, rnp.sin(v)), lambda v: rnp.abs(v + 0.05)]
BINARY: list[Any] = [rnp.add, rnp.multiply, rnp.subtract, lambda a, b: a / (b * b + 1), rnp.logaddexp, rnp.maximum,
                     lambda a, b: rnp.where(a > b, a, b * b)]
SHAPED: list[Any] = [lambda v: rnp.sum(v, axis=-1, keepdims=True), lambda v: rnp.mean(v, axis=0, keepdims=True),
                     lambda v: v[..., ::-1], lambda v: rnp.special.softmax(v, -1), lambda v: rnp.max(v, axis=-1, keepdims=True),
                     lambda v: rnp.concat([v, v * 0.5], axis=-1)[..., : v.shape[-1]], lambda v: rnp.expand_dims(v, 0)[0],
                     lambda v: rnp.reshape(rnp.reshape(v, -1), v.shape),
                     lambda v: rnp.matrix_transpose(v).T if v.ndim == 2 else v]


def program(seed: int) -> Term:
    """A scalar of about 15 ops over all inputs; smaller values keep finite differences meaningful."""
    rng = np.random.default_rng(seed)
    pool: list[Term] = list(INPUTS)
    for _ in range(12):
        kind = rng.integers(0, 4)
        a = pool[rng.integers(len(pool))]
        if kind == 0:
            new = UNARY[rng.integers(len(UNARY))](a)
        elif kind == 1 and a.ndim:
            new = SHAPED[rng.integers(len(SHAPED))](a)
        else:
            new = BINARY[rng.integers(len(BINARY))](a, pool[rng.integers(len(pool))])
        pool.append(rnp.tanh(new) if rng.random() < 0.3 else new)
    total = rnp.sum(pool[-1])
    for v in pool[-4:-1]:
        total = total + rnp.mean(v)
    return total


def arrays(seed: int, lead: tuple[int, ...] = ()) -> dict[Term, Any]:
    rng = np.random.default_rng(seed + 1000)
    shapes = [tuple(SIZES.get(d, d) if isinstance(d, str) else d for d in t.type.shape) for t in INPUTS]
    return {t: rng.uniform(-1, 1, lead + s) for t, s in zip(INPUTS, shapes, strict=True)}  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(60))
def test_gradients(seed: int) -> None:
    y, at = program(seed), arrays(seed)
    gs = rg.grad(y, INPUTS, disconnected="zero")
    assert [g.type for g in gs] == [t.type for t in INPUTS]
    found = evaluate(gs, at)
    v = arrays(seed + 500)
    h = 1e-5
    up, down = ({t: a + k * h * v[t] for t, a in at.items()} for k in (1, -1))
    numeric = (evaluate([y], up)[0] - evaluate([y], down)[0]) / (2 * h)
    along = sum(float(np.sum(g * v[t])) for g, t in zip(found, INPUTS, strict=True))
    np.testing.assert_allclose(along, numeric, rtol=1e-5, atol=1e-7)
    forward = evaluate([rg.jvp(y, INPUTS, [v[t] for t in INPUTS])], at)[0]
    np.testing.assert_allclose(forward, along, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_second_order_is_symmetric_and_batches_are_loops(seed: int) -> None:
    y, at = program(seed), arrays(seed)
    A = INPUTS[-1]
    H = evaluate([rg.hessian(y, A, disconnected="zero")], at)[0].reshape(6, 6)
    np.testing.assert_allclose(H, H.T, rtol=1e-8, atol=1e-10)
    g = rg.grad(y, A, disconnected="zero")
    batches = {t: rg.tensor(f"{t.data}_", shape=("b", *t.type.shape)) for t in INPUTS}
    many = arrays(seed, (4,))
    found = evaluate(rg.vectorize([y, g], batches), {batches[t]: a for t, a in many.items()})
    for k in range(4):
        one = evaluate([y, g], {t: a[k] for t, a in many.items()})
        np.testing.assert_allclose(found[0][k], one[0], rtol=1e-10)
        np.testing.assert_allclose(found[1][k], one[1], rtol=1e-9, atol=1e-12)
