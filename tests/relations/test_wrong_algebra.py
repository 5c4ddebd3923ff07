"""Wrong rules of the field, each refused, and beside each what is true instead (over 300 lines because it is one table)."""

from __future__ import annotations

from typing import Any

import pytest

from relgraph.errors import RefusedRelation
from relgraph.numpy import (
    abs,
    all,
    any,
    argmax,
    astype,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    ceil,
    conj,
    cosh,
    cumsum,
    equal,
    exp,
    expm1,
    floor,
    isinf,
    isnan,
    less,
    less_equal,
    log,
    log1p,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    max,
    maximum,
    mean,
    min,
    minimum,
    not_equal,
    prod,
    real,
    remainder,
    sign,
    special,
    sqrt,
    square,
    sum,
    where,
)
from relgraph.relations import attrs, literals, lvars
from relgraph.relations.attributes import drop_axes, size
from relgraph.relations.predicates import (
    above_minus_1,
    all_axes,
    at_least,
    at_most,
    even,
    finite,
    integer,
    negative,
    nonempty,
    nonnegative,
    nonzero,
    positive,
    same_dtype,
    same_shape,
    size_one,
)
from relgraph.relations.verify import judge

x, y, z = lvars("x y z")
i, j = lvars("i j", kinds="iu")
k, = lvars("k", kinds="i")
m, = lvars("m", kinds="biuf")
p, q = lvars("p q", kinds="b")
u, v = lvars("u v", kinds="c")
m_, n_ = lvars("m n", kinds="biufc")
c, d = literals("c d")
axis, dtype = attrs("axis dtype")
logsumexp, softmax, log1mexp = special.logsumexp, special.softmax, special.log1mexp


def ones(t: Any) -> Any:
    return 1 + 0 * sum(t, axis)


WRONG: dict[str, tuple[Any, ...]] = {
    # name: (left, right, declared), (a true equation)
    "cancel a factor":
        ((x * y / x, y),
         (x * y / x, y, nonzero(x), "domain")),
    "cancel into NaN":
        ((x * y / x, y),
         (x * y / x, y, nonzero(x) & finite(x) & finite(y))),
    "zero over":
        ((0 / x, 0),
         (0 / x, 0, nonzero(x) & finite(x))),
    "zero times":
        ((0 * x, 0, "exact"),
         (0 * i, 0, "exact")),
    "plus zero times anything":
        ((x + y, x + y + 0 * z),
         (x + y, x + y + 0 * z, finite(z))),
    "a share of infinity":
        ((special.expit(log(x)), x / (1 + x), nonnegative(x)),
         (special.expit(log(x)), 1 / (1 + 1 / x), nonnegative(x))),
    "no infinity at a pole":
        ((isinf(1 / x), False),
         (isinf(1 / x), False, nonzero(x))),
    "a sign of logarithms":
        ((log(x * y) < 0, log(x) + log(y) < 0, nonnegative(x)),
         (log(x) < 0, x < 1, nonnegative(x))),
    "any of nothing beside something":
        ((any(p | (x > 0), axis), any(p, axis) | any(x > 0, axis)),
         (any(p | q, axis), any(p, axis) | any(q, axis), same_shape(p, q))),
    "a conjugate of what is cast":
        ((conj(where(p, astype(u, dtype), astype(v, dtype))), astype(where(p, u, v), dtype), same_dtype(u, v)),
         (where(p, astype(u, dtype), astype(v, dtype)), astype(where(p, u, v), dtype), same_dtype(u, v))),
    "a conjugate within what is cast, of any dtype":
        ((where(p, astype(conj(m_), dtype), astype(n_, dtype)), astype(where(p, m_, n_), dtype), same_dtype(m_, n_)),
         (where(p, astype(m_, dtype), astype(n_, dtype)), astype(where(p, m_, n_), dtype), same_dtype(m_, n_))),
    "first of the greatest, of a multiple":
        ((argmax(c * x, -1), argmax(x, -1), positive(c), "exact"),
         (argmax(c * x, -1), argmax(x, -1), positive(c))),
    "least truth of nothing":
        ((all(p, axis), min(p, axis)),
         (all(p, axis), min(p, axis), nonempty(p))),
    "minus within a running sum of integers":
        ((cumsum(-i, -1), -cumsum(i, -1)),
         (cumsum(-x, -1), -cumsum(x, -1))),
    "integer powers":
        ((2**i * 2**j, 2**(i + j)),
         (2.0**x * 2.0**y, 2.0**(x + y))),
    "conjugate of a modulus":
        ((abs(u)**2, u * conj(u)),
         (abs(u)**2, real(u * conj(u)))),
    "minus itself":
        ((x - x, 0),
         (x - x, 0, finite(x), "exact")),
    "over itself":
        ((x / x, 1),
         (x / x, 1, nonzero(x) & finite(x), "exact")),
    "divide reals by one":
        ((x // 1, x, "domain"),
         (i // 1, i, "exact")),
    "real divided by one":
        ((x // 1, x, "domain"),
         (x // 1, floor(x))),
    "divide and multiply":
        (((i // j) * j + i % j, i),
         ((i // j) * j + i % j, i, nonzero(j))),
    "multiply and divide":
        (((i * j) // j, i),
         (i // i, 1, nonzero(i), "exact")),
    "remainder of a sum":
        (((i % 3 + j) % 3, (i + j) % 3),
         ((i % 4 + j) % 4, (i + j) % 4, same_dtype(i, j))),
    "sum of minus":
        ((sum(-i, axis), -sum(i, axis)),
         (sum(-x, axis), -sum(x, axis))),
    "sum of multiples":
        ((sum(2 * i, axis), 2 * sum(i, axis)),
         (sum(2 * x, axis), 2 * sum(x, axis))),
    "cast away the fraction":
        ((astype(astype(x, "int64"), "float64"), x, "domain"),
         (astype(astype(i, "float64"), "float64"), astype(i, "float64"), "exact")),
    "cast through bool":
        ((astype(astype(i, "bool"), "int64"), astype(i, "int64")),
         (astype(astype(p, "int64"), "bool"), p, "exact")),
    "sign of a quotient":
        ((sign(x / y), sign(x)),
         (sign(x / y), sign(x), positive(y) & finite(y))),
    "sign of a product":
        ((sign(i * j), sign(i) * sign(j)),
         (sign(x * y), sign(x) * sign(y))),
    "sign of an inverse":
        ((sign(1 / x), sign(x)),
         (sign(1 / x), sign(x), nonzero(x) & finite(x))),
    "abs of a product":
        ((abs(k) * abs(k + 1), abs(k * (k + 1))),
         (abs(x) * abs(y), abs(x * y))),
    "abs of a sum":
        ((abs(x) + abs(y), abs(x + y)),
         (abs(x) + abs(y), abs(x + y), nonnegative(x) & nonnegative(y))),
    "abs is no identity":
        ((abs(k), k),
         (abs(x), x, nonnegative(x))),
    "abs of the least integer":
        ((sign(abs(k)), abs(sign(k))),
         (sign(abs(x)), abs(sign(x)), "exact")),
    "abs of a power":
        ((abs(x)**c, x**c),
         (abs(x)**c, x**c, even(c))),
    "add exponents":
        ((z**x * z**y, z**(x + y)),
         (z**x * z**y, z**(x + y), positive(z) & finite(z) & finite(x) & finite(y))),
    "power of a power":
        (((x**c)**d, x**(c * d)),
         ((x**c)**d, x**(c * d), integer(c) & integer(d))),
    "one to an integer":
        ((1**k, 1),
         (1**x, 1, "exact")),
    "square root of a square":
        ((sqrt(x**2), x, "domain"),
         (sqrt(x**2), abs(x))),
    "root of a product":
        ((sqrt(prod(x, axis)), prod(sqrt(x), axis)),
         (sqrt(prod(x, axis)), prod(sqrt(x), axis), nonnegative(x))),
    "less or equal itself":
        ((less_equal(x, x), True),
         (less_equal(x, x), True, finite(x), "exact")),
    "equal to itself":
        ((equal(x, x), True),
         (not_equal(x, x), isnan(x), "exact")),
    "not less":
        ((logical_not(x < y), x >= y),
         (logical_not(i < j), i >= j, "exact")),
    "less or greater":
        ((logical_or(x < y, y < x), not_equal(x, y)),
         (logical_and(x < y, y < x), False, "exact")),
    "shift a comparison":
        ((less(i + 1, j + 1), i < j),
         (less(x + c, y + c), x < y)),
    "negate a comparison":
        ((less(-k, 0), 0 < k),
         (less(-x, 0), 0 < x, "exact")),
    "negate an equality":
        ((equal(-i, -j), equal(i, j)),
         (equal(-x, -y), equal(x, y), "exact")),
    "a positive number":
        ((exp(x) > 0, True),
         (exp(x) > 0, True, finite(x))),
    "greatest of minus":
        ((maximum(-k, 0), -minimum(k, 0)),
         (maximum(-x, -y), -minimum(x, y), "exact")),
    "absorb NaN":
        ((maximum(x, minimum(x, y)), x),
         (maximum(x, minimum(x, y)), x, finite(y))),
    "least with zero":
        ((minimum(x, 0), 0, nonnegative(x)),
         (minimum(x, 0), 0, nonnegative(x) & finite(x))),
    "exchange limits":
        ((minimum(maximum(x, c), d), maximum(minimum(x, d), c)),
         (minimum(maximum(x, 0), 1), maximum(minimum(x, 1), 0))),
    "scale a greatest":
        ((max(c * x, axis), c * max(x, axis)),
         (max(c * x, axis), c * max(x, axis), nonnegative(c))),
    "greatest logarithm":
        ((max(log(x), axis), log(max(x, axis))),
         (min(log(x), axis), log(min(x, axis)))),
    "choose the greater":
        ((where(x < y, y, x), maximum(x, y)),
         (where(x < y, y, x), maximum(x, y), finite(x) & finite(y))),
    "choose a positive":
        ((where(x > 0, x, 0), maximum(x, 0)),
         (where(x < 0, 0, x), maximum(x, 0))),
    "factor into a choice":
        ((x * where(p, 0, y), where(p, 0, x * y)),
         (x * where(p, 0, y), where(p, 0, x * y), finite(x))),
    "minus in a choice":
        ((where(p, -i, -j), -where(p, i, j)),
         (where(p, -x, -y), -where(p, x, y), "exact")),
    "invert bits apart":
        ((bitwise_and(bitwise_invert(i), bitwise_invert(j)), bitwise_invert(bitwise_or(i, j))),
         (bitwise_and(bitwise_invert(i), bitwise_invert(j)), bitwise_invert(bitwise_or(i, j)),
          same_dtype(i, j), "exact")),
    "or for and":
        ((logical_not(logical_and(p, q)), logical_and(logical_not(p), logical_not(q))),
         (logical_not(logical_and(p, q)), logical_or(logical_not(p), logical_not(q)), "exact")),
    "all of either":
        ((all(logical_or(p, q), axis), logical_or(all(p, axis), all(q, axis))),
         (all(logical_and(p, q), axis), logical_and(all(p, axis), all(q, axis)), same_shape(p, q))),
    "floor of a sum":
        ((floor(x + y), floor(x) + floor(y)),
         (floor(x + y), floor(x) + y, integer(y))),
    "floor and ceiling":
        ((ceil(x), floor(x) + 1),
         (ceil(x), -floor(-x), "exact")),
    "parity of three":
        ((remainder(i * i, 3), remainder(i, 3)),
         (remainder(i * i, 2), remainder(i, 2), "exact")),
    "absolute square":
        ((u * u, abs(u)**2),
         (real(u)**2 + real(-1j * u)**2, abs(u)**2)),
    "logarithm of a product":
        ((log(x * y), log(x) + log(y)),
         (log(x * y), log(x) + log(y), positive(x) & positive(y))),
    "logarithms of weights":
        ((log(sum(y * exp(x), axis)), logsumexp(x + log(y), axis)),
         (log(sum(y * exp(x), axis)), logsumexp(x + log(y), axis), positive(y))),
    "shares of nothing":
        ((sum(softmax(x, axis), axis), ones(x), finite(x)),
         (sum(softmax(x, axis), axis), ones(x), finite(x) & nonempty(x))),
    "add twice the same":
        ((logaddexp(x, x), x + 1),
         (logaddexp(x, x), x + log(2))),
    "complement":
        ((log1mexp(log1mexp(x)), x, "exact"),
         (log1mexp(log(x)), log1p(-x), positive(x))),
    "square of a mean":
        ((mean(square(x), axis), square(mean(x, axis))),
         (max(square(x), axis), square(max(abs(x), axis)))),
    "mean of a shift":
        ((mean(x + y, axis), mean(x, axis) + drop_axes(y, axis)),
         (mean(x + y, axis), mean(x, axis) + drop_axes(y, axis), size_one(y, axis))),
    "sum of a constant":
        ((sum(c + x, axis), c + sum(x, axis)),
         (sum(c + x, axis), c * size(x, axis) + sum(x, axis))),
    "squares apart":
        (((x + y)**2, x**2 + y**2),
         (x**2 + 2*x*y + y**2, (x + y)**2)),
    "distribute to cancel":
        (((y / x + z) * x, y + z * x),
         ((y / x + z) * x, y + z * x, nonzero(x))),
    "divide a choice":
        ((where(p, 0, y) / x, where(p, 0, y / x)),
         (where(p, 0, y) / x, where(p, 0, y / x), nonzero(x) & finite(x))),
    "sign of a quotient by a positive":
        ((sign(y / x), sign(y), positive(x)),
         (sign(y / x), sign(y), positive(x) & finite(x))),
    "sizes of opposite signs":
        ((c * abs(x), abs(c * x)),
         (c * abs(x), abs(c * x), nonnegative(c))),
    "a root and its square":
        ((sqrt(x)**2, x),
         (sqrt(x)**2, x, nonnegative(x))),
    "logarithm of a negative multiple":
        ((log(c * x), log(c) + log(x)),
         (log(c * x), log(c) + log(x), positive(c))),
    "logarithm of a power":
        ((log(x**2), 2 * log(x)),
         (log(x**2), 2 * log(abs(x)))),
    "exponentials undone":
        ((exp(log(x)), x),
         (exp(log(x)), x, nonnegative(x))),
    "log1p undone":
        ((exp(log1p(x)), 1 + x),
         (exp(log1p(x)), 1 + x, above_minus_1(x))),
    "complement undone":
        ((exp(log1mexp(x)), -expm1(x)),
         (exp(log1mexp(x)), -expm1(x), negative(x))),
    "a sum broadcast along another axis":
        ((exp(x) / sum(exp(x), axis), softmax(x, axis)),
         (exp(x) / sum(exp(x), axis), softmax(x, axis), all_axes(x, axis))),
    "a weighted sum broadcast along another axis":
        (((y / sum(exp(x), axis) + z) * exp(x), y * softmax(x, axis) + z * exp(x)),
         ((y / sum(exp(x), axis) + z) * exp(x), y * softmax(x, axis) + z * exp(x), all_axes(x, axis))),
    "share of a log sum":
        ((log(sum(exp(x), axis)), max(x, axis)),
         (log(sum(exp(x), axis)), logsumexp(x, axis))),
    "product of a multiple":
        ((prod(c * x, axis), c * prod(x, axis)),
         (prod(c * x, axis), c**size(x, axis) * prod(x, axis))),
    "logarithm of a product of anything":
        ((log(prod(x, axis)), sum(log(x), axis)),
         (log(abs(prod(x, axis))), sum(log(abs(x)), axis))),
    "position of a constant softmax":
        ((argmax(softmax(x, -1), -1), argmax(x, -1)),
         (argmax(softmax(x, -1), -1), argmax(x, -1), finite(x))),
    "shift by a shift":
        ((bitwise_left_shift(bitwise_left_shift(i, c), d), bitwise_left_shift(i, c + d)),
         (bitwise_left_shift(bitwise_left_shift(i, c), d), bitwise_left_shift(i, c + d),
          at_least(c, 0) & at_most(c, 63) & at_least(d, 0) & at_most(d, 63), "exact")),
    "shift left and right":
        ((bitwise_right_shift(bitwise_left_shift(k, 2), 2), k),
         (bitwise_left_shift(bitwise_right_shift(k, 2), 2), bitwise_and(k, -4), "exact")),
    "even powers":
        ((cosh(x)**2, cosh(x)),
         (abs(x)**2, x**2)),
}


def parts(given: tuple[Any, ...]) -> tuple[Any, Any, Any, str]:
    """Both sides, the guards and what is declared."""
    left, right, *more = given
    declared = more.pop() if more and isinstance(more[-1], str) else "real"
    return left, right, more[0] if more else (), declared


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_one_is_refused(name: str) -> None:
    with pytest.raises(RefusedRelation, match=r"left  =|the other side"):
        judge(name, *parts(WRONG[name][0]))


@pytest.mark.parametrize("name", WRONG)
def test_the_true_one_is_granted(name: str) -> None:
    left, right, guards, declared = parts(WRONG[name][1])
    assert judge(name, left, right, guards, declared).mark() != "worsens"


@pytest.mark.parametrize(("left", "right", "remedy"), [
    (all(p, axis), min(p, axis), r"a guard such as nonempty\(p\)"),
    (abs(u)**2, u * conj(u), "take the real part"),
    (2**i * 2**j, 2**(i + j), "the right side is an error here, the other is not"),
])
def test_a_side_of_another_type_says_what_to_write(left: Any, right: Any, remedy: str) -> None:
    with pytest.raises(RefusedRelation, match=remedy):
        judge("wrong", left, right)
