"""The order of rules: shuffled, they reach the same normal forms, or critical pairs of lint name the two rules that part.

Tried on the expressions of the spelling tests, on the models of the examples, on random expressions, and on every left side
of the default pipeline, alone and inside sums and products.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

import relgraph as rg
from relations_library.pipelines import everything
from relgraph.relations import Theory
from relgraph.relations.algebra import algebra
from relgraph.relations.lint.coverage import own_instances
from relgraph.relations.lint.instances import ground
from relgraph.relations.lint.pairs import peaks
from relgraph.relations.steps import Recorder, Step
from relgraph.relations.theory import Compiled
from relgraph.strategies import normalize
from relgraph.terms.term import Term

from .expressions import ARITHMETIC, FLOATS, SMOOTH, expression
from .test_lint import corpus
from .test_spellings import CASES

ORDERS = 3


@cache
def shuffled(seed: int) -> Theory:
    relations = list(everything)
    random.Random(seed).shuffle(relations)
    return Theory(relations, everything.clauses, name=f"shuffled {seed}")


@pytest.mark.parametrize("seed", range(ORDERS))
def test_shuffled_rules_agree(seed: int) -> None:
    strategy = normalize(shuffled(seed))
    for name, (written, _) in CASES.items():
        assert strategy.run(written) is rg.rewrite(written), name


@cache
def terms() -> list[Term]:
    made = [expression(random.Random(i), FLOATS, 6 + i % 9, SMOOTH + ARITHMETIC) for i in range(120)]
    return [*corpus(), *made, *[t for r in everything.equations() for t in own_instances(r)]]


def normal_form(compiled: Compiled, t: Term) -> tuple[Term, list[Step]]:
    recorder = Recorder()
    return compiled.engine.normalize([t], recorder=recorder)[0], recorder.steps


def disputes(t: Term, one: Compiled, other: Compiled) -> Iterator[frozenset[str]]:
    """The rules that two orders use on the same node of a term, or one of them on some of the operands of a sum or product.

    Of one whose right side came out in two ways those of it.
    """
    used: dict[Term, Step] = {s.before: s for s in normal_form(one, t)[1]}
    steps = normal_form(other, t)[1]
    yield from (frozenset((m.rule.name, s.rule.name)) for s in steps for m in used.values()
                if m.rule.name != s.rule.name and (of(m.before, s.before) or of(s.before, m.before)))
    for s in steps:
        mine = used.get(s.before)
        if mine is not None and mine.after is not s.after:
            if mine.rule.name != s.rule.name:
                yield frozenset((mine.rule.name, s.rule.name))
            elif (right := ground(everything[s.rule.name].rhs, everything[s.rule.name].guards)) is not None and right is not t:
                yield from disputes(right, one, other)


def of(some: Term, whole: Term) -> bool:
    """Whether the operands of a sum or product are some of those of another, and not all."""
    return some.op is whole.op and some.op in algebra().groups and Counter(some.args) < Counter(whole.args)


def named(pair: frozenset[str], *orders: Compiled) -> bool:
    """Whether the critical pairs of lint, under one of the orders, name two rules."""
    for compiled in orders:
        rules = [r for r in compiled.rules if r.name in pair]
        if any({p.first, p.second} == pair for p in peaks(rules, compiled.engine, everything.facts.holds, "two rules")):
            return True
    return False


@pytest.mark.parametrize("seed", range(ORDERS))
def test_where_two_orders_part_lint_names_the_rules(seed: int) -> None:
    one, other = everything.compiled(), shuffled(seed).compiled()
    parted = [t for t in terms() if normal_form(one, t)[0] is not normal_form(other, t)[0]]
    pairs = {t: set(disputes(t, one, other)) for t in parted}
    known = {p: named(p, one, other) for p in set[frozenset[str]]().union(*pairs.values())}
    assert [str(rg.show(t)) for t in parted if not any(known[p] for p in pairs[t])] == []
    assert 0 < len(parted) < 0.05 * len(terms())
