"""Conversions of dtype: where one can be left out, and what may be done before or after it."""

from __future__ import annotations

from relgraph.numpy import (abs, any, astype, ceil, conj, floor, imag, isnan, logical_and, logical_not, logical_or, maximum,
                            minimum, multiply, not_equal, real, sign, where)
from relgraph.relations import attrs, lvars, theory
from relgraph.relations.predicates import finite, of_dtype, same_dtype, widened

x, = lvars("x")
i, = lvars("i", kinds="iu")
h, k = lvars("h k", kinds="biuf")
u, v = lvars("u v", kinds="biufc")
p, q = lvars("p q", kinds="b")
axis, = attrs("axis")
dtype, other = attrs("dtype other")

# A guard on `cast_wide` is needed although the judge, for whom float32 is a rounded float64, could do without.
repeated_casts = theory(
    name            = "repeated_casts",
    cast_wide       = (astype(astype(u, dtype), other),             astype(u, other),                   widened(u, dtype)),
    cast_same       = (astype(u, dtype),                            u,                                  of_dtype(u, dtype)),
)

casts = theory(
    name            = "casts",
    cast_where      = (where(p, astype(u, dtype), astype(v, dtype)),    astype(where(p, u, v), dtype),   same_dtype(u, v)),
    cast_truth      = (astype(u, "bool"),                           not_equal(u, 0)),
    cast_and        = (multiply(astype(p, dtype), astype(q, dtype)),    astype(logical_and(p, q), dtype)),
    cast_or         = (maximum(astype(p, dtype), astype(q, dtype)), astype(logical_or(p, q), dtype)),
    cast_not        = (1 - astype(p, "int64"),                      astype(logical_not(p), "int64")),
    cast_one_zero   = (where(p, 1.0, 0.0),                          astype(p, "float64")),
    cast_mask       = (astype(p, "float64") * x,                    where(p, x, 0),                     finite(x)),
    cast_isnan      = (isnan(astype(x, "float64")),                 isnan(x)),
    cast_whole      = (floor(astype(i, "float64")),                 astype(i, "float64")),
    cast_whole_up   = (ceil(astype(i, "float64")),                  astype(i, "float64")),
    cast_abs        = (abs(astype(x, "float64")),                   astype(abs(x), "float64")),
    cast_sign       = (sign(astype(x, "float64")),                  astype(sign(x), "float64")),
    cast_floor      = (floor(astype(x, "float64")),                 astype(floor(x), "float64")),
    cast_ceil       = (ceil(astype(x, "float64")),                  astype(ceil(x), "float64")),
    cast_max        = (maximum(astype(h, "float64"), astype(k, "float64")), astype(maximum(h, k), "float64")),
    cast_min        = (minimum(astype(h, "float64"), astype(k, "float64")), astype(minimum(h, k), "float64")),
    cast_real       = (real(astype(x, "complex128")),               astype(x, "float64")),
    cast_imag       = (imag(astype(x, "complex128")),               0),
    cast_conj       = (conj(astype(x, "complex128")),               astype(x, "complex128")),
    cast_any        = (any(astype(p, dtype), axis),                 any(p, axis)),
    precedence      = "add > astype > logical_not, where > astype, multiply > astype > not_equal, astype > logical_and, "
                      "astype > logical_or, maximum > astype, multiply > where, floor > astype, ceil > astype, abs > astype, "
                      "sign > astype, minimum > astype",
)
