"""Patterns given values: `instantiate` rebuilds a pattern with typed terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ...errors import RelgraphError, TheoryError
from ...terms.evaluate import resolve
from ...terms.term import ATTRIBUTE, CONST, LVAR, LVar, Term, attr, const, infer, input_term, make, rebuild, toposort
from ...terms.type import ATTR, UNKNOWN, Type
from ..template import variables

__all__ = ["ERRORS", "FUNCTION", "Instances", "NoType", "instantiate", "is_weak"]

ERRORS = (RelgraphError, ValueError, IndexError, TypeError, AttributeError, ZeroDivisionError, OverflowError, StopIteration,
          RuntimeError)  # the last is what a generator makes of the one before
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


class NoType:
    """That a part of an instance has no type; why, it says when it is asked, since hardly anyone asks."""

    __slots__ = ("operands", "part", "text")

    def __init__(self, part: Term, operands: Sequence[Any] = (), text: str = "") -> None:
        self.part, self.operands, self.text = part, operands, text

    def __str__(self) -> str:
        if not self.text:
            try:
                _node(self.part, self.operands)
            except ERRORS as e:
                self.text = str(e).splitlines()[0] if str(e) else type(e).__name__
        return self.text


class _Steps(NamedTuple):
    """How an instance of a pattern comes about: its leaves are its first values, then it has one more for each node."""

    variables: list[tuple[int, LVar]]  # with the places at which their values stand
    numbers: list[Any]  # the leaves, of weak ones the number
    types: list[Any]  # of the leaves; attributes as terms
    nodes: list[tuple[Term, list[int]]]  # with the places of their operands
    by_types: bool  # whether types decide whether there is an instance


class Instances:
    """The instances of an equation's patterns: no part is built twice, and what has no type is found out once."""

    __slots__ = ("_inputs", "_known", "_steps", "_variables", "noted", "parts")

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}  # of a part and its operands: the node, or why there is none
        self._steps: dict[Term, _Steps] = {}
        self._inputs: dict[tuple[Any, ...], Term] = {}
        self._variables: dict[tuple[Term, ...], tuple[Term, ...]] = {}
        self.noted: dict[Term, Any] = {}  # what searches know of the sizes that a node assumes to be equal
        self.parts: dict[Any, Any] = {}  # what searches know of the parts of a side, by its variables and their dtypes

    def variables(self, *patterns: Term) -> tuple[Term, ...]:
        """The variables of patterns."""
        found = self._variables.get(patterns)
        if found is None:
            found = self._variables[patterns] = variables(*patterns)
        return found

    def input(self, v: LVar, dtype: Any, shape: tuple[int | str, ...]) -> Term:
        """The input that a variable stands for."""
        found = self._inputs.get((v, dtype, shape))
        if found is None:
            found = self._inputs[v, dtype, shape] = input_term(v.data[0], Type(dtype, shape))
        return found

    def typed(self, pattern: Term, binding: Mapping[LVar, Term], dtype: Any) -> Term | NoType:
        """The instance of a pattern as `instantiate` makes it, or why there is none."""
        out = self.built(pattern, binding)
        if type(out) is NoType:
            return out
        if not isinstance(out, Term):
            try:
                out = const(out, dtype)
            except ERRORS as e:
                return NoType(pattern, text=str(e).splitlines()[0] if str(e) else type(e).__name__)
        return out if type(out.type) is Type else NoType(pattern, text=f"it is {out.type!r}, no array")

    def built(self, pattern: Term, binding: Mapping[LVar, Term]) -> Any:
        """The same of a part, which may be several arrays, an attribute or a number."""
        steps = self._steps.get(pattern) or self._order(pattern)
        known, values = self._known, steps.numbers.copy()
        for i, v in steps.variables:
            a = binding.get(v)
            if a is None:
                return NoType(v, text=f"instantiate: no value for the logic variable {v.data[0]}")
            values[i] = a
        for t, places in steps.nodes:
            key = (t, *[values[i] for i in places])
            made = known.get(key)
            if made is None:
                made = known[key] = _made(t, key[1:])
            if type(made) is NoType:
                return made
            values.append(made)
        return values[-1]

    def typeless(self, pattern: Term, binding: Mapping[LVar, Term]) -> bool:
        """Whether a part has no type: found out by types alone, where these decide."""
        steps = self._steps.get(pattern) or self._order(pattern)
        if not steps.by_types:
            return type(self.built(pattern, binding)) is NoType
        values = steps.types.copy()  # types; attributes as terms
        for i, v in steps.variables:
            a = binding.get(v, v)
            values[i] = a if a.type is ATTR else a.type
        for t, places in steps.nodes:
            found = _type(t, tuple([values[i] for i in places]))
            if found is None:
                return True
            values.append(found)
        return False

    def _order(self, pattern: Term) -> _Steps:
        order = toposort(pattern)
        leaves, nodes = [t for t in order if not t.args], [t for t in order if t.args]
        at = {t: i for i, t in enumerate(leaves + nodes)}
        found = self._steps[pattern] = _Steps(
            [(at[t], t) for t in leaves if isinstance(t, LVar)], [t.data if is_weak(t) else t for t in leaves],
            [t if t.type is ATTR else t.type for t in leaves], [(t, [at[a] for a in t.args]) for t in nodes],
            not any(map(is_weak, leaves)) and all(map(_by_types, nodes)))
        return found


def _by_types(t: Term) -> bool:
    """Whether the type of a node depends on no more than the types of its operands, and on attributes."""
    return t.op.definition is None if t.op.kind == FUNCTION else t.op.binder is None


_KEPT = 100000
_types: dict[tuple[Any, ...], Any] = {}  # the types of ops by those of their operands; None: refused


def _type(t: Term, operands: tuple[Any, ...]) -> Any:
    """The type of a node, or the attribute that it is; None if it has none."""
    key = (t.op, *operands)
    found = _types.get(key, _types)
    if found is _types:
        try:
            if t.op.kind == FUNCTION:
                found = attr(resolve(t.op.numpy)(*[_value(a) if isinstance(a, Term) else a for a in operands]))
            else:
                found = infer(t.op, tuple([a if isinstance(a, Term) else _operand(a) for a in operands]))
        except ERRORS:
            found = None
        _known_type(key, found)
    return found


def _known_type(key: tuple[Any, ...], found: Any) -> None:
    if len(_types) >= _KEPT:
        _types.clear()
    _types[key] = found


@lru_cache(4096)
def _operand(type_: Any) -> Term:
    return input_term("operand", type_)


def _made(t: Term, args: tuple[Any, ...]) -> Any:
    """A node over new operands, or that it has no type."""
    types = (t.op, *[a.type if isinstance(a, Term) and a.type is not ATTR else a for a in args]) if _plain(t, args) else None
    if types is not None and _types.get(types, t) is None:
        return NoType(t, args)
    try:
        return _node(t, args) if types is None else make(t.op, args)
    except ERRORS:
        if types is not None:
            _known_type(types, None)
        return NoType(t, args)


def _plain(t: Term, args: Sequence[Any]) -> bool:
    """Whether a node over new operands is made of terms by its op alone, so that their types decide whether there is one."""
    if t.op.kind == FUNCTION or t.op.binder is not None or t.op.name == "conj":
        return False
    return all([isinstance(a, Term) for a in args])


def _node(t: Term, args: Sequence[Any]) -> Term:
    """A node over new operands: `make` where they are terms, else the constructor, which gives numbers their dtype."""
    if t.op.kind == FUNCTION:
        return t.op.definition(*args) if t.op.definition else attr(resolve(t.op.numpy)(*[_value(a) for a in args]))
    if t.op.binder is not None:
        return rebuild(t, tuple(args))
    return make(t.op, tuple(args)) if _plain(t, args) else t.op(*args)


def _value(a: Any) -> Any:
    if not isinstance(a, Term):
        return a
    if a.op is ATTRIBUTE:
        return a.data
    if a.op is LVAR or a.type is ATTR:
        raise TheoryError(f"instantiate: the attribute {a.data!r} has no value")
    return a.type
