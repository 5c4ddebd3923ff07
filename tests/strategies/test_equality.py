"""Equality under a theory: the chain that is found, what it sees through, and what is said where none is found."""

from __future__ import annotations

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.pipelines import everything
from relgraph.errors import DTypeError
from relgraph.relations import lvars, theory
from relgraph.relations.predicates import positive

x, y = lvars("x y")
a, b = rg.vector("a", shape="n"), rg.vector("b", shape="n")
s = rg.scalar("s")
log, exp = rnp.log, rnp.exp


def test_equal() -> None:
    found = rg.equal(log(1 + exp(a)), rnp.softplus(a), everything)
    assert found and found.reason == "joined" and [str(rg.show(t, types=False)) for t in found] == [
        "log(1 + exp(a))", "log1p(exp(a))", "softplus(a)"]
    assert str(found) == "log(1 + exp(a))\n= log1p(exp(a))\n= softplus(a)"


def test_equal_from_both_sides() -> None:
    """Neither side alone leads to the other: they meet."""
    t = theory(f=(rnp.sin(x), rnp.cos(x)), g=(rnp.tanh(x), rnp.cos(x)))
    assert rg.equal(rnp.sin(a), rnp.tanh(a), t)
    assert not rg.equal(rnp.sin(a), rnp.sinh(a), t)


def test_equal_says_why_it_stopped() -> None:
    assert rg.equal(a + b, b + a, everything).reason == "one normal form"
    nothing = rg.equal(rnp.sin(a), rnp.cos(a), theory(f=(rnp.tanh(x), rnp.cosh(x))))
    assert not nothing and nothing.path == () and "no relation of theory applies to either term; rg.why_not" in nothing.reason
    some = rg.equal(rnp.sin(a), rnp.cos(a), theory(f=(rnp.sin(x), rnp.cosh(x))))
    assert not some and some.reason == "all 2 terms within reach were visited"
    spent = rg.equal(exp(a) * exp(b) * exp(-a), rnp.cosh(b), everything, budget=20)
    assert not spent and "the budget of 20 terms is used up" in spent.reason and "not joined" in str(spent)
    with pytest.raises(DTypeError, match="different types"):
        rg.equal(a, s, everything)


def test_equal_sees_through_assumptions() -> None:
    """An assumption is an identity: it proves guards on either side, and is no part of what is compared."""
    t = theory(log_product=(log(x * y), log(x) + log(y), positive(x) & positive(y)), log_exp=(log(exp(x)), x))
    p, q = rg.assume(a, positive=True), rg.assume(b, positive=True)
    for left, right in ((log(p * q), log(p) + log(q)), (log(p * q), log(a) + log(b)), (log(a * b), log(p) + log(q)),
                        (log(rg.assume(exp(a), positive=True)), a), (p, a), (rnp.sin(log(p * q)), rnp.sin(log(q) + log(p)))):
        assert rg.equal(left, right, t) and rg.equal(right, left, t), (left, right)
    assert not rg.equal(log(p * b), log(a) + log(b), t)
    three = theory(t, *[theory(everything.clauses)])
    r = rg.assume(s, positive=True)
    assert rg.equal(log(p * q * r), log(a) + log(b) + log(s), three)
    assert str(rg.equal(log(p * q), log(p) + log(q), t)).splitlines()[1:3] == ["= log(a*b)", "= log(a) + log(b)"]


def test_equal_takes_numbers() -> None:
    """A Python number has the dtype that it has in arithmetic with the other side."""
    t = theory(one=(rnp.sin(x)**2 + rnp.cos(x)**2, 1))
    single = rg.scalar("single", "float32")
    for v in (s, single):
        assert rg.equal(rnp.sin(v)**2 + rnp.cos(v)**2, 1, t) and rg.equal(1.0, rnp.sin(v)**2 + rnp.cos(v)**2, t)
