"""Two pages written from relations and their verdicts: the collection of formulas, and what each rule may change."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from .display import classes, conditions, equation
from .relation import Relation, text
from .safety import Row, exact_dtypes, safety_report
from .theory import Theory

__all__ = ["formulas_page", "safety_page", "sections"]

_ARROW = {"->": "→", "<-": "←"}
_LONG = 36  # characters of a value that a table shows


def sections(modules: Sequence[ModuleType]) -> Iterator[tuple[ModuleType, list[tuple[Theory, list[Relation]]]]]:
    """The theories that each module makes, with the relations that belong to them: to the smallest theory that has them.

    What a later module turns round, or cuts down to some dtypes, is the relation that it was made of, and stands there.
    """
    made = [(m, value) for m in sorted(modules, key=lambda m: m.__name__) for name in _assigned(m)
            if isinstance(value := getattr(m, name, None), Theory)]
    stated: dict[Any, Relation] = {}
    for _, theory in made:
        for r in theory:
            stated.setdefault(_same(r), r)
    home: dict[int, Theory] = {}
    for _, theory in sorted(made, key=lambda made: len(made[1])):
        for r in theory:
            if stated[_same(r)] is r:
                home.setdefault(id(r), theory)
    for module in dict.fromkeys(m for m, _ in made):
        theories = dict.fromkeys(t for m, t in made if m is module)
        found = [(t, mine) for t in theories if (mine := [r for r in t.equations() if home.get(id(r)) is t])]
        if found:
            yield module, found


def _same(r: Relation) -> Any:
    """What two relations have in common that are one equation, whichever side stands first."""
    return r.name, frozenset((r.lhs, r.rhs))


def _assigned(module: ModuleType) -> list[str]:
    """The names that a module assigns itself, in order: what it imports belongs to another section."""
    out: dict[str, None] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            out |= {n.id: None for n in ast.walk(target) if isinstance(n, ast.Name)}
    return list(out)


def _title(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].replace("_", " ").capitalize()


def _intro(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "")


# -- formulas -----------------------------------------------------------------------------------------------------------------

_FORMULAS = """\
# Formulas

Every equation that relgraph knows: {count} relations, generated from `relations_library` by `python -m relations_library
--formulas`. An arrow is a direction in which the equation can be used, → from left to right; beside it stand the class and
the mark that were measured (see [safety](safety.md)). Conditions are proved before a rule is used.
"""


def formulas_page(modules: Sequence[ModuleType]) -> str:
    """The collection of formulas: a section for each module, an entry for each relation."""
    found = list(sections(modules))
    out = [_FORMULAS.format(count=sum(len(new) for _, parts in found for _, new in parts))]
    for module, parts in found:
        out.append(f"## {_title(module)}\n\n{_intro(module)}\n")
        for theory, new in parts:
            if len(parts) > 1:
                out.append(f"### {theory.name.replace('_', ' ').capitalize()}\n")
            out += [_formula(r) for r in new]
    return "\n".join(out)


def _formula(r: Relation) -> str:
    said = "; ".join(f"{_ARROW[d]} {found or 'not judged'}" for d, found in classes(r, compute=True).items())
    left, right = equation(r), conditions(r)
    sides = left.split(" = ")
    same = len(sides) == 2 and sides[0] == sides[1]  # two ops that mathematics writes alike
    spelled = f" `{text(r.lhs)} = {text(r.rhs)}`" if same else ""
    condition = rf" \qquad \text{{if }} {right}" if right else ""
    return f"**{r.name}**{spelled} ({said})\n\n```math\n{left}{condition}\n```\n"


# -- safety -------------------------------------------------------------------------------------------------------------------

_SAFETY = """\
# What a rewrite may change

`rg.function(..., safety=...)` and `rg.rewrite(..., safety=...)` say how much an optimised program may differ from the one
that was written. Every rule has a class, measured by its verifier with hostile numbers against a reference of unlimited
precision:

| level | what may change |
|---|---|
| `"exact"` | no bit, the payload of a NaN aside; signed zeros count |
| `"real"` | rounding, and overflow on the way: the same function of real numbers, in floats perhaps nearer to it |
| `"domain"` | also what is NaN, infinite or undefined; the default pipeline holds such rules by name only: {named} |

The default is `"domain"`: the pipeline as it stands, with the rules of that list, as every peer has them. A level takes the
rules of its class and of those above it; with a pipeline of your own, each `normalize` in it is cut down in the same way.

```python
import numpy as np, relgraph as rg, relgraph.numpy as rnp
x, y = rg.vector("x", "n"), rg.vector("y", "n")
z = rnp.log(1 + x) + 0*y - rnp.sin(-x)
print(rg.rewrite(z, safety="exact"))    # rnp.sin(x)
print(rg.rewrite(z, safety="real"))     # rnp.log1p(x) +
print(rg.rewrite(z, safety="domain"))   # rnp.log1p(x) + rnp.sin(x)
```

**Exact** is more than "no difference was seen". The normal form only orders two operands and reads `x - y` as `x + (-y)`;
constants fold as NumPy computes them; a rule must be exact in every dtype of a kind (a difference in float64 speaks against
float32); a match must be an instance node for node, all operands of one verified dtype; and no rule moves what NumPy leaves
open: the order in which a sum is added, the rounding of a library call, which of two zeros a maximum is. What
clauses prove is true of real numbers, and floats round: `exp(x)` is positive, its float is 0 far out. So at this level guards
are proved of what is assumed, of constants and of types alone. All this holds for the
NumPy linker, which computes the terms op by op; a compiler of C may contract `a*b + c`.

`rg.safety_report(theory)` gives the same lines for any theory, `theory.at("exact")` the part that a level takes.

Below, every direction that is not exact: its class, its mark (`repairs`: nearer the truth; `worsens`: farther), the groups
of dtypes, and the mildest input at which it shows, with what NumPy makes of the two sides. Relations that are not listed
change no bit that was tried. Generated by `python -m relations_library --safety`.
"""


def safety_page(modules: Sequence[ModuleType], named: Sequence[str]) -> str:
    """What each relation may change: a table for each module; ``named`` are the domain rules of the default pipeline."""
    out = [_SAFETY.replace("{named}", ", ".join(f"`{n}`" for n in sorted(named)))]
    for module, parts in sections(modules):
        relations = [r for _, new in parts for r in new]
        rows = safety_report(relations)
        exact = [f"`{r.name}`" for r in relations if "->" in r.directions() and exact_dtypes(r)]
        lines = [f"## {_title(module)}\n"]
        if rows:
            lines += ["| relation | | class | mark | dtypes | for example |", "|---|---|---|---|---|---|", *_rows(rows), ""]
        lines.append(f"Taken at `\"exact\"`: {', '.join(exact) or 'none'}.\n")
        out.append("\n".join(lines))
    return "\n".join(out)


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    """A line for what is known of one or both directions."""
    arrows: dict[tuple[str, ...], str] = {}
    for row in rows:
        cells = (f"`{row.name}`", row.safety, "" if row.mark == "neutral" else row.mark, " ".join(row.dtypes),
                 _example(row.example))
        arrows[cells] = "↔" if cells in arrows else _ARROW[row.direction]
    for (name, *cells), arrow in arrows.items():
        yield f"| {' | '.join([name, arrow, *cells])} |"


def _example(e: Any) -> str:
    if e is None:
        return ""
    at = ", ".join(f"{name} = {_cut(value)}" for name, value in e.inputs)
    return f"`{at}: {_cut(e.left)} and {_cut(e.right)}`".replace("|", "\\|")


def _cut(text: str) -> str:
    """A number, or as much of an array as a table shows."""
    line = " ".join(text.split()).replace("[ ", "[").replace(" ]", "]")
    return line if len(line) <= _LONG else f"{line[:_LONG - 2].rstrip(', ')} …"
