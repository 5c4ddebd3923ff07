"""Rows of the elementwise ops (over 300 lines because it is one table), and the constructor that fills most columns.

A C or Numba lowering is a template over scalar operands ``{0}``, ``{1}``; ``{f}`` is ``f`` for float32.  A template may
be given per kind of the dtype computed with (``b i u f c``).  ``rg_…`` functions are defined by cgen's prelude.
The JAX lowering is a dotted name, by default ``jax.numpy.<name>``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from ..errors import DTypeError, MisuseError
from .laws import Commutative, Even, Group, Idempotent, Involution, Lattice, Moves, Odd, Power
from .term import CONST, Op, Term, as_term, attr, const
from .type import UNKNOWN, Type, as_dtype, divided, floating, promote, real_of

DType: TypeAlias = np.dtype[Any]
BOOL, INT8, INT64 = np.dtype("bool"), np.dtype("int8"), np.dtype("int64")
NUMERIC, REAL, FLOATING, INTEGER = "biufc", "biuf", "fc", "biu"


# -- which dtypes, and what they are computed in ------------------------------------------------------------------------

def to_result(out: DType, *dtypes: DType) -> tuple[DType, ...]:
    """Compute in the dtype of the result."""
    return (out,) * len(dtypes)


def to_common(out: DType, *dtypes: DType) -> tuple[DType, ...]:
    """Compute in the promoted dtype of the operands."""
    return (promote(*dtypes),) * len(dtypes)


def as_given(out: DType, *dtypes: DType) -> tuple[DType, ...]:
    """Compute in the operands' own dtypes."""
    return dtypes


def after_condition(out: DType, *dtypes: DType) -> tuple[DType, ...]:
    """The first operand keeps its dtype, the others are computed in the dtype of the result."""
    return dtypes[:1] + (out,) * (len(dtypes) - 1)


def accepting(rule: Callable[..., DType], kinds: str, why: str) -> Callable[..., DType]:
    """A dtype rule that refuses operands of other kinds."""
    def checked(*dtypes: DType) -> DType:
        for d in dtypes:
            if d.kind not in kinds:
                raise DTypeError(f"{why}, found {d.name}")
        return rule(*dtypes)
    return checked


def promoting(kinds: str, why: str) -> Callable[..., DType]:
    """NumPy's result type, refused if it is of another kind: ``mask - mask`` is, ``mask - 0.5`` is not."""
    def checked(*dtypes: DType) -> DType:
        found = promote(*dtypes)
        if found.kind not in kinds:
            raise DTypeError(f"{why}, found {', '.join(d.name for d in dtypes)}")
        return found
    return checked


def boolean(*dtypes: DType) -> DType:
    return BOOL


real_valued = accepting(promote, REAL, "is defined for real numbers; use x.real, x.imag or abs(x)")
real_floating = accepting(floating, REAL, "is defined for real numbers; use x.real, x.imag or abs(x)")
signed = accepting(promote, "iufc", "is not defined for bool; write rnp.logical_not(x) or x.astype('int64')")
bitwise = accepting(promoting(INTEGER, "has no common integer dtype for its operands"), INTEGER,
                    "is defined for integers and bool; convert with x.astype('int64')")
arithmetic = accepting(promote, NUMERIC, "is defined for numbers")


def elementwise(name: str, numpy: Any, pullback: Any, c: Any = None, numba: Any = None, jax: str | None = None, *,
                n: int | None = None, dtype: Callable[..., DType] = floating, operands: Any = to_result,
                laws: Sequence[Any] = (), cost: float = 1, definition: Any = None, doc: str = "",
                conditions: int = 0, reference: Any = None, used: Any = None, row: type[Op] = Op) -> Op:
    """A row for an op that works element by element with NumPy broadcasting.

    ``pullback`` maps ``(g, y, *operands)`` to a cotangent per operand (``None``: no gradient flows); un-broadcasting
    is not its business.  ``numba`` defaults to ``c``, ``reference`` to the function of that name in `terms.reference`.
    """
    if n is None:
        n = 2 if isinstance(c, str) and "{1}" in c else 1
    lower = {"c": c, "numba": numba if numba is not None else c, "jax": jax or (None if definition else f"jax.numpy.{name}")}
    return row(name=name, signature=",".join(["()"] * n) + "->()", dtype=dtype, operands=operands, numpy=numpy,
              pullback=pullback, lower={k: v for k, v in lower.items() if v is not None}, laws=tuple(laws), cost=cost,
              definition=definition, kind="elementwise", doc=doc, conditions=conditions, used=used,
              reference=reference or f"relgraph.terms.reference.{name}")


def nothing(g: Term, y: Term, *xs: Term) -> tuple[None, ...]:
    """The pullback of a locally constant op."""
    return (None,) * len(xs)


# -- arithmetic -----------------------------------------------------------------------------------------------------------

positive = elementwise("positive", np.positive, lambda g, y, x: (g,), "({0})", dtype=signed, laws=[Idempotent()], cost=0)
negative = elementwise("negative", np.negative, lambda g, y, x: (-g,), "(-({0}))", dtype=signed, laws=[Involution()])
subtract = elementwise("subtract", np.subtract, lambda g, y, a, b: (g, -g), "({0} - {1})",
                       dtype=promoting("iufc", "is not defined for bool; write rnp.logical_xor(x, y)"))
add = elementwise("add", np.add, lambda g, y, a, b: (g, g), {"b": "({0} | {1})", "iufc": "({0} + {1})"}, n=2,
                  dtype=arithmetic, laws=[Commutative(), Group(0, negative, subtract)])
reciprocal = elementwise("reciprocal", lambda x: np.divide(np.ones((), x.dtype), x), lambda g, y, x: (-g * conj(y * y),),
                         "(1 / ({0}))", {"f": "(1 / ({0}))", "c": "np.divide(1, {0})"},
                         jax="jax.numpy.reciprocal", dtype=divided, laws=[Involution()], cost=4,
                         doc="``1/x``; integers become floats as in true division.")
divide = elementwise("divide", np.divide, lambda g, y, a, b: (g / conj(b), -g * conj(y / b)), "({0} / {1})",
                     {"f": "({0} / {1})", "c": "np.divide({0}, {1})"}, cost=4, dtype=divided)
multiply = elementwise("multiply", np.multiply, lambda g, y, a, b: (g * conj(b), g * conj(a)),
                       {"b": "({0} & {1})", "iufc": "({0} * {1})"}, n=2, dtype=arithmetic,
                       laws=[Commutative(), Group(1, reciprocal, divide, sign=negative)])
square = elementwise("square", np.square, lambda g, y, x: (2 * g * conj(x),), "rg_square_{t}({0})",
                     "(({0}) * ({0}))", n=1, dtype=lambda d: INT8 if d.kind == "b" else d)
power = elementwise("power", np.power, lambda g, y, x, p: _power_pullback(g, y, x, p),
                    {"f": "pow{f}({0}, {1})", "c": "rg_cpow{f}({0}, {1})", "iu": "rg_ipow_{t}({0}, {1})"},
                    {"f": "({0} ** {1})", "c": "rg_cpow({0}, {1})", "iu": "rg_ipow({0}, {1})"}, "relgraph.linkers.jax.power",
                    n=2, cost=20,
                    dtype=promoting("iufc", "is not defined for bool; convert with x.astype('int64')"),
                    laws=[Power("multiply")])


def _power_pullback(g: Term, y: Term, x: Term, p: Term) -> tuple[Term | None, Term | None]:
    """``0 * x**0`` where p is zero, so that the derivative there is zero also at ``x = 0``."""
    if p.op is CONST and p.type is not UNKNOWN:
        less_one = np.where(p.data == 0, 0, p.data - np.ones((), p.type.dtype))
        return g * conj(p * x ** const(less_one, p.type.dtype)), None
    zero = equal(x, 0)
    return (g * conj(p * x ** where(equal(p, 0), 0, p - 1)), g * conj(where(zero, 0, y * log(where(zero, 1, x)))))


floor_divide = elementwise("floor_divide", np.floor_divide, nothing,
                           {"f": "rg_floordiv{f}({0}, {1})", "i": "rg_ifloordiv_{t}({0}, {1})",
                            "u": "rg_ufloordiv_{t}({0}, {1})"},
                           {"f": "rg_floordiv({0}, {1})", "i": "rg_ifloordiv({0}, {1})", "u": "rg_ufloordiv({0}, {1})"},
                           "relgraph.linkers.jax.floor_divide", n=2,
                           dtype=promoting("iuf", "is defined for real numbers"), cost=6)
remainder = elementwise("remainder", np.remainder, lambda g, y, a, b: (g, -g * floor_divide(a, b)),
                        {"f": "rg_mod{f}({0}, {1})", "i": "rg_imod_{t}({0}, {1})", "u": "rg_umod_{t}({0}, {1})"},
                        {"f": "rg_mod({0}, {1})", "i": "rg_imod({0}, {1})", "u": "rg_umod({0}, {1})"},
                        "relgraph.linkers.jax.remainder", n=2,
                        dtype=promoting("iuf", "is defined for real numbers"), cost=6)

# -- comparisons and logic ------------------------------------------------------------------------------------------------


class _Comparison(Op):
    """Of integers exact, as NumPy's; the common dtype of int64 and uint64 is float64, which does not have all of either."""

    def __call__(self, *operands: Any) -> Term:
        terms = [as_term(x) if isinstance(x, (np.ndarray, np.generic)) else x for x in operands]
        kinds = [x.type.dtype.str[1:] if isinstance(x, Term) and type(x.type) is Type else "" for x in terms]
        if len(terms) != 2 or sorted(k if k == "u8" else k[:1] for k in kinds) != ["i", "u8"]:
            return super().__call__(*terms)
        place = int(kinds[0] == "u8")
        signed = terms[place]
        terms[place] = astype(signed, "uint64")
        found, numpy = super().__call__(*terms), cast("Callable[..., Any]", self.numpy)
        negative = numpy(0, -1) if place else numpy(-1, 0)  # what it is of a number that has no sign and one that is below 0
        return logical_or(less(signed, 0), found) if negative else logical_and(greater_equal(signed, 0), found)


def _comparison(name: str, numpy: Any, sign: str, *laws: Any, kinds: str = NUMERIC) -> Op:
    return elementwise(name, numpy, nothing, f"({{0}} {sign} {{1}})", laws=laws, operands=to_common, row=_Comparison,
                       dtype=accepting(boolean, kinds, "is not defined for complex numbers; compare abs(x)"))


equal = _comparison("equal", np.equal, "==", Commutative())
not_equal = _comparison("not_equal", np.not_equal, "!=", Commutative())
less = _comparison("less", np.less, "<", kinds=REAL)
less_equal = _comparison("less_equal", np.less_equal, "<=", kinds=REAL)
greater = _comparison("greater", np.greater, ">", kinds=REAL)
greater_equal = _comparison("greater_equal", np.greater_equal, ">=", kinds=REAL)


def _logical(name: str, numpy: Any, c: str, numba: str, *laws: Any) -> Op:
    return elementwise(name, numpy, nothing, c, numba, laws=laws, dtype=boolean, operands=lambda out, *d: (BOOL,) * len(d))


logical_and = _logical("logical_and", np.logical_and, "({0} && {1})", "({0} and {1})", Commutative(), Lattice("logical_or"))
logical_or = _logical("logical_or", np.logical_or, "({0} || {1})", "({0} or {1})", Commutative(), Lattice("logical_and"))
logical_xor = elementwise("logical_xor", np.logical_xor, nothing, "({0} != {1})", dtype=boolean, laws=[Commutative()],
                          operands=lambda out, *d: (BOOL,) * len(d))
logical_not = _logical("logical_not", np.logical_not, "(!({0}))", "(not ({0}))")
bitwise_and = elementwise("bitwise_and", np.bitwise_and, nothing, "({0} & {1})", dtype=bitwise, laws=[Commutative()])
bitwise_or = elementwise("bitwise_or", np.bitwise_or, nothing, "({0} | {1})", dtype=bitwise, laws=[Commutative()])
bitwise_xor = elementwise("bitwise_xor", np.bitwise_xor, nothing, "({0} ^ {1})", dtype=bitwise, laws=[Commutative()])
bitwise_invert = elementwise("bitwise_invert", np.invert, nothing, {"b": "(!({0}))", "iu": "(~({0}))"},
                             {"b": "(not ({0}))", "iu": "(~({0}))"}, n=1, dtype=bitwise, laws=[Involution()])



def _shifted(x: DType, places: DType) -> DType:
    """Masks are shifted as int8."""
    found = bitwise(x, places)
    return np.dtype("int8") if found.kind == "b" else found


def _shift(way: str, numpy: Any, unsigned: str, doc: str) -> Op:
    """By as many places as there are bits or more, or by fewer than none, everything is shifted out."""
    return elementwise(f"bitwise_{way}_shift", numpy, nothing, {"iu": f"rg_shift_{way}_{{t}}({{0}}, {{1}})"},
                       {"i": f"rg_shift_{way}({{0}}, {{1}})", "u": f"rg_{unsigned}({{0}}, {{1}})"}, f"jax.numpy.{way}_shift",
                       n=2, dtype=_shifted, doc=doc)


bitwise_left_shift = _shift("left", np.left_shift, "shift_left", "``x * 2**n``, of integers that wrap around.")
bitwise_right_shift = _shift("right", np.right_shift, "unsigned_right", "``floor(x / 2**n)``, of integers.")
isnan = elementwise("isnan", np.isnan, nothing, {"biu": "0", "f": "(({0}) != ({0}))", "c": "(({0}) != ({0}))"},
                    {"biu": "False", "f": "(({0}) != ({0}))", "c": "(({0}) != ({0}))"}, n=1, dtype=boolean,
                    operands=as_given)
isinf = elementwise("isinf", np.isinf, nothing, {"biu": "0", "f": "rg_isinf{f}({0})", "c": "rg_isinf{f}c({0})"},
                    {"biu": "False", "f": "math.isinf({0})", "c": "(math.isinf(({0}).real) or math.isinf(({0}).imag))"},
                    n=1, dtype=boolean,
                    operands=as_given)
isfinite = elementwise("isfinite", np.isfinite, nothing, {"biu": "1", "f": "rg_isfinite{f}({0})", "c": "rg_isfinite{f}c({0})"},
                       {"biu": "True", "f": "math.isfinite({0})",
                        "c": "(math.isfinite(({0}).real) and math.isfinite(({0}).imag))"},
                       n=1, dtype=boolean,
                       operands=as_given)


def _where_condition(x: Any) -> Any:
    if isinstance(x, bool):
        raise MisuseError("where: the condition is the Python bool "
                          f"{x}; `==` between terms is identity: write rnp.where(rnp.equal(x, y), a, b)")
    return x


class _Where(Op):
    def __call__(self, *operands: Any) -> Term:
        if operands:
            _where_condition(operands[0])
        return super().__call__(*operands)


where = _Where(name="where", signature="(),(),()->()", kind="elementwise", numpy=np.where, conditions=1,
               reference="relgraph.terms.reference.where",
               dtype=lambda c, a, b: promote(a, b),
               operands=lambda out, c, a, b: (BOOL, out, out),
               pullback=lambda g, y, c, a, b: (None, g, g), used=lambda c, a, b: (None, (c, True), (c, False)),
               laws=(Moves(),), lower={"c": "(({0}) ? ({1}) : ({2}))", "numba": "(({1}) if ({0}) else ({2}))",
                                      "jax": "jax.numpy.where"},
               doc="``a`` where ``condition`` holds, else ``b``.")


# -- order ------------------------------------------------------------------------------------------------------------------

maximum = elementwise("maximum", np.maximum, lambda g, y, a, b: _share(g, a, b),
                      {"f": "rg_max{f}({0}, {1})", "biu": "(({0}) > ({1}) ? ({0}) : ({1}))"},
                      {"f": "rg_max({0}, {1})", "biu": "({0} if {0} > {1} else {1})"}, n=2,
                      dtype=real_valued, laws=[Commutative(), Lattice("minimum")],
                      used=lambda a, b: ((less(a, b), False), (greater(a, b), False)))
minimum = elementwise("minimum", np.minimum, lambda g, y, a, b: _share(g, a, b),
                      {"f": "rg_min{f}({0}, {1})", "biu": "(({0}) < ({1}) ? ({0}) : ({1}))"},
                      {"f": "rg_min({0}, {1})", "biu": "({0} if {0} < {1} else {1})"}, n=2,
                      dtype=real_valued, laws=[Commutative(), Lattice("maximum")],
                      used=lambda a, b: ((greater(a, b), False), (less(a, b), False)))


def _share(g: Term, a: Term, b: Term) -> tuple[Term, Term]:
    """A tie gives each operand half, so that swapping operands changes nothing."""
    shared = where(equal(a, b), 0.5 * g, g)
    return shared, shared


sign = elementwise("sign", np.sign, nothing, {"f": "rg_sign{f}({0})", "i": "((({0}) > 0) - (({0}) < 0))", "u": "(({0}) > 0)"},
                   {"f": "rg_sign({0})", "i": "((({0}) > 0) - (({0}) < 0))", "u": "(({0}) > 0)"}, n=1,
                   dtype=accepting(promote, "iuf", "is defined for real numbers; write x / abs(x)"), laws=[Odd()])
abs_ = elementwise("abs", np.abs, lambda g, y, x: _abs_pullback(g, y, x),
                   {"f": "fabs{f}({0})", "c": "cabs{f}({0})", "i": "(({0}) < 0 ? -({0}) : ({0}))", "bu": "({0})"},
                   {"bu": "({0})", "ifc": "abs({0})"}, n=1, jax="relgraph.linkers.jax.abs",
                   dtype=lambda d: real_of(d), operands=as_given, laws=[Even(), Idempotent()])


def _abs_pullback(g: Term, y: Term, x: Term) -> tuple[Term]:
    if x.type is not UNKNOWN and x.type.dtype.kind == "c":
        return (g * x / where(equal(y, 0), 1, y),)
    return (g * sign(x),)


floor = elementwise("floor", np.floor, nothing, {"f": "floor{f}({0})", "iu": "({0})"}, {"f": "np.floor({0})", "iu": "({0})"},
                    n=1, dtype=accepting(promote, "iuf", "is defined for real numbers"), laws=[Idempotent()])
ceil = elementwise("ceil", np.ceil, nothing, {"f": "ceil{f}({0})", "iu": "({0})"}, {"f": "np.ceil({0})", "iu": "({0})"},
                   n=1, dtype=accepting(promote, "iuf", "is defined for real numbers"), laws=[Idempotent()])

# -- exponentials, logarithms, powers -------------------------------------------------------------------------------------


def _math(name: str, numpy: Any, pullback: Any, *, c: str | None = None, complex_: bool = True, cost: float = 15,
          numba: str | None = None, jax: str | None = None, laws: Sequence[Any] = ()) -> Op:
    """A function of C's <math.h> (and <complex.h>), under its C name."""
    c = c or name
    low: dict[str, str] = {"f": f"{c}{{f}}({{0}})"}
    nb = {"f": numba or f"math.{c}({{0}})"}
    if complex_:
        low["c"] = f"c{c}{{f}}({{0}})"
        nb["c"] = f"rg_c{c}({{0}})"
    return elementwise(name, numpy, pullback, low, nb, jax, n=1, laws=laws, cost=cost,
                       dtype=floating if complex_ else real_floating)


sqrt = _math("sqrt", np.sqrt, lambda g, y, x: (g / conj(2 * y),), cost=6)
exp = _math("exp", np.exp, lambda g, y, x: (g * conj(y),))
log = _math("log", np.log, lambda g, y, x: (g / conj(x),), numba="rg_log({0})")
expm1 = _math("expm1", np.expm1, lambda g, y, x: (g * (y + 1),), complex_=False)
log1p = _math("log1p", np.log1p, lambda g, y, x: (g / (1 + x),), complex_=False, numba="rg_log1p({0})")
log2 = _math("log2", np.log2, lambda g, y, x: (g / (x * float(np.log(2))),), complex_=False, numba="rg_log2({0})")
log10 = _math("log10", np.log10, lambda g, y, x: (g / (x * float(np.log(10))),), complex_=False, numba="rg_log10({0})")
sin = _math("sin", np.sin, lambda g, y, x: (g * conj(cos(x)),), laws=[Odd()])
cos = _math("cos", np.cos, lambda g, y, x: (-g * conj(sin(x)),), laws=[Even()])
tan = _math("tan", np.tan, lambda g, y, x: (g * conj(1 + y * y),), laws=[Odd()])
sinh = _math("sinh", np.sinh, lambda g, y, x: (g * conj(cosh(x)),), laws=[Odd()], jax="relgraph.linkers.jax.sinh")
cosh = _math("cosh", np.cosh, lambda g, y, x: (g * conj(sinh(x)),), laws=[Even()])
tanh = _math("tanh", np.tanh, lambda g, y, x: (g * conj(1 - y * y),), laws=[Odd()])
arctan = _math("arctan", np.arctan, lambda g, y, x: (g / (1 + x * x),), c="atan", complex_=False, laws=[Odd()])
erf = _math("erf", "scipy.special.erf", lambda g, y, x: (g * float(2 / np.sqrt(np.pi)) * exp(-(x * x)),), complex_=False,
            jax="jax.scipy.special.erf", laws=[Odd()])
erfc = _math("erfc", "scipy.special.erfc", lambda g, y, x: (-g * float(2 / np.sqrt(np.pi)) * exp(-(x * x)),), complex_=False,
             jax="jax.scipy.special.erfc")
gammaln = elementwise("gammaln", "scipy.special.gammaln", lambda g, y, x: (g * digamma(x),), {"f": "rg_lgamma{f}({0})"},
                      {"f": "rg_lgamma({0})"}, "relgraph.linkers.jax.special.gammaln", n=1, dtype=real_floating, cost=60,
                      doc="Logarithm of the absolute value of the gamma function.")
digamma = elementwise("digamma", "scipy.special.digamma", lambda g, y, x: (g * trigamma(x),), {"f": "rg_digamma{f}({0})"},
                      {"f": "rg_digamma({0})"}, "relgraph.linkers.jax.special.digamma", n=1, dtype=real_floating, cost=60,
                      doc="Derivative of `gammaln`.")
trigamma = elementwise("trigamma", lambda x: _scipy_polygamma(x, 1), lambda g, y, x: (g * polygamma(x, 2),),
                       {"f": "rg_trigamma{f}({0})"}, {"f": "rg_trigamma({0})"},
                       "relgraph.linkers.jax.special.trigamma", n=1, dtype=real_floating, cost=60,
                       doc="Second derivative of `gammaln`.")


def _scipy_polygamma(x: Any, order: int) -> Any:
    """SciPy's for x > 0; below it adds a term for each unit, which at -1e16 takes forever: reflected (DLMF 5.15.6, order 1)."""
    from scipy.special import polygamma as found  # SciPy is imported on first use
    x = np.asarray(x, "float64")
    with np.errstate(all="ignore"):
        there = found(order, np.where(x > 0, x, 1 - x))
        below = (np.pi / np.sin(np.pi * (x - np.round(x)))) ** 2 - there
        return np.where(x > 0, there, np.where(x == -np.inf, np.inf, below))


def _polygamma_definition(x: Term, order: Term) -> Term:
    """Euler and Maclaurin's sum of ``(x + k)**-s`` (DLMF 25.11.43), for x > 0: 12 terms, then the tail."""
    n, far = order.data, 12
    s = n + 1
    x = astype(x, real_floating(x.type.dtype))
    total = reciprocal(x) ** s
    for k in range(1, far):
        total = total + reciprocal(x + k) ** s
    r = reciprocal(x + far)
    tail = r ** n / n + 0.5 * r ** s
    rising, factorial = float(s), 2.0
    for j, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        tail = tail + (bernoulli * rising / factorial) * r ** (s + 2 * j - 1)
        rising *= (s + 2 * j - 1) * (s + 2 * j)
        factorial *= (2 * j + 1) * (2 * j + 2)
    out = float((-1) ** s * math.factorial(n)) * (total + tail)
    return where(greater(x, 0), out, float("nan"))


polygamma_ = Op(name="polygamma", attrs=("order",), kind="elementwise", operands=to_result,
                infer=lambda sizes, x, order: Type(real_floating(x.dtype), x.shape),
                numpy=lambda x, order: np.where(x > 0, _scipy_polygamma(x, order), np.nan),
                reference="relgraph.terms.reference.polygamma", definition=_polygamma_definition,
                pullback=lambda g, y, x, order: (g * polygamma(x, order.data + 1),),
                lower={"jax": "relgraph.linkers.jax.special.polygamma"}, cost=120,
                doc="Derivative of `digamma` of a positive order, for positive numbers; NaN elsewhere.")


def polygamma(x: Any, order: int) -> Term:
    """The derivative of `digamma` of an order from 1 on, for positive ``x``, as ``scipy.special.polygamma(order, x)``."""
    return polygamma_(as_term(x), attr(order))


sigmoid = elementwise("sigmoid", "scipy.special.expit", lambda g, y, x: (g * y * sigmoid(-x),), {"f": "rg_sigmoid{f}({0})"},
                      {"f": "rg_sigmoid({0})"}, "jax.nn.sigmoid", n=1, dtype=real_floating, cost=20,
                      doc="``1/(1 + exp(-x))``, evaluated without overflow.")
softplus = elementwise("softplus", lambda x: np.logaddexp(np.zeros((), x.dtype), x), lambda g, y, x: (g * sigmoid(x),),
                       {"f": "rg_softplus{f}({0})"}, {"f": "rg_softplus({0})"}, "jax.nn.softplus", n=1, dtype=real_floating,
                       cost=35, doc="``log(1 + exp(x))``, evaluated without overflow.")
log1mexp = elementwise("log1mexp", lambda x: np.where(x > -np.log(2), np.log(-np.expm1(x)), np.log1p(-np.exp(x))),
                       lambda g, y, x: (-g * exp(x - y),),
                       {"f": "rg_log1mexp{f}({0})"}, {"f": "rg_log1mexp({0})"}, "relgraph.linkers.jax.special.log1mexp", n=1,
                       dtype=real_floating, cost=35,
                       doc="``log(1 - exp(x))`` for ``x <= 0`` (Maechler 2012), NaN above.")
logaddexp = elementwise("logaddexp", np.logaddexp, lambda g, y, a, b: _weigh(g, a, b),
                        {"f": "rg_logaddexp{f}({0}, {1})"}, {"f": "rg_logaddexp({0}, {1})"}, n=2, dtype=real_floating,
                        cost=35, laws=[Commutative()])


def _weigh(g: Term, a: Term, b: Term) -> tuple[Term, Term]:
    """Two infinities of one sign weigh the same; their difference is undefined."""
    d = where(logical_and(equal(a, b), isinf(a)), 0, a - b)
    return g * sigmoid(d), g * sigmoid(-d)


# -- complex parts, casts ---------------------------------------------------------------------------------------------------


class _RealIdentity(Op):
    """`conj` leaves real terms alone, so that pullbacks can be written once for real and complex."""

    def __call__(self, *operands: Any) -> Term:
        x = as_term(operands[0])
        if x.type is not UNKNOWN and x.type.dtype.kind != "c":
            return x
        return super().__call__(x)


conj = _RealIdentity(name="conj", kind="elementwise", numpy=np.conj, dtype=promote, operands=to_result,
                     reference="relgraph.terms.reference.conj",
                     pullback=lambda g, y, x: (conj(g),), laws=(Involution(),),
                     lower={"c": {"biuf": "({0})", "c": "conj{f}({0})"},
                            "numba": {"biuf": "({0})", "c": "({0}).conjugate()"}, "jax": "jax.numpy.conj"},
                     doc="Complex conjugate; a real term is returned as it is.")
real = elementwise("real", np.real, lambda g, y, x: (astype(g, x.type.dtype),), {"biuf": "({0})", "c": "creal{f}({0})"},
                   {"biuf": "({0})", "c": "({0}).real"}, n=1, dtype=real_of, operands=as_given)
imag = elementwise("imag", np.imag, lambda g, y, x: (g * 1j if x.type.dtype.kind == "c" else None,),
                   {"biuf": "0", "c": "cimag{f}({0})"}, {"biuf": "0", "c": "({0}).imag"}, n=1, dtype=real_of, operands=as_given)

astype_ = Op(name="astype", attrs=("dtype",), kind="elementwise", operands=as_given,
             infer=lambda sizes, x, dtype: Type(dtype, x.shape),
             numpy=lambda x, dtype: (x.real if x.dtype.kind == "c" and dtype.kind not in "cb" else x).astype(dtype),
             reference="relgraph.terms.reference.astype",
             pullback=lambda g, y, x, dtype: (_cast_back(g, x),),
             lower={"c": "rg_cast_{s}_{t}({0})", "numba": {"biuf": "({0})", "c": "rg_cast_{t}({0})"},
                    "jax": "relgraph.linkers.jax.astype"},
             doc="Convert to a dtype, as NumPy's ``astype``; complex to real drops the imaginary part.")


def _cast_back(g: Term, x: Term) -> Term | None:
    if x.type.dtype.kind not in "fc":
        return None
    if x.type.dtype.kind == "f" and g.type.dtype.kind == "c":
        g = real(g)
    return astype(g, x.type.dtype)


def astype(x: Any, dtype: Any) -> Term:
    """Convert a term to a dtype; no term is built if it has that dtype already."""
    x = as_term(x)
    if isinstance(dtype, Term):
        return astype_(x, dtype)
    dtype = as_dtype(dtype)
    return x if x.type is not UNKNOWN and x.type.dtype == dtype else astype_(x, attr(dtype))


def clip(x: Any, min: Any = None, max: Any = None) -> Term:
    """Limit values to ``[min, max]``: ``minimum(maximum(x, min), max)``."""
    out = as_term(x)
    if min is not None:
        out = maximum(out, min)
    if max is not None:
        out = minimum(out, max)
    return out


# -- identities that carry information ---------------------------------------------------------------------------------

def _identity(name: str, pullback: Any, doc: str) -> Op:
    return Op(name=name, kind="identity", dtype=lambda d: d, infer=lambda sizes, x, *facts: x, numpy=lambda x, *facts: x,
              operands=as_given, pullback=pullback, doc=doc, cost=0,
              lower={"c": "({0})", "numba": "({0})", "jax": "relgraph.linkers.jax.identity"})


stop_gradient = _identity("stop_gradient", lambda g, y, x: (None,), "The operand, through which no gradient flows.")
shared = _identity("shared", lambda g, y, x: (g,), "Marks a node with several parents while a term is normalised.")
assume_ = Op(name="assume", kind="identity", attrs=("facts",), infer=lambda sizes, x, facts: x, numpy=lambda x, facts: x,
             operands=as_given, pullback=lambda g, y, x, facts: (g,), cost=0,
             lower={"c": "({0})", "numba": "({0})", "jax": "relgraph.linkers.jax.identity"},
             doc="The operand, about which facts are claimed; matchers see through it.")


def assume(x: Any, **facts: Any) -> Term:
    """The row of `relgraph.assume`, which checks what is claimed: facts by name, or pairs of a name and a number."""
    return assume_(as_term(x), attr(tuple(k if v is True else (k, v) for k, v in sorted(facts.items()))))
