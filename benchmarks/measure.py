"""Timing of contenders against each other: interleaved, medians, so that a slow moment of the machine hits all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping

__all__ = ["duration", "interleaved"]


def interleaved(contenders: Mapping[str, Callable[[], object]], *, seconds: float = 2.0, rounds: int = 30) -> dict[str, float]:
    """Median seconds of one call of each contender; a round calls each one for about the same time."""
    calls: dict[str, int] = {}
    for name, fn in contenders.items():
        fn()
        start = time.perf_counter()
        fn()
        once = max(time.perf_counter() - start, 1e-8)
        calls[name] = max(1, int(seconds / rounds / len(contenders) / once))
    times: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, fn in contenders.items():
                n = calls[name]
                start = time.perf_counter()
                for _ in range(n):
                    fn()
                times[name].append((time.perf_counter() - start) / n)
    finally:
        gc.enable()
    return {name: statistics.median(t) for name, t in times.items()}


def duration(seconds: float) -> str:
    """A time with three digits and its unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
