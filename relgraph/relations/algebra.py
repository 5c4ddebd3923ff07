"""What the ``laws`` column says about groups, as tables the normal form looks things up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..terms import rows
from ..terms.laws import Associative, Commutative, Group, Power
from ..terms.term import Op

__all__ = ["Algebra", "GroupOf", "algebra"]


@dataclass(frozen=True, eq=False)
class GroupOf:
    """A group law with its op: ``add`` with 0, ``negative``, ``subtract``; ``multiply`` with sign ``negative``."""

    op: Op
    unit: int
    inverse: Op
    difference: Op
    sign: Op | None
    kinds: str  # dtypes in which the inverse exists


@dataclass(frozen=True, eq=False)
class Algebra:
    """Ops by the part they play: which group they are the op, the inverse, the difference or a power of."""

    groups: dict[Op, GroupOf]
    inverses: dict[Op, GroupOf]
    differences: dict[Op, GroupOf]
    powers: dict[Op, GroupOf]
    commutative: frozenset[Op]
    associative: frozenset[Op]  # and not commutative
    special: frozenset[Op]  # all of the above
    families: dict[Op, GroupOf]  # the group an op belongs to as op, inverse or difference
    signed: frozenset[Op]  # sums and powers: what may look negative
    multiples: dict[Op, tuple[Op, ...]]  # of a group: the ops whose nodes are multiples (of a sum) or powers (of a product)


@cache
def algebra() -> Algebra:
    """Read the laws of all rows once."""
    table = rows()
    groups: dict[Op, GroupOf] = {}
    powers: dict[Op, str] = {}
    commutative, associative = set(), set()
    for op in table.values():
        law = op.law(Group)
        if law is not None:
            # an inverse that turns integers into floats (reciprocal) exists only for floats
            kinds = "fc" if law.sign is not None else "iufc"
            groups[op] = GroupOf(op, law.unit, law.inverse, law.difference, law.sign, kinds)
        elif op.law(Commutative) is not None:
            commutative.add(op)
        if op.law(Associative) is not None:
            associative.add(op)
        if (p := op.law(Power)) is not None:
            powers[op] = p.of
    powers_of = {op: groups[table[of]] for op, of in powers.items()}
    inverses, differences = {g.inverse: g for g in groups.values()}, {g.difference: g for g in groups.values()}
    return Algebra(groups, inverses, differences, powers_of,
                   frozenset(commutative), frozenset(associative),
                   frozenset((*groups, *inverses, *differences, *powers, *commutative, *associative)),
                   {**differences, **inverses, **groups},
                   frozenset((*[op for op, g in groups.items() if g.sign is None], *powers)),
                   {op: (*[m for m, h in groups.items() if h.sign is g.inverse], *[p for p, h in powers_of.items() if h is g])
                    for op, g in groups.items()})
