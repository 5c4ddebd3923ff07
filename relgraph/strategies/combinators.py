"""Strategies made of strategies: the vocabulary of Stratego, as frozen dataclasses that print as they were written.

A strategy is a callable ``Term -> Term | None``; None means "did not apply".  Names and meanings are those of Stratego
(Visser, Benaissa and Tolmach, ICFP 1998) where Python allows: ``seq(a, b)`` is ``a; b``, ``choice(a, b)`` is ``a <+ b``,
``identity`` is ``id``, ``attempt`` is ``try``, and ``all_``, ``not_`` end in an underscore.  ELEVATE's names are the same but
for ``try`` and its traversals (see traversals.py).

A strategy is a function of the term: what it answers is remembered while it runs.  The operands it visits are those that
hold values; attributes are not visited, the body of a `lam` is.  A term put in the place of another has the same type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ..errors import MisuseError, TypeNotPreserved
from ..terms.term import Op, Term, _short, rebuild
from ..terms.type import UNKNOWN
from .machine import AnyStrategy, Steps, Strategy, another_round, name_of

__all__ = ["all_", "all_operands", "attempt", "check_type", "choice", "congruence", "fail", "identity", "not_", "one",
           "one_operand", "operands", "repeat", "rule", "seq", "some", "where"]


@dataclass(frozen=True, repr=False)
class rule:
    """``rule(name, fn)(t) = fn(t)``: a function ``Term -> Term | None`` under a name of its own.

    >>> attempt(rule("sin is odd", lambda t: None))
    attempt(sin is odd)
    """

    name: str
    fn: Callable[[Term], Term | None]

    def __call__(self, t: Term) -> Term | None:
        return self.fn(t)

    def __repr__(self) -> str:
        return self.name


# -- one term ---------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, repr=False)
class seq(Strategy):
    """``seq(a, b)(t) = b(a(t))``: one after the other; None as soon as one does not apply."""

    parts: tuple[AnyStrategy, ...]

    def __init__(self, *parts: AnyStrategy) -> None:
        object.__setattr__(self, "parts", parts)

    def __repr__(self) -> str:
        return super().__repr__() if self.parts else "identity"

    def steps(self, t: Term) -> Steps:
        for s in self.parts:
            found = yield s, t
            if found is None:
                return None
            t = found
        return t


@dataclass(frozen=True, repr=False)
class choice(Strategy):
    """``choice(a, b)(t) = a(t) if a applies else b(t)``: the first that applies."""

    parts: tuple[AnyStrategy, ...]

    def __init__(self, *parts: AnyStrategy) -> None:
        object.__setattr__(self, "parts", parts)

    def __repr__(self) -> str:
        return super().__repr__() if self.parts else "fail"

    def steps(self, t: Term) -> Steps:
        for s in self.parts:
            found = yield s, t
            if found is not None:
                return found
        return None


identity = seq()  # always applies and changes nothing
fail = choice()  # never applies


@dataclass(frozen=True, repr=False)
class attempt(Strategy):
    """``attempt(s) = choice(s, identity)``: the term itself where s does not apply."""

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return t if found is None else found


@dataclass(frozen=True, repr=False)
class repeat(Strategy):
    """``repeat(s) = attempt(seq(s, repeat(s)))``: again and again, until s does not apply; always applies.

    It also ends when s applies and changes nothing, where Stratego's would go on for ever.
    """

    rounds: ClassVar[bool] = True
    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        while True:
            found = yield self.s, t
            if found is None or found is t or (yield another_round, t) is None:
                return t
            t = found


@dataclass(frozen=True, repr=False)
class where(Strategy):
    """``where(s)(t) = t if s applies``: a condition; what s makes of the term is thrown away."""

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return None if found is None else t


@dataclass(frozen=True, repr=False)
class not_(Strategy):
    """``not_(s)(t) = t if s does not apply``: the opposite condition."""

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        found = yield self.s, t
        return t if found is None else None


# -- operands ---------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, repr=False)
class all_(Strategy):
    """``all_(s)(f(a, b)) = f(s(a), s(b))``: to every operand; None if it does not apply to one of them."""

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        return all_operands(self, self.s, t)


@dataclass(frozen=True, repr=False)
class one(Strategy):
    """``one(s)(f(a, b)) = f(s(a), b) or f(a, s(b))``: to the first operand that it applies to; None if there is none.

    In ``a + a`` that is the left one only: an operand is a place, as in Stratego, though both are one object.
    """

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        return one_operand(self, self.s, t)


@dataclass(frozen=True, repr=False)
class some(Strategy):
    """``some(s)(f(a, b)) = f(attempt(s)(a), attempt(s)(b))``: to every operand it applies to; None if there is none."""

    s: AnyStrategy

    def steps(self, t: Term) -> Steps:
        made: dict[Term, Term] = {}
        applied = False
        for a in operands(t):
            if a not in made:
                b = yield self.s, a
                applied = applied or b is not None
                made[a] = a if b is None else b
        return _put(self, t, [made[a] for a in operands(t)]) if applied else None


@dataclass(frozen=True, repr=False)
class congruence(Strategy):
    """``congruence(f, a, b)(f(x, y)) = f(a(x), b(y))``: a strategy per operand of this op; None for any other op.

    Stratego writes it ``f(a, b)``.  The number of operands is part of the pattern.
    """

    op: Op
    parts: tuple[AnyStrategy, ...]

    def __init__(self, op: Op, *parts: AnyStrategy) -> None:
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "parts", parts)
        if not isinstance(op, Op):
            raise MisuseError(f"congruence: the first argument is the op, found {op!r}; write congruence(add, s, t)")
        if len(parts) != op.arity and not op.variadic:
            raise MisuseError(f"congruence: {op.name} has {op.arity} operands, found {len(parts)} strategies; "
                              "write identity for an operand that stays")

    def steps(self, t: Term) -> Steps:
        found = operands(t)
        if t.op is not self.op or len(found) != len(self.parts):
            return None
        made: list[Term] = []
        for s, a in zip(self.parts, found, strict=True):
            b = yield s, a
            if b is None:
                return None
            made.append(b)
        return _put(self, t, made)


# -- what traversals are made of ----------------------------------------------------------------------------------------------

def operands(t: Term) -> tuple[Term, ...]:
    """The operands that a strategy visits: all but the attributes."""
    n = len(t.op.attrs)
    return t.args[:-n] if n else t.args


def all_operands(by: Strategy, s: AnyStrategy, t: Term) -> Steps:
    """``all_(s)(t)`` on behalf of a strategy that an error will name; equal operands are visited once."""
    made: dict[Term, Term] = {}
    for a in operands(t):
        if a not in made:
            b = yield s, a
            if b is None:
                return None
            made[a] = b
    return _put(by, t, [made[a] for a in operands(t)])


def one_operand(by: Strategy, s: AnyStrategy, t: Term) -> Steps:
    """``one(s)(t)`` on behalf of a strategy that an error will name."""
    found = operands(t)
    for i, a in enumerate(found):
        b = yield s, a
        if b is not None:
            return _put(by, t, [*found[:i], b, *found[i + 1:]])
    return None


def _put(by: Strategy, t: Term, made: list[Term]) -> Term:
    """The term over these operands; itself if they are its own."""
    changed = False
    for i, b in enumerate(made):
        a = t.args[i]
        if b is not a:
            changed = True
            check_type(by, a, b, t)
    return rebuild(t, (*made, *t.args[len(made):])) if changed else t


def check_type(by: AnyStrategy, old: Term, new: Term, inside: Term | None = None) -> None:
    """Raise TypeNotPreserved unless ``new`` has the type of ``old``; a pattern whose type is not known is let through."""
    if new.type is old.type or new.type is UNKNOWN or old.type is UNKNOWN:
        return
    place = f" in {_short(inside)}" if inside is not None else ""
    raise TypeNotPreserved(f"{name_of(by)}: put {_short(new)}: {new.type!r} in the place of {_short(old)}: {old.type!r}"
                           f"{place}; a strategy keeps dtype and shape: add astype, broadcast_to or reshape to the rule")
