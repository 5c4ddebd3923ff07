"""What a program has to check about sizes when it is called: everything that type inference took on trust."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import LinkError
from ..terms import dims
from ..terms.access import Compare
from ..terms.dims import Dim
from ..terms.term import Term, _short, _where, infer_with
from ..terms.type import ATTR, Sizes, Type
from .ir import Check, Failure

__all__ = ["SizeNames", "read_sizes", "trusted"]


class _Notes(Sizes):
    """Inference that writes down which sizes it took to be equal or large enough."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Compare] = []

    def meet(self, a: Dim, b: Dim) -> Dim:
        out = super().meet(a, b)
        if a != b:
            self.found.append(Compare("==", a, b))
        return out

    def need(self, d: Dim, least: int) -> None:
        super().need(d, least)
        if not isinstance(d, int):
            self.found.append(Compare("<=", least, d))


def trusted(terms: Iterable[Term], failures: list[Failure]) -> list[Check]:
    """One check per condition on sizes that typing the terms relied on; messages join ``failures``."""
    seen: set[tuple[str, Dim, Dim]] = set()
    out: list[Check] = []
    for t in terms:
        if not t.args or t.op.kind in ("projection", "binder"):
            continue
        operands = [a.type for a in t.args if a.type is not ATTR]
        if all(type(x) is Type and all(isinstance(d, int) for d in x.shape) for x in operands):
            continue
        notes = _Notes()
        infer_with(notes, t.op, t.args)
        for c in notes.found:
            key = (c.sign, c.left, c.right)
            if key not in seen:
                seen.add(key)
                failures.append(Failure("shape", _message(t, c)))
                out.append(Check(c, len(failures)))
    return out


def _message(t: Term, c: Compare) -> str:
    relation = "must be equal" if c.sign == "==" else "must be in this order"
    operands = ", ".join(f"{_short(a)}: {a.type!r}" for a in t.args if a.type is not ATTR)
    at = _where(t.origin)
    return (f"{t.op.name}: the sizes {dims.show(c.left)} and {dims.show(c.right)} {relation} in "
            f"{t.op.name}({operands}){f' at {at}' if at else ''}")


SizeNames = tuple[tuple[str, int, int], ...]


def read_sizes(inputs: Sequence[Term], failures: list[Failure]) -> tuple[SizeNames, list[Check]]:
    """Where each named size is read off, and what every other axis of an argument must be equal to."""
    found: dict[str, tuple[int, int]] = {}
    for i, t in enumerate(inputs):
        for k, d in enumerate(t.type.shape):
            if isinstance(d, str):
                found.setdefault(d, (i, k))
    checks: list[Check] = []
    for i, t in enumerate(inputs):
        for k, d in enumerate(t.type.shape):
            if isinstance(d, str) and found[d] == (i, k):
                continue
            unknown = [n for n in dims.names(d) if n not in found]
            if unknown:
                raise LinkError(f"{t.data}: the size {unknown[0]} of {t.type!r} is read off no argument; "
                                f"make it an axis of an input")
            failures.append(Failure("shape", f"{t.data}: axis {k} of {t.type!r} must have length {dims.show(d)}"))
            checks.append(Check(Compare("==", f"%n{i}_{k}", d), len(failures)))
    return tuple((n, i, k) for n, (i, k) in found.items()), checks
