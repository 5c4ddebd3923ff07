"""Programs as one flat function compiled by Numba, kept on disk by Numba beside its source."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...cache import fetch, key
from ...cgen import Program, missing, program
from ...cgen.pysource import python_source
from ...collector import uncollected
from ...errors import AxisError, InputError, LinkError, ShapeError
from ...terms import dims
from ...terms.term import Term
from ...version import __version__

__all__ = ["Executable", "available", "link", "missing_ops"]

_HEAD = """import cmath
import math

import numpy as np

from relgraph.linkers.numba.bessel import *
from relgraph.linkers.numba.helpers import *
from relgraph.linkers.numba.routines import *
from relgraph.linkers.numba.spectral import *
from relgraph.linkers.numba.general import *

"""
_SIGNS: dict[str, Callable[[int, int], bool]] = {"==": lambda a, b: a == b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b}


def available() -> bool:
    """Whether Numba can be imported."""
    return importlib.util.find_spec("numba") is not None


def missing_ops(outputs: Sequence[Term]) -> list[str]:
    """The ops below the outputs that neither have a Numba lowering nor a definition."""
    return missing(outputs, "numba")


class Executable:
    """A program in Numba.  Pickles as the program; compiled, or found on disk, when first called."""

    name = "numba"

    def __init__(self, p: Program) -> None:
        self.program = p

    @cached_property
    def source(self) -> str:
        """The Python source."""
        return python_source(self.program)

    @cached_property
    def _run(self) -> Any:
        try:
            numba = importlib.import_module("numba")
        except ImportError:
            raise LinkError("numba: is not installed; run pip install 'relgraph[numba]', or choose linker='c' or 'numpy'") \
                from None
        text = _HEAD + self.source
        # Numba looks at the file of a function, not at those of the helpers it has compiled into it.
        names = ("bessel.py", "general.py", "helpers.py", "routines.py", "spectral.py")
        helpers = [Path(__file__).with_name(f).read_text() for f in names]
        name = key([text, *helpers, __version__, numba.__version__, np.__version__])

        def write(out: Path) -> None:
            out.write_text(text)
        path = fetch(name, ".py", write)
        spec = importlib.util.spec_from_file_location(f"relgraph_numba_{name}", path)
        assert spec is not None and spec.loader is not None
        # Numba writes down the module of what it compiles and imports it by name when another process loads it from disk.
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        run = numba.njit(error_model="numpy", nogil=True, cache=True, no_cfunc_wrapper=True)(module.run)
        p = self.program
        arrays = [numba.types.Array(numba.from_dtype(d), 1, "C") for d in
                  [*[t.dtype for t in p.inputs], *[c.dtype for c in p.constants], *[t.dtype for t in p.outputs]]]
        with uncollected():  # a tenth of what compiling takes
            run.compile((*arrays, *[numba.int64] * len(p.sizes)))
        return run

    def __call__(self, *arrays: Any) -> tuple[np.ndarray[Any, Any], ...]:
        p = self.program
        if len(arrays) != len(p.inputs):
            raise InputError(f"{p.name}: takes {len(p.inputs)} arrays, got {len(arrays)}")
        given = [np.asarray(a, t.dtype) for a, t in zip(arrays, p.inputs, strict=True)]
        for k, (a, t) in enumerate(zip(given, p.inputs, strict=True)):
            if a.ndim != t.ndim:
                raise InputError(f"{p.name}: argument {k + 1} must be {t!r} with {t.ndim} axes, got shape {a.shape}")
        sizes = {n: given[i].shape[k] for n, i, k in p.sizes}
        lengths = {f"%n{i}_{k}": d for i, a in enumerate(given) for k, d in enumerate(a.shape)}
        for c in p.checks:
            left, right = (dims.evaluate(d, {**sizes, **lengths}) for d in (c.condition.left, c.condition.right))
            if not _SIGNS[c.condition.sign](left, right):
                self._fail(c.code, given)
        results = [np.empty(tuple(dims.evaluate(d, sizes) for d in t.shape), t.dtype) for t in p.outputs]
        flat = [_flat(a) for a in (*given, *p.constants)]
        code = self._run(*flat, *[r.reshape(-1) for r in results], *[sizes[n] for n, _, _ in p.sizes])
        if code:
            self._fail(code, given)
        return tuple(results)

    def _fail(self, code: int, arrays: Sequence[np.ndarray[Any, Any]]) -> None:
        failure = self.program.failures[code - 1]
        if failure.kind == "index":
            raise AxisError(failure.text)
        raise ShapeError(f"{failure.text}; the arguments have shapes {', '.join(str(a.shape) for a in arrays)}")

    def __reduce__(self) -> Any:
        return Executable, (self.program,)

    def __repr__(self) -> str:
        return f"<{self.program.name} in Numba: {len(self.program.steps)} steps>"


def _flat(a: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The elements in C order, writable as far as the type goes: one signature serves constants and arguments."""
    out = np.ascontiguousarray(a).reshape(-1)
    return out if out.flags.writeable and out.flags.aligned else out.copy()


def link(inputs: Sequence[Term], outputs: Sequence[Term]) -> Executable:
    """Compile terms; the result takes positional arrays of the inputs' dtypes and returns a tuple of fresh arrays."""
    out = Executable(program(inputs, outputs, "numba"))
    out._run  # noqa: B018 - compile now, so that errors and the time it takes belong to linking
    return out
