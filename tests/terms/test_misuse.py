"""Every misuse raises at the line that is wrong, and the message says what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import AxisError, DTypeError, InputError, MisuseError, RelgraphError, ShapeError
from relgraph.terms import row
from relgraph.terms.term import lvar

x: Any = rg.vector("x", "n")  # what is tested is what the type checker would refuse
y: Any = rg.vector("y", "n")
X: Any = rg.matrix("X", (2, 3))
z: Any = rg.scalar("z", "complex128")
i8: Any = rg.vector("i8", dtype="int8")
b: Any = rg.vector("b", dtype="bool")
n: Any = rnp
r: Any = rg
u: Any = lvar("u")


def if_() -> None:
    if x > 0:
        pass


def while_() -> None:
    while x.sum() > 1:
        pass


def assign() -> None:
    x[0] = 1


def assign_in_place() -> None:
    x[1:] += 1


def unpack() -> None:
    first, second = x  # noqa: RUF059


MISUSE: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (if_, MisuseError, r"no truth value while the graph is built.*write rnp\.where\(x, a, b\)"),
    (while_, MisuseError, "no truth value"),
    (lambda: max(x[0], x[1]), MisuseError, "no truth value"),
    (lambda: 0 < x < 1, MisuseError, r"rnp\.logical_and"),
    (lambda: not x, MisuseError, "no truth value"),
    (lambda: rnp.where(x == y, 1, 2), MisuseError,
     r"Python bool False; `==` between terms is identity: write rnp\.where\(rnp\.equal"),
    (lambda: rnp.where(x is x, x, y), MisuseError, "Python bool True"),
    (lambda: x == 1.0, MisuseError, r"write rnp\.equal\(x, 1\.0\)"),
    (lambda: x != np.arange(3), MisuseError, r"write rnp\.equal"),
    (lambda: 0 in [x], MisuseError, r"write rnp\.equal"),
    (lambda: sum(x), MisuseError, r"no fixed length to iterate over; write rnp\.sum\(x\)"),
    (lambda: list(x), MisuseError, "no fixed length"),
    (unpack, MisuseError, "no fixed length"),
    (lambda: len(x), MisuseError, r"write x\.shape\[0\]"),
    (lambda: len(z), MisuseError, "has no axes"),
    (lambda: np.array([x, y]), MisuseError, r"write rnp\.stack\(\[x, y\]\)"),
    (lambda: np.asarray(x), MisuseError, r"or x\.eval\(\{\.\.\.\}\) for a value"),
    (lambda: rnp.exp([x, y]), MisuseError, r"a list of terms is not an array: write rnp\.stack"),
    (lambda: float(x), MisuseError, r"float: x: float64\[n\] has no value.*write x\.eval\(\{\.\.\.\}\)"),
    (lambda: int(z), MisuseError, "int: z: complex128 has no value"),
    (lambda: complex(z), MisuseError, "complex: z"),
    (lambda: math.exp(z), MisuseError, "float: z"),
    (lambda: range(x.shape[0]), MisuseError, "index: "),
    (lambda: [1, 2, 3][i8[0]], MisuseError, "index: "),
    (assign, MisuseError, r"never changes; write y = x.at"),
    (assign_in_place, MisuseError, "never changes"),
    (lambda: x["a"], MisuseError, "is no index"),
    (lambda: x[x > 0], MisuseError, r"a length that depends on values; write rnp\.where\(mask, x, 0\)"),
    (lambda: rnp.sum(X, axis=2), AxisError, "sum: axis 2 is out of range for 2 axes; use -2 to 1"),
    (lambda: rnp.sum(X, axis=(0, -2)), AxisError, "names an axis twice"),
    (lambda: rnp.sum(X, axis=1.0), MisuseError, "axis 1.0 is no integer"),
    (lambda: rnp.sum(X, axis=i8[0]), MisuseError, "axes are static"),
    (lambda: rnp.expand_dims(X, 3), AxisError, "out of range"),
    (lambda: rnp.permute_dims(X, (0, 0)), AxisError, "is no permutation of the 2 axes of X"),
    (lambda: rnp.permute_dims(X, 1), MisuseError, r"axes 1 are no tuple; write axes=\(1, 0\)"),
    (lambda: rnp.max(rg.vector("e", 0)), ShapeError, "at least 1 is needed"),
    (lambda: X + rg.vector("v", 2), ShapeError, r"add: 3 and 2 in add\(X: float64\[2, 3\], v: float64\[2\]\)"),
    (lambda: X @ X, ShapeError, r"matmul: dim 'k' is 3 and 2 .*signature is \(m,k\),\(k,n\)->\(m,n\)"),
    (lambda: X @ 2.0, ShapeError, r"a scalar operand.*write x \* y"),
    (lambda: rnp.linalg.inv(X), ShapeError, "dim 'n' is 2 and 3"),
    (lambda: rnp.linalg.det(x), ShapeError, "operand 1 has 1 axes, at least 2 are needed"),
    (lambda: z < 1, DTypeError, r"compare abs\(x\)"),
    (lambda: rnp.maximum(z, 1), DTypeError, "defined for real numbers"),
    (lambda: -b, DTypeError, r"write rnp\.logical_not\(x\)"),
    (lambda: b - b, DTypeError, "logical_xor"),
    (lambda: rnp.bitwise_and(x, 1), DTypeError, r"convert with x\.astype\('int64'\)"),
    (lambda: i8 + 1000, DTypeError, r"the Python integer 1000 does not fit int8; write x\.astype\('int64'\)"),
    (lambda: rg.vector("x", dtype="float16"), DTypeError, "is not a dtype of relgraph"),
    (lambda: x.astype("object"), DTypeError, "is not a dtype of relgraph"),
    (lambda: x + "a", TypeError, "unsupported operand"),
    (lambda: rnp.add(x, "a"), MisuseError, "'a' of type str is neither a term, an array nor a number"),
    (lambda: rnp.add(x), MisuseError, "add: takes 2 operands, got 1"),
    (lambda: rnp.exp(x, y), MisuseError, "exp: takes 1 operand, got 2"),
    (lambda: rg.tensor(x), MisuseError, r"is no text; write tensor\('x', shape=\(\.\.\.\)\)"),
    (lambda: rg.tensor("t", (-1,)), MisuseError, "the size -1 is negative"),
    (lambda: rg.vector("v", (2, 3)), MisuseError, r"has 2 sizes, a vector has 1; write tensor\(name, shape=\.\.\.\)"),
    (lambda: rg.tensor("t", (2.5,)), MisuseError, "2.5 is no size"),
    (lambda: rnp.zeros(x), MisuseError, "depends on values; sizes are ints, names or made of x.shape"),
    (lambda: rnp.arange(0.0, x), MisuseError, "float bounds must all be numbers"),
    (lambda: rnp.arange(0, 5, 0), MisuseError, "no non-zero integer"),
    (lambda: rnp.concat([]), MisuseError, "at least one array"),
    (lambda: rnp.stack([]), MisuseError, "at least one array"),
    (lambda: rnp.concat([rg.scalar("s")]), ShapeError, r"write rnp\.stack"),
    (lambda: rnp.dot(X, rg.tensor("t", (2, 3, 4))), MisuseError, r"write x @ y"),
    (lambda: rnp.diag(rg.tensor("t", (2, 3, 4))), MisuseError, r"write rnp\.linalg\.diagonal"),
    (lambda: rnp.sum(lvar("a")), MisuseError, r"in a pattern the number of axes is unknown; write axis=-1"),
    (lambda: rnp.sum(lvar("a"), "axs"), MisuseError, "sum: axis 'axs' of type str is no integer; write axis=-1, or axis, ="),
    (lambda: rnp.max(lvar("a"), 0), MisuseError, "max: axis 0 counts from the left, and in a pattern .* write axis=-1"),
    (lambda: rnp.stack([lvar("a")]), MisuseError, "stack: axis 0 counts from the left"),
    (lambda: rnp.sum(lvar("a"), (-1, -1)), AxisError, "names an axis twice"),
    (lambda: lvar("a").T, MisuseError, r"transpose: in a pattern the number of axes is unknown; write \.mT, which exchanges"),
    (lambda: rnp.swapaxes(lvar("a"), -1, -2), MisuseError, r"swapaxes: in a pattern .*; write \.mT"),
    (lambda: rnp.swapaxes(lvar("a"), -1, -3), MisuseError, r"swapaxes: .*; write permute_dims\(x, axes\)"),
    (lambda: rnp.trace(lvar("a") @ lvar("b")), MisuseError, r"trace: in a pattern .*; write rnp\.linalg\.trace\(x\)"),
    (lambda: rnp.diagonal(lvar("a")), MisuseError, r"diagonal: in a pattern .*; write rnp\.linalg\.diagonal\(x\)"),
    *[(lambda f=f: f(lvar("a"), axis=-1), MisuseError, f"{f.__name__}: in a pattern the number of axes is unknown; {said}")
      for f, said in ((rnp.var, r"write mean\(\(x - expand_dims\(mean\(x, axis\), axis\)\)\*\*2, axis\)"),
                      (rnp.std, r"write the root of mean\(\(x - "),
                      (rnp.flip, r"write index_\(x, spec\), of relgraph\.terms\.indexing, .* guard reverses\(x, spec"),
                      (rnp.diff, r"write index_\(x, first\) - index_\(x, second\), of .*= attrs\('first second'\)"),
                      (rnp.median, "median needs that of a and .*; write an equation of what it is made of, as print"))],
    (lambda: rnp.roll(lvar("a"), 1), MisuseError, r"roll: .*; write concat_\(index_\(x, first\), .* guard complement\("),
    (lambda: rnp.searchsorted(lvar("a"), lvar("b")), MisuseError, r"searchsorted: .* as print\(searchsorted\(\.\.\.\)\)"),
    (lambda: lvar("a")[..., None], MisuseError, r"x\[\.\.\.\]: in a pattern .*; write expand_dims\(x, -1\), or expand"),
    (lambda: lvar("a")[0], MisuseError, r"x\[\.\.\.\]: .*; write index_\(x, spec\), of relgraph\.terms\.indexing,"),
    (lambda: lvar("a")[lvar("b")], MisuseError, r"x\[\.\.\.\]: .*; write take\(x, i, axis\) with axis, = attrs\('axis'\)"),
    (lambda: lvar("a")[[0, 1]], MisuseError, r"x\[\.\.\.\]: .*; write take\(x, i, axis\)"),
    (lambda: rnp.moveaxis(lvar("a"), 0, 1), MisuseError, r"moveaxis: .*; write permute_dims\(x, axes\) with axes, = attrs"),
    (lambda: n.concat(lvar("a"), lvar("b")), MisuseError, r"concat: .* one list, found a, b; write rnp\.concat\(\[x, y\], ax"),
    (lambda: n.concat(lvar("a")), MisuseError, r"concat: the arrays are one list, found a; write rnp\.concat"),
    (lambda: n.stack(x, y), MisuseError, r"stack: the arrays are one list, found x, y; write rnp\.stack\(\[x, y\], axis=-1\)"),
    (lambda: rnp.repeat(lvar("a"), 2), MisuseError, "repeat: .*; repeat needs that of a"),
    (lambda: rnp.ravel(lvar("a")), MisuseError, r"ravel: .*; write reshape\(x, shape\)"),
    (lambda: rnp.ones_like(lvar("a")), MisuseError, "ones_like: .*; ones_like needs that of a"),
    (lambda: rnp.reshape(lvar("a"), 3), MisuseError, r"reshape: .*; write reshape\(x, shape\) with shape, = attrs\('shape'\)"),
    (lambda: rnp.take(lvar("a"), 0), MisuseError, "take: in a pattern .*; write axis=-1, or axis, = attrs"),
    (lambda: rnp.cumsum(lvar("a")), MisuseError, "cumsum: in a pattern .*; write axis=-1, the last one; found axis=None"),
    (lambda: rnp.sort(lvar("a"), axis=-2), MisuseError, "sort: in a pattern .*; write axis=-1, the last one; found axis=-2"),
    (lambda: rnp.argmax(lvar("a"), lvar("axis", "attr", "")), MisuseError, "argmax: in a pattern .*; found axis=axis"),
    (lambda: rnp.einsum("...i,...i->...", lvar("a"), lvar("b")), MisuseError,
     r"einsum: in a pattern .*; write what it is made of, .* print\(rnp\.einsum\(\.\.\.\)\) of inputs shows"),
    (lambda: rnp.linalg.matrix_power(lvar("a"), 3), MisuseError, "matrix_power: .*; write the product, as x @ x"),
    (lambda: lvar("a").shape, MisuseError, r"x\.shape: in a pattern .*; write size\(x, axis\) of relgraph\.relations"),
    (lambda: lvar("a").size, MisuseError, r"x\.size: in a pattern .*; write size\(x, axis\)"),
    (lambda: len(lvar("a")), MisuseError, r"len: in a pattern .*; write size\(x, axis\) of relgraph\.relations"),
    (lambda: lvar("a").ndim, MisuseError, r"x\.ndim: in a pattern .*or a guard about the shape"),
    (lambda: list(lvar("a")), MisuseError, r"list\(x\).*: in a pattern .*; write rnp\.sum\(x, axis=-1\) for the sum"),
    (lambda: lvar("a")[..., 0], MisuseError, r"x\[\.\.\.\]: in a pattern .*; write index_\(x, spec\)"),
    (lambda: row("slogdet")(rg.matrix("A", (2, 2))) + 1, DTypeError, r"a tuple|take a part with nth\(x, i\)"),
    (lambda: n.exp(x, axis=0), MisuseError, "exp: got an unexpected keyword argument 'axis'; .* element by element, so"),
    (lambda: n.log(lvar("a"), base=2), MisuseError, r"log: .*'base'; write rnp\.log\(x\) / rnp\.log\(base\)"),
    (lambda: n.linalg.det(X, axis=0), MisuseError, "det: .* 'axis'; det takes operands by position"),
    (lambda: n.sum(lvar("a"), axes=lvar("axis", "attr", "")), MisuseError, r"sum: .* 'axes'; did you mean axis\? sum takes x"),
    (lambda: n.max(x, nope=0), MisuseError, "max: .* 'nope'; max takes x, axis, keepdims"),
    (lambda: round(x), MisuseError, r"round: x has no value while the graph is built; write rnp\.round\(x\)"),
    (lambda: round(u, 2), MisuseError, r"round: u has no value .*; write rnp\.round"),
    (lambda: math.floor(x), MisuseError, r"math\.floor: .*write rnp\.floor"),
    (lambda: math.ceil(x), MisuseError, r"math\.ceil: .*write rnp\.ceil"),
    (lambda: math.trunc(x), MisuseError, r"math\.trunc: .*write rnp\.trunc"),
    (lambda: bool(lvar("a") > 0), MisuseError, r"bool: greater\(a, 0\) has no truth value: in a pattern .* is a guard"),
    (lambda: lvar("a") * lvar("axis", "attr", ""), MisuseError, r"multiply: operand 2, axis, is an attribute, .* write lvars"),
    (lambda: x.eval({x: ["a"]}), InputError, r"x: expected float64\[n\], got \['a'\] of type list, which is no array of"),
    (lambda: rg.matrix("M", 3, 4), MisuseError, r"matrix M: the dtype is the number 4; .* write matrix\('M', shape=\(3, 4\)\)"),
    (lambda: rg.vector("v", 3, 4), MisuseError, r"vector v: .* write tensor\('v', shape=\(3, 4\)\)"),
    (lambda: rg.vector("v", shape=-1), MisuseError, "vector v: the size -1 is negative; write a size from 0 on"),
    (lambda: r.scalar("s", shape=3), MisuseError, r"scalar: .*'shape'; a scalar has no axes; write rg\.vector"),
    (lambda: row("expp"), KeyError, "did you mean exp"),
    (lambda: (x + y).eval({x: [1.0]}), InputError, r"no value for the input y: float64\[n\]; pass \{y: array\}"),
    (lambda: (x + y).eval({x: [1.0, 2.0], y: [1.0]}), ShapeError, r"dim 'n': is 2 in x: float64\[n\] but 1 in y: float64\[n\]"),
    (lambda: x.eval({x: 1.0}), InputError, r"x: expected float64\[n\] with 1 axes, got 0"),
    (lambda: X.eval({X: np.ones((3, 3))}), ShapeError,
     r"X: expected float64\[2, 3\], an axis of length 2, got 3: shape \(3, 3\)"),
    (lambda: x.eval({"w": 1.0}), MisuseError, "x has no input 'w'"),
    (lambda: rnp.log(lvar("a")).eval(), InputError, "has no value; substitute it first"),
    (lambda: np.add.reduce(x), MisuseError, r"np\.add\.reduce: is not defined for terms"),
    (lambda: np.exp(x, out=np.zeros(3)), MisuseError, r"np\.exp: is not defined for terms with \['out'\]"),
    (lambda: np.fft.hfft(x), MisuseError, r"np\.hfft: is not defined for terms; see relgraph\.numpy"),
    (lambda: np.heaviside(x, 0.5), MisuseError, r"np\.heaviside: is not defined for terms"),
]


@pytest.mark.parametrize(("do", "error", "message"), MISUSE, ids=[f"{k}-{m[:30]}" for k, (_, _, m) in enumerate(MISUSE)])
def test_misuse_says_what_to_write(do: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"(?s){message}"):
        do()


def test_every_message_starts_with_what_was_called() -> None:
    """``op: what is wrong``: the first word tells where to look."""
    for do, error, _ in MISUSE:
        if issubclass(error, RelgraphError):
            with pytest.raises(error) as e:
                do()
            assert ":" in str(e.value)[:60]


def test_a_fixed_length_iterates() -> None:
    v = rg.vector("v", 3)
    a, b, c = v
    assert (a, b, c) == (v[0], v[1], v[2]) and len(v) == 3 and sum(v) is 0 + v[0] + v[1] + v[2]



FUNCTIONS: dict[str, Callable[..., Any]] = {
    f"{space}.{name}": f for space, names in (("rnp", rnp), ("rnp.fft", rnp.fft), ("rnp.linalg", rnp.linalg),
                                              ("rnp.special", rnp.special))
    for name, f in ((n, getattr(names, n)) for n in dir(names) if not n.startswith("_"))
    if callable(f) and not isinstance(f, type)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_pattern_is_an_operand_or_refused(name: str) -> None:
    """No function of arrays ends with an error of Python's over a type that a logic variable does not have."""
    for operands in ((u,), (u, u), (u, 1)):
        try:
            FUNCTIONS[name](*operands)
        except RelgraphError:
            continue
        except TypeError as e:
            if not re.search(r"takes .* positional argument|missing .* required positional argument", str(e)):
                raise


def test_what_reads_types_says_so_in_a_pattern() -> None:
    with pytest.raises(MisuseError, match=r"nan_to_num: in a pattern the type of u is unknown.*what it is made of"):
        rnp.nan_to_num(u)
