"""The field's equations of elementwise algebra, exponentials and special functions (over 300 lines because it is one table).

A row is an equation as a user writes it, and what becomes of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
import relgraph.numpy as rnp
from relations_library import algebra, bessel, casts, order, reductions, roots, shapes, special, stable, trigonometry
from relations_library.algebra import arithmetic
from relations_library.facts import signs
from relations_library.pipelines import specialize
from relations_library.specialize import specialized
from relgraph.numpy import (
    abs,
    arccosh,
    arcsinh,
    arctanh,
    astype,
    bitwise_xor,
    conj,
    cos,
    cosh,
    equal,
    exp,
    expm1,
    floor,
    isnan,
    less,
    less_equal,
    log,
    log1p,
    logaddexp,
    logical_and,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    not_equal,
    positive,
    reciprocal,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    tanh,
    where,
)
from relgraph.relations import FOLDING, theory
from relgraph.terms import row as op_row

from .field import Row, holds, table

erf, erfc, erfcx, log1mexp = rnp.special.erf, rnp.special.erfc, rnp.special.erfcx, rnp.special.log1mexp
ive, kve = rnp.special.ive, rnp.special.kve


def known(name: str, **facts: Any) -> Any:
    """A vector of which something is known."""
    return rg.assume(rg.vector(name, shape=(3,)), **facts)


a, b, x, y, z = (rg.vector(n, shape=(3,)) for n in "abxyz")
i, j = (rg.vector(n, shape=(3,), dtype="int64") for n in "ij")
p, q = (rg.vector(n, shape=(3,), dtype="bool") for n in "pq")
u, v = (rg.vector(n, shape=(3,), dtype="complex128") for n in "uv")
f32 = rg.vector("f32", shape=(3,), dtype="float32")
nx, ny, nz = (known(n, nonzero=True, finite=True) for n in ("nx", "ny", "nz"))
pos = known("pos", positive=True, finite=True)
neg = known("neg", negative=True, finite=True)
odds, fin = known("odds", greater_than=0, less_than=1), known("fin", finite=True)
big, unit = known("big", at_least=1, finite=True), known("unit", greater_than=-1, less_than=1)
w, s, matrix = rg.vector("w"), rg.scalar("s"), rg.matrix("matrix", shape=(2, 3))
n: Any = w.shape[0]

VALUES = {t.args[0] if t.op.name == "assume" else t: np.array(v) for t, v in {
    a: [1.5, -2.0, 0.5], b: [0.7, 3.0, -1.2], x: [0.3, -1.1, 2.0], y: [1.2, 0.4, -0.6], z: [-0.2, 0.9, 1.7],
    i: [3, -7, 0], j: [2, 5, -4], p: [True, False, True], q: [True, True, False],
    u: [1 + 2j, -0.5j, 0.3 - 1j], v: [2 - 1j, 1.5 + 0j, -1j], f32: np.array([0.5, -1.5, 2.0], "float32"),
    w: [1.0, 2.0], s: 1.7, matrix: [[0.1, -2.0, 1.4], [0.6, 0.2, -0.9]],
    nx: [0.5, -2.0, 1.3], ny: [-0.4, 1.1, 2.5], nz: [1.9, -0.8, 0.6],
    pos: [0.2, 1.4, 3.0],
    neg: [-0.3, -1.2, -2.2], odds: [0.2, 0.5, 0.9], fin: [0.3, -1.4, 2.6], big: [1.0, 1.7, 4.0], unit: [-0.6, 0.1, 0.8],
}.items()}

# what is assumed of a term is no part of its normal form
BARE = {t: t.args[0] for t in (nx, ny, nz, pos, neg, odds, fin, big, unit)}

sinks, facts = theory(order.sinks, signs), theory(signs)
merging = theory(order.sinks, order.choice.only("where_negative", "where_reciprocal").reversed())
ZERO, ONE = rnp.full((3,), 0.0), rnp.full((3,), 1.0)
NO, YES = rnp.full((3,), False), rnp.full((3,), True)
LN2 = 0.6931471805599453

# -- A. elementwise algebra -------------------------------------------------------------------------------------------------

ALGEBRA: dict[str, Row] = {
    "cancel a factor": (nx * y / nx, y),
    "cancel a factor on the right": (y * nx / nx, y),
    "cancel a factor of a quotient": ((y / nx) * nx, y),
    "cancel between quotients": ((a / nx) * (nx / b), a / b),
    "fold a ratio of constants": (2 * x / (4 * y), 0.5 * x / y),
    "zero times": (0 * x, ZERO),
    "times zero": (x * 0.0, ZERO),
    "over its absolute value": (nx / abs(nx), sign(nx)),
    "its absolute value over it": (abs(nx) / nx, sign(nx)),
    "plus and minus": ((x + y) - x, y),
    "minus and plus": (x + (y - x), y),
    "minus itself": (x - x, ZERO),
    "fold constants of a sum": (2 + x - 3, x - 1),
    "minus one times": ((-1) * x, -x),
    "times minus one": (x * -1.0, -x),
    "minus minus": (-(-x), x),
    "minus a multiple": (-(2 * x), -2 * x),
    "less a minus": (x - (-y), x + y),
    "plus a minus": (x + (-y), x - y),
    "minus first": ((-x) + y, y - x),
    "minus of a quotient of minus": (-((-x) / y), x / y),
    "minus of a quotient by minus": (-(x / (-y)), x / y),
    "minus of a constant over": (-(2 / y), -2 / y),
    "plus zero": (x + 0, x),
    "zero plus": (0.0 + x, x),
    "less zero": (x - 0.0, x),
    "once": (1 * x, x),
    "times one": (x * 1.0, x),
    "minus times minus": ((-x) * (-y), x * y),
    "times itself": (x * x, x**2),
    "times itself, to run": (x**2, square(x), specialize),
    "over one": (x / 1, x),
    "whole over one": (i // 1, i),
    "floored over one": (x // 1, floor(x)),
    "zero over": (0 / nx, ZERO),
    "zero divided by": (0 // i, rnp.full((3,), 0)),
    "inverse of the inverse": (1 / (1 / x), x),
    "inverse by a power": (x**-1, 1 / x),
    "inverse by a power, to run": (x**-1, reciprocal(x), specialize),
    "to the power zero": (x**0, ONE),
    "whole to the power zero": (i**0, rnp.full((3,), 1)),
    "to the power one": (x**1, x),
    "one to a power": (1.0**x, ONE),
    "power of a half": (x**0.5, sqrt(x)),
    "power of minus a half": (x**-0.5, 1 / sqrt(x)),
    "power of minus two": (x**-2, square(reciprocal(x)), specialize),
    "cube by squaring": (x**3, square(x) * x, specialize),
    "fourth power by squaring": (x**4, square(square(x)), specialize),
    "fifth power by squaring": (x**5, square(square(x)) * x, specialize),
    "sixth power by squaring": (x**6, square(square(x) * x), specialize),
    "eighth power by squaring": (x**8, square(square(square(x))), specialize),
    "absolute values of a product": (abs(x) * abs(y), abs(x * y)),
    "absolute values of a quotient": (abs(x) / abs(y), abs(x / y)),
    "absolute value of a multiple": (2 * abs(x), abs(2 * x), roots.absolutes),
    "sign of an inverse": (sign(1 / nx), sign(nx)),
    "sign of a quotient by a positive": (sign(x / pos), sign(x)),
    "sign of a positive over": (sign(pos / nx), sign(nx)),
    "sign of a constant over": (sign(3 / nx), sign(nx)),
    "sign of a negative constant over": (sign(-3 / nx), -sign(nx)),
    "sign of a quotient by a negative": (sign(x / neg), -sign(x)),
    "distribute to cancel": ((a / nx + b) * nx, a + b * nx),
    "distribute twice to cancel": ((a / nx + b / ny) * nx * ny, a * ny + b * nx),
    "equal itself": (equal(fin, fin), YES),
    "whole equal itself": (equal(i, i), YES),
    "unequal itself": (not_equal(x, x), isnan(x)),
    "whole unequal itself": (not_equal(i, i), NO),
    "and true": (logical_and(p, True), p),
    "and false": (logical_and(p, False), NO),
    "or false": (logical_or(p, False), p),
    "or true": (logical_or(p, True), YES),
    "or else itself": (logical_xor(p, p), NO),
    "whole xor itself": (bitwise_xor(i, i), rnp.full((3,), 0)),
    "positive is the same": (positive(x), x),
    "less than itself": (less(x, x), NO),
    "greater than itself": (x > x, NO),
    "at most itself": (less_equal(fin, fin), YES),
    "at least itself": (fin >= fin, YES),
    "least of itself": (minimum(x, x), x),
    "greatest of itself": (maximum(x, x), x),
    "no size is negative": (n < 0, rnp.asarray(False)),
    "a size is zero or more": (n >= 0, rnp.asarray(True)),
    "greatest of a size and zero": (maximum(n, 0), n),
    "least of a size and zero": (minimum(n, 0), rnp.asarray(0)),
    "no size is minus one": (equal(n, -1), rnp.asarray(False)),
    "a size, or zero where it is not positive": (where(n <= 0, 0, n), n),
    "cast wider twice": (astype(astype(f32, "float64"), "complex128"), astype(f32, "complex128")),
    "conjugate of a real": (conj(astype(x, "complex128")), astype(x, "complex128"), casts.casts),
    "a factor into a choice": (fin * where(p, 0, y), where(p, 0, fin * y), sinks),
    "a factor into the other choice": (fin * where(p, y, 0), where(p, fin * y, 0), sinks),
    "a choice over": (where(p, 0, y) / big, where(p, 0, y / big), sinks),
    "the other choice over": (where(p, y, 0) / big, where(p, y / big, 0), sinks),
    "sum of choices by one condition": (where(p, a, b) + where(p, x, y), where(p, a + x, b + y), sinks),
    "difference of choices": (where(p, a, b) - where(p, x, y), where(p, a - x, b - y), merging),
    "product of choices": (where(p, a, b) * where(p, x, y), where(p, a * x, b * y), sinks),
    "quotient of choices": (where(p, a, b) / where(p, x, y), where(p, a / x, b / y), merging),
    "power of choices": (where(p, pos, b) ** where(p, x, y), where(p, pos**x, b**y), sinks),
    "greatest of choices": (maximum(where(p, a, b), where(p, x, y)), where(p, maximum(a, x), maximum(b, y)), sinks),
    "angle of choices": (rnp.arctan2(where(p, a, b), where(p, x, y)), where(p, rnp.arctan2(a, x), rnp.arctan2(b, y)), sinks),
    "choose true": (where(rnp.full((3,), True), x, y), x),
    "choose false": (where(rnp.full((3,), False), x, y), y),
    "choose between the same": (where(p, x, x), x),
    "cosh of arccosh": (cosh(arccosh(big)), big),
    "arccosh of cosh": (arccosh(cosh(x)), abs(x)),
    "tanh of arctanh": (tanh(arctanh(unit)), unit),
    "arctanh of tanh": (arctanh(tanh(x)), x),
    "sinh of arcsinh": (sinh(arcsinh(x)), x),
    "arcsinh of sinh": (arcsinh(sinh(x)), x),
    "conjugate twice": (conj(conj(u)), u),
    "degrees of radians": (rnp.rad2deg(rnp.deg2rad(x)), x),
    "radians of degrees": (rnp.deg2rad(rnp.rad2deg(x)), x),
    "sum in one": (a + (b + (x + y)), a + b + x + y),
    "product in one": (a * (b * (x * y)), a * b * x * y),
    "over itself": (nx / nx, ONE, theory(algebra.cancellations, signs)),
    "fill in a product": (rnp.broadcast_to(s, (3,)) * x, s * x),
    "fill in a sum": (x + rnp.broadcast_to(s, (3,)), s + x),
    "number in a sum": (x + rnp.full((3,), 2.0), 2 + x),
    "fold constants of a product": (2 * x * 3, 6 * x),
    "fold constants across a sum": (2 + (x + 3), 5 + x),
    "function of a broadcast": (exp(rnp.broadcast_to(x, (2, 3))), rnp.broadcast_to(exp(x), (2, 3))),
    "function of two broadcasts": (rnp.broadcast_to(x, (2, 3)) * rnp.broadcast_to(y, (2, 3)),
                                   rnp.broadcast_to(x * y, (2, 3))),
    "broadcast in a sum that broadcasts": (rnp.broadcast_to(x, (2, 3)) + rnp.zeros((2, 3)), rnp.broadcast_to(x, (2, 3))),
}

# -- B. exponentials, logarithms, powers and special functions --------------------------------------------------------------

EXPONENTIALS: dict[str, Row] = {
    "log of exp": (log(exp(x)), x),
    "log1p of expm1": (log1p(expm1(x)), x),
    "exp of softplus": (exp(softplus(x)), 1 + exp(x)),
    "expm1 of softplus": (expm1(softplus(x)), exp(x)),
    "exp of log": (exp(log(pos)), pos),
    "exp of log1p": (exp(log1p(pos)), 1 + pos),
    "expm1 of log": (expm1(log(pos)), pos - 1),
    "expm1 of log1p": (expm1(log1p(unit)), unit),
    "exp of log1mexp": (exp(log1mexp(neg)), -expm1(neg)),
    "expm1 of log1mexp": (expm1(log1mexp(neg)), -exp(neg)),
    "softplus of log": (softplus(log(pos)), log1p(pos)),
    "log1mexp of log": (log1mexp(log(odds)), log1p(-odds)),
    "log1mexp of itself": (log1mexp(log1mexp(neg)), neg),
    "root of a square": (sqrt(x**2), abs(x)),
    "root of a product with itself": (sqrt(x * x), abs(x)),
    "square of a root": (sqrt(pos)**2, pos),
    "root times itself": (sqrt(pos) * sqrt(pos), pos),
    "log of a root": (log(sqrt(x)), 0.5 * log(x)),
    "log of an inverse": (log(1 / x), -log(x)),
    "log of a constant over": (log(2 / x), LN2 - log(x)),
    "log of one over a constant": (log(x / 2), log(x) - LN2, theory(FOLDING, stable.powers)),
    "log of one plus": (log(1 + x), log1p(x)),
    "log of plus one": (log(x + 1), log1p(x)),
    "log of one minus": (log(1 - x), log1p(-x)),
    "log of a constant sum of one": (log(0.25 + x + 0.75), log1p(x)),
    "exp less one": (exp(x) - 1, expm1(x)),
    "one less exp": (1 - exp(x), -expm1(x)),
    "log1p of exp": (log1p(exp(x)), softplus(x)),
    "log of one plus exp": (log(1 + exp(x)), softplus(x)),
    "log1p of minus exp": (log1p(-exp(neg)), log1mexp(neg)),
    "log of one less exp": (log(1 - exp(neg)), log1mexp(neg)),
    "log of minus expm1": (log(-expm1(neg)), log1mexp(neg)),
    "log of a difference of exps": (log(exp(x) - exp(y)),
                                    x + log1mexp(rnp.where(rnp.logical_and(rnp.equal(x, y), rnp.isinf(x)), x, y - x))),
    "log of a sum of exps": (log(exp(x) + exp(y)), logaddexp(x, y)),
    "log of three exps": (log(exp(x) + exp(y) + exp(z)), logaddexp(x, logaddexp(y, z))),
    "log of the sum of exps": (log(rnp.sum(exp(x))), rnp.special.logsumexp(x)),
    "log of the sum of exps, axes kept": (log(rnp.sum(exp(x), keepdims=True)), rnp.special.logsumexp(x, keepdims=True)),
    "log of the sum of exps, shifted": (rnp.max(x) + log(rnp.sum(exp(x - rnp.max(x)))), rnp.special.logsumexp(x)),
    "product of exps": (exp(x) * exp(y), exp(x + y)),
    "quotient of exps": (exp(x) / exp(y), exp(x - y)),
    "over an exp": (x / exp(y), x * exp(-y)),
    "powers of one base": (pos**x * pos**y, pos**(x + y), stable.powers),
    "quotient of powers of one base": (pos**x / pos**y, pos**(x - y), stable.powers),
    "one plus erf": (1 + erf(x), erfc(-x)),
    "one minus erf": (1 - erf(x), erfc(x)),
    "erf minus one": (erf(x) - 1, -erfc(x)),
    "one minus erfc": (1 - erfc(x), erf(x)),
    "erfc minus one": (erfc(x) - 1, -erf(x)),
    "erfc of minus, minus one": (erfc(-x) - 1, erf(x)),
    "one plus erf of minus": (1 + erf(-x), erfc(x)),
    "one minus erf of minus": (1 - erf(-x), erfc(-x)),
    "one minus erfc of minus": (1 - erfc(-x), -erf(x)),
    "minus erfc plus one": (-erfc(x) + 1, erf(x)),
    "minus erf plus one": (-erf(x) + 1, erfc(x)),
    "log of sigmoid": (log(sigmoid(x)), -softplus(-x)),
    "log of one minus sigmoid": (log(1 - sigmoid(x)), -softplus(x)),
    "log1p of minus sigmoid": (log1p(-sigmoid(x)), -softplus(x)),
    "exp over one plus exp": (exp(x) / (1 + exp(x)), sigmoid(x)),
    "a constant over one plus exp": (2 / (1 + exp(x)), 2 * sigmoid(-x)),
    "a term over one plus exp": (y / (1 + exp(x)), y * sigmoid(-x)),
    "exp times sigmoid of minus": (exp(x) * sigmoid(-x), sigmoid(x)),
    "exp of minus times sigmoid": (exp(-x) * sigmoid(x), sigmoid(-x)),
    "exp times sigmoid among factors": (-exp(-x) * y * sigmoid(x), -(y * sigmoid(-x))),
    "inverse of one plus exp": (1 / (1 + exp(x)), sigmoid(-x)),
    "inverse of one plus exp of minus": (1 / (1 + exp(-x)), sigmoid(x)),
    "one minus sigmoid": (1 - sigmoid(x), sigmoid(-x)),
    "sigmoid of log odds": (sigmoid(log(odds / (1 - odds))), odds),
    "odds of sigmoid": (sigmoid(x) / (1 - sigmoid(x)), exp(x)),
    "inverse odds of sigmoid": ((1 - sigmoid(x)) / sigmoid(x), exp(-x)),
    "log of a Bessel function of the second kind": (log(kve(2.5, pos) * exp(-pos)), log(kve(2.5, pos)) - pos),
    "log of a Bessel function of the first kind": (log(ive(2.5, x) * exp(abs(x))), abs(x) + log(ive(2.5, x))),
    "log of i0": (log(rnp.special.i0(x)), abs(x) + log(rnp.special.i0e(x))),
    "log of an exponential multiple": (log(y * exp(x)), x + log(y)),
    "Bessel function of order zero": (ive(0, x), rnp.special.i0e(x)),
    "Bessel function of order one half": (kve(0.5, x), 1.2533141373155003 / sqrt(x)),
    "Wronskian": (rnp.special.i0e(pos) * rnp.special.k1e(pos) + rnp.special.i1e(pos) * rnp.special.k0e(pos), 1 / pos,
                  theory(bessel.wronskians, signs)),
    "log of erfc": (log(erfc(x)), where(x < 1, log1p(-erf(x)), log(erfcx(maximum(0, x))) - x * x), special.error_tails),
    "gradient of the log of erfc": (exp(-x**2) / erfc(x), 1 / erfcx(x), special.error_tails),
    "the same with a factor": (y * exp(-x**2) / erfc(x), y / erfcx(x), special.error_tails),
    "log of a transposed softmax": (log(rnp.matrix_transpose(rnp.special.softmax(matrix, 1))),
                                    rnp.matrix_transpose(rnp.special.log_softmax(matrix, 1)),
                                    theory(stable.sums, shapes.outside)),
    "log of softmax": (log(rnp.special.softmax(x)), x - rnp.special.logsumexp(x)),
    "exp of log softmax": (exp(rnp.special.log_softmax(x)), rnp.special.softmax(x)),
    "softmax by its formula": (exp(x) / rnp.sum(exp(x)), rnp.special.softmax(x)),
    "softmax by its formula, axes kept": (exp(x) / rnp.sum(exp(x), keepdims=True), rnp.special.softmax(x)),
    "log of a power": (log(pos**x), x * log(pos), stable.powers),
    "log of a square": (log(x**2), 2 * log(abs(x))),
    "tile once": (rnp.tile(x, 1), x),
}


def bare(row: Row) -> Row:
    before, after, *by = row
    return before, rg.substitute(after, BARE), *by


@table(ALGEBRA)
def test_algebra(row: Row) -> None:
    holds(bare(row), VALUES)


@table(EXPONENTIALS)
def test_exponentials(row: Row) -> None:
    holds(bare(row), VALUES)


# one equation, which one strategy uses from left to right and another from right to left
BOTH_WAYS: dict[str, tuple[Any, Any, Any]] = {
    "square and power": (arithmetic["square_pow"], square(x), x**2),
    "cube and product": (specialized["pow_3"], x**3, x * square(x)),
    "sizes of a product": (algebra.signs["abs_multiply"], abs(x) * abs(y), abs(x * y)),
    "greatest of minus": (order.order["max_negative"], rnp.max(-x), -rnp.min(x)),
    "softmax and its formula": (stable.sums["softmax"], exp(x) / rnp.sum(exp(x), keepdims=True), rnp.special.softmax(x)),
    "logsumexp and its formula": (stable.sums["log_sum_exp"], log(rnp.sum(exp(x))), rnp.special.logsumexp(x)),
    "function of a broadcast": (shapes.shapes["exp_spread"], exp(rnp.broadcast_to(x, (2, 3))),
                                rnp.broadcast_to(exp(x), (2, 3))),
    "sum of a multiple": (reductions.reductions["sum_scale"], rnp.sum(2 * x), 2 * rnp.sum(x)),
    "function of a choice": (order.choice["where_exp"], where(p, exp(x), exp(y)), exp(where(p, x, y))),
    "sum of an angle": (trigonometry.angle_sums["sin_double"], sin(2 * x), 2 * cos(x) * sin(x)),
    "exponential of a sum": (stable.logarithms["exp_product"], exp(x) * exp(y), exp(x + y)),
}


@table(BOTH_WAYS)
def test_both_ways(row: Row) -> None:
    relation, left, right = row
    assert relation(left, facts) is right
    assert relation.reversed()(right, facts) is left


BUILT: dict[str, tuple[Any, Any]] = {
    "cast to the same dtype": (astype(x, "float64"), x),
    "cast twice to the same dtype": (astype(astype(i, "float32"), "float32"), astype(i, "float32")),
    "conjugate of a real": (conj(x), x),
    "logarithm of softmax": (rnp.special.log_softmax(x), x - rnp.special.logsumexp(x, keepdims=True)),
    "broadcast to the same shape": (rnp.broadcast_to(x, (3,)), x),
    "polygamma of order zero": (rnp.special.polygamma(0, x), rnp.special.digamma(x)),
    "polygamma of order one": (rnp.special.polygamma(1, x), op_row("trigamma")(x)),
    "minimum of a pair": (rnp.clip(x, 0, 1), minimum(maximum(x, 0), 1)),
    "constant beside a float32": (f32 + 2, f32 + np.float32(2)),
}


@table(BUILT)
def test_what_is_one_term_when_it_is_built(row: Row) -> None:
    written, same = row
    assert written is same
