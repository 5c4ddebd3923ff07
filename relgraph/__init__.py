"""relgraph: a tensor compiler in which every rewrite is a relation."""

from __future__ import annotations

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
