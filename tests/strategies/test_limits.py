"""Budgets: what an endless strategy says, and what is left of one that was stopped."""

from __future__ import annotations

from typing import Any

import pytest
from small_rules import V, X, Y, chain_of, grow, never, sin_of_exp, swap, to_vector, x_to_y

import relgraph as rg
from relgraph.errors import BudgetError, Interrupted, TypeNotPreserved
from relgraph.strategies import (
    Fired,
    Outcome,
    all_,
    alltd,
    attempt,
    bottomup,
    choice,
    identity,
    innermost,
    limit,
    not_,
    outermost,
    repeat,
    run_strategy,
    seq,
    topdown,
    where,
)
from relgraph.terms.elementwise import exp, sin
from relgraph.terms.term import Term


def more(t: Term) -> Term | None:
    return exp(t)


def sines(n: int) -> Term:
    t = X
    for _ in range(n):
        t = sin(t)
    return t


# -- without a limit ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("strategy", [repeat(more), repeat(choice(swap, more)), repeat(alltd(grow)), outermost(swap)], ids=repr)
def test_an_endless_fixpoint_raises(strategy: Any) -> None:
    with pytest.raises(BudgetError, match=r"10\d00 steps on a term of \d nodes, and no end: fired last: (more|swap|grow).*"
                                          r"; write limit\(n, s\), or run_strategy\(s, term, budget=n\)"):
        strategy(X + Y)


@pytest.mark.parametrize("strategy", [topdown(attempt(grow)), innermost(grow), innermost(alltd(grow)),
                                      innermost(swap)], ids=repr)
def test_a_result_that_contains_its_origin_raises_at_once(strategy: Any) -> None:
    calls: list[Fired] = []
    with pytest.raises(BudgetError, match=r"never ends, since what becomes of .* contains .* again: fired last: (grow|swap)"):
        run_strategy(strategy, X + Y, on_event=calls.append)
    assert len(calls) <= 2


def test_the_budget_grows_with_the_term() -> None:
    def turned(t: Term) -> Term | None:
        return None if not t.args else exp(t.args[0]) if t.op is sin else sin(t.args[0])
    assert run_strategy(seq(*[topdown(attempt(turned)) for _ in range(99)]), chain_of(300)).steps == 99 * 300


def test_the_error_carries_what_was_reached() -> None:
    with pytest.raises(BudgetError) as e:
        run_strategy(repeat(more), X)
    outcome = e.value.outcome
    assert isinstance(outcome, Outcome) and outcome.stopped == "budget" and outcome.changed
    t, n = outcome.term, 0
    while t.args:
        t, n = t.args[0], n + 1
    assert t is X and n == outcome.steps and outcome.last == ("more",) * 8


# -- with one -----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("strategy", [repeat(alltd(grow)), topdown(attempt(grow)), innermost(grow), outermost(grow),
                                      topdown(alltd(grow)), innermost(alltd(grow)), outermost(alltd(grow))], ids=repr)
@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_limit_ends_quietly(strategy: Any, n: int) -> None:
    assert limit(n, strategy)(X) is sines(n)
    outcome = run_strategy(strategy, X, budget=n)
    assert (outcome.term, outcome.steps, outcome.stopped) == (sines(n), n, "budget")
    assert run_strategy(limit(n, strategy), X).stopped == "budget"


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    t = exp(exp(X))
    assert run_strategy(innermost(sin_of_exp), t, budget=2) == Outcome(
        sin(sin(X)), True, 2, "done", ("sin_of_exp", "sin_of_exp"))
    assert run_strategy(innermost(sin_of_exp), t, budget=1) == Outcome(sin_then(exp), True, 1, "budget", ("sin_of_exp",))


def sin_then(outer: Any) -> Term:
    return outer(sin(X))


def test_a_limit_holds_inside_it_only() -> None:
    f = seq(limit(1, innermost(sin_of_exp)), innermost(x_to_y))
    assert f(exp(exp(X))) is exp(sin(Y))
    each = bottomup(limit(1, attempt(sin_of_exp)))
    assert each(exp(exp(X))) is sin(sin(X))


def test_a_limit_around_a_limit() -> None:
    assert limit(3, repeat(limit(2, alltd(grow))))(X) is sines(3)
    with pytest.raises(BudgetError):
        repeat(limit(1, more))(X)
    long = run_strategy(limit(20_000, repeat(more)), X)  # said by the user: the default budget is no matter
    assert long.steps == 20_000


def test_a_limit_does_not_fail_what_does_not_fire() -> None:
    assert limit(1, topdown(choice(sin_of_exp, identity)))(exp(exp(X))) is sin(exp(X))
    assert run_strategy(topdown(attempt(never)), exp(X), budget=0).stopped == "done"


# -- what is told -------------------------------------------------------------------------------------------------------------

def test_events_in_order() -> None:
    told: list[Fired] = []
    outcome = run_strategy(seq(innermost(sin_of_exp), limit(4, attempt(all_(all_(x_to_y))))), exp(exp(X)), on_event=told.append)
    assert told == [Fired(sin_of_exp, exp(X), sin(X)), Fired(sin_of_exp, exp(sin(X)), sin(sin(X))), Fired(x_to_y, X, Y)]
    assert outcome == Outcome(sin(sin(Y)), True, 3, "done", ("sin_of_exp", "sin_of_exp", "x_to_y"))


def test_conditions_count() -> None:
    assert run_strategy(where(x_to_y), X) == Outcome(X, False, 1, "done", ("x_to_y",))
    assert run_strategy(not_(x_to_y), X) == Outcome(X, False, 1, "done", ("x_to_y",), applied=False)


def test_what_does_not_apply() -> None:
    assert run_strategy(never, X) == Outcome(X, False, 0, "done", (), applied=False)


def test_the_type_of_the_result() -> None:
    with pytest.raises(TypeNotPreserved, match=r"^to_vector: put v: float64\[3\] in the place of y: float64; a strategy keeps"):
        run_strategy(to_vector, Y)
    assert to_vector(Y) is V


# -- Ctrl-C -------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("at", range(8))
@pytest.mark.parametrize("around", [innermost, lambda r: bottomup(attempt(r)), lambda r: topdown(attempt(r)), outermost,
                                    lambda r: seq(limit(99, innermost(r)), topdown(attempt(x_to_y)))])
def test_an_interrupt_carries_what_was_reached(around: Any, at: int) -> None:
    """The same as a limit of so many steps gives."""
    t = exp(exp(X) + sin(exp(X))) + exp(exp(rg.scalar("z")))

    def strategy() -> tuple[Any, list[Term]]:
        calls: list[Term] = []

        def interrupted(u: Term) -> Term | None:
            calls.append(u)
            if len(calls) > at:
                raise KeyboardInterrupt
            return sin_of_exp(u)
        return around(interrupted), calls

    with pytest.raises(Interrupted) as e:
        run_strategy(strategy()[0], t)
    assert isinstance(e.value, KeyboardInterrupt)
    outcome = e.value.outcome
    assert outcome.stopped == "interrupted" and outcome.applied
    assert outcome.term is run_strategy(around(sin_of_exp), t, budget=outcome.steps).term
    with pytest.raises(KeyboardInterrupt):
        strategy()[0](t)
