"""Error functions far out, logarithms times their operand, gamma and beta functions."""

from __future__ import annotations

from relgraph.numpy import exp, expm1, log, log1p, maximum, sign, special, where
from relgraph.numpy import abs as abs_
from relgraph.relations import literals, lvars, theory
from relgraph.relations.predicates import (at_most, finite, greater_than, inside_minus_1_1, nonnegative,
                                            nonzero, positive)
from relgraph.terms.elementwise import digamma, gammaln

x, y = lvars("x y")
c, d, n = literals("c d n")
erf, erfc, erfcx, erfinv, log_ndtr = special.erf, special.erfc, special.erfcx, special.erfinv, special.log_ndtr
xlogy, xlog1py, betaln = special.xlogy, special.xlog1py, special.betaln
erfc_ratio = special.erfc_ratio
root_half, by_root_pi = 0.7071067811865476, 0.5641895835477563

# erfc_mill knows a square whose number is that of erfc up to rounding, as in exp(-x**2/2)/erfc(x/sqrt(2));
# log_erfc is exact where asymptotic series approximate; mills_slope is what differentiating erfc_mills as written leaves
error_tails = theory(
    name            = "error_tails",
    log_erfc        = (log(erfc(x)),                    where(x < 1, log1p(-erf(x)), log(erfcx(maximum(x, 0))) - x*x)),
    log_ndtr        = (log(0.5 * erfc(-root_half * x)), log_ndtr(x)),
    erfc_mills      = (exp(-(c*x)**2) / erfc(c*x),      1 / erfcx(c*x)),
    erfc_mill       = (exp(-(c*x**2)) / erfc(d*x)**n,   exp(-((c - n*d*d)*x**2)) / erfcx(d*x)**n,
                       at_most(abs_(c - n*d*d), 1e-12*c)),
    erfc_mill_one   = (exp(-x**2) / erfc(d*x)**n,       exp(-((1 - n*d*d)*x**2)) / erfcx(d*x)**n,
                       at_most(abs_(1 - n*d*d), 1e-12)),
    mills_slope     = (c*x/erfcx(x) - c*(by_root_pi/erfcx(x)**2),       -c * erfc_ratio(x, 1) / erfcx(x)),
    mills_slopes    = (c*x*y/erfcx(x) - c*(by_root_pi*y/erfcx(x)**2),   -c * y * erfc_ratio(x, 1) / erfcx(x)),
    erfc_scaled     = (exp(x**2) * erfc(x),             erfcx(x)),
    erfcx_unscaled  = (exp(-x**2) * erfcx(x),           erfc(x)),
    erfcx_reflect   = (erfcx(x) + erfcx(-x),            2 * exp(x**2)),
    erfc_reflect    = (2 - erfc(x),                     erfc(-x)),
    exp_log_ndtr    = (exp(log_ndtr(x)),                0.5 * erfc(-root_half * x)),
    expm1_log_ndtr  = (expm1(log_ndtr(x)),              -0.5 * erfc(root_half * x)),
    erfinv_erf      = (erfinv(erf(x)),                  x),
    erf_erfinv      = (erf(erfinv(x)),                  x,                      inside_minus_1_1(x)),
    erfc_erfinv     = (erfc(erfinv(x)),                 1 - x,                  inside_minus_1_1(x)),
    abs_erf         = (erf(abs_(x)),                    abs_(erf(x))),
    sign_erf        = (sign(erf(x)),                    sign(x)),
    precedence      = "log > where, log > log1p, log > less, log > maximum, log_ndtr > erfc > erfcx > erfc_ratio > power > exp,"
                      "erfc > erf > abs, erfc > maximum",
)

products_of_logs = theory(
    name            = "products_of_logs",
    xlogy_nonzero   = (xlogy(x, y),                     x * log(y),             nonzero(x)),
    xlog1py_nonzero = (xlog1py(x, y),                   x * log1p(y),           nonzero(x)),
    xlogy_one_plus  = (xlogy(x, 1 + y),                 xlog1py(x, y)),
    xlogy_exp       = (xlogy(x, exp(y)),                x * y,                  finite(y)),
    xlog1py_expm1   = (xlog1py(x, expm1(y)),            x * y,                  finite(y)),
    xlogy_neg       = (xlogy(-x, y),                    -xlogy(x, y)),
    xlog1py_neg     = (xlog1py(-x, y),                  -xlog1py(x, y)),
    xlogy_inverse   = (xlogy(x, 1 / y),                 -xlogy(x, y)),
    exp_xlogy       = (exp(xlogy(y, x)),                x**y,                   nonnegative(x), "domain"),
    precedence      = "xlogy > log, xlog1py > log1p, xlogy > xlog1py, exp > power",
)

gammas = theory(
    name            = "gammas",
    gammaln_step    = (gammaln(x) + log(x),             gammaln(1 + x),         positive(x)),
    gammaln_steps   = (gammaln(1 + x) - gammaln(x),     log(x),                 nonnegative(x)),
    digamma_steps   = (digamma(1 + x) - digamma(x),     1 / x,                  greater_than(x, -1)),
    betaln          = (gammaln(x) + gammaln(y) - gammaln(x + y), betaln(x, y),  positive(x) & positive(y)),
    betaln_one      = (betaln(x, 1),                    -log(x)),
    precedence      = "gammaln > log, betaln > log",
)
