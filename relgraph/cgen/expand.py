"""Terms in the ops that loops and library routines exist for: the others are replaced by their definitions."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import LinkError
from ..terms.elementwise import astype_
from ..terms.term import LVAR, Op, Term, _where, attr, make, toposort
from ..terms.type import Type

__all__ = ["expand", "missing", "native"]


def native(op: Op, target: str) -> bool:
    """Whether a program for this target can contain the op."""
    if op.kind in ("elementwise", "identity", "call"):
        return target in op.lower
    if op.kind in ("access", "scatter"):
        return op.access is not None
    if op.kind == "reduction":
        return op.reduce is not None
    return op.kind == "projection" or (op.kind == "leaf" and op is not LVAR)


def missing(outputs: Sequence[Term], target: str) -> list[str]:
    """The names of the ops that have neither a lowering nor a definition, each with the line that built it."""
    found: dict[Op, Term] = {}
    seen: set[Term] = set()
    stack = list(outputs)
    while stack:
        for t in toposort(stack.pop()):
            if t in seen or t.op in found:
                continue
            seen.add(t)
            if not native(t.op, target):
                if t.op.definition is None:
                    found[t.op] = t
                else:
                    stack.append(t.op.definition(*t.args))
    lines = {op.name: _where(t.origin) for op, t in found.items()}
    return sorted(f"{name} (built at {at})" if at else name for name, at in lines.items())


def expand(outputs: Sequence[Term], target: str) -> list[Term]:
    """The outputs with every op native; identities are dropped, operands of routines get the dtype they compute in."""
    memo: dict[Term, Term] = {}
    stack: list[tuple[Term, Term | None]] = [(t, None) for t in reversed(outputs)]
    while stack:
        t, defined = stack.pop()
        if t in memo:
            continue
        if defined is not None:
            memo[t] = memo[defined]
            continue
        if not t.args:
            if not native(t.op, target):
                raise LinkError(f"{t.op.name}: {t!r} cannot be compiled; substitute it first")
            memo[t] = t
            continue
        open_ = [a for a in t.args if a not in memo]
        if open_:
            stack.append((t, None))
            stack.extend((a, None) for a in reversed(open_))
            continue
        args = tuple([memo[a] for a in t.args])
        new = t if args == t.args else make(t.op, args, t.origin)
        if t.op.kind == "identity":
            memo[t] = args[0]
        elif native(t.op, target):
            memo[t] = memo[new] = _cast_operands(new) if t.op.kind in ("call", "scatter") else new
        elif t.op.definition is not None:
            meaning = t.op.definition(*args)
            stack += [(t, meaning), (meaning, None)]
        else:
            raise LinkError(f"{t.op.name}: the row has no lowering for {target!r} and no definition"
                            f"{f', used at {_where(t.origin)}' if t.origin else ''}; add one, or use linker='numpy'")
    return [memo[t] for t in outputs]


def _cast_operands(t: Term) -> Term:
    n = len(t.args) - len(t.op.attrs)
    operands = t.args[:n]
    first = t.type if type(t.type) is Type else t.type.items[0]
    wanted = (first.dtype,) * n if t.op.operands is None else t.op.operands(first.dtype, *[a.type.dtype for a in operands])
    if all(a.type.dtype == d for a, d in zip(operands, wanted, strict=True)):
        return t
    cast = tuple(a if a.type.dtype == d else make(astype_, (a, attr(d)), a.origin)
                 for a, d in zip(operands, wanted, strict=True))
    return make(t.op, cast + t.args[n:], t.origin)
