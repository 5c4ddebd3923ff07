"""Axes: transposes, broadcasts and new axes move out of the way of what computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, all, any, broadcast_to, cos, exp, expand_dims, expm1, log, log1p, logaddexp, max, maximum,
                            min, minimum, negative, power, prod, reshape, sigmoid, sin, softplus, special, sqrt, square,
                            squeeze,
                            sum, tanh, transpose)
from relgraph.relations import Theory, attrs, literals, lvars, theory
from relgraph.relations.attributes import permuted, union_axes
from relgraph.relations.axes import (all_axes_of, copies, expanded_shape, moved_axes, opened, own_axes, repeated, reshaped,
                                     rest_axes, shape_without, spread_expanded, spread_squeezed, spread_transposed,
                                     transposed)
from relgraph.relations.reads import negated
from relgraph.relations.predicates import all_axes, has_shape, new_leading, nonempty, positive, same_rank, same_shape
from relgraph.terms.joining import eye_
from relgraph.terms.laws import Commutative

x, y = lvars("x y")
c, = literals("c")
p, = lvars("p", kinds="b")
axis, axes, first, second, shape, other = attrs("axis axes first second shape other")
rows, columns, offset, dtype = attrs("rows columns offset dtype")
logsumexp = special.logsumexp


def spread_out(ops: Sequence[Op]) -> Theory:
    """``f(broadcast_to(x)) = broadcast_to(f(x))`` for elementwise ops of one operand: compute before repeating."""
    relations: dict[str, Any] = {f"{f.name}_spread": (f(broadcast_to(x, shape)), broadcast_to(f(x), shape)) for f in ops}
    return theory(name="spread_out", precedence=", ".join(f"{f.name} > broadcast_to" for f in ops), **relations)


def moved_outside(ops: Sequence[Op]) -> Theory:
    """``f(transpose(x)) = transpose(f(x))``, and so for reshapes and removed axes: outside they meet others of their kind."""
    relations: dict[str, Any] = {}
    for f in ops:
        relations |= {
            f"{f.name}_transpose": (f(transpose(x, axes)),      transpose(f(x), axes)),
            f"{f.name}_reshape":   (f(reshape(x, shape)),       reshape(f(x), shape)),
            f"{f.name}_squeeze":   (f(squeeze(x, axis)),        squeeze(f(x), axis))}
    order = ", ".join(f"{f.name} > {moved}" for f in ops for moved in ("transpose", "reshape", "squeeze"))
    return theory(name="moved_outside", precedence=order, **relations)


def expanded_inside(ops: Sequence[Op]) -> Theory:
    """``expand_dims(f(x)) = f(expand_dims(x))``, as `expand_inverse`; for reading and proving, since reductions of what was
    expanded are found sooner where it stands outside."""
    relations: dict[str, Any] = {f"{f.name}_expand": (expand_dims(f(x), axis), f(expand_dims(x, axis))) for f in ops}
    return theory(name="expanded_inside", precedence=", ".join(f"expand_dims > {f.name}" for f in ops), **relations)


def rearranged(reductions: Sequence[Any]) -> Theory:
    """A reduction does not care in what order or shape its operand's elements come."""
    relations: dict[str, Any] = {}
    for f in reductions:
        n, v = f.__name__, p if f in (all, any) else x
        relations |= {
            f"{n}_transpose": (f(transpose(v, axes), axis),    transposed(f(v, moved_axes(axes, axis)), rest_axes(axes, axis))),
            f"{n}_reshape":   (f(reshape(v, shape), axis),      f(v, all_axes_of(v)),       all_axes(reshape(v, shape), axis)),
            f"{n}_expand":    (f(expand_dims(v, axis), axis),   v)}
    return theory(name="rearranged", precedence=", ".join(f"{f.__name__} > {low}" for f in reductions
                                                          for low in ("transpose", "reshape")), **relations)


def of_copies(reductions: Sequence[Any]) -> Theory:
    """An idempotent reduction of repeated elements: repeat its result, where they are repeated along other axes."""
    relations: dict[str, Any] = {
        f"{f.__name__}_spread": (f(broadcast_to(v, shape), axis), repeated(f(v, own_axes(v, axis)), shape_without(shape, axis)),
                                 nonempty(broadcast_to(v, shape)))
        for f in reductions for v in [p if f in (all, any) else x]}
    return theory(name="of_copies", precedence=", ".join(f"{f.__name__} > broadcast_to" for f in reductions), **relations)


def spread_beside(ops: Sequence[Op]) -> Theory:
    """``f(x, broadcast_to(y)) = f(x, y)`` where x has the shape already; on either side."""
    relations: dict[str, Any] = {f"{f.name}_spread_right": (f(x, broadcast_to(y, shape)), f(x, y)) for f in ops}
    relations |= {f"{f.name}_spread_left": (f(broadcast_to(x, shape), y), f(x, y)) for f in ops if f.law(Commutative) is None}
    return theory(name="spread_beside", **relations)


transposes = theory(
    name            = "transposes",
    transpose_twice = (transpose(transpose(x, first), second),      permuted(x, first, second)),
)

turned = theory(
    name            = "turned",
    transpose_eye   = (transpose(eye_(rows, columns, offset, dtype), (-1, -2)),    eye_(columns, rows, negated(offset), dtype)),
    transpose_neg   = (transpose(-x, axes),                         -transpose(x, axes)),
    transpose_add   = (transpose(x, axes) + transpose(y, axes),     transpose(x + y, axes),     same_rank(x, y)),
    transpose_mul   = (transpose(x, axes) * transpose(y, axes),     transpose(x * y, axes),     same_rank(x, y)),
    transpose_spread = (transpose(broadcast_to(x, shape), axes),    spread_transposed(x, shape, axes)),
    precedence      = "transpose > broadcast_to",
)

reshapes = theory(
    name            = "reshapes",
    reshape_twice   = (reshape(reshape(x, shape), other),           reshaped(x, other)),
    reshape_neg     = (reshape(-x, shape),                          -reshape(x, shape)),
    reshape_same    = (reshape(x, shape),                           x,                          has_shape(x, shape)),
    reshape_expand  = (reshape(expand_dims(x, axis), shape),        reshaped(x, shape)),
    reshape_squeeze = (reshape(squeeze(x, axis), shape),            reshaped(x, shape)),
    expand_reshape  = (expand_dims(reshape(x, shape), axis),        reshaped(x, expanded_shape(shape, axis))),
    squeeze_reshape = (squeeze(reshape(x, shape), axis),            reshaped(x, shape_without(shape, axis))),
)

axes_of_one = theory(
    name            = "axes_of_one",
    expand_twice    = (expand_dims(expand_dims(x, first), second),  expand_dims(x, opened(first, second))),
    squeeze_neg     = (squeeze(-x, axis),                           -squeeze(x, axis)),
    squeeze_twice   = (squeeze(squeeze(x, first), second),          squeeze(x, union_axes(first, second))),
    expand_spread   = (expand_dims(broadcast_to(x, shape), axis),   spread_expanded(x, shape, axis)),
    squeeze_spread  = (squeeze(broadcast_to(x, shape), axis),       spread_squeezed(x, shape, axis)),
    precedence      = "expand_dims > broadcast_to, squeeze > broadcast_to",
)

copied = theory(
    name            = "copied",
    spread_same     = (broadcast_to(x, shape),                      x,                          has_shape(x, shape)),
    sum_spread      = (sum(broadcast_to(x, shape), axis),
                       repeated(copies(x, shape, axis) * sum(x, own_axes(x, axis)), shape_without(shape, axis)),
                       nonempty(broadcast_to(x, shape))),
    precedence      = "sum > broadcast_to",
)

# apart from the others, whose precedence they contradict
powers_of_copies = theory(
    name            = "powers_of_copies",
    prod_spread     = (prod(broadcast_to(x, shape), axis),
                       repeated(prod(x, own_axes(x, axis))**copies(x, shape, axis), shape_without(shape, axis)),
                       nonempty(broadcast_to(x, shape)) & positive(x)),
    lse_spread      = (logsumexp(broadcast_to(x, shape), axis),
                       repeated(logsumexp(x, own_axes(x, axis)) + log(copies(x, shape, axis)), shape_without(shape, axis))),
    precedence      = "prod > broadcast_to, prod > power, logsumexp > broadcast_to, logsumexp > log",
)

broadcasts = theory(
    name            = "broadcasts",
    add_spread      = (x + broadcast_to(y, shape),                  x + y),
    mul_spread      = (x * broadcast_to(y, shape),                  x * y),
    spread_twice    = (broadcast_to(broadcast_to(x, shape), other), broadcast_to(x, other)),
    add_lead        = (x + expand_dims(y, axis),                    x + y,                      new_leading(y, axis)),
    mul_lead        = (x * expand_dims(y, axis),                    x * y,                      new_leading(y, axis)),
    spread_lead     = (broadcast_to(expand_dims(x, axis), shape),   broadcast_to(x, shape),     new_leading(x, axis)),
    expand_inverse  = (expand_dims(1 / x, axis),                    1 / expand_dims(x, axis)),
    expand_scale    = (expand_dims(c * x, axis),                    c * expand_dims(x, axis)),
    expand_over     = (expand_dims(x / y, axis),                    expand_dims(x, axis) / expand_dims(y, axis),
                       same_shape(x, y)),
    expand_squeeze  = (expand_dims(squeeze(x, axis), axis),         x),
    squeeze_expand  = (squeeze(expand_dims(x, axis), axis),         x),
    squeeze_inverse = (squeeze(1 / x, axis),                        1 / squeeze(x, axis)),
)

elementwise = [exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]
outside = moved_outside(elementwise)
expanded = expanded_inside(elementwise)
rearranging = theory(rearranged([sum, prod, max, min, all, any, logsumexp]), of_copies([max, min, all, any]), copied,
                     name="rearranging")
beside = spread_beside([maximum, minimum, power, logaddexp])

shapes = theory(transposes, broadcasts, spread_out([negative, exp, log, log1p, expm1, sqrt, tanh, sigmoid, softplus, abs]),
                name="shapes")
