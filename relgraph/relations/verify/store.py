"""Verdicts by content: what the library ships, then what this user computed before, then computing.

The key is a hash of the equation or clause, its guards and the definitions of the op rows in it, so that a changed row or
guard is verified anew.  The shipped file is written by `ship`, which CI holds against fresh verdicts.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import linecache
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ...cache import directory
from ...errors import RelgraphError
from ...terms.term import Op, Term, toposort
from ..facts import Clause
from ..predicates import Guard, Guards, all_of
from .findings import ClauseVerdict, Verdict
from .together import MANY, Answer, Asked, measured
from .verifier import as_pattern, demand, measure

__all__ = ["checked", "clause_verdicts", "key_of", "key_of_clause", "known", "ship", "shipped", "shipped_file", "verdict",
           "verdicts"]

VERSION = 10  # of the verifier; raise it when a stored verdict may come out differently


class Equation(Protocol):
    """What a relation is to the verifier."""

    @property
    def name(self) -> str: ...
    @property
    def lhs(self) -> Term: ...
    @property
    def rhs(self) -> Term: ...
    @property
    def guards(self) -> Any: ...
    @property
    def declared(self) -> str: ...


def verdict(r: Equation, dtypes: Sequence[Any] | None = None, mark: str | None = None) -> Verdict:
    """As `judge`, of a relation, looked up first and remembered after."""
    _, left, right, guards = _question(r)
    key = key_of(left, right, guards, dtypes)
    found = _stored(key)
    if found is None:
        result = measure(r.name, left, right, guards, dtypes)
        _write(_cached_file(key), result.to_json())
    else:
        result = Verdict.from_json({**found, "name": r.name})
    demand(result, r.declared, mark)
    return result


def known(r: Equation) -> Verdict | None:
    """The verdict on a relation that was stored before, whatever it is; None if there is none."""
    found = _stored(key_of(*_question(r)[1:]))
    return None if found is None else Verdict.from_json({**found, "name": r.name})


def _stored(key: str) -> Any:
    return shipped().get(key) or _read(_cached_file(key))


def key_of(left: Term, right: Term, guards: Guards, dtypes: Sequence[Any] | None = None) -> str:
    """The hash under which the verdict of an equation is stored."""
    return _hash([left, right], guards, f"{sorted(map(str, dtypes)) if dtypes is not None else ''}")


def key_of_clause(c: Clause) -> str:
    """The hash under which the verdict of a clause is stored: premises and conclusion."""
    claims = (c.head, *c.body)
    return _hash([], claims, " ".join(f"{_source(g.predicate.closure)} {_source(g.predicate.measure)}" for g in claims))


def _hash(sides: Sequence[Term], guards: Sequence[Guard], more: str) -> str:
    roots = (*sides, *[a for g in guards for a in g.args])
    order = toposort(*roots)
    at = {t: i for i, t in enumerate(order)}
    lines = [f"{VERSION} {more} {[at[r] for r in roots]}"]
    lines += [f"{t.op.name} {[at[a] for a in t.args]} {_data(t)}" for t in order]
    lines += [_row(op) for op in dict.fromkeys(t.op for t in order)]
    lines += [f"{g.name} {len(g.args)} {_source(g.predicate.holds)} {_source(g.predicate.sample)}" for g in guards]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _data(t: Term) -> str:
    data = t.data
    return f"{data.dtype} {data.shape} {data.tobytes().hex()}" if isinstance(data, np.ndarray) else repr(data)


@lru_cache(1024)
def _row(op: Op) -> str:
    """What of a row a verdict depends on."""
    columns = [op.dtype, op.operands, op.infer, op.numpy, op.reference, op.definition]
    return f"{op.name} {op.signature} {op.kind} {op.attrs} {' '.join(map(_source, columns))}"


@lru_cache(4096)
def _source(fn: Any) -> str:
    """A function as text: its source where there is one, which stays the same between versions of Python."""
    code = getattr(fn, "__code__", None)
    if code is None:
        return str(getattr(fn, "__name__", fn))
    spans = [(a or 0, b or 0, c or 0, d or 0) for a, b, c, d in code.co_positions() if (a, c) != (b, d)]
    (first, start), (last, end) = min((a, c) for a, _, c, _ in spans), max((b, d) for _, b, _, d in spans)
    lines = [linecache.getline(code.co_filename, n).encode() for n in range(first, last + 1)]  # columns count bytes
    if not any(lines):
        return code.co_code.hex()
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return " ".join(b"".join(lines).decode(errors="replace").split())


# -- files ------------------------------------------------------------------------------------------------------------------

def shipped_file() -> Path | None:
    """Where the library's verdicts lie; found by name, not imported: this layer knows no equation."""
    spec = importlib.util.find_spec("relations_library")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) / "verdicts.json" if places else None


@lru_cache(1)
def shipped() -> dict[str, Any]:
    """The verdicts that the library ships, read once."""
    file = shipped_file()
    return (_read(file) if file is not None else None) or {}


def verdicts(relations: Iterable[Equation], anew: bool = False) -> Iterator[Verdict | RelgraphError]:
    """The verdict on each relation, whatever it is, looked up (unless ``anew``) or measured; or why there is none.

    Where many are to be measured they are measured first, on all processors; a few are one by one, when they are asked for.
    """
    asked = list(map(_question, relations))
    for (name, *_), found in zip(asked, _answers(asked, [key_of(*q[1:]) for q in asked], anew), strict=True):
        yield found if isinstance(found, RelgraphError) else Verdict.from_json({**found, "name": name})


def clause_verdicts(clauses: Iterable[Clause], anew: bool = False) -> Iterator[ClauseVerdict | RelgraphError]:
    """The verdict on each clause, or why it is refused, as `verdicts`."""
    asked = list(clauses)
    for found in _answers(asked, list(map(key_of_clause, asked)), anew):
        yield found if isinstance(found, RelgraphError) else ClauseVerdict.from_json(found)


def _question(r: Equation) -> tuple[str, Term, Term, Guards]:
    return r.name, as_pattern(r.lhs), as_pattern(r.rhs), all_of(r.guards)


def _answers(asked: Sequence[Asked], keys: Sequence[str], anew: bool) -> Iterator[Answer]:
    stored = {k: None if anew else _stored(k) for k in keys}
    missing = {k: a for k, a in zip(keys, asked, strict=True) if stored[k] is None}
    together: dict[str, Answer] = {}
    if len(missing) > MANY:
        together = dict(zip(missing, measured(list(missing.values())), strict=True))
    for key, question in zip(keys, asked, strict=True):
        found = stored[key]
        if found is None:
            found = stored[key] = together[key] if together else measured([question])[0]
            if isinstance(found, dict) and not shipped().get(key):
                _write(_cached_file(key), found)
        yield found


def checked(relations: Iterable[Equation]) -> dict[str, Verdict]:
    """The verdict on each relation by its name, as `verdicts`; raises for the first that is false or weaker than declared."""
    asked, out = list(relations), dict[str, Verdict]()
    for r, found in zip(asked, verdicts(asked), strict=True):
        if isinstance(found, RelgraphError):
            raise found
        demand(found, r.declared)
        out[r.name] = found
    return out


def ship(relations: Iterable[Equation], clauses: Iterable[Clause] = (), file: Path | None = None) -> int:
    """Write the verdicts of relations and clauses, computed anew, as the library's file; how many there are."""
    equations, facts = list(map(_question, relations)), list(clauses)
    keys = [*[key_of(*q[1:]) for q in equations], *map(key_of_clause, facts)]
    out: dict[str, Any] = {}
    for key, found in zip(keys, measured([*equations, *facts]), strict=True):
        if isinstance(found, RelgraphError):
            raise found
        out[key] = found
    target = file or shipped_file()
    assert target is not None
    _write(target, dict(sorted(out.items())))
    target.chmod(0o644)  # a temporary file is the user's own; this one is part of a package
    shipped.cache_clear()
    return len(out)


def _cached_file(key: str) -> Path:
    return directory() / "verdicts" / f"{key}.json"


def _read(file: Path) -> Any:
    """The content of a JSON file; None where there is none, or a damaged one, which is then written anew."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(file: Path, data: Any) -> None:
    """Write whole or not at all; a cache that cannot be written is no reason to fail."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".tmp", delete=False, encoding="utf-8") as f:
            json.dump(data, f, indent=1, ensure_ascii=False)
        os.replace(f.name, file)
    except OSError:
        return
