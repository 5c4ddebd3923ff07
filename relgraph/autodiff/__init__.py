"""Programs from programs: derivatives and batching as walks over the columns of op rows."""

from __future__ import annotations

from .reverse import grad, value_and_grad, vjp

__all__ = ["grad", "value_and_grad", "vjp"]
