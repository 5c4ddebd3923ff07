"""`lam` binds by number: terms equal up to names are one object, and substitution never captures."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError
from relgraph.terms.binders import apply_lam, close_over, lam, lam_, parameters, substitute
from relgraph.terms.term import Term, bound_variable, make, toposort
from relgraph.terms.type import LamType, Type

F = Type("float64")
x, y, z = rg.scalar("x"), rg.scalar("y"), rg.scalar("z")


def fn(build: Callable[..., Term], n: int = 1) -> Term:
    return lam([F] * n, build)



def inside(t: Term) -> Term:
    """A function whose body holds a function: the variable of the outer one stands in the inner one."""
    return lam([F], lambda v: pair(lam([F], lambda w: t + v * w), v))



holds = rg.Op(name="holds", signature="(),()->()", infer=lambda sizes, f, v: v, doc="A function beside a value.")


def pair(f: Term, v: Term) -> Term:
    return make(holds, (f, v))


def test_terms_equal_up_to_names_are_one_object() -> None:
    assert fn(lambda a: a * a + x) is fn(lambda b: b * b + x)
    assert fn(lambda a, b: a - b, 2) is fn(lambda b, a: b - a, 2)
    assert fn(lambda a, b: a - b, 2) is not fn(lambda a, b: b - a, 2)
    assert close_over(x * z, [x]) is close_over(y * z, [y]) and close_over(x * y, [x]) is not close_over(x * y, [y])


def test_a_closed_body_is_one_object_at_every_depth() -> None:
    square = fn(lambda v: v * v)
    nested = fn(lambda w: pair(fn(lambda v: v * v), w))
    deeper = fn(lambda u: pair(fn(lambda w: pair(fn(lambda v: v * v), w)), u))
    assert square in toposort(nested) and square in toposort(deeper) and nested in toposort(deeper)


def test_numbers_are_one_more_than_the_largest_inside() -> None:
    depths = [fn(lambda v: v * v)]
    for _ in range(3):
        depths.append(fn(lambda v: pair(depths[-1], v)))
    assert [t.args[1].data for t in depths] == [1, 2, 3, 4] and [t.bound for t in depths] == [1, 2, 3, 4]
    assert fn(lambda a, b: a + b, 2).bound == 2 and x.bound == 0


def test_free_variables_are_those_no_lam_binds() -> None:
    v = bound_variable(1, F)
    assert (v + x).free == {1} and fn(lambda a: a).free == frozenset() and rnp.exp(v).free == {1}
    assert make(lam_, make(lam_, (v,) + fn(lambda a: a).args[1:]).args).free == frozenset()


def test_the_type_is_the_parameters_and_the_body() -> None:
    t = lam([F, Type("int64", ("n",))], lambda a, i: a * rnp.sum(i))
    assert t.type is LamType((F, Type("int64", ("n",)), F)) and [p.type for p in parameters(t)] == list(t.type.items[:-1])


def test_applying_replaces_the_parameters() -> None:
    assert apply_lam(fn(lambda a, b: a - 2 * b, 2), y, x) is y - 2 * x
    assert apply_lam(fn(lambda a: x), y) is x
    twice = apply_lam(fn(lambda a: a + a), x * y)
    assert twice is x * y + x * y
    with pytest.raises(MisuseError, match="takes 1 operands, got 2"):
        apply_lam(fn(lambda a: a), x, y)
    with pytest.raises(MisuseError, match="add is no lam"):
        apply_lam(x + y, x)
    with pytest.raises(MisuseError, match=r"lam\(types, lambda x: body\)"):
        lam_(x, 1, (F,))


# (in, replace, by, expected): the classic cases
SUBSTITUTION = [
    ("x for y in x", x, {x: y}, y),
    ("under a binder", fn(lambda a: a + x), {x: y}, fn(lambda a: a + y)),
    ("both at once, no chain", x - y, {x: y, y: x}, y - x),
    ("both at once under a binder", fn(lambda a: x - y + a), {x: y, y: x}, fn(lambda a: y - x + a)),
    ("a compound term", rnp.exp(x + y) + x, {x + y: z}, rnp.exp(z) + x),
    ("a compound term under a binder", fn(lambda a: a * (x + y)), {x + y: z}, fn(lambda a: a * z)),
    ("by a term with a binder", fn(lambda a: pair(fn(lambda b: b + x), a)), {x: pair(fn(lambda b: b), y)},
     fn(lambda a: pair(fn(lambda b: b + pair(fn(lambda b: b), y)), a))),
    ("inside a function inside a function", fn(lambda a: pair(fn(lambda b: b + x), a)), {x: y * y},
     fn(lambda a: pair(fn(lambda b: b + y * y), a))),
    ("two levels", inside(x), {x: y}, inside(y)),
    ("a whole function", pair(fn(lambda a: a), x), {fn(lambda a: a): fn(lambda a: a * 2)}, pair(fn(lambda a: a * 2), x)),
    ("nothing to do", inside(x), {z: y}, inside(x)),
]


@pytest.mark.parametrize(("t", "replacement", "expected"), [c[1:] for c in SUBSTITUTION], ids=[c[0] for c in SUBSTITUTION])
def test_substitution(t: Term, replacement: dict[Term, Term], expected: Term) -> None:
    assert substitute([t], replacement)[0] is expected


def test_a_free_variable_is_not_captured() -> None:
    """(λb. x + b)[x := a] under λa is λa λb. a + b, and never λa λb. b + b."""
    inner = fn(lambda b: x + b)
    outer = close_over(pair(substitute([inner], {x: z})[0], z), [z])
    assert outer is fn(lambda a: pair(fn(lambda b: a + b), a))
    assert outer is not fn(lambda a: pair(fn(lambda b: b + b), a))
    assert apply_lam(outer, y) is pair(fn(lambda b: y + b), y)


def test_a_bound_variable_of_another_binder_is_not_captured() -> None:
    """Putting the variable of an outer lam into an inner one renumbers the inner binder's neighbours, not the variable."""
    v = bound_variable(1, F)
    captured = substitute([fn(lambda b: x * b)], {x: v})[0]
    assert captured.free == {1} and captured.args[1].data != 1
    assert apply_lam(captured, y) is v * y


def test_a_bound_variable_is_no_free_occurrence() -> None:
    square = fn(lambda a: a * a)
    (p,) = parameters(square)
    assert substitute([square], {p: y})[0] is square


def test_substituting_twice_is_substituting_the_composition() -> None:
    t = inside(x * rnp.exp(z))
    assert substitute(substitute([t], {x: z}), {z: y})[0] is substitute([t], {x: y, z: y})[0]


@pytest.mark.parametrize("t", [fn(lambda a: a), fn(lambda a, b: a - b, 2), inside(x), bound_variable(3, F)], ids=repr)
def test_binders_pickle_as_themselves(t: Term) -> None:
    assert pickle.loads(pickle.dumps(t)) is t


def test_many_nested_binders() -> None:
    t = x
    for _ in range(60):
        t = fn(lambda v, t=t: pair(t, v) if t is not x else v * x)
    assert t.bound == 60 and substitute([t], {x: y})[0] is not t and pickle.loads(pickle.dumps(t)) is t


def test_nested_binders_that_use_every_outer_variable() -> None:
    """A second walk over the body per level would double the work at each: this would not end."""
    def nest(k: int, total: Term) -> Term:
        return fn(lambda v: pair(nest(k - 1, total + v), v) if k else total * v)

    t = nest(40, x)
    assert t.bound == 41 and substitute([t], {x: y})[0] is nest(40, y)
