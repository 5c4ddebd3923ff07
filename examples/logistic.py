"""Logistic regression on real data: the textbook loss, its gradient and Hessian, fitted with Newton's method.

    relgraph run examples/logistic.py          python examples/logistic.py --linker numba

Data: 569 tumours, 30 measurements each (examples/data/README.md).  The loss is written as in a textbook, with
``log(1/(1 + exp(-z)))``, which in floating point is -inf for z < -745 and loses digits long before; the relations turn it
into ``softplus``, which is right everywhere, and the derivation says which relation did so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp

DATA = Path(__file__).parent / "data" / "breast_cancer.csv"
RIDGE = 1e-3  # the classes can nearly be separated: without it some weights grow forever


def load() -> tuple[np.ndarray, np.ndarray]:
    """The standardised measurements with a column of ones, and the labels."""
    table = np.loadtxt(DATA, delimiter=",", skiprows=1)
    X, y = table[:, :-1], table[:, -1]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.column_stack([X, np.ones(len(X))]), y


def loss(X: rg.Term, y: rg.Term, w: rg.Term) -> rg.Term:
    """The mean negative log likelihood, and a small ridge."""
    z = X @ w
    p = 1 / (1 + rnp.exp(-z))
    return rnp.mean(-(y * rnp.log(p) + (1 - y) * rnp.log(1 - p))) + 0.5 * RIDGE * rnp.sum(w * w)


def model() -> dict[str, Any]:
    """What `relgraph run` looks for: outputs, values of the inputs, and what to differentiate by, how often."""
    X, y, w = rg.matrix("X", shape=("n", "k")), rg.vector("y", shape="n"), rg.vector("w", shape="k")
    data, labels = load()
    return {"outputs": {"loss": loss(X, y, w)}, "wrt": w, "order": 2,
            "values": {X: data, y: labels, w: np.zeros(data.shape[1])}}


def fit(f: Callable[..., Any], values: dict[rg.Term, np.ndarray], *, steps: int = 25) -> np.ndarray:
    """Newton's method to convergence; ``f`` is the compiled function of `model`."""
    X, y, w = values.values()
    for step in range(steps):
        out = f(X, y, w)
        move = np.linalg.solve(out["hessian"], out["gradient"])
        print(f"step {step:2d}  loss {float(out['loss']):.12f}  |gradient| {np.linalg.norm(out['gradient']):.1e}")
        if np.linalg.norm(out["gradient"]) < 1e-10:
            break
        w = w - move
    print(f"accuracy {np.mean((X @ w > 0) == (y > 0.5)):.4f} on {len(y)} tumours")
    return w


def main() -> None:
    parser = argparse.ArgumentParser(description="Logistic regression by Newton's method.")
    parser.add_argument("--linker", choices=["c", "numba", "jax", "numpy"], help="default: c where a compiler exists")
    chosen = parser.parse_args().linker
    m = model()
    value, w = m["outputs"]["loss"], m["wrt"]
    outputs = {"loss": value, "gradient": rg.grad(value, w), "hessian": rg.hessian(value, w)}
    f = rg.function(list(m["values"]), outputs, **({"linker": chosen} if chosen else {}))
    fit(f, m["values"])
    print(f.derivation)


if __name__ == "__main__":
    main()
