"""C for the gamma function's logarithm and its derivatives."""

from __future__ import annotations

__all__ = ["SPECIAL"]

# Asymptotic series of digamma and trigamma (Abramowitz and Stegun 6.3.18, 6.4.11) after shifting the argument above 10;
# below 1/2 the reflection formulas.  Single precision is computed in double.
SPECIAL = {
    "rg_lgamma": """static inline @T rg_lgamma@f(@T a)
{
    return a == -__builtin_inf@f() ? -a : (@T)lgamma(a);
}""",
    "rg_digamma": """static @T rg_digamma@f(@T a)
{
    double x = a, out = 0;
    if (x <= 0) {
        if (x == 0) return (@T)copysign(__builtin_inf(), -x);
        const double part = x - rint(x);
        if (part == 0) return (@T)__builtin_nan("");
        out = -3.141592653589793 / tan(3.141592653589793 * part);
        x = 1 - x;
    }
    if (x == __builtin_inf()) return (@T)x;
    for (; x < 10; x += 1) out -= 1 / x;
    const double r = 1 / (x * x);
    out += log(x) - 0.5 / x - r * (8.333333333333333e-2 - r * (8.333333333333333e-3 - r * (3.968253968253968e-3
        - r * (4.166666666666667e-3 - r * (7.575757575757576e-3 - r * (2.109279609279609e-2 - r * 8.333333333333333e-2))))));
    return (@T)out;
}""",
    "rg_trigamma": """static @T rg_trigamma@f(@T a)
{
    double x = a, out = 0, sign = 1;
    if (x <= 0) {
        const double part = x - rint(x);
        if (part == 0) return (@T)__builtin_inf();
        const double s = sin(3.141592653589793 * part);
        out = 9.869604401089358 / (s * s);
        sign = -1;
        x = 1 - x;
    }
    double up = 0;
    for (; x < 10; x += 1) up += 1 / (x * x);
    const double r = 1 / (x * x);
    up += 1 / x + r / 2 + r / x * (1.6666666666666667e-1 - r * (3.3333333333333333e-2 - r * (2.3809523809523808e-2
        - r * (3.3333333333333333e-2 - r * (7.575757575757576e-2 - r * (2.531135531135531e-1 - r * 1.1666666666666667))))));
    return (@T)(out + sign * up);
}""",
}
