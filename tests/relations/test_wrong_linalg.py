"""Rules of linear algebra that the field has, or is tempted by, and that are false somewhere: each is refused by the judge."""

from __future__ import annotations

from typing import Any

import pytest

import relgraph.numpy as rnp
from relations_library.blocks import joined
from relations_library.kronecker import kron_vectors, order
from relations_library.products import column, h, row, unit
from relations_library.selections import order_sign
from relations_library.solves import lower_solve
from relgraph.errors import RefusedRelation
from relgraph.relations import attrs, literals, lvars
from relgraph.relations import predicates as p
from relgraph.relations.verify import judge
from relgraph.terms.decompositions import eigh_, eigvalsh, expm, lu_, pinv, svd_, svdvals
from relgraph.terms.fourier import fft_, irfft_, rfft_
from relgraph.terms.general import eigvals, lu_factor_, schur_, solve_sylvester_
from relgraph.terms.indexing import take_
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import nth, qr_
from relgraph.terms.pencils import qz_
from relgraph.terms.term import attr

la = rnp.linalg
x, y, z, u, v, w = lvars("x y z u v w")
q, = lvars("q", kinds="fc")
k, = lvars("k", kinds="c")
i, = lvars("i", kinds="iu")
n, dtype = attrs("n dtype")
c, = literals("c")
eye = eye_(n, n, attr(0), dtype)
kron, t, matmul, diag, diag_of = rnp.kron, rnp.matrix_transpose, rnp.matmul, rnp.diag, la.diagonal

# name, left, right, guard: what is missing stands in the name
WRONG: list[tuple[str, Any, Any, Any]] = [
    ("det_of_lu_without_the_sign_of_the_permutation", la.det(x), rnp.prod(diag_of(nth(lu_(x), 2)), -1), ()),
    ("det_of_qr_without_a_sign", la.det(x), rnp.prod(diag_of(nth(qr_(x), 1)), -1), ()),
    ("det_of_singular_values_without_a_sign", la.det(x), rnp.prod(svdvals(x), -1), p.square(x)),
    ("det_orthogonal_is_one", la.det(x), 1, p.orthogonal(x)),
    ("det_permutation_is_one", la.det(x), 1, p.permutation(x)),
    ("det_of_a_multiple_is_a_multiple", la.det(2 * x), 2 * la.det(x), ()),
    ("det_of_a_sum", la.det(x + y), la.det(x) + la.det(y), p.same_shape(x, y)),
    ("det_of_any_product", la.det(matmul(x, y)), la.det(x) * la.det(y), ()),
    ("det_symmetric_as_cholesky", la.det(x), rnp.prod(diag_of(la.cholesky(x)), -1)**2, p.symmetric(x)),
    ("log_det_over_the_batch", rnp.log(la.det(x)), 2 * rnp.sum(rnp.log(diag_of(la.cholesky(x))), (-2, -1)), p.pd(x)),
    ("log_det_without_psd", rnp.log(la.det(x)), 2 * rnp.sum(rnp.log(diag_of(la.cholesky(x))), -1), ()),
    ("log_det_without_abs", rnp.log(la.det(x)), la.slogdet(x)[1], ()),
    ("det_triangular_of_any", la.det(x), rnp.prod(diag_of(x), -1), ()),
    ("unitary_without_conjugate", la.inv(q), t(q), p.unitary(q)),
    ("orthogonal_with_conjugate", la.inv(k), h(k), p.orthogonal(k)),
    ("semi_orthogonal_from_the_right", matmul(x, t(x)), unit(t(x)), p.semi_orthogonal(x)),
    ("solve_unitary_without_conjugate", la.solve(q, z), matmul(t(q), z), p.unitary(q)),
    ("inverse_of_any_product", la.inv(matmul(x, y)), matmul(la.inv(y), la.inv(x)), ()),
    ("inverse_of_a_product_in_order", la.inv(matmul(x, y)), matmul(la.inv(x), la.inv(y)), p.square(x)),
    ("inverse_from_the_right", matmul(y, la.inv(x)), la.solve(x, y), ()),
    ("inverse_of_a_diagonal_by_elements", la.inv(x), 1 / x, p.diagonal(x)),
    ("pinv_is_inverse_of_squares", pinv(x), la.inv(x), p.square(x)),
    ("pinv_of_a_diagonal_with_zeros", pinv(diag(v)), diag(1 / v), ()),
    ("pinv_of_any_product", pinv(matmul(x, y)), matmul(pinv(y), pinv(x)), ()),
    ("pinv_undoes_from_the_left", matmul(pinv(x), x), unit(x), ()),
    ("pinv_unitary_without_conjugate", pinv(q), t(q), p.unitary(q)),
    ("cholesky_without_positive_diagonal", la.cholesky(matmul(x, t(x))), x, p.lower_triangular(x) & p.square(x)),
    ("cholesky_of_the_other_triangle", la.cholesky(matmul(x, t(x))), x, p.upper_triangular(x) & p.positive_diagonal(x)),
    ("cholesky_scales_like_the_matrix", la.cholesky(4 * x), 4 * la.cholesky(x), p.pd(x)),
    ("cholesky_of_a_negative_multiple", la.cholesky(c * x), rnp.sqrt(c) * la.cholesky(x), ()),
    ("greatest_of_a_diagonal_of_one", rnp.max(diag(x), -1), rnp.maximum(x, 0), ()),
    ("cholesky_reads_one_half", la.det(la.cholesky(x)), rnp.exp(la.trace(x)), ()),
    ("cholesky_of_a_product_of_any", la.cholesky(kron(x, y)), kron(la.cholesky(x), la.cholesky(y)), p.pd(x)),
    ("qr_of_wide_matrices_with_a_sign", -matmul(nth(qr_(q), 0), nth(qr_(q), 1)), q, ()),
    ("cholesky_of_an_inverse", la.cholesky(la.inv(x)), la.inv(la.cholesky(x)), p.pd(x)),
    ("cholesky_times_transpose_of_complex", matmul(la.cholesky(k), t(la.cholesky(k))), k, p.pd(k)),
    ("kron_cholesky_without_definite_factors", la.cholesky(la.kron(x, y)), la.kron(la.cholesky(x), la.cholesky(y)),
     p.pd(la.kron(x, y)) & p.square(x) & p.square(y)),
    ("kron_det_without_square_factors", la.det(la.kron(x, y)), la.det(x)**order(y) * la.det(y)**order(x), ()),
    ("kron_det_with_orders_exchanged", la.det(la.kron(x, y)), la.det(x)**order(x) * la.det(y)**order(y),
     p.square(x) & p.square(y)),
    ("kron_commutes", la.kron(x, y), la.kron(y, x), ()),
    ("kron_trace_without_square_factors", la.trace(la.kron(x, y)), la.trace(x) * la.trace(y), ()),
    ("kron_inv_without_square_factors", la.inv(la.kron(x, y)), la.kron(la.inv(x), la.inv(y)), ()),
    ("block_det_without_square_blocks", la.det(la.block_diag(x, y)), la.det(x) * la.det(y), ()),
    ("block_diagonal_without_square_blocks", diag_of(la.block_diag(x, y)), joined(diag_of(x), diag_of(y)), ()),
    ("block_trace_without_square_blocks", la.trace(la.block_diag(x, y)), la.trace(x) + la.trace(y), ()),
    ("block_inverse_where_one_block_is_singular", la.inv(la.block_diag(x, y)), la.block_diag(la.inv(x), la.inv(y)),
     p.square(x) & p.square(y)),
    ("block_product_of_other_blocks", matmul(la.block_diag(x, y), la.block_diag(z, w)),
     la.block_diag(matmul(x, z), matmul(y, w)), ()),
    ("trace_of_any_product", la.trace(matmul(x, y)), rnp.sum(x * t(y), (-2, -1)), ()),
    ("trace_of_a_product_is_no_product", la.trace(matmul(x, y)), la.trace(x) * la.trace(y), p.square(x) & p.square(y)),
    ("trace_over_the_batch", la.trace(matmul(x, t(x))), rnp.sum(x**2, (-3, -2, -1)), ()),
    ("diagonal_of_any_product", diag_of(matmul(x, y)), rnp.sum(x * t(y), -1), ()),
    ("products_commute", matmul(x, y), matmul(y, x), p.square(x) & p.square(y)),
    ("products_commute_if_symmetric", matmul(x, y), matmul(y, x), p.symmetric(x) & p.symmetric(y)),
    ("product_of_symmetric_is_symmetric", t(matmul(x, y)), matmul(x, y), p.symmetric(x) & p.symmetric(y)),
    ("matmul_factors_to_the_other_side", matmul(x, z) + matmul(y, z), matmul(z, x + y),
     p.square(x) & p.square(z) & p.same_shape(x, y)),
    ("diag_scales_columns_from_the_left", matmul(diag(u), x), x * row(u), ()),
    ("solve_reads_one_triangle_of_any", la.solve(x, y), lower_solve(x, y), ()),
    ("solve_hermitian_as_definite", la.solve(x, y), matmul(t(la.inv(la.cholesky(x))), matmul(la.inv(la.cholesky(x)), y)),
     p.symmetric(x)),
    ("eigenvalues_of_any_sum_to_the_trace", rnp.prod(eigvalsh(x), -1), la.det(x), ()),
    ("eigenvalues_of_a_negative_multiple", eigvalsh(-x), -eigvalsh(x), p.symmetric(x)),
    ("eigenvalues_of_a_diagonal_unsorted", eigvalsh(diag(v)), v, ()),
    ("eigenvectors_of_complex_without_conjugate",
     matmul(nth(eigh_(k), 1), t(nth(eigh_(k), 1))), unit(k), p.hermitian(k)),
    ("eigenvectors_of_a_diagonal_are_the_identity", rnp.abs(nth(eigh_(diag(rnp.sort(v))), 1)), unit(diag(v)), ()),
    ("eigenvectors_of_a_diagonal_in_its_order", rnp.abs(nth(eigh_(diag(v)), 1)),
     take_(unit(diag(v)), rnp.argsort(v), attr((-1,))), p.at_most_rank(v, 1)),
    ("eigenvectors_of_the_square", rnp.abs(nth(eigh_(matmul(x, x)), 1)), rnp.abs(nth(eigh_(x), 1)), p.psd(x)),
    ("eigenvectors_of_a_known_diagonal", rnp.abs(nth(eigh_(x), 1)), x, p.diagonal(x) & p.permutation(x)),
    ("singular_vectors_of_a_diagonal_are_the_identity", rnp.abs(nth(svd_(diag(rnp.exp(v))), 0)),
     take_(unit(diag(v)), rnp.argsort(-v), attr((-1,))), p.at_most_rank(v, 1)),
    ("singular_values_are_absolute_eigenvalues_in_order", svdvals(x), rnp.abs(eigvalsh(x)), p.symmetric(x)),
    ("singular_values_sum_to_the_trace", rnp.sum(svdvals(x), -1), la.trace(x), p.symmetric(x)),
    ("singular_vectors_of_complex_without_conjugate", matmul(t(nth(svd_(k), 0)), nth(svd_(k), 0)), unit(nth(svd_(k), 0)), ()),
    ("expm_of_a_sum", expm(x + y), matmul(expm(x), expm(y)), p.square(x) & p.square(y) & p.same_shape(x, y)),
    ("expm_by_elements", expm(x), rnp.exp(x), p.square(x)),
    ("expm_of_a_diagonal_by_elements", expm(x), rnp.exp(x), p.diagonal(x) & p.square(x)),
    ("determinant_lemma_of_a_broadcast_diagonal", la.det(diag(v) + column(u) * row(w)),
     rnp.prod(v, -1) * (1 + rnp.sum(u * w / v, -1)), p.nonzero(v)),
    ("qr_of_a_diagonal_with_positive_r", nth(qr_(diag(v)), 0), diag(rnp.sign(v)), ()),
    ("svd_of_a_diagonal_unsorted", nth(svd_(diag(v)), 1), rnp.abs(v), ()),
    ("eig_as_eigh_in_order", rnp.real(eigvals(x)), eigvalsh(x), p.symmetric(x)),
    ("eigenvalues_of_minus_x_in_order", eigvals(-k), -eigvals(k), ()),
    ("eigvals_of_any_as_eigvalsh", rnp.sort(rnp.real(eigvals(x))), eigvalsh(x), ()),
    ("schur_of_a_lower_triangle", nth(schur_(x), 0), x, p.lower_triangular(x)),
    ("schur_of_complex_without_conjugate", matmul(nth(schur_(k), 1), matmul(nth(schur_(k), 0), t(nth(schur_(k), 1)))), k, ()),
    ("qz_of_triangles_of_any_sign", nth(qz_(x, y), 0), x, p.upper_triangular(x) & p.upper_triangular(y)),
    ("qz_of_diagonals_of_any_sign", nth(qz_(diag(u), diag(v)), 0), diag(u), ()),
    ("qz_with_its_vectors_exchanged", matmul(nth(qz_(x, y), 3), matmul(nth(qz_(x, y), 0), t(nth(qz_(x, y), 2)))), x, ()),
    ("qz_determinant_with_its_sign", la.det(nth(qz_(x, y), 0)), la.det(x), ()),
    ("qz_trace_the_other_way", rnp.sum(diag_of(nth(qz_(k, x), 1)) / diag_of(nth(qz_(k, x), 0)), -1),
     la.trace(la.solve(x, k)), ()),
    ("packed_lu_of_a_triangle", nth(lu_factor_(x), 0), x, p.lower_triangular(x)),
    ("sylvester_with_a_difference", solve_sylvester_(diag(u), diag(v), z), z / (column(u) - row(v)), ()),
    ("sylvester_of_diagonals_exchanged", solve_sylvester_(diag(u), diag(v), z), z / (row(u) + column(v)), ()),
    ("sylvester_transposed_in_order", t(solve_sylvester_(x, y, z)), solve_sylvester_(t(x), t(y), t(z)), ()),
    ("inverse_of_a_pseudo_inverse_of_any", la.inv(pinv(x)), x, p.square(x)),
    ("selection_from_the_wrong_side", matmul(x, take_(eye, i, attr((-2,)))), take_(x, i, attr((-1,))), p.of_rank(i, 1)),
    ("selection_by_the_first_axis", matmul(x, take_(eye, i, attr((0,)))), take_(x, i, attr((-1,))), p.of_rank(i, 1)),
    ("swapped_determinant_of_an_identity_that_broadcasts", la.det(eye + matmul(x, y)),
     la.det(unit(matmul(y, x)) + matmul(y, x)), p.tall(x)),
    ("det_by_the_permutation_of_any", la.det(x), order_sign(x), p.orthogonal(x)),
    ("trace_of_scaled_rows_that_broadcast", la.trace(column(u) * x), rnp.sum(u * diag_of(x), -1), ()),
    ("kron_of_diagonals_exchanged", la.kron(x, y), diag(kron_vectors(diag_of(y), diag_of(x))),
     p.diagonal(x) & p.square(x) & p.diagonal(y) & p.square(y)),
    ("circulant_product_by_elements", rnp.matvec(la.circulant(u), v), u * v, ()),
    ("circulant_is_symmetric", t(la.circulant(u)), la.circulant(u), ()),
    ("toeplitz_transposes_by_exchange", t(la.toeplitz(u, v)), la.toeplitz(v, u), ()),
    ("irfft_of_any_length", irfft_(rfft_(x), attr(4)), x, ()),
    ("fft_of_a_product", fft_(u * v), fft_(u) * fft_(v), ()),
    ("parseval_without_the_length", rnp.sum(rnp.abs(fft_(k))**2, -1), rnp.sum(rnp.abs(k)**2, -1), ()),
    # of two structures, which random matrices of either do not have
    ("cholesky_of_a_band_by_elements", la.cholesky(x), rnp.sqrt(x), p.tridiagonal(x) & p.pd(x)),
    ("det_of_a_band_by_its_diagonal", la.det(x), rnp.prod(diag_of(x), -1), p.tridiagonal(x) & p.pd(x)),
    ("eigenvalues_of_a_band_without_sign", rnp.abs(eigvalsh(x)), eigvalsh(x), p.tridiagonal(x) & p.symmetric(x)),
    ("det_of_two_blocks_by_the_diagonal", la.det(x), rnp.prod(diag_of(x), -1), p.split_at(x, 1) & p.symmetric(x)),
    ("inverse_of_toeplitz_by_its_diagonal", diag_of(la.inv(x)), 1 / diag_of(x), p.toeplitz(x) & p.pd(x)),
    ("stochastic_and_symmetric_is_a_projection", matmul(x, x), x, p.symmetric(x) & p.stochastic(x)),
    ("a_projection_is_the_identity", matmul(x, y), y, p.symmetric(x) & p.idempotent(x) & p.square(y)),
    ("orthogonal_and_stochastic_is_the_identity", x, unit(x), p.stochastic(x) & p.orthogonal(x)),
    ("orthogonal_and_triangular_is_the_identity", x, unit(x), p.orthogonal(x) & p.upper_triangular(x)),
    ("orthogonal_without_signs_is_symmetric", x, t(x), p.orthogonal(x) & p.nonnegative(x)),
    ("skew_and_circulant_is_symmetric", x, t(x), p.skew_symmetric(x) & p.circulant(x)),
    ("reflections_have_determinant_one", la.det(x), la.det(x)**2, p.symmetric(x) & p.orthogonal(x)),
    ("circulant_and_orthogonal_of_order_four", matmul(matmul(x, x), matmul(x, x)), unit(x), p.circulant(x) & p.orthogonal(x)),
    ("skew_and_orthogonal_is_an_involution", matmul(x, x), unit(x), p.skew_symmetric(x) & p.orthogonal(x)),
    ("inverse_of_a_unit_band_by_two_terms", la.inv(x), 2 * unit(x) - x, p.unit_triangular(x) & p.tridiagonal(x)),
    ("permutations_of_order_six", matmul(x, matmul(x, matmul(x, matmul(x, matmul(x, x))))), unit(x), p.permutation(x)),
    ("nilpotent_of_order_four", matmul(matmul(x, x), matmul(x, x)), 0 * x, p.lower_band(x, -1)),
    ("lu_of_definite_without_exchange", nth(lu_(x), 0), unit(x), p.pd(x)),
]


@pytest.mark.parametrize(("name", "left", "right", "guard"), WRONG, ids=[r[0] for r in WRONG])
def test_a_wrong_rule_is_refused_with_a_counterexample(name: str, left: Any, right: Any, guard: Any) -> None:
    with pytest.raises(RefusedRelation) as e:
        judge(name, left, right, guard)
    text = str(e.value)
    assert text.startswith(f"{name}: ") and "\nat " in text and "left  = " in text, text
