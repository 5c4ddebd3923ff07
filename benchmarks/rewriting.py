"""Microseconds a node: the matcher when nothing applies, and `normalize` with the default pipeline, by family and size.

    python benchmarks/rewriting.py --largest 100000
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from families import FAMILIES, relgraph_space
from measure import duration

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import everything
from relgraph.relations import lvars, theory
from relgraph.relations.forms import normal
from relgraph.strategies import derive, normalize
from relgraph.strategies.pack import pack
from relgraph.terms.term import toposort

LONG = 20.0  # seconds from which a family is not tried at ten times the size


def hundred_rules() -> Any:
    """A theory of a hundred true rules whose outermost ops fill a chain of tanh(x*a + b), and whose inner ones do not occur."""
    x, = lvars("x")
    rules = {}
    for i in range(1, 35):
        k = float(i)
        rules[f"sin_cos_{i}"] = (rnp.sin(k * x) * rnp.cos(k * x), rnp.sin(2 * k * x) / 2)
        rules[f"cosh_sinh_{i}"] = (rnp.cosh(k * x) + rnp.sinh(k * x), rnp.exp(k * x))
        rules[f"tanh_log_{i}"] = (rnp.tanh(rnp.log(rnp.sqrt(rnp.exp(2 * k * x)))), rnp.tanh(k * x))
    return theory(name="hundred", **dict(list(rules.items())[:100]))


def timed(strategy: Any, roots: list[Any]) -> float:
    together = pack(roots)
    start = time.perf_counter()
    strategy(together)
    return time.perf_counter() - start


def tried(rules: Any, roots: list[Any]) -> tuple[float, int]:
    """Seconds for trying every matcher that the index names at every canonical node, and how many nodes there are."""
    index = rules.compiled().engine.index
    nodes = [t for t in toposort(*normal(pack(roots)).args) if t.args]
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for t in nodes:
            for _, matcher in index.candidates(t):
                assert matcher(t) is None
        best = min(best, time.perf_counter() - start)
    return best, len(nodes)


def examples(k: int) -> list[Any]:
    """Losses of the two examples with their derivatives, in inputs that no other call has."""
    X, y, w = rg.matrix(f"X{k}", ("n", "k")), rg.vector(f"y{k}", "n"), rg.vector(f"w{k}", "k")
    p = 1 / (1 + rnp.exp(-(X @ w)))
    loss = -rnp.mean(y * rnp.log(p) + (1 - y) * rnp.log(1 - p)) + 0.0005 * rnp.sum(w * w)
    t, v, theta = rg.vector(f"t{k}", 100), rg.vector(f"v{k}", 100), rg.vector(f"theta{k}", 3)
    K = rnp.exp(theta[0]) * rnp.exp(-((t[:, None] - t[None, :]) ** 2) * rnp.exp(theta[1])) + rnp.exp(theta[2]) * rnp.eye(100)
    K = rg.assume(K, pd=True)
    evidence = -0.5 * (v @ (rnp.linalg.inv(K) @ v) + rnp.log(rnp.linalg.det(K)))
    return [loss, rg.grad(loss, w), rg.hessian(loss, w), evidence, rg.grad(evidence, theta)]


def sixty(rules: Any, roots: list[Any]) -> Any:
    """The rules that fire on some terms, filled up to sixty with others as they come."""
    fired = list(derive(normalize(rules), pack(roots)).rules)
    names = [*fired, *[r.name for r in rules.equations() if r.name not in fired]][:60]
    return theory(rules.only(*[r.name for r in rules if r.name in names or r.kind == "folding"]), name="sixty")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--largest", type=int, default=100_000, help="largest number of nodes (default: 100000)")
    arguments = parser.parse_args()
    space = relgraph_space()

    chain = FAMILIES["tanh_chain"](space, 10_000)
    n = len(toposort(*chain))
    nothing = normalize(hundred_rules())
    nothing(space.vector("warm") + 1)
    alone, places = tried(nothing.theory, chain)
    print(f"100 rules, nothing applies, {n} nodes: normalize {timed(nothing, chain) / n * 1e6:.2f} us a node; "
          f"its matchers alone {alone / places * 1e6:.2f} us a canonical node")

    rg.rewrite(rnp.log(1 + space.vector("warm")))  # the rules are compiled once per machine
    n = len(toposort(*examples(0)))
    print(f"\nderivatives of the examples, {n} nodes: relations, us a node (best of 20)")
    for rules in (sixty(everything, examples(0)), everything):
        strategy = normalize(rules)
        best = min(timed(strategy, examples(k)) for k in range(20))
        print(f"  {len(rules):5d}  {best / n * 1e6:6.2f}")
    print("\nnormalize, default pipeline: nodes, time, us a node")
    for name, family in FAMILIES.items():
        size = 100
        while size <= arguments.largest:
            roots = family(space, size)
            n = len(toposort(*roots))
            seconds = timed(rg.rewrite, roots)
            print(f"  {name:16s} {n:8d}  {duration(seconds):>8s}  {seconds / n * 1e6:6.2f}", flush=True)
            if seconds > LONG:
                print(f"  {name:16s} larger ones are left out: {size} nodes took more than {LONG:.0f} s")
                break
            size *= 10


if __name__ == "__main__":
    main()
