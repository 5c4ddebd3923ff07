"""What terms are under a state: ground ones themselves at once, others rebuilt once per distinct node."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from ...terms.term import LVar, Term, rebuild
from .build import join
from .stock import SENTINEL, dispatch_reify, reify
from .variables import as_lvar, fresh, is_var, root, unbound, walk

__all__ = ["reify_lvar", "reify_term", "reify_var", "rename_apart"]


def reify_term(t: Term, s: Mapping[Any, Any]) -> Any:
    """``_reify`` of a term: the term itself if it is ground, whatever its size."""
    return t if t.ground else _instance(t, s)


def reify_var(x: Any, s: Mapping[Any, Any]) -> Generator[Any, Any, None]:
    """``_reify`` of a kanren variable, without hashing what it is bound to."""
    found = walk(x, s)
    yield found if is_var(found) else dispatch_reify(found, s)


def reify_lvar(x: LVar, s: Mapping[Any, Any]) -> Generator[Any, Any, None]:
    """``_reify`` of a logic variable of ours: a term again, as long as nothing else is known."""
    found = walk(x, s)
    yield _still_open(x, found) if is_var(found) else dispatch_reify(found, s)


def _still_open(x: LVar, found: Any) -> LVar:
    return x if found is root(x) else as_lvar(found, x.sort)


def _instance(t: Term, s: Mapping[Any, Any]) -> Generator[Any, Any, None]:
    value: dict[Term, Any] = {}
    bound_to: dict[Term, Term] = {}
    opened: set[Term] = set()
    order: list[Term] = []
    stack: list[Any] = [t]
    while stack:
        x = stack.pop()
        if type(x) is tuple:
            order.append(x[0])
        elif x in value or x in opened:
            continue
        elif type(x) is not LVar:
            opened.add(x)
            stack.append((x,))
            for a in reversed(x.args):
                if a.ground:
                    value[a] = a
                else:
                    stack.append(a)
        else:
            found = walk(x, s)
            if is_var(found):
                value[x] = _still_open(x, found)
                yield value[x]  # seen by `isground` and `unground_lvars`
            elif isinstance(found, Term) and not found.ground:
                opened.add(x)
                bound_to[x] = found
                stack += [(x,), found]
            else:
                inner = dispatch_reify(found, s)
                if isinstance(inner, Generator):
                    inner = yield inner
                value[x] = inner
    yield SENTINEL
    for x in order:
        value[x] = value[bound_to[x]] if x in bound_to else _rebuilt(x, [value[a] for a in x.args])
    yield value[t]


def _rebuilt(x: Term, args: list[Any]) -> Any:
    if all(a is b for a, b in zip(x.args, args, strict=True)):
        return x
    if x.op.binder is not None and all(isinstance(a, Term) for a in args):
        return rebuild(x, tuple(args))
    return join(x.op, args)


def rename_apart(objects: Any) -> Any:
    """Copies of terms (or of tuples of them and other objects) with fresh variables in place of theirs, alike in all."""
    renaming = {v: fresh(v) for v in unbound(objects, {})}
    return reify(objects, renaming)
