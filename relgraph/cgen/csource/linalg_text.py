"""The C text of `linalg`, with ``@T`` for the type, ``@t`` for the dtype's name, ``@l`` for the letter of BLAS."""

from __future__ import annotations

__all__ = ["CONTRACTIONS", "FACTORISATIONS", "FACTORISATIONS_COMPLEX", "PLAIN"]

PLAIN = {
    "rg_matmul": """static int rg_matmul_@t(i64 m, i64 k, i64 n, const @T *a, i64 a0, i64 a1,
                        const @T *b, i64 b0, i64 b1, @T *c)
{
    for (i64 i = 0; i < m; i++) {
        for (i64 j = 0; j < n; j++) c[i * n + j] = 0;
        for (i64 l = 0; l < k; l++) {
            const @T x = a[i * a0 + l * a1];
            for (i64 j = 0; j < n; j++) c[i * n + j] = c[i * n + j] @+ (x @x b[l * b0 + j * b1]);
        }
    }
    return 0;
}""",
    "rg_matvec": """static int rg_matvec_@t(i64 m, i64 k, const @T *a, i64 a0, i64 a1, const @T *x, i64 x0, @T *y)
{
    for (i64 i = 0; i < m; i++) {
        @T s = 0;
        for (i64 l = 0; l < k; l++) s = s @+ (a[i * a0 + l * a1] @x x[l * x0]);
        y[i] = s;
    }
    return 0;
}""",
    "rg_vecmat": """static int rg_vecmat_@t(i64 k, i64 n, const @T *x, i64 x0, const @T *a, i64 a0, i64 a1, @T *y)
{
    return rg_matvec_@t(n, k, a, a1, a0, x, x0, y);
}""",
    "rg_vecdot": """static int rg_vecdot_@t(i64 k, const @T *a, i64 a0, const @T *b, i64 b0, @T *y)
{
    @T s = 0;
    for (i64 l = 0; l < k; l++) s = s @+ (a[l * a0] @x b[l * b0]);
    *y = s;
    return 0;
}""",
    "rg_copy": """static void rg_copy_@t(i64 m, i64 n, const @T *a, i64 a0, i64 a1, @T *restrict out)
{
    if (a1 == 1) {
        for (i64 i = 0; i < m; i++) for (i64 j = 0; j < n; j++) out[i * n + j] = a[i * a0 + j];
        return;
    }
    for (i64 p = 0; p < m; p += 16)
        for (i64 q = 0; q < n; q += 16)
            for (i64 i = p; i < m && i < p + 16; i++)
                for (i64 j = q; j < n && j < q + 16; j++) out[i * n + j] = a[i * a0 + j * a1];
}""",
    # A matrix as BLAS takes one: a row-major matrix is its transpose in column-major order ('N' then means transposed).
    "rg_blas": """static const @T *rg_blas_@t(i64 m, i64 n, const @T *a, i64 a0, i64 a1, char *order, int *lead, void **made)
{
    *made = 0;
    if ((a1 == 1 || n == 1) && (a0 >= n || m == 1) && a0 < 2147483647) {
        *order = 'N'; *lead = (int)(m == 1 || a0 < n ? n : a0);
        return a;
    }
    if ((a0 == 1 || m == 1) && (a1 >= m || n == 1) && a1 < 2147483647) {
        *order = 'T'; *lead = (int)(n == 1 || a1 < m ? m : a1);
        return a;
    }
    @T *copy = *made = rg_malloc((size_t)m * (size_t)n * sizeof(@T));
    rg_copy_@t(m, n, a, a0, a1, copy);
    *order = 'N'; *lead = (int)n;
    return copy;
}""",
}

CONTRACTIONS = {
    # GCC 12 loses stores where several products of complex matrices are inlined into one function, with vectors of 512 bits.
    "rg_matmul": """static __attribute__((noinline)) int rg_matmul_@t(i64 m, i64 k, i64 n, const @T *a, i64 a0, i64 a1,
                        const @T *b, i64 b0, i64 b1, @T *c)
{
    if (m * n * k <= 512) {
        for (i64 i = 0; i < m; i++) {
            for (i64 j = 0; j < n; j++) c[i * n + j] = 0;
            for (i64 l = 0; l < k; l++) {
                const @T x = a[i * a0 + l * a1];
                for (i64 j = 0; j < n; j++) c[i * n + j] += x * b[l * b0 + j * b1];
            }
        }
        return 0;
    }
    char ta, tb;
    int la, lb, mi = (int)m, ni = (int)n, ki = (int)k;
    void *ma, *mb;
    const @T one = 1, zero = 0;
    a = rg_blas_@t(m, k, a, a0, a1, &ta, &la, &ma);
    b = rg_blas_@t(k, n, b, b0, b1, &tb, &lb, &mb);
    ((void (*)(char *, char *, int *, int *, int *, const @T *, const @T *, int *, const @T *, int *, const @T *, @T *, int *))
     lib_@lgemm)(&tb, &ta, &ni, &mi, &ki, &one, b, &lb, a, &la, &zero, c, &ni);
    rg_free(ma);
    rg_free(mb);
    return 0;
}""",
    "rg_matvec": """static int rg_matvec_@t(i64 m, i64 k, const @T *a, i64 a0, i64 a1, const @T *x, i64 x0, @T *y)
{
    if (m * k <= 256 || k == 0) {
        for (i64 i = 0; i < m; i++) {
            @T s = 0;
            for (i64 l = 0; l < k; l++) s += a[i * a0 + l * a1] * x[l * x0];
            y[i] = s;
        }
        return 0;
    }
    char ta;
    int la, step = 1, rows, columns;
    void *ma, *mx = 0;
    const @T one = 1, zero = 0;
    a = rg_blas_@t(m, k, a, a0, a1, &ta, &la, &ma);
    if (x0 > 0 && x0 < 2147483647) step = (int)x0;
    else if (k > 1) {
        @T *copy = mx = rg_malloc((size_t)k * sizeof(@T));
        for (i64 l = 0; l < k; l++) copy[l] = x[l * x0];
        x = copy;
    }
    rows = (int)(ta == 'N' ? k : m);
    columns = (int)(ta == 'N' ? m : k);
    ta = ta == 'N' ? 'T' : 'N';
    int unit = 1;
    ((void (*)(char *, int *, int *, const @T *, const @T *, int *, const @T *, int *, const @T *, @T *, int *))
     lib_@lgemv)(&ta, &rows, &columns, &one, a, &la, x, &step, &zero, y, &unit);
    rg_free(ma);
    rg_free(mx);
    return 0;
}""",
}

FACTORISATIONS = {
    # The rows of a row-major matrix are the columns of its transpose, which is what is factorised: no copy is transposed.
    "rg_solve": """static int rg_solve_@t(i64 n, i64 k, const @T *a, i64 a0, i64 a1, const @T *b, i64 b0, i64 b1, @T *x)
{
    if (n == 0 || k == 0) return 0;
    const int columns = a0 == 1 && n > 1;
    @T *lu = rg_malloc((size_t)(n * n + n * k) * sizeof(@T) + (size_t)n * sizeof(int)), *work = lu + n * n;
    int *pivots = (int *)(work + n * k), info = 0, ni = (int)n, ki = (int)k;
    char order = columns ? 'N' : 'T';
    rg_copy_@t(n, n, a, columns ? a1 : a0, columns ? a0 : a1, lu);
    rg_copy_@t(k, n, b, b1, b0, work);
    ((void (*)(int *, int *, @T *, int *, int *, int *))lib_@lgetrf)(&ni, &ni, lu, &ni, pivots, &info);
    if (!info) {
        ((void (*)(char *, int *, int *, @T *, int *, int *, @T *, int *, int *))
         lib_@lgetrs)(&order, &ni, &ki, lu, &ni, pivots, work, &ni, &info);
        rg_copy_@t(n, k, work, 1, n, x);
    } else {
        for (i64 i = 0; i < n * k; i++) x[i] = @nan;
    }
    rg_free(lu);
    return 0;
}""",
    "rg_inv": """static int rg_inv_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *x)
{
    if (n == 0) return 0;
    int info = 0, ni = (int)n, size = (int)(n * 64);
    int *pivots = rg_malloc((size_t)n * sizeof(int));
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    rg_copy_@t(n, n, a, a0, a1, x);
    ((void (*)(int *, int *, @T *, int *, int *, int *))lib_@lgetrf)(&ni, &ni, x, &ni, pivots, &info);
    if (!info) ((void (*)(int *, @T *, int *, int *, @T *, int *, int *))lib_@lgetri)(&ni, x, &ni, pivots, work, &size, &info);
    if (info) for (i64 i = 0; i < n * n; i++) x[i] = @nan;
    rg_free(work);
    rg_free(pivots);
    return 0;
}""",
    "rg_lu": """static @T *rg_lu_@t(i64 n, const @T *a, i64 a0, i64 a1, int *negative)
{
    int info = 0, ni = (int)n;
    @T *lu = rg_malloc((size_t)(n * n) * sizeof(@T) + (size_t)n * sizeof(int));
    int *pivots = (int *)(lu + n * n);
    rg_copy_@t(n, n, a, a0, a1, lu);
    if (n) ((void (*)(int *, int *, @T *, int *, int *, int *))lib_@lgetrf)(&ni, &ni, lu, &ni, pivots, &info);
    *negative = 0;
    for (i64 i = 0; i < n; i++) *negative ^= pivots[i] != i + 1;
    return lu;
}""",
    "rg_ldexp": "static @T rg_ldexp_@t(@T x, int e) { return __builtin_ldexp@f(x, e); }",
    "rg_mantissa": """static @T rg_mantissa_@t(@T x, i64 *exponent)
{
    const @R re = fabs@f(creal@f(x)), im = fabs@f(cimag@f(x));
    int e = 0;
    __builtin_frexp@f(re > im ? re : im, &e);
    *exponent += e;
    return rg_ldexp_@t(x, -e);
}""",
    # The exponent apart, since a product of some of the pivots may overflow or underflow where that of all does not.
    "rg_det": """static int rg_det_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *out)
{
    int negative;
    @T *lu = rg_lu_@t(n, a, a0, a1, &negative), d = negative ? -1 : 1;
    i64 e = 0;
    for (i64 i = 0; i < n; i++) d = rg_mantissa_@t(d * rg_mantissa_@t(lu[i * n + i], &e), &e);
    *out = rg_ldexp_@t(d, e < -9999 ? -9999 : e > 9999 ? 9999 : (int)e);
    rg_free(lu);
    return 0;
}""",
    "rg_slogdet": """static int rg_slogdet_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *sign, @R *logabs)
{
    int negative;
    @T *lu = rg_lu_@t(n, a, a0, a1, &negative), s = negative ? -1 : 1;
    @R sum = 0;
    for (i64 i = 0; i < n; i++) {
        const @R size = @abs(lu[i * n + i]);
        if (size == 0) { s = 0; sum = -__builtin_inf@f(); break; }
        s *= lu[i * n + i] / size;
        sum += log@f(size);
    }
    *sign = s;
    *logabs = sum;
    rg_free(lu);
    return 0;
}""",
    "rg_cholesky": """static int rg_cholesky_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *x)
{
    if (n == 0) return 0;
    int info = 0, ni = (int)n;
    char upper = 'U';
    for (i64 i = 0; i < n; i++) {
        for (i64 j = 0; j <= i; j++) x[i * n + j] = a[i * a0 + j * a1];
        for (i64 j = i + 1; j < n; j++) x[i * n + j] = 0;
    }
    ((void (*)(char *, int *, @T *, int *, int *))lib_@lpotrf)(&upper, &ni, x, &ni, &info);
    if (info) for (i64 i = 0; i < n * n; i++) x[i] = @nan;
    return 0;
}""",
    "rg_solve_triangular": """static int rg_solve_triangular_@t(i64 n, i64 k, const @T *a, i64 a0, i64 a1,
                               const @T *b, i64 b0, i64 b1, @T *x, int lower, int unit)
{
    if (n == 0 || k == 0) return 0;
    int singular = 0, la, ni = (int)n, ki = (int)k;
    for (i64 i = 0; i < n && !unit; i++) singular |= a[i * a0 + i * a1] == 0;
    if (singular) {
        for (i64 i = 0; i < n * k; i++) x[i] = @nan;
        return 0;
    }
    char order, right = 'R', diagonal = unit ? 'U' : 'N';
    void *made;
    const @T one = 1;
    rg_copy_@t(n, k, b, b0, b1, x);
    a = rg_blas_@t(n, n, a, a0, a1, &order, &la, &made);
    char triangle = (order == 'N') == (lower != 0) ? 'U' : 'L';
    ((void (*)(char *, char *, char *, char *, int *, int *, const @T *, const @T *, int *, @T *, int *))
     lib_@ltrsm)(&right, &triangle, &order, &diagonal, &ki, &ni, &one, a, &la, x, &ki);
    rg_free(made);
    return 0;
}""",
    "rg_qr": """static int rg_qr_@t(i64 m, i64 n, i64 k, const @T *a, i64 a0, i64 a1, @T *q, @T *r)
{
    for (i64 i = 0; i < k * n; i++) r[i] = 0;
    if (k == 0) return 0;
    int info = 0, mi = (int)m, ni = (int)n, ki = (int)k, size = (int)((m > n ? m : n) * 64);
    @T *f = rg_malloc((size_t)(m * n + k + size) * sizeof(@T)), *tau = f + m * n, *work = tau + k;
    rg_copy_@t(n, m, a, a1, a0, f);
    ((void (*)(int *, int *, @T *, int *, @T *, @T *, int *, int *))lib_@lgeqrf)(&mi, &ni, f, &mi, tau, work, &size, &info);
    for (i64 i = 0; i < k; i++) for (i64 j = i; j < n; j++) r[i * n + j] = f[j * m + i];
    ((void (*)(int *, int *, int *, @T *, int *, @T *, @T *, int *, int *))
     lib_@l@orgqr)(&mi, &ki, &ki, f, &mi, tau, work, &size, &info);
    rg_copy_@t(m, k, f, 1, m, q);
    rg_free(f);
    return 0;
}""",
}

FACTORISATIONS_COMPLEX = {
    "rg_ldexp": """static @T rg_ldexp_@t(@T x, int e)
{
    return __builtin_complex(__builtin_ldexp@f(creal@f(x), e), __builtin_ldexp@f(cimag@f(x), e));
}""",
}
