"""Random typed graphs over every dtype: what the differential tests compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError
from relgraph.terms import rows
from relgraph.terms.term import CONST, Term
from relgraph.terms.type import Type

Pick = Callable[[int], int]  # a number below n: drawn by hypothesis, or by a random generator
Array = np.ndarray[Any, Any]
N = 3
SHAPES = [(), (N,), (N,), (1, N), (2, N), (N, N)]
KINDS = ["float64", "float64", "float64", "float32", "int64", "int32", "int8", "uint8", "bool", "complex128", "complex64"]
REAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.5, 1e-3, 0.1, 0.9999999, 17.0, 30.0, -40.0, 1e-9, 1e8]
HOSTILE = [5e-324, 1e-300, 1e300, -1e300, 710.0, -750.0, 1e17, np.inf, -np.inf, np.nan]
EXTRA = {"int64": [0, 1, -1, 2, 7, -13, 2 ** 31, -2 ** 63], "int32": [0, 1, -1, 2, 5, 2 ** 31 - 1, -2 ** 31],
         "int8": [0, 1, -1, 3, 100, 127, -128], "uint8": [0, 1, 2, 3, 200, 255], "bool": [False, True]}

# -- graphs ---------------------------------------------------------------------------------------------------------------

# Slow in unlimited precision; about what is no number.
LEFT_OUT = ("digamma", "gammaln", "trigamma", "polygamma", "isnan", "isinf", "isfinite", "copysign")  # NaN has a sign, any
ELEMENTWISE: list[Callable[..., Any]] = [op for op in rows().values() if op.kind == "elementwise" and not op.attrs and op.arity
                                         and op.name not in LEFT_OUT]
MOVED: list[Callable[..., Any]] = [
    lambda a: rnp.sum(a), lambda a: rnp.sum(a, axis=-1), lambda a: rnp.sum(a, axis=0, keepdims=True), lambda a: rnp.mean(a),
    lambda a: rnp.max(a, axis=-1), lambda a: rnp.min(a), lambda a: rnp.prod(a, axis=-1), lambda a: rnp.special.logsumexp(a, -1),
    lambda a: rnp.special.softmax(a, -1), lambda a: rnp.any(rnp.greater(a, 1)), lambda a: rnp.all(rnp.less(a, 2), axis=-1),
    lambda a: a.T, lambda a: a[None], lambda a: a[..., 0], lambda a: a[..., ::-1],
    lambda a: a[..., 1:], lambda a: a.reshape(-1),
    lambda a: rnp.reshape(a, (1, -1)), lambda a: rnp.squeeze(a),
    lambda a: rnp.broadcast_to(a, (2, *a.shape)), lambda a: a[:, None],
    lambda a: rnp.take(a, np.array([0, -1]), axis=-1),
    lambda a: rnp.diag(a), lambda a: rnp.trace(a), lambda a: rnp.tril(a),
    lambda a: rnp.astype(a, "float64"), lambda a: rnp.astype(a, "float32"), lambda a: rnp.astype(a, "int32"),
    lambda a: rnp.linalg.det(a + 2 * rnp.eye(N)), lambda a: rnp.linalg.inv(rnp.matmul(a, a.mT) + rnp.eye(N)), lambda a: a * 2,
    lambda a: a / 3, lambda a: 1 - a, lambda a: a + 0, lambda a: a * 1, lambda a: a ** 2,
    lambda a: a ** 0.5, lambda a: 1 / a, lambda a: -a]
JOINED: list[Callable[..., Any]] = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a @ b, lambda a, b: a + b - a,
    lambda a, b: a * b / a, lambda a, b: a * b + a * b, lambda a, b: rnp.where(rnp.greater(a, b), a, b), lambda a, b: -(a + b),
    lambda a, b: rnp.concat([a, b], axis=-1), lambda a, b: rnp.stack([a, b]), lambda a, b: rnp.log(rnp.exp(a) + rnp.exp(b)),
    lambda a, b: rnp.exp(a) * rnp.exp(b), lambda a, b: rnp.log(a * b), lambda a, b: rnp.linalg.solve(a + 3 * rnp.eye(N), b),
    lambda a, b: rnp.outer(a, b), lambda a, b: rnp.exp(a) / (1 + rnp.exp(a)) + b, lambda a, b: rnp.sqrt(a * a) * b]
OPS = ELEMENTWISE + MOVED + JOINED + JOINED


def operands_of(f: Any) -> int:
    return f.arity if isinstance(f, rg.Op) else f.__code__.co_argcount


def program(pick: Pick, name: str = "") -> tuple[list[Term], list[Term]]:
    """Inputs, and what was built of them: every step takes operands from before it; what has no type is left out."""
    inputs = [rg.tensor(f"{'abc'[i]}{name}", SHAPES[pick(len(SHAPES))], KINDS[pick(len(KINDS))]) for i in range(1 + pick(3))]
    pool: list[Term] = list(inputs)
    for _ in range(2 + pick(8)):
        f = OPS[pick(len(OPS))]
        chosen = [pool[-1 - pick(len(pool))] for _ in range(operands_of(f))]
        try:
            new = f(*chosen)
        except (RelgraphError, TypeError, ValueError, IndexError):
            continue
        shape: Any = new.type.shape if type(new.type) is Type else (1_000,)
        if np.prod(shape, dtype=int) <= 60:
            pool.append(new)
    return inputs, [t for t in pool[len(inputs):] if t.op is not CONST]


def arrays(pick: Pick, inputs: Sequence[Term]) -> dict[Term, Array]:
    out = {}
    for t in inputs:
        n = int(np.prod(t.type.shape))
        d = t.type.dtype
        values = EXTRA.get(d.name) or (REAL + HOSTILE if pick(4) == 0 else REAL)
        found = [values[pick(len(values))] for _ in range(n)]
        with np.errstate(over="ignore"):
            a = np.array(found).astype(d).reshape(t.type.shape)
        out[t] = a * (1 + 0.5j) if d.kind == "c" and np.isfinite(a).all() else a
    return out
