"""Optimised equals unoptimised: random typed graphs through the default pipeline, judged within the safety class.

What must hold of a graph t and what the pipeline makes of it, o, at every input where t is a real (or complex) number:
  1. o has the type of t;
  2. o is the same number in unlimited range and precision: this is the class ``real``; where t is undefined there
     (NaN, a pole, an infinity) nothing is promised;
  3. computed with NumPy, o differs from that number by no more than rounding explains.  What rounding explains is measured:
     o and t are computed again with every intermediate result disturbed by a few units in the last place, as often as it
     takes to see how far they move.  Programs of integers and bools move nowhere and must be equal.  What is out of
     range in floats (NaN, inf, 0 by underflow) is judged by 2 alone, since overflow may move;
  4. compiled C gives what NumPy gives for o, within the same bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RelgraphError
from relgraph.relations.verify.exact import Beyond, evaluate_exactly, exactly, workprec
from relgraph.strategies import identity
from relgraph.terms import rows
from relgraph.terms.evaluate import compute, evaluate
from relgraph.terms.term import ATTRIBUTE, CONST, Term, toposort
from relgraph.terms.type import TupleType, Type

Array = np.ndarray[Any, Any]
N = 3
SHAPES = [(), (N,), (N,), (1, N), (2, N), (N, N)]
KINDS = ["float64", "float64", "float64", "float32", "int64", "int32", "uint8", "bool", "complex128"]
REAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.5, 1e-3, 0.1, 0.9999999, 17.0, 30.0, -40.0, 1e-9, 1e8]
HOSTILE = [5e-324, 1e-300, 1e300, -1e300, 710.0, -745.0, 1e17, np.inf, -np.inf, np.nan]
EXTRA = {"int64": [0, 1, -1, 2, 7, -13, 2 ** 31, -2 ** 63], "int32": [0, 1, -1, 2, 5, 2 ** 31 - 1, -2 ** 31],
         "uint8": [0, 1, 2, 3, 200, 255], "bool": [False, True]}

# -- graphs ---------------------------------------------------------------------------------------------------------------

# Slow in unlimited precision; about what is no number.
LEFT_OUT = ("digamma", "gammaln", "trigamma", "polygamma", "isnan", "isinf", "isfinite")
ELEMENTWISE: list[Callable[..., Any]] = [op for op in rows().values() if op.kind == "elementwise" and not op.attrs and op.arity
                                         and op.name not in LEFT_OUT]
MOVED: list[Callable[..., Any]] = [
    lambda a: rnp.sum(a), lambda a: rnp.sum(a, axis=-1), lambda a: rnp.sum(a, axis=0, keepdims=True), lambda a: rnp.mean(a),
    lambda a: rnp.max(a, axis=-1), lambda a: rnp.min(a), lambda a: rnp.prod(a, axis=-1), lambda a: rnp.special.logsumexp(a, -1),
    lambda a: rnp.special.softmax(a, -1), lambda a: rnp.any(rnp.greater(a, 1)), lambda a: rnp.all(rnp.less(a, 2), axis=-1),
    lambda a: a.T, lambda a: a[None], lambda a: a[..., 0], lambda a: a[..., ::-1],
    lambda a: a[..., 1:], lambda a: a.reshape(-1),
    lambda a: rnp.reshape(a, (1, -1)), lambda a: rnp.squeeze(a),
    lambda a: rnp.broadcast_to(a, (2, *a.shape)), lambda a: a[:, None],
    lambda a: rnp.take(a, np.array([0, -1]), axis=-1),
    lambda a: rnp.diag(a), lambda a: rnp.trace(a), lambda a: rnp.tril(a),
    lambda a: rnp.astype(a, "float64"), lambda a: rnp.astype(a, "float32"), lambda a: rnp.astype(a, "int32"),
    lambda a: rnp.linalg.det(a + 2 * rnp.eye(N)), lambda a: rnp.linalg.inv(rnp.matmul(a, a.mT) + rnp.eye(N)), lambda a: a * 2,
    lambda a: a / 3, lambda a: 1 - a, lambda a: a + 0, lambda a: a * 1, lambda a: a ** 2,
    lambda a: a ** 0.5, lambda a: 1 / a, lambda a: -a]
JOINED: list[Callable[..., Any]] = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a @ b, lambda a, b: a + b - a,
    lambda a, b: a * b / a, lambda a, b: a * b + a * b, lambda a, b: rnp.where(rnp.greater(a, b), a, b), lambda a, b: -(a + b),
    lambda a, b: rnp.concat([a, b], axis=-1), lambda a, b: rnp.stack([a, b]), lambda a, b: rnp.log(rnp.exp(a) + rnp.exp(b)),
    lambda a, b: rnp.exp(a) * rnp.exp(b), lambda a, b: rnp.log(a * b), lambda a, b: rnp.linalg.solve(a + 3 * rnp.eye(N), b),
    lambda a, b: rnp.outer(a, b), lambda a, b: rnp.exp(a) / (1 + rnp.exp(a)) + b, lambda a, b: rnp.sqrt(a * a) * b]
OPS = ELEMENTWISE + MOVED + JOINED + JOINED


def operands_of(f: Any) -> int:
    return f.arity if isinstance(f, rg.Op) else f.__code__.co_argcount


@st.composite
def programs(draw: Any) -> tuple[list[Term], list[Term]]:
    """Inputs, and what was built of them: every step takes operands from before it; what has no type is left out."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    inputs = [rg.tensor(f"{'abc'[i]}", draw(st.sampled_from(SHAPES)), kind) for i, kind in enumerate(kinds)]
    pool: list[Term] = list(inputs)
    for _ in range(draw(st.integers(2, 9))):
        f = OPS[draw(st.integers(0, len(OPS) - 1))]
        chosen = [pool[-1 - draw(st.integers(0, len(pool) - 1))] for _ in range(operands_of(f))]
        try:
            new = f(*chosen)
        except (RelgraphError, TypeError, ValueError, IndexError):
            continue
        shape: Any = new.type.shape if type(new.type) is Type else (1_000,)
        if np.prod(shape, dtype=int) <= 60:
            pool.append(new)
    built = [t for t in pool[len(inputs):] if t.op is not CONST]
    assume(built)
    return inputs, built


def arrays(draw: Any, inputs: Sequence[Term]) -> dict[Term, Array]:
    out = {}
    for t in inputs:
        n = int(np.prod(t.type.shape))
        d = t.type.dtype
        values = EXTRA.get(d.name) or (REAL + HOSTILE if draw(st.integers(0, 3)) == 0 else REAL)
        found = [values[draw(st.integers(0, len(values) - 1))] for _ in range(n)]
        with np.errstate(over="ignore"):
            a = np.array(found).astype(d).reshape(t.type.shape)
        out[t] = a * (1 + 0.5j) if d.kind == "c" and np.isfinite(a).all() else a
    return out


# -- judging --------------------------------------------------------------------------------------------------------------

SAMPLES, UNITS = 6, 4.0


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
            v = compute(t.op, t.type, [known[a] for a in operands], [known[a] for a in t.args[n:]], [a.type for a in operands])
        if type(t.type) is Type and t.type.dtype.kind in "fc" and not (t.op is CONST and (v == np.rint(v)).all()):
            eps = float(np.finfo(t.type.dtype).eps)
            with np.errstate(all="ignore"):
                v = (v * (1 + UNITS * eps * rng.uniform(-1, 1, np.shape(v)))).astype(t.type.dtype)
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
        if after is not None and not abs(after[i] - wanted) <= loose:
            out.append(f"at {i}: means {wanted}, the optimised term means {after[i]} (bound {bound})")
        elif np.isfinite(a[i]) and np.isfinite(b[i]) and np.isfinite(bound) and not abs(b[i] - wanted) <= bound and (
                abs(a[i] - wanted) <= bound):
            out.append(f"at {i}: is {wanted}, unoptimised {a[i]}, optimised {b[i]} (bound {bound})")
    return out


def say(inputs: Sequence[Term], values: dict[Term, Array], t: Term, o: Term, found: Any) -> str:
    given_ = ", ".join(f"{x.data}: {x.type!r} = {values[x].tolist()}" for x in inputs)
    return f"\n{t!s}\n-> {o!s}\nat {given_}\n{found}"


CHECKED = settings(derandomize=True, deadline=None, database=None,
                   suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])


@settings(CHECKED, max_examples=1_000)
@given(st.data())
def test_optimised_means_the_same(data: Any) -> None:
    inputs, built = data.draw(programs())
    values = arrays(data.draw, inputs)
    t = built[-1]
    o = rg.rewrite(t)
    note(f"{t!s}\n{o!s}")
    found = problems(t, o, values)
    assert not found, say(inputs, values, t, o, found)


@settings(CHECKED, max_examples=300)
@given(st.data())
def test_optimised_gradients_mean_the_same(data: Any) -> None:
    inputs, built = data.draw(programs())
    values = arrays(data.draw, inputs)
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


@pytest.mark.parametrize("linker", ["c", "numpy"])
def test_compiled_and_optimised_agree(linker: str) -> None:
    @settings(CHECKED, max_examples=60 if linker == "c" else 100)
    @given(st.data())
    def check(data: Any) -> None:
        inputs, built = data.draw(programs())
        values = arrays(data.draw, inputs)
        f = rg.function(inputs, built, linker=linker)
        plain = rg.function(inputs, built, linker=linker, rewrite=identity) if linker == "numpy" else None
        try:
            results = f(*values.values())
        except (ValueError, np.linalg.LinAlgError):  # a singular matrix, an integer to a negative power: said, not computed
            return
        for t, o, v in zip(built, f.term, results, strict=True):
            assert v.dtype == t.type.dtype and v.shape == t.type.shape
            if overflows_in_a_cast(o, values):
                continue
            wanted, far = spread(o, values)
            tiny = float(np.finfo(t.type.dtype).tiny) if t.type.dtype.kind in "fc" else 0.0
            eps = float(np.finfo(t.type.dtype).eps) if t.type.dtype.kind in "fc" else 0.0
            with np.errstate(all="ignore"):
                same = (number(v) == wanted) | (np.isnan(number(v)) & np.isnan(wanted)) | ~np.isfinite(far) | (
                    np.abs(number(v) - wanted) <= 64 * (far + eps * np.abs(wanted) + tiny))
            assert same.all(), say(inputs, values, t, o, f"{linker}: {v.tolist()}, NumPy {wanted.tolist()}")
        if plain is not None:
            for t, u in zip(built, plain(*values.values()), strict=True):
                np.testing.assert_array_equal(u, evaluate([t], values)[0])
    check()
