"""From relations to rules: canonical sides, twins, inter-reduction, matchers.

A left side is normalised by the other rules, so that no rule waits for a term that another has rewritten already; both
sides that become one term hold by the normal form, and need no matcher.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..terms.term import LVar, Op, Term, lvar, make, toposort
from .algebra import GroupOf, algebra
from .canonical import build
from .constants import is_number
from .engine import Compiled, Engine
from .folding import FOLDING, Fold
from .index import Entry, below, inside, needs
from .matcher import compile_matchers
from .order import sorted_operands
from .patterns import collects, is_literal
from .relation import Direction, Relation, Rule, text
from .safety import restricted
from .template import instantiate, template, variables

__all__ = ["canonical_pattern", "compile_rules", "directed", "flipped", "make_engine", "without_rules"]

ROUNDS = 4


def canonical_pattern(pattern: Term, make_node: Any = build) -> Term:
    """A pattern in canonical form."""
    return instantiate(template(pattern, variables(pattern)), variables(pattern), make_node)


def directed(r: Relation, direction: Direction, make_node: Any = build) -> list[Rule]:
    """The rules of one direction of a relation: itself and its inverse twin; none where `without_rules` says why."""
    source, target = (r.lhs, r.rhs) if direction == "->" else (r.rhs, r.lhs)
    lhs, rhs = _positive(canonical_pattern(source, make_node), canonical_pattern(target, make_node), make_node)
    written = variables(source)
    if lhs is rhs or not lhs.args:
        return []
    rules = [Rule(r.name, direction, lhs, rhs, r.guards, written, r)]
    if make_node is not build:
        return rules
    a = algebra()
    g = a.groups.get(lhs.op)
    if g is None:
        return rules
    twin = build(g.inverse, (lhs,))
    if twin.op is lhs.op and twin is not lhs and not collects(lhs, a):  # from L = R follows the inverse of L = the inverse of R
        rules.append(Rule(r.name, direction, twin, build(g.inverse, (rhs,)), r.guards, written, r, "inverse"))
    if _scales(lhs, g):  # and multiples of both, of either sign, which stands outside
        times, c = a.multiples[lhs.op][0], lvar("times", "literal")
        sides = build(lhs.op, tuple([build(times, (c, x)) for x in lhs.args])), build(times, (c, rhs))
        rules.append(Rule(r.name, direction, *sides, r.guards, (*written, c), r, "multiple"))
        sides = build(g.inverse, sides[:1]), build(g.inverse, sides[1:])
        rules.append(Rule(r.name, direction, *sides, r.guards, (*written, c), r, "inverse multiple"))
    return rules


def without_rules(r: Relation, direction: Direction, make_node: Any = build) -> str:
    """Why a direction of a relation makes no rules: what the normal form makes of its sides."""
    source, target = (canonical_pattern(side, make_node) for side in ((r.lhs, r.rhs) if direction == "->" else (r.rhs, r.lhs)))
    return "holds by the normal form" if source is target else _unusable(source, target)


def _scales(lhs: Term, g: GroupOf) -> bool:
    """Of a sum of elementwise parts and numbers, one of which has no coefficient, a multiple shows by what number it is one."""
    parts = [x.args[0] if x.op is g.inverse else x for x in lhs.args]
    inside = {v for x in parts if x.args for v in variables(x)}
    return (g.sign is None and all(x.args or is_number(x) or x in inside for x in parts)
            and any(x.args and not is_number(x.args[0]) for x in parts) and not any(map(is_literal, variables(lhs)))
            and all(t.op.kind == "elementwise" and not t.op.attrs for t in toposort(lhs) if t.args))


def flipped(rule: Rule) -> list[Rule]:
    """A product with the other sign of a difference in it, also of a divisor: which one is written depends on the instance."""
    a = algebra()
    g = a.groups.get(rule.lhs.op)
    out: list[Rule] = []
    if g is None or g.sign is None:
        return out
    for q in rule.lhs.args:
        inner = q.args[0] if q.op is g.inverse else q
        h = a.groups.get(inner.op)
        if h is None or h.inverse is not g.sign or is_number(inner.args[0]) or len({u.op is g.sign for u in inner.args}) < 2:
            continue
        turned = [u.args[0] if u.op is g.sign else make(g.sign, (u,)) for u in inner.args]
        other = make(inner.op, tuple(sorted_operands(turned)))
        factors = [(other if q is inner else make(g.inverse, (other,))) if u is q else u for u in rule.lhs.args]
        out.append(Rule(rule.name, rule.direction, make(g.op, tuple(sorted_operands(factors))), build(g.sign, (rule.rhs,)),
                        rule.guards, rule.written, rule.relation, f"{rule.variant} flipped".strip()))
    return out


def _positive(lhs: Term, rhs: Term, make_node: Any) -> tuple[Term, Term]:
    """The sides of a rule without a sign before the product on the left: whether a product has one depends on the instance."""
    g = algebra().groups.get(lhs.args[0].op) if lhs.args else None
    if make_node is build and g is not None and g.sign is lhs.op:
        return lhs.args[0], build(lhs.op, (rhs,))
    return lhs, rhs


def compile_rules(relations: Sequence[tuple[Relation, Direction]], holds: Callable[[Any, tuple[Term, ...]], bool],
                  title: str, make_node: Any = build, flatten: bool = True) -> Compiled:
    """Rules of relations in given directions, inter-reduced, with their matchers."""
    rules: list[Rule] = []
    dropped: dict[str, str] = {}
    fold = Fold() if any(r is FOLDING for r, _ in relations) else None
    for r, d in relations:
        if r is FOLDING:
            continue
        made = directed(r, d, make_node)
        if not made:
            dropped[r.name] = without_rules(r, d, make_node)
        rules += made
    reduced: dict[str, tuple[str, str]] = {}
    stated: dict[Rule, str] = {}
    moved: list[Op] = []  # the operators of left sides that changed, in order
    at_rest: dict[Rule, int] = {}  # rules that no other applies to, and how many had changed when that was seen
    engine = _engine(rules, holds, title, make_node, flatten, fold)
    for _ in range(ROUNDS):
        before = len(moved)
        for rule in list(rules):
            if rule in at_rest and not _ops(rule) & set(moved[at_rest[rule]:]):
                continue
            lhs, rhs = _normalised(rule, engine)
            if lhs is rule.lhs and rhs is rule.rhs:
                at_rest[rule] = len(moved)
                continue
            at_rest.pop(rule, None)
            reason = _unusable(lhs, rhs)
            if reason:
                rules.remove(rule)
                if not rule.variant and not any(q.relation is rule.relation for q in rules):
                    dropped[rule.name] = reason
            elif lhs is rule.lhs and len(toposort(rhs)) > len(toposort(rule.rhs)):
                continue  # a right side is only replaced by one that is no larger; it is normalised anyway when it is built
            else:
                stated.setdefault(rule, str(rule))
                rule.update(lhs, rhs)
                reduced[f"{rule.name}{rule.variant}"] = stated[rule], str(rule)
            moved.append(lhs.op)
            engine = _engine(rules, holds, title, make_node, flatten, fold)
        if len(moved) == before:
            break
    rules = list({(r.lhs, r.rhs, r.guards): r for r in reversed(rules)}.values())[::-1]  # variants may have become one
    if make_node is build:
        rules = [v for r in rules for v in (r, *flipped(r))]
    return Compiled(tuple(rules), _engine(rules, holds, title, make_node, flatten, fold), dropped, reduced)


def _ops(rule: Rule) -> set[Op]:
    """The operators of both sides: a rule whose left side has none of them at its root does not apply to either."""
    return {t.op for t in toposort(rule.lhs, rule.rhs)}


def _engine(rules: list[Rule], holds: Any, title: str, make_node: Any, flatten: bool, fold: Any) -> Engine:
    fresh = [r for r in rules if r.matcher is None]
    for rule, matcher in zip(fresh, compile_matchers(fresh, holds, title), strict=True):
        rule.matcher = matcher
    return make_engine(rules, make_node, flatten, fold)


def make_engine(rules: Sequence[Rule], make_node: Any, flatten: bool, fold: Any) -> Engine:
    """The engine of rules that have matchers."""
    return Engine([r.entry or _entry(r, make_node) for r in rules], make_node=make_node, flatten=flatten, fold=fold)


def _entry(rule: Rule, make_node: Any) -> Entry:
    """What the index takes of a rule; found once for each of its left sides."""
    candidate = rule, restricted(rule, make_node)
    rule.entry = Entry(rule.lhs.op, needs(rule), inside(rule), below(rule), lambda: candidate)
    return rule.entry


def _normalised(rule: Rule, engine: Engine) -> tuple[Term, Term]:
    """The sides of a rule normalised by the other rules."""
    lhs = engine.normalize([rule.lhs], skip=rule)[0]
    rhs = engine.normalize([rule.rhs], skip=rule)[0]
    return _positive(lhs, rhs, engine.make_node)


def _unusable(lhs: Term, rhs: Term) -> str:
    """Why a rule with these sides can go; "" for one that is needed."""
    if lhs is rhs:
        return "follows from the other rules"
    if isinstance(lhs, LVar) or not lhs.args or not set(variables(rhs)) <= set(variables(lhs)) \
            or any(t.op.kind == "attribute_function" for t in toposort(lhs)):
        return f"its left side becomes {lhs.op.name if lhs.args else text(lhs)}, which cannot be oriented"
    return ""
