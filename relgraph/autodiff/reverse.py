"""`grad`, `value_and_grad` and `vjp`: reverse-mode derivatives as terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from ..errors import GradientError, ShapeError
from ..terms.term import Term, _short, as_term, const
from ..terms.type import STATIC, Type
from .cotangent import zeros_of
from .pull import Pulled, between, place_of, pull
from .trees import like, terms

__all__ = ["Disconnected", "check_float", "check_like", "cotangents", "grad", "value_and_grad", "vjp"]

Disconnected = Literal["raise", "zero"]


def grad(y: Any, wrt: Any, *, disconnected: Disconnected = "raise") -> Any:
    """The gradient of a scalar with respect to a term, or to every term of a nested list or dict.

    >>> x = rg.vector("x")
    >>> rg.grad(rnp.sum(x**2), x).eval({x: [1.0, 2.0]})
    array([2., 4.])

    The gradient has the type of the term it belongs to, which need not be an input.  For a complex term it is
    ``dy/d(real) + 1j*dy/d(imag)``, so that ``x - rate * grad`` descends.  A term that ``y`` does not depend on is a
    `GradientError`, or zeros if ``disconnected="zero"``.
    """
    y = as_term(y)
    leaves, build = terms("grad", wrt)
    for x in leaves:
        check_float("grad", x)
    if type(y.type) is Type and y.type.ndim:
        raise GradientError(f"grad: {_short(y)}: {y.type!r}{place_of(y)} is no scalar; write rg.grad(rnp.sum(y), x), "
                            "rg.jacobian(y, x), or rg.vjp(y, x, cotangent)")
    check_float("grad", y)
    if y.type.dtype.kind == "c":
        raise GradientError(f"grad: {_short(y)}: {y.type!r}{place_of(y)} is complex, a gradient is defined for real values; "
                            "write y.real, y.imag or rnp.abs(y)")
    return build(cotangents("grad", [y], [const(1, y.type.dtype)], leaves, disconnected))


def value_and_grad(y: Any, wrt: Any, *, disconnected: Disconnected = "raise") -> tuple[Term, Any]:
    """``(y, grad(y, wrt))``: one function of both computes what they share once."""
    y = as_term(y)
    return y, grad(y, wrt, disconnected=disconnected)


def vjp(y: Any, wrt: Any, cotangent: Any, *, disconnected: Disconnected = "raise") -> Any:
    """A cotangent of ``y`` carried back to ``wrt``: the product with the transposed Jacobian, without building it.

    ``y`` may be a nest of terms, ``cotangent`` is the same nest (None: zero) of arrays shaped as the terms.
    For complex terms this is the adjoint for the inner product ``real(conj(a) * b)``.

    >>> x = rg.vector("x")
    >>> rg.vjp(rnp.sin(x), x, rnp.ones(x.shape)).eval({x: [0.0]})
    array([1.])
    """
    ys, _ = terms("vjp", y)
    leaves, build = terms("vjp", wrt)
    seeds = [None if c is None else check_like("vjp", c, t, "cotangent")
             for c, t in zip(like("vjp", cotangent, y, "the cotangent"), ys, strict=True)]
    return build(cotangents("vjp", ys, seeds, leaves, disconnected))


def cotangents(name: str, ys: Sequence[Term], seeds: Sequence[Term | None], wrt: Sequence[Term],
               disconnected: Disconnected) -> list[Term]:
    """The cotangents of all of ``wrt``, with zeros or an error where none arrives."""
    if disconnected not in ("raise", "zero"):
        raise GradientError(f"{name}: disconnected={disconnected!r}; use 'raise' or 'zero'")
    for x in wrt:
        check_float(name, x)
    pulled = pull(ys, seeds, wrt)
    out = []
    for x, g in zip(wrt, pulled.cotangents, strict=True):
        if g is None:
            if disconnected == "raise":
                _refuse_disconnected(name, ys, x, pulled)
            g = zeros_of(x.type)
        out.append(g)
    return out


def check_float(name: str, t: Term) -> None:
    """Refuse terms whose values do not vary continuously."""
    if type(t.type) is not Type:
        raise GradientError(f"{name}: {_short(t)} is {t.type!r}, an array was expected; take a part with nth")
    if t.type.dtype.kind not in "fc":
        raise GradientError(f"{name}: {_short(t)}: {t.type!r}{place_of(t)} has no derivative, its values are "
                            f"{'true or false' if t.type.dtype.kind == 'b' else 'integers'}; write x.astype('float64') "
                            "before it is used, or declare the input with dtype='float64'")


def check_like(name: str, value: Any, t: Term, what: str) -> Term:
    """A term for a tangent or cotangent of ``t``: shaped as it, of its dtype."""
    check_float(name, t)
    v = as_term(value, t.type.dtype if isinstance(value, (bool, int, float, complex)) else None)
    fits = type(v.type) is Type and v.type.ndim == t.type.ndim
    if fits:
        try:
            for a, b in zip(v.type.shape, t.type.shape, strict=True):
                STATIC.meet(a, b)
        except ShapeError:
            fits = False
    if not fits:
        raise ShapeError(f"{name}: the {what} {_short(v)}: {v.type!r} must have the shape of "
                         f"{_short(t)}: {t.type!r}{place_of(t)}")
    return v


def _refuse_disconnected(name: str, ys: Sequence[Term], x: Term, pulled: Pulled) -> None:
    """Say why no cotangent arrived; what was stopped on purpose is zero."""
    _, below = between(ys, [x])
    cuts = [c for c in pulled.cuts if c.operand in below]
    if cuts and all(c.node.op.kind == "identity" for c in cuts):
        return
    shown = ", ".join(dict.fromkeys(_short(y) for y in ys[:3]))
    if not any(y in below for y in ys):
        raise GradientError(f"{name}: {shown} does not depend on {_short(x)}: {x.type!r}{place_of(x)}; "
                            "pass disconnected='zero' for a gradient of zeros")
    stopped = "; ".join(dict.fromkeys(f"{c.node.op.name}: {c.node.type!r}{place_of(c.node)}" for c in cuts[:4]))
    raise GradientError(f"{name}: {shown} depends on {_short(x)}: {x.type!r}{place_of(x)} only through ops that are constant "
                        f"wherever they are differentiable ({stopped}); pass disconnected='zero' for a gradient of zeros, "
                        "or wrap it in rg.stop_gradient(...)")
