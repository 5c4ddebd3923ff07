"""Assumptions of users: facts claimed of a term, checked against each other and against its type."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise, product
from typing import Any, Never

import numpy as np

from ..errors import MisuseError
from ..terms import elementwise
from ..terms.indexing import index_
from ..terms.products import block_diag
from ..terms.term import CONST, Term, _short, as_term, attr, make
from ..terms.type import Type
from .predicates import OF_TYPES, PREDICATES, READ_OFF, Predicate

__all__ = ["assume"]

_NUMBERS = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0)
_LARGE = 40  # rows of a matrix that is not made only to see whether there is one


def assume(x: Any, *unnamed: Never, **facts: Any) -> Term:
    """Claim facts about a term: ``assume(K, psd=True)``, ``assume(p, at_least=0)``; a false claim makes results wrong.

    The names are those of `relgraph.relations.predicates`.  Raises MisuseError for an unknown name, for a fact that the
    type of the term decides or excludes, and for facts that no number or matrix can have together.
    """
    t = as_term(x)
    if unnamed:
        said = unnamed[0] if isinstance(unnamed[0], str) else getattr(unnamed[0], "name", "positive")
        raise MisuseError(f"assume: {unnamed[0]!r} has no name; a fact is claimed by its name, write rg.assume(x, {said}=True)")
    if not facts:
        raise MisuseError("assume: which fact? write rg.assume(x, positive=True)")
    if (sizes := facts.pop("block_diagonal", None)) is not None:
        return _blocks(assume(t, **facts) if facts else t, sizes)
    known = {name: _checked(t, name, value) for name, value in facts.items()}
    _possible(t, known, facts)
    return elementwise.assume(t, **{k: tuple(map(_plain, v)) if isinstance(v, tuple) else _plain(v) for k, v in facts.items()})


def _blocks(t: Term, sizes: Any) -> Term:
    """A matrix that is claimed to have blocks on its diagonal: these blocks, so that laws of `block_diag` apply."""
    whole = isinstance(sizes, (tuple, list)) and len(sizes) > 1 and all(_is_number(d, True) and d > 0 for d in sizes)
    if not whole:
        raise MisuseError(f"assume: block_diagonal={sizes!r}; block_diagonal takes the sizes of two or more blocks, as in "
                          "rg.assume(x, block_diagonal=(2, 3))")
    shape: Any = t.type.shape if type(t.type) is Type else ()
    n = sum(int(d) for d in sizes)
    if len(shape) < 2 or shape[-2:] != (n, n):
        raise MisuseError(f"assume: {_short(t)} cannot have blocks of {', '.join(map(str, sizes))} rows on its diagonal: it is "
                          f"{t.type!r}; declare its last two axes as {n}, {n}")
    blocks, start = [], 0
    for d in map(int, sizes):
        blocks.append(make(index_, (t, attr(((start, 1, d), (start, 1, d))))))
        start += d
    return block_diag(*blocks)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _checked(t: Term, name: str, value: Any) -> Predicate:
    """The predicate of a name, if it can be claimed of the term."""
    p = PREDICATES.get(name)
    if p is None or p.scope in READ_OFF:
        if p is not None:
            what = f"the type of {_short(t)}, {t.type!r}" if p.scope in OF_TYPES else f"the positions themselves, {_short(t)}"
            raise MisuseError(f"assume: {name} is read off {what}; it cannot be claimed")
        names = [n for n, q in PREDICATES.items() if q.scope not in READ_OFF]
        near = get_close_matches(name, names) or get_close_matches(name.lower(), names, cutoff=0.4) or names
        raise MisuseError(f"assume: there is no fact {name!r}; did you mean {', '.join(near)}?")
    if p.numbers:
        given = value if p.numbers > 1 and isinstance(value, tuple) else (value,)
        whole = p.scope == "matrix"
        if len(given) != p.numbers or not all(_is_number(v, whole) for v in given):
            what = ("two whole numbers" if p.numbers > 1 else "a whole number") if whole else "a number"
            example = "(1, 1)" if p.numbers > 1 else 1 if whole else 0
            raise MisuseError(f"assume: {name}={value!r}; {name} takes {what}, as in rg.assume(x, {name}={example})")
    elif value is not True:
        raise MisuseError(f"assume: {name}={value!r}; a fact is claimed with {name}=True, and what is not claimed is unknown")
    return p


def _is_number(value: Any, whole: bool) -> bool:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        return False
    return bool(value == value and (not whole or (math.isfinite(value) and value == int(value))))


def _numbers_of(facts: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """The numbers that are claimed with a fact."""
    value = facts[name]
    return value if isinstance(value, tuple) else (value,) if PREDICATES[name].numbers else ()


def _possible(t: Term, known: Mapping[str, Predicate], facts: Mapping[str, Any]) -> None:
    shape: Any = t.type.shape if type(t.type) is Type else None
    if shape is None:
        return
    elements = {n: p for n, p in known.items() if p.scope == "element"}
    matrices = {n: p for n, p in known.items() if p.scope == "matrix"}
    for n, p in known.items():
        if p.scope == "matrix" and (len(shape) < 2 or not _has_room(p, shape, _numbers_of(facts, n))):
            raise MisuseError(f"assume: {_short(t)} cannot be {_said(n, facts[n])}: it is {t.type!r}; {p.doc}")
        if p.scope == "array" and t.type.dtype.kind not in "iu":
            raise MisuseError(f"assume: {_short(t)} cannot have {n}: it is {t.type!r}; {p.doc}")
        if t.op is CONST and not _hold({n: p}, facts, np.asarray(t.data)):
            raise MisuseError(f"assume: {_short(t)} is a constant, and not {_said(n, facts[n])}: {p.doc}")
    if not any(_hold(elements, facts, v) for v in _numbers(facts, t.type.dtype)):
        raise MisuseError(f"assume: no number of dtype {t.type.dtype} is {' and '.join(_said(n, facts[n]) for n in elements)}")
    large = len(shape) >= 2 and shape[-1] != 1 and len(matrices) > 1
    if large and not any(_hold(matrices, facts, m) for m in _matrices(matrices, facts)):
        raise MisuseError(f"assume: no matrix is {' and '.join(_said(n, facts[n]) for n in matrices)}; "
                          f"{'; '.join(f'{n}: {p.doc}' for n, p in matrices.items())}")


def _said(name: str, value: Any) -> str:
    return name if value is True else f"{name} {value}"


def _hold(predicates: Mapping[str, Predicate], facts: Mapping[str, Any], value: Any) -> bool:
    with np.errstate(all="ignore"):
        return all(bool(np.all(p.holds(value, *_numbers_of(facts, n)))) for n, p in predicates.items())


def _numbers(facts: Mapping[str, Any], dtype: np.dtype[Any]) -> list[Any]:
    """Numbers at, between and around the bounds."""
    bounds = sorted(float(v) for n, v in facts.items() if PREDICATES[n].numbers and PREDICATES[n].scope == "element")
    found = [*_NUMBERS, *bounds, *[(a + b) / 2 for a, b in pairwise(bounds)]]
    found += [v for b in bounds if math.isfinite(b) for k in (0, 1, 2) for v in (math.floor(b) - k, math.ceil(b) + k)]
    found += [math.nextafter(b, b + s) for b in bounds for s in (1, -1)]
    if dtype.kind in "biu":
        info = (0, 1) if dtype.kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
        return [np.asarray(int(v), dtype) for v in found if math.isfinite(v) and v == int(v) and info[0] <= v <= info[1]]
    return [np.asarray(v, dtype) for v in found]


def _has_room(p: Predicate, shape: Sequence[Any], numbers: Sequence[Any]) -> bool:
    """Whether matrices of such a shape, square, wide or tall, can have a structure: small ones, larger than its numbers."""
    if p.sample is None:
        return True
    m, n = shape[-2:]
    size = max([2, *[int(k) + 2 for k in numbers]])
    if size > _LARGE:
        return True
    if isinstance(m, int) and isinstance(n, int):
        size = min(size, max(2, min(m, n)))
        shapes = [(size + (m > n), size + (n > m))]
    else:  # what is not known may be anything
        shapes = [(size, size), *([] if m == n else [(size, size + 1), (size + 1, size)])]
    rng, dtype = np.random.default_rng(0), np.dtype("float64")
    return any(p.sample(rng, s, dtype, *numbers) is not None for s in shapes)


def _matrices(predicates: Mapping[str, Predicate], facts: Mapping[str, Any]) -> list[Any]:
    """Small matrices that have one of the structures."""
    rng = np.random.default_rng(0)
    out = [np.array(m).reshape(2, 2) for m in product((0.0, 1.0, -1.0, 2.0), repeat=4)] + [np.eye(3, 2), np.zeros((3, 2))]
    for shape in ((2, 2), (3, 3), (3, 2)):
        out += [m for n, p in predicates.items() if p.sample is not None for _ in range(4)
                if (m := p.sample(rng, shape, np.dtype("float64"), *_numbers_of(facts, n))) is not None]
    return out
