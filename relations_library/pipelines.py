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
from .shapes import shapes
from .specialize import specialized
from .stable import stable as stable_theory
from .woodbury import woodbury
from .writes import writes

__all__ = ["canonical", "default", "everything", "linear_algebra", "specialize", "stable"]

structured = theory(
    basic_linear_algebra, products.identities, products.diagonals,
    solves.inverse_products, solves.solutions, solves.triangular_solutions,
    decompositions.log_determinants, decompositions.cholesky_factors, decompositions.triangles, kronecker, matrices,
    decompositions.structure,
    name="structured")

canonical = normalize(theory(
    FOLDING, algebra, reductions, shapes, joins, reads, writes, signs, precedence="power > place", name="canonical"))
stable = normalize(theory(stable_theory, log_sums, signs, name="stable"))
linear_algebra = normalize(theory(
    structured, products.outer_products, products.linearity,
    decompositions.determinant_laws, decompositions.spectra, decompositions.exponentials, decompositions.pseudo_inverses,
    decompositions.vanishing,
    blocks, woodbury, signs, name="linear_algebra"))
everything = theory(
    FOLDING, stable_theory, log_sums, structured, shapes, joins, reads, writes, reductions, algebra, signs, name="default")
default = normalize(everything)
specialize = normalize(specialized, form="plain")
