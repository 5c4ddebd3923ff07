"""Reverse mode: cotangents are carried from outputs down to operands, once per node, by the rows' ``pullback`` columns."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, NamedTuple, TypeAlias

from ..errors import GradientError
from ..terms.structure import broadcast_to, spread
from ..terms.term import Term, _short, _where
from ..terms.type import TupleType, Type
from .cotangent import Cotangent, Mask, as_condition, fit, fit_mask, holds, is_scalar, narrow, total, written

__all__ = ["Cut", "Pulled", "between", "not_differentiable", "place_of", "pull", "pull_node"]

Gathered: TypeAlias = list[list["Cotangent"]]  # contributions, per part of the term's type


class Cut(NamedTuple):
    """An operand that no gradient flows to through this node."""

    node: Term
    operand: Term


class Pulled(NamedTuple):
    """A cotangent per asked term, None where none arrived, and where gradients stopped on the way."""

    cotangents: list[Term | None]
    cuts: list[Cut]


def place_of(t: Term) -> str:
    """`` at file:line`` of where the user made a term."""
    at = _where(t.origin)
    return f" at {at}" if at else ""


def not_differentiable(t: Term, operand: Term) -> GradientError:
    """The error for a term whose row has no derivative."""
    return GradientError(f"{t.op.name}: has no derivative; {_short(t)}: {t.type!r}{place_of(t)} depends on "
                         f"{_short(operand)}: {operand.type!r}{place_of(operand)}; "
                         "wrap it in rg.stop_gradient(...) to treat it as constant")


def between(outputs: Sequence[Term], wrt: Sequence[Term], stop: Set[Term] = frozenset()) -> tuple[list[Term], set[Term]]:
    """The terms below the outputs, operands first, and those of them that depend on ``wrt``; ``stop`` is not entered."""
    order: list[Term] = []
    seen: set[Term] = set(stop)
    stack: list[tuple[Term, bool]] = [(t, False) for t in reversed(outputs)]
    while stack:
        t, done = stack.pop()
        if done:
            order.append(t)
        elif t not in seen:
            seen.add(t)
            stack.append((t, True))
            stack.extend((a, False) for a in reversed(t.args) if a not in seen)
    active = set(wrt)
    for t in order:
        if not active.isdisjoint(t.args):
            active.add(t)
    return order, active


def pull(outputs: Sequence[Term], seeds: Sequence[Term | None], wrt: Sequence[Term],
         stop: Set[Term] = frozenset()) -> Pulled:
    """The cotangent of every term of ``wrt``, given those of the outputs."""
    order, active = between(outputs, wrt, stop)
    asked = set(wrt)
    found: dict[Term, Term] = {}
    cuts: list[Cut] = []
    pending: dict[Term, Gathered] = {}
    for t, g in zip(outputs, seeds, strict=True):
        if g is not None and t in active:
            _gathered(pending, t)[0].append(Cotangent(g))
    for t in (*reversed(order), *wrt):
        parts = pending.pop(t, None)
        if parts is None:
            continue
        if t in asked:
            arrived = total(parts[0])
            found[t] = written(arrived)
            parts = [[arrived]]
        if not active.isdisjoint(t.args):
            pull_node(t, parts, active, pending, cuts)
    return Pulled([found.get(t) for t in wrt], cuts)


def _gathered(pending: dict[Term, Gathered], t: Term) -> Gathered:
    found = pending.get(t)
    if found is None:
        n = len(t.type.items) if type(t.type) is TupleType else 1
        found = pending[t] = [[] for _ in range(n)]
    return found


def _lines_up(t: Term) -> str:
    """How elements of a result stand to those of its operands: which of their masks is known."""
    x = t.args[0].type
    if t.op.kind in ("elementwise", "identity"):
        return "each"
    if t.op.attrs == ("axis",) and t.op.kind in ("reduction", "composite") and t.type.ndim + len(t.args[-1].data) == x.ndim:
        return "along axes"
    return "moved" if t.op.kind == "access" else "mixed"


def _operand_masks(t: Term, c: Cotangent, how: str, n: int) -> Sequence[Mask | None]:
    """Where the cotangent of each operand counts, given where that of the result does."""
    if c.mask is None or is_scalar(c.mask) or how == "each":
        return [c.mask] * n
    if how == "mixed":
        return [None] * n
    condition = broadcast_to(holds(c.mask), t.type.shape)
    if how == "along axes":
        return [Mask(spread(condition, t.args[-1]))]
    assert t.op.pullback is not None
    moved = t.op.pullback(condition, t, *t.args)
    return [None if m is None else fit_mask(as_condition(m), m.type.shape, x.type) for m, x in zip(moved, t.args, strict=False)]


def pull_node(t: Term, parts: Gathered, active: Set[Term], pending: dict[Term, Gathered], cuts: list[Cut]) -> None:
    """Hand the cotangent of a term on to its operands."""
    if t.op.kind == "projection":
        _gathered(pending, t.args[0])[t.args[1].data].extend(parts[0])
        return
    operands = t.args[: len(t.args) - len(t.op.attrs)]
    live = [x in active for x in operands]
    if t.op.pullback is None:
        raise not_differentiable(t, operands[live.index(True)])
    c, g, how = _arrived(t, parts)
    masks = _operand_masks(t, c, how, len(operands))
    gs = t.op.pullback(g, t, *t.args)
    used = t.op.used(*t.args) if t.op.used is not None else None
    for i, x in enumerate(operands):
        if not live[i]:
            continue
        gi = gs[i]
        smooth = type(x.type) is not Type or x.type.dtype.kind in "fc"
        if gi is None or not smooth:
            cuts.append(Cut(t if smooth else x, x))
            continue
        d = Cotangent(gi, masks[i], c.exact and (gi is g or how == "moved"))
        if used is not None and used[i] is not None:
            d = narrow(d, Mask(*used[i]))
        if d.mask is not None and gi.type.shape != x.type.shape and not is_scalar(d.mask):
            v = written(d)
            d = Cotangent(v, fit_mask(holds(d.mask), v.type.shape, x.type), True)
        _gathered(pending, x)[0].append(d._replace(value=fit(d.value, x.type)))


def _arrived(t: Term, parts: Gathered) -> tuple[Cotangent, Any, str]:
    """The cotangent of a term, what its pullback gets (a list for several results), and how its operands line up.

    The mask of an array is written in before elements are mixed; that of a scalar holds for whatever follows.
    """
    if type(t.type) is TupleType:
        cs = [total(p) if p else None for p in parts]
        masks = {c.mask for c in cs if c is not None}
        mask = masks.pop() if len(masks) == 1 else None
        mask = mask if is_scalar(mask) else None
        return Cotangent(t, mask), [None if c is None else c.value if mask else written(c) for c in cs], "mixed"
    c, how = total(parts[0]), _lines_up(t)
    if how in ("moved", "mixed") and c.mask is not None and not is_scalar(c.mask):
        c = Cotangent(written(c), c.mask, True)
    return c, c.value, how
