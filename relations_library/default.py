"""The default pipeline by name: what it says stands in pipelines.py, which is imported when somebody looks at a relation.

Rewriting with rules that were compiled before needs no relation; `relations_library.pipelines.default` is the same strategy.
"""

from __future__ import annotations

from relgraph.relations.stated import Stated
from relgraph.strategies.normalize import normalize

__all__ = ["default"]

default = normalize(Stated("relations_library.pipelines", "everything", "default"))
