"""Every exception relgraph raises; each docstring says when it is raised and what to do about it."""

from __future__ import annotations

from typing import Any


class RelgraphError(Exception):
    """Base of all errors of relgraph: ``except RelgraphError`` catches every message this package writes."""


class ShapeError(RelgraphError, ValueError):
    """Shapes do not fit together; the message names the op, both shapes and the line that built the term."""


class DTypeError(RelgraphError, TypeError):
    """An operand has a dtype the op is not defined for; convert it with ``astype`` first."""


class MisuseError(RelgraphError, TypeError):
    """A symbolic term was used where Python needs a value (``if``, ``sum``, ``==``); the message says what to write."""


class InputError(RelgraphError, TypeError):
    """A compiled function got an argument that does not fit the declared input."""


class AxisError(RelgraphError, IndexError):
    """An axis or index is out of range for the operand."""


class TheoryError(RelgraphError, ValueError):
    """A relation is malformed: no direction left, an impossible type, an unknown guard, a duplicate name."""


class RefusedRelation(TheoryError):
    """Verification found a counterexample: the relation is false where its guard admits it, or weaker than declared."""


class TypeNotPreserved(RelgraphError, TypeError):
    """A strategy replaced a term by one of another dtype or shape."""


class BudgetError(RelgraphError, RuntimeError):
    """A fixpoint used up its budget; the message names the rules that fired last.

    Raised by ``run_strategy`` it carries the ``outcome`` reached so far.
    """

    outcome: Any = None


class Interrupted(KeyboardInterrupt):
    """Ctrl-C stopped a strategy; ``outcome`` holds the term reached so far, which equals the one given."""

    outcome: Any = None


class DerivationError(RelgraphError, ValueError):
    """A derivation does not replay: a step is not what the named relation says."""


class GradientError(RelgraphError, ValueError):
    """A derivative does not exist: the input is disconnected, or an op on the way is not differentiable."""


class LinkError(RelgraphError, RuntimeError):
    """A linker cannot run this program: a lowering, a compiler or an optional package is missing."""
