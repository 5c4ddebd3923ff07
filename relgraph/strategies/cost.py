"""What a term costs to compute, from the cost column, signatures and shapes of its ops, so that alternatives compare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from ..errors import MisuseError
from ..terms import dims
from ..terms.term import Term, _short, toposort
from ..terms.type import ATTR, UNKNOWN, TupleType, Type, parse_signature

__all__ = ["Cost", "cost"]

FLOPS_PER_BYTE = 2.0  # what one core computes in vector code (about 20 Gflop/s) while it moves a byte (about 10 GB/s)
DEFAULT_SIZE = 1000  # of an axis whose size is only a name


@total_ordering
@dataclass(frozen=True)
class Cost:
    """Floating point operations, and bytes read and written; ordered by the two together, at `FLOPS_PER_BYTE`."""

    flops: float
    bytes: int

    @property
    def weight(self) -> float:
        """One number for both, in flops."""
        return self.flops + FLOPS_PER_BYTE * self.bytes

    def __lt__(self, other: Cost) -> bool:
        return (self.weight, self.flops) < (other.weight, other.flops)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.flops + other.flops, self.bytes + other.bytes)


def cost(*terms: Term, sizes: Mapping[str, int] | None = None, default: int = DEFAULT_SIZE) -> Cost:
    """The cost of computing the terms together, each distinct node once, a `lam` body as if applied once.

    ``sizes`` gives named dims their sizes, ``default`` the rest.  Every op reads its operands and writes its result,
    as if nothing was fused; one whose row says cost 0 is a view.

    >>> cost(A @ (B @ v)) < cost((A @ B) @ v)
    True
    """
    measure = _Measure(sizes or {}, default)
    total = Cost(0.0, 0)
    for t in toposort(*terms):
        total = total + measure.node(t)
    return total


class _Measure:
    """Sizes for names, and what has been worked out with them."""

    __slots__ = ("default", "shapes", "sizes")

    def __init__(self, sizes: Mapping[str, int], default: int) -> None:
        self.sizes, self.default = sizes, default
        self.shapes: dict[Type, tuple[int, ...]] = {}

    def shape(self, type_: Type) -> tuple[int, ...]:
        found = self.shapes.get(type_)
        if found is None:
            found = self.shapes[type_] = tuple(
                dims.evaluate(d, {n: self.sizes.get(n, self.default) for n in dims.names(d)}) for d in type_.shape)
        return found

    def parts(self, type_: Any) -> list[Type]:
        """The arrays a value of this type consists of."""
        if isinstance(type_, TupleType):
            return [p for item in type_.items for p in self.parts(item)]
        return [type_] if isinstance(type_, Type) else []

    def node(self, t: Term) -> Cost:
        """The cost of one op, its operands given."""
        if t.type is UNKNOWN:
            raise MisuseError(f"cost: {_short(t)} is a pattern, its shape is not known; replace its logic "
                              "variables by terms")
        if t.op.kind == "leaf" or t.op.cost == 0:
            return Cost(0.0, 0)
        read = [p for a in t.args if a.type is not ATTR for p in self.parts(a.type)]
        arrays = [*read, *self.parts(t.type)]
        if callable(t.op.cost):
            flops = t.op.cost(*[self.shape(p) for p in read])
        else:
            flops = t.op.cost * max([self.points(t), *[math.prod(self.shape(p)) for p in arrays]])
        return Cost(float(flops), sum(p.dtype.itemsize * math.prod(self.shape(p)) for p in arrays))

    def points(self, t: Term) -> int:
        """Iterations of the loop nest that a signature describes: every core dim once, for each element of the batch."""
        if t.op.infer is not None:
            return 0
        left, right = parse_signature(t.op.signature)
        core: dict[str, int] = {}
        for names, a in zip(left, t.args, strict=False):
            shape = self.shape(a.type)
            core.update(zip(names, shape[len(shape) - len(names):], strict=True))
        out = self.shape(self.parts(t.type)[0])
        return math.prod(core.values()) * math.prod(out[:len(out) - len(right[0])])
