"""Verification of clauses: numbers for which the premises hold and the conclusion does not.

A conclusion that fails in floats is held against exact arithmetic: facts speak of the exact value, and `finite` alone of
the floats (see predicates.py).  At infinite inputs the limit counts; NaN says nothing; integers wrap as NumPy's do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, TypeAlias

import numpy as np

from ...errors import RefusedRelation, TheoryError
from ...terms.evaluate import evaluate
from ...terms.term import LVar, Term, track_origins, weak
from ...terms.type import as_dtype
from ..facts import Clause
from ..outward import outward
from ..predicates import Guard, Predicate, finite
from ..template import template, variables
from .admission import admitted, all_admitted
from .crowd import CROWD, Crowd
from .evidence import exact_text, text
from .findings import ClauseVerdict
from .flat import chosen, computed
from .pattern import Instances
from .predicated import exact_values, true_exactly
from .samples import fill
from .shapes import Plan, Search, typed_or_attr
from .values import GROUPS, SINGLE, points

__all__ = ["check_clause"]

Array: TypeAlias = np.ndarray[Any, Any]
_MENTIONED = Predicate("mentioned", lambda x: np.ones(np.shape(x), bool), nan=False)  # of the head's numbers, for the search
_FEW, _SOME = ("mild", "integers"), ("mild", "zeros", "integers", "hostile")
_ALL = (*_SOME, "positive", "inf", "nan", "huge", "tiny", "steps")
_NUMBERS = (-1, 0, 2, 3)  # that every constant of a clause is tried at
_WIDTHS = (0, 1, 2, -1)  # that the numbers of matrices are tried at, every combination
_DOZEN, _LATER = 12, 6  # points that are judged; shapes that are tried in a second dtype
_AGAIN = ("mild", "hostile")  # what single precision can show that double does not: where it rounds, and its range
_Trial: TypeAlias = tuple[Plan, Sequence[str]]  # a plan and the fills it is tried with


@dataclass
class _Count:
    admitted: int = 0
    judged: int = 0
    computed: bool = False  # whether the head's number was computed anywhere, if it is


@np.errstate(all="ignore")
def check_clause(c: Clause, dtypes: Sequence[Any] | None = None) -> ClauseVerdict:
    """Try a clause in every dtype of its variables.

    Raises RefusedRelation with a counterexample where it is false, TheoryError where its premises never hold.
    """
    numbers = variables(*c.head.args[1:], *[a for g in c.body for a in g.args[1:]])
    guards = (*c.body, *[Guard(_MENTIONED, (v,)) for v in numbers])
    kinds = {k for v in variables(*c.head.args) if isinstance(v, LVar) and v.sort == "term" for k in v.data[2]} or {"f"}
    groups = [as_dtype(d) for d in dtypes] if dtypes is not None else [d for d in GROUPS if d.kind in kinds]
    count, done, made, trials = _Count(), list[str](), Instances(), list[_Trial]()
    tracked = track_origins(False)
    try:
        for dtype in groups:
            before = count.admitted
            search = Search(c.head.args[0], c.head.args[0], guards, dtype, made=made)
            if search.flat and c.head.predicate.scope == "element":
                _try_flat(c, search, count)
            else:
                _try_shaped(c, search, count, trials)
            done += [dtype.name] if count.admitted > before else []
    finally:
        track_origins(tracked)
    if not done:
        raise TheoryError(f"clause {c}: no numbers were found for which its premises hold; are they of possible types, and do "
                          "they agree with each other?")
    if any(a.args for a in c.head.args[1:]) and not count.computed:
        raise TheoryError(f"clause {c}: no number was computed for its head; a function without exact values may only stand "
                          "outermost, as in at_least(exp(x), exp(c))")
    return ClauseVerdict(str(c), tuple(done), count.admitted, count.judged)


def _try_flat(c: Clause, search: Search, count: _Count) -> None:
    """Thousands of hostile points at once."""
    order = search.terms + search.literals
    arrays = points(tuple(search.dtypes[v] for v in order), len(search.literals), search.marks)
    n = len(arrays[0]) if arrays else 1
    plan = search.concrete({v: (n,) for v in order}, {})
    if plan is None:
        return
    values = dict(zip([plan.binding[v] for v in order], arrays, strict=True))
    value = np.broadcast_to(evaluate([plan.left], values)[0], (n,))
    mask = np.broadcast_to(admitted(search.guards, plan.binding, values), (n,))
    count.admitted += int(np.count_nonzero(mask & ~np.any([_nan(a) for a in arrays] or [[False]], axis=0)))
    others = _others(c, plan, values)
    if not count.computed and any(a.args for a in c.head.args[1:]):
        count.computed = any(None not in _others(c, plan, {t: a[i] for t, a in values.items()}) for i in np.flatnonzero(mask))
    with np.errstate(all="ignore"):
        holds = np.broadcast_to(c.head.predicate.admits(value, *others), (n,))
    for i in chosen(arrays, value, value, mask & ~holds, _DOZEN):
        here = {t: a[i] for t, a in values.items()}
        at = _others(c, plan, here)
        if None not in at:  # else no number is computed
            _judge(c, plan, here, value[i], at, count)


def _try_shaped(c: Clause, search: Search, count: _Count, trials: list[_Trial]) -> None:
    """Small arrays of every shape that has a type: batched, square, of length one, empty; fewer after the first dtype."""
    first = not count.admitted
    if first:
        trials[:] = _trials(c, search)
    for k, (plan, kinds) in enumerate(trials if first else trials[:_LATER]):
        if not first:
            if (again := search.again(plan)) is None:
                continue
            plan = again
            kinds = [kind for kind in kinds if kind in _AGAIN] if search.result in SINGLE else kinds
        for values in (v for kind in kinds for v in _filled(plan, search.guards, kind, first and k < _LATER)):
            value = computed(plan, values).get(plan.left)
            if value is None:  # NumPy raises
                continue
            count.admitted += all(a.size and (a.dtype.kind not in "fc" or not np.isnan(a).any()) for a in values.values())
            others = _others(c, plan, values)
            if any(o is None for o in others):  # no number is computed
                continue
            count.computed = True
            with np.errstate(all="ignore"):
                holds = bool(np.asarray(c.head.predicate.admits(value, *others)).all())
            if not holds:
                _judge(c, plan, values, value, others, count)
        if k == 0 and c.head.predicate.scope == "element" and search.result.kind in "iub":
            _try_crowd(c, search, plan, count)


def _try_crowd(c: Clause, search: Search, plan: Plan, count: _Count) -> None:
    """Hundreds of arrays of integers at once: each width wraps at numbers of its own."""
    crowd = Crowd.of(search, plan)
    if crowd is None:
        return
    for values in crowd.values():
        value = computed(crowd.plan, values).get(crowd.plan.left)
        others = _others(c, crowd.plan, values)
        if value is None or value.shape[:1] != (CROWD,) or any(o is None or np.ndim(o) for o in others):
            return
        count.admitted += CROWD
        with np.errstate(all="ignore"):
            wrong = ~np.asarray(c.head.predicate.admits(value, *others))
        for own in crowd.some(values, wrong):
            found, at = computed(plan, own).get(plan.left), _others(c, plan, own)
            if found is not None and not np.all(c.head.predicate.admits(found, *at)):
                _judge(c, plan, own, found, at, count)


def _trials(c: Clause, search: Search) -> Iterator[_Trial]:
    matrices = {g.args[0] for g in c.body if g.predicate.scope == "matrix"}
    if c.head.predicate.scope == "matrix":
        matrices |= {c.head.args[0]}
    every = (*islice(search.plans(), 60), *_same_lengths(search, 3))
    plans = [p for p in every if all(len(s) >= 2 for v, s in p.shapes if v in matrices)]
    by_attrs: dict[Any, list[Plan]] = {}
    for p in plans:
        by_attrs.setdefault(p.attrs, []).append(p)
    seen: set[Any] = set()

    def new(p: Plan | None) -> bool:
        if p is None or (p.shapes, p.attrs) in seen:
            return False
        seen.add((p.shapes, p.attrs))
        return True
    for i, some in enumerate(list(by_attrs.values())[:6]):
        for j, p in enumerate(some[: 5 if i == 0 else 2]):
            square = search.resized(p, 3)
            fills = _ALL if i == j == 0 else _FEW
            found: list[tuple[Plan | None, Sequence[str]]] = [(p, fills), (square, fills)]
            if j == 0:
                found += [(search.batched(p), _FEW), (search.resized(p, 0), _FEW[:1]), (search.resized(p, 1), _FEW)]
                found += [(search.concrete({v: of(s) for v, s in p.shapes if v.sort == "term"}, dict(p.attrs)), _FEW)
                          for of in (_tall, lambda s: (*s[:-1], 0) if s else s)]  # rows of nothing
                if square is not None:
                    found += [(search.batched(square), _FEW)]
                    found += [(search.resized(square, 1, only=v), _SOME) for v in search.terms if len(search.terms) > 1]
            for q, kinds in found:
                if new(q):
                    assert q is not None
                    yield q, kinds


def _same_lengths(search: Search, size: int) -> list[Plan]:
    """Plans in which all axes have one length: premises may ask for square matrices where the head does not."""
    shapes = [{v: (size,) * r for v, r in zip(search.terms, ranks, strict=True)} for ranks in search.ranks]
    return [p for attrs in search.attr_choices() for s in shapes if (p := search.concrete(s, attrs)) is not None]


def _tall(shape: tuple[int, ...]) -> tuple[int, ...]:
    """More rows than columns."""
    return (*shape[:-2], *sorted(shape[-2:], reverse=True))


def _filled(plan: Plan, guards: Sequence[Guard], kind: str, all_widths: bool) -> Iterator[Any]:
    """Values at which the premises hold; also simpler ones, and the same array, and its negative, for two variables."""
    values = fill(plan, guards, kind, 0)
    if values is None:
        return
    yield values
    others: list[dict[Term, Array]] = []
    if kind in ("zeros", "integers"):  # what samples of a structure never are: all of them, and one alone
        others = [{t: _simple(a, kind) for t, a in values.items()}]
        others += [{**values, t: _simple(a, kind)} for t, a in values.items() if len(values) > 1 and kind == "zeros"]
    if kind == "mild":
        literals = [plan.binding[v] for v, _ in plan.shapes if v.sort == "literal"]
        others = [{**values, t: np.asarray(number).astype(t.type.dtype)} for t in literals for number in _NUMBERS]
        if all_widths and any(g.predicate.scope == "matrix" and g.predicate.numbers for g in guards):
            for numbers in islice(product(_WIDTHS, repeat=len(literals)), len(_WIDTHS)**2):
                given = {t: np.asarray(n).astype(t.type.dtype) for t, n in zip(literals, numbers, strict=True)}
                others += [found] if (found := fill(plan, guards, kind, 0, given)) is not None else []
    if kind in ("mild", "zeros") and len(values) == 2:
        (s, a), (t, b) = values.items()
        if a.shape == b.shape and a.dtype == b.dtype and a.dtype.kind in "ifc":
            others += [{s: a, t: a}, {s: a, t: -a}]
    new = [o for o in others if any(a is not o[t] and a.tobytes() != o[t].tobytes() for t, a in values.items())]
    yield from (other for other in new if all_admitted(guards, plan.binding, other))


def _simple(a: Array, kind: str) -> Array:
    return np.zeros_like(a) if kind == "zeros" else np.asarray(np.round(a), a.dtype) if a.dtype.kind in "fc" else a


def _nan(a: Array) -> Array:  # of NaN every premise but `finite` is silent
    return np.isnan(a) if a.dtype.kind in "fc" else np.zeros(a.shape, bool)


def _others(c: Clause, plan: Plan, values: Any) -> list[Any]:
    """The numbers beside the term in the head; those that the clause computes are rounded as in a proof."""
    out = []
    for a in c.head.args[1:]:
        if a.args and all(np.ndim(values[plan.binding[v]]) == 0 for v in _literals(a)):
            out.append(_computed(a, c, plan, values))
            continue
        found = typed_or_attr(a, plan.binding)
        if isinstance(found, Term):
            found = values[found] if found in values else evaluate([found], values)[0]
            if a.args and c.head.predicate.closure is None:  # about as in a proof, which the judge takes where this fails
                found = np.nextafter(found, -np.inf if c.head.predicate.tightest == "largest" else np.inf)
        out.append(found)
    return out


def _computed(a: Term, c: Clause, plan: Plan, values: Any) -> Any:
    literals = _literals(a)
    order = [v for v in variables(a) if isinstance(v, LVar)]
    known = [weak(_number(values[plan.binding[v]])) if v in literals else plan.binding[v] for v in order]
    return outward(template(a, order), known, c.head.predicate.tightest)


def _number(value: Any) -> Any:
    number = np.asarray(value).item()
    return number.real if isinstance(number, complex) and number.imag == 0 else number


def _literals(a: Term) -> list[LVar]:
    return [v for v in variables(a) if isinstance(v, LVar) and v.sort == "literal"]


# -- the judge ----------------------------------------------------------------------------------------------------------------

def _judge(c: Clause, plan: Plan, values: Any, value: Any, others: Sequence[Any], count: _Count) -> None:
    """Raise unless the conclusion, which fails in floats, is true after all."""
    predicate = c.head.predicate
    value = np.asarray(value)
    inputs = [np.asarray(a) for a in values.values() if np.asarray(a).dtype.kind in "fc"]
    numbers = value.dtype.kind in "fc"
    if predicate.scope == "matrix" and numbers and not bool(np.all(np.isfinite(value))):
        return
    exact: Any = None
    if any(bool(np.any(np.isinf(a))) for a in inputs):
        if predicate.closure is not None:
            with np.errstate(all="ignore"):
                if bool(np.all(predicate.admits(value, *others) | predicate.closure(value, *others))):
                    return
    elif numbers and predicate is not finite:
        count.judged += 1
        for exact in exact_values(plan.left, values):
            if true_exactly(predicate, exact, others, value):
                return
        if exact is None:
            return
    shown = [(str(v.data[0]), text(values[plan.binding[v]])) for v, _ in plan.shapes if plan.binding[v] in values]
    shown += [(str(v.data[0]), str(a)) for v, a in plan.attrs]
    at = ", ".join(f"{name} = {number}" for name, number in shown)
    exactly_ = f"   (exactly: {exact_text(exact)})" if exact is not None else ""
    raise RefusedRelation(f"clause {c}\n  is false for {_dtype(plan, value)}\nat {at}\n  {c.head.args[0]!r} = {text(value)}"
                          f"{exactly_}\n  state the premise under which it is true, or leave it out: unknown means no")


def _dtype(plan: Plan, value: Array) -> str:
    return next((t.type.dtype.name for v, t in plan.binding.items() if v.sort == "term"), value.dtype.name)
