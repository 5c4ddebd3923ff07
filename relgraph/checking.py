"""What a function refuses before anything is compiled: inputs that are none, outputs that are no terms, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import MisuseError, RelgraphError
from .terms import dims
from .terms.elementwise import assume_
from .terms.operators import free_inputs
from .terms.term import INPUT, LVar, Term, _short, _where, as_term, toposort
from .terms.type import Type

__all__ = ["check_free", "check_sizes", "checked_inputs", "checked_output", "made"]


def checked_inputs(inputs: Any) -> tuple[Term, ...]:
    """Inputs of names of their own."""
    if isinstance(inputs, Term):
        raise MisuseError(f"function: inputs is the single term {_short(inputs)}; write function([{_short(inputs)}], ...)")
    if not isinstance(inputs, (list, tuple)):
        raise MisuseError(f"function: inputs is {inputs!r}, a list of inputs was expected; write function([x, y], ...)")
    names: dict[str, Term] = {}
    for t in inputs:
        if not isinstance(t, Term) or t.op is not INPUT:
            shown = f"{_short(t)}, a term of op {t.op.name}," if isinstance(t, Term) else repr(t)
            raise MisuseError(_assumed(t) or f"function: the input {shown} is no input; write rg.scalar, rg.vector, rg.matrix "
                              "or rg.tensor")
        if t.data in names:
            raise MisuseError(f"function: two inputs are called {t.data!r}: {made(names[t.data])} and {made(t)}; "
                              "give every input a name of its own")
        names[t.data] = t
    return tuple(inputs)


def _assumed(t: Any) -> str:
    """The message about an input of which something is assumed: the input itself is meant."""
    x, facts = t, []
    while isinstance(x, Term) and x.op is assume_:
        x, claimed = x.args
        facts = [f"{name}={value}" for name, value in (f if isinstance(f, tuple) else (f, True) for f in claimed.data)] + facts
    if not facts or x.op is not INPUT:
        return ""
    said = ", ".join(facts)
    return (f"function: the input {_short(t)} is a term about the input {made(x)}, with {said} assumed of it; keep that input "
            f"and pass it, as in v = rg.{_MAKERS.get(x.type.ndim, 'tensor')}({x.data!r}); p = rg.assume(v, {said}); "
            "rg.function([v], ... p ...)")


_MAKERS = {0: "scalar", 1: "vector", 2: "matrix"}


def check_sizes(inputs: Sequence[Term], roots: Sequence[Term]) -> None:
    """Every size that a term needs is the length of some input."""
    known = {d for t in inputs for d in t.type.shape if isinstance(d, str)}
    for t in [*inputs, *toposort(*roots)]:
        for d in t.type.shape if type(t.type) is Type else ():
            if type(d) is not int and d not in known and (free := [n for n in dims.names(d) if n not in known]) and not t.free:
                raise MisuseError(f"function: no input has an axis {free[0]!r}, which {made(t)} needs; "
                                  f"write rg.vector(name, {free[0]!r}) for an input that has it")


def checked_output(value: Any) -> Term:
    """An output as a term that has a value."""
    try:
        t = as_term(value)
    except RelgraphError as e:
        raise MisuseError(f"function: the output {value!r} is no term; outputs are terms, arrays and numbers, or lists, tuples "
                          "and dicts of them") from e
    if not t.ground or type(t.type) is not Type:
        free = [x for x in toposort(t) if isinstance(x, LVar)]
        why = (f"contains logic variables, {', '.join(map(_short, free))}: in a pattern each stands for any term; write "
               f"{_short(free[0])} = rg.vector({_short(free[0])!r}) for an input") if free else f"is {t.type!r}; take its parts"
        raise MisuseError(f"function: the output {_short(t)} {why}")
    return t


def check_free(inputs: Sequence[Term], roots: Sequence[Term]) -> None:
    """Every input that an output depends on is given."""
    names = {t.data: t for t in inputs}
    for t in free_inputs(*roots):
        same = names.get(t.data)
        if same is not t:
            hint = f"; the input given under this name is {made(same)}" if same is not None else ""
            raise MisuseError(f"function: the output depends on {made(t)}, which is not among the inputs "
                              f"{', '.join(names) or '(none)'}{hint}; add it to the inputs")


def made(t: Term) -> str:
    """A term, its type, and the user's line."""
    where = _where(t.origin)
    return f"{_short(t)}: {t.type!r}{f' made at {where}' if where else ''}"
