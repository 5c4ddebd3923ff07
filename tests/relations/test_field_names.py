"""Every equation of the peers is stated by rows of the field's tables, and its condition is shown by a rule that is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import (
    test_field_decompositions,
    test_field_distinct,
    test_field_elementwise,
    test_field_matrices,
    test_field_reductions,
    test_field_solves,
    test_planted,
    test_wrong_algebra,
    test_wrong_functions,
    test_wrong_indexing,
    test_wrong_linalg,
)
from .field_names import AT_POSITIONS, ELEMENTWISE, EXPONENTIAL, LINEAR_ALGEBRA, PRODUCT, REDUCTION

TABLES = (test_field_decompositions, test_field_distinct, test_field_elementwise, test_field_matrices, test_field_reductions,
          test_field_solves)
ROWS = {name for module in TABLES for n, table in vars(module).items() if n.isupper() and isinstance(table, dict)
        for name in table if isinstance(name, str)}
WRONG = {*test_planted.WRONG, *test_planted.MISTAKEN, *test_wrong_algebra.WRONG, *test_wrong_functions.WRONG,
         *[w[0] for w in test_wrong_indexing.WRONG], *[w[0] for w in test_wrong_linalg.WRONG]}
NAMED: dict[str, Any] = ELEMENTWISE | EXPONENTIAL | REDUCTION | PRODUCT | LINEAR_ALGEBRA
COUNTS = ((ELEMENTWISE, 41), (EXPONENTIAL, 40), (REDUCTION, 14), (PRODUCT, 15), (LINEAR_ALGEBRA, 46))


@pytest.mark.parametrize("name", NAMED)
def test_it_is_stated_and_its_condition_is_needed(name: str) -> None:
    rows, wrong = NAMED[name]
    assert set(rows.split("; ")) <= ROWS
    assert wrong in WRONG if wrong else True
    assert not wrong or name.endswith(" C")


def test_none_is_left_out() -> None:
    assert [len(table) for table, _ in COUNTS] == [n for _, n in COUNTS]


@pytest.mark.parametrize("name", AT_POSITIONS)
def test_what_holds_at_known_positions_is_refused_at_any(name: str) -> None:
    texts = [f.read_text(encoding="utf-8") for f in Path(__file__).parent.glob("test_field_*.py")]
    assert AT_POSITIONS[name] in WRONG and any(name in text for text in texts)
