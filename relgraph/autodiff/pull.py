"""Reverse mode: cotangents are carried from outputs down to operands, once per node, by the rows' ``pullback`` columns."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple, TypeAlias

from ..errors import GradientError
from ..terms.elementwise import not_equal
from ..terms.term import Term, _short, _where
from ..terms.type import TupleType, Type
from .cotangent import ZEROS, Cotangent, Mask, apply_mask, fit, is_scalar, narrow, total

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
            found[t] = apply_mask(arrived)
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


def _leaving_elementwise(c: Cotangent, local: bool) -> Cotangent:
    """The mask of an array is written in before elements are mixed; that of a scalar holds for whatever follows."""
    return c if local or c.mask is None or is_scalar(c.mask) else Cotangent(apply_mask(c), ZEROS)


def _shared_mask(parts: Sequence[Cotangent | None]) -> Mask | None:
    masks = [c.mask for c in parts if c is not None]
    if all(m == masks[0] for m in masks):
        return masks[0]
    return None if None in masks else ZEROS


def pull_node(t: Term, parts: Gathered, active: Set[Term], pending: dict[Term, Gathered], cuts: list[Cut]) -> None:
    """Hand the cotangent of a term on to its operands."""
    if t.op.kind == "projection":
        _gathered(pending, t.args[0])[t.args[1].data].extend(parts[0])
        return
    operands = t.args[: len(t.args) - len(t.op.attrs)]
    live = [x in active for x in operands]
    if t.op.pullback is None:
        raise not_differentiable(t, operands[live.index(True)])
    local = t.op.kind in ("elementwise", "identity")  # an element of the result depends on one element of each operand
    arrived = [_leaving_elementwise(total(p), local) if p else None for p in parts]
    mask = _shared_mask(arrived)
    values = [None if c is None else c.value if c.mask == mask else apply_mask(c) for c in arrived]
    g = values if type(t.type) is TupleType else values[0]
    gs = t.op.pullback(g, t, *t.args)
    used = t.op.used(*t.args) if t.op.used is not None else None
    derived = None
    for i, x in enumerate(operands):
        if not live[i]:
            continue
        gi = gs[i]
        smooth = type(x.type) is not Type or x.type.dtype.kind in "fc"
        if gi is None or not smooth:
            cuts.append(Cut(t if smooth else x, x))
            continue
        m = mask
        extra = Mask(*used[i]) if used is not None and used[i] is not None else None
        if m == ZEROS and local and (gi is not g or extra is not None):
            m = derived = derived or Mask(not_equal(g, 0))
        c = Cotangent(gi, m)
        if extra is not None:
            c = narrow(c, extra)
        if gi.type.shape != x.type.shape and c.mask is not None and not is_scalar(c.mask):
            c = Cotangent(apply_mask(c), ZEROS)
        _gathered(pending, x)[0].append(Cotangent(fit(c.value, x.type), c.mask))
