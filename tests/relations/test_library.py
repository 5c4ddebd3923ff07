"""Every theory of the library: true, oriented, ending, with its verdicts shipped."""

from __future__ import annotations

import importlib
import pkgutil
import random
import tomllib
from typing import Any

import pytest

import relations_library
from relations_library.__main__ import clauses, relations
from relations_library.pipelines import canonical, default, everything, linear_algebra, specialize, stable
from relgraph.relations import Clause, Relation, Theory
from relgraph.relations.predicates import all_of
from relgraph.relations.verify import ClauseVerdict, Verdict, check_clause, measure, store, verdict
from relgraph.relations.verify.verifier import as_pattern


def modules() -> list[Any]:
    names = [m.name for m in pkgutil.iter_modules(relations_library.__path__)]
    return [importlib.import_module(f"relations_library.{n}") for n in names if n != "__main__"]


THEORIES: dict[str, Theory] = {f"{m.__name__}.{n}": t for m in modules() for n, t in vars(m).items() if isinstance(t, Theory)}
RELATIONS: dict[str, Relation] = relations()
CLAUSES = clauses()


def key(r: Relation) -> str:
    return store.key_of(as_pattern(r.lhs), as_pattern(r.rhs), all_of(r.guards))


def test_there_are_enough() -> None:
    assert len(RELATIONS) >= 60 and len(everything) >= 60


def test_a_name_means_one_equation_stated_in_one_place() -> None:
    """Theories share relations, or turn one round; none is written again."""
    stated: dict[str, Relation] = {}
    for t in THEORIES.values():
        for r in t.equations():
            one = stated.setdefault(r.name, r)
            assert one is r or str(one) == str(r.reversed()), f"{r.name} stands in two places"


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_is_as_true_as_declared(name: str) -> None:
    r = RELATIONS[name]
    found = verdict(r)  # refuses what is false, or weaker than declared
    assert found.mark("->") != "worsens", found


def test_verdicts_are_shipped_and_current() -> None:
    """Each lies in the package under the key of what the relation is now: else run ``python -m relations_library``."""
    shipped = store.shipped()
    assert [r.name for r in RELATIONS.values() if key(r) not in shipped] == []
    assert [str(c) for c in CLAUSES if store.key_of_clause(c) not in shipped] == []
    current = {*map(key, RELATIONS.values()), *map(store.key_of_clause, CLAUSES)}
    assert [v for k, v in shipped.items() if k not in current] == []


@pytest.mark.parametrize("name", random.Random(7).sample(sorted(RELATIONS), 12))
def test_a_verdict_computed_anew_is_the_shipped_one(name: str) -> None:
    r = RELATIONS[name]
    again = measure(name, r.lhs, r.rhs, all_of(r.guards))
    stored = Verdict.from_json({**store.shipped()[key(r)], "name": name})
    for direction in ("->", "<-"):
        assert again.safety(direction) == stored.safety(direction)
        assert again.mark(direction) == stored.mark(direction)
    assert again.guards == stored.guards


@pytest.mark.parametrize("found", random.Random(7).sample(CLAUSES, 12), ids=str)
def test_a_clause_judged_anew_has_the_shipped_verdict(found: Clause) -> None:
    """But for how many points were judged: whether a matrix without an inverse has one after rounding, a processor decides."""
    again, stored = check_clause(found), ClauseVerdict.from_json(store.shipped()[store.key_of_clause(found)])
    assert (again.clause, again.dtypes, again.admitted) == (stored.clause, stored.dtypes, stored.admitted)
    assert (again.judged > 0) == (stored.judged > 0)


def test_the_package_contains_the_verdicts() -> None:
    file = store.shipped_file()
    assert file is not None and file.is_file() and file.parent.name == "relations_library"
    project = tomllib.loads((file.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    targets = project["tool"]["hatch"]["build"]["targets"]
    assert "relations_library" in targets["wheel"]["packages"] and "/relations_library" in targets["sdist"]["include"]
    assert "exclude" not in targets["wheel"] and "exclude" not in targets["sdist"]


# -- orientation and termination ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", THEORIES)
def test_every_rule_makes_terms_smaller(name: str) -> None:
    arguments = THEORIES[name].termination()
    assert [rule for rule, why in arguments.items() if not why] == []
    assert set(arguments.values()) <= {"shrinks", "precedence"}


def test_domain_is_changed_by_a_named_list_only() -> None:
    """What may turn NaN or an infinity into a number, or back; `docs/decisions.md` says why each is worth it."""
    named = {r.name for r in everything.equations() if r.declared == "domain"}
    shown = {"log_det_product"}  # by another trial than the judge's, a batch of zeros with a NaN in one matrix
    assert {r.name for r in everything.equations() if verdict(r).safety() == "domain"} == named - shown
    assert named == {*"cancel log_pow mul_zero pow_pow sign_pos diag_columns diag_rows kron_diag log_det_expm".split(),
                     *"det_diag det_inv det_product kron_det kron_log_det log_det_inv log_det_product sign_det_diag".split(),
                     *"kron_sum kron_trace logsumexp_offset sum_factor".split()}


@pytest.mark.parametrize("pipeline", [canonical, stable, linear_algebra, default, specialize], ids=lambda p: p.theory.name)
def test_pipelines(pipeline: Any) -> None:
    for rule in pipeline.theory.compiled(pipeline.form).rules:
        assert rule.matcher is not None and rule.direction == "->"


# -- what compiling makes of them --------------------------------------------------------------------------------------------

def test_what_is_dropped_and_why() -> None:
    assert everything.compiled().dropped == DROPPED


def test_what_inter_reduction_finds() -> None:
    """Left sides that other rules would have rewritten before they could match."""
    assert [reduced for _, reduced in everything.compiled().reduced.values()] == REDUCED


DROPPED = {
    "concat_first": "holds by the normal form",
    "log_inverse": "follows from the other rules",
    "sigmoid": "follows from the other rules",
    "sigmoid_neg": "follows from the other rules",
    "logsumexp_mean": "its left side becomes add, which cannot be oriented",
    "inv_transpose": "its left side becomes permuted, which cannot be oriented",
    "diagonal_neg": "follows from the other rules",
    "square_index": "its left side becomes power, which cannot be oriented",
    "square_diagonal": "its left side becomes power, which cannot be oriented",
    "greater_index": "follows from the other rules",
    "greater_equal_index": "follows from the other rules",
    "positive_index": "follows from the other rules",
    "sum_neg": "follows from the other rules",
}
REDUCED = [
    "erfc_mills (inverse): erfc(c*x)*exp(c**2*x**2) -> erfcx(c*x)",
    "erfc_mill (inverse): exp(c*x**2)*erfc(d*x)**n -> exp((c + -(n*d**2))*x**2)*erfcx(d*x)**n   if at_most(abs(c - n*d*d), "
    "1e-12*c)",
    "erfc_mill_one (inverse): exp(x**2)*erfc(d*x)**n -> exp((1 + -(n*d**2))*x**2)*erfcx(d*x)**n   if at_most(abs(1 - "
    "n*d*d), 1e-12)",
    "erfcx_unscaled (inverse): exp(x**2)*reciprocal(erfcx(x)) -> reciprocal(erfc(x))",
    "expm1_bend (inverse): exp(-x)*expm1(x)**2 -> -(expm1(x)*expm1(-x))",
    "expm1_evens (inverse): exp(-(c*x))*expm1(x)**c -> expm1(-x)**c   if even(c) and nonzero(c)",
    "expm1_odds (inverse): exp(-(c*x))*expm1(x)**c -> -expm1(-x)**c   if odd(c)",
    "sigmoid_ratio (inverse): reciprocal(sigmoid(x + -log(1))) -> reciprocal(sigmoid(x))",
    "sigmoid_odds (inverse): reciprocal(sigmoid(x))*sigmoid(-x) -> exp(-x)",
    "sigmoid_square (inverse): exp(x)*reciprocal(sigmoid(x)**2) -> reciprocal(sigmoid(x))*reciprocal(sigmoid(-x))",
    "sigmoid_one (inverse): reciprocal(sigmoid(-x)**d)*sigmoid(-x) -> reciprocal(sigmoid(-x)**(-1 + d))   if positive(d - "
    "1)",
    "sigmoid_ones (inverse): sigmoid(-x)**2*reciprocal(sigmoid(-x)**d) -> reciprocal(sigmoid(-x)**(-2 + d))   if positive(d"
    " - 2)",
    "sigmoid_exps (inverse): exp(-(c*x))*reciprocal(sigmoid(d*x)**n) -> reciprocal(sigmoid(-(d*x))**n)   if equal_to(c + "
    "n*d, 0) and positive(c)",
    "sigmoid_exps_by (inverse): exp(-(c*x))*reciprocal(sigmoid(-x)**d) -> reciprocal(sigmoid(x)**c)*reciprocal(sigmoid(-x))"
    "   if equal_to(d - c, 1) and positive(c)",
    "softplus_max: maximum(0, x) + softplus(-abs(x)) -> softplus(x)",
    "softplus_max (inverse): -maximum(0, x) + -softplus(-abs(x)) -> -softplus(x)",
    "softplus_max (multiple): times*maximum(0, x) + times*softplus(-abs(x)) -> times*softplus(x)",
    "softplus_max (inverse multiple): -(times*maximum(0, x)) + -(times*softplus(-abs(x))) -> -(times*softplus(x))",
    "softmax (inverse): exp(-x)*expand_dims(sum(exp(x), axis=axis), axis=axis) -> reciprocal(softmax(x, axis=axis))",
    "softmax_all (inverse): exp(-x)*sum(exp(x), axis=axis) -> reciprocal(softmax(x, axis=axis))   if all_axes(x, axis)",
    "softmax_over (inverse): exp(-x)*expand_dims(sum(exp(x), axis=axis), axis=axis)**2 -> expand_dims(sum(exp(x), "
    "axis=axis), axis=axis)*reciprocal(softmax(x, axis=axis))",
    "softmax_into (inverse): exp(-x)*reciprocal(z + y*reciprocal(expand_dims(sum(exp(x), axis=axis), axis=axis))) -> "
    "reciprocal(y*softmax(x, axis=axis) + z*exp(x))",
    "softmax_into_one (inverse): exp(-x)*reciprocal(z + reciprocal(expand_dims(sum(exp(x), axis=axis), axis=axis))) -> "
    "reciprocal(z*exp(x) + softmax(x, axis=axis))",
    "softmax_into_all (inverse): exp(-x)*reciprocal(z + y*reciprocal(sum(exp(x), axis=axis))) -> reciprocal(y*softmax(x, "
    "axis=axis) + z*exp(x))   if all_axes(x, axis)",
    "softmax_one_all (inverse): exp(-x)*reciprocal(z + reciprocal(sum(exp(x), axis=axis))) -> reciprocal(z*exp(x) + "
    "softmax(x, axis=axis))   if all_axes(x, axis)",
    "exp_share (inverse): exp(-(c*x))*(y + exp(x))**c -> reciprocal(sigmoid(x + -log(y))**c)   if positive(y)",
    "share_slope (inverse): exp(-x + -y)*(exp(x) + exp(y))**2 -> reciprocal(sigmoid(x + -y))*reciprocal(sigmoid(y + -x))",
    "share_bend (inverse): exp(-x)*reciprocal(exp(x)*reciprocal((y + exp(x))**2) + -reciprocal(y + exp(x))) -> "
    "-(reciprocal(sigmoid(x + -log(y)))*reciprocal(sigmoid(log(y) + -x)))   if positive(y)",
    "exp_share_diff (inverse): (exp(x) + -exp(y))*exp(-x) -> -expm1(y + -x)",
    "logsumexp_by: y + logsumexp(x + -expand_dims(y, axis=axis), axis=axis) -> logsumexp(x, axis=axis)   if finite(y)",
    "logsumexp_by (inverse): -y + -logsumexp(x + -expand_dims(y, axis=axis), axis=axis) -> -logsumexp(x, axis=axis)   if "
    "finite(y)",
    "log_det_lower: slogdet(x)[1] -> sum(log(abs(diagonal(x, offset=0))), axis=-1)   if lower_triangular(x)",
    "inv_matmul: inv(x @ y) -> solve(y, inv(x))   if square(x)",
    "square_joined: concat([x**2, y**2], axis=axis) -> concat([x, y], axis=axis)**2",
    "square_take: take(x**2, i, axis=axis) -> take(x, i, axis=axis)**2   if no_longer(i, x, axis)",
    "add_to_set (inverse): -put(x, y, spec=spec) + place(-z, shape=shape, spec=spec) -> -put(x, y + z, spec=spec)   if "
    "same_shape(x, place(z, shape=shape, spec=spec))",
    "over_place: x*place(reciprocal(index(x, spec=spec)), shape=shape, spec=spec) -> place(ones([index(x, spec=spec)]), "
    "shape=shape, spec=spec)   if nonzero(x) and same_shape(x, place(index(x, spec=spec), shape=shape, spec=spec))",
    "over_place (inverse): reciprocal(x)*reciprocal(place(reciprocal(index(x, spec=spec)), shape=shape, spec=spec)) -> "
    "reciprocal(place(ones([index(x, spec=spec)]), shape=shape, spec=spec))   if nonzero(x) and same_shape(x, "
    "place(index(x, spec=spec), shape=shape, spec=spec))",
    "over_place_by: x*place(y*reciprocal(index(x, spec=spec)), shape=shape, spec=spec) -> place(laid_over([y, index(x, "
    "spec=spec)]), shape=shape, spec=spec)   if nonzero(x) and same_shape(x, place(index(x, spec=spec), shape=shape, "
    "spec=spec))",
    "over_place_by (inverse): reciprocal(x)*reciprocal(place(y*reciprocal(index(x, spec=spec)), shape=shape, spec=spec)) ->"
    " reciprocal(place(laid_over([y, index(x, spec=spec)]), shape=shape, spec=spec))   if nonzero(x) and same_shape(x, "
    "place(index(x, spec=spec), shape=shape, spec=spec))",
    "over_place_neg: x*place(-reciprocal(index(x, spec=spec)), shape=shape, spec=spec) -> place(-ones([index(x, "
    "spec=spec)]), shape=shape, spec=spec)   if nonzero(x) and same_shape(x, place(index(x, spec=spec), shape=shape, "
    "spec=spec))",
    "over_place_neg (inverse): reciprocal(x)*reciprocal(place(-reciprocal(index(x, spec=spec)), shape=shape, spec=spec)) ->"
    " reciprocal(place(-ones([index(x, spec=spec)]), shape=shape, spec=spec))   if nonzero(x) and same_shape(x, "
    "place(index(x, spec=spec), shape=shape, spec=spec))",
    "over_rows: x*take_add(reciprocal(take(x, i, axis=axis)), i, axis=axis, size=size) -> take_add(ones([take(x, i, "
    "axis=axis)]), i, axis=axis, size=size)   if nonzero(x) and same_shape(x, take_add(take(x, i, axis=axis), i, axis=axis,"
    " size=size))",
    "over_rows (inverse): reciprocal(x)*reciprocal(take_add(reciprocal(take(x, i, axis=axis)), i, axis=axis, size=size)) ->"
    " reciprocal(take_add(ones([take(x, i, axis=axis)]), i, axis=axis, size=size))   if nonzero(x) and same_shape(x, "
    "take_add(take(x, i, axis=axis), i, axis=axis, size=size))",
    "over_rows_by: x*take_add(y*reciprocal(take(x, i, axis=axis)), i, axis=axis, size=size) -> take_add(laid_over([y, "
    "take(x, i, axis=axis)]), i, axis=axis, size=size)   if nonzero(x) and same_shape(x, take_add(take(x, i, axis=axis), i,"
    " axis=axis, size=size))",
    "over_rows_by (inverse): reciprocal(x)*reciprocal(take_add(y*reciprocal(take(x, i, axis=axis)), i, axis=axis, "
    "size=size)) -> reciprocal(take_add(laid_over([y, take(x, i, axis=axis)]), i, axis=axis, size=size))   if nonzero(x) "
    "and same_shape(x, take_add(take(x, i, axis=axis), i, axis=axis, size=size))",
    "over_along: x*add_along(reciprocal(take_along(x, i)), i, size) -> add_along(ones([take_along(x, i)]), i, size)   if "
    "nonzero(x) and same_shape(x, add_along(take_along(x, i), i, size))",
    "over_along (inverse): reciprocal(x)*reciprocal(add_along(reciprocal(take_along(x, i)), i, size)) -> "
    "reciprocal(add_along(ones([take_along(x, i)]), i, size))   if nonzero(x) and same_shape(x, add_along(take_along(x, i),"
    " i, size))",
    "over_along_by: x*add_along(y*reciprocal(take_along(x, i)), i, size) -> add_along(laid_over([y, take_along(x, i)]), i, "
    "size)   if nonzero(x) and same_shape(x, add_along(take_along(x, i), i, size))",
    "over_along_by (inverse): reciprocal(x)*reciprocal(add_along(y*reciprocal(take_along(x, i)), i, size)) -> "
    "reciprocal(add_along(laid_over([y, take_along(x, i)]), i, size))   if nonzero(x) and same_shape(x, "
    "add_along(take_along(x, i), i, size))",
    "over_along_neg: x*add_along(-reciprocal(take_along(x, i)), i, size) -> add_along(-ones([take_along(x, i)]), i, size)"
    "   if nonzero(x) and same_shape(x, add_along(take_along(x, i), i, size))",
    "over_along_neg (inverse): reciprocal(x)*reciprocal(add_along(-reciprocal(take_along(x, i)), i, size)) -> "
    "reciprocal(add_along(-ones([take_along(x, i)]), i, size))   if nonzero(x) and same_shape(x, add_along(take_along(x, "
    "i), i, size))",
    "over_cells: x*reshape(take_add(reciprocal(take(reshape(x, other), i, axis=axis)), i, axis=axis, size=size), shape) -> "
    "reshape(take_add(ones([take(reshape(x, other), i, axis=axis)]), i, axis=axis, size=size), shape)   if nonzero(x) and "
    "same_shape(x, reshape(take_add(take(reshape(x, …), i, axis=…), i, axis=axis, size=size), shape))",
    "over_cells (inverse): reciprocal(x)*reciprocal(reshape(take_add(reciprocal(take(reshape(x, other), i, axis=axis)), i, "
    "axis=axis, size=size), shape)) -> reciprocal(reshape(take_add(ones([take(reshape(x, other), i, axis=axis)]), i, "
    "axis=axis, size=size), shape))   if nonzero(x) and same_shape(x, reshape(take_add(take(reshape(x, …), i, axis=…), i, "
    "axis=axis, size=size), shape))",
    "over_cells_by: x*reshape(take_add(y*reciprocal(take(reshape(x, other), i, axis=axis)), i, axis=axis, size=size), "
    "shape) -> reshape(take_add(laid_over([y, take(reshape(x, other), i, axis=axis)]), i, axis=axis, size=size), shape)   "
    "if nonzero(x) and same_shape(x, reshape(take_add(take(reshape(x, …), i, axis=…), i, axis=axis, size=size), shape))",
    "over_cells_by (inverse): reciprocal(x)*reciprocal(reshape(take_add(y*reciprocal(take(reshape(x, other), i, "
    "axis=axis)), i, axis=axis, size=size), shape)) -> reciprocal(reshape(take_add(laid_over([y, take(reshape(x, other), i,"
    " axis=axis)]), i, axis=axis, size=size), shape))   if nonzero(x) and same_shape(x, reshape(take_add(take(reshape(x, "
    "…), i, axis=…), i, axis=axis, size=size), shape))",
    "square_place: place(x, shape=shape, spec=spec)**2 -> place(x**2, shape=shape, spec=spec)",
    "vanish: c*x + d*x -> 0   if equal_to(c + d, 0)",
    "sqrt_twice: sqrt(x)**2 -> x   if nonnegative(x)",
    "sign_abs (inverse): abs(reciprocal(x))*reciprocal(sign(x)) -> reciprocal(x)",
    "sign_ratio: x*abs(reciprocal(x)) -> sign(x)   if nonzero(x) and finite(x)",
    "where_others (multiple): times*where(p, x, 0) + times*where(p, 0, y) -> times*where(p, x, y)",
    "where_others (inverse multiple): -(times*where(p, 0, y)) + -(times*where(p, x, 0)) -> -(times*where(p, x, y))",
    "within_both: (x < y) & (-y < x) -> abs(x) < y",
    "within_both_eq: (x <= y) & (-y <= x) -> abs(x) <= y",
    "less_max: (m < k) & (n < k) -> maximum(m, n) < k   if same_dtype(m, n)",
    "less_equal_max: (m <= k) & (n <= k) -> maximum(m, n) <= k   if same_dtype(m, n)",
]
