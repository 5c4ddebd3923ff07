"""relgraph: a tensor compiler in which every rewrite is a relation."""

from __future__ import annotations

import importlib
import sys
from difflib import get_close_matches
from types import ModuleType
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
    from .asking import effect as effect
    from .asking import fact as fact
    from .asking import why as why
    from .asking import why_fact as why_fact
    from .asking import why_not as why_not
    from .function import Compiled as Compiled
    from .function import equal as equal
    from .function import function as function
    from .function import rewrite as rewrite
    from .function import substitute as substitute
    from .linkers.jax import to_jax as to_jax
    from .relations.assume import assume as assume
    from .relations.safety import safety_report as safety_report
    from .tracing import jit as jit

__all__ = [
    "Compiled", "Op", "Term", "Type", "assume", "effect", "equal", "fact", "free_inputs", "function", "grad", "hessian",
    "jacobian", "jit", "jvp", "lam", "matrix", "rewrite", "safety_report", "scalar", "set_default_float", "show",
    "stop_gradient", "substitute", "tensor", "to_jax", "value_and_grad", "vector", "vectorize", "vjp", "why",
    "why_fact", "why_not"]

# What compiles is imported when it is first used, so that building terms starts at once.
_LATER = {
    "Compiled": "function", "equal": "function", "jit": "tracing", "rewrite": "function", "substitute": "function",
    "assume": "relations.assume", "safety_report": "relations.safety", "to_jax": "linkers.jax",
    "effect": "asking", "fact": "asking", "why": "asking", "why_fact": "asking", "why_not": "asking"}
_MODULES = ("autodiff", "cgen", "cli", "errors", "linkers", "numpy", "relations", "strategies", "terms")


def __getattr__(name: str) -> Any:
    if name in _LATER:
        found = globals()[name] = getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
        return found
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_hint(name)}", name=name, obj=sys.modules[__name__])


# What other packages call it.
_ELSEWHERE = {"vmap": "rg.vectorize", "jacfwd": "rg.jacobian", "jacrev": "rg.jacobian",
              "graph_replace": "rg.substitute", "clone": "rg.substitute", "dprint": "rg.show(y, 'dag')", "pprint": "rg.show(y)",
              "compile": "rg.function", "array": "rnp.asarray", "constant": "rnp.asarray", "as_tensor": "rnp.asarray",
              **{f"{p}{kind}": f"rg.{kind}(name{dtype})" for kind in ("scalar", "vector", "matrix")
                 for p, dtype in (("d", ""), ("f", ", dtype='float32'"), ("l", ", dtype='int64'"), ("i", ", dtype='int32'"))}}


def _hint(name: str) -> str:
    if name in _ELSEWHERE:
        return f"; write {_ELSEWHERE[name]}"
    if not name.startswith("_") and hasattr(numpy, name):
        return f"; write rnp.{name} after `import relgraph.numpy as rnp`"
    near = [] if name.startswith("_") else get_close_matches(name, [*__all__, *_MODULES], cutoff=0.7)
    return f"; did you mean {' or '.join(f'rg.{n}' for n in near)}?" if near else ""


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES, *[n for n in globals() if n.startswith("__")]])


class _Package(ModuleType):
    """The package: ``function`` is always the function, although importing the module of that name puts the module there."""

    @property
    def function(self) -> Any:
        return importlib.import_module(".function", __name__).function

    @function.setter
    def function(self, module: Any) -> None:
        pass


sys.modules[__name__].__class__ = _Package
