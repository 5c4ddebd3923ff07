"""Equations that other rewriters of graphs lack, as a user writes them (over 300 lines because it is one table)."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import (
    booleans,
    complexes,
    integers,
    mixtures,
    order,
    polynomials,
    reductions,
    roots,
    trigonometry,
)
from relations_library.facts import signs
from relgraph.numpy import (
    abs,
    arccos,
    arcsin,
    arctan,
    arctan2,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    cbrt,
    conj,
    copysign,
    cos,
    cosh,
    equal,
    exp,
    exp2,
    floor,
    hypot,
    imag,
    less,
    log,
    log1p,
    log2,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    max,
    maximum,
    mean,
    min,
    minimum,
    prod,
    real,
    rint,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    sum,
    tan,
    tanh,
    trunc,
    where,
)
from relgraph.relations import FOLDING, theory

from .field import Row, holds, table

log1mexp, logsumexp, softmax, logit = rnp.special.log1mexp, rnp.special.logsumexp, rnp.special.softmax, rnp.special.logit


def known(name: str, **facts: Any) -> Any:
    """A vector of which something is known."""
    return rg.assume(rg.vector(name, shape=(3,)), **facts)


x, y, z = (rg.vector(n, shape=(3,)) for n in "xyz")
i, j, k = (rg.vector(n, shape=(3,), dtype="int64") for n in "ijk")
p, q, r = (rg.vector(n, shape=(3,), dtype="bool") for n in "pqr")
u, v = (rg.vector(n, shape=(3,), dtype="complex128") for n in "uv")
X, Y = (rg.matrix(n, shape=(3, 4)) for n in "XY")
a, label = rg.scalar("a"), rg.scalar("label", dtype="int64")
pos, sop = known("pos", positive=True, finite=True), known("sop", positive=True, finite=True)
neg = known("neg", negative=True, finite=True)
fin, nif = known("fin", finite=True), known("nif", finite=True)
odds, unit = known("odds", greater_than=0, less_than=1), known("unit", greater_than=-1, less_than=1)
nonzero = rg.assume(rg.vector("nonzero", shape=(3,), dtype="int64"), nonzero=True)

BARE = {t: t.args[0] for t in (pos, sop, neg, fin, nif, odds, unit, nonzero)}
VALUES: dict[Any, Any] = {BARE.get(t, t): np.array(v) for t, v in {
    x: [0.3, -1.1, 2.0], y: [1.2, 0.4, -0.6], z: [-0.2, 0.9, 1.7], i: [3, -7, 0], j: [2, 5, -4], k: [2, 0, 1],
    p: [True, False, True], q: [True, True, False], r: [False, False, True],
    u: [1 + 2j, -0.5j, 0.3 - 1j], v: [2 - 1j, 1.5 + 0j, -1j],
    X: np.random.default_rng(1).normal(size=(3, 4)), Y: np.random.default_rng(2).normal(size=(3, 4)), a: 0.7, label: 2,
    pos: [0.2, 1.4, 3.0], sop: [2.2, 0.4, 1.0], neg: [-0.3, -1.2, -2.2], fin: [0.3, -1.4, 2.6], nif: [1.3, 0.4, -0.6],
    odds: [0.2, 0.5, 0.9], unit: [-0.6, 0.1, 0.8], nonzero: [3, -2, 5]}.items()}


def of(*theories: Any) -> Any:
    """These theories, with constants folded and the facts about signs."""
    return theory(FOLDING, *theories, signs)


def centred(t: Any) -> Any:
    return t - mean(t, 1, keepdims=True)


LOG_SPACE: dict[str, Row] = {
    "log of a weighted sum": (log(sum(sop * exp(x))), logsumexp(x + log(sop))),
    "log of a mean of exps": (log(mean(exp(X), 1)), logsumexp(X, 1) - float(np.log(4))),
    "log of a mixture of two": (log(0.3 * exp(x) + 0.7 * exp(y)), logaddexp(y - -float(np.log(0.7)), x - -float(np.log(0.3))),
                                of(mixtures.mixtures)),
    "log of an exp and a positive": (log(exp(x) + pos), logaddexp(x, log(pos))),
    "share of an exp": (exp(x) / (exp(x) + exp(y)), sigmoid(x - y)),
    "log of a positive sum": (log(pos) + log1p(sop / pos), log(pos + sop), of(mixtures.mixtures)),
    "greater and softplus": (maximum(x, y) + log1p(exp(-abs(x - y))), logaddexp(x, y), of(mixtures.mixtures)),
    "log of zero probability": (logaddexp(x, -np.inf), x, of(mixtures.mixtures)),
    "logsumexp of a shift": (logsumexp(x + a), a + logsumexp(x)),
    "logsumexp of logsumexps": (logsumexp(logsumexp(X, 0)), logsumexp(X)),
    "softmax of a shift": (softmax(x + rg.assume(a, finite=True)), softmax(x)),
    "shares sum to one": (sum(softmax(fin)), rnp.asarray(1.0)),
    "greatest share": (max(softmax(x)), exp(max(x) - logsumexp(x))),
    "softmax by a shift": (exp(x - max(x)) / sum(exp(x - max(x))), softmax(x)),
    "log odds": (log(odds / (1 - odds)), logit(odds)),
    "log odds by logs": (log(odds) - log1p(-odds), logit(odds)),
    "logit of sigmoid": (logit(sigmoid(x)), x),
    "softplus and its mirror": (softplus(x) - softplus(-x), x),
    "Bernoulli likelihood": (y * log(sigmoid(fin)) + (1 - y) * log(1 - sigmoid(fin)), fin * y - softplus(fin),
                             of(mixtures.likelihoods)),
    "cross entropy of one class": (-log(softmax(x)[1]), logsumexp(x) - x[1]),
    "cross entropy of classes": (-sum(Y * log(softmax(X, 1))), -sum(Y * (X - logsumexp(X, 1, keepdims=True)))),
    "cross entropy of a label": (-log(softmax(x)[label]), rnp.broadcast_to(logsumexp(x), (3,))[label] - x[label]),
    "cross entropy of labels": (
        -log(rnp.take_along_axis(softmax(X, 1), k[:, None], 1)),
        rnp.take_along_axis(rnp.broadcast_to(logsumexp(X, 1)[:, None], (3, 4)), k[:, None], 1)
        - rnp.take_along_axis(X, k[:, None], 1)),
    "log of a scaled product": (log(pos * exp(x)), x + log(pos)),
    "log of a quotient of exps": (log(exp(x) / sum(exp(x))), x - rnp.special.logsumexp(x)),
}

MOMENTS: dict[str, Row] = {
    "variance by moments": (mean(X**2, 1) - mean(X, 1)**2, mean(centred(X)**2, 1), of(reductions.moments)),
    "covariance by moments": (mean(X * Y, 1) - mean(X, 1) * mean(Y, 1), mean(centred(X) * centred(Y), 1),
                              of(reductions.moments)),
    "sum of squared deviations": (sum(X**2, 1) - sum(X, 1) * mean(X, 1), sum(centred(X)**2, 1), of(reductions.moments)),
    "mean of a shift": (mean(x + a), a + mean(x), of(reductions.means)),
    "mean of a multiple": (mean(a * x), a * mean(x), of(reductions.means)),
    "mean of means": (mean(mean(X, 0)), mean(X), of(reductions.means)),
    "mean of the sum": (mean(x) + mean(y), mean(x + y), of(reductions.means)),
    "greatest square": (max(rnp.square(x)), rnp.square(maximum(max(x), -min(x))), of(reductions.extrema)),
    "greatest size": (max(abs(x)), maximum(max(x), -min(x)), of(reductions.extrema)),
    "greatest multiple": (max(2 * x), 2 * max(x), of(reductions.extrema)),
    "greatest of a mirrored multiple": (max(-2 * x), -2 * min(x), of(order.order, reductions.extrema)),
    "greatest of two greatest": (maximum(max(x), max(y)), max(maximum(x, y)), of(reductions.extrema)),
    "size of a product": (prod(abs(x)), abs(prod(x)), of(reductions.products)),
    "sign of a product": (sign(prod(x)), prod(sign(x)), of(reductions.products)),
    "product of powers": (prod(x**3), prod(x)**3, of(reductions.product_powers)),
    "inner product": (sum(x * y), rnp.vecdot(x, y), of(reductions.dots)),
    "sum of squares": (sum(x**2), rnp.vecdot(x, x), of(reductions.dots)),
}

POLYNOMIALS: dict[str, Row] = {
    "Horner of degree two": (3 * x**2 + 2 * x + 1, 1 + x * (2 + 3 * x), of(polynomials.horner_scheme)),
    "Horner of degree three": (4 * x**3 + 3 * x**2 + 2 * x + 1, 1 + x * (2 + x * (3 + 4 * x)), of(polynomials.horner_scheme)),
    "Horner of degree four": (5 * x**4 + 4 * x**3 + 3 * x**2 + 2 * x + 1, 1 + x * (2 + x * (3 + x * (4 + 5 * x))),
                              of(polynomials.horner_scheme)),
    "common factor": (x * y + x * z, x * (y + z), of(polynomials.factored)),
    "square of a sum": (x**2 + 2 * x * y + y**2, (x + y)**2, of(polynomials.factored)),
    "square of a difference": (x**2 - 2 * x * y + y**2, (x - y)**2, of(polynomials.factored)),
    "difference of squares": (x**2 - y**2, (x + y) * (x - y), of(polynomials.factored)),
    "like terms": (2 * x + 3 * x, 5 * x),
    "like terms apart": (2 * x + y + 3 * x, y + 5 * x),
    "powers of one base": (x**2 * x**3, x**5),
    "power of a power": ((x**2)**3, x**6),
}

TRIGONOMETRY: dict[str, Row] = {
    "Pythagoras": (sin(x)**2 + cos(x)**2, rnp.full((3,), 1.0), of(trigonometry.trigonometry)),
    "hyperbola": (cosh(x)**2 - sinh(x)**2, rnp.full((3,), 1.0), of(trigonometry.trigonometry)),
    "tangent": (sin(x) / cos(x), tan(x), of(trigonometry.trigonometry)),
    "hyperbolic tangent": (sinh(x) / cosh(x), tanh(x), of(trigonometry.trigonometry)),
    "one less sine squared": (1 - sin(x)**2, cos(x)**2, of(trigonometry.trigonometry)),
    "cosh and sinh": (cosh(x) + sinh(x), exp(x), of(trigonometry.trigonometry)),
    "sine of minus": (sin(-x), -sin(x)),
    "cosine of minus": (cos(-x), cos(x)),
    "sine of arcsine": (sin(arcsin(unit)), unit),
    "cosine of arccosine": (cos(arccos(unit)), unit),
    "tangent of arctangent": (tan(arctan(x)), x),
    "cosine of arcsine": (cos(arcsin(x)), sqrt((1 + x) * (1 - x)), of(trigonometry.mixed)),
    "versine": (1 - cos(x), 2 * sin(0.5 * x) * sin(0.5 * x), of(trigonometry.halves)),
    "half a tangent": (sin(x) / (1 + cos(x)), tan(0.5 * x), of(trigonometry.halves)),
    "sum of angles": (sin(x + y), cos(x) * sin(y) + cos(y) * sin(x), of(trigonometry.angle_sums)),
    "double angle": (cos(2 * x), cos(x)**2 - sin(x)**2, of(trigonometry.angle_sums)),
    "sum of hyperbolic angles": (sinh(x) * cosh(y) + cosh(x) * sinh(y), sinh(x + y), of(trigonometry.hyperbolic_sums)),
    "length": (sqrt(x**2 + y**2), hypot(x, y), of(trigonometry.lengths)),
    "length of a scaled pair": (hypot(2 * x, 2 * y), 2 * hypot(x, y), of(trigonometry.lengths)),
    "angle of a quotient": (arctan(x / pos), arctan2(x, pos), of(trigonometry.written_out)),
    "sinh from exps": (exp(x) - exp(-x), 2 * sinh(x), of(trigonometry.written_out)),
}

ROOTS: dict[str, Row] = {
    "root of a product": (sqrt(pos * sop), sqrt(pos) * sqrt(sop), of(roots.roots)),
    "over its root": (pos / sqrt(pos), sqrt(pos), of(roots.roots)),
    "root of an inverse": (sqrt(1 / x), 1 / sqrt(x), of(roots.roots)),
    "root of an exponential": (sqrt(exp(x)), exp(0.5 * x), of(roots.roots)),
    "root of a fourth power": (sqrt(x**4), x**2, of(roots.roots)),
    "cube root of a cube": (cbrt(x**3), x, of(roots.roots)),
    "size times sign": (sign(x) * abs(x), x),
    "sign times": (sign(x) * x, abs(x), of(roots.absolutes)),
    "sign of a product": (sign(x * y), sign(x) * sign(y), of(roots.absolutes)),
    "size of a size": (abs(abs(x)), abs(x)),
    "size of minus": (abs(-x), abs(x)),
    "size squared": (abs(x)**2, x**2),
    "size of a positive": (abs(pos), pos),
    "size of a negative": (abs(neg), -neg),
    "sign copied to itself": (copysign(x, x), x, of(roots.copied_signs)),
    "size of a copied sign": (abs(copysign(x, y)), abs(x), of(roots.copied_signs)),
    "floor of a whole shift": (floor(x + 2), 2 + floor(x)),
    "floor of a rounded": (floor(rint(x)), rint(x), of(roots.rounding)),
    "truncated twice": (trunc(trunc(x)), trunc(x), of(roots.rounding)),
    "binary logarithm of a binary power": (log2(exp2(x)), x, of(roots.binary)),
}

LATTICE: dict[str, Row] = {
    "absorption": (maximum(fin, minimum(fin, nif)), fin),
    "absorption, the other way": (minimum(fin, maximum(fin, nif)), fin),
    "common bound": (maximum(minimum(x, y), minimum(x, z)), minimum(x, maximum(y, z))),
    "clip twice": (rnp.clip(rnp.clip(x, 0, 1), 0, 1), minimum(1, maximum(0, x))),
    "greatest of minus": (maximum(-x, -y), -minimum(x, y)),
    "greatest of shifts": (maximum(x + y, x + z), x + maximum(y, z), of(order.extremes)),
    "greatest of multiples": (maximum(pos * x, pos * y), pos * maximum(x, y), of(order.extremes)),
    "greatest and least": (maximum(x, y) + minimum(x, y), x + y, of(order.extremes)),
    "greatest less least": (maximum(x, y) - minimum(x, y), abs(x - y), of(order.extremes)),
    "greatest of opposites": (maximum(x, -x), abs(x), of(order.extremes)),
    "greatest of exps": (maximum(exp(x), exp(y)), exp(maximum(x, y)), of(order.monotone)),
    "greatest exp": (max(exp(x)), exp(max(x)), of(order.monotone)),
    "greater chosen": (where(fin < nif, nif, fin), maximum(fin, nif)),
    "size chosen": (where(x < 0, -x, x), abs(x)),
    "positive part": (where(x < 0, 0, x), maximum(0, x)),
    "positive part, chosen the other way": (where(fin > 0, fin, 0), maximum(0, fin)),
    "choice by a denied condition": (where(logical_not(p), x, y), where(p, y, x)),
    "choice inside a choice": (where(p, where(p, x, y), z), where(p, x, z)),
    "function of a choice": (where(p, exp(x), exp(y)), exp(where(p, x, y))),
    "sum of two choices": (where(p, x, y) + where(p, z, x), where(p, x + z, x + y), of(order.sinks)),
    "both parts of a choice": (where(p, x, 0) + where(p, 0, y), where(p, x, y)),
    "order of exps": (less(exp(x), exp(y)), less(x, y)),
    "order of differences": (less(x - y, 0), less(x, y)),
    "bounded on both sides": (logical_and(less(-y, x), less(x, y)), less(abs(x), y)),
    "less or equal": (logical_or(less(x, y), equal(x, y)), x <= y),
    "below both": (logical_and(x < y, x < z), x < minimum(y, z)),
}

BOOLEANS: dict[str, Row] = {
    "De Morgan of and": (logical_or(logical_not(p), logical_not(q)), logical_not(logical_and(p, q))),
    "De Morgan of or": (logical_and(logical_not(p), logical_not(q)), logical_not(logical_or(p, q))),
    "denied twice": (logical_not(logical_not(p)), p),
    "and itself": (logical_and(p, p), p),
    "and its denial": (logical_and(p, logical_not(p)), rnp.full((3,), False)),
    "or its denial": (logical_or(p, logical_not(p)), rnp.full((3,), True)),
    "absorbed": (logical_or(p, logical_and(p, q)), p),
    "implied": (logical_and(p, logical_or(logical_not(p), q)), logical_and(p, q)),
    "common condition": (logical_or(logical_and(p, q), logical_and(p, r)), logical_and(p, logical_or(q, r))),
    "exclusive or written out": (logical_or(logical_and(p, logical_not(q)), logical_and(logical_not(p), q)),
                                 logical_xor(p, q)),
    "exclusive or again": (logical_xor(p, logical_xor(p, q)), q),
    "exclusive or true": (logical_xor(p, True), logical_not(p)),
    "equal truth values": (equal(p, q), logical_not(logical_xor(p, q)), of(booleans.truth_arithmetic)),
    "none holds": (rnp.all(logical_not(p)), logical_not(rnp.any(p)), of(booleans.quantifiers)),
    "all below": (rnp.all(x < a), max(x) < a, of(booleans.quantifiers)),
}

INTEGERS: dict[str, Row] = {
    "quotient and remainder": (nonzero * (i // nonzero) + i % nonzero, i, of(integers.divisions)),
    "remainder by a quotient": (i - nonzero * (i // nonzero), i % nonzero, of(integers.divisions)),
    "remainder twice": ((i % j) % j, i % j),
    "remainder by one": (i % 1, rnp.full((3,), 0)),
    "over itself": (nonzero // nonzero, rnp.full((3,), 1)),
    "parity of a square": ((i * i) % 2, i % 2),
    "parity of minus": ((-i) % 2, i % 2),
    "remainder of a sum": ((i % 16 + j) % 16, (i + j) % 16),
    "remainder of a product": ((i % 16 * j) % 16, (i * j) % 16),
    "zero times": (0 * i, rnp.full((3,), 0)),
    "denied bits twice": (bitwise_invert(bitwise_invert(i)), i),
    "bits and their denial": (bitwise_and(i, bitwise_invert(i)), rnp.full((3,), 0)),
    "bits again": (bitwise_xor(i, bitwise_xor(i, j)), j),
    "absorbed bits": (bitwise_or(i, bitwise_and(i, j)), i),
    "sum of bits": (bitwise_and(i, j) + bitwise_or(i, j), i + j, of(integers.sums_of_bits)),
    "last bit": (i % 2, bitwise_and(1, i), of(integers.sums_of_bits)),
    "next of the denial": (bitwise_invert(i) + 1, -i, of(integers.sums_of_bits)),
    "shifted twice": (bitwise_left_shift(bitwise_left_shift(i, 2), 3), bitwise_left_shift(i, 5), of(integers.shifts)),
    "shifted right twice": (bitwise_right_shift(bitwise_right_shift(i, 2), 3), bitwise_right_shift(i, 5), of(integers.shifts)),
    "shifted by nothing": (bitwise_left_shift(i, 0), i, of(integers.shifts)),
    "shifted bits": (bitwise_and(bitwise_left_shift(i, k), bitwise_left_shift(j, k)), bitwise_left_shift(bitwise_and(i, j), k),
                     of(integers.shifts)),
    "shift is a product": (bitwise_left_shift(i, 3), 8 * i, of(integers.shifts_as_products)),
    "shift is a quotient": (bitwise_right_shift(i, 3), i // 8, of(integers.shifts_as_products)),
}

COMPLEX: dict[str, Row] = {
    "conjugate twice": (conj(conj(u)), u),
    "conjugate of a product": (conj(u) * conj(v), conj(u * v), of(complexes.conjugates)),
    "conjugate of an exponential": (exp(conj(u)), conj(exp(u)), of(complexes.conjugates)),
    "size of a conjugate": (abs(conj(u)), abs(u)),
    "real part of a conjugate": (real(conj(u)), real(u)),
    "imaginary part of a conjugate": (imag(conj(u)), -imag(u)),
    "real part of a real": (real(x), x),
    "imaginary part of a real": (imag(x), rnp.full((3,), 0.0)),
    "size of a product": (abs(u) * abs(v), abs(u * v)),
    "size of an exponential": (abs(exp(u)), exp(real(u)), of(complexes.parts)),
    "size by parts": (sqrt(real(u)**2 + imag(u)**2), abs(u), of(complexes.parts)),
    "real part of a sum": (real(u) + real(v), real(u + v), of(complexes.parts)),
    "angle of a conjugate": (rnp.angle(conj(u)), -rnp.angle(u), of(complexes.of_conjugates, trigonometry.parities)),
    "logarithm's real part": (real(log(u)), log(abs(u)), of(complexes.cartesian)),
    "real part of a product": (real(u * v), real(u) * real(v) - imag(u) * imag(v), of(complexes.cartesian)),
}


def bare(row: Row) -> Row:
    before, after, *by = row
    return before, rg.substitute(after, BARE), *by


@table({f"{name}: {law}": row for name, rows in {
    "logs": LOG_SPACE, "moments": MOMENTS, "polynomials": POLYNOMIALS, "angles": TRIGONOMETRY, "roots": ROOTS,
    "order": LATTICE, "booleans": BOOLEANS, "integers": INTEGERS, "complex": COMPLEX}.items() for law, row in rows.items()})
def test_beyond(row: Row) -> None:
    holds(bare(row), VALUES)


def test_the_gradient_of_a_cross_entropy_survives_where_the_share_underflows() -> None:
    loss = rg.rewrite(-log(softmax(x)[1]))
    at = {x: np.array([2000.0, 0.0, 1990.0])}
    wanted = np.exp(at[x] - at[x].max()) / np.exp(at[x] - at[x].max()).sum() - np.array([0, 1, 0])
    np.testing.assert_allclose(rg.rewrite(rg.grad(loss, x)).eval(at), wanted, rtol=1e-12)
    assert loss.eval(at) == 2000 + np.log1p(np.exp(-10))
