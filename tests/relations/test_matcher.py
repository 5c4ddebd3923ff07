"""Generated matchers: their source, and what they match (over 300 lines because one source is written out)."""

from __future__ import annotations

import traceback
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import everything
from relgraph.relations import attrs, literals, lvars, relation, theory
from relgraph.relations.forms import normal
from relgraph.relations.matcher import matcher_source
from relgraph.relations.predicates import Predicate, finite, nonnegative, positive
from relgraph.terms.term import Term, toposort

from .test_spellings import CASES

x, y, z = lvars("x y z")
c, d = literals("c d")
axis, = attrs("axis")
log, exp, sin, cos, tanh, sigmoid = rnp.log, rnp.exp, rnp.sin, rnp.cos, rnp.tanh, rnp.sigmoid
a, b, e = (rg.vector(n, shape="n") for n in "abe")
f = rg.vector("f", shape="n", dtype="float32")

GOLDEN = theory(
    log_one_plus=(log(1 + x), rnp.log1p(x)), collect=(c*x + d*x, (c + d)*x), sigmoid_compl=(1 - sigmoid(x), sigmoid(-x)),
    log_product=(log(x * y), log(x) + log(y), positive(x) & positive(y)),
    max_max=(rnp.maximum(x, rnp.maximum(x, y)), rnp.maximum(x, y)))

SOURCE = '''\
def match_0_log_one_plus(t):
    # log_one_plus: log(1 + x) -> log1p(x)
    v1 = t.args[0]
    v3 = see(v1) if v1.op is op_assume else v1
    if v3.op is op_add and len(v3.args) >= 2:
        ops2 = v3.args
        for i5, v6 in enumerate(ops2):
            if same_number(v6, 1):
                rest7 = left_over(ops2, (i5,))
                if rest7:
                    v8 = join(op_add, rest7, False)
                    if v8.type.dtype.kind in 'f' if v8.type is not UNKNOWN else may_be(v8, 'f'):
                        return (v8,), None
    return None

def match_1_collect(t):
    # collect: c*x + d*x -> x*(c + d)
    for v4, entries5 in coefficients(t.args, op_multiply, 'multiple').items():
        for (i6, c7), (j8, d9) in pairs(entries5, ()):
            if v4.type.dtype.kind in 'f' if v4.type is not UNKNOWN else may_be(v4, 'f'):
                if is_number(c7):
                    if is_number(d9):
                        return (c7, v4, d9,), left_over(t.args, (i6, j8))
    return None

def match_2_sigmoid_compl(t):
    # sigmoid_compl: 1 + -sigmoid(x) -> sigmoid(-x)
    for i2, v3 in enumerate(t.args):
        if same_number(v3, 1):
            for i5, v6 in enumerate(t.args):
                if i5 not in (i2,):
                    v7 = visible_inverse(v6, op_negative)
                    if v7 is not None:
                        v8 = see(v7) if v7.op is op_assume else v7
                        if v8.op is op_sigmoid:
                            v9 = v8.args[0]
                            if v9.type.dtype.kind in 'f' if v9.type is not UNKNOWN else may_be(v9, 'f'):
                                return (v9,), left_over(t.args, (i2, i5))
    return None

def match_3_sigmoid_compl(t):
    # sigmoid_compl (inverse): -1 + sigmoid(x) -> -sigmoid(-x)
    for i2, v3 in enumerate(t.args):
        if same_number(v3, -1):
            for i5, v6 in enumerate(t.args):
                if i5 not in (i2,):
                    v7 = see(v6) if v6.op is op_assume else v6
                    if v7.op is op_sigmoid:
                        v8 = v7.args[0]
                        if v8.type.dtype.kind in 'f' if v8.type is not UNKNOWN else may_be(v8, 'f'):
                            return (v8,), left_over(t.args, (i2, i5))
    return None

def match_4_sigmoid_compl(t):
    # sigmoid_compl (multiple): times + -(times*sigmoid(x)) -> times*sigmoid(-x)
    for i2, v3 in enumerate(t.args):
        v4 = visible_inverse(v3, op_negative)
        if v4 is not None:
            v6 = see(v4) if v4.op is op_assume else v4
            if v6.op is op_multiply and len(v6.args) == 2:
                ops5 = v6.args
                for i8, v9 in enumerate(ops5):
                    v10 = see(v9) if v9.op is op_assume else v9
                    if v10.op is op_sigmoid:
                        v11 = v10.args[0]
                        if v11.type.dtype.kind in 'f' if v11.type is not UNKNOWN else may_be(v11, 'f'):
                            v15 = ops5[0]
                            if 0 not in (i8,) and is_number(v15):
                                if len((i8, 0)) == len(ops5):
                                    used16 = taken(t.args, v15, op_add, (i2,))
                                    if used16 is not None:
                                        return (v15, v11,), left_over(t.args, used16)
    return None

def match_5_sigmoid_compl(t):
    # sigmoid_compl (inverse multiple): times*sigmoid(x) + -times -> -(times*sigmoid(-x))
    for i2, v3 in enumerate(t.args):
        v5 = see(v3) if v3.op is op_assume else v3
        if v5.op is op_multiply and len(v5.args) == 2:
            ops4 = v5.args
            for i7, v8 in enumerate(ops4):
                v9 = see(v8) if v8.op is op_assume else v8
                if v9.op is op_sigmoid:
                    v10 = v9.args[0]
                    if v10.type.dtype.kind in 'f' if v10.type is not UNKNOWN else may_be(v10, 'f'):
                        v14 = ops4[0]
                        if 0 not in (i7,) and is_number(v14):
                            v15 = None
                            if len((i7, 0)) == len(ops4):
                                if may_hold_inverse(t.args, v14, op_negative):
                                    if v15 is None:
                                        v15 = instantiate(template_5_5, (v14,))
                                    used16 = taken(t.args, v15, op_add, (i2,))
                                    if used16 is not None:
                                        return (v14, v10,), left_over(t.args, used16)
    return None

def match_6_log_product(t):
    # log_product: log(x*y) -> log(x) + log(y)   if positive(x) and positive(y)
    v1 = t.args[0]
    both3 = signed_operands(v1, op_multiply)
    if both3 is not None:
        ops2, neg4 = both3
        for i6, v7 in enumerate(ops2):
            if v7.type.dtype.kind in 'f' if v7.type is not UNKNOWN else may_be(v7, 'f'):
                rest8 = left_over(ops2, (i6,))
                if rest8:
                    v9 = join(op_multiply, rest8, neg4)
                    if v9.type.dtype.kind in 'f' if v9.type is not UNKNOWN else may_be(v9, 'f'):
                        if holds(predicate_6_6, (v7,)) and holds(predicate_6_6, (v9,)):
                            return (v7, v9,), None
    return None

def match_7_max_max(t):
    # max_max: maximum(x, maximum(x, y)) -> maximum(x, y)
    for v1, v2 in (t.args, t.args[::-1]):
        v3 = see(v2) if v2.op is op_assume else v2
        if v3.op is op_maximum:
            for v4, v5 in (v3.args, v3.args[::-1]):
                if v4.type.dtype.kind in 'f' if v4.type is not UNKNOWN else may_be(v4, 'f'):
                    if v5.type.dtype.kind in 'f' if v5.type is not UNKNOWN else may_be(v5, 'f'):
                        if v1 is v4:
                            return (v4, v5,), None
    return None
'''


def test_the_source() -> None:
    assert matcher_source(GOLDEN.compiled().rules)[0] == SOURCE


def test_a_rule_about_bool_leaves_patterns_of_numbers_alone() -> None:
    """Inter-reduction knows the kinds of what has no type yet: ``where(0 < x, x, 0)`` is no conjunction."""
    p, q = lvars("p q", kinds="b")
    one = theory(conjunction=(rnp.where(p, q, False), rnp.logical_and(p, q)),
                 relu=(rnp.where(rnp.less(0, x), x, 0), rnp.maximum(x, 0), finite(x)))
    assert one.compiled().reduced == {}
    v = rg.assume(rg.vector("v"), finite=True)
    assert rg.rewrite(rnp.where(rnp.less(0, v), v, 0.0), one).op is rnp.maximum


def test_the_source_is_the_same_each_time() -> None:
    same: dict[str, Any] = {r.name: (r.lhs, r.rhs, r.guards) for r in GOLDEN}
    other = theory(**same).named("another")
    assert matcher_source(other.compiled().rules)[0] == SOURCE


def test_tracebacks_show_the_generated_line() -> None:
    def breaks(value: Any) -> Any:
        raise ZeroDivisionError("broken predicate")
    broken = Predicate("broken", breaks)
    with pytest.raises(ZeroDivisionError) as err:
        rg.rewrite(sin(rnp.asarray(2.0) * cos(a)), theory(name="breaking", r=(sin(c * x), cos(x), broken(c))))
    shown = "".join(traceback.format_exception(err.value))
    assert "<relgraph matchers breaking" in shown and "if holds(predicate_" in shown and "match_0_r" in shown


# -- what matches: rule, term, result --------------------------------------------------------------------------------------

p, = lvars("p", kinds="b")
i8, = lvars("i8", kinds="i")
q = rg.vector("q", shape="n", dtype="bool")
j = rg.vector("j", shape="n", dtype="int8")
at_least_zero = rg.assume(a, nonnegative=True)
above_zero = rg.assume(a, positive=True)

MATCHES: dict[str, tuple[tuple[Any, ...], Term, Any]] = {
    # multiples of two things are not multiples of one
    "two multiples": ((sin(c*x + d*y), cos(x) * cos(y)), sin(2*a + 3*b), cos(a) * cos(b)),
    # the remainder
    "remainder of a sum": ((exp(x) - 1, rnp.expm1(x)), exp(a) + b - 1, rnp.expm1(a) + b),
    "remainder of a product": ((exp(x) * exp(y), exp(x + y)), exp(a) * e * exp(b), e * exp(a + b)),
    "no remainder below the root": ((log(exp(x)), x), log(exp(a) * b), None),
    "nothing left below the root": ((sin(exp(x) + tanh(x)), x), sin(exp(a) + tanh(a) + b), None),
    # the absorbing variable
    "the last variable takes the rest": ((log(1 + x), rnp.log1p(x)), log(1 + a + b), rnp.log1p(a + b)),
    "at least one operand": ((sin(1 + x), cos(x)), sin(rnp.ones_like(a)), None),
    "earlier variables take one": ((sin(x * y * z), cos(x) + cos(y) + cos(z)), sin(a * b * e), cos(a) + cos(b) + cos(e)),
    "a sign from outside its product": ((sin(x * y), cos(x) * tanh(y)), sin(-(a * b)), cos(a) * tanh(-b)),
    "a variable that occurs elsewhere takes one": ((x * sin(x), cos(x)), a * b * sin(b), a * cos(b)),
    "once bound, all its operands": ((sin(x) * x, cos(x)), sin(a * b) * e * a * b, e * cos(a * b)),
    "alone below the root it takes the rest": ((y - y * sin(x), y * cos(x)), a * b - a * b * sin(e), a * b * cos(e)),
    # literals
    "a number of a known variable is 1 where there is none": ((exp(x) * sin(c * x), c * cos(x)), exp(a) * sin(a), 1.0 * cos(a)),
    "what computes with a number waits for it": ((exp(-(c * x)**2) * sin(c * x), cos(c * x)), exp(-4 * a**2) * sin(2 * a),
                                                 cos(2 * a)),
    "a multiple of a number waits for it": ((c*x*cos(x) - 0.5*(c*sin(x)), c * x), 3.0*a*cos(a) - 1.5*sin(a), 3.0 * a),
    "a number times both sides": ((1 - sin(x), cos(x)), 3 - 3*sin(a), 3.0 * cos(a)),
    "a negative number times both sides": ((1 - sin(x), cos(x)), 3*sin(a) - 3, -3.0 * cos(a)),
    "a number times a side with another number": ((sin(x) - 0.5, cos(x)), 2*sin(a) - 1, 2.0 * cos(a)),
    "a literal is 1 where there is none": ((c*x + d*x, (c + d) * x), a + 2 * a, 3 * a),
    "a literal below the root": ((sin(c * x), c * cos(x)), sin(a), 1.0 * cos(a)),
    "a literal takes the sign": ((sin(c * x), c * cos(x)), sin(-3 * a), -3 * cos(a)),
    "an exponent is 1 where there is none": ((x**c * x**d, x**(c + d)), a * a**2, a**3),
    "an exponent of a reciprocal": ((sin(x**c), c * cos(x)), sin(1 / a), -cos(a)),
    "an absent operand never matches": ((sin(x + y), cos(x) * cos(y)), sin(a), None),
    "an absent number never matches": ((sin(2 * x), cos(x)), sin(a), None),
    "numbers at any dtype": ((sin(0.1 + x), cos(x)), sin(np.float32(0.1) + f), cos(f)),
    "-0.0 is not 0": ((rnp.maximum(x, 0), sin(x)), rnp.maximum(a, -0.0), None),
    "repeated numbers": ((rnp.maximum(x, 2), sin(x)), rnp.maximum(a, rnp.broadcast_to(2.0, a.shape)), sin(a)),
    "an infinite number": ((rnp.maximum(x, -np.inf), x), rnp.maximum(a, -np.inf), a),
    # twins and flips
    "the twin": ((1 - sigmoid(x), sigmoid(-x)), sigmoid(a) - 1, -sigmoid(-a)),
    "the twin of a product": ((sin(x) / cos(x), rnp.tan(x)), e * cos(a) / sin(a), e / rnp.tan(a)),
    "the flip": ((x * (sin(x) - cos(x)), tanh(x)), a * (cos(a) - sin(a)), -tanh(a)),
    **{f"a difference {where}, {order}": ((lhs, tanh(y)), term(*both), tanh(both[1])) for order, both in
       {"under one sign": (a, b), "under the other": (b, a)}.items() for where, lhs, term in (
        ("in a product", cos(x) * (exp(x) - exp(y)), lambda u, v: cos(u) * (exp(u) - exp(v))),
        ("in a divisor", cos(x) / (exp(x) - exp(y)), lambda u, v: cos(u) / (exp(u) - exp(v))))},
    # inverses
    "an inverse is solved": ((sin(x) * cos(-x), tanh(x)), sin(a - b) * cos(b - a), tanh(a - b)),
    "an inverse that is visible": ((sin(-x), -sin(x)), sin(-a), -sin(a)),
    "a negative number is visible": ((sin(-x), -sin(x)), sin(-2 * a), -sin(2 * a)),
    "a sum that looks negative": ((sin(-x), -sin(x)), sin(-a - b), -sin(a + b)),
    "an inverse that is not visible": ((sin(-x), -sin(x)), sin(a), None),
    # order of operands, attributes, kinds
    "commutative ops, one order": ((rnp.maximum(exp(x), sin(y)), x + y), rnp.maximum(exp(a), sin(b)), a + b),
    "commutative ops, the other": ((rnp.maximum(exp(x), sin(y)), x + y), rnp.maximum(sin(b), exp(a)), a + b),
    "no other op has two orders": ((rnp.floor_divide(exp(x), sin(y)), x + y), rnp.floor_divide(sin(b), exp(a)), None),
    "equal operands": ((rnp.maximum(x, x), x), rnp.maximum(a + b, b + a), a + b),
    "different operands": ((rnp.maximum(x, x), x), rnp.maximum(a, b), None),
    "an attribute": ((rnp.sum(sin(x), axis), rnp.sum(cos(x), axis)), rnp.sum(sin(a)), rnp.sum(cos(a))),
    "a given attribute": ((rnp.sum(sin(x), axis=-2), rnp.sum(cos(x), axis=-2)), rnp.sum(sin(a), axis=-1), None),
    "the same attribute twice": ((rnp.sum(sin(x), axis) * rnp.sum(cos(x), axis), rnp.sum(x, axis)),
                                 rnp.sum(sin(a)) * rnp.sum(cos(a)), rnp.sum(a)),
    "variables are real floating": ((sin(x) * 2, cos(x)), rnp.abs(j) * 2, None),
    "unless declared wider": ((rnp.logical_not(rnp.logical_not(p)), p), rnp.logical_not(rnp.logical_not(q)), q),
    "integers where declared": ((rnp.abs(rnp.abs(i8)), rnp.abs(i8)), rnp.abs(rnp.abs(j)), rnp.abs(j)),
    # guards
    "a guard refuses": ((rnp.abs(x), x, nonnegative(x)), rnp.abs(a), None),
    "a guard holds": ((rnp.abs(x), x, nonnegative(x)), rnp.abs(at_least_zero), a),
    "guards choose among operands": ((log(x * y), log(x) + log(y), positive(x)), log(a * above_zero * b),
                                     log(a) + log(a * b)),
    "assumptions are seen through": ((log(exp(x)), x), log(rg.assume(exp(a), positive=True)), a),
    "in operands too": ((sin(x)**2 + cos(x)**2, 1), rg.assume(sin(a)**2, nonnegative=True) + cos(a)**2, rnp.ones_like(a)),
}


@pytest.mark.parametrize("name", MATCHES)
def test_matching(name: str) -> None:
    equation, term, wanted = MATCHES[name]
    found = rg.rewrite(term, theory(rule=equation))
    unchanged = rg.rewrite(term, theory(other=(rnp.cosh(rnp.sinh(x)), x)))
    assert normal(found) is normal(unchanged if wanted is None else wanted), found


def test_a_number_that_does_nothing_at_one_must_be_seen() -> None:
    """Else `sum(c*x) = c*sum(x)` would be tried at every sum and taken back; `collect` needs the 1 of x + 2*x."""
    rules = {r.name: r for r in theory(out=(rnp.sum(c * x, axis), c * rnp.sum(x, axis)), power=(log(x**c), c * log(x)),
                                       other=(sin(c * x), c * cos(x)), collect=(c*x + d*x, (c + d)*x)).compiled().rules}
    assert rules["out"].matcher(normal(rnp.sum(a))) is None and rules["out"].matcher(normal(rnp.sum(-a))) is not None
    assert rules["power"].matcher(log(a)) is None and rules["power"].matcher(log(a**3)) is not None
    assert rules["other"].matcher(sin(a)) is not None and rules["collect"].matcher(normal(a + 2 * a)) is not None


def test_rules_at_one_node_are_tried_in_written_order() -> None:
    first, second = (sin(x), cos(x)), (sin(x), tanh(x))
    assert rg.rewrite(sin(a), theory(p=first, q=second)) is cos(a)
    assert rg.rewrite(sin(a), theory(q=second, p=first)) is tanh(a)


def test_the_index_hides_no_match() -> None:
    """Every rule that matches a node is among those that the operators of the node name."""
    compiled = everything.compiled()
    named = 0
    for term, _ in CASES.values():
        for t in toposort(*normal(term).args, normal(term)):
            if t.args:
                found = {id(r) for r, _ in compiled.engine.index.candidates(t)}
                matching = [r for r in compiled.rules if r.lhs.op is t.op and r.matcher(t) is not None]
                assert all(id(r) in found for r in matching), (t, matching)
                named += len(matching)
    assert named > 100


# -- types -----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kinds", "dtype", "spelled"), [("b", "int8", lambda v: v * 1), ("iu", "int64", lambda v: v * 1),
                                                         ("b", "int8", lambda v: v + 0)])
def test_a_left_side_that_becomes_a_variable_makes_no_rule(kinds: str, dtype: str, spelled: Any) -> None:
    """It would match everything; it is said, not raised."""
    v, = lvars("v", kinds=kinds)
    r = relation("r", spelled(v), v.astype(dtype))
    reason = "its left side becomes v, which cannot be oriented"
    assert theory(r).compiled().dropped == {"r": reason} and not theory(r).compiled().rules
    assert r.matcher() == f"# r: {reason}, and has no matcher"
    given = spelled(rg.vector("g", dtype="bool"))
    assert rg.rewrite(given, theory(r)).type == given.type
    assert str(rg.why_not("r", given, theory(r))) == f"r did not apply: {reason}"


def test_a_dropped_operand_leaves_its_shape_and_dtype() -> None:
    m = rg.matrix("m", shape=("k", "n"))
    vanish = theory(r=(x * 0, 0, "domain"), o=(x + y - x, y))
    assert rg.rewrite(a * 0, vanish).type is a.type
    found = rg.rewrite(m + f - m, vanish)
    assert found.type is (m + f - m).type


def test_a_rule_that_would_change_the_type_is_refused() -> None:
    """Only a dropped operand of an elementwise left side gives a shape."""
    wrong = theory(r=(rnp.sum(x, axis), x))
    t = rnp.sum(a)
    assert rg.rewrite(t, wrong) is t
    wider = theory(r=(sin(x), x.astype("float32")))
    assert rg.rewrite(sin(a), wider).type is a.type


def test_a_narrowing_result_is_refused() -> None:
    z128, = lvars("z128", kinds="c")
    t = rnp.real(rg.vector("w", shape="n", dtype="complex128"))
    assert rg.rewrite(t, theory(r=(rnp.real(z128), z128 * 2))) is t
