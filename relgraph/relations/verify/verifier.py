"""Verification: an equation is tried at hostile values, and measured against a reference of unlimited range and precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ...errors import RefusedRelation, TheoryError
from ...terms.show import show
from ...terms.term import CONST, LVar, Term, as_term, toposort, track_origins, weak
from ...terms.type import UNKNOWN, as_dtype
from ..predicates import Guards, all_of
from .evidence import Evidence
from .exact import named
from .findings import LEVELS, Verdict
from .flat import try_flat
from .pattern import Instances, NoType
from .shaped import try_shaped, type_example
from .shapes import Plan, Search
from .tried import Trial, find_trials
from .values import GROUPS, SINGLE

__all__ = ["as_pattern", "demand", "evidence_for", "groups_of", "judge", "measure"]

DType: TypeAlias = np.dtype[Any]
_WIDER = {"float32": "float64", "complex64": "complex128"}
_DOUBLE = np.dtype("float64")
_DOZEN = 12  # disagreeing points of the first dtype that go to the reference, half as many of each other


def judge(name: str, left: Any, right: Any, guards: Any = (), declared: str = "real", dtypes: Sequence[Any] | None = None,
          mark: str | None = None) -> Verdict:
    """Measure an equation and refuse it where it is weaker than declared.

    ``dtypes``: names, by default all that the variables' kinds allow.  ``mark``: "neutral" or "repairs" refuses an
    equation whose right side is farther from the truth than that.

    >>> judge("log_one_plus", rnp.log(1 + x), rnp.log1p(x)).safety("->")
    'real'
    """
    verdict = measure(name, left, right, guards, dtypes)
    demand(verdict, declared, mark)
    return verdict


def demand(verdict: Verdict, declared: str = "real", mark: str | None = None) -> None:
    """Raise RefusedRelation if the written direction is weaker than declared; the other direction is only measured."""
    if declared not in LEVELS[:3]:
        raise TheoryError(f"{verdict.name}: declared {declared!r}; a relation is declared one of {', '.join(LEVELS[:3])}")
    bad = [f for f in verdict.findings if f.direction == "->" and LEVELS.index(f.safety) > LEVELS.index(declared)]
    if bad:
        worst = max(bad, key=lambda f: LEVELS.index(f.safety))
        shown = f"\n{worst.example}" if worst.example else ""
        raise RefusedRelation(f"{_equation(verdict)}\n  is {worst.safety} for {worst.dtype}, declared {declared}{shown}\n"
                              f"  {_advice(worst.safety)}")
    marks = ("worsens", "neutral", "repairs")
    if mark is not None and marks.index(verdict.mark()) < marks.index(mark):
        raise RefusedRelation(f"{_equation(verdict)}\n  {verdict.mark()}, declared {mark}\n{verdict}\n"
                              "  write the equation the other way round, or do not declare a mark")


def _equation(v: Verdict) -> str:
    return f"{v.name}: {v.left} = {v.right}" + (f"   if {' and '.join(v.guards)}" if v.guards else "")


def _advice(safety: str) -> str:
    if safety == "false":
        return ("add the guard under which it is true, as in name=(left, right, positive(x)); "
                "the predicates stand in relgraph.relations.predicates, as nonnegative, nonzero, finite, square, invertible")
    if safety == "domain":
        return "add a guard that excludes this point, as nonzero(x) or finite(x), or declare the relation 'domain'"
    return "declare the relation 'real' if rounding may move"


@np.errstate(all="ignore")
def measure(name: str, left: Any, right: Any, guards: Any = (), dtypes: Sequence[Any] | None = None) -> Verdict:
    """The verdict on an equation, whatever it is."""
    left, right, guards = as_pattern(left), as_pattern(right), all_of(guards)
    groups = [as_dtype(d) for d in dtypes] if dtypes is not None else groups_of(left, right)
    sides = str(show(left)), str(show(right))
    tracked = track_origins(False)  # terms that are made to be tried come from nowhere
    try:
        evidences = _all_evidence(f"{name}: {sides[0]} = {sides[1]}", left, right, guards, groups)
    finally:
        track_origins(tracked)
    found = [f for e in evidences for f in e.findings()]
    return Verdict(name, *sides, tuple(map(repr, guards)), tuple(found),
                   sum(e.points for e in evidences), sum(e.admitted for e in evidences), sum(e.judged for e in evidences),
                   sum(e.undecided for e in evidences))


def _all_evidence(name: str, left: Term, right: Term, guards: Guards, groups: Sequence[DType]) -> list[Evidence]:
    """The evidence for each dtype in which the equation has a type; the first one's shapes serve all."""
    made = Instances()
    out: list[Evidence] = []
    trials: list[Trial] = []
    wrong: list[Plan] = []
    reasons: list[NoType] = []
    typed = False
    for dtype in groups:
        search = Search(left, right, guards, dtype, made=made)
        evidence = evidence_for(left, right, guards, dtype)
        budget = _DOZEN if not out else _DOZEN // 2
        if search.flat:
            done = try_flat(search, evidence, budget)
            wrong = wrong or search.mistyped
            for mixed in _mixed(search) if done else ():
                try_flat(mixed, evidence, budget)
        else:
            first = not trials
            if first:
                trials, found = find_trials(search)
                wrong = wrong or found
            done = try_shaped(search, evidence, trials, wrong if trials else (), budget, first)
            for mixed in _mixed(search) if done else ():
                if mixed.again(trials[0][0]) is not None:
                    try_shaped(mixed, evidence, trials[:1], (), budget, False)
        if done:
            out.append(evidence)
        typed |= evidence.points > 0
        reasons += search.reasons
    for e in out:
        for wider in out:
            computes = "" if e.computes is None else e.computes.name
            if _WIDER.get(e.dtype, computes) == wider.dtype != e.dtype:
                e.narrowed(wider)
    if not out and wrong:
        raise RefusedRelation(f"{name}\n  the right side has another type than the left one, or none\n{type_example(wrong[0])}")
    if not out and (typed or not reasons):
        raise TheoryError(f"{name}   if {' and '.join(map(repr, guards))}\n"
                          "  no values were found at which the guards hold; can they hold together, and of these types?")
    if not out:
        raise TheoryError(f"{name}\n  impossible type: no dtype, rank and attribute gives both sides a type; "
                          f"tried, among others: {reasons[0]}")
    return out


def _mixed(search: Search) -> Iterator[Search]:
    """The same equation with one variable of an integer dtype of its own: what wraps in uint8 does not in int64."""
    for v in search.terms if len(search.terms) > 1 else ():
        for d in _BESIDE.get(search.result, ()):
            if d.kind in v.data[2] and d != search.dtypes[v]:
                yield Search(search.left, search.right, search.guards, search.result, {v: d}, search.made)


# Each way two dtypes are promoted: to the float, to a wider float, to neither of the two, to the wider integer.
_BESIDE = {np.dtype(d): tuple(map(np.dtype, beside)) for d, beside in (
    ("float64", ("uint8", "int64")), ("float32", ("uint8", "int64")), ("int8", ("uint8", "int64")), ("uint64", ("int64",)),
    ("int64", ("uint8",)))}


def as_pattern(side: Any) -> Term:
    """A side of an equation as a term: Python numbers are numbers of a pattern."""
    return weak(side) if isinstance(side, (bool, int, float, complex)) else as_term(side)


def groups_of(left: Term, right: Term) -> list[DType]:
    """A dtype of each group that some variable may have."""
    kinds = {k for t in toposort(left, right) if isinstance(t, LVar) and t.sort == "term" for k in t.data[2]} or {"f"}
    return [d for d in GROUPS if d.kind in kinds]


def evidence_for(left: Term, right: Term, guards: Guards, dtype: DType) -> Evidence:
    """An empty account, which knows up to how many bits exact values can agree."""
    rounded = any(g.predicate.rounded for g in guards)
    single = dtype in SINGLE
    constants, factors = _kinds_of(left, right)
    bits = (12 if single else 36) if rounded else (18 if single else 40) if constants else None
    return Evidence(dtype.name, bits=bits, normwise=factors or rounded, spreads=factors, rounded=rounded)


@lru_cache(maxsize=2)
def _kinds_of(left: Term, right: Term) -> tuple[bool, bool]:
    """Whether sides have rounded constants, and whether they call routines."""
    return _rounded_constants(left, right), any(t.op.kind == "call" for t in toposort(left, right))


def _rounded_constants(*patterns: Term) -> bool:
    """Whether a number of the equation is right to its last bit only: no short binary fraction, and none that has a name."""
    numbers = [t.data for t in toposort(*patterns) if t.op is CONST and t.type is UNKNOWN and isinstance(t.data, float)]
    return any(np.isfinite(v) and (v * 2**20) % 1 != 0 and not named(v, _DOUBLE) for v in numbers)
