"""Changes after which a rule may apply: facts to claim, numbers to write, shapes and dtypes to declare; all are proposals."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import RelgraphError
from ..relations.assume import assume
from ..relations.predicates import Guard
from ..relations.supposing import Claims, claimed
from ..relations.template import variables
from ..relations.verify.shapes import CANDIDATES, CONCRETE, SPECIAL
from ..terms.binders import substitute
from ..terms.term import ATTRIBUTE, CONST, INPUT, LVar, Term, attr, const, input_term, toposort
from ..terms.type import Type
from .why import said

__all__ = ["REFUSED", "assuming", "described", "numbered", "reattributed", "retyped"]

NUMBERS = (0, 1, 2, -1, 3, -2, 0.5, -0.5, -3, 4)  # that are tried in the place of one for which a guard is false
DTYPES = ("float64", "int64", "complex128", "bool", "int32", "float32")
REFUSED = (RelgraphError, ValueError, TypeError, IndexError, AttributeError)  # what has no type is no suggestion


# -- facts --------------------------------------------------------------------------------------------------------------------

def assuming(values: Mapping[Term, Term], claims: Claims) -> dict[Term, Term] | None:
    """What variables stand for, with facts claimed inside; None if they cannot be claimed together."""
    try:
        marked = {t: assume(t, **facts) for t, facts in claimed(claims).items()}
        return dict(zip(values, substitute(list(values.values()), marked), strict=True))
    except REFUSED:
        return None


def described(claims: Claims) -> str:
    """The calls that claim them."""
    return " and ".join(f"rg.assume({said(t)}, {', '.join(f'{name}={value}' for name, value in facts.items())})"
                        for t, facts in claimed(claims).items())


# -- numbers ------------------------------------------------------------------------------------------------------------------

def numbered(values: Mapping[Term, Term], guards: Sequence[tuple[Guard, Guard]],
             missing: Callable[[Mapping[Term, Term]], list[tuple[Guard, Guard]]]) -> Iterator[dict[Term, Term]]:
    """What variables stand for, with other numbers where guards about numbers are false; fewest changes first."""
    false = [g for g, asked in guards if all(a.op is CONST or a.op is ATTRIBUTE for a in asked.args)]
    open_ = [v for v in variables(*[a for g in false for a in g.args]) if isinstance(v, LVar) and v.data[1] == "literal"]
    if not false:
        yield dict(values)
        return
    choices = [[values[v], *_others(values[v])] for v in open_]
    ways = sorted(itertools.product(*choices), key=lambda way: sum(t is not values[v] for v, t in zip(open_, way, strict=True)))
    for way in ways:
        changed = {**values, **dict(zip(open_, way, strict=True))}
        if not any(g in false for g, _ in missing(changed)):
            yield changed


def _others(t: Term) -> list[Term]:
    """Other numbers of the same dtype."""
    if type(t.type) is not Type or t.type.ndim:
        return []
    kept = [n for n in NUMBERS if np.asarray(n).astype(t.type.dtype) == n and not (n < 0 and t.type.dtype.kind in "bu")]
    return [u for n in kept if (u := const(n, t.type.dtype)) is not t]


# -- types --------------------------------------------------------------------------------------------------------------------

def retyped(term: Term) -> Iterator[tuple[str, Term]]:
    """The term with one input, one size, or two inputs declared differently, and what to write."""
    inputs = [t for t in toposort(term) if t.op is INPUT]
    sizes = list(dict.fromkeys(d for t in inputs for d in t.type.shape))
    single = [{t: u} for t in inputs for u in _types(t, inputs, sizes)]
    every = [{t: input_term(t.data, Type(t.type.dtype, new)) for t in inputs
              if (new := tuple(to if d == size else d for d in t.type.shape)) != t.type.shape}
             for size in sizes for to in (*[d for d in sizes if d != size], 1, 3)]
    double = [a | b for a, b in itertools.combinations(single, 2) if a.keys() != b.keys()]
    for change in (*single, *every, *double):
        if not change:
            continue
        try:
            new = substitute([term], change)[0]
        except REFUSED:
            continue
        yield "declare " + " and ".join(f"{t.data} as {u.type!r}" for t, u in change.items()), new


def _types(t: Term, inputs: Sequence[Term], sizes: Sequence[Any]) -> Iterator[Term]:
    """The same input of another type: a size less general, an axis less, the type of another input, another dtype."""
    shape, dtype = t.type.shape, t.type.dtype
    for i in range(len(shape)):
        for size in (1, *[d for d in sizes if d != shape[i]]):
            yield input_term(t.data, Type(dtype, (*shape[:i], size, *shape[i + 1:])))
    for other in inputs:
        if other.type is not t.type:
            yield input_term(t.data, other.type)
    usual = [new for new in (*CONCRETE, *SPECIAL) if len(new) <= len(shape) + 1]
    for new in dict.fromkeys((shape[1:], (1,) * len(shape), ("n", *shape), *usual)):
        if new != shape:
            yield input_term(t.data, Type(dtype, new))
    for name in DTYPES:
        if name != dtype.name:
            yield input_term(t.data, Type(name, shape))


# -- attributes ---------------------------------------------------------------------------------------------------------------

def reattributed(variables_: Sequence[Term], values: Mapping[Term, Term],
                 make: Callable[[Mapping[Term, Term]], Term]) -> Iterator[Term]:
    """A node with other attributes for some variables: one changed, then two."""
    open_ = [v for v in variables_ if isinstance(v, LVar) and v.data[1] == "attr"]
    choices = [[values[v], *[attr(c) for c in CANDIDATES.get(str(v.data[2]).rstrip("0123456789"), ()) or _like(values[v].data)
                             if c != values[v].data]] for v in open_]
    ways = sorted(itertools.islice(itertools.product(*choices), 2000),
                  key=lambda way: sum(t is not values[v] for v, t in zip(open_, way, strict=True)))
    for way in ways[1:]:
        try:
            yield make({**values, **dict(zip(open_, way, strict=True))})
        except REFUSED:
            continue


def _like(value: object) -> tuple[object, ...]:
    """Attributes of the kind of one."""
    same = [known for known in CANDIDATES.values() if any(type(c) is type(value) for c in known)]
    return next((known for known in same if value in known), same[0] if same else ())
