"""Compiled theories on disk: inter-reduced rules and the code of their matchers, found by the theory's content."""

from __future__ import annotations

import contextlib
import marshal
import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any

from ..cache import fetch, key
from ..version import __version__
from .compiler import Compiled, make_engine
from .folding import FOLDING, Fold
from .matcher import bind_matchers, file_name, matcher_source
from .relation import Rule

__all__ = ["compiled_theory"]


@cache
def _code_version() -> str:
    """Changes whenever the code that compiles theories may have: version, Python, and the files it is made of."""
    root = Path(__file__).resolve().parent.parent
    files = sorted([*root.glob("relations/*.py"), *root.glob("terms/*.py")])
    stamps = [f"{f.name} {s.st_size} {s.st_mtime_ns}" for f in files for s in (f.stat(),)]
    return "\n".join([__version__, sys.version, *stamps])


def compiled_theory(theory: Any, form: str, make_node: Any, compile_now: Any) -> Compiled:
    """The compiled theory from disk, or compiled now and written down; what does not pickle is compiled every time."""
    made: list[Compiled] = []

    def write(path: Path) -> None:
        made.append(compile_now())
        try:
            raw = _dump(made[0], theory.name)
        except (pickle.PicklingError, TypeError, AttributeError) as e:
            raise _DoesNotPickle from e
        path.write_bytes(raw)
    try:
        path = fetch(key([_code_version(), theory.digest(), form]), ".theory", write)
    except (_DoesNotPickle, OSError):
        return made[0] if made else compile_now()
    if made:
        return made[0]
    with contextlib.suppress(Exception):  # whatever is wrong with a file, compiling again is right
        return _load(path.read_bytes(), theory, form, make_node)
    return compile_now()


class _DoesNotPickle(Exception):
    """A theory with a guard or an attribute function of its own cannot be written down."""


def _dump(compiled: Compiled, title: str) -> bytes:
    source, names = matcher_source(compiled.rules)
    rules = [(r.name, r.direction, r.lhs, r.rhs, r.guards, r.written, r.variant, r.collects, r.variables, r.template)
             for r in compiled.rules]
    code = marshal.dumps(compile(source, file_name(source, title), "exec"))
    return pickle.dumps((rules, names, source, code, compiled.dropped, compiled.reduced), protocol=5)


def _load(raw: bytes, theory: Any, form: str, make_node: Any) -> Compiled:
    stored, names, source, code, dropped, reduced = pickle.loads(raw)
    rules = []
    for name, direction, lhs, rhs, guards, written, variant, collects, variables, template in stored:
        r = Rule.__new__(Rule)
        r.name, r.direction, r.lhs, r.rhs, r.guards, r.written = name, direction, lhs, rhs, guards, written
        r.variant, r.collects, r.variables, r.template, r.relation = variant, collects, variables, template, theory[name]
        rules.append(r)
    for r, matcher in zip(rules, bind_matchers(rules, marshal.loads(code), source, names, theory.facts.holds, theory.name),
                          strict=True):
        r.matcher = matcher
    fold = Fold() if any(r is FOLDING for r in theory) else None
    return Compiled(tuple(rules), make_engine(rules, make_node, form == "real", fold), dropped, reduced)
