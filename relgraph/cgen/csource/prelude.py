"""The ``rg_…`` functions that templates of rows name; only those a program uses are written into its source.

Each entry is C text for one function.  ``@T`` is the C type, ``@f`` the suffix of <math.h> (``f`` for float), ``@t`` the
name of the dtype; functions without a suffix of their own are written once per dtype they are asked for.
"""

from __future__ import annotations

import re

from .bessel import BESSEL
from .linalg import LINALG, routine
from .scalars import C_TYPES
from .special import SPECIAL

__all__ = ["VECTOR", "needed"]

# Functions with a vector version in glibc's libmvec (2.35 and later), which errs by 4 ulp at most.
VECTOR = ("acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp", "exp2", "expm1",
          "log", "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh")
_VECTOR_2 = ("atan2", "hypot", "pow")
_SCALAR = ("ceil", "fabs", "floor", "rint", "sqrt", "trunc", "lgamma")
_SCALAR_2 = ("copysign", "fmod")
_COMPLEX = ("cacos", "casin", "catan", "ccos", "ccosh", "cexp", "clog", "conj", "csin", "csinh", "csqrt", "ctan", "ctanh")
_COMPLEX_REAL = ("cabs", "cimag", "creal")

_REAL = {
    "rg_max": "static inline @T rg_max@f(@T a, @T b) { return (a > b) | (a != a) ? a : b; }",
    "rg_min": "static inline @T rg_min@f(@T a, @T b) { return (a < b) | (a != a) ? a : b; }",
    "rg_isinf": "static inline int rg_isinf@f(@T a) { return fabs@f(a) == __builtin_inf@f(); }",
    "rg_isfinite": "static inline int rg_isfinite@f(@T a) { return fabs@f(a) < __builtin_inf@f(); }",
    "rg_sign": "static inline @T rg_sign@f(@T a) { return a != a ? a : (@T)((a > 0) - (a < 0)); }",
    "rg_log10": "static inline @T rg_log10@f(@T a) { return log10@f(a); }",
    "rg_sigmoid": """static inline @T rg_sigmoid@f(@T a)
{
    const @T e = exp@f(-fabs@f(a));
    return (a >= 0 ? 1 : e) / (1 + e);
}""",
    "rg_softplus": """static inline @T rg_softplus@f(@T a)
{
    return (a > 0 ? a : 0) + log1p@f(exp@f(-fabs@f(a)));
}""",
    "rg_log1mexp": """static inline @T rg_log1mexp@f(@T a)
{
    const @T near = log@f(-expm1@f(a)), far = log1p@f(-exp@f(a));
    return a > (@T)-0.6931471805599453 ? near : far;
}""",
    "rg_logaddexp": """static inline @T rg_logaddexp@f(@T a, @T b)
{
    const @T d = a == b ? 0 : fabs@f(a - b);
    return (a > b ? a : b) + log1p@f(exp@f(-d));
}""",
    # NumPy's npy_divmod: the quotient is rounded to the integer below, the remainder has the sign of b.
    "rg_mod": """static inline @T rg_mod@f(@T a, @T b)
{
    const @T m = fmod@f(a, b);
    return m != 0 ? ((b < 0) != (m < 0) ? m + b : m) : m == m ? copysign@f(0, b) : m;
}""",
    "rg_floordiv": """static inline @T rg_floordiv@f(@T a, @T b)
{
    if (b == 0) return a / b;
    const @T r = fmod@f(a, b);
    @T d = (a - r) / b;
    if (r != 0 && (b < 0) != (r < 0)) d -= 1;
    if (d == 0) return copysign@f(0, a / b);
    const @T f = floor@f(d);
    return d - f > (@T)0.5 ? f + 1 : f;
}""",
    **SPECIAL,
    **BESSEL,
}

_COMPLEX_ONLY = {
    # NumPy's npy_cpow: exact at zeros, products for small integer exponents.
    "rg_cpow": """static @C rg_cpow@f(@C a, @C b)
{
    if (b == 0) return 1;
    if (a == 0) {
        if (creal@f(b) > 0) return 0;
        return __builtin_complex(__builtin_nan@f(""), __builtin_nan@f(""));
    }
    const int n = cimag@f(b) == 0 && fabs@f(creal@f(b)) < 100 && floor@f(creal@f(b)) == creal@f(b) ? (int)creal@f(b) : 0;
    if (!n) return cpow@f(a, b);
    @C out = 1, power = a;
    for (int k = n < 0 ? -n : n; k; k >>= 1, power *= power) if (k & 1) out *= power;
    return n < 0 ? 1 / out : out;
}""",
}

_COMPLEX_TESTS = {
    "rg_isinf": "static inline int rg_isinf@fc(@C a) { return rg_isinf@f(creal@f(a)) | rg_isinf@f(cimag@f(a)); }",
    "rg_isfinite": "static inline int rg_isfinite@fc(@C a) { return rg_isfinite@f(creal@f(a)) & rg_isfinite@f(cimag@f(a)); }",
}

_TYPED = {
    "rg_square": "static inline @T rg_square_@t(@T a) { return a * a; }",
    "rg_ipow": """static inline @T rg_ipow_@t(@T a, @T n)
{
    if (n < 0) { rg_fault = 1; return 0; }
    @T out = 1;
    for (; n; n >>= 1, a *= a) if (n & 1) out *= a;
    return out;
}""",
    "rg_shift_left": """static inline @T rg_shift_left_@t(@T a, @T b)
{
    return (unsigned long long)b < 8 * sizeof(@T) ? (@T)((unsigned long long)a << b) : 0;
}""",
    "rg_shift_right": """static inline @T rg_shift_right_@t(@T a, @T b)
{
    return (unsigned long long)b < 8 * sizeof(@T) ? a >> b : a < 0 ? -1 : 0;
}""",
    "rg_ifloordiv": """static inline @T rg_ifloordiv_@t(@T a, @T b)
{
    if (b == 0) return 0;
    if (b == -1) return -a;
    const @T q = a / b;
    return q - ((a % b != 0) & ((a < 0) != (b < 0)));
}""",
    "rg_imod": """static inline @T rg_imod_@t(@T a, @T b)
{
    if (b == 0 || b == -1) return 0;
    const @T r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}""",
    "rg_ufloordiv": "static inline @T rg_ufloordiv_@t(@T a, @T b) { return b ? a / b : 0; }",
    "rg_umod": "static inline @T rg_umod_@t(@T a, @T b) { return b ? a % b : 0; }",
}

_SIZES = {
    "rg_size_max": "static inline i64 rg_size_max(i64 a, i64 b) { return a > b ? a : b; }",
    "rg_size_floordiv": """static inline i64 rg_size_floordiv(i64 a, i64 b)
{
    return b ? a / b - ((a % b != 0) & ((a < 0) != (b < 0))) : 0;
}""",
    "rg_size_mod": """static inline i64 rg_size_mod(i64 a, i64 b)
{
    return b ? (a % b + b) % b : 0;
}""",
    "rg_fault": "static _Thread_local int rg_fault;",
}

_WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b")


def needed(source: str) -> tuple[list[str], list[str], list[str]]:
    """Declarations of <math.h>, prelude functions in order, and the library routines used, for a source text."""
    done: dict[str, str] = {}
    externals: dict[str, str] = {}
    library: dict[str, None] = {}
    stack: list[tuple[str, bool]] = [(w, False) for w in sorted(set(_WORD.findall(source)), reverse=True)]
    texts: dict[str, str] = {}
    while stack:
        word, ready = stack.pop()
        if word in done or word in externals:
            continue
        if ready:
            done[word] = texts[word]
            continue
        declared = _declaration(word)
        if declared is not None:
            externals[word] = declared
            continue
        text = _definition(word)
        if text is None:
            continue
        texts[word] = text
        for name in re.findall(r"\blib_[a-z0-9]+", text):
            library[name] = None
        stack.append((word, True))
        stack.extend((w, False) for w in sorted(set(_WORD.findall(text)) - {word}, reverse=True))
    return [externals[w] for w in sorted(externals)], list(done.values()), sorted(library)


def _declaration(word: str) -> str | None:
    for suffix, t in (("", "double"), ("f", "float")):
        base = word[:len(word) - len(suffix)] if suffix else word
        if suffix and not word.endswith("f"):
            continue
        if base in VECTOR:
            return f"{t} {word}({t}) RG_SIMD;"
        if base in _VECTOR_2:
            return f"{t} {word}({t}, {t}) RG_SIMD;"
        if base in _SCALAR:
            return f"{t} {word}({t});"
        if base in _SCALAR_2:
            return f"{t} {word}({t}, {t});"
        if base in _COMPLEX:
            return f"{t} _Complex {word}({t} _Complex);"
        if base in _COMPLEX_REAL:
            return f"{t} {word}({t} _Complex);"
        if base == "cpow":
            return f"{t} _Complex {word}({t} _Complex, {t} _Complex);"
    return None


def _definition(word: str) -> str | None:
    if not word.startswith("rg_"):
        return None
    if word in _SIZES:
        return _SIZES[word]
    for suffix, t, c in (("", "double", "double _Complex"), ("f", "float", "float _Complex")):
        base = word[:-1] if suffix else word
        if word.endswith(suffix) and base in _REAL:
            return _REAL[base].replace("@T", t).replace("@f", suffix)
        if word.endswith(suffix) and base in _COMPLEX_ONLY:
            return _COMPLEX_ONLY[base].replace("@C", c).replace("@f", suffix)
        for key, text in _COMPLEX_TESTS.items():
            if word == f"{key}{suffix}c":
                return text.replace("@C", c).replace("@f", suffix)
    cast = re.fullmatch(r"rg_cast_([a-z]+\d*)_([a-z]+\d*)", word)
    if cast is not None:
        return _cast(*cast.groups())
    base, _, dtype = word.rpartition("_")
    if dtype in C_TYPES and base in _TYPED:
        return _TYPED[base].replace("@T", C_TYPES[dtype]).replace("@t", dtype)
    if dtype in C_TYPES and base in LINALG:
        return routine(base, dtype)
    return None


def _cast(source: str, dtype: str) -> str:
    a, b = C_TYPES[source], C_TYPES[dtype]
    value = "a"
    if "Complex" in a and "Complex" not in b and dtype != "bool":
        value = f"creal{'f' if source == 'complex64' else ''}(a)"
    text = "a != 0" if dtype == "bool" else f"({b}){value}"
    return f"static inline {b} rg_cast_{source}_{dtype}({a} a) {{ return {text}; }}"
