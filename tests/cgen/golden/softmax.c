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


double exp(double) RG_SIMD;

static inline double rg_max(double a, double b) { return (a > b) | (a != a) ? a : b; }

#pragma omp declare reduction(red0 : double : omp_out = rg_max(omp_out, omp_in)) initializer(omp_priv = (-__builtin_inf()))

#pragma omp declare reduction(red1 : double : omp_out = (omp_out + omp_in)) initializer(omp_priv = 0.0)

/* for [n]: {for [m]: max_or_lowest(float64[n, m]); for [m]: exp(float64[n, m]), sum(float64[n, m]); for [m]: divide(float64[n, m], float64[n, 1])} */
static int k0(const double *restrict p0, double *restrict p1, double *restrict p2, const i64 n_m, const i64 n_n)
{
    for (i64 i0 = 0; i0 < n_n; i0++) {
        double v2 = (-__builtin_inf());
        double v2s[64];
        int top2 = 0; u64 count2 = 0;
        for (i64 from = 0; from < n_m; from += 1024) {
            const i64 to = from + 1024 < n_m ? from + 1024 : n_m;
            double v2p = (-__builtin_inf());
            #pragma omp simd reduction(red0 : v2p)
            for (i64 i1 = from; i1 < to; i1++) {
                const double v1 = p0[(i0*n_m + i1)];
                v2p = rg_max(v2p, v1);
            }
            for (u64 q = count2++; q & 1; q >>= 1) {
                top2--;
                v2p = rg_max(v2s[top2], v2p);
            }
            v2s[top2] = v2p;
            top2++;
        }
        while (top2) {
            top2--;
            v2 = rg_max(v2s[top2], v2);
        }
        double v6 = 0.0;
        double v6s[64];
        int top6 = 0; u64 count6 = 0;
        for (i64 from = 0; from < n_m; from += 1024) {
            const i64 to = from + 1024 < n_m ? from + 1024 : n_m;
            double v6p = 0.0;
            #pragma omp simd reduction(red1 : v6p)
            for (i64 i1 = from; i1 < to; i1++) {
                const double v3 = p0[(i0*n_m + i1)];
                const double v4 = (v3 - v2);
                const double v5 = exp(v4);
                p2[i1] = v5;
                v6p = (v6p + v5);
            }
            for (u64 q = count6++; q & 1; q >>= 1) {
                top6--;
                v6p = (v6s[top6] + v6p);
            }
            v6s[top6] = v6p;
            top6++;
        }
        while (top6) {
            top6--;
            v6 = (v6s[top6] + v6);
        }
        for (i64 i1 = 0; i1 < n_m; i1++) {
            const double v7 = p2[i1];
            const double v8 = (v7 / v6);
            p1[(i0*n_m + i1)] = v8;
        }
    }
    return 0;
}

int rg_plan(const i64 *const *dims, i64 *out)
{
    const i64 n_n = dims[0][0];
    const i64 n_m = dims[0][1];
    out[0] = n_n;
    out[1] = n_m;
    out[2] = ((8*n_m + 127) & -64);
    return 0;
}

int rg_run(char *const *data, const i64 *const *strides, const i64 *const *dims, char *const *out, char *scratch)
{
    const i64 n_n = dims[0][0];
    const i64 n_m = dims[0][1];
    double *const p0 = (double *)data[0];
    double *const p1 = (double *)out[0];
    double *const p2 = (double *)(scratch + (0));
    int status;
    if ((status = k0(p0, p1, p2, n_m, n_n))) return status;
    return 0;
}

void rg_init(void *(*allocate)(size_t), void (*release)(void *), void **library)
{
}
