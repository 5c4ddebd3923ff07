"""How far a rule gets at a node: its pattern with parts left open, made stricter part by part until nothing more fits.

The matchers are those that rewriting uses, of patterns in which variables stand for the parts that are left open: what is
said about a rule that did not apply cannot differ from what the rule does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..terms.term import ATTRIBUTE, LVar, Term, lvar, make
from .algebra import algebra
from .matcher import compile_matchers
from .order import sorted_operands
from .patterns import is_attribute, is_literal
from .relation import Rule
from .template import apply_op, instantiate, template, variables

__all__ = ["Nearest", "candidates", "instance", "matches", "nearest"]

Path = tuple[int, ...]
_MATCHES = 64  # ways a pattern fits a node, among which guards are compared


@dataclass(frozen=True, eq=False)
class Nearest:
    """The parts of a rule's pattern that fit a node together, and the first one that does not."""

    rule: Rule
    node: Term
    fitting: int  # parts that fit, of
    parts: int
    bindings: dict[Term, Term]  # of variables that are known
    rest: tuple[Term, ...]  # operands of the node that the pattern leaves over
    part: Term | None = None  # of the pattern, that found no match
    within: Term | None = None  # the part around it
    around: Term | None = None  # what fits that
    found: Term | None = None  # what stands in the place of the part that does not fit

    @property
    def share(self) -> float:
        """How much of the pattern fits."""
        return self.fitting / self.parts


# -- whole matches ------------------------------------------------------------------------------------------------------------

def matches(rule: Rule, node: Term) -> list[Nearest]:
    """Every way the whole pattern fits a node, guards aside."""
    if node.op is not rule.lhs.op:
        return []
    n = len(_parts(rule.lhs))
    out: list[Nearest] = []
    for values, rest in _matcher(rule.lhs, tuple(rule.written))(node):
        out.append(Nearest(rule, node, n, n, dict(zip(variables(rule.lhs), values, strict=True)), tuple(rest or ())))
        if len(out) == _MATCHES:
            break
    return out


@lru_cache(4096)
def _matcher(lhs: Term, written: tuple[Term, ...]) -> Any:
    """What yields every match of a pattern without its guards."""
    rule = Rule("partial", "->", lhs, lhs, (), written, None)
    return compile_matchers([rule], lambda *_: True, "nearest", every=True)[0]


# -- partial matches ----------------------------------------------------------------------------------------------------------

@lru_cache(1024)
def _parts(p: Term) -> tuple[Path, ...]:
    """The places in a pattern that can be left open, outer before inner, anchors before variables; the root comes first."""
    out: list[Path] = []
    level: list[tuple[Path, Term]] = [((), p)]
    while level:
        level.sort(key=lambda q: (isinstance(q[1], LVar), bool(q[1].args)))
        out += [path for path, t in level if not _with_parent(t)]
        level = [((*path, i), a) for path, t in level for i, a in enumerate(t.args)]
    return tuple(out)


def _with_parent(t: Term) -> bool:
    """Literals match with what they multiply: ``c*x`` is x too."""
    return is_literal(t)


def nearest(rule: Rule, node: Term) -> Nearest | None:
    """The most of a pattern that fits a node, guards aside; None if not even its operator does."""
    if node.op is not rule.lhs.op:
        return None
    whole = matches(rule, node)
    if whole:
        return whole[0]
    places = _parts(rule.lhs)
    kept: set[Path] = {()}
    best = _fit(rule, kept, node)
    again = best is not None
    while again:
        again = False
        for path in places:
            if path in kept or not _reachable(path, kept):
                continue
            found = _fit(rule, kept | {path}, node)
            if found is not None:
                kept, best, again = kept | {path}, found, True
    if best is None:
        return Nearest(rule, node, 1, len(places), {}, (), rule.lhs, None, None, node)
    holes, bindings, rest = best
    missing = next(path for path in places if path not in kept and _reachable(path, kept))
    within = _opened(_at(rule.lhs, missing[:-1]), missing[:-1], kept, {})
    order = variables(within)
    around = instantiate(template(within, order), [bindings[v] for v in order]) if missing[1:] else node
    known = {v: t for v, t in bindings.items() if v in set(variables(rule.lhs))}
    return Nearest(rule, node, len(kept), len(places), known, rest, _at(rule.lhs, missing), _at(rule.lhs, missing[:-1]),
                   around, bindings[holes[missing]])


def _reachable(path: Path, kept: set[Path]) -> bool:
    """Is everything around a part there already?"""
    return all(path[:i] in kept for i in range(len(path)))


def _at(p: Term, path: Path) -> Term:
    for i in path:
        p = p.args[i]
    return p


def _fit(rule: Rule, kept: set[Path], node: Term) -> tuple[dict[Path, Term], dict[Term, Term], tuple[Term, ...]] | None:
    """The first match of the pattern with all but some parts open: the variable at each opening, the bindings, the rest."""
    holes: dict[Path, Term] = {}
    opened = _opened(rule.lhs, (), kept, holes)
    order = [v for v in holes.values() if v.data[1] == "term"]
    written = (*order, *[v for v in rule.written if v not in order], *[v for v in variables(opened) if v.data[1] != "term"])
    late = [holes[path] for path in holes if isinstance(_at(rule.lhs, path), LVar)]  # take what is left, as variables do
    written = tuple(dict.fromkeys([v for v in written if v not in late] + late))
    for values, rest in _matcher(opened, written)(node):
        return holes, dict(zip(variables(opened), values, strict=True)), tuple(rest or ())
    return None


def _opened(p: Term, path: Path, kept: set[Path], holes: dict[Path, Term]) -> Term:
    """A pattern with variables of their own for what is not kept."""
    if path not in kept and not _with_parent(p):
        name = f"_{'_'.join(map(str, path))}"
        holes[path] = lvar(name, "attr", "") if is_attribute(p) else lvar(name, "term", "biufc")
        return holes[path]
    if not p.args or p.op is ATTRIBUTE:
        return p
    args = [_opened(a, (*path, i), kept, holes) for i, a in enumerate(p.args)]
    return make(p.op, tuple(sorted_operands(args)) if p.op in algebra().groups else tuple(args))


def candidates(rules: Sequence[Rule], nodes: Sequence[Term]) -> Iterator[Nearest]:
    """What each rule comes to at each node that has its operator."""
    for node in nodes:
        for rule in rules:
            found = nearest(rule, node)
            if found is not None:
                yield found


def instance(near: Nearest, values: Mapping[Term, Term], make_node: Any) -> Term:
    """The node that the pattern makes of bindings, with the operands that it leaves over."""
    order = variables(near.rule.lhs)
    made = instantiate(template(near.rule.lhs, order), [values[v] for v in order], make_node)
    return apply_op(near.node.op, (made, *near.rest), make_node) if near.rest else made
