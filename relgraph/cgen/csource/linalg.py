"""C for routines of linear algebra: plain loops for small matrices, BLAS and LAPACK by pointer for the others.

A routine takes its core sizes, then a pointer and strides (in elements) per operand, then a pointer to each result in C
order, then attributes; it returns 1 where NumPy would raise.  ``lib_…`` are pointers to Fortran routines, by LP64 names.
"""

from __future__ import annotations

from .general_text import GENERAL, GENERAL_COMPLEX
from .linalg_text import CONTRACTIONS, FACTORISATIONS, FACTORISATIONS_COMPLEX, PLAIN
from .scalars import C_TYPES
from .spectral_text import COMPLEX, SPECTRAL
from .vector_text import VECTOR

__all__ = ["LINALG", "routine"]

LINALG = {**PLAIN, **CONTRACTIONS, **FACTORISATIONS, **SPECTRAL, **GENERAL, **VECTOR}
_COMPLEX = {**FACTORISATIONS_COMPLEX, **COMPLEX, **GENERAL_COMPLEX}
_LETTER = {"float32": "s", "float64": "d", "complex64": "c", "complex128": "z"}


def routine(name: str, dtype: str) -> str:
    """A routine for a dtype: loops alone where BLAS has no such type."""
    letter = _LETTER.get(dtype)
    single = dtype in ("float32", "complex64")
    complex_ = dtype.startswith("complex")
    text = (PLAIN[name] if letter is None and name in PLAIN else
            _COMPLEX[name] if complex_ and name in _COMPLEX else LINALG[name])
    times, plus = ("&", "|") if dtype == "bool" else ("*", "+")
    return (text.replace("@T", C_TYPES[dtype]).replace("@R", "float" if single else "double").replace("@t", dtype)
            .replace("@conj", ("conj" + "f" * single) * complex_).replace("@orgqr", "ungqr" if complex_ else "orgqr")
            .replace("@l", letter or "").replace("@f", "f" * single)
            .replace("@abs", ("cabs" if complex_ else "fabs") + "f" * single).replace("@x", times).replace("@+", plus)
            .replace("@nan", f'__builtin_nan{"f" * single}("")'))
