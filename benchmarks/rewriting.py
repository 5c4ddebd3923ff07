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
from relgraph.strategies import normalize
from relgraph.terms.term import toposort


def hundred_rules() -> Any:
    """A theory of a hundred rules, none of which applies to a chain of tanh."""
    x, y = lvars("x y")
    return theory(**{f"rule_{i}": (rnp.sinh(x + float(i + 2)), rnp.cosh(y) * rnp.sinh(x)) if False else
                     (rnp.cosh(rnp.sinh(x) * float(i + 2)), rnp.cosh(rnp.sinh(-x) * float(i + 2))) for i in range(100)})


def timed(strategy: Any, roots: list[Any]) -> float:
    start = time.perf_counter()
    for t in roots:
        strategy(t)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--largest", type=int, default=100_000, help="largest number of nodes (default: 100000)")
    arguments = parser.parse_args()
    space = relgraph_space()

    chain = FAMILIES["tanh_chain"](space, 10_000)
    n = len(toposort(*chain))
    nothing = normalize(hundred_rules())
    nothing(space.vector("warm") + 1)
    print(f"matcher, 100 rules, nothing applies, {n} nodes: {timed(nothing, chain) / n * 1e6:.2f} us a node")

    rg.rewrite(rnp.log(1 + space.vector("warm")))  # the rules are compiled once per machine
    print("\nnormalize, default pipeline: nodes, time, us a node")
    for name, family in FAMILIES.items():
        size = 100
        while size <= arguments.largest:
            roots = family(space, size)
            n = len(toposort(*roots))
            seconds = timed(rg.rewrite, roots)
            print(f"  {name:16s} {n:8d}  {duration(seconds):>8s}  {seconds / n * 1e6:6.2f}", flush=True)
            size *= 10


if __name__ == "__main__":
    main()
