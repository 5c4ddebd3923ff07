"""What verification says about equations whose truth is known, in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation, TheoryError
from relgraph.numpy import exp, expm1, log, log1p, logaddexp, sigmoid, softplus, sqrt, tanh
from relgraph.numpy import linalg as la
from relgraph.relations import predicates as p
from relgraph.relations.attributes import attribute_function, union_axes
from relgraph.relations.relation import attrs, literals, lvars
from relgraph.relations.verify import Verdict, instantiate, judge, measure
from relgraph.relations.verify.findings import LEVELS
from relgraph.terms import linalg as rows
from relgraph.terms.term import attr
from relgraph.terms.type import Type

x, y, z = lvars("x y z")
u, v = lvars("u v", kinds="fc")
i, j = lvars("i j", kinds="iu")
n, = lvars("n", kinds="biu")
c, d = literals("c d")
axis, axis2, perm = attrs("axis axis2 perm")
mT, mm = rnp.matrix_transpose, rnp.matmul
erf, erfc, logsumexp, log1mexp = rnp.special.erf, rnp.special.erfc, rnp.special.logsumexp, rnp.special.log1mexp


def mH(a: Any) -> Any:
    return rnp.conj(mT(a))


@dataclass(frozen=True)
class Row:
    """An equation, and what is expected: class and mark of ``->``, class of ``<-``."""

    name: str
    left: Any
    right: Any
    forward: str
    mark: str = "neutral"
    backward: str = ""
    guard: Any = ()
    slow: bool = False


TABLE = [
    Row("log1p", log(1 + x), log1p(x), "real", "repairs"),
    Row("expm1", exp(x) - 1, expm1(x), "real", "repairs"),
    Row("softplus", log1p(exp(x)), softplus(x), "real", "repairs"),
    Row("log1mexp", log(1 - exp(x)), log1mexp(x), "real", "repairs"),
    Row("sigmoid", exp(x) / (1 + exp(x)), sigmoid(x), "real", "repairs", "domain"),
    Row("sigmoid of minus", 1 / (1 + exp(-x)), sigmoid(x), "real"),
    Row("log sigmoid", log(sigmoid(x)), -softplus(-x), "real", "repairs"),
    Row("one minus sigmoid", 1 - sigmoid(x), sigmoid(-x), "real", "repairs"),
    Row("log exp", log(exp(x)), x, "real", "repairs"),
    Row("exp log", exp(log(x)), x, "real", guard=p.positive(x)),
    Row("exp log unguarded", exp(log(x)), x, "domain", "neutral", "false"),
    Row("sqrt of a product with itself", sqrt(x * x), rnp.abs(x), "real", "repairs"),
    Row("square of sqrt", sqrt(x)**2, x, "real", guard=p.nonnegative(x)),
    Row("erfc", 1 - erf(x), erfc(x), "real", "repairs"),
    Row("double", x + x, 2 * x, "exact"),
    Row("log sqrt", log(sqrt(x)), log(x) / 2, "real"),
    Row("tanh", tanh(x), 2 * sigmoid(2 * x) - 1, "real", "worsens"),
    Row("times zero", x * 0, 0, "domain", "repairs", "domain"),
    Row("cancel a factor", x * y / x, y, "domain", "repairs", "domain", p.nonzero(x), True),
    Row("cancel a finite factor", x * y / x, y, "real", "repairs", guard=p.nonzero(x) & p.finite(x) & p.finite(y)),
    Row("cancel a term", x + y - x, y, "domain", "repairs", "domain"),
    Row("product of exps", exp(x) * exp(y), exp(x + y), "real", "repairs"),
    Row("log of a product", log(x * y), log(x) + log(y), "real", "repairs", guard=p.positive(x) & p.positive(y)),
    Row("logaddexp", log(exp(x) + exp(y)), logaddexp(x, y), "real", "repairs"),
    Row("distribute", (x / y + 1) * y, x + y, "real", "repairs", guard=p.nonzero(y)),
    Row("quotient", x / y, x * (1 / y), "real", "worsens"),
    Row("difference", x - y, x + (-y), "exact"),
    Row("abs of a product", rnp.abs(x * y), rnp.abs(x) * rnp.abs(y), "exact"),
    Row("sqrt of a product", sqrt(x * y), sqrt(x) * sqrt(y), "false", "worsens", "domain"),
    Row("log of a square", log(x * x), 2 * log(x), "false", "neutral", "domain"),
    Row("cancel unguarded", x / x * y, y, "domain", "repairs", "false"),
    Row("commute", x + y, y + x, "exact"),
    Row("associate", (x + y) + z, x + (y + z), "real"),
    Row("add powers", x**c * x**d, x**(c + d), "real", "repairs", guard=p.positive(x) & p.finite(x)),
    Row("not less", rnp.logical_not(x < y), x >= y, "domain", "neutral", "domain"),
    Row("log2", rnp.log2(x), log(x) / 0.6931471805599453, "real"),
    Row("branch of log", log(u * v), log(u) + log(v), "false", "neutral", "false"),
    Row("product of complex exps", exp(u) * exp(v), exp(u + v), "real", "repairs"),
    Row("conjugate", rnp.conj(u * v), rnp.conj(u) * rnp.conj(v), "real"),
    Row("integers commute", i * j, j * i, "exact"),
    Row("integers wrap alike", (i + j) - j, i, "exact", guard=p.same_dtype(i, j)),
    Row("int64 and uint64 meet as floats", (i + j) - j, i, "real", "repairs"),
    Row("integers divide", i * 2 // 2, i, "false", backward="false"),
    Row("bool adds as or", n + n, n, "false", backward="false"),
    Row("logsumexp", log(rnp.sum(exp(x), axis)), logsumexp(x, axis), "real", "repairs"),
    Row("logprod", log(rnp.prod(x, axis)), rnp.sum(log(x), axis), "real", "repairs", guard=p.positive(x)),
    Row("softmax", log(rnp.special.softmax(x, -1)), x - rnp.expand_dims(logsumexp(x, -1), -1), "real", "repairs"),
    Row("sum of multiples", rnp.sum(c * x, axis), c * rnp.sum(x, axis), "real"),
    Row("max of minus", rnp.max(-x, axis), -rnp.min(x, axis), "exact"),
    Row("sums of narrow integers", rnp.sum(2 * i, axis), 2 * rnp.sum(i, axis), "false", backward="false"),
    Row("transpose twice", mT(mT(x)), x, "exact"),
    Row("transpose of a product", mT(mm(x, y)), mm(mT(y), mT(x)), "real"),
    Row("associate products", mm(mm(x, y), z), mm(x, mm(y, z)), "real"),
    Row("log det", log(la.det(x)), 2 * rnp.sum(log(la.diagonal(la.cholesky(x))), axis=-1), "real", "repairs", guard=p.pd(x)),
    Row("log det psd", log(la.det(x)), 2 * rnp.sum(log(la.diagonal(la.cholesky(x))), axis=-1), "real", "repairs",
        guard=p.psd(x)),
    Row("inverse of a product", la.inv(mm(x, y)), mm(la.inv(y), la.inv(x)), "real", "repairs", guard=p.square(x)),
    Row("inverse of any product", la.inv(mm(x, y)), mm(la.inv(y), la.inv(x)), "false", "repairs", "real"),
    Row("det of a product", la.det(mm(x, y)), la.det(x) * la.det(y), "domain", guard=p.square(x)),  # beside a pivot 0 no NaN
    Row("trace of a Kronecker product", la.trace(la.kron(x, y)), la.trace(x) * la.trace(y), "domain", guard=p.square(y)),
    Row("a factor out of a sum", rnp.sum(z * x, -1), z * rnp.sum(x, -1), "domain", guard=p.scalar(z)),  # of nothing
    Row("a function of its own", rnp.special.xlogy(x, y), x * log(y), "real", guard=p.nonzero(x)),
    Row("det of a transpose", la.det(mT(x)), la.det(x), "real"),
    Row("solve", mm(la.inv(x), y), la.solve(x, y), "real"),
    Row("inverse of a permutation", la.inv(x), mT(x), "real", guard=p.permutation(x)),
    Row("inverse of orthogonal", la.inv(u), mT(u), "real", guard=p.orthogonal(u)),
    Row("inverse of unitary", la.inv(u), mH(u), "real", guard=p.unitary(u)),
    Row("det of triangular", la.det(x), rnp.prod(la.diagonal(x), -1), "real", guard=p.lower_triangular(x)),
    Row("trace of a square product", rows.trace(mm(x, y)), rnp.sum(x * mT(y), axis=(-2, -1)), "real",
        guard=p.square(mm(x, y))),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r.name)
def test_class_and_mark(row: Row) -> None:
    found = measure(row.name, row.left, row.right, row.guard)
    assert (found.safety("->"), found.safety("<-")) == (row.forward, row.backward or row.forward), str(found)
    if row.forward != "false":
        assert found.mark() == row.mark, str(found)


@pytest.mark.parametrize("row", [r for r in TABLE if r.guard != ()], ids=lambda r: r.name)
def test_without_its_guard_an_equation_is_weaker(row: Row) -> None:
    guarded = measure(row.name, row.left, row.right, row.guard)
    try:
        bare = measure(row.name, row.left, row.right)
    except RefusedRelation:  # of other types where the guard does not hold
        return
    assert any(LEVELS.index(bare.safety(d)) > LEVELS.index(guarded.safety(d)) for d in ("->", "<-")), str(bare)


def test_the_mark_turns_round_with_the_direction() -> None:
    found = measure("log1p", log(1 + x), log1p(x))
    assert (found.mark("->"), found.mark("<-")) == ("repairs", "worsens")
    assert measure("back", log1p(x), log(1 + x)).mark() == "worsens"


# -- what is refused ------------------------------------------------------------------------------------------------------

PLANTED: list[tuple[str, Any, Any, Any, str, list[str]]] = [
    ("sqrt_swapped", rnp.square(sqrt(x)), rnp.abs(x), (), "real", ["x = -1.0", "undefined"]),
    ("square_swapped", sqrt(x**2), x, (), "real", ["x = -1.0", "left  = 1.0", "right = -1.0"]),
    ("missing_nonzero", x / x, 1, p.finite(x), "real", ["x = 0.0", "left  = nan"]),
    ("times_zero_exact", x * 0, 0, (), "exact", ["x = nan"]),
    ("times_zero_real", x * 0, 0, (), "real", ["x = nan"]),
    ("times_zero_finite_exact", x * 0, 0, p.finite(x), "exact", []),
    ("floor_divide_by_one", x // 1, x, (), "real", ["left  = 0.0"]),
    ("det_without_sign", la.det(x), rnp.prod(la.diagonal(la.qr(x)[1]), -1), (), "real", ["left", "exactly"]),
    ("orthogonal_for_unitary", la.inv(u), mH(u), p.orthogonal(u), "real", ["complex128", "j"]),
    ("unitary_for_orthogonal", la.inv(u), mT(u), p.unitary(u), "real", ["complex128", "j"]),
    ("batch_blind", log(la.det(x)), 2 * rnp.sum(log(la.diagonal(la.cholesky(x))), axis=(-2, -1)), p.pd(x), "real",
     ["x = float64[3, 4, 4]"]),
    ("sqrt_of_product", sqrt(x * y), sqrt(x) * sqrt(y), (), "real", ["x = -1.0, y = -1.0", "exactly: 1.0", "undefined"]),
    ("log_of_square", log(x**2), 2 * log(x), (), "real", ["x = -1.0"]),
    ("sum_of_products", rnp.sum(x * y, axis), x * rnp.sum(y, axis), (), "real", ["axis = (-1,)"]),
    ("sum_of_sums", rnp.sum(x + y, axis), rnp.sum(x, axis) + rnp.sum(y, axis), (), "real", ["axis = (-1,)"]),
    ("trace_of_product", rows.trace(mm(x, y)), rnp.sum(x * mT(y), axis=(-2, -1)), (), "real", ["float64[3, 4]"]),
    ("reals_do_not_associate", (x + y) + z, x + (y + z), (), "exact", ["declared exact"]),
    ("powers", (x**c)**d, x**(c * d), (), "real", []),
    ("unsigned", rnp.abs(i - j), rnp.abs(j - i), (), "exact", ["uint"]),
]


@pytest.mark.parametrize(("name", "left", "right", "guard", "declared", "said"), PLANTED, ids=[q[0] for q in PLANTED])
def test_planted_wrong_rules_are_refused(name: str, left: Any, right: Any, guard: Any, declared: str, said: list[str]) -> None:
    with pytest.raises(RefusedRelation) as e:
        judge(name, left, right, guard, declared)
    text = str(e.value)
    assert text.startswith(f"{name}: ")
    assert " = " in text.splitlines()[0]
    for part in said:
        assert part in text, text


def test_an_all_axes_sum_is_refused_on_batches() -> None:
    """Right for one matrix, wrong for a batch of them."""
    all_axes = attribute_function(lambda t: attr(tuple(range(-t.type.ndim, 0))))
    logs = log(la.diagonal(la.cholesky(x)))
    with pytest.raises(RefusedRelation, match="float64\\[2, 3, 3\\]"):
        judge("batch_blind", log(la.det(x)), 2 * rnp.sum(logs, all_axes(logs)), p.pd(x))
    assert judge("one_matrix", log(la.det(x)), 2 * rnp.sum(logs, all_axes(logs)),
                 p.pd(x) & p.at_most_rank(x, 2)).safety() == "real"


def test_a_product_that_overflows_may_not_be_declared_harmless() -> None:
    positive = p.positive(x) & p.positive(y) & p.positive(z)
    left, right = log(x) + log(y) + log(z), log(x * y * z)
    assert judge("log_product", left, right, positive).mark() == "worsens"
    with pytest.raises(RefusedRelation, match="worsens, declared neutral"):
        judge("log_product", left, right, positive, mark="neutral")


def test_weaker_than_declared() -> None:
    assert judge("explog", exp(log(x)), x, declared="domain").safety() == "domain"
    with pytest.raises(RefusedRelation, match="is domain for float64, declared real"):
        judge("explog", exp(log(x)), x)
    with pytest.raises(TheoryError, match="declared 'true'"):
        judge("explog", exp(log(x)), x, declared="true")


def test_an_impossible_type() -> None:
    with pytest.raises(TheoryError, match="impossible type"):
        judge("nowhere", rnp.maximum(u, 1), u, dtypes=["complex128"])
    with pytest.raises(TheoryError, match="impossible type"):
        judge("nowhere", la.det(rnp.sum(x, (-3, -2, -1))), x)


# -- dtypes ---------------------------------------------------------------------------------------------------------------

def test_verified_dtypes_follow_the_kinds_of_the_variables() -> None:
    assert measure("comm", x + y, y + x).dtypes() == ("float64", "float32")
    integers = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
    assert set(measure("comm", i + j, j + i).dtypes()) == integers
    assert measure("comm", u + v, v + u).dtypes() == ("float64", "float32", "complex128", "complex64")
    assert measure("one", x + y, y + x, dtypes=["float32"]).dtypes() == ("float32",)


@pytest.mark.parametrize(("left", "right"), [
    (rnp.where(rnp.greater(x, 0), -i, -j), -rnp.where(rnp.greater(x, 0), i, j)),
    (rnp.equal(-i, -j), rnp.equal(i, j)),
    (rnp.bitwise_and(rnp.bitwise_invert(i), rnp.bitwise_invert(j)), rnp.bitwise_invert(rnp.bitwise_or(i, j))),
])
def test_integers_of_two_widths_wrap_at_different_numbers(left: Any, right: Any) -> None:
    """True where all operands have one dtype, false where they do not."""
    with pytest.raises(RefusedRelation, match="left  ="):
        judge("apart", left, right)
    assert judge("alike", left, right, p.same_dtype(i, j), "exact").safety() == "exact"


def test_comparisons_may_be_shifted_by_infinities() -> None:
    """bool results at infinite inputs are compared as numbers are."""
    assert judge("shift", x + y < z + y, x < z, p.finite(y)).safety() == "real"
    with pytest.raises(RefusedRelation, match="y = nan"):
        judge("shift", x + y < z + y, x < z)


def test_one_false_dtype_leaves_the_others() -> None:
    found = measure("inverse", la.inv(u), mT(u), p.unitary(u))
    assert (found.safety("->", "float64"), found.safety("->", "complex128")) == ("real", "false")
    assert found.dtypes() == ("float64", "float32")


# -- instances ------------------------------------------------------------------------------------------------------------

def test_numbers_take_the_dtype_of_their_operands() -> None:
    t = rg.vector("t", dtype="float32")
    assert instantiate(1 + 0.5 * x, {x: t}) is 1 + 0.5 * t
    assert instantiate(2 * x, {x: rg.vector("k", dtype="int8")}).type == Type("int8", ("k0",))
    assert instantiate(measure and (x * 0), {x: t}).type.dtype == np.float32
    assert instantiate(rnp.where(x > 0, x, 1), {x: t}).type.dtype == np.float32
    assert instantiate(rnp.conj(x), {x: t}) is t


def test_attribute_functions_are_evaluated() -> None:
    t = rg.tensor("t", shape=(2, 3, 4))
    pattern = rnp.sum(x, union_axes(axis, axis2))
    assert instantiate(pattern, {x: t, axis: attr((-1,)), axis2: attr((-2,))}) is rnp.sum(t, (-3, -1))
    assert measure("sums", rnp.sum(rnp.sum(x, axis), axis2), pattern).safety() == "real"


def test_a_missing_value_is_said() -> None:
    with pytest.raises(TheoryError, match="no value for the logic variable y"):
        instantiate(x + y, {x: rg.scalar("a")})


# -- verdicts as values ---------------------------------------------------------------------------------------------------

def test_a_verdict_prints_and_is_plain_data() -> None:
    import json
    found = measure("sqrt_of_product", sqrt(x * y), sqrt(x) * sqrt(y))
    assert Verdict.from_json(json.loads(json.dumps(found.to_json()))) == found
    text = str(found)
    assert text.splitlines()[0] == "sqrt_of_product: sqrt(x*y) = sqrt(x)*sqrt(y)"
    assert "float64  ->         false" in text
    example = found.example()
    assert example is not None and example.inputs == (("x", "-1.0"), ("y", "-1.0"))
    assert (example.left, example.right, example.left_true, example.right_true) == ("1.0", "nan", "1.0", "undefined")
