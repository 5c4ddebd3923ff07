"""Verification of clauses: numbers for which the premises hold and the conclusion does not.

A conclusion that fails in floats is held against exact arithmetic: facts speak of the exact value, and `finite` alone of
the floats (see predicates.py).  At infinite inputs the limit counts; NaN says nothing; integers wrap as NumPy's do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
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
from .crowd import CROWD, SHOWN, Crowd
from .evidence import exact_text, text
from .findings import ClauseVerdict
from .flat import chosen, computed
from .pattern import Instances
from .predicated import exact_values, true_exactly
from .shapes import Plan, Search, least_rank, numbers_of, typed_or_attr
from .stacks import Stack, each, stacks
from .trials import Trial, filled, trials_of
from .values import GROUPS, SINGLE, points

__all__ = ["check_clause"]

Array: TypeAlias = np.ndarray[Any, Any]
_DOZEN, _LATER = 12, 6  # points that are judged; shapes that are tried in a second dtype
_AGAIN = ("mild", "hostile")  # what single precision can show that double does not: where it rounds, and its range
_MENTIONED = Predicate("mentioned", lambda x: np.ones(np.shape(x), bool), nan=False)  # of the head's numbers, for the search


@dataclass
class _Count:
    admitted: int = 0
    judged: int = 0
    told: bool = False  # whether the head was defined anywhere, and not of itself
    computed: bool = False  # whether the head's number was computed anywhere, if it is


@np.errstate(all="ignore")
def check_clause(c: Clause, dtypes: Sequence[Any] | None = None) -> ClauseVerdict:
    """Try a clause in every dtype of its variables.

    Raises RefusedRelation with a counterexample where it is false, TheoryError where its premises never hold.
    """
    numbers = variables(*c.head.args[1:], *[a for g in c.body for a in g.args[1:]])
    guards = (*c.body, *[Guard(_MENTIONED, (a,)) for a in (*numbers, *map(weak, _telltale(c)))])
    kinds = {k for v in variables(*c.head.args) if isinstance(v, LVar) and v.sort == "term" for k in v.data[2]} or {"f"}
    groups = [as_dtype(d) for d in dtypes] if dtypes is not None else [d for d in GROUPS if d.kind in kinds]
    count, done, made, trials = _Count(), list[str](), Instances(), list[Trial]()
    tracked = track_origins(False)
    try:
        for dtype in groups:
            before = count.admitted
            search = Search(c.head.args[0], c.head.args[0], guards, dtype, made=made)
            if c.head.predicate.scope == "element" and search.flat and _flat(c, search):
                _try_flat(c, search, count)
            else:
                _try_shaped(c, search, count, trials)
            done += [dtype.name] if count.admitted > before else []
    finally:
        track_origins(tracked)
    if not done:
        raise TheoryError(f"clause {c}: no numbers were found for which its premises hold; are they of possible types, and do "
                          "they agree with each other?")
    if not count.told:
        raise TheoryError(f"clause {c}: {c.head.args[0]!r} was NaN wherever numbers were found for which its premises hold, or "
                          "had no two rows; state a premise under which it is defined, or leave it out: unknown means no")
    if any(a.args for a in c.head.args[1:]) and not count.computed:
        raise TheoryError(f"clause {c}: no number was computed for its head; a function without exact values may only stand "
                          "outermost, as in at_least(exp(x), exp(c))")
    return ClauseVerdict(str(c), tuple(done), count.admitted, count.judged)


def _telltale(c: Clause) -> set[float]:
    """The numbers in the head's claim, and those at which a multiple, or a square, is one of them."""
    claimed = numbers_of(*c.head.args[1:])
    within = {1.0, *numbers_of(c.head.args[0])} - {0.0}
    return {a / b for a in claimed for b in within} | {abs(a)**0.5 for a in claimed}


def _flat(c: Clause, search: Search) -> bool:
    """Whether the premises, too, speak of elements of operands that are elementwise."""
    spoken = [a for g in c.body for a in g.args if a.args]
    return all(Search(a, a, (), search.result, made=search.made).flat for a in spoken)


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
    count.told |= bool(np.any(mask & ~_nan(np.asarray(value))))
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


def _try_shaped(c: Clause, search: Search, count: _Count, trials: list[Trial]) -> None:
    """Small arrays of every shape that has a type: batched, square, of length one, empty; fewer after the first dtype."""
    first = not count.admitted
    if first:
        trials[:] = trials_of(c, search)
    for k, (plan, kinds) in enumerate(trials if first else trials[:_LATER]):
        if not first:
            if (again := search.again(plan)) is None:
                continue
            plan = again
            kinds = [kind for kind in kinds if kind in _AGAIN] if search.result in SINGLE else kinds
        for values in (v for kind in kinds for v in filled(plan, search.guards, kind, first and k < _LATER)):
            value = computed(plan, values).get(plan.left)
            if value is None:  # NumPy raises
                continue
            count.admitted += all(a.size and (a.dtype.kind not in "fc" or not np.isnan(a).any()) for a in values.values())
            count.told = count.told or _tells(c, value)
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
    if (first or search.result not in SINGLE) and _of_matrices(c, search):
        for stack in stacks(search):
            _try_stack(c, search, stack, count)


def _of_matrices(c: Clause, search: Search) -> bool:
    return (any(g.predicate.scope == "matrix" for g in (c.head, *c.body))
            or any(least_rank(v, c.head.args[0]) >= 2 for v in search.terms))


def _tells(c: Clause, value: Any) -> bool:
    """Whether a predicate says something of a value: of NaN it does not, and of a matrix of one element everything holds."""
    value = np.asarray(value)
    if c.head.predicate.scope == "matrix":
        return value.ndim > 1 and max(value.shape[-2:]) > 1 and 0 not in value.shape and not bool(np.any(_nan(value)))
    return not bool(np.all(_nan(value)))


def _try_stack(c: Clause, search: Search, stack: Stack, count: _Count) -> None:
    """All known small matrices at once; those of which the conclusion does not hold are judged one by one."""
    value, others = computed(stack.plan, stack.values).get(stack.plan.left), _others(c, stack.plan, stack.values)
    size = len(stack.admitted)
    if value is None or value.shape[:1] != (size,) or any(o is None or np.ndim(o) for o in others):
        return
    count.admitted += int(np.count_nonzero(stack.admitted))
    count.told = count.told or bool(np.any(stack.admitted & ~_nan(value).reshape(size, -1).any(axis=1)))
    wrong = np.flatnonzero(stack.admitted & ~each(c.head.predicate, value, others, size))
    for i in dict.fromkeys([*wrong[:SHOWN], *wrong[:: len(wrong) // SHOWN + 1]]):
        own = stack.at(int(i))
        found, at = computed(stack.one, own).get(stack.one.left), _others(c, stack.one, own)
        if found is not None and all_admitted(search.guards, stack.one.binding, own):
            if not np.all(c.head.predicate.admits(found, *at)):
                _judge(c, stack.one, own, found, at, count)


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
    order = [v for v in variables(a) if isinstance(v, LVar)]
    known = tuple([_number(values[plan.binding[v]]) if v.sort == "literal" else plan.binding[v] for v in order])
    return _outward(a, known, c.head.predicate.tightest)


@lru_cache(4096)
def _outward(a: Term, known: tuple[Any, ...], tightest: Any) -> Any:
    order = [v for v in variables(a) if isinstance(v, LVar)]
    return outward(template(a, order), [k if isinstance(k, Term) else weak(k) for k in known], tightest)


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
