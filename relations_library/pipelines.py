"""Named pipelines: strategies built in the open from the theories of this library."""

from __future__ import annotations

from relgraph.relations import FOLDING, theory
from relgraph.strategies import attempt, normalize, sharing

from . import decompositions, general, products, solves
from .algebra import algebra
from .algebra import powers as whole_powers
from .bessel import orders as bessel_orders
from .blocks import blocks
from .booleans import reduced_truths
from .chains import batched, chains
from .circulant import circulants, toeplitz_products
from .facts import matrices, signs
from .distinct import distinct
from .joins import joins
from .kronecker import kronecker
from .matrices import linear_algebra as basic_linear_algebra
from .casts import casts, repeated_casts
from .complexes import of_conjugates
from .integers import bits, quotients
from .integers import rounding as whole_rounding
from .mixtures import log_sums, shares_read
from .places import places
from .reads import reads
from .order import comparisons
from .reductions import reductions, single
from .roots import root_powers
from .selections import selections, zero_products
from .shapes import kept_axes, shapes, transposes
from .special import error_tails
from .specialize import specialized
from .stable import stable as stable_theory
from .trigonometry import inverse_functions, ratios
from .woodbury import woodbury
from .writes import writes

__all__ = ["canonical", "default", "everything", "linear_algebra", "shared", "specialize", "stable"]

structured = theory(
    basic_linear_algebra, products.identities, products.diagonals,
    solves.inverse_products, solves.solutions, solves.triangular_solutions,
    decompositions.log_determinants, decompositions.cholesky_factors, decompositions.triangles,
    decompositions.diagonal_decompositions, kronecker, matrices, decompositions.structure,
    name="structured")

# functions of few operands that are seldom met: the index finds their rules by operators that other terms do not have
elementary = theory(
    single.without("mean_of_one"), reduced_truths, whole_powers.only("one_pow", "plus_sign"), root_powers, comparisons,
    quotients, whole_rounding, bits,
    inverse_functions, repeated_casts, casts.only("cast_real", "cast_imag", "cast_conj"), of_conjugates, bessel_orders,
    distinct,
    name="elementary")

canonical = normalize(theory(
    FOLDING, algebra, reductions, shapes, joins, places, reads, writes, signs, precedence="power > place", name="canonical"))
stable = normalize(theory(error_tails, stable_theory, log_sums, shares_read, kept_axes, ratios, signs, name="stable"))
linear_algebra = normalize(theory(
    structured, selections, zero_products, products.diagonal_quotients, products.outer_products, products.linearity,
    decompositions.determinant_laws, decompositions.spectra, decompositions.exponentials,
    decompositions.pseudo_inverses, decompositions.vanishing, general.schur_forms, general.qz_forms, general.eigenvalues,
    general.sylvester_equations, general.structure,
    blocks, circulants, toeplitz_products, woodbury, chains, transposes, signs,
    name="linear_algebra"))
everything = theory(
    FOLDING, error_tails, stable_theory, log_sums, shares_read, kept_axes, ratios, structured, shapes, joins, places, reads,
    writes, reductions, algebra, elementary, signs, name="default")
default = normalize(everything)
shared = attempt(sharing(theory(decompositions.factorised, matrices, name="factorised")))  # before the others
specialize = normalize(theory(specialized, batched, name="specialized"), form="plain")
