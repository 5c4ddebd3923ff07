"""``relgraph run``: the whole way from a model file to its values, with what each stage took."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np

from .. import function, rewrite
from ..strategies import identity
from ..strategies.pack import pack
from ..terms.term import toposort
from .files import flat, guarded, load_model
from .screen import Stages, duration, table


def command(arguments: Any) -> int:
    stage = Stages()
    with stage("build"):
        m = load_model(arguments.what)
    with stage("differentiate"):
        outputs = m.differentiated()
    with stage("rewrite"):  # what was rewritten once is remembered, so that `function` below need not do it again
        rewrite(pack([t for _, t in flat(outputs)]))
    with stage("link"):
        f = function(m.inputs, outputs, **({"linker": arguments.linker} if arguments.linker else {}))
    plain = function(m.inputs, outputs, linker="numpy", rewrite=identity)
    values = list(m.values.values())
    with stage("evaluate"):
        got, reference = flat(f(*values)), flat(plain(*values))
        times = alternating([lambda: plain(*values), lambda: f(*values)], arguments.repeat)
    print()
    table(comparison(f, plain, got, reference, times), ("", "plain NumPy", f"relgraph, {f.linker}"), title=arguments.what)
    print()
    steps = f.derivation.lines
    for line in steps[:arguments.steps]:
        print(line)
    if len(steps) > arguments.steps:
        print(f"… {len(steps) - arguments.steps} more steps: relgraph explain {arguments.what}")
    print()
    table(list(f.derivation.rules.items()), ("rules that fired", "times"), numbers=(1,))
    if m.fit is not None and not arguments.no_fit:
        print()
        guarded(arguments.what, lambda: m.fit(f, m.values))  # type: ignore[misc]
    return 0


def alternating(calls: Sequence[Callable[[], Any]], repeat: int) -> list[float]:
    """Median seconds of each call; they take turns, so that a slow moment of the machine hits all."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(repeat):
        for call, seen in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            seen.append(time.perf_counter() - start)
    return [median(seen) for seen in times]


def difference(got: Any, reference: Any) -> str:
    """The largest error relative to the size of the reference; or where one of the two is no number."""
    got, reference = np.asarray(got), np.asarray(reference)
    both = np.isfinite(got) & np.isfinite(reference)
    parts = []
    if both.any():
        scale = max(float(np.abs(reference[both]).max()), np.finfo(float).tiny)
        parts.append(f"{float(np.abs(got[both] - reference[both]).max()) / scale:.1e}")
    if (repaired := int((np.isfinite(got) & ~np.isfinite(reference)).sum())):
        parts.append(f"plain NumPy: {repaired} of {got.size} not finite, relgraph: finite")
    if (lost := int((~np.isfinite(got) & np.isfinite(reference)).sum())):
        parts.append(f"relgraph: {lost} of {got.size} not finite, plain NumPy: finite")
    return "; ".join(parts) or ("both not finite" if got.size else "empty")


def comparison(f: Any, plain: Any, got: Any, reference: Any, times: list[float]) -> list[tuple[str, str, str]]:
    """The rows of the table."""
    rows = [("time of a call", duration(times[0]), f"{duration(times[1])} ({times[0] / times[1]:.3g}x as fast)"),
            ("kernels", kernels(plain), kernels(f))]
    for (name, value), (_, expected) in zip(got, reference, strict=True):
        text = f"{float(value):.12g}" if np.size(value) == 1 else f"shape {np.shape(value)}"
        wanted = f"{float(expected):.12g}" if np.size(expected) == 1 else f"shape {np.shape(expected)}"
        rows += [(name, wanted, text), ("  relative error", "", difference(value, expected))]
    return rows


def kernels(f: Any) -> str:
    """How many loop nests and library calls run; NumPy runs one for every op, JAX decides for itself."""
    if f.program is not None:
        return str(len(f.program.steps))
    ops = [t for t in toposort(*(t for _, t in flat(f.term))) if t.args]
    return f"{len(ops)} ops, fused by XLA" if f.linker == "jax" else f"{len(ops)} ops, one by one"
