"""Determinants, Cholesky factors, eigenvalues, singular values, exponentials and pseudo-inverses."""

from __future__ import annotations

from relgraph.numpy import (abs, diag, equal, exp, flip, full, linalg, log, matmul, matrix_transpose, prod, sign, sort, sqrt,
                            squeeze, sum, where)
from relgraph.relations import attribute_function, attrs, clause, literals, lvars, term_function, theory
from relgraph.relations.predicates import (diagonal, differs, idempotent, invertible, lower_band,
                                           lower_triangular, nonnegative, nonzero, orthogonal, pd, permutation, positive,
                                           positive_diagonal, psd, semi_orthogonal, singular, size_one, skew_symmetric,
                                           square, stochastic, symmetric, unit_triangular, unitary, upper_band,
                                           upper_triangular)
from relgraph.terms.decompositions import eigh_, eigvalsh, expm, lu_, pinv, svd_, svdvals
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import nth, qr_, tril_, triu_
from relgraph.terms.term import Term, attr, const

from .kronecker import order
from .products import h, row, unit
from .selections import order_sign
from .solves import inverse_of

@term_function
def one_of(dtype: Term) -> Term:
    """The number one."""
    return const(1, dtype.data)


@term_function
def ones_of(x: Term) -> Term:
    """A one for each matrix."""
    return full(x.type.shape[:-2], 1, x.type.dtype)


@term_function
def zeros_of(x: Term) -> Term:
    """A zero for each matrix."""
    return full(x.type.shape[:-2], 0, x.type.dtype)


@term_function
def zero_rows(x: Term) -> Term:
    """A zero for each row."""
    return full(x.type.shape[:-1], 0, x.type.dtype)


@term_function
def one_rows(x: Term) -> Term:
    """A one for each row."""
    return full(x.type.shape[:-1], 1, x.type.dtype)


@attribute_function
def minus(k: Term) -> Term:
    """As many diagonals on the other side."""
    return attr(-k.data)


x, y, v = lvars("x y v")
q, = lvars("q", kinds="c")  # what is conjugated: of a real matrix `conj` is no op
p, = lvars("p", kinds="fc")
c, = literals("c")
n, dtype, k = attrs("rows dtype k")
cholesky, det, inv, slogdet, trace = linalg.cholesky, linalg.det, linalg.inv, linalg.slogdet, linalg.trace
diag_of, t = linalg.diagonal, matrix_transpose
eye, both = eye_(n, n, attr(0), dtype), attr((-2, -1))


@term_function
def descending(v: Term) -> Term:
    """The elements of the last axis, the greatest first."""
    return flip(sort(v), -1)


@term_function
def inverse_or_zero(v: Term) -> Term:
    """The reciprocals, zero of zero."""
    return where(equal(v, 0), 0, 1 / v)


def log_det(a: Term) -> Term:
    return slogdet(a)[1]


def sign_det(a: Term) -> Term:
    return slogdet(a)[0]


determinant_laws = theory(
    name            = "determinant_laws",
    det_eye         = (det(eye),                            one_of(dtype)),
    det_scale       = (det(c * x),                          c**order(x) * det(x),               differs(c, 1), "domain"),
    det_unit        = (det(x),                              ones_of(x),                         unit_triangular(x)),
    det_lower       = (det(x),                              prod(diag_of(x), -1),               lower_triangular(x)),
    det_upper       = (det(x),                              prod(diag_of(x), -1),               upper_triangular(x)),
    det_orthogonal  = (abs(det(x)),                         1,                                  orthogonal(x)),
    det_unitary     = (abs(det(q)),                         1,                                  unitary(q)),
    det_number      = (det(x),                              squeeze(x, both),                   size_one(x, both)),
    det_expm        = (det(expm(x)),                        exp(trace(x)),                      "domain"),
    det_of_slogdet  = (sign_det(x) * exp(log_det(x)),       det(x)),
    precedence      = "det > prod, det > diagonal, det > power, det > squeeze, det > exp, det > trace",
)

# Not to be joined with log_determinants, which computes signs of triangles and diagonals by `sign`; nor with `determinants`,
# whose guarded rules for the same left side it would take the terms from.
signs_of_determinants = theory(
    name            = "signs_of_determinants",
    sign_of_det     = (sign(det(x)),                        sign_det(x),                        "domain"),
    log_of_det      = (log(det(x)),                         where(sign_det(x) < 0, float("nan"), log_det(x))),
    precedence      = "sign > nth, det > nth > slogdet, log > where, log > less",
)

log_determinants = theory(
    name            = "log_determinants",
    log_det_transpose = (log_det(t(x)),                     log_det(x)),
    sign_det_transpose = (sign_det(t(x)),                   sign_det(x)),
    log_det_inv     = (log_det(inv(x)),                     -log_det(x),                        "domain"),
    sign_det_inv    = (sign_det(inv(x)),                    sign_det(x),                        invertible(x)),
    log_det_product = (log_det(matmul(x, y)),               log_det(x) + log_det(y),            square(x), "domain"),
    sign_det_product = (sign_det(matmul(x, y)),             sign_det(x) * sign_det(y),          square(x)),
    sign_det_diag   = (sign_det(diag(v)),                   prod(sign(v), -1),                  "domain"),
    log_det_scale   = (log_det(c * x),                      order(x) * log(abs(c)) + log_det(x), nonzero(c) & differs(c, 1)),
    log_det_upper   = (log_det(x),                          sum(log(abs(diag_of(x))), -1),      upper_triangular(x)),
    sign_det_lower  = (sign_det(x),                         prod(sign(diag_of(x)), -1),         lower_triangular(x)),
    sign_det_upper  = (sign_det(x),                         prod(sign(diag_of(x)), -1),         upper_triangular(x)),
    log_det_pd      = (log_det(x),                          2 * sum(log(diag_of(cholesky(x))), -1), pd(x)),
    sign_det_pd     = (sign_det(x),                         ones_of(x),                         pd(x)),
    log_det_expm    = (log_det(expm(x)),                    trace(x),                           "domain"),
    precedence      = "slogdet > log > sum, log > abs, slogdet > diagonal, slogdet > cholesky, slogdet > prod, slogdet > sign, "
                      "slogdet > trace, slogdet > inv",
)

cholesky_factors = theory(
    name            = "cholesky_factors",
    cholesky_product = (cholesky(matmul(x, t(x))),          x,                      lower_triangular(x) & positive_diagonal(x)),
    cholesky_upper  = (cholesky(matmul(t(x), x)),           t(x),                   upper_triangular(x) & positive_diagonal(x)),
    product_cholesky = (matmul(cholesky(x), t(cholesky(x))), x,                                 pd(x)),
    product_cholesky_h = (matmul(cholesky(q), h(cholesky(q))), q,                               pd(q)),
    cholesky_eye    = (cholesky(eye),                       eye),
    cholesky_diag   = (cholesky(diag(v)),                   diag(sqrt(v)),                      positive(v)),
    cholesky_diagonal = (cholesky(x),                       diag(sqrt(diag_of(x))),             diagonal(x) & pd(x)),
    cholesky_scale  = (cholesky(c * x),                     sqrt(c) * cholesky(x),              positive(c) & differs(c, 1)),
    cholesky_number = (cholesky(x),                         sqrt(x),                           size_one(x, both) & positive(x)),
    precedence      = "cholesky > diag > sqrt, cholesky > diagonal",
)

triangles = theory(
    name            = "triangles",
    tril_band       = (tril_(p, k),                         p,                                  upper_band(p, k)),
    triu_band       = (triu_(p, k),                         p,                                  lower_band(p, minus(k))),
    projection      = (matmul(x, x),                        x,                                  idempotent(x)),
    precedence      = "matmul > tril, matmul > triu",
)

# A fact says nothing of NaN, which these forget: the trace of x - x.mT is zero whatever x is.
vanishing = theory(
    name            = "vanishing",
    det_singular    = (det(x),                              zeros_of(x),                        singular(x), "domain"),
    trace_skew      = (trace(x),                            zeros_of(x),                        skew_symmetric(x), "domain"),
    diagonal_skew   = (diag_of(x),                          zero_rows(x),                       skew_symmetric(x), "domain"),
    sum_stochastic  = (sum(x, -1),                          one_rows(x),                        stochastic(x), "domain"),
)

spectra = theory(
    name            = "spectra",
    sum_eigenvalues = (sum(eigvalsh(x), -1),                trace(x),                           symmetric(x)),
    prod_eigenvalues = (prod(eigvalsh(x), -1),              det(x),                             symmetric(x)),
    square_eigenvalues = (sum(eigvalsh(x)**2, -1),          sum(x**2, (-2, -1)),                symmetric(x)),
    scale_eigenvalues = (eigvalsh(c * x),                   c * eigvalsh(x),                    nonnegative(c)),
    eigenvalues_transpose = (eigvalsh(t(x)),                eigvalsh(x),                        symmetric(x)),
    eigenvalues_number = (eigvalsh(x),                      squeeze(x, (-1,)),                  size_one(x, both)),
    eigenvalues_gram = (eigvalsh(matmul(x, matmul(y, t(x)))), eigvalsh(y),                    orthogonal(x) & symmetric(y)),
    eigenvectors    = (matmul(nth(eigh_(x), 1) * row(nth(eigh_(x), 0)), t(nth(eigh_(x), 1))), x, symmetric(x)),
    prod_singular   = (prod(svdvals(x), -1),                abs(det(x)),                        square(x), "domain"),
    square_singular = (sum(svdvals(x)**2, -1),              sum(x**2, (-2, -1))),
    sum_singular_psd = (sum(svdvals(x), -1),                trace(x),                           psd(x)),
    scale_singular  = (svdvals(c * x),                      abs(c) * svdvals(x),                differs(c, 1)),
    singular_transpose = (svdvals(t(x)),                    svdvals(x)),
    singular_left   = (svdvals(matmul(x, y)),               svdvals(y),                         orthogonal(x)),
    singular_right  = (svdvals(matmul(y, x)),               svdvals(y),                         orthogonal(x)),
    singular_number = (svdvals(x),                          squeeze(abs(x), (-1,)),             size_one(x, both)),
    singular_vectors = (matmul(nth(svd_(p), 0) * row(nth(svd_(p), 1)), nth(svd_(p), 2)), p),
    qr_product      = (matmul(nth(qr_(p), 0), nth(qr_(p), 1)), p),
    lu_product      = (matmul(nth(lu_(x), 0), matmul(nth(lu_(x), 1), nth(lu_(x), 2))), x),
    precedence      = "svdvals > det, prod > abs, eigvalsh > squeeze, svdvals > squeeze, svdvals > abs",
)

# LAPACK reflects nothing where nothing stands below the diagonal, so that the factor of a diagonal matrix is the identity
diagonal_decompositions = theory(
    name            = "diagonal_decompositions",
    eigenvalues_diagonal = (eigvalsh(x),                    sort(diag_of(x)),                   upper_triangular(x)),
    eigh_diag       = (nth(eigh_(diag(v)), 0),              sort(v)),
    singular_diagonal = (svdvals(x),                        descending(abs(diag_of(x))),        diagonal(x)),
    svd_diag        = (nth(svd_(diag(v)), 1),               descending(abs(v))),
    lu_diagonal_p   = (nth(lu_(x), 0),                      unit(x),                            upper_triangular(x)),
    lu_diagonal_l   = (nth(lu_(x), 1),                      unit(x),                            upper_triangular(x)),
    lu_diagonal_u   = (nth(lu_(x), 2),                      x,                                  upper_triangular(x)),
    qr_diagonal_q   = (nth(qr_(x), 0),                      unit(x),                            diagonal(x) & square(x)),
    qr_diagonal_r   = (nth(qr_(x), 1),                      x,                                  diagonal(x)),
    precedence      = "eigvalsh > sort, svdvals > sort, nth > sort, eigvalsh > diagonal, svdvals > diagonal, "
                      "svdvals > abs, nth > abs",
)

# where the decomposition is there anyway
factorised = theory(
    name            = "factorised",
    det_by_cholesky = (det(x),                              prod(diag_of(cholesky(x)), -1)**2,              pd(x)),
    det_by_eigh     = (det(x),                              prod(nth(eigh_(x), 0), -1),                     symmetric(x)),
    # LAPACK's determinant is 0 where a pivot is, whatever is NaN beside it
    det_by_lu       = (det(x),                      order_sign(nth(lu_(x), 0)) * prod(diag_of(nth(lu_(x), 2)), -1), "domain"),
    det_by_svd      = (abs(det(x)),                         prod(nth(svd_(x), 1), -1),                      "domain"),
    det_by_qr       = (abs(det(x)),                         abs(prod(diag_of(nth(qr_(x), 1)), -1)),         "domain"),
    svdvals_by_svd  = (svdvals(x),                          nth(svd_(x), 1)),
    eigvals_by_eigh = (eigvalsh(x),                         nth(eigh_(x), 0)),
    precedence      = "det > prod > diagonal > nth, nth > lu, nth > svd, nth > eigh, svdvals > nth, eigvalsh > nth",
)

exponentials = theory(
    name            = "exponentials",
    expm_diag       = (expm(diag(v)),                       diag(exp(v))),
    expm_diagonal   = (expm(x),                             diag(exp(diag_of(x))),              diagonal(x)),
    expm_transpose  = (expm(t(x)),                          t(expm(x))),
    expm_number     = (expm(x),                             exp(x),                             size_one(x, both)),
    expm_square     = (matmul(expm(x), expm(x)),            expm(2 * x)),
    expm_inverse    = (matmul(expm(x), expm(-x)),           unit(x),                            "domain"),
    precedence      = "expm > diag > exp, expm > diagonal, expm > transpose",
)

pseudo_inverses = theory(
    name            = "pseudo_inverses",
    pinv_regular    = (pinv(x),                             inv(x),                             invertible(x)),
    pinv_pinv       = (pinv(pinv(x)),                       x),
    pinv_transpose  = (pinv(t(x)),                          t(pinv(x))),
    pinv_scale      = (pinv(c * x),                         inverse_of(c) * pinv(x),            nonzero(c) & differs(c, 1)),
    pinv_diag       = (pinv(diag(v)),                       diag(inverse_or_zero(v))),
    pinv_diagonal   = (pinv(x),                             diag(inverse_or_zero(diag_of(x))),  diagonal(x) & square(x)),
    pinv_unitary    = (pinv(q),                             h(q),                               unitary(q)),
    pinv_semi       = (pinv(x),                             t(x),                               semi_orthogonal(x)),
    pinv_inner      = (matmul(x, matmul(pinv(x), x)),       x),
    pinv_outer      = (matmul(pinv(x), matmul(x, pinv(x))), pinv(x)),
    precedence      = "pinv > inv, pinv > transpose, pinv > diag, pinv > diagonal, pinv > conj",
)

structure = (
    clause(invertible(expm(x))), clause(pd(expm(x)), symmetric(x)), clause(symmetric(pinv(x)), symmetric(x)),
    clause(psd(pinv(x)), psd(x)),
    clause(nonnegative(svdvals(x))), clause(positive(svdvals(x)), invertible(x)), clause(positive(eigvalsh(x)), pd(x)),
    clause(nonnegative(eigvalsh(x)), psd(x)), clause(orthogonal(nth(eigh_(x), 1)), symmetric(x)),
    clause(lower_triangular(nth(lu_(x), 1))), clause(unit_triangular(nth(lu_(x), 1))), clause(upper_triangular(nth(lu_(x), 2))),
    clause(permutation(nth(lu_(x), 0))),
)
