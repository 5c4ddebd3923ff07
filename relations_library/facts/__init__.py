"""What can be proved about terms: signs, bounds, whole numbers, finiteness, positions, structure of matrices.

A line reads "the head holds of its pattern if all premises hold"; each is tried in numbers by ``theory(signs).check_facts()``.
"""

from __future__ import annotations

from relgraph.relations import Clause

from .bands import banded_and_composed
from .choices import choices
from .elementary import elementary_signs
from .intervals import intervals
from .motion import moved
from .ranges import bounds
from .structure import structures
from .whole_numbers import finiteness, positions, wholes

__all__ = ["banded_and_composed", "bounds", "choices", "elementary_signs", "finiteness", "intervals", "matrices", "moved",
           "positions", "signs", "structures", "wholes"]

signs: tuple[Clause, ...] = (*elementary_signs, *bounds, *intervals, *wholes, *finiteness, *moved)  # about numbers
matrices: tuple[Clause, ...] = (*structures, *banded_and_composed, *choices, *positions)
