"""Terms to JAX functions: tracing a term, jitting it, and checking what cannot be checked while tracing."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...errors import AxisError, InputError, LinkError
from ...terms.evaluate import bind_sizes, concrete, resolve
from ...terms.term import ATTRIBUTE, CONST, INPUT, Term, _short, _where, rebuild, toposort
from ...terms.type import UNKNOWN, TupleType, Type
from . import checks

__all__ = ["Executable", "available", "link", "missing", "to_jax"]

LARGE = 256  # bytes from which a captured array is an argument: XLA would fold and copy a constant


def available() -> bool:
    """Is JAX installed?"""
    return importlib.util.find_spec("jax") is not None


def _jax() -> Any:
    try:
        return importlib.import_module("jax")
    except ImportError:
        raise LinkError("jax: is not installed; run pip install 'relgraph[jax]', or choose linker='c', 'numba' or 'numpy'") \
            from None


def _x64(jax: Any) -> AbstractContextManager[Any]:
    """64-bit arithmetic inside the block; the user's global flag stays as it is."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return importlib.import_module("jax.experimental").enable_x64()


def missing(outputs: Sequence[Term]) -> list[str]:
    """The names of the ops below the outputs that JAX has no lowering for."""
    return sorted({t.op.name for t in toposort(*outputs) if not _lowered(t) and t.op.definition is None})


def _lowered(t: Term) -> bool:
    return t.op.kind == "leaf" or "jax" in t.op.lower


def defined(outputs: Sequence[Term]) -> list[Term]:
    """The outputs with ops that have no lowering replaced by their definitions, until none is left."""
    roots = list(outputs)
    while not all(_lowered(t) for t in toposort(*roots)):
        lacking = missing(roots)
        if lacking:
            raise LinkError(f"jax: no lowering for {', '.join(lacking)}; give the rows a `lower` entry 'jax' or a "
                            "`definition`, or choose another linker")
        memo: dict[Term, Term] = {}
        for t in toposort(*roots):
            args = tuple([memo[a] for a in t.args])
            new = t if args == t.args else rebuild(t, args)
            memo[t] = new if _lowered(new) else new.op.definition(*new.args)  # type: ignore[misc]
        roots = [memo[r] for r in roots]
    return roots


def _checked_inputs(outputs: Sequence[Term], inputs: Sequence[Term]) -> None:
    known = set(inputs)
    for t in toposort(*outputs):
        if t.op is INPUT and t not in known:
            raise LinkError(f"jax: {_short(t)}: {t.type!r} is used but is no argument; arguments are "
                            f"{', '.join(map(_short, inputs)) or 'none'}")
        if t.op.kind == "leaf" and t.type is UNKNOWN:
            raise LinkError(f"jax: {_short(t)} stands in a pattern and has no value; substitute it first")


def trace(order: Sequence[Term], outputs: Sequence[Term], values: Mapping[Term, Any], sizes: Mapping[str, int]) -> list[Any]:
    """The outputs computed with JAX, given arrays or tracers for inputs and captured arrays."""
    jnp = importlib.import_module("jax.numpy")
    known = dict(values)
    for t in order:
        if t in known:
            continue
        if t.op is CONST:
            known[t] = jnp.asarray(t.data)
        elif t.op is ATTRIBUTE:
            known[t] = concrete(t.data, sizes)
        else:
            n = len(t.args) - len(t.op.attrs)
            operands = [known[a] for a in t.args[:n]]
            if t.op.operands is not None and type(t.type) in (Type, TupleType):
                first = t.type.items[0] if type(t.type) is TupleType else t.type
                wanted = t.op.operands(first.dtype, *[a.type.dtype for a in t.args[:n]])
                operands = [x.astype(d) for x, d in zip(operands, wanted, strict=True)]
            elif type(t.type) is TupleType:
                operands = [x.astype(t.type.items[0].dtype) for x in operands]
            checks.at(t)
            out = resolve(t.op.lower["jax"])(*operands, *[known[a] for a in t.args[n:]])
            if type(t.type) is TupleType:
                known[t] = tuple(x.astype(part.dtype) for x, part in zip(out, t.type.items, strict=True))
            else:
                known[t] = out.astype(t.type.dtype)
    return [known[t] for t in outputs]


def to_jax(outputs: Term | Sequence[Term], inputs: Sequence[Term]) -> Callable[..., Any]:
    """A pure function of the inputs that JAX can trace: give it to ``jax.jit``, ``vmap``, ``grad``, ``shard_map``.

    It takes one array per input and returns one per output (a single array for a single term).  An index out of range
    yields NaN there, since a traced function cannot raise; ``function(..., linker="jax")`` raises `IndexError`.

    >>> x = rg.vector("x")
    >>> f = to_jax(rnp.sum(rnp.exp(x)), [x])
    """
    jax = _jax()
    several = isinstance(outputs, (list, tuple))
    roots = defined(outputs if several else [outputs])  # type: ignore[list-item]
    inputs = list(inputs)
    _checked_inputs(roots, inputs)
    order = toposort(*roots)
    wide = next((t for t in order if type(t.type) is Type and t.type.dtype.name in ("float64", "complex128")), None)

    def traceable(*arrays: Any) -> Any:
        if len(arrays) != len(inputs):
            raise InputError(f"to_jax: takes {len(inputs)} arrays, got {len(arrays)}")
        if wide is not None and jax.dtypes.canonicalize_dtype(np.float64) != np.float64:
            raise LinkError(f"to_jax: {_short(wide)}: {wide.type!r} needs 64 bits and JAX is set to 32: call "
                            "jax.config.update('jax_enable_x64', True) first, or build the term of float32 inputs "
                            "(rg.set_default_float('float32'))")
        jnp = importlib.import_module("jax.numpy")
        values = [jnp.asarray(a, t.type.dtype) for a, t in zip(arrays, inputs, strict=True)]
        out = trace(order, roots, dict(zip(inputs, values, strict=True)), bind_sizes(inputs, values))
        return tuple(out) if several else out[0]
    return traceable


@dataclass(frozen=True, eq=False)
class Executable:
    """A jitted program: call it with an array per input, get a tuple of fresh arrays."""

    inputs: tuple[Term, ...]
    outputs: tuple[Term, ...]
    captured: tuple[Any, ...]
    jitted: Callable[..., Any]
    required: list[tuple[str, Term]]
    name: str = "jax"
    program: None = None
    _example: list[Any] = field(default_factory=list)

    def __call__(self, *arrays: Any) -> tuple[np.ndarray[Any, Any], ...]:
        if len(arrays) != len(self.inputs):
            raise InputError(f"jax: takes {len(self.inputs)} arrays, got {len(arrays)}")
        given = [np.asarray(a, t.type.dtype) for a, t in zip(arrays, self.inputs, strict=True)]
        jax = _jax()
        with _x64(jax):
            if not self._example:
                self._example.append([jax.ShapeDtypeStruct(a.shape, a.dtype) for a in given])
            outs, flags = self.jitted(given, self.captured)
            if flags and not all(map(bool, flags)):
                self._complain(flags)
            return tuple(np.array(o) for o in outs)

    def _complain(self, flags: Sequence[Any]) -> None:
        for holds, (message, node) in zip(flags, self.required, strict=True):
            if not holds:
                at = _where(node.origin)
                raise AxisError(f"{node.op.name}: {message}, in {_short(node)}: {node.type!r}{f' at {at}' if at else ''}")

    def __reduce__(self) -> Any:
        return link, (self.inputs, self.outputs)

    @property
    def source(self) -> str:
        """The jaxpr for the shapes of the first call, or for sizes of 3 where there was none."""
        jax = _jax()
        with _x64(jax):
            example = self._example[0] if self._example else [
                jax.ShapeDtypeStruct(tuple(d if isinstance(d, int) else 3 for d in t.type.shape), t.type.dtype)
                for t in self.inputs]
            return str(jax.make_jaxpr(lambda arrays: self.jitted(arrays, self.captured)[0])(example))


def link(inputs: Sequence[Term], outputs: Sequence[Term]) -> Executable:
    """A jitted function of NumPy arrays; JAX's global flags stay as they are."""
    jax = _jax()
    roots = defined(outputs)
    _checked_inputs(roots, inputs)
    order = toposort(*roots)
    large = [t for t in order if t.op is CONST and t.data.nbytes > LARGE]
    required: list[tuple[str, Term]] = []

    def program(arrays: Sequence[Any], captured: Sequence[Any]) -> Any:
        jnp = importlib.import_module("jax.numpy")
        arrays = [jnp.asarray(a) for a in arrays]
        values = dict(zip([*inputs, *large], [*arrays, *captured], strict=True))
        with checks.collecting() as found:
            out = trace(order, roots, values, bind_sizes(inputs, arrays))
        required[:] = [(message, node) for _, message, node in found]
        return tuple(out), tuple(holds for holds, _, _ in found)

    with _x64(jax):
        captured = tuple(jax.device_put(t.data) for t in large)
    return Executable(tuple(inputs), tuple(outputs), captured, jax.jit(program), required)
