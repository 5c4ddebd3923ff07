"""C for modified Bessel functions of orders 0 and 1, with the series that their rows name."""

from __future__ import annotations

from ...terms import bessel

__all__ = ["BESSEL"]


def _numbers(name: str, coefficients: tuple[float, ...]) -> str:
    return f"    static const double {name}[{len(coefficients)}] = {{{', '.join(map(repr, coefficients))}}};"


def _first(order: int, near: tuple[float, ...], far: tuple[float, ...]) -> str:
    """``near`` of x/4 - 1 and ``far`` of 16/x - 1 with a factor sqrt(x); an odd function has a factor x in ``near``."""
    inner, outer = ("", "") if order == 0 else ("x * ", "copysign(1, x) * ")
    return f"""static @T rg_i{order}e@f(@T a)
{{
{_numbers("near", near)}
{_numbers("far", far)}
    const double x = a, size = fabs(x);
    if (size <= 8) return (@T)({inner}rg_chebyshev(near, {len(near)}, size / 4 - 1));
    return (@T)({outer}(rg_chebyshev(far, {len(far)}, 16 / size - 1) / sqrt(size)));
}}"""


def _second(order: int, near: tuple[float, ...], far: tuple[float, ...], first: tuple[float, ...]) -> str:
    """``near`` of x**2/2 - 1, less what is singular, and ``far`` of 4/x - 1 with a factor sqrt(x)."""
    regular = f"rg_chebyshev(near, {len(near)}, 0.5 * x * x - 1)"
    singular = f"(log(x) - log(2.0)) * rg_chebyshev(first, {len(first)}, x / 4 - 1) * grown"
    small = f"{regular} - {singular}" if order == 0 else f"{regular} / x + {singular} * x"
    return f"""static @T rg_k{order}e@f(@T a)
{{
{_numbers("near", near)}
{_numbers("far", far)}
{_numbers("first", first)}
    const double x = a;
    if (x == 0) return (@T)__builtin_inf();
    if (!(x > 0)) return (@T)__builtin_nan("");
    if (x > 2) return (@T)(rg_chebyshev(far, {len(far)}, 4 / x - 1) / sqrt(x));
    const double grown = exp(x);
    return (@T)(grown * ({small}));
}}"""


BESSEL = {
    "rg_chebyshev": """static double rg_chebyshev(const double *c, int n, double t)
{
    double one = 0, two = 0;
    for (int k = n - 1; k > 0; k--) {
        const double next = c[k] + 2 * t * one - two;
        two = one;
        one = next;
    }
    return c[0] + t * one - two;
}""",
    "rg_i0e": _first(0, bessel.I0_NEAR, bessel.I0_FAR),
    "rg_i1e": _first(1, bessel.I1_NEAR, bessel.I1_FAR),
    "rg_k0e": _second(0, bessel.K0_NEAR, bessel.K0_FAR, bessel.I0_NEAR),
    "rg_k1e": _second(1, bessel.K1_NEAR, bessel.K1_FAR, bessel.I1_NEAR),
}
