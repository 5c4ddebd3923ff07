"""No store leaves its buffer, and every element of a result is stored once: read off the programs of random graphs."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from random_graphs import program

import relgraph as rg
import relgraph.numpy as rnp
from relgraph import cgen
from relgraph.cgen.ir import Choose, For, Kernel, Store
from relgraph.terms import dims
from relgraph.terms.term import INPUT, Term, toposort

x, y, X = rg.tensor("x", (3,)), rg.tensor("y", (1, 3)), rg.tensor("X", (2, 3))


def stores(body: Any, at: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Buffer and position of every store that loops of known extents make."""
    for s in body:
        if isinstance(s, For):
            for i in range(dims.evaluate(s.extent, {})):
                yield from stores(s.body, {**at, s.index: i})
        elif isinstance(s, Choose):
            yield from itertools.chain(stores(s.then, at), stores(s.otherwise, at))
        elif isinstance(s, Store):
            yield s.buffer, dims.evaluate(s.at, at)


def check(outputs: list[Term]) -> None:
    p = cgen.program([t for t in toposort(*outputs) if t.op is INPUT], outputs)
    count: Counter[tuple[int, int]] = Counter()
    for step in p.steps:
        if isinstance(step, Kernel):
            count.update(stores(step.body, {}))
            for b in step.zero:  # what is added to afterwards
                count.update((b, i) for i in range(dims.evaluate(dims.product(p.buffers[b].shape), {})))
    for k, b in enumerate(p.buffers):
        size = dims.evaluate(dims.product(b.shape), {})
        found = {at for buffer, at in count if buffer == k}
        assert found <= set(range(size)), f"buffer {k} of {size} elements: {sorted(found)}\n{p}"
        if b.kind == "output" and found:
            assert found == set(range(size)), f"result {k} of {size} elements, stored: {sorted(found)}\n{p}"


@pytest.mark.parametrize("outputs", [
    [(x * 2)[:2]], [rnp.exp(x)[:2], rnp.exp(x)], [rnp.linalg.diagonal(y[:, ::-1])], [rnp.exp(X)[:1].reshape(-1)],
    [rnp.sum(y, axis=0), rnp.max(x)], [rnp.sum(rnp.min(x)) + x, -y[0]]], ids=str)
def test_views_and_folds_of_nothing(outputs: list[Term]) -> None:
    check(outputs)


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_random_graphs(first: int) -> None:
    together: list[Term] = []
    for seed in range(first, first + 50):
        _, built = program(random.Random(seed).randrange, str(seed))
        together += built[-1:]
        if built:
            check(built)
    check(together)
