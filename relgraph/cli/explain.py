"""``relgraph explain``: the derivation of a model or an expression."""

from __future__ import annotations

import json
from typing import Any

from ..function import rewrite
from .errors import UsageError
from .files import flat
from .show import given


def command(arguments: Any) -> int:
    _, outputs = given(arguments.what, arguments.types)
    derivations = {name: rewrite(t, full=True)[1] for name, t in flat(outputs)}
    return 0
