"""Rows that make large matrices of small ones: Kronecker products, block diagonals, circulant and Toeplitz matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import MisuseError, ShapeError
from . import dims
from .access import Compare, Number, Read, Select
from .dims import Dim
from .elementwise import accepting, conj, to_result, where
from .indexing import index_axis, take
from .structure import arange_, expand_dims, known_ndim, reshape, size_term, sum
from .term import Op, Term, as_term, attr, make
from .type import UNKNOWN, Sizes, Type, parse_signature, promote

__all__ = ["block_diag", "block_diag_", "circulant", "circulant_", "kron", "kron_", "outer_kron", "toeplitz", "toeplitz_"]

_NUMBERS = accepting(promote, "biufc", "is defined for numbers")


def _lined_up(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    """New axes stand left of the leading axes that the operands have already."""
    core = [len(names) for names in parse_signature(t.op.signature)[0]]
    loop = [a.type.ndim - c for a, c in zip(t.args, core, strict=True)]
    out = [expand_dims(x, tuple(range(-(c + max(loop)), -(c + n)))) if b and n < max(loop) else x
           for x, b, c, n in zip(args, batched, core, loop, strict=True)]
    return make(t.op, tuple(out), t.origin)


def _two_matrices(dim: Any) -> Any:
    def infer(sizes: Sizes, a: Type, b: Type) -> Type:
        for i, x in enumerate((a, b)):
            if x.ndim < 2:
                raise ShapeError(f"operand {i + 1} has {x.ndim} axes, at least 2 are needed")
        lead = sizes.shapes([a.shape[:-2], b.shape[:-2]])
        core = tuple(dim(m, p) for m, p in zip(a.shape[-2:], b.shape[-2:], strict=True))
        return Type(_NUMBERS(a.dtype, b.dtype), (*lead, *core))
    return infer


# -- Kronecker products -----------------------------------------------------------------------------------------------------

def _left(a: Term) -> Term:
    return expand_dims(a, (-3, -1))


def _right(b: Term) -> Term:
    return expand_dims(b, (-4, -2))


def _kron_definition(a: Term, b: Term) -> Term:
    y = _left(a) * _right(b)
    m, p, n, q = y.type.shape[-4:]
    return reshape(y, (*y.type.shape[:-4], dims.mul(m, p), dims.mul(n, q)))


def _kron_numpy(a: Any, b: Any) -> Any:
    y = a[..., :, None, :, None] * b[..., None, :, None, :]
    m, p, n, q = y.shape[-4:]
    return y.reshape((*y.shape[:-4], m * p, n * q))


def _kron_pullback(g: Term, y: Term, a: Term, b: Term) -> tuple[Term, Term]:
    g = reshape(g, (*g.type.shape[:-2], a.type.shape[-2], b.type.shape[-2], a.type.shape[-1], b.type.shape[-1]))
    return sum(g * conj(_right(b)), axis=(-3, -1)), sum(g * conj(_left(a)), axis=(-4, -2))


kron_ = Op(name="kron", signature="(m,n),(p,q)->(r,s)", kind="composite", operands=to_result, dtype=_NUMBERS, batch=_lined_up,
           infer=_two_matrices(dims.mul), numpy=_kron_numpy, reference=_kron_numpy, pullback=_kron_pullback,
           definition=_kron_definition, cost=2, doc="The Kronecker product of matrices: blocks a[i, j] * b.")


def outer_kron(a: Any, b: Any) -> Term:
    """The Kronecker product of two matrices; every leading axis is a batch, as in all of ``rnp.linalg``."""
    return kron_(a, b)


def kron(a: Any, b: Any) -> Term:
    """The Kronecker product of vectors or matrices, as ``numpy.kron``.

    >>> rnp.kron(rnp.eye(2), rg.matrix("X", shape=(3, 3))).type
    float64[6, 6]

    Raises MisuseError for more than two axes, which NumPy multiplies too and `rnp.linalg.kron` takes for a batch.
    """
    a, b = as_term(a), as_term(b)
    if a.type is UNKNOWN or b.type is UNKNOWN:
        return kron_(a, b)
    n, m = known_ndim("kron", a), known_ndim("kron", b)
    if max(n, m) > 2:
        raise MisuseError(f"kron: {(a if n > 2 else b).type!r} has more than two axes; write rnp.linalg.kron, "
                          "for which leading axes are a batch")
    if n == 0 or m == 0:
        return a * b
    if max(n, m) == 2:
        return kron_(expand_dims(a, 0) if n == 1 else a, expand_dims(b, 0) if m == 1 else b)
    y = expand_dims(a, -1) * expand_dims(b, -2)
    return reshape(y, (dims.mul(*y.type.shape),))


# -- block diagonals --------------------------------------------------------------------------------------------------------

def _lead(index: tuple[Dim, ...], shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The index of an operand's leading axes, which may be fewer, or broadcast."""
    at = index[len(index) - len(shape):-2]
    return tuple(0 if d == 1 else i for i, d in zip(at, shape, strict=False))


def _block_access(index: tuple[Dim, ...], shapes: Any) -> Select:
    (m, n), i, j = shapes[0][-2:], index[-2], index[-1]
    first = Read(0, (*_lead(index, shapes[0]), i, j))
    second = Read(1, (*_lead(index, shapes[1]), dims.sub(i, m), dims.sub(j, n)))
    above = Select((Compare("<", j, n),), first, Number(0))
    below = Select((Compare("<=", n, j),), second, Number(0))
    return Select((Compare("<", i, m),), above, below)


def _block_numpy(a: Any, b: Any) -> Any:
    (m, n), (p, q) = a.shape[-2:], b.shape[-2:]
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = np.zeros((*lead, m + p, n + q), np.result_type(a, b))
    out[..., :m, :n] = a
    out[..., m:, n:] = b
    return out


def _block_pullback(g: Term, y: Term, a: Term, b: Term) -> tuple[Term, Term]:
    (m, n), (p, q) = a.type.shape[-2:], b.type.shape[-2:]
    return (index_axis(index_axis(g, -2, 0, m), -1, 0, n), index_axis(index_axis(g, -2, m, p), -1, n, q))


block_diag_ = Op(name="block_diag", signature="(m,n),(p,q)->(r,s)", kind="access", operands=to_result, dtype=_NUMBERS,
                 batch=_lined_up, infer=_two_matrices(dims.add), numpy=_block_numpy, pullback=_block_pullback,
                 access=_block_access, lower={"jax": "relgraph.linkers.jax.decompositions.block_diag"},
                 doc="Two matrices on the diagonal of a larger one, zeros elsewhere; leading axes are batches.")


def block_diag(*matrices: Any) -> Term:
    """Matrices (of any sizes) along the diagonal of one, as ``scipy.linalg.block_diag``; leading axes are batches.

    >>> rnp.linalg.block_diag(rnp.eye(2), rnp.ones((1, 3))).type
    float64[3, 5]
    """
    if not matrices:
        raise MisuseError("block_diag: needs at least one matrix, got none")
    out, *rest = map(as_term, matrices)
    for x in rest:
        out = block_diag_(out, x)
    return out


# -- circulant and Toeplitz -------------------------------------------------------------------------------------------------

def _grid(n: Dim, m: Dim) -> tuple[Term, Term]:
    """Numbers 0, 1, … down the rows and along the columns."""
    return expand_dims(make(arange_, (attr(n),)), -1), expand_dims(make(arange_, (attr(m),)), -2)


def _gathered(g: Term, column: Term) -> Term:
    """The elements of the i-th row of ``g`` at the i-th row of positions, which are in range."""
    n, m = g.type.shape[-2:]
    row, _ = _grid(n, m)
    flat = reshape(g, (*g.type.shape[:-2], dims.mul(n, m)))
    return take(flat, row * size_term(m) + column, -1)


def _circulant_pullback(g: Term, y: Term, c: Term) -> tuple[Term]:
    n = c.type.shape[-1]
    i, k = _grid(n, n)
    return (sum(_gathered(g, (i - k) % size_term(n)), axis=-2),)


def _circulant_numpy(c: Any) -> Any:
    n = c.shape[-1]
    return c[..., (np.arange(n)[:, None] - np.arange(n)) % max(n, 1)]


circulant_ = Op(name="circulant", signature="(n)->(n,n)", kind="access", operands=lambda out, d: (d,), dtype=_NUMBERS,
                numpy=_circulant_numpy, pullback=_circulant_pullback,
                access=lambda index, shapes: Read(0, (*index[:-2], dims.mod(dims.sub(index[-2], index[-1]), shapes[0][-1]))),
                lower={"jax": "relgraph.linkers.jax.decompositions.circulant"},
                doc="The matrix whose columns are its first one, turned round: y[i, j] = c[(i - j) mod n].")


def circulant(c: Any) -> Term:
    """The circulant matrix of a first column, as ``scipy.linalg.circulant``; leading axes are batches."""
    return circulant_(c)


def _toeplitz_access(index: tuple[Dim, ...], shapes: Any) -> Select:
    i, j = index[-2], index[-1]
    down = Read(0, (*_lead(index, (*shapes[0], 0)), dims.sub(i, j)))
    right = Read(1, (*_lead(index, (*shapes[1], 0)), dims.sub(j, i)))
    return Select((Compare("<=", j, i),), down, right)


def _toeplitz_numpy(c: Any, r: Any) -> Any:
    i, j = np.arange(c.shape[-1])[:, None], np.arange(r.shape[-1])
    if not i.size or not j.size:
        return np.zeros((*np.broadcast_shapes(c.shape[:-1], r.shape[:-1]), i.size, j.size), np.result_type(c, r))
    return np.where(i >= j, c[..., np.maximum(i - j, 0)], r[..., np.maximum(j - i, 0)])


def _toeplitz_pullback(g: Term, y: Term, c: Term, r: Term) -> tuple[Term, Term]:
    n, m = c.type.shape[-1], r.type.shape[-1]
    i, k = _grid(n, n)
    below = where((i >= k) & (i - k < size_term(m)), _gathered_or_zero(g, i - k), 0)
    i, k = _grid(n, m)
    above = where((k > 0) & (i + k < size_term(m)), _gathered_or_zero(g, i + k), 0)
    return sum(below, axis=-2), sum(above, axis=-2)


def _gathered_or_zero(g: Term, column: Term) -> Term:
    """As `_gathered`, of any positions: those out of range are turned into it, to be masked."""
    return _gathered(g, column % size_term(g.type.shape[-1]))


toeplitz_ = Op(name="toeplitz", signature="(n),(m)->(n,m)", kind="access", operands=to_result, dtype=_NUMBERS,
               numpy=_toeplitz_numpy, pullback=_toeplitz_pullback, access=_toeplitz_access,
               lower={"jax": "relgraph.linkers.jax.decompositions.toeplitz"},
               doc="The matrix of constant diagonals with a first column and a first row; the row's first element is not read.")


def toeplitz(c: Any, r: Any = None) -> Term:
    """The Toeplitz matrix of a first column and a first row, as ``scipy.linalg.toeplitz``; leading axes are batches.

    Without a row it is Hermitian: the conjugate of the column.
    """
    c = as_term(c)
    return toeplitz_(c, conj(c) if r is None else r)
