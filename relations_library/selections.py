"""Matrices that only choose or exchange: a product with one is a read or a write."""

from __future__ import annotations

from relgraph.numpy import (arange, argmax, equal, expand_dims, less, linalg, matmul, matrix_transpose, matvec, prod, sign, sum,
                            where, zeros)
from relgraph.relations import attrs, literals, lvars, term_function, theory
from relgraph.relations.predicates import equal_to, of_rank, permutation, same_dtype, selection
from relgraph.relations.reads import axis_size
from relgraph.terms.indexing import take_, take_add_
from relgraph.terms.joining import eye_
from relgraph.terms.linalg import vecmat_ as vecmat
from relgraph.terms.structure import broadcast_
from relgraph.terms.term import Term, attr


@term_function
def order_sign(x: Term) -> Term:
    """The sign of a permutation: minus one for every two positions that are exchanged."""
    k = arange(x.type.shape[-1])
    at = sum(where(equal(0, x), 0, k), axis=-1)  # argmax has no value where there are no columns
    steps = sign(expand_dims(at, -2) - expand_dims(at, -1))
    return prod(where(less(expand_dims(k, -1), k), steps, 1).astype(x.type.dtype), axis=(-2, -1))


@term_function
def zeros_of_matmul(x: Term, y: Term) -> Term:
    """Zeros of the shape of a product."""
    product = matmul(x, y).type
    return zeros(product.shape, product.dtype)


@term_function
def zeros_of_matvec(x: Term, v: Term) -> Term:
    product = matvec(x, v).type
    return zeros(product.shape, product.dtype)


@term_function
def the_ones(x: Term) -> Term:
    """Where each row of a selection has its one."""
    return argmax(x, axis=-1)


x, v, s = lvars("x v s")
i, = lvars("i", kinds="iu")
c, = literals("c")
n, dtype, shape = attrs("n dtype shape")
eye, rows, columns, det, t = eye_(n, n, attr(0), dtype), attr((-2,)), attr((-1,)), linalg.det, matrix_transpose
chosen, chosen_rows, nothing = take_(eye, i, columns), take_(eye, i, rows), broadcast_(c, shape)

selections = theory(
    name            = "selections",
    select_columns  = (matmul(x, chosen),                   take_(x, i, columns),           of_rank(i, 1), "domain"),
    select_rows     = (matmul(chosen_rows, x),              take_(x, i, rows),              of_rank(i, 1), "domain"),
    select_elements = (matvec(chosen_rows, v),              take_(v, i, columns),           of_rank(i, 1), "domain"),
    select_from     = (vecmat(v, chosen),                   take_(v, i, columns),           of_rank(i, 1), "domain"),
    scatter_rows    = (matmul(chosen, x),                   take_add_(x, i, rows, n),
                       of_rank(i, 1) & same_dtype(chosen, x), "domain"),
    scatter_elements = (matvec(chosen, v),                  take_add_(v, i, columns, n),
                       of_rank(i, 1) & same_dtype(chosen, v), "domain"),
    transpose_chosen = (t(chosen),                          chosen_rows,                    of_rank(i, 1)),
    transpose_chosen_rows = (t(chosen_rows),                chosen,                         of_rank(i, 1)),
    det_permutation = (det(x),                              order_sign(x),                  permutation(x)),
    precedence      = "matmul > take, matvec > take, vecmat > take, matmul > take_add, matvec > take_add",
)

# Of what is known to be a selection, but not how it was made.  In no pipeline: of a read or a write fewer facts are known than
# of a product, such as that rows sum to one.
given = selection(s) & of_rank(s, 2)
known_selections = theory(
    name            = "known_selections",
    selection_rows  = (matmul(s, x),                        take_(x, the_ones(s), rows),    given, "domain"),
    selection_columns = (matmul(x, t(s)),                   take_(x, the_ones(s), columns), given, "domain"),
    selection_elements = (matvec(s, v),                     take_(v, the_ones(s), columns), given, "domain"),
    selection_scatter = (matmul(t(s), x),       take_add_(x, the_ones(s), rows, axis_size(s, (-1,))),
                       given & same_dtype(s, x), "domain"),
    selection_places = (matmul(x, s),           take_add_(x, the_ones(s), columns, axis_size(s, (-1,))),
                       given & same_dtype(s, x), "domain"),
    selection_places_of = (vecmat(v, s),        take_add_(v, the_ones(s), columns, axis_size(s, (-1,))),
                       given & same_dtype(s, v), "domain"),
    precedence      = "matmul > take > argmax, matvec > take, vecmat > take, matmul > take_add > argmax, matvec > take_add, "
                      "vecmat > take_add",
)

# a factor of zeros hides NaN and infinity of the other
zero_products = theory(
    name            = "zero_products",
    zero_matmul     = (matmul(nothing, x),                  zeros_of_matmul(nothing, x),    equal_to(c, 0), "domain"),
    matmul_zero     = (matmul(x, nothing),                  zeros_of_matmul(x, nothing),    equal_to(c, 0), "domain"),
    zero_matvec     = (matvec(nothing, v),                  zeros_of_matvec(nothing, v),    equal_to(c, 0), "domain"),
    matvec_zero     = (matvec(x, nothing),                  zeros_of_matvec(x, nothing),    equal_to(c, 0), "domain"),
)
