"""Compiled theories on disk: inter-reduced rules and the code of their matchers, found by the theory's content.

A rule is read when it is first tried at a node, and its sides when somebody looks at them: a program meets few of the rules.
"""

from __future__ import annotations

import contextlib
import linecache
import marshal
import pickle
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from ..cache import fetch, key
from .engine import Compiled, Engine
from .folding import Fold
from .index import Candidate, Entry, below, inside, needs
from .matcher import scope
from .pickles import dumps
from .relation import Rule
from .safety import restricted
from .stamps import code_stamp

__all__ = ["compiled_theory"]

_RUN = ("template", "dtypes", "collects", "matcher")
_SIDES = ("direction", "lhs", "rhs", "guards", "written", "variables")


def compiled_theory(theory: Any, form: str, make_node: Any) -> Compiled:
    """The compiled theory from disk, or compiled now and written down; what does not pickle is compiled every time."""
    def compile_now() -> Compiled:
        from .compiler import compile_rules  # what writes matchers is needed once per theory and machine
        rules: list[Any] = [(r, "->") for r in theory if "->" in r.directions()]
        return compile_rules(rules, theory.facts.holds, theory.name, make_node, form == "real")
    made: list[Compiled] = []
    code = code_stamp()
    if code is None:
        return compile_now()

    def write(path: Path) -> None:
        made.append(compile_now())
        try:
            raw = _dump(made[0])
        except (pickle.PicklingError, TypeError, AttributeError) as e:
            raise _DoesNotPickle from e
        path.write_bytes(raw)
    try:
        path = fetch(key([code, theory.digest(), form]), ".theory", write)
    except (_DoesNotPickle, OSError):
        return made[0] if made else compile_now()
    if made:
        return made[0]
    with contextlib.suppress(Exception):  # whatever is wrong with a file, compiling again is right
        return _load(path.read_bytes(), theory, make_node, form == "real")
    return compile_now()


class _DoesNotPickle(Exception):
    """A theory with a guard or an attribute function of its own cannot be written down."""


def _dump(compiled: Compiled) -> bytes:
    sources: dict[str, str] = {}
    rules = []
    common = scope(None)
    for r in compiled.rules:
        code: CodeType = r.matcher.__code__
        sources[code.co_filename] = "".join(linecache.getlines(code.co_filename))
        own = {n: r.matcher.__globals__[n] for n in code.co_names if n in r.matcher.__globals__ and n not in common}
        run = dumps((r.template, r.dtypes, r.collects, marshal.dumps(code), own))
        sides = dumps(tuple([getattr(r, n) for n in _SIDES]))
        rules.append((r.name, r.variant, r.lhs.op, needs(r), inside(r), below(r), run, sides))
    folds = compiled.engine.index.folds
    return dumps((rules, sources, folds, compiled.dropped, compiled.reduced))


def _load(raw: bytes, theory: Any, make_node: Any, flatten: bool) -> Compiled:
    stored, sources, folds, dropped, reduced = pickle.loads(raw)
    for name, source in sources.items():
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    rules: list[StoredRule] = []
    entries = []
    for name, variant, op, needed, held, anywhere, run, sides in stored:
        r = StoredRule(name, variant, run, sides, theory, make_node)
        r.entry = Entry(op, needed, held, anywhere, r.candidate)
        rules.append(r)
        entries.append(r.entry)
    engine = Engine(entries, make_node=make_node, flatten=flatten, fold=Fold() if folds else None)
    return Compiled(tuple(rules), engine, dropped, reduced)


class StoredRule(Rule):
    """A rule on disk: ``run`` is what rewriting needs of it, ``sides`` what else a rule says."""

    def __init__(self, name: str, variant: str, run: bytes, sides: bytes, theory: Any, make_node: Any) -> None:
        self.name, self.variant = name, variant
        self._run, self._sides, self._theory, self._make_node = run, sides, theory, make_node

    def __getattr__(self, name: str) -> Any:
        if name in _RUN:
            self.template, self.dtypes, self.collects, code, own = pickle.loads(self._run)
            self.matcher: Any = FunctionType(marshal.loads(code), {**scope(self._theory.facts.holds), **own})
        elif name in _SIDES:
            self.direction, self.lhs, self.rhs, self.guards, self.written, self.variables = pickle.loads(self._sides)
        elif name == "relation":
            self.relation = self._theory[self.name]
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__[name]

    def candidate(self) -> Candidate:
        """The rule and its matcher, for the index."""
        return self, restricted(self, self._make_node)
