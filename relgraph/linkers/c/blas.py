"""Addresses of SciPy's BLAS and LAPACK routines, by their Fortran names."""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import sys
from functools import cache
from types import ModuleType
from typing import Any

__all__ = ["address"]


@cache
def address(name: str) -> int:
    """The address of a routine such as ``dgemm``; KeyError if SciPy exports none."""
    for module in ("cython_blas", "cython_lapack"):
        table: dict[str, Any] = _extension(module).__pyx_capi__
        if name in table:
            api = ctypes.pythonapi
            api.PyCapsule_GetName.restype = ctypes.c_char_p
            api.PyCapsule_GetName.argtypes = [ctypes.py_object]
            api.PyCapsule_GetPointer.restype = ctypes.c_void_p
            api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
            return api.PyCapsule_GetPointer(table[name], api.PyCapsule_GetName(table[name]))
    raise KeyError(name)


@cache
def _extension(name: str) -> ModuleType:
    """One extension module of SciPy without all of ``scipy.linalg``, which takes longer to import than to compile C."""
    full = f"scipy.linalg.{name}"
    if full in sys.modules:
        return sys.modules[full]
    scipy = importlib.util.find_spec("scipy")
    for place in (scipy.submodule_search_locations or ()) if scipy is not None else ():
        spec = importlib.machinery.PathFinder.find_spec(full, [f"{place}/linalg"])
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            sys.modules[full] = module
            try:
                spec.loader.exec_module(module)
            except ImportError:
                del sys.modules[full]
                break
            return module
    return importlib.import_module(full)
