"""Sizes of axes: an ``int``, a name, or an integer expression over names, always in one canonical form.

A dim is what ``term.type.shape`` holds.  Expressions are polynomials with integer coefficients over names and over
calls ``max``, ``floordiv`` and ``mod``; equal polynomials are equal values, so types compare by value.
Names stand for sizes, hence for non-negative integers; that is used to simplify ``max`` and ``min``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

__all__ = ["Dim", "DimCall", "DimExpr", "add", "at_least", "evaluate", "floordiv", "maximum", "minimum", "mod", "mul", "names",
           "product", "show", "sub", "substitute"]


@dataclass(frozen=True, slots=True)
class DimCall:
    """An opaque factor of a monomial: ``max(d, 0)``, ``floordiv`` or ``mod`` of two dims."""

    name: str
    args: tuple[Dim, Dim]


@dataclass(frozen=True, slots=True)
class DimExpr:
    """A polynomial: pairs of a monomial (a sorted tuple of atoms) and its integer coefficient."""

    terms: tuple[tuple[tuple[str | DimCall, ...], int], ...]

    def __repr__(self) -> str:
        return show(self)


Dim: TypeAlias = int | str | DimExpr
Poly: TypeAlias = dict[tuple["str | DimCall", ...], int]


def _key(atom: str | DimCall) -> str:
    return atom if isinstance(atom, str) else f"~{atom.name}({show(atom.args[0])},{show(atom.args[1])})"


def _poly(d: Dim) -> Poly:
    if isinstance(d, DimExpr):
        return dict(d.terms)
    if isinstance(d, str):
        return {(d,): 1}
    return {(): int(d)} if d else {}


def _dim(p: Poly) -> Dim:
    items = sorted(((m, c) for m, c in p.items() if c), key=lambda mc: (-len(mc[0]), [_key(a) for a in mc[0]]))
    if not items:
        return 0
    if len(items) == 1:
        m, c = items[0]
        if not m:
            return c
        if c == 1 and len(m) == 1 and isinstance(m[0], str):
            return m[0]
    return DimExpr(tuple(items))


@lru_cache(4096)
def add(a: Dim, b: Dim) -> Dim:
    """The sum of two dims: ``add("n", 1)`` is ``n + 1``."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    p = _poly(a)
    for m, c in _poly(b).items():
        p[m] = p.get(m, 0) + c
    return _dim(p)


@lru_cache(4096)
def mul(a: Dim, b: Dim) -> Dim:
    """The product of two dims."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    p: Poly = {}
    for m, c in _poly(a).items():
        for n, e in _poly(b).items():
            k = tuple(sorted(m + n, key=_key))
            p[k] = p.get(k, 0) + c * e
    return _dim(p)


def sub(a: Dim, b: Dim) -> Dim:
    """The difference of two dims."""
    return add(a, mul(-1, b))


def product(ds: tuple[Dim, ...]) -> Dim:
    """The number of elements of a shape."""
    out: Dim = 1
    for d in ds:
        out = mul(out, d)
    return out


def _sign(d: Dim) -> int | None:
    """1 if ``d`` is known to be >= 0, -1 if known <= 0, None if unknown; 0 only for the dim 0."""
    p = _poly(d)
    if not p:
        return 0
    if not all(isinstance(a, str) or _never_negative(a) for m in p for a in m):
        return None
    if all(c >= 0 for c in p.values()):
        return 1
    if all(c <= 0 for c in p.values()):
        return -1
    return 1 if _is_minimum_of_sizes(p) else None


def _never_negative(call: DimCall) -> bool:
    """``max`` is only ever called with 0; a quotient of sizes is a size, and so is what is left over by a size."""
    a, b = call.args
    return call.name == "max" or (_sign(b) == 1 and (call.name == "mod" or _sign(a) in (0, 1)))


def _is_minimum_of_sizes(p: Poly) -> bool:
    """Whether this is ``a - max(a - b, 0)``, the smaller of two dims that are both known to be >= 0."""
    cut = [m for m, c in p.items() if c < 0]
    if len(cut) != 1 or p[cut[0]] != -1 or len(cut[0]) != 1:
        return False
    call = cut[0][0]
    if isinstance(call, str) or call.name != "max":
        return False
    a = _dim({m: c for m, c in p.items() if c > 0})
    return _sign(sub(a, call.args[0])) in (0, 1)


def _call(name: str, a: Dim, b: Dim) -> Dim:
    return _dim({(DimCall(name, (a, b)),): 1})


def _excess(d: Dim) -> Dim:
    """``max(d, 0)``, the one call that `maximum` and `minimum` are made of, so that sums of them cancel."""
    s = _sign(d)
    if s is not None:
        return d if s >= 0 else 0
    for m, c in _poly(d).items():  # max(max(a, 0) - k, 0) is max(a - k, 0) for k >= 0
        if c == 1 and len(m) == 1 and isinstance(m[0], DimCall) and m[0].name == "max":
            rest = sub(d, _dim({m: 1}))
            if _sign(rest) in (0, -1):
                return _excess(add(m[0].args[0], rest))
    return _call("max", d, 0)


def maximum(a: Dim, b: Dim) -> Dim:
    """The larger of two dims: ``b + max(a - b, 0)``, decided where names being sizes decides it."""
    if isinstance(a, int) or (not isinstance(b, int) and show(a) < show(b)):
        a, b = b, a
    return add(b, _excess(sub(a, b)))


def minimum(a: Dim, b: Dim) -> Dim:
    """The smaller of two dims: ``a - max(a - b, 0)``, so that ``min(n, 1) + max(n - 1, 0)`` is ``n``."""
    if isinstance(a, int) or (not isinstance(b, int) and show(a) < show(b)):
        a, b = b, a
    return sub(a, _excess(sub(a, b)))


def at_least(d: Dim, least: int) -> bool:
    """Is a dim known to be at least so large?"""
    s = _sign(sub(d, least))
    return s is not None and s >= 0


def floordiv(a: Dim, b: Dim) -> Dim:
    """``a // b``, exact where every coefficient of ``a`` is a multiple of an integer ``b``."""
    if isinstance(a, int) and isinstance(b, int) and b:
        return a // b
    if a == b:
        return 1
    if isinstance(b, int) and b and all(c % b == 0 for c in _poly(a).values()):
        return _dim({m: c // b for m, c in _poly(a).items()})
    return _call("floordiv", a, b)


def mod(a: Dim, b: Dim) -> Dim:
    """``a % b`` with the sign of ``b``, as in Python."""
    if isinstance(a, int) and isinstance(b, int) and b:
        return a % b
    if a == b or b == 1:
        return 0
    if isinstance(b, int) and b and all(c % b == 0 for c in _poly(a).values()):
        return 0
    return _call("mod", a, b)


_CALLS: Mapping[str, Callable[[int, int], int]] = {"max": max, "floordiv": lambda a, b: a // b,
                                                   "mod": lambda a, b: a % b}
_BUILD: Mapping[str, Callable[[Dim, Dim], Dim]] = {"max": maximum, "floordiv": floordiv, "mod": mod}


def evaluate(d: Dim, sizes: Mapping[str, int]) -> int:
    """The integer a dim stands for, given the sizes of its names; KeyError names the missing one."""
    if isinstance(d, int):
        return d
    if isinstance(d, str):
        return sizes[d]
    total = 0
    for m, c in d.terms:
        for a in m:
            c *= sizes[a] if isinstance(a, str) else _CALLS[a.name](evaluate(a.args[0], sizes),
                                                                   evaluate(a.args[1], sizes))
        total += c
    return total


def names(d: Dim) -> tuple[str, ...]:
    """The names in a dim, in order of first appearance."""
    if isinstance(d, int):
        return ()
    if isinstance(d, str):
        return (d,)
    out: dict[str, None] = {}
    for m, _ in d.terms:
        for a in m:
            out.update(dict.fromkeys((a,) if isinstance(a, str) else names(a.args[0]) + names(a.args[1])))
    return tuple(out)


def substitute(d: Dim, sizes: Mapping[str, Dim]) -> Dim:
    """Replace names by dims."""
    if isinstance(d, int):
        return d
    if isinstance(d, str):
        return sizes.get(d, d)
    total: Dim = 0
    for m, c in d.terms:
        x: Dim = c
        for a in m:
            x = mul(x, sizes.get(a, a) if isinstance(a, str)
                    else _BUILD[a.name](substitute(a.args[0], sizes), substitute(a.args[1], sizes)))
        total = add(total, x)
    return total


@lru_cache(4096)
def show(d: Dim, fn: Callable[[str, str, str], str] | None = None) -> str:
    """A dim as text, ``n - 1``; ``fn(name, a, b)`` may print calls for another language."""
    if isinstance(d, (int, str)):
        return str(d)
    fn = fn or (lambda name, a, b: f"{name}({a}, {b})")
    out = ""
    for m, c in d.terms:
        parts = [a if isinstance(a, str) else fn(a.name, show(a.args[0], fn), show(a.args[1], fn)) for a in m]
        if abs(c) != 1 or not parts:
            parts.insert(0, str(abs(c)))
        text = "*".join(parts)
        out += (f" {'-' if c < 0 else '+'} {text}" if out else f"{'-' if c < 0 else ''}{text}")
    return out
