"""The C text of routines for square matrices without a structure, with the signs of `linalg_text`.

``GENERAL_COMPLEX`` stands in where LAPACK's routines of complex matrices take other arguments.
"""

from __future__ import annotations

__all__ = ["GENERAL", "GENERAL_COMPLEX"]

# The Schur form t and the vectors z, in columns; 1 if there is none.
_GEES = """static int rg_gees_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *t, @T *z)
{
    int info = 0, ni = (int)n, size = -1, none;
    char job = 'V', sort = 'N';
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
    if (info) return 1;
    rg_copy_@t(n, n, a, a1, a0, t);
    @T best, *w = rg_malloc((size_t)(2 * n) * sizeof(@T));
    %s
    rg_free(w);
    return info != 0;
}"""
_GEES_CALLS = {
    "real": """void (*gees)(char *, char *, void *, int *, @T *, int *, int *, @T *, @T *, @T *, int *, @T *, int *, int *,
                 int *) = lib_@lgees;
    gees(&job, &sort, 0, &ni, t, &ni, &none, w, w + n, z, &ni, &best, &size, 0, &info);
    size = (int)best;
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    gees(&job, &sort, 0, &ni, t, &ni, &none, w, w + n, z, &ni, work, &size, 0, &info);
    rg_free(work);""",
    "complex": """void (*gees)(char *, char *, void *, int *, @T *, int *, int *, @T *, @T *, int *, @T *, int *, @R *, int *,
                 int *) = lib_@lgees;
    gees(&job, &sort, 0, &ni, t, &ni, &none, w, z, &ni, &best, &size, (@R *)(w + n), 0, &info);
    size = (int)creal@f(best);
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    gees(&job, &sort, 0, &ni, t, &ni, &none, w, z, &ni, work, &size, (@R *)(w + n), 0, &info);
    rg_free(work);"""}
# Eigenvalues, and vectors in columns unless v is NULL; f holds the matrix and is overwritten.
_GEEV = """static int rg_geev_@t(i64 n, const @T *a, i64 a0, i64 a1, @R _Complex *w, @R _Complex *v)
{
    int info = 0, ni = (int)n, one = 1, size = -1;
    char left = 'N', right = v ? 'V' : 'N';
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
    if (info) return 1;
    @T best, *f = rg_malloc((size_t)(2 * n * n + 2 * n) * sizeof(@T)), *x = f + n * n, *part = x + n * n;
    rg_copy_@t(n, n, a, a1, a0, f);
    %s
    rg_free(f);
    return info != 0;
}"""
_GEEV_CALLS = {
    "real": """void (*geev)(char *, char *, int *, @T *, int *, @T *, @T *, @T *, int *, @T *, int *, @T *, int *, int *)
        = lib_@lgeev;
    geev(&left, &right, &ni, f, &ni, part, part + n, 0, &one, x, &ni, &best, &size, &info);
    size = (int)best;
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    geev(&left, &right, &ni, f, &ni, part, part + n, 0, &one, x, &ni, work, &size, &info);
    rg_free(work);
    for (i64 j = 0; j < n; j++) { @R *const p = (@R *)(w + j); p[0] = part[j]; p[1] = part[n + j]; }
    for (i64 j = 0; v && j < n; j++) {
        const int pair = part[n + j] > 0 ? 1 : part[n + j] < 0 ? -1 : 0;
        for (i64 i = 0; i < n; i++) {
            @R *const p = (@R *)(v + j * n + i);
            p[0] = x[(pair < 0 ? j - 1 : j) * n + i];
            p[1] = pair > 0 ? x[(j + 1) * n + i] : pair < 0 ? -x[j * n + i] : 0;
        }
    }""",
    "complex": """void (*geev)(char *, char *, int *, @T *, int *, @T *, @T *, int *, @T *, int *, @T *, int *, @R *, int *)
        = lib_@lgeev;
    geev(&left, &right, &ni, f, &ni, w, 0, &one, x, &ni, &best, &size, (@R *)part, &info);
    size = (int)creal@f(best);
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    geev(&left, &right, &ni, f, &ni, w, 0, &one, x, &ni, work, &size, (@R *)part, &info);
    rg_free(work);
    for (i64 i = 0; v && i < n * n; i++) v[i] = x[i];"""}
# The generalised Schur form s, t and the vectors q, z, in columns; 1 if there is none.
_GGES = """static int rg_gges_@t(i64 n, const @T *a, i64 a0, i64 a1, const @T *b, i64 b0, i64 b1, @T *s, @T *t, @T *q, @T *z)
{
    int info = 0, ni = (int)n, size = -1, none;
    char job = 'V', sort = 'N';
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) {
        info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
        info |= b[i * b0 + j * b1] - b[i * b0 + j * b1] != 0;
    }
    if (info) return 1;
    rg_copy_@t(n, n, a, a1, a0, s);
    rg_copy_@t(n, n, b, b1, b0, t);
    @T best, *w = rg_malloc((size_t)(10 * n) * sizeof(@T));
    %s
    rg_free(w);
    return info != 0;
}"""
_GGES_CALLS = {
    "real": """void (*gges)(char *, char *, char *, void *, int *, @T *, int *, @T *, int *, int *, @T *, @T *, @T *, @T *,
                 int *, @T *, int *, @T *, int *, int *, int *) = lib_@lgges;
    gges(&job, &job, &sort, 0, &ni, s, &ni, t, &ni, &none, w, w + n, w + 2 * n, q, &ni, z, &ni, &best, &size, 0, &info);
    size = (int)best;
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    gges(&job, &job, &sort, 0, &ni, s, &ni, t, &ni, &none, w, w + n, w + 2 * n, q, &ni, z, &ni, work, &size, 0, &info);
    rg_free(work);""",
    "complex": """void (*gges)(char *, char *, char *, void *, int *, @T *, int *, @T *, int *, int *, @T *, @T *, @T *, int *,
                 @T *, int *, @T *, int *, @R *, int *, int *) = lib_@lgges;
    @R *more = (@R *)(w + 2 * n);
    gges(&job, &job, &sort, 0, &ni, s, &ni, t, &ni, &none, w, w + n, q, &ni, z, &ni, &best, &size, more, 0, &info);
    size = (int)creal@f(best);
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    gges(&job, &job, &sort, 0, &ni, s, &ni, t, &ni, &none, w, w + n, q, &ni, z, &ni, work, &size, more, 0, &info);
    rg_free(work);"""}

GENERAL = {
    "rg_gges": _GGES % _GGES_CALLS["real"],
    "rg_gees": _GEES % _GEES_CALLS["real"],
    "rg_geev": _GEEV % _GEEV_CALLS["real"],
    "rg_schur": """static int rg_schur_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *t, @T *z)
{
    if (n == 0) return 0;
    @T *f = rg_malloc((size_t)(2 * n * n) * sizeof(@T));
    if (rg_gees_@t(n, a, a0, a1, f, f + n * n)) for (i64 i = 0; i < n * n; i++) t[i] = z[i] = @nan;
    else {
        rg_copy_@t(n, n, f, 1, n, t);
        rg_copy_@t(n, n, f + n * n, 1, n, z);
    }
    rg_free(f);
    return 0;
}""",
    "rg_qz": """static int rg_qz_@t(i64 n, const @T *a, i64 a0, i64 a1, const @T *b, i64 b0, i64 b1, @T *s, @T *t, @T *q, @T *z)
{
    if (n == 0) return 0;
    @T *const out[4] = {s, t, q, z}, *f = rg_malloc((size_t)(4 * n * n) * sizeof(@T));
    const int info = rg_gges_@t(n, a, a0, a1, b, b0, b1, f, f + n * n, f + 2 * n * n, f + 3 * n * n);
    for (i64 k = 0; k < 4; k++) {
        if (info) for (i64 i = 0; i < n * n; i++) out[k][i] = @nan;
        else rg_copy_@t(n, n, f + k * n * n, 1, n, out[k]);
    }
    rg_free(f);
    return 0;
}""",
    "rg_eig": """static int rg_eig_@t(i64 n, const @T *a, i64 a0, i64 a1, @R _Complex *w, @R _Complex *v)
{
    if (n == 0) return 0;
    @R _Complex *f = rg_malloc((size_t)(n * n) * sizeof(@R _Complex));
    if (rg_geev_@t(n, a, a0, a1, w, f)) {
        for (i64 i = 0; i < n; i++) w[i] = @nan;
        for (i64 i = 0; i < n * n; i++) v[i] = @nan;
    } else for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) v[i * n + j] = f[j * n + i];
    rg_free(f);
    return 0;
}""",
    "rg_eigvals": """static int rg_eigvals_@t(i64 n, const @T *a, i64 a0, i64 a1, @R _Complex *w)
{
    if (n && rg_geev_@t(n, a, a0, a1, w, 0)) for (i64 i = 0; i < n; i++) w[i] = @nan;
    return 0;
}""",
    "rg_lu_factor": """static int rg_lu_factor_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *lu, i32 *pivots)
{
    if (n == 0) return 0;
    int info = 0, ni = (int)n;
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
    if (info) {
        for (i64 i = 0; i < n * n; i++) lu[i] = @nan;
        for (i64 i = 0; i < n; i++) pivots[i] = 0;
        return 0;
    }
    @T *f = rg_malloc((size_t)(n * n) * sizeof(@T));
    rg_copy_@t(n, n, a, a1, a0, f);
    ((void (*)(int *, int *, @T *, int *, int *, int *))lib_@lgetrf)(&ni, &ni, f, &ni, (int *)pivots, &info);
    for (i64 i = 0; i < n; i++) pivots[i]--;
    rg_copy_@t(n, n, f, 1, n, lu);
    rg_free(f);
    return 0;
}""",
    "rg_pivot_order": """static int rg_pivot_order_@t(i64 n, const @T *p, i64 p0, @T *order)
{
    for (i64 i = 0; i < n; i++) order[i] = (@T)i;
    for (i64 i = 0; i < n; i++) {
        const i64 other = (i64)p[i * p0];
        if (other < 0 || other >= n) continue;
        const @T t = order[i];
        order[i] = order[other];
        order[other] = t;
    }
    return 0;
}""",
    # Bartels and Stewart (1972).
    "rg_solve_sylvester": """static int rg_solve_sylvester_@t(i64 m, i64 n, const @T *a, i64 a0, i64 a1,
                              const @T *b, i64 b0, i64 b1, const @T *q, i64 q0, i64 q1, @T *x)
{
    if (m == 0 || n == 0) return 0;
    int info = 0, mi = (int)m, ni = (int)n, sign = 1;
    char plain = 'N';
    @R scale;
    @T *r = rg_malloc((size_t)(3 * m * m + 3 * n * n + 3 * m * n) * sizeof(@T));
    @T *u = r + m * m, *uh = u + m * m, *s = uh + m * m, *v = s + n * n, *vh = v + n * n, *f = vh + n * n, *g = f + m * n;
    for (i64 i = 0; i < m; i++) for (i64 j = 0; j < n; j++) info |= q[i * q0 + j * q1] - q[i * q0 + j * q1] != 0;
    if (info || rg_gees_@t(m, a, a0, a1, r, u) || rg_gees_@t(n, b, b0, b1, s, v)) info = 1;
    else {
        for (i64 i = 0; i < m * m; i++) uh[i] = @conj(u[i]);
        for (i64 i = 0; i < n * n; i++) vh[i] = @conj(v[i]);
        rg_matmul_@t(m, m, n, uh, m, 1, q, q0, q1, f);
        rg_matmul_@t(m, n, n, f, n, 1, v, 1, n, g);
        rg_copy_@t(n, m, g, 1, n, f);
        ((void (*)(char *, char *, int *, int *, int *, @T *, int *, @T *, int *, @T *, int *, @R *, int *))
         lib_@ltrsyl)(&plain, &plain, &sign, &mi, &ni, r, &mi, s, &ni, f, &mi, &scale, &info);
        for (i64 i = 0; i < m * n; i++) f[i] *= scale;
        rg_matmul_@t(m, m, n, u, 1, m, f, 1, m, g);
        rg_matmul_@t(m, n, n, g, n, 1, vh, n, 1, x);
    }
    if (info) for (i64 i = 0; i < m * n; i++) x[i] = @nan;
    rg_free(r);
    return 0;
}""",
}

GENERAL_COMPLEX = {
    "rg_gges": _GGES % _GGES_CALLS["complex"],
    "rg_gees": _GEES % _GEES_CALLS["complex"],
    "rg_geev": _GEEV % _GEEV_CALLS["complex"],
}
