"""`grad`, `value_and_grad`, `vjp`: structures, un-broadcasting, strong zeros, errors, big graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import GradientError, MisuseError, ShapeError
from relgraph.terms.term import Op, Term, toposort


def value(t: Term, **values: Any) -> Any:
    return t.eval(values)


x, s = rg.vector("x"), rg.scalar("s")
A = rg.matrix("A", shape=("n", "m"))


def test_the_gradient_of_a_sum_of_squares() -> None:
    assert value(rg.grad(rnp.sum(x**2), x), x=[1.0, 2.0]).tolist() == [2.0, 4.0]


def test_structures() -> None:
    y = rnp.sum(x) * s
    dx, ds = rg.grad(y, [x, s])
    assert dx.type == x.type and ds.type == s.type
    nested = rg.grad(y, {"a": x, "b": (s, [x])})
    assert nested["a"] is dx and nested["b"][0] is ds and nested["b"][1] == [dx]
    same, d = rg.value_and_grad(y, s)
    assert same is y and d is ds
    with pytest.raises(MisuseError, match="at least one term"):
        rg.grad(y, [])


def test_with_respect_to_intermediate_terms() -> None:
    z = rnp.exp(x)
    y = rnp.sum(z * z)
    assert value(rg.grad(y, z), x=[0.0]).tolist() == [2.0]
    dz, dx = rg.grad(y, [z, x])
    assert value(dz, x=[0.0]).tolist() == [2.0] and value(dx, x=[0.0]).tolist() == [2.0]
    assert rg.grad(y, y).eval() == 1.0


def test_broadcast_axes_are_summed() -> None:
    row, column = rg.tensor("r", shape=(1, "m")), rg.tensor("c", shape=("n", 1))
    y = rnp.sum((row + column * s) * A)
    got = rg.grad(y, [row, column, s, A])
    assert [g.type for g in got] == [row.type, column.type, s.type, A.type]
    values = {"r": [[1.0, 2.0, 3.0]], "c": [[1.0], [2.0]], "s": 3.0, "A": np.arange(6.0).reshape(2, 3)}
    for g, wanted in zip(got, ([[3.0, 5.0, 7.0]], [[9.0], [36.0]], 1 * 3 + 2 * 12,
                               [[4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]), strict=True):
        np.testing.assert_array_equal(g.eval({i: values[i.data] for i in rg.free_inputs(g)}), wanted)


def test_two_names_for_one_size() -> None:
    a, b = rg.vector("a", shape="p"), rg.vector("b", shape="q")
    da = rg.grad(rnp.sum(a * b), a)
    assert da.type == a.type
    assert da.eval({a: [1.0, 2.0], b: [3.0, 4.0]}).tolist() == [3.0, 4.0]


def test_cotangents_have_the_dtype_of_their_term() -> None:
    f = rg.vector("f", dtype="float32")
    z = rg.vector("z", dtype="complex64")
    y = rnp.sum(rnp.abs(f * z * x))
    assert [g.type for g in rg.grad(y, [f, z, x])] == [f.type, z.type, x.type]


def test_complex_gradients_descend() -> None:
    z = rg.scalar("z", dtype="complex128")
    loss = rnp.square(rnp.abs(z - (1 + 2j)))
    at = 0.5 - 1j
    g = rg.grad(loss, z).eval({z: at})
    assert g == pytest.approx(2 * (at - (1 + 2j)))
    assert loss.eval({z: at - 0.1 * g}) < loss.eval({z: at})
    assert rg.grad(z.real, z).eval({z: at}) == 1 and rg.grad(z.imag, z).eval({z: at}) == 1j
    assert rg.grad(rnp.abs(z), z).eval({z: 0}) == 0


# -- strong zeros ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "y", "at", "wanted"), [
    ("where log", rnp.where(x > 0, rnp.log(x), 0), [2.0, 0.0, -1.0], [0.5, 0.0, 0.0]),
    ("where the other way", rnp.where(x <= 0, 0, rnp.sqrt(x)), [4.0, 0.0], [0.25, 0.0]),
    ("where in where", rnp.where(x > 0, rnp.where(x < 5, rnp.log(x), 0), 0), [2.0, 0.0, 9.0], [0.5, 0.0, 0.0]),
    ("where of a scalar", rnp.where(s > 0, rnp.log(s * x), 0), [1.0, 0.0], [0.0, 0.0]),
    ("where of a broadcast", rnp.where(x > 0, rnp.log(x)[None, :] * 1.0, 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of a sum of logs", rnp.where(x > 0, rnp.sum(rnp.log(rnp.stack([x, x * x])), axis=0), 0), [2.0, 0.0], [1.5, 0.0]),
    ("where of a mean of logs", rnp.where(x > 0, rnp.mean(rnp.log(rnp.stack([x, x])), axis=0), 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of moved logs", rnp.where(x > 0, rnp.log(x)[::-1][::-1], 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of taken logs", rnp.where(x > 0, rnp.take(rnp.log(x), np.array([0, 1])), 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of joined logs", rnp.where(x > 0, rnp.concat([rnp.log(x), x])[:2], 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of reshaped logs", rnp.where(x > 0, rnp.reshape(rnp.reshape(rnp.log(x), (1, -1)), -1), 0), [2.0, 0.0], [0.5, 0.0]),
    ("where of the largest log", rnp.where(x > 0, rnp.max(rnp.log(rnp.stack([x, x / 2])), axis=0), 0), [2.0, 0.0], [0.5, 0.0]),
    ("where twice on one chain", rnp.where(x > 0, rnp.log(rnp.where(x > 1, rnp.sqrt(x - 1), 1)), 0), [2.0, 1.0, 0.0],
     [0.5, 0.0, 0.0]),
    ("both branches", rnp.where(x > 0, rnp.log(x), x * x), [2.0, 0.0, -1.0], [0.5, 0.0, -2.0]),
    ("clip log", rnp.maximum(rnp.log(x), -10.0), [2.0, 0.0], [0.5, 0.0]),
    ("minimum", rnp.minimum(1 / x, 5.0), [2.0, 0.0], [-0.25, 0.0]),
    ("max of logs", rnp.max(rnp.log(x)), [2.0, 0.0], [0.5, 0.0]),
    ("square at zero", x**2, [0.0, 3.0], [0.0, 6.0]),
    ("power one at zero", x**1, [0.0, 3.0], [1.0, 1.0]),
    ("power zero at zero", x**0, [0.0, 3.0], [0.0, 0.0]),
    ("power array", x ** np.array([0.0, 1.0, 2.0]), [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
    ("negative base", x ** np.array([3.0, 2.0]), [-2.0, -2.0], [12.0, -4.0]),
    ("abs at zero", rnp.abs(x), [0.0, -0.0, -2.0], [0.0, 0.0, -1.0]),
    ("maximum at a tie", rnp.maximum(x, 1.0), [1.0, 2.0, 0.0], [0.5, 1.0, 0.0]),
    ("max at ties", rnp.max(x), [3.0, 3.0, 1.0], [0.5, 0.5, 0.0]),
    ("min", rnp.min(x), [3.0, 1.0], [0.0, 1.0]),
    ("product without zeros", rnp.prod(x), [2.0, 3.0], [3.0, 2.0]),
    ("product with a zero", rnp.prod(x), [2.0, 0.0, 3.0], [0.0, 6.0, 0.0]),
    ("product with two zeros", rnp.prod(x), [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    ("log of zero", rnp.log(x), [0.0], [np.inf]),
    ("logaddexp of infinities", rnp.logaddexp(x, x), [-np.inf, 1.0], [1.0, 1.0]),
    ("logsumexp of -inf", rnp.special.logsumexp(x), [-np.inf, -np.inf], [0.0, 0.0]),
    ("logsumexp with -inf", rnp.special.logsumexp(x), [-np.inf, 1.0], [0.0, 1.0]),
    ("logsumexp large", rnp.special.logsumexp(x), [1000.0, 1000.0], [0.5, 0.5]),
    ("sigmoid", rnp.special.expit(x), [-800.0, 800.0], [0.0, 0.0]),
    ("softplus", rnp.special.log1mexp(x), [-1e-20], [-1e20]),
])
def test_gradients_at_awkward_points(name: str, y: Term, at: list[float], wanted: list[float]) -> None:
    values = {i: v for i, v in {x: at, s: 0.0}.items() if i in rg.free_inputs(y)}
    found = rg.grad(rnp.sum(y), x).eval(values)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, err_msg=name)
    if name not in ("log of zero",):
        tangent = rg.jvp(rnp.sum(y), x, rnp.ones(x.shape)).eval(values)
        np.testing.assert_allclose(tangent, np.sum(wanted), rtol=1e-12, err_msg=name)


def test_the_mask_is_applied_once() -> None:
    g = rg.grad(rnp.sum(rnp.where(x > 0, rnp.log(rnp.sin(x)), 0)), x)
    assert [t.op.name for t in toposort(g)].count("where") == 1


def test_a_branch_taken_counts_where_its_cotangent_happens_to_be_zero() -> None:
    total = rnp.sum(rnp.stack([rnp.sin(x), x]), axis=0)
    H = rg.hessian(rnp.sum(rnp.where(x < 10, total, 0) ** 2), x)
    np.testing.assert_allclose(H.eval({x: [0.0]}), [[8.0]])


def test_power_by_a_variable() -> None:
    p = rg.scalar("p")
    gx, gp = rg.grad(rnp.sum(x**p), [x, p])
    assert gx.eval({x: [0.0, 2.0], p: 0.0}).tolist() == [0.0, 0.0]
    assert gp.eval({x: [0.0, np.e], p: 2.0}) == pytest.approx(np.e**2)


# -- several results ------------------------------------------------------------------------------------------------------

def test_parts_of_a_tuple() -> None:
    M = rg.matrix("M", shape=("n", "n"))
    at = np.array([[2.0, 0.5], [0.3, 1.5]])
    sign, logdet = rnp.linalg.slogdet(M)
    np.testing.assert_allclose(rg.grad(logdet, M).eval({M: at}), np.linalg.inv(at).T)
    np.testing.assert_allclose(rg.grad(sign * logdet, M).eval({M: at}), np.linalg.inv(at).T)
    T = rg.matrix("T", shape=(3, 2))
    q, r = rnp.linalg.qr(T)
    v = np.array([[1.0, 2.0], [3.0, 5.0], [-1.0, 0.5]])
    np.testing.assert_allclose(rg.grad(rnp.sum(rnp.square(q @ r - v)), T).eval({T: v}), 0 * v, atol=1e-12)


# -- errors ---------------------------------------------------------------------------------------------------------------

def test_a_non_scalar() -> None:
    with pytest.raises(GradientError, match=r"is no scalar; write rg.grad\(rnp.sum\(y\), x\), rg.jacobian"):
        rg.grad(x * 2, x)


def test_a_complex_value() -> None:
    z = rg.scalar("z", dtype="complex128")
    with pytest.raises(GradientError, match="is complex"):
        rg.grad(z * z, z)


@pytest.mark.parametrize("dtype", ["int64", "bool", "uint8"])
def test_integer_inputs(dtype: str) -> None:
    i = rg.vector("only_here", dtype=dtype)  # a name of its own: an input remembers where it was made first
    with pytest.raises(GradientError, match=r"only_here: \w+\[only_here0\] at test_grad.py:\d+ has no derivative"):
        rg.grad(rnp.sum(i * x), i)


def test_disconnected() -> None:
    with pytest.raises(GradientError, match="does not depend on x"):
        rg.grad(s * 2, x)
    assert rg.grad(s * 2, x, disconnected="zero").eval({x: [1.0]}).tolist() == [0.0]
    with pytest.raises(GradientError, match="'raise' or 'zero'"):
        rg.grad(s * 2, s, disconnected="ignore")  # type: ignore[arg-type]


def test_cut_off() -> None:
    cut = rg.vector("cut")  # equal terms are one term, which names the place where it was first written
    with pytest.raises(GradientError, match=r"floor: float64\[cut0\] at test_grad.py"):
        rg.grad(rnp.sum(rnp.floor(cut)), cut)
    with pytest.raises(GradientError, match="greater"):
        rg.grad(rnp.sum((x > 0).astype("float64")), x)
    assert rg.grad(rnp.sum(rnp.floor(x) * x), x).eval({x: [1.5]}).tolist() == [1.0]


def test_stop_gradient() -> None:
    assert rg.grad(rnp.sum(rg.stop_gradient(x) * x), x).eval({x: [3.0]}).tolist() == [3.0]
    assert rg.grad(rnp.sum(rg.stop_gradient(x)), x).eval({x: [3.0]}).tolist() == [0.0]


def test_no_derivative() -> None:
    odd = Op(name="odd", module=__name__, kind="elementwise", numpy=np.abs)
    with pytest.raises(GradientError, match=r"odd: has no derivative; odd\(x\).* at test_grad.py:\d+ depends on x.*stop_"):
        rg.grad(rnp.sum(odd(x)), x)


def test_a_cotangent_of_another_shape() -> None:
    with pytest.raises(ShapeError, match="must have the shape of"):
        rg.vjp(x * 2, x, 1.0)
    with pytest.raises(MisuseError, match="a sequence of 2"):
        rg.vjp([x * 2, x], x, [x])


def test_vjp_of_several() -> None:
    got = rg.vjp([x * 2, rnp.sum(x)], [x], [np.array([1.0, 2.0]), None])
    assert got[0].eval({x: [5.0, 5.0]}).tolist() == [2.0, 4.0]


# -- size -----------------------------------------------------------------------------------------------------------------

def test_a_chain_of_100_000() -> None:
    t = s
    for _ in range(50_000):
        t = rnp.sin(t) + 1.0
    g = rg.grad(t, s)
    assert len(toposort(g)) < 300_000


def test_a_graph_with_many_paths() -> None:
    t = s
    for _ in range(60):
        t = t + t
    g = rg.grad(t, s)
    assert len(toposort(g)) < 200 and g.eval({s: 1.0}) == 2.0**60
    assert rg.jvp(t, s, 1.0).eval({s: 1.0}) == 2.0**60


def test_higher_orders() -> None:
    t = rnp.sin(s)
    for _ in range(4):
        t = rg.grad(t, s)
    assert t.eval({s: 0.7}) == pytest.approx(np.sin(0.7))
    u = rnp.special.gammaln(s)
    for _ in range(4):
        u = rg.grad(u, s)
    assert u.eval({s: 1.0}) == pytest.approx(np.pi**4 / 15)
