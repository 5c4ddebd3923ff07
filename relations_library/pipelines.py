"""Named pipelines: strategies built in the open from the theories of this library."""

from __future__ import annotations

from relgraph.relations import FOLDING, theory
from relgraph.strategies import attempt, normalize, sharing

from . import decompositions, general, products, solves
from .algebra import algebra
from .blocks import blocks
from .chains import batched, chains
from .circulant import circulants, toeplitz_products
from .facts import matrices, signs
from .joins import joins
from .kronecker import kronecker
from .matrices import linear_algebra as basic_linear_algebra
from .mixtures import log_sums
from .reads import reads
from .reductions import reductions
from .selections import selections, zero_products
from .shapes import shapes, transposes
from .specialize import specialized
from .stable import stable as stable_theory
from .woodbury import woodbury
from .writes import writes

__all__ = ["canonical", "default", "everything", "linear_algebra", "shared", "specialize", "stable"]

# Whether a matrix is diagonal is asked of every product, which costs as much as all other rules together on a network.
asked_of_products = ("diagonal_matmul", "matmul_diagonal")

structured = theory(
    basic_linear_algebra, products.identities, products.diagonals.without(*asked_of_products),
    solves.inverse_products, solves.solutions, solves.triangular_solutions,
    decompositions.log_determinants, decompositions.cholesky_factors, decompositions.diagonal_decompositions,
    kronecker, matrices, decompositions.structure,
    name="structured")

canonical = normalize(theory(
    FOLDING, algebra, reductions, shapes, joins, reads, writes, signs, precedence="power > place", name="canonical"))
stable = normalize(theory(stable_theory, log_sums, signs, name="stable"))
linear_algebra = normalize(theory(
    structured, selections, zero_products, products.diagonals, products.diagonal_quotients, products.outer_products,
    products.linearity,
    decompositions.determinant_laws, decompositions.spectra, decompositions.exponentials,
    decompositions.pseudo_inverses, general.schur_forms, general.eigenvalues, general.sylvester_equations, general.structure,
    blocks, circulants, toeplitz_products, woodbury, chains, transposes, signs,
    name="linear_algebra"))
everything = theory(
    FOLDING, stable_theory, log_sums, structured, shapes, joins, reads, writes, reductions, algebra, signs, name="default")
default = normalize(everything)
shared = attempt(sharing(theory(decompositions.factorised, matrices, name="factorised")))  # before the others
specialize = normalize(theory(specialized, batched, name="specialized"), form="plain")
