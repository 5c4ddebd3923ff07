"""Where the user made a term: file and line, found cheaply while it is made, worked out when it is shown."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["_origin", "_where", "lines", "track_origins"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_user_code: dict[Any, bool] = {}
_tracking = [True]


def track_origins(on: bool) -> bool:
    """Switch the recording of where terms are made on (the default) or off; returns what it was."""
    before = _tracking[0]
    _tracking[0] = on
    return before


def _origin() -> tuple[tuple[Any, int], ...] | None:
    """The innermost four user frames, as (code, instruction): lines are worked out only when they are shown."""
    if not _tracking[0]:
        return None
    f: Any = sys._getframe(2)
    found = []
    left = 4
    while f is not None:
        code = f.f_code
        user = _user_code.get(code)
        if user is None:
            user = _is_user_code(code)
        if user:
            found.append((code, f.f_lasti))
            left -= 1
            if not left:
                break
        f = f.f_back
    return tuple(found)


def _is_user_code(code: Any) -> bool:
    if len(_user_code) > 10_000:
        _user_code.clear()
    name = code.co_filename
    user = _user_code[code] = not name.startswith("<frozen") and not os.path.abspath(name).startswith(_PACKAGE)
    return user


def lines(origin: Any) -> tuple[tuple[str, int], ...]:
    """(file, line) of each frame of an origin, innermost first."""
    out = []
    for code, at in origin or ():
        if isinstance(code, str):  # came through pickle
            out.append((code, at))
            continue
        line = next((ln for start, end, ln in code.co_lines() if start <= at < end), code.co_firstlineno)
        out.append((code.co_filename, line or code.co_firstlineno))
    return tuple(out)


def _where(origin: Any) -> str:
    at = lines(origin)
    return f"{os.path.basename(at[0][0])}:{at[0][1]}" if at else ""
