"""The programs that are compared: each as NumPy, as relgraph, as PyTensor and as hand-written C."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
A, B = 1.5, -0.25


@dataclass(frozen=True)
class Workload:
    """One program; ``build(xp, inputs)`` writes it with any namespace of NumPy's names."""

    name: str
    ranks: tuple[int, ...]  # of the inputs
    build: Callable[..., Any]  # (namespace, *inputs) -> one output
    arrays: Callable[[], list[Any]]
    by_c: Callable[[Any, list[Any]], Callable[[], Any]]
    by_numpy: Callable[..., Any]
    wrt: int | None = None  # the input that value and gradient are taken by


def _random(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(shape)


def _pointer(x: np.ndarray) -> Any:
    return ctypes.c_void_p(x.ctypes.data)


def _softplus_c(lib: Any, arrays: list[Any]) -> Callable[[], Any]:
    x, = arrays
    out = np.empty_like(x)
    args = (_pointer(x), ctypes.c_double(A), ctypes.c_double(B), _pointer(out), ctypes.c_size_t(x.size))
    return lambda: (lib.softplus_chain(*args), out)[1]


def _logsumexp_c(lib: Any, arrays: list[Any]) -> Callable[[], Any]:
    x, = arrays
    out = np.empty(len(x))
    args = (_pointer(x), _pointer(out), ctypes.c_size_t(x.shape[0]), ctypes.c_size_t(x.shape[1]))
    return lambda: (lib.row_logsumexp(*args), out)[1]


def _logistic_c(lib: Any, arrays: list[Any]) -> Callable[[], Any]:
    X, y, w = arrays
    grad = np.empty_like(w)
    lib.logistic.restype = ctypes.c_double
    args = (_pointer(X), _pointer(y), _pointer(w), _pointer(grad), ctypes.c_size_t(X.shape[0]), ctypes.c_size_t(X.shape[1]))
    return lambda: (lib.logistic(*args), grad)


def _add_c(lib: Any, arrays: list[Any]) -> Callable[[], Any]:
    lib.add.restype, lib.add.argtypes = ctypes.c_double, [ctypes.c_double, ctypes.c_double]
    a, b = map(float, arrays)
    return lambda: lib.add(a, b)


def _softplus_numpy(x: Any) -> Any:
    return np.logaddexp(0, A * x + B) - 0.5 * x


def _logsumexp_numpy(x: Any) -> Any:
    top = x.max(axis=1)
    return top + np.log(np.exp(x - top[:, None]).sum(axis=1))


def _logistic_numpy(X: Any, y: Any, w: Any) -> Any:
    z = X @ w
    t = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + t), t / (1 + t))
    return np.mean(np.log1p(t) + np.maximum(z, 0) - y * z), X.T @ (p - y) / len(y)


def _logistic(xp: Any, X: Any, y: Any, w: Any) -> Any:
    p = 1 / (1 + xp.exp(-(X @ w)))
    return xp.mean(-(y * xp.log(p) + (1 - y) * xp.log(1 - p)))


WORKLOADS: Sequence[Workload] = (
    Workload("a + b, call", (0, 0), lambda xp, a, b: a + b, lambda: [np.float64(1.5), np.float64(2.5)], _add_c, np.add),
    Workload("softplus chain, 1e6", (1,), lambda xp, x: xp.log(1 + xp.exp(A * x + B)) - 0.5 * x,
             lambda: [3 * _random(1_000_000)], _softplus_c, _softplus_numpy),
    Workload("logsumexp of rows, 1000x1000", (2,), lambda xp, x: xp.log(xp.sum(xp.exp(x), axis=1)),
             lambda: [3 * _random(1000, 1000)], _logsumexp_c, _logsumexp_numpy),
    Workload("logistic loss + gradient, 100000x20", (2, 1, 1), _logistic,
             lambda: [_random(100_000, 20), (_random(100_000) > 0).astype(float), 0.3 * _random(20)],
             _logistic_c, _logistic_numpy, wrt=2),
)


@cache
def reference() -> Any:
    """The shared library made of reference.c."""
    out = Path(tempfile.mkdtemp(prefix="relgraph-bench-")) / "reference.so"
    flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, "-o", str(out), str(HERE / "reference.c"), "-lmvec", "-lm"], check=True)
    return ctypes.CDLL(str(out))


def relgraph_function(w: Workload) -> Callable[..., Any]:
    """The program compiled by relgraph, default linker and pipeline."""
    import relgraph as rg
    import relgraph.numpy as rnp

    inputs = [rg.tensor(f"x{i}", ndim=r) if r else rg.scalar(f"x{i}") for i, r in enumerate(w.ranks)]
    y = w.build(rnp, *inputs)
    return rg.function(inputs, y if w.wrt is None else [y, rg.grad(y, inputs[w.wrt])])


def pytensor_function(w: Workload) -> Callable[..., Any]:
    """The program compiled by PyTensor, default mode."""
    import pytensor
    import pytensor.tensor as pt

    inputs = [pt.tensor(f"x{i}", dtype="float64", shape=(None,) * r) for i, r in enumerate(w.ranks)]
    y = w.build(pt, *inputs)
    return pytensor.function(inputs, y if w.wrt is None else [y, pt.grad(y, inputs[w.wrt])])


BUILDERS = {"relgraph": relgraph_function, "PyTensor": pytensor_function}
