"""Every example, with every linker: it converges, and to what NumPy says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import relgraph as rg

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LINKERS = ["c", "numba", "jax", "numpy"]


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compiled(m: dict[str, Any], linker: str) -> Any:
    (name, value), = m["outputs"].items()
    outputs = {name: value, "gradient": rg.grad(value, m["wrt"])}
    if m.get("order") == 2:
        outputs["hessian"] = rg.hessian(value, m["wrt"])
    return rg.function(list(m["values"]), outputs, linker=linker)


@pytest.mark.parametrize("linker", LINKERS)
def test_logistic(linker: str, capsys: pytest.CaptureFixture[str]) -> None:
    logistic = example("logistic")
    m = logistic.model()
    f = compiled(m, linker)
    w = logistic.fit(f, m["values"])
    X, y, _ = m["values"].values()
    assert np.linalg.norm(f(X, y, w)["gradient"]) < 1e-10
    assert np.mean((X @ w > 0) == (y > 0.5)) > 0.97
    assert "accuracy 0.9" in capsys.readouterr().out


def test_logistic_far_from_the_optimum() -> None:
    """Where the textbook's loss is inf or nan, the rewritten one is right."""
    m = example("logistic").model()
    X, y, w = m["values"].values()
    f = compiled(m, "numpy")
    far = np.full_like(w, 300.0)
    z = X @ far
    wanted = np.mean(np.logaddexp(0, z) - y * z) + 0.5e-3 * far @ far
    assert np.isclose(f(X, y, far)["loss"], wanted, rtol=1e-12)
    (loss,), inputs = m["outputs"].values(), list(m["values"])
    assert not np.isfinite(loss.eval(dict(zip(inputs, (X, y, far), strict=True))))


@pytest.mark.parametrize("linker", LINKERS)
def test_gaussian_process(linker: str) -> None:
    gp = example("gaussian_process")
    m = gp.model(every=8)
    f = compiled(m, linker)
    t, y, theta = m["values"].values()
    value, gradient = f(t, y, theta).values()
    assert np.isclose(value, _by_scipy(t, y, theta), rtol=1e-9)
    for i in range(len(theta)):
        step = np.eye(len(theta))[i] * 1e-5
        numeric = (_by_scipy(t, y, theta + step) - _by_scipy(t, y, theta - step)) / 2e-5
        assert np.isclose(gradient[i], numeric, rtol=1e-5, atol=1e-5)
    best = gp.fit(f, m["values"], steps=5)
    assert f(t, y, best)["log_likelihood"] > value


def _by_scipy(t: Any, y: Any, theta: Any) -> float:
    from scipy.stats import multivariate_normal

    size, years, season, shape, noise = np.exp(theta)
    d = t[:, None] - t
    K = (size**2 * np.exp(-0.5 * (d / years) ** 2) + season**2 * np.exp(-2 * (np.sin(np.pi * d) / shape) ** 2)
         + (noise**2 + 1e-6) * np.eye(len(t)))
    return float(multivariate_normal(np.zeros(len(t)), K).logpdf(y))


def test_gaussian_process_has_one_cholesky() -> None:
    """Neither the inverse nor the determinant is left, in the value or in the gradient."""
    gp = example("gaussian_process")
    f = compiled(gp.model(every=8), "numpy")
    terms = f.term if isinstance(f.term, (list, tuple)) else f.term.values() if isinstance(f.term, dict) else [f.term]
    from relgraph.terms.term import toposort

    names = [t.op.name for t in toposort(*terms)]
    assert names.count("cholesky") == 1
    assert not {"inv", "det", "slogdet"} & set(names)


def test_queries(capsys: pytest.CaptureFixture[str]) -> None:
    example("queries").main()
    out = capsys.readouterr().out
    assert "log1p" in out
    assert out.count("\n") > 10
