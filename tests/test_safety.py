"""Safety levels: what each takes, and that under "exact" not one bit moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.decompositions import triangles
from relations_library.general import qz_forms
from relations_library.pipelines import default, everything, specialize
from relations_library.selections import known_selections
from relgraph.errors import MisuseError, RefusedRelation, RelgraphError
from relgraph.relations import FOLDING, lvars, theory
from relgraph.relations.safety import exact_dtypes, taken_at
from relgraph.relations.verify.compare import same_bits
from relgraph.relations.verify.values import pool
from relgraph.strategies import Strategy, choice, identity, normalize, not_, rule, seq, topdown, where
from relgraph.strategies.levels import at_level
from relgraph.terms.term import CONST, Term
from relgraph.terms.type import Type

x, y = lvars("x y")
a, b = rg.vector("a", "n"), rg.vector("b", "n")
a32 = rg.vector("a32", "n", dtype="float32")
Array = np.ndarray[Any, Any]

# -- not one bit ------------------------------------------------------------------------------------------------------------

DTYPES = ("bool", "int8", "uint8", "int32", "int64", "float32", "float64", "complex64", "complex128")
SHAPES = ((), (3,), (2, 3), (1, 3), (40,), (3, 3), (3, 40), (40, 3))
UNARY: list[Callable[..., Any]] = [
    rnp.negative, rnp.abs, rnp.square, rnp.sqrt, rnp.exp, rnp.log, rnp.sin, rnp.cos, rnp.tan, rnp.tanh, rnp.sinh, rnp.cosh,
    rnp.log1p, rnp.expm1, rnp.sigmoid, rnp.softplus, rnp.special.erf, rnp.sign, rnp.logical_not, rnp.reciprocal, rnp.conj,
    rnp.real,
    lambda t: rnp.negative(rnp.negative(t)), lambda t: rnp.cos(-t), lambda t: rnp.sin(-t), lambda t: rnp.abs(rnp.abs(t)),
    lambda t: t.T, lambda t: rnp.sum(t), lambda t: rnp.sum(t, axis=-1), lambda t: rnp.sum(t, axis=0), lambda t: rnp.mean(t),
    lambda t: rnp.max(t, axis=-1), lambda t: rnp.min(t), lambda t: rnp.prod(t, axis=0), lambda t: rnp.max(rnp.max(t, -1), -1),
    lambda t: rnp.broadcast_to(t, (2, *t.shape)), lambda t: t[None], lambda t: rnp.squeeze(t[None]), lambda t: t.reshape(-1),
    lambda t: t[..., ::-1], lambda t: t[..., 0], lambda t: rnp.diag(t).mT, lambda t: rnp.linalg.diagonal(rnp.diag(t)),
    lambda t: t**2, lambda t: t**-1, lambda t: t**0.5, lambda t: t**3, lambda t: t + 0, lambda t: 0 * t, lambda t: 1 - t,
    lambda t: t - 1, lambda t: 2 * t, lambda t: t / 3, lambda t: t * 0.1 * 3, lambda t: 1 / t, lambda t: rnp.astype(t,
    "float32"),
    lambda t: rnp.astype(t, "float64"), lambda t: rnp.maximum(t, 0), lambda t: rnp.maximum(t, -0.0),
    lambda t: rnp.logaddexp(0, t), lambda t: rnp.abs(t)**2]
BINARY: list[Callable[..., Any]] = [
    rnp.add, rnp.subtract, rnp.multiply, rnp.divide, rnp.maximum, rnp.minimum, rnp.power, rnp.logaddexp, rnp.logical_and,
    lambda s, t: s + (-t), lambda s, t: (-s) + t, lambda s, t: (-s) * t, lambda s, t: s - (-t), lambda s, t: -(s - t),
    lambda s, t: rnp.maximum(s, rnp.maximum(s, t)), lambda s, t: rnp.maximum(rnp.maximum(s, t), t),
    lambda s, t: rnp.maximum(-s, -t), lambda s, t: rnp.minimum(-s, -t), lambda s, t: rnp.abs(s) * rnp.abs(t),
    lambda s, t: rnp.where(s > t, s, t), lambda s, t: rnp.where(s, t, t), lambda s, t: rnp.where(s, rnp.where(s, t, s), t),
    lambda s, t: rnp.matmul(s.mT, t.mT), lambda s, t: rnp.matmul(s, t), lambda s, t: s * rnp.reciprocal(t), lambda s,
    t: s / t / s,
    lambda s, t: rnp.logical_and(rnp.logical_not(s), rnp.logical_not(t)), lambda s, t: rnp.concat([s, t], axis=-1),
    lambda s, t: rnp.broadcast_to(s, t.shape) + t, lambda s, t: rnp.broadcast_to(s, t.shape) * t]
NUMBERS = (0.0, -0.0, 1.0, -1.0, 2.0, 0.1, np.inf, -np.inf, 5e-324, 1e300, 3, -7)


@st.composite
def programs(draw: Any) -> tuple[list[Term], list[Term]]:
    """Inputs, and what was built of them and of numbers; what a dtype or a shape refuses is left out."""
    count = draw(st.integers(1, 3))
    inputs = [rg.tensor("pqr"[i], draw(st.sampled_from(SHAPES)), draw(st.sampled_from(DTYPES))) for i in range(count)]
    made: list[Term] = [*inputs, rnp.asarray(draw(st.sampled_from(NUMBERS)))]
    for _ in range(draw(st.integers(2, 9))):
        binary = draw(st.booleans())
        f = draw(st.sampled_from(BINARY if binary else UNARY))
        chosen = [made[-1 - draw(st.integers(0, min(len(made), 5) - 1))] for _ in range(1 + binary)]
        try:
            new = f(*chosen)
        except (RelgraphError, TypeError, ValueError, IndexError):
            continue
        shape: Any = new.type.shape if type(new.type) is Type else (10**9,)
        if math.prod(shape) <= 3000:
            made.append(new)
    built = [t for t in made[len(inputs) + 1:] if t.op is not CONST]
    assume(built)
    return inputs, built[-3:]


def hostile(t: Term, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    numbers: Array = pool(t.type.dtype)
    out = numbers[rng.integers(0, len(numbers), t.type.shape)]
    plain = np.asarray(rng.standard_normal(t.type.shape) * 3).astype(t.type.dtype)
    return np.asarray(np.where(rng.random(t.type.shape) < 0.5, out, plain), t.type.dtype)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow,
    HealthCheck.filter_too_much])
@given(programs(), st.integers(0, 2**32 - 1), st.booleans())
def test_exact_is_the_same_bit_for_bit(program: tuple[list[Term], list[Term]], seed: int, view: bool) -> None:
    inputs, outputs = program
    arrays = [hostile(t, seed + i) for i, t in enumerate(inputs)]
    if view:
        arrays = [np.asarray(v.T.copy().T) for v in arrays]  # the same values, lying otherwise in memory
    with np.errstate(all="ignore"):
        plain, exact = (rg.function(inputs, outputs, linker="numpy", rewrite=how, safety=level)
                        for how, level in ((identity, "domain"), (None, "exact")))
        try:
            before = plain(*arrays)
        except RelgraphError:
            assume(False)
            return
        after = exact(*arrays)
    note(str(exact.derivation))
    exact.derivation.check()
    for one, other in zip(before, after, strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape
        assert bool(np.all(same_bits(one, other))), (one, other)


def test_the_value_of_a_node_depends_on_values_only() -> None:
    """Not on how an operand lies in memory: the order of a sum, the square that NumPy makes of a repeated exponent."""
    m, e = rg.matrix("m"), rg.matrix("e")
    rng = np.random.default_rng(1)
    numbers = rng.standard_normal((300, 200))
    twos = np.broadcast_to(2.0, (300, 200))
    for t in (rnp.sum(m), rnp.sum(m, axis=0), rnp.mean(m, axis=1), rnp.prod(m, axis=0), rnp.matmul(m, m.mT), rnp.abs(m)**e):
        f = rg.function([v for v in (m, e) if v in rg.free_inputs(t)], t, rewrite=identity, linker="numpy")
        count = len(f.inputs)
        one = f(*(numbers, twos.copy())[:count])
        other = f(*(np.asfortranarray(numbers), twos)[:count])
        assert bool(np.all(same_bits(one, other))), t


@pytest.mark.parametrize("term", [
    rnp.sin(-a) + rnp.square(b), rnp.where(a > 0, b, b), rnp.abs(rnp.abs(a)), rnp.abs(-a32),
    rnp.logical_not(rnp.logical_not(a > b)),
    rnp.broadcast_to(rnp.broadcast_to(a, (2, a.shape[0])), (3, 2, a.shape[0])),
    rnp.abs(a) * rnp.abs(b), rnp.sin(-rnp.asarray(2.0)) * a], ids=str)
def test_exact_rules_fire(term: Term) -> None:
    end, d = rg.rewrite(term, full=True, safety="exact")
    assert end is not term and len(d) > 0
    d.check()


@pytest.mark.parametrize(("term", "why"), [
    (a * rnp.reciprocal(b), "a quotient rounds once"), ((a + b) + 1.0, "order of three"), (a * 0.1 * 3,
    "constants are no rationals"),
    (a + 0.0, "-0.0 + 0.0"), (rnp.maximum(-a, -b), "which zero"), (rnp.sum(-a), "0.0 or -0.0"), (rnp.log(1 + a), "rounding"),
    (rnp.abs(rnp.negative(a32 * b)) * 0, "NaN"), (a**1, "powers"), (-(a - b), "0.0 or -0.0"),
    (rnp.maximum(rnp.maximum(a, b), a), "which zero"), (rnp.abs(a32) * rnp.abs(b), "two dtypes")], ids=str)
def test_exact_leaves_alone(term: Term, why: str) -> None:
    """Nothing but the order of two operands, and ``abs`` of a sign, may have changed."""
    end = rg.rewrite(term, safety="exact")
    with np.errstate(all="ignore"):
        at = {t: np.array([0.0, -0.0, 0.3, 1e308, -5e-324, 7.7]).astype(t.dtype) for t in rg.free_inputs(term)}
    assert bool(np.all(same_bits(term.eval(at), end.eval(at)))), why


FAR_OUT = {  # a fact about real numbers, of which the float is on the other side
    "tanh": (rnp.where(rnp.equal(rnp.tanh(a), 1), 0.0, 1 / (1 - rnp.tanh(a))), 100.0),
    "exp": (rnp.equal(rnp.exp(a), 0), -1000.0),
    "exp beside one": (rnp.equal(rnp.exp(a) + 1, 1), -1000.0)}


@pytest.mark.parametrize("name", FAR_OUT)
def test_exact_knows_floats_only(name: str) -> None:
    t, at = FAR_OUT[name]
    shape = a.type.shape
    values = np.full([2 for _ in shape], at)
    plain, exact = (rg.function([a], t, linker="numpy", rewrite=r, safety=level)(values)
                    for r, level in ((identity, "domain"), (None, "exact")))
    assert np.array_equal(plain, exact)


def test_constants_fold_as_numpy_computes_them() -> None:
    t = a + (rnp.asarray(0.1) + rnp.asarray(0.2)) - rnp.asarray(0.3)
    assert rg.rewrite(rnp.asarray(0.1) + rnp.asarray(0.2), safety="exact").data == 0.1 + 0.2
    assert rg.rewrite(t, safety="exact") is rnp.asarray(0.1 + 0.2) + a - 0.3


# -- levels -----------------------------------------------------------------------------------------------------------------

t = rnp.log(1 + a) + 0 * b - rnp.sin(-a)


def rules(level: str) -> set[str]:
    return set(rg.rewrite(t, full=True, safety=level)[1].rules)


def test_the_three_levels() -> None:
    assert rules("exact") == {"sin_neg"}
    assert rules("real") == {"sin_neg", "log_one_plus"}
    assert rules("domain") >= {"sin_neg", "log_one_plus", "mul_zero"}
    assert rg.rewrite(t, safety="domain") is rg.rewrite(t)


def test_levels_are_nested() -> None:
    exact, real, domain = (everything.at(level) for level in ("exact", "real", "domain"))
    assert domain is everything and {r.name for r in exact} < {r.name for r in real} < {r.name for r in domain}
    declared = {r.name for r in everything.equations() if r.declared == "domain"}
    assert {r.name for r in domain} - {r.name for r in real} == declared
    assert FOLDING.name in exact and everything.at("exact") is exact


def test_what_is_declared_domain_is_not_taken_at_real_whatever_was_measured() -> None:
    forgets = [r for t in (qz_forms, known_selections) for r in t.equations() if r.declared == "domain"]
    assert {"qz_first", "qz_det_s", "selection_elements"} <= {r.name for r in forgets}
    assert not taken_at(forgets, "real") and not taken_at(forgets, "exact") and taken_at(forgets, "domain") == forgets


def test_what_moves_a_zero_of_real_numbers_is_not_exact_in_complex_ones() -> None:
    kinds = {np.dtype(d).kind for d in exact_dtypes(triangles["triu_band"])}
    assert not kinds & {"f", "c"}  # -0j below the diagonal, where `triu` has 0


def exact_floats(name: str) -> list[str]:
    return [d for d in exact_dtypes(everything[name]) if np.dtype(d).kind in "fc"]


def test_what_numpy_leaves_open_is_not_exact_for_floats() -> None:
    """Measured without a difference, on small arrays: the order of a sum, the zero of a maximum, the rounding of a library."""
    for name in ("max_max", "max_negative", "maximum_negative", "max_of_max", "mean_sum", "vec_transpose", "transpose_prod",
                 "trace_transpose", "neg_left"):
        assert exact_floats(name) == [], name
    assert exact_floats("where_not") == ["float64", "float32", "complex128", "complex64"]


def test_one_dtype_of_a_kind_speaks_for_all() -> None:
    """A sum of signs keeps every bit that was tried in float32; in float64 a zero changed its sign."""
    assert exact_floats("sum_neg") == [] and exact_dtypes(theory(s=(rnp.sin(-x), -rnp.sin(x)))["s"]) != ()


def test_an_explicit_pipeline_is_cut_down_stage_by_stage() -> None:
    pipeline = seq(default, specialize)
    assert repr(at_level(pipeline, "exact")) == "seq(normalize(default, form='exact'), normalize(specialized, form='plain'))"
    stage: Any = at_level(pipeline, "exact")
    assert "pow_3" not in stage.parts[1].theory and "square_pow" in stage.parts[1].theory
    assert at_level(pipeline, "domain") is pipeline
    end = rg.rewrite(a**3 + a**2 + rnp.log(1 + a), specialize, safety="exact")
    assert str(rg.show(end, types=False)) == "a**3 + square(a) + log(1 + a)"


@pytest.mark.parametrize("s", [identity, choice(), topdown(choice(identity)), seq(where(lambda t: t), not_(lambda t: None))],
    ids=repr)
def test_what_changes_nothing_passes(s: Strategy) -> None:
    assert repr(at_level(s, "exact")) == repr(s)


def test_functions_of_python_are_refused() -> None:
    unknown = seq(default, rule("mine", lambda t: None))
    with pytest.raises(MisuseError, match="what the Python function mine may change is not known; state it as a relation"):
        rg.function([a], rnp.exp(a), rewrite=unknown, safety="real", linker="numpy")
    assert rg.function([a], rnp.exp(a), rewrite=unknown, linker="numpy")(np.zeros(2)).tolist() == [1.0, 1.0]


def test_errors() -> None:
    with pytest.raises(MisuseError, match="safety: 'strict' is no level; write 'exact'"):
        rg.rewrite(a, safety="strict")
    with pytest.raises(RefusedRelation, match="wrong: "):
        theory(wrong=(rnp.log(x * y), rnp.log(x) + rnp.log(y))).at("exact")


def test_a_function_remembers_its_level() -> None:
    f = rg.function([a, b], t, linker="numpy", safety="exact")
    assert f.derivation.rules == {"sin_neg": 1}
    assert isinstance(at_level(default, "exact"), normalize)


def test_a_number_of_a_pattern_found_in_an_array_of_ones() -> None:
    """``squeeze(1/x) = 1/squeeze(x)`` sees the one of ``ones((1, 4))/x``; its instance has no axis to squeeze."""
    x, s = rg.vector("x", 4), rg.scalar("s")
    for y, shape in [(rnp.squeeze(rnp.ones((1, 4)) / x, 0), (4,)), (rnp.squeeze(rnp.ones((1, 1)) / s, 0), (1,))]:
        assert rg.rewrite(y, safety="exact").type.shape == shape
