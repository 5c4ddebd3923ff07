"""The C text of routines over the last axis: running sums and products, stable sorting; ``@T``, ``@t`` as in `linalg_text`."""

from __future__ import annotations

__all__ = ["VECTOR"]

_RUNNING = """static int rg_NAME_@t(i64 n, const @T *x, i64 x0, @T *y)
{
    @T s = START;
    for (i64 i = 0; i < n; i++) {
        s = SIGN;
        y[i] = s;
    }
    return 0;
}"""


def _running(name: str, start: str, sign: str) -> str:
    return _RUNNING.replace("NAME", name).replace("START", start).replace("SIGN", sign)


VECTOR = {
    "rg_cumsum": _running("cumsum", "0", "s + x[i * x0]"),
    "rg_cumprod": _running("cumprod", "1", "s * x[i * x0]"),
    # Merging from the bottom up; of equal elements the left one goes first, and NaN after all others.
    "rg_argsort": """static int rg_argsort_@t(i64 n, const @T *x, i64 x0, i64 *restrict y)
{
    for (i64 i = 0; i < n; i++) y[i] = i;
    if (n < 2) return 0;
    i64 *const spare = rg_malloc((size_t)n * sizeof(i64));
    i64 *here = y, *there = spare;
    for (i64 width = 1; width < n; width *= 2) {
        for (i64 low = 0; low < n; low += 2 * width) {
            const i64 middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
            i64 i = low, j = middle;
            for (i64 k = low; k < high; k++) {
                int right = j < high;
                if (right && i < middle) {
                    const @T a = x[here[i] * x0], b = x[here[j] * x0];
                    right = b < a || (b == b && a != a);
                }
                there[k] = right ? here[j++] : here[i++];
            }
        }
        i64 *const other = here;
        here = there;
        there = other;
    }
    if (here != y) for (i64 i = 0; i < n; i++) y[i] = here[i];
    rg_free(spare);
    return 0;
}""",
}
