"""Named pipelines: strategies built in the open from the theories of this library."""

from __future__ import annotations

from relgraph.relations import FOLDING, theory
from relgraph.strategies import normalize

from . import decompositions, products, solves
from .algebra import algebra
from .blocks import blocks
from .facts import matrices, signs
from .joins import joins
from .kronecker import kronecker
from .matrices import linear_algebra as basic_linear_algebra
from .mixtures import log_sums
from .reads import reads
from .reductions import reductions
from .shapes import expanded, shapes
from .specialize import specialized
from .stable import stable as stable_theory
from .special import error_tails
from .trigonometry import trigonometry
from .woodbury import woodbury
from .writes import writes

__all__ = ["canonical", "default", "everything", "linear_algebra", "specialize", "stable"]

# Whether a matrix is diagonal is asked of every product, which costs as much as all other rules together on a network.
asked_of_products = ("diagonal_matmul", "matmul_diagonal")

structured = theory(
    basic_linear_algebra, products.identities, products.diagonals.without(*asked_of_products),
    solves.inverse_products, solves.solutions, solves.triangular_solutions,
    decompositions.log_determinants, decompositions.cholesky_factors, kronecker, matrices, decompositions.structure,
    name="structured")

canonical = normalize(theory(
    FOLDING, algebra, reductions, shapes, joins, reads, writes, signs, precedence="power > place", name="canonical"))
ratios = trigonometry.only("tan_ratio", "tanh_ratio")
kept_axes = theory(  # log(sum(exp(x), axis, keepdims=True))
    expanded["log_expand"].reversed(), precedence="log > expand_dims", name="kept_axes")
stable = normalize(theory(error_tails, stable_theory, log_sums, kept_axes, ratios, signs, name="stable"))
linear_algebra = normalize(theory(
    structured, products.diagonals, products.outer_products, products.linearity,
    decompositions.determinant_laws, decompositions.spectra, decompositions.exponentials, decompositions.pseudo_inverses,
    blocks, woodbury, signs, name="linear_algebra"))
everything = theory(
    FOLDING, error_tails, stable_theory, log_sums, kept_axes, ratios, structured, shapes, joins, reads, writes, reductions,
    algebra, signs, name="default")
default = normalize(everything)
specialize = normalize(specialized, form="plain")
