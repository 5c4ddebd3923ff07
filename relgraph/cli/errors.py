"""What can be wrong with what the command was given."""

from __future__ import annotations

from ..errors import RelgraphError


class UsageError(RelgraphError, ValueError):
    """The arguments, the file or the expression given to the command cannot be used; the message says what to write."""
