"""What can be proved about terms: signs, bounds, whole numbers, finiteness, positions, structure of matrices.

A line reads "the head holds of its pattern if all premises hold"; each is tried in numbers by ``theory(signs).check_facts()``.
"""

from __future__ import annotations

from .bounds import bounds
from .matrices import structures
from .moved import moved
from .signs import elementary_signs
from .wholes import finiteness, positions, wholes

__all__ = ["bounds", "elementary_signs", "finiteness", "matrices", "moved", "positions", "signs", "structures", "wholes"]

signs = (*elementary_signs, *bounds, *wholes, *finiteness, *moved)  # about numbers
matrices = (*structures, *positions)
