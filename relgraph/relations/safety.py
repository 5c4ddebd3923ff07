"""Safety levels: which relations change no more than a level allows, and matchers that take nothing beyond a verdict.

A level is one of the classes of a verdict: "exact" changes no bit, "real" may move rounding and intermediate overflow, "domain"
also what is NaN, infinite or undefined.  A verdict is measured, so "exact" asks for more than that no difference was seen:

* It must hold in every dtype of a kind: two floating dtypes differ in size only, and a difference of one is one of both.
* What NumPy leaves open may not change: in which order numbers are added, what a library call rounds, which of two zeros
  a maximum is.  An equation that moves such an op is not taken for floats, whatever was measured on small arrays.
* A match must be an instance, node for node, operands in the order written, all operands of one dtype: a matcher otherwise
  sees ``x*3*y`` in ``3*x*y``, and ``2*x`` in ``-x``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import MisuseError, RelgraphError
from ..terms.laws import Lattice, Power
from ..terms.term import CONST, Op, Term, toposort
from ..terms.type import Type
from .canonical import build
from .relation import Relation, Rule
from .template import instantiate, template

__all__ = ["ORDERED", "Row", "check_level", "exact_dtypes", "restricted", "safety_report", "taken_at"]

ORDERED = ("exact", "real", "domain")  # each allows more change than the one before
_OPEN = frozenset(("reduction", "composite", "call", "scatter"))  # kinds of ops that round in an order of their own


def check_level(level: Any) -> str:
    """The level, if it is one; raises MisuseError for another word."""
    if level not in ORDERED:
        raise MisuseError(f"safety: {level!r} is no level; write 'exact' (no bit changes), 'real' (rounding may move) or "
                          "'domain' (what is NaN or infinite may change too)")
    return level


# -- which relations ----------------------------------------------------------------------------------------------------------

def taken_at(relations: Iterable[Relation], level: str) -> list[Relation]:
    """The relations of a theory that a level takes, narrowed to the dtypes it takes them for.

    Raises RefusedRelation for a relation that is false or weaker than declared, MisuseError for a word that is no level.
    """
    from .verify import verdict
    check_level(level)
    out: list[Relation] = []
    for r in relations:
        if r.kind != "equation" or "->" not in r.directions() or level == "domain":
            out.append(r)
        elif r.declared == "domain":  # a NaN that is forgotten may not have been among those that were tried
            continue
        elif level == "real":
            if verdict(r).safety("->") in ("exact", "real"):
                out.append(r)
        elif dtypes := exact_dtypes(r):
            out.append(replace(r, dtypes=tuple(d for d in dtypes if not r.dtypes or d in r.dtypes)))
    return out


def exact_dtypes(r: Relation, direction: str = "->") -> tuple[str, ...]:
    """The dtypes of operands for which a direction of a relation changes no bit."""
    from .verify import verdict
    found = verdict(r)
    measured = [np.dtype(d) for f in found.findings if f.direction == direction for d in found.dtypes(direction)]
    exact = set(found.dtypes(direction, "exact"))
    kinds = {k for k in "biufc" if all(d.name in exact for d in measured if d.kind == k)}
    if _moves_what_is_open(r) or "f" not in kinds:  # what moves a bit of real numbers moves one of complex numbers
        kinds -= {"f", "c"}
    return tuple(dict.fromkeys(d.name for d in measured if d.kind in kinds and d.name in exact))


def _moves_what_is_open(r: Relation) -> bool:
    """Does one side hold an op, with its operands, whose last bit or whose zero NumPy leaves open, and the other not?"""
    sides = [Counter(t for t in toposort(side) if _open(t)) for side in (r.lhs, r.rhs)]
    return sides[0] != sides[1]


def _open(t: Term) -> bool:
    """A power counts where the exponent is no number: NumPy squares by multiplying if all exponents are one number 2."""
    op = t.op
    return (op.kind in _OPEN or op.kind == "attribute_function" or op.law(Lattice) is not None
            or (op.law(Power) is not None and t.args[1].op is not CONST))


# -- matchers -----------------------------------------------------------------------------------------------------------------

def restricted(rule: Rule, make_node: Callable[[Op, tuple[Term, ...]], Term]) -> Any:
    """The matcher of a rule, held to the dtypes of its relation and, but for real numbers, to literal instances."""
    matcher, dtypes, literal = rule.matcher, rule.dtypes, make_node is not build
    if not dtypes and not literal:
        return matcher
    pattern, variables = template(rule.lhs, rule.variables), rule.variables

    def matches(t: Term) -> Any:
        found = matcher(t)
        if found is None or (dtypes and not _of_one_dtype(variables, found[0], dtypes)):
            return None
        return None if literal and (found[1] or not is_instance(found[0], t)) else found

    def is_instance(values: Any, t: Term) -> bool:
        try:
            return instantiate(pattern, values, make_node) is t
        except RelgraphError:  # a number of the pattern was found in an array of ones, without which nothing has the axes
            return False
    return matches


def _of_one_dtype(variables: tuple[Term, ...], values: tuple[Term, ...], dtypes: tuple[str, ...]) -> bool:
    """Have all operands the one dtype of which the equation was found true?  Conditions and indices may have their own."""
    kinds = {v.data[2] for v in variables if v.data[1] == "term"}
    aside = {"b"} if kinds != {"b"} else set()
    if any(not set(k) <= set("biu") for k in kinds):
        aside |= {"i", "u", "iu"}
    seen = {x.type.dtype.name for v, x in zip(variables, values, strict=True)
            if v.data[1] == "term" and v.data[2] not in aside and type(x.type) is Type}
    return len(seen) <= 1 and all(d in dtypes for d in seen)


# -- what changes what --------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Row:
    """What one direction of a relation may change, for some dtypes: the class, the mark, and inputs at which it shows."""

    name: str
    equation: str
    direction: str
    dtypes: tuple[str, ...]
    safety: str
    mark: str
    example: Any  # a Counterexample, or None

    def __str__(self) -> str:
        at = f"   {', '.join(f'{n} = {v}' for n, v in self.example.inputs)}: {self.example.left} -> {self.example.right}" \
            if self.example is not None else ""
        return f"{self.direction}  {self.safety:6} {self.mark:8} {'/'.join(self.dtypes)}  {self.equation}{at}"


class Report(tuple[Row, ...]):
    """Rows that print as a table, one direction of a relation a line."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "every direction is exact"

    __repr__ = __str__


def safety_report(theory: Iterable[Relation]) -> Report:
    """Which relations of a theory change what: a row for each direction, and dtype, that is not exact.

    >>> from relgraph.relations import lvars, theory
    >>> x, = lvars("x")
    >>> safety_report(theory(log_one_plus=(rnp.log(1 + x), rnp.log1p(x))))
    ->  real   repairs  float64/float32  log_one_plus: log(1 + x) = log1p(x)   x = ...
    <-  real   worsens  float64/float32  log_one_plus: log(1 + x) = log1p(x)   x = ...

    Raises RefusedRelation for a relation that is false or weaker than declared.
    """
    from .verify import verdict
    rows: list[Row] = []
    relations = list(theory) if isinstance(theory, Iterable) else [theory]
    if not all(isinstance(r, Relation) for r in relations):
        raise MisuseError(f"safety_report: {theory!r} is no theory; write relgraph.relations.theory(...) of its relations")
    for r in relations:
        if r.kind != "equation":
            continue
        groups: dict[tuple[str, str, str], list[Any]] = {}
        for f in verdict(r).findings:
            if f.direction in r.directions() and f.safety != "exact":
                groups.setdefault((f.direction, f.safety, f.mark), []).append(f)
        rows += [Row(r.name, str(r), d, tuple(f.dtype for f in found), safety, mark,
                     next((f.example for f in found if f.example is not None), None))
                 for (d, safety, mark), found in groups.items()]
    return Report(rows)
