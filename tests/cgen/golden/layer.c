typedef unsigned char b8;
typedef __INT8_TYPE__ i8;
typedef __INT16_TYPE__ i16;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;
typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __SIZE_TYPE__ size_t;
#ifdef RG_VECTOR_MATH
#define RG_SIMD __attribute__((simd("notinbranch")))
#else
#define RG_SIMD
#endif


static void *(*rg_malloc)(size_t);
static void (*rg_free)(void *);

static void *lib_dgemv;

double tanh(double) RG_SIMD;

static void rg_copy_float64(i64 m, i64 n, const double *a, i64 a0, i64 a1, double *restrict out)
{
    if (a1 == 1) {
        for (i64 i = 0; i < m; i++) for (i64 j = 0; j < n; j++) out[i * n + j] = a[i * a0 + j];
        return;
    }
    for (i64 p = 0; p < m; p += 16)
        for (i64 q = 0; q < n; q += 16)
            for (i64 i = p; i < m && i < p + 16; i++)
                for (i64 j = q; j < n && j < q + 16; j++) out[i * n + j] = a[i * a0 + j * a1];
}

static const double *rg_blas_float64(i64 m, i64 n, const double *a, i64 a0, i64 a1, char *order, int *lead, void **made)
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
    double *copy = *made = rg_malloc((size_t)m * (size_t)n * sizeof(double));
    rg_copy_float64(m, n, a, a0, a1, copy);
    *order = 'N'; *lead = (int)n;
    return copy;
}

static int rg_matvec_float64(i64 m, i64 k, const double *a, i64 a0, i64 a1, const double *x, i64 x0, double *y)
{
    if (m * k <= 256 || k == 0) {
        for (i64 i = 0; i < m; i++) {
            double s = 0;
            for (i64 l = 0; l < k; l++) s += a[i * a0 + l * a1] * x[l * x0];
            y[i] = s;
        }
        return 0;
    }
    char ta;
    int la, step = 1, rows, columns;
    void *ma, *mx = 0;
    const double one = 1, zero = 0;
    a = rg_blas_float64(m, k, a, a0, a1, &ta, &la, &ma);
    if (x0 > 0 && x0 < 2147483647) step = (int)x0;
    else if (k > 1) {
        double *copy = mx = rg_malloc((size_t)k * sizeof(double));
        for (i64 l = 0; l < k; l++) copy[l] = x[l * x0];
        x = copy;
    }
    rows = (int)(ta == 'N' ? k : m);
    columns = (int)(ta == 'N' ? m : k);
    ta = ta == 'N' ? 'T' : 'N';
    int unit = 1;
    ((void (*)(char *, int *, int *, const double *, const double *, int *, const double *, int *, const double *, double *, int *))
     lib_dgemv)(&ta, &rows, &columns, &one, a, &la, x, &step, &zero, y, &unit);
    rg_free(ma);
    rg_free(mx);
    return 0;
}

/* call matvec(float64[n, m], float64[m]) */
static int k0(char *const *data, const i64 *const *strides, const i64 *const *dims, char *const *out, char *scratch)
{
    const i64 n_n = dims[0][0];
    const i64 n_m = dims[0][1];
    double *const p0 = (double *)data[0];
    double *const p1 = (double *)data[1];
    double *const p3 = (double *)(scratch + (0));
    const i64 s0_0 = strides[0][0] / 8;
    const i64 s0_1 = strides[0][1] / 8;
    const i64 s1_0 = strides[1][0] / 8;
    if (rg_matvec_float64(n_n, n_m, p0, s0_0, s0_1, p1, s1_0, p3)) return 2;
    return 0;
}

/* for [n]: {tanh(float64[n])} */
static int k1(double *restrict p2, const double *restrict p3, const i64 n_n)
{
    for (i64 i0 = 0; i0 < n_n; i0++) {
        const double v1 = p3[i0];
        const double v2 = tanh(v1);
        p2[i0] = v2;
    }
    return 0;
}

int rg_plan(const i64 *const *dims, i64 *out)
{
    const i64 n_n = dims[0][0];
    const i64 n_m = dims[0][1];
    if (!(dims[1][0] == n_m)) return 1;
    out[0] = n_n;
    out[1] = ((8*n_n + 127) & -64);
    return 0;
}

int rg_run(char *const *data, const i64 *const *strides, const i64 *const *dims, char *const *out, char *scratch)
{
    const i64 n_n = dims[0][0];
    double *const p2 = (double *)out[0];
    double *const p3 = (double *)(scratch + (0));
    int status;
    if ((status = k0(data, strides, dims, out, scratch))) return status;
    if ((status = k1(p2, p3, n_n))) return status;
    return 0;
}

void rg_init(void *(*allocate)(size_t), void (*release)(void *), void **library)
{
    rg_malloc = allocate;
    rg_free = release;
    lib_dgemv = library[0];
}
