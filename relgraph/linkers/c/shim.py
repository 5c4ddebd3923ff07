"""The call shim, compiled once per machine and Python: loading it, or None where Python's headers are missing."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import sysconfig
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from ...cache import fetch, key
from ...errors import LinkError
from .compiler import Compiler, compile_source

__all__ = ["load"]

_NAME = "relgraph_shim"


@cache
def load(compiler: Compiler) -> ModuleType | None:
    """The extension module; None if it cannot be compiled."""
    include = sysconfig.get_path("include")
    if not (Path(include) / "Python.h").exists():
        return None
    text = (Path(__file__).with_name("shim.c")).read_text()
    flags = ("-O2", "-fPIC", "-shared", "-std=gnu11", "-w", f"-I{include}", f"-I{np.get_include()}",
             *(("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ()))
    suffix = sysconfig.get_config_var("EXT_SUFFIX") or ".so"
    name = key([text, compiler.identity, *flags, sys.version, np.__version__])
    try:
        path = fetch(name, suffix, lambda out: compile_source(compiler, text, out, flags=flags))
        loader = importlib.machinery.ExtensionFileLoader(_NAME, str(path))
        spec = importlib.util.spec_from_file_location(_NAME, path, loader=loader)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
    except (LinkError, ImportError) as e:
        warnings.warn(f"c: calls go through ctypes and are slower, because the call shim cannot be used: {e}", stacklevel=2)
        return None
    return module
