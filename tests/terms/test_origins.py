"""Each term knows the user's line that made it; errors name it, pickle keeps it, and it can be switched off."""

from __future__ import annotations

import inspect
import os
import pickle
import re
from typing import Any

import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relgraph.errors import ShapeError
from relgraph.terms.term import Term, lines, track_origins

HERE = os.path.basename(__file__)


def here() -> int:
    """The line of the caller."""
    frame = inspect.currentframe()
    assert frame is not None and frame.f_back is not None
    return frame.f_back.f_lineno


def first(t: Term) -> tuple[str, int]:
    file, line = lines(t.origin)[0]
    return os.path.basename(file), line


def build(x: Term) -> Term:
    return rnp.tanh(x) + 17.25


def test_the_innermost_origin_is_the_users_line() -> None:
    x: Any = rg.vector("origin of x")
    line = here() - 1
    assert first(x) == (HERE, line)
    makers = [lambda: rnp.sinh(x), lambda: x + 31.5, lambda: rnp.sum(x * 7.5), lambda: x[3:], lambda: np.cosh(x),
              lambda: rnp.std(x), lambda: rnp.reshape(x, (1, -1)), lambda: rnp.eye(x.shape[0]), lambda: rnp.max(x),
              lambda: rnp.concat([x, x * 9.5]), lambda: x[np.array([3, 1])], lambda: x[:, None].T, lambda: rnp.arange(371)]
    for make in makers:
        assert first(make()) == (HERE, make.__code__.co_firstlineno)


def test_the_callers_follow_innermost_first() -> None:
    t, line = build(rg.vector("called")), here()
    found = [n for file, n in lines(t.origin) if os.path.basename(file) == HERE]
    assert found[:2] == [build.__code__.co_firstlineno + 1, line] and len(lines(t.origin)) <= 4


def test_an_origin_is_no_part_of_identity() -> None:
    a = rg.vector("twice") * 3.75
    b = rg.vector("twice") * 3.75
    assert a is b


def test_origins_can_be_switched_off() -> None:
    track_origins(False)
    try:
        assert rnp.exp(rg.vector("untracked") + 2.5).origin is None
    finally:
        track_origins(True)
    assert rnp.exp(rg.vector("tracked") + 2.5).origin


def test_pickle_keeps_origins() -> None:
    x, line = rg.vector("pickled"), here()
    text = pickle.dumps(rnp.exp(x))
    name = x.data
    del x
    found = pickle.loads(text)
    assert found.args[0].data == name and first(found.args[0]) == (HERE, line)


def test_errors_name_the_lines() -> None:
    x, first_line = rg.vector("x of three", 3), here()
    y, second_line = rg.vector("y of four", 4), here()
    with pytest.raises(ShapeError) as e:
        rnp.exp(x) + y
    text = str(e.value)
    assert re.search(rf"add: 3 and 4 in add\(exp\(x of three\): float64\[3\], y of four: float64\[4\]\) at {HERE}:\d+", text)
    assert f"operand 2 was made at {HERE}:{second_line}" in text and first_line == second_line - 1
    assert "write x[:, None] or rnp.expand_dims(x, axis)" in text


def test_evaluation_errors_name_the_line_that_built_the_term() -> None:
    x, y = rg.vector("x"), rg.vector("y")
    t, line = rnp.concat([x[:, None], y[:, None]], axis=1), here()
    with pytest.raises(ShapeError, match=f"concat: .*operands have shapes .2, 1., .3, 1.,.*at {HERE}:{line}"):
        t.eval({x: np.zeros(2), y: np.zeros(3)})
