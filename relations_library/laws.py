"""Laws of algebraic structures: functions from ops to theories, so that a law is written once and stated of many ops.

Each equation is made once: the same law of the same op is the same relation wherever it is stated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from relgraph import Op
from relgraph.numpy import conj, equal, less, less_equal, max, maximum, min, minimum, where
from relgraph.relations import Theory, attrs, lvars, theory
from relgraph.relations.attributes import drop_axes, union_axes
from relgraph.relations.predicates import all_of, same_dtype, same_shape, size_one
from relgraph.terms import rows

axis, first, second = attrs("axis first second")
p, = lvars("p", kinds="b")
Condition: TypeAlias = Callable[[Any], Any]  # what makes a guard of an operand: a predicate


def having(law: type) -> tuple[Op, ...]:
    """The ops whose rows state a law, in order of their names.

    >>> "sin" in [op.name for op in having(Odd)]
    True
    """
    return tuple(op for _, op in sorted(rows().items()) if op.law(law) is not None)


def of_each(law: Callable[..., Theory], *ops: Any, **options: Any) -> Theory:
    """One law of several ops, as one theory.

    >>> [r.name for r in of_each(odd, rnp.sin, rnp.tan)]
    ['sin_neg', 'tan_neg']
    """
    return theory(*[law(f, **options) for f in ops], name=law.__name__)


def _guards(holds: Condition | None, *operands: Any) -> tuple[Any, ...]:
    """The condition of each operand, as one guard; nothing without a condition."""
    return (tuple(g for v in operands for g in all_of(holds(v))),) if holds is not None else ()


def _name(op: Any) -> str:
    """The name of a row, or of the NumPy function that makes it."""
    return str(getattr(op, "name", None) or op.__name__).rstrip("_")


def _stated(*parts: Theory, precedence: str = "", equations: dict[str, Any]) -> Theory:
    """A theory whose relations are named by what they are stated of."""
    return theory(*parts, precedence=precedence, **equations)


def _extremum(op: Any) -> str:
    return {"maximum": "max", "minimum": "min"}.get(_name(op), _name(op))


# -- functions of one operand -----------------------------------------------------------------------------------------------

@cache
def odd(f: Op) -> Theory:
    """``f(-x) = -f(x)``; not of integers, of which the least has no negative."""
    x, = lvars("x", kinds="fc")
    return _stated(equations={f"{f.name}_neg": (f(-x), -f(x))})


@cache
def even(f: Op) -> Theory:
    """``f(-x) = f(x)``."""
    x, = lvars("x", kinds="ifc")
    return _stated(equations={f"{f.name}_neg": (f(-x), f(x))})


@cache
def idempotent(f: Op) -> Theory:
    """``f(f(x)) = f(x)``."""
    x, = lvars("x", kinds="biufc")
    return _stated(equations={f"{f.name}_{f.name}": (f(f(x)), f(x))})


@cache
def involution(f: Op, kinds: str = "biufc") -> Theory:
    """``f(f(x)) = x``."""
    x, = lvars("x", kinds=kinds)
    return _stated(equations={f"{f.name}_twice": (f(f(x)), x)})


@cache
def inverse_pair(f: Op, g: Op, within: Condition | None = None, kinds: str = "f") -> Theory:
    """``g(f(x)) = x``, where x has a property."""
    x, = lvars("x", kinds=kinds)
    return _stated(equations={f"{g.name}_{f.name}": (g(f(x)), x, *_guards(within, x))})


@cache
def real_on_reals(f: Op) -> Theory:
    """``f(conj(z)) = conj(f(z))``: of a function that is real on the real numbers (Schwarz)."""
    z, = lvars("z", kinds="c")
    return _stated(precedence=f"{f.name} > conj", equations={f"conj_{f.name}": (f(conj(z)), conj(f(z)))})


@cache
def increasing(f: Op, within: Condition | None = None) -> Theory:
    """``f(maximum(x, y)) = maximum(f(x), f(y))``, and of minima; f is computed once.

    ``within``: what f is defined for, where it is undefined below; a minimum is then undefined on both sides.
    """
    x, y = lvars("x y")
    return _stated(precedence=f"max > {f.name}, min > {f.name}", equations={
        f"maximum_{f.name}": (maximum(f(x), f(y)),  f(maximum(x, y)),   *_guards(within, x, y)),
        f"minimum_{f.name}": (minimum(f(x), f(y)),  f(minimum(x, y))),
        f"max_{f.name}":     (max(f(x), axis),      f(max(x, axis)),    *_guards(within, x)),
        f"min_{f.name}":     (min(f(x), axis),      f(min(x, axis)))})


@cache
def decreasing(f: Op, within: Condition | None = None) -> Theory:
    """``f(minimum(x, y)) = maximum(f(x), f(y))``, and of maxima."""
    x, y = lvars("x y")
    return _stated(precedence=f"maximum = minimum, max = min, max > {f.name}", equations={
        f"maximum_{f.name}": (maximum(f(x), f(y)),  f(minimum(x, y)),   *_guards(within, x, y)),
        f"minimum_{f.name}": (minimum(f(x), f(y)),  f(maximum(x, y)),   *_guards(within, x, y)),
        f"max_{f.name}":     (max(f(x), axis),      f(min(x, axis)),    *_guards(within, x)),
        f"min_{f.name}":     (min(f(x), axis),      f(max(x, axis)),    *_guards(within, x))})


@cache
def embeds_order(f: Op, within: Condition | None = None) -> Theory:
    """``f(x) < f(y)`` is ``x < y``, and so for ``<=`` and equality: f increases strictly.

    ``within``: what f is defined for, where it is undefined below; no comparison with such a y is true on either side.
    """
    x, y = lvars("x y")
    return _stated(equations={
        f"less_{f.name}":        (less(f(x), f(y)),         less(x, y),         *_guards(within, x)),
        f"less_equal_{f.name}":  (less_equal(f(x), f(y)),   less_equal(x, y),   *_guards(within, x)),
        f"equal_{f.name}":       (equal(f(x), f(y)),        equal(x, y),        *_guards(within, x))})


@cache
def through_where(f: Op, kinds: str = "fc") -> Theory:
    """``where(p, f(x), f(y)) = f(where(p, x, y))``."""
    x, y = lvars("x y", kinds=kinds)
    return _stated(equations={f"where_{f.name}": (where(p, f(x), f(y)), f(where(p, x, y)))})


@cache
def homomorphism(f: Op, source: Op, target: Op, kinds: str = "f", alike: bool = False) -> Theory:
    """``target(f(x), f(y)) = f(source(x, y))``; ``alike``: of operands of one dtype."""
    x, y = lvars("x y", kinds=kinds)
    guards = (same_dtype(x, y),) if alike else ()
    return _stated(equations={f"{f.name}_{source.name}": (target(f(x), f(y)), f(source(x, y)), *guards)})


# -- ops of two operands ------------------------------------------------------------------------------------------------------

@cache
def identity_element(op: Op, unit: Any, kinds: str) -> Theory:
    """``op(x, unit) = x``."""
    x, = lvars("x", kinds=kinds)
    return _stated(equations={f"{op.name}_unit": (op(x, unit), x)})


@cache
def annihilator(op: Op, zero: Any, kinds: str, within: Condition | None = None) -> Theory:
    """``op(x, zero) = zero``."""
    x, = lvars("x", kinds=kinds)
    return _stated(equations={f"{op.name}_zero": (op(x, zero), zero, *_guards(within, x))})


@cache
def nilpotent(op: Op, unit: Any, kinds: str) -> Theory:
    """``op(x, x) = unit`` and ``op(x, op(x, y)) = y``: each element is its own inverse."""
    x, y = lvars("x y", kinds=kinds)
    return _stated(equations={
        f"{op.name}_self":  (op(x, x),          unit),
        f"{op.name}_again": (op(x, op(x, y)),   y)})


@cache
def semilattice(op: Op, kinds: str) -> Theory:
    """``op(x, x) = x`` and ``op(x, op(x, y)) = op(x, y)``."""
    x, y = lvars("x y", kinds=kinds)
    n = _extremum(op)
    return _stated(equations={
        f"{n}_self":        (op(x, x),          x),
        f"{n}_{n}":         (op(x, op(x, y)),   op(x, y))})


@cache
def lattice(join: Op, meet: Op, kinds: str, within: Condition | None = None) -> Theory:
    """Two semilattices that absorb each other and distribute; ``within``: of what an operand may be forgotten."""
    x, y, z = lvars("x y z", kinds=kinds)
    j, m = _extremum(join), _extremum(meet)
    return _stated(semilattice(join, kinds), semilattice(meet, kinds), equations={
        f"{j}_absorbs":     (join(x, meet(x, y)),               x,                          *_guards(within, y)),
        f"{m}_absorbs":     (meet(x, join(x, y)),               x,                          *_guards(within, y)),
        f"{j}_common":      (join(meet(x, y), meet(x, z)),      meet(x, join(y, z))),
        f"{m}_common":      (meet(join(x, y), join(x, z)),      join(x, meet(y, z)))})


@cache
def complemented(join: Op, meet: Op, invert: Op, bottom: Any, top: Any, kinds: str) -> Theory:
    """What an element and its complement make, and an operand that is implied."""
    x, y = lvars("x y", kinds=kinds)
    j, m = _extremum(join), _extremum(meet)
    return _stated(equations={
        f"{m}_complement":  (meet(x, invert(x)),                bottom),
        f"{j}_complement":  (join(x, invert(x)),                top),
        f"{m}_implied":     (meet(x, join(invert(x), y)),       meet(x, y)),
        f"{j}_implied":     (join(x, meet(invert(x), y)),       join(x, y))})


@cache
def merged_choice(op: Op, kinds: str = "f") -> Theory:
    """``op(where(p, x, y), where(p, z, w)) = where(p, op(x, z), op(y, w))``: one choice for two."""
    x, y, z, w = lvars("x y z w", kinds=kinds)
    return _stated(precedence=f"{op.name} > where", equations={
        f"where_merge_{op.name}": (op(where(p, x, y), where(p, z, w)),  where(p, op(x, z), op(y, w)))})


@cache
def common_operand(op: Op, kinds: str = "f") -> Theory:
    """``where(p, op(x, y), op(x, z)) = op(x, where(p, y, z))``."""
    x, y, z = lvars("x y z", kinds=kinds)
    return _stated(equations={f"where_common_{op.name}": (where(p, op(x, y), op(x, z)), op(x, where(p, y, z)))})


@cache
def ring_modulo(add: Op, multiply: Op, remainder: Op, n: int) -> Theory:
    """Remainders of sums and products modulo n; a power of two, so that what wraps around wraps by a multiple of it."""
    i, j = lvars("i j", kinds="iu")
    return _stated(equations={
        f"mod_{n}_{add.name}": (remainder(add(remainder(i, n), j), n), remainder(add(i, j), n), same_dtype(i, j)),
        f"mod_{n}_{multiply.name}": (
            remainder(multiply(remainder(i, n), j), n), remainder(multiply(i, j), n), same_dtype(i, j))})


@cache
def shared_operand(f: Op, op: Op, *, alike: bool = False, kinds: str = "iu") -> Theory:
    """``op(f(x, z), f(y, z)) = f(op(x, y), z)``; ``alike`` where x and y must have one dtype, because f wraps."""
    x, y, z = lvars("x y z", kinds=kinds)
    return _stated(precedence=f"{op.name} > {f.name}", equations={
        f"{f.name}_{op.name}": (op(f(x, z), f(y, z)), f(op(x, y), z), *([same_dtype(x, y)] if alike else []))})


# -- reductions --------------------------------------------------------------------------------------------------------------

@cache
def chained(reduce: Any, kinds: str) -> Theory:
    """``reduce(reduce(x, first), second) = reduce(x, both)``."""
    x, = lvars("x", kinds=kinds)
    n = _name(reduce)
    name = f"{n}_of_{n}" if n in ("max", "min") else f"{n}_{n}"
    return _stated(equations={name: (reduce(reduce(x, first), second), reduce(x, union_axes(first, second)))})


@cache
def of_one(reduce: Any, kinds: str) -> Theory:
    """``reduce(x, axis) = x`` without the axes, where these have length one, or where there are none."""
    x, = lvars("x", kinds=kinds)
    return _stated(equations={f"{_name(reduce)}_of_one": (reduce(x, axis), drop_axes(x, axis), size_one(x, axis))})


@cache
def monoid_reduction(reduce: Any, op: Op, kinds: str) -> Theory:
    """``op(reduce(x, axis), reduce(y, axis)) = reduce(op(x, y), axis)``, for an associative and commutative op."""
    x, y = lvars("x y", kinds=kinds)
    n = _name(reduce)
    return _stated(equations={
        f"{n}_{op.name}": (op(reduce(x, axis), reduce(y, axis)), reduce(op(x, y), axis), same_shape(x, y))})


@cache
def leaves(reduce: Any, op: Op, kinds: str) -> Theory:
    """``reduce(op(y, x), axis) = op(y, reduce(x, axis))`` for a y that does not vary along the axes."""
    x, y = lvars("x y", kinds=kinds)
    return _stated(precedence=f"{_name(reduce)} > {op.name}", equations={
        f"{_name(reduce)}_{op.name}_out": (reduce(op(y, x), axis), op(drop_axes(y, axis), reduce(x, axis)), size_one(y, axis))})


@cache
def reduced_through(f: Op, source: Any, target: Any, kinds: str, within: Condition | None = None) -> Theory:
    """``target(f(x), axis) = f(source(x, axis))``: f of fewer elements."""
    x, = lvars("x", kinds=kinds)
    return _stated(precedence=f"{_name(target)} = {_name(source)}, {_name(target)} > {f.name}", equations={
        f"{_name(target)}_{f.name}": (target(f(x), axis), f(source(x, axis)), *_guards(within, x))})
