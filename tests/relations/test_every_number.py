"""Equations in 8 bits that hold of small numbers and not of all: every number is tried here, and the judge must refuse each."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError
from relgraph.relations import attrs, lvars
from relgraph.relations.verify import measure
from relgraph.strategies import identity

Name = tuple[str, ...]
TERMS, EQUATIONS = 1200, 120  # so many of the thousands that there are

ONE: dict[str, Callable[[Any], Any]] = {
    "v": lambda v: v, "2v": lambda v: 2 * v, "3v": lambda v: 3 * v, "16v": lambda v: 16 * v, "v*v": lambda v: v * v,
    "v*v*v": lambda v: v * v * v, "-v": lambda v: -v, "abs": rnp.abs, "v+1": lambda v: v + 1, "v-1": lambda v: v - 1,
    "v//2": lambda v: v // 2, "v%3": lambda v: v % 3, "~v": rnp.bitwise_invert, "v&1": lambda v: rnp.bitwise_and(v, 1),
    "sign": rnp.sign, "min": lambda v: rnp.minimum(v, 3), "max": lambda v: rnp.maximum(v, 5), "v>0": lambda v: v > 0,
    "v=0": lambda v: rnp.equal(v, 0)}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "min": rnp.minimum, "max": rnp.maximum,
    "&": rnp.bitwise_and, "|": rnp.bitwise_or, "^": rnp.bitwise_xor, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    "=": rnp.equal, "//": lambda a, b: a // b, "%": lambda a, b: a % b}
ALL = (rnp.sum, rnp.max, rnp.min, rnp.prod, rnp.any, rnp.all, rnp.argmax, rnp.argmin)


def of_numbers(k: Any, l: Any, axis: Any) -> Iterator[tuple[Name, Callable[[], Any]]]:
    for (a, f), (c, o), (b, g) in product(ONE.items(), TWO.items(), ONE.items()):
        yield (a, c, b), lambda f=f, o=o, g=g: o(f(k), g(l))
        yield (b, f"({a}", f"{c} l)"), lambda f=f, o=o, g=g: g(o(f(k), l))


def of_arrays(k: Any, l: Any, axis: Any) -> Iterator[tuple[Name, Callable[[], Any]]]:
    for (a, f), q, (b, g) in product(ONE.items(), ALL, ONE.items()):
        yield (b, q.__name__, a), lambda f=f, q=q, g=g: g(q(f(k), axis=-1 if q.__name__.startswith("arg") else axis))


WAYS = {"numbers": of_numbers, "arrays": of_arrays}


def typed(way: str, k: Any, l: Any, axis: Any) -> dict[Name, Any]:
    """The terms of a way that have a type."""
    out = {}
    ways = list(WAYS[way](k, l, axis))
    for name, term in random.Random(1847).sample(ways, TERMS):
        try:
            out[name] = term()
        except RelgraphError:
            continue  # as the sign of a truth value
    return out


def wrong_equations(way: str, dtype: str) -> list[tuple[Name, Name]]:
    """Pairs of terms that agree on small numbers and not on every one, as NumPy computes them."""
    every, small = np.arange(256).astype(dtype), np.array([n for n in range(-4, 6) if n >= np.iinfo(dtype).min], dtype)
    make = rg.vector if way == "numbers" else rg.matrix
    x, y = make("x", dtype=dtype), make("y", dtype=dtype)
    terms = typed(way, x, y, -1)
    f = rg.function([x, y], list(terms.values()), linker="numpy", rewrite=identity)
    results = []
    for numbers in (small, every):
        grid = [g.ravel() for g in np.meshgrid(numbers, numbers, indexing="ij")]
        results.append(f(*grid) if way == "numbers" else f(np.stack(grid, axis=-1), np.stack(grid, axis=-1)))
    classes: dict[Any, dict[Any, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for name, a, b in zip(terms, *results, strict=True):
        classes[a.dtype, a.tobytes()][b.tobytes()].append(name)
    pairs = [(g[0], h[-1]) for c in classes.values() for g, h in combinations(list(c.values())[:8], 2)]
    return random.Random(1847).sample(pairs, min(EQUATIONS, len(pairs)))


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
@pytest.mark.parametrize("way", WAYS)
def test_what_holds_of_small_numbers_only_is_refused(way: str, dtype: str) -> None:
    known = typed(way, *lvars("k l", kinds=np.dtype(dtype).kind), *attrs("axis"))
    pairs = [p for p in wrong_equations(way, dtype) if {*p} <= {*known}]
    passed = []
    for one, other in pairs:
        found = {f.safety for f in measure("pair", known[one], known[other]).findings if f.dtype == dtype}
        passed += [(one, other)] if found != {"false"} else []
    assert len(pairs) >= 50 and not passed, passed
