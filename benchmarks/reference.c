/* What a patient programmer writes by hand: one pass over the data, vector math, several accumulators.
   gcc -O3 -march=native -mprefer-vector-width=512 -ffast-math -shared -fPIC reference.c -lmvec -lm */
#include <math.h>
#include <stddef.h>

/* log(1 + exp(a*x + b)) - x/2, evaluated without overflow */
void softplus_chain(const double *restrict x, double a, double b, double *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double z = a * x[i] + b;
        out[i] = log1p(exp(-fabs(z))) + (z > 0 ? z : 0) - 0.5 * x[i];
    }
}

void row_logsumexp(const double *restrict x, double *restrict out, size_t n, size_t m) {
    for (size_t i = 0; i < n; i++) {
        const double *row = x + i * m;
        double top = row[0], sum = 0;
        for (size_t j = 0; j < m; j++) top = row[j] > top ? row[j] : top;
        for (size_t j = 0; j < m; j++) sum += exp(row[j] - top);
        out[i] = top + log(sum);
    }
}

/* mean of log(1 + exp(-s*z)), z = X w, s = 2y - 1, and its gradient, in blocks of rows that stay in cache */
double logistic(const double *restrict X, const double *restrict y, const double *restrict w, double *restrict grad,
                size_t n, size_t k) {
    enum { BLOCK = 512 };
    double z[BLOCK], r[BLOCK], loss = 0;
    for (size_t j = 0; j < k; j++) grad[j] = 0;
    for (size_t start = 0; start < n; start += BLOCK) {
        size_t m = n - start < BLOCK ? n - start : BLOCK;
        const double *block = X + start * k;
        for (size_t i = 0; i < m; i++) {
            double dot = 0;
            for (size_t j = 0; j < k; j++) dot += block[i * k + j] * w[j];
            z[i] = dot;
        }
        for (size_t i = 0; i < m; i++) {
            double t = exp(-fabs(z[i])), p = 1 / (1 + t);
            loss += log1p(t) + (z[i] > 0 ? z[i] : 0) - y[start + i] * z[i];
            r[i] = (z[i] >= 0 ? p : t * p) - y[start + i];
        }
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < k; j++) grad[j] += r[i] * block[i * k + j];
    }
    for (size_t j = 0; j < k; j++) grad[j] /= n;
    return loss / n;
}

double add(double a, double b) { return a + b; }
