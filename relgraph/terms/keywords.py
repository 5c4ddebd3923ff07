"""What is said of an argument that a function does not take: which one is meant, or what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar

from ..errors import MisuseError

__all__ = ["advised", "unexpected"]

F = TypeVar("F", bound=Callable[..., Any])

# Arguments of NumPy's or Python's functions of elements, which ops do not take.
OF_OPS = {"axis": "it is computed element by element, so leave the axis out", "base": "write rnp.log(x) / rnp.log(base)",
          "dtype": "write x.astype(dtype) of an operand or of the result", "out": "a term never changes, write y = f(x)",
          "where": "write rnp.where(condition, f(x), x)", "keepdims": "it is computed element by element"}


def unexpected(name: str, given: Iterable[str], takes: Iterable[str], instead: Mapping[str, str] | None = None) -> MisuseError:
    """The error about arguments of which the first is none of those that a function takes."""
    known = list(takes)
    wrong = next(k for k in given if k not in known)
    near = get_close_matches(wrong, known, 1)
    cure = (instead or {}).get(wrong) or (f"did you mean {near[0]}?" if near else "")
    all_ = f"{name} takes {', '.join(known)}" if known else f"{name} takes operands by position"
    return MisuseError(f"{name}: got an unexpected keyword argument {wrong!r}; {cure or all_}"
                       f"{f' {all_}' if cure.endswith('?') else ''}")


def advised(**instead: str) -> Callable[[F], F]:
    """A decorator: arguments by a name that the function does not have are refused with what to write."""
    def decorate(fn: F) -> F:
        code = fn.__code__
        takes = dict.fromkeys(code.co_varnames[:code.co_argcount + code.co_kwonlyargcount])

        @wraps(fn)
        def call(*args: Any, **named: Any) -> Any:
            if named and not named.keys() <= takes.keys():
                raise unexpected(fn.__name__, named, takes, instead)
            return fn(*args, **named)
        found: Any = call
        return found
    return decorate
