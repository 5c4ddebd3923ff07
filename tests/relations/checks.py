"""What each reason of `guards` says of a guard, asked at instances around it (over 300 lines because it is one table)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np

import relgraph as rg
from relations_library.__main__ import relations
from relations_library.pipelines import everything
from relgraph.errors import RelgraphError
from relgraph.relations import Relation, Theory, theory
from relgraph.relations import predicates as p
from relgraph.relations.facts import FactBase
from relgraph.relations.predicates import OF_TYPES, Guard, Guards
from relgraph.relations.regrouping import cheap_left, cheap_right
from relgraph.relations.template import instantiate, template, variables
from relgraph.relations.verify.admission import all_admitted
from relgraph.relations.verify.samples import fill
from relgraph.relations.verify.shapes import Plan, Search
from relgraph.relations.verify.values import pool
from relgraph.strategies import normalize
from relgraph.strategies.cost import cost
from relgraph.terms.binders import substitute
from relgraph.terms.evaluate import evaluate
from relgraph.terms.term import INPUT, LVar, Term, attr, const, toposort

from . import guards as reasons

RELATIONS, NOTHING = relations(), FactBase(())
WIDER = {p.positive: p.nonnegative, p.negative: p.nonpositive, p.pd: p.psd}  # what is left out is told at the boundary
NUMBERS = (0.0, -0.0, np.inf, -np.inf, np.nan, -1.0, 1.0, 2.0)
FLOAT = np.dtype("float64")
NDTR = RELATIONS["log_ndtr"].lhs


# -- instances --------------------------------------------------------------------------------------------------------------

def plans(r: Relation) -> Iterator[Plan]:
    """What the left side can be, whatever the guards say."""
    for dtype in map(np.dtype, ("float64", "int64", "bool", "complex128")):
        yield from islice(Search(r.lhs, r.rhs, (), dtype).plans(), 200)


def without(r: Relation, g: Guard) -> Guards:
    return Guards(h for h in r.guards if h is not g)


def of_types(r: Relation) -> list[Guard]:
    return [g for g in r.guards if g.predicate.scope in OF_TYPES]


def holds(g: Guard, plan: Plan) -> bool:
    order, values = tuple(plan.binding), tuple(plan.binding.values())
    try:
        return NOTHING.holds(g.predicate, tuple(instantiate(template(a, order), values) for a in g.args))
    except (RelgraphError, IndexError):
        return False


def excluded(r: Relation) -> list[Plan]:
    return [q for q in plans(r) if not all(holds(g, q) for g in of_types(r))]


def beside(r: Relation, g: Guard) -> list[Plan]:
    """Where a guard about types does not hold and the others about types do."""
    return [q for q in plans(r) if not holds(g, q) and all(holds(h, q) for h in of_types(r) if h is not g)]


def random(t: Term) -> np.ndarray:
    rng = np.random.default_rng(0)
    whole = t.type.dtype.kind in "biu"
    return np.asarray(rng.integers(0, 2, t.type.shape) if whole else rng.standard_normal(t.type.shape)).astype(t.type.dtype)


def values_of(plan: Plan, inputs: dict[Term, Any] | None = None) -> tuple[np.ndarray, np.ndarray] | None:
    """Both sides at random numbers, or those given; None where one is an error."""
    assert plan.right is not None
    literals = {plan.binding[v]: const(2, "float64") for v in plan.binding if isinstance(v, LVar) and v.data[1] == "literal"}
    sides = [plan.left, plan.right] if inputs else substitute([plan.left, plan.right], literals)
    at = inputs or {t: random(t) for t in toposort(*sides) if t.op is INPUT}
    try:
        with np.errstate(all="ignore"):
            left, right = np.broadcast_arrays(*evaluate(sides, at))
        return left, right
    except RelgraphError:  # a position outside of an axis
        return None


def differ(sides: tuple[np.ndarray, np.ndarray] | None) -> bool:
    return sides is not None and not np.allclose(*sides, equal_nan=True, rtol=1e-6)


def outside(r: Relation, g: Guard) -> Iterator[tuple[Plan, dict[Term, Any]]]:
    """Values at which the other guards hold and this one does not, at its boundary if it has one."""
    others, wider = without(r, g), WIDER.get(g.predicate)
    search = Search(r.lhs, r.rhs, others, FLOAT)
    some = list(islice(search.plans(), 20))
    none = [q for q in (search.resized(s, 0) for s in some[:4]) if q is not None]
    about = {v for a in g.args for v in variables(a)}
    for plan in (q for q in (*some, *none, *copies_of_none(search, some)) if q.right is not None):
        for seed, kind in enumerate(("mild", "positive", "integers", "dominant")):
            values = fill(plan, others, kind, seed)
            for new in around(plan, values, about) if values is not None else ():
                with np.errstate(all="ignore"):
                    fails = not holds(g, plan) if g.predicate.scope in OF_TYPES else not all_admitted((g,), plan.binding, new)
                    if (fails and all_admitted(others, plan.binding, new)
                            and (wider is None or all_admitted((wider(*g.args),), plan.binding, new))):
                        yield plan, new


def copies_of_none(search: Search, some: list[Plan]) -> Iterator[Plan]:
    """Of what is broadcast, no copies."""
    for shape in [v for v in search.attrs if v.data[0] == "shape"]:
        for s in some:
            found = search.concrete({v: n for v, n in s.shapes if v.sort == "term"},
                                    dict(s.attrs) | {shape: (0,) * len(dict(s.attrs)[shape])})
            if found is not None:
                yield found


def around(plan: Plan, values: dict[Term, Any], about: set[Any]) -> Iterator[dict[Term, Any]]:
    """Values with one number, or all of an array, exchanged for numbers at which equations break; singular matrices."""
    for t in [plan.binding[v] for v in about if plan.binding[v] in values]:
        whole = values[t].dtype.kind not in "fc"
        for n in (0, 1, -1) if whole else NUMBERS:
            yield {**values, t: np.full_like(values[t], n)}
            if values[t].size:
                one = np.array(values[t])
                one.flat[0] = n
                yield {**values, t: one}
        if values[t].ndim > 1 and not whole and values[t].shape[-1] == values[t].shape[-2] > 1:
            root = np.clip(values[t][..., 1:], -9, 9)
            yield {**values, t: root @ np.swapaxes(root, -1, -2)}
    yield values | {plan.binding[v]: 0 * values[plan.binding[v]] for v in about if plan.binding[v] in values}


# -- what the reasons say ---------------------------------------------------------------------------------------------------

def fits(r: Relation, g: Guard) -> bool:
    found = list(plans(r)) if g.predicate.scope == "shape" else []
    return bool(found) and all(holds(g, q) for q in found if all(holds(h, q) for h in of_types(r) if h is not g))


def other_type(r: Relation, g: Guard) -> bool:
    found = beside(r, g) if g.predicate.scope in OF_TYPES else []
    return bool(found) and all(q.right is None for q in found)


def narrow(r: Relation, g: Guard) -> bool:
    """Of operands that are float64 and float32."""
    others = without(r, g)
    search = Search(r.lhs, r.rhs, others, FLOAT)
    for v in search.terms if g.predicate is p.same_dtype else ():
        for q in islice(Search(r.lhs, r.rhs, others, FLOAT, {v: np.dtype("float32")}).plans(), 4):
            right = instantiate(template(r.rhs, tuple(q.binding)), tuple(q.binding.values()))
            if right.type.dtype.itemsize < q.left.type.dtype.itemsize:
                return True
    return False


def true_too(r: Relation, g: Guard) -> bool:
    typed = [q for q in beside(r, g) if q.right is not None] if g.predicate.scope in OF_TYPES else []
    known = [s for s in map(values_of, typed[:20]) if s is not None]
    return bool(known) and not any(map(differ, known))


def differs(r: Relation, g: Guard) -> bool:
    return any(differ(values_of(plan, at)) for plan, at in outside(r, g))


def slope(r: Relation, g: Guard) -> bool:
    """At a zero both sides are alike, and the derivative of the left one alone is finite."""
    for plan, at in outside(r, g):
        assert plan.right is not None
        about = [plan.binding[v] for v in plan.binding if any(v in variables(a) for a in g.args)]
        if not any(bool(np.any(at[t] == 0)) and bool(np.all(np.isfinite(at[t]))) for t in about) or differ(values_of(plan, at)):
            continue
        with np.errstate(all="ignore"):
            left, right = ([np.asarray(d) for d in evaluate(rg.grad(rg.numpy.sum(side), about, disconnected="zero"), at)]
                           for side in (plan.left, plan.right))
        if any(bool(np.any(np.isfinite(a) & ~np.isfinite(b))) for a, b in zip(left, right, strict=True)):
            return True
    return False


def again(r: Relation, g: Guard) -> bool:
    """With a factor of one the right side holds what the rule would be tried at next."""
    order = tuple(variables(r.lhs))
    at = tuple(const(1, "float64") if v in g.args else v for v in order)
    left, right = (rg.rewrite(instantiate(template(side, order), at)) for side in (r.lhs, r.rhs))
    return g.predicate is p.differs and left in toposort(right)


def costs(r: Relation, g: Guard) -> bool:
    """Of more positions than any axis has elements, too; with the dtype of the operands where an attribute is one."""
    search = Search(r.lhs, r.rhs, without(r, g), FLOAT)
    longer = [search.resized(q, 7, only=v) for q in islice(search.plans(), 20) for v in search.positions]
    found = [q for q in (*beside(r, g), *longer) if q is not None and q.right is not None and not holds(g, q)
             and all(not isinstance(a, np.dtype) or a == q.left.type.dtype == FLOAT for _, a in q.attrs)]
    return bool(found) and all(cost(q.left) <= cost(q.right) for q in found if q.right is not None)


def sizes(r: Relation, g: Guard) -> bool:
    """Among other sizes at axes of lengths 1 and 2 only, and of 4 where there are few arrays."""
    search = Search(r.lhs, r.rhs, (), FLOAT)
    arrays = [v for v in search.terms if v not in search.positions]
    lengths = [(1, 2), (1, 2, 4)] if len(arrays) <= 2 else [(1, 2)]
    attrs = {q.attrs for q in islice(search.plans(), 60)}
    return any(differ(values_of(q)) for q in beside(r, g) if q.right is not None) or any(
        differ(values_of(q)) for few in lengths for chosen in attrs for q in all_shapes(search, few, dict(chosen))
        if q.right is not None and not holds(g, q) and all(holds(h, q) for h in of_types(r) if h is not g))


def all_shapes(search: Search, lengths: Sequence[int], attrs: dict[Any, Any]) -> Iterator[Plan]:
    shapes = [s for n in range(4) for s in product(lengths, repeat=n)]
    for found in product(*[[(), (2,), (2, 2)] if v in search.positions else shapes for v in search.terms]):
        q = search.concrete(dict(zip(search.terms, found, strict=True)), attrs)
        if q is not None:
            yield q


def mixed(r: Relation, g: Guard) -> bool:
    terms = [v for v in variables(r.lhs) if isinstance(v, LVar) and v.sort == "term"]
    attrs = {v: attr(np.dtype("int64")) for v in variables(r.lhs) if v not in terms}
    hostile = {d: pool(np.dtype(d)) for d in ("int64", "uint64", "bool")}
    for dtypes in product(*[[d for d in hostile if np.dtype(d).kind in v.data[2]] for v in terms]):
        arrays = np.meshgrid(*[hostile[d] for d in dtypes], indexing="ij")
        at = {rg.tensor(f"x{k}", shape=a.shape, dtype=a.dtype): a for k, a in enumerate(arrays)}
        binding = dict(zip(terms, at, strict=True)) | attrs
        left, right = (instantiate(template(side, tuple(binding)), tuple(binding.values())) for side in (r.lhs, r.rhs))
        if left.type == right.type and not np.array_equal(*evaluate([left, right], at)):
            return True
    return False


def empty(r: Relation, g: Guard) -> bool:
    search = Search(r.lhs, r.rhs, without(r, g), FLOAT)
    attrs = next(search.plans()).attrs
    return any(q.right is None or values_of(q) is None for q in all_shapes(search, (0, 3), dict(attrs)) if not holds(g, q))


def error(r: Relation, g: Guard) -> bool:
    """Of a length that is a name, and zero when it is called."""
    w = rg.vector("w", shape="n")
    total, spread = rg.numpy.sum(w), attr(w.type.shape)
    at = {"x": total, "u": rg.numpy.expand_dims(total, 0), "shape": spread, "other": spread, "axis": attr((-1,)), "n": attr(2)}
    order = tuple(variables(r.lhs))
    left, right = (rg.function([w], instantiate(template(side, order), tuple(at[str(v.data[0])] for v in order)),
                               linker="numpy") for side in (r.lhs, r.rhs))
    try:
        left(np.zeros(0))
    except RelgraphError:
        return bool(np.all(np.isfinite(right(np.zeros(0)))))
    return False


def half(r: Relation, g: Guard) -> bool:
    found = beside(r, g)
    shapes = [[q.binding[v].type for v in g.args if isinstance(v, LVar)] for q in found]
    return bool(found) and g.predicate in (p.cheap_left, p.cheap_right) and all(
        not (cheap_left if g.predicate is p.cheap_left else cheap_right)(*types) for types in shapes) and all(
        2 * cost(q.right).flops > cost(q.left).flops for q in found if q.right is not None)


def others(r: Relation, g: Guard) -> bool:
    pairs = [(q.left, q.right) for q in beside(r, g) if q.right is not None]
    return bool(pairs) and all(cost(rg.rewrite(left)) <= cost(rg.rewrite(right)) for left, right in pairs[:40])


def beyond(r: Relation, g: Guard) -> bool:
    """Of the largest floats, of which there is a number for each literal."""
    order = tuple(variables(r.lhs))
    largest = tuple(const(np.finfo(FLOAT).max, "float64") for _ in order)
    a, = (instantiate(template(a, order), largest) for a in g.args)
    with np.errstate(all="ignore"):
        return g.predicate is p.finite and bool(np.isinf(evaluate([a], {})[0]))


def twin(r: Relation, g: Guard) -> bool:
    """One with the same left side, at literals of which this guard does not hold."""
    order = tuple(variables(r.lhs))
    for numbers in product((-1.0, 0.0, 1.0, 2.0), repeat=len(order)):
        known = {q.name: all(NOTHING.holds(h.predicate, tuple(instantiate(template(a, tuple(variables(q.lhs))), tuple(
            const(n, "float64") for n in numbers)) for a in h.args)) for h in guards)
            for q, guards in [(r, [g]), *[(q, q.guards) for q in RELATIONS.values() if q is not r and alike(q.lhs, r.lhs)]]}
        if not known.pop(r.name) and any(known.values()):
            return True
    return False


def alike(a: Term, b: Term) -> bool:
    """The same but for the kinds of the variables."""
    of_a, of_b = variables(a), variables(b)
    return len(of_a) == len(of_b) and all(v.data[1] == w.data[1] for v, w in zip(of_a, of_b, strict=True)) and (
        instantiate(template(a, tuple(of_a)), tuple(of_b)) is b)


def takes(r: Relation, g: Guard) -> bool:
    """The left side of another relation, whatever is known of its variables."""
    left = instantiate(template(NDTR, tuple(variables(NDTR))), (rg.vector("x", shape=(3,)),))
    _, derivation = rg.rewrite(left, normalize(theory(one=(r.lhs, r.rhs, g))), full=True)
    return any(step.rule == "one" for step in derivation)


def apart(r: Relation, g: Guard) -> bool:
    """Inter-reduction changes one more rule, where no other guard says the same of another operand."""
    bare = replace(r, guards=Guards(h for h in r.guards if h.predicate is not g.predicate))
    wider = Theory([bare if q is r else q for q in everything], everything.clauses, everything.precedence, everything.name)
    return bool(wider.compiled().reduced.keys() - everything.compiled().reduced.keys())


def scaled(r: Relation, g: Guard) -> bool:
    """Squares of large numbers, divided by the square of the largest one."""
    x = rg.vector("x")
    at = {"u": x**2, "v": 1 / rg.numpy.max(x)**2, "axis": attr((-1,))}
    order = tuple(variables(r.lhs))
    sides = [instantiate(template(side, order), tuple(at[str(v.data[0])] for v in order)) for side in (r.lhs, r.rhs)]
    with np.errstate(all="ignore"):
        left, right = evaluate([rg.numpy.sum((x / rg.numpy.max(x))**2), sides[1]], {x: np.array([1e200, -5e199])})
    return g.predicate is p.apart and bool(np.isfinite(left)) and not bool(np.isfinite(right))


CHECKS: dict[str, Callable[[Relation, Guard], bool]] = {
    reasons.FITS: fits, reasons.OTHER_TYPE: other_type, reasons.TRUE_TOO: true_too, reasons.DIFFERS: differs,
    reasons.SLOPE: slope, reasons.AGAIN: again, reasons.COST: costs, reasons.SIZES: sizes, reasons.MIXED: mixed,
    reasons.EMPTY: empty, reasons.ERROR: error, reasons.HALF: half, reasons.NARROW: narrow,
    reasons.RANGE: beyond, reasons.TWIN: twin, reasons.OTHERS: others, reasons.TAKES: takes, reasons.APART: apart,
    reasons.SCALED: scaled}
