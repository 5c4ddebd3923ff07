"""Terms made citizens of unification, etuples and cons, by their dispatch tables alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from ...terms.term import LVar, Op, Term
from . import stock
from .build import Args, TermTuple, apply_rands, etuplize_term, operands, rator, sequence
from .reify import reify_lvar, reify_term, reify_var
from .state import State, unify_in
from .unify import solve
from .variables import as_lvar, walk

__all__ = ["connect"]


def _unify_terms(u: Any, v: Any, s: Mapping[Any, Any]) -> Any:
    new = solve(u, v, s)
    if new is None:
        return False
    return {**s, **new} if new else s


@cache
def connect() -> None:
    """Register terms; done once, when the first name of the query front end is used."""
    stock.Var.register(LVar)
    stock.Var.__relgraph_term__ = as_lvar
    stock.NonCons.register(Term)  # pairs by dispatch only: `length_hint(term)` would be the length of an axis
    _register_unify()
    for kind, state, rule in [(Term, Mapping, reify_term), (LVar, Mapping, reify_lvar),
                              (LVar, stock.ConstrainedState, reify_lvar), (LVar, State, reify_lvar),
                              (stock.Var, State, reify_var), (Args, Mapping, partial(stock.reify_sequence, sequence))]:
        stock.dispatch_reify.add((kind, state), rule)
    for kind in (Term, LVar):
        stock.dispatch_car.add((kind,), rator)
        stock.dispatch_cdr.add((kind,), operands)
        stock.etuplize.add((kind,), etuplize_term)
    for kind in (Sequence, stock.ExpressionTuple):
        stock.apply.add((Op, kind), apply_rands)
    stock.etuplize_fn.add((Op,), lambda op: lambda *items, **kwargs: TermTuple(items, **kwargs))


def _register_unify() -> None:
    stock.unify.add((object, object, State), unify_in)
    rules = stock.dispatch_unify.funcs
    stock_variable = rules[stock.Var, object, Mapping]

    def variable(u: Any, v: Any, s: Mapping[Any, Any]) -> Any:
        """A kanren variable: stock's rule, unless a term is on a side (stock compares it with ``==``)."""
        if isinstance(walk(u, s), Term) or isinstance(walk(v, s), Term):
            return _unify_terms(u, v, s)
        return stock_variable(u, v, s)

    for pair in ((stock.Var, stock.Var), (stock.Var, object), (object, stock.Var)):
        stock.dispatch_unify.add((*pair, Mapping), variable)
    for kind in (Term, LVar):
        for other in (object, stock.Var, Term, LVar, stock.ExpressionTuple, stock.ConsPair, Args):
            stock.dispatch_unify.add((kind, other, Mapping), _unify_terms)
            stock.dispatch_unify.add((other, kind, Mapping), _unify_terms)
