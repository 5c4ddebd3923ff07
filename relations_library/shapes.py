"""Axes: transposes, broadcasts and new axes move out of the way of what computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relgraph import Op
from relgraph.numpy import (abs, all, any, arctan2, broadcast_to, cos, equal, exp, expand_dims, expm1, less, log, log1p,
                            logaddexp, matmul, max, maximum, min, minimum, negative, power, prod, reshape, sigmoid, sin,
                            softplus, special, sqrt, square, squeeze, sum, tanh, transpose, where)
from relgraph.relations import Theory, attrs, literals, lvars, theory
from relgraph.relations.attributes import permuted, union_axes
from relgraph.relations.axes import (all_axes_of, closed, copies, expanded_shape, expanded_turned, moved_axes, opened,
                                     own_axes, repeated, reshaped, rest_axes, shape_without, spread_expanded,
                                     spread_squeezed, spread_transposed, squeezed_turned, transposed, with_ones)
from relgraph.relations.reads import negated
from relgraph.relations.predicates import (all_axes, differs_by_ones, has_shape, new_leading, nonempty,
                                            same_matrices, same_shape)
from relgraph.relations.read_products import batch_of, product_spread
from relgraph.terms.joining import eye_
from relgraph.terms.laws import Commutative
from relgraph.terms.linalg import cholesky_, det, inv

x, y = lvars("x y")
u, = lvars("u", kinds="biufc")
g, h = lvars("g h", kinds="iufc")
i, j = lvars("i j", kinds="iuf")  # NumPy rounds products of complex numbers by how the arrays lie
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


def moved_together(ops: Sequence[Op]) -> Theory:
    """``f(transpose(x), transpose(y)) = transpose(f(x, y))``, and so for reshapes."""
    relations: dict[str, Any] = {}
    for f in ops:
        relations |= {
            f"{f.name}_transposes": (f(transpose(x, axes), transpose(y, axes)), transpose(f(x, y), axes)),
            f"{f.name}_reshapes":   (f(reshape(x, shape), reshape(y, shape)),   reshape(f(x, y), shape),  same_shape(x, y))}
    order = ", ".join(f"{f.name} > {moved}" for f in ops for moved in ("transpose", "reshape"))
    return theory(name="moved_together", precedence=order, **relations)


def batches_of_copies(ops: Sequence[Any]) -> Theory:
    """``f(broadcast_to(x)) = broadcast_to(f(x))`` for functions of each matrix of a batch of equal ones."""
    relations: dict[str, Any] = {
        f"{f.name}_copies": (f(broadcast_to(x, shape)), batch_of(f(x), x, shape), same_matrices(x, shape)) for f in ops}
    return theory(name="batches_of_copies", precedence=", ".join(f"{f.name} > broadcast_to" for f in ops), **relations)


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
            f"{n}_expand":    (f(expand_dims(v, axis), axis),   v),
            f"{n}_nothing":   (f(v, ()),                        v)}
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
    transpose_twice = (transpose(transpose(u, first), second),      permuted(u, first, second)),
)

turned = theory(
    name            = "turned",
    transpose_eye   = (transpose(eye_(rows, columns, offset, dtype), (-1, -2)),    eye_(columns, rows, negated(offset), dtype)),
    transpose_scale = (transpose(c * x, axes),                      c * transpose(x, axes)),
    transpose_add   = (transpose(x, axes) + transpose(y, axes),     transpose(x + y, axes)),
    transpose_mul   = (transpose(x, axes) * transpose(y, axes),     transpose(x * y, axes)),
    transpose_spread = (transpose(broadcast_to(u, shape), axes),    spread_transposed(u, shape, axes)),
    transpose_expand = (transpose(expand_dims(u, axis), axes),      expanded_turned(u, axis, axes)),
    squeeze_transpose = (squeeze(transpose(u, axes), axis),         squeezed_turned(u, axes, axis)),
    precedence      = "squeeze > transpose > broadcast_to, transpose > expand_dims",
)

reshapes = theory(
    name            = "reshapes",
    reshape_twice   = (reshape(reshape(u, shape), other),           reshaped(u, other)),
    reshape_scale   = (reshape(c * x, shape),                       c * reshape(x, shape)),
    reshape_same    = (reshape(u, shape),                           u,                          has_shape(u, shape)),
    reshape_ones    = (reshape(u, shape),                           with_ones(u, shape),        differs_by_ones(u, shape)),
    reshape_expand  = (reshape(expand_dims(u, axis), shape),        reshaped(u, shape)),
    reshape_squeeze = (reshape(squeeze(u, axis), shape),            reshaped(u, shape)),
    expand_reshape  = (expand_dims(reshape(u, shape), axis),        reshaped(u, expanded_shape(shape, axis))),
    squeeze_reshape = (squeeze(reshape(u, shape), axis),            reshaped(u, shape_without(shape, axis))),
    reshape_add     = (reshape(x, shape) + reshape(y, shape),       reshape(x + y, shape),      same_shape(x, y)),
    reshape_mul     = (reshape(x, shape) * reshape(y, shape),       reshape(x * y, shape),      same_shape(x, y)),
    precedence      = "reshape > expand_dims, reshape > squeeze",
)

axes_of_one = theory(
    name            = "axes_of_one",
    expand_twice    = (expand_dims(expand_dims(u, first), second),  expand_dims(u, opened(first, second))),
    squeeze_neg     = (squeeze(-x, axis),                           -squeeze(x, axis)),
    squeeze_twice   = (squeeze(squeeze(u, first), second),          squeeze(u, union_axes(first, second))),
    squeeze_expand  = (squeeze(expand_dims(u, first), second),      closed(u, first, second)),
    expand_squeeze  = (expand_dims(squeeze(u, axis), axis),         u),
    expand_spread   = (expand_dims(broadcast_to(u, shape), axis),   spread_expanded(u, shape, axis)),
    squeeze_spread  = (squeeze(broadcast_to(u, shape), axis),       spread_squeezed(u, shape, axis)),
    spread_same     = (broadcast_to(u, shape),                      u,                          has_shape(u, shape)),
    precedence      = "squeeze > expand_dims > broadcast_to",
)

copied = theory(
    name            = "copied",
    sum_spread      = (sum(broadcast_to(x, shape), axis),
                       repeated(copies(x, shape, axis) * sum(x, own_axes(x, axis)), shape_without(shape, axis)),
                       nonempty(broadcast_to(x, shape))),
    precedence      = "sum > broadcast_to",
)

# apart from the others, whose precedence they contradict
powers_of_copies = theory(
    name            = "powers_of_copies",
    prod_spread     = (prod(broadcast_to(x, shape), axis),
                       repeated(prod(x, own_axes(x, axis))**copies(x, shape, axis), shape_without(shape, axis))),
    lse_spread      = (logsumexp(broadcast_to(x, shape), axis),
                       repeated(logsumexp(x, own_axes(x, axis)) + log(copies(x, shape, axis)), shape_without(shape, axis))),
    precedence      = "prod > broadcast_to, prod > power, logsumexp > broadcast_to, logsumexp > log",
)

broadcasts = theory(
    name            = "broadcasts",
    add_spread      = (g + broadcast_to(h, shape),                  g + h),
    mul_spread      = (i * broadcast_to(j, shape),                  i * j),
    spread_twice    = (broadcast_to(broadcast_to(u, shape), other), broadcast_to(u, other)),
    add_lead        = (g + expand_dims(h, axis),                    g + h,                      new_leading(h, axis)),
    sub_lead        = (g - expand_dims(h, axis),                    g - h,                      new_leading(h, axis)),
    mul_lead        = (i * expand_dims(j, axis),                    i * j,                      new_leading(j, axis)),
    div_lead        = (x / expand_dims(y, axis),                    x / y,                      new_leading(y, axis)),
    spread_lead     = (broadcast_to(expand_dims(u, axis), shape),   broadcast_to(u, shape),     new_leading(u, axis)),
    expand_inverse  = (expand_dims(1 / x, axis),                    1 / expand_dims(x, axis)),
    expand_scale    = (expand_dims(c * x, axis),                    c * expand_dims(x, axis)),
    expand_over     = (expand_dims(x / y, axis),                    expand_dims(x, axis) / expand_dims(y, axis)),
    squeeze_inverse = (squeeze(1 / x, axis),                        1 / squeeze(x, axis)),
)

turned_together = theory(
    moved_together([maximum, minimum, power, logaddexp, less, equal, arctan2]),
    name             = "turned_together",
    transpose_inverse = (1 / transpose(x, axes),                    transpose(1 / x, axes)),
    transpose_where  = (where(transpose(p, axes), transpose(x, axes), transpose(y, axes)),   transpose(where(p, x, y), axes)),
    precedence       = "reciprocal > transpose, where > transpose",
)

copied_operands = theory(
    batches_of_copies([inv, cholesky_, det]),
    name            = "copied_operands",
    matmul_copies   = (matmul(x, broadcast_to(y, shape)),           product_spread(x, y, shape),    same_matrices(y, shape)),
    copies_matmul   = (matmul(broadcast_to(x, shape), y),           product_spread(x, y, shape),    same_matrices(x, shape)),
    precedence      = "matmul > broadcast_to",
)

elementwise = [exp, log, log1p, expm1, sqrt, square, tanh, sigmoid, softplus, abs, sin, cos]
outside = moved_outside(elementwise)
expanded = expanded_inside(elementwise)
kept_axes = theory(expanded["log_expand"].reversed(), precedence="log > expand_dims", name="kept_axes")  # of keepdims=True
rearranging = theory(rearranged([sum, prod, max, min, all, any, logsumexp]), of_copies([max, min, all, any]), copied,
                     name="rearranging")
beside = spread_beside([maximum, minimum, power, logaddexp])

shapes = theory(transposes, turned, reshapes, axes_of_one, broadcasts, copied_operands,
                spread_out([negative, exp, log, log1p, expm1, sqrt, tanh, sigmoid, softplus, abs]),
                name="shapes")
