"""Named pipelines: strategies built in the open from the theories of this library.

The theories stand in theories.py, which is imported when somebody looks at a relation: rewriting with a theory that was
compiled before needs none of them.
"""

from __future__ import annotations

from relgraph.relations.stated import Stated
from relgraph.strategies.normalize import normalize

__all__ = ["canonical", "default", "everything", "linear_algebra", "specialize", "stable"]

_THEORIES = "relations_library.theories"

everything = Stated(_THEORIES, "everything", "default")

canonical = normalize(Stated(_THEORIES, "canonical", "canonical"))
stable = normalize(Stated(_THEORIES, "stable", "stable"))
linear_algebra = normalize(Stated(_THEORIES, "linear_algebra", "linear_algebra"))
default = normalize(everything)
specialize = normalize(Stated(_THEORIES, "specialized", "specialized"), form="plain")
