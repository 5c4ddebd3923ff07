"""Attribute functions about reads of matrix products and of batches: what of the operands a read of the result needs."""

from __future__ import annotations

from typing import Any

from ..terms.linalg import matmul_, matvec, vecdot_, vecmat_
from ..terms.term import Term, make
from .arranging import read, spread
from .attributes import term_function
from .layouts import Spec, entries

__all__ = ["batch_of", "matrices", "product_spread", "read_matmul", "read_matvec", "read_vecdot", "read_vecmat",
           "right_sides", "systems"]


@term_function
def read_matmul(x: Term, y: Term, spec: Term) -> Term:
    """A read of a matrix product as the product of rows and columns."""
    found = entries((*_lead((x, 2), (y, 2)), x.type.shape[-2], y.type.shape[-1]), spec.data)
    batch, row, column = found[:-2], found[-2], found[-1]
    inner = (0, 1, x.type.shape[-1])
    a, b = _batch_read(x, (*batch, row, inner), 2), _batch_read(y, (*batch, inner, column), 2)
    op = {(False, False): matmul_, (True, False): vecmat_, (False, True): matvec, (True, True): vecdot_}[
        row[2] is None, column[2] is None]
    return make(op, (a, b))


@term_function
def read_matvec(x: Term, v: Term, spec: Term) -> Term:
    """A read of a matrix times a vector as the product of rows and the vector."""
    *batch, row = entries((*_lead((x, 2), (v, 1)), x.type.shape[-2]), spec.data)
    inner = (0, 1, x.type.shape[-1])
    a, b = _batch_read(x, (*batch, row, inner), 2), _batch_read(v, (*batch, inner), 1)
    return make(vecdot_ if row[2] is None else matvec, (a, b))


@term_function
def read_vecmat(v: Term, x: Term, spec: Term) -> Term:
    """A read of a vector times a matrix as the product of the vector and columns."""
    *batch, column = entries((*_lead((v, 1), (x, 2)), x.type.shape[-1]), spec.data)
    inner = (0, 1, x.type.shape[-2])
    a, b = _batch_read(v, (*batch, inner), 1), _batch_read(x, (*batch, inner, column), 2)
    return make(vecdot_ if column[2] is None else vecmat_, (a, b))


@term_function
def read_vecdot(u: Term, v: Term, spec: Term) -> Term:
    """A read of products of vectors as products of some of them."""
    batch, inner = entries(_lead((u, 1), (v, 1)), spec.data), (0, 1, u.type.shape[-1])
    return make(vecdot_, (_batch_read(u, (*batch, inner), 1), _batch_read(v, (*batch, inner), 1)))


def _lead(*operands: tuple[Term, int]) -> tuple[Any, ...]:
    """The batch axes of a product of operands, each with the number of axes of its own."""
    shapes = [x.type.shape[:x.type.ndim - own] for x, own in operands]
    n = max(map(len, shapes))
    wide = [(1,) * (n - len(s)) + s for s in shapes]
    return tuple(next((d for d in ds if d != 1), 1) for ds in zip(*wide, strict=True))


def _batch_read(x: Term, spec: Spec, own: int) -> Term:
    """A read in which leading axes are broadcast and the last ones are the operand's own."""
    shape = x.type.shape
    found = list(spec[len(spec) - len(shape):])
    for k, d in enumerate(shape[:len(shape) - own]):
        start, _, length = found[k]
        if d == 1 and (start, length) != (0, 1):
            found[k] = (0, 0, None) if length is None else (0, 1, 0 if length == 0 else 1)
    return read(x, found)


@term_function
def matrices(x: Term, spec: Term) -> Term:
    """The matrices of a batch at which a function of each is read."""
    return read(x, (*entries(x.type.shape[:-2], spec.data), *entries(x.type.shape[-2:], ())))


@term_function
def systems(x: Term, y: Term, spec: Term) -> Term:
    """The matrices of the first of two batches at which a solution is read."""
    lead = entries((*_lead((x, 2), (y, 2)), *y.type.shape[-2:]), spec.data)[:-2]
    return _batch_read(x, (*lead, *entries(x.type.shape[-2:], ())), 2)


@term_function
def right_sides(x: Term, y: Term, spec: Term) -> Term:
    """The matrices of the second of two batches at which a solution is read."""
    lead = entries((*_lead((x, 2), (y, 2)), *y.type.shape[-2:]), spec.data)[:-2]
    return _batch_read(y, (*lead, *entries(y.type.shape[-2:], ())), 2)


@term_function
def batch_of(y: Term, x: Term, shape: Term) -> Term:
    """A function ``y`` of each matrix of ``x``, repeated as a batch of these is."""
    return spread(y, (*shape.data[:-2], *y.type.shape[x.type.ndim - 2:]))


def _copied(x: Term, y: Term, batch: Any) -> Term:
    out = make(matmul_, (x, y))
    n = max(out.type.ndim - 2, len(batch))
    lead, wide = ((1,) * (n - len(s)) + tuple(s) for s in (out.type.shape[:-2], batch))
    return spread(out, (*[d if d != 1 else e for d, e in zip(lead, wide, strict=True)], *out.type.shape[-2:]))


@term_function
def product_spread(x: Term, y: Term, shape: Term) -> Term:
    """The products of matrices, of which one are copies, as copies of products."""
    return _copied(x, y, shape.data[:-2])
