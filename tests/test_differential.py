"""Optimised equals unoptimised: random typed graphs through the default pipeline, judged within the safety class.

What must hold of a graph t and what the pipeline makes of it, o, at every input where t is a real (or complex) number:
  1. o has the type of t;
  2. o is the same number in unlimited range and precision: this is the class ``real``; where t is undefined there
     (NaN, a pole, an infinity) nothing is promised;
  3. computed with NumPy, o differs from that number by no more than rounding explains.  What rounding explains is measured:
     o and t are computed again with every intermediate result disturbed by a few units in the last place, as often as it
     takes to see how far they move.  Programs of integers and bools move nowhere and must be equal.  What is out of
     range in floats (NaN, inf, 0 by underflow) is judged by 2 alone, since overflow may move;
  4. every linker gives what NumPy gives for o, within the same bounds.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from random_graphs import Array, Pick, arrays, program

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError
from relgraph.relations.verify.exact import Beyond, evaluate_exactly, exactly, workprec
from relgraph.strategies import identity
from relgraph.terms.evaluate import compute, evaluate
from relgraph.terms.term import ATTRIBUTE, CONST, Term, toposort
from relgraph.terms.type import TupleType, Type

# -- judging --------------------------------------------------------------------------------------------------------------

SAMPLES, UNITS = 6, 4.0
CONTRACTIONS = ("matmul", "matvec", "vecmat", "vecdot")


def moved(v: Array, size: Any, rng: np.random.Generator) -> Array:
    """Floats moved by a few units in the last place of ``size``; integers stay."""
    if v.dtype.kind not in "fc":
        return v
    info = np.finfo(v.dtype)
    with np.errstate(all="ignore"):
        steps = float(info.smallest_subnormal) * rng.integers(-2, 3, np.shape(v)) * (v != 0)
        return np.asarray(v + UNITS * float(info.eps) * size * rng.uniform(-1, 1, np.shape(v)) + steps).astype(v.dtype)


def disturbed(root: Term, values: dict[Term, Array], rng: np.random.Generator) -> Array:
    """The value of a term with every intermediate float moved by a few units in the last place."""
    known: dict[Term, Any] = dict(values)
    for t in toposort(root):
        if t in known:
            continue
        if t.op is CONST or t.op is ATTRIBUTE:
            known[t] = t.data
            v = t.data
        else:
            n = len(t.args) - len(t.op.attrs)
            operands = t.args[:n]
            xs = [known[a] for a in operands]
            if t.op.kind == "call" and t.op.name not in CONTRACTIONS:  # what it computes is right for a matrix near by
                xs = [moved(x, np.max(np.abs(x), initial=0), rng) for x in xs]
            v = compute(t.op, t.type, xs, [known[a] for a in t.args[n:]], [a.type for a in operands])
        if type(t.type) is Type and t.type.dtype.kind in "fc" and not (t.op is CONST and (v == np.rint(v)).all()):
            size: Any = np.abs(v)
            if t.op.name in CONTRACTIONS:  # rounds each of the products that it adds
                size = compute(t.op, t.type, [np.abs(known[a]) for a in t.args], [], [a.type for a in t.args])
            v = moved(v, size, rng)
        elif type(t.type) is TupleType:
            v = tuple((p * (1 + UNITS * 2e-16 * rng.uniform(-1, 1, np.shape(p)))).astype(p.dtype) for p in v)
        known[t] = v
    return known[root]


def number(a: Any) -> Array:
    return np.asarray(a).astype(np.complex128 if np.asarray(a).dtype.kind == "c" else np.float64)


def spread(root: Term, values: dict[Term, Array]) -> tuple[Array, Array]:
    """The value of a term, and how far rounding moves it (infinite where it moves out of range)."""
    rng = np.random.default_rng(0)
    v = number(evaluate([root], values)[0])
    with np.errstate(all="ignore"):
        moved = [np.abs(number(disturbed(root, values, rng)) - v) for _ in range(SAMPLES)]
    far = np.max(moved, axis=0)
    return v, np.where(np.isfinite(far), far, np.inf)


def floating(t: Term) -> bool:
    return type(t.type) is Type and t.type.dtype.kind in "fc"


def overflows_in_a_cast(root: Term, values: dict[Term, Array]) -> bool:
    """Whether a float out of range is cast to an integer: any integer may come of it, in C and in NumPy."""
    known = evaluate([root], values, every=True)
    for t in known:
        if t.args and type(t.type) is Type and t.type.dtype.kind in "iu" and floating(t.args[0]):
            info, v = np.iinfo(t.type.dtype), number(known[t.args[0]]).real
            if not ((v >= info.min) & (v < float(info.max) + (info.bits < 64))).all():
                return True
    return False


def left_to_the_linker(root: Term, values: dict[Term, Array], linker: str) -> bool:
    """Whether a number occurs that XLA takes for zero, or an infinity beside complex numbers, which C99 leaves open."""
    known = {t: number(v) for t, v in evaluate([root], values, every=True).items() if floating(t)}
    if any(t.type.dtype.kind == "c" for t in known) and not all(np.isfinite(v).all() for v in known.values()):
        return True
    if linker == "jax" and any(t.op.name == "det" for t in toposort(root)):
        return True  # of small matrices it is a formula, of which no backward error is known
    return linker == "jax" and any(((v != 0) & (np.abs(v) < np.finfo(t.type.dtype).tiny)).any() for t, v in known.items())


def exact(root: Term, values: dict[Term, Array]) -> Array | None:
    """In unlimited range and precision; NaN where undefined, None where numbers are too large even for that."""
    try:
        with workprec(1200), np.errstate(all="ignore"):
            found = evaluate_exactly(root, {t: exactly(a, t.type.dtype) for t, a in values.items()})
    except (Beyond, OverflowError, ZeroDivisionError, ValueError):  # an integer modulo 0 or to a negative power
        return None
    return found


def problems(t: Term, o: Term, values: dict[Term, Array]) -> list[str]:
    """Where the optimised term o is not what t means."""
    if o.type != t.type:
        return [f"type {o.type} instead of {t.type}"]
    before = exact(t, values)
    if before is None or overflows_in_a_cast(t, values):
        return []
    (a, far_a), (b, far_b) = spread(t, values), spread(o, values)
    if t.type.dtype.kind in "biu":
        known = evaluate([t], values, every=True)
        if before.dtype == object or not all(np.isfinite(v).all() for x, v in known.items() if floating(x)):
            return []  # a comparison with what is undefined
        wrong = (np.asarray(evaluate([o], values)[0]) != before) & (far_a == 0) & (far_b == 0)
        return [f"is {before.tolist()}, optimised {b.tolist()}"] if wrong.any() else []
    after = exact(o, values)
    eps, tiny = float(np.finfo(t.type.dtype).eps), float(np.finfo(t.type.dtype).tiny)
    out = []
    for i in np.ndindex(t.type.shape):
        wanted = before[i]
        if not np.isfinite(size := float(abs(wanted))) or wanted != wanted:
            continue
        bound = 64 * (far_a[i] + far_b[i] + eps * size + tiny)
        loose = bound if np.isfinite(bound) else 1e8 * eps * size + tiny  # out of range: only the real numbers are compared
        undefined = after is not None and after[i] != after[i] and not all(np.isfinite(v).all() for v in values.values())
        if after is not None and not undefined and not abs(after[i] - wanted) <= loose:
            out.append(f"at {i}: means {wanted}, the optimised term means {after[i]} (bound {bound})")
        elif undefined and b[i] != np.asarray(wanted).astype(b.dtype) and np.isfinite(a[i]):  # limits are no exact arithmetic
            out.append(f"at {i}: is {wanted}, optimised {b[i]}, at an infinity")
        elif np.isfinite(a[i]) and np.isfinite(b[i]) and np.isfinite(bound) and not abs(b[i] - wanted) <= bound and (
                abs(a[i] - wanted) <= bound):
            out.append(f"at {i}: is {wanted}, unoptimised {a[i]}, optimised {b[i]} (bound {bound})")
    return out


def say(inputs: Sequence[Term], values: dict[Term, Array], t: Term, o: Term, found: Any) -> str:
    given_ = ", ".join(f"{x.data}: {x.type!r} = {values[x].tolist()}" for x in inputs)
    return f"\n{t!s}\n-> {o!s}\nat {given_}\n{found}"


CHECKED = settings(derandomize=True, deadline=None, database=None,
                   suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])


def drawn(data: Any) -> Pick:
    return lambda n: data.draw(st.integers(0, n - 1))


@settings(CHECKED, max_examples=500)
@given(st.data())
def test_optimised_means_the_same(data: Any) -> None:
    inputs, built = program(drawn(data))
    assume(built)
    values = arrays(drawn(data), inputs)
    t = built[-1]
    o = rg.rewrite(t)
    note(f"{t!s}\n{o!s}")
    found = problems(t, o, values)
    assert not found, say(inputs, values, t, o, found)


@settings(CHECKED, max_examples=300)
@given(st.data())
def test_optimised_gradients_mean_the_same(data: Any) -> None:
    inputs, built = program(drawn(data))
    assume(built)
    values = arrays(drawn(data), inputs)
    floats = [x for x in inputs if x.type.dtype.kind == "f"]
    t = built[-1]
    assume(floats and t.type.dtype.kind == "f")
    try:
        gs = rg.grad(rnp.sum(t), floats, disconnected="zero")
    except RelgraphError:
        assume(False)
        return
    for g in gs:
        o = rg.rewrite(g)
        found = problems(g, o, values)
        assert not found, say(inputs, values, g, o, found)


# -- every linker: several graphs to a function, since a part of what compiling costs is per function --------------------------

GRAPHS, TOGETHER = 2_000, 50
LINKERS = {"numba": 25, "jax": 50, "c": 50, "numpy": 50}  # what takes longest first: the workers end together
Graph = tuple[list[Term], Term, dict[Term, Array]]


def graph(seed: int) -> Graph | None:
    """A graph with values at which NumPy computes it."""
    pick = random.Random(seed).randrange
    inputs, built = program(pick, str(seed))
    if not built:
        return None
    values = arrays(pick, inputs)
    try:
        evaluate([built[-1], rg.rewrite(built[-1])], values)
    except ValueError:  # an integer to a negative power: said, not computed
        return None
    return inputs, built[-1], values


@pytest.mark.parametrize("first", range(0, GRAPHS, TOGETHER))
def test_optimised_graphs_mean_the_same(first: int) -> None:
    for found in map(graph, range(first, first + TOGETHER)):
        if found is not None:
            inputs, t, values = found
            o = rg.rewrite(t)
            wrong = problems(t, o, values)
            assert not wrong, say(inputs, values, t, o, wrong)


@pytest.mark.long
@pytest.mark.parametrize(("linker", "first"), [(name, k) for name, many in LINKERS.items() for k in range(0, GRAPHS, many)])
def test_every_linker_computes_the_optimised_graphs(linker: str, first: int) -> None:
    graphs = [g for g in map(graph, range(first, first + LINKERS[linker])) if g is not None]
    agree(linker, graphs)


def agree(linker: str, graphs: Sequence[Graph]) -> None:
    """One function of all the graphs gives what NumPy gives for each."""
    f = rg.function([x for inputs, _, _ in graphs for x in inputs], [t for _, t, _ in graphs], linker=linker)
    results = f(*[v for inputs, _, values in graphs for v in values.values()])
    for (inputs, t, values), o, v in zip(graphs, f.term, results, strict=True):
        assert v.dtype == t.type.dtype and v.shape == t.type.shape
        if overflows_in_a_cast(o, values) or left_to_the_linker(o, values, linker):
            continue
        wanted, far = spread(o, values)
        floats = t.type.dtype.kind in "fc"
        eps, tiny = (float(np.finfo(t.type.dtype).eps), float(np.finfo(t.type.dtype).tiny)) if floats else (0.0, 0.0)
        size, slack = np.abs(wanted), 64
        if routines := [x for x in toposort(o) if x.op.kind == "call"]:
            known = evaluate([o], values, every=True)
            if not all(np.isfinite(number(known[a])).all() for x in routines for a in x.args[:len(x.args) - len(x.op.attrs)]):
                continue  # what a factorisation makes of an infinity is its own affair
            far, size = np.full_like(far, np.max(far, initial=0)), np.max(size, initial=0)  # its error is one for the matrix
            slack = 1024  # and grows with the number of steps, of which six samples say little
        with np.errstate(all="ignore"):
            same = (number(v) == wanted) | (np.isnan(number(v)) & np.isnan(wanted)) | ~np.isfinite(far) | (
                np.abs(number(v) - wanted) <= slack * (far + eps * size + tiny))
        assert same.all(), say(inputs, values, t, o, f"{linker}: {v.tolist()}, NumPy {wanted.tolist()}")


@pytest.mark.parametrize("first", range(0, 200, TOGETHER))
def test_unoptimised_numpy_is_the_meaning(first: int) -> None:
    for found in map(graph, range(first, first + TOGETHER)):
        if found is not None:
            inputs, t, values = found
            plain = rg.function(inputs, t, linker="numpy", rewrite=identity)
            np.testing.assert_array_equal(plain(*values.values()), evaluate([t], values)[0])
