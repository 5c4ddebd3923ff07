"""Calling a compiled program through ctypes, where the shim cannot be compiled: the same results, a slower call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from ...cgen import Program

__all__ = ["BareCall"]

_POINTER = ctypes.c_void_p


class BareCall:
    """The counterpart of the shim's ``Call`` in Python."""

    def __init__(self, library: Any, program: Program, strided: tuple[int, ...], slow: Callable[..., Any],
                 fail: Callable[[int, tuple[Any, ...]], Any], single: bool) -> None:
        self._plan, self._run = library.rg_plan, library.rg_run
        self._program, self._strided, self._slow, self._fail, self._single = program, strided, slow, fail, single

    def __call__(self, *args: Any, **named: Any) -> Any:
        p = self._program
        if named or len(args) != len(p.inputs):
            return self._slow(*args, **named)
        for a, t in zip(args, p.inputs, strict=True):
            if type(a) is not np.ndarray or a.dtype.num != t.dtype.num or a.ndim != t.ndim or not a.flags.aligned \
                    or not a.dtype.isnative:
                return self._slow(*args)
        arrays = [a if a.flags.c_contiguous or (s and all(k % a.itemsize == 0 for k in a.strides)) else a.copy(order="C")
                  for a, s in zip(args, self._strided, strict=True)]
        shapes, strides = _table([a.shape for a in arrays]), _table([a.strides for a in arrays])
        ndims = sum(t.ndim for t in p.outputs)
        out = (ctypes.c_int64 * (ndims + 1))()
        code = self._plan(shapes[0], out)
        if code:
            return self._fail(code, args)
        results, at = [], 0
        for t in p.outputs:
            results.append(np.empty(tuple(out[at:at + t.ndim]), t.dtype))
            at += t.ndim
        scratch = np.empty(out[ndims] + 64, np.uint8)
        data = (_POINTER * (len(arrays) + len(p.constants) + 1))(*[a.ctypes.data for a in (*arrays, *p.constants)])
        target = (_POINTER * (len(results) + 1))(*[r.ctypes.data for r in results])
        code = self._run(data, strides[0], shapes[0], target, _POINTER((scratch.ctypes.data + 63) & -64))
        if code:
            return self._fail(code, args)
        return results[0] if self._single else tuple(results)


def _table(rows: list[tuple[int, ...]]) -> tuple[Any, list[Any]]:
    """A C array of pointers to C arrays, and what keeps those alive."""
    kept = [(ctypes.c_int64 * max(len(r), 1))(*r) for r in rows]
    return (_POINTER * (len(kept) + 1))(*[ctypes.addressof(k) for k in kept]), kept
