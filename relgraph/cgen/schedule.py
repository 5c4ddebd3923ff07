"""From terms to a program: expand, choose roots, group them, write the loops, assign memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import LinkError
from ..terms import dims
from ..terms.term import INPUT, Term, toposort
from ..terms.type import Type
from .buffers import assign_slots
from .checks import read_sizes, trusted
from .expand import expand
from .groups import group
from .ir import Failure, Kernel, Let, Load, Program, Step, walk
from .nests import Nests
from .roots import Roots
from .routines import reshaped, routine_call
from .storage import Storage

__all__ = ["program"]


def program(inputs: Sequence[Term], outputs: Sequence[Term], target: str = "c", name: str = "program") -> Program:
    """The program that computes terms from inputs; the same terms give the same program."""
    failures: list[Failure] = []
    sizes, checks = read_sizes(inputs, failures)
    roots_of = expand(outputs, target)
    order = list(dict.fromkeys([*toposort(*outputs), *toposort(*roots_of)]))
    declared = set(inputs)
    for t in order:
        if t.op is INPUT and t not in declared:
            raise LinkError(f"{t.data}: {t.type!r} is used but is no input of the function; add it to the inputs")
    known = {n for n, _, _ in sizes}
    for t in order:
        for d in t.type.shape if type(t.type) is Type else ():
            for n in () if isinstance(d, int) else dims.names(d):
                if n not in known:
                    raise LinkError(f"the size {n} of {t!r} is read off no argument; make it an axis of an input")
    checks += trusted(order, failures)
    roots = Roots(roots_of)
    groups, item = group(roots, roots_of)
    storage = Storage(inputs, outputs, roots_of, roots, groups, item)
    nests = Nests(storage, failures)
    kernels = [None if g.items[0].term.op.kind == "call" else nests.kernel(g) for g in groups]
    copies = [nests.copy(position, t) for position, t in storage.copies]
    calls = [g.items[0].term for g in groups if g.items[0].term.op.kind == "call"]
    whole = {b for t in calls for b in reshaped(storage, t)}
    _mark_strided(storage, [k for k in (*kernels, *copies) if k is not None], whole)
    steps: list[Step] = [routine_call(storage, g.items[0].term, target, failures) if k is None else k
                         for g, k in zip(groups, kernels, strict=True)]
    steps += copies
    buffers, slots = assign_slots(storage.buffers, steps)
    return Program(name, tuple(t.type for t in inputs), tuple(t.type for t in outputs), sizes, tuple(checks),
                   tuple(failures), tuple(storage.constants), buffers, slots, tuple(steps))


def _mark_strided(storage: Storage, kernels: Sequence[Kernel], whole: set[int]) -> None:
    """Arguments that only routines read are taken with any strides, but for those read in another shape."""
    loaded = {s.value.buffer for k in kernels for s in walk(k.body) if isinstance(s, Let) and isinstance(s.value, Load)}
    for i in range(len(storage.inputs)):
        if i not in loaded and i not in whole:
            storage.buffers[i] = replace(storage.buffers[i], strided=True)
