"""Exponentials and logarithms: forms that neither overflow nor cancel."""

from __future__ import annotations

from relgraph.numpy import (abs, cosh, equal, exp, expand_dims, expm1, isinf, log, log1p, logaddexp, maximum, sigmoid, sinh,
                            softplus, special, sqrt, sum, tanh, where)
from relgraph.relations import attrs, literals, lvars, theory
from relgraph.relations.predicates import (above_minus_1, all_axes, at_least, between_0_1, differs, equal_to, even, inside_0_1,
                                            nonnegative, nonpositive, nonzero, positive)
from relgraph.relations.predicates import odd as odd_number

from .laws import inverse_pair, odd

x, y, z = lvars("x y z")
c, d, n = literals("c d n")
axis, = attrs("axis")
erf, erfc, log1mexp, logit = special.erf, special.erfc, special.log1mexp, special.logit
logsumexp, softmax = special.logsumexp, special.softmax
ln2 = 0.6931471805599453
p, q = sigmoid(x), sigmoid(-x)
alike = equal(x, y) & isinf(x)  # the same infinity, of which y - x is NaN

logarithms = theory(
    name            = "logarithms",
    log_exp         = (log(exp(x)),                 x),
    exp_log         = (exp(log(x)),                 x,                          nonnegative(x)),
    log_one_plus    = (log(1 + x),                  log1p(x)),
    exp_minus_one   = (exp(x) - 1,                  expm1(x)),
    log1p_expm1     = (log1p(expm1(x)),             x),
    log_sqrt        = (log(sqrt(x)),                0.5 * log(x)),
    log_inverse     = (log(1 / x),                  -log(x)),
    log_product     = (log(x * y),                  log(x) + log(y),            positive(x) & positive(y)),
    log_times_exp   = (log(y * exp(x)),             log(y) + x),
    exp_product     = (exp(x) * exp(y),             exp(x + y)),
    exp_inverse     = (1 / exp(x),                  exp(-x)),
    exp_power       = (exp(x)**c,                   exp(c * x),                 nonzero(c)),
    log_pow         = (log(x**c),                   c * log(x),                 positive(x), "domain"),
    log_even_power  = (log(x**c),                   c * log(abs(x)),            even(c) & nonzero(c)),
    log_odd_power   = (log(x**c),                   c * log(x),                 odd_number(c)),
    log_ratio       = (log(c / x),                  log(c) - log(x),            positive(c)),
    log_expm1       = (log(expm1(x)),               x + log1mexp(-x)),
    exp_log1p       = (exp(log1p(x)),               1 + x,                      at_least(x, -1)),
    expm1_log       = (expm1(log(x)),               x - 1,                      nonnegative(x)),
    expm1_log1p     = (expm1(log1p(x)),             x,                          at_least(x, -1)),
    expm1_plus_one  = (expm1(x) + 1,                exp(x)),
    expm1_compl     = (1 + 1 / expm1(x),            -1 / expm1(-x)),
    expm1_rest      = (y + y / expm1(x),            -y / expm1(-x)),
    expm1_bend      = (exp(x) / expm1(x)**2,        -1 / expm1(x) / expm1(-x)),
    expm1_evens     = (exp(c*x) / expm1(x)**c,      1 / expm1(-x)**c,           even(c) & nonzero(c)),
    expm1_odds      = (exp(c*x) / expm1(x)**c,      -1 / expm1(-x)**c,          odd_number(c)),
    expm1_bend_even = (exp(-c*x) / expm1(-x)**(c + 1),      1 / (expm1(x)**c * expm1(-x)),      even(c) & positive(c)),
    expm1_bend_odd  = (exp(-c*x) / expm1(-x)**(c + 1),      -1 / (expm1(x)**c * expm1(-x)),     odd_number(c) & positive(c)),
    precedence      = "power > log > log1p, power > reciprocal > exp > expm1, log > log1mexp, log > abs",
)

# of positive bases, which are seldom known to be; a NaN may turn into a number, as 1**NaN is 1
powers = theory(
    name            = "powers",
    power_product   = (x**y * x**z,                 x**(y + z),                 positive(x), "domain"),
    power_quotient  = (x**y / x**z,                 x**(y - z),                 positive(x), "domain"),
    power_power     = ((x**y)**z,                   x**(y * z),                 positive(x), "domain"),
    log_power       = (log(x**y),                   y * log(x),                 positive(x), "domain"),
    exp_power_of    = (exp(x)**y,                   exp(x * y),                 "domain"),
    log_scale       = (log(c * x),                  log(c) + log(x),            positive(c) & differs(c, 1)),
    exp_times_log   = (exp(y * log(x)),             x**y,                       positive(x), "domain"),
    precedence      = "power > multiply, power > log, power > exp",
)

sigmoids = theory(
    inverse_pair(log1mexp, log1mexp, nonpositive),
    name            = "sigmoids",
    softplus        = (log1p(exp(x)),               softplus(x)),
    sigmoid         = (1 / (1 + exp(-x)),           sigmoid(x)),
    sigmoid_neg     = (1 / (1 + exp(x)),            sigmoid(-x)),
    sigmoid_power   = (1 / (1 + exp(x))**c,         sigmoid(-x)**c),
    sigmoid_ratio   = (exp(x) / (1 + exp(x)),       sigmoid(x)),
    sigmoid_compl   = (1 - sigmoid(x),              sigmoid(-x)),
    sigmoid_odds    = (sigmoid(x) / sigmoid(-x),    exp(x)),
    sigmoid_exp     = (sigmoid(x) * exp(-x),        sigmoid(-x)),
    sigmoid_into    = ((y*exp(-x) + z) * sigmoid(x), y*sigmoid(-x) + z*sigmoid(x)),
    sigmoid_square  = (sigmoid(x)**2 * exp(-x),     sigmoid(x) * sigmoid(-x)),
    sigmoid_grown   = ((1 + exp(x)) * sigmoid(x),   exp(x)),
    sigmoid_one     = ((1 + exp(x)) * sigmoid(-x)**d,       sigmoid(-x)**(d - 1),       positive(d - 1)),
    sigmoid_ones    = ((1 + exp(x))**2 * sigmoid(-x)**d,    sigmoid(-x)**(d - 2),       positive(d - 2)),
    sigmoid_exps    = (exp(c*x) * sigmoid(d*x)**n,  sigmoid(-d*x)**n,                   equal_to(c + n*d, 0) & positive(c)),
    sigmoid_exps_by = (exp(c*x) * sigmoid(-x)**d,           sigmoid(x)**c * sigmoid(-x),
                       equal_to(d - c, 1) & positive(c)),
    expm1_share     = (expm1(x) * sigmoid(-x)**d,           tanh(x/2) * sigmoid(-x)**(d - 1)),
    expm1_shares    = (expm1(x)**2 * sigmoid(-x)**d,        tanh(x/2)**2 * sigmoid(-x)**(d - 2)),
    sigmoid_whole   = (p**2 + p * q,                p),
    sigmoid_rest    = (y - y * sigmoid(x),          y * sigmoid(-x)),
    sigmoid_less    = (p - p**2,                    p * q),
    sigmoid_less_by = (y * p - y * p**2,            y * p * q),
    sigmoid_balance = ((1/p + 1/q) * p * q,         p + q),
    sigmoid_balanced = ((y/p + z/q) * p * q,        y * q + z * p),
    sigmoid_turn    = (p**2 * q - q**2 * p,         p * q * tanh(x / 2)),
    sigmoid_turn_by = (y * p**2 * q - y * q**2 * p, y * p * q * tanh(x / 2)),
    sigmoid_bend    = (p**2 * q - p**3,             -p**2 * tanh(x / 2)),
    sigmoid_bend_by = (y * p**2 * q - y * p**3,     -y * p**2 * tanh(x / 2)),
    tanh_less       = (1 - tanh(x),                 2 * sigmoid(-2 * x)),
    tanh_more       = (1 + tanh(x),                 2 * sigmoid(2 * x)),
    tanh_less_by    = (y - y * tanh(x),             2 * y * sigmoid(-2 * x)),
    tanh_more_by    = (y + y * tanh(x),             2 * y * sigmoid(2 * x)),
    tanh_compl      = (1 - tanh(x)**2,              4 * sigmoid(2 * x) * sigmoid(-2 * x)),
    tanh_rest       = (y - y * tanh(x)**2,          4 * y * sigmoid(2 * x) * sigmoid(-2 * x)),
    log_sigmoid     = (log(sigmoid(x)),             -softplus(-x)),
    log1p_neg_sig   = (log1p(-sigmoid(x)),          -softplus(x)),
    softplus_log    = (softplus(log(x)),            log1p(x),                   nonnegative(x)),
    exp_softplus    = (exp(softplus(x)),            1 + exp(x)),
    softplus_diff   = (softplus(x) - softplus(-x),  x),
    log1mexp        = (log1p(-exp(x)),              log1mexp(x)),
    log_neg_expm1   = (log(-expm1(x)),              log1mexp(x)),
    softplus_less   = (softplus(x) - x,             softplus(-x)),
    softplus_max    = (maximum(x, 0) + log1p(exp(-abs(x))), softplus(x)),
    expm1_softplus  = (expm1(softplus(x)),          exp(x)),
    exp_neg_softpl  = (exp(-softplus(x)),           sigmoid(-x)),
    expm1_neg_softp = (expm1(-softplus(x)),         -sigmoid(x)),
    log1mexp_softpl = (log1mexp(-softplus(x)),      -softplus(-x)),
    exp_log1mexp    = (exp(log1mexp(x)),            -expm1(x),                  nonpositive(x)),
    expm1_log1mexp  = (expm1(log1mexp(x)),          -exp(x),                    nonpositive(x)),
    log1mexp_log    = (log1mexp(log(x)),            log1p(-x),                  nonnegative(x)),
    log_sinh        = (log(sinh(x)),                x + log1mexp(-2*x) - ln2),
    log_cosh        = (log(cosh(x)), where(abs(x) < 1, log1p(2*sinh(x/2)*sinh(x/2)), abs(x) + log1p(expm1(-2*abs(x)) / 2))),
    precedence      = "log > log1p > softplus > expm1, softplus > exp > sigmoid, log > log1mexp > log1p, log > abs,"
                      "log > where, log > less, log > sinh, power > sigmoid, tanh > sigmoid, expm1 > tanh",
)

odds = theory(
    name            = "odds",
    logit           = (log(x / (1 - x)),            logit(x)),
    logit_logs      = (log(x) - log1p(-x),          logit(x)),
    logit_compl     = (logit(1 - x),                -logit(x)),
    logit_sigmoid   = (logit(sigmoid(x)),           x),
    logit_exp       = (logit(exp(x)),               x - log1mexp(x)),
    sigmoid_logit   = (sigmoid(logit(x)),           x,                          between_0_1(x)),
    sigmoid_log     = (sigmoid(log(x)),             1 / (1 + 1/x),              nonnegative(x)),
    softplus_logit  = (softplus(logit(x)),          -log1p(-x),                 inside_0_1(x)),
    precedence      = "logit > log1mexp",
)

sums = theory(
    name            = "sums",
    log_sum_exp     = (log(sum(exp(x), axis)),      logsumexp(x, axis)),
    softmax         = (exp(x) / expand_dims(sum(exp(x), axis), axis),       softmax(x, axis)),
    softmax_all     = (exp(x) / sum(exp(x), axis),                          softmax(x, axis),   all_axes(x, axis)),
    softmax_over    = (exp(x) / expand_dims(sum(exp(x), axis), axis)**2,
                       softmax(x, axis) / expand_dims(sum(exp(x), axis), axis)),
    softmax_into    = ((y / expand_dims(sum(exp(x), axis), axis) + z) * exp(x),     y * softmax(x, axis) + z * exp(x)),
    softmax_into_one = ((1 / expand_dims(sum(exp(x), axis), axis) + z) * exp(x),    softmax(x, axis) + z * exp(x)),
    softmax_into_all = ((y / sum(exp(x), axis) + z) * exp(x),       y * softmax(x, axis) + z * exp(x),  all_axes(x, axis)),
    softmax_one_all = ((1 / sum(exp(x), axis) + z) * exp(x),        softmax(x, axis) + z * exp(x),      all_axes(x, axis)),
    softmax_lse     = (exp(x - expand_dims(logsumexp(x, axis), axis)),      softmax(x, axis)),
    softmax_lse_all = (exp(x - logsumexp(x, axis)),                         softmax(x, axis),   all_axes(x, axis)),
    log_add_exp     = (log(exp(x) + exp(y)),        logaddexp(x, y)),
    log_add_positive = (log(exp(x) + y),            logaddexp(x, log(y)),       positive(y)),
    log1p_add_exp   = (log1p(exp(x) + y),           logaddexp(x, log1p(y)),     above_minus_1(y)),
    exp_share       = (exp(c*x) / (exp(x) + y)**c,  sigmoid(x - log(y))**c,     positive(y)),
    share_slope     = (exp(x + y) / (exp(x) + exp(y))**2,                   sigmoid(x - y) * sigmoid(y - x)),
    share_bend      = ((1/(exp(x) + y) - exp(x)/(exp(x) + y)**2) * exp(x),
                       sigmoid(x - log(y)) * sigmoid(log(y) - x),                   positive(y)),
    exp_share_diff  = (exp(x) / (exp(x) - exp(y)),  -1 / expm1(y - x)),
    logaddexp_zero  = (logaddexp(0, x),             softplus(x)),
    logaddexp_self  = (logaddexp(x, x),             x + ln2),
    logaddexp_shift = (logaddexp(x + z, y + z),     logaddexp(x, y) + z),
    logaddexp_less  = (logaddexp(x, y) - x,         softplus(y - x)),
    log_diff_exp    = (log(exp(x) - exp(y)),        x + log1mexp(where(alike, x, y - x))),
    log_softmax     = (log(softmax(x, axis)),       x - expand_dims(logsumexp(x, axis), axis)),
    precedence      = "log > logsumexp, log > logaddexp > softplus, log > log1mexp, log > expand_dims, log > where,"
                      "log > equal, log > isinf, log > logical_and",
)

# the ways back from logarithms, in no pipeline: the logarithm is needed elsewhere more often than not
unlogged = theory(
    name            = "unlogged",
    exp_logaddexp   = (exp(logaddexp(x, y)),        exp(x) + exp(y)),
    exp_logsumexp   = (exp(logsumexp(x, axis)),     sum(exp(x), axis)),
    logsumexp_log   = (logsumexp(log(x), axis),     log(sum(x, axis)),          nonnegative(x)),
    softmax_log     = (softmax(log(x), axis),       x / expand_dims(sum(x, axis), axis),        nonnegative(x)),
    precedence      = "logsumexp > exp > sum, logsumexp > log > sum, softmax > expand_dims, softmax > sum",
)

errors = theory(
    odd(erf),
    name            = "errors",
    one_minus_erf   = (1 - erf(x),                  erfc(x)),
    one_plus_erf    = (1 + erf(x),                  erfc(-x)),
    one_minus_erfc  = (1 - erfc(x),                 erf(x)),
)

stable = theory(logarithms, sigmoids, odds, sums, errors, name="stable")
