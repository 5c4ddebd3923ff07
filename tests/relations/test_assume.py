"""Assumptions: what can be claimed, and what is refused with what to write instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError
from relgraph.relations.predicates import PREDICATES, READ_OFF, at_least, less_than, nonnegative, positive, psd, symmetric

a, n = rg.vector("a"), rg.vector("n", dtype="int64")
M, W, S = rg.matrix("M", shape=(3, 3)), rg.matrix("W", shape=(2, 3)), rg.matrix("S")
u = rg.vector("u", dtype="uint8")


@pytest.mark.parametrize(("term", "facts", "said"), [
    (a, {"postive": True}, "there is no fact 'postive'; did you mean positive"),
    (a, {"PSD": True}, "there is no fact 'PSD'; did you mean psd"),
    (M, {"square": True}, r"square is read off the type of M, float64\[3, 3\]; it cannot be claimed"),
    (n, {"counts": True}, "counts is read off the positions themselves, n; it cannot be claimed"),
    (a, {"positive": False}, "positive=False; a fact is claimed with positive=True, and what is not claimed is unknown"),
    (a, {"at_least": True}, r"at_least=True; at_least takes a number, as in rg.assume\(x, at_least=0\)"),
    (a, {"at_least": np.nan}, "at_least=nan; at_least takes a number"),
    (a, {}, r"which fact\? write rg.assume"),
    (a, {"psd": True}, r"a cannot be psd: it is float64\[a0\]"),
    (W, {"psd": True}, r"W cannot be psd: it is float64\[2, 3\]; Hermitian"),
    (W, {"semi_orthogonal": True}, "W cannot be semi_orthogonal"),
    (a, {"unique_indices": True}, "a cannot have unique_indices"),
    (a, {"positive": True, "negative": True}, "no number of dtype float64 is positive and negative"),
    (a, {"even": True, "odd": True}, "no number of dtype float64 is even and odd"),
    (a, {"at_least": 2, "at_most": 1}, "no number of dtype float64 is at_least 2 and at_most 1"),
    (a, {"between_0_1": True, "greater_than": 1}, "no number of dtype float64 is between_0_1 and greater_than 1"),
    (u, {"negative": True}, "no number of dtype uint8 is negative"),
    (M, {"pd": True, "skew_symmetric": True}, "no matrix is pd and skew_symmetric"),
    (M, {"block_diagonal": True},
     r"block_diagonal takes the sizes of two or more blocks, as in rg.assume\(x, block_diagonal=\(2, 3\)"),
    (M, {"block_diagonal": (1, 0.5)}, r"block_diagonal=\(1, 0.5\); block_diagonal takes the sizes"),
    (M, {"block_diagonal": (2, 2)},
     r"M cannot have blocks of 2, 2 rows on its diagonal: it is float64\[3, 3\]; declare its last two axes as 4, 4"),
    (M, {"banded": 1}, r"banded=1; banded takes two whole numbers, as in rg.assume\(x, banded=\(1, 1\)\)"),
    (M, {"banded": (1, 0.5)}, r"banded=\(1, 0.5\); banded takes two whole numbers"),
    (M, {"rank_at_most": True}, r"rank_at_most=True; rank_at_most takes a whole number, as in rg.assume\(x, rank_at_most=1\)"),
    (M, {"rank_at_most": -1}, "M cannot be rank_at_most -1: it is float64"),
    (S, {"rank_at_most": -1}, r"S cannot be rank_at_most -1: it is float64\[S0, S1\]"),
    (M, {"split_at": 4}, r"M cannot be split_at 4: it is float64\[3, 3\]"),
    (M, {"rank_at_most": 1, "invertible": True}, "no matrix is rank_at_most 1 and invertible; rank_at_most: No more linearly"),
    (M, {"lower_band": -1, "pd": True}, "no matrix is lower_band -1 and pd"),
    (M, {"singular": True, "orthogonal": True}, "no matrix is singular and orthogonal"),
    (W, {"toeplitz": True}, r"W cannot be toeplitz: it is float64\[2, 3\]"),
    (a, {"banded": (1, 1)}, r"a cannot be banded \(1, 1\): it is float64\[a0\]"),
    (rnp.asarray([[1.0, 2.0], [3.0, 4.0]]), {"upper_band": 0}, "is a constant, and not upper_band 0"),
    (rnp.asarray(-1.0), {"positive": True}, "-1.0 is a constant, and not positive"),
])
def test_refused(term: Any, facts: dict[str, Any], said: str) -> None:
    with pytest.raises(MisuseError, match=said):
        rg.assume(term, **facts)


@pytest.mark.parametrize(("term", "facts"), [
    (a, {"positive": True, "integer": True, "odd": True, "at_least": 4}), (a, {"greater_than": 1, "less_than": 1.0000001}),
    (a, {"finite": True, "nonzero": True, "at_most": -3}), (n, {"unique_indices": True}), (n, {"even": True, "negative": True}),
    (M, {"permutation": True, "symmetric": True}), (M, {"psd": True, "diagonal": True, "nonnegative": True}), (S, {"pd": True}),
    (rg.matrix("T", shape=(3, 2)), {"semi_orthogonal": True}), (M, {"orthogonal": True, "pd": True}),
    (M, {"skew_symmetric": True, "orthogonal": True}), (W, {"banded": (0, 1), "rank_at_most": 1}), (S, {"rank_at_most": 2}),
    (M, {"split_at": 3}), (S, {"split_at": 5}), (S, {"rank_at_most": 10**9}),
    (M, {"banded": (1, 1), "pd": True}), (M, {"stochastic": True, "circulant": True}),
    (M, {"lower_band": -1, "singular": True}), (rnp.asarray(2.0), {"positive": True}),
    *[(n if p.scope == "array" else M, {name: (True, 1, (1, 0))[p.numbers]})
      for name, p in PREDICATES.items() if p.scope not in READ_OFF],
])
def test_possible(term: Any, facts: dict[str, Any]) -> None:
    claimed = rg.assume(term, **facts)
    assert claimed.type == term.type
    for name, value in facts.items():
        numbers = () if value is True else value if isinstance(value, tuple) else (value,)
        assert rg.why_fact(name, claimed, *numbers)


def test_bounds_imply_weaker_ones() -> None:
    x = rg.assume(a, at_least=0.5, less_than=2)
    assert rg.why_fact(positive, x) and rg.why_fact(at_least, x, 0.5) and not rg.why_fact(at_least, x, 0.75)
    assert rg.why_fact(less_than, x, 2) and not rg.why_fact(less_than, x, 1.9) and rg.why_fact(nonnegative, x)
    assert str(x) == "rg.assume(rg.vector('a'), at_least=0.5, less_than=2)"
    assert eval(str(x), {"rg": rg}) is x


def test_a_fact_has_a_name() -> None:
    claim: Any = rg.assume
    with pytest.raises(MisuseError, match=r"assume: 'positive' has no name; .* write rg\.assume\(x, positive=True\)"):
        claim(a, "positive")


def test_several_at_once_and_one_after_another() -> None:
    x = rg.assume(rg.assume(M, psd=True), nonnegative=True)
    assert rg.why_fact(psd, x) and rg.why_fact(nonnegative, x) and rg.why_fact(symmetric, x)


def test_a_bound_is_the_number_that_was_written() -> None:
    """The float32 nearest to 0.1 is greater than 0.1."""
    z = rg.scalar("z", dtype="float32")
    f = rg.function([z], rnp.equal(rg.assume(z, greater_than=0.1), 0.1))
    assert f(np.float32(0.1)) and not f(np.float32(0.2))


def test_assumptions_are_used() -> None:
    x = rg.assume(a, at_least=1)
    assert rg.rewrite(rnp.abs(x)) is a
