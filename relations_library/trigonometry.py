"""Circular and hyperbolic functions, their inverses, angles and lengths."""

from __future__ import annotations

from relgraph.numpy import (abs, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, cos, cosh, deg2rad, exp, expm1,
                            hypot, log, log1p, rad2deg, sigmoid, sin, sinh, sqrt, tan, tanh)
from relgraph.relations import literals, lvars, theory
from relgraph.relations.predicates import at_least_1, between_minus_1_1, finite, inside_minus_1_1, nonzero, positive

x, y, z = lvars("x y z")
c, = literals("c")
pi = 3.141592653589793

trigonometry = theory(
    name            = "trigonometry",
    pythagoras      = (sin(x)**2 + cos(x)**2,               1,                          "domain"),
    hyperbola       = (cosh(x)**2 - sinh(x)**2,             1,                          "domain"),
    tan_ratio       = (sin(x) / cos(x),                     tan(x)),
    tanh_ratio      = (sinh(x)**c / cosh(x)**c,             tanh(x)**c),
    tan_cos         = (tan(x) * cos(x),                     sin(x)),
    tanh_cosh       = (tanh(x) * cosh(x),                   sinh(x)),
    sin_over_tan    = (sin(x) / tan(x),                     cos(x),                     nonzero(x)),
    sinh_over_tanh  = (sinh(x) / tanh(x),                   cosh(x),                    nonzero(x)),
    sin_compl       = (1 - sin(x)**2,                       cos(x)**2),
    cos_compl       = (1 - cos(x)**2,                       sin(x)**2),
    sinh_compl      = (1 + sinh(x)**2,                      cosh(x)**2),
    cosh_compl      = (cosh(x)**2 - 1,                      sinh(x)**2),
    cosh_plus_sinh  = (cosh(x) + sinh(x),                   exp(x)),
    cosh_less_sinh  = (cosh(x) - sinh(x),                   exp(-x)),
    cos_abs         = (cos(abs(x)),                         cos(x)),
    cosh_abs        = (cosh(abs(x)),                        cosh(x)),
)
ratios = trigonometry.only("tan_ratio", "tanh_ratio")

# of functions whose signs are not already moved out by `signs`
parities = theory(
    name            = "parities",
    arctan2_neg     = (arctan2(-x, y),                      -arctan2(x, y)),
    hypot_neg       = (hypot(-x, y),                        hypot(x, y)),
)

# a function of its inverse; the inverse of a circular function is no identity: arcsin(sin(4)) is not 4
inverse_functions = theory(
    name            = "inverse_functions",
    sin_arcsin      = (sin(arcsin(x)),                      x,                          between_minus_1_1(x)),
    cos_arccos      = (cos(arccos(x)),                      x,                          between_minus_1_1(x)),
    tan_arctan      = (tan(arctan(x)),                      x),
    sinh_arcsinh    = (sinh(arcsinh(x)),                    x),
    arcsinh_sinh    = (arcsinh(sinh(x)),                    x),
    cosh_arccosh    = (cosh(arccosh(x)),                    x,                          at_least_1(x)),
    arccosh_cosh    = (arccosh(cosh(x)),                    abs(x)),
    tanh_arctanh    = (tanh(arctanh(x)),                    x,                          inside_minus_1_1(x)),
    arctanh_tanh    = (arctanh(tanh(x)),                    x),
    tan_arctan2     = (tan(arctan2(x, y)),                  x / y,                      nonzero(y) & finite(y)),
    deg2rad_rad2deg = (deg2rad(rad2deg(x)),                 x),
    rad2deg_deg2rad = (rad2deg(deg2rad(x)),                 x),
)

# what a user writes for want of the function, with less precision
written_out = theory(
    name            = "written_out",
    sinh_exps       = (exp(x) - exp(-x),                    2 * sinh(x)),
    cosh_exps       = (exp(x) + exp(-x),                    2 * cosh(x)),
    tanh_exps       = (expm1(x) / (1 + exp(x)),             tanh(x / 2)),
    tanh_sigmoid    = (2 * sigmoid(x) - 1,                  tanh(x / 2)),
    arcsinh_log     = (log(x + sqrt(x**2 + 1)),             arcsinh(x)),
    arccosh_log     = (log(x + sqrt(x**2 - 1)),             arccosh(x)),
    arctanh_log     = (log((1 + x) / (1 - x)),              2 * arctanh(x)),
    arctanh_log1p   = (log1p(x) - log1p(-x),                2 * arctanh(x)),
    arctan_ratio    = (arctan(x / y),                       arctan2(x, y),              positive(y)),
    hypot_one       = (sqrt(x**2 + 1),                      hypot(1, x)),
    arcsinh_slope   = (x/(x + hypot(1, x))/hypot(1, x) + 1/(x + hypot(1, x)),       1 / hypot(1, x)),
    arcsinh_sloped  = (y*x/(x + hypot(1, x))/hypot(1, x) + y/(x + hypot(1, x)),     y / hypot(1, x)),
    arctanh_bend    = (y/(1 - x)**2/(1 + x) - y/(1 + x)**2/(1 - x),                 2*x*y / (1 - x)**2 / (1 + x)**2, "domain"),
    precedence      = "tanh > sigmoid",
)

# half an angle: what is left of a small angle is not lost in a difference with 1
halves = theory(
    name            = "halves",
    versine         = (1 - cos(x),                          2 * sin(x / 2) * sin(x / 2)),
    hyper_versine   = (cosh(x) - 1,                         2 * sinh(x / 2) * sinh(x / 2)),
    tan_half        = (sin(x) / (1 + cos(x)),               tan(x / 2)),
    tan_half_cos    = ((1 - cos(x)) / sin(x),               tan(x / 2),                 nonzero(x)),
    tanh_half       = (sinh(x) / (1 + cosh(x)),             tanh(x / 2)),
    tanh_half_cosh  = ((cosh(x) - 1) / sinh(x),             tanh(x / 2),                nonzero(x)),
    precedence      = "cos > sin, cosh > sinh",
)

lengths = theory(
    name            = "lengths",
    hypot_sqrt      = (sqrt(x**2 + y**2),                   hypot(x, y),                "domain"),
    hypot_square    = (hypot(x, y)**2,                      x**2 + y**2,                "domain"),
    hypot_zero      = (hypot(x, 0),                         abs(x)),
    hypot_abs       = (hypot(abs(x), y),                    hypot(x, y)),
    hypot_scale     = (hypot(z * x, z * y),                 abs(z) * hypot(x, y),       "domain"),
    hypot_circle    = (hypot(cos(x), sin(x)),               1,                          "domain"),
    arctan2_one     = (arctan2(x, 1),                       arctan(x)),
    arctan2_scale   = (arctan2(z * x, z * y),               arctan2(x, y),              positive(z) & finite(z), "domain"),
    cos_arctan2     = (cos(arctan2(x, y)),                  y / hypot(x, y),            nonzero(x) & finite(y)),
    sin_arctan2     = (sin(arctan2(x, y)),                  x / hypot(x, y),            nonzero(y) & finite(x)),
    cos_arctan2_pos = (cos(arctan2(x, y)),                  y / hypot(x, y),            nonzero(y) & finite(y)),
    sin_arctan2_pos = (sin(arctan2(x, y)),                  x / hypot(x, y),            nonzero(x) & finite(x)),
    arcsin_arccos   = (arcsin(x) + arccos(x),               pi / 2, between_minus_1_1(x), "domain"),
    arctan_inverse  = (arctan(x) + arctan(1 / x),           pi / 2,                     positive(x), "domain"),
    precedence      = "sqrt > hypot > power, arctan2 > arctan, cos > hypot, sin > hypot, hypot > abs",
)

# a function of another's inverse: algebra instead of two functions
mixed = theory(
    name            = "mixed",
    cos_arcsin      = (cos(arcsin(x)),                      sqrt((1 - x) * (1 + x))),
    sin_arccos      = (sin(arccos(x)),                      sqrt((1 - x) * (1 + x))),
    tan_arcsin      = (tan(arcsin(x)),                      x / sqrt((1 - x) * (1 + x))),
    tan_arccos      = (tan(arccos(x)),                      sqrt((1 - x) * (1 + x)) / x),
    cos_arctan      = (cos(arctan(x)),                      1 / hypot(1, x)),
    sin_arctan      = (sin(arctan(x)),                      x / hypot(1, x),            finite(x)),
    cosh_arcsinh    = (cosh(arcsinh(x)),                    hypot(1, x)),
    tanh_arcsinh    = (tanh(arcsinh(x)),                    x / hypot(1, x),            finite(x)),
    sinh_arccosh    = (sinh(arccosh(x)),                    sqrt(x - 1) * sqrt(x + 1)),
    tanh_arccosh    = (tanh(arccosh(x)),                    sqrt(x - 1) * sqrt(x + 1) / x,      finite(x)),
    cosh_arctanh    = (cosh(arctanh(x)),                    1 / sqrt((1 - x) * (1 + x))),
    sinh_arctanh    = (sinh(arctanh(x)),                    x / sqrt((1 - x) * (1 + x))),
    precedence      = "arcsin > sqrt, arccos > sqrt, arctan > hypot, arcsinh > hypot, arccosh > sqrt, arctanh > sqrt",
)

# Expansions, which no pipeline takes: of a sum of large angles they are nearer the truth, and cost more.
angle_sums = theory(
    name            = "angle_sums",
    sin_sum         = (sin(x + y),                          sin(x)*cos(y) + cos(x)*sin(y)),
    cos_sum         = (cos(x + y),                          cos(x)*cos(y) - sin(x)*sin(y)),
    tan_sum         = (tan(x + y),                          (tan(x) + tan(y)) / (1 - tan(x)*tan(y))),
    sin_double      = (sin(2 * x),                          2 * sin(x) * cos(x)),
    cos_double      = (cos(2 * x),                          cos(x)**2 - sin(x)**2),
    tan_double      = (tan(2 * x),                          2 * tan(x) / (1 - tan(x)**2)),
    sin_triple      = (sin(3 * x),                          3*sin(x) - 4*sin(x)**3),
    cos_triple      = (cos(3 * x),                          4*cos(x)**3 - 3*cos(x)),
    precedence      = "sin = cos > power, tan > power",
)

# The same the other way round is how the functions of a difference are read off; products become sums at their root.
angle_products = theory(
    name            = "angle_products",
    sin_cos         = (sin(x + y) + sin(x - y),             2 * sin(x) * cos(y)),
    cos_cos         = (cos(x + y) + cos(x - y),             2 * cos(x) * cos(y)),
    sin_sin         = (cos(x - y) - cos(x + y),             2 * sin(x) * sin(y)),
    cos_double_cos  = (1 + cos(2 * x),                      2 * cos(x)**2),
    precedence      = "sin = cos > power",
)

hyperbolic_sums = theory(
    name            = "hyperbolic_sums",
    sinh_sum        = (sinh(x)*cosh(y) + cosh(x)*sinh(y),   sinh(x + y)),
    cosh_sum        = (cosh(x)*cosh(y) + sinh(x)*sinh(y),   cosh(x + y)),
    cosh_difference = (cosh(x)*cosh(y) - sinh(x)*sinh(y),   cosh(x - y)),
    tanh_sum        = ((tanh(x) + tanh(y)) / (1 + tanh(x)*tanh(y)), tanh(x + y)),
    sinh_double     = (sinh(x) * cosh(x),                   0.5 * sinh(2 * x)),
    cosh_double     = (cosh(x)**2 + sinh(x)**2,             cosh(2 * x)),
    tanh_double     = (tanh(x) / (1 + tanh(x)**2),          0.5 * tanh(2 * x)),
    precedence      = "cosh > sinh",
)

# the derivatives of tan and tanh, dearer where tan(x) and tanh(x) are known anyway; of tanh `tanh_compl` is as true
secants = theory(
    name            = "secants",
    sec             = (1 + tan(x)**2,                       1 / cos(x)**2),
    sech            = (1 - tanh(x)**2,                      1 / cosh(x)**2),
)
