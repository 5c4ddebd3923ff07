"""Where two reads of one array meet, axis by axis; what is not known of symbolic sizes is not claimed.

An entry is (start, step, length), or (position, 0, None) for an axis that is dropped.
"""

from __future__ import annotations

from typing import Any

from ..terms import dims
from .layouts import Spec, entries

__all__ = ["both", "covers", "disjoint", "overlap", "overlaps", "relative"]


def _ends(e: Any) -> tuple[Any, Any]:
    """The least and the greatest position of an entry."""
    if e[2] is None:
        return e[0], e[0]
    last = dims.add(e[0], dims.mul(e[1], dims.sub(e[2], 1)))
    return (e[0], last) if e[1] > 0 else (last, e[0])


def _apart(p: Any, q: Any) -> bool:
    """Have two entries of an axis no position in common?"""
    (a, b), (c, d) = _ends(p), _ends(q)
    if dims.at_least(dims.sub(c, b), 1) or dims.at_least(dims.sub(a, d), 1):
        return True
    few = all(isinstance(v, int) for e in (p, q) for v in (e[0], e[2] or 0)) and max(p[2] or 1, q[2] or 1) <= 64
    return few and not set(_positions(p)) & set(_positions(q))


def _positions(e: Any) -> range:
    return range(e[0], e[0] + 1) if e[2] is None else range(e[0], e[0] + e[1] * e[2], e[1])


def relative(outer: Any, inner: Any, size: Any) -> Any:
    """The entry that reads of what ``outer`` reads what ``inner`` reads of the whole; None if that is not known to exist."""
    if outer == (0, 1, size):
        return inner
    if outer == inner:
        return (0, 1, outer[2]) if outer[2] is not None else ()
    if outer[2] is None or not all(isinstance(v, int) for e in (outer, inner) for v in (e[0], e[2] or 0)):
        return None
    start, rest = divmod(inner[0] - outer[0], outer[1])
    step, uneven = divmod(inner[1], outer[1])
    length = 1 if inner[2] is None else inner[2]
    if rest or (uneven and length > 1) or not length or min(start, last := start + step * (length - 1)) < 0 \
            or max(start, last) >= outer[2]:
        return None
    return (start, 0, None) if inner[2] is None else (start, step if length > 1 else 1, length)


def both(x: Any, first: Spec, second: Spec) -> list[tuple[Any, Any, Any]] | None:
    if len(first) > len(x) or len(second) > len(x):
        return None
    return list(zip(entries(x, first), entries(x, second), x, strict=True))


def disjoint(x: Any, first: Spec, second: Spec) -> bool:
    """Two reads of one array that have no element in common."""
    pairs = both(x.shape, first, second)
    return pairs is not None and any(_apart(p, q) for p, q, _ in pairs)


def covers(x: Any, first: Spec, second: Spec) -> bool:
    """All that the first of two reads reads, the second one reads too."""
    pairs = both(x.shape, second, first)
    return pairs is not None and first != second and all(relative(p, q, d) is not None for p, q, d in pairs)


def overlap(p: Any, q: Any, d: Any) -> tuple[Any, Any] | None:
    """What two entries of an axis have in common: as an entry of what p reads, and of what q reads; None if nothing is known.

    An axis that an entry drops has none there: ().
    """
    if p == q:
        own = () if p[2] is None else (0, 1, p[2])
        return own, own
    if q == (0, 1, d):
        return (() if p[2] is None else (0, 1, p[2])), p
    if p == (0, 1, d):
        return q, (() if q[2] is None else (0, 1, q[2]))
    if not all(isinstance(v, int) for e in (p, q) for v in (e[0], e[2] or 0)):
        return None
    first, second = _positions(p), _positions(q)
    common = [k for k in second if k in first]
    return (_run([first.index(k) for k in common], p, q), _run([second.index(k) for k in common], q, p)) if common else None


def _run(at: list[int], e: Any, other: Any) -> Any:
    if e[2] is None:
        return ()
    if other[2] is None:
        return at[0], 0, None
    return at[0], at[1] - at[0] if len(at) > 1 else 1, len(at)


def overlaps(x: Any, first: Spec, second: Spec) -> bool:
    """Two reads of one array that are known to have elements in common, each axis by itself."""
    pairs = both(x.shape, first, second)
    return pairs is not None and first != second and all(overlap(*p) is not None for p in pairs)
