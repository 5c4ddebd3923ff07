"""How Python source spells each row: the public function, and the arguments that make it build that very term.

A form is only used after it was tried: what it builds must be the term itself.  A row without a form, or a term that its
form does not build, is written as a call of the row, so that a new row needs no entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ...errors import ShapeError
from .. import distinct, elementwise, indexing, joining, linalg, reduction, structure
from ..term import Term

__all__ = ["FORMS", "OPERATORS", "Form", "public"]

Arguments: TypeAlias = tuple[Sequence[Any], Mapping[str, Any]]


class Form(NamedTuple):
    """The public function of a row, its name, and the arguments it takes for operands and attribute values."""

    path: str
    fn: Callable[..., Any]
    arguments: Callable[[Term, Sequence[Any], Sequence[Any]], Arguments]


OPERATORS: Mapping[str, Callable[..., Any]] = {
    name: getattr(elementwise, name) for name in ("add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power")
} | dict.fromkeys(("matmul", "matvec", "vecmat", "vecdot"), linalg.matmul)

# rows that are public under their own name
_PLAIN: Mapping[str, str] = {
    "rnp": "abs add arctan bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor ceil conj "
           "cos cosh divide equal exp expm1 floor floor_divide greater greater_equal imag isfinite isinf isnan less less_equal "
           "log log10 log1p log2 logaddexp "
           "logical_and logical_not logical_or logical_xor matmul matvec maximum minimum multiply negative not_equal positive "
           "power real reciprocal remainder sigmoid sign sin sinh softplus sqrt square subtract tan tanh vecdot vecmat where",
    "rnp.special": "digamma erf erfc gammaln i0e i1e k0e k1e log1mexp", "rnp.linalg": "cholesky det inv solve trace",
    "rg": "stop_gradient"}
_PATHS = {name: f"{home}.{name}" for home, names in _PLAIN.items() for name in names.split()}


def _short(axis: Any) -> Any:
    return axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis


def _axis(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    everything = isinstance(xs[0], Term) and xs[0].type.ndim is not None and attrs[0] == tuple(range(-xs[0].type.ndim, 0))
    return xs, {} if everything else {"axis": _short(attrs[0])}


def _new_axis(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    return xs, {"axis": _short(attrs[0])}


def _distinct(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    if xs[0].type.ndim != 1:
        raise ShapeError("rnp.unique takes the elements of all axes together")
    return xs, {"size": attrs[0]}


def _joined(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    return [list(xs)], {"axis": _short(attrs[0])}


def _positional(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    return [*xs, *[a.name if isinstance(a, np.dtype) else a for a in attrs]], {}


def _permutation(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    if isinstance(attrs[0], Term) or xs[0].type.ndim is None:
        return [*xs, attrs[0]], {}
    return [*xs, structure.full_perm(attrs[0], xs[0].type.ndim)], {}


def _eye(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    n, m, k, dtype = attrs
    return [n, m], {**({"k": k} if k else {}), "dtype": dtype.name}


def _triangular(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    return xs, {"lower": attrs[0], "unit_diagonal": attrs[1]}


def _one_axis(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    if xs[0].type.ndim != 1:
        raise ShapeError("rnp.diag makes a matrix of a vector only")
    return xs, {}


def _facts(t: Term, xs: Sequence[Any], attrs: Sequence[Any]) -> Arguments:
    return xs, dict((f, True) if isinstance(f, str) else f for f in attrs[0])


FORMS: Mapping[str, Form] = {
    **{name: Form(f"rnp.{name}", getattr(reduction, name), _axis) for name in ("all", "any", "max", "mean", "min", "prod")},
    **{name: Form(f"rnp.special.{name}", getattr(reduction, name), _axis) for name in ("logsumexp", "softmax")},
    "sum": Form("rnp.sum", structure.sum, _axis),
    "expand_dims": Form("rnp.expand_dims", structure.expand_dims, _new_axis),
    "squeeze": Form("rnp.squeeze", structure.squeeze, _new_axis),
    "reshape": Form("rnp.reshape", structure.reshape, _positional),
    "broadcast_to": Form("rnp.broadcast_to", structure.broadcast_to, _positional),
    "transpose": Form("rnp.permute_dims", structure.permute_dims, _permutation),
    "astype": Form("rnp.astype", elementwise.astype, _positional),
    "unique": Form("rnp.unique", distinct.unique, _distinct),
    "concat": Form("rnp.concat", joining.concat, _joined),
    "take": Form("rnp.take", indexing.take, _new_axis),
    "arange": Form("rnp.arange", joining.arange, _positional),
    "eye": Form("rnp.eye", joining.eye, _eye),
    "diag": Form("rnp.diag", joining.diag_, _one_axis),
    "diagonal": Form("rnp.linalg.diagonal", joining.diagonal, _positional),
    "tril": Form("rnp.tril", linalg.tril, _positional),
    "triu": Form("rnp.triu", linalg.triu, _positional),
    "solve_triangular": Form("rnp.linalg.solve_triangular", linalg.solve_triangular, _triangular),
    "assume": Form("rg.assume", elementwise.assume, _facts),
}


def public(t: Term) -> Form | None:
    """The form of the term's row."""
    path = _PATHS.get(t.op.name)
    return FORMS.get(t.op.name) if path is None else Form(path, t.op, _positional)
