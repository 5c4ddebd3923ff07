"""Whether a predicate holds of exact numbers: signs that underflow, large whole numbers, badly conditioned matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from ...terms.term import Term, toposort
from ..predicates import Predicate
from .exact import PRECISIONS, SLOW_PRECISIONS, Beyond, evaluate_exactly, exactly, workprec

__all__ = ["exact_values", "true_exactly"]

Array: TypeAlias = np.ndarray[Any, Any]


def exact_values(t: Term, values: Any) -> Iterator[Array]:
    """The exact value of the head's term to more and more bits; nothing where the reference cannot tell."""
    slow = any(not callable(u.op.cost) and u.op.cost >= 60 for u in toposort(t))
    for bits in SLOW_PRECISIONS if slow else PRECISIONS:
        with workprec(bits):
            try:
                yield evaluate_exactly(t, {u: exactly(a, u.type.dtype) for u, a in values.items()})
            except (Beyond, OverflowError):
                continue


def true_exactly(predicate: Predicate, exact: Array, others: Sequence[Any], value: Array) -> bool:
    """Whether a predicate holds of exact numbers, those apart that are NaN in floats; of a matrix, of these rounded once."""
    if predicate.scope in ("matrix", "array"):
        return _true_of_matrix(predicate, exact, value.dtype, others)
    wide = np.broadcast_arrays(np.asarray(exact, object), value, *[np.asarray(o, object) for o in others])
    test = _WHOLE.get(predicate.name, predicate.holds)
    return all(f != f or _holds(test, (v, *row)) for v, f, *row in zip(*[w.flat for w in wide], strict=True))


def _true_of_matrix(predicate: Predicate, exact: Array, dtype: np.dtype[Any], others: Sequence[Any]) -> bool:
    if any(v != v for v in exact.flat):
        return True  # undefined, of which facts say nothing
    size = max([abs(v) for v in exact.flat], default=0)
    unit = exact / size if size and not 1e-30 < size < 1e30 else exact
    rounded = np.array([complex(v) if dtype.kind == "c" else float(v) for v in unit.flat]).reshape(exact.shape)
    if bool(predicate.holds(rounded.astype(dtype), *others)):
        return True
    test = _CONDITIONED.get(predicate.name) if exact.shape[-1] == exact.shape[-2] else None
    return test is not None and all(test(unit[i]) for i in np.ndindex(exact.shape[:-2]))


def _has_factor(m: Array) -> bool:
    """Whether a matrix is positive definite, however badly conditioned."""
    import mpmath
    try:
        mpmath.cholesky(mpmath.matrix(m.tolist()))
    except ValueError:
        return False
    return True


def _has_inverse(m: Array) -> bool:
    """Whether the determinant differs from zero once every row is brought to size one."""
    import mpmath
    sizes = [max((abs(v) for v in row), default=1) for row in m]
    if not all(sizes):
        return False
    m = np.array([row / size for row, size in zip(m, sizes, strict=True)], object).reshape(m.shape)
    context: Any = mpmath.mp
    return bool(abs(mpmath.det(mpmath.matrix(m.tolist()))) > mpmath.mpf(2) ** -(context.prec // 2))


_CONDITIONED: dict[str, Callable[[Array], bool]] = {"pd": _has_factor, "invertible": _has_inverse}


def _holds(test: Callable[..., Any], row: Sequence[Any]) -> bool:
    v, *others = row
    if v != v:
        return False
    if getattr(v, "imag", 0) == 0:
        v = v.real
    return bool(test(v, *others))


def _whole(v: Any) -> bool:
    import mpmath
    return bool(v == mpmath.floor(v))


_WHOLE: dict[str, Callable[..., Any]] = {
    "integer": lambda v: _whole(v), "even": lambda v: _whole(v / 2), "odd": lambda v: _whole((v - 1) / 2)}
