"""Every equation at sizes that the judge does not try: matrices that are tall where its own are wide, one axis of length 1."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from relgraph.numpy import diag, linalg, matmul
from relgraph.relations import Relation, lvars, theory
from relgraph.relations.predicates import all_of, invertible
from relgraph.relations.verify.samples import fill
from relgraph.relations.verify.shapes import Plan, Search

from .checks import FLOAT, RELATIONS, values_of


def resized(search: Search, plan: Plan) -> Iterator[Plan | None]:
    shapes = {v: s for v, s in plan.shapes if v.sort == "term"}
    sizes = sorted({n for s in shapes.values() for n in s if n > 1})
    other = dict(zip(sizes, reversed(sizes), strict=True))
    yield search.concrete({v: tuple([other.get(n, n) for n in s]) for v, s in shapes.items()}, dict(plan.attrs))
    for v, s in shapes.items():
        for k in range(len(s)):
            yield search.concrete({**shapes, v: (*s[:k], 1, *s[k + 1:])}, dict(plan.attrs))


def broken(r: Relation) -> list[Any]:
    """The shapes at which the sides have one type and other numbers."""
    guards = all_of(r.guards)
    search = Search(r.lhs, r.rhs, guards, FLOAT)
    found = [] if search.flat else [q for plan in islice(search.plans(), 12) for q in resized(search, plan)]
    return [q.shapes for q in found if q is not None and q.right is not None
            for at in [fill(q, guards, "mild", 7)] if at is not None
            for sides in [values_of(q, at)] if sides is not None and not near(*sides)]


def near(left: np.ndarray, right: np.ndarray) -> bool:
    """Up to rounding; what is not a number is the judge's."""
    numbers = np.isfinite(left) & np.isfinite(right)
    return bool(np.allclose(left[numbers], right[numbers], rtol=1e-5, atol=1e-7))


@pytest.mark.parametrize("name", RELATIONS)
def test_an_equation_holds_at_other_sizes(name: str) -> None:
    assert not broken(RELATIONS[name])


x, y, u = lvars("x y u")
pinv, inv, diagonal = linalg.pinv, linalg.inv, linalg.diagonal
FALSE: dict[str, tuple[Any, ...]] = {
    "of tall matrices": (matmul(x, matmul(pinv(x), y)), y),
    "of a tall second factor": (pinv(matmul(x, y)), matmul(pinv(y), inv(x)), invertible(x)),
    "of a row": (diagonal(diag(u) * x), u * diagonal(x)),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_at_other_sizes_is_found(name: str) -> None:
    assert broken(theory(one=FALSE[name])["one"])
