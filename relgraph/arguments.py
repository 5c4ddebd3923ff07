"""From what a user passes to arrays of the declared dtypes: converted without loss, or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import InputError
from .terms.term import Term, _short
from .terms.type import default_float

__all__ = ["converted", "positional"]


def positional(inputs: Sequence[Term], args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
    """Arguments in the order of the inputs."""
    names = [t.data for t in inputs]
    given: dict[str, Any] = dict(zip(names, args, strict=False))
    for k, v in named.items():
        if k not in names:
            raise InputError(f"{k}: there is no such input; the inputs are {_declared(inputs)}")
        if k in given:
            raise InputError(f"{k}: was given twice, by position and by name")
        given[k] = v
    lacking = [t for t in inputs if t.data not in given]
    if lacking and len(args) <= len(inputs):
        raise _missing(inputs, lacking)
    return [*[given[n] for n in names if n in given], *args[len(inputs):]]


def converted(inputs: Sequence[Term], args: Sequence[Any]) -> list[np.ndarray[Any, Any]]:
    """An array per input; raises InputError naming the first argument that does not fit."""
    if len(args) < len(inputs):
        raise _missing(inputs, inputs[len(args):])
    if len(args) > len(inputs):
        raise InputError(f"call: {len(args)} arguments for {len(inputs)} input{'s' * (len(inputs) != 1)}: {_declared(inputs)}")
    return [_one(t, a) for t, a in zip(inputs, args, strict=True)]


def _declared(inputs: Sequence[Term]) -> str:
    return ", ".join(f"{t.data}: {t.type!r}" for t in inputs) or "(none)"


def _missing(inputs: Sequence[Term], lacking: Sequence[Term]) -> InputError:
    return InputError(f"{lacking[0].data}: no value was given for {_declared(lacking)}; the inputs are {_declared(inputs)}")


def _one(t: Term, value: Any) -> np.ndarray[Any, Any]:
    want = t.type.dtype
    if type(value) is not np.ndarray:
        _refuse_what_is_no_value(t, value)
    try:
        a = value if type(value) is np.ndarray else np.asarray(value)
    except Exception as e:  # whatever an ``__array__`` method raises
        raise InputError(f"{t.data}: expected {t.type!r}, got {type(value).__name__}, which is no array: {e}") from e
    if a.dtype != want:
        a = _cast(t, a, value)
    if a.ndim != t.type.ndim:
        raise InputError(f"{t.data}: expected {t.type!r} with {_axes(t.type.ndim)}, got {_axes(a.ndim)}: shape {a.shape}; "
                         f"reshape it, or declare {_declaration(t, a.ndim)}")
    return a


def _axes(n: int) -> str:
    return f"{n} {'axis' if n == 1 else 'axes'}"


def _declaration(t: Term, ndim: int) -> str:
    kind = {0: "scalar", 1: "vector", 2: "matrix"}.get(ndim, "tensor")
    dtype = "" if t.type.dtype == default_float() else f", dtype={t.type.dtype.name!r}"
    return f"rg.{kind}({t.data!r}{f', ndim={ndim}' if ndim > 2 else ''}{dtype})"


def _refuse_what_is_no_value(t: Term, value: Any) -> None:
    found = value if isinstance(value, Term) else None
    if isinstance(value, (list, tuple)):
        found = next((v for v in value if isinstance(v, Term)), None)
    if found is not None:
        raise InputError(f"{t.data}: expected an array for {t.type!r}, got the term {_short(found)}: {found.type!r}; compiled "
                         "functions take values, write rg.substitute to put a term in place of an input")
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise InputError(f"{t.data}: expected {t.type!r}, got an array with masked elements; write {t.data}.filled(value)")


def _cast(t: Term, a: np.ndarray[Any, Any], value: Any) -> np.ndarray[Any, Any]:
    """A conversion that keeps every value, up to rounding of floats: wider, between floats, between integers that fit."""
    have, want = a.dtype, t.type.dtype
    if have.kind not in "biufc":
        kind = type(value).__name__ if type(value) is not np.ndarray else "array"
        raise InputError(f"{t.data}: expected {t.type!r}, got {kind} of dtype {have}; convert the values to numbers first")
    if not a.size or np.can_cast(have, want, "safe") or (have.kind + want.kind) in ("ff", "cc", "if", "uf", "ic", "uc", "fc"):
        try:
            with np.errstate(over="raise"):
                return a.astype(want)
        except FloatingPointError:
            raise _unfitting(t, a) from None
    if have.kind in "iu" and want.kind in "iu":
        info = np.iinfo(want)
        if int(a.min()) >= info.min and int(a.max()) <= info.max:
            return a.astype(want)
        raise _unfitting(t, a)
    raise InputError(f"{t.data}: expected {t.type!r}, got {have.name}, which would lose values; write "
                     f"{t.data}.astype({want.name!r}) if that is meant, or declare the input with dtype={have.name!r}")


def _unfitting(t: Term, a: np.ndarray[Any, Any]) -> InputError:
    span = f" from {a.min()} to {a.max()}" if a.dtype.kind in "iuf" else ""
    return InputError(f"{t.data}: expected {t.type!r}, got {a.dtype.name} with values{span} that do not fit; "
                      f"declare the input with dtype={a.dtype.name!r}")
