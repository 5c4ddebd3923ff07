"""Guards for which the judge finds a weaker condition, and why they are as they are: `test_guards` checks each reason."""

from __future__ import annotations

FITS = "the left side has a type only if the operands fit, so that some guards say what it says already"
OTHER_TYPE = "elsewhere the right side has another type, which the engine refuses; the guard spares the attempt"
TRUE_TOO = "true of operands that are broadcast, or of several axes, as well, where it has a type; not stated"
DIFFERS = "just outside the sides differ in floats: where one is NaN or infinite, or by the sign of a zero"
SLOPE = "at zero the logarithm that it makes has no finite derivative, where the left side has one"
AGAIN = "at a factor of one the right side holds the left side, which would be rewritten again and again"
COST = "a cost: elsewhere the right side takes no less"
SIZES = "where axes have equal lengths the right side has the type elsewhere too, and other numbers"
MIXED = "of two integer dtypes, promoted to float64, other numbers"
NARROW = "of a narrower operand it is summed in its dtype, which rounds more"
EMPTY = "of no elements the right side has no value"
ERROR = "of no elements the left side is an error, which must not be lost"
HALF = "elsewhere it takes more than half the multiplications, which is not worth another rounding"
OTHERS = "elsewhere other rules make of it what costs no more"
RANGE = "elsewhere a number of the right side is no float"
TWIN = "elsewhere another relation rewrites the left side"
APART = "without it the left side of a relation of the default pipeline would be taken apart before it could match"
TAKES = "with a guard for one factor it would take the left side of log_ndtr, since a constant is a factor"
SCALED = "where a factor was made of what it scales, what is left of the product is out of range without it"

WEAKER_WOULD_DO: dict[str, tuple[str, ...]] = {  # each guard has one of the reasons, or is needed
    **dict.fromkeys(
        "arcsin_arccos arctan_inverse betaln cancel copysign_pos inv_diagonal inv_pd ive_half kron_cholesky "
        "log_det_pd log_ratio lower_product pow_pow real_again real_rest solve_diagonal solve_pd sum_eigenvalues "
        "sylvester_diagonal triangular_diagonal upper_product wronskian xlog1py_expm1 xlogy_exp argsort_shift "
        "max_flip_out min_flip_out place_zeros qz_upper_q set_zero_rows arctan2_scale cos_arctan2 sin_arctan2 "
        "cos_arctan2_pos sin_arctan2_pos tan_arctan2 bernoulli bernoulli_softplus any_less any_less_equal any_greater "
        "any_greater_eq".split(), (DIFFERS,)),
    **dict.fromkeys("log10_product log2_product log_cumprod log_mixture_of logsumexp_weighted".split(), (SLOPE,)),
    **dict.fromkeys("det_scale scale_singular sylvester_scale".split(), (AGAIN,)),
    **dict.fromkeys("cholesky_scale inv_scale log_det_scale log_scale pinv_scale solve_scale".split(), (AGAIN, DIFFERS)),
    "add_zero_rows": (DIFFERS,), "set_zeros": (DIFFERS,), "sherman_morrison": (DIFFERS, SIZES),
    **dict.fromkeys("add_to_rows index_set_beside place_overlap set_added "
                    "trace_columns".split(), (SIZES,)),
    **dict.fromkeys(
        "over_cells over_cells_and over_cells_by over_cells_by_and over_cells_by_from over_cells_by_scaled "
        "over_cells_by_scaled_from over_cells_from over_cells_scaled over_cells_scaled_from over_along_neg "
        "over_rows_by_scaled".split(),
        (FITS, OTHER_TYPE, TRUE_TOO)),
    "index_added_beside": (TRUE_TOO, OTHER_TYPE),
    **dict.fromkeys("cast_where less_equal_min less_min".split(), (MIXED,)),
    **dict.fromkeys(
        "abs_take cos_take exp_take expm1_take log1p_take log_take negative_take sigmoid_take sin_take softplus_take "
        "sqrt_take square_take take_inverse tanh_take batched_matvec batched_vecmat sylvester woodbury_det".split(), (COST,)),
    **dict.fromkeys("batched_rows batched_systems".split(), (COST, OTHER_TYPE)),
    **dict.fromkeys(
        "all_take any_take less_take logaddexp_take logsumexp_take max_take maximum_take min_take minimum_take power_take "
        "prod_take sum_take take_add take_columns take_matvec take_mul take_rows take_vecmat".split(), (COST, SIZES)),
    **dict.fromkeys("chain_left chain_right".split(), (HALF,)),
    "softmax_parts": (OTHERS,), "logsumexp_concat": (APART,), "take_elements": (COST, OTHER_TYPE, TRUE_TOO),
    "log_product": (TAKES,), "sum_factor": (SCALED,),
    **dict.fromkeys("erfc_mill erfc_mill_one logsumexp_by".split(), (DIFFERS,)), "collect": (RANGE, TWIN),
    **dict.fromkeys("max_concat min_concat toeplitz_matvec".split(), (EMPTY,)),
    **dict.fromkeys("max_spread min_spread unique_flat_spread unique_spread".split(), (ERROR,)),
    "unique_batch": (OTHER_TYPE,),
    "sum_spread": (DIFFERS,),
    **dict.fromkeys("determinant_lemma determinant_lemma_eye index_concat over_rows_by sherman_morrison_eye".split(),
                    (FITS, TRUE_TOO, OTHER_TYPE)),
    **dict.fromkeys(
        "all_reshape any_reshape concat_again concat_copies concat_copies_on index_diag logsumexp_reshape max_reshape "
        "min_reshape prod_reshape select_from spread_same stack_on_read stack_read "
        "sum_reshape".split(), (OTHER_TYPE,)),
    **dict.fromkeys("scatter_elements scatter_rows selection_places selection_places_of selection_scatter".split(),
                    (NARROW, OTHER_TYPE)),
    **dict.fromkeys(
        "cholesky_copies concat_spread concat_spread_on copies_matmul index_beside index_take inv_copies matmul_copies "
        "take_copies take_spread take_take".split(), (TRUE_TOO, OTHER_TYPE)),
}
