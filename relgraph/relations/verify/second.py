"""A second look at an equation that the judge let pass: at other points, drawn from a stream of their own."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term
from ..predicates import Guards
from .admission import admitted
from .compare import all_close, close
from .evidence import Evidence
from .findings import LEVELS, Counterexample
from .flat import both_sides, chosen
from .samples import fill
from .shapes import Search
from .tried import find_trials
from .values import pool

__all__ = ["refutes", "second_look"]

Array: TypeAlias = np.ndarray[Any, Any]
_POINTS, _JUDGED, _PLANS = 600, 16, 3
_KINDS = ("integers", "mild", "positive", "hostile") * 5


def refutes(evidence: Evidence, declared: str) -> Counterexample | None:
    """Why the written direction is weaker than declared, if it is."""
    return evidence.example["->"] if LEVELS.index(evidence.level["->"]) > LEVELS.index(declared) else None


@np.errstate(all="ignore")
def second_look(left: Term, right: Term, guards: Guards, dtype: Any, declared: str,
                evidence: Evidence) -> Counterexample | None:
    """A counterexample at points the judge did not try; None if there is none among them."""
    search = Search(left, right, guards, dtype)
    look = _flat if search.flat else _shaped
    return look(search, declared, evidence)


def _flat(search: Search, declared: str, evidence: Evidence) -> Counterexample | None:
    order = search.terms + search.literals
    rng = np.random.default_rng(8128)
    arrays = tuple(_numbers(rng, search.dtypes[v], v in search.literals) for v in order)
    n = len(arrays[0]) if arrays else 1
    plan = search.concrete({v: (n,) for v in order}, {})
    if plan is None or plan.right is None:
        return None
    values = {plan.binding[v]: a for v, a in zip(order, arrays, strict=True)}
    left, right = (np.broadcast_to(v, (n,)) for v in both_sides(plan, values))
    bad = np.broadcast_to(admitted(search.guards, plan.binding, values), (n,)) & ~close(left, right)
    for i in chosen(arrays, left, right, bad, _JUDGED):
        evidence.compare(plan, {t: a[i] for t, a in values.items()}, left[i], right[i])
        if (found := refutes(evidence, declared)) is not None:
            return found
    return None


def _shaped(search: Search, declared: str, evidence: Evidence) -> Counterexample | None:
    for plan, _ in find_trials(search)[0][:_PLANS]:
        for seed, kind in enumerate(_KINDS):
            values = fill(plan, search.guards, kind, 8128 + seed)
            if values is None:
                continue
            left, right = np.broadcast_arrays(*both_sides(plan, values))
            if not all_close(left, right, normwise=evidence.normwise) and evidence.judged < _JUDGED:
                evidence.compare(plan, values, left, right)
                if (found := refutes(evidence, declared)) is not None:
                    return found
    return None


def _numbers(rng: np.random.Generator, dtype: np.dtype[Any], constant: bool) -> Array:
    """Numbers of everyday size, small whole ones and hostile ones, in one order for no two variables; constants are finite."""
    hostile = pool(dtype)
    hostile = hostile[np.isfinite(hostile)] if constant else hostile
    some = hostile[rng.integers(0, len(hostile), _POINTS // 4)]
    if dtype.kind == "b":
        mild = rng.integers(0, 2, _POINTS)
    elif dtype.kind in "iu":
        mild = rng.integers(0 if dtype.kind == "u" else -9, 10, _POINTS)
    else:
        k = _POINTS // 4
        real = np.concatenate([rng.uniform(-4, 4, 2 * k), rng.uniform(0, 1, k), rng.integers(-6, 7, k)])
        mild = real + 1j * rng.uniform(-2, 2, len(real)) if dtype.kind == "c" else real
    return rng.permutation(np.concatenate([np.asarray(mild).astype(dtype), some]))
