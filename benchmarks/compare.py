"""relgraph against NumPy, PyTensor and hand-written C in one run: time of a call, time to the first result, rewriting.

    python3 -m venv .bench && .bench/bin/pip install -e '.[bench]' && .bench/bin/python benchmarks/compare.py

Each contender gives a new array per call, but C, which writes into one it was given: that is the limit.  The first results
are taken in processes of their own: `empty` with an empty cache, `cold` when another program was compiled before (so that
what is made once per machine is in place), `warm` when this very program was.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.pop("OPENBLAS_CORETYPE", None)  # some machines export it; it halves the speed of every contender's BLAS

import numpy as np
from families import FAMILIES, pytensor_space, relgraph_space
from measure import duration, interleaved
from workloads import BUILDERS, WORKLOADS, Workload, reference


def contenders() -> list[str]:
    return [name for name, module in (("relgraph", "relgraph"), ("PyTensor", "pytensor")) if importlib.util.find_spec(module)]


def _flat(x: Any) -> list[np.ndarray]:
    return [np.asarray(v) for v in x] if isinstance(x, (list, tuple)) else [np.asarray(x)]


def steady(w: Workload, seconds: float) -> dict[str, float]:
    """Seconds a call, after every contender was seen to give C's result."""
    arrays = w.arrays()
    by_c = w.by_c(reference(), arrays)
    calls: dict[str, Any] = {"C": by_c, "NumPy": lambda: w.by_numpy(*arrays)}
    for name in contenders():
        f = BUILDERS[name](w)
        calls[name] = lambda f=f: f(*arrays)
    for name, call in calls.items():
        for got, wanted in zip(_flat(call()), _flat(by_c()), strict=True):
            if not np.allclose(got, wanted, rtol=1e-10, atol=1e-12):
                raise SystemExit(f"{name} gives another result for {w.name}")
    return interleaved(calls, seconds=seconds)


def first_result(contender: str, index: int) -> float:
    """Seconds from the expression to the first result, imports excluded; run in a process of its own."""
    __import__("relgraph" if contender == "relgraph" else "pytensor.tensor")
    w = WORKLOADS[index]
    arrays = w.arrays()
    start = time.perf_counter()
    BUILDERS[contender](w)(*arrays)
    return time.perf_counter() - start


def first_results(contender: str, index: int) -> dict[str, float]:
    """Seconds to the first result with an empty cache, after another program, and after this one."""
    def ask(i: int, folder: str) -> float:
        env = {**os.environ, "RELGRAPH_CACHE": folder, "PYTENSOR_FLAGS": f"base_compiledir={folder}"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode of the packages, as installing leaves it
        done = subprocess.run([sys.executable, __file__, "--first", contender, str(i)], env=env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return float(json.loads(done.stdout.splitlines()[-1]))

    other = (index + 1) % len(WORKLOADS)
    with tempfile.TemporaryDirectory() as aside:
        ask(index, aside)  # writes bytecode where there was none
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        empty = ask(index, one)
        ask(other, two)
        return {"empty": empty, "cold": ask(index, two), "warm": ask(index, one)}


def rewriting(contender: str, nodes: int) -> tuple[int, float]:
    """Nodes of an MLP's loss and gradient, and the seconds that rewriting takes."""
    if contender == "relgraph":
        import relgraph as rg
        from relgraph.strategies.pack import pack
        from relgraph.terms.term import toposort

        outputs = FAMILIES["mlp_grad"](relgraph_space(), nodes)
        rg.rewrite(outputs[0] * 3)  # the rules are compiled once per machine
        start = time.perf_counter()
        rg.rewrite(pack(outputs))
        return len(toposort(*outputs)), time.perf_counter() - start
    import pytensor
    from pytensor.graph.fg import FunctionGraph

    sys.setrecursionlimit(100_000)  # its gradient recurses once a layer
    outputs = FAMILIES["mlp_grad"](pytensor_space(), nodes)
    # Rewrites that overwrite inputs ask for the protection that only a whole function has: left out, in its favour.
    graph = FunctionGraph(outputs=list(outputs), clone=True)
    n = len(graph.apply_nodes)
    start = time.perf_counter()
    pytensor.compile.mode.get_default_mode().excluding("inplace").optimizer.rewrite(graph)
    return n, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="time for each comparison of calls (default: 4)")
    parser.add_argument("--nodes", type=int, default=5000, help="size of the graph that is rewritten (default: 5000)")
    parser.add_argument("--first", nargs=2, metavar=("CONTENDER", "WORKLOAD"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.first:
        print(json.dumps(first_result(arguments.first[0], int(arguments.first[1]))))
        return
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"NumPy {np.__version__}; contenders: C, NumPy, {', '.join(contenders())}; folder {Path(__file__).parent.name}\n")
    print("time of a call (ratio to C)")
    for w in WORKLOADS:
        times = steady(w, arguments.seconds)
        print(f"  {w.name:36s}" + "".join(f"  {n} {duration(t)} ({t / times['C']:.2f})" for n, t in times.items()), flush=True)
    print("\ntime to the first result: empty cache / cold / warm")
    for i, w in enumerate(WORKLOADS):
        cells = []
        for name in contenders():
            t = first_results(name, i)
            cells.append(f"  {name} {duration(t['empty'])} / {duration(t['cold'])} / {duration(t['warm'])}")
        print(f"  {w.name:36s}{''.join(cells)}", flush=True)
    print("\nrewriting the loss and gradient of an MLP")
    for name in contenders():
        n, t = rewriting(name, arguments.nodes)
        print(f"  {name:10s} {n} nodes  {duration(t)}  {t / n * 1e6:.1f} us a node", flush=True)


if __name__ == "__main__":
    main()
