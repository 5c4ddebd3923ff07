"""Running sums and products of the last axis, and differences, their inverse."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import MisuseError
from . import dims
from .elementwise import astype, conj, equal, logical_and, not_equal, where
from .indexing import index_axis
from .rearranging import along, flip, one_axis
from .structure import READS
from .term import Op, Term, as_term
from .type import summed

__all__ = ["cumprod", "cumprod_", "cumsum", "cumsum_", "diff"]


def _from_here(g: Term) -> Term:
    """The sum of an element and all that follow it."""
    return flip(cumsum_(flip(g, -1)), -1)


cumsum_ = Op(name="cumsum", signature="(n)->(n)", kind="call", dtype=summed, operands=lambda out, d: (out,),
             numpy=lambda x: np.cumsum(x, axis=-1), reference="relgraph.terms.reference_order.cumsum",
             pullback=lambda g, y, x: (_from_here(g),),
             lower={"c": "rg_cumsum", "numba": "rg_cumsum", "jax": "relgraph.linkers.jax.cumsum"},
             doc="The sum of the elements up to each one of the last axis; small integers are summed in 64 bits, as in NumPy.")


def _cumprod_pullback(g: Term, y: Term, x: Term) -> tuple[Term]:
    """Right where elements are zero, too: before the first zero, at it, and behind it, where nothing arrives."""
    zero = equal(x, 0)
    zeros = cumsum_(zero)
    first = logical_and(zero, equal(zeros, 1))
    here = _from_here(g * conj(cumprod_(where(first, 1, x))))
    before = _from_here(g * conj(y)) / conj(where(zero, 1, x))
    return (where(first, here, where(equal(zeros, 0), before, 0)),)


cumprod_ = Op(name="cumprod", signature="(n)->(n)", kind="call", dtype=summed, operands=lambda out, d: (out,),
              numpy=lambda x: np.cumprod(x, axis=-1), reference="relgraph.terms.reference_order.cumprod",
              pullback=_cumprod_pullback,
              lower={"c": "rg_cumprod", "numba": "rg_cumprod", "jax": "relgraph.linkers.jax.cumprod"},
              doc="The product of the elements up to each one of the last axis.")


# -- the NumPy functions ----------------------------------------------------------------------------------------------------

def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Term:
    """Sums of the elements up to each one along ``axis`` (``None``: of the flattened array), as ``numpy.cumsum``.

    >>> rnp.cumsum(rg.vector("x", shape=3))
    cumsum(x)  float64[3]
    """
    return along("cumsum", cumsum_, as_term(x) if dtype is None else astype(x, dtype), axis)


def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Term:
    """Products of the elements up to each one along ``axis`` (``None``: of the flattened array), as ``numpy.cumprod``."""
    return along("cumprod", cumprod_, as_term(x) if dtype is None else astype(x, dtype), axis)


def diff(x: Any, n: int = 1, axis: int = -1) -> Term:
    """Differences of neighbours, ``n`` times, as ``numpy.diff``; of bool, whether they differ."""
    x = as_term(x)
    if not isinstance(n, int) or n < 0:
        raise MisuseError(f"diff: n={n!r}; write how many times to take differences, an integer from 0 on")
    a = one_axis("diff", x, axis, f"index_(x, first) - index_(x, second), {READS}first, second = attrs('first second')")
    for _ in range(n):
        k = dims.maximum(dims.sub(x.type.shape[a], 1), 0)
        behind, before = index_axis(x, a, 1, k), index_axis(x, a, 0, k)
        x = not_equal(behind, before) if x.type.dtype.kind == "b" else behind - before
    return x
