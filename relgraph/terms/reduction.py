"""Rows that reduce axes, and those defined by reductions (mean, logsumexp, softmax)."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dims
from .access import Reduce
from .dims import Dim
from .elementwise import (abs_, astype, conj, equal, exp, floating, isfinite, log, real_floating, real_valued, sqrt, square,
                          to_result, where)
from .keywords import advised
from .structure import (axes_operand, broadcast_like, check_axes, keep, known_ndim, size_term, spread, sum, sum_,
                        without)
from .term import Op, Term, as_term, const, make
from .type import Sizes, Type, divided, real_of, summed

__all__ = ["all", "any", "logsumexp", "logsumexp_", "max", "max_", "mean", "mean_", "min", "min_", "prod", "prod_",
           "softmax", "softmax_", "std", "var"]


def reduction(name: str, numpy: Any, pullback: Any, combine: Reduce | None, *, dtype: Any, least: int = 0,
              definition: Any = None, cost: float = 1, jax: str | None = None, used: Any = None, doc: str = "") -> Op:
    """A row that combines the elements along axes; ``least`` elements are needed."""
    def infer(sizes: Sizes, x: Type, axes: tuple[int, ...]) -> Type:
        check_axes(name, x, axes)
        if least:
            sizes.need(dims.product(tuple(x.shape[a] for a in axes)), least)
        return Type(dtype(x.dtype), without(x.shape, axes))
    return Op(name=name, attrs=("axis",), kind="reduction" if combine else "composite", dtype=dtype, operands=to_result,
              infer=infer, numpy=numpy, pullback=pullback, used=used, reduce=combine, definition=definition, cost=cost,
              lower={"jax": jax or f"relgraph.linkers.jax.{name}"}, doc=doc, reference=f"relgraph.terms.reference.{name}")


def _extremum_pullback(g: Term, y: Term, x: Term, axis: Term) -> tuple[Term]:
    """Ties share the cotangent equally, as `maximum` does for two operands."""
    return (spread(g / sum(astype(equal(x, spread(y, axis)), y.type.dtype), axis), axis),)


def _stands(op: Op, x: Term, axis: Term) -> tuple[tuple[Term, bool]]:
    """The elements that are the extremum."""
    return ((equal(x, spread(make(op, (x, axis)), axis)), True),)


def _prod_pullback(g: Term, y: Term, x: Term, axis: Term) -> tuple[Term]:
    """The product of all other elements, right also where one or several elements are zero."""
    zero = equal(x, 0)
    zeros = sum(astype(zero, "int64"), axis)
    rest = make(prod_, (where(zero, 1, x), axis))
    none, one = equal(zeros, 0), equal(zeros, 1)
    here = where(zero, where(spread(one, axis), spread(rest, axis), 0),
                 where(spread(none, axis), spread(rest, axis), 0) / where(zero, 1, x))
    return (spread(g, axis) * conj(here),)


prod_ = reduction("prod", lambda x, axes: np.prod(x, axis=axes), _prod_pullback,
                  Reduce(1, "({0} * {1})", "({0} * {1})"), dtype=summed, doc="The product over axes.")
max_ = reduction("max", lambda x, axes: np.max(x, axis=axes), _extremum_pullback,
                 Reduce("lowest", {"f": "rg_max{f}({0}, {1})", "biu": "(({0}) > ({1}) ? ({0}) : ({1}))"},
                        {"f": "rg_max({0}, {1})", "biu": "({0} if {0} > {1} else {1})"}),
                 dtype=real_valued, least=1, used=lambda x, axis: _stands(max_, x, axis),
                 doc="The greatest element over axes; NaN if there is one.")
min_ = reduction("min", lambda x, axes: np.min(x, axis=axes), _extremum_pullback,
                 Reduce("highest", {"f": "rg_min{f}({0}, {1})", "biu": "(({0}) < ({1}) ? ({0}) : ({1}))"},
                        {"f": "rg_min({0}, {1})", "biu": "({0} if {0} < {1} else {1})"}),
                 dtype=real_valued, least=1, used=lambda x, axis: _stands(min_, x, axis),
                 doc="The least element over axes; NaN if there is one.")

top_ = reduction("max_or_lowest", lambda x, axes: np.max(x, axis=axes, initial=-np.inf), _extremum_pullback,
                 Reduce("lowest", "rg_max{f}({0}, {1})", "rg_max({0}, {1})"), dtype=real_floating,
                 used=lambda x, axis: _stands(top_, x, axis),
                 doc="The greatest element over axes, -inf where there is none: what exponentials are scaled by.")


def _bool_of(d: Any) -> Any:
    return np.dtype("bool")


all_ = reduction("all", lambda x, axes: np.all(x, axis=axes), lambda g, y, x, axis: (None,),
                 Reduce(1, "({0} && {1})", "({0} and {1})"), dtype=_bool_of, doc="Do all elements hold?")
any_ = reduction("any", lambda x, axes: np.any(x, axis=axes), lambda g, y, x, axis: (None,),
                 Reduce(0, "({0} || {1})", "({0} or {1})"), dtype=_bool_of, doc="Does any element hold?")


# -- defined by others --------------------------------------------------------------------------------------------------------

def count(x: Term, axis: Term) -> Dim:
    """How many elements a reduction combines."""
    return dims.product(tuple(x.type.shape[a] for a in axis.data))


def _as_number(d: Dim, dtype: Any) -> Term:
    t = size_term(d)
    return const(t, dtype) if isinstance(t, int) else astype(t, dtype)


mean_ = reduction("mean", lambda x, axes: np.mean(x, axis=axes),
                  lambda g, y, x, axis: (broadcast_like(spread(g / _as_number(count(x, axis), y.type.dtype), axis), x),),
                  None, dtype=divided,
                  definition=lambda x, axis: make(sum_, (astype(x, divided(x.type.dtype)), axis))
                  / _as_number(count(x, axis), divided(x.type.dtype)), doc="The arithmetic mean over axes.")


def _logsumexp(x: Any, axes: tuple[int, ...]) -> Any:
    if x.size == 0:
        return np.full(x.sum(axis=axes).shape, -np.inf, x.dtype)
    m = np.max(x, axis=axes, keepdims=True)
    safe = np.where(np.isfinite(m), m, 0)
    return np.log(np.sum(np.exp(x - safe), axis=axes)) + np.squeeze(safe, axes)


def _logsumexp_pullback(g: Term, y: Term, x: Term, axis: Term) -> Term:
    """The weights of elements that are all -inf are zero."""
    return spread(g, axis) * where(equal(x, float("-inf")), 0, make(softmax_, (x, axis)))


def _logsumexp_definition(x: Term, axis: Term) -> Term:
    x = astype(x, floating(x.type.dtype))
    m = make(top_, (x, axis))
    safe = where(isfinite(m), m, 0)
    return log(make(sum_, (exp(x - spread(safe, axis)), axis))) + safe


logsumexp_ = reduction("logsumexp", _logsumexp, lambda g, y, x, axis: (_logsumexp_pullback(g, y, x, axis),),
                       None, dtype=real_floating, definition=_logsumexp_definition, cost=20,
                       jax="relgraph.linkers.jax.logsumexp",
                       doc="``log(sum(exp(x)))`` evaluated without overflow; -inf where there are no elements.")


def _softmax(x: Any, axes: tuple[int, ...]) -> Any:
    e = np.exp(x - np.max(x, axis=axes, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=axes, keepdims=True)


def _softmax_definition(x: Term, axis: Term) -> Term:
    e = exp(x - spread(make(top_, (x, axis)), axis))
    return e / spread(make(sum_, (e, axis)), axis)


softmax_ = Op(name="softmax", attrs=("axis",), kind="composite", operands=to_result, numpy=_softmax,
              reference="relgraph.terms.reference.softmax",
              infer=lambda sizes, x, axes: check_axes("softmax", x, axes) or Type(real_floating(x.dtype), x.shape),
              pullback=lambda g, y, x, axis: (y * (g - spread(make(sum_, (g * y, axis)), axis)),),
              definition=lambda x, axis: _softmax_definition(astype(x, floating(x.type.dtype)), axis),
              lower={"jax": "jax.nn.softmax"}, cost=20, doc="``exp(x) / sum(exp(x))`` evaluated without overflow.")


# -- the NumPy functions ----------------------------------------------------------------------------------------------------

def _reduce(op: Op, x: Any, axis: Any, keepdims: bool) -> Term:
    x = as_term(x)
    return keep(op(x, axes_operand(op.name, x, axis)), keepdims)


@advised()
def prod(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term:
    """The product over ``axis``, as ``numpy.prod``."""
    return _reduce(prod_, x if dtype is None else astype(x, dtype), axis, keepdims)


@advised()
def max(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """The greatest element over ``axis``, as ``numpy.max``."""
    return _reduce(max_, x, axis, keepdims)


@advised()
def min(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """The least element over ``axis``, as ``numpy.min``."""
    return _reduce(min_, x, axis, keepdims)


@advised()
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """Whether all elements over ``axis`` are true, as ``numpy.all``."""
    return _reduce(all_, x, axis, keepdims)


@advised()
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """Whether any element over ``axis`` is true, as ``numpy.any``."""
    return _reduce(any_, x, axis, keepdims)


@advised()
def mean(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term:
    """The mean over ``axis``, as ``numpy.mean``."""
    return _reduce(mean_, x if dtype is None else astype(x, dtype), axis, keepdims)


@advised()
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Term:
    """``log(sum(exp(x), axis))`` without overflow, as ``scipy.special.logsumexp``."""
    return _reduce(logsumexp_, x, axis, keepdims)


@advised()
def softmax(x: Any, axis: Any = None) -> Term:
    """``exp(x) / sum(exp(x), axis, keepdims=True)`` without overflow, as ``scipy.special.softmax``."""
    return _reduce(softmax_, x, axis, False)


_SQUARES = "mean((x - expand_dims(mean(x, axis), axis))**2, axis) with axis, = attrs('axis')"  # a variance in a pattern


@advised()
def var(x: Any, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Term:
    """The variance over ``axis``, divided by ``n - correction``, as ``numpy.var``."""
    x = as_term(x)
    known_ndim("var", x, f"{_SQUARES}, there and in the term")
    operand = axes_operand("var", x, axis)
    d = x - spread(make(mean_, (x, operand)), operand)
    n = _as_number(count(x, operand), divided(real_of(x.type.dtype)))
    return keep(make(sum_, (square(abs_(d) if d.type.dtype.kind == "c" else d), operand)), keepdims) / (n - correction)


@advised()
def std(x: Any, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Term:
    """The standard deviation over ``axis``, as ``numpy.std``."""
    known_ndim("std", as_term(x), f"the root of {_SQUARES}, there and in the term")
    return sqrt(var(x, axis, correction, keepdims))
