"""Guards for which the judge finds a weaker condition, and why they are as they are."""

from __future__ import annotations

WEAKER_WOULD_DO = {  # of all guarded relations, by reasons
    **dict.fromkeys(
        "log_cumprod log_mixture_of log_ratio log_scale logsumexp_weighted".split(),
        "at zero the logarithm that it makes is -inf, and derivatives taken afterwards are not finite"),
    **dict.fromkeys(
        "arcsin_arccos betaln cancel over_times pow_pow power_power real_again real_rest".split(),
        "declared 'domain' or 'real': without the guard it gives numbers where the left side is NaN or infinite"),
    **dict.fromkeys(
        "arctan_inverse copysign_pos digamma_steps wronskian".split(),
        "at a pole the sign of zero decides, and functions nearby are of another size"),
    **dict.fromkeys(
        "argsort_shift max_flip_out min_flip_out xlog1py_expm1 xlogy_exp".split(),
        "at infinite elements 0*x is NaN, and zero factors or infinite shifts make another NaN of it"),
    **dict.fromkeys(
        "add_zero_rows place_zeros set_zero_rows set_zeros".split(),
        "that a constant is zero is no fact about NaN"),
    **dict.fromkeys(
        "cholesky_scale det_scale inv_scale log_det_scale pinv_scale scale_singular solve_scale sylvester_scale".split(),
        "a factor of one would be taken out again and again, and one of zero leaves nothing to divide by"),
    **dict.fromkeys(
        "inv_pd kron_cholesky log_det_pd solve_pd".split(),
        "a matrix that is barely semidefinite has no Cholesky factor in floats, where LU gives numbers"),
    **dict.fromkeys(
        "inv_diagonal lower_product solve_diagonal sylvester_diagonal triangular_diagonal upper_product".split(),
        "a singular matrix is an error on the left, where the right side gives numbers"),
    **dict.fromkeys(
        "block_add block_det block_expm block_inv block_log_det block_matmul block_sign_det block_solve cholesky_product "
        "cholesky_upper det_by_qr det_by_svd determinant_lemma determinant_lemma_eye eigenvalues_diagonal expm_diagonal "
        "kron_det kron_diagonal kron_inv kron_log_det kron_matmul kron_solve kron_trace qr_diagonal_r sherman_morrison "
        "sherman_morrison_eye singular_diagonal trace_columns woodbury woodbury_det woodbury_solve".split(),
        "the left side has a type only if the operands fit, so that some guards say what it says already"),
    "sylvester": "chains(y, x) is what makes the smaller determinant one of a square matrix; the judge's shapes have it",
    **dict.fromkeys(
        "abs_take all_take any_take batched_matvec batched_rows batched_systems batched_vecmat chain_left chain_right "
        "cos_take exp_take expm1_take less_take log1p_take log_take logaddexp_take logsumexp_take max_take maximum_take "
        "min_take minimum_take negative_take power_take prod_take sigmoid_take sin_take softmax_parts softplus_take "
        "sqrt_take square_take sum_take take_add take_columns take_matvec take_mul take_rows take_vecmat tanh_take".split(),
        "a cost: elsewhere it computes more, or the other rule of the pair takes it back"),
    "read_add_rows": "an index out of range is an error, which must not be lost",
    **dict.fromkeys(
        "eigenvalues_gram singular_left singular_right".split(),
        "for batches the equation is stated elsewhere, or has another right side"),
    **dict.fromkeys(
        "ive_half log10_product log2_product log_factor log_product logsumexp_over logsumexp_times".split(),
        "of negative operands both sides are NaN; such terms stay as they were written"),
    "softplus_logit": "logit is defined inside of (0, 1) only",
    **dict.fromkeys(
        "lu_diagonal_l lu_diagonal_p lu_diagonal_u packed_diagonal packed_pivots".split(),
        "of upper triangular matrices it is true as well, which is not stated"),
    **dict.fromkeys(
        "add_to_set add_to_set_rows all_reshape any_reshape arctan2_transposes cholesky_copies concat_again concat_copies "
        "concat_copies_on concat_spread concat_spread_on copies_matmul covariance diag_columns diag_columns_over "
        "diag_rows diag_rows_over equal_transposes expand_over index_beside index_concat index_diag index_take inv_copies "
        "irfft_rfft kron_add_left kron_add_right less_transposes logaddexp_transposes logsumexp_reshape matmul_copies "
        "matmul_left matmul_right matvec_add matvec_vectors max_reshape maximum_transposes min_reshape minimum_transposes "
        "place_add place_and_place power_transposes prod_reshape scatter_elements scatter_rows "
        "select_columns select_from set_added set_added_rows spread_same stack_on_read stack_read sum_column_dot "
        "sum_product sum_reshape sum_square_dot take_copies take_spread take_take thin_product transpose_add "
        "transpose_mul transpose_where vecdot_add vecmat_add vecmat_vectors".split(),
        "elsewhere the right side has another type, which the engine refuses; the guard spares the attempt"),
    "sum_eigenvalues": "eigvalsh reads the lower triangle only, so the sum is the trace of any matrix",
    "pow_add": "with c or d zero the normal form has folded the power already",
    **dict.fromkeys(
        "logsumexp_concat max_concat max_spread min_concat min_spread prod_spread sum_spread toeplitz_matvec".split(),
        "of no elements there is no maximum and no minimum; the guard spares the attempt, and sums say the same"),
    **dict.fromkeys(
        "bits_implied bitwise_left_shift_bitwise_and bitwise_left_shift_bitwise_or bitwise_left_shift_bitwise_xor "
        "bitwise_right_shift_bitwise_and bitwise_right_shift_bitwise_or bitwise_right_shift_bitwise_xor cast_max cast_min "
        "cast_where less_equal_min less_min xor_equal".split(),
        "operands of two dtypes are promoted, which rounds integers of 64 bits or makes another type"),
}
