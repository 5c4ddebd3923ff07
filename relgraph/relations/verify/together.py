"""Many equations and clauses judged on all processors; the verdicts are those of one process.

The others are processes of their own that read questions and write verdicts: nothing that this one has loaded is forked, and
no script that runs here is run again there, guarded or not.  So only those go there that can be rebuilt of what relgraph
and its library define; one with a row, a guard or an attribute of the user's is judged here.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from threading import Thread
from typing import Any, TypeAlias

from ...collector import uncollected
from ...errors import RelgraphError
from ...terms.term import Term
from ...terms.type import default_float, set_default_float
from ..facts import Clause
from ..pickles import dumps
from ..predicates import Guards
from .clauses import check_clause
from .verifier import measure

__all__ = ["MANY", "Answer", "Asked", "measured", "moved", "processors", "serve"]

Asked: TypeAlias = "tuple[str, Term, Term, Guards] | Clause"  # an equation with its name, or a clause
Answer: TypeAlias = "dict[str, Any] | RelgraphError"  # a verdict as JSON, or why there is none

MANY = 200  # fewer are judged before other processes have started
_BATCH = 16
_KNOWN = frozenset(("relgraph", "relations_library", "numpy", "builtins", "fractions"))  # packages that a process may import


def measured(asked: Sequence[Asked]) -> list[Answer]:
    """The answer to each question, in order."""
    with uncollected():  # terms, arrays and verdicts make no cycles; to look for some takes a tenth of the time
        return _measured(asked)


def _measured(asked: Sequence[Asked]) -> list[Answer]:
    count = processors()
    found: dict[int, Answer] = {}
    movable = {i: raw for i, a in enumerate(asked) if (raw := moved(a))} if len(asked) > MANY and count > 1 else {}
    here = [i for i in range(len(asked)) if i not in movable]
    places = list(movable)
    batches = deque(places[k:k + _BATCH] for k in range(0, len(places), _BATCH))
    others = [_Other(movable, batches, found) for _ in range(min(count - 1, len(batches)))]
    try:
        while True:
            found.update({i: _answered(asked[i]) for i in here})
            try:
                here = batches.popleft()
            except IndexError:
                for other in others:
                    other.join()
                if not batches:  # else one of them has died, and what it was asked is asked here
                    return [found[i] for i in range(len(asked))]
                here = []
    finally:
        for other in others:
            other.end()


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answered(asked: Asked) -> Answer:
    try:
        return (check_clause(asked) if isinstance(asked, Clause) else measure(*asked)).to_json()
    except RelgraphError as e:
        return e


def moved(asked: Asked) -> bytes | None:
    """A question as bytes, if another process can read it."""
    try:
        return dumps(asked, _KNOWN)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None


class _Other(Thread):
    """Another process, and the thread that gives it batches until there are no more, or it does not answer."""

    def __init__(self, questions: dict[int, bytes], batches: deque[list[int]], found: dict[int, Answer]) -> None:
        super().__init__(daemon=True)
        self.questions, self.batches, self.found = questions, batches, found
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve()"
        self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.start()

    def run(self) -> None:
        to, answers = self.process.stdin, self.process.stdout
        assert to is not None and answers is not None
        dtype = default_float().name
        while True:
            try:
                batch = self.batches.popleft()
            except IndexError:
                return
            try:
                to.write(pickle.dumps((dtype, [self.questions[i] for i in batch])))
                to.flush()
                self.found.update(zip(batch, pickle.load(answers), strict=True))
            except (OSError, EOFError, pickle.UnpicklingError):
                self.batches.append(batch)
                return

    def end(self) -> None:
        """The process ends, whatever it is doing."""
        self.process.kill()
        self.join()
        with contextlib.suppress(OSError):  # what it did not read any more
            self.process.communicate()


def serve() -> None:
    """What the other process does: it answers batches from standard input until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ended by who started it
    gc.disable()  # as in `measured`
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            dtype, questions = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        set_default_float(dtype)
        pickle.dump([_answered(pickle.loads(q)) for q in questions], answers)
        answers.flush()
