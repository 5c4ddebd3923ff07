"""`jvp`: forward mode, from the same pullbacks as reverse mode.

A pullback is linear in its cotangent, so carrying a tangent back through the pullback of one node is that node's
forward derivative.  This is done node by node: the result is as long as the program, and needs no second table of rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import GradientError
from ..terms.term import Term, fresh_name, input_term
from ..terms.type import TupleType, Type
from .cotangent import Cotangent, Mask, fit, written, zeros_of
from .pull import between, not_differentiable, pull
from .reverse import Disconnected, check_float, check_like
from .trees import like, terms

__all__ = ["jvp", "push"]


def jvp(y: Any, wrt: Any, tangents: Any, *, disconnected: Disconnected = "raise") -> Any:
    """The derivative of ``y`` along tangents of ``wrt``: the product with the Jacobian, without building it.

    ``wrt`` may be a nest of terms, ``tangents`` is the same nest (None: zero) of arrays shaped as the terms; the result
    is shaped as ``y``.

    >>> x = rg.vector("x")
    >>> rg.jvp(x**2, x, rnp.ones(x.shape)).eval({x: [1.0, 2.0]})
    array([2., 4.])
    """
    ys, build = terms("jvp", y)
    xs, _ = terms("jvp", wrt)
    given = [None if v is None else check_like("jvp", v, x, "tangent")
             for v, x in zip(like("jvp", tangents, wrt, "the tangent"), xs, strict=True)]
    for t in ys:
        check_float("jvp", t)
    known = {x: fit(v, x.type) for x, v in zip(xs, given, strict=True) if v is not None}
    pushed = push(ys, known)
    out = []
    for t in ys:
        v = pushed.get(t)
        if v is None and disconnected == "raise" and t not in between([t], xs)[1]:
            names = ", ".join(repr(x) for x in xs[:3])
            raise GradientError(f"jvp: {t!r} does not depend on {names}; pass disconnected='zero' for a tangent of zeros")
        out.append(zeros_of(t.type) if v is None else v)
    return build(out)


def push(ys: Sequence[Term], tangents: Mapping[Term, Term]) -> dict[Term, Any]:
    """The tangent of every term below ``ys`` that has one; a tuple-typed term has one per part, or None."""
    found: dict[Term, Any] = dict(tangents)
    order, active = between(ys, list(tangents))
    for t in order:
        if t not in active or active.isdisjoint(t.args):
            continue
        if t.op.kind == "projection":
            part = found.get(t.args[0])
            if part is not None and (v := part[t.args[1].data]) is not None:
                found[t] = v if t not in found else found[t] + v
            continue
        operands = t.args[: len(t.args) - len(t.op.attrs)]
        live = {i: found[x] for i, x in enumerate(operands) if x in found}
        if not live:
            continue
        if t.op.pullback is None:
            raise not_differentiable(t, operands[next(iter(live))])
        v = _push_node(t, operands, live)
        if v is not None:
            found[t] = v if t not in found else found[t] + v
    return found


def _push_node(t: Term, operands: Sequence[Term], live: Mapping[int, Term]) -> Any:
    """Transpose the pullback of one node."""
    several = type(t.type) is TupleType
    parts = t.type.items if several else (t.type,)
    if not all(type(p) is Type for p in parts) or (not several and parts[0].dtype.kind not in "fc"):
        return None
    duals = [input_term(fresh_name("."), p) for p in parts]
    assert t.op.pullback is not None
    pulled = t.op.pullback(duals if several else duals[0], t, *t.args)
    used = t.op.used(*t.args) if t.op.used is not None else None
    outs, seeds = [], []
    for i, v in live.items():
        if pulled[i] is None:
            continue
        c = Cotangent(pulled[i], Mask(*used[i]) if used is not None and used[i] is not None else None)
        outs.append(fit(written(c), operands[i].type))
        seeds.append(v)
    if not outs:
        return None
    tangents = pull(outs, seeds, duals, stop={t, *t.args}).cotangents
    if not several:
        return tangents[0]
    return None if all(v is None for v in tangents) else tangents
