"""A relation: a named equation between two patterns with guards; and a rule, one direction of it, ready to match."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Never

from ..errors import MisuseError, TheoryError
from ..terms.keywords import advised
from ..terms.show import show
from ..terms.term import INPUT, LVar, Term, _where, lvar, toposort
from ..terms.type import ATTR
from .template import Template, template, variables
from .uses import LENGTHS, uses

__all__ = ["Direction", "Relation", "Rule", "attrs", "literals", "lvars"]

Direction = Literal["->", "<-"]


def text(t: Term) -> str:
    """A side as mathematics."""
    return str(show(t, types=False))


def _names(maker: str, given: str) -> list[str]:
    names = given.replace(",", " ").split() if isinstance(given, str) else []
    if not names:
        raise TheoryError(f"{maker}: {given!r} is no text with names; write x, y = {maker}('x y')")
    for n in names:
        if not n.isidentifier() or names.count(n) > 1:
            what = "stands twice" if n.isidentifier() else "is no name"
            raise TheoryError(f"{maker}: {n!r} {what} in {given!r}; write x, y = {maker}('x y')")
    return names


@advised(dtype="write lvars('n', kinds='f') for a kind of dtypes, and a guard where it is of one dtype only")
def lvars(names: str, kinds: str = "f") -> tuple[LVar, ...]:
    """Logic variables for terms, real floating unless ``kinds`` (NumPy's b i u f c) says more.

    >>> x, y = lvars("x y")
    """
    if not isinstance(kinds, str) or not kinds or not set(kinds) <= set("biufc"):
        raise TheoryError(f"lvars: kinds={kinds!r}; kinds are letters of b (bool), i, u (integers), f (real), c (complex), "
                          "as in lvars('n', kinds='iu'); what is of one dtype only is said by a guard")
    return tuple(lvar(n, "term", kinds) for n in _names("lvars", names))


@advised(kinds="a literal matches a constant at any dtype; say more by a guard, as integer(c)",
         dtype="a literal matches a constant at any dtype; say more by a guard, as integer(c)")
def literals(names: str) -> tuple[LVar, ...]:
    """Logic variables for constants, matched by value at any dtype: ``c, = literals("c")``."""
    return tuple(lvar(n, "literal", "biufc") for n in _names("literals", names))


@advised()
def attrs(names: str) -> tuple[LVar, ...]:
    """Logic variables for attributes (an axis, a dtype): ``axis, = attrs("axis")``."""
    return tuple(lvar(n, "attr", "") for n in _names("attrs", names))


@dataclass(frozen=True, eq=False)
class Relation:
    """A named equation: both sides are ordinary terms with logic variables; guards say where it is true."""

    name: str
    lhs: Term
    rhs: Term
    guards: tuple[Any, ...] = ()
    declared: str = "real"  # the safety class it must have at least: exact, real or domain
    kind: str = "equation"  # "folding": the one relation that computes, see folding.py
    dtypes: tuple[str, ...] = ()  # of its operands, all of one dtype, where it was narrowed by `Theory.at`; empty: any

    def __str__(self) -> str:
        if self.kind == "folding":
            return f"{self.name}: an op on constants = the constant that NumPy computes"
        guards = f"   if {' and '.join(map(str, self.guards))}" if self.guards else ""
        return f"{self.name}: {text(self.lhs)} = {text(self.rhs)}{guards}"

    __repr__ = __str__

    def directions(self, *unknown: Never) -> tuple[Direction, ...]:
        """The directions in which every variable of the result and of the guards becomes known."""
        if unknown:
            raise MisuseError(f"directions: takes no argument, found {unknown[0]!r}; write {unknown[0]!r} in "
                              f"{self.name}.directions() to ask for one")
        return self._directions

    @cached_property
    def _directions(self) -> tuple[Direction, ...]:
        if self.kind == "folding":
            return ("->",)
        left, right = set(variables(self.lhs)), set(variables(self.rhs))
        asked = set(variables(*[a for g in self.guards for a in g.args])) if self.guards else set[Any]()
        out: list[Direction] = []
        if right <= left and asked <= left and _can_be_matched(self.lhs):
            out.append("->")
        if left <= right and asked <= right and _can_be_matched(self.rhs):
            out.append("<-")
        return tuple(out)

    # -- in a notebook ------------------------------------------------------------------------------------------------------

    def check(self, *unknown: Never) -> Any:
        """The verdict on the equation; raises RefusedRelation if it is false, or weaker than declared."""
        if unknown:
            raise MisuseError(f"check: takes no argument, found {unknown[0]!r}; the class that a relation must have is "
                              f"declared with it, as in relation({self.name!r}, lhs, rhs, 'exact'), and found by "
                              f"{self.name}.check().safety('->')")
        from .verify import verdict
        return verdict(self)

    def __call__(self, t: Term, theory: Any = None) -> Term | None:
        """Try it: the term after one step at any position, root first; None if it does not apply.

        Guards are proved from what is assumed in the term, and by the clauses of ``theory`` if one is given.
        """
        from .display import tried
        return tried(self, t, theory)

    def latex(self) -> str:
        """The equation as LaTeX, with its conditions, without dollar signs."""
        from .display import relation_latex
        return relation_latex(self)

    def matcher(self, direction: Direction = "->") -> str:
        """The Python source of the matchers that are generated for a direction: one, and those of its twins."""
        from .display import matcher_text
        return matcher_text(self, direction)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        from .display import relation_html
        return relation_html(self)

    def reversed(self) -> Relation:
        """The same equation, written the other way round."""
        return Relation(self.name, self.rhs, self.lhs, self.guards, self.declared, self.kind, self.dtypes)


def _can_be_matched(side: Term) -> bool:
    """Not so a mere variable, what is computed, and a part made of numbers only, as c + d: of its instance c and d are lost."""
    if isinstance(side, LVar) or side.ground:
        return False
    numbers: dict[Term, bool] = {}
    for t in toposort(side):
        if t.op.kind == "attribute_function":
            return False
        numbers[t] = t.ground or (isinstance(t, LVar) and t.data[1] == "literal")
        if t.args and not t.ground and all(numbers[a] for a in t.args):
            return False
    return True


class Rule:
    """One direction of a relation in canonical form, with what the engine runs: its matcher and its right side.

    ``written`` are the variables in the order the author wrote them; ``variant`` is "inverse" for a twin, "flipped" for the
    other sign of a difference in a product; a rule that ``collects`` merges operands pair by pair: a wide node in one go.
    """

    direction: Direction
    lhs: Term
    rhs: Term
    variables: tuple[Term, ...]
    template: Template
    matcher: Any
    entry: Any  # what the index takes of it

    def __init__(self, name: str, direction: Direction, lhs: Term, rhs: Term, guards: tuple[Any, ...],
                 written: tuple[Term, ...], relation: Relation | None, variant: str = "") -> None:
        self.name, self.direction, self.guards, self.written = name, direction, guards, written
        self.relation, self.variant, self.collects = relation, variant, False
        self.dtypes: tuple[str, ...] = relation.dtypes if relation is not None else ()
        self.update(lhs, rhs)

    def update(self, lhs: Term, rhs: Term) -> None:
        """Give the rule other sides."""
        self.lhs, self.rhs = lhs, rhs
        self.variables = variables(lhs)
        self.template = template(rhs, self.variables)
        self.matcher = self.entry = None

    def __str__(self) -> str:
        guards = f"   if {' and '.join(map(str, self.guards))}" if self.guards else ""
        return f"{self.name}{f' ({self.variant})' if self.variant else ''}: {text(self.lhs)} -> {text(self.rhs)}{guards}"

    __repr__ = __str__


def _made_at(t: Term) -> str:
    where = _where(t.origin) if t.origin else ""
    return f" made at {where}" if where else ""


def check_no_inputs(name: str, equation: str, *parts: Term) -> None:
    """Refuse inputs where variables are meant."""
    for t in toposort(*parts):
        if t.op is INPUT:
            raise TheoryError(f"{name}: {t.data}: {t.type!r} is an input{_made_at(t)}, not a variable of the equation "
                              f"{equation}; write {t.data}, = lvars('{t.data}')")


def _check_uses(r: Relation) -> None:
    """Refuse an attribute variable that is used as two things, as axes and as a shape: no value is both."""
    found: dict[Term, str] = {}
    for a, name in uses(r.lhs, r.rhs, *[a for g in r.guards for a in g.args]):
        use = "size" if name in LENGTHS or name == "places" else name
        if isinstance(a, LVar) and found.setdefault(a, use) != use:
            raise TheoryError(f"{r.name}: {a.data[0]} is {found[a]!r} of one op and {use!r} of another in {r}; "
                              "write two variables: first, second = attrs('first second')")


def check_relation(r: Relation) -> None:
    """Refuse an equation that cannot be used: no direction left, inputs in place of variables, a guard about nothing."""
    if not isinstance(r.lhs, Term) or not isinstance(r.rhs, Term):
        raise TheoryError(f"{r.name}: both sides are terms, found {r.lhs!r} and {r.rhs!r}; write name=(lhs, rhs) or "
                          "name=(lhs, rhs, guard)")
    if r.lhs.type is ATTR or r.rhs.type is ATTR:
        raise TheoryError(f"{r.name}: a side is an attribute, not a term: {r}")
    known, asked = variables(r.lhs, r.rhs), variables(*[a for g in r.guards for a in g.args])
    check_no_inputs(r.name, str(r), r.lhs, r.rhs, *[a for g in r.guards for a in g.args])
    named: dict[Any, Any] = {}
    for v in (*known, *asked):
        if named.setdefault(v.data[0], v) is not v:
            raise TheoryError(f"{r.name}: two different variables are called {v.data[0]} in {r}; make both sides and the "
                              "guards of the same lvars(...), or rename one")
    _check_uses(r)
    for v in asked:
        if v not in known:
            raise TheoryError(f"{r.name}: a guard speaks of {v.data[0]}, which neither side has: {r}; write it about "
                              f"{', '.join(sorted(str(k.data[0]) for k in known)) or 'a variable of a side'}")
    if not r.directions():
        unknown = sorted(str(v.data[0]) for v in set(variables(r.rhs)) ^ set(variables(r.lhs)))
        raise TheoryError(f"{r.name}: no direction is left, {', '.join(unknown) or 'a side'} cannot be found from the other "
                          f"side in {r}; let both sides have the same variables, or compute one with an attribute function")
