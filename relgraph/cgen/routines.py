"""Calls of routines: operands as views of buffers, leading axes as loops."""

from __future__ import annotations

from ..terms import dims
from ..terms.dims import Dim
from ..terms.term import Term, _where
from ..terms.type import Type, parse_signature
from .ir import Call, Failure, View
from .layout import affine, has_call, index_names, linear, operands, split_affine, strides
from .storage import Storage
from .text import call_text

__all__ = ["reshaped", "routine_call"]


def routine_call(storage: Storage, t: Term, target: str, failures: list[Failure]) -> Call:
    """The call that computes a term; the failure it may return joins ``failures``."""
    left, right = parse_signature(t.op.signature)
    xs = operands(t)
    types = [t.type] if type(t.type) is Type else list(t.type.items)
    core: dict[str, Dim] = {}
    shapes = [x.type.shape for x in xs] + [y.shape for y in types]
    for names, shape in zip(left + right, shapes, strict=True):
        core.update((n, d) for n, d in zip(names, shape[len(shape) - len(names):], strict=True) if n not in core)
    batch = types[0].shape[:types[0].ndim - len(right[0])]
    results = []
    for k, y in enumerate(types):
        b = _part(storage, t, k, y)
        results.append(View(b, 0, y.shape, strides(y.shape)))
    attrs = tuple(a.data for a in t.args[len(xs):])
    at = _where(t.origin)
    failures.append(Failure("linalg", f"{t.op.name}: singular matrix{f', built at {at}' if at else ''}"))
    routine = t.op.lower[target]
    return Call(routine, xs[0].type.dtype, tuple(core.values()), tuple(_view(storage, x) for x in xs), tuple(results), attrs,
                batch, tuple(map(len, left + right)), call_text(t), len(failures))


def reshaped(storage: Storage, t: Term) -> set[int]:
    """The buffers that a routine reads in another shape, which is no view of an array of any strides."""
    found = (affine(x, lambda a: a in storage.buffer) for x in operands(t))
    return {storage.buffer[f[0]] for f in found if f is not None and any(map(has_call, f[1]))}


def _part(storage: Storage, t: Term, k: int, y: Type) -> int:
    if type(t.type) is Type:
        return storage.buffer[t]
    for p, b in storage.buffer.items():
        if p.op.kind == "projection" and operands(p)[0] is t and p.args[1].data == k:
            return b
    return storage.new("scratch", y.dtype, y.shape)


def _view(storage: Storage, x: Term) -> View:
    found = affine(x, lambda t: t in storage.buffer)
    if found is None:
        found = x, index_names(x.type.shape)
    base, at = found
    b = storage.buffer[base]
    position: Dim = 0
    if storage.buffers[b].strided:
        for k, i in enumerate(at):
            position = dims.add(position, dims.mul(i, f"%s{b}_{k}"))
    else:
        position = linear(base.type.shape, at)
    split = split_affine(position, index_names(x.type.shape))
    assert split is not None
    return View(b, split[0], x.type.shape, split[1])
