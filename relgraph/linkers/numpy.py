"""NumPy, op by op: the meaning that every other linker is tested against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import AxisError, InputError, LinkError, ShapeError
from ..terms.evaluate import bind_sizes, compute, concrete
from ..terms.term import ATTRIBUTE, CONST, INPUT, Term, _short, _where, toposort
from ..terms.type import ATTR

__all__ = ["Executable", "available", "link", "missing"]


def available() -> bool:
    """NumPy is always there."""
    return True


def missing(outputs: Sequence[Term]) -> list[str]:
    """The ops below the outputs without a NumPy meaning."""
    return sorted({t.op.name for t in toposort(*outputs)
                   if t.op.numpy is None and t.op is not INPUT and t.op is not CONST and t.op is not ATTRIBUTE})


class Executable:
    """Terms in the order they are computed; a value is dropped after its last use."""

    program = None
    source = None
    name = "numpy"

    def __init__(self, inputs: Sequence[Term], outputs: Sequence[Term]) -> None:
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        order = toposort(*outputs)
        known = set(self._inputs)
        for t in order:
            if t.op is INPUT and t not in known:
                raise LinkError(f"{t.data}: {t.type!r} is used but is no input of the function; add it to the inputs")
        at = {t: i for i, t in enumerate([*self._inputs, *[t for t in order if t not in known]])}
        self._count = len(at)
        self._captured = [(i, t.data) for t, i in at.items() if t.op is CONST]
        self._attributes = [(i, t.data) for t, i in at.items() if t.op is ATTRIBUTE]
        steps = [t for t in order if t.args]
        last: dict[Term, int] = {}
        for k, t in enumerate(steps):
            for a in t.args:
                last[a] = k
        kept = {*self._outputs, *self._inputs}
        self._steps = []
        for k, t in enumerate(steps):
            n = len(t.args) - len(t.op.attrs)
            dead = [at[a] for a in dict.fromkeys(t.args) if last[a] == k and a.type is not ATTR and a not in kept]
            self._steps.append((t, at[t], [at[a] for a in t.args[:n]], [at[a] for a in t.args[n:]],
                                [a.type for a in t.args[:n]], dead))
        self._results = [at[t] for t in self._outputs]

    def __call__(self, *arrays: Any) -> tuple[np.ndarray[Any, Any], ...]:
        if len(arrays) != len(self._inputs):
            raise InputError(f"numpy: takes {len(self._inputs)} arrays, got {len(arrays)}")
        given = [np.asarray(a, t.type.dtype) for a, t in zip(arrays, self._inputs, strict=True)]
        sizes = bind_sizes(self._inputs, given)
        known: list[Any] = [*given, *[None] * (self._count - len(given))]
        for i, data in self._captured:
            known[i] = data
        for i, data in self._attributes:
            known[i] = concrete(data, sizes)
        for t, i, operands, attributes, types, dead in self._steps:
            values = [known[k] for k in operands]
            try:
                known[i] = compute(t.op, t.type, values, [known[k] for k in attributes], types)
            except np.linalg.LinAlgError:
                raise
            except (ValueError, IndexError, TypeError) as e:
                raise _placed(t, values, e) from e
            for k in dead:
                known[k] = None
        return tuple(_fresh([known[i] for i in self._results], given))

    def __reduce__(self) -> Any:
        return Executable, (self._inputs, self._outputs)

    def __repr__(self) -> str:
        return f"<NumPy: {len(self._steps)} steps>"


def _placed(t: Term, values: Sequence[Any], e: Exception) -> Exception:
    shapes = ", ".join(str(np.shape(v)) for v in values)
    at = _where(t.origin)
    kind = AxisError if isinstance(e, IndexError) else ShapeError
    return kind(f"{t.op.name}: {e}; operands have shapes {shapes}, in {_short(t)}: {t.type!r}{f' at {at}' if at else ''}")


def _fresh(results: list[Any], given: Sequence[Any]) -> list[Any]:
    """Results that share memory neither with arguments nor with each other."""
    out: list[Any] = []
    for r in results:
        shared = not r.flags.writeable or r.base is not None or any(r is o for o in (*given, *out))
        out.append(r.copy() if shared or any(np.may_share_memory(r, o) for o in (*given, *out)) else r)
    return out


def link(inputs: Sequence[Term], outputs: Sequence[Term]) -> Executable:
    """An executable that runs NumPy functions one after the other."""
    return Executable(inputs, outputs)
