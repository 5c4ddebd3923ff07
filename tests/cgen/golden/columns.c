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


static inline double rg_cast_int64_float64(i64 a) { return (double)a; }

static inline double rg_square_float64(double a) { return a * a; }

/* for [m]: {for [n]: sum(float64[n, m]); for [n]: sum(float64[n, m]); divide(float64[m], float64)} */
static int k0(const double *restrict p0, double *restrict p1, const i64 n_m, const i64 n_n)
{
    const i64 v4 = n_n;
    const double v5 = rg_cast_int64_float64(v4);
    const double v10 = 0.0;
    const double v11 = (v5 - v10);
    for (i64 strip = 0; strip < n_m; strip += 256) {
        const i64 width = n_m - strip < 256 ? n_m - strip : 256;
        double v6[256];
        double v2[256], v2p[256];
        double v9[256], v9p[256];
        for (i64 t = 0; t < width; t++) v2[t] = 0.0;
        for (i64 from = 0; from < n_n; from += 256) {
            const i64 to = from + 256 < n_n ? from + 256 : n_n;
            for (i64 t = 0; t < width; t++) v2p[t] = 0.0;
            for (i64 i1 = from; i1 < to; i1++) {
                for (i64 t = 0; t < width; t++) {
                    const i64 i0 = strip + t;
                    const double v1 = p0[(i1*n_m + i0)];
                    v2p[t] = (v2p[t] + v1);
                }
            }
            for (i64 t = 0; t < width; t++) v2[t] = (v2[t] + v2p[t]);
        }
        for (i64 t = 0; t < width; t++) {
            const i64 i0 = strip + t;
            v6[t] = (v2[t] / v5);
        }
        for (i64 t = 0; t < width; t++) v9[t] = 0.0;
        for (i64 from = 0; from < n_n; from += 256) {
            const i64 to = from + 256 < n_n ? from + 256 : n_n;
            for (i64 t = 0; t < width; t++) v9p[t] = 0.0;
            for (i64 i1 = from; i1 < to; i1++) {
                for (i64 t = 0; t < width; t++) {
                    const i64 i0 = strip + t;
                    const double v3 = p0[(i1*n_m + i0)];
                    const double v7 = (v3 - v6[t]);
                    const double v8 = rg_square_float64(v7);
                    v9p[t] = (v9p[t] + v8);
                }
            }
            for (i64 t = 0; t < width; t++) v9[t] = (v9[t] + v9p[t]);
        }
        for (i64 t = 0; t < width; t++) {
            const i64 i0 = strip + t;
            const double v12 = (v9[t] / v11);
            p1[i0] = v12;
        }
    }
    return 0;
}

int rg_plan(const i64 *const *dims, i64 *out)
{
    const i64 n_m = dims[0][1];
    out[0] = n_m;
    out[1] = 0;
    return 0;
}

int rg_run(char *const *data, const i64 *const *strides, const i64 *const *dims, char *const *out, char *scratch)
{
    const i64 n_n = dims[0][0];
    const i64 n_m = dims[0][1];
    double *const p0 = (double *)data[0];
    double *const p1 = (double *)out[0];
    int status;
    if ((status = k0(p0, p1, n_m, n_n))) return status;
    return 0;
}

void rg_init(void *(*allocate)(size_t), void (*release)(void *), void **library)
{
}
