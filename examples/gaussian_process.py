"""A Gaussian process for the CO2 of Mauna Loa: log marginal likelihood and gradient, written with `inv` and `det`.

    relgraph run examples/gaussian_process.py          python examples/gaussian_process.py --linker jax

Nobody should compute ``log(det(K))`` of 521 measurements like this: the determinant underflows to 0, and the inverse costs
three times a Cholesky factorisation.  Written so, it is still what the textbook says; that K is positive definite is the
one thing added, and from it the relations arrive at one Cholesky factorisation for the value and the gradient.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp

DATA = Path(__file__).parent / "data" / "mauna_loa_co2.csv"
START = np.log([1.0, 30.0, 0.1, 1.0, 0.1])  # trend: size, years; season: size, shape; noise


def load(every: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Time in years and the standardised concentration without its straight line."""
    year, month, ppm = np.loadtxt(DATA, delimiter=",", skiprows=1)[::every].T
    t = year + (month - 0.5) / 12 - 1980
    rest = ppm - np.polyval(np.polyfit(t, ppm, 1), t)
    return t, rest / rest.std()


def log_likelihood(t: rg.Term, y: rg.Term, theta: rg.Term) -> rg.Term:
    """The log marginal likelihood; ``theta`` holds the logarithms of the five hyperparameters."""
    size, years, season, shape, noise = (rnp.exp(theta[i]) for i in range(5))
    d = t[:, None] - t[None, :]
    trend = size**2 * rnp.exp(-0.5 * (d / years) ** 2)
    yearly = season**2 * rnp.exp(-2 * (rnp.sin(np.pi * d) / shape) ** 2)
    n = t.shape[0]
    K = rg.assume(trend + yearly + (noise**2 + 1e-6) * rnp.eye(n), pd=True)
    return -0.5 * (y @ rnp.linalg.inv(K) @ y) - 0.5 * rnp.log(rnp.linalg.det(K)) - 0.5 * n * np.log(2 * np.pi)


def model(every: int = 1) -> dict[str, Any]:
    """What `relgraph run` looks for: outputs, values of the inputs, and what to differentiate by."""
    t, y, theta = rg.vector("t", shape="n"), rg.vector("y", shape="n"), rg.vector("theta", shape=5)
    times, rest = load(every)
    return {"outputs": {"log_likelihood": log_likelihood(t, y, theta)}, "wrt": theta,
            "values": {t: times, y: rest, theta: START}}


def fit(f: Callable[..., Any], values: dict[rg.Term, np.ndarray], *, steps: int = 60) -> np.ndarray:
    """The hyperparameters of the highest likelihood, by L-BFGS; ``f`` is the compiled function of `model`."""
    from scipy.optimize import minimize

    t, y, theta = values.values()
    calls = 0

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal calls
        calls += 1
        out = f(t, y, theta)
        return -float(out["log_likelihood"]), -np.asarray(out["gradient"])

    found = minimize(objective, theta, jac=True, method="L-BFGS-B", bounds=[(-7.0, 7.0)] * len(theta),
                     options={"maxiter": steps})
    print(f"log likelihood {-objective(theta)[0]:.3f} -> {-found.fun:.3f} in {found.nit} steps, {calls} calls, {len(t)} months")
    for name, value in zip(["trend size", "trend years", "season size", "season shape", "noise"], np.exp(found.x), strict=True):
        print(f"  {name:12s} {value:8.4f}")
    return found.x


def main() -> None:
    parser = argparse.ArgumentParser(description="A Gaussian process, its hyperparameters fitted by L-BFGS.")
    parser.add_argument("--linker", choices=["c", "numba", "jax", "numpy"], help="default: c where a compiler exists")
    parser.add_argument("--every", type=int, default=1, help="take every so many months (default: all)")
    arguments = parser.parse_args()
    chosen = arguments.linker
    m = model(arguments.every)
    value, theta = m["outputs"]["log_likelihood"], m["wrt"]
    f = rg.function(list(m["values"]), {"log_likelihood": value, "gradient": rg.grad(value, theta)},
                    **({"linker": chosen} if chosen else {}))
    fit(f, m["values"])
    print(f.derivation)


if __name__ == "__main__":
    main()
