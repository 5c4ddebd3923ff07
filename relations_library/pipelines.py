"""Named pipelines: strategies built in the open from the theories of this library."""

from __future__ import annotations

from relgraph.relations import FOLDING, theory
from relgraph.strategies import normalize

from .algebra import algebra
from .facts import matrices, signs
from .matrices import linear_algebra as linear_algebra_theory
from .reductions import reductions
from .shapes import shapes
from .specialize import specialized
from .stable import stable as stable_theory

__all__ = ["canonical", "default", "everything", "linear_algebra", "specialize", "stable"]

canonical = normalize(theory(FOLDING, algebra, reductions, shapes, signs, name="canonical"))
stable = normalize(theory(stable_theory, signs, name="stable"))
linear_algebra = normalize(theory(linear_algebra_theory, signs, matrices, name="linear_algebra"))
everything = theory(FOLDING, stable_theory, linear_algebra_theory, shapes, reductions, algebra, signs, matrices, name="default")
default = normalize(everything)
specialize = normalize(specialized, form="plain")
