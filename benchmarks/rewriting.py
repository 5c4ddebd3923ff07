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
from relgraph.relations import lvars, theory
from relgraph.relations.forms import normal
from relgraph.strategies import normalize
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
