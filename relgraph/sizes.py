"""What a function checks about sizes when it is called, found by inferring every type again and writing down the claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ShapeError
from .terms import dims
from .terms.dims import Dim, DimExpr
from .terms.show import show
from .terms.term import INPUT, Term, _where, infer_with, toposort
from .terms.type import UNKNOWN, Sizes, Type

__all__ = ["SizeCheck", "size_checks"]


@dataclass(frozen=True)
class SizeCheck:
    """``left == right`` (or ``left >= right``) must hold for the sizes of a call, because a term says so."""

    sign: str
    left: Dim
    right: Dim
    term: Term

    def run(self, sizes: Mapping[str, int], inputs: Sequence[Term], arrays: Sequence[Any]) -> None:
        """Raise ShapeError naming the inputs, their shapes and the user's line if it does not hold."""
        a, b = dims.evaluate(self.left, sizes), dims.evaluate(self.right, sizes)
        if a == b if self.sign == "==" else a >= b:
            return
        raise self._error(sizes, inputs, arrays)

    def _error(self, sizes: Mapping[str, int], inputs: Sequence[Term], arrays: Sequence[Any]) -> ShapeError:
        known = dict(self.left.terms).get((), 0) if self.sign == ">=" and isinstance(self.left, DimExpr) else 0
        pair = dims.sub(self.left, known), dims.sub(self.right, known)  # ``n - 3 >= 1`` reads better as ``n >= 4``
        a, b = (dims.evaluate(d, sizes) for d in pair)
        names = {*dims.names(self.left), *dims.names(self.right)}
        given = [f"{t.data}: {t.type!r} has shape {x.shape}" for t, x in zip(inputs, arrays, strict=True)
                 if names & {n for d in t.type.shape for n in dims.names(d)}]
        left, right = (dims.show(d) if isinstance(d, int) else f"{dims.show(d)} = {v}"
                       for d, v in zip(pair, (a, b), strict=True))
        what = f"{left} and {right} must be equal" if self.sign == "==" else f"{left} must be at least {right}"
        one = "; a size of 1 broadcasts only if it is declared as 1" if self.sign == "==" and 1 in (a, b) else ""
        where = _where(self.term.origin)
        made = f"{show(self.term, types=False, limit=12)}{f' at {where}' if where else ''}"
        return ShapeError(f"{made}: {what}{one}\n  " + "\n  ".join(given))


class _Recording(Sizes):
    """Assumptions about symbolic sizes, written down."""

    __slots__ = ("checks", "term")

    def __init__(self, term: Term) -> None:
        self.checks: dict[tuple[str, Dim, Dim], Term] = {}
        self.term = term

    def meet(self, a: Dim, b: Dim) -> Dim:
        if a != b and not (isinstance(a, int) and isinstance(b, int)):
            self.checks.setdefault(("==", a, b), self.term)
        return super().meet(a, b)

    def need(self, d: Dim, least: int) -> None:
        if not isinstance(d, int) and not dims.at_least(d, least):
            self.checks.setdefault((">=", d, least), self.term)
        super().need(d, least)


def size_checks(roots: Sequence[Term]) -> tuple[SizeCheck, ...]:
    """The checks a function of these terms needs before it computes anything."""
    order = toposort(*roots)
    if not order:
        return ()
    sizes = _Recording(order[0])
    for t in order:
        if not t.args or t.op is INPUT or t.type is UNKNOWN:
            continue
        if not any(type(a.type) is Type and any(not isinstance(d, int) for d in a.type.shape) for a in t.args):
            continue
        sizes.term = t
        infer_with(sizes, t.op, t.args)
    return tuple(SizeCheck(sign, a, b, t) for (sign, a, b), t in sizes.checks.items())
