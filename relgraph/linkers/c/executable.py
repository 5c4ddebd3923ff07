"""A compiled program as a callable: arrays in, a tuple of fresh arrays out."""

from __future__ import annotations

import _ctypes
import ctypes
import weakref
from collections.abc import Callable, MutableMapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ...cache import fetch, key
from ...cgen import Program
from ...cgen.csource import routines, source
from ...errors import AxisError, InputError, LinkError, ShapeError
from ...terms.type import Type
from ...version import __version__
from . import blas
from .bare import BareCall
from .compiler import compile_source, find
from .shim import load

__all__ = ["Executable"]

_loaded: MutableMapping[str, ctypes.CDLL] = weakref.WeakValueDictionary()


class Executable:
    """A program in C.  Pickles as the program, without the library, which is compiled or found again when first called."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.name = program.name

    @cached_property
    def source(self) -> str:
        """The C source."""
        return source(self.program)

    @cached_property
    def call(self) -> Callable[..., tuple[np.ndarray[Any, Any], ...]]:
        """What runs: a callable of positional arrays, without Python code in between."""
        return self._make(False)

    @cached_property
    def call_one(self) -> Callable[..., np.ndarray[Any, Any]]:
        """As `call`, for a program of one result: returns it, not a tuple."""
        return self._make(True)

    def __call__(self, *arrays: Any) -> tuple[np.ndarray[Any, Any], ...]:
        return self.call(*arrays)

    def __reduce__(self) -> Any:
        return Executable, (self.program,)

    def __repr__(self) -> str:
        return f"<{self.name} in C: {len(self.program.steps)} steps>"

    def direct(self, convert: Callable[..., Sequence[np.ndarray[Any, Any]]], explain: Callable[..., None]) -> Any:
        """As `call_one` or `call`, with the caller's own conversion and errors.

        ``convert(args, named)`` makes arrays of arguments that are none yet, ``explain(args)`` may raise a better error
        before the program's own is raised.
        """
        return self._make(len(self.program.outputs) == 1, _Asking(self, convert, explain))

    def _make(self, single: bool, raising: Any = None) -> Any:
        compiler = find()
        if compiler is None:
            raise LinkError("c: no C compiler was found (CC, cc, gcc, clang); install one, or use linker='numba' or 'numpy'")
        text = self.source
        name = key([text, compiler.identity, *compiler.flags, *compiler.libraries, __version__])
        library = _loaded.get(name)
        if library is None:
            path = fetch(name, ".so", lambda out: compile_source(compiler, text, out))
            library = ctypes.CDLL(str(path))
            weakref.finalize(library, _ctypes.dlclose, library._handle).atexit = False
            self._initialise(library, text)
            _loaded[name] = library
        self._library = library  # it is unloaded with the last executable that runs it
        p = self.program
        addresses = [ctypes.cast(getattr(library, f), ctypes.c_void_p).value for f in ("rg_plan", "rg_run")]
        strided = tuple(int(b.strided) for b in p.buffers[:len(p.inputs)])
        module = load(compiler)
        raising = raising or _Raising(self, single)
        if module is None:
            return BareCall(library, p, strided, raising.slow, raising.fail, single)
        calls = int(any(not hasattr(s, "body") for s in p.steps))
        return module.Call(*addresses, tuple(t.dtype.num for t in p.inputs), tuple(t.ndim for t in p.inputs), strided,
                           tuple(t.dtype.num for t in p.outputs), tuple(t.ndim for t in p.outputs), p.constants,
                           raising.slow, raising.fail, int(single), calls)

    def _initialise(self, library: ctypes.CDLL, text: str) -> None:
        wanted = routines(text)
        if wanted or "rg_malloc = allocate" in text:
            table = (ctypes.c_void_p * len(wanted))(*[blas.address(n) for n in wanted])
            libc = ctypes.CDLL(None)
            library.rg_init(ctypes.cast(libc.malloc, ctypes.c_void_p), ctypes.cast(libc.free, ctypes.c_void_p), table)


class _Raising:
    """What the shim leaves to Python: arguments that need converting, and errors."""

    def __init__(self, executable: Executable, single: bool) -> None:
        self.program = executable.program
        self._executable, self._single = executable, single

    def slow(self, *args: Any, **named: Any) -> Any:
        """Convert the arguments and call again; raises where they do not fit."""
        p = self.program
        if named or len(args) != len(p.inputs):
            raise InputError(f"{p.name}: takes {len(p.inputs)} positional arguments, got {len(args)}"
                             f"{' and ' + ', '.join(named) if named else ''}")
        ready = [_fitting(p.name, i, a, t) for i, (a, t) in enumerate(zip(args, p.inputs, strict=True))]
        return (self._executable.call_one if self._single else self._executable.call)(*ready)

    def fail(self, code: int, args: tuple[Any, ...]) -> Any:
        """Raise what a failure code stands for."""
        if code == -1:
            raise ValueError("power: integers to negative integer powers are not allowed; convert with x.astype('float64')")
        failure = self.program.failures[code - 1]
        if failure.kind == "index":
            raise AxisError(failure.text)
        if failure.kind == "linalg":
            raise np.linalg.LinAlgError(failure.text)
        shapes = ", ".join(str(np.shape(a)) for a in args)
        raise ShapeError(f"{failure.text}; the arguments have shapes {shapes}")


class _Asking(_Raising):
    """As `_Raising`, asking the caller to convert and to explain."""

    def __init__(self, executable: Executable, convert: Any, explain: Any) -> None:
        super().__init__(executable, len(executable.program.outputs) == 1)
        self._convert, self._explain = convert, explain

    def slow(self, *args: Any, **named: Any) -> Any:
        arrays = self._convert(args, named)
        return (self._executable.call_one if self._single else self._executable.call)(*arrays)

    def fail(self, code: int, args: tuple[Any, ...]) -> Any:
        self._explain(args)
        return super().fail(code, args)


def _fitting(name: str, i: int, a: Any, t: Type) -> np.ndarray[Any, Any]:
    array = np.asarray(a)
    if array.ndim != t.ndim:
        raise InputError(f"{name}: argument {i + 1} must be {t!r} with {t.ndim} axes, got {array.ndim}: shape {array.shape}")
    number = isinstance(a, (int, float, complex))
    if array.dtype != t.dtype and not number and not np.can_cast(array.dtype, t.dtype, "same_kind"):
        raise InputError(f"{name}: argument {i + 1} must be {t!r}, got {array.dtype.name}; convert it with astype")
    out = np.require(array.astype(t.dtype, copy=False), requirements=["A"])
    if out.dtype.num != t.dtype.num or not out.dtype.isnative:
        out = out.astype(t.dtype.newbyteorder("=")).view(t.dtype)
    return out.view(np.ndarray) if type(out) is not np.ndarray else out


