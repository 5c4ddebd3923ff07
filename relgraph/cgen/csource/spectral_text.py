"""The C text of decompositions, the matrix exponential and Fourier transforms, with the signs of `linalg_text`.

LAPACK's routines of real and of complex matrices take different arguments: ``COMPLEX`` stands in for ``SPECTRAL`` there.
"""

from __future__ import annotations

__all__ = ["COMPLEX", "SPECTRAL"]

_HEEV = """static int rg_heev_@t(char job, i64 n, const @T *a, i64 a0, i64 a1, @R *w, @T *f)
{
    int info = 0, ni = (int)n, size = -1, isize = -1;
    char lower = 'L';
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
    if (info) return 1;
    rg_copy_@t(n, n, a, a1, a0, f);
    %s
    return info != 0;
}"""
_HEEV_CALLS = {
    "real": """void (*evd)(char *, char *, int *, @T *, int *, @T *, @T *, int *, int *, int *, int *) = lib_@lsyevd;
    @T best;
    int ibest;
    evd(&job, &lower, &ni, f, &ni, w, &best, &size, &ibest, &isize, &info);
    size = (int)best;
    isize = ibest;
    @T *work = rg_malloc((size_t)size * sizeof(@T) + (size_t)isize * sizeof(int));
    evd(&job, &lower, &ni, f, &ni, w, work, &size, (int *)(work + size), &isize, &info);
    rg_free(work);""",
    "complex": """void (*evd)(char *, char *, int *, @T *, int *, @R *, @T *, int *, @R *, int *, int *, int *, int *)
        = lib_@lheevd;
    @T best;
    @R rbest;
    int ibest, rsize = -1;
    evd(&job, &lower, &ni, f, &ni, w, &best, &size, &rbest, &rsize, &ibest, &isize, &info);
    size = (int)creal@f(best);
    rsize = (int)rbest;
    isize = ibest;
    @T *work = rg_malloc((size_t)size * sizeof(@T) + (size_t)rsize * sizeof(@R) + (size_t)isize * sizeof(int));
    @R *rwork = (@R *)(work + size);
    evd(&job, &lower, &ni, f, &ni, w, work, &size, rwork, &rsize, (int *)(rwork + rsize), &isize, &info);
    rg_free(work);"""}
# u and vt are NULL for singular values alone; f holds the matrix and is overwritten.
_SDD = """static int rg_sdd_@t(i64 m, i64 n, i64 k, const @T *a, i64 a0, i64 a1, @T *f, @T *u, @R *s, @T *vt)
{
    int info = 0, mi = (int)m, ni = (int)n, ki = (int)k, size = -1;
    char job = u ? 'S' : 'N';
    for (i64 i = 0; i < m; i++) for (i64 j = 0; j < n; j++) info |= a[i * a0 + j * a1] - a[i * a0 + j * a1] != 0;
    if (info) return 1;
    rg_copy_@t(n, m, a, a1, a0, f);
    int *iwork = rg_malloc((size_t)(8 * k) * sizeof(int));
    @T best;
    %s
    rg_free(iwork);
    return info != 0;
}"""
_SDD_CALLS = {
    "real": """void (*sdd)(char *, int *, int *, @T *, int *, @T *, @T *, int *, @T *, int *, @T *, int *, int *, int *)
        = lib_@lgesdd;
    sdd(&job, &mi, &ni, f, &mi, s, u, &mi, vt, &ki, &best, &size, iwork, &info);
    size = (int)best;
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    sdd(&job, &mi, &ni, f, &mi, s, u, &mi, vt, &ki, work, &size, iwork, &info);
    rg_free(work);""",
    "complex": """void (*sdd)(char *, int *, int *, @T *, int *, @R *, @T *, int *, @T *, int *, @T *, int *, @R *, int *,
                int *)
        = lib_@lgesdd;
    const i64 l = m > n ? m : n;
    @R *rwork = rg_malloc((size_t)(5 * k * k + 7 * k + 2 * l * k + 2 * k * k + k) * sizeof(@R));
    sdd(&job, &mi, &ni, f, &mi, s, u, &mi, vt, &ki, &best, &size, rwork, iwork, &info);
    size = (int)creal@f(best);
    @T *work = rg_malloc((size_t)size * sizeof(@T));
    sdd(&job, &mi, &ni, f, &mi, s, u, &mi, vt, &ki, work, &size, rwork, iwork, &info);
    rg_free(work);
    rg_free(rwork);"""}

SPECTRAL = {
    "rg_heev": _HEEV % _HEEV_CALLS["real"],
    "rg_sdd": _SDD % _SDD_CALLS["real"],
    "rg_eigh": """static int rg_eigh_@t(i64 n, const @T *a, i64 a0, i64 a1, @R *w, @T *v)
{
    if (n == 0) return 0;
    @T *f = rg_malloc((size_t)(n * n) * sizeof(@T));
    if (rg_heev_@t('V', n, a, a0, a1, w, f)) {
        for (i64 i = 0; i < n; i++) w[i] = @nan;
        for (i64 i = 0; i < n * n; i++) v[i] = @nan;
    } else rg_copy_@t(n, n, f, 1, n, v);
    rg_free(f);
    return 0;
}""",
    "rg_eigvalsh": """static int rg_eigvalsh_@t(i64 n, const @T *a, i64 a0, i64 a1, @R *w)
{
    if (n == 0) return 0;
    @T *f = rg_malloc((size_t)(n * n) * sizeof(@T));
    if (rg_heev_@t('N', n, a, a0, a1, w, f)) for (i64 i = 0; i < n; i++) w[i] = @nan;
    rg_free(f);
    return 0;
}""",
    "rg_svd": """static int rg_svd_@t(i64 m, i64 n, i64 k, const @T *a, i64 a0, i64 a1, @T *u, @R *s, @T *vh)
{
    if (k == 0) return 0;
    @T *f = rg_malloc((size_t)(m * n + m * k + k * n) * sizeof(@T)), *fu = f + m * n, *fv = fu + m * k;
    if (rg_sdd_@t(m, n, k, a, a0, a1, f, fu, s, fv)) {
        for (i64 i = 0; i < k; i++) s[i] = @nan;
        for (i64 i = 0; i < m * k; i++) u[i] = @nan;
        for (i64 i = 0; i < k * n; i++) vh[i] = @nan;
    } else {
        rg_copy_@t(m, k, fu, 1, m, u);
        rg_copy_@t(k, n, fv, 1, k, vh);
    }
    rg_free(f);
    return 0;
}""",
    "rg_svdvals": """static int rg_svdvals_@t(i64 m, i64 n, i64 k, const @T *a, i64 a0, i64 a1, @R *s)
{
    if (k == 0) return 0;
    @T *f = rg_malloc((size_t)(m * n) * sizeof(@T));
    if (rg_sdd_@t(m, n, k, a, a0, a1, f, 0, s, 0)) for (i64 i = 0; i < k; i++) s[i] = @nan;
    rg_free(f);
    return 0;
}""",
    "rg_plu": """static int rg_plu_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *p, @T *l, @T *u)
{
    if (n == 0) return 0;
    int info = 0, ni = (int)n;
    @T *f = rg_malloc((size_t)(n * n) * sizeof(@T) + (size_t)(2 * n) * sizeof(int));
    int *pivots = (int *)(f + n * n), *rows = pivots + n;
    rg_copy_@t(n, n, a, a1, a0, f);
    ((void (*)(int *, int *, @T *, int *, int *, int *))lib_@lgetrf)(&ni, &ni, f, &ni, pivots, &info);
    for (i64 i = 0; i < n; i++) rows[i] = (int)i;
    for (i64 i = 0; i < n; i++) { const int r = rows[i]; rows[i] = rows[pivots[i] - 1]; rows[pivots[i] - 1] = r; }
    for (i64 i = 0; i < n; i++)
        for (i64 j = 0; j < n; j++) {
            p[i * n + j] = 0;
            l[i * n + j] = i > j ? f[j * n + i] : i == j;
            u[i * n + j] = i > j ? 0 : f[j * n + i];
        }
    for (i64 i = 0; i < n; i++) p[rows[i] * n + i] = 1;
    rg_free(f);
    return 0;
}""",
    # Scaling and squaring with the Pade approximant of degree 13 (Higham 2005, algorithm 2.3).
    "rg_expm": """static int rg_expm_@t(i64 n, const @T *a, i64 a0, i64 a1, @T *x)
{
    static const double b[14] = {64764752532480000., 32382376266240000., 7771770303897600., 1187353796428800., 129060195264000.,
        10559470521600., 670442572800., 33522128640., 1323241920., 40840800., 960960., 16380., 182., 1.};
    if (n == 0) return 0;
    const i64 q = n * n;
    @T *z = rg_malloc((size_t)(6 * q) * sizeof(@T)), *two = z + q, *four = two + q, *six = four + q, *u = six + q, *v = u + q;
    double norm = 0, scale = 1;
    int squarings = 0, bad = 0;
    for (i64 j = 0; j < n; j++) {
        double sum = 0;
        for (i64 i = 0; i < n; i++) sum += @abs(a[i * a0 + j * a1]);
        bad |= sum - sum != 0;
        if (sum > norm) norm = sum;
    }
    if (bad) {
        for (i64 i = 0; i < q; i++) x[i] = @nan;
        rg_free(z);
        return 0;
    }
    for (; norm > 5.371920351148152; norm /= 2) { squarings++; scale /= 2; }
    for (i64 i = 0; i < n; i++) for (i64 j = 0; j < n; j++) z[i * n + j] = a[i * a0 + j * a1] * (@R)scale;
    rg_matmul_@t(n, n, n, z, n, 1, z, n, 1, two);
    rg_matmul_@t(n, n, n, two, n, 1, two, n, 1, four);
    rg_matmul_@t(n, n, n, two, n, 1, four, n, 1, six);
    for (i64 i = 0; i < q; i++) x[i] = (@R)b[13] * six[i] + (@R)b[11] * four[i] + (@R)b[9] * two[i];
    rg_matmul_@t(n, n, n, six, n, 1, x, n, 1, v);
    for (i64 i = 0; i < q; i++) v[i] += (@R)b[7] * six[i] + (@R)b[5] * four[i] + (@R)b[3] * two[i];
    for (i64 i = 0; i < n; i++) v[i * n + i] += (@R)b[1];
    rg_matmul_@t(n, n, n, z, n, 1, v, n, 1, u);
    for (i64 i = 0; i < q; i++) x[i] = (@R)b[12] * six[i] + (@R)b[10] * four[i] + (@R)b[8] * two[i];
    rg_matmul_@t(n, n, n, six, n, 1, x, n, 1, v);
    for (i64 i = 0; i < q; i++) v[i] += (@R)b[6] * six[i] + (@R)b[4] * four[i] + (@R)b[2] * two[i];
    for (i64 i = 0; i < n; i++) v[i * n + i] += (@R)b[0];
    for (i64 i = 0; i < q; i++) { two[i] = v[i] - u[i]; four[i] = v[i] + u[i]; }
    rg_solve_@t(n, n, two, n, 1, four, n, 1, x);
    for (; squarings > 0; squarings--) {
        rg_matmul_@t(n, n, n, x, n, 1, x, n, 1, z);
        rg_copy_@t(n, n, z, n, 1, x);
    }
    rg_free(z);
    return 0;
}""",
    # In place, of a length that is a power of two; turn[k] = exp(sign 2 pi i k / n).
    "rg_radix": """static void rg_radix_@t(i64 n, double _Complex *x, const double _Complex *turn)
{
    for (i64 i = 1, j = 0; i < n; i++) {
        i64 bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) { const double _Complex t = x[i]; x[i] = x[j]; x[j] = t; }
    }
    for (i64 half = 1; half < n; half *= 2)
        for (i64 i = 0; i < n; i += 2 * half)
            for (i64 k = 0; k < half; k++) {
                const double _Complex t = turn[k * (n / (2 * half))], y = x[i + k + half];
                const double re = creal(t) * creal(y) - cimag(t) * cimag(y), im = creal(t) * cimag(y) + cimag(t) * creal(y);
                double *const p = (double *)(x + i + k), *const q = (double *)(x + i + k + half);
                q[0] = p[0] - re; q[1] = p[1] - im;
                p[0] += re; p[1] += im;
            }
}""",
    # Powers of two directly, other lengths as a convolution of a chirp (Bluestein 1970), in double precision.
    "rg_dft": """static int rg_dft_@t(i64 n, const @T *a, i64 a0, @T *out, int sign)
{
    if (n == 0) return 0;
    i64 m = 1;
    const int power = (n & (n - 1)) == 0;
    while (m < (power ? n : 2 * n - 1)) m *= 2;
    double _Complex *x = rg_malloc((size_t)(3 * m + n) * sizeof(double _Complex)), *y = x + m, *turn = y + m, *chirp = turn + m;
    for (i64 k = 0; k < m; k++) {
        const double angle = 6.283185307179586 * (double)k / (double)m * (power ? sign : -1);
        double *const p = (double *)(turn + k);
        p[0] = cos(angle); p[1] = sin(angle);
    }
    if (power) {
        for (i64 k = 0; k < n; k++) x[k] = a[k * a0];
        rg_radix_@t(n, x, turn);
        for (i64 k = 0; k < n; k++) out[k] = (@T)(sign > 0 ? x[k] / (double)n : x[k]);
        rg_free(x);
        return 0;
    }
    for (i64 k = 0, square = 0; k < n; square = (square + 2 * k + 1) % (2 * n), k++) {
        const double angle = 3.141592653589793 * (double)square / (double)n * sign;
        double *const p = (double *)(chirp + k);
        p[0] = cos(angle); p[1] = sin(angle);
    }
    for (i64 k = 0; k < m; k++) { x[k] = k < n ? a[k * a0] * chirp[k] : 0; y[k] = 0; }
    y[0] = conj(chirp[0]);
    for (i64 k = 1; k < n; k++) y[k] = y[m - k] = conj(chirp[k]);
    rg_radix_@t(m, x, turn);
    rg_radix_@t(m, y, turn);
    for (i64 k = 0; k < m; k++) x[k] = conj(x[k] * y[k]);
    rg_radix_@t(m, x, turn);
    for (i64 k = 0; k < n; k++) out[k] = (@T)(conj(x[k]) * chirp[k] / (double)(sign > 0 ? m * n : m));
    rg_free(x);
    return 0;
}""",
    "rg_fft": """static int rg_fft_@t(i64 n, const @T *a, i64 a0, @T *out)
{
    return rg_dft_@t(n, a, a0, out, -1);
}""",
    "rg_ifft": """static int rg_ifft_@t(i64 n, const @T *a, i64 a0, @T *out)
{
    return rg_dft_@t(n, a, a0, out, 1);
}""",
}

COMPLEX = {
    "rg_heev": _HEEV % _HEEV_CALLS["complex"],
    "rg_sdd": _SDD % _SDD_CALLS["complex"],
}
