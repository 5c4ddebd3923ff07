"""Laws as functions of ops: what they state, and that each equation is stated once."""

from __future__ import annotations

import pytest

import relgraph.numpy as rnp
from relations_library.laws import having, idempotent, lattice, odd, of_each, ring_modulo
from relgraph.errors import RefusedRelation
from relgraph.relations import theory
from relgraph.terms.laws import Even, Odd


def test_a_law_of_several_ops() -> None:
    assert [str(r) for r in of_each(odd, rnp.sin, rnp.tan)] == ["sin_neg: sin(-x) = -sin(x)", "tan_neg: tan(-x) = -tan(x)"]


def test_the_same_law_of_the_same_op_is_one_relation() -> None:
    assert odd(rnp.sin)["sin_neg"] is of_each(odd, rnp.tan, rnp.sin)["sin_neg"]
    assert len(theory(odd(rnp.sin), of_each(odd, rnp.sin))) == 1


@pytest.mark.parametrize("law", [Odd, Even])
def test_what_rows_say_is_stated(law: type) -> None:
    from relations_library.algebra import signs
    assert having(law) and all(f"{op.name}_neg" in signs for op in having(law))


def test_a_law_that_an_op_does_not_obey_is_refused() -> None:
    for wrong in (odd(rnp.cos), odd(rnp.exp), lattice(rnp.maximum, rnp.minimum, "f"), idempotent(rnp.exp),
                  ring_modulo(rnp.add, rnp.multiply, rnp.remainder, 3)):
        with pytest.raises(RefusedRelation):
            wrong.check()
