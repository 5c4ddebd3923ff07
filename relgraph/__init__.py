"""relgraph: a tensor compiler in which every rewrite is a relation."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import errors as errors
from . import numpy as numpy
from .autodiff import grad as grad
from .autodiff import hessian as hessian
from .autodiff import jacobian as jacobian
from .autodiff import jvp as jvp
from .autodiff import value_and_grad as value_and_grad
from .autodiff import vectorize as vectorize
from .autodiff import vjp as vjp
from .terms.binders import lam as lam
from .terms.elementwise import assume as assume
from .terms.elementwise import stop_gradient as stop_gradient
from .terms.inputs import matrix as matrix
from .terms.inputs import scalar as scalar
from .terms.inputs import tensor as tensor
from .terms.inputs import vector as vector
from .terms.operators import free_inputs as free_inputs
from .terms.show import show as show
from .terms.term import Op as Op
from .terms.term import Term as Term
from .terms.type import Type as Type
from .terms.type import set_default_float as set_default_float
from .version import __version__ as __version__

if TYPE_CHECKING:
    from . import relations as relations
    from . import strategies as strategies
    from .function import Compiled as Compiled
    from .function import equal as equal
    from .function import function as function
    from .function import jit as jit
    from .function import rewrite as rewrite
    from .function import substitute as substitute
    from .linkers.jax import to_jax as to_jax

_LATER = {"Compiled": "function", "equal": "function", "function": "function", "jit": "function", "rewrite": "function",
          "substitute": "function", "to_jax": "linkers.jax"}


def __getattr__(name: str) -> Any:
    """What compiles is imported when it is first used, so that building terms starts at once."""
    if name in _LATER:
        module = importlib.import_module(f".{_LATER[name]}", __name__)
        if _LATER[name] == "function":
            globals()["function"] = module.function  # importing the module has put the module under this name
        found = globals()[name] = getattr(module, name)
        return found
    if name in ("relations", "strategies", "linkers", "cgen", "cli"):
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
