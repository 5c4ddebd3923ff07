"""What would have to be claimed, and of which terms, so that goals could be proved: clauses read backwards."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ..terms.term import CONST, Term, toposort
from .clauses import Goal
from .facts import FactBase
from .predicates import OF_TYPES, PREDICATES, Predicate

__all__ = ["Claims", "claimed", "parts", "suppositions"]

Claims: TypeAlias = tuple[tuple[Term, str, Any], ...]  # of a term, a fact by name, and True or its number
_STATES, _CLAIMS, _EACH = 3000, 4, 6  # states that are looked at, claims worth writing, ways to meet one goal


def claimed(claims: Claims) -> dict[Term, dict[str, Any]]:
    """The facts that are claimed, by the terms they are claimed of."""
    out: dict[Term, dict[str, Any]] = {}
    for t, name, value in claims:
        out.setdefault(t, {})[name] = value
    return out


def suppositions(facts: FactBase, goals: Sequence[Goal], of: Collection[Term]) -> Iterator[Claims]:
    """Sets of claims about the terms ``of`` from which the goals follow by the clauses, those with the fewest claims first.

    What is yielded is a proposal: whether such claims can stand together, and do what is wanted, is for the caller to try.
    """
    each = [list(itertools.islice(_for_goal(facts, goal, of), _EACH)) for goal in goals]
    unions = [tuple(dict.fromkeys(itertools.chain(*ways))) for ways in itertools.product(*each)]
    yield from sorted({frozenset(claims): claims for claims in unions}.values(), key=len)


def _for_goal(facts: FactBase, goal: Goal, of: Collection[Term]) -> Iterator[Claims]:
    """The claims from which one goal follows, best first."""
    count = itertools.count()
    queue: list[tuple[int, int, int, tuple[Goal, ...], Claims]] = [(1, 0, next(count), (goal,), ())]
    seen: set[Any] = set()
    for _ in range(_STATES):
        if not queue:
            return
        _, steps, _, open_, claims = heapq.heappop(queue)
        if not open_:
            yield claims
            continue
        (predicate, args), *rest = open_
        for more, new in _ways(facts, predicate, args, of):
            left = tuple(dict.fromkeys([*more, *rest]))
            all_ = tuple(dict.fromkeys([*claims, *new]))
            key = frozenset(left), frozenset(all_)
            if key not in seen and len(all_) <= _CLAIMS:
                seen.add(key)
                depth = steps + bool(more)  # a claim costs no more than the goal it meets; a step through a clause costs one
                heapq.heappush(queue, (len(left) + len(all_) + depth, depth, next(count), left, all_))


def _ways(facts: FactBase, predicate: Predicate, args: tuple[Term, ...], of: Collection[Term]) -> Iterator[
        tuple[tuple[Goal, ...], Claims]]:
    """Each way to meet a goal: the goals that remain, and what is claimed for it."""
    if not all(a.ground for a in args):  # a number that nothing binds
        return
    if facts.holds(predicate, args):
        yield (), ()
        return
    if predicate.scope in OF_TYPES or args[0].op is CONST:
        return
    t, others = args[0], args[1:]
    if t in of and PREDICATES.get(predicate.name) is predicate and len(others) == predicate.numbers and (
            predicate.scope != "array" or predicate.name == "unique_indices") and all(a.op is CONST for a in others):
        numbers = tuple(a.data.item() if hasattr(a.data, "item") else a.data for a in others)
        yield (), ((t, predicate.name, True if not numbers else numbers[0] if len(numbers) == 1 else numbers),)
    for c, premises in facts.candidates(predicate, args):
        if premises and (c.head.predicate.tightest == "" or not c.head.args[1:] or _about(c, others, premises)):
            yield premises, ()


def _about(c: Any, others: Sequence[Term], premises: Sequence[Goal]) -> bool:
    """Do the premises of a clause about a number say what the question asks, and not what is best known?"""
    return all(p.scope in OF_TYPES or all(x in others for x in a[1:]) for p, a in premises)


def parts(values: Mapping[Term, Term]) -> dict[Term, None]:
    """The terms of which something can be claimed: what variables stand for first, then what that is made of."""
    return dict.fromkeys(t for t in (*values.values(), *reversed(toposort(*values.values()))) if t.op is not CONST and t.ground)
