"""A kernel as a C function: scalar statements in loops, sums in several accumulators, strips for leading axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import LinkError
from ...terms import dims
from ...terms.access import Reduce
from ...terms.dims import Dim
from ...terms.type import dtype_name
from ..ir import Acc, Apply, At, Buffer, Choose, Convert, For, Kernel, Let, Load, Number, Size, Stmt, Store, Update, walk
from .scalars import C_TYPES, CHUNK, condition, extreme, integer, literal, name, pick
from .strip import write_strip

__all__ = ["KernelWriter", "sizes_used"]


def sizes_used(body: tuple[Stmt, ...]) -> list[str]:
    """The names of sizes in a body, sorted."""
    found: set[str] = set()
    for s in walk(body):
        exprs: list[Any] = []
        if isinstance(s, For):
            exprs.append(s.extent)
        elif isinstance(s, (Store, Update)):
            exprs.append(s.at)
        elif isinstance(s, Choose):
            exprs += [d for c in s.conditions for d in (c.left, c.right)]
        elif isinstance(s.value, Load):
            exprs.append(s.value.at)
        elif isinstance(s.value, At):
            exprs.append(s.value.size)
        elif isinstance(s.value, Size):
            exprs.append(s.value.value)
        for d in exprs:
            found.update(n for n in dims.names(d) if not n.startswith("%"))
    return sorted(found)


class KernelWriter:
    """Writes one kernel; ``reductions`` collects the declarations that vector accumulators need."""

    def __init__(self, buffers: tuple[Buffer, ...], reductions: dict[str, str]) -> None:
        self._buffers = buffers
        self._reductions = reductions
        self._lines: list[str] = []
        self._indent = 1
        self._dtype: dict[str, np.dtype[Any]] = {}
        self._arrays: dict[str, str] = {}  # value -> its C text where it is not a plain variable
        self._accs: dict[str, Acc] = {}
        self._codes: dict[int, int] = {}
        self._counter = 0
        self._tree = ""  # number of the partial results of the reduction being written

    def write(self, number: int, k: Kernel) -> tuple[str, list[int], list[str]]:
        """The function, the buffers and the sizes it takes."""
        touched: dict[int, bool] = dict.fromkeys(k.zero, True)
        for s in walk(k.body):
            if isinstance(s, Let) and isinstance(s.value, Load):
                touched.setdefault(s.value.buffer, False)
            elif isinstance(s, Store) or (isinstance(s, Update) and s.buffer >= 0):
                touched[s.buffer] = True
        order = sorted(touched)
        sizes = sizes_used(k.body)
        for b in k.zero:
            for d in self._buffers[b].shape:
                sizes = sorted({*sizes, *(n for n in dims.names(d))})
        for b in k.zero:
            self._put(f"for (i64 i = 0; i < {integer(dims.product(self._buffers[b].shape))}; i++) p{b}[i] = 0;")
        self._block(k.body)
        params = [f"{'' if touched[b] else 'const '}{C_TYPES[self._buffers[b].dtype.name]} *restrict p{b}" for b in order]
        params += [f"const i64 {name(n)}" for n in sizes]
        out = [f"static int k{number}({', '.join(params) or 'void'})", "{"]
        if self._codes:
            out.append("    i64 bad = 0;")
        out += self._lines
        if self._codes:
            for code, bit in self._codes.items():
                out.append(f"    if (bad & {1 << bit}) return {code};")
        out += ["    return 0;", "}"]
        return "\n".join(out), order, sizes

    def _put(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    # -- statements -------------------------------------------------------------------------------------------------------

    def _block(self, body: tuple[Stmt, ...]) -> None:
        for s in body:
            if isinstance(s, For):
                self._loop(s)
            else:
                self._statement(s)

    def _statement(self, s: Stmt) -> None:
        if isinstance(s, Let):
            self._define(s.name, s.dtype, self._expression(s))
        elif isinstance(s, Store):
            self._put(f"p{s.buffer}[{self._integer(s.at)}] = {self._ref(s.value)};")
        elif isinstance(s, Update):
            self._update(s)
        elif isinstance(s, Choose):
            self._choose(s)

    def _define(self, n: str, dtype: np.dtype[Any], text: str) -> None:
        self._dtype[n] = dtype
        if n in self._arrays:
            self._put(f"{self._arrays[n]} = {text};")
        else:
            self._put(f"const {C_TYPES[dtype_name(dtype)]} {name(n)} = {text};")

    def _ref(self, n: str) -> str:
        return self._arrays.get(n) or name(n)

    def _integer(self, d: Dim) -> str:
        """An integer expression in which values may be those of a strip."""
        return integer(d, self._ref)

    def _expression(self, s: Let) -> str:
        e = s.value
        if isinstance(e, Number):
            return literal(e.value, s.dtype)
        if isinstance(e, Load):
            return f"p{e.buffer}[{self._integer(e.at)}]"
        if isinstance(e, Size):
            text = self._integer(e.value)
            return text if s.dtype.name == "int64" else f"({C_TYPES[s.dtype.name]})({text})"
        if isinstance(e, Convert):
            return self._cast(self._ref(e.value), e.source, s.dtype)
        if isinstance(e, At):
            return self._position(e)
        return self._apply(e, s.dtype)

    def _apply(self, e: Apply, dtype: np.dtype[Any]) -> str:
        template = pick(e.op.lower["c"], e.computed.kind)
        if template is None:
            raise LinkError(f"{e.op.name}: its C lowering has no template for {e.computed.name}; add one to the row")
        return template.format(*[self._ref(v) for v in e.values], f=_single(e.computed), t=dtype_name(dtype),
                               s=dtype_name(e.computed))

    def _cast(self, value: str, source: np.dtype[Any], dtype: np.dtype[Any]) -> str:
        if dtype.kind == "b":
            return f"({value} != 0)"
        if source.kind == "c" and dtype.kind != "c":
            value = f"creal{_single(source)}({value})"
        return f"({C_TYPES[dtype.name]}){value}"

    def _position(self, e: At) -> str:
        """A position in range also where the index is not, so that nothing is read outside of the buffer."""
        bit = self._codes.setdefault(e.code, min(len(self._codes), 61))
        v, n = self._ref(e.value), self._integer(e.size)
        w = f"w{self._counter}"
        self._counter += 1
        self._put(f"const i64 {w} = {v} < 0 ? {v} + {n} : {v};")
        self._put(f"bad |= (i64)((u64){w} >= (u64){n}) << {bit};")
        return f"(u64){w} < (u64){n} ? {w} : 0"

    def _choose(self, s: Choose) -> None:
        self._dtype[s.name] = s.dtype
        test = " && ".join(condition(c, self._ref) for c in s.conditions)
        if not s.then and not s.otherwise:
            test = " & ".join(f"({condition(c, self._ref)})" for c in s.conditions)
            self._define(s.name, s.dtype, f"{test} ? {self._ref(s.then_value)} : {self._ref(s.otherwise_value)}")
            return
        if s.name not in self._arrays:
            self._put(f"{C_TYPES[s.dtype.name]} {name(s.name)};")
        for head, body, value in ((f"if ({test}) {{", s.then, s.then_value), ("} else {", s.otherwise, s.otherwise_value)):
            self._put(head)
            self._indent += 1
            self._block(body)
            self._put(f"{self._ref(s.name)} = {self._ref(value)};")
            self._indent -= 1
        self._put("}")

    # -- loops ------------------------------------------------------------------------------------------------------------

    def _combine(self, acc: Acc, a: str, b: str) -> str:
        return _combined(acc.combine, acc.dtype, a, b)

    def _identity(self, acc: Acc) -> str:
        return _identity(acc.combine, acc.dtype)

    def _update(self, s: Update) -> None:
        if s.buffer >= 0:
            at = f"p{s.buffer}[{self._integer(s.at)}]"
            joined = "|" if self._buffers[s.buffer].dtype.kind == "b" else "+"
            self._put(f"{at} = {at} {joined} {self._ref(s.value)};")
            return
        acc = self._accs[s.acc]
        into = self._arrays.get(f"{s.acc}p") or f"{name(s.acc)}p"
        self._put(f"{into} = {self._combine(acc, into, self._ref(s.value))};")

    def _loop(self, s: For) -> None:
        if s.tile:
            write_strip(self, s)
            return
        for acc in s.accs:
            self._accs[acc.name] = acc
            t = C_TYPES[acc.dtype.name]
            self._put(f"{t} {name(acc.name)} = {self._identity(acc)};")
            if acc.dtype.kind in "fc":
                self._put(f"{t} {name(acc.name)}s[64];")
        cascade = [a for a in s.accs if a.dtype.kind in "fc"]
        if cascade:
            self._tree = name(cascade[0].name)[1:]
            self._put(f"int top{self._tree} = 0; u64 count{self._tree} = 0;")
        own = [x.acc for x in s.body if isinstance(x, Update) and x.buffer < 0]
        if own:
            self._chunked(s, [self._accs[a] for a in dict.fromkeys(own)])
        else:
            self._put(f"for (i64 {name(s.index)} = 0; {name(s.index)} < {integer(s.extent)}; {name(s.index)}++) {{")
            self._indent += 1
            self._nested(s.body, bool(s.accs))
            self._indent -= 1
            self._put("}")
        if cascade:
            top = f"top{self._tree}"
            self._put(f"while ({top}) {{")
            self._put(f"    {top}--;")
            for a in cascade:
                v = name(a.name)
                self._put(f"    {v} = {self._combine(a, f'{v}s[{top}]', v)};")
            self._put("}")

    def _nested(self, body: tuple[Stmt, ...], folding: bool) -> None:
        """The body of a loop, which is ``folding`` if an inner one accumulates for it."""
        for s in body:
            if isinstance(s, For) and folding:
                own = [x.acc for x in s.body if isinstance(x, Update) and x.buffer < 0]
                if own:
                    self._chunked(s, [self._accs[a] for a in dict.fromkeys(own)])
                    continue
                self._put(f"for (i64 {name(s.index)} = 0; {name(s.index)} < {integer(s.extent)}; {name(s.index)}++) {{")
                self._indent += 1
                self._nested(s.body, folding)
                self._indent -= 1
                self._put("}")
            else:
                self._block((s,))

    def _chunked(self, s: For, accs: list[Acc]) -> None:
        """The innermost loop of a reduction: a chunk at a time, partial results combined as a binary tree."""
        i, n = name(s.index), integer(s.extent)
        floats = [a for a in accs if a.dtype.kind in "fc"]
        self._put(f"for (i64 from = 0; from < {n}; from += {CHUNK}) {{")
        self._indent += 1
        self._put(f"const i64 to = from + {CHUNK} < {n} ? from + {CHUNK} : {n};")
        for a in accs:
            self._put(f"{C_TYPES[a.dtype.name]} {name(a.name)}p = {self._identity(a)};")
        clauses = [f"reduction({self._declared(a)} : {name(a.name)}p)" for a in accs]
        if all(a.dtype.kind == "f" for a in accs):
            has_positions = any(isinstance(x, Let) and isinstance(x.value, At) for x in walk(s.body))
            self._put(f"#pragma omp simd {' '.join(clauses)}{' reduction(| : bad)' if has_positions else ''}")
        self._put(f"for (i64 {i} = from; {i} < to; {i}++) {{")
        self._indent += 1
        self._block(s.body)
        self._indent -= 1
        self._put("}")
        top = f"top{self._tree}"
        if floats:
            self._put(f"for (u64 q = count{self._tree}++; q & 1; q >>= 1) {{")
            self._put(f"    {top}--;")
            for a in floats:
                v = name(a.name)
                self._put(f"    {v}p = {self._combine(a, f'{v}s[{top}]', f'{v}p')};")
            self._put("}")
            for a in floats:
                self._put(f"{name(a.name)}s[{top}] = {name(a.name)}p;")
            self._put(f"{top}++;")
        for a in accs:
            if a.dtype.kind not in "fc":
                self._put(f"{name(a.name)} = {self._combine(a, name(a.name), f'{name(a.name)}p')};")
        self._indent -= 1
        self._put("}")

    def _declared(self, acc: Acc) -> str:
        text = _combined(acc.combine, acc.dtype, "omp_out", "omp_in")
        t = C_TYPES[acc.dtype.name]
        key = f"{t} : omp_out = {text}) initializer(omp_priv = {self._identity(acc)})"
        return self._reductions.setdefault(key, f"red{len(self._reductions)}")


def _combined(combine: Reduce, dtype: np.dtype[Any], a: str, b: str) -> str:
    template = pick(combine.c, dtype.kind)
    if template is None:
        raise LinkError(f"a reduction has no C template for {dtype.name}; add one to the row")
    return template.format(a, b, f=_single(dtype), t=dtype.name)


def _identity(combine: Reduce, dtype: np.dtype[Any]) -> str:
    value = combine.identity
    return literal(extreme(value, dtype) if isinstance(value, str) else value, dtype)


def _single(dtype: np.dtype[Any]) -> str:
    return "f" if dtype_name(dtype) in ("float32", "complex64") else ""
