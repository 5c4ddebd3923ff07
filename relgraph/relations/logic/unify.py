"""Unification of terms and of Python objects that contain them: iterative, near-linear in distinct nodes, acyclic.

Compound terms found equal are merged (Huet 1976), so that no pair of shared nodes is visited twice.  What is ground is
compared by identity.  Numbers are equal only with their type and sign: a rewrite may not turn ``1`` into ``True``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...terms.binders import parameters, substitute
from ...terms.term import CONST, LVar, Term, fresh_name, input_term
from ...terms.type import UNKNOWN
from .atoms import same_atom, same_number
from .build import Args
from .stock import ConsError, ConsPair, ExpressionTuple, MaybeCons, car, cdr, dispatch_unify, run_stream
from .variables import admits, inside, is_var, meet, root, walk

__all__ = ["solve"]

Bindings = dict[Any, Any]


def solve(u: Any, v: Any, s: Mapping[Any, Any]) -> Bindings | None:
    """The bindings to add to ``s`` so that ``u`` and ``v`` are equal; None if there are none."""
    if u is v:
        return {}
    problem = _Problem(s)
    problem.todo.append((u, v))
    return problem.new if problem.solved() and not problem.cyclic() else None


class _Problem:
    """One unification: pairs still to be made equal, bindings found, classes of terms known to be equal."""

    __slots__ = ("keep", "new", "parent", "s", "seen", "todo")

    def __init__(self, s: Mapping[Any, Any]) -> None:
        self.s: Mapping[Any, Any] = s
        self.new: Bindings = {}
        self.parent: dict[Term, Term] = {}
        self.todo: list[tuple[Any, Any]] = []
        self.seen: set[tuple[int, int]] = set()
        self.keep: list[Any] = []  # what `seen` knows by id must live on

    def walk(self, x: Any) -> Any:
        while is_var(x):
            x = walk(x, self.new)
            if not is_var(x) or x not in self.s:
                return x
            x = self.s[x]
        return x

    def solved(self) -> bool:
        todo = self.todo
        while todo:
            u, v = todo.pop()
            if u is v:
                continue
            if type(u) is _Scope:
                if u.escapes(self.new):
                    return False
            elif not self.pair(u, v):
                return False
        return True

    def pair(self, u: Any, v: Any) -> bool:
        a, b = self.walk(u), self.walk(v)
        if a is b:
            return True
        var_a, var_b = is_var(a), is_var(b)
        # A kanren variable has no sort; where it stands as an operand it must still be what can stand there.
        if (not var_b and not admits(u, b)) or (not var_a and not admits(v, a)):
            return False
        if var_a and var_b:
            return self.alias(a, b)
        if var_a:
            return self.bind(a, b)
        if var_b:
            return self.bind(b, a)
        if isinstance(a, Term):
            return self.terms(a, b) if isinstance(b, Term) else self.term_and_other(a, b)
        return self.term_and_other(b, a) if isinstance(b, Term) else self.objects(a, b)

    # -- variables -----------------------------------------------------------------------------------------------------

    def alias(self, a: Any, b: Any) -> bool:
        if type(a) is not LVar or type(b) is not LVar:
            if type(a) is LVar:
                a, b = b, a
            if a != b:
                self.new[a] = b
            return True
        both = meet(a, b)
        if both is None:
            return False
        for x in (a, b):
            if x is not both:
                self.new[x] = both
        return True

    def bind(self, x: Any, value: Any) -> bool:
        if not admits(x, value):
            return False
        self.new[x] = value
        return True

    # -- terms ---------------------------------------------------------------------------------------------------------

    def find(self, t: Term) -> Term:
        parent = self.parent
        top = t
        while top in parent:
            top = parent[top]
        while t is not top:
            parent[t], t = top, parent[t]
        return top

    def terms(self, a: Term, b: Term) -> bool:
        a, b = self.find(a), self.find(b)
        if a is b:
            return True
        if a.op is CONST and b.op is CONST:
            return (a.type is UNKNOWN or b.type is UNKNOWN) and same_number(a, b)
        if a.ground and b.ground and a.type is not UNKNOWN and b.type is not UNKNOWN:
            return False
        if a.op is not b.op or len(a.args) != len(b.args) or not a.args:
            return False
        if a.op.binder is not None:
            return self.binders(a, b)
        if b.ground:
            self.parent[a] = b
        else:
            self.parent[b] = a
        self.todo.extend([p for p in zip(reversed(a.args), reversed(b.args), strict=True) if p[0] is not p[1]])
        return True

    def binders(self, a: Term, b: Term) -> bool:
        """Bodies are opened with the same new inputs, which no binding may mention afterwards."""
        if a.args[2] is not b.args[2]:
            return False
        ps, qs = parameters(a), parameters(b)
        holes = [input_term(fresh_name("."), p.type) for p in ps]
        body_a, = substitute([a.args[0]], dict(zip(ps, holes, strict=True)))
        body_b, = substitute([b.args[0]], dict(zip(qs, holes, strict=True)))
        self.todo += [(_Scope(holes, len(self.new)), None), (body_a, body_b)]
        return True

    def term_and_other(self, t: Term, other: Any) -> bool:
        if not t.args:
            return False
        if self.met(t, other):
            return True
        if isinstance(other, (ExpressionTuple, Args)):
            items: tuple[Any, ...] = tuple(other)
            return self.zip((t.op, *t.args), items)
        if issubclass(type(other), ConsPair):
            self.todo += [(Args(t.args), other.cdr), (t.op, other.car)]
            return True
        return False

    # -- other objects -------------------------------------------------------------------------------------------------

    def met(self, a: Any, b: Any) -> bool:
        """Whether this pair is being made equal already; from now on it is."""
        if (id(a), id(b)) in self.seen:
            return True
        self.seen.add((id(a), id(b)))
        self.keep.append((a, b))
        return False

    def zip(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
        if len(a) != len(b):
            return False
        self.todo.extend(zip(reversed(a), reversed(b), strict=True))
        return True

    def objects(self, a: Any, b: Any) -> bool:
        if self.met(a, b):
            return True
        if (isinstance(a, _TUPLES) and isinstance(b, _TUPLES)) or (isinstance(a, list) and isinstance(b, list)):
            return self.zip(tuple(a), tuple(b))
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and self.zip(tuple(a.values()), tuple(b[k] for k in a))
        if issubclass(type(a), ConsPair) or issubclass(type(b), ConsPair):
            return self.cells(a, b)
        if type(a) is slice and type(b) is slice:
            return self.zip(inside(a), inside(b))
        found = dispatch_unify.dispatch(type(a), type(b), dict)
        if found is _anything(dispatch_unify):
            return same_atom(a, b)
        before = {**self.s, **self.new}
        after = run_stream(found(a, b, before))
        if after is False:
            return False
        self.new.update((k, x) for k, x in after.items() if k not in before)
        return True

    def cells(self, a: Any, b: Any) -> bool:
        if any(isinstance(x, Iterator) or not issubclass(type(x), (ConsPair, MaybeCons)) for x in (a, b)):
            return False
        try:
            self.todo += [(cdr(a), cdr(b)), (car(a), car(b))]
        except ConsError:
            return False
        return True

    # -- occurs check --------------------------------------------------------------------------------------------------

    def cyclic(self) -> bool:
        """Whether a variable occurs in what it is bound to; a cycle must go through a new binding."""
        done: set[int] = set()
        path: set[int] = set()
        stack: list[tuple[Any, bool]] = [(x, False) for x in self.new]
        while stack:
            x, leaving = stack.pop()
            if leaving:
                path.discard(id(x))
                done.add(id(x))
                continue
            variable = is_var(x)
            if variable:
                x = root(x)
            if id(x) in done:
                continue
            if id(x) in path:
                return True
            below: tuple[Any, ...] = self.binding(x) if variable else inside(x)
            if not below:
                continue
            path.add(id(x))
            self.keep.append(below)
            stack.append((x, True))
            stack.extend((y, False) for y in below)
        return False

    def binding(self, x: Any) -> tuple[Any, ...]:
        if x in self.new:
            return (self.new[x],)
        return (self.s[x],) if x in self.s else ()


_TUPLES = (tuple, ExpressionTuple)


def _anything(dispatcher: Any) -> Any:
    """The rule for objects of unknown types."""
    return dispatcher.dispatch(object, object, dict)


class _Scope:
    """The end of two opened bodies: bindings made inside may not mention the bound variables."""

    __slots__ = ("before", "holes")

    def __init__(self, holes: list[Term], before: int) -> None:
        self.holes = set(holes)
        self.before = before

    def escapes(self, new: Bindings) -> bool:
        stack = list(new.values())[self.before:]
        seen: set[int] = set()
        while stack:
            x = stack.pop()
            if id(x) in seen:
                continue
            seen.add(id(x))
            if isinstance(x, Term):
                if x in self.holes:
                    return True
                stack.extend(x.args)
            else:
                stack.extend(inside(x))
        return False
