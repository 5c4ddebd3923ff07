"""Exponentials and logarithms: forms that neither overflow nor cancel."""

from __future__ import annotations

from relgraph.numpy import exp, expand_dims, expm1, log, log1p, logaddexp, sigmoid, softplus, special, sqrt, sum
from relgraph.relations import attrs, literals, lvars, theory
from relgraph.relations.predicates import all_axes, nonzero, positive

from .laws import odd

x, y, z = lvars("x y z")
c, = literals("c")
axis, = attrs("axis")
erf, erfc, log1mexp, logsumexp, softmax = special.erf, special.erfc, special.log1mexp, special.logsumexp, special.softmax

logarithms = theory(
    name            = "logarithms",
    log_exp         = (log(exp(x)),                 x),
    exp_log         = (exp(log(x)),                 x,                          positive(x)),
    log_one_plus    = (log(1 + x),                  log1p(x)),
    exp_minus_one   = (exp(x) - 1,                  expm1(x)),
    log1p_expm1     = (log1p(expm1(x)),             x),
    log_sqrt        = (log(sqrt(x)),                0.5 * log(x)),
    log_inverse     = (log(1 / x),                  -log(x)),
    log_product     = (log(x * y),                  log(x) + log(y),            positive(x) & positive(y)),
    exp_product     = (exp(x) * exp(y),             exp(x + y)),
    exp_inverse     = (1 / exp(x),                  exp(-x)),
    exp_power       = (exp(x)**c,                   exp(c * x),                 nonzero(c)),
    log_pow         = (log(x**c),                   c * log(x),                 positive(x), "domain"),
    precedence      = "power > log > log1p, power > reciprocal > exp > expm1",
)

sigmoids = theory(
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
    log_sigmoid     = (log(sigmoid(x)),             -softplus(-x)),
    log1p_neg_sig   = (log1p(-sigmoid(x)),          -softplus(x)),
    softplus_log    = (softplus(log(x)),            log1p(x),                   positive(x)),
    exp_softplus    = (exp(softplus(x)),            1 + exp(x)),
    softplus_diff   = (softplus(x) - softplus(-x),  x),
    log1mexp        = (log1p(-exp(x)),              log1mexp(x)),
    log_neg_expm1   = (log(-expm1(x)),              log1mexp(x)),
    precedence      = "log > log1p > softplus > expm1, softplus > exp > sigmoid",
)

sums = theory(
    name            = "sums",
    log_sum_exp     = (log(sum(exp(x), axis)),      logsumexp(x, axis)),
    softmax         = (exp(x) / expand_dims(sum(exp(x), axis), axis),       softmax(x, axis)),
    softmax_all     = (exp(x) / sum(exp(x), axis),                          softmax(x, axis),   all_axes(x, axis)),
    softmax_lse     = (exp(x - expand_dims(logsumexp(x, axis), axis)),      softmax(x, axis)),
    softmax_lse_all = (exp(x - logsumexp(x, axis)),                         softmax(x, axis),   all_axes(x, axis)),
    log_add_exp     = (log(exp(x) + exp(y)),        logaddexp(x, y)),
    logaddexp_zero  = (logaddexp(0, x),             softplus(x)),
    precedence      = "log > logsumexp, log > logaddexp > softplus",
)

errors = theory(
    odd(erf),
    name            = "errors",
    one_minus_erf   = (1 - erf(x),                  erfc(x)),
    one_plus_erf    = (1 + erf(x),                  erfc(-x)),
    one_minus_erfc  = (1 - erfc(x),                 erf(x)),
)

stable = theory(logarithms, sigmoids, sums, errors, name="stable")
