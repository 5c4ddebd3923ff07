"""What terms print as: infix, types, DAG, DOT, LaTeX, and Python source that rebuilds the very same object."""

from __future__ import annotations

import shutil
from typing import Any

import instances as examples
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import LinkError, MisuseError
from relgraph.terms.linalg import nth, qr_, slogdet_
from relgraph.terms.term import Op, Term, attr, bound_variable, const, input_term, lvar, make, weak
from relgraph.terms.type import Type

F64 = Type("float64", ())
x, y = rg.vector("x", "n"), rg.vector("y", "n")
i = rg.vector("i", "k", dtype="int64")
b = rg.vector("b", "n", dtype="bool")
X, Y = rg.matrix("X", ("n", "m")), rg.matrix("Y", ("m", "p"))
T = rg.tensor("T", ("q", "n", "m"))
a, c, s, axis = lvar("a"), lvar("c"), lvar("s", "literal"), lvar("axis", "attr")

INFIX = [
    (rnp.log(rnp.sum(rnp.exp(x))), "log(sum(exp(x)))  float64"),
    (x + y - x, "x + y - x  float64[n]"),
    (x + (y - x), "x + (y - x)  float64[n]"),
    (x * y / x, "x*y/x  float64[n]"),
    (x * (y / x), "x*(y/x)  float64[n]"),
    ((x + y) * 2, "(x + y)*2  float64[n]"),
    (-x ** 2, "-x**2  float64[n]"),
    ((-x) ** 2, "(-x)**2  float64[n]"),
    (x ** y ** 2, "x**y**2  float64[n]"),
    ((x ** y) ** 2, "(x**y)**2  float64[n]"),
    (x ** -y, "x**-y  float64[n]"),
    (rnp.negative(-x), "-(-x)  float64[n]"),
    (-(x * y), "-(x*y)  float64[n]"),
    (-x * y, "-x*y  float64[n]"),
    (x - -1, "x - -1  float64[n]"),
    (rnp.asarray(-1.0) ** x, "(-1)**x  float64[n]"),
    (x % 2 // y, "x % 2//y  float64[n]"),
    ((x < y) & ~b, "(x < y) & ~b  bool[n]"),
    (b | b & ~b, "b | b & ~b  bool[n]"),
    ((b | b) ^ b, "(b | b) ^ b  bool[n]"),
    (rnp.equal(x, 0), "x == 0  bool[n]"),
    (rnp.equal(x < y, b), "(x < y) == b  bool[n]"),
    (x + 0.1, "x + 0.1  float64[n]"),
    (x + np.float32(0.1), "x + 0.1  float64[n]"),
    (x * 1e300 + 1e-9, "x*1e+300 + 1e-09  float64[n]"),
    (x * -0.0, "x*-0.0  float64[n]"),
    (x * np.inf + np.nan, "x*inf + nan  float64[n]"),
    (x * 2j, "x*2j  complex128[n]"),
    (X @ Y, "X @ Y  float64[n, p]"),
    (X.T @ x, "X.T @ x  float64[m]"),
    (x @ X, "x @ X  float64[m]"),
    (x @ y, "x @ y  float64"),
    (rnp.vecdot(X, X), "vecdot(X, X)  float64[n]"),
    (T.mT, "T.mT  float64[q, m, n]"),
    (T.T, "T.T  float64[m, n, q]"),
    (rnp.permute_dims(T, (1, 0, 2)), "transpose(T, axes=(-2, -3, -1))  float64[n, q, m]"),
    (rnp.sum(X, axis=0), "sum(X, axis=-2)  float64[m]"),
    (rnp.sum(T, axis=(0, 2)), "sum(T, axis=(-3, -1))  float64[n]"),
    (rnp.mean(X, axis=1, keepdims=True), "mean(X, axis=-1)[:, None]  float64[n, 1]"),
    (x.astype("float32"), "astype(x, float32)  float32[n]"),
    (rnp.reshape(X, (-1,)), "reshape(X, (m*n,))  float64[m*n]"),
    (rnp.broadcast_to(x, ("m", "n")), "broadcast_to(x, (m, n))  float64[m, n]"),
    (rnp.concat([x, y]), "concat([x, y], axis=-1)  float64[2*n]"),
    (rnp.where(x > 0, x, 0), "where(x > 0, x, 0)  float64[n]"),
    (rnp.arange(X.shape[0]) + X.shape[1], "arange(n) + m  int64[n]"),
    (rnp.linalg.slogdet(rg.matrix("A", (3, 3)))[1], "slogdet(A)[1]  float64"),
    (rg.assume(X, psd=True), "assume(X, psd)  float64[n, m]"),
    (X[1:, 0], "X[1:, 0]  float64[max(n - 1, 0)]"),
    (x[:-1], "x[:-1]  float64[max(n - 1, 0)]"),
    (x[-1] + x[0], "x[-1] + x[0]  float64"),
    (x[1:-2], "x[1:-2]  float64[max(n - 3, 0)]"),
    (x[::-1], "x[::-1]  float64[n]"),
    (x[::2], "x[::2]  float64[floordiv(n + 1, 2)]"),
    (x[:3], "x[:3]  float64[n - max(n - 3, 0)]"),
    (x[-3:], "x[-3:]  float64[n - max(n - 3, 0)]"),
    (X[:, None], "X[:, None]  float64[n, 1, m]"),
    (X[i], "X[i]  float64[k, m]"),
    (X[:, i], "X[:, i]  float64[n, k]"),
    ((x + y)[0], "(x + y)[0]  float64"),
    (x[np.array([2, 0])], "x[[2, 0]]  float64[2]"),
    (const(np.arange(100.0)), "[0, 1, …, 98, 99]  float64[100]"),
    (const(np.eye(2)), "[[1, 0], [0, 1]]  float64[2, 2]"),
    (const(np.zeros((0, 3))), "empty(0, 3)  float64[0, 3]"),
    (const(True), "True  bool"),
    (rg.lam([F64], lambda v: v * v), "lam(x1: x1*x1)  (float64) -> float64"),
    (rg.lam([F64, F64], lambda v, w: v - w), "lam(x1, x2: x1 - x2)  (float64, float64) -> float64"),
    (bound_variable(3, F64), "x3  float64"),
    (rnp.log(1 + a), "log(1 + a)"),
    (s * rnp.sum(a, axis), "s*sum(a, axis=axis)"),
    (rnp.sum(a, axis=-1) - c, "sum(a, axis=-1) - c"),
    (attr((-1,)), "(-1,)"),
]


@pytest.mark.parametrize(("term", "text"), INFIX, ids=[text for _, text in INFIX])
def test_repr_is_mathematics_with_dtype_and_shape(term: Term, text: str) -> None:
    assert repr(term) == text == repr(rg.show(term))


def rebuilt(text: str) -> Any:
    return eval(text, {"rg": rg, "rnp": rnp, "np": np})


@pytest.mark.parametrize(("term", "text"), INFIX, ids=[text for _, text in INFIX])
def test_str_rebuilds_the_same_object(term: Term, text: str) -> None:
    assert rebuilt(str(term)) is term


SOURCE = [
    (rnp.log(rnp.sum(rnp.exp(rg.vector("x")))), "rnp.log(rnp.sum(rnp.exp(rg.vector('x'))))"),
    (x * x + 1, "(x := rg.tensor('x', ('n',)), x*x + 1.0)[-1]"),
    (X[1:, 0] - 2, "rg.tensor('X', ('n', 'm'))[1:, 0] - 2.0"),
    (rnp.sum(rg.matrix("X"), axis=0), "rnp.sum(rg.matrix('X'), axis=-2)"),
    (rg.scalar("s", "float32"), "rg.scalar('s', dtype='float32')"),
    ((rnp.exp(x) + 1) / rnp.exp(x), "(t1 := rnp.exp(rg.tensor('x', ('n',))), (t1 + 1.0)/t1)[-1]"),
    (rnp.log(1 + a), "rnp.log(1 + rg.terms.term.lvar('a', 'term', 'f'))"),
    (rnp.asarray([1.0, 2.0]), "rnp.asarray(np.array([1.0, 2.0], 'float64'))"),
]


@pytest.mark.parametrize(("term", "text"), SOURCE, ids=[text for _, text in SOURCE])
def test_str_reads_as_the_user_would_write_it(term: Term, text: str) -> None:
    assert str(term) == text and rebuilt(text) is term


@pytest.mark.parametrize("op", examples.testable(), ids=str)
def test_every_row_prints_and_rebuilds(op: Op) -> None:
    for instance in examples.instances(op, few=True):
        for symbolic in (False, True):
            try:
                t, _ = instance.term(symbolic)
            except Exception:
                assert symbolic
                continue
            assert rebuilt(str(t)) is t
            assert rg.show(t) and rg.show(t, "dag") and rg.show(t, "dot") and rg.show(t, "latex") and rg.show(t, "html")


HARD = {
    "patterns": rnp.sum(s * a, axis) + rnp.where(a > 0, 1, c),
    "weak numbers": make(rnp.add, (weak(1), weak(2.5))),
    "weak nan": weak(float("nan")),
    "an attribute": attr((1, "n", Type("float64", ("n",)), np.dtype("int8"), None, 0.5)),
    "a lam": rg.lam([F64, Type("int64", ("n",))], lambda v, w: v * rnp.sum(w)),
    "nested lams": rg.lam([F64], lambda v: make(rnp.add, (v, v)) * make(rnp.add, (v, v))),
    "a free variable": rnp.exp(bound_variable(2, F64)) + 1,
    "tuples": slogdet_(rg.matrix("A", (3, 3))),
    "a part": nth(qr_(rg.matrix("A", ("n", "n"))), 1),
    "nan payloads": const(np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\xff", "float64")[0]),
    "negative zero": x * -0.0 + const([0.0, -0.0]),
    "infinities": const([np.inf, -np.inf, np.nan]) + const(np.float32(np.inf)),
    "complex": const([1 + 2j, complex(-0.0, np.nan)]) * const(complex(-0.0, -0.0)) + rg.scalar("z", "complex64") * 1j,
    "bool and empty": const([True, False]) & const(np.zeros((0, 2), bool)[:, :1].reshape(0, 1)),
    "large": const(np.arange(1000.0).reshape(10, 100)) + const(np.random.default_rng(0).integers(0, 2**63, 100)),
    "odd names": rg.scalar("a b'\"\\\n") * rg.scalar("lambda") * rg.scalar("rnp") * rg.scalar("t1") * rg.scalar("é"),
    "used twice, odd names": (lambda v: v * v)(rg.scalar("lambda")) + (lambda v: v * v)(rg.scalar("t1")),
    "two types of one name": (lambda v: v + v)(rg.scalar("x")) + rnp.sum((lambda v: v + v)(x)),
    "dims": rg.tensor("d", (rg.terms.dims.sub(rg.terms.dims.mul("n", "m"), 3), rg.terms.dims.floordiv("n", 2)))[:-1],
    "hidden names": input_term(".5", Type("float64", (".50",))),
    "constants only": const(2.0) + const(3.0),
    "literals that are not weak": x + const(np.float32(1)),
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_hard_to_spell_rebuilds(name: str) -> None:
    t = HARD[name]
    assert rebuilt(str(t)) is t and repr(t) and rg.show(t, "latex") and rg.show(t, "dot")


def test_repr_is_cut_at_about_eighty_characters() -> None:
    t = x
    for _ in range(50):
        t = rnp.sin(t + y)
    assert repr(t) == "sin(sin(sin(sin(sin(sin(sin(sin(sin(…) + y) + y) + y) + y) + y) + y) + y) + y)  float64[n]"
    assert all(len(repr(t)) < 100 for t in (t, t * t, rnp.concat([t] * 100)))


SOFTMAX = rnp.exp(x - rnp.max(x)) / rnp.sum(rnp.exp(x - rnp.max(x)))


def test_the_dag_prints_shared_nodes_once() -> None:
    assert rg.show(SOFTMAX, "dag") == """\
divide  float64[n]
  #1 exp  float64[n]
    subtract  float64[n]
      x  float64[n]
      max  float64
        x  float64[n]
  sum  float64
    #1"""
    assert rg.show([rnp.sum(X, axis=0), X.astype("int8")], "dag", types=False) == "sum axis=-2\n  X\nastype int8\n  X"


def test_what_is_cut_says_so() -> None:
    assert rg.show(SOFTMAX, limit=3) == "exp(…)/sum(exp(…))  float64[n]\n… 3 of 6 nodes"
    assert rg.show(SOFTMAX, "dag", limit=2, types=False) == "divide\n  exp\n    …\n  …\n… 2 of 6 nodes"
    assert rg.show(SOFTMAX, "latex", limit=3).endswith("% 3 of 6 nodes")
    assert 'label="… 3 of 6 nodes"' in rg.show(SOFTMAX, "dot", limit=3)
    assert "3 of 6 nodes" in rg.show(SOFTMAX, "html", limit=3)


def test_dot_text() -> None:
    assert rg.show(rnp.exp(x) + 1, "dot") == """\
digraph {
  graph [ordering=out, nodesep=0.2, ranksep=0.3]
  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=10]
  n0 [label="add\\nfloat64[n]"]
  n1 [label="1\\nfloat64", fillcolor="#eeeeee"]
  n2 [label="exp\\nfloat64[n]"]
  n3 [label="x\\nfloat64[n]", fillcolor="#dbe9f6"]
  n0 -> n2
  n0 -> n1
  n2 -> n3
}"""


LATEX = [
    (SOFTMAX, r"\frac{\exp\left(x - \max\left(x\right)\right)}{\sum \exp\left(x - \max\left(x\right)\right)}"),
    (rnp.log(rnp.sum(X, axis=0)), r"\log\left(\sum_{-2} X\right)"),
    (-(x + y) ** 2, r"-\left(x + y\right)^{2}"),
    (x * (x - y) * 3, r"x \, \left(x - y\right) \cdot 3"),
    (X.T @ x, r"X^{\top} \, x"),
    (rnp.linalg.inv(rg.matrix("Sigma", (2, 2))) @ rg.vector("mu_1", 2), r"\Sigma^{-1} \, \mu_{1}"),
    (rnp.sqrt(abs(x)) * rnp.reciprocal(y), r"\sqrt{\left|x\right|} \, \frac{1}{y}"),
    (rnp.where(x > 0, x, 0), r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}"),
    (x[1:], r"x_{1:}"),
    (rnp.exp(x).sum() + rg.scalar("noise"), r"\sum \exp\left(x\right) + \mathrm{noise}"),
    (rg.lam([F64], lambda v: v * v), r"\lambda x_{1} .\; x_{1} \, x_{1}"),
]


@pytest.mark.parametrize(("term", "text"), LATEX, ids=[text for _, text in LATEX])
def test_latex(term: Term, text: str) -> None:
    assert rg.show(term, "latex", types=False) == text
    assert term._repr_latex_() == f"$\\displaystyle {text}$"


def test_a_large_term_names_what_occurs_twice() -> None:
    t = x
    for _ in range(7):
        t = t + t
    assert rg.show(t, types=False) == "\n".join(["t1 = x + x", *(f"t{k + 1} = t{k} + t{k}" for k in range(1, 6)), "t6 + t6"])


def test_notebooks_get_html_and_latex() -> None:
    assert rnp.exp(x)._repr_html_() == ("<details><summary><code>exp(x)  float64[n]</code></summary>"
                                        "<pre>exp  float64[n]\n  x  float64[n]\n2 nodes</pre></details>")
    assert "&lt;" in (x < y)._repr_html_()
    assert rg.show(x, "latex")._repr_mimebundle_()["text/latex"].startswith("$")


def test_drawings_need_graphviz() -> None:
    if shutil.which("dot"):
        assert rg.show(SOFTMAX, "svg").lstrip().startswith("<?xml") and rg.show(SOFTMAX, "png").startswith(b"\x89PNG")
    else:
        with pytest.raises(LinkError, match=r"needs the Graphviz program `dot`.*apt install graphviz"):
            rg.show(SOFTMAX, "svg")


@pytest.mark.parametrize(("arguments", "message"), [
    (("x",), "neither a term nor a sequence of terms"), (([],), "neither a term"), ((x, "pdf"), "use one of infix, dag, dot")])
def test_show_refuses_what_it_cannot_show(arguments: Any, message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        rg.show(*arguments)
    with pytest.raises(MisuseError, match="limit 0 shows nothing"):
        rg.show(x, limit=0)


def test_a_logic_variable_prints_its_name() -> None:
    assert repr(lvar("alpha")) == "alpha" and f"{a!r} {c!r}" == "a c"
