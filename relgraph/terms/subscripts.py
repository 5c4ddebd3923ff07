"""The subscripts of ``einsum``: read as NumPy reads them, and held against the operands they describe."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import MisuseError, ShapeError
from . import dims
from .dims import Dim
from .structure import known_ndim, squeeze
from .term import Term, _short, as_term, const

__all__ = ["Labelled", "Subscripts", "subscripts"]

# What stands for an axis: a letter, or for an axis of an ellipsis its distance from the last of these.
Label = str | int


@dataclass(frozen=True)
class Labelled:
    """An array and a label for each of its axes."""

    term: Term
    labels: tuple[Label, ...]

    def size(self, label: Label) -> Dim:
        return self.term.type.shape[self.labels.index(label)]


@dataclass(frozen=True)
class Subscripts:
    """The operands of a sum of products, labelled, and the labels of the result in order."""

    operands: tuple[Labelled, ...]
    result: tuple[Label, ...]


def subscripts(arguments: Sequence[Any]) -> Subscripts:
    """The arguments of ``einsum``, a text and operands or operands each with a list of labels, understood and checked."""
    text, operands = _as_text(arguments)
    inputs, arrow, output = text.partition("->")
    parts = inputs.split(",")
    allowed = string.ascii_letters + "."
    bad = "->" if "->" in output else next((c for c in inputs.replace(",", "") + output if c not in allowed), None)
    if bad is not None:
        raise MisuseError(f"einsum: {bad!r} has no place in {text!r}; subscripts are letters, with commas between operands, "
                          "'...' for further axes and at most one '->' before those of the result, as in 'ij,jk->ik'")
    if len(parts) != len(operands):
        raise MisuseError(f"einsum: {text!r} has subscripts for {len(parts)} operands, {len(operands)} were given; "
                          "write one group for each, separated by commas")
    labelled = tuple(_labelled(text, k, part, x) for k, (part, x) in enumerate(zip(parts, operands, strict=True)))
    dots = sorted({a for x in labelled for a in x.labels if isinstance(a, int)}, reverse=True)
    used = [a for x in labelled for a in x.labels if isinstance(a, str)]
    if arrow:
        result = _result(text, output, dots, used)
    else:
        result = (*dots, *sorted(a for a in set(used) if used.count(a) == 1))
    return Subscripts(_of_common_sizes(text, labelled), result)


def _as_text(arguments: Sequence[Any]) -> tuple[str, list[Term]]:
    if not arguments:
        raise MisuseError("einsum: got nothing; write rnp.einsum('ij,jk->ik', x, y)")
    if isinstance(arguments[0], str):
        return arguments[0].replace(" ", ""), [_operand(x) for x in arguments[1:]]
    rest = list(arguments)
    output = "->" + _letters(rest.pop()) if len(rest) % 2 else ""
    return ",".join(_letters(s) for s in rest[1::2]) + output, [_operand(x) for x in rest[::2]]


def _operand(x: Any) -> Term:
    """A number is an array of its own dtype here, as in NumPy."""
    return const(x) if isinstance(x, (bool, int, float, complex)) else as_term(x)


def _letters(labels: Any) -> str:
    if not isinstance(labels, (list, tuple)):
        raise MisuseError(f"einsum: {labels!r} stands where the subscripts of an operand are expected; write a text "
                          "first, as in rnp.einsum('ij,jk->ik', x, y), or a list behind each, as in rnp.einsum(x, [0, 1], [1])")
    out = ""
    for a in labels:
        if a is not Ellipsis and not (isinstance(a, int) and 0 <= a < len(string.ascii_letters)):
            raise MisuseError(f"einsum: the label {a!r} is neither an int from 0 to {len(string.ascii_letters) - 1} nor ...")
        out += "..." if a is Ellipsis else (string.ascii_uppercase + string.ascii_lowercase)[a]
    return out


def _split(text: str, part: str, whose: str) -> tuple[str, bool, str]:
    """The letters before and behind an ellipsis, and whether there is one."""
    before, dots, behind = part.partition("...")
    if "." in before + behind:
        raise MisuseError(f"einsum: {text!r} has a '.' that belongs to no ellipsis in {whose}; write '...', once")
    return before, bool(dots), behind


def _labelled(text: str, k: int, part: str, x: Term) -> Labelled:
    before, dots, behind = _split(text, part, f"the subscripts of operand {k}")
    made_of = "what it is made of, products and sums, as print(rnp.einsum(...)) of inputs shows it"
    n, m = known_ndim("einsum", x, made_of), len(before) + len(behind)
    if m > n or (m < n and not dots):
        instead = "add a letter for each axis, or '...' for those that broadcast" if m < n else "remove some"
        raise ShapeError(f"einsum: {part!r} in {text!r} has {m} subscripts, operand {k} is {_short(x)}: "
                         f"{x.type!r} with {n} axes; {instead}")
    return Labelled(x, (*before, *range(n - m - 1, -1, -1), *behind))


def _result(text: str, output: str, dots: Sequence[int], used: Sequence[str]) -> tuple[Label, ...]:
    before, there, behind = _split(text, output, "those of the result")
    for a in before + behind:
        if a not in used:
            raise MisuseError(f"einsum: {a!r} of the result in {text!r} is no subscript of an operand")
        if (before + behind).count(a) > 1:
            raise MisuseError(f"einsum: {a!r} stands twice in the result of {text!r}; for a diagonal matrix write "
                              "rnp.diag(rnp.einsum(...))")
    if dots and not there:
        raise MisuseError(f"einsum: the axes of '...' have no place in the result of {text!r}; write '...' there too, "
                          "or name them to sum over them")
    return (*before, *(dots if there else ()), *behind)


def _of_common_sizes(text: str, operands: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """Sizes of one label must agree; an axis of length 1 beside a longer one is dropped, which broadcasts it."""
    sizes: dict[Label, tuple[Dim, int]] = {}
    for k, x in enumerate(operands):
        for a, d in zip(x.labels, x.term.type.shape, strict=True):
            if d != x.size(a):
                raise ShapeError(f"einsum: {a!r} in {text!r} stands for axes of lengths {dims.show(x.size(a))} and "
                                 f"{dims.show(d)} of operand {k}, {_short(x.term)}: {x.term.type!r}; a diagonal needs one "
                                 "length, declared with one number or one name")
            known, where = sizes.get(a, (1, k))
            if isinstance(d, int) and isinstance(known, int) and d != known and 1 not in (d, known):
                what = repr(a) if isinstance(a, str) else "an axis of '...'"
                raise ShapeError(f"einsum: {what} in {text!r} has length {known} in operand {where} and {d} in operand {k}, "
                                 f"{_short(x.term)}: {x.term.type!r}")
            if known == 1:
                sizes[a] = (d, k)
    return tuple(_without_ones(x, [a for a in x.labels if sizes[a][0] != 1]) for x in operands)


def _without_ones(x: Labelled, longer: Sequence[Label]) -> Labelled:
    n = len(x.labels)
    gone = [i for i, (a, d) in enumerate(zip(x.labels, x.term.type.shape, strict=True)) if d == 1 and a in longer]
    if not gone:
        return x
    return Labelled(squeeze(x.term, tuple(i - n for i in gone)), tuple(a for i, a in enumerate(x.labels) if i not in gone))
