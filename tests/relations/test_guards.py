"""The reasons why guards are not the weakest, where types decide: each is asked of the shapes that the left side can have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from relations_library.__main__ import relations
from relgraph.errors import RelgraphError
from relgraph.relations import Relation
from relgraph.relations.facts import FactBase
from relgraph.relations.predicates import OF_TYPES, Guard
from relgraph.relations.template import instantiate, template, variables
from relgraph.relations.verify.shapes import Plan, Search
from relgraph.terms.binders import substitute
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import INPUT, LVar, Term, const, toposort

from .guards import FITS, OTHER_TYPE, TRUE_TOO, WEAKER_WOULD_DO

RELATIONS, NOTHING = relations(), FactBase(())


def named(reason: str) -> list[str]:
    return [n for n, why in WEAKER_WOULD_DO.items() if why == reason]


def plans(r: Relation) -> Iterator[Plan]:
    """What the left side can be, whatever the guards say."""
    for dtype in map(np.dtype, ("float64", "int64", "bool", "complex128")):
        yield from islice(Search(r.lhs, r.rhs, (), dtype).plans(), 200)


def of_types(r: Relation) -> list[Guard]:
    return [g for g in r.guards if g.predicate.scope in OF_TYPES]


def holds(g: Guard, plan: Plan) -> bool:
    order, values = tuple(plan.binding), tuple(plan.binding.values())
    try:
        return NOTHING.holds(g.predicate, tuple(instantiate(template(a, order), values) for a in g.args))
    except (RelgraphError, IndexError):
        return False


def excluded(r: Relation) -> list[Plan]:
    return [p for p in plans(r) if not all(holds(g, p) for g in of_types(r))]


@pytest.mark.parametrize("name", named(FITS))
def test_the_left_side_says_what_a_guard_says(name: str) -> None:
    r = RELATIONS[name]
    found, guards = list(plans(r)), of_types(r)
    assert found and any(all(holds(g, p) for p in found if all(holds(h, p) for h in guards if h is not g)) for g in guards)


@pytest.mark.parametrize("name", named(OTHER_TYPE))
def test_elsewhere_the_right_side_has_another_type(name: str) -> None:
    found = excluded(RELATIONS[name])
    assert found and all(p.right is None for p in found)


def random(t: Term) -> np.ndarray:
    rng = np.random.default_rng(0)
    whole = t.type.dtype.kind in "biu"
    return np.asarray(rng.integers(0, 2, t.type.shape) if whole else rng.standard_normal(t.type.shape)).astype(t.type.dtype)


@pytest.mark.parametrize("name", named(TRUE_TOO))
def test_it_is_true_elsewhere_too(name: str) -> None:
    r = RELATIONS[name]
    typed = [p for p in excluded(r) if p.right is not None]
    agree = 0
    for p in typed[:12]:
        assert p.right is not None
        literals = [v for v in variables(r.lhs) if isinstance(v, LVar) and v.data[1] == "literal"]
        numbers = {p.binding[v]: const(2, "float64") for v in literals}
        sides = substitute([p.left, p.right], numbers)
        inputs = {t: random(t) for t in toposort(*sides) if t.op is INPUT}
        try:
            with np.errstate(all="ignore"):
                left, right = evaluate(sides, inputs)
        except RelgraphError:  # a position outside of an axis
            continue
        assert np.allclose(left, right, equal_nan=True), p.left
        agree += 1
    assert agree
