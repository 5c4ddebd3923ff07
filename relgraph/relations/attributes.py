"""Attribute functions: what a right side computes from attributes and types, once they are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import AxisError
from ..terms import dims
from ..terms.structure import size_term, squeeze, transpose_
from ..terms.term import Op, Term, attr, const, make
from ..terms.type import ATTR, UNKNOWN

__all__ = ["attribute_function", "compose_axes", "drop_axes", "inverse_axes", "permuted", "size", "term_function",
           "union_axes"]


def attribute_function(fn: Callable[..., Term]) -> Op:
    """Decorate a function of terms that returns an attribute, for right sides: it is called once its arguments are known.

    It closes the direction that would invert it.
    """
    return _made(fn, ATTR)


def term_function(fn: Callable[..., Term]) -> Op:
    """Decorate a function of terms that returns a term, for right sides, as `attribute_function` does."""
    return _made(fn, UNKNOWN)


def _made(fn: Callable[..., Term], result: Any) -> Op:
    return _Function(name=fn.__name__, kind="attribute_function", infer=lambda sizes, *args: result, definition=fn,
                     variadic=True, doc=fn.__doc__ or "")


class _Function(Op):
    def __call__(self, *operands: Any) -> Term:
        args = tuple(a if isinstance(a, Term) else attr(a) for a in operands)
        assert self.definition is not None
        return self.definition(*args) if all(a.ground for a in args) else make(self, args)


@attribute_function
def union_axes(first: Term, second: Term) -> Term:
    """The axes that reducing over ``first`` and then over ``second`` removes, counted in the operand."""
    kept = iter(a for a in range(-1, -1 - len(first.data) - max(-a for a in (*second.data, -1)), -1) if a not in first.data)
    wanted = set(second.data)
    out = list(first.data)
    for position, a in enumerate(kept, 1):
        if -position in wanted:
            out.append(a)
    return attr(tuple(sorted(out)))


@attribute_function
def compose_axes(first: Term, second: Term) -> Term:
    """The permutation that is ``first`` and then ``second``; both permute last axes."""
    n = max(len(first.data), len(second.data))
    p, q = (tuple(range(-n, -len(x.data))) + tuple(x.data) for x in (first, second))
    out = tuple(p[i + n] for i in q)
    while out and out[0] == -len(out):
        out = out[1:]
    return attr(out)


@attribute_function
def inverse_axes(axes: Term) -> Term:
    """The permutation that undoes ``axes``."""
    n = len(axes.data)
    out = [0] * n
    for i, p in enumerate(axes.data):
        out[p + n] = i - n
    return attr(tuple(out))


@term_function
def permuted(x: Term, first: Term, second: Term) -> Term:
    """``x`` with its axes permuted by ``first`` and then by ``second``."""
    axes = compose_axes(first, second)
    return make(transpose_, (x, axes)) if axes.data else x


@term_function
def size(x: Term, axes: Term) -> Term:
    """How many elements ``x`` has along axes, as a number of the dtype of ``x``."""
    if any(not -x.type.ndim <= a < x.type.ndim for a in axes.data):
        raise AxisError(f"size: {x.type!r} has no axes {axes.data}")
    n = size_term(dims.product(tuple(x.type.shape[a] for a in axes.data)))
    return const(n, x.type.dtype) if isinstance(n, int) else n


@term_function
def drop_axes(x: Term, axes: Term) -> Term:
    """``x`` without axes along which it does not vary, as it stands beside a reduction over them."""
    here = tuple(a for a in axes.data if -a <= x.type.ndim)
    return squeeze(x, here) if here else x
