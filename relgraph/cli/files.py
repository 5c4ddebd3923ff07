"""What a model file has to offer: a function ``model()``, and perhaps a function ``fit(f, values)``.

``model()`` returns a dict with ``outputs`` (a term, or a list or dict of terms) and ``values`` (the value of each input; its
order is the order of the arguments), and optionally ``wrt`` (an input, or a list of them, by which the one scalar output is
differentiated) and ``order`` (2: the Hessian as well).  ``fit`` gets the compiled function and the values.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

from ..autodiff import grad, hessian
from ..errors import DerivationError, LinkError, RefusedRelation, RelgraphError
from ..terms.operators import free_inputs
from ..terms.origins import track_origins
from ..terms.term import INPUT, Term
from .errors import UsageError

__all__ = ["Model", "flat", "guarded", "is_file", "load_model", "load_module"]

_KEYS = ("outputs", "values", "wrt", "order")


@dataclass(frozen=True)
class Model:
    """The expressions of a file and the values to evaluate them at."""

    name: str
    outputs: Any
    values: dict[Term, Any]
    wrt: Any = None
    order: int = 1
    fit: Callable[..., Any] | None = None

    @property
    def inputs(self) -> list[Term]:
        return list(self.values)

    def terms(self) -> list[Term]:
        """The output terms, in order."""
        return [t for _, t in flat(self.outputs)]

    def differentiated(self) -> Any:
        """The outputs, with ``gradient`` (and ``hessian``) beside the one that is differentiated."""
        if self.wrt is None:
            return self.outputs
        found = self.terms()
        if len(found) != 1 or found[0].type.ndim != 0:
            raise UsageError(f"{self.name}: `wrt` needs one scalar output, `outputs` has "
                             f"{', '.join(repr(t.type) for t in found)}; write rg.grad(...) into `outputs` instead")
        named = self.outputs if isinstance(self.outputs, dict) else {"value": found[0]}
        out = {**named, "gradient": grad(found[0], self.wrt)}
        return {**out, "hessian": hessian(found[0], self.wrt)} if self.order == 2 else out


def flat(tree: Any, name: str = "") -> list[tuple[str, Any]]:
    """The leaves of nested lists and dicts, with names like ``gradient[0]``."""
    if isinstance(tree, dict):
        return [x for k, v in tree.items() for x in flat(v, f"{name}.{k}" if name else str(k))]
    if isinstance(tree, (list, tuple)):
        return [x for i, v in enumerate(tree) for x in flat(v, f"{name}[{i}]")]
    return [(name or "value", tree)]


def is_file(what: str) -> bool:
    """Whether an argument means a file: it ends in .py, or there is one of that name."""
    return what.endswith(".py") or Path(what).is_file()


def load_module(path: str) -> ModuleType:
    """The module a file makes; imports beside the file work."""
    file = Path(path)
    if not file.is_file():
        near = get_close_matches(file.name, [p.name for p in file.parent.glob("*.py")], 1) if file.parent.is_dir() else []
        raise UsageError(f"{path}: there is no such file{f', did you mean {file.parent / near[0]}?' if near else ''}")
    name = file.stem if file.stem not in sys.modules else f"_relgraph_file_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: is no Python file; its name has to end in .py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(file.resolve().parent))
    guarded(path, lambda: spec.loader.exec_module(module))  # type: ignore[union-attr]
    return module


def load_model(path: str) -> Model:
    """The model of a file, checked."""
    module = load_module(path)
    build = getattr(module, "model", None)
    if not callable(build):
        raise UsageError(f"{path}: has no function model(); write\n"
                         "  def model():\n      return {'outputs': y, 'values': {x: array}}")
    got: Any = guarded(path, build)
    if not isinstance(got, dict):
        raise UsageError(f"{path}: model() returned {type(got).__name__}, "
                         "a dict with the keys 'outputs' and 'values' was expected")
    for k in got:
        if k not in _KEYS:
            near = get_close_matches(str(k), _KEYS, 1)
            raise UsageError(f"{path}: model() returned the key {k!r}{f', did you mean {near[0]!r}?' if near else ''}; "
                             f"known are {', '.join(map(repr, _KEYS))}")
    for k in ("outputs", "values"):
        if k not in got:
            raise UsageError(f"{path}: model() returned no {k!r}")
    return _checked(path, Model(path, **got, fit=getattr(module, "fit", None)))


def _checked(path: str, m: Model) -> Model:
    if m.order not in (1, 2):
        raise UsageError(f"{path}: 'order' is {m.order!r}, 1 (gradient) or 2 (gradient and Hessian) was expected")
    if not isinstance(m.values, dict):
        raise UsageError(f"{path}: 'values' is {type(m.values).__name__}, a dict from inputs to arrays was expected")
    for k in m.values:
        if not isinstance(k, Term) or k.op is not INPUT:
            raise UsageError(f"{path}: 'values' has the key {k!r}, an input such as rg.vector('x') was expected")
    for name, t in flat(m.outputs):
        if not isinstance(t, Term):
            raise UsageError(f"{path}: the output {name} is {t!r}, a term was expected")
    for t in free_inputs(*m.terms()):
        if t not in m.values:
            raise UsageError(f"{path}: 'values' has no value for the input {t.data}: {t.type!r}")
    return m


def guarded(path: str, run: Callable[[], Any]) -> Any:
    """What a user's file raises is reported with its line, without the frames of this command.

    Terms made in here are the user's and say where they were made; what the command itself makes comes from nowhere.
    """
    def line(e: Exception) -> str:
        at = [f for f in traceback.extract_tb(e.__traceback__) if Path(f.filename).name == Path(path).name]
        return f":{at[-1].lineno}: in `{at[-1].line}`" if at else ""

    before = track_origins(True)
    try:
        return run()
    except (UsageError, LinkError, RefusedRelation, DerivationError):  # which the exit code tells apart
        raise
    except RelgraphError as e:
        raise UsageError(f"{path}{line(e)}: {e}") from e
    except SyntaxError as e:
        raise UsageError(f"{e.filename or path}:{e.lineno}: {e.msg}\n  {(e.text or '').strip()}") from e
    except Exception as e:
        raise UsageError(f"{path}{line(e)}: {type(e).__name__}: {e}") from e
    finally:
        track_origins(before)
