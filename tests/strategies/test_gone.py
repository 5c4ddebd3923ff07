"""What `why` says of a part of what was written that the result does not hold, and `why_not` of what a rule would make."""

from __future__ import annotations

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.relations import lvars, relation, theory
from relgraph.terms.term import Term

a, b = rg.vector("a", "n"), rg.vector("b", "n")
log, exp = rnp.log, rnp.exp

GONE: list[tuple[Term, Term, str]] = [  # what was written, a part of it, what is said of that
    (log(1 + exp(a)), exp(a), "exp(a) is gone: softplus rewrote the term that held it\n  softplus  "),
    (log(1 + exp(a)), 1 + exp(a), "1 + exp(a) is gone: log_one_plus rewrote the term that held it\n  log_one_plus  "),
    (log(1 + exp(a)) + rnp.expm1(exp(a) - 1), exp(a), "exp(a) is gone: softplus, exp_minus_one rewrote terms that held it\n"),
    (log(1 + exp(a)) * rnp.sin(exp(a)), exp(a), "exp(a) is as it was written"),
    (b + (a + exp(b)), a + exp(b), "a + exp(b) is as it was written"),  # only the grouping is another
    (log(1 + exp(log(1 + a))), exp(log(1 + a)),
     "exp(log(1 + a)) became exp(log1p(a)), which is gone: softplus rewrote the term that held it\n  log_one_plus  "),
    (log(1 + exp(a)), log(1 + exp(a)), "log(1 + exp(a)) became softplus(a)\n"),
]


@pytest.mark.parametrize(("written", "part", "answer"), GONE, ids=[str(i) for i in range(len(GONE))])
def test_what_is_gone_is_said_to_be(written: Term, part: Term, answer: str) -> None:
    found = rg.why(rg.function([a, b], written, linker="numpy"), part)
    assert str(found).startswith(answer) and bool(found.taken) == (" is gone: " in answer)


def test_another_type_is_named() -> None:
    x, = lvars("x")
    wide = relation("wide", exp(x), rnp.astype(exp(x), "complex128"))
    found = rg.why_not(wide, exp(a), theory(wide))
    assert found.kind == "type" and "what it makes is of the type complex128[n], not float64[n]" in str(found)
