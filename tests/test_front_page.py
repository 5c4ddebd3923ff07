"""The front door: names, help, completion, examples in docstrings, and what a newcomer is told who writes it as elsewhere."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pydoc
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
import relgraph.strategies as strategies
from relations_library.stable import stable
from relgraph.terms.term import lvar

# -- names ----------------------------------------------------------------------------------------------------------------

NAMES = """Compiled Op Term Type assume effect equal fact free_inputs function grad hessian jacobian jit jvp lam matrix rewrite
safety_report scalar set_default_float show stop_gradient substitute tensor to_jax value_and_grad vector vectorize vjp why
why_fact why_not""".split()
HEAVY = ("scipy", "numba", "jax", "kanren", "unification", "etuples", "cons", "mpmath", "rich", "subprocess")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_names() -> None:
    assert sorted(NAMES) == sorted(rg.__all__) and set(NAMES) <= set(dir(rg))
    assert all(callable(getattr(rg, n)) for n in NAMES)
    assert {n for n in dir(rg) if not n.startswith("_")} - set(NAMES) == {
        "autodiff", "cgen", "cli", "errors", "linkers", "numpy", "relations", "strategies", "terms"}
    assert {"exp", "linalg", "special", "sum"} <= set(dir(rnp)) and not [n for n in dir(rnp) if n.startswith("_")]
    assert {"term", "derivation", "program", "source", "linker", "explain", "debug"} <= set(dir(rg.function([], 1.0)))


@pytest.mark.parametrize("before", [
    "import relgraph.function", "from relgraph.function import function", "import relgraph.function as f",
    "from relgraph import *", "import relgraph.tracing", "import relgraph; relgraph.rewrite(relgraph.scalar('s') + 1)",
    "import importlib; importlib.import_module('relgraph.function')", "import relgraph.cli.run"])
def test_function_is_the_function(before: str) -> None:
    code = (f"{before}\nimport relgraph as rg\nx = rg.scalar('x')\n"
            "print(rg.function([x], x + 1)(1.0), type(rg.function).__name__)\n"
            "from relgraph.function import Compiled, function\nprint(function is rg.function)")
    assert run(code) == "2.0 function\nTrue"


def test_importing_everything_public_starts_no_backend() -> None:
    loaded = run("from relgraph import *\nimport sys; print(*sys.modules)").split()
    assert not [m for m in HEAVY[:-1] if m in loaded]
    ours = {m.split(".")[1] for m in run("import relgraph, sys; print(*sys.modules)").split() if m.startswith("relgraph.")}
    assert ours == {"autodiff", "errors", "numpy", "terms", "version"}  # of relations, strategies and linkers nothing


def test_importing_starts_no_process() -> None:
    code = ("import sys\nstarted = []\nsys.addaudithook(lambda e, a: started.append(e) if e in ('subprocess.Popen', 'os.fork', "
            "'os.posix_spawn', 'os.system') else None)\nimport relgraph, relgraph.function\nprint(started)")
    assert run(code) == "[]"


def test_help_and_reprs() -> None:
    text = pydoc.plain(pydoc.render_doc(rg.function))
    assert "function(inputs" in text and ">>> f = function([x]" in text and "Compile outputs" in text
    assert "tensor compiler" in pydoc.plain(pydoc.render_doc(rg))
    for n in NAMES:
        assert inspect.getdoc(getattr(rg, n)), f"rg.{n} has no docstring"
    x = rg.vector("x")
    f = rg.function([x], rnp.exp(x))
    assert repr(f).startswith("<function (x: float64[x0]) -> exp(x)") and repr(f.term) == "exp(x)  float64[x0]"
    assert "<jit " in repr(rg.jit(lambda x: x)) and "x" in x._repr_html_()


# -- examples in docstrings -----------------------------------------------------------------------------------------------

MODULES = [rg, rnp, *map(importlib.import_module, [
    "relgraph.function", "relgraph.tracing", "relgraph.debugging", "relgraph.strategies", "relgraph.relations",
    "relgraph.autodiff",
    "relgraph.terms", "relgraph.terms.inputs", "relgraph.terms.evaluate", "relgraph.terms.binders", "relgraph.linkers.jax"])]


def documented() -> Iterator[Any]:
    seen: set[int] = set()
    for m in MODULES:
        for n in dir(m):
            o = getattr(m, n)
            if n.startswith("_") or id(o) in seen or inspect.ismodule(o):
                continue
            if ">>>" in (getattr(o, "__doc__", None) or ""):
                seen.add(id(o))
                yield pytest.param(o, id=f"{m.__name__}.{n}")


@pytest.mark.parametrize("thing", list(documented()))
def test_examples_in_docstrings_run(thing: Any) -> None:
    relations = importlib.import_module("relgraph.relations")
    home = vars(sys.modules.get(getattr(thing, "__module__", ""), rg))
    names = {**{n: getattr(m, n) for m in (rnp, relations, strategies) for n in dir(m) if not n.startswith("_")}, **home,
             "rg": rg, "rnp": rnp, "np": np, "x": rg.vector("x", "n"), "y": rg.vector("y", "n"), "X": rg.matrix("X"),
             "A": rg.matrix("A", ("n", "n")), "B": rg.matrix("B", ("n", "n")), "v": rg.vector("v", "n"), "stable": stable}
    test = doctest.DocTestParser().get_doctest(thing.__doc__, names, getattr(thing, "__name__", "?"), None, 0)
    said: list[str] = []
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert not doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=said.append).failed, "".join(said)


# -- as one writes it elsewhere -------------------------------------------------------------------------------------------

x: Any = rg.vector("x", "n")  # what is tested is what the type checker would refuse
y: Any = rg.vector("y", "n")
X: Any = rg.matrix("X", ("n", "m"))
s: Any = rg.scalar("s")
i: Any = rg.vector("i", dtype="int64")
r: Any = rg
n: Any = rnp
f: Any = rg.function([x], x * 2)
ones = np.ones(2)

ELSEWHERE: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: r.dvector("x"), AttributeError, r"no attribute 'dvector'; write rg\.vector\(name\)"),
    (lambda: r.fmatrix("x"), AttributeError, r"write rg\.matrix\(name, dtype='float32'\)"),
    (lambda: r.vmap(f), AttributeError, r"write rg\.vectorize"),
    (lambda: r.jacrev(x), AttributeError, r"write rg\.jacobian"),
    (lambda: r.exp(x), AttributeError, r"write rnp\.exp after `import relgraph\.numpy as rnp`"),
    (lambda: r.vecto, AttributeError, r"no attribute 'vecto'; did you mean rg\.vector or rg\.vectorize\?"),
    (lambda: r.function([x], x, linkr="c"), rg.errors.MisuseError, r"function: .* 'linkr'; did you mean linker\? function"),
    (lambda: r.rewrite(x, safty="real"), rg.errors.MisuseError, r"rewrite: .* 'safty'; did you mean safety\?"),
    (lambda: rg.function([x], rnp.log(lvar("u"))), rg.errors.MisuseError,
     r"output log\(u\) contains logic variables, u: .* write u = rg\.vector\('u'\) for an input"),
    (lambda: r.nope, AttributeError, "module 'relgraph' has no attribute 'nope'$"),
    (lambda: n.softmax(x), AttributeError, r"relgraph\.numpy has no 'softmax'; write rnp\.special\.softmax"),
    (lambda: n.det(X), AttributeError, r"write rnp\.linalg\.det"),
    (lambda: n.append(x, y), AttributeError, r"write rnp\.concat\(\[x, y\]\)"),
    (lambda: n.lgo(x), AttributeError, r"relgraph\.numpy has no 'lgo'; did you mean rnp\.log\?"),
    (lambda: n.mod(x, y), AttributeError, r"relgraph\.numpy has no 'mod', a name of NumPy; write rnp\.remainder"),
    (lambda: n.nanmax(x), AttributeError, r"has no 'nanmax', a name of NumPy; the nearest that is there is rnp\.max"),
    (lambda: n.quantile(x), AttributeError, r"has no 'quantile', a name of NumPy; dir\(rnp\) lists what is there"),
    (lambda: n.linalg.norm(x), AttributeError, r"rnp\.linalg has no 'norm', a name of NumPy; write rnp\.linalg\.vector_norm"),
    (lambda: n.linalg.sqrt(X), AttributeError, r"rnp\.linalg has no 'sqrt'; write rnp\.sqrt"),
    (lambda: n.special.erff(x), AttributeError, r"rnp\.special has no 'erff'; did you mean rnp\.special\.erf or"),
    (lambda: n.fft.ftt(x), AttributeError, r"rnp\.fft has no 'ftt'; did you mean rnp\.fft\.fft\?"),
    (lambda: n.nope, AttributeError, r"relgraph\.numpy has no 'nope'; dir\(rnp\) lists what is there"),
    (lambda: rg.function(x, x), rg.errors.MisuseError, r"write function\(\[x\], \.\.\.\)"),
    (lambda: rg.function([x], x, linker="gpu"), rg.errors.LinkError, "choose one of 'c', 'numba', 'jax', 'numpy'"),
    (lambda: r.function([x], x, mode="FAST_RUN"), TypeError, "unexpected keyword argument 'mode'"),
    (lambda: rg.function([x, s], x)(ones), rg.errors.InputError, r"s: no value was given for s: float64"),
    (lambda: f(x), rg.errors.InputError, "compiled functions take values"),
    (lambda: f({"x": ones}), rg.errors.InputError, r"x: expected float64\[n\], got dict of dtype object"),
    (lambda: f([ones, ones]), rg.errors.InputError, r"with 1 axis, got 2 axes: shape \(2, 2\)"),
    (lambda: f(x=ones, y=ones), rg.errors.InputError, r"y: there is no such input; the inputs are x: float64\[n\]"),
    (lambda: rg.grad(x * 2, x), rg.errors.GradientError, r"is no scalar; write rg\.grad\(rnp\.sum\(y\), x\)"),
    (lambda: rg.grad(rnp.sum(x), s), rg.errors.GradientError, "does not depend on s: float64.*pass disconnected='zero'"),
    (lambda: rg.grad(rnp.sum(rnp.floor(x)), x), rg.errors.GradientError, r"only through ops that are constant.*floor"),
    (lambda: rg.grad(rnp.sum(i), i), rg.errors.GradientError, "its values are integers; write x.astype"),
    (lambda: r.grad(lambda v: v, x), rg.errors.MisuseError, "of type function is neither a term, an array nor a number"),
    (lambda: r.grad(rnp.sum(x), "x"), rg.errors.MisuseError, "'x' of type str is neither a term"),
    (lambda: r.rewrite(x, "stable"), rg.errors.MisuseError, r"'stable' is neither a strategy nor a theory; write"),
    (lambda: r.rewrite([x, y]), rg.errors.MisuseError, r"a list of terms is not an array: write rnp\.stack"),
    (lambda: r.rewrite(f), rg.errors.MisuseError, "of type Compiled is neither a term"),
    (lambda: rg.equal(x, y, None), rg.errors.MisuseError, r"None is no theory; write relations_library\.stable\.stable"),
    (lambda: r.equal(x, y), rg.errors.MisuseError, r"equal: None is no theory; .*as in rg\.equal\(x, y, stable\)"),
    (lambda: rg.equal(x, s, stable), rg.errors.DTypeError, r"float64\[n\] and float64 are different types, so .*convert one"),
    (lambda: r.substitute(x, {"x": y}), rg.errors.MisuseError, r"'x' is no term; write the term that is to be replaced"),
    (lambda: rg.substitute(rnp.exp(x), {x: s}), rg.errors.MisuseError, r"x: float64\[n\].* would become s: float64"),
    (lambda: r.show(f), rg.errors.MisuseError, r"is neither a term nor a sequence of terms; write rg\.show\(f\.term\)"),
    (lambda: rg.show(x, "pdf"), rg.errors.MisuseError, "use one of infix, dag, dot, latex, svg, png, html"),
    (lambda: n.concat(x, y), rg.errors.MisuseError, r"concat: the arrays are one list, found x, y; write rnp\.concat\(\["),
    (lambda: rnp.concat([x, s]), rg.errors.ShapeError, "operands have 1, 0 axes, all need the same number"),
    (lambda: n.zeros(3, 4), rg.errors.DTypeError, "4 is not a dtype of relgraph; use one of bool, int8"),
    (lambda: n.where(x > 0, 1), rg.errors.MisuseError, "where: takes 3 operands, got 2"),
    (lambda: rnp.trace(s), rg.errors.AxisError, "trace: axis 0 is out of range for the 0 axes of s: float64"),
    (lambda: rnp.vecdot(X, X, axis=2), rg.errors.AxisError, "vecdot: axis 2 is out of range for the 2 axes of X"),
    (lambda: rnp.swapaxes(X, 0, 2), rg.errors.AxisError, "swapaxes: axis 2 is out of range for the 2 axes of X"),
    (lambda: rnp.diagonal(X, 0, 0, -2), rg.errors.MisuseError, "diagonal: the axes 0 and -2 are one"),
    (lambda: x[0, 0], rg.errors.AxisError, r"2 indices for x: float64\[n\]"),
    (lambda: x[s], rg.errors.MisuseError, r"the index s is float64, integers were expected; write i\.astype\('int64'\)"),
    (lambda: x & y, rg.errors.DTypeError, r"convert with x\.astype\('int64'\)"),
    (lambda: min(x, y), rg.errors.MisuseError, r"write rnp\.where\(x, a, b\)"),
    (lambda: np.linalg.norm(x), rg.errors.MisuseError, "np.norm: is not defined for terms"),
    (lambda: rg.vjp(x * 2, x, s), rg.errors.ShapeError, "the cotangent s: float64 must have the shape of"),
    (lambda: rg.jvp(x * 2, [x], [x, y]), rg.errors.MisuseError, "a sequence of 1 was expected"),
    (lambda: (x + y).eval(), rg.errors.InputError, r"no value for the input x: float64\[n\]; pass \{x: array\}"),
    (lambda: r.vector("x", dtype=str), rg.errors.DTypeError, "is not a dtype of relgraph; use one of bool"),
    (lambda: r.matrix("A", 3), rg.errors.MisuseError, r"has 1 sizes, a matrix has 2; write tensor\(name, shape=\.\.\.\)"),
]


@pytest.mark.parametrize("k", range(len(ELSEWHERE)))
def test_newcomers_are_told_what_to_write(k: int) -> None:
    do, error, message = ELSEWHERE[k]
    with pytest.raises(error, match=f"(?s){message}"):
        do()
