"""Sums of products over named axes: `einsum`, `tensordot`, `inner`, made of diagonals, sums and products of matrices."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ..errors import MisuseError, ShapeError
from . import dims
from .elementwise import astype
from .joining import diagonal
from .linalg import matmul_, matvec, vecdot_, vecmat_
from .reduction import any
from .structure import expand_dims, known_ndim, normal_axes, permute_dims, reshape, sum
from .subscripts import Label, Labelled, subscripts
from .term import Term, _short, as_term
from .type import as_dtype, promote

__all__ = ["SIZE", "einsum", "inner", "tensordot"]

Labels = tuple[Label, ...]
Step = tuple[int, ...]  # the operands that one contraction takes, by position; its result is put last
SIZE = 100  # what an axis of a name counts as where orders are compared
_FEW = 7  # operands of which the best order is found; of more, one pair after another is chosen


def einsum(*arguments: Any, optimize: Any = True, dtype: Any = None) -> Term:
    """Sums of products of elements with named axes, as ``numpy.einsum``: ``einsum("ij,jk->ik", x, y)`` is ``x @ y``.

    The term is made of diagonals, transposes, sums, products and matrix products, in the order that takes the fewest
    multiplications (``optimize``: True or "optimal"; "greedy": the cheapest pair next; False: from left to right; or what
    ``numpy.einsum_path`` returns).  ``dtype`` is what is computed in.

    >>> x, y = rg.matrix("x", shape=(2, 3)), rg.matrix("y", shape=(4, 3))
    >>> rnp.einsum("ij,kj->ik", x, y)
    x @ y.T  float64[2, 4]
    """
    found = subscripts(arguments)
    wanted = promote(*[x.term.type.dtype for x in found.operands]) if dtype is None else as_dtype(dtype)
    operands = [_diagonals(Labelled(astype(x.term, wanted), x.labels)) for x in found.operands]
    for step in _order(operands, found.result, optimize):
        taken = [operands[k] for k in step]
        operands = [x for k, x in enumerate(operands) if k not in step]
        kept = {*found.result, *[a for x in operands for a in x.labels]}
        done = taken[0] if taken[1:] else _summed(taken[0], kept)
        for k, x in enumerate(taken[1:], 2):
            later = kept | {a for t in taken[k:] for a in t.labels}
            done = _pair(_summed(done, {*later, *x.labels}), _summed(x, {*later, *done.labels}), later,
                         found.result if not operands and k == len(taken) else ())
        operands.append(done)
    return _turned(operands[0], found.result).term


def tensordot(a: Any, b: Any, axes: Any = 2) -> Term:
    """Sums of products over the last axes of one array and the first of another, or pairs of axes, as ``numpy.tensordot``.

    >>> rnp.tensordot(rg.tensor("x", shape=(2, 3, 4)), rg.tensor("y", shape=(3, 4, 5)))
    reshape(x, (2, 12)) @ reshape(y, (12, 5))  float64[2, 5]
    """
    a, b = as_term(a), as_term(b)
    n, m = known_ndim("tensordot", a), known_ndim("tensordot", b)
    if isinstance(axes, (tuple, list)):
        if len(axes) != 2:
            raise MisuseError(f"tensordot: axes={axes!r} has {len(axes)} parts; write the axes of a and those of b, "
                              "as in axes=([1, 2], [0, 1])")
        own, other = (_listed(t, w, k) for t, w, k in zip((a, b), axes, (n, m), strict=True))
    else:
        try:
            k = operator.index(axes)
        except TypeError:
            raise MisuseError(f"tensordot: axes={axes!r} is neither a number of axes nor a pair of lists of them") from None
        if not 0 <= k <= min(n, m):
            raise ShapeError(f"tensordot: axes={k} of {_short(a)}: {a.type!r} and {_short(b)}: {b.type!r}; "
                             f"from 0 to {min(n, m)} axes can be summed over")
        own, other = list(range(n - k, n)), list(range(k))
    if len(own) != len(other):
        raise MisuseError(f"tensordot: {len(own)} axes of a are to meet {len(other)} axes of b; write as many of each")
    for i, j in zip(own, other, strict=True):
        d, e = a.type.shape[i], b.type.shape[j]
        if d != e and ((isinstance(d, int) and isinstance(e, int)) or 1 in (d, e)):
            raise ShapeError(f"tensordot: axis {i} of {_short(a)}: {a.type!r} and axis {j} of {_short(b)}: {b.type!r} "
                             "have lengths that are not known to be equal")
    labels: list[Label] = list(range(n, n + m))
    for i, j in zip(own, other, strict=True):
        labels[j] = i
    dtype = promote(a.type.dtype, b.type.dtype)
    x, y = Labelled(astype(a, dtype), tuple(range(n))), Labelled(astype(b, dtype), tuple(labels))
    result = (*[i for i in range(n) if i not in own], *[p for j, p in enumerate(labels) if j not in other])
    return _turned(_pair(x, y, set(result), result), result).term


def _listed(x: Term, axes: Any, ndim: int) -> list[int]:
    """Axes counted from the left, in the order given."""
    given = axes if isinstance(axes, (tuple, list)) else [axes]
    normal_axes(f"tensordot: {_short(x)}", tuple(given), ndim)
    return [operator.index(i) % ndim for i in given]


def inner(a: Any, b: Any) -> Term:
    """Sums of products over the last axes of two arrays, as ``numpy.inner``; with a scalar the product."""
    a, b = as_term(a), as_term(b)
    if known_ndim("inner", a) == 0 or known_ndim("inner", b) == 0:
        return a * b
    return tensordot(a, b, axes=([-1], [-1]))


# -- one operand ------------------------------------------------------------------------------------------------------------

def _diagonals(x: Labelled) -> Labelled:
    """Each label once: of axes that share one, their diagonal."""
    term, labels = x.term, list(x.labels)
    for a in dict.fromkeys(x.labels):
        while labels.count(a) > 1:
            i = labels.index(a)
            j = labels.index(a, i + 1)
            rest = [k for k in range(len(labels)) if k not in (i, j)]
            term = diagonal(permute_dims(term, (*rest, i, j)))
            labels = [*[labels[k] for k in rest], a]
    return Labelled(term, tuple(labels))


def _summed(x: Labelled, kept: set[Label]) -> Labelled:
    """Summed over the axes that are no longer needed, in its own dtype, as NumPy does."""
    gone = [a for a in x.labels if a not in kept]
    return _sum(x, tuple(gone)) if gone else x


def _sum(x: Labelled, gone: Labels) -> Labelled:
    axes = tuple(x.labels.index(a) for a in gone)
    dtype = x.term.type.dtype
    term = any(x.term, axes) if dtype.kind == "b" else astype(sum(x.term, axes), dtype)
    return Labelled(term, tuple(a for a in x.labels if a not in gone))


def _turned(x: Labelled, order: Labels) -> Labelled:
    return x if x.labels == order else Labelled(permute_dims(x.term, [x.labels.index(a) for a in order]), order)


# -- two operands -----------------------------------------------------------------------------------------------------------

def _pair(a: Labelled, b: Labelled, kept: set[Label], result: Labels) -> Labelled:
    """Their product, summed over the axes that both have and nothing else needs; towards an order of axes, if one is given."""
    shared = [x for x in a.labels if x in b.labels and x not in kept]
    if not shared:
        return _product(a, b, result)
    free = {x for x in (*a.labels, *b.labels) if x in kept and not (x in a.labels and x in b.labels)}
    if not free and len(shared) > 1:
        return _sum(_product(a, b, ()), tuple(shared))
    plans = [(x, y, order) for x, y in ((a, b), (b, a))
             for order in dict.fromkeys((tuple(shared), tuple(q for q in b.labels if q in shared)))]
    return _contracted(*min(plans, key=lambda p: _turns(*p, kept, result)), kept)


def _layout(a: Labelled, b: Labelled, kept: set[Label]) -> tuple[Labels, Labels, Labels]:
    """The labels of the batch, of the rows and of the columns of a matrix product."""
    return (tuple(x for x in a.labels if x in b.labels and x in kept), tuple(x for x in a.labels if x not in b.labels),
            tuple(x for x in b.labels if x not in a.labels))


def _turns(a: Labelled, b: Labelled, order: Labels, kept: set[Label], result: Labels) -> int:
    """How many transposes a matrix product of the two takes."""
    batch, rows, columns = _layout(a, b, kept)
    made = (*batch, *rows, *columns)
    return (a.labels != (*batch, *rows, *order)) + (b.labels != (*batch, *order, *columns)) + (bool(result) and made != result)


def _contracted(a: Labelled, b: Labelled, order: Labels, kept: set[Label]) -> Labelled:
    batch, rows, columns = _layout(a, b, kept)
    left, right = _turned(a, (*batch, *rows, *order)).term, _turned(b, (*batch, *order, *columns)).term
    n = len(batch)
    lead = (left.type.shape[:n], right.type.shape[:n])
    heights, widths = (tuple(x.size(p) for p in own) for x, own in ((a, rows), (b, columns)))
    inner_a, inner_b = (dims.product(tuple(x.size(p) for p in order)) for x in (a, b))
    if len(order) > 1 or len(rows) > 1:
        left = reshape(left, (*lead[0], *([dims.product(heights)] if rows else []), inner_a))
    if len(order) > 1 or len(columns) > 1:
        right = reshape(right, (*lead[1], inner_b, *([dims.product(widths)] if columns else [])))
    ops = {(True, True): matmul_, (True, False): matvec, (False, True): vecmat_, (False, False): vecdot_}
    out = ops[bool(rows), bool(columns)](left, right)
    if len(rows) > 1 or len(columns) > 1:
        out = reshape(out, (*out.type.shape[:n], *heights, *widths))
    return Labelled(out, (*batch, *rows, *columns))


def _product(a: Labelled, b: Labelled, result: Labels) -> Labelled:
    order = result or (*a.labels, *[x for x in b.labels if x not in a.labels])
    return Labelled(_aligned(a, order) * _aligned(b, order), order)


def _aligned(x: Labelled, order: Labels) -> Term:
    """With its axes in this order, and axes of length 1 for those it lacks behind its first one."""
    own = [p for p in order if p in x.labels]
    wide = list(order[order.index(own[0]):]) if own else []
    n = len(wide)
    return expand_dims(_turned(x, tuple(own)).term, tuple(k - n for k, p in enumerate(wide) if p not in own))


# -- the order of contractions ----------------------------------------------------------------------------------------------

def _order(operands: Sequence[Labelled], result: Labels, optimize: Any) -> list[Step]:
    """Which operands each contraction takes, as positions in the list of what is left."""
    n = len(operands)
    if isinstance(optimize, (list, tuple)):
        return _given(optimize, n)
    if n < 3 or optimize is False:
        return [(0,)] if n == 1 else [(0, 1), *[(n - 1 - k, 0) for k in range(1, n - 1)]]
    if optimize not in (True, "optimal", "greedy"):
        raise MisuseError(f"einsum: optimize={optimize!r} is none of True, False, 'optimal', 'greedy' and a path such as "
                          "['einsum_path', (0, 1), (0, 1)]")
    sizes = {a: d if isinstance(d, int) else SIZE for x in operands for a, d in zip(x.labels, x.term.type.shape, strict=True)}
    labels = [frozenset(x.labels) for x in operands]
    best = _cheapest if n <= _FEW and optimize != "greedy" else _greedy
    return best(labels, frozenset(result), sizes)


def _given(path: Sequence[Any], n: int) -> list[Step]:
    steps = [tuple(s) for s in path if s != "einsum_path"]
    left = n
    for s in steps:
        if not s or len(set(s)) != len(s) or not all(isinstance(k, int) and 0 <= k < left for k in s):
            raise MisuseError(f"einsum: the step {s} of optimize={path!r} names no operands of the {left} that are left")
        left += 1 - len(s)
    if left != 1:
        raise MisuseError(f"einsum: optimize={path!r} leaves {left} operands of {n}; a path ends with one")
    return steps


def _multiplications(labels: frozenset[Label], sizes: dict[Label, int]) -> int:
    return math.prod(sizes[a] for a in labels)


def _outside(labels: Sequence[frozenset[Label]], inside: Sequence[int], result: frozenset[Label]) -> frozenset[Label]:
    return result.union(*[x for k, x in enumerate(labels) if k not in inside])


def _cheapest(labels: Sequence[frozenset[Label]], result: frozenset[Label], sizes: dict[Label, int]) -> list[Step]:
    """The best order of pairs, from the best orders of all smaller sets of operands."""
    n = len(labels)
    best: dict[Step, tuple[int, Any]] = {(k,): (0, k) for k in range(n)}
    left: dict[Step, frozenset[Label]] = {(k,): labels[k] & _outside(labels, (k,), result) for k in range(n)}
    for size in range(2, n + 1):
        for part in combinations(range(n), size):
            left[part] = frozenset[Label]().union(*[labels[k] for k in part]) & _outside(labels, part, result)
            for m in range(1, size // 2 + 1):
                for first in combinations(part, m):
                    second = tuple(k for k in part if k not in first)
                    cost = best[first][0] + best[second][0] + _multiplications(left[first] | left[second], sizes)
                    if part not in best or cost < best[part][0]:
                        best[part] = cost, (best[first][1], best[second][1])
    return _steps(best[tuple(range(n))][1], n)


def _steps(tree: Any, n: int) -> list[Step]:
    """The steps of a tree of pairs, the inner ones first; its depth is at most `_FEW`."""
    items: list[Any] = list(range(n))
    out: list[Step] = []

    def take(t: Any) -> Any:
        if isinstance(t, int):
            return t
        first, second = (take(x) for x in t)
        i, j = sorted((items.index(first), items.index(second)))
        out.append((i, j))
        del items[j], items[i]
        items.append(t)
        return t

    take(tree)
    return out


def _greedy(labels: Sequence[frozenset[Label]], result: frozenset[Label], sizes: dict[Label, int]) -> list[Step]:
    """The pair next that shrinks most, and takes the fewest multiplications."""
    items, out = list(labels), []
    while len(items) > 1:
        def price(pair: tuple[int, ...]) -> tuple[int, int]:
            a, b = (items[k] for k in pair)
            made = (a | b) & _outside(items, pair, result)
            grown = _multiplications(made, sizes) - _multiplications(a, sizes) - _multiplications(b, sizes)
            return grown, _multiplications(a | b, sizes)
        i, j = min(combinations(range(len(items)), 2), key=price)
        made = (items[i] | items[j]) & _outside(items, (i, j), result)
        out.append((i, j))
        del items[j], items[i]
        items.append(made)
    return out
