"""From what a user passes to arrays of the declared dtypes: converted without loss, or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import InputError
from .terms.term import Term

__all__ = ["converted", "positional"]


def positional(inputs: Sequence[Term], args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
    """Arguments in the order of the inputs."""
    names = [t.data for t in inputs]
    out: list[Any] = list(args)
    given = dict(zip(names, args, strict=False))
    for k in named:
        if k not in names:
            raise InputError(f"{k}: there is no such input; the inputs are {', '.join(names)}")
        if k in given:
            raise InputError(f"{k}: was given twice, by position and by name")
    for n in names[len(args):]:
        if n not in named:
            break
        out.append(named[n])
    return out


def converted(inputs: Sequence[Term], args: Sequence[Any]) -> list[np.ndarray[Any, Any]]:
    """An array per input; raises InputError naming the first argument that does not fit."""
    if len(args) != len(inputs):
        declared = ", ".join(f"{t.data}: {t.type!r}" for t in inputs)
        raise InputError(f"takes {len(inputs)} arguments ({declared}), got {len(args)}")
    return [_one(t, a) for t, a in zip(inputs, args, strict=True)]


def _one(t: Term, value: Any) -> np.ndarray[Any, Any]:
    want = t.type.dtype
    if isinstance(value, Term):
        raise InputError(f"{t.data}: expected an array for {t.type!r}, got the term {value!r}; compiled functions take values, "
                         "write rg.substitute to put a term in place of an input")
    try:
        a = value if type(value) is np.ndarray else np.asarray(value)
    except (ValueError, TypeError) as e:
        raise InputError(f"{t.data}: expected {t.type!r}, got {type(value).__name__}, which is no array: {e}") from None
    if a.dtype != want:
        a = _cast(t, a, want)
    if a.ndim != t.type.ndim:
        raise InputError(f"{t.data}: expected {t.type!r} with {t.type.ndim} axes, got {a.ndim}: shape {a.shape}")
    return a


def _cast(t: Term, a: np.ndarray[Any, Any], want: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """A conversion that keeps every value: to a wider dtype, between floats, or between integers if the values fit."""
    have = a.dtype
    if have.kind not in "biufc":
        raise InputError(f"{t.data}: expected {t.type!r}, got dtype {have}; convert the values to numbers first")
    if np.can_cast(have, want, "safe") or (have.kind in "fc" and have.kind == want.kind):
        return a.astype(want)
    if have.kind in "iu" and want.kind in "fc":
        return a.astype(want)
    if have.kind in "iu" and want.kind in "iu":
        info = np.iinfo(want)
        if a.size == 0 or (int(a.min()) >= info.min and int(a.max()) <= info.max):
            return a.astype(want)
        raise InputError(f"{t.data}: expected {t.type!r}, got {have.name} with values from {a.min()} to {a.max()}, "
                         f"which do not fit; declare the input as {have.name}")
    if have.kind == "f" and want.kind == "c":
        return a.astype(want)
    raise InputError(f"{t.data}: expected {t.type!r}, got {have.name}, which would lose values; "
                     f"write x.astype({want.name!r}) if that is meant, or declare the input as {have.name}")
