"""How strongly a text binds, in Python's order: from a whole expression to a name."""

from __future__ import annotations

OPEN, COMPARE, OR, XOR, AND, ADD, MULTIPLY, NEGATE, POWER, CALL, ATOM = range(11)
