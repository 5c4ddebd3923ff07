"""What cannot be put side by side, taken apart or told equal is said by name; values are in `test_namespace`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError, ShapeError

x, n, z = rg.vector("x", shape=3), rg.vector("n", shape="n"), rg.tensor("z", shape=2, dtype="complex128")
X = rg.matrix("X", shape=(2, 3))

MISUSES: list[tuple[Any, type[Exception], str]] = [
    (lambda: rnp.hstack([]), MisuseError, r"hstack: \[\] was given, .* rnp\.hstack\(\[x, y\]\)"),
    (lambda: rnp.vstack(3), MisuseError, "vstack: 3 was given"),
    (lambda: rnp.vstack([x, rg.vector("w", shape=2)]), ShapeError, "concat"),
    (lambda: rnp.unstack(n), ShapeError, r"unstack: axis 0 of n: float64\[n\] has the length n, .* shape=\(3,\)"),
    (lambda: rnp.unstack(X, axis=2), rg.errors.AxisError, "axis 2 is out of range"),
    (lambda: rnp.array_split(n, 2), ShapeError, r"array_split: 2 parts of an axis of length n; .*rnp\.split\(x, \[2, 5\]\)"),
    (lambda: rnp.array_split(x, 0), ShapeError, "array_split: 0 parts"),
    (lambda: rnp.average(X, weights=x), ShapeError, r"average: the weights are float64\[3\], .* as in axis=-1"),
    (lambda: rnp.average(X, axis=0, weights=x), ShapeError, "broadcast"),
    (lambda: rnp.median(rg.vector("nothing", shape=0)), ShapeError, "has no elements along axis None"),
    (lambda: rnp.array_equal(x, n), ShapeError, "array_equal: .* may have different shapes; declare both with one name"),
    (lambda: rnp.nan_to_num(z), MisuseError, r"nan_to_num: z: complex128\[2\] is complex; .*rnp\.real\(x\)"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), MISUSES, ids=[m for _, _, m in MISUSES])
def test_misuse_is_named(wrong: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wrong()


def test_stack_and_unstack_are_inverses() -> None:
    parts = rnp.unstack(X)
    assert rg.rewrite(rnp.stack(parts)) is X
    m = rg.vector("m", shape=3)
    assert [rg.rewrite(p) for p in rnp.unstack(rnp.stack([x, m]))] == [x, m]
    first, second = [rg.rewrite(p) for p in rnp.unstack(rnp.stack([x, n]))]  # what was told equal to 3 is read as 3
    assert first is x and second.op.name == "index" and second.args[0] is n and second.type is x.type


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_median_of_a_length_known_when_called(size: int) -> None:
    v = np.random.default_rng(size).normal(size=size)
    f = rg.function([n], rnp.median(n))
    assert f(v) == pytest.approx(np.median(v), rel=1e-15)
    assert np.isnan(f(np.where(np.arange(size) == 0, np.nan, v)))
