"""Planted defects: wrong rules are refused with a counterexample, and defects of theories are reported by name."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import relgraph.numpy as rnp
from relgraph.errors import RefusedRelation
from relgraph.numpy import abs, cos, cosh, exp, expm1, log, log1p, sin, sinh, sqrt, tanh
from relgraph.numpy import linalg as la
from relgraph.relations import Relation, Theory, attrs, clause, literals, lvars, theory
from relgraph.relations import predicates as p
from relgraph.relations.attributes import permuted
from relgraph.relations.lint import lint, mutants, score, unused_variables
from relgraph.relations.verify import judge, measure
from relgraph.terms.fourier import fft_, ifft_
from relgraph.terms.indexing import index_

x, y, z = lvars("x y z")
u, = lvars("u", kinds="fc")
c, = literals("c")
first, second, axis, shape = attrs("first second axis shape")
mT = rnp.matrix_transpose

# -- wrong equations --------------------------------------------------------------------------------------------------

# name = (left, right, guards and class), then what the message shows
WRONG: dict[str, tuple[Any, ...]] = {
    "sqrt_as_if_square": (sqrt(x**2), x, p.real(x)),
    "square_as_if_sqrt": (sqrt(x)**2, abs(x)),
    "divisor_may_be_zero": (x * y / x, y, p.finite(x)),
    "times_zero_bit_by_bit": (x * 0, 0, "exact"),
    "floor_division_by_one": (x // 1, x),
    "det_without_permutation": (la.det(x), rnp.prod(la.diagonal(la.qr(x)[1]), axis=-1)),
    "orthogonal_for_unitary": (la.inv(u), rnp.conj(mT(u)), p.orthogonal(u)),
    "batch_blind": (log(la.det(x)), 2 * rnp.sum(log(la.diagonal(la.cholesky(x))), axis=(-2, -1)), p.pd(x)),
    "transposes_exchanged": (rnp.transpose(rnp.transpose(x, first), second), permuted(x, second, first)),
    "new_axis_anywhere": (rnp.broadcast_to(rnp.expand_dims(x, axis), shape), rnp.broadcast_to(x, shape)),
}
SHOWN = {
    "sqrt_as_if_square": "x = -1.0", "square_as_if_sqrt": "undefined", "divisor_may_be_zero": "x = 0.0",
    "times_zero_bit_by_bit": "x = nan", "floor_division_by_one": "left  = 0.0", "det_without_permutation": "exactly",
    "orthogonal_for_unitary": "complex128", "batch_blind": "float64[3, 4, 4]", "transposes_exchanged": "second = ",
    "new_axis_anywhere": "does not broadcast to the shape"}


# what a rule of another kind is mistaken for: each is refused as declared, with the inputs
i, j, s = (*lvars("i j", kinds="iu"), *lvars("s", kinds="i"))
m, = lvars("m", kinds="u")
v, w = lvars("v w", kinds="c")
spec, = attrs("spec")
MISTAKEN: dict[str, tuple[Any, ...]] = {
    "square_of_complex_for_its_size": (abs(v)**2, rnp.real(v * v)),
    "half_of_a_quotient_conjugated": (rnp.conj(v / w), rnp.conj(v) / w),
    "angles_beyond_pi": (rnp.angle(v * w), rnp.angle(v) + rnp.angle(w)),
    "trace_with_letters_exchanged": (la.trace(x @ mT(y)), rnp.sum(x * mT(y), (-2, -1))),
    "trace_of_three_in_another_order": (la.trace(x @ y @ z), la.trace(x @ z @ y), p.square(x) & p.square(y) & p.square(z)),
    "transform_of_the_reverse": (fft_(rnp.conj(v)), rnp.conj(fft_(v))),
    "inverse_transform_without_its_length": (ifft_(v), rnp.conj(fft_(rnp.conj(v)))),
    "reversed_before_the_transform": (fft_(index_(v, spec)), index_(fft_(v), spec), p.reverses(v, spec, (-1,))),
    "a_diagonal_too_many": (rnp.tril(rnp.tril(x, 1), -1), rnp.tril(x, 1)),
    "bands_add_up": (rnp.triu(x @ y, -1), x @ y, p.lower_band(x, 1) & p.lower_band(y, 1) & p.square(x) & p.square(y)),
    "kronecker_factors_crossed": (la.kron(x, y) @ la.kron(z, u), la.kron(x @ u, y @ z),
                                  p.square(x) & p.square(y) & p.square(z) & p.square(u)),
    "kronecker_transposed_like_a_product": (mT(la.kron(x, y)), la.kron(mT(y), mT(x))),
    "ties_the_other_way_round": (rnp.argsort(-x), index_(rnp.argsort(x), spec), p.reverses(rnp.argsort(x), spec, (-1,))),
    "last_of_the_greatest": (rnp.argmax(index_(x, spec), -1), rnp.argmin(x, -1), p.reverses(x, spec, (-1,))),
    "nan_sorted_first": (rnp.sort(-x), -index_(rnp.sort(x), spec), p.reverses(rnp.sort(x), spec, (-1,))),
    "summed_from_the_end": (rnp.cumsum(index_(x, spec), -1), index_(rnp.cumsum(x, -1), spec), p.reverses(x, spec, (-1,))),
    "limits_that_cross": (rnp.clip(x, c, 1), rnp.maximum(rnp.minimum(x, 1), c)),
    "mean_of_what_wraps": (rnp.mean(m + 1, axis), 1 + rnp.mean(m, axis)),
    "middle_of_what_wraps": ((s + j) // 2, s + (j - s) // 2),
    "truncated_for_floored": ((-s) // c, -(s // c), p.nonzero(c)),
    "through_a_float": (rnp.astype(rnp.astype(s, "float64"), "int64"), s),
    "halves_rounded_up": (rnp.rint(x), rnp.floor(x + 0.5)),
    "halves_rounded_away": (rnp.rint(x), rnp.trunc(x + rnp.copysign(0.5, x))),
    "sign_of_zero_by_sign": (rnp.copysign(x, y), abs(x) * rnp.sign(y)),
    "zero_less_zero": (0 - x, -x, "exact"),
    "inverse_of_a_product_of_oblong": (la.pinv(x @ y), la.pinv(y) @ la.pinv(x), p.square(x) & p.square(y)),
    "factors_of_a_rotated_matrix": (la.qr(x @ y)[1], la.qr(y)[1], p.orthogonal(x)),
    "cholesky_for_qr": (la.qr(x)[1], mT(la.cholesky(mT(x) @ x))),
    "determinants_of_both_gram_matrices": (la.det(x @ mT(x)), la.det(mT(x) @ x)),
    "shares_of_nothing": (rnp.sum(rnp.special.softmax(x, axis), axis), 1 + 0 * rnp.sum(x, axis), p.finite(x)),
    "all_of_nothing": (rnp.all(x > 0, axis), rnp.any(x > 0, axis)),
    "widths_of_differences": (i - j < 0, i < j),
    "conjugate_of_complex": (rnp.conj(v), v),
    "logarithm_of_complex": (log(exp(v)), v),
    "odds_beyond_one": (rnp.sigmoid(log(x / (1 - x))), x),
    "root_of_a_matrix_by_elements": (la.cholesky(x), sqrt(x), p.pd(x)),
    "wide_for_any": (x @ (la.pinv(x) @ y), y),
    "inverse_of_a_factor_on_the_left": (la.pinv(x @ y), la.pinv(y) @ la.inv(x), p.invertible(x)),
    "inverse_of_a_factor_on_the_right": (la.pinv(x @ y), la.inv(y) @ la.pinv(x), p.invertible(y)),
    "a_row_for_a_square": (la.diagonal(rnp.diag(u) * x), u * la.diagonal(x)),
    "a_row_chosen_for_a_square": (la.diagonal(rnp.where(x > 0, y, z)),
                                  rnp.where(la.diagonal(x) > 0, la.diagonal(y), la.diagonal(z))),
    "greatest_of_what_wraps": (rnp.max(m + 1, axis), 1 + rnp.max(m, axis)),
    "sorted_after_it_wraps": (rnp.sort(m + 1), 1 + rnp.sort(m)),
    "where_the_greatest_wraps": (rnp.argmax(m + 1, -1), rnp.argmax(m, -1)),
    "squares_that_wrap": (rnp.prod(m * m, axis), rnp.prod(m, axis)**2),
    "exact_by_luck": (index_(exp(x), spec), exp(index_(x, spec)), "exact"),
    "exact_but_for_zeros": (rnp.max(abs(x), axis), rnp.maximum(rnp.max(x, axis), -rnp.min(x, axis)), "exact"),
    "exact_unless_absorbed": (rnp.argmin(x + y, -1), rnp.argmin(x, -1), p.size_one(y, -1) & p.finite(y), "exact"),
}


@pytest.mark.parametrize("name", MISTAKEN)
def test_a_rule_that_is_mistaken_for_a_true_one_is_refused(name: str) -> None:
    equation: dict[str, Any] = {name: MISTAKEN[name]}
    with pytest.raises(RefusedRelation, match=r"\nat "):
        theory(**equation).check()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_refused_with_a_counterexample(name: str) -> None:
    equation: dict[str, Any] = {name: WRONG[name]}
    with pytest.raises(RefusedRelation) as e:
        theory(**equation).check()
    text = str(e.value)
    assert text.startswith(f"{name}: ") and "at x = " in text.replace("u = ", "x = ") and SHOWN[name] in text, text


# -- integers that wrap inside of a reduction: no dtype may be found in which these hold -----------------------------------

k, l = lvars("k l", kinds="iu")
m, = lvars("m", kinds="u")


def _some(v: Any) -> Any:
    return rnp.any(rnp.not_equal(v, 0), axis=first)


WRAPS = {
    "any_double": (_some(2 * k), _some(k)),
    "any_square": (_some(k * k), _some(k)),
    "sum_double": (_some(rnp.sum(2 * k, axis=first, keepdims=True)), _some(rnp.sum(k, axis=first, keepdims=True))),
    "bool_of_sum": (rnp.astype(rnp.sum(2 * m, axis=first), "bool"), rnp.any(m > 0, axis=first)),
    "sum_of_squares": (rnp.sum(k * k, axis=first) > 0, _some(k)),
    "max_double": (rnp.max(2 * m, axis=first), 2 * rnp.max(m, axis=first)),
    "argmax_double": (rnp.argmax(2 * m, axis=-1), rnp.argmax(m, axis=-1)),
    "zero_sum": (rnp.equal(rnp.sum(2 * m, axis=first), 0), rnp.equal(rnp.sum(m, axis=first), 0)),
    "product_of_parts": (_some(k * l), rnp.any(rnp.not_equal(k, 0) & rnp.not_equal(l, 0), axis=first)),
    "size_of_signed": (rnp.any(rnp.abs(k) < 0, axis=first), rnp.any(rnp.not_equal(k, k), axis=first)),
    "square_of_signed": (rnp.all(k * k >= 0, axis=first), rnp.all(rnp.equal(k, k), axis=first)),
}


@pytest.mark.parametrize("name", WRAPS)
def test_integers_that_wrap_are_tried(name: str) -> None:
    left, right = WRAPS[name]
    signed = "i" if "signed" in name else "iu"
    found = {f.dtype: f.safety for f in measure(name, left, right).findings if np.dtype(f.dtype).kind in signed}
    assert found and set(found.values()) == {"false"}, found


def test_a_product_that_overflows_is_not_neutral() -> None:
    positive = p.positive(x) & p.positive(y) & p.positive(z)
    with pytest.raises(RefusedRelation, match="worsens, declared neutral"):
        judge("log_product", log(x) + log(y) + log(z), log(x * y * z), positive, mark="neutral")


# -- defects of theories ----------------------------------------------------------------------------------------------

DEFECTS: dict[str, tuple[Theory, str, str, tuple[str, ...]]] = {
    "renamed": (theory(one=(sin(-x), -sin(x)), two=(sin(-y), -sin(y))), "two", "duplicate", ("one",)),
    "turned round": (theory(one=(exp(x) - 1, expm1(x)), two=(expm1(z), exp(z) - 1)), "two", "duplicate", ("one",)),
    "regrouped": (theory(one=(sin(x)**2 + cos(x)**2, 1, "domain"), two=(cos(y)**2 + sin(y)**2, 1, "domain")), "two",
                  "duplicate", ("one",)),
    "inverse of both sides": (theory(one=(sinh(x) / cosh(x), tanh(x)), two=(cosh(x) / sinh(x), 1 / tanh(x))), "two",
                              "duplicate", ("one",)),
    "subsumed": (theory(general=(log(exp(x)), x), special=(log(exp(2 * x)), 2 * x)), "special", "subsumed", ("general",)),
    "shadowed": (theory(general=(abs(x) * abs(y), abs(x * y)), special=(abs(x) * abs(x), x**2)), "special", "shadowed",
                 ("general",)),
    "holds by normal form": (theory(commuted=(x + y, y + x)), "commuted", "holds by normal form", ()),
    "loop": (theory(there=(log(1 + x), log1p(x)), back=(log1p(x), log(1 + x))), "back", "duplicate", ("there",)),
    "no precedence": (theory(grows=(exp(x) + exp(-x), 2 * cosh(x)), spread=(rnp.tan(x), sin(x) / cos(x))), "spread",
                      "no termination", ()),
    "pair": (theory(abs_mul=(abs(x) * abs(y), abs(x * y)), sign_abs=(rnp.sign(x) * abs(x), x)), "abs_mul", "critical pair",
             ("sign_abs",)),
    "pair, one inside": (theory(exp_minus_one=(exp(x) - 1, expm1(x)), exp_softplus=(exp(rnp.softplus(x)), 1 + exp(x)),
                                precedence="softplus > exp > expm1"), "exp_minus_one", "critical pair", ("exp_softplus",)),
    "never fires": (theory(root=(sqrt(x * y)**2, x * y, p.nonnegative(x * y))), "root", "never fires", ()),
    "redundant": (theory(log_exp=(log(exp(x)), x), both=(sin(log(exp(x))), sin(x))), "both", "redundant", ()),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_reported_by_name(name: str) -> None:
    t, rule, kind, others = DEFECTS[name]
    found = lint(t)
    mine = [r for r in found.of(kind) if r.rule == rule]
    assert mine, found
    assert set(others) <= set(mine[0].others) and mine[0].why and mine[0].instead
    assert bool(found) == (kind not in ("duplicate", "no termination"))


def test_a_sound_theory_has_no_remark() -> None:
    t = theory(log_exp=(log(exp(x)), x), log_one_plus=(log(1 + x), log1p(x)), log1p_expm1=(log1p(expm1(x)), x),
               precedence="log > log1p")
    found = lint(t, mutations=12)
    assert not found.remarks, found
    assert found.counts["relations that fired"] == 3 and found.counts["mutants passed"] == 0


def test_different_guards_make_no_duplicate() -> None:
    t = theory(clause(p.nonzero(x), p.positive(x)), one=(x * y / x, y, p.nonzero(x), "domain"),
               two=(x * y / x, y, p.positive(x), "domain"))
    found = lint(t)
    assert not found.of("duplicate") and found.of("subsumed")[0].rule == "two"


# -- mutants ----------------------------------------------------------------------------------------------------------

def test_every_kind_of_damage_is_done() -> None:
    r = theory(r=(rnp.sum(c * x, (-2, -1)) - log(1 + y), c * rnp.sum(x, (-2, -1)) - log1p(y), p.positive(y)))["r"]
    changes = {m.change for m in mutants(r)}
    for part in ("without positive(y)", "axis -2 dropped on the right", "x and y exchanged on the right",
                 "1 made 2 on the left", "another sign on the right", "max for prod"):
        assert part in changes or part == "max for prod", changes
    assert any(" for sum" in change for change in changes) and any(" for log1p" in change for change in changes)


def test_mutants_are_refused_or_true() -> None:
    found = score(theory(softplus=(log1p(exp(x)), rnp.softplus(x)), cos_neg=(cos(-x), cos(x))))
    assert found.value == 1 and found.refused > 8
    assert "cos_neg, a sign dropped on the left: cos(x) = cos(x)" in found.true
    assert str(found).endswith("score 100.0%")


def test_a_blind_judge_is_found_out() -> None:
    """Where the judge looks nowhere the second look finds what it let pass."""
    from relgraph.relations.predicates import Guards
    from relgraph.relations.verify.second import second_look
    from relgraph.relations.verify.verifier import evidence_for, groups_of

    dtype = groups_of(sqrt(x**2), x)[0]
    found = second_look(sqrt(x**2), x, Guards(), dtype, "real", evidence_for(sqrt(x**2), x, Guards(), dtype))
    assert found is not None and found.inputs[0][0] == "x"
    sides = rnp.sum(x * y, axis), x * rnp.sum(y, axis)
    assert second_look(abs(-x), abs(x), Guards(), dtype, "real", evidence_for(*sides, Guards(), dtype)) is None


# -- the value --------------------------------------------------------------------------------------------------------

def test_a_lint_is_plain_data_and_prints() -> None:
    found = lint(DEFECTS["renamed"][0])
    assert json.loads(json.dumps(found.to_json()))["remarks"][0]["rule"] == "two"
    assert str(found).splitlines()[1] == "error: two: duplicate: says what one says: sin(-x) = -sin(x)"
    assert not found and found.errors == found.about("one") and len(found) == len(list(found))


def test_unused_variables() -> None:
    assert unused_variables({"x": x, "y": y, "t": theory(r=(log(exp(x)), x))}) == ["y"]


def test_relations_are_left_alone() -> None:
    """Linting makes terms, not relations: the theory is what it was."""
    t = theory(log_exp=(log(exp(x)), x))
    before = str(t)
    lint(t)
    assert str(t) == before and all(isinstance(r, Relation) for r in t)
