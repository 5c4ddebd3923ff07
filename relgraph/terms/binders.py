"""Terms that bind variables: `lam`, its application, and substitution that never captures.

A bound variable's number is 1 + the largest number bound inside the body (Axelsson and Claessen 2013), so a closed body
is one object at every depth, and terms equal up to the names of bound variables are one object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import MisuseError
from .term import BOUND, Op, Term, attr, bound_variable, fresh_name, input_term, make, toposort
from .type import LamType, Type

__all__ = ["apply_lam", "lam", "lam_", "substitute"]


def _infer(sizes: Any, body: Any, number: int, types: tuple[Any, ...]) -> LamType:
    return LamType((*types, body))


def _renumber(t: Term, args: tuple[Term, ...]) -> Term:
    """The binder over a new body: opened with placeholders by whoever changed the body, closed here."""
    return close_over(args[0], parameters(t))


class _Lam(Op):
    """`lam` takes its operands as made by `close_over`: body, number, and a type per parameter."""

    def __call__(self, *operands: Any) -> Term:
        raise MisuseError("lam: build a function term with lam(types, lambda x: body)")


lam_ = _Lam(name="lam", kind="binder", attrs=("number", "types"), infer=_infer, binder=_renumber, cost=0,
            doc="A function of bound variables.")


def close_over(body: Term, parameters: Sequence[Term]) -> Term:
    """The `lam` whose body is ``body`` with the parameters (inputs or bound variables) bound."""
    if any(p.op is BOUND for p in parameters):  # what else has these numbers must not be captured
        holes = _holes(parameters)
        body = substitute([body], dict(zip(parameters, holes, strict=True)))[0]
        parameters = holes
    number = _number(body, body.free, len(parameters))
    bound = [bound_variable(number + i, p.type) for i, p in enumerate(parameters)]
    inner = substitute([body], dict(zip(parameters, bound, strict=True)))[0]
    return make(lam_, (inner, attr(number), attr(tuple(p.type for p in parameters))))


def _number(body: Term, free: frozenset[int], k: int) -> int:
    """The number of the first of ``k`` parameters, ``free`` being the variables of the body that other binders bind."""
    number = body.bound + 1
    if not free.isdisjoint(range(number, number + k)):
        number = max(free) + 1  # renumbered when the binder of that variable is closed in turn
    return number


def _holes(parameters: Sequence[Term]) -> list[Term]:
    return [input_term(fresh_name("."), p.type) for p in parameters]


def lam(types: Sequence[Type], fn: Callable[..., Term]) -> Term:
    """The function term ``fn`` describes, for parameters of these types.

    >>> lam([Type("float64")], lambda x: x * x)
    lam(x1: x1*x1)  (float64) -> float64
    """
    inputs = [input_term(fresh_name("."), t) for t in types]
    return close_over(fn(*inputs), inputs)


def parameters(t: Term) -> tuple[Term, ...]:
    """The bound variables of a `lam`, as they stand in its body."""
    return tuple(bound_variable(t.args[1].data + i, type_) for i, type_ in enumerate(t.args[2].data))


def apply_lam(t: Term, *operands: Term) -> Term:
    """The body of a `lam` with its parameters replaced."""
    if t.op is not lam_:
        raise MisuseError(f"apply_lam: {t.op.name} is no lam")
    ps = parameters(t)
    if len(ps) != len(operands):
        raise MisuseError(f"apply_lam: takes {len(ps)} operands, got {len(operands)}")
    return substitute([t.args[0]], dict(zip(ps, operands, strict=True)))[0]


def substitute(roots: Sequence[Term], replacement: Mapping[Term, Term]) -> list[Term]:
    """Replace terms by terms in all roots at once, never capturing a variable.

    Iterates over terms; recurses once per nested binder only.
    """
    memo: dict[Term, Term] = dict(replacement)
    for t in toposort(*roots, into_binders=False):
        if t in memo:
            continue
        if t.op.binder is not None:
            memo[t] = _under(t, replacement)
        else:
            args = tuple([memo[a] for a in t.args])
            memo[t] = t if args == t.args else make(t.op, args, t.origin)
    return [memo[r] for r in roots]


def _under(t: Term, replacement: Mapping[Term, Term]) -> Term:
    """A binder with terms replaced in its body: as it stands if its number stays, else opened, replaced, closed again."""
    ps = parameters(t)
    own = {p.data for p in ps}
    inside = set(toposort(t.args[0]))
    meant = {k: v for k, v in replacement.items() if k in inside and k.free.isdisjoint(own)}
    if not meant:
        return t
    if all(v.free.isdisjoint(own) for v in meant.values()):
        body = substitute([t.args[0]], meant)[0]
        if _number(body, body.free - own, len(ps)) == t.args[1].data:
            return make(t.op, (body, *t.args[1:]), t.origin)
    holes = _holes(ps)
    return close_over(substitute([t.args[0]], {**meant, **dict(zip(ps, holes, strict=True))})[0], holes)
