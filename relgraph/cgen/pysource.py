"""A program as one flat Python function of loops, for compilers of Python such as Numba.

``run(data..., constants..., results..., sizes...)`` takes every array flattened in C order and every named size, and
returns 0 or the number of a `Failure`; helpers are the ``rg_…`` functions that templates name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import LinkError
from ..terms import dims
from ..terms.access import Reduce
from ..terms.dims import Dim, DimCall
from .csource.scalars import extreme, name, pick
from .ir import Acc, Apply, At, Call, Choose, Convert, For, Let, Load, Number, Program, Size, Stmt, Store, Update, View

__all__ = ["python_source"]

_ARITHMETIC = re.compile(r"(?:[-+() ]|\*(?!\*)|\{[01]\})*")
CHUNK = 128  # elements added up one after the other before the partial sum joins the total


def python_source(p: Program) -> str:
    """The text of the function ``run``."""
    return _Writer(p).text()


def integer(d: Dim, name: Callable[[str], str] = name) -> str:
    """An integer expression in Python, its variables as ``name`` writes them."""
    if isinstance(d, int):
        return str(d)
    if isinstance(d, str):
        return name(d)
    out = ""
    for m, c in d.terms:
        parts = [name(a) if isinstance(a, str) else _call(a, name) for a in m]
        if abs(c) != 1 or not parts:
            parts.insert(0, str(abs(c)))
        text = "*".join(parts)
        out += f" {'-' if c < 0 else '+'} {text}" if out else f"{'-' if c < 0 else ''}{text}"
    return f"({out})"


def _call(a: DimCall, name: Callable[[str], str]) -> str:
    x, y = integer(a.args[0], name), integer(a.args[1], name)
    return {"max": f"max({x}, {y})", "floordiv": f"({x} // {y})", "mod": f"({x} % {y})"}[a.name]


def _type(dtype: np.dtype[Any]) -> str:
    return "np.bool_" if dtype.kind == "b" else f"np.{dtype.name}"


def _literal(value: Any, dtype: np.dtype[Any]) -> str:
    if dtype.kind == "b":
        return str(bool(value))
    if dtype.kind in "iu":
        return f"{_type(dtype)}({int(value)})"
    if dtype.kind == "c":
        value = complex(value)
        return f"{_type(dtype)}(complex({_real(value.real)}, {_real(value.imag)}))"
    return f"{_type(dtype)}({_real(float(value))})"


def _real(value: float) -> str:
    if np.isnan(value):
        return "math.nan"
    return repr(value) if np.isfinite(value) else "math.inf" if value > 0 else "-math.inf"


class _Writer:
    def __init__(self, p: Program) -> None:
        self._p = p
        self._lines: list[str] = []
        self._indent = 1
        self._accs: dict[str, Acc] = {}
        self._step = 0
        self._known: dict[str, str] = {}

    def _put(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    def _name(self, n: str) -> str:
        """An identifier; what a step computes has names of its own, since Numba goes through all of the code again for each
        name that is assigned to in several places."""
        return f"{name(n)}_{self._step}" if n[0] == "%" and n[1] != "s" else name(n)

    def _integer(self, d: Dim) -> str:
        return integer(d, self._name)

    def _given(self, d: Dim) -> str:
        """An integer as an argument; Numba would compile what is called once more for each literal."""
        return self._constant(f"np.int64({d})", f"c{d}") if isinstance(d, int) else self._integer(d)

    def _constant(self, value: str, name: str) -> str:
        self._known[name] = value
        return name

    def text(self) -> str:
        p = self._p
        where: dict[tuple[str, int], str] = {}
        for b, x in enumerate(p.buffers):
            if x.kind != "scratch":
                where[(x.kind, x.position)] = f"p{b}"
        arguments = [where[("input", i)] for i in range(len(p.inputs))]
        arguments += [where[("const", i)] for i in range(len(p.constants))]
        arguments += [where[("output", i)] for i in range(len(p.outputs))]
        arguments += [self._name(n) for n, _, _ in p.sizes]
        for b, x in enumerate(p.buffers):
            if x.kind == "scratch":
                self._put(f"p{b} = np.empty({self._given(dims.product(x.shape))}, {_type(x.dtype)})")
            elif x.kind == "input" and x.strided:
                stride: Dim = 1
                for k in reversed(range(len(x.shape))):
                    self._put(f"s{b}_{k} = {self._given(stride)}")
                    stride = dims.mul(stride, x.shape[k])
        for self._step, s in enumerate(p.steps, 1):
            self._put(f"# {s.text}")
            if isinstance(s, Call):
                self._routine(s)
            else:
                for b in s.zero:
                    self._put(f"for z{b} in range(p{b}.size):")  # p[:] = 0 costs Numba a second
                    self._put(f"    p{b}[z{b}] = 0")
                self._block(s.body)
        self._put("return 0")
        constants = [f"    {n} = {value}" for n, value in self._known.items()]
        return "\n".join([f"def run({', '.join(arguments)}):", *constants, *self._lines]) + "\n"

    # -- statements -------------------------------------------------------------------------------------------------------

    def _block(self, body: tuple[Stmt, ...]) -> None:
        if not body:
            self._put("pass")
        for s in body:
            if isinstance(s, For):
                self._loop(s)
            elif isinstance(s, Let):
                self._let(s)
            elif isinstance(s, Store):
                self._put(f"p{s.buffer}[{self._integer(s.at)}] = {self._name(s.value)}")
            elif isinstance(s, Choose):
                self._choose(s)
            else:
                self._update(s)

    def _let(self, s: Let) -> None:
        e, v = s.value, self._name(s.name)
        if isinstance(e, Number):
            text = _literal(e.value, s.dtype)
        elif isinstance(e, Load):
            text = f"p{e.buffer}[{self._integer(e.at)}]"
        elif isinstance(e, Size):
            text = f"{_type(s.dtype)}({self._integer(e.value)})"
        elif isinstance(e, Convert):
            value = f"{self._name(e.value)}.real" if e.source.kind == "c" and s.dtype.kind not in "cb" else self._name(e.value)
            text = f"{self._name(e.value)} != 0" if s.dtype.kind == "b" else f"{_type(s.dtype)}({value})"
        elif isinstance(e, At):
            raw, n = self._name(e.value), self._integer(e.size)
            self._put(f"{v} = {raw} + {n} if {raw} < 0 else {raw}")
            self._put(f"if {v} < 0 or {v} >= {n}:")
            self._put(f"    return {e.code}")
            return
        else:
            text = self._apply(e, s.dtype)
        self._put(f"{v} = {text}")

    def _apply(self, e: Apply, dtype: np.dtype[Any]) -> str:
        template = pick(e.op.lower["numba"], e.computed.kind)
        if template is None:
            raise LinkError(f"{e.op.name}: its Numba lowering has no template for {e.computed.name}; add one to the row")
        single = "f" if e.computed.name in ("float32", "complex64") else ""
        return _filled(template, [self._name(v) for v in e.values], dtype, e.computed, single)

    def _choose(self, s: Choose) -> None:
        test = " and ".join(f"{self._integer(c.left)} {c.sign} {self._integer(c.right)}" for c in s.conditions)
        for head, body, value in ((f"if {test}:", s.then, s.then_value), ("else:", s.otherwise, s.otherwise_value)):
            self._put(head)
            self._indent += 1
            if body:
                self._block(body)
            self._put(f"{self._name(s.name)} = {self._name(value)}")
            self._indent -= 1

    def _update(self, s: Update) -> None:
        if s.buffer >= 0:
            sign = "|" if self._p.buffers[s.buffer].dtype.kind == "b" else "+"
            at, dtype = f"p{s.buffer}[{self._integer(s.at)}]", self._p.buffers[s.buffer].dtype
            self._put(f"{at} = {_filled(f'{{0}} {sign} {{1}}', [at, self._name(s.value)], dtype, dtype)}")
            return
        acc, v = self._accs[s.acc], f"{self._name(s.acc)}p"
        self._put(f"{v} = {_combined(acc, v, self._name(s.value))}")

    def _loop(self, s: For) -> None:
        for acc in s.accs:
            self._accs[acc.name] = acc
            self._put(f"{self._name(acc.name)} = {_identity(acc.combine, acc.dtype)}")
        own = list(dict.fromkeys(x.acc for x in s.body if isinstance(x, Update) and x.buffer < 0))
        i, n, first = self._name(s.index), self._integer(s.extent), f"from_{self._step}"
        if not own:
            self._put(f"for {i} in range({n}):")
            self._indent += 1
            self._block(s.body)
            self._indent -= 1
            return
        self._put(f"for {first} in range(0, {n}, {CHUNK}):")
        self._indent += 1
        for a in own:
            self._put(f"{self._name(a)}p = {_identity(self._accs[a].combine, self._accs[a].dtype)}")
        self._put(f"for {i} in range({first}, min({first} + {CHUNK}, {n})):")
        self._indent += 1
        self._block(s.body)
        self._indent -= 1
        for a in own:
            self._put(f"{self._name(a)} = {_combined(self._accs[a], self._name(a), f'{self._name(a)}p')}")
        self._indent -= 1

    # -- routines -------------------------------------------------------------------------------------------------------------

    def _routine(self, c: Call) -> None:
        before = self._indent
        for j, d in enumerate(c.batch):
            self._put(f"for {self._name(f'%i{j}')} in range({self._integer(d)}):")
            self._indent += 1
        arguments = []
        for k, v in enumerate((*c.operands, *c.results)):
            core = c.ranks[k]
            lead = len(v.shape) - core
            at = v.offset
            for j in range(lead):
                if v.shape[j] != 1:
                    at = dims.add(at, dims.mul(f"%i{len(c.batch) - lead + j}", v.strides[j]))
            arguments.append(self._part(v, at, core))
        arguments += [self._constant(f"np.bool_({a})", str(a).lower()) if isinstance(a, bool) else self._given(a)
                      for a in c.attrs]
        loops = "" if c.dtype.kind in "fc" else "_loops"
        self._put(f"{c.routine}{loops}({', '.join(arguments)})")
        self._indent = before

    def _part(self, v: View, at: Dim, core: int) -> str:
        """Up to two axes of an array as one in C order, which is copied only where it may lie otherwise."""
        shape, strides = v.shape[len(v.shape) - core:], v.strides[len(v.shape) - core:]
        dense = not core or (strides[-1] == 1 and (core == 1 or strides[0] == shape[1]))
        ds = shape or (1,) if dense else (*shape, *strides)
        return f"rg_{'part' if dense else 'view'}{max(core, 1)}({', '.join([f'p{v.buffer}', *map(self._given, (at, *ds))])})"


def _filled(template: str, values: list[str], dtype: np.dtype[Any], computed: np.dtype[Any], single: str = "") -> str:
    """A value of this dtype.  Sums and products of int64 are those of uint64: Numba promises LLVM that signed ones stay in
    range, of which it concludes that ``x*x`` is 0 only where x is.  Numba looks up each cast as a call, and sums and products
    of floats of one dtype need none."""
    plain = dtype == computed and _ARITHMETIC.fullmatch(template)
    wraps = plain and dtype == np.int64
    text = template.format(*[f"np.uint64({v})" if wraps else v for v in values], f=single, t=dtype.name, s=computed.name)
    if plain and dtype.kind in "fc":
        return text
    return f"bool({text})" if dtype.kind == "b" else f"{_type(dtype)}({text})"


def _combined(acc: Acc, a: str, b: str) -> str:
    template = pick(acc.combine.numba, acc.dtype.kind)
    if template is None:
        raise LinkError(f"a reduction has no Numba template for {acc.dtype.name}; add one to the row")
    return _filled(template, [a, b], acc.dtype, acc.dtype)


def _identity(combine: Reduce, dtype: np.dtype[Any]) -> str:
    value = combine.identity
    return _literal(extreme(value, dtype) if isinstance(value, str) else value, dtype)


