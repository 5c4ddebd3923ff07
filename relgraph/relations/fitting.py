"""Types are kept: a result takes the dtype and shape of what it replaces, where dropped operands gave them."""

from __future__ import annotations

import numpy as np

from ..terms.structure import broadcast_to
from ..terms.term import CONST, Term, const
from ..terms.type import UNKNOWN, Type
from .constants import cast

__all__ = ["fitted"]


def fitted(result: Term, node: Term) -> Term | None:
    """A result given the node's dtype and shape, where promotion and broadcasting of a dropped operand gave them."""
    if node.type is UNKNOWN:
        return result
    if result.type is UNKNOWN:
        if result.op is not CONST:
            return result
        result = const(result.data, node.type.dtype)
    if type(result.type) is not Type or type(node.type) is not Type or node.op.kind != "elementwise":
        return None
    have, want = result.type, node.type
    if have.dtype is not want.dtype:
        if not np.can_cast(have.dtype, want.dtype, "safe"):
            return None
        result = cast(result, want)
    if result.type.shape != want.shape:
        k = want.ndim - have.ndim
        if k < 0 or any(a != 1 and a != b for a, b in zip(have.shape, want.shape[k:], strict=True)):
            return None
        result = broadcast_to(result, want.shape)
    return result
