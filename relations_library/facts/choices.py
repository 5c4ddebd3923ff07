"""Selections, the matrices whose rows are rows of an identity: what they are, what makes them, and what keeps them."""

from __future__ import annotations

from relgraph.numpy import matmul, matrix_transpose
from relgraph.relations import Clause, attrs, clause, lvars
from relgraph.relations.predicates import (at_least_rank, diagonal, of_rank, orthogonal, permutation, same_matrices, selection,
                                           semi_orthogonal, stochastic, unique_indices, untouched)
from relgraph.terms.indexing import index_, take_
from relgraph.terms.joining import concat_, eye_
from relgraph.terms.products import block_diag_, kron_
from relgraph.terms.structure import broadcast_
from relgraph.terms.term import attr

A, B = lvars("A B", "fc")
X, S = lvars("X S")
i, = lvars("i", kinds="iu")
n, dtype, spec, shape = attrs("n dtype spec shape")
rows, columns = attr((-2,)), attr((-1,))
eye = eye_(n, n, attr(0), dtype)

choices: tuple[Clause, ...] = (
    clause(selection(A), permutation(A)),
    clause(permutation(A), selection(A), orthogonal(A)),
    clause(stochastic(X), selection(X)),
    clause(selection(take_(eye, i, rows)), at_least_rank(i, 1)),
    clause(semi_orthogonal(take_(eye, i, columns)), of_rank(i, 1), unique_indices(i)),
    clause(selection(take_(A, i, rows)), selection(A), of_rank(i, 1)),
    clause(selection(index_(A, spec)), selection(A), untouched(A, spec, (-1,)), at_least_rank(index_(A, spec), 2)),
    clause(selection(matmul(A, B)), selection(A), selection(B)),
    clause(selection(concat_(A, B, rows)), selection(A), selection(B)),
    clause(selection(kron_(A, B)), selection(A), selection(B)),
    clause(selection(block_diag_(A, B)), selection(A), selection(B)),
    clause(selection(broadcast_(A, shape)), selection(A), same_matrices(A, shape)),
    clause(diagonal(matmul(matrix_transpose(A), A)), selection(A)),
)
