"""Patterns given values: `instantiate` rebuilds a pattern with typed terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import TheoryError
from ...terms.evaluate import resolve
from ...terms.term import ATTRIBUTE, CONST, LVAR, LVar, Term, attr, const, make, rebuild, toposort
from ...terms.type import ATTR, UNKNOWN

__all__ = ["FUNCTION", "instantiate", "is_weak"]

FUNCTION = "attribute_function"  # the kind of rows that map attributes to an attribute, by `definition` or by `numpy`


def is_weak(t: Term) -> bool:
    """Whether a term is a number of a pattern, which has no dtype of its own."""
    return t.op is CONST and t.type is UNKNOWN


def instantiate(pattern: Term, binding: Mapping[LVar, Term], dtype: Any = None) -> Term:
    """The pattern with its variables replaced by typed terms.

    Numbers take the dtype of their co-operands, as they do when a user writes them; a pattern that is nothing but a
    number takes ``dtype``.  Attribute functions are evaluated: a ``numpy`` column gets attribute values, and types of terms.

    >>> instantiate(1 + x, {x: rg.vector("v", dtype="float32")})
    1 + v  float32[v0]
    """
    done: dict[Term, Any] = {}  # of weak numbers: the number
    for t in toposort(pattern):
        if isinstance(t, LVar):
            if t not in binding:
                raise TheoryError(f"instantiate: no value for the logic variable {t.data[0]}")
            done[t] = binding[t]
        elif is_weak(t):
            done[t] = t.data
        elif not t.args:
            done[t] = t
        else:
            done[t] = _node(t, [done[a] for a in t.args])
    out = done[pattern]
    return out if isinstance(out, Term) else const(out, dtype)


def _node(t: Term, args: list[Any]) -> Term:
    """A node over new operands: `make` where they are terms, else the constructor, which gives numbers their dtype."""
    if t.op.kind == FUNCTION:
        return t.op.definition(*args) if t.op.definition else attr(resolve(t.op.numpy)(*[_value(a) for a in args]))
    if t.op.binder is not None:
        return rebuild(t, tuple(args))
    if all(isinstance(a, Term) for a in args) and not t.op.name == "conj":
        return make(t.op, tuple(args))
    return t.op(*args)


def _value(a: Any) -> Any:
    if not isinstance(a, Term):
        return a
    if a.op is ATTRIBUTE:
        return a.data
    if a.op is LVAR or a.type is ATTR:
        raise TheoryError(f"instantiate: the attribute {a.data!r} has no value")
    return a.type
