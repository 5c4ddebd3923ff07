"""Terms as expressions: heads and operands put together again, operand lists that do so, and expression tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...errors import MisuseError, RelgraphError
from ...terms.term import CONST, Op, Term, make
from ...terms.type import UNKNOWN
from ..template import apply_op
from .stock import ConsError, ExpressionTuple, etuplize

__all__ = ["Args", "TermTuple", "application", "apply_rands", "etuplize_term", "is_weak", "join", "operands", "rator"]


def is_weak(t: Term) -> bool:
    """A number of a pattern, which has no type of its own."""
    return t.op is CONST and t.type is UNKNOWN


def application(op: Op, args: Sequence[Any]) -> Term:
    """An op applied to what stands for its operands: terms, numbers, arrays, attribute values."""
    terms = tuple([a for a in args if isinstance(a, Term)])
    n = len(args) - len(op.attrs)
    if len(terms) != len(args) or (n > 0 and all(map(is_weak, terms[:n]))):
        return op(*[a.data if isinstance(a, Term) and is_weak(a) else a for a in args])
    if n != op.arity and (not op.variadic or n < 1):
        raise MisuseError(f"{op.name}: takes {op.arity} operands and {op.attrs}, found {len(args)}")
    if op.binder is not None:
        return op.binder(make(op, terms), terms)
    return apply_op(op, terms, make)


def join(op: Any, args: Sequence[Any]) -> Any:
    """An op applied to operands, as a term; what cannot be a term (wrong types, an unknown op) stays an expression tuple."""
    if isinstance(op, Op):
        try:
            return application(op, args)
        except (RelgraphError, TypeError):
            pass
    return TermTuple((op, *args))


class Args(tuple[Any, ...]):
    """The operands of a term as ``cdr`` gives them: ``cons`` of an op and operands is the term, not a tuple."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return Args(found) if type(key) is slice else found

    def __add__(self, other: Any) -> Any:
        return sequence((*self, *other))


def sequence(items: Iterable[Any]) -> Any:
    """The term whose op and operands these are, or operands if no op stands first."""
    items = tuple(items)
    return join(items[0], items[1:]) if items and isinstance(items[0], Op) else Args(items)


def rator(t: Term) -> Op:
    """``car`` of a term; a leaf has none."""
    if not t.args:
        raise ConsError(f"{t.op.name}: a leaf is no pair")
    return t.op


def operands(t: Term) -> Args:
    """``cdr`` of a term; a leaf has none."""
    if not t.args:
        raise ConsError(f"{t.op.name}: a leaf is no pair")
    return Args(t.args)


def apply_rands(op: Op, args: Iterable[Any]) -> Term:
    """``apply`` for an op; that no such term exists is ``ConsError``, which kanren takes as failure."""
    try:
        return application(op, tuple(args))
    except (RelgraphError, TypeError) as e:
        raise ConsError(str(e)) from None


class TermTuple(ExpressionTuple):
    """An expression tuple with an op in front: evaluating it builds the term."""

    __slots__ = ()

    def _eval_apply_fn(self, op: Any) -> Callable[..., Any]:
        return (lambda *args: application(op, args)) if isinstance(op, Op) else op


def etuplize_term(x: Term, shallow: bool = False, return_bad_args: bool = False, convert_ConsPairs: bool = True,
                  rator_transform_fn: Callable[[Any], Any] = lambda x: x,
                  rands_transform_fn: Callable[[Any], Any] = lambda x: x) -> Any:
    """``etuplize`` for terms: what is shared in the term is shared in the tuples, and ``evaled_obj`` is the term."""
    if not x.args and not return_bad_args:
        raise TypeError(f"etuplize: the leaf {x!r} is no expression; with return_bad_args=True it is returned as it is")
    made: dict[Term, Any] = {}
    stack: list[Any] = [x]
    while stack:
        t = stack.pop()
        if type(t) is not tuple:
            if t in made:
                continue
            if not t.args:
                made[t] = t
                continue
            args = tuple([rands_transform_fn(a) for a in t.args])
            stack.append((t, args))
            if not shallow:
                stack.extend(a for a in args if isinstance(a, Term))
            continue
        t, args = t
        below = args if shallow else [made[a] if isinstance(a, Term) else
                                      etuplize(a, return_bad_args=True, convert_ConsPairs=False) for a in args]
        made[t] = TermTuple((rator_transform_fn(t.op), *below), evaled_obj=t)
    return made[x]
