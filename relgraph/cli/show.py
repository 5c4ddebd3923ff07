"""``relgraph show``: an expression as text, as a drawing, or as the C it becomes."""

from __future__ import annotations

from typing import Any

from .. import function, rewrite
from ..terms.operators import free_inputs
from ..terms.show import show
from ..terms.term import Term
from .expression import parse, parse_types
from .files import flat, is_file, load_model

_NAMES = {"tree": "dag", "math": "infix"}


def command(arguments: Any) -> int:
    inputs, outputs = given(arguments.what, arguments.types)
    if arguments.format == "c":
        print(function(inputs, outputs, linker="c").source)
        return 0
    terms = [t for _, t in flat(outputs)]
    if arguments.rewritten:
        terms = [rewrite(t) for t in terms]
    print(show(terms, str(_NAMES.get(arguments.format, arguments.format))))
    return 0


def given(what: str, types: list[str]) -> tuple[list[Term], Any]:
    """Inputs and outputs of a model file or of an expression."""
    if is_file(what):
        m = load_model(what)
        return m.inputs, m.differentiated()
    y = parse(what, parse_types(types))
    return free_inputs(y), y
