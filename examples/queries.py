"""Relations as questions: one equation read forward, backward, and with both sides open.

    python examples/queries.py
"""

from __future__ import annotations

from typing import Any

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.facts import signs
from relations_library.stable import stable
from relgraph.relations import lvars, run, theory, var
from relgraph.relations.predicates import positive


def forward(x: rg.Term) -> tuple[Any, ...]:
    """What is ``log(1 + exp(x))``, one step of `stable` away?"""
    q = var()
    return run(0, q, stable(rnp.log(1 + rnp.exp(x)), q))


def backward(x: rg.Term) -> tuple[Any, ...]:
    """From what expressions does one step of `stable` lead to ``log1p(x)``?"""
    q = var()
    return run(3, q, stable(q, rnp.log1p(x)))


def both_open() -> tuple[Any, ...]:
    """Which pairs of expressions does `stable` relate at their root?  Variables of a relation stand for any expression."""
    left, right = var(), var()
    return run(5, (left, right), stable.root(left, right))


def your_own(x: rg.Term, y: rg.Term) -> tuple[Any, ...]:
    """What is ``log(exp(x) * sqrt(exp(y)))`` by a theory of one equation, which holds for positive numbers?"""
    a, b = lvars("a b")
    product = theory(signs, log_product=(rnp.log(a * b), rnp.log(a) + rnp.log(b), positive(a) & positive(b)))
    q = var()
    return run(0, q, product(rnp.log(rnp.exp(x) * rnp.sqrt(rnp.exp(y))), q))


def same(x: rg.Term) -> Any:
    """Are two spellings of one function equal?  A derivation that joins them, or None."""
    return rg.equal(rnp.log(1 / (1 + rnp.exp(-x))), -rnp.log1p(rnp.exp(-x)), stable)


def main() -> None:
    x, y = rg.scalar("x"), rg.scalar("y")
    for question, answers in ((forward, forward(x)), (backward, backward(x)), (your_own, your_own(x, y))):
        print(question.__doc__)
        for answer in answers:
            print(f"  {answer!r}")
    print(both_open.__doc__)
    for left, right in both_open():
        print(f"  {left!r}  =  {right!r}")
    print(same.__doc__)
    print(same(x))


if __name__ == "__main__":
    main()
