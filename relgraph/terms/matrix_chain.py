"""`multi_dot`: the product of a chain of matrices, grouped so that it takes the fewest multiplications."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from ..errors import MisuseError, ShapeError
from .contraction import SIZE
from .dims import Dim
from .linalg import matmul
from .structure import known_ndim
from .term import Term, _short, as_term

__all__ = ["multi_dot"]


def multi_dot(arrays: Sequence[Any]) -> Term:
    """The product of matrices in the order that takes the fewest multiplications, as ``numpy.linalg.multi_dot``.

    The first and the last may be vectors. An axis whose size is a name counts as 100. Raises MisuseError for fewer than two
    arrays or for a batch, ShapeError where two neighbours do not fit. The order is found by dynamic programming
    (Cormen et al., Introduction to Algorithms, 15.2).

    >>> a, b, v = rg.matrix("a", shape=(10, 100)), rg.matrix("b", shape=(100, 5)), rg.matrix("v", shape=(5, 1))
    >>> rnp.linalg.multi_dot([a, b, v])
    a @ (b @ v)  float64[10, 1]
    """
    xs = [as_term(x) for x in arrays]
    n = len(xs)
    if n < 2:
        raise MisuseError(f"multi_dot: multiplies a list of at least two arrays, got {n}; "
                          "write rnp.linalg.multi_dot([a, b, c])")
    for k, x in enumerate(xs):
        if known_ndim("multi_dot", x, "a @ b @ c") not in ((1, 2) if k in (0, n - 1) else (2,)):
            raise MisuseError(f"multi_dot: array {k}, {_short(x)}, is {x.type!r}; the first and the last are vectors or "
                              "matrices, the others matrices: multiply batches with @")
    for k, (x, y) in enumerate(itertools.pairwise(xs)):
        a, b = x.type.shape[-1], y.type.shape[0]
        if isinstance(a, int) and isinstance(b, int) and a != b:
            raise ShapeError(f"multi_dot: array {k}, {_short(x)}: {x.type!r}, and array {k + 1}, {_short(y)}: {y.type!r}, "
                             f"do not fit: {a} columns, {b} rows; transpose one of them with .T, or change their order")
    lengths = [1 if xs[0].type.ndim == 1 else _counted(xs[0].type.shape[0]), *[_counted(x.type.shape[0]) for x in xs[1:]],
               1 if xs[-1].type.ndim == 1 else _counted(xs[-1].type.shape[-1])]
    if xs[0].type.ndim == 2:
        lengths[1] = max(lengths[1], _counted(xs[0].type.shape[1]))
    return _grouped(xs, _cuts(lengths))


def _counted(d: Dim) -> int:
    return d if isinstance(d, int) else SIZE


def _cuts(lengths: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where the product of matrices i to j is cut in two; matrix k has ``lengths[k]`` rows and ``lengths[k + 1]`` columns."""
    n = len(lengths) - 1
    cost = {(i, i): 0 for i in range(n)}
    cut: dict[tuple[int, int], int] = {}
    for span in range(1, n):
        for i in range(n - span):
            j = i + span
            found = [(cost[i, k] + cost[k + 1, j] + lengths[i] * lengths[k + 1] * lengths[j + 1], -k) for k in range(i, j)]
            cost[i, j], k = min(found)
            cut[i, j] = -k  # of equal ones the last, which is how @ groups
    return cut


def _grouped(xs: Sequence[Term], cut: dict[tuple[int, int], int]) -> Term:
    done: dict[tuple[int, int], Term] = {(k, k): x for k, x in enumerate(xs)}
    todo = [(0, len(xs) - 1)]
    while todo:
        i, j = todo[-1]
        if (i, j) in done:
            todo.pop()
            continue
        parts = (i, cut[i, j]), (cut[i, j] + 1, j)
        missing = [p for p in parts if p not in done]
        todo += missing
        if not missing:
            done[i, j] = matmul(done[parts[0]], done[parts[1]])
    return done[0, len(xs) - 1]
