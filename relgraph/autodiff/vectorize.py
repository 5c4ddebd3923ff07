"""`vectorize`: the same program over new leading axes of some of its inputs.

Axes are counted from the right and every op treats leading axes as batches, so a row needs no rule of its own: operands
are lined up by rank, as its signature says.  Rows for which that is not enough have a ``batch`` column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import MisuseError, ShapeError
from ..terms import dims
from ..terms.dims import Dim, DimExpr
from ..terms.structure import broadcast_to, expand_dims
from ..terms.term import ATTRIBUTE, Term, _short, as_term, attr, make, toposort
from ..terms.type import STATIC, TupleType, Type, parse_signature
from .pull import place_of
from .trees import terms

__all__ = ["vectorize"]


def vectorize(y: Any, replace: Mapping[Term, Any]) -> Any:
    """``y`` with terms replaced by arrays of them: the new axes lead, as in ``numpy.vectorize`` with a signature.

    ``y`` may be a nest of terms.  A replacement has the axes of the term it stands for, after any number of new ones; the
    new axes of several replacements broadcast together.

    >>> x, X = rg.vector("x"), rg.matrix("X")
    >>> rg.vectorize(rnp.sum(x**2), {x: X})
    sum(X**2, axis=-1)  float64[X0]
    """
    ys, build = terms("vectorize", y)
    given = {x: _checked(x, as_term(new)) for x, new in replace.items()}
    k = max((new.type.ndim - x.type.ndim for x, new in given.items()), default=0)
    lead = STATIC.shapes([new.type.shape[: new.type.ndim - x.type.ndim] for x, new in given.items()])
    sizes = _renamed_sizes(given)
    memo: dict[Term, Term] = {}
    batched: set[Term] = set()
    for x, new in given.items():
        grown = new.type.ndim - x.type.ndim
        memo[x] = expand_dims(new, tuple(range(k - grown))) if 0 < grown < k else new
        if grown:
            batched.add(x)
    for t in toposort(*ys):
        if t in memo:
            continue
        if t.op is ATTRIBUTE:
            memo[t] = attr(_rename(t.data, sizes)) if sizes else t
        elif any(a in batched for a in t.args):
            memo[t] = _batch(t, [memo[a] for a in t.args], [a in batched for a in t.args], k)
            batched.add(t)
        else:
            args = tuple([memo[a] for a in t.args])
            memo[t] = t if args == t.args else _rebuilt(t, args)
    return build([memo[t] if t in batched else _repeated(memo[t], lead) for t in ys])


def _checked(x: Term, new: Term) -> Term:
    if type(x.type) is not Type or type(new.type) is not Type or new.type.ndim < x.type.ndim:
        raise ShapeError(f"vectorize: {_short(new)}: {new.type!r} cannot stand for arrays of {_short(x)}: {x.type!r}; "
                         "it needs the same axes, after new ones")
    if new.type.dtype != x.type.dtype:
        raise MisuseError(f"vectorize: {_short(new)}: {new.type!r} stands for {_short(x)}: {x.type!r}; "
                          f"convert it with .astype('{x.type.dtype.name}')")
    grown = new.type.ndim - x.type.ndim
    core = new.type.shape[grown:]
    try:
        met = tuple(STATIC.meet(a, d) if isinstance(a, int) else d for a, d in zip(x.type.shape, core, strict=True))
    except ShapeError as e:
        raise ShapeError(f"vectorize: {_short(new)}: {new.type!r} stands for {_short(x)}: {x.type!r}, sizes are {e}") from None
    return broadcast_to(new, (*new.type.shape[:grown], *met))


def _renamed_sizes(given: Mapping[Term, Term]) -> dict[str, Dim]:
    """What the names of sizes of replaced terms become."""
    out: dict[str, Dim] = {}
    for x, new in given.items():
        for d, e in zip(x.type.shape, new.type.shape[new.type.ndim - x.type.ndim:], strict=True):
            if isinstance(d, str) and d != e:
                out.setdefault(d, e)
    return out


def _rename(value: Any, sizes: Mapping[str, Dim]) -> Any:
    if isinstance(value, (str, DimExpr)):
        return dims.substitute(value, sizes)
    if isinstance(value, tuple):
        return tuple(_rename(v, sizes) for v in value)
    if isinstance(value, Type):
        return Type(value.dtype, _rename(value.shape, sizes))
    return value


def _rebuilt(t: Term, args: tuple[Term, ...]) -> Term:
    return t.op.binder(t, args) if t.op.binder is not None else make(t.op, args, t.origin)


def _repeated(t: Term, lead: tuple[Dim, ...]) -> Term:
    return broadcast_to(t, (*lead, *t.type.shape))


def _batch(t: Term, args: Sequence[Term], batched: Sequence[bool], k: int) -> Term:
    """One op over operands of which some have k new leading axes."""
    op = t.op
    if op.batch is not None:
        return op.batch(t, args, batched, k)
    n = len(args) - len(op.attrs)
    operands, types = list(args[:n]), [a.type for a in t.args[:n]]
    if op.binder is not None or any(type(x) not in (Type, TupleType) for x in types) or (op.infer is not None and n > 1):
        raise MisuseError(f"vectorize: {op.name} has no rule for new axes: {_short(t)}: {t.type!r}{place_of(t)}; "
                          "give its row a `batch` column")
    if n > 1:
        core = [len(names) for names in parse_signature(op.signature)[0]]
        loop = [x.ndim - c for x, c in zip(types, core, strict=True)]
        most = max(loop)
        for i, x in enumerate(operands):
            if batched[i] and loop[i] < most:  # the op's own broadcast axes stay right of the new ones
                operands[i] = expand_dims(x, tuple(range(-(core[i] + most), -(core[i] + loop[i]))))
    return make(op, (*operands, *args[n:]), t.origin)
