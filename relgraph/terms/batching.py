"""Batch rules of rows that gather or scatter by index arrays, which `vectorize` cannot read off a signature."""

from __future__ import annotations

from collections.abc import Sequence

from . import dims
from .dims import Dim
from .structure import arange_, broadcast_to, permute_dims, reshape, size_term
from .term import Op, Term, attr, make
from .type import STATIC

__all__ = ["all_over", "batched_concat", "batched_take", "batched_take_add", "common_lead",
           "row_positions"]


def common_lead(operands: Sequence[Term], batched: Sequence[bool], k: int) -> tuple[Dim, ...]:
    return STATIC.shapes([x.type.shape[:k] for x, b in zip(operands, batched, strict=False) if b])


def all_over(x: Term, lead: tuple[Dim, ...], batched: bool) -> Term:
    """The operand with the new axes, repeated where it has none."""
    return broadcast_to(x, lead + (x.type.shape[len(lead):] if batched else x.type.shape))


def batched_concat(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    """Joined arrays need the same leading axes."""
    *xs, axis = args
    lead = common_lead(xs, batched, k)
    return make(t.op, (*[all_over(x, lead, b) for x, b in zip(xs, batched, strict=False)], axis), t.origin)


def row_positions(i: Term, n: Dim, lead: tuple[Dim, ...], take: Op) -> Term:
    """Positions in ``n`` rows per batch as positions in the rows of all batches; out of range stays an error."""
    here = make(take, (make(arange_, (attr(n),)), i, attr((-1,))))
    batch = reshape(make(arange_, (attr(dims.product(lead)),)), (*lead, *[1] * (i.type.ndim - len(lead))))
    return here + batch * size_term(n)


def batched_take(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    """With an index array per batch, the batches are laid one behind the other."""
    x, i, axis = args
    if not batched[1]:
        return make(t.op, (x, i, axis), t.origin)
    if not batched[0]:
        y = make(t.op, (x, i, axis), t.origin)
        at = x.type.ndim + axis.data[0]
        rest = [a for a in range(y.type.ndim) if not at <= a < at + k]
        return permute_dims(y, (*range(at, at + k), *rest))
    lead = common_lead((x, i), batched, k)
    x, i = all_over(x, lead, True), all_over(i, lead, True)
    at = x.type.ndim + axis.data[0]
    n, before, after = x.type.shape[at], x.type.shape[k:at], x.type.shape[at + 1:]
    x = permute_dims(x, (*range(k), at, *range(k, at), *range(at + 1, x.type.ndim)))
    rows = reshape(x, (dims.mul(dims.product(lead), n), *before, *after))
    y = make(t.op, (rows, row_positions(i, n, lead, t.op), attr((-rows.type.ndim,))), t.origin)
    first, last = i.type.ndim, i.type.ndim + len(before)
    return permute_dims(y, (*range(k), *range(first, last), *range(k, first), *range(last, y.type.ndim)))


def batched_take_add(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int, take: Op) -> Term:
    """The transpose of `batched_take`."""
    g, i, axis, size = args
    if not batched[1]:
        return make(t.op, (g, i, axis, size), t.origin)
    lead = common_lead((g, i), batched, k)
    g, i = all_over(g, lead, batched[0]), all_over(i, lead, True)
    m = i.type.ndim - k
    at = g.type.ndim - m + 1 + axis.data[0]
    before, after = g.type.shape[k:at], g.type.shape[at + m:]
    g = permute_dims(g, (*range(k), *range(at, at + m), *range(k, at), *range(at + m, g.type.ndim)))
    rows = dims.mul(dims.product(lead), size.data)
    y = make(t.op, (g, row_positions(i, size.data, lead, take), attr((-1 - len(before) - len(after),)), attr(rows)), t.origin)
    y = reshape(y, (*lead, size.data, *before, *after))
    return permute_dims(y, (*range(k), *range(k + 1, k + 1 + len(before)), k, *range(k + 1 + len(before), y.type.ndim)))
