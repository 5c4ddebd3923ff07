"""``einsum``, ``tensordot`` and ``inner`` are NumPy's, in whatever order, and what is wrong is said by name."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import MisuseError, ShapeError
from relgraph.terms.term import Term, toposort

rng = np.random.default_rng(1)
SIZES = dict(zip("abcdefijkl", (2, 3, 4, 2, 3, 2, 2, 3, 4, 5), strict=True))


def array(shape: tuple[int, ...], dtype: str = "float64") -> Any:
    return rng.integers(-3, 4, shape).astype(dtype) if dtype != "float64" else rng.normal(size=shape)


def inputs(values: list[Any]) -> list[Term]:
    return [rg.tensor(f"x{k}", shape=np.shape(v), dtype=np.asarray(v).dtype) for k, v in enumerate(values)]


SUBSCRIPTS = [
    # one operand: transposes, sums, diagonals
    "ij->ji", "ij", "ji", "ij->", "ijk->kj", "ii->i", "ii", "ii->", "iji->j", "iij->ij", "iii->i", "ijij->ji", "i->i",
    # two: products, matrix products, batches
    "i,i->", "i,i", "i,i->i", "i,j->ij", "i,j->ji", "ij,jk->ik", "ij,jk", "ij,jk->ki", "ij,kj->ik", "ji,jk->ik", "ij,j->i",
    "i,ij->j", "i,ji->j", "ij,i->j", "ij,ij->", "ij,ij->i", "ij,ij->j", "ij,ji->", "ij,ji->i", "aij,ajk->aik", "ija,jka->aik",
    "aij,jk->aik", "abij,abjk->abik", "ijk,jkl->il", "ijk,kjl->il", "ijk,jk->i", "jk,ijk->i", "ijk,lj->ilk", "ij,kl->ijkl",
    "ij,kl->ki", "ij,k->", "ij,i->ij", "ij,j->ij", "ai,ai->a", "ia,ia->a", "ij,->ij", ",", ",i->i", "ii,i->i", "ii,ij->j",
    "iij,jk->ik", "ijk,ilm->kl", "i j , j k -> i k",
    # several
    "i,i,i->", "i,ij,j->", "i,ij,j", "ij,jk,kl->il", "ij,jk,kl,li->", "ij,ij,ij->", "ij,ij,ij->i", "i,j,k->ijk",
    "ab,bc,cd,de->ae", "ia,ja,ka->ijk", "ab,ac,bc->", "ijkl,ia,jb,kc,ld->abcd",
]


def operands(text: str, dtype: str = "float64") -> list[Any]:
    sizes = SIZES | {"m": 6}
    return [array(tuple(sizes[c] for c in part), dtype) for part in text.replace(" ", "").split("->")[0].split(",")]


@pytest.mark.parametrize("text", SUBSCRIPTS)
def test_einsum_is_numpys(text: str) -> None:
    values = operands(text)
    xs = inputs(values)
    expected = np.einsum(text, *values)
    for optimize in (True, False, "greedy"):
        y = rnp.einsum(text, *xs, optimize=optimize)
        assert y.type.shape == expected.shape and y.type.dtype == expected.dtype
        np.testing.assert_allclose(y.eval(dict(zip(xs, values, strict=True))), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "bool", "float32", "complex128"])
@pytest.mark.parametrize("text", ["ij->i", "ij,jk->ik", "i,i->i", "ij,ij->", "ii->i", "i,ij,j->"])
def test_einsum_keeps_the_dtype(text: str, dtype: str) -> None:
    values = operands(text, dtype)
    xs = inputs(values)
    expected = np.einsum(text, *values)
    found = rnp.einsum(text, *xs).eval(dict(zip(xs, values, strict=True)))
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5)


BROADCAST: list[tuple[str, list[tuple[int, ...]]]] = [
    ("...ij,...jk->...ik", [(5, 2, 3), (4, 1, 3, 2)]), ("...ij,...jk", [(2, 3), (4, 3, 2)]),
    ("...i,...i->...", [(1, 3), (2, 3)]),
    ("i...->...", [(2, 3, 4)]), ("i...,j...->ij...", [(2, 3), (4, 3)]), ("...", [(2, 3)]), ("i,...", [(3,), (2, 3)]),
    ("...,...->...", [(), (2, 3)]), ("i...j->j...i", [(2, 5, 3)]), ("...ii->...i", [(4, 3, 3)]), ("i...->i", [(3,)]),
    ("i,i->i", [(1,), (3,)]), ("ij,jk", [(2, 1), (3, 2)]), ("ij,ij->", [(1, 3), (2, 1)]), ("ij,jk->ik", [(2, 0), (0, 3)]),
    ("i,j->ij", [(0,), (3,)]), ("...,i->...i", [(2, 2), (3,)]), ("ba...", [(2, 3, 4)]),
]


@pytest.mark.parametrize(("text", "shapes"), BROADCAST, ids=[f"{t} {s}" for t, s in BROADCAST])
def test_einsum_broadcasts(text: str, shapes: list[tuple[int, ...]]) -> None:
    values = [array(s) for s in shapes]
    xs = inputs(values)
    expected = np.einsum(text, *values)
    found = rnp.einsum(text, *xs).eval(dict(zip(xs, values, strict=True)))
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_einsum_of_lists_and_numbers() -> None:
    values = [array((2, 3)), array((3, 4))]
    x, y = inputs(values)
    at = {x: values[0], y: values[1]}
    assert rnp.einsum(x, [0, 1], y, [1, 2], [2, 0]) is rnp.einsum("AB,BC->CA", x, y)
    assert rnp.einsum(x, [..., 1], y, [1, 2]) is rnp.einsum("...B,BC", x, y)
    np.testing.assert_allclose(rnp.einsum("ij,", x, 2.0).eval(at), 2 * values[0])
    np.testing.assert_allclose(rnp.einsum("ij,jk", values[0], y).eval(at), values[0] @ values[1])
    assert rnp.einsum("ij->i", x, dtype="float32").type.dtype == "float32"
    same: Any = np.einsum  # pyright knows no terms
    assert same("ij,jk", x, y) is rnp.einsum("ij,jk", x, y)


n, m = rg.matrix("n", shape=("p", "q")), rg.matrix("m", shape=("q", "r"))
square, vector = rg.matrix("square", shape=("p", "p")), rg.vector("vector", shape="q")

READS_AS: dict[str, tuple[Term, Term]] = {
    "a matrix product":  (rnp.einsum("ij,jk->ik", n, m), n @ m),
    "of a transpose":    (rnp.einsum("ji,jk->ik", m, n.T), m.T @ n.T),
    "without turning":   (rnp.einsum("j,ij->i", vector, n), n @ vector),
    "a trace":           (rnp.einsum("ii", square), rnp.sum(rnp.diagonal(square))),
    "a product":         (rnp.einsum("ij,ij->ij", n, n), n * n),
    "an outer product":  (rnp.einsum("i,j->ij", vector, vector), rnp.expand_dims(vector, 1) * vector),
    "a quadratic form":  (rnp.einsum("i,ij,j->", vector, m @ m.T, vector), rnp.vecdot(vector, m @ m.T @ vector)),
    "a transpose":       (rnp.einsum("ji", n), n.T),
    "itself":            (rnp.einsum("ij", n), n),
}


@pytest.mark.parametrize("what", READS_AS)
def test_einsum_is_made_of_existing_rows(what: str) -> None:
    found, expected = READS_AS[what]
    assert found is expected


def multiplications(y: Term) -> int:
    """Of all matrix products in a term of known sizes."""
    return sum(int(np.prod(t.type.shape, dtype=int)) * t.args[0].type.shape[-1] for t in toposort(y)
               if t.op.name in ("matmul", "matvec", "vecmat", "vecdot"))


def test_the_order_costs_least() -> None:
    a, b, c, v = (rg.matrix(s, shape=d) for s, d in (("a", (50, 2)), ("b", (2, 60)), ("c", (60, 3)), ("v", (3, 70))))
    best, left = (rnp.einsum("ij,jk,kl,lm->im", a, b, c, v, optimize=o) for o in (True, False))
    assert multiplications(best) == 2*60*3 + 2*3*70 + 50*2*70 < multiplications(left)
    chain = [rg.matrix(f"m{k}", shape=(2, 2)) for k in range(12)]
    text = ",".join("".join(p) for p in itertools.pairwise("abcdefghijklm")) + "->am"
    assert multiplications(rnp.einsum(text, *chain)) == 11 * 8


@pytest.mark.parametrize("lengths", [(50, 2, 60, 3, 70), (10, 100, 5, 50, 1), (3, 3, 3, 3), (1, 9, 1, 9, 1, 9), (4, 5, 6)])
def test_a_chain_costs_least(lengths: tuple[int, ...]) -> None:
    chain = [rg.matrix(f"m{k}", shape=d) for k, d in enumerate(itertools.pairwise(lengths))]
    letters = "abcdefg"[:len(lengths)]
    text = ",".join("".join(p) for p in itertools.pairwise(letters)) + f"->{letters[0]}{letters[-1]}"
    assert multiplications(rnp.linalg.multi_dot(chain)) == multiplications(rnp.einsum(text, *chain))


@pytest.mark.parametrize(("shapes", "said"), [
    ([(2, 3)], r"a list of at least two arrays, got 1; write rnp.linalg.multi_dot\(\[a, b, c\]\)"),
    ([(2, 3), (3,), (3, 2)], r"array 1, m1, is float64\[3\]; the first and the last are vectors or matrices"),
    ([(2, 3), (4, 2)], r"array 0, m0: float64\[2, 3\], and array 1, m1: float64\[4, 2\], do not fit: 3 columns, 4 rows"),
])
def test_what_is_no_chain_is_said(shapes: Any, said: str) -> None:
    with pytest.raises(rg.errors.RelgraphError, match=said):
        rnp.linalg.multi_dot([rg.tensor(f"m{k}", shape=s) for k, s in enumerate(shapes)])


def test_a_path_of_numpys_is_followed() -> None:
    values = operands("ij,jk,kl->il")
    xs = inputs(values)
    path, _ = np.einsum_path("ij,jk,kl->il", *values)
    for steps in (path, [(1, 2), (0, 1)], ["einsum_path", (0, 1, 2)]):
        found = rnp.einsum("ij,jk,kl->il", *xs, optimize=steps).eval(dict(zip(xs, values, strict=True)))
        np.testing.assert_allclose(found, np.einsum("ij,jk,kl->il", *values))


@pytest.mark.parametrize("axes", [0, 1, 2, ([1, 2], [0, 1]), ([2, 1], [1, 0]), (2, 1), ([-1], [1])])
def test_tensordot_is_numpys(axes: Any) -> None:
    values: list[Any] = [array((2, 3, 4)), array((3, 4, 5))] if axes != 1 else [array((2, 3)), array((3, 4, 5))]
    x, y = inputs(values)
    expected = np.tensordot(values[0], values[1], axes)
    found = rnp.tensordot(x, y, axes)
    assert found.type.shape == expected.shape
    np.testing.assert_allclose(found.eval({x: values[0], y: values[1]}), expected)


@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (4, 3)), ((2, 3), (3,)), ((3,), (4, 3)), ((), (2, 3)), ((2,), ())])
def test_inner_is_numpys(shapes: Any) -> None:
    values = [array(s) for s in shapes]
    x, y = inputs(values)
    np.testing.assert_allclose(rnp.inner(x, y).eval({x: values[0], y: values[1]}), np.inner(*values))


@pytest.mark.parametrize("linker", ["c", "numba", "jax"])
def test_einsum_compiles_and_has_a_gradient(linker: str) -> None:
    values = operands("aij,ajk,k->ai")
    xs = inputs(values)
    y = rnp.sum(rnp.einsum("aij,ajk,k->ai", *xs) ** 2)
    value, gradient = rg.function(xs, [y, rg.grad(y, xs[1])], linker=linker)(*values)
    inside = np.einsum("aij,ajk,k->ai", *values)
    np.testing.assert_allclose(value, np.sum(inside ** 2))
    np.testing.assert_allclose(gradient, np.einsum("aij,k,ai->ajk", values[0], values[2], 2 * inside))


x23, x33, v3 = rg.matrix("x23", shape=(2, 3)), rg.matrix("x33", shape=(3, 3)), rg.vector("v3", shape=3)

MISUSES: list[tuple[Any, type[Exception], str]] = [
    (lambda: rnp.einsum("i$", v3), MisuseError, r"'\$' has no place in 'i\$'"),
    (lambda: rnp.einsum("i->i->i", v3), MisuseError, "'->' has no place"),
    (lambda: rnp.einsum("i.j->i", x23), MisuseError, r"'\.' that belongs to no ellipsis in the subscripts of operand 0"),
    (lambda: rnp.einsum("i...j...->i", x23), MisuseError, r"'\.' that belongs to no ellipsis"),
    (lambda: rnp.einsum("i,j", v3), MisuseError, "subscripts for 2 operands, 1 were given"),
    (lambda: rnp.einsum("ijk", x23), ShapeError,
     "'ijk' in 'ijk' has 3 subscripts, operand 0 is x23"),
    (lambda: rnp.einsum("i", x23), ShapeError, r"with 2 axes; add a letter for each axis, or '\.\.\.'"),
    (lambda: rnp.einsum("i->j", v3), MisuseError, "'j' of the result in 'i->j' is no subscript of an operand"),
    (lambda: rnp.einsum("i->ii", v3), MisuseError, r"'i' stands twice in the result of 'i->ii'; .*rnp\.diag"),
    (lambda: rnp.einsum("...i->i", x23), MisuseError, r"the axes of '\.\.\.' have no place in the result"),
    (lambda: rnp.einsum("ij,ij", x23, x33), ShapeError, "'i' in 'ij,ij' has length 2 in operand 0 and 3 in operand 1, x33"),
    (lambda: rnp.einsum("ii", x23), ShapeError, "'i' in 'ii' stands for axes of lengths 2 and 3 of operand 0"),
    (lambda: rnp.einsum("ii", n), ShapeError, "of lengths p and q of operand 0, .* one name"),
    (lambda: rnp.einsum("...,...", v3, rg.vector("w", shape=2)), ShapeError, r"an axis of '\.\.\.' in"),
    (lambda: rnp.einsum("i,i,i", v3, v3, v3, optimize="best"), MisuseError, "optimize='best' is none of"),
    (lambda: rnp.einsum("i,i", v3, v3, optimize=[(0, 2)]), MisuseError, r"the step \(0, 2\) .* of the 2 that are left"),
    (lambda: rnp.einsum("i,i,i", v3, v3, v3, optimize=[(0, 1)]), MisuseError, "leaves 2 operands of 3"),
    (lambda: rnp.einsum(v3, "i"), MisuseError, "a text first"),
    (lambda: rnp.einsum(v3, [60]), MisuseError, "the label 60"),
    (lambda: rnp.einsum(), MisuseError, "got nothing"),
    (lambda: rnp.tensordot(x23, x23, 1), ShapeError, "axis 1 of x23.* and axis 0 of x23.* not known to be equal"),
    (lambda: rnp.tensordot(x23, x33, 3), ShapeError, "axes=3 .* from 0 to 2 axes"),
    (lambda: rnp.tensordot(x23, x33, "ij"), MisuseError, "axes='ij' is neither a number"),
    (lambda: rnp.tensordot(x23, x33, ([0], [0], [0])), MisuseError, "has 3 parts"),
    (lambda: rnp.tensordot(x23, x33, ([0, 1], [0])), MisuseError, "2 axes of a are to meet 1 axes of b"),
    (lambda: rnp.tensordot(x23, x33, ([2], [0])), rg.errors.AxisError, "axis 2 is out of range"),
    (lambda: rnp.inner(x23, rg.vector("w", shape=2)), ShapeError, "tensordot: axis 1 of x23"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), MISUSES, ids=[m for _, _, m in MISUSES])
def test_misuse_is_named(wrong: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wrong()
