"""Reductions along leading axes: every value is an array over a strip of the last kept axis, so that rows are read in order."""

from __future__ import annotations

from typing import Any

from ...terms import dims
from ..ir import Acc, Apply, At, Choose, Convert, For, Let, Stmt, Store, Update, walk
from .scalars import C_TYPES, STRIP, integer, name

__all__ = ["write_strip"]


def write_strip(w: Any, s: For) -> None:
    """The strip-mined loop: runs of statements become loops over the strip, with loops of reductions around them."""
    i, n = name(s.index), integer(s.extent)
    w._put(f"for (i64 strip = 0; strip < {n}; strip += {STRIP}) {{")
    w._indent += 1
    w._put(f"const i64 width = {n} - strip < {STRIP} ? {n} - strip : {STRIP};")
    run: dict[str, int] = {}
    _number_runs(s.body, run, [0])
    crossing: dict[str, None] = {}
    _find_crossing(s.body, run, crossing, [0])
    dtypes = {x.name: x.dtype for x in walk(s.body) if isinstance(x, (Let, Choose))}
    for v in crossing:
        w._arrays[v] = f"{name(v)}[t]"
        w._put(f"{C_TYPES[dtypes[v].name]} {name(v)}[{STRIP}];")
    for x in walk(s.body):
        if isinstance(x, For):
            for acc in x.accs:
                w._accs[acc.name] = acc
                w._arrays[acc.name] = f"{name(acc.name)}[t]"
                w._arrays[f"{acc.name}p"] = f"{name(acc.name)}p[t]"
                w._put(f"{C_TYPES[acc.dtype.name]} {name(acc.name)}[{STRIP}], {name(acc.name)}p[{STRIP}];")
    _body(w, i, s.body)
    w._indent -= 1
    w._put("}")


def _body(w: Any, i: str, body: tuple[Stmt, ...]) -> None:
    run: list[Stmt] = []
    for s in body:
        if isinstance(s, For):
            _flush(w, i, run)
            _fold(w, i, s)
        else:
            run.append(s)
    _flush(w, i, run)


def _flush(w: Any, i: str, run: list[Stmt]) -> None:
    if not run:
        return
    _open(w, i)
    w._block(tuple(run))
    _close(w)
    run.clear()


def _open(w: Any, i: str) -> None:
    w._put("for (i64 t = 0; t < width; t++) {")
    w._indent += 1
    w._put(f"const i64 {i} = strip + t;")


def _close(w: Any) -> None:
    w._indent -= 1
    w._put("}")


def _fold(w: Any, i: str, s: For) -> None:
    for acc in s.accs:
        _fill(w, name(acc.name), w._identity(acc))
    own = [w._accs[x.acc] for x in s.body if isinstance(x, Update) and x.buffer < 0]
    accs: list[Acc] = list({a.name: a for a in own}.values())
    j, n = name(s.index), integer(s.extent)
    if not accs:
        w._put(f"for (i64 {j} = 0; {j} < {n}; {j}++) {{")
        w._indent += 1
        _body(w, i, s.body)
        _close(w)
        return
    w._put(f"for (i64 from = 0; from < {n}; from += {STRIP}) {{")
    w._indent += 1
    w._put(f"const i64 to = from + {STRIP} < {n} ? from + {STRIP} : {n};")
    for acc in accs:
        _fill(w, f"{name(acc.name)}p", w._identity(acc))
    w._put(f"for (i64 {j} = from; {j} < to; {j}++) {{")
    w._indent += 1
    _body(w, i, s.body)
    _close(w)
    for acc in accs:
        v = name(acc.name)
        w._put(f"for (i64 t = 0; t < width; t++) {v}[t] = {w._combine(acc, f'{v}[t]', f'{v}p[t]')};")
    _close(w)


def _fill(w: Any, array: str, value: str) -> None:
    w._put(f"for (i64 t = 0; t < width; t++) {array}[t] = {value};")


# -- which values outlive their run ------------------------------------------------------------------------------------------

def _number_runs(body: tuple[Stmt, ...], run: dict[str, int], counter: list[int]) -> None:
    counter[0] += 1
    for s in body:
        if isinstance(s, For):
            _number_runs(s.body, run, counter)
            counter[0] += 1
        else:
            for x in walk((s,)):
                if isinstance(x, (Let, Choose)):
                    run[x.name] = counter[0]


def _find_crossing(body: tuple[Stmt, ...], run: dict[str, int], crossing: dict[str, None], counter: list[int]) -> None:
    counter[0] += 1
    for s in body:
        if isinstance(s, For):
            _find_crossing(s.body, run, crossing, counter)
            counter[0] += 1
        else:
            for x in walk((s,)):
                for v in _used(x):
                    if v in run and run[v] != counter[0]:
                        crossing[v] = None


def _used(s: Stmt) -> tuple[str, ...]:
    if isinstance(s, (Store, Update)):
        return (s.value, *_names_in(s.at))
    if isinstance(s, Choose):
        return (s.then_value, s.otherwise_value)
    if isinstance(s, Let):
        e = s.value
        if isinstance(e, Apply):
            return e.values
        if isinstance(e, (At, Convert)):
            return (e.value,)
        at = getattr(e, "at", getattr(e, "value", 0))
        return _names_in(at)
    return ()


def _names_in(at: Any) -> tuple[str, ...]:
    return dims.names(at) if isinstance(at, (str, dims.DimExpr)) else ()
