"""Logic variables, ours and kanren's: which objects they are, what they are bound to, and copies that are fresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...terms.term import CONST, LVar, Term, fresh_name, lvar
from ...terms.type import ATTR, Type
from .stock import ConsPair, ExpressionTuple, Var, declared, isvar

__all__ = ["admits", "as_lvar", "first_variable", "fresh", "inside", "is_var", "meet", "root", "walk"]

ANY_KIND = "biufc"
_MISSING: Any = object()


def is_var(x: Any) -> bool:
    """Whether an object is a logic variable, without hashing it (stock ``isvar`` hashes the whole of a tuple)."""
    t = type(x)
    return t is LVar or t is Var or issubclass(t, Var) or (bool(declared) and not isinstance(x, Term) and isvar(x))


def root(x: Any) -> Any:
    """The variable under which a state keeps ``x``: a kanren variable that became an operand is still that variable."""
    if type(x) is LVar and x.stands_for is not None:
        return x.stands_for
    return x


def walk(x: Any, s: Mapping[Any, Any]) -> Any:
    """What a variable is bound to in the end; an unbound one is its own `root`."""
    while is_var(x):
        x = root(x)
        found = s.get(x, _MISSING)
        if found is _MISSING:
            return x
        x = found
    return x


def as_lvar(v: Any, sort: str = "term") -> LVar:
    """The operand that a kanren variable is: converted twice it is one object."""
    if type(v) is LVar:
        return v
    v = Var(v.token)  # a variable that stock kanren decorates with its constraints is a copy
    return lvar(str(v.token), sort, ANY_KIND, v)


def fresh(x: Any) -> Any:
    """A variable of the same sort that occurs nowhere else."""
    if type(x) is LVar and x.stands_for is None:
        name, sort, kinds = x.data
        return lvar(fresh_name(name.partition("~")[0] + "~"), sort, kinds)
    return Var()


def admits(x: Any, value: Any) -> bool:
    """Whether the sort and the kinds of dtypes of a variable allow a value that is no variable."""
    if type(x) is not LVar:
        return True
    _, sort, kinds = x.data
    if not isinstance(value, Term):
        return sort == "term" or (sort == "literal" and isinstance(value, (bool, int, float, complex)))
    if sort == "attr" or value.type is ATTR:
        return sort == "attr" and value.type is ATTR
    if sort == "literal":
        return value.op is CONST
    return type(value.type) is not Type or value.type.dtype.kind in kinds


def meet(x: LVar, y: LVar) -> LVar | None:
    """The variable that admits what both admit: one of the two where possible; None if nothing is admitted."""
    (name, sort, kinds), (other, other_sort, other_kinds) = x.data, y.data
    if sort != other_sort:
        if "attr" in (sort, other_sort):
            return None
        sort = "literal"
    both = "".join(k for k in kinds if k in other_kinds)
    if not both and sort == "term":
        return None
    for v in (x, y):
        if v.sort == sort and (sort != "term" or set(v.data[2]) == set(both)):
            return v
    return lvar(f"{name}&{other}", sort, both)


def inside(x: Any) -> tuple[Any, ...]:
    """The parts of an object that may contain variables."""
    if isinstance(x, Term):
        return () if x.ground else x.args
    if isinstance(x, (tuple, list)):
        return tuple(x)
    if isinstance(x, dict):
        return tuple(x.values())
    t = type(x)
    if issubclass(t, ExpressionTuple):
        return x._tuple
    if issubclass(t, ConsPair):
        return x.car, x.cdr
    return (x.start, x.stop, x.step) if t is slice else ()


def unbound(objects: Any, s: Mapping[Any, Any]) -> Iterator[Any]:
    """The unbound variables in objects under a state, each once, from the left; iterative, linear in distinct parts."""
    seen: set[int] = set()
    stack = [objects]
    keep = []  # an id is an object's own only as long as the object lives
    while stack:
        x = stack.pop()
        if is_var(x):
            x = walk(x, s)
            if is_var(x):
                if id(x) not in seen:
                    seen.add(id(x))
                    yield x
                continue
        if id(x) in seen:
            continue
        below = inside(x)
        if below:
            seen.add(id(x))
            keep.append(x)
            stack.extend(reversed(below))


def first_variable(objects: Any, s: Mapping[Any, Any]) -> Any:
    """The leftmost unbound variable in objects under a state, or None."""
    return next(unbound(objects, s), None)
