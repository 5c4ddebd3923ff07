"""Tests that take seconds run first, so that the workers end together."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of two workers begins with a half of the list, and steals from the end of the other's when its own is done."""
    long = [i for i in items if i.get_closest_marker("long") is not None]
    short = [i for i in items if i.get_closest_marker("long") is None]
    half = max((len(items) + 1) // 2 - len(long[::2]), 0)
    items[:] = [*long[::2], *short[:half], *long[1::2], *short[half:]]
