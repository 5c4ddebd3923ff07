"""No term outlives its last user: after a thousand models, memory and the table of terms are as they were."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.linkers import NAMES
from relgraph.terms.term import ATTRIBUTE, CONST, _table


def model(k: int) -> tuple[list[rg.Term], Any]:
    """A model nobody has built before: names, constants and sizes of its own."""
    x, w = rg.matrix(f"x{k}", ("n", f"m{k}")), rg.vector(f"w{k}", f"m{k}")
    z = x @ w + float(k) * 0.37
    loss = rnp.sum(rnp.log(1 + rnp.exp(-z))) + rnp.sum(w * w) * (k + 0.5)
    return [x, w], [loss, rg.grad(loss, w)]


def compile_and_call(k: int, linker: str) -> None:
    inputs, outputs = model(k)
    f = rg.function(inputs, outputs, linker=linker)
    f(np.ones((3, 2)), np.ones(2))
    str(f.derivation)


def explain(k: int, linker: str) -> None:
    inputs, outputs = model(k)
    f = rg.function(inputs, outputs, linker=linker)
    f.explain(), repr(f), rg.show(outputs), f.debug(np.ones((3, 2)), np.ones(2)), f.term


def refuse(k: int, linker: str) -> None:
    inputs, outputs = model(k)
    with pytest.raises(rg.errors.MisuseError):
        rg.function(inputs[:1], outputs, linker=linker)
    with pytest.raises(rg.errors.InputError):
        rg.function(inputs, outputs, linker=linker)(1)


def live() -> tuple[int, int]:
    """How many terms there are, leaves counted apart: constants and attributes may lie in caches of limited size."""
    gc.collect()
    gc.collect()
    found = [t for r in list(_table.values()) if (t := r()) is not None]
    small = sum(t.op in (CONST, ATTRIBUTE) for t in found)
    return len(found) - small, small


def growth(do: Callable[[int, str], None], linker: str, first: int, warm: int, times: int) -> tuple[int, int, int]:
    """How many terms, constants and bytes are left for good after ``times`` models, once the caches have filled."""
    for k in range(first, first + warm):
        do(k, linker)
    before = live()
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    for k in range(first + warm, first + warm + times):
        do(k, linker)
    after = live()
    grown = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    return after[0] - before[0], after[1] - before[1], grown


@pytest.mark.parametrize(
    ("do", "linker", "times"),
    [(compile_and_call, "numpy", 1_000), (compile_and_call, "c", 20), (explain, "numpy", 50), (refuse, "numpy", 50)],
    ids=["numpy", "c", "explain", "refuse"],
)
def test_models_leave_nothing_behind(do: Callable[[int, str], None], linker: str, times: int) -> None:
    warm, allowed = 30 if linker == "numpy" else 3, 500_000 + 5_000 * times
    terms, leaves, grown = growth(do, linker, 0, warm, times)
    if grown >= allowed:  # the table of terms, which is one dict, may have grown, as it does now and then: not twice in a row
        terms, leaves, grown = growth(do, linker, warm + times, warm, times)
    assert terms <= 0, f"{terms} terms are left of {times} models"  # fewer: something earlier was let go meanwhile
    assert leaves <= 4 * times, f"{leaves} constants are left of {times} models"
    assert grown < allowed, f"{grown} bytes are left of {times} models"  # caches of limited size fill up


def test_libraries_are_unloaded() -> None:
    x = rg.vector("x", "n")
    fs = [rg.function([x], rnp.exp(x) * (k + 0.25), linker="c") for k in range(5)]
    assert [float(f([0.0])[0]) for f in fs] == [0.25, 1.25, 2.25, 3.25, 4.25]
    seen = [weakref.ref(f.executable._library) for f in fs]
    kept = fs[0].executable.call
    del fs
    live()
    assert [r() is not None for r in seen] == [True, False, False, False, False]
    assert kept(np.zeros(1))[0] == 0.25


@pytest.mark.parametrize("linker", NAMES)
def test_a_function_and_its_terms_die_together(linker: str) -> None:
    inputs, outputs = model(10_000 + NAMES.index(linker))
    f = rg.function(inputs, outputs, linker=linker)
    f(np.ones((3, 2)), np.ones(2))
    seen = [weakref.ref(t) for t in (*inputs, *outputs, f.start, f.end)]
    assert all(r() is not None for r in seen)
    del inputs, outputs, f
    live()
    assert [r() for r in seen] == [None] * len(seen)


def test_traced_functions_die() -> None:
    f = rg.jit(lambda traced: rnp.exp(traced) + 0.123)
    f(np.ones(2))
    seen = weakref.ref(f.compiled(np.ones(2)).start)
    del f
    live()
    assert seen() is None
