"""A theory: a set of named relations as one value, with its interpreters: goal, matcher, verifier."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import MisuseError, TheoryError
from ..terms.term import Term, attr, toposort, weak
from .compiled_store import compiled_theory
from .engine import Compiled
from .equation import relation
from .facts import Clause, FactBase
from .forms import FORMS, bare, normal, unassumed
from .order import sort_key
from .precedence import check_names, joined
from .predicates import PREDICATES, Guard, Guards, Predicate
from .relation import Relation
from .safety import taken_at
from .verdicts import Verdicts

if TYPE_CHECKING:
    from .onestep import OneStep
    from .proofs import Proof

__all__ = ["Theory", "relation", "theory"]

_compiled: weakref.WeakValueDictionary[Any, Compiled] = weakref.WeakValueDictionary()


class Theory:
    """Named equations, and clauses about facts; made by `theory`, joined by ``+``, passed to strategies as a value.

    ``t(l, r)`` is a kanren goal: ``r`` is one step away from ``l``.  ``t.root(l, r)`` is the goal that l = r is an
    instance of one of the equations, with either side open.
    """

    def __init__(self, relations: Iterable[Relation], clauses: Iterable[Clause] = (), precedence: str = "",
                 name: str = "theory") -> None:
        self.relations = {r.name: r for r in relations}
        self.clauses = tuple(dict.fromkeys(clauses))
        self.precedence, self.name = precedence, name
        self._facts: FactBase | None = None
        self._mine: dict[Any, Any] = {}

    # -- as a collection ----------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Relation]:
        return iter(self.relations.values())

    def __len__(self) -> int:
        return len(self.relations)

    def equations(self) -> Iterator[Relation]:
        """The relations that state an equation: all but constant folding."""
        return (r for r in self if r.kind == "equation")

    def __getitem__(self, name: str) -> Relation:
        try:
            return self.relations[name]
        except KeyError:
            from difflib import get_close_matches
            near = get_close_matches(name, self.relations) or list(self.relations)[:5]
            raise TheoryError(f"{self.name}: has no relation {name!r}; did you mean {', '.join(near)}?") from None

    def __contains__(self, name: str) -> bool:
        return name in self.relations

    def __add__(self, other: Theory) -> Theory:
        """Both theories as one; the same name for two different equations is refused."""
        for r in other:
            mine = self.relations.get(r.name)
            if mine is not None and mine is not r:
                raise TheoryError(f"{self.name} + {other.name}: two relations are called {r.name}: {mine} and {r}")
        precedence = joined(self.precedence, other.precedence)
        return Theory({**self.relations, **other.relations}.values(), self.clauses + other.clauses, precedence,
                      f"{self.name} + {other.name}")

    def only(self, *names: str) -> Theory:
        """The relations of these names."""
        return self._with([self[n] for n in names])

    def without(self, *names: str) -> Theory:
        """All relations but these."""
        for n in names:
            self[n]
        return self._with([r for r in self if r.name not in names])

    def reversed(self) -> Theory:
        """The same equations, used from right to left; those that cannot be are left out."""
        return self._with([r.reversed() for r in self if "<-" in r.directions()])

    def at(self, level: str) -> Theory:
        """The relations that change no more than a level allows, by their verdicts: "exact" no bit, in the dtypes for which
        that was found; "real" only rounding and overflow on the way; "domain" also what is NaN or infinite.

        What clauses prove is true of real numbers: ``exp(x)`` is positive, and its float is 0 far out.  So at "exact" guards
        hold of what was assumed, of constants and of types alone.
        """
        if ("at", level) not in self._mine:
            found = taken_at(self, level)
            clauses = () if level == "exact" else self.clauses
            self._mine["at", level] = self if found == list(self) and clauses == self.clauses else Theory(
                found, clauses, self.precedence, self.name)
        return self._mine["at", level]

    def named(self, name: str) -> Theory:
        """The same theory under another name."""
        out = self._with(self)
        out.name = name
        return out

    def _with(self, relations: Iterable[Relation]) -> Theory:
        return Theory(relations, self.clauses, self.precedence, self.name)

    def __repr__(self) -> str:
        return f"Theory({self.name}: {len(self)} relations)"

    def __str__(self) -> str:
        return "\n".join(f"{'|'.join(r.directions()):5}  {r}" for r in self)

    def digest(self) -> str:
        """A hash of the equations, guards and clauses, in order."""
        if "digest" not in self._mine:
            text = "\n".join([*(f"{r.name}|{sort_key(r.lhs)}|{sort_key(r.rhs)}|{_guards(r.guards)}|{_functions(r)}|{r.dtypes}"
                                for r in self),
                              *(f"{_guards((c.head, *c.body))}" for c in self.clauses)])
            self._mine["digest"] = hashlib.sha256(text.encode()).hexdigest()
        return self._mine["digest"]

    def _repr_html_(self) -> str:
        from .display import theory_html
        return theory_html(self)

    # -- as facts and rules ---------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> FactBase:
        """What the clauses prove."""
        if self._facts is None:
            self._facts = FactBase(self.clauses)
        return self._facts

    def compiled(self, form: str = "real") -> Compiled:
        """The rules, inter-reduced, with their matchers; equal theories share them.

        ``form`` is the normal form they work in: "real" (flat sums and products, constants folded), "exact" (keeps every
        bit: operands ordered, ``x - y = x + (-y)``), "plain" (terms as they are).
        """
        key = (self.digest(), form)
        found = self._mine.get(key) or _compiled.get(key)
        if found is None:
            found = compiled_theory(self, form, FORMS[form])
            _compiled[key] = found
        self._mine[key] = found
        return found

    def termination(self) -> dict[str, str]:
        """Why each rule makes terms smaller: by size, or by the declared precedence of ops; "" where nothing was found."""
        from .termination import argument
        return {f"{r.name}{' ' + r.variant if r.variant else ''}": argument(r, self.precedence)
                for r in self.compiled().rules}

    # -- as a goal ----------------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> OneStep:
        """``steps(t)``, ``steps(t, "<-")``: every term one step away from a ground term, root first."""
        if "steps" not in self._mine:
            from .onestep import OneStep
            self._mine["steps"] = OneStep(self.equations(), self.facts.holds, self.name)
        return self._mine["steps"]

    def __call__(self, l: Any, r: Any = None) -> Any:
        """The goal that ``r`` is one step away from ``l``, somewhere inside it."""
        if r is None:
            raise MisuseError(f"{self.name}: a theory is a relation of two terms, {l!r} is one; write {self.name}(l, r), as in "
                              f"run(0, q, {self.name}(t, q)), or rg.rewrite(t, {self.name}) for the normal form of a term")
        from .logic import rewrite_goal
        steps = self.steps
        return rewrite_goal(steps, lambda t: steps(t, "<-"), self._open(), l, r, bare, unassumed)

    def root(self, l: Any, r: Any) -> Any:
        """The goal that ``l = r`` is an instance of an equation; both sides may be open.

        Sums and products are unified as they are spelled, so with open sides it does not find every regrouping.
        """
        from .logic import rewrite_goal
        return rewrite_goal(None, None, self._open(), l, r)

    def fact(self, predicate: Any, *args: Any) -> Any:
        """The goal that a predicate holds of a term, as the clauses prove it: ``t.fact(positive, x)``; either may be open.

        An open predicate is each fact of the term; an open term is each pattern that the clauses speak of, not every term.
        """
        from .logic import fact_goal
        return fact_goal(self.facts, predicate, *args)

    def _open(self) -> Any:
        from .logic import open_rules
        if "open" not in self._mine:
            self._mine["open"] = open_rules([
                (r.lhs, r.rhs, tuple((lambda *args, g=g: self.facts.holds(g.predicate, args), g.args) for g in r.guards))
                for r in self.equations() if not _computes(r)])
        return self._mine["open"]

    # -- as a test ----------------------------------------------------------------------------------------------------------

    def check(self, *names: str) -> Verdicts[Any]:
        """Verify the relations numerically (all, or those named): a verdict each, by name; a false one is refused."""
        from .verify import checked  # brings the samplers with it, which nobody needs who only rewrites
        return Verdicts(checked(map(self.__getitem__, names) if names else self.equations()))

    def check_facts(self) -> Verdicts[Any]:
        """Try every clause in numbers, as `check` does equations: how often each was tried; a false one is refused."""
        from .verify import check_clause
        return Verdicts((str(c), check_clause(c)) for c in self.clauses)

    def why_fact(self, predicate: Predicate, term: Term, *numbers: Any) -> Proof:
        """The proof that a predicate holds of a term, or what is missing for one: see `Proof`."""
        from .proofs import proof
        others = [n if isinstance(n, Term) else attr(n) if isinstance(n, tuple) else weak(n) for n in numbers]
        return proof(self.facts, predicate, (normal(term), *others))


def _guards(guards: Iterable[Any]) -> str:
    return " ".join(f"{_named(g.predicate)}({','.join(map(sort_key, g.args))})" for g in guards)


def _named(predicate: Predicate) -> str:
    """A predicate by its name, if it is the one of that name; another one by itself."""
    return predicate.name if PREDICATES.get(predicate.name) is predicate else f"{predicate.name}@{id(predicate)}"


def _functions(r: Relation) -> str:
    """The attribute functions of a relation, whose names say little."""
    return " ".join(f"{t.op.definition.__module__}.{t.op.definition.__qualname__}" for t in toposort(r.lhs, r.rhs)
                    if t.op.kind == "attribute_function" and t.op.definition is not None)


def _computes(r: Relation) -> bool:
    return any(t.op.kind == "attribute_function" for side in (r.lhs, r.rhs) for t in toposort(side))


def theory(*parts: Theory | Relation | Clause | Iterable[Clause], precedence: str = "", name: str = "",
           **relations: Any) -> Theory:
    """A theory from equations ``name=(lhs, rhs)`` or ``name=(lhs, rhs, guard)``, clauses, relations and other theories.

    >>> x, = lvars("x")
    >>> stable = theory(log_one_plus=(log(1 + x), log1p(x)))

    Structure is checked at once; numbers when a relation is first used or by ``.check()``.  ``precedence`` names ops
    from the one to be removed to the simplest, ``"log > log1p > softplus, max = min"``: the termination argument for rules
    that do not shrink (see `Precedence`).  Raises TheoryError for a malformed equation.
    """
    made: dict[str, Relation] = {}
    clauses: list[Clause] = []
    precedences = [precedence]
    for part in parts:
        if isinstance(part, Theory):
            for r in part:
                if r.name in made and made[r.name] is not r:
                    raise TheoryError(f"theory: two relations are called {r.name}: {made[r.name]} and {r}")
                made[r.name] = r
            clauses += part.clauses
            precedences.append(part.precedence)
        elif isinstance(part, Relation):
            if made.setdefault(part.name, part) is not part:
                raise TheoryError(f"theory: two relations are called {part.name}: {made[part.name]} and {part}")
        elif isinstance(part, Clause):
            clauses.append(part)
        elif isinstance(part, (tuple, list)) and all(isinstance(c, Clause) for c in part):
            clauses += part
        else:
            raise TheoryError(f"theory: {part!r} is no theory, relation or clause; write name=(lhs, rhs) or clause(head, body)")
    for key, value in relations.items():
        if key in made:
            raise TheoryError(f"theory: a relation called {key} is there already: {made[key]}")
        if isinstance(value, (Theory, Relation, Clause)):
            raise TheoryError(f"theory: {key}={value!r} has a name already, or needs none; write it without one, as in "
                              "theory(known, more=(lhs, rhs))")
        if isinstance(value, (Guard, Guards)):
            raise TheoryError(f"theory: {key}={value!r} is no equation; a guard stands behind the sides of its equation, as in "
                              f"theory(log_mul=(lhs, rhs, {value!r}))")
        if not isinstance(value, tuple) or len(value) < 2:
            raise TheoryError(f"{key}: {value!r} is no equation; write {key}=(lhs, rhs) or {key}=(lhs, rhs, guard)")
        made[key] = relation(key, *value)
    check_names(precedence, made.values())
    return Theory(made.values(), clauses, joined(*precedences), name=name or "theory")

