"""Rows of discrete Fourier transforms over the last axis; the user's functions choose axis, length and norm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import DTypeError, MisuseError, ShapeError
from . import dims
from .dims import Dim
from .elementwise import conj, equal, real, where
from .indexing import index_axis, place
from .joining import concat
from .linalg import _FLOAT
from .structure import arange_, as_dim, known_type, permute_dims, size_term
from .term import Op, Term, as_term, attr, make
from .type import Sizes, Type, promote, real_of

__all__ = ["fft", "fft_", "ifft", "ifft_", "irfft", "irfft_", "rfft", "rfft_"]

_COMPLEX64 = np.dtype("complex64")


def _complex(d: Any) -> Any:
    return promote(_FLOAT(d), _COMPLEX64)


def _n(x: Term) -> Any:
    return _number(x, x.type.shape[-1])


def _number(x: Term, n: Dim) -> Any:
    """A size as a number beside x."""
    size = size_term(n)
    return size if isinstance(size, int) else size.astype(real_of(_FLOAT(x.type.dtype)))


def _transform(name: str, pullback: Any, doc: str) -> Op:
    return Op(name=name, signature="(n)->(n)", dtype=_complex, operands=lambda out, d: (out,), kind="call",
              pullback=pullback, numpy=lambda x: getattr(np.fft, name)(x) if x.size else x.copy(),
              reference=f"relgraph.terms.reference_matrices.{name}",
              lower={"c": f"rg_{name}", "numba": f"rg_{name}", "jax": f"relgraph.linkers.jax.decompositions.{name}"},
              cost=lambda a: 5 * math.prod(a) * math.log2(max(a[-1], 2)), doc=doc)


fft_ = _transform("fft", lambda g, y, x: (_n(x) * ifft_(g),), "The sums of x[j] exp(-2 pi i j k / n).")
ifft_ = _transform("ifft", lambda g, y, x: (fft_(g) / _n(x),), "The inverse of fft.")


# -- of real arrays ---------------------------------------------------------------------------------------------------------

def _half(n: Dim) -> Dim:
    return dims.add(dims.floordiv(n, 2), 1)


def _rfft_type(sizes: Sizes, x: Type) -> Type:
    if x.ndim < 1:
        raise ShapeError("operand has 0 axes, at least 1 is needed")
    if x.dtype.kind == "c":
        raise DTypeError(f"is defined for real numbers; write rnp.fft.fft, found {x.dtype.name}")
    sizes.need(x.shape[-1], 1)
    return Type(_complex(x.dtype), (*x.shape[:-1], _half(x.shape[-1])))


rfft_ = Op(name="rfft", signature="(n)->(m)", kind="composite", infer=_rfft_type, operands=lambda out, d: (real_of(out),),
           numpy=np.fft.rfft, reference="relgraph.terms.reference_matrices.rfft",
           cost=lambda a: 3 * math.prod(a) * math.log2(max(a[-1], 2)),
           pullback=lambda g, y, x: (_n(x) * real(ifft_(place(g, -1, 0, x.type.shape[-1]))),),
           definition=lambda x: index_axis(fft_(x), -1, 0, _half(x.type.shape[-1])),
           lower={"jax": "jax.numpy.fft.rfft"}, doc="The first half of fft, for a real array: the other is its mirror.")


def _irfft_type(sizes: Sizes, x: Type, n: Dim) -> Type:
    if x.ndim < 1:
        raise ShapeError("operand has 0 axes, at least 1 is needed")
    sizes.need(n, 1)
    sizes.meet(x.shape[-1], _half(n))
    return Type(real_of(_complex(x.dtype)), (*x.shape[:-1], n))


def _irfft_definition(x: Term, size: Term) -> Term:
    n, m = size.data, x.type.shape[-1]
    rest = dims.sub(n, m)
    mirror = conj(index_axis(x, -1, rest, rest, -1))
    return real(ifft_(concat([x, mirror], -1)))


def _irfft_pullback(g: Term, y: Term, x: Term, size: Term) -> tuple[Term]:
    """Every coefficient but the first, and the last of an even length, stands for two."""
    n = size.data
    k = make(arange_, (attr(x.type.shape[-1]),))
    once = equal(k, 0) | equal(2 * k, size_term(n))
    return (rfft_(g) * (where(once, 1, 2) / _number(x, n)).astype(y.type.dtype),)


irfft_ = Op(name="irfft", signature="(m)->(n)", attrs=("n",), kind="composite", infer=_irfft_type, pullback=_irfft_pullback,
            operands=lambda out, d: (_complex(d),), numpy=lambda x, n: np.fft.irfft(x, n),
            reference="relgraph.terms.reference_matrices.irfft",
            cost=lambda a: 6 * math.prod(a) * math.log2(max(2 * a[-1], 2)),
            definition=_irfft_definition, lower={"jax": "jax.numpy.fft.irfft"},
            doc="The real array of n elements of which this is the first half of fft.")


# -- the user's functions ---------------------------------------------------------------------------------------------------

def _last(x: Term, axis: int) -> tuple[Term, tuple[int, ...] | None]:
    """The transformed axis last, and the permutation that brings it back."""
    known_type("fft", x)
    if not isinstance(axis, int) or not -x.type.ndim <= axis < x.type.ndim:
        raise ShapeError(f"fft: axis {axis} is out of range for {x.type!r}")
    a, n = axis % x.type.ndim, x.type.ndim
    if a == n - 1:
        return x, None
    rest = [i for i in range(n) if i != a]
    return permute_dims(x, (*rest, a)), (*range(a), n - 1, *range(a, n - 1))


def _resized(x: Term, n: Dim) -> Term:
    """The first n elements, with zeros where there are fewer."""
    m = x.type.shape[-1]
    if m == n:
        return x
    if isinstance(m, int) and isinstance(n, int):
        return index_axis(x, -1, 0, n) if n < m else place(x, -1, 0, n)
    raise MisuseError(f"fft: whether length {n} cuts or fills {x.type!r} is not known; slice it, or rnp.concat zeros first")


def _scale(y: Term, n: Dim, norm: str | None, inverse: bool) -> Term:
    """The inverse is divided by n, unless the norm says otherwise."""
    if norm in (None, "backward"):
        return y
    size = _number(y, n)
    if norm == "ortho":
        root = size**0.5
        return y * root if inverse else y / root
    if norm == "forward":
        return y * size if inverse else y / size
    raise MisuseError(f"fft: there is no norm {norm!r}; choose 'backward', 'ortho' or 'forward'")


def _full(op: Op, x: Any, n: Any, axis: int, norm: str | None, inverse: bool) -> Term:
    x, back = _last(as_term(x), axis)
    x = x if n is None else _resized(x, as_dim(op.name, n))
    y = _scale(op(x), x.type.shape[-1], norm, inverse)
    return y if back is None else permute_dims(y, back)


def fft(x: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Term:
    """The discrete Fourier transform, as ``numpy.fft.fft``."""
    return _full(fft_, x, n, axis, norm, False)


def ifft(x: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Term:
    """The inverse discrete Fourier transform, as ``numpy.fft.ifft``."""
    return _full(ifft_, x, n, axis, norm, True)


def rfft(x: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Term:
    """The discrete Fourier transform of real arrays, its first half, as ``numpy.fft.rfft``."""
    return _full(rfft_, x, n, axis, norm, False)


def irfft(x: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Term:
    """The inverse of `rfft`, as ``numpy.fft.irfft``: n elements, by default twice as many as given, less two."""
    x, back = _last(as_term(x), axis)
    m = x.type.shape[-1]
    size = dims.mul(2, dims.sub(m, 1)) if n is None else as_dim("irfft", n)
    x = x if n is None else _resized(x, _half(size))
    y = _scale(irfft_(x, attr(size)), size, norm, True)
    return y if back is None else permute_dims(y, back)
