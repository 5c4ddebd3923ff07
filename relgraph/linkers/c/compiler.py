"""The C compiler: which one, with which flags, and running it."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...errors import LinkError

__all__ = ["Compiler", "compile_source", "find"]


@dataclass(frozen=True)
class Compiler:
    """A command, what identifies the program behind it, and the flags it takes."""

    command: tuple[str, ...]
    identity: str
    flags: tuple[str, ...]
    libraries: tuple[str, ...]


@cache
def _find(cc: str | None, path: str | None) -> Compiler | None:
    names = [cc] if cc else ["cc", "gcc", "clang"]
    for name in names:
        command = shlex.split(name)
        program = shutil.which(command[0], path=path) if command else None
        if program is not None:
            real = os.path.realpath(program)
            s = os.stat(real)
            flags, libraries = _flags("clang" in os.path.basename(real) or sys.platform == "darwin")
            return Compiler((program, *command[1:]), f"{real} {s.st_size} {s.st_mtime_ns} {_cpu()}", flags, libraries)
    return None


def find() -> Compiler | None:
    """The compiler named by ``CC``, else ``cc``, ``gcc`` or ``clang``; None if there is none."""
    return _find(os.environ.get("CC"), os.environ.get("PATH"))


def _flags(clang: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values are those of strict IEEE arithmetic: no contraction, no reordering but where the source asks for it."""
    machine = platform.machine().lower()
    flags = ["-O3", "-fPIC", "-shared", "-std=gnu11", "-w", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off",
             "-fwrapv", "-fopenmp-simd", "-mcpu=native" if clang and machine in ("arm64", "aarch64") else "-march=native"]
    libraries = ["-lm"]
    if not clang:
        flags.append("-fcx-fortran-rules")  # complex products and quotients as NumPy computes them
        if machine in ("x86_64", "amd64"):
            flags.append("-mprefer-vector-width=512")
        if _glibc() >= (2, 35) and machine in ("x86_64", "amd64"):
            flags.append("-DRG_VECTOR_MATH")
            libraries.insert(0, "-lmvec")
    return tuple(flags), tuple(libraries)


def _glibc() -> tuple[int, ...]:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return (0,)
    return tuple(int(x) for x in version.split(".")[:2]) if name == "glibc" else (0,)


def _cpu() -> str:
    """What ``-march=native`` depends on."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
            for line in f:
                if line.startswith(("flags", "Features")):
                    return f"{platform.machine()} {line.strip()}"
    except OSError:
        pass
    return f"{platform.machine()} {platform.processor()}"


def compile_source(compiler: Compiler, text: str, out: Path, *, flags: tuple[str, ...] | None = None) -> None:
    """Compile C text to a shared library in one run of the compiler."""
    chosen = list(compiler.flags if flags is None else flags)
    if flags is None and text.count("\n") > 20_000:
        chosen[0] = "-O1"  # optimising takes more than linear time
    command = [*compiler.command, *chosen, "-pipe", "-x", "c", "-", "-o", str(out), *compiler.libraries]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        shown = "\n".join(lines[:20])
        raise LinkError(f"c: {shlex.join(command)} failed with status {done.returncode}:\n{shown}")
