"""Fourier transforms and circulant matrices, which they diagonalise: products and solutions in n log n operations."""

from __future__ import annotations

from relgraph.numpy import (abs, conj, expand_dims, linalg, matmul, matrix_transpose, matvec, prod, real, sum)
from relgraph.relations import attrs, lvars, term_function, theory
from relgraph.relations.predicates import nonempty, same_shape
from relgraph.terms import dims
from relgraph.terms.dims import Dim
from relgraph.terms.fourier import fft_, ifft_, irfft_, rfft_
from relgraph.terms.indexing import index_axis
from relgraph.terms.joining import concat, zeros
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.structure import broadcast_to, size_term
from relgraph.terms.term import Term, attr, const
from relgraph.terms.type import STATIC


@term_function
def length(x: Term) -> Term:
    """How many elements the last axis has, as a number of the dtype of ``x``."""
    n = size_term(x.type.shape[-1])
    return const(n, x.type.dtype) if isinstance(n, int) else n.astype(x.type.dtype)


@term_function
def real_length(z: Term) -> Term:
    """How many elements the last axis of a complex array has, as a real number."""
    return length(real(z))


@term_function
def turned(v: Term) -> Term:
    """The first element, then the others from the last one back: ``v[(-k) mod n]``."""
    n = v.type.shape[-1]
    last = dims.sub(n, 1)
    return v if n == 0 else index_axis(concat([index_axis(v, -1, last, n, -1)] * 2, -1), -1, last, n)


def _filled(v: Term, n: Dim) -> Term:
    """The elements, then zeros, ``n`` in all."""
    return concat([v, zeros((*v.type.shape[:-1], dims.sub(n, v.type.shape[-1])), dtype=v.type.dtype)], -1)


@term_function
def toeplitz_apply(c: Term, r: Term, v: Term) -> Term:
    """``toeplitz(c, r) @ v``: the first rows of a circulant matrix that has it in its corner."""
    n, m = c.type.shape[-1], r.type.shape[-1]
    size = dims.add(n, m) if not (isinstance(n, int) and isinstance(m, int)) else 1 << (n + m - 2).bit_length()
    up = index_axis(r, -1, dims.sub(m, 1), dims.sub(m, 1), -1)  # the first row backwards, without its first element
    lead = STATIC.shapes([c.type.shape[:-1], r.type.shape[:-1]])
    gap = zeros((dims.sub(dims.add(size, 1), dims.add(n, m)),), dtype=c.type.dtype)
    column = concat([broadcast_to(x, (*lead, x.type.shape[-1])) for x in (c, gap, up)], -1)
    return index_axis(irfft_(rfft_(column) * rfft_(_filled(v, size)), attr(size)), -1, 0, n)


@term_function
def half(x: Term, like: Term) -> Term:
    """The real vector of the length of ``like`` with these first coefficients."""
    return irfft_(x, attr(like.type.shape[-1]))


@term_function
def first(v: Term) -> Term:
    """The first element along the last axis; zero where there is none."""
    return sum(v[..., :1], axis=-1)


c, d, v, x = lvars("c d v x")
z, w = lvars("z w", kinds="c")
n, = attrs("n")
circulant, toeplitz = linalg.circulant, linalg.toeplitz
det, inv, solve, trace = linalg.det, linalg.inv, linalg.solve, linalg.trace
t = matrix_transpose


transforms = theory(
    name            = "transforms",
    fft_ifft        = (fft_(ifft_(z)),                      z),
    ifft_fft        = (ifft_(fft_(z)),                      z),
    irfft_rfft      = (irfft_(rfft_(x), n),                 x,                              "domain"),
    fft_neg         = (fft_(-z),                            -fft_(z)),
    ifft_neg        = (ifft_(-z),                           -ifft_(z)),
    fft_add         = (fft_(z) + fft_(w),                   fft_(z + w),                    same_shape(z, w)),
    ifft_add        = (ifft_(z) + ifft_(w),                 ifft_(z + w),                    same_shape(z, w)),
    parseval        = (sum(abs(fft_(z))**2, -1),            real_length(z) * sum(abs(z)**2, -1)),
    fft_sum         = (sum(fft_(z), -1),                    length(z) * first(z),           "domain"),
    ifft_sum        = (sum(ifft_(z), -1),                   first(z),                       "domain"),
)

toeplitz_products = theory(
    name                = "toeplitz_products",
    toeplitz_matvec     = (matvec(toeplitz(c, d), v),               toeplitz_apply(c, d, v),        nonempty(c) & nonempty(d)),
)

circulants = theory(
    name            = "circulants",
    circulant_matvec    = (matvec(circulant(c), v),                 half(rfft_(c) * rfft_(v), c)),
    circulant_vecmat    = (vecmat(v, circulant(c)),                 half(conj(rfft_(c)) * rfft_(v), c)),
    circulant_matmul    = (matmul(circulant(c), circulant(d)),      circulant(half(rfft_(c) * rfft_(d), c))),
    circulant_transpose = (t(circulant(c)),                         circulant(turned(c))),
    circulant_inv       = (inv(circulant(c)),                       circulant(half(1 / rfft_(c), c))),
    circulant_solve     = (solve(circulant(c), x),                  t(half(rfft_(t(x)) / expand_dims(rfft_(c), -2), c))),
    circulant_det       = (det(circulant(c)),                       real(prod(fft_(c), -1)),        "domain"),
    circulant_trace     = (trace(circulant(c)),                     length(c) * first(c)),
    circulant_add       = (circulant(c) + circulant(d),             circulant(c + d)),
    circulant_neg       = (circulant(-c),                           -circulant(c)),
    precedence          = "inv > solve > matmul > circulant, matvec > rfft, vecmat > rfft, matmul > rfft, solve > rfft, "
                          "inv > rfft, det > fft, det > prod, det > real, transpose > circulant, vecmat > conj, "
                          "solve > transpose, solve > expand_dims",
)
