"""Relations in a notebook: as LaTeX and HTML with what the verifier found, tried on a term, as the matcher they become."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import MisuseError, RefusedRelation, TheoryError
from ..terms.show import show
from ..terms.term import Term, as_term
from .compiler import directed, without_rules
from .facts import FactBase
from .matcher import matcher_source
from .onestep import OneStep
from .predicates import Guard
from .relation import Direction, Relation

__all__ = ["classes", "conditions", "equation", "matcher_text", "relation_html", "relation_latex", "theory_html", "tried"]

_SAID = {"positive": "{} > 0", "negative": "{} < 0", "nonnegative": r"{} \geq 0", "nonpositive": r"{} \leq 0",
         "nonzero": r"{} \neq 0", "integer": r"{} \in \mathbb{{Z}}", "between_0_1": r"0 \leq {} \leq 1",
         "finite": r"\left|{}\right| < \infty", "greater_than": "{} > {}", "less_than": "{} < {}", "at_least": r"{} \geq {}",
         "at_most": r"{} \leq {}", "equal_to": "{} = {}", "differs": r"{} \neq {}"}
_ARROWS = {"->": "→", "<-": "←"}


def _math(t: Term) -> str:
    return str(show(t, "latex", types=False, limit=None))


def condition(g: Guard) -> str:
    """A guard as LaTeX: an inequality where it is one, else the predicate's name."""
    said = _SAID.get(g.name)
    args = [_math(a) for a in g.args]
    if said is not None:
        return said.format(*args)
    return rf"\operatorname{{{g.name.replace('_', ' ').replace(' ', '~')}}}\left({', '.join(args)}\right)"


def conditions(r: Relation) -> str:
    """All guards of a relation as LaTeX; "" if there are none."""
    return r",\; ".join(map(condition, r.guards))


def equation(r: Relation) -> str:
    """The equation of a relation as LaTeX, without its conditions."""
    if r.kind == "folding":
        return r"\text{an op on constants} = \text{the constant that NumPy computes}"
    return f"{_math(r.lhs)} = {_math(r.rhs)}"


def relation_latex(r: Relation) -> str:
    """The equation and its conditions."""
    return equation(r) + (rf" \qquad \text{{if }} {conditions(r)}" if r.guards else "")


def classes(r: Relation, *, compute: bool = False) -> dict[str, str]:
    """Directions that exist, each with its class and mark as far as these were measured before; "" where they were not.

    ``compute`` measures what was not.
    """
    from .verify import known, verdict
    if r.kind == "folding":
        return {"->": "exact"}
    try:
        found = verdict(r) if compute else known(r)
    except (RefusedRelation, TheoryError):
        return {d: "refused" for d in r.directions()}
    if found is None:
        return {d: "" for d in r.directions()}
    return {d: found.safety(d) + ("" if found.mark(d) == "neutral" else f", {found.mark(d)}") for d in r.directions()}


# -- notebooks ----------------------------------------------------------------------------------------------------------------

def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cells(r: Relation) -> str:
    said = "<br>".join(f"{_ARROWS[d]} {found or 'not judged yet'}" for d, found in classes(r).items())
    guards = ", ".join(f"${condition(g)}$" for g in r.guards)
    return (f"<td><code>{_escape(r.name)}</code></td><td>${_escape(equation(r))}$</td><td>{_escape(guards)}</td>"
            f"<td>{said}</td>")


def relation_html(r: Relation) -> str:
    """A relation as a table of one row."""
    return theory_html((r,))


def theory_html(relations: Iterable[Relation]) -> str:
    """Relations as a table: name, equation, conditions, directions with class and mark."""
    head = "<tr><th>name</th><th>equation</th><th>if</th><th>directions</th></tr>"
    return f"<table>{head}{''.join(f'<tr>{_cells(r)}</tr>' for r in relations)}</table>"


# -- trying -------------------------------------------------------------------------------------------------------------------

def tried(r: Relation, t: Any, theory: Any = None) -> Term | None:
    """One step of a relation at the first position where it applies, root first; None if there is none."""
    if r.kind == "folding":
        raise MisuseError(f"{r.name}: is no equation between patterns; write rg.rewrite(t, theory(FOLDING))")
    if theory is not None and not hasattr(theory, "facts"):
        raise MisuseError(f"{r.name}: {theory!r} of type {type(theory).__name__} is no theory; a relation is called with one "
                          f"term, and the theory whose clauses prove its guards: {r.name}(t) or {r.name}(t, theory)")
    facts = theory.facts if theory is not None else FactBase(())
    return next(OneStep((r,), facts.holds, r.name)(as_term(t)), None)


def matcher_text(r: Relation, direction: Direction = "->") -> str:
    """The source of the generated matchers of one direction."""
    if r.kind == "folding" or direction not in r.directions():
        raise MisuseError(f"{r.name}: has no matcher for {direction}; its directions are {', '.join(r.directions())}")
    rules = directed(r, direction)
    return matcher_source(rules)[0].strip() if rules else f"# {r.name}: {without_rules(r, direction)}, and has no matcher"
