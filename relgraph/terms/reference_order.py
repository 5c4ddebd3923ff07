"""The references of running sums and of order, on mpmath numbers: a row with an undefined element is undefined."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

__all__ = ["argmax", "argmin", "argsort", "cumprod", "cumsum", "sort", "unique", "unique_index"]


def _nan() -> Any:
    import mpmath
    return mpmath.nan


def _rows(fn: Callable[[list[Any]], list[Any]], strict: bool = True) -> Callable[[Any], Any]:
    """A function of the elements of the last axis, one result for each."""
    def over(x: Any) -> Any:
        x = np.asarray(x, object)
        out = np.empty(x.shape, object)
        for i in np.ndindex(x.shape[:-1]):
            row = list(x[i])
            undefined = strict and any(v != v for v in row)
            for k, v in enumerate([_nan()] * len(row) if undefined else fn(row)):
                out[(*i, k)] = v
        return out
    return over


def _one(fn: Callable[[Sequence[Any]], int]) -> Callable[[Any], Any]:
    """A number for each row."""
    def over(x: Any) -> Any:
        x = np.asarray(x, object)
        out = np.empty(x.shape[:-1], object)
        for i in np.ndindex(out.shape):
            row = list(x[i])
            out[i] = _nan() if not row or any(v != v for v in row) else fn(row)
        return out
    return over


def _order(row: Sequence[Any]) -> list[int]:
    return sorted(range(len(row)), key=lambda k: row[k])


def _running(fn: Callable[[Any, Any], Any]) -> Callable[[list[Any]], list[Any]]:
    def over(row: list[Any]) -> list[Any]:
        out: Iterator[Any] = accumulate(row, fn)
        return list(out)
    return over


cumsum = _rows(_running(operator.add), strict=False)
cumprod = _rows(_running(operator.mul), strict=False)
argsort = _rows(_order)
sort = _rows(lambda row: [row[k] for k in _order(row)])
argmax = _one(lambda row: row.index(max(row)))
argmin = _one(lambda row: row.index(min(row)))


def _first(row: Sequence[Any], size: int) -> list[int]:
    """The positions at which distinct elements stand first, in their order, and that of the least one for what is missing."""
    order = _order(row)
    found = [k for before, k in zip([None, *order], order, strict=False) if before is None or row[before] != row[k]]
    return (found + found[:1] * size)[:size]


def unique_index(x: Any, size: int) -> Any:
    """`size` positions for each row."""
    x = np.asarray(x, object)
    out = np.empty((*x.shape[:-1], size), object)
    for i in np.ndindex(x.shape[:-1]):
        row = list(x[i])
        out[i] = [_nan()] * size if any(v != v for v in row) else _first(row, size)
    return out


def unique(x: Any, size: int) -> Any:
    """The elements at those positions, for each row."""
    x, at = np.asarray(x, object), unique_index(x, size)
    out = np.empty(at.shape, object)
    for i in np.ndindex(at.shape):
        out[i] = at[i] if at[i] != at[i] else x[(*i[:-1], at[i])]
    return out
