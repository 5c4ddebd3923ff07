"""Weights, mixtures and probabilities on a logarithmic scale: what neither overflows nor cancels."""

from __future__ import annotations

from relgraph.numpy import (abs, exp, expand_dims, expm1, full, log, log1p, logaddexp, max, maximum, mean, prod, reshape,
                            sigmoid, softplus, special, sum, take, where)
from relgraph.relations import attrs, literals, lvars, term_function, theory
from relgraph.relations.arranging import spread
from relgraph.relations.attributes import drop_axes, size
from relgraph.relations.predicates import (at_most_rank, between_0_1, finite, nonempty, nonnegative, positive, same_shape,
                                            size_one)
from relgraph.terms.indexing import index_
from relgraph.terms.ordering import take_along
from relgraph.terms.term import Term

from .laws import chained, of_one
from .stable import alike, sums

x, y, z = lvars("x y z")
c, d = literals("c d")
i, = lvars("i", kinds="iu")
axis, first, shape, spec = attrs("axis first shape spec")
log1mexp, logsumexp, softmax = special.log1mexp, special.logsumexp, special.softmax

@term_function
def ones_beside(x: Term, axis: Term) -> Term:
    """A one for each element that a reduction of ``x`` over axes gives."""
    shape = tuple(d for a, d in enumerate(x.type.shape, -x.type.ndim) if a not in axis.data)
    return full(shape, 1, dtype=x.type.dtype)


@term_function
def total(x: Term, axis: Term) -> Term:
    """The logarithm of the sum of exponentials over axes, beside each element."""
    return spread(expand_dims(logsumexp(x, axis.data), axis.data), x.type.shape)


log_sums = theory(
    chained(logsumexp, "f"), of_one(logsumexp, "f"),
    name                = "log_sums",
    logsumexp_offset    = (logsumexp(x + y, axis),              drop_axes(y, axis) + logsumexp(x, axis),    size_one(y, axis),
                           "domain"),  # the sum of nothing
    logsumexp_weighted  = (log(sum(y * exp(x), axis)),          logsumexp(x + log(y), axis),                positive(y)),
    logsumexp_times     = (log(y * sum(exp(x), axis)),          log(y) + logsumexp(x, axis)),
    logsumexp_mean      = (log(mean(exp(x), axis)),             logsumexp(x, axis) - log(size(x, axis))),
    logsumexp_by        = (y + log(sum(exp(x - expand_dims(y, axis)), axis)),   logsumexp(x, axis),   finite(y)),
    softmax_offset      = (softmax(x + y, axis),    softmax(x, axis),   size_one(y, axis) & same_shape(x + y, x) & finite(y)),
    softmax_by_max      = (softmax(x - expand_dims(max(x, axis), axis), axis),  softmax(x, axis)),
    softmax_by_greatest = (softmax(x - max(x, axis), axis),     softmax(x, axis),                           at_most_rank(x, 1)),
    softmax_sum         = (sum(softmax(x, axis), axis),         ones_beside(x, axis),       finite(x) & nonempty(x)),
    softmax_max         = (max(softmax(x, axis), axis),         exp(max(x, axis) - logsumexp(x, axis))),
    precedence          = "log > logsumexp, log > expand_dims, exp > sum, max > exp, max > logsumexp, "
                          "softmax > sum, softmax > expand_dims",
)

# the cross entropy of labels: the share that is read may underflow, its logarithm does not
shares_read = theory(
    name                = "shares_read",
    log_share_index     = (log(index_(softmax(x, axis), spec)),     index_(x, spec) - index_(total(x, axis), spec)),
    log_share_take      = (log(take(softmax(x, axis), i, first)),   take(x, i, first) - take(total(x, axis), i, first)),
    log_share_along     = (log(take_along(softmax(x, axis), i)),    take_along(x, i) - take_along(total(x, axis), i)),
    log_share_cells     = (log(take(reshape(softmax(x, axis), shape), i, first)),
                           take(reshape(x, shape), i, first) - take(reshape(total(x, axis), shape), i, first)),
    precedence          = "softmax > logsumexp, softmax > broadcast_to, softmax > expand_dims",
)

mixtures = theory(
    sums.only("log_add_positive"),
    name                = "mixtures",
    logaddexp_none      = (logaddexp(x, float("-inf")),         x),
    logaddexp_softplus  = (y + softplus(x - y),                 logaddexp(x, y)),
    logaddexp_max       = (maximum(x, y) + log1p(exp(-abs(x - y))),     logaddexp(x, y)),
    logaddexp_max_soft  = (maximum(x, y) + softplus(-abs(x - y)),       logaddexp(x, y)),
    log_mixture         = (log(c*exp(x) + d*exp(y)),            logaddexp(x + log(c), y + log(d)),  positive(c) & positive(d)),
    log_mixture_of      = (log(z*exp(x) + y),                   logaddexp(x + log(z), log(y)),      positive(z) & positive(y)),
    log_share           = (exp(x - logaddexp(x, y)),            sigmoid(x - y)),
    log_factor          = (log(x) + log1p(y / x),               log(x + y),                         positive(x)),
    precedence          = "log > log1mexp, log > logaddexp > softplus",
)

complements = theory(
    name                = "complements",
    log1p_pair          = (log1p(x) + log1p(-x),                log1p(-x**2)),
    log1p_odds          = (log1p(x / (1 - x)),                  -log1p(-x)),
    precedence          = "exp > expm1",
)

likelihoods = theory(
    name                = "likelihoods",
    bernoulli           = (y * log(sigmoid(x)) + (1 - y) * log(1 - sigmoid(x)),     y*x - softplus(x),      finite(x)),
    bernoulli_softplus  = (y * softplus(-x) + (1 - y) * softplus(x),                softplus(x) - y*x,      finite(x)),
    log_sigmoids        = (log(sigmoid(x) * sigmoid(y)),        -softplus(-x) - softplus(-y)),
    log_sigmoid_prod    = (log(prod(sigmoid(x), axis)),         -sum(softplus(-x), axis)),
    log_sigmoid_diff    = (log(sigmoid(x) - sigmoid(y)),
                           log1mexp(where(alike, float("-inf"), y - x)) - softplus(-x) - softplus(y)),
    softplus_inverse    = (softplus(log(expm1(x))),             x,                          nonnegative(x)),
    sigmoid_log_odds     = (sigmoid(log(x / (1 - x))),           x,                          between_0_1(x)),
    logit_sigmoid_log   = (sigmoid(log(x) - log1p(-x)),         x,                          between_0_1(x)),
    precedence          = "log > log1mexp, log > softplus > exp, log > softplus > sigmoid, log > where, log > equal, "
                          "log > isinf, log > logical_and",
)
