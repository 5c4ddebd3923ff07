"""Random typed expressions over few inputs, and values for these: what the form, the rules and derivations are tried on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Op, Term

SHAPES: Sequence[tuple[int, ...]] = [(), (3,), (2, 3), (2, 1), (1, 3)]
DTYPES = ("float64", "float32", "int8", "uint8", "int64", "bool", "complex128")
ARITHMETIC: list[Any] = [rnp.add, rnp.subtract, rnp.multiply, rnp.divide, rnp.add, rnp.multiply, rnp.negative, rnp.square,
                         rnp.abs, rnp.maximum]
POWERS = (0, 1, 2, 3, -1, -2, 0.5)
CONSTANTS = (0, 1, -1, 2, 3, 0.5, -2.0, 7)
SMOOTH: list[Any] = [rnp.exp, rnp.log, rnp.log1p, rnp.expm1, rnp.tanh, rnp.sqrt, rnp.sigmoid, rnp.softplus, rnp.sin, rnp.cos,
                     rnp.special.erf, rnp.minimum, lambda x: rnp.sum(x), lambda x: rnp.mean(x, axis=-1) if x.ndim else x,
                     lambda x: rnp.where(x > 0, x, -x), lambda x: rnp.log(1 + rnp.exp(x)), lambda x: 1 / (1 + rnp.exp(-x)),
                     lambda x: x.T, lambda x: rnp.max(x)]


def inputs(dtypes: Sequence[str]) -> list[Term]:
    """One input for each dtype and shape."""
    return [rg.tensor(f"{d}_{i}", shape=s, dtype=d) for d in dtypes for i, s in enumerate(SHAPES)]


FLOATS = [rg.tensor(n, shape=s) for n, s in (("a", (2, 3)), ("b", (2, 3)), ("c", (3,)), ("d", ()), ("e", (2, 1)))]


def expression(rng: random.Random, leaves: Sequence[Term], size: int, ops: Sequence[Any] = ARITHMETIC) -> Term:
    """An expression of so many ops; what a dtype or a shape refuses is left out."""
    pool = list(rng.sample(list(leaves), min(4, len(leaves))))
    while len(pool) < size + 4:
        a, b = rng.choice(pool[-6:]), rng.choice(pool)
        try:
            how = rng.random()
            if how < 0.12:
                new = a ** rng.choice(POWERS if a.dtype.kind in "fc" else POWERS[:4])
            elif how < 0.3:
                new = rng.choice(ARITHMETIC[:4])(*rng.sample([a, rng.choice(CONSTANTS)], 2))
            else:
                fn = rng.choice(ops)
                new = fn(a, b) if isinstance(fn, Op) and fn.arity == 2 else fn(a)
        except (rg.errors.RelgraphError, TypeError, ValueError):
            pool.append(a)
            continue
        pool.append(new)
    return pool[-1]


def values(rng: np.random.Generator, leaves: Sequence[Term]) -> dict[Term, Any]:
    """Moderate values: no rounding of the tests' own making."""
    out: dict[Term, Any] = {}
    for t in leaves:
        d, s = t.type.dtype, t.type.shape
        if d.kind == "b":
            out[t] = rng.integers(0, 2, s).astype(d)
        elif d.kind in "iu":
            out[t] = rng.integers(0 if d.kind == "u" else -100, 100, s).astype(d)
        elif d.kind == "c":
            out[t] = (rng.uniform(0.5, 1.5, s) + 1j * rng.uniform(-1, 1, s)).astype(d)
        else:
            out[t] = rng.uniform(0.3, 1.7, s).astype(d)
    return out


def value(t: Term, at: dict[Term, Any]) -> Any:
    """What NumPy makes of a term."""
    return evaluate([t], at)[0]
