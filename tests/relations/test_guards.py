"""Why guards are not the weakest: each guard of each relation that is listed has a reason, which is checked, or is needed."""

from __future__ import annotations

import pytest

from relgraph.errors import RefusedRelation, TheoryError
from relgraph.relations import Relation
from relgraph.relations.predicates import Guard
from relgraph.relations.verify import LEVELS, measure, verdict

from . import guards as reasons
from .checks import CHECKS, RELATIONS, without
from .guards import WEAKER_WOULD_DO


def needed(r: Relation, g: Guard) -> bool:
    """Without it the judge refuses the equation, or one direction of it is worse."""
    known = verdict(r)
    try:
        found = measure(r.name, r.lhs, r.rhs, without(r, g))
    except (RefusedRelation, TheoryError):
        return True
    back = "<-" in r.directions() and LEVELS.index(found.safety("<-")) > LEVELS.index(known.safety("<-"))
    return back or LEVELS.index(found.safety()) > LEVELS.index(r.declared) or (found.mark() == "worsens" != known.mark())


@pytest.mark.parametrize("name", WEAKER_WOULD_DO)
def test_each_guard_has_a_reason_that_holds(name: str) -> None:
    r, why = RELATIONS[name], [CHECKS[reason] for reason in WEAKER_WOULD_DO[name]]
    unexplained = [g for g in r.guards if not any(check(r, g) for check in why) and not needed(r, g)]
    assert not unexplained


@pytest.mark.parametrize("name", [n for n, r in RELATIONS.items() if r.guards and n not in WEAKER_WOULD_DO])
def test_each_other_guard_is_needed(name: str) -> None:
    """Without it the judge refuses the equation; whether a weaker one would do is asked of some by the audit."""
    assert not [g for g in RELATIONS[name].guards if not needed(RELATIONS[name], g)]


def test_every_reason_is_checked() -> None:
    stated = {v for n, v in vars(reasons).items() if n.isupper() and isinstance(v, str)}
    used = {reason for why in WEAKER_WOULD_DO.values() for reason in why}
    assert used == stated == set(CHECKS)


FALSE_OF = {  # a check that could not fail would say nothing
    reasons.FITS: "chain_left", reasons.OTHER_TYPE: "chain_left", reasons.TRUE_TOO: "index_diag",
    reasons.DIFFERS: "log_cumprod", reasons.SLOPE: "cancel", reasons.AGAIN: "log_ratio", reasons.COST: "softmax_parts",
    reasons.SIZES: "abs_take", reasons.MIXED: "less_either", reasons.EMPTY: "sum_spread", reasons.ERROR: "sum_spread",
    reasons.HALF: "abs_take", reasons.NARROW: "abs_take", reasons.OTHERS: "chain_left", reasons.TAKES: "exp_power",
    reasons.APART: "chain_left", reasons.RANGE: "exp_power", reasons.TWIN: "exp_power", reasons.SCALED: "sum_factor"}


@pytest.mark.parametrize("reason", CHECKS)
def test_a_reason_is_not_true_of_every_guard(reason: str) -> None:
    r = RELATIONS[FALSE_OF[reason]]
    assert not CHECKS[reason](r, r.guards[0])
