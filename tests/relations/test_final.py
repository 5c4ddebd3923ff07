"""A second rewrite changes nothing, whatever is assumed of the parts of a term."""

from __future__ import annotations

import random

import pytest
import random_graphs

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.terms.term import Term, toposort


def test_two_factors_that_become_one_are_no_factor() -> None:
    a, t = rg.scalar("a"), rnp.softplus(rg.scalar("b"))
    assert rg.rewrite(t*a/t) is a


FACTS = [{"positive": True}, {"nonnegative": True}, {"finite": True}, {"nonzero": True}, {"at_most": 3.0}, {"negative": True},
         {"integer": True}]
OF_MATRICES = [{n: True} for n in ("symmetric", "pd", "diagonal", "orthogonal", "lower_triangular", "permutation")]


@pytest.mark.parametrize("part", range(4))
def test_a_second_rewrite_changes_no_program(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """8,000 programs over every dtype, in a half of which something is assumed, be it true or not."""
    rng = random.Random(f"programs {part}")

    def assumed(a: Term) -> Term:
        rank, shape = len(a.type.shape), a.type.shape
        facts = FACTS + OF_MATRICES * (rank == 2 and shape[0] == shape[1])
        return rg.assume(a, **rng.choice(facts))
    if part % 2:
        monkeypatch.setattr(random_graphs, "OPS", [*random_graphs.OPS, *[assumed] * 25])
    several = 0
    for _ in range(2000):
        _, made = random_graphs.program(rng.randrange)
        for t in made[-1:]:
            end = rg.rewrite(t)
            assert rg.rewrite(end) is end, (t, end, rg.rewrite(end))
            several += any(u.op.name == "assume" for u in toposort(t))
    assert several > 500 if part % 2 else several == 0
