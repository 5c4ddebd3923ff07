"""Programs from programs: derivatives and batching as walks over the columns of op rows."""

from __future__ import annotations

from .forward import jvp
from .jacobian import hessian, jacobian
from .reverse import grad, value_and_grad, vjp
from .vectorize import vectorize

__all__ = ["grad", "hessian", "jacobian", "jvp", "value_and_grad", "vectorize", "vjp"]
