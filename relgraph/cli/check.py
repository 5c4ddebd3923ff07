"""``relgraph check``: every relation and clause of a module judged against the reference, and its theories linted.

A verdict that was found before of the very same equation or clause is looked up, unless ``--anew``; the others are measured,
many of them on all processors.

Exit code 1 if a relation or a clause is false, stands twice, or does not end; warnings alone are no failure.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from ..errors import RefusedRelation, RelgraphError
from ..relations import Clause, Relation, Theory
from ..relations.lint import Lint, Remark, audit, lint, unused_variables
from ..relations.lint.duplicates import duplicates
from ..relations.verify import ClauseVerdict, Verdict, clause_verdicts, demand, verdicts
from ..terms.term import _where
from .screen import duration, table
from .theories import module_names, theories

_SHOWN = 12  # remarks of one kind of a theory that are printed; --json has all


def command(arguments: Any) -> int:
    refused: list[str] = []
    start = time.perf_counter()
    found = theories(arguments.module)
    alone = _alone(arguments.module, found)
    own = _own({**found, **alone})
    count = sum(map(len, own.values()))
    clauses = list(dict.fromkeys(c for t in (*found.values(), *alone.values()) for c in t.clauses))
    facts = {str(c): _proved(v, refused) for c, v in zip(clauses, clause_verdicts(clauses, arguments.anew), strict=True)}
    every = [r for relations in own.values() for r in relations]
    files = {os.path.basename(str(values.get("__file__"))) for _, values in module_names(arguments.module)}
    row = {r: _row(r, found, refused, files) for r, found in zip(every, verdicts(every, arguments.anew), strict=True)}
    rows = {name: [row[r] for r in relations] for name, relations in own.items() if relations}
    judged = time.perf_counter()
    false = {_said(r) for r in every if row[r][1] == "refused"}
    unsound = {name: bad for name, t in found.items() if (bad := _false(t, false, facts))}
    lints = [_lint(t, arguments) for t in largest({name: t for name, t in found.items() if name not in unsound})]
    true = {name: [r for r in relations if _said(r) not in false] for name, relations in own.items()}
    if arguments.audit:
        lints += [audit(Theory(relations, name=f"guards of {name}")) for name, relations in true.items()
                  if any(r.guards for r in relations)]
    lints += _whole(arguments.module, true, lints)
    if arguments.json:
        print(json.dumps({"relations": {n: [dict(zip(_HEAD, r, strict=True)) for r in table_] for n, table_ in rows.items()},
                          "facts": {c: n for c, n in facts.items() if n is not None},
                          "refused": refused, "not linted": unsound, "lint": [x.to_json() for x in lints]},
                         indent=1, ensure_ascii=False))
    else:
        for name, table_ in rows.items():
            table(table_, _HEAD, title=f"{name}: {len(table_)} relations", numbers=(5,))
        if facts:
            print(f"{len(facts)} clauses about facts, tried at {sum(n or 0 for n in facts.values())} points")
        for x in lints:
            print(f"\n{_short(x, arguments.verbose)}")
    errors = sum(len(x.errors) for x in lints)
    clauses_too = f"{len(facts)} clauses, " if facts else ""
    print(f"{count} relations, {clauses_too}{len(refused)} refused, {errors} errors, {sum(map(len, lints)) - errors} remarks, "
          f"{duration(judged - start)} to judge, {duration(time.perf_counter() - judged)} to lint", file=sys.stderr)
    for name, bad in unsound.items():
        print(f"not linted: {name}, of which {' and '.join(bad)} {'is' if len(bad) == 1 else 'are'} refused", file=sys.stderr)
    for message in refused:
        print(f"\n{message}", file=sys.stderr)
    if not count and not facts:
        print(f"relgraph check: {arguments.module} has no theory, relation or clause; write mine = theory(name=(lhs, rhs))",
              file=sys.stderr)
    return 1 if refused or errors else 0 if count or facts else 2


_HEAD = ("relation", "->", "mark", "<-", "mark back", "points")


def _own(found: dict[str, Theory]) -> dict[str, list[Relation]]:
    """The relations of each theory, each once: a theory joined of others holds the same relations."""
    seen: set[Any] = set()
    out: dict[str, list[Relation]] = {}
    for name, t in found.items():
        out[name] = [r for r in t.equations() if _said(r) not in seen]
        seen |= {_said(r) for r in out[name]}
    return out


def _said(r: Relation) -> Any:
    """A relation by what it says: theories that are not joined may give one name to two equations."""
    return r.name, frozenset([r.lhs, r.rhs]), tuple(map(str, r.guards)), r.dtypes


def _false(t: Theory, false: set[Any], facts: dict[str, int | None]) -> list[str]:
    """The relations and clauses of a theory that are refused: what follows from them together says nothing about the rest."""
    return [r.name for r in t.equations() if _said(r) in false] + [c for c in map(str, t.clauses) if facts[c] is None]


def _alone(where: str, found: dict[str, Theory]) -> dict[str, Theory]:
    """Relations and clauses that a module names, and that are in none of its theories."""
    known = {x for t in found.values() for x in (*t, *t.clauses)}
    names = {x: n for _, values in module_names(where) for n, x in values.items()
             if isinstance(x, (Relation, Clause)) and not n.startswith("_") and x not in known}
    relations = {x.name: x for x in names if isinstance(x, Relation) and x.kind == "equation"}
    clauses = [x for x in names if isinstance(x, Clause)]
    return {"of no theory": Theory(relations.values(), clauses)} if relations or clauses else {}


def largest(found: dict[str, Theory]) -> list[Theory]:
    """The theories that are no part of another one: rules are looked at together with all they are used with."""
    names = {key: {r.name for r in t.equations()} for key, t in found.items()}
    keys = list(found)
    return [found[k].named(k) if found[k].name == "theory" else found[k] for i, k in enumerate(keys) if names[k] and not any(
        names[k] < names[o] or (names[k] == names[o] and j > i) for j, o in enumerate(keys) if o != k)]


def _lint(t: Theory, arguments: Any) -> Lint:
    every = {"all": None}
    return lint(t, overlaps=every.get(arguments.pairs, arguments.pairs),
                mutations={**every, None: 0}.get(arguments.mutations, arguments.mutations))


def _whole(where: str, own: dict[str, list[Relation]], lints: list[Lint]) -> list[Lint]:
    """What concerns a module as a whole: equations that stand in two of its theories, variables nobody uses."""
    known = {frozenset([r.rule, *r.others]) for x in lints for r in x.of("duplicate")}
    remarks = [r for r in duplicates(q for relations in own.values() for q in relations)
               if frozenset([r.rule, *r.others]) not in known]
    remarks += [Remark("warning", "unused variable", name,
                       f"{file.removeprefix('_relgraph_file_')} makes a logic variable that no theory of it speaks of",
                       "remove it") for file, names in module_names(where) for name in unused_variables(names)]
    return [Lint(where, tuple(remarks), {"theories": len(own)})] if remarks else []


def _short(x: Lint, verbose: bool) -> str:
    """A lint as it is printed: notes and what is more than a dozen of a kind are counted only."""
    if verbose:
        return str(x)
    kinds: dict[tuple[str, str], int] = {}
    shown: list[Remark] = []
    for r in x:
        n = kinds[r.severity, r.kind] = kinds.get((r.severity, r.kind), 0) + 1
        if r.severity == "error" or (r.severity == "warning" and n <= _SHOWN):
            shown.append(r)
    left = [f"{n - sum(r.severity == s and r.kind == k for r in shown)} more: {k} ({s})" for (s, k), n in kinds.items()
            if n > sum(r.severity == s and r.kind == k for r in shown)]
    head = str(Lint(x.theory, x.remarks, x.counts)).splitlines()[0]
    return "\n".join([head, *map(str, shown), *([f"{', '.join(left)}; --verbose or --json shows them"] if left else [])])


def _proved(found: ClauseVerdict | RelgraphError, refused: list[str]) -> int | None:
    """At how many points a clause was tried; None if it is false or its premises never hold."""
    if isinstance(found, RelgraphError):
        refused.append(str(found))
        return None
    return found.admitted


def _row(r: Relation, found: Verdict | RelgraphError, refused: list[str], files: set[str]) -> tuple[str, ...]:
    """The row of a relation: class and mark of each direction.

    A side says where it was first built, in another file perhaps: only in ``files`` it is where the relation is stated.
    """
    try:
        if isinstance(found, RelgraphError):
            raise found
        demand(found, r.declared)
    except RefusedRelation as e:
        at = [_where(side.origin) for side in (r.rhs, r.lhs)]
        where = next((w for w in at if w and w.split(":")[0] in files), "")
        refused.append(f"{e}{f'{chr(10)}  stated at {where}' if where else ''}")
        return r.name, "refused", "", "", "", ""
    possible = r.directions()
    cells = [cell for d in ("->", "<-") for cell in ((found.safety(d), found.mark(d)) if d in possible else ("none", ""))]
    return r.name, *cells, str(found.points)
