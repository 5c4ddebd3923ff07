"""``relgraph explain``: the derivation of a model or an expression, after it was replayed by the independent checker."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import Any

from .. import function, why_not
from ..autodiff.trees import flatten
from ..terms.term import as_term
from .errors import UsageError
from .show import given


def command(arguments: Any) -> int:
    inputs, outputs = given(arguments.what, arguments.types)
    if arguments.why_not is not None:
        answers = [why_not(arguments.why_not, as_term(t)) for t in flatten(outputs)[0]]
        for answer in answers:
            print(answer)
        return 0
    derivation = function(inputs, outputs, linker="numpy").derivation
    derivation.check()
    replayed = len(derivation)
    if arguments.rule is not None:
        fired = list(derivation.rules)
        if arguments.rule not in fired:
            near = get_close_matches(arguments.rule, fired, 1)
            raise UsageError(f"--rule {arguments.rule}: did not fire{f', did you mean {near[0]}?' if near else ''}; "
                             f"there were {', '.join(fired) or 'no rewrites'}")
        derivation = derivation.filter(arguments.rule)
    if arguments.json:
        print(derivation.to_json())
        return 0
    print(derivation)
    print(f"{replayed} steps replay", file=sys.stderr)
    return 0
