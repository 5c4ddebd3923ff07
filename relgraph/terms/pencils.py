"""Rows of pairs of square matrices: the generalised Schur form.  Leading axes are batches; signs and phases are LAPACK's."""

from __future__ import annotations

import math
from typing import Any

from ..errors import MisuseError
from .elementwise import astype
from .general import _each, _lapack, _unsorted
from .linalg import _FLOAT, nth
from .term import Op, Term, as_term
from .type import complex_of, promote

__all__ = ["qz", "qz_"]


def _qz_numpy(a: Any, b: Any) -> Any:
    (gges,) = _lapack("gges", a, b)
    s, t, *_, left, right, _, info = gges(_unsorted, a, b)
    return None if info else (s, t, left, right)


def _both(_: Any, a: Any, b: Any) -> Any:
    return (_FLOAT(a, b),) * 2


def _qz_cost(a: Any, b: Any) -> float:
    """Golub and Van Loan (2013), section 7.7."""
    lead = max(math.prod(a[:-2]), math.prod(b[:-2]))
    return 66 * lead * a[-1]**3


qz_ = Op(name="qz", signature="(n,n),(n,n)->(n,n),(n,n),(n,n),(n,n)", kind="call", dtype=lambda a, b: (_FLOAT(a, b),) * 4,
         operands=_both, numpy=_each(_qz_numpy, lambda a, b: [(a.shape[-2:], a.dtype)] * 4), pullback=None, cost=_qz_cost,
         reference="relgraph.terms.reference_matrices.qz",
         lower={"c": "rg_qz", "numba": "rg_qz", "jax": "relgraph.linkers.jax.general.qz"},
         doc="Schur's form of a pair: s, triangular but for blocks of two rows if both are real, t, triangular with nothing "
             "negative on its diagonal, and q and z with a = q @ s @ z.mH and b = q @ t @ z.mH.")


def qz(A: Any, B: Any, output: str = "real") -> tuple[Term, Term, Term, Term]:
    """``(AA, BB, Q, Z)`` with ``A = Q @ AA @ Z.mH`` and ``B = Q @ BB @ Z.mH``, as ``scipy.linalg.qz``.

    ``output="complex"`` makes AA of real matrices triangular; the generalised eigenvalues are then the quotients of the
    diagonals of AA and BB.  It has no derivative: vectors turn within invariant subspaces.
    """
    if output not in ("real", "complex"):
        raise MisuseError(f"qz: there is no output {output!r}; choose 'real' or 'complex'")
    a, b = as_term(A), as_term(B)
    if output == "complex":
        d = complex_of(_FLOAT(promote(a.type.dtype, b.type.dtype)))
        a, b = astype(a, d), astype(b, d)
    four = qz_(a, b)
    return nth(four, 0), nth(four, 1), nth(four, 2), nth(four, 3)
