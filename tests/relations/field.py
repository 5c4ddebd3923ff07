"""The field's equations as tables: what a user writes, and what a theory or a pipeline makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import relgraph as rg
from relations_library.pipelines import default
from relgraph.relations import Theory
from relgraph.strategies import normalize
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import Term

Row = tuple[Any, ...]  # before, after, and what makes one of the other if it is not the default pipeline


def holds(row: Row, values: Mapping[Term, Any]) -> None:
    """The term as written becomes the other one, node for node, and both have one value at the inputs given."""
    before, after, *by = row
    by = by[0] if by else default
    found = rg.rewrite(before, normalize(by) if isinstance(by, Theory) else by)
    assert found is after, f"\n{before!s}\nbecomes {found!s}\nnot     {after!s}"
    assert found is not before, "nothing was rewritten: the row shows nothing"
    one, other = evaluate([before, after], dict(values))
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-12)


def table(rows: Mapping[str, Row]) -> pytest.MarkDecorator:
    """A test for each row, under its name."""
    return pytest.mark.parametrize("row", rows.values(), ids=rows.keys())
