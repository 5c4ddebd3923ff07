"""The field's equations of sums, products, extrema and what is fused with them: a row each, as a user writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import booleans, ordering, reductions, shapes
from relgraph.numpy import (
    abs,
    all,
    any,
    argmax,
    argmin,
    broadcast_to,
    concat,
    exp,
    log,
    max,
    maximum,
    mean,
    min,
    minimum,
    prod,
    square,
    squeeze,
    stack,
    sum,
    vecdot,
)
from relgraph.relations import FOLDING, theory

from .field import Row, holds, table

logsumexp, softmax = rnp.special.logsumexp, rnp.special.softmax

x, y = (rg.matrix(n, shape=(3, 4)) for n in "xy")
t = rg.tensor("t", shape=(2, 3, 4))
v, w = rg.vector("v", shape=(4,)), rg.vector("w", shape=(3,))
a, b, c = (rg.scalar(n) for n in "abc")
column, row_ = rg.matrix("column", shape=(3, 1)), rg.matrix("row", shape=(1, 4))
p, q = (rg.matrix(n, shape=(3, 4), dtype="bool") for n in "pq")
n = rg.vector("n", shape=(4,), dtype="int64")
pos = rg.assume(rg.matrix("pos", shape=(3, 4)), positive=True)
fin = rg.assume(rg.matrix("fin", shape=(3, 4)), finite=True)
z = rg.matrix("z", shape=(4, 2))
BARE = {pos: pos.args[0], fin: fin.args[0]}
copied = theory(FOLDING, shapes.rearranging, reductions.single, booleans.reduced_truths)
product_powers = theory(FOLDING, reductions.product_powers)
power_copies = theory(shapes.powers_of_copies, reductions.single)
mean_copies = theory(reductions.repeated, reductions.single, shapes.copied, shapes.axes_of_one)

rng = np.random.default_rng(0)
VALUES: dict[Any, Any] = {k: rng.normal(size=k.type.shape) for k in (x, y, z, t, v, w, a, b, c, column, row_, BARE[fin])}
VALUES |= {p: rng.random((3, 4)) < 0.5, q: rng.random((3, 4)) < 0.8, n: np.array([3, -1, 0, 2]),
           BARE[pos]: rng.uniform(0.1, 2, (3, 4))}

REDUCTIONS: dict[str, Row] = {
    "sum of sums": (sum(sum(t, 0), 0), sum(t, (0, 1))),
    "sum of a sum over the last axis": (sum(sum(t, 2), 1), sum(t, (1, 2))),
    "product of products": (prod(prod(t, 0), 1), prod(t, (0, 2))),
    "greatest of the greatest": (max(max(t, 1), 1), max(t, (1, 2))),
    "least of the least": (min(min(t, 1), 1), min(t, (1, 2))),
    "all of all": (all(all(p, 0), 0), all(p)),
    "any of any": (any(any(p, 1), 0), any(p)),
    "sum of all axes one by one": (sum(sum(sum(t, 0), 0), 0), sum(t)),
    "mean of means": (mean(mean(t, 0), 0), mean(t, (0, 1)), reductions.means),
    "sum over no axes": (sum(x, ()) + 0, x),
    "greatest over no axes": (max(x, ()), x, reductions.single),
    "sum over an axis of length one": (sum(column, 1), squeeze(column, 1)),
    "product over an axis of length one": (prod(column, 1), squeeze(column, 1)),
    "greatest over an axis of length one": (max(column, 1), squeeze(column, 1)),
    "least over an axis of length one": (min(column, 1), squeeze(column, 1)),
    "mean over an axis of length one": (mean(column, 1), squeeze(column, 1)),
    "sum of two joined": (sum(stack([v, v + 1]), 0), 1 + 2 * v),
    "sum of two rows joined": (sum(concat([row_, row_ * 2], 0), 0), 3 * squeeze(row_, 0)),
    "greatest of two joined": (max(stack([a, b])), maximum(a, b)),
    "least of two joined": (min(stack([a, b])), minimum(a, b)),
    "product of two joined": (prod(stack([a, b])), a * b),
    "sum of three numbers": (sum(stack([a, b, c])), a + b + c),
    "greatest of three numbers": (max(stack([a, b, c])), maximum(a, maximum(b, c))),
    "sum of a repeated number": (sum(broadcast_to(a, (5,))), 5 * a, copied),
    "sum along a repeated axis": (sum(broadcast_to(v, (3, 4)), 0), 3 * v, copied),
    "sum of a repeated vector": (sum(broadcast_to(v, (3, 4))), 3 * sum(v), copied),
    "product of a repeated number": (prod(broadcast_to(a, (5,))), a**5, power_copies),
    "product along a repeated axis": (prod(broadcast_to(v, (3, 4)), 0), v**3, power_copies),
    "product of a repeated vector": (prod(broadcast_to(v, (3, 4))), prod(v)**3, power_copies),
    "greatest of a repeated vector": (max(broadcast_to(v, (3, 4)), 0), v, copied),
    "least of a repeated vector": (min(broadcast_to(v, (3, 4))), min(v), copied),
    "mean of a repeated vector": (mean(broadcast_to(v, (3, 4)), 0), v, mean_copies),
    "all of repeated": (all(broadcast_to(p, (2, 3, 4)), 0), p, copied),
    "any of repeated": (any(broadcast_to(p, (2, 3, 4))), any(p), copied),
    "sum of a multiple": (sum(3 * x, 0), 3 * sum(x, 0)),
    "sum of a scaled matrix": (sum(a * x, 1), a * sum(x, 1)),
    "sum of rows with a factor": (sum(column * x, 1), squeeze(column, 1) * sum(x, 1)),
    "sum of a quotient": (sum(x / a), sum(x) / a),
    "sum of rows over a divisor": (sum(x / column, 1), sum(x, 1) / squeeze(column, 1)),
    "sum of a quotient by a number": (sum(x / 3), sum(x) / 3),
    "product of a multiple": (prod(a * x, 0), a**3 * prod(x, 0), product_powers),
    "product of a multiple by a number": (prod(2 * v), 16 * prod(v), product_powers),
    "product of a quotient": (prod(v / a), prod(v) / a**4, product_powers),
    "product of minus": (prod(-w), -prod(w), product_powers),
    "sum of minus": (sum(-x, 1), -sum(x, 1)),
    "mean of minus": (mean(-x, 1), -mean(x, 1), reductions.means),
    "mean of a multiple": (mean(3 * x, 1), 0.75 * sum(x, 1)),
    "sum of products of columns": (sum(x[:, :, None] * z, (1, 2)), vecdot(x, sum(z, 1)), reductions.dots),
    "sum of squares of products": (sum((x[:, :, None] * z)**2, (1, 2)), vecdot(x**2, vecdot(z, z)), reductions.dots),
    "sum of squares, a row factor": (sum(square(column * x), 1), squeeze(column**2, 1) * sum(x**2, 1)),
    "minus the greatest of minus": (-max(-x, 1), min(x, 1)),
    "minus the least of minus": (-min(-x, 1), max(x, 1)),
    "log of a product of positives": (log(prod(pos, 1)), sum(log(pos), 1)),
    "log of a product of exps": (log(prod(exp(x), 1)), sum(x, 1)),
    "log of a product of squares": (log(prod(x**2, 1)), 2 * sum(log(abs(x)), 1)),
    "log of a product of absolute values": (log(prod(abs(x), 1)), sum(log(abs(x)), 1)),
    "log of the size of a product": (log(abs(prod(x, 1))), sum(log(abs(x)), 1), reductions.products),
    "product of exps": (prod(exp(x), 1), exp(sum(x, 1))),
    "sum of sums of equal shape": (sum(x, 1) + sum(y, 1), sum(x + y, 1), reductions.means),
    "product of products of equal shape": (prod(x, 1) * prod(y, 1), prod(x * y, 1), reductions.products),
    "position of the greatest share": (argmax(softmax(fin, -1), -1), argmax(fin, -1), ordering.ordering),
    "position of the least of minus": (argmin(-x, -1), argmax(x, -1), ordering.ordering),
    "greatest by its position": (rnp.take_along_axis(x, argmax(x, -1)[:, None], -1), max(x, -1, keepdims=True),
                                 ordering.ordering),
}


def bare(row: Row) -> Row:
    before, after, *by = row
    return before, rg.substitute(after, BARE), *by


@table(REDUCTIONS)
def test_reductions(row: Row) -> None:
    holds(bare(row), VALUES)


BUILT: dict[str, tuple[Any, Any]] = {
    "sum over all axes": (sum(x, (0, 1)), sum(x)),
    "product over all axes": (prod(x, (1, 0)), prod(x)),
    "axes from either end": (max(t, (0, -1)), max(t, (2, 0))),
    "axes kept": (sum(x, 1, keepdims=True), rnp.expand_dims(sum(x, 1), 1)),
}


@table(BUILT)
def test_what_is_one_term_when_it_is_built(row: Row) -> None:
    written, same = row
    assert written is same
