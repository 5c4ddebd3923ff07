"""Every pullback against finite differences, forward against reverse mode, and second derivatives; from the table of rows."""

from __future__ import annotations

from typing import Any

import instances as examples
import numpy as np
import pytest
from instances import Instance, plain
from test_rows import IDS, OPS, parts

import relgraph as rg
from relgraph.autodiff.pull import pull
from relgraph.errors import GradientError
from relgraph.terms import row
from relgraph.terms.elementwise import astype, conj, real
from relgraph.terms.evaluate import evaluate
from relgraph.terms.linalg import nth
from relgraph.terms.structure import sum
from relgraph.terms.term import Op, Term, attr, input_term
from relgraph.terms.type import Type

Array = np.ndarray[Any, Any]

# Rows through which no gradient flows, and why.
CONSTANT = "constant wherever it is differentiable"
NO_GRADIENT = {
    **dict.fromkeys(["floor_divide", "floor", "ceil", "sign", "trunc", "rint"], CONSTANT),
    **dict.fromkeys(["equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or",
                     "logical_xor", "logical_not", "isnan", "isinf", "isfinite", "all", "any"], "is true or false"),
    **dict.fromkeys(["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_invert", "bitwise_left_shift",
                     "bitwise_right_shift"], "is defined for integers"),
    **dict.fromkeys(["dim", "arange", "eye"], "has no operands"),
    **dict.fromkeys(["argsort", "argmax", "argmin", "unique_index"], "is a position"),
    "pivot_order": "is a position",
    "stop_gradient": "is there to stop gradients",
}

# Where each operand of an elementwise row is smooth and of moderate size; elsewhere the values are `plain`.
SMOOTH: dict[str, tuple[tuple[float, float], ...]] = {
    "sqrt": ((0.3, 3),), "log": ((0.3, 3),), "log2": ((0.3, 3),), "log10": ((0.3, 3),), "log1p": ((-0.6, 3),),
    "reciprocal": ((0.4, 3),), "divide": ((-2, 2), (0.4, 3)), "remainder": ((4.1, 4.9), (1.3, 1.9)), "tan": ((-1.1, 1.1),),
    "gammaln": ((0.4, 4),), "digamma": ((0.4, 4),), "trigamma": ((0.4, 4),),
    "polygamma": ((0.4, 4),), "log1mexp": ((-3, -0.3),),
    **dict.fromkeys(["ive", "k0e", "k1e", "kve"], ((0.4, 4),)),
    "power": ((0.3, 2), (-2, 2)), "abs": ((0.3, 2),), "floor_divide": ((4.1, 4.9), (1.3, 1.9)), "floor": ((0.1, 0.9),),
    "ceil": ((0.1, 0.9),), "sign": ((0.3, 2),), "maximum": ((0, 1), (1.5, 2)), "minimum": ((0, 1), (1.5, 2)),
    "prod": ((0.5, 1.5),),
    "arcsin": ((-0.8, 0.8),), "arccos": ((-0.8, 0.8),), "arctanh": ((-0.8, 0.8),), "arccosh": ((1.3, 3),),
    "hypot": ((0.3, 2), (-2, -0.3)), "arctan2": ((0.3, 2), (-2, -0.3)), "cbrt": ((0.3, 3),), "copysign": ((0.3, 2), (-2, -0.3)),
    "erfinv": ((-0.8, 0.8),), "logit": ((0.2, 0.9),), "xlogy": ((0.3, 2), (0.3, 3)), "xlog1py": ((0.3, 2), (-0.6, 3)),
    "betaln": ((0.4, 4), (0.4, 4)),
}
# Rows without a derivative, which say so when one is asked for.
WITHOUT = dict.fromkeys(["schur", "qz"], "turns within invariant subspaces")
# The phases of complex vectors are nobody's promise: tests/terms/test_decompositions.py differentiates what is free of them.
PHASES = {"eigh", "svd", "eig"}
PRECISE = ("float64", "complex128")  # precise enough for finite differences


def smooth(op: Op, dtype: str) -> list[Instance]:
    """Examples of a row in a dtype, where finite differences are meaningful."""
    out = []
    for x in examples.instances(op):
        kinds = [a.dtype.name for a in x.arrays if a.dtype.kind in "fc"]
        if not kinds or set(kinds) != {dtype} or not x.arrays[0].size:
            continue
        if op.name in SMOOTH:
            bounds = SMOOTH[op.name]
            x = Instance(op, tuple(_between(a, *bounds[k], seed=k) for k, a in enumerate(x.arrays)), x.attrs)
        out.append(x)
    return out


def _between(a: Array, low: float, high: float, seed: int) -> Array:
    rng = np.random.default_rng([seed, a.size])
    x = rng.uniform(low, high, a.shape)
    return (x + 0.3j * rng.normal(size=a.shape)).astype(a.dtype) if a.dtype.kind == "c" else x.astype(a.dtype)


def run(terms: list[Term], inputs: list[Term], arrays: tuple[Array, ...] | list[Array]) -> list[Array]:
    return evaluate(terms, dict(zip(inputs, arrays, strict=True)))


def directions(x: Instance, seed: int) -> list[Array | None]:
    """A direction per operand that has a derivative."""
    out = []
    for k, a in enumerate(x.arrays):
        v = plain(a.dtype, a.shape, seed + k) if a.dtype.kind in "fc" else None
        if v is not None and x.op.name in ("cholesky", "eigh", "eigvalsh"):
            v = v + np.conj(np.swapaxes(v, -1, -2))  # the row reads one triangle and takes the other to be its mirror
        out.append(v)
    return out


def inner(a: Array, b: Array) -> float:
    return float(np.sum(np.real(np.conj(a) * b)))


def finite_difference(x: Instance, terms: list[Term], inputs: list[Term], v: list[Array | None]) -> list[Array]:
    """Central differences, of two steps, extrapolated."""
    def at(h: float) -> list[Array]:
        moved = [[a if d is None else a + s * h * d for a, d in zip(x.arrays, v, strict=True)] for s in (1, -1)]
        up, down = (run(terms, inputs, m) for m in moved)
        return [(a - b) / (2 * h) for a, b in zip(up, down, strict=True)]
    h = 1e-4
    return [(4 * b - a) / 3 for a, b in zip(at(h), at(h / 2), strict=True)]


def unique_inputs(x: Instance) -> tuple[Term, list[Term]]:
    inputs = [input_term(f"v{k}", Type(a.dtype, a.shape)) for k, a in enumerate(x.arrays)]
    return x.op(*inputs, *map(attr, x.attrs)), inputs


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_pullback_is_the_derivative(op: Op, dtype: str) -> None:
    if op.name in NO_GRADIENT | WITHOUT or (op.name in PHASES and dtype == "complex128"):
        return
    tried = smooth(op, dtype)
    assert tried or dtype == "complex128", f"{op.name} has no float64 example"
    for x in tried:
        t, inputs = unique_inputs(x)
        ys = [p for p in parts(t) if p.type.dtype.name in PRECISE]
        floats = [i for i in inputs if i.type.dtype.kind in "fc"]
        if not ys:
            continue
        v = directions(x, 5)
        numeric = finite_difference(x, ys, inputs, v)
        tangents = rg.jvp(ys, floats, [d for d in v if d is not None], disconnected="zero")
        forward = run(tangents, inputs, x.arrays)
        seeds = [plain(y.type.dtype, y.type.shape, 11) for y in ys]
        back = rg.vjp(ys, floats, seeds, disconnected="zero")
        assert [b.type for b in back] == [i.type for i in floats]
        reverse = run(back, inputs, x.arrays)
        for y, a, b in zip(ys, forward, numeric, strict=True):
            assert a.dtype == y.type.dtype and a.shape == y.type.shape, (x, y.type, a.dtype, a.shape)
            np.testing.assert_allclose(a, b, rtol=2e-7, atol=2e-7 * max(1, np.abs(b).max(initial=0)), err_msg=f"{x}: jvp")
        wanted = np.sum([inner(u, b) for u, b in zip(seeds, numeric, strict=True)])
        found = np.sum([inner(g, d) for g, d in zip(reverse, [d for d in v if d is not None], strict=True)])
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6, err_msg=f"{x}: vjp")


@pytest.mark.parametrize("op", [op for op in OPS if op.kind == "elementwise" and op.name not in NO_GRADIENT],
                         ids=lambda op: op.name)
def test_second_derivatives(op: Op) -> None:
    for dtype in ("float64", "complex128"):
        for x in smooth(op, dtype)[:3]:
            t, inputs = unique_inputs(x)
            if t.type.dtype.kind not in "fc":
                continue
            floats = [i for i in inputs if i.type.dtype.kind in "fc"]
            seed = plain(t.type.dtype, t.type.shape, 3)
            first = rg.vjp(t, floats, seed, disconnected="zero")
            v = directions(x, 7)
            numeric = finite_difference(x, first, inputs, v)
            found = run(rg.jvp(first, floats, [d for d in v if d is not None], disconnected="zero"), inputs, x.arrays)
            for a, b in zip(found, numeric, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6 * max(1, np.abs(b).max(initial=0)), err_msg=repr(x))
            y = sum(real(conj(t) * seed)) if dtype == "complex128" else sum(astype(t, "float64") * seed)
            seeds = [d for d in v if d is not None]
            second = rg.vjp(rg.grad(y, floats, disconnected="zero"), floats, seeds, disconnected="zero")
            wanted = run(rg.jvp(rg.grad(y, floats, disconnected="zero"), floats, seeds, disconnected="zero"), inputs, x.arrays)
            for a, b in zip(run(second, inputs, x.arrays), wanted, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=f"{x}: the second derivative is not symmetric")


@pytest.mark.parametrize("name", sorted(WITHOUT))
def test_no_derivative_is_an_error(name: str) -> None:
    t, inputs = next(x for x in examples.instances(row(name)) if x.arrays[0].dtype == "float64").term()
    with pytest.raises(GradientError, match=rf"{name}: has no derivative; .* wrap it in rg.stop_gradient"):
        rg.grad(sum(nth(t, 0)), inputs)


@pytest.mark.parametrize("name", sorted(NO_GRADIENT))
def test_no_gradient(name: str) -> None:
    op = row(name)
    assert op.pullback is not None
    for x in examples.instances(op, few=True):
        t, inputs = x.term()
        floats = [i for i in inputs if i.type.dtype.kind in "fc"]
        if t.type.dtype.kind in "fc" and floats:
            assert all(g is None for g in pull([t], [t], floats).cotangents)
