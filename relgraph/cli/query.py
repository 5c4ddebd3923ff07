"""``relgraph query``: what a theory relates an expression to, in either direction."""

from __future__ import annotations

import sys
from typing import Any

from ..relations import Theory, run, var
from ..terms.show import show
from ..terms.term import Term
from .expression import parse, parse_types
from .theories import find_theory


def command(arguments: Any) -> int:
    t = parse(arguments.what, parse_types(arguments.types))
    theory = find_theory(arguments.theory)
    q = var()
    found = run(arguments.n, q, theory(q, t) if arguments.backward else theory(t, q))
    answers = [(show(a), rules_between(theory, t, a, arguments.backward)) for a in found]
    width = max((len(text) for text, _ in answers), default=0)
    for text, rules in answers:
        print(f"{text.ljust(width)}   {rules}".rstrip())
    if not answers:
        way = "leads to" if arguments.backward else "is one step from"
        print(f"no relation of {arguments.theory} {way} {show(t)}", file=sys.stderr)
    return 0


def rules_between(theory: Theory, t: Term, answer: Any, backward: bool) -> str:
    """The names of the relations that lead from the expression to an answer in one step."""
    direction = "<-" if backward else "->"
    return ", ".join(r.name for r in theory if direction in r.directions()
                     and any(s is answer for s in theory.only(r.name).steps(t, direction)))
